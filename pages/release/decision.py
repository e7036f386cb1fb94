"""Decision: whether this release goes out, who decided that and why, on which evidence, and what has moved since."""

import streamlit as st

from plainview import narrative
from plainview.gate.findings import STATES
from plainview.narrative.decisions import gate_then, superseded
from plainview.texts import _, plural
from plainview.ui import cache, cached_people, components, deciding, links, states, waiving
from plainview.ui.plain import plain

MOST = 8  # findings of the gate that are shown at once

place = links.here()
report = cache.report(place.evaluation.id)
found, moves, said = deciding.standing(place.project, place.release)
gate = cached_people.gate(place.project, place.release)

components.heading(_("Decision on {release}").format(release=place.release), said, context=narrative.about(report))
states.left_out(cached_people.unreadable_decisions(place.project, place.release))
if found is not None:
    st.text(gate_then(found.evidence.gate, place.release))
    if found.conditions:
        st.subheader(_("Conditions"), anchor=False)
        deciding.conditions(found)
    if moves:
        st.subheader(_("What has moved since"), anchor=False)
        components.statements(moves)
        st.caption(_("The decision stands until someone decides again; it was made on what was there before."))

st.subheader(_("What there is to decide on"), anchor=False)
components.explained(components.state(STATES[gate.outcome]), gate.sentence, name=_("Gate"))
components.explained(components.state("Measured"), report.headline, name=_("What changed"))
rows = [row for row in gate.findings if row.follows != "pass"]
shown = [(row.follows, components.Attention(row.state, row.sentence, priority=row.priority)) for row in rows[:MOST]]
told = [row for follows, row in shown if follows == "report"]
components.attention([row for follows, row in shown if follows != "report"], nothing=_("Nothing stands against it."))
if told:
    st.caption(_("Open as well; the gate only tells of these and does not rest on them."))
    components.attention(told, nothing="")
if len(rows) > MOST:
    with st.expander(_("{count} more").format(count=len(rows) - MOST)):
        components.statements(row.sentence for row in rows[MOST:])
waived = [row for row in report.standings if row.waivers]
if waived:
    st.subheader(_("Waivers"), anchor=False)
    for row in waived:
        for each in row.waivers:
            words = narrative.waiver_words(each) if each.in_force else narrative.lapsed(each)
            mark = components.status("waived") if each.in_force else components.state("Fail")
            components.explained(mark, words, name=row.id)
waiving.waive_form(place.project, place.release, report.standings)
with st.container(horizontal=True):
    links.link("release/report", _("The report"))
    links.link("release/requirements", _("Every requirement"))

st.subheader(_("Decide again") if found else _("Decide"), anchor=False)
deciding.form(place.project, place.release, cached_people.evidence(place.project, place.release))
if found is not None:
    with st.expander(_("The evidence that was frozen, beside today's")):
        deciding.frozen(found.evidence, cached_people.evidence(place.project, place.release))
    earlier = cached_people.decisions(place.project, place.release)[1:]
    if earlier:
        with st.expander(plural("{count} earlier decision", "{count} earlier decisions", len(earlier))):
            for each in earlier:
                st.markdown(plain(superseded(each), 1_200))
