"""Scorecards: every readiness framework in its own picture, claimed beside evidenced."""

import streamlit as st

from plainview.narrative.assessments import claimed_beside
from plainview.ui import access, cached_readiness, components, links, readiness_cards, standings

place = links.here()
project, release = place.project, place.release
known = cached_readiness.frameworks()
framework = place.own.get("kind") if place.own.get("kind") in known else next(iter(known))
readiness = cached_readiness.readiness(project, release)
standing = readiness.standing(known[framework])

components.heading(
    f"{standing.framework.title}, {release}",
    claimed_beside(standing),
    context=f"{place.evaluation.title}, in the words of {standing.framework.source.title}.",
)
links.kinds("Framework", {name: each.short_title for name, each in known.items()}, framework)
standings.tiles(standing)
if access.may("contribute", project):
    links.go("readiness/assess", "Assess", {**links.carried(), "kind": framework})
standings.pictures(standing)
readiness_cards.cards(standing)
st.subheader("What needs attention", anchor=False)
standings.attention(standing)
standings.next_steps(readiness, standing)
standings.over_time(project, standing.framework)
st.subheader("Every question, with its evidence", anchor=False)
standings.evidence_table(standing)
standings.says_not(standing.framework)
standings.downloads({framework: standing}, {framework: standing.next_plan}, f"{framework}-{project}-{release}")
