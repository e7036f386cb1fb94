"""What was fixed and what broke by scenario: bars to either side of nothing, so that the two are not taken for one sum."""

from collections.abc import Sequence
from typing import Any

import altair as alt

from plainview import quantities
from plainview.charts import rows as words
from plainview.charts import theme

ROW = 28  # pixels
FIXED, BROKE = "fixed", "broke"


def flips(
    rows: Sequence[dict[str, Any]], *, read: tuple[str, str] = ("Fixed", "Broke"), limit: int = 30
) -> tuple[dict, str]:
    """Draw the shares of examples that were fixed and that broke; return the Vega-Lite dict and its alt sentence.

    ``rows`` in the order to be drawn: name, fixed, broke, examples (more than 0). ``read`` is what the two are called.
    """
    shown = [row for row in rows if row["examples"]]
    note = f"The first {limit} of {len(shown)} scenarios" if len(shown) > limit else ""
    drawn = [each for row in shown[:limit] for each in _drawn(row, read)]
    return _spec(drawn, read=read, note=note), _sentence(shown, read, note)


def _drawn(row: dict, read: tuple[str, str]) -> list[dict]:
    sides = ((FIXED, read[0], 1), (BROKE, read[1], -1))
    return [
        {
            "name": row["name"],
            "side": said,
            "share": round(100 * sign * row[word] / row["examples"], 4),
            "read": f"{row[word]:,} of {row['examples']:,} ({quantities.value(row[word] / row['examples'], 'accuracy')})",
        }
        for word, said, sign in sides
    ]


def _spec(drawn: list[dict], *, read: tuple[str, str], note: str) -> dict:
    names = list(dict.fromkeys(row["name"] for row in drawn))
    tooltip = [
        alt.Tooltip(f"{field}:N", title=title)
        for field, title in (("name", "Scenario"), ("side", "What"), ("read", "How many"))
    ]
    axis = theme.value_axis("% of the scenario's examples", f"◀ {read[1].lower()}    {read[0].lower()} ▶")
    axis["labelExpr"] = "format(abs(datum.value), '~f')"
    legend = alt.Legend(title=None, orient="top", values=[read[1], read[0]], labelColor=theme.INK_COLOUR)
    colour = alt.Color("side:N", scale=theme.palette({read[0]: 0, read[1]: 2}), legend=legend)
    base = alt.Chart(theme.ROWS).encode(y=alt.Y("name:N", sort=names, axis=theme.names_axis()), tooltip=tooltip)
    bars = base.mark_bar(size=ROW * 0.55).encode(x=alt.X("share:Q", axis=axis, stack=None), color=colour)
    middle = alt.Chart(alt.NamedData("middle")).mark_rule(color=theme.STRUCTURE).encode(x="at:Q")
    height = ROW * max(len(names), 2)
    return theme.finished(alt.layer(bars, middle), height=height, note=note, rows=drawn, middle=[{"at": 0}])


def _sentence(shown: list[dict], read: tuple[str, str], note: str) -> str:
    parts = [f"{read[0]} and {read[1].lower()} by scenario, {quantities.count(len(shown), 'scenario')}."]
    for word, said in ((FIXED, read[0]), (BROKE, read[1])):
        moved = [row for row in shown if row[word]]
        if moved:
            most = max(moved, key=lambda row: row[word] / row["examples"])
            share = quantities.value(most[word] / most["examples"], "accuracy")
            parts.append(
                f"Most {said.lower()}: {words.clipped(most['name'])}, {most[word]:,} of {most['examples']:,} ({share})."
            )
    return " ".join(parts + ([f"Drawn: {note[:1].lower()}{note[1:]}."] if note else []))
