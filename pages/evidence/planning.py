"""Planning: how many examples each scenario needs before a change can be told, and which cannot tell any today."""

import polars as pl
import streamlit as st

from plainview import narrative
from plainview.charts.rows import titled
from plainview.metrics import METRICS, split_key
from plainview.planning import ASSUMED_FLIPS, plan
from plainview.quantities import margin as margin_read
from plainview.quantities import rough
from plainview.quantities import size as size_read
from plainview.ui import cache, components, links, states, tables
from plainview.ui.plain import plain

place = links.here()
report = cache.report(place.evaluation.id, baseline=place.baseline)
specification, keys = report.specification, report.specification.metric_keys
states.check(place, metric=keys)
metric = place.metric or keys[0]
unit, counted = specification.unit_of(metric), specification.counted_by(metric)[1]
changes = report.comparison.results if report.comparison else ()
points = METRICS[split_key(metric)[0]].unit == "proportion"
answer = st.empty()
left, right = st.columns(2)
with left:
    links.picker("Metric", "metric", list(keys), metric, titles=narrative.metric_title, forgets=("margin",))
with right:
    size = f"A change that matters, in {'points' if points else plain(unit) or 'its own units'}"
    asked = links.number(size, "margin", placeholder="As the specification says")
wanted = None if not asked else asked / 100 if points else asked
plans = plan(specification, metric, report.results, changes, margin=wanted)
measured = any(row.measured for row in plans)
since = (
    f"How much answers differ is taken from {place.before.release} to {place.release}."
    if measured
    else f"No two releases can be compared yet: {ASSUMED_FLIPS:.0%} of answers are assumed to flip."
)
with answer.container():
    components.heading("How many examples", narrative.planning_answer(plans, metric, unit, counted), context=since)
if not plans:
    states.nothing("Nothing to plan for", "Set a margin above, or in the specification.")
    st.stop()
rows = [
    {
        "Scenario": titled(row.scenario),
        "Behaviour": row.behaviour or "",
        counted.capitalize(): row.examples,
        "Needed": row.needed,
        "More": "enough" if row.enough else rough(row.more) if row.more else "not known",
        "To tell a change of": margin_read(row.margin, metric, unit),
        "Can tell today": "no verdict at all"
        if row.mute
        else "not known"
        if row.smallest is None
        else size_read(row.smallest, metric, unit),
        "Note": "" if row.measured else "assumed, not measured",
    }
    for row in sorted(plans, key=lambda row: (row.enough, row.more or 0))
]
tables.plain_table(
    pl.DataFrame(rows, infer_schema_length=None),
    key="plans",
    alt=f"{len(rows)} scenarios with the {counted} they have and the {counted} they need.",
)
st.caption(
    "Needed: enough to find a change of that size with a chance of 80% among all tests of a comparison, where nothing else "
    "changed, and to show that there is none if there is none. "
    f"New {counted} must come as the present ones did: picked by hand, they would measure something else."
)
