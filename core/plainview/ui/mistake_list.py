"""The list of mistakes: narrowed and sorted as the reader asks, and what they note of those that they marked."""

import polars as pl
import streamlit as st

from plainview.errors.groups import MOST_IDS
from plainview.errors.judged import Event
from plainview.errors.mistakes import STAYED
from plainview.errors.patterns import patterns_in
from plainview.errors.tags import keep_tag, tags_in
from plainview.narrative import patterns as said
from plainview.narrative import suggestions
from plainview.reviews import MISTAKES, keep_review
from plainview.texts import _, plural
from plainview.ui import cache, cached_notes, links, narrowing, noting, pattern_form, states, tables
from plainview.ui.cached_notes import Noted

Chosen = dict[str, dict]  # what is read → where or ids


def show(event: Event, before: str | None, title: str, *, numbers: bool) -> None:
    """The mistakes of the release that is looked at, of a group or a tag where the address names one."""
    place, group = links.here(), links.here().own.get("group")
    noted = cached_notes.noted(place.evaluation.id, event, before, group)
    st.subheader(title, anchor=False)
    st.caption(suggestions.mistakes_order(noted.listed.by, noted.listed.releases))
    if group:
        st.text(_("Only where {group}").format(group=group))
        st.button(_("Show those of all examples"), type="tertiary", on_click=links.choose, args=("group", None))
    if not noted.table.height:
        return states.nothing(_("Nothing to list"), _("There is no such answer in these examples."))
    rows = _tagged(noted)
    named = {} if numbers else {"label": noted.listed.label, "prediction": noted.listed.prediction}
    frame = narrowing.narrowed(_shown(rows, noted), {kind: column for kind, column in named.items() if column})
    if not frame.height:
        return states.nothing(_("No such answer"), _("No example has all that is asked for above."))
    alt = plural("{count} example", "{count} examples", frame.height)
    looked = tables.examples(frame, key="mistakes", alt=alt, name="mistakes", several=event == "wrong" and noting.may())
    if event == "wrong":
        _noting(noted, frame, looked, group)
    return None


def _shown(rows: pl.DataFrame, noted: Noted) -> pl.DataFrame:
    """The columns that say something: what people noted, right after the answer."""
    listed = noted.listed
    hidden = [listed.order] if listed.by == STAYED and listed.releases == 1 else []
    hidden += [name for name in (noted.seen, noted.tags) if noted.table[name].null_count() == noted.table.height]
    mine = [name for name in (noted.seen, noted.tags) if name not in hidden]
    rest = [name for name in rows.columns if name not in (*hidden, *mine)]
    at = rest.index(listed.prediction) + 1
    return rows.select(*rest[:at], *mine, *rest[at:])


def _tagged(noted: Noted) -> pl.DataFrame:
    """The rows of the tag or the pattern that the address names; all of them where it names none."""
    place = links.here()
    events = cache.events(place.project)
    groups = {each.name: each.group for each in [*patterns_in(events), *tags_in(events)] if each.group}
    asked = place.own.get("tag")
    states.check(place, tag=groups)
    if groups:
        links.picker(_("Tag or pattern"), "tag", list(groups), asked, placeholder=_("Any"), clears=True)
    if not asked:
        return noted.table
    mask = cached_notes.held(groups[asked], noted.table, cache.specification(place.evaluation.id))
    return noted.table.filter(pl.Series(mask))


def _noting(noted: Noted, frame: pl.DataFrame, looked: tables.Looked, group: str | None) -> None:
    """What there is to note: that one has seen them, a tag, a pattern."""
    everything = noted.table.height
    st.caption(said.seen_of(everything - noted.table[noted.seen].null_count(), everything))
    noting.review(MISTAKES, "the mistakes", one="mistake")
    if not noting.may():
        return
    column = cache.specification(links.here().evaluation.id).columns.id
    marked, page, listed = looked.marked[column], looked.page[column], frame[column]
    ids = {
        plural("The {count} marked example", "The {count} marked examples", len(marked)): marked,
        plural("The {count} example on this page", "The {count} examples on this page", len(page)): page,
        plural("All {count} example that are listed", "All {count} examples that are listed", len(listed)): listed,
    }
    chosen = {
        name: {"ids": found.cast(pl.String).to_list()} for name, found in ids.items() if 0 < len(found) <= MOST_IDS
    }
    conditions = {_("Every example where {group}").format(group=group): {"where": group}} if group else {}
    with st.container(horizontal=True):
        with st.popover(_("I have seen them"), icon=":material/visibility:"):
            _seen(chosen)
        with st.popover(_("Tag them"), icon=":material/sell:"):
            _tag(conditions | chosen)
        with st.popover(_("Document a pattern"), icon=":material/bug_report:"):
            pattern_form.document(conditions | chosen)
    links.link("evidence/patterns", _("Error patterns and tags"))


def _seen(chosen: Chosen) -> None:
    place = links.here()
    with st.form(noting.key("seen"), border=False):
        which = st.selectbox(_("Which examples"), list(chosen))
        note = st.text_area(_("Note"), placeholder=_("What did you find?"), max_chars=2_000, height=80)
        if st.form_submit_button(_("I have looked at them")):
            given = {"note": note, **chosen[which]}
            words = plural(
                "Kept: you have looked at {count} mistake.",
                "Kept: you have looked at {count} mistakes.",
                len(chosen[which]["ids"]),
            )
            noting.keep(lambda who: keep_review(cache.store(), place.evaluation, MISTAKES, actor=who, **given), words)


def _tag(chosen: Chosen) -> None:
    place = links.here()
    with st.form(noting.key("tag"), border=False):
        which = st.selectbox(_("Which examples"), list(chosen), key=noting.key("tag_which"))
        name = st.text_input(_("Name of the tag"), placeholder=_("Sarcasm"), max_chars=200)
        note = st.text_area(_("Note"), key=noting.key("tag_note"), max_chars=2_000, height=80)
        if st.form_submit_button(_("Tag them")):
            given = {"name": name, "note": note, **chosen[which]}
            noting.keep(
                lambda who: keep_tag(cache.store(), place.evaluation, actor=who, **given),
                _("Tagged: {name}").format(name=name),
            )
