"""Maturity: how systematically errors are looked for, claimed beside evidenced, activity by activity."""

import streamlit as st

from plainview.narrative.assessments import claimed_beside
from plainview.readiness.overview import MATURITY
from plainview.texts import _
from plainview.ui import access, cached_readiness, components, links, standings

place = links.here()
project, release = place.project, place.release
readiness = cached_readiness.readiness(project, release)
standing = readiness.standing(MATURITY)
standings.check_target(standing.framework)

components.heading(
    _("Maturity of {release}").format(release=release),
    claimed_beside(standing),
    context=_("{title}: how systematically errors are looked for, by thirteen activities.").format(
        title=place.evaluation.title
    ),
)
standings.tiles(standing)
with st.container(horizontal=True):
    if access.may("contribute", project):
        links.go("readiness/assess", _("Assess"), {**links.carried(), "kind": MATURITY})
    links.link("readiness/scorecards", _("All scorecards"))
standings.pictures(standing)
st.subheader(_("What needs attention"), anchor=False)
standings.attention(standing)
standings.next_steps(readiness, standing)
standings.over_time(project, standing.framework)
st.subheader(_("Every activity, with its evidence"), anchor=False)
standings.evidence_table(standing)
standings.says_not(standing.framework)
standings.downloads({MATURITY: standing}, {MATURITY: standing.next_plan}, f"maturity-{project}-{release}")
