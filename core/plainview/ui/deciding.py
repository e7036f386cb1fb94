"""A decision on a page: what was decided, what it rests on, and the form for those who may decide."""

from datetime import UTC, date, datetime

import polars as pl
import streamlit as st

from plainview.announcing import tell_decided_in_app
from plainview.decisions import CHOICES, Decision, Evidence, decide, moved
from plainview.decisions.making import publishers
from plainview.exceptions import PlainviewError
from plainview.narrative.decisions import SPOKEN, condition_sentence, decision_sentence, may_not_decide
from plainview.texts import _
from plainview.ui import access, cache, cached_people, components, links, tables, writing
from plainview.ui.plain import plain

_SAID = "plainview_decided"
CONDITIONS = 3  # that the form has room for; plainview decide takes any number


def today() -> date:
    """The day it is (UTC)."""
    return datetime.now(UTC).date()


def standing(project: str, release: str) -> tuple[Decision | None, list[str], str]:
    """The decision that counts, what has moved since, and both in a sentence."""
    found = next(iter(cached_people.decisions(project, release)), None)
    if found is None:
        return None, [], decision_sentence(None, release)
    moves = moved(found.evidence, cached_people.evidence(project, release))
    said = decision_sentence(found, release, moves=len(moves), overdue=len(found.overdue(today())))
    return found, moves, said


def opening(project: str, release: str) -> None:
    """The line with which a report opens: what was decided, or that nobody has."""
    found, moves, said = standing(project, release)
    if found is None:
        with st.container(horizontal=True, vertical_alignment="center", gap="xsmall"):
            st.caption(plain(said), width="content")
            links.link("release/decision", _("What there is to decide on"))
        return
    watched = "Watch" if found.decision == "go" and (moves or found.overdue(today())) else found.state
    row = components.Attention(watched, said, "release/decision", _("The decision"))
    components.attention([row], nothing="")


def conditions(found: Decision) -> None:
    """What must still be done."""
    for each in found.conditions:
        over = each.until < today()
        components.explained(components.state("Fail" if over else "Watch"), condition_sentence(each, today()))


def frozen(then: Evidence, now: Evidence) -> None:
    """What the decision rests on, beside what is there today."""
    rows = [
        (_("Evaluation"), ", ".join(then.evaluations.values()), ", ".join(now.evaluations.values())),
        (_("Compared with"), then.baseline or _("nothing"), now.baseline or _("nothing")),
        (_("Specification"), then.specification, now.specification),
        (_("Results"), then.results, now.results),
        (_("Comparison"), then.comparison or _("none"), now.comparison or _("none")),
        (_("Gate"), then.gate, now.gate),
        (_("Waivers in force"), f"{len(then.waivers)}", f"{len(now.waivers)}"),
        (_("Incidents"), f"{len(then.incidents)}", f"{len(now.incidents)}"),
        (_("Assessments"), f"{len(then.assessments)}", f"{len(now.assessments)}"),
        (_("All of it"), then.digest, now.digest),
    ]
    columns = {_("What"): 0, _("When it was decided"): 1, _("Today"): 2}
    frame = pl.DataFrame({name: [row[place] for row in rows] for name, place in columns.items()})
    alt = _("What the decision rests on, by ids and digests, beside what is there today.")
    tables.plain_table(frame, key="frozen", alt=alt)


def form(project: str, release: str, evidence: Evidence) -> None:
    """Decide; to those who may and who did not publish the release. What was looked at is what is decided on."""
    if said := st.session_state.pop(_SAID, None):
        st.success(plain(said))
    names, person = publishers(cache.store(), project, release), access.person()
    if person in names or not access.may("approve", project):
        st.text(may_not_decide(sorted(names), person, release))
        return
    with st.form("decide", border=True):
        chosen = st.segmented_control(_("Decision"), CHOICES, format_func=SPOKEN.get)
        reason = st.text_area(_("Why"), max_chars=5_000)
        with st.expander(_("What it goes out on: conditions, each with who and until when")):
            given = [_condition(number) for number in range(1, CONDITIONS + 1)]
        if st.form_submit_button(_("Decide")):
            if chosen is None:
                st.error(_("Say first what you decide: {choices}.").format(choices=", ".join(SPOKEN.values())))
                return
            _decide(project, release, chosen, reason, [row for row in given if any(row.values())], evidence)


def _condition(number: int) -> dict[str, str]:
    """The boxes of one condition, and what is in them."""
    what, who, until = st.columns([6, 3, 2])
    named = _("Condition {number}").format(number=number)
    return {
        "condition": what.text_input(named, max_chars=5_000),
        "owner": who.text_input(_("Who sees to condition {number}").format(number=number), max_chars=200),
        "until": str(
            until.date_input(_("Condition {number} until").format(number=number), value=None, min_value=today()) or ""
        ),
    }


def _decide(
    project: str, release: str, chosen: str, reason: str, given: list[dict[str, str]], evidence: Evidence
) -> None:
    asked = {"reason": reason, "conditions": given, "seen": evidence.digest}
    try:
        kept = writing.written(
            project,
            lambda person: decide(cache.store(), project, release, chosen, actor=person, **asked),
            action="approve",
        )
    except PlainviewError as error:
        st.error(plain(error))
        return
    told = tell_decided_in_app(kept)
    st.session_state[_SAID] = " ".join(
        filter(
            None,
            [_("Decided: {spoken}. The evidence it rests on is frozen.").format(spoken=SPOKEN[kept.decision]), told],
        )
    )
    st.rerun()
