"""Errors: where a release is wrong, what its errors have in common, and which of them it was surest of."""

import polars as pl
import streamlit as st

from plainview.charts.rows import titled
from plainview.errors.additions import scenario_yaml
from plainview.errors.mistakes import STAYED
from plainview.errors.suggestions import Suggestion
from plainview.exceptions import InputError, PredicateError
from plainview.narrative import suggestions as said
from plainview.predicates import parse_predicate
from plainview.quantities import count, span, value
from plainview.ui import cache, cached_errors, components, links, narrowing, states, tables
from plainview.ui.plain import plain

FIRST = 3  # suggestions that are shown at once; the rest is folded

place = links.here()
specification, title = cache.specification(place.evaluation.id), f"Errors of {place.release}"
if place.evaluation.source is not None:
    components.heading(title, "Errors are looked for example by example, and the examples are not in this store.")
    states.rows_elsewhere(place.evaluation)
    st.stop()

comparable = place.before is not None and place.before.id != place.evaluation.id and place.before.source is None
numbers = specification.task == "regression"
EVENTS = {"wrong": "Large errors" if numbers else "Wrong answers"}
if comparable:
    moves = ("Further off than", "Closer than") if numbers else ("Broke since", "Fixed since")
    EVENTS |= {kind: f"{move} {place.before.release}" for kind, move in zip(("broke", "fixed"), moves, strict=True)}
event = place.own.get("kind") if place.own.get("kind") in EVENTS else "wrong"
before = place.before.id if event != "wrong" else None
try:
    found = cached_errors.suggestions(place.evaluation.id, event, before)
except InputError as error:
    components.heading(title, "This page is for answers that are right or wrong one by one.")
    states.nothing("What it would need", str(error))
    st.stop()
counts = cached_errors.counts(place.evaluation.id, event, before)
large = said.large_error(found.bar, specification.unit or "")


def usable(where: str | None) -> bool:
    """Whether a group that the address names can be looked at."""
    try:
        return bool(where) and parse_predicate(where).columns <= set(place.evaluation.test_set.columns)
    except PredicateError:
        return False


def tiles() -> None:
    """How many, of how many, and what was looked through."""
    share = value(found.errors / found.examples if found.examples else None, "accuracy")
    shown = [
        components.Tile(EVENTS[event], f"{found.errors:,}", note=f"of {found.examples:,} · {share}"),
        components.Tile("Groups that stand out", f"{len(found.found):,}", note=f"of {found.tried:,} tried"),
    ]
    if event == "wrong" and counts.confusions.height:
        label, prediction, times = counts.confusions.select("label", "prediction", "examples").row(0)
        shown.append(components.Tile("Most confused", f"{label} → {prediction}", note=count(times, "time")))
    if large:
        shown.append(components.Tile("A large error", f"over {large}", note="one answer in ten"))
    components.tiles(shown)


def suggestion(one: Suggestion) -> None:
    """One group: the sentence, how sure it is, its ``where``, what to add, and its examples."""
    with st.container(border=True):
        st.markdown(f"**{plain(said.suggestion_sentence(one, found, large=large))}**")
        st.caption(plain(" · ".join(said.suggestion_notes(one))))
        st.code(one.where, language="sql", wrap_lines=True)
        with st.expander("Add it to the specification"):
            addition([one])
        look = {"key": f"group_{one.where}", "type": "tertiary", "on_click": links.choose}
        st.button("Show its examples below ↓", args=("group", one.where), **look)


def addition(chosen: list[Suggestion]) -> None:
    """What to copy into the specification."""
    st.caption("Copy this into the specification's list of behaviours, and give it a name and an owner of your own.")
    written = scenario_yaml(chosen, specification, found, release=place.release)
    st.code(written, language="yaml", wrap_lines=True)


