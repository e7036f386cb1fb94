"""Planning: how many examples each scenario needs before a change can be told, and which cannot tell any today."""

import polars as pl
import streamlit as st

from plainview import narrative
from plainview.charts.rows import titled
from plainview.metrics import METRICS, split_key
from plainview.planning import ASSUMED_FLIPS, plan
from plainview.quantities import margin as margin_read
from plainview.quantities import rough
from plainview.ui import cache, components, links, states, tables
from plainview.ui.plain import plain

place = links.here()
report = cache.report(place.evaluation.id, baseline=place.baseline)
specification, keys = report.specification, report.specification.metric_keys
unit = specification.unit or ""
states.check(place, metric=keys)
metric = place.metric or keys[0]
changes = report.comparison.results if report.comparison else ()
points = METRICS[split_key(metric)[0]].unit == "proportion"
asked = st.session_state.get("planned_margin")
wanted = None if not asked else asked / 100 if points else asked
plans = plan(specification, metric, report.results, changes, margin=wanted)
since = (
    f"How much answers differ is taken from {place.before.release} to {place.release}."
    if changes
    else (f"No two releases are compared yet: {ASSUMED_FLIPS:.0%} of answers are assumed to flip.")
)
components.heading("How many examples", narrative.planning_answer(plans, metric, unit), context=since)
left, right = st.columns(2)
with left:
    links.picker("Metric", "metric", list(keys), metric, titles=narrative.metric_title)
with right:
    st.number_input(
        f"A change that matters, in {'points' if points else plain(unit) or 'units of the label'}",
        min_value=0.0,
        value=None,
        placeholder="As the specification says",
        key="planned_margin",
    )
if not plans:
    states.nothing("Nothing to plan for", "Set a margin above, or in the specification.")
    st.stop()
rows = [
    {
        "Scenario": titled(row.scenario),
        "Behaviour": row.behaviour or "",
        "Examples": row.examples,
        "Needed": row.needed,
        "More": "enough" if row.enough else rough(row.more) if row.more else "not known",
        "To tell a change of": margin_read(row.margin, metric, unit),
        "Note": "" if row.measured else "assumed, not measured",
    }
    for row in sorted(plans, key=lambda row: (row.enough, row.more or 0))
]
tables.plain_table(
    pl.DataFrame(rows, infer_schema_length=None),
    key="plans",
    alt=f"{len(rows)} scenarios with the examples they have and the examples they need.",
)
st.caption(
    "Needed: enough to find a change of that size with a chance of 80%, and to show that there is none if there is none. "
    "New examples must come as the present ones did: picked by hand, they would measure something else."
)
