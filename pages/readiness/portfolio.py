"""The portfolio: every project at a glance, the most urgent first."""

import streamlit as st

from plainview import narrative
from plainview.exceptions import PlainviewError, StoreMissingError
from plainview.narrative.wholes import not_met_answer
from plainview.quantities import value
from plainview.ui import cache, components, links, states, tables

RANKS = {"Fail": 0, "No evidence": 1, "Watch": 2, "Pass": 3}
MEANINGS = {
    "Fail": "A requirement that is a must is shown not to be met.",
    "Watch": "Something else is open: not met but no must, unproven, or waived.",
    "No evidence": "Nothing is demanded, or nothing was measured. A missing value is never a pass.",
    "Pass": "Every requirement is met.",
}
MOST = 5  # of what needs attention; the rest is in the table
ELSEWHERE = {
    "baseline": None,
    "scenario": None,
    "metric": None,
    "behaviour": None,
}  # belongs to the project that the reader came from

try:
    listing = cache.listing()
except StoreMissingError:
    listing = {}
if not listing:
    states.empty(cache.store_address())
    st.stop()

rows, unreadable = [], []
for name, line in listing.items():
    try:
        rows.append(cache.project(name))
    except PlainviewError:
        unreadable.append(line[-1])
rows.sort(key=lambda row: (RANKS[row.state], row.title))

found = [row.state for row in rows] + ["No evidence"] * len(unreadable)
urgent = [row.title for row in rows if row.state == "Fail"]
not_met = {priority: sum(row.not_met.get(priority, 0) for row in rows) for priority in ("must", "should", "could")}
components.heading(
    "Portfolio",
    " ".join(filter(None, [narrative.portfolio_answer(found, urgent), not_met_answer(not_met)])),
    context="The latest release of each project, judged by its own requirements.",
)
components.tiles(
    components.Tile(state, f"{found.count(state)}", state=state, help=meaning) for state, meaning in MEANINGS.items()
)

st.subheader("What needs attention", anchor=False)
attention = [
    components.Attention(
        row.state,
        f"{row.title}: {row.attention}",
        "release/report",
        "Read the report",
        {"project": row.project, "release": row.release} | ELSEWHERE,
    )
    for row in rows
    if row.attention
][:MOST]
attention += [
    components.Attention(
        "No evidence",
        f"{latest.title}: release {latest.release} cannot be read, so nothing is known of it.",
        "release/report",
        "See what is wrong",
        {"project": latest.project, "release": latest.release} | ELSEWHERE,
    )
    for latest in unreadable
]
components.attention(attention, nothing="Nothing: every requirement that is set is met.")
st.subheader("Every project", anchor=False)
chosen = tables.projects(
    [
        {
            "Project": row.title,
            "State": components.marked(row.state),
            "Requirements met": f"{row.met} of {row.requirements}" if row.requirements else "none set",
            "Not met": ", ".join(f"{number} {priority}" for priority, number in row.not_met.items()) or tables.MISSING,
            "Latest release": row.release,
            "Headline metric": f"{narrative.metric_title(row.metric)} {value(row.now, row.metric, row.unit)}",
            "Trend": list(row.trend),
            "Report": "Read",
            "Owner": row.owner or "",
        }
        for row in rows
    ],
    key="portfolio",
)
if chosen is not None:
    there = links.carried(project=rows[chosen].project, release=rows[chosen].release, **ELSEWHERE)
    st.switch_page("pages/release/report.py", query_params=there)
