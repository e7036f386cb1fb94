"""Differences: how two releases answer otherwise, example by example: churn, kinds of error that came and went, confidence."""

import polars as pl
import streamlit as st

from plainview.charts.rows import titled
from plainview.exceptions import InputError
from plainview.narrative import differences as said
from plainview.narrative import not_drawn
from plainview.quantities import ends, plain, span, value
from plainview.reviews import COMPARISON
from plainview.texts import _, plural
from plainview.ui import cache, components, links, narrowing, noting, states, tables
from plainview.ui import cached_differences as cached
from plainview.ui.frame import dated

FIRST = 6  # kinds of error that are said in a sentence

place = links.here()
others = {one.release: one for one in place.line if one.release != place.release}


def pick_baseline() -> None:
    """The release to look back to."""
    chosen = place.before.release if place.before else None
    titles = {name: dated(one) for name, one in others.items()}
    links.picker(
        _("Compared with"), "baseline", list(others), chosen, titles=titles.get, placeholder=_("Choose a release")
    )


if place.before is None or place.before.id == place.evaluation.id:
    components.heading(
        _("Differences of {release}").format(release=place.release),
        said.nothing_before(place.release, alone=not others),
    )
    if others:
        pick_baseline()
    else:
        states.nothing(
            _("One release only"), _("Publish the next release on the same test set, and this page says what moved.")
        )
    st.stop()

title = _("Differences between {baseline} and {release}").format(baseline=place.before.release, release=place.release)
if place.before.source is not None or place.evaluation.source is not None:
    components.heading(title, _("Answers are compared example by example, and the examples are not in this store."))
    states.rows_elsewhere(place.evaluation, place.before)
    st.stop()

ids = (place.before.id, place.evaluation.id)
try:
    found = cached.differences(*ids)
except InputError as error:
    components.heading(title, _("This page is for answers that are the same or different one by one."))
    pick_baseline()
    states.nothing(_("Where to look instead"), str(error))
    links.link("release/compare", _("Compare the two"))
    st.stop()
numbers = found.task == "regression"
words = said.READ_NUMBERS if numbers else said.READ


def tiles() -> None:
    """How many moved, and what became of them."""
    low, high = found.interval
    interval = "" if low is None else f" ({span(low, high, 'accuracy')})"
    shown = [
        components.Tile(
            _("Answered differently"), f"{found.different:,}", note=f"{value(found.churn, 'accuracy')}{interval}"
        )
    ]
    shown += [
        components.Tile(
            words[word], f"{found.outcomes.get(word, 0):,}", note=_("of {examples:,}").format(examples=found.examples)
        )
        for word in ("fixed", "broke")
    ]
    if found.kinds.height:
        note = plural("of {count} kind of error", "of {count} kinds of error", found.kinds.height)
        shown.append(components.Tile(_("Kinds that moved"), f"{found.told.height:,}", note=note))
    components.tiles(shown)


def scenarios() -> None:
    """Where it moved: the chart and the table."""
    st.subheader(_("Where answers moved"), anchor=False)
    read = (words["fixed"], words["broke"])
    components.chart(cached.flips_drawing(*ids, read), key="flips")
    if cases := sum(found.by_scenario["scenario"].is_in(cache.specification(place.evaluation.id).test_cases)):
        st.caption(not_drawn(cases))
    rows = [
        {
            _("Scenario"): titled(row["scenario"]),
            _("Examples"): row["examples"],
            _("Different"): row["different"],
            _("Churn"): value(row["churn"], "accuracy"),
            _("Interval"): "" if row["low"] is None else span(row["low"], row["high"], "accuracy"),
            read[0]: row["fixed"],
            read[1]: row["broke"],
            _("Net, points (interval)"): ""
            if row["net_low"] is None
            else f"{ends(row['net_low'], row['net_high'], 'accuracy')}",
        }
        for row in found.by_scenario.iter_rows(named=True)
    ]
    alt = plural(
        "{count} scenario: how many answers differ, what was fixed or came closer, what broke or went off.",
        "{count} scenarios: how many answers differ, what was fixed or came closer, what broke or went off.",
        len(rows),
    )
    tables.plain_table(pl.DataFrame(rows, infer_schema_length=None), key="scenarios", alt=alt)
    st.caption(said.NO_VERDICT)
    with st.container(horizontal=True):
        links.link("release/compare", _("What is better and what is worse"))
        links.go("evidence/errors", _("Which groups broke most"), links.carried() | {"kind": "broke"})


