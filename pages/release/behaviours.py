"""Behaviours: how well each scenario works in this release, what is demanded of it, and the examples behind it."""

import polars as pl
import streamlit as st

from plainview import narrative
from plainview.charts import estimates
from plainview.charts.rows import titled
from plainview.quantities import span, value
from plainview.ui import cache, components, links, states, tables
from plainview.ui.place import Problem

place = links.here()
report = cache.report(place.evaluation.id, baseline=place.baseline)
specification, unit = report.specification, report.specification.unit or ""
metric = place.metric if place.metric in specification.metric_keys else specification.metric_keys[0]
results = [row for row in report.results if row.metric == metric]
standings = {}
for standing in report.standings:  # the worst of several on one scenario is the one that shows
    if standing.metric == metric:
        known = standings.get(standing.scenario)
        ranks = ["Fail", "No evidence", "Watch", "Pass"]
        if known is None or ranks.index(standing.state) < ranks.index(known.state):
            standings[standing.scenario] = standing
before = {}
if report.baseline is not None:
    for row in cache.results(report.baseline.id).filter(pl.col("metric") == metric).iter_rows(named=True):
        before[row["scenario"]] = row["value"]


def state_of(scenario: str, measured: float | None) -> str:
    """The state of a scenario: what its requirement says, else that it was measured, or was not."""
    if scenario in standings:
        return standings[scenario].state
    return "Measured" if measured is not None else "No evidence"


rows = [
    row.model_dump()
    | {
        "state": state_of(row.scenario, row.value),
        "bar": standings[row.scenario].bar if row.scenario in standings else None,
        "previous": before.get(row.scenario),
    }
    for row in results
]
few = sum(row.status == "too few examples" for row in results)
answer = narrative.behaviours_answer([row["state"] for row in rows], len(standings), few)
components.heading(f"Behaviours of {place.release}", answer, context=narrative.about(report))
if len(specification.metric_keys) > 1:
    links.picker(
        "Metric",
        "metric",
        list(specification.metric_keys),
        metric,
        titles=narrative.metric_title,
        help="What is measured",
    )
components.chart(estimates.estimates(rows, metric=metric, unit=unit), key="estimates")

st.subheader("Every scenario", anchor=False)
definitions = {
    each.name: each.where or (f"{len(each.ids)} pinned examples" if each.ids else "")
    for each in specification.scenarios
}
table = pl.DataFrame(
    [
        {
            "Scenario": titled(row["scenario"]),
            "Behaviour": row["behaviour"] or "",
            "State": components.marked(row["state"]),
            narrative.metric_title(metric): value(row["value"], metric, unit),
            "Interval": span(row["low"], row["high"], metric, unit) if row["low"] is not None else "",
            "Examples": int(row["of"]),
            "Left out": row["missing"],
            "Demanded": standings[row["scenario"]].title if row["scenario"] in standings else "",
            "Definition": definitions[row["scenario"]],
            "Note": row["reason"] or "",
        }
        for row in rows
    ]
)
tables.plain_table(
    table, key="scenarios", alt=f"{len(rows)} scenarios with their value, interval, examples and requirement."
)

st.subheader("The examples behind a number", anchor=False)
names = [row["scenario"] for row in rows]
links.picker("Scenario", "scenario", names, place.scenario, titles=titled, placeholder="Choose a scenario")
if place.scenario is None:
    states.nothing("Choose a scenario to see its examples", "Wrong answers come first.")
elif place.scenario not in names:
    known = f"This release has no scenario “{place.scenario}”."
    states.problem(Problem("There is no such scenario", known, "Go to the report", {"project": place.project}))
else:
    chosen = next(row for row in results if row.scenario == place.scenario)
    st.text(narrative.result_sentence(chosen, specification))
    if place.scenario in standings:
        st.text(standings[place.scenario].sentence)
    kind = "all"
    if specification.task != "regression":
        kinds = {"wrong": "Wrong answers", "right": "Right answers", "all": "All"}
        kind = st.segmented_control(
            "Which examples", list(kinds), default="wrong", format_func=kinds.get, required=True, key="kind"
        )
    found = cache.examples(place.evaluation.id, place.scenario, kind=kind)
    tables.examples(
        found, key="examples", alt=f"Examples of {titled(place.scenario)}.", name=f"{place.project}-examples"
    )
