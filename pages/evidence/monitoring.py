"""Monitoring: is production still like the test set? What moved, then and now, and how good answers are where it is known."""

import polars as pl
import streamlit as st

from plainview.charts.rows import titled
from plainview.drift import Shift
from plainview.narrative import drift as said
from plainview.narrative import metric_title
from plainview.quantities import ends, value
from plainview.texts import _, plural
from plainview.ui import cache, cached_data, codes, components, links, states, tables
from plainview.ui.plain import plain

CHARTS, ATTENTION = 6, 4  # columns that are drawn, and changes that are named one by one

place = links.here()
title = _("Production of {title}").format(title=place.evaluation.title)
line = cached_data.batches(place.project)


def how() -> None:
    """The line that holds a batch against the test set."""
    st.caption(_("Hold a batch against the test set, from a shell or a nightly job; its exit code is 1 on an alarm:"))
    command = f"plainview monitor BATCH --project {place.project} --release {place.release} --until 2030-01-31"
    components.code(f"{command}{cache.store_option()}")


if not line:
    components.heading(title, said.UNWATCHED)
    states.nothing(
        _("What would be looked at"),
        _(
            "Every column of the test set and the predictions: whether production sends other values than the test set has. "
            "Where labels arrive, whether answers are as good as they were. A model fails quietly when the world moves."
        ),
    )
    how()
    st.stop()
events = {each.id: each for each, held in line}
asked = place.own.get("batch")
states.check(place, batch=events)
event = events[asked] if asked else line[-1][0]
batch = cached_data.batch(event)
specification = cache.specification(place.evaluation.id)
heading = st.container()


def pick() -> None:
    """Which batch is looked at, the latest first."""
    names = {
        each.id: _("{name}, until {date}").format(name=held.name, date=held.until.isoformat())
        for each, held in reversed(line)
    }
    links.picker(_("Batch"), "batch", list(names), event.id, titles=lambda one: plain(names[one]), forgets=("column",))


def tiles() -> None:
    """How many columns moved, what became of the headline metric, and how batches came out so far."""
    columns = {shift.column for shift in batch.shifts}
    shown = [
        components.Tile(
            _("Columns that moved"),
            f"{len({s.column for s in batch.moved})}",
            note=_("of {count}").format(count=len(columns)),
        )
    ]
    key = specification.headline.key
    whole = next((each for each in batch.changes if (each.scenario, each.metric) == ("all", key)), None)
    if whole is not None:
        unit = specification.unit_of(key)
        note = _("{value} before · {verdict}").format(
            value=value(whole.baseline, key, unit), verdict=codes.read(whole.verdict)
        )
        shown.append(components.Tile(metric_title(key), value(whole.candidate, key, unit), note=note))
    labels = f"{batch.labels:,}" if batch.labels else _("none yet")
    shown.append(components.Tile(_("Rows"), f"{batch.rows:,}", note=_("labels: {labels}").format(labels=labels)))
    alarms = sum(each.body.get("outcome") == "alarm" for each, held in line)
    shown.append(
        components.Tile(
            _("Alarms so far"), f"{alarms}", note=plural("of {count} batch", "of {count} batches", len(line))
        )
    )
    components.tiles(shown)


def attention() -> None:
    """What is worse, then what moved."""
    st.subheader(_("What needs attention"), anchor=False)
    worse = [
        components.Attention("Fail", f"{phrase[:1].upper()}{phrase[1:]}.")
        for phrase in (said.performance_phrase(change, specification) for change in batch.worse[:ATTENTION])
    ]
    moved = [
        components.Attention("Fail" if shift.verdict == "not there" else "Watch", _named(shift))
        for shift in batch.moved[:ATTENTION]
    ]
    components.attention(
        [*worse, *moved], nothing=_("Nothing moved that can be told from chance, and no metric is worse.")
    )
    more = max(len(batch.worse) - ATTENTION, 0) + max(len(batch.moved) - ATTENTION, 0)
    if more:
        st.caption(_("And {more} more in the tables below.").format(more=more))


def _named(shift: Shift) -> str:
    sentence = said.shift_sentence(shift)
    return f"{shift.column}: {sentence}" if shift.verdict == "not there" else sentence


def charts() -> None:
    """Then and now, of the columns that moved; any other for the asking."""
    st.subheader(_("Then and now"), anchor=False)
    names = list(dict.fromkeys(shift.column for shift in batch.shifts if cached_data.drawn(event, shift.column)))
    if not names:
        return states.nothing(_("Nothing to draw"), _("No column is there on both sides."))
    moved = [
        name
        for name in names
        if any(s.column == name and s.verdict == "moved" and s.aspect == "values" for s in batch.shifts)
    ]
    other = place.own.get("column")
    shown = [other] if other in names else (moved or names)[:CHARTS]
    links.picker(_("A column"), "column", names, other, placeholder=_("Those that moved farthest"), clears=True)
    grid = st.grid(min(len(shown), 3), min_column_width=280, gap="small")
    for name in shown:
        with grid.container():
            st.markdown(f"**{plain(name)}**")
            components.chart(cached_data.drawn(event, name), key=f"drawn_{name}")
    return None


def history() -> None:
    """Which columns moved in which batch."""
    st.subheader(_("Batch by batch"), anchor=False)
    outcomes = [str(each.body.get("outcome")) for each, held in line]
    st.text(said.history_sentence(outcomes, line[-1][1].until))
    components.chart(cached_data.history(place.project, event), key="history")


def columns() -> None:
    """Every column with its distance."""
    st.subheader(_("Every column"), anchor=False)
    rows = [
        {
            _("Column"): _("{column} (missing values)").format(column=shift.column)
            if shift.aspect == "missing"
            else shift.column,
            _("Verdict"): components.marked(shift.verdict),
            _("What was found"): said.shift_sentence(shift),
            _("Distance"): "" if shift.distance is None else f"{shift.distance:.3f}",
            _("Matters from"): "" if shift.threshold is None else f"{shift.threshold:g}",
            _("At most"): "" if shift.at_most is None else f"{shift.at_most:.3f}",
            _("p, adjusted"): "" if shift.adjusted_p is None else f"{shift.adjusted_p:.3f}",
            _("Measured by"): shift.method,
        }
        for shift in batch.shifts
    ]
    if rows:
        tables.plain_table(
            pl.DataFrame(rows),
            key="columns",
            alt=plural("{count} row, the farthest first.", "{count} rows, the farthest first.", len(rows)),
        )
    if batch.left_out:
        st.caption(
            plain(
                _("Not compared: ids, what the specification leaves out, and what has not arrived: {left_out}.").format(
                    left_out=", ".join(batch.left_out)
                )
            )
        )
    st.caption(plain(said.PROMISE))


def performance() -> None:
    """The metrics on the batch, where labels have arrived."""
    st.subheader(_("How good the answers are"), anchor=False)
    st.markdown(plain(said.performance_sentence(batch, specification)))
    rows = [
        {
            _("Scenario"): titled(change.scenario),
            _("Metric"): metric_title(change.metric),
            _("Then"): value(change.baseline, change.metric, specification.unit_of(change.metric)),
            _("Now"): value(change.candidate, change.metric, specification.unit_of(change.metric)),
            _("Change"): "" if change.low is None else ends(change.low, change.high, change.metric),
            _("Verdict"): components.marked(change.verdict),
            _("Examples"): change.examples,
        }
        for change in batch.changes
        if change.verdict != "not comparable"
    ]
    if rows:
        alt = plural(
            "{count} value of metrics, on what was held against and on the batch.",
            "{count} values of metrics, on what was held against and on the batch.",
            len(rows),
        )
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
