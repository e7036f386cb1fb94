"""Trends: how each scenario moved from release to release, with its interval and the breaks of the test set."""

import polars as pl
import streamlit as st

from plainview import narrative
from plainview.charts import trends
from plainview.charts.rows import titled
from plainview.quantities import span, value
from plainview.ui import cache, components, links, states, tables

PER_PAGE = 8  # scenarios in one chart

place = links.here()
specification, unit = cache.specification(place.evaluation.id), None
unit, keys = specification.unit or "", specification.metric_keys
metric = place.metric if place.metric in keys else keys[0]
line = cache.history(place.project, test_set=place.evaluation.test_set.name).filter(pl.col("metric") == metric)
overall = line.filter(pl.col("scenario") == "all").sort("order")
changed = overall["test_set"] != overall["test_set"].shift(1)
breaks = overall.filter(changed.fill_null(False))["release"].to_list()
ends = [(row["release"], row["value"]) for row in overall.iter_rows(named=True)] or [(place.release, None)]
components.heading(
    f"Trends of {place.evaluation.title}",
    narrative.trend_answer(metric, unit, ends[0], ends[-1], overall.height, breaks),
    context=f"{specification.confidence:.0%} intervals, drawn as bands. Hollow marks have too few examples to be judged.",
)

behaviours = [behaviour.name for behaviour in specification.behaviours]
left, right = st.columns(2)
with left:
    links.picker("Metric", "metric", list(keys), metric, titles=narrative.metric_title)
with right:
    wanted = st.selectbox("Behaviour", behaviours, index=None, placeholder="All behaviours", key="behaviour")
bars = {row.scenario: row.bar for row in specification.requirements if row.metric.key == metric and row.bar is not None}
names = [
    "all",
    *(each.name for each in specification.scenarios if each.name != "all" and wanted in (None, each.behaviour)),
]
pages = -(-len(names) // PER_PAGE)
page = st.pagination(pages, key="page") if pages > 1 else 1
shown = names[(page - 1) * PER_PAGE : page * PER_PAGE]
chosen = line.filter(pl.col("scenario").is_in(shown))
if chosen.is_empty():
    states.nothing("Nothing was measured", "No release has a value for these scenarios.")
else:
    order = pl.col("scenario").replace_strict({name: place for place, name in enumerate(shown)}, return_dtype=pl.Int64)
    bar = pl.col("scenario").replace_strict(bars, default=None, return_dtype=pl.Float64)
    drawn = chosen.sort(order, "order").with_columns(bar.alias("bar"))
    components.chart(trends.trends(drawn, metric=metric, unit=unit, limit=PER_PAGE), key="trends")

st.subheader("Every value", anchor=False)
table = pl.DataFrame(
    [
        {
            "Scenario": titled(row["scenario"]),
            "Release": row["release"],
            "Released": row["released"],
            narrative.metric_title(metric): value(row["value"], metric, unit),
            "Interval": span(row["low"], row["high"], metric, unit) if row["low"] is not None else "",
            "Examples": row["examples"],
            "Note": row["reason"] or "",
        }
        for row in chosen.sort("order", descending=True).iter_rows(named=True)
    ],
    infer_schema_length=None,
)
tables.plain_table(table, key="values", alt=f"Every value of {len(shown)} scenarios over the releases.")
