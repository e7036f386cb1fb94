"""Errors: where is this release wrong, what do its errors have in common, and which was it surest of?"""

import polars as pl
import streamlit as st

from plainview.charts.rows import titled
from plainview.errors.additions import scenario_yaml
from plainview.errors.suggestions import Suggestion
from plainview.exceptions import InputError
from plainview.narrative.suggestions import (
    SEARCHED,
    confusion_sentence,
    group_phrase,
    large_error,
    mistakes_order,
    suggestion_sentence,
    suggestions_answer,
)
from plainview.quantities import count, span, value
from plainview.ui import cache, cached_errors, components, links, states, tables
from plainview.ui.plain import plain

FIRST = 6  # suggestions that are shown at once; the rest is folded
MOST_VALUES = 200  # values of a column to choose from

place = links.here()
specification, title = cache.specification(place.evaluation.id), f"Errors of {place.release}"
if place.evaluation.source is not None:
    components.heading(title, "Errors are looked for example by example, and the examples are not in this store.")
    states.rows_elsewhere(place.evaluation)
    st.stop()

others = place.before is not None and place.before.id != place.evaluation.id and place.before.source is None
EVENTS = {"wrong": "Wrong answers"}
if others:
    EVENTS |= {"broke": f"Broke since {place.before.release}", "fixed": f"Fixed since {place.before.release}"}
asked = place.own.get("kind")
event = asked if asked in EVENTS else "wrong"
before = place.before.id if event != "wrong" else None
try:
    found = cached_errors.suggestions(place.evaluation.id, event, before)
except InputError as error:
    components.heading(title, "This page is for answers that are right or wrong one by one.")
    states.nothing("What it would need", str(error))
    st.stop()
counts = cached_errors.counts(place.evaluation.id, event, before)
large = large_error(found.bar, specification.unit or "")
groups = {str(number): one for number, one in enumerate(found.found, start=1)}
states.check(place, group=groups)


def tiles() -> None:
    """How many, of how many, and what was looked through."""
    share = value(found.errors / found.examples if found.examples else None, "accuracy")
    shown = [
        components.Tile(EVENTS[event], f"{found.errors:,}", note=f"of {found.examples:,} · {share}"),
        components.Tile("Groups that stand out", f"{len(found.found):,}", note=f"of {found.tried:,} tried"),
    ]
    if counts.confusions.height:
        top = counts.confusions.row(0, named=True)
        shown.append(components.Tile("Most confused", f"{top['label']} → {top['prediction']}", note=f"{top['examples']:,}"))
    if large:
        shown.append(components.Tile("A large error", f"over {large}", note="one in ten answers"))
    components.tiles(shown)


def suggestion(number: str, one: Suggestion) -> None:
    """One group: the sentence, how sure it is, its where, what to add, and its examples."""
    with st.container(border=True):
        st.markdown(f"**{plain(suggestion_sentence(one, event, large=large))}**")
        low, high = span(one.low, one.high, "accuracy"), span(*one.difference, "accuracy")
        notes = [f"{value(one.share, 'accuracy')} ({low})", f"{high.replace('%', ' points', 1)} above elsewhere"]
        st.caption(plain(" · ".join(notes[:1] + told(one))))
        st.code(one.where, language="sql", wrap_lines=True)
        with st.expander("Add it to the specification"):
            st.code(scenario_yaml([one], specification, found, release=place.release), language="yaml", wrap_lines=True)
        links.link("evidence/errors", f"Its {count(one.errors, 'example')}") if False else None
        st.button("Show its examples", key=f"group_{number}", type="tertiary", on_click=links.choose, args=("group", number))


def told(one: Suggestion) -> list[str]:
    """What else there is to say of a group."""
    notes = [f"adjusted p {one.p:.2g}"]
    notes += [f"{count(one.merged, 'similar group')} merged into it"] if one.merged else []
    return notes + ([f"nearly the same as the scenario “{one.already}”"] if one.already else [])


def suggestions() -> None:
    """The groups that stand out, and the YAML of all of them."""
    st.subheader("What the errors have in common", anchor=False)
    if not found.found:
        tried = f"{found.tried:,} groups of {found.minimum:,} examples or more were tried on {count(len(found.columns), 'column')}"
        return states.nothing("No group stands out", f"{tried}; in none are errors clearly more frequent than elsewhere.")
    for number, one in list(groups.items())[:FIRST]:
        suggestion(number, one)
    if len(groups) > FIRST:
        with st.expander(f"{len(groups) - FIRST} more"):
            for number, one in list(groups.items())[FIRST:]:
                suggestion(number, one)
    with st.expander("All of them, to add to the specification"):
        st.code(scenario_yaml(found.found, specification, found, release=place.release), language="yaml", wrap_lines=True)
    return st.caption(SEARCHED)


