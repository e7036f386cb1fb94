"""What if: change an example and see whether the answer moves; keep what was found, and examples for the next test set."""

import polars as pl
import streamlit as st

from plainview.exceptions import InputError
from plainview.narrative import what_if as said
from plainview.texts import _, plural
from plainview.ui import cache, cached_what_if, changing, components, kept_what_if, links, states, tables
from plainview.ui.plain import plain
from plainview.what_if import saved
from plainview.what_if.live import live

MOST = 200  # examples to choose from
TASKS = ("classification", "regression")

place = links.here()
evaluation, specification = place.evaluation, cache.specification(place.evaluation.id)
project, release, title = evaluation.project, place.release, _("What if, {release}").format(release=place.release)
if evaluation.source is not None:
    components.heading(title, _("An example is changed here, and the examples are not in this store."))
    states.rows_elsewhere(evaluation)
    st.stop()
if specification.task not in TASKS:
    components.heading(title, _("This page is for answers that are one class or one number."))
    states.nothing(_("What it would need"), _("The task of this project is {task}.").format(task=specification.task))
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
    values = tuple((name, new) for name, (old, new) in changes.items())
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
    found = rows[_("Answer")].to_list()
    sentence = said.near_answer(changes, release, published, found, unit=unit)
    known = [each for each in found if each is not None]
    top = (
        said.plain(sum(known) / len(known))
        if numbers and known
        else max(dict.fromkeys(known), key=known.count, default="")
    )
    return sentence, saved.Analysis(row[columns.id], changes, published or "", str(top), "nearest"), rows


def moved_over(model, after: str) -> None:
    """The column that was changed last, if it is one of numbers, over its whole range."""
    moved = [name for name in changes if kinds[name].is_numeric() and changes[name][1] is not None]
    values = tuple((name, new) for name, (old, new) in changes.items())
    if not moved or not (numbers or cached_what_if.asked(model, evaluation.id, values, at).classes):
        return
    column = moved[-1]
    points = cached_what_if.sweep(model, evaluation.id, values, at, column, None if numbers else after)
    what = unit or _("answer") if numbers else _("probability of {after}").format(after=after)
    before, now = changes[column]
    drawn = cached_what_if.drawn(points, column=column, before=before, now=now, what=what, share=not numbers)
    st.subheader(_("As {column} moves, all else as above").format(column=plain(column)), anchor=False)
    components.chart(drawn, key="sweep")
    st.caption(plain(drawn[1]))


def choose() -> None:
    """Which example: by its id, or by what is written in it."""
    left, right = st.columns(2)
    with left:
        sought = links.text(_("Search"), "search", placeholder=_("An id, or text of an example"))
    texts = [columns.id, *(name for name in data.features if kinds[name] == pl.String)]
    found = data.examples.with_row_index("_at")
    if sought:
        holds = [pl.col(name).str.to_lowercase().str.contains(sought.lower(), literal=True) for name in texts]
        found = found.filter(pl.any_horizontal(holds))
    options = found[columns.id].head(MOST).to_list()
    with right:
        shown = options if row[columns.id] in options else [row[columns.id], *options]
        links.picker(_("Example"), "example", shown, row[columns.id], forgets=(changing.PARAMETER,))
    if sought:
        st.caption(
            plural("{count} example found", "{count} examples found", found.height)
            + (_(", the first {most} to choose from.").format(most=MOST) if found.height > MOST else ".")
        )


model, why = registered()
analysis, rows, doubt = None, None, ""
answer = said.unchanged(row[columns.id], release, published, unit=unit if numbers else None)
if changes and model is not None:
    try:
        answer, analysis, doubt = asked(model)
    except InputError as error:
        model, why = (
            None,
            _("The live model could not be asked: {error} Published examples stand in.").format(error=error),
        )
if changes and model is None:
    answer, analysis, rows = stood_in()
components.heading(title, answer, context=_("Asked live: {model}").format(model=model.named) if model else "")
if doubt:
    components.explained(components.state("Watch"), doubt)
if model is None:
    st.text(why)
    if why == said.STANDING_IN:
        st.caption(said.OFF)
choose()
if columns.label in row and row[columns.label] is not None:
    st.caption(plain(_("Its label is {label}.").format(label=row[columns.label])))
changing.boxes(data.examples, row, data.features, changes)
if changes:
    st.button(
        _("Back to the example as it is"), type="tertiary", on_click=links.choose, args=(changing.PARAMETER, None)
    )
if model is not None and analysis is not None:
    try:
        moved_over(model, analysis.after)
    except InputError as error:
        st.text(_("Over its range it could not be asked: {error}").format(error=error))
if rows is not None:
    st.subheader(_("The nearest published examples"), anchor=False)
    st.caption(_("Distance: 0 is the same in every column, 1 as far as can be in all of them."))
    tables.examples(
        rows,
        key="near",
        alt=plural("{count} nearest published example.", "{count} nearest published examples.", rows.height),
        name="nearest",
    )
if analysis is not None:
    made = cached_what_if.pair(evaluation.id, {name: new for name, (old, new) in changes.items()}, at)
    kept_what_if.keep(evaluation, specification, analysis, made)
kept_what_if.kept(evaluation, specification)