def kinds() -> None:
    """The kinds of error that came, went, or changed; and all that were seen."""
    st.subheader(_("Kinds of error that came and went"), anchor=False)
    if not found.told.height:
        states.nothing(_("Nothing moved by more than chance"), said.no_kinds(found))
    else:
        components.statements(said.kind_sentence(row) for row in found.told.head(FIRST).iter_rows(named=True))
    rows = [
        {
            _("Label"): row["label"],
            _("Taken for"): row["prediction"],
            _("Change"): row["change"],
            _("Before"): row["before"],
            _("Now"): row["now"],
            _("Of"): row["of"],
            _("Interval, points"): "" if row["low"] is None else ends(row["low"], row["high"], "accuracy"),
            _("Adjusted p"): _("not tested") if row["p"] is None else f"{row['p']:.2g}",
        }
        for row in found.kinds.iter_rows(named=True)
    ]
    alt = plural(
        "{count} pair of classes that are confused, before and now, those that moved first.",
        "{count} pairs of classes that are confused, before and now, those that moved first.",
        len(rows),
    )
    with st.expander(plural("All {count} kind of error", "All {count} kinds of error", len(rows))):
        tables.plain_table(pl.DataFrame(rows, infer_schema_length=None), key="kinds", alt=alt)


def shifts() -> None:
    """How what is stated moved: confidence, or the number itself."""
    if not found.shifts.height:
        return
    st.subheader(_("How the {shift_of} moved").format(shift_of=found.shift_of), anchor=False)
    st.text(said.shift_sentence(found.shifts.row(0, named=True), found))
    sure = found.shift_of == "confidence"
    rows = [
        {
            _("Answers"): words[row["outcome"]],
            _("Examples"): row["examples"],
            _("Before"): value(row["before"], "accuracy") if sure else plain(row["before"]),
            _("Now"): value(row["now"], "accuracy") if sure else plain(row["now"]),
            _("Shift"): "" if row["low"] is None else ends(row["low"], row["high"], "accuracy" if sure else "mae"),
        }
        for row in found.shifts.iter_rows(named=True)
    ]
    alt = _("The mean {shift_of} before and now, by what became of the answer, with the interval of the shift.").format(
        shift_of=found.shift_of
    )
    tables.plain_table(pl.DataFrame(rows, infer_schema_length=None), key="shifts", alt=alt)


def side_by_side() -> None:
    """The examples that are answered differently, both answers beside each other."""
    st.subheader(_("Side by side"), anchor=False)
    moved = [word for word in ("broke", "fixed", "wrong otherwise") if found.outcomes.get(word)]
    if not found.different:
        return states.nothing(_("Every answer is the same"), _("There is nothing to show side by side."))
    read = {"any": _("All that differ ({different:,})").format(different=found.different)} | {
        word: f"{words[word]} ({found.outcomes[word]:,})" for word in moved
    }
    kind = links.kinds(_("Which examples"), read, moved[0] if moved else "any")
    rows = cached.side_by_side(*ids, None if kind == "any" else kind)
    frame = narrowing.narrowed(rows, {"label": rows.columns[1]} if found.task == "classification" else {})
    if not frame.height:
        return states.nothing(_("No such answer"), _("No example has all that is asked for above."))
    return (
        tables.examples(
            frame,
            key=f"side_{kind}",
            alt=plural("{count} example", "{count} examples", frame.height),
            name=f"differences-{kind}",
        )
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
