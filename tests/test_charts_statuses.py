"""The chart of requirements over releases: a mark for each, by shape and colour, and a sentence that says the same."""

import json

import pytest

from plainview.charts import theme
from plainview.charts.statuses import NOT_SET, STATUSES, statuses
from plainview.ui.components import marked


def rows(*histories: tuple[str, ...], changed: str = "") -> list[dict]:
    return [
        {
            "id": f"R{number}",
            "title": f"Accuracy at least {number}%",
            "release": f"1.{place}",
            "status": status,
            "read": "63.2%",
            "changed": changed if place == 1 else "",
        }
        for number, history in enumerate(histories)
        for place, status in enumerate(history)
    ]


def scale(spec: dict, channel: str) -> dict:
    return next(layer["encoding"][channel]["scale"] for layer in spec["layer"] if channel in layer["encoding"])


def test_every_status_has_a_shape_of_its_own():
    shapes = [shape for _, shape, _ in STATUSES.values()]
    glyphs = [glyph for glyph, _, _ in STATUSES.values()]
    assert len(set(shapes)) == len(set(glyphs)) == len(STATUSES)
    assert marked("waived") == "▼ waived"
    spec, _ = statuses(rows(("met", "not met")))
    assert scale(spec, "shape")["range"] == shapes


@pytest.mark.parametrize(
    "present", [tuple(STATUSES), ("waived",), ("met", "waived"), (NOT_SET, "no evidence"), ("unproven",)]
)
@pytest.mark.parametrize("mode", ["light", "dark"])
def test_every_status_has_the_colour_of_its_state_and_only_met_that_of_pass(present, mode):
    spec, _ = statuses(rows(present))
    colours = theme.PALETTE[mode]
    domain = scale(spec, "color")["domain"]
    assert len(set(domain)) == len(domain)
    for word in present:
        assert colours[domain.index(word) % len(colours)] == colours[STATUSES[word][2]]  # a longer domain begins anew
    assert colours[domain.index("ink") % len(colours)] == colours[theme.INK]
    assert [word for word, (_, _, place) in STATUSES.items() if place == 0] == ["met"]


def test_the_legend_has_only_what_occurs():
    spec, _ = statuses(rows(("met", "waived")))
    legends = [layer["encoding"]["color"]["legend"] for layer in spec["layer"] if "color" in layer["encoding"]]
    assert legends[0]["values"] == ["met", "waived"]


def test_rows_and_releases_keep_their_order_and_the_release_looked_at_is_shaded():
    spec, _ = statuses(rows(("met", "not met"), ("unproven", "met")), now="1.1")
    mark = spec["layer"][-1]["encoding"]
    assert mark["x"]["sort"] == ["1.0", "1.1"]
    assert mark["y"]["sort"] == ["R0: Accuracy at least 0%", "R1: Accuracy at least 1%"]
    assert "1.1" in json.dumps(spec["layer"][0]["transform"])


def test_the_sentence_says_how_each_of_the_first_went():
    _, alt = statuses(rows(("not met", "not met", "met"), ("met", "met", "waived"), ("met",) * 3, ("met",) * 3))
    assert alt == (
        "4 requirements over 3 releases, 1.0 to 1.2. R0: not met from 1.0, met from 1.2. "
        "R1: met from 1.0, waived from 1.2. R2: met from 1.0. 1 more requirement in the table."
    )


def test_one_release_is_a_history_too():
    _, alt = statuses(rows(("no evidence",)))
    assert alt == "1 requirement over 1 release, 1.0. R0: no evidence from 1.0."
