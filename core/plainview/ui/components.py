"""What pages are made of: the answer first, tiles, marks, what needs attention, charts. Text from artifacts stays text."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any

import streamlit as st

from plainview.charts import theme
from plainview.charts.outcomes import OUTCOMES
from plainview.charts.shifts import SHIFTS
from plainview.charts.statuses import STATUSES
from plainview.charts.theme import STATES, VERDICTS
from plainview.narrative.wholes import reuse_sentence
from plainview.texts import _
from plainview.ui import codes, links
from plainview.ui.plain import plain

_MARKS = STATES | VERDICTS | STATUSES | OUTCOMES | SHIFTS
_LEFT, _RIGHT = 132, 940  # pixels of a badge and of what is said beside it; on a phone beneath it
_SENTENCE = 900  # pixels of a line of a list, so that the links behind stand below each other; on a phone they follow
SHORT = (11, 20)  # letters of a figure and of its note that half a phone has room for; longer ones have its whole width
_BADGE = ("blue", "orange", "red", "gray", "gray", "gray")


def heading(title: str, answer: str, *, context: str = "") -> None:
    """The page's name, where we are, and the one sentence that answers its question."""
    st.title(plain(title), anchor=False)
    if context:
        st.caption(plain(context))
    st.header(plain(answer), anchor=False)


def state(word: str) -> str:
    """Markdown of a state: word, shape and colour; Pass, Watch, Fail or No evidence."""
    return _badge(word, STATES)


def verdict(word: str) -> str:
    """Markdown of a verdict: word, shape and colour."""
    return _badge(word, VERDICTS)


def status(word: str) -> str:
    """Markdown of a requirement's status: word, shape and colour."""
    return _badge(word, STATUSES)


def marked(word: str) -> str:
    """A state, a verdict, a status or an outcome as plain text, for a table's cell: its shape and its word."""
    return theme.marked(word, _MARKS, codes.read(word))


def _badge(word: str, table: dict[str, tuple[str, str, int]]) -> str:
    glyph, place = table[word][0], table[word][2]
    return f":{_BADGE[place]}-badge[{glyph} {codes.read(word)}]"


@dataclass(frozen=True)
class Tile:
    """One figure: what it is, its value as it is read, and a note beneath."""

    label: str
    value: str
    note: str = ""
    state: str | None = None  # its mark stands before the label
    trend: Sequence[float] = ()
    help: str | None = None


def tiles(items: Iterable[Tile]) -> None:
    """Three to five figures, side by side where there is room; those with a line of their history first, and higher."""
    shown = list(items)
    high = [item for item in shown if len(item.trend) > 1]
    flat = [item for item in shown if len(item.trend) <= 1]
    if not high or not flat:
        return _grid(shown, len(shown), st)
    left, right = st.columns([len(high) * 2, len(flat) + len(flat) % 2], gap="xsmall")
    _grid(high, len(high), left)
    return _grid(flat, -(-len(flat) // 2), right)


def _grid(items: Sequence[Tile], columns: int, place: Any) -> None:
    short = all(len(item.value) <= SHORT[0] and len(item.note) <= SHORT[1] for item in items)
    grid = place.grid(max(columns, 1), min_column_width=150 if short else 190, gap="xsmall", height="stretch")
    for item in items:
        mark = f"{STATES[item.state][0]} " if item.state else ""
        grid.metric(
            mark + plain(item.label),
            plain(item.value),
            delta=plain(item.note) or None,
            delta_color="off",
            delta_arrow="off",
            chart_data=list(item.trend) if len(item.trend) > 1 else None,
            border=True,
            height="stretch",
            help=plain(item.help) if item.help else None,
        )


@dataclass(frozen=True)
class Attention:
    """One thing that needs attention: how it stands, the sentence, and where to look."""

    state: str
    sentence: str
    page: str = ""
    label: str = _("Look")
    parameters: dict[str, str | None] = field(default_factory=dict)
    priority: str = ""  # must, should, could: beside the state, never instead of it
    own: dict[str, str] = field(default_factory=dict)  # what is only of the page that it leads to


def attention(rows: Sequence[Attention], *, nothing: str) -> None:
    """What needs attention, the worst first as handed over; ``nothing`` is said where there is nothing."""
    if not rows:
        st.text(nothing)
    for row in rows:
        # a row that wraps, and not columns: a list has many, and a browser draws it in half the time
        with st.container(border=True, horizontal=True, vertical_alignment="center", gap="small"):
            priority = f" :gray-badge[{plain(codes.read(row.priority))}]" if row.priority else ""
            st.markdown(f"{state(row.state)}{priority} {plain(row.sentence)}", width=_SENTENCE)
            if row.page:
                links.go(row.page, row.label, {**links.carried(**row.parameters), **row.own})


def chart(drawing: tuple[dict, str], *, key: str, pick: bool = False) -> str | None:
    """Show a chart with its alt sentence; with ``pick``, the scenario whose mark the reader clicked."""
    spec, alt = drawing
    if not pick:
        st.vega_lite_chart(spec=spec, alt=alt, key=key, width="stretch")
        return None
    event: Any = st.vega_lite_chart(
        spec=spec, alt=alt, key=key, width="stretch", on_select="rerun", selection_mode="pick"
    )
    chosen = event.selection.get("pick") or []
    return chosen[0].get("scenario") if chosen else None


def code(text: str, *, language: str | None = None) -> None:
    """What is to be typed or kept in a file; it wraps where there is no room. Lines for a shell have no language."""
    st.code(text, language=language, wrap_lines=True)


def explained(mark: str, text: str, *, name: str = "") -> None:
    """A badge, and beside it what there is to say: ``name`` in bold, then the text."""
    with st.container(horizontal=True, gap="small"):
        st.markdown(mark, width=_LEFT)
        st.markdown(f"**{plain(name)}:** {plain(text)}" if name else plain(text), width=_RIGHT)


def reused(judged: int) -> None:
    """A warning where so many releases were judged on one test set that it may have been tuned to; else nothing."""
    warning = reuse_sentence(judged)
    if warning:
        explained(state("Watch"), warning)


def statements(sentences: Iterable[str]) -> None:
    """Sentences, one a line, as they are."""
    st.markdown("\n".join(f"- {plain(sentence)}" for sentence in sentences))
