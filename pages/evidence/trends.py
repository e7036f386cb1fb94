"""Trends: how each scenario moved from release to release, with its interval and the breaks of the test set."""

import polars as pl
import streamlit as st

from plainview import narrative
from plainview.charts.rows import titled
from plainview.narrative.wholes import lasting
from plainview.quantities import count, span, value
from plainview.ui import cache, components, links, states, tables

PER_PAGE = 8  # scenarios in one chart

place = links.here()
if place.evaluation is None:
    states.problem(place.problem)
    st.stop()
specification = cache.specification(place.evaluation.id)
unit, keys = specification.unit or "", specification.metric_keys
behaviours = {scenario.name: scenario.behaviour for scenario in specification.scenarios}
states.check(place, metric=keys, scenario=behaviours)
metric, scenario = place.metric or keys[0], place.scenario or "all"
line = cache.history(place.project, test_set=place.evaluation.test_set.name).filter(metric=metric)
one = line.filter(scenario=scenario).sort("order")
changed = (one["test_set"] != one["test_set"].shift(1)).fill_null(False)
ends = [(row["release"], row["value"]) for row in one.iter_rows(named=True)] or [(place.release, None)]
breaks = one.filter(changed)["release"].to_list()
answer = narrative.trend_answer(metric, unit, ends[0], ends[-1], one.height, breaks, scenario=scenario)
components.heading(f"Trends of {place.evaluation.title}", answer, context=lasting(place.line))

left, middle, right = st.columns(3)
with left:
    links.picker("Metric", "metric", list(keys), metric, titles=narrative.metric_title)
with middle:
    links.picker("Scenario", "scenario", list(behaviours), place.scenario, titles=titled, placeholder="All of them")
wanted = None
if place.scenario is None:
    owned = [behaviour.name for behaviour in specification.behaviours]
    with right:
        wanted = st.selectbox("Behaviour", owned, index=None, placeholder="All behaviours", key="behaviour")
names = [name for name, of in behaviours.items() if wanted in (None, of) or name == "all"]
names = [place.scenario] if place.scenario else names
pages = -(-len(names) // PER_PAGE)
page = st.pagination(pages, key="page") if pages > 1 else 1
shown = names[(page - 1) * PER_PAGE : page * PER_PAGE]
chosen = line.filter(pl.col("scenario").is_in(shown))
if chosen.is_empty():
    states.nothing("Nothing was measured", "No release has a value for these scenarios.")
    st.stop()
bars = {row.scenario: row.bar for row in specification.requirements if row.metric.key == metric and row.bar is not None}
order = pl.col("scenario").replace_strict({name: place for place, name in enumerate(shown)}, return_dtype=pl.Int64)
bar = pl.col("scenario").replace_strict(bars, default=None, return_dtype=pl.Float64)
drawn = chosen.sort(order, "order").with_columns(bar.alias("bar"))
components.chart(cache.drawing("trends", drawn, metric=metric, unit=unit, limit=PER_PAGE), key="trends")
few = " Hollow marks have too few examples to be judged." if (chosen["status"] != "measured").any() else ""
st.caption(f"Bands are {specification.confidence:.0%} intervals; every row has the same scale.{few}")
with st.container(horizontal=True):
    links.link("release/compare", f"What changed in {place.release}")
    links.link("release/behaviours", f"Examples of {place.release}", scenario=scenario)
    if place.scenario:
        links.link("evidence/trends", "Every scenario", scenario=None)

st.subheader("Every value", anchor=False)
table = pl.DataFrame(
    [
        {
            "Release": row["release"],
            "Released": row["released"],
            "Scenario": titled(row["scenario"]),
            narrative.metric_title(metric): value(row["value"], metric, unit),
            "Interval": span(row["low"], row["high"], metric, unit) if row["low"] is not None else "",
            "Examples": row["examples"],
            "Note": row["reason"] or "",
        }
        for row in chosen.sort(order, -pl.col("order")).iter_rows(named=True)
    ],
    infer_schema_length=None,
)
tables.plain_table(table, key="values", alt=f"Every value of {count(len(shown), 'scenario')} over the releases.")
