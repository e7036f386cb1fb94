"""Errors: where a release is wrong, what its errors have in common, and which of them it was surest of."""

import streamlit as st

from plainview.exceptions import InputError, PredicateError
from plainview.narrative import suggestions as said
from plainview.predicates import parse_predicate
from plainview.quantities import value
from plainview.texts import _
from plainview.ui import cache, cached_errors, components, links, mistake_list, noting, states, suggested, whereabouts
from plainview.ui.plain import plain

place = links.here()
specification, title = cache.specification(place.evaluation.id), _("Errors of {release}").format(release=place.release)
if place.evaluation.source is not None:
    components.heading(title, _("Errors are looked for example by example, and the examples are not in this store."))
    states.rows_elsewhere(place.evaluation)
    st.stop()

comparable = place.before is not None and place.before.id != place.evaluation.id and place.before.source is None
numbers = specification.task == "regression"
EVENTS = {"wrong": _("Large errors") if numbers else _("Wrong answers")}
if comparable:
    moves = (
        (_("Further off than {release}"), _("Closer than {release}"))
        if numbers
        else (_("Broke since {release}"), _("Fixed since {release}"))
    )
    EVENTS |= {
        kind: move.format(release=place.before.release) for kind, move in zip(("broke", "fixed"), moves, strict=True)
    }
event = place.own.get("kind") if place.own.get("kind") in EVENTS else "wrong"
before = place.before.id if event != "wrong" else None
try:
    found = cached_errors.suggestions(place.evaluation.id, event, before)
except InputError as error:
    components.heading(title, _("This page is for answers that are right or wrong one by one."))
    states.nothing(_("What it would need"), str(error))
    st.stop()
large = said.large_error(found.bar, specification.unit or "")


def usable(where: str | None) -> bool:
    """Whether a group that the address names can be looked at."""
    try:
        return bool(where) and parse_predicate(where).columns <= set(place.evaluation.test_set.columns)
    except PredicateError:
        return False


def tiles() -> None:
    """How many, of how many, and what was looked through."""
    counts = cached_errors.counts(place.evaluation.id, event, before)
    share = value(found.errors / found.examples if found.examples else None, "accuracy")
    shown = [
        components.Tile(
            EVENTS[event],
            f"{found.errors:,}",
            note=_("of {examples:,} · {share}").format(examples=found.examples, share=share),
        ),
        components.Tile(
            _("Groups that stand out"), f"{len(found.found):,}", note=_("of {tried:,} tried").format(tried=found.tried)
        ),
    ]
    if event == "wrong" and counts.confusions.height:
        label, prediction, times = counts.confusions.select("label", "prediction", "examples").row(0)
        shown.append(components.Tile(_("Most confused"), f"{times:,}", note=f"{label} → {prediction}"))
    if large:
        shown.append(
            components.Tile(_("A large error"), _("over {large}").format(large=large), note=_("one answer in ten"))
        )
    components.tiles(shown)


if place.own.get("group") and not usable(place.own["group"]):
    states.check(place, group=[one.where for one in found.found])
noting.said()
compared = place.before.release if comparable else ""
answer = said.suggestions_answer(found, place.release, baseline=compared, large=large)
components.heading(title, answer, context=said.searched(found))
if len(EVENTS) > 1:
    links.kinds(_("What to look at"), {kind: plain(words) for kind, words in EVENTS.items()}, event)
tiles()
suggested.show(found, large=large)
whereabouts.show(event, before, what=EVENTS[event])
surest = _("The surest mistakes") if event == "wrong" and not numbers else plain(EVENTS[event])
mistake_list.show(event, before, surest, numbers=numbers)
