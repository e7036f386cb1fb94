"""Differences: how two releases answer otherwise, example by example: churn, kinds of error that came and went, confidence."""

import polars as pl
import streamlit as st

from plainview.charts.rows import titled
from plainview.exceptions import InputError
from plainview.narrative import differences as said
from plainview.quantities import count, ends, plain, span, value
from plainview.reviews import COMPARISON
from plainview.ui import cached_differences as cached
from plainview.ui import components, links, narrowing, noting, states, tables
from plainview.ui.frame import dated

FIRST = 6  # kinds of error that are said in a sentence

place = links.here()
others = {one.release: one for one in place.line if one.release != place.release}


def pick_baseline() -> None:
    """The release to look back to."""
    chosen = place.before.release if place.before else None
    titles = {name: dated(one) for name, one in others.items()}
    links.picker("Compared with", "baseline", list(others), chosen, titles=titles.get, placeholder="Choose a release")


if place.before is None or place.before.id == place.evaluation.id:
    components.heading(f"Differences of {place.release}", said.nothing_before(place.release, alone=not others))
    if others:
        pick_baseline()
    else:
        states.nothing(
            "One release only", "Publish the next release on the same test set, and this page says what moved."
        )
    st.stop()

title = f"Differences between {place.before.release} and {place.release}"
if place.before.source is not None or place.evaluation.source is not None:
    components.heading(title, "Answers are compared example by example, and the examples are not in this store.")
    states.rows_elsewhere(place.evaluation, place.before)
    st.stop()

ids = (place.before.id, place.evaluation.id)
try:
    found = cached.differences(*ids)
except InputError as error:
    components.heading(title, "This page is for answers that are the same or different one by one.")
    pick_baseline()
    states.nothing("Where to look instead", str(error))
    links.link("release/compare", "Compare the two")
    st.stop()
numbers = found.task == "regression"
words = said.READ_NUMBERS if numbers else said.READ


def tiles() -> None:
    """How many moved, and what became of them."""
    low, high = found.interval
    interval = "" if low is None else f" ({span(low, high, 'accuracy')})"
    shown = [
        components.Tile(
            "Answered differently", f"{found.different:,}", note=f"{value(found.churn, 'accuracy')}{interval}"
        )
    ]
    shown += [
        components.Tile(words[word], f"{found.outcomes.get(word, 0):,}", note=f"of {found.examples:,}")
        for word in ("fixed", "broke")
    ]
    if found.kinds.height:
        note = f"of {count(found.kinds.height, 'kind')} that are seen"
        shown.append(components.Tile("Kinds of error that moved", f"{found.told.height:,}", note=note))
    components.tiles(shown)


def scenarios() -> None:
    """Where it moved: the chart and the table."""
    st.subheader("Where answers moved", anchor=False)
    read = (words["fixed"], words["broke"])
    components.chart(cached.flips_drawing(*ids, read), key="flips")
    rows = [
        {
            "Scenario": titled(row["scenario"]),
            "Examples": row["examples"],
            "Different": row["different"],
            "Churn": value(row["churn"], "accuracy"),
            "Interval": "" if row["low"] is None else span(row["low"], row["high"], "accuracy"),
            read[0]: row["fixed"],
            read[1]: row["broke"],
            "Net, points (interval)": ""
            if row["net_low"] is None
            else f"{ends(row['net_low'], row['net_high'], 'accuracy')}",
        }
        for row in found.by_scenario.iter_rows(named=True)
    ]
    alt = f"{count(len(rows), 'scenario')}: how many answers differ, what was fixed or came closer, what broke or went off."
    tables.plain_table(pl.DataFrame(rows, infer_schema_length=None), key="scenarios", alt=alt)
    st.caption(said.NO_VERDICT)
    with st.container(horizontal=True):
        links.link("release/compare", "What is better and what is worse")
        links.go("evidence/errors", "Which groups broke most", links.carried() | {"kind": "broke"})


def kinds() -> None:
    """The kinds of error that came, went, or changed; and all that were seen."""
    st.subheader("Kinds of error that came and went", anchor=False)
    if not found.told.height:
        states.nothing("Nothing moved by more than chance", said.no_kinds(found))
    else:
        components.statements(said.kind_sentence(row) for row in found.told.head(FIRST).iter_rows(named=True))
    rows = [
        {
            "Label": row["label"],
            "Taken for": row["prediction"],
            "Change": row["change"],
            "Before": row["before"],
            "Now": row["now"],
            "Of": row["of"],
            "Interval, points": "" if row["low"] is None else ends(row["low"], row["high"], "accuracy"),
            "Adjusted p": "not tested" if row["p"] is None else f"{row['p']:.2g}",
        }
        for row in found.kinds.iter_rows(named=True)
    ]
    alt = f"{count(len(rows), 'pair')} of classes that are confused, before and now, those that moved first."
    with st.expander(f"All {count(len(rows), 'kind')} of error"):
        tables.plain_table(pl.DataFrame(rows, infer_schema_length=None), key="kinds", alt=alt)


def shifts() -> None:
    """How what is stated moved: confidence, or the number itself."""
    if not found.shifts.height:
        return
    st.subheader(f"How the {found.shift_of} moved", anchor=False)
    st.text(said.shift_sentence(found.shifts.row(0, named=True), found))
    sure = found.shift_of == "confidence"
    rows = [
        {
            "Answers": words[row["outcome"]],
            "Examples": row["examples"],
            "Before": value(row["before"], "accuracy") if sure else plain(row["before"]),
            "Now": value(row["now"], "accuracy") if sure else plain(row["now"]),
            "Shift": "" if row["low"] is None else ends(row["low"], row["high"], "accuracy" if sure else "mae"),
        }
        for row in found.shifts.iter_rows(named=True)
    ]
    alt = f"The mean {found.shift_of} before and now, by what became of the answer, with the interval of the shift."
    tables.plain_table(pl.DataFrame(rows, infer_schema_length=None), key="shifts", alt=alt)


def side_by_side() -> None:
    """The examples that are answered differently, both answers beside each other."""
    st.subheader("Side by side", anchor=False)
    moved = [word for word in ("broke", "fixed", "wrong otherwise") if found.outcomes.get(word)]
    if not found.different:
        return states.nothing("Every answer is the same", "There is nothing to show side by side.")
    read = {"any": f"All that differ ({found.different:,})"} | {
        word: f"{words[word]} ({found.outcomes[word]:,})" for word in moved
    }
    kind = links.kinds("Which examples", read, moved[0] if moved else "any")
    rows = cached.side_by_side(*ids, None if kind == "any" else kind)
    frame = narrowing.narrowed(rows, {"label": rows.columns[1]} if found.task == "classification" else {})
    if not frame.height:
        return states.nothing("No such answer", "No example has all that is asked for above.")
    return (
        tables.examples(frame, key=f"side_{kind}", alt=count(frame.height, "example"), name=f"differences-{kind}")
        and None
    )


noting.said()
components.heading(title, said.differences_answer(found), context=said.differences_context(found))
pick_baseline()
if found.examples:
    tiles()
    scenarios()
    if found.task == "classification" and found.kinds.height:
        kinds()
    shifts()
    side_by_side()
    noting.review(COMPARISON, "this comparison", baseline=place.before.release)
else:
    states.not_comparable(place)
