"""The portfolio: every project at a glance, the most urgent first."""

import streamlit as st

from plainview import narrative
from plainview.quantities import value
from plainview.ui import cache, components, links, states, tables

RANKS = {"Fail": 0, "No evidence": 1, "Watch": 2, "Pass": 3}
MOST = 5

rows = sorted(cache.portfolio(), key=lambda row: (RANKS[row.state], row.title))
if not rows:
    states.empty(cache.store_address())
    st.stop()

urgent = [row.title for row in rows if row.state == "Fail"]
components.heading(
    "Portfolio",
    narrative.portfolio_answer([row.state for row in rows], urgent),
    context="The latest release of each project, judged by its own requirements.",
)
st.subheader("What needs attention", anchor=False)
components.attention(
    [
        components.Attention(
            row.state,
            f"{row.title}: {row.attention}",
            "release/report",
            "Read the report",
            {"project": row.project, "release": row.release, "baseline": None, "scenario": None, "metric": None},
        )
        for row in rows
        if row.attention
    ][:MOST],
    nothing="Nothing: every project meets every requirement.",
)
st.subheader("Every project", anchor=False)
tables.projects(
    [
        {
            "Project": row.title,
            "State": components.marked(row.state),
            "Requirements met": f"{row.met} of {row.requirements}" if row.requirements else "None set",
            "Latest release": row.release,
            "Headline metric": f"{narrative.metric_title(row.metric)} {value(row.now, row.metric, row.unit)}",
            "Trend": list(row.trend),
            "Report": links.address(
                "release/report", project=row.project, release=row.release, baseline=None, scenario=None, metric=None
            ),
            "What changed": row.headline,
            "Owner": row.owner or "",
        }
        for row in rows
    ],
    key="portfolio",
)
st.caption(
    "Pass: every requirement is met. Fail: a requirement that is a must is shown not to be met. Watch: anything else is "
    "open. No evidence: nothing is demanded, or nothing was measured. A missing value is never a pass."
)
