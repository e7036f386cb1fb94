"""What if: change an example and see whether the answer moves; keep what was found, and examples for the next test set."""

import io

import polars as pl
import streamlit as st

from plainview.exceptions import InputError
from plainview.narrative import what_if as said
from plainview.quantities import count
from plainview.ui import access, cache, cached_what_if, changing, components, links, states, tables, writing
from plainview.ui.plain import plain
from plainview.what_if import saved
from plainview.what_if.live import live

MOST = 200  # examples to choose from
TASKS = ("classification", "regression")

place = links.here()
evaluation, specification = place.evaluation, cache.specification(place.evaluation.id)
project, release, title = evaluation.project, place.release, f"What if, {place.release}"
if evaluation.source is not None:
    components.heading(title, "An example is changed here, and the examples are not in this store.")
    states.rows_elsewhere(evaluation)
    st.stop()
if specification.task not in TASKS:
    components.heading(title, "This page is for answers that are one class or one number.")
    states.nothing("What it would need", f"The task of this project is {specification.task}.")
    st.stop()
numbers, columns = specification.task == "regression", specification.columns
data = cached_what_if.table(evaluation.id)
ids = data.examples[columns.id].to_list()
states.check(place, example=ids)
at = ids.index(place.own["example"]) if place.own.get("example") else 0
row = data.examples.row(at, named=True)
published = None if data.answers[at] is None else said.plain(data.answers[at]) if numbers else data.answers[at]
kinds = {name: data.examples.schema[name] for name in data.features}
changes = changing.changes(place.own.get(changing.PARAMETER, ""), row, kinds)
unit = specification.unit or ""


def registered():
    """The live model that answers for this release, and why there is none."""
    try:
        found = live(project)
    except InputError as error:
        return None, str(error)
    if found is not None and not found.answers_for(release):
        return None, said.other_release(str(found.how.release), release)
    return found, "" if found else said.STANDING_IN


def asked(model) -> tuple[str, saved.Analysis, str]:
    """The answer of a live model; the analysis; and what else there is to know."""
    values = tuple((name, new) for name, (_, new) in changes.items())
    answers = cached_what_if.asked(model, evaluation.id, values, at)
    before, after = answers.said()
    scores = None
    if answers.probabilities is not None:
        chances = answers.score(after, "This page")
        scores = (float(chances[0]), float(chances[1]), after)
    doubt = said.live_differs(release, published, before) if published not in (None, before) else ""
    sentence = said.live_answer(changes, release, before, after, numbers=numbers, unit=unit, scores=scores)
    watched = {"score_before": scores[0], "score": scores[1]} if scores else {}
    return (
        sentence,
        saved.Analysis(row[columns.id], changes, before, after, "live", asked=model.named, **watched),
        doubt,
    )


def stood_in() -> tuple[str, saved.Analysis, pl.DataFrame]:
    """The nearest published examples, and what was answered to them."""
    wanted = {name: changes[name][1] if name in changes else row[name] for name in data.features}
    rows = cached_what_if.near(evaluation.id, wanted, at)
    found = rows["Answer"].to_list()
    sentence = said.near_answer(changes, release, published, found, unit=unit)
    known = [each for each in found if each is not None]
    top = (
        said.plain(sum(known) / len(known))
        if numbers and known
        else max(dict.fromkeys(known), key=known.count, default="")
    )
    return sentence, saved.Analysis(row[columns.id], changes, published or "", str(top), "nearest"), rows


def choose() -> None:
    """Which example: by its id, or by what is written in it."""
    left, right = st.columns(2)
    with left:
        sought = links.text("Search", "search", placeholder="An id, or text of an example")
    texts = [columns.id, *(name for name in data.features if kinds[name] == pl.String)]
    found = data.examples.with_row_index("_at")
    if sought:
        holds = [pl.col(name).str.to_lowercase().str.contains(sought.lower(), literal=True) for name in texts]
        found = found.filter(pl.any_horizontal(holds))
    options = found[columns.id].head(MOST).to_list()
    with right:
        shown = options if row[columns.id] in options else [row[columns.id], *options]
        links.picker("Example", "example", shown, row[columns.id], forgets=(changing.PARAMETER,))
    if sought:
        st.caption(
            f"{count(found.height, 'example')} found"
            + (f", the first {MOST} to choose from." if found.height > MOST else ".")
        )


