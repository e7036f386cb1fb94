"""Assess: answer a framework's questions, a question at a time or all at once; answers wait as drafts until submitted."""

import streamlit as st

from plainview.narrative import assessments as said
from plainview.ui import access, assessing, cached_readiness, components, links, sheets, standings, states

place = links.here()
project, release = place.project, place.release
known = cached_readiness.frameworks()
asked = place.own.get("kind")
states.check(place, kind=list(known))
framework = known[asked] if asked else next(iter(known.values()))
states.check(place, question=list(framework.questions))
title = f"Assess {release}"
if not access.may("contribute", project):
    components.heading(title, "You may read this project's assessments, and not add to them.")
    links.link("readiness/maturity", "Read them")
    st.stop()

sheet, view = sheets.sheet(project, release, framework), place.own.get("view")
opened = f"assess_seen_{project}_{release}_{framework.name}"
answer = said.open_sentence(len(framework.questions), len(sheet.open), len(sheet.drafts))
if view == "done":
    answer = said.submitted_sentence(st.session_state.get("assess_submitted", len(sheet.earlier)), sheet.standing)
components.heading(title, answer, context=f"{place.evaluation.title}: {framework.title}, answered by {sheet.person}.")
if view == "done":
    st.session_state.pop(opened, None)
    assessing.done(sheet)
elif view == assessing.REVIEW:
    assessing.review(sheet, st.session_state.setdefault(opened, sheet.newest))
else:
    st.session_state.setdefault(opened, sheet.newest)
    titles = {name: each.short_title for name, each in known.items()}
    links.kinds("Framework", titles, framework.name, forgets=("question", "view"))
    views = {"one": "A question at a time", "all": "All at once"}
    shown = links.kinds("Form", views, "one", parameter="view")
    if release != place.line[-1].release:
        latest = place.line[-1].release
        components.explained(
            components.state("Watch"), f"{latest} is the latest release; what is answered here is of {release}."
        )
    assessing.progress(sheet)
    assessing.everything(sheet) if shown == "all" else assessing.one(sheet)
standings.says_not(framework)
