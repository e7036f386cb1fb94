"""Monitoring: is production still like the test set? What moved, then and now, and how good answers are where it is known."""

import polars as pl
import streamlit as st

from plainview.charts.rows import titled
from plainview.charts.shifts import marked
from plainview.drift import Shift
from plainview.narrative import drift as said
from plainview.narrative import metric_title
from plainview.quantities import count, ends, value
from plainview.ui import cache, cached_data, components, links, states, tables
from plainview.ui.plain import plain

CHARTS, ATTENTION = 6, 4  # columns that are drawn, and changes that are named one by one

place = links.here()
title = f"Production of {place.evaluation.title}"
line = cached_data.batches(place.project)


def how() -> None:
    """The line that holds a batch against the test set."""
    st.caption("Hold a batch against the test set, from a shell or a nightly job; its exit code is 1 on an alarm:")
    command = f"plainview monitor BATCH --project {place.project} --release {place.release} --until 2030-01-31"
    st.code(f"{command}{cache.store_option()}", language="bash", wrap_lines=True)


if not line:
    components.heading(title, said.UNWATCHED)
    states.nothing(
        "What would be looked at",
        "Every column of the test set and the predictions: whether production sends other values than the test set has. Where "
        "labels arrive, whether answers are as good as they were. A model fails quietly when the world moves.",
    )
    how()
    st.stop()
events = {event.id: event for event, _ in line}
asked = place.own.get("batch")
states.check(place, batch=events)
event = events[asked] if asked else line[-1][0]
batch = cached_data.batch(event)
specification = cache.specification(place.evaluation.id)
heading = st.container()


def pick() -> None:
    """Which batch is looked at, the latest first."""
    names = {each.id: f"{held.name}, until {held.until.isoformat()}" for each, held in reversed(line)}
    links.picker("Batch", "batch", list(names), event.id, titles=lambda one: plain(names[one]), forgets=("column",))


def tiles() -> None:
    """How many columns moved, what became of the headline metric, and how batches came out so far."""
    columns = {shift.column for shift in batch.shifts}
    shown = [
        components.Tile("Columns that moved", f"{len({s.column for s in batch.moved})}", note=f"of {len(columns)}")
    ]
    key = specification.headline.key
    whole = next((each for each in batch.changes if (each.scenario, each.metric) == ("all", key)), None)
    if whole is not None:
        unit = specification.unit_of(key)
        note = f"{value(whole.baseline, key, unit)} before · {whole.verdict}"
        shown.append(components.Tile(metric_title(key), value(whole.candidate, key, unit), note=note))
    labels = f"{batch.labels:,}" if batch.labels else "none yet"
    shown.append(components.Tile("Rows", f"{batch.rows:,}", note=f"labels: {labels}"))
    alarms = sum(each.body.get("outcome") == "alarm" for each, _ in line)
    shown.append(components.Tile("Alarms so far", f"{alarms}", note=f"of {count(len(line), 'batch', 'batches')}"))
    components.tiles(shown)


def attention() -> None:
    """What is worse, then what moved."""
    st.subheader("What needs attention", anchor=False)
    worse = [
        components.Attention("Fail", f"{phrase[:1].upper()}{phrase[1:]}.")
        for phrase in (said.performance_phrase(change, specification) for change in batch.worse[:ATTENTION])
    ]
    moved = [
        components.Attention("Fail" if shift.verdict == "not there" else "Watch", _named(shift))
        for shift in batch.moved[:ATTENTION]
    ]
    components.attention(
        [*worse, *moved], nothing="Nothing moved that can be told from chance, and no metric is worse."
    )
    more = max(len(batch.worse) - ATTENTION, 0) + max(len(batch.moved) - ATTENTION, 0)
    if more:
        st.caption(f"And {more} more in the tables below.")


def _named(shift: Shift) -> str:
    sentence = said.shift_sentence(shift)
    return f"{shift.column}: {sentence}" if shift.verdict == "not there" else sentence


def charts() -> None:
    """Then and now, of the columns that moved; any other for the asking."""
    st.subheader("Then and now", anchor=False)
    names = list(dict.fromkeys(shift.column for shift in batch.shifts if cached_data.drawn(event, shift.column)))
    if not names:
        return states.nothing("Nothing to draw", "No column is there on both sides.")
    moved = [
        name
        for name in names
        if any(s.column == name and s.verdict == "moved" and s.aspect == "values" for s in batch.shifts)
    ]
    other = place.own.get("column")
    shown = [other] if other in names else (moved or names)[:CHARTS]
    links.picker("A column", "column", names, other, placeholder="Those that moved farthest", clears=True)
    grid = st.grid(min(len(shown), 3), min_column_width=280, gap="small")
    for name in shown:
        with grid.container():
            st.markdown(f"**{plain(name)}**")
            components.chart(cached_data.drawn(event, name), key=f"drawn_{name}")
    return None


def history() -> None:
    """Which columns moved in which batch."""
    st.subheader("Batch by batch", anchor=False)
    outcomes = [str(each.body.get("outcome")) for each, _ in line]
    st.text(said.history_sentence(outcomes, line[-1][1].until))
    components.chart(cached_data.history(place.project, event), key="history")


def columns() -> None:
    """Every column with its distance."""
    st.subheader("Every column", anchor=False)
    rows = [
        {
            "Column": f"{shift.column} (missing values)" if shift.aspect == "missing" else shift.column,
            "Verdict": marked(shift.verdict),
            "What was found": said.shift_sentence(shift),
            "Distance": "" if shift.distance is None else f"{shift.distance:.3f}",
            "Matters from": "" if shift.threshold is None else f"{shift.threshold:g}",
            "At most": "" if shift.at_most is None else f"{shift.at_most:.3f}",
            "p, adjusted": "" if shift.adjusted_p is None else f"{shift.adjusted_p:.3f}",
            "Measured by": shift.method,
        }
        for shift in batch.shifts
    ]
    if rows:
        tables.plain_table(pl.DataFrame(rows), key="columns", alt=f"{count(len(rows), 'row')}, the farthest first.")
    if batch.left_out:
        st.caption(
            plain(
                f"Not compared: ids, what the specification leaves out, and what has not arrived: {', '.join(batch.left_out)}."
            )
        )
    st.caption(plain(said.PROMISE))


def performance() -> None:
    """The metrics on the batch, where labels have arrived."""
    st.subheader("How good the answers are", anchor=False)
    st.markdown(plain(said.performance_sentence(batch, specification)))
    rows = [
        {
            "Scenario": titled(change.scenario),
            "Metric": metric_title(change.metric),
            "Then": value(change.baseline, change.metric, specification.unit_of(change.metric)),
            "Now": value(change.candidate, change.metric, specification.unit_of(change.metric)),
            "Change": "" if change.low is None else ends(change.low, change.high, change.metric),
            "Verdict": components.marked(change.verdict),
            "Examples": change.examples,
        }
        for change in batch.changes
        if change.verdict != "not comparable"
    ]
    if rows:
        alt = f"{count(len(rows), 'value')} of metrics, on what was held against and on the batch."
        tables.plain_table(pl.DataFrame(rows), key="performance", alt=alt)


with heading:
    components.heading(title, said.drift_answer(batch, specification), context=said.about_batch(batch))
pick()
tiles()
attention()
charts()
history()
columns()
performance()
how()
