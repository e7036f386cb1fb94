"""Compare: what got better and what got worse between two releases, and the examples that were fixed or broke."""

from dataclasses import asdict

import polars as pl
import streamlit as st

from plainview import narrative
from plainview.charts import forest
from plainview.charts.rows import titled
from plainview.quantities import difference, ends, value
from plainview.ui import cache, components, links, states, tables
from plainview.ui.frame import dated
from plainview.ui.place import Problem
from plainview.ui.plain import plain

GROUPS = {
    "worse": "Worse",
    "better": "Better",
    "inconclusive": "Too uncertain to tell",
    "equivalent": "Unchanged",
    "not comparable": "Not comparable",
}

place = links.here()
others = {one.release: one for one in place.line if one.release != place.release}


def pick_baseline() -> None:
    """The release to compare with."""
    links.picker(
        "Compared with",
        "baseline",
        list(others),
        place.before.release if place.before else None,
        titles=lambda name: dated(others[name]),
        placeholder="Choose a release",
    )


if place.before is None and not others:
    components.heading(
        f"Compare {place.release}", f"{place.release} is the only release, so there is nothing to compare."
    )
    states.nothing(
        "One release only", "Publish the next release on the same test set, and this page says what changed."
    )
    links.link("about/publish", "How to publish")
    st.stop()

if place.before is None or place.before.id == place.evaluation.id:
    components.heading(f"Compare {place.release}", "Choose a release to compare with.")
    pick_baseline()
    st.stop()

comparison = cache.comparison(place.before.id, place.evaluation.id)
specification = cache.specification(place.evaluation.id)
unit, keys = specification.unit or "", specification.metric_keys
metric = place.metric if place.metric in keys else keys[0]
changes = [row for row in comparison.results if row.metric == metric]
components.heading(
    f"{place.before.release} against {place.release}",
    comparison.headline,
    context=narrative.compared(comparison, specification),
)
left, right = st.columns(2)
with left:
    pick_baseline()
with right:
    links.picker("Metric", "metric", list(keys), metric, titles=narrative.metric_title)
components.chart(forest.forest([asdict(row) for row in changes], metric=metric, unit=unit), key="forest")

for verdict, label in GROUPS.items():
    found = [row for row in changes if row.verdict == verdict]
    if found:
        with st.expander(
            f"{components.verdict(verdict)} {label}: {len(found)}", expanded=verdict in ("worse", "better")
        ):
            components.statements(narrative.change_sentence(row, specification) for row in found)

st.subheader("Every scenario", anchor=False)
table = pl.DataFrame(
    [
        {
            "Scenario": titled(row.scenario),
            "Behaviour": row.behaviour or "",
            "Verdict": components.marked(row.verdict),
            place.before.release: value(row.baseline, metric, unit),
            f"{place.release} ": value(row.candidate, metric, unit),
            "Difference": difference(row.difference, metric, unit) if row.difference is not None else "",
            "Interval": ends(row.low, row.high, metric) if row.low is not None else "",
            "Fixed": row.fixed,
            "Broke": row.broke,
            "Examples": row.examples,
            "Note": row.reason or "",
        }
        for row in changes
    ],
    infer_schema_length=None,
)
tables.plain_table(
    table, key="changes", alt=f"{len(changes)} scenarios with both values, the difference and the verdict."
)

st.subheader("The examples behind a change", anchor=False)
names = [row.scenario for row in changes]
scenario = place.scenario or "all"
links.picker("Scenario", "scenario", names, scenario, titles=titled)
if scenario not in names:
    known = f"This release has no scenario “{scenario}”."
    states.problem(Problem("There is no such scenario", known, "Go to the report", {"project": place.project}))
elif not comparison.paired:
    states.nothing("No example can be shown side by side", "The two releases were judged on different examples.")
else:
    st.markdown(plain(narrative.change_sentence(changes[names.index(scenario)], specification)))
    closer = specification.task == "regression"
    kinds = {"broke": "Further off" if closer else "Broke", "fixed": "Closer" if closer else "Fixed"}
    kind = st.segmented_control(
        "Which examples", list(kinds), default="broke", format_func=kinds.get, required=True, key="flips"
    )
    found = cache.examples(place.evaluation.id, scenario, kind=kind, baseline_id=place.before.id)
    if found.height:
        tables.examples(
            found, key="flipped", alt=f"Examples that {kinds[kind].lower()}, {titled(scenario)}.", name="flips"
        )
    else:
        states.nothing("None", f"No example of this scenario {'went' if closer else 'was in'} this group.")
