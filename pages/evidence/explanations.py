"""Explanations: what the errors and the answers of a release depend on, and what drove one answer."""

import polars as pl
import streamlit as st

from plainview.exceptions import InputError
from plainview.narrative import explanations as said
from plainview.quantities import plain, value
from plainview.texts import _, plural
from plainview.ui import cache, cached_errors, cached_explanations, components, explained_answer, links, states, tables
from plainview.ui.plain import plain as inert

WORDS = 15  # that are listed of each kind
GREY = _("Grey bars: not shown to matter.")

place = links.here()
specification, title = (
    cache.specification(place.evaluation.id),
    _("Explanations of {release}").format(release=place.release),
)
if place.evaluation.source is not None:
    components.heading(title, _("Explanations are made of single examples, and those are not in this store."))
    states.rows_elsewhere(place.evaluation)
    st.stop()
try:
    errors = cached_explanations.errors(place.evaluation.id)
    groups = cached_errors.suggestions(place.evaluation.id, "wrong", None) if errors.tells else None
except InputError as error:
    components.heading(title, _("This page is for answers that are right or wrong one by one."))
    states.nothing(_("What it would need"), str(error))
    st.stop()
words = cached_explanations.words(place.evaluation.id)
published = cached_explanations.published(place.evaluation.id)
unit = specification.unit or ""


def tiles() -> None:
    """How well errors can be told apart, what matters most, and what was published."""
    shown = []
    if errors.area is not None:
        note = _("{low:.2f} to {high:.2f}").format(low=errors.low, high=errors.high)
        shown.append(
            components.Tile(_("Errors told apart"), f"{errors.area:.2f}", note=note, help=said.trust_of_errors(errors))
        )
    if errors.telling:
        shown.append(components.Tile(_("Tells most about errors"), errors.telling[0].column, note=_("of all columns")))
    if published.answers is not None and published.answers.columns:
        shown.append(
            components.Tile(_("Matters most to answers"), published.answers.columns[0].column, note=_("when shuffled"))
        )
    if published.local is not None:
        local = published.local
        adds = (
            _("{adds_up:,} of {checked:,} add up").format(adds_up=local.adds_up, checked=local.checked)
            if local.checked
            else _("not known whether they add up")
        )
        shown.append(components.Tile(_("Answers explained"), f"{local.examples:,}", note=adds))
    if shown:
        components.tiles(shown)


def about_errors() -> None:
    """The columns that tell wrong answers from right ones."""
    st.subheader(_("What errors depend on"), anchor=False)
    st.text(said.trust_of_errors(errors))
    if not errors.columns:
        return
    if errors.tells:
        axis = _("What telling errors apart loses without the column, in hundredths of area")
        drawing = cached_explanations.importances(
            place.evaluation.id, "errors", axis=axis, scale=100, unit=_("hundredths")
        )
        components.chart(drawing, key="errors")
        st.caption(inert(" ".join(filter(None, (GREY, said.alike_sentence(errors.alike))))))
    links.link("evidence/errors", _("Where it is wrong, example by example"))


def about_answers() -> None:
    """The columns that answers depend on, where they were published, now and over releases."""
    st.subheader(_("What answers depend on"), anchor=False)
    if published.answers is None:
        states.nothing(
            _("Not published yet"),
            _("With something that answers, each column is shuffled, and how much worse it gets is kept:"),
        )
        line = f"plainview explain {place.project} {place.release} --predict module:function{cache.store_option()}"
        return components.code(line)
    share = published.answers.metric == "accuracy"
    axis = (
        _("More answers that are wrong without it, in points")
        if share
        else _("Further off without it, in {unit}").format(unit=unit or _("units of the label"))
    )
    scale, counted = (100, _("points")) if share else (1, unit)
    st.text(said.answers_sentence(published.answers, place.release, unit))
    drawing = cached_explanations.importances(place.evaluation.id, "answers", axis=axis, scale=scale, unit=counted)
    components.chart(drawing, key="answers")
    st.caption(
        inert(
            " ".join(
                filter(
                    None, (GREY, said.trust_of_answers(published.answers), said.alike_sentence(published.answers.alike))
                )
            )
        )
    )
    line = tuple((one.id, one.release) for one in place.line)
    over = cached_explanations.over_releases(line, axis=axis, scale=scale)
    if over is None:
        return None
    st.subheader(_("Over the releases"), anchor=False)
    return components.chart(over, key="over")


def about_words() -> None:
    """The words that errors and answers go together with."""
    if not words.columns:
        return
    st.subheader(_("Words"), anchor=False)
    st.text(said.words_sentence(words, place.release))
    for about, name in (("wrong", _("Words of errors")), ("answer", _("Words of answers"))):
        found = words.table.filter(pl.col("about") == about).head(WORDS)
        if found.height:
            st.markdown(f"**{name}**")
            shown = [
                {
                    _("Word"): row["word"],
                    _("Answer"): row["answer"] or "",
                    _("Examples with it"): row["examples"],
                    _("Of them"): value(row["share"], "accuracy"),
                    _("Elsewhere"): value(row["elsewhere"], "accuracy"),
                    _("Odds"): f"× {plain(row['odds'])}",
                    _("Interval"): _("{low} to {high}").format(low=plain(row["low"]), high=plain(row["high"])),
                }
                for row in found.iter_rows(named=True)
            ]
            alt = plural(
                "{count} word, those first that it is surest of.",
                "{count} words, those first that it is surest of.",
                len(shown),
            )
            tables.plain_table(pl.DataFrame(shown), key=f"words_{about}", alt=alt)
    rate = _("Of all words that were tried, at most one in twenty of those named is chance.")
    st.caption(rate + " " + _("Odds: how much likelier than elsewhere, as an odds ratio."))


wrong = _("{number:,} large errors") if specification.task == "regression" else _("{number:,} wrong")
answer = said.explanations_answer(errors, groups, place.release)
components.heading(
    title,
    answer,
    context=" · ".join(
        [plural("{count} example", "{count} examples", errors.examples), wrong.format(number=errors.errors)]
    ),
)
tiles()
about_errors()
about_words()
about_answers()
explained_answer.show(place, published)
for reason in published.unreadable:
    st.caption(inert(_("Something that was published cannot be read: {reason}.").format(reason=reason)))
st.subheader(_("What this does not say"), anchor=False)
st.text(said.NOT_SAID)
