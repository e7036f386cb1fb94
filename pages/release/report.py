"""The report of a release: what changed, what needs attention, and what happened to each behaviour."""

from dataclasses import asdict

import polars as pl
import streamlit as st

from plainview import narrative
from plainview.charts.trends import sparkline
from plainview.quantities import span, value
from plainview.requirements import by_priority
from plainview.texts import _
from plainview.ui import cache, components, deciding, handing_on, links, states, tables
from plainview.ui.plain import plain

MOST, BEHAVIOURS = 5, 10  # of what needs attention, and of what changed; the rest is one click away
ORDER = ("worse", "better", "inconclusive", "equivalent", "not comparable")


def behaviours(said: list[tuple[str, str, str]]) -> None:
    """What happened to each behaviour, the losses first."""
    for name, verdict, sentence in said[:BEHAVIOURS]:
        components.explained(components.verdict(verdict), sentence.removeprefix(f"{name}: "), name=name)
    if len(said) > BEHAVIOURS:
        with st.expander(_("{count} more behaviours").format(count=len(said) - BEHAVIOURS)):
            for name, verdict, sentence in said[BEHAVIOURS:]:
                components.explained(components.verdict(verdict), sentence.removeprefix(f"{name}: "), name=name)


place = links.here()
report = cache.report(place.evaluation.id, baseline=place.baseline)
specification, comparison = report.specification, report.comparison
metric = specification.metric_keys[0]
unit = specification.unit_of(metric)
changes = [row for row in comparison.results if row.metric == metric] if comparison else []
parts = [row for row in changes if row.scenario != "all"]
comparable = any(row.verdict != "not comparable" for row in changes)
overall = next(row for row in report.results if row.scenario == "all" and row.metric == metric)

components.heading(f"{report.evaluation.title}, {place.release}", report.headline, context=narrative.about(report))
deciding.opening(place.project, place.release)
st.text(report.standing)
components.reused(report.judged)
if report.evaluation.notes:
    st.caption(plain(_("Release notes: {notes}").format(notes=report.evaluation.notes)))

line = cache.history(place.project, metric=metric, test_set=report.evaluation.test_set.name)
met = [row for row in report.standings if row.status == "met"]
tiles = [
    components.Tile(
        _("{metric}, all examples").format(metric=narrative.metric_title(metric)),
        value(overall.value, metric, unit),
        note=span(overall.low, overall.high, metric, unit) if overall.low is not None else "",
        trend=sparkline(line.filter((pl.col("scenario") == "all") & (pl.col("metric") == metric)), metric=metric),
        help=narrative.result_sentence(overall, specification),
    ),
    components.Tile(
        _("Requirements met"),
        _("{met} of {total}").format(met=len(met), total=len(report.standings)) if report.standings else _("none set"),
        note=narrative.open_requirements([row.status for row in report.standings]),
    ),
]
for verdict, label in (("better", _("Better")), ("worse", _("Worse")), ("inconclusive", _("Too uncertain to tell"))):
    if parts:
        found = sum(row.verdict == verdict for row in parts)
        tiles.append(
            components.Tile(label, f"{found}", note=_("of {count} scenarios").format(count=len(parts)))
            if comparable
            else components.Tile(label, tables.MISSING, note="not comparable")
        )
components.tiles(tiles)
handing_on.downloads(report)

st.subheader(_("What needs attention"), anchor=False)
urgent = [
    components.Attention(row.state, row.sentence, "evidence/incidents", _("Look at the incident"))
    for row in report.incidents
    if row.status in ("came back", "open")
]
urgent += [
    components.Attention(
        row.state,
        row.sentence,
        "release/behaviours",
        _("Look at the examples"),
        {"scenario": row.scenario, "metric": row.metric},
        row.priority,
    )
    for row in by_priority(report.standings)
    if row.status != "met"
]
urgent += [
    components.Attention(
        "Fail",
        narrative.change_sentence(row, specification),
        "release/compare",
        _("Look at what broke"),
        {"scenario": row.scenario},
    )
    for row in parts
    if row.verdict == "worse"
]
met_all = _("Every requirement is met") if report.standings else _("No requirement is set")
compared = _("no scenario is shown to be worse") if comparable or not comparison else _("no scenario can be compared")
components.attention(urgent[:MOST], nothing=_("{met_all}, and {compared}.").format(met_all=met_all, compared=compared))
if len(urgent) > MOST:
    with st.expander(_("{count} more").format(count=len(urgent) - MOST)):
        components.attention(urgent[MOST:], nothing="")
if report.standings:
    links.link("release/requirements", _("Every requirement, and how it stood over the releases"))

st.subheader(_("What changed"), anchor=False)
if comparison is None:
    states.nothing(_("There is nothing to compare with"), _("This is the first release on this test set."))
elif not any(row.verdict != "not comparable" for row in comparison.results):
    states.not_comparable(place)
else:
    first, last = narrative.whole_statements(comparison, specification)
    components.statements([*first, *last])
    if parts and comparable:
        drawn = [asdict(row) for row in changes if row.scenario not in specification.test_cases]
        drawing = cache.drawing("forest", drawn, metric=metric, unit=unit, limit=16)
        if picked := components.chart(drawing, key="forest", pick=True):
            st.switch_page("pages/release/compare.py", query_params=links.carried(scenario=picked, metric=None))
        if len(drawn) < len(changes):
            st.caption(narrative.not_drawn(len(changes) - len(drawn), _("See below.")))
    said = narrative.behaviour_statements(comparison, specification)
    behaviours(sorted(said, key=lambda row: ORDER.index(row[1])))
    links.link("release/compare", _("Compare scenario by scenario"), scenario=None)
links.link("release/behaviours", _("Every behaviour with its scenarios"), scenario=None)
