"""Exposure: what errors come to in use, and what they would come to in another mix of traffic."""

import polars as pl
import streamlit as st

from plainview import narrative
from plainview.charts.rows import titled
from plainview.exposure import error_metric, exposure, shares_of
from plainview.quantities import plain as number
from plainview.ui import cache, components, links, states, tables, what_if

place = links.here()
report = cache.report(place.evaluation.id, baseline=place.baseline)
specification = report.specification
metric = error_metric(specification) or specification.metric_keys[0]
unit, shares = specification.unit_of(metric), shares_of(specification)
if not shares:
    components.heading("Errors in use", narrative.exposure_answer([], metric, unit))
    states.nothing(
        "Say how common a scenario is", "Give scenarios that do not overlap a share of the traffic, and errors a cost:"
    )
    st.code('- {name: At night, where: "hour >= 20", traffic: 0.2, cost: 10}', language="yaml")
    st.stop()

answer = st.empty()
with st.expander("What if the traffic were different?", expanded="mix" in place.own):
    wanted = what_if.shares(shares)
    moved, together = wanted != shares, sum(wanted.values())
    if together > 1 + 1e-9:
        over = f"They add up to {together:.0%}. What is shown is for the shares of the specification."
        states.nothing("Shares cannot be more than 100% together", over)
        wanted = shares
    if moved:
        links.link("evidence/exposure", "As the specification says")
rows = exposure(specification, report.results, mix=wanted)
with answer.container():
    components.heading(
        f"Errors of {place.release} in use",
        narrative.exposure_answer(rows, metric, unit),
        context=narrative.about(report),
    )


def ends(low: float | None, high: float | None) -> str:
    """The ends of an interval as text."""
    return "" if low is None or high is None else f"{number(low)} to {number(high)}"


table = [
    {
        "Scenario": titled(row.scenario) if row.scenario != "together" else "Together",
        "Share of traffic": f"{row.traffic:.0%}",
        f"{'Errors' if not unit else f'{unit} off'.capitalize()} in 10,000": number(row.errors)
        if row.errors is not None
        else "no value",
        "Interval": ends(row.errors_low, row.errors_high),
        "Cost": number(row.cost) if row.cost is not None else "",
        "Interval of the cost": ends(row.cost_low, row.cost_high),
        "Note": row.reason or "",
    }
    for row in rows
]
tables.plain_table(pl.DataFrame(table), key="exposure", alt=f"Expected errors and cost of {len(rows)} scenarios.")
st.caption("Shares are the specification's, or as moved above; scenarios are taken not to overlap.")
