"""Exposure: what errors come to in use, and what they would come to in another mix of traffic."""

import polars as pl
import streamlit as st

from plainview import narrative
from plainview.charts.rows import titled
from plainview.exposure import exposure
from plainview.quantities import plain as number
from plainview.ui import cache, components, links, states, tables
from plainview.ui.plain import plain

place = links.here()
report = cache.report(place.evaluation.id, baseline=place.baseline)
specification, unit = report.specification, report.specification.unit or ""
shares = {each.name: each.traffic for each in specification.scenarios if each.traffic}
if not shares:
    components.heading("Errors in use", narrative.exposure_answer([], specification.metric_keys[0], unit))
    states.nothing(
        "Say how common a scenario is", "Give scenarios that do not overlap a share of the traffic, and errors a cost:"
    )
    st.code('- {name: At night, where: "hour >= 20", traffic: 0.2, cost: 10}', language="yaml")
    st.stop()

answer = st.empty()
what_if = {}
with st.expander("What if the traffic were another?"):
    for name, share in shares.items():
        percent = st.slider(plain(titled(name)), 0, 100, round(100 * share), format="%d%%", key=f"share_{name}")
        what_if[name] = share if percent == round(100 * share) else percent / 100
    together = sum(what_if.values())
    if together > 1 + 1e-9:
        over = f"They add up to {together:.0%}. What is shown is for the shares of the specification."
        states.nothing("Shares cannot be more than 100% together", over)
        what_if = shares
rows = exposure(specification, report.results, mix=what_if)
with answer.container():
    components.heading(
        f"Errors of {place.release} in use",
        narrative.exposure_answer(rows, specification.metric_keys[0], unit),
        context=narrative.about(report),
    )


def ends(low: float | None, high: float | None) -> str:
    """The ends of an interval as text."""
    return "" if low is None or high is None else f"{number(low)} to {number(high)}"


table = [
    {
        "Scenario": titled(row.scenario) if row.scenario != "together" else "Together",
        "Share of traffic": f"{row.traffic:.0%}",
        "Errors in 10,000": number(row.errors) if row.errors is not None else "no value",
        "Interval": ends(row.errors_low, row.errors_high),
        "Cost": number(row.cost) if row.cost is not None else "",
        "Interval of the cost": ends(row.cost_low, row.cost_high),
    }
    for row in rows
]
tables.plain_table(pl.DataFrame(table), key="exposure", alt=f"Expected errors and cost of {len(rows)} scenarios.")
st.caption("Shares are the specification's, or as moved above; scenarios are taken not to overlap.")
