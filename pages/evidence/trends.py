"""Trends: how each scenario moved from release to release, with its interval and the breaks of the test set."""

import polars as pl
import streamlit as st

from plainview import narrative
from plainview.charts.rows import titled
from plainview.narrative.wholes import lasting
from plainview.quantities import count, span, value
from plainview.ui import cache, components, links, states, tables

PER_PAGE = 8  # scenarios in one chart
PUBLISHED, ANEW = "As published", "Anew, on today's test set"

place = links.here()
if place.evaluation is None:
    states.problem(place.problem)
    st.stop()
specification = cache.specification(place.evaluation.id)
unit, keys = specification.unit or "", specification.metric_keys
behaviours = {scenario.name: scenario.behaviour for scenario in specification.scenarios}
states.check(place, metric=keys, scenario=behaviours)
metric, scenario = place.metric or keys[0], place.scenario or "all"
published = cache.history(place.project, test_set=place.evaluation.test_set.name)
moved = published["test_set"].n_unique() > 1 or published.group_by("scenario").n_unique()["definition"].max() > 1
anew = moved and st.session_state.get("judged_on") == ANEW
line = (cache.history_today(place.line[-1].id) if anew else published).filter(metric=metric)
one = line.filter(scenario=scenario).sort("order")


def changes_of(column: str) -> list[str]:
    """Releases at which a column has another value than in the release before."""
    return one.filter((one[column] != one[column].shift(1)).fill_null(False))["release"].to_list()


ends = [(row["release"], row["value"]) for row in one.iter_rows(named=True)] or [(place.release, None)]
answer = narrative.trend_answer(
    metric,
    unit,
    ends[0],
    ends[-1],
    one.height,
    changes_of("test_set"),
    scenario=scenario,
    redefined=changes_of("definition"),
    answered=one["examples"].to_list() if anew else (),
)
components.heading(f"Trends of {place.evaluation.title}", answer, context=lasting(place.line))

if moved:
    help_text = "Judged anew: the answers of every release to the examples of today's test set, by today's scenarios."
    st.segmented_control("Judged", [PUBLISHED, ANEW], default=PUBLISHED, required=True, key="judged_on", help=help_text)
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
with st.container(horizontal=True, vertical_alignment="center"):
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
