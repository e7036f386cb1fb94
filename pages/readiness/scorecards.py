"""Scorecards: every readiness framework in its own picture, claimed beside evidenced."""

import streamlit as st

from plainview.narrative.assessments import claimed_beside
from plainview.texts import _
from plainview.ui import access, cached_readiness, components, links, readiness_cards, standings, states

place = links.here()
project, release = place.project, place.release
known = cached_readiness.frameworks()
states.check(place, kind=list(known))
framework = place.own.get("kind") or next(iter(known))
readiness = cached_readiness.readiness(project, release)
standing = readiness.standing(known[framework])
standings.check_target(standing.framework)

components.heading(
    f"{standing.framework.title}, {release}",
    claimed_beside(standing),
    context=_("{title}, in the words of {source_title}.").format(
        title=place.evaluation.title, source_title=standing.framework.source.title
    ),
)
links.kinds(
    _("Framework"), {name: each.short_title for name, each in known.items()}, framework, forgets=("target", "done")
)
for problem in cached_readiness.framework_problems():
    components.explained(components.state("No evidence"), problem, name=_("A framework of your own cannot be used"))
standings.tiles(standing)
if access.may("contribute", project):
    links.go("readiness/assess", _("Assess"), {**links.carried(), "kind": framework})
standings.pictures(standing)
readiness_cards.cards(standing)
st.subheader(_("What needs attention"), anchor=False)
standings.attention(standing)
standings.next_steps(readiness, standing)
standings.over_time(project, standing.framework)
st.subheader(_("Every question, with its evidence"), anchor=False)
standings.evidence_table(standing)
standings.says_not(standing.framework)
standings.downloads({framework: standing}, {framework: standing.next_plan}, f"{framework}-{project}-{release}")
