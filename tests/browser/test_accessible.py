"""Every page for everyone: no serious finding of axe that is ours, light and dark, readable on wide screens and on phones."""

import pytest
from test_frame import AFINN, parameters, picked, table_of_pages

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


@pytest.mark.parametrize(("path", "title", "needs"), table_of_pages())
def test_a_deep_link_opens_every_page_at_the_right_release_readable_for_everyone(
    demo_app, open_page, path, title, needs
):
    place = {"project": AFINN, "release": "3.0.1"}
    page = open_page(demo_app.address(path.rsplit("/", 1)[-1], **place))
    assert page.title().startswith(title)
    assert page.get_by_text("Page not found").count() == 0
    if needs == "release":
        assert picked(page, "Release").startswith("3.0.1")
        assert "3.0.1" in page.title()
    assert parameters(page) == place
    page.wait_for_timeout(500)
    assert findings(page) == []
    page.emulate_media(color_scheme="dark")
    page.wait_for_timeout(500)
    assert findings(page, "color-contrast") == []  # nothing else depends on colours
    page.set_viewport_size({"width": 2560, "height": 1200})
    assert page.evaluate("document.documentElement.scrollWidth") <= 2560
    assert 600 < page.locator("h1").bounding_box()["x"] < 1300  # one column of a readable width, in the middle
    page.set_viewport_size({"width": 390, "height": 844})
    page.wait_for_timeout(300)
    main = page.locator("[data-testid=stMain]")
    assert main.evaluate("element => element.scrollWidth - element.clientWidth") <= 0
    for label in ("Project", "Release") if needs == "release" else ():
        box = page.get_by_role("combobox", name=label).bounding_box()
        assert box["width"] >= 100
        assert box["x"] + box["width"] <= 390