def keep(analysis: saved.Analysis) -> None:
    """The form that keeps an analysis as evidence."""
    if not access.may("contribute", project):
        return
    with st.form("keep", clear_on_submit=True):
        st.markdown("**Keep it as evidence**")
        note = st.text_area("What it shows", max_chars=2_000, height=80)
        right = ""
        if columns.label is not None:
            right = st.text_input("What the answer should be", placeholder="Not known", max_chars=200)
        if st.form_submit_button("Keep it", type="primary"):
            rows = cached_what_if.pair(evaluation.id, {name: new for name, (_, new) in changes.items()}, at)
            given = {"note": note, "label": right}
            try:
                writing.written(
                    project, lambda person: saved.save(cache.store(), evaluation, analysis, rows, **given, actor=person)
                )
                st.success("Kept.")
            except InputError as error:
                st.error(plain(error))


def kept() -> None:
    """What was kept of this release, and the next version of the test set."""
    events = cache.events(project, kind=saved.KIND, release=release)
    st.subheader("Kept of this release", anchor=False)
    if not events:
        return states.nothing("Nothing is kept yet", "An analysis that is kept counts as evidence of this release.")
    rows = [
        {
            "When": f"{event.at:%Y-%m-%d}",
            "By": event.actor,
            "Example": str(event.body.get("example", "")),
            "Answer before": str(event.body.get("before", "")),
            "Answer": str(event.body.get("after", "")),
            "From": "a live model" if event.body.get("source") == "live" else "the nearest examples",
            "Should be": str(event.body.get("label", "")),
            "Note": str(event.body.get("note", "")),
        }
        for event in reversed(events)
    ]
    tables.plain_table(pl.DataFrame(rows), key="kept", alt=f"{count(len(rows), 'analysis', 'analyses')} kept.")
    made = sum(isinstance(event.body.get("label"), str) for event in events)
    st.text(said.extended_sentence(made, len(events)))
    if made:
        if columns.metadata is not None and saved.ORIGIN not in columns.metadata:
            st.text("The specification lists the columns that are kept: add origin to columns.metadata.")
        st.download_button(
            "Download the test set (Parquet)",
            lambda: _parquet(saved.extended(cache.store(), evaluation, specification, events)[0]),
            f"{project}-what-if.parquet",
            "application/vnd.apache.parquet",
            on_click="ignore",
        )
    return None


def _parquet(frame: pl.DataFrame) -> bytes:
    held = io.BytesIO()
    frame.write_parquet(held)
    return held.getvalue()


model, why = registered()
analysis, rows, doubt = None, None, ""
answer = said.unchanged(row[columns.id], release, published, unit=unit if numbers else None)
if changes and model is not None:
    try:
        answer, analysis, doubt = asked(model)
    except InputError as error:
        model, why = None, f"The live model could not be asked: {error} Published examples stand in."
if changes and model is None:
    answer, analysis, rows = stood_in()
components.heading(title, answer, context=f"Asked live: {model.named}" if model else "")
if doubt:
    components.explained(components.state("Watch"), doubt)
if model is None:
    st.text(why)
    if why == said.STANDING_IN:
        st.caption(said.OFF)
choose()
if columns.label in row and row[columns.label] is not None:
    st.caption(plain(f"Its label is {row[columns.label]}."))
changing.boxes(data.examples, row, data.features, changes)
if changes:
    st.button("Back to the example as it is", type="tertiary", on_click=links.choose, args=(changing.PARAMETER, None))
if rows is not None:
    st.subheader("The nearest published examples", anchor=False)
    st.caption("Distance: 0 is the same in every column, 1 as far as can be in all of them.")
    tables.examples(rows, key="near", alt=count(rows.height, "nearest published example") + ".", name="nearest")
if analysis is not None:
    keep(analysis)
kept()
