"""Measures against the threshold: one row a measure, all on one axis of thresholds, this release over the one before.

Rows are laid out here and not by facets, because only a single view can be as wide as its container.
"""

from collections.abc import Mapping, Sequence
from typing import Any

import altair as alt

from plainview import quantities
from plainview.charts import rows as words
from plainview.charts import theme
from plainview.narrative.thresholds import threshold_read

ROW = 108  # pixels
HEAD, FOOT = 0.26, 0.06  # the parts of a row above 100% and below 0%
TITLES = {
    "precision": "Precision",
    "recall": "Recall",
    "f1": "F1",
    "specificity": "Specificity",
    "flagged": "Share called so",
}


def thresholds(
    sides: Mapping[str, Sequence[Mapping]], *, of: str, at: float, in_use: float | None = None, level: float = 0.95
) -> tuple[dict, str]:
    """Draw every measure against the threshold; return the Vega-Lite dict and its alt sentence.

    ``sides`` maps the name of each release, this one first and at most one other, to its rows of `thresholds.measures_at`.
    ``at`` is the threshold that is looked at, ``in_use`` the one that the release follows. Shares, 0…1.
    """
    releases = list(sides)
    drawn = [
        _drawn(measure, place, release, row) | {"key": key}
        for key, release in zip(("now", "before"), releases, strict=False)
        for row in sides[release]
        for place, measure in enumerate(TITLES)
    ]
    said = (f"{{}}, with its {100 * level:g}% interval", "dashed: {}")
    note = "; ".join(each.format(words.clipped(name)) for each, name in zip(said, releases, strict=False))
    spec = theme.finished(
        alt.layer(*_scales(), *_lines(releases), *_marks(in_use is not None)),
        height=ROW * len(TITLES),
        note=note,
        rows=drawn,
        marks=[{"at": at}],
        used=[] if in_use is None else [{"at": in_use, "words": "in use"}],
        heads=[_head(measure, place, sides, at) for place, measure in enumerate(TITLES)],
        rules=[
            {"y": _at(place, share), "words": f"{share:.0%}"} for place in range(len(TITLES)) for share in (0.0, 1.0)
        ],
    )
    return spec, _sentence(sides, of, at)


def _at(place: int, share: float | None) -> float | None:
    return None if share is None else round(place + 1 - FOOT - (1 - HEAD - FOOT) * share, 6)


def _drawn(measure: str, place: int, release: str, row: Mapping) -> dict[str, Any]:
    value, low, high = (words.present(row[f"{measure}{end}"]) for end in ("", "_low", "_high"))
    return {
        "measure": TITLES[measure],
        "release": release,
        "threshold": row["threshold"],
        "y": _at(place, value),
        "low": _at(place, low),
        "high": _at(place, high),
        "read": words.value_read(value, "recall", ""),
        "interval": words.interval_read(low, high, "recall", ""),
    }


def _head(measure: str, place: int, sides: Mapping[str, Sequence[Mapping]], at: float) -> dict[str, Any]:
    """The measure's name, and its values at the threshold that is looked at."""
    read = [words.value_read(_nearest(rows, at).get(measure), "recall", "") or "no value" for rows in sides.values()]
    before = f"  ·  {read[1]} before" if read[1:] else ""
    return {"y": place + HEAD * 0.5, "rule": place, "name": TITLES[measure], "now": read[0] + before}


def _nearest(rows: Sequence[Mapping], at: float) -> Mapping:
    return min(rows, key=lambda row: abs(row["threshold"] - at), default={})


def _y(field: str) -> alt.Y:
    scale = alt.Scale(domain=[0, len(TITLES)], reverse=True, nice=False, zero=False)
    return alt.Y(f"{field}:Q", axis=None, scale=scale)


def _x(field: str = "threshold") -> alt.X:
    axis = theme.value_axis("Threshold: called so from this score on")
    return alt.X(f"{field}:Q", axis=axis, scale=alt.Scale(zero=False, nice=False))


def _scales() -> list[alt.Chart]:
    """Where 0% and 100% of each row are, and the names of the rows."""
    ends = alt.Chart(alt.NamedData("rules")).encode(y=_y("y"))
    heads = alt.Chart(alt.NamedData("heads")).encode(y=_y("y"))
    room = alt.ExprRef("width * 0.5")
    name = heads.mark_text(align="left", color=theme.INK_COLOUR, fontWeight=600, fontSize=13, limit=room)
    now = heads.mark_text(align="right", color=theme.INK_COLOUR, fontSize=13)
    end = ends.mark_text(align="right", dx=-6, color=theme.INK_COLOUR, fontSize=10)
    return [
        ends.mark_rule(color=theme.STRUCTURE, opacity=0.3),
        end.encode(x=alt.value(0), text="words:N"),
        name.encode(x=alt.value(0), text="name:N"),
        now.encode(x=alt.value(alt.ExprRef("width")), text="now:N"),
    ]


def _lines(releases: Sequence[str]) -> list[alt.Chart]:
    """The interval of this release, the line of the one before, and its own; what a pointer finds."""
    colour = alt.Color("key:N", scale=theme.palette({"now": 0, "before": 5}), legend=None)
    base = alt.Chart(theme.ROWS).encode(x=_x(), color=colour, detail="measure:N")
    now, before = (base.transform_filter(alt.datum.key == key) for key in ("now", "before"))
    layers = [now.mark_area(opacity=0.18, line=False).encode(y=_y("low"), y2="high:Q")]
    if releases[1:]:
        layers.append(before.mark_line(strokeWidth=2, strokeDash=[5, 4]).encode(y=_y("y")))
    found = base.mark_point(opacity=0, size=90, filled=True).encode(y=_y("y"), tooltip=_tooltip())
    return [*layers, now.mark_line(strokeWidth=2.5).encode(y=_y("y")), found]


def _marks(used: bool) -> list[alt.Chart]:
    """The threshold that is looked at, and the one in use."""
    looked = alt.Chart(alt.NamedData("marks")).encode(x=_x("at"))
    layers = [looked.mark_rule(color=theme.INK_COLOUR, strokeWidth=1.5)]
    if used:
        base = alt.Chart(alt.NamedData("used")).encode(x=_x("at"))
        layers.append(base.mark_rule(color=theme.STRUCTURE, strokeDash=[2, 3], strokeWidth=1.5))
        layers.append(base.mark_text(color=theme.INK_COLOUR, fontSize=11, dy=-8).encode(y=alt.value(0), text="words:N"))
    return layers


def _tooltip() -> list[alt.Tooltip]:
    fields = {"release": "Release", "measure": "Measure", "read": "Estimate", "interval": "Interval"}
    return [alt.Tooltip("threshold:Q", title="Threshold")] + [
        alt.Tooltip(f"{field}:N", title=title) for field, title in fields.items()
    ]


def _sentence(sides: Mapping[str, Sequence[Mapping]], of: str, at: float) -> str:
    said = f"Precision, recall, F1, specificity and the share called {words.clipped(of)}, against the threshold."
    for release, rows in sides.items():
        row = _nearest(rows, at)
        known = [
            f"{TITLES[name].lower() if name != 'f1' else 'F1'} {quantities.value(row[name], 'recall')}"
            for name in TITLES
            if row.get(name) is not None
        ]
        said += f" {words.clipped(release)} at {threshold_read(at)}: {', '.join(known) or 'no value'}."
    return said