def shares(frame: pl.DataFrame, named: str) -> pl.DataFrame:
    """A table of shares as it is read."""
    rows = [
        {
            named: titled(row[named.lower()]) if named == "Scenario" else row[named.lower()],
            "Examples": row["examples"],
            EVENTS[event]: row["errors"],
            "Share": value(row["share"], "accuracy"),
            "Interval": "" if row["low"] is None else span(row["low"], row["high"], "accuracy"),
        }
        | ({"Others taken for it": row["taken"]} if "taken" in row else {})
        for row in frame.iter_rows(named=True)
    ]
    return pl.DataFrame(rows, infer_schema_length=None)


def whereabouts() -> None:
    """Confusions, then errors by class and by scenario."""
    if event == "wrong" and counts.confusions.height:
        st.subheader("Which class is taken for which", anchor=False)
        columns = ("label", "prediction", "examples", "share", "back")
        components.statements(confusion_sentence(*row) for row in counts.confusions.select(columns).head(3).iter_rows())
        rows = counts.confusions.with_columns(pl.col("ids").list.join(", "))
        shown = rows.select(
            Label="label",
            Taken_for="prediction",
            Examples="examples",
            Share=pl.col("share").map_elements(lambda share: value(share, "accuracy"), return_dtype=pl.String),
            Other_way_round="back",
            First_ids="ids",
        ).rename(lambda name: name.replace("_", " "))
        tables.plain_table(shown, key="confusions", alt=f"{shown.height} pairs of classes that are confused.")
    if event == "wrong" and counts.by_class.height:
        st.subheader("By class", anchor=False)
        tables.plain_table(shares(counts.by_class, "Class"), key="by_class", alt="Errors of each class.")
    st.subheader("By scenario", anchor=False)
    tables.plain_table(shares(counts.by_scenario, "Scenario"), key="by_scenario", alt="Errors of each scenario.")


def narrowed(frame: pl.DataFrame, label: str | None, prediction: str) -> pl.DataFrame:
    """The mistakes that the reader asks for: by label, prediction, a value of any column, and text."""
    named = {"label": label, "prediction": prediction}
    boxes = st.columns(4)
    for box, (kind, column) in zip(boxes, named.items(), strict=False):
        if column is not None and specification.task != "regression":
            frame = picked(frame, box, kind.capitalize(), kind, column)
    rest = [name for name in frame.columns if name not in named.values()]
    states.check(place, column=rest)
    with boxes[2]:
        links.picker("Column", "column", rest, place.own.get("column"), placeholder="Any", clears=True, forgets=("value",))
    if place.own.get("column"):
        frame = picked(frame, boxes[3], "Value", "value", place.own["column"])
    sought = links.text("Search", "search", placeholder="Text in any column")
    if sought:
        cells = [pl.col(name).cast(pl.String).str.to_lowercase() for name in tables.texts(frame).columns]
        frame = tables.texts(frame).filter(pl.any_horizontal([cell.str.contains(sought.lower(), literal=True) for cell in cells]))
    return frame


def picked(frame: pl.DataFrame, box, label: str, parameter: str, column: str) -> pl.DataFrame:
    """A box with the values of a column, the most frequent first, and the rows that have the one that is chosen."""
    texts = frame[column].cast(pl.String, strict=False).fill_null(tables.MISSING)
    options = texts.value_counts(sort=True)[column].head(MOST_VALUES).to_list()
    asked = place.own.get(parameter)
    states.check(place, **{parameter: [*options, *([asked] if asked in texts else [])]})
    with box:
        links.picker(label, parameter, options, asked, placeholder="Any", clears=True)
    return frame.filter(texts == asked) if asked else frame


def mistakes() -> None:
    """The mistakes, the surest first, narrowed as the reader asks."""
    group = groups.get(place.own.get("group", ""))
    listed = cached_errors.mistakes(place.evaluation.id, event, before, group.where if group else None)
    st.subheader("The surest mistakes" if event == "wrong" else EVENTS[event], anchor=False)
    st.caption(plain(mistakes_order(listed.by, listed.releases, listed.probabilities)))
    if group:
        st.markdown(f"Only examples {plain(group_phrase(group.conditions))}.")
        st.button("Show those of all examples", type="tertiary", on_click=links.choose, args=("group", None))
    frame = narrowed(listed.table, listed.label, listed.prediction)
    if not frame.height:
        return states.nothing("No such mistake", "No wrong answer has all that is asked for above.")
    return tables.examples(frame, key="mistakes", alt=f"{frame.height} wrong answers.", name="mistakes")


answer = suggestions_answer(found, place.release, baseline=place.before.release if others else "", large=large)
context = [count(found.examples, "example"), f"found with a false discovery rate of {found.rate:.0%}"]
components.heading(title, answer, context=" · ".join(context))
if len(EVENTS) > 1:
    links.kinds("What to look at", EVENTS, event)
tiles()
suggestions()
whereabouts()
mistakes()
