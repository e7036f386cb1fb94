"""Assess: answer a framework's questions, a question at a time or all at once; answers wait as drafts until submitted."""

import streamlit as st

from plainview.narrative import assessments as said
from plainview.texts import _
from plainview.ui import access, assessing, cached_readiness, components, links, sheets, standings, states

place = links.here()
project, release = place.project, place.release
known = cached_readiness.frameworks()
asked = place.own.get("kind")
states.check(place, kind=list(known))
framework = known[asked] if asked else next(iter(known.values()))
states.check(place, question=list(framework.questions))
title = _("Assess {release}").format(release=release)
if not access.may("contribute", project):
    components.heading(title, _("You may read this project's assessments, and not add to them."))
    links.link("readiness/maturity", _("Read them"))
    st.stop()

sheet, view = sheets.sheet(project, release, framework), place.own.get("view")
opened = f"assess_seen_{project}_{release}_{framework.name}"
answer = said.open_sentence(len(framework.questions), len(sheet.open), len(sheet.drafts))
if view == "done":
    answer = said.submitted_sentence(st.session_state.get("assess_submitted", len(sheet.earlier)), sheet.standing)
components.heading(
    title,
    answer,
    context=_("{title}: {framework_title}, answered by {person}.").format(
        title=place.evaluation.title, framework_title=framework.title, person=sheet.person
    ),
)
if view == "done":
    st.session_state.pop(opened, None)
    assessing.done(sheet)
elif view == assessing.REVIEW:
    assessing.review(sheet, st.session_state.setdefault(opened, sheet.newest))
else:
    st.session_state.setdefault(opened, sheet.newest)
    titles = {name: each.short_title for name, each in known.items()}
    links.kinds(_("Framework"), titles, framework.name, forgets=("question", "view"))
    views = {"one": _("A question at a time"), "all": _("All at once")}
    shown = links.kinds(_("Form"), views, "one", parameter="view")
    if release != place.line[-1].release:
        latest = place.line[-1].release
        components.explained(
            components.state("Watch"),
            _("{latest} is the latest release; what is answered here is of {release}.").format(
                latest=latest, release=release
            ),
        )
    assessing.progress(sheet)
    assessing.everything(sheet) if shown == "all" else assessing.one(sheet)
standings.says_not(framework)
