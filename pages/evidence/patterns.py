"""Error patterns: the kinds of mistakes that are known, who answers for each, and whether it is still there; and tags."""

import polars as pl
import streamlit as st

from plainview.errors.additions import Addition, group_yaml
from plainview.errors.patterns import KIND, UPDATE, Pattern, patterns_in
from plainview.errors.tags import KIND as TAG
from plainview.errors.tags import keep_tag, remove_tag, tags_in
from plainview.narrative import patterns as said
from plainview.quantities import span, value
from plainview.texts import _, plural
from plainview.ui import (
    cache,
    cached_errors,
    cached_notes,
    codes,
    components,
    links,
    noting,
    pattern_form,
    states,
    tables,
)
from plainview.ui.plain import plain

FIRST = 5  # patterns that are shown at once, with a chart each; the rest is folded
LAST = 12  # releases in which a pattern is followed
MARKS = {"open": "orange", "being worked on": "blue", "fixed": "gray", "accepted": "gray"}

place = links.here()
title, specification = (
    _("Error patterns of {release}").format(release=place.release),
    cache.specification(place.evaluation.id),
)
if reason := cached_errors.why_not(place.evaluation):
    components.heading(title, _("This page is for answers that are right or wrong one by one."))
    states.nothing(_("What it would need"), reason)
    st.stop()

events = [each for kind in (KIND, UPDATE, TAG) for each in cache.events(place.project, kind=kind)]
patterns, tags = patterns_in(events), tags_in(events)
position = [one.id for one in place.line].index(place.evaluation.id)
line = place.line[max(position - LAST + 1, 0) : position + 1]
table = cached_notes.standings(patterns, tuple(one.id for one in line))
latest = {row["pattern"]: row for row in table.iter_rows(named=True)}  # the last of each is of this release
now = [latest[each.id] for each in patterns]


def tiles() -> None:
    """How many there are, and how many are still seen."""
    still = sum(bool(row["errors"]) for row in now)
    opened = sum(each.status in said.OPEN for each in patterns)
    wrong = sum(row["errors"] or 0 for row in now)
    components.tiles(
        [
            components.Tile(
                _("Documented patterns"),
                f"{len(patterns):,}",
                note=_("{opened:,} unresolved").format(opened=opened),
            ),
            components.Tile(
                _("Still seen in {release}").format(release=place.release),
                f"{still:,}",
                note=plural("{count} example wrong", "{count} examples wrong", wrong),
            ),
            components.Tile(_("Tags"), f"{len(tags):,}"),
        ]
    )


def card(pattern: Pattern, row: dict, *, drawn: bool) -> None:
    """One pattern: what it is, how it stands, with a chart of its releases where it is ``drawn``, and what to do with it."""
    with st.container(border=True):
        mark = f":{MARKS[pattern.status]}-badge[{codes.read(pattern.status)}]"
        st.markdown(f"**{plain(pattern.name)}** {mark}  \n{plain(said.pattern_sentence(pattern, row))}")
        st.text(pattern.note)
        st.caption(plain(said.pattern_notes(pattern)))
        if pattern.link:
            st.text(_("Link: {link}").format(link=pattern.link))
        mine = [
            each for each in table.filter(pl.col("pattern") == pattern.id).iter_rows(named=True) if each["examples"]
        ]
        if len(mine) > 1 and drawn:
            components.chart(cached_notes.pattern_drawing(mine), key=f"pattern_{pattern.id}")
        actions(pattern)


def actions(pattern: Pattern) -> None:
    """Its examples, its scenario, its status."""
    if pattern.group is not None:
        links.go("evidence/errors", _("Its examples"), links.carried() | {"tag": pattern.name})
        with st.expander(_("Guard it with a scenario")):
            addition([Addition(pattern.name, pattern.group, pattern.note)], "Known error patterns", pattern.owner)
    if noting.may():
        with st.expander(_("Change its status, owner or note")):
            pattern_form.update(pattern)