def suggestions() -> None:
    """The groups that stand out, and the YAML of all of them."""
    st.subheader("What they have in common", anchor=False)
    if not found.found:
        return states.nothing("No group stands out", said.nothing_stands_out(found))
    for one in found.found[:FIRST]:
        suggestion(one)
    if len(found.found) > FIRST:
        with st.expander(f"{len(found.found) - FIRST} more"):
            for one in found.found[FIRST:]:
                suggestion(one)
    with st.expander("All of them, to add to the specification"):
        addition(list(found.found))
    return st.caption(said.SEARCHED)


def shares(frame: pl.DataFrame, named: str) -> pl.DataFrame:
    """A table of shares as it is read."""
    rows = [
        {
            named: titled(row["scenario"]) if "scenario" in row else row["class"],
            "Examples": row["examples"],
            EVENTS[event]: row["errors"],
            "Share": value(row["share"], "accuracy"),
            "Interval": "" if row["low"] is None else span(row["low"], row["high"], "accuracy"),
        }
        | ({"Others taken for it": row["taken"]} if "taken" in row else {})
        for row in frame.iter_rows(named=True)
    ]
    return pl.DataFrame(rows, infer_schema_length=None)


def confusions() -> None:
    """The pairs of classes, in sentences and in a table."""
    st.subheader("Which class is taken for which", anchor=False)
    rows = [*counts.confusions.iter_rows(named=True)]
    columns = ("label", "prediction", "examples", "share", "back")
    components.statements(said.confusion_sentence(*(row[name] for name in columns)) for row in rows[:3])
    table = [
        {
            "Label": row["label"],
            "Taken for": row["prediction"],
            "Examples": row["examples"],
            "Share of the label": value(row["share"], "accuracy"),
            "The other way round": row["back"],
            "First ids": ", ".join(row["ids"]),
        }
        for row in rows
    ]
    alt = f"{count(len(rows), 'pair')} of classes that are confused, the most frequent first."
    tables.plain_table(pl.DataFrame(table), key="confusions", alt=alt)


def whereabouts() -> None:
    """Confusions, then errors by class and by scenario."""
    if event == "wrong" and counts.confusions.height:
        confusions()
        st.subheader("By class", anchor=False)
        tables.plain_table(shares(counts.by_class, "Class"), key="by_class", alt="Wrong answers of each class.")
    st.subheader("By scenario", anchor=False)
    alt = f"{EVENTS[event]} of {count(counts.by_scenario.height, 'scenario')}."
    tables.plain_table(shares(counts.by_scenario, "Scenario"), key="by_scenario", alt=alt)


def mistakes() -> None:
    """The mistakes, the surest first, narrowed as the reader asks."""
    group = place.own.get("group")
    listed = cached_errors.mistakes(place.evaluation.id, event, before, group)
    st.subheader("The surest mistakes" if event == "wrong" and not numbers else plain(EVENTS[event]), anchor=False)
    st.caption(plain(said.mistakes_order(listed.by, listed.releases)))
    if group:
        st.text(f"Only where {group}")
        st.button("Show those of all examples", type="tertiary", on_click=links.choose, args=("group", None))
    if not listed.table.height:
        return states.nothing("Nothing to list", "There is no such answer in these examples.")
    ordered_by_id = listed.by == STAYED and listed.releases == 1
    shown = listed.table.drop(listed.order) if ordered_by_id else listed.table
    named = {} if numbers else {"label": listed.label, "prediction": listed.prediction}
    frame = narrowing.narrowed(shown, {kind: column for kind, column in named.items() if column})
    if not frame.height:
        return states.nothing("No such answer", "No example has all that is asked for above.")
    return tables.examples(frame, key="mistakes", alt=count(frame.height, "example"), name="mistakes")


if place.own.get("group") and not usable(place.own["group"]):
    states.check(place, group=[one.where for one in found.found])
compared = place.before.release if comparable else ""
answer = said.suggestions_answer(found, place.release, baseline=compared, large=large)
components.heading(title, answer, context=said.searched(found))
if len(EVENTS) > 1:
    links.kinds("What to look at", {kind: plain(words) for kind, words in EVENTS.items()}, event)
tiles()
suggestions()
whereabouts()
mistakes()
