"""Exposure: what errors come to in use, and what they would come to in another mix of traffic."""

import polars as pl
import streamlit as st

from plainview import narrative
from plainview.charts.rows import titled
from plainview.exposure import error_metric, exposure, shares_of
from plainview.quantities import plain as number
from plainview.texts import _
from plainview.ui import cache, components, links, states, tables, what_if

place = links.here()
report = cache.report(place.evaluation.id, baseline=place.baseline)
specification = report.specification
metric = error_metric(specification) or specification.metric_keys[0]
unit, shares = specification.unit_of(metric), shares_of(specification)
if not shares:
    components.heading(_("Errors in use"), narrative.exposure_answer([], metric, unit))
    states.nothing(
        _("Say how common a scenario is"),
        _("Give scenarios that do not overlap a share of the traffic, and errors a cost:"),
    )
    st.code('- {name: At night, where: "hour >= 20", traffic: 0.2, cost: 10}', language="yaml", wrap_lines=True)
    st.stop()

answer = st.empty()
with st.expander(_("What if the traffic were different?"), expanded="mix" in place.own):
    wanted = what_if.shares(shares)
    moved, together = wanted != shares, sum(wanted.values())
    if together > 1 + 1e-9:
        over = _("They add up to {together:.0%}. What is shown is for the shares of the specification.").format(
            together=together
        )
        states.nothing(_("Shares cannot be more than 100% together"), over)
        wanted = shares
    if moved:
        links.link("evidence/exposure", _("As the specification says"))
rows = exposure(specification, report.results, mix=wanted)
with answer.container():
    components.heading(
        _("Errors of {release} in use").format(release=place.release),
        narrative.exposure_answer(rows, metric, unit),
        context=narrative.about(report),
    )


def ends(low: float | None, high: float | None) -> str:
    """The ends of an interval as text."""
    return "" if low is None or high is None else _("{low} to {high}").format(low=number(low), high=number(high))


off = _("{unit} off in 10,000").format(unit=unit.capitalize()) if unit else _("Errors in 10,000")
table = [
    {
        _("Scenario"): titled(row.scenario) if row.scenario != "together" else _("Together"),
        _("Share of traffic"): f"{row.traffic:.0%}",
        off: number(row.errors) if row.errors is not None else _("no value"),
        _("Interval"): ends(row.errors_low, row.errors_high),
        _("Cost"): number(row.cost) if row.cost is not None else "",
        _("Interval of the cost"): ends(row.cost_low, row.cost_high),
        _("Note"): row.reason or "",
    }
    for row in rows
]
tables.plain_table(
    pl.DataFrame(table), key="exposure", alt=_("Expected errors and cost of {count} scenarios.").format(count=len(rows))
)
st.caption(_("Shares are the specification's, or as moved above; scenarios are taken not to overlap."))