def addition(chosen: list[Addition], behaviour: str, owner: str | None = None) -> None:
    """What to copy into the specification."""
    st.caption(_("Copy this into the specification's list of behaviours: it is measured from the next evaluation on."))
    st.code(group_yaml(chosen, specification, behaviour=behaviour, owner=owner), language="yaml", wrap_lines=True)


def tagged() -> None:
    """Every tag with its examples and errors, and the scenarios that they make."""
    st.subheader(_("Tags"), anchor=False)
    if noting.may():
        with st.expander(_("Tag examples by a condition")):
            by_condition()
    if not tags:
        return states.nothing(
            _("No tag yet"), _("Mark examples on the page Errors and tag them, or keep a property there as one.")
        )
    counts = {row["name"]: row for row in cached_notes.tag_counts(place.evaluation.id).iter_rows(named=True)}
    rows = [
        {
            _("Tag"): each.name,
            _("Examples"): counts[each.name]["examples"],
            _("Wrong"): counts[each.name]["errors"],
            _("Share"): value(counts[each.name]["share"], "accuracy"),
            _("Interval"): span(*ends, "accuracy")
            if None not in (ends := [counts[each.name][end] for end in ("low", "high")])
            else "",
            _("Which"): each.group.where
            or plural("{count} pinned example", "{count} pinned examples", len(each.group.ids)),
            _("Given by"): each.by,
            _("Note"): each.note,
        }
        for each in tags
    ]
    alt = plural(
        "{count} tag with their examples and the errors of {release} among them.",
        "{count} tags with their examples and the errors of {release} among them.",
        len(rows),
        release=place.release,
    )
    tables.plain_table(pl.DataFrame(rows, infer_schema_length=None), key="tags", alt=alt)
    with st.expander(_("Save them as scenarios")):
        addition([Addition(each.name, each.group, each.note) for each in tags], "Tagged examples")
    return removal() if noting.may() else None


def by_condition() -> None:
    """Name the examples that a condition holds."""
    with st.form(noting.key("tag_where"), border=False):
        given = {
            "where": st.text_input(
                _("Examples where"), placeholder="words <= 4", key=noting.key("where"), max_chars=2_000
            )
        }
        given["name"] = st.text_input(_("Name of the tag"), placeholder=_("Short and dry"), max_chars=200)
        given["note"] = st.text_area(_("Note"), max_chars=2_000, height=80)
        if st.form_submit_button(_("Tag them")):
            words = _("Tagged: {name}").format(name=given["name"])
            noting.keep(lambda who: keep_tag(cache.store(), place.evaluation, actor=who, **given), words)


def removal() -> None:
    """Take a tag away."""
    with st.expander(_("Take a tag away")), st.form(noting.key("remove"), border=False):
        name = st.selectbox(_("Tag"), [each.name for each in tags])
        if st.form_submit_button(_("Take it away")):
            noting.keep(
                lambda who: remove_tag(cache.store(), place.project, name, actor=who),
                _("Taken away: {name}").format(name=name),
            )


noting.said()
components.heading(title, said.patterns_answer(patterns, now, place.release))
tiles()
if not patterns:
    states.nothing(_("Write the first one down"), said.FIRST)
worst_first = sorted(zip(patterns, now, strict=True), key=lambda pair: -(pair[1]["errors"] or 0))
for each, standing in worst_first[:FIRST]:
    card(each, standing, drawn=True)
if worst_first[FIRST:]:
    with st.expander(plural("{count} more pattern", "{count} more patterns", len(worst_first[FIRST:]))):
        for each, standing in worst_first[FIRST:]:
            card(each, standing, drawn=False)
if noting.may():
    with st.expander(_("Document a pattern by a condition"), expanded=not patterns):
        pattern_form.document()
links.link("evidence/errors", _("Find errors, and mark examples"))
tagged()
