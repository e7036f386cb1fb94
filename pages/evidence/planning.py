"""Planning: how many examples each scenario needs before a change can be told, and which cannot tell any today."""

from collections.abc import Sequence

import polars as pl
import streamlit as st

from plainview import narrative
from plainview.charts.rows import titled
from plainview.exceptions import StoreError
from plainview.metrics import METRICS, split_key
from plainview.planning import ASSUMED_FLIPS, plan
from plainview.quantities import margin as margin_read
from plainview.quantities import rough
from plainview.quantities import size as size_read
from plainview.records import Evaluation
from plainview.ui import cache, components, links, states, tables
from plainview.ui.plain import plain
from plainview.verdicts import Change

TRIED = 4  # releases to compare with, until one tells how much answers differ

place = links.here()
report = cache.report(place.evaluation.id, baseline=place.baseline)
specification, keys = report.specification, report.specification.metric_keys
states.check(place, metric=keys)
metric = place.metric or keys[0]
unit, counted = specification.unit_of(metric), specification.counted_by(metric)[1]
points = METRICS[split_key(metric)[0]].unit == "proportion"
answer = st.empty()
left, right = st.columns(2)
with left:
    links.picker("Metric", "metric", list(keys), metric, titles=narrative.metric_title, forgets=("margin",))
with right:
    size = f"A change that matters, in {'points' if points else plain(unit) or 'its own units'}"
    asked = links.number(size, "margin", placeholder="As the specification says")
changes = report.comparison.results if report.comparison else ()
wanted = None if not asked else asked / 100 if points else asked
others = [one for one in reversed(place.line) if place.before and one.id not in (place.before.id, place.evaluation.id)]
before, plans = place.before, plan(specification, metric, report.results, changes, margin=wanted)
measured = any(row.measured for row in plans)


def changes_since(one: Evaluation) -> Sequence[Change]:
    """What changed since another release; nothing where it cannot be read."""
    try:
        return cache.comparison(one.id, place.evaluation.id).results
    except StoreError:
        return ()


def since() -> str:
    """Where it is known from how much answers differ."""
    assumed = f"{ASSUMED_FLIPS:.0%} of answers are assumed to flip"
    if place.before is None:
        return f"No two releases can be compared yet: {assumed}."
    taken = f"ow much answers differ is taken from {before.release} to {place.release}."
    if measured and before is place.before:
        return f"H{taken}"
    failed = f"{place.release} compared with {place.before.release} does not tell how much answers differ"
    if not changes_since(place.before):
        failed = f"{place.release} cannot be compared with {place.before.release}, which cannot be read"
    return f"{failed}. H{taken}" if measured else f"{failed}. {assumed}."


for one in others[:TRIED] if plans and not measured else ():
    tried = plan(specification, metric, report.results, changes_since(one), margin=wanted)
    if any(row.measured for row in tried):
        before, plans, measured = one, tried, True
        break
with answer.container():
    components.heading("How many examples", narrative.planning_answer(plans, metric, unit, counted), context=since())
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
