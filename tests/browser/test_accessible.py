"""Every page for everyone: no serious finding of axe that is ours, in light and in dark, and readable on a wide screen."""

import pytest
from test_frame import AFINN, table_of_pages

axe = pytest.importorskip("axe_playwright_python.sync_playwright")

# What Streamlit itself renders and no page can change: the rule, and what its elements hold. Everything else is ours.
THEIRS = (
    ("scrollable-region-focusable", ""),  # its tables and lists scroll inside themselves
    ("svg-img-alt", "metric_chart_"),  # the line inside a tile, which has words beside it
    ("color-contrast", 'class="token'),  # colours of code
)
GRAVE = ("serious", "critical")


def findings(page, *rules: str) -> list[str]:
    """What axe finds serious or critical on a page, by all rules or by these, with the element that it is about."""
    options = {"resultTypes": ["violations"], **({"runOnly": list(rules)} if rules else {})}
    return [
        f"{each['id']}: {node['html'][:200]}"
        for each in axe.Axe().run(page, options=options).response["violations"]
        for node in each["nodes"]
        if each["impact"] in GRAVE and not _theirs(each["id"], node["html"])
    ]


def _theirs(rule: str, html: str) -> bool:
    return any(rule == name and part in html for name, part in THEIRS)


@pytest.mark.parametrize("path", [path for path, *_ in table_of_pages()])
def test_a_page_is_readable_for_everyone(demo_app, open_page, path):
    page = open_page(demo_app.address(path.rsplit("/", 1)[-1], project=AFINN, release="3.0.1"))
    page.wait_for_timeout(500)
    assert findings(page) == []
    page.emulate_media(color_scheme="dark")
    page.wait_for_timeout(500)
    assert findings(page, "color-contrast") == []  # nothing else depends on colours
    page.set_viewport_size({"width": 2560, "height": 1200})
    assert page.evaluate("document.documentElement.scrollWidth") <= 2560
    assert 600 < page.locator("h1").bounding_box()["x"] < 1300  # one column of a readable width, in the middle
