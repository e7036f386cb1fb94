"""Failure rates of checks as a matrix: capabilities down, test types or releases across; darker where more fails."""

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import altair as alt

from plainview import quantities
from plainview.charts import theme
from plainview.charts.rows import begun, clipped
from plainview.narrative.robustness import TYPES

if TYPE_CHECKING:
    from plainview.robustness.reading import ReleaseChecks

ROW = 60  # pixels
MOST_RELEASES = 8
_SHARE = "accuracy"  # shares of failing copies are read as any share is
_NARROW = "containerSize()[0] < 520"


def by_type(checks: "ReleaseChecks") -> list[dict[str, Any]]:
    """Cells of one release: the worst rate of each capability and test type, and the mean beneath."""
    return [
        _cell(
            cell.capability,
            TYPES[cell.test_type],
            cell.worst.rate,
            cell.state,
            under=f"mean {quantities.value(cell.mean, _SHARE)} of {len(cell.results)}"
            if len(cell.results) > 1
            else "1 check",
            note=f"{cell.worst.name}: the worst of {quantities.count(len(cell.results), 'check')}",
        )
        for cell in checks.cells
    ]


def by_release(line: Sequence["ReleaseChecks"]) -> list[dict[str, Any]]:
    """Cells over releases, the last MOST_RELEASES that have checks: the mean rate of each capability, how many are met."""
    cells = []
    for checks in [each for each in line if each.results][-MOST_RELEASES:]:
        groups: dict[str, list] = {}
        for cell in checks.cells:
            groups.setdefault(cell.capability, []).extend(cell.results)
        for capability, results in groups.items():
            states = {result.state for result in results}
            state = next(word for word in ("Fail", "Watch", "Measured", "Pass") if word in states)
            barred = [result for result in results if result.bar is not None]
            met = sum(result.status == "met" for result in barred)
            under = f"{met} of {len(barred)} met" if barred else quantities.count(len(results), "check")
            mean = sum(result.rate for result in results) / len(results)
            note = f"mean of {quantities.count(len(results), 'check')}, {under}"
            cells.append(_cell(capability, checks.release, mean, state, under=under, note=note))
    return cells


def _cell(row: str, column: str, share: float, state: str, *, under: str, note: str) -> dict[str, Any]:
    read = quantities.value(share, _SHARE)
    return {
        "row": row,
        "column": column,
        "share": share,
        "state": state,
        "read": read,
        "marked": f"{theme.STATES[state][0]} {read}",
        "under": under,
        "note": begun(note, 120),
    }


def matrix(cells: Sequence[dict[str, Any]], *, columns: Sequence[str] = (), what: str) -> tuple[dict, str]:
    """Draw cells of ``by_type`` or ``by_release``; return the Vega-Lite dict and its alt sentence.

    ``columns`` are headings that are drawn even where they are empty; ``what`` says what a rate is of, for the sentence.
    """
    names = list(dict.fromkeys(cell["row"] for cell in cells))
    headings = list(columns or dict.fromkeys(cell["column"] for cell in cells))
    across = alt.Scale(domain=headings, type="band", paddingInner=0.04)
    x = alt.X("column:N", sort=headings, scale=across, axis=_top())
    y = alt.Y("row:N", sort=names, scale=alt.Scale(type="band", paddingInner=0.08), axis=_names())
    base = alt.Chart(theme.ROWS).encode(x=x, y=y, tooltip=_tooltip())
    shade = alt.Opacity("share:Q", scale=alt.Scale(domain=[0, 1], range=[0.07, 0.34]), legend=None)
    places = {word: place for word, (_, _, place) in theme.STATES.items()}
    colour = alt.Color("state:N", scale=theme.palette(places), legend=None)
    size = alt.ExprRef(f"{_NARROW} ? 11 : 16")
    lift = alt.ExprRef(f"{_NARROW} ? 0 : -9")
    wide = alt.ExprRef(f"{_NARROW} ? 0 : 1")  # what stands beneath has no room on a phone
    layers = alt.layer(
        base.mark_rect(color=theme.STRUCTURE, cornerRadius=3).encode(opacity=shade),
        base.mark_text(fontSize=size, fontWeight=600, dy=lift).encode(text="marked:N", color=colour),
        base.mark_text(fontSize=12, dy=12, opacity=wide, color=theme.INK_COLOUR).encode(text="under:N"),
    )
    spec = theme.finished(layers, height=ROW * max(len(names), 1) + 24, rows=list(cells))
    return spec, _sentence(cells, names, what)


def _names() -> alt.Axis:
    axis = theme.names_axis()
    axis["labelLimit"] = alt.ExprRef(f"{_NARROW} ? 84 : 220")
    return axis


def _top() -> alt.Axis:
    """Headings above; in a narrow chart "The answer must stay" is "must stay"."""
    short = f"{_NARROW} ? replace(datum.label, 'The answer ', '') : datum.label"
    bare = {"title": None, "grid": False, "ticks": False, "domain": False, "orient": "top", "labelAngle": 0}
    size = alt.ExprRef(f"{_NARROW} ? 10 : 13")
    limit = alt.ExprRef(f"{_NARROW} ? 88 : 200")
    return alt.Axis(**bare, labelFontSize=size, labelLimit=limit, labelColor=theme.INK_COLOUR, labelExpr=short)


def _tooltip() -> list[alt.Tooltip]:
    titles = {"row": "Capability", "column": "Checks", "read": "Failure rate", "state": "State", "note": "Of"}
    return [alt.Tooltip(f"{field}:N", title=title) for field, title in titles.items()]


def _sentence(cells: Sequence[dict[str, Any]], names: Sequence[str], what: str) -> str:
    """The alt sentence: what is drawn, and the cell in which most fails."""
    if not cells:
        return f"No {what}."
    worst = max(cells, key=lambda cell: cell["share"])
    drawn = quantities.count(len(names), "capability", "capabilities")
    where = f"{clipped(worst['row'], 40)}, {clipped(worst['column'], 40)}"
    return f"{what[:1].upper()}{what[1:]} of {drawn}. The highest is {worst['read']}: {where}."
