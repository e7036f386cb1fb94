"""Trends: how each scenario moved from release to release, where its line breaks, and what is behind a flat one."""

import polars as pl
import streamlit as st

from plainview import narrative
from plainview.breaks import KINDS, releases_where
from plainview.charts.rows import titled
from plainview.continuity import continuity
from plainview.exceptions import PlainviewError
from plainview.narrative.wholes import lasting
from plainview.quantities import span, value
from plainview.report import judged_on
from plainview.texts import _, plural
from plainview.ui import cache, components, links, states, tables
from plainview.ui.plain import plain

PER_PAGE = 8  # scenarios in one chart
JUDGED = {
    "published": _("As published"),
    "anew": _("Anew, on today's test set"),
    "common": _("Anew, on the examples that all answered"),
}

place = links.here()
if place.evaluation is None:
    states.problem(place.problem)
    st.stop()
first, today = place.line[0], place.line[-1]
specification = cache.specification(today.id)
keys = specification.metric_keys
behaviours = {scenario.name: scenario.behaviour for scenario in specification.scenarios}
owned = [behaviour.name for behaviour in specification.behaviours]
metric = place.metric if place.metric in keys else keys[0]
published = cache.history(place.project, metric=metric, test_set=today.test_set.name)
then = published.filter(pl.col("release") == place.release, pl.col("was") == [place.scenario])["scenario"].unique()
asked = then[0] if place.scenario not in behaviours and len(then) == 1 else place.scenario  # under its name of today
if asked == place.scenario:
    states.check(place, metric=keys, scenario=behaviours, behaviour=owned)
scenario = asked or "all"
unit, counted = specification.unit_of(metric), specification.counted_by(metric)[1]
found = continuity(published, place.line, metric)
anew = not found.unbroken and today.source is None  # the rows of today's test set are at hand


def judged() -> str:
    """Which values are shown; there is nothing to choose where all of them are of the same thing."""
    kind = place.own.get("kind", "published")
    return kind if kind in JUDGED and anew else "published"


def since_first() -> tuple[str, list[str]]:
    """What is underneath, from the first release to the newest, example by example; and how much of it is the model's."""
    if first.id == today.id:
        return "", []
    try:
        compared = cache.comparison(first.id, today.id)
        change = None if first.source or today.source else cache.mix(first.id, today.id)
    except PlainviewError as error:
        return narrative.not_followed(str(error), first.release, today.release), []
    rows = [row for row in compared.results if row.metric == metric]
    ends = {"first": first.release, "last": today.release, "scenario": scenario, "task": today.task}
    return (
        narrative.underneath(rows, specification, compared, scenario=scenario),
        narrative.since_first(change, metric, unit, **ends) if change else [],
    )


shown_as = judged()
line = published if shown_as == "published" else cache.history_today(today.id, common=shown_as == "common")
line = line.filter(metric=metric)
one = line.filter(scenario=scenario).sort("order")
ends = [(row["release"], row["value"]) for row in one.iter_rows(named=True)] or [(place.release, None)]
turned = {kind: releases_where(one, [kind]) for kind in KINDS}
answer = narrative.trend_answer(
    metric,
    unit,
    ends[0],
    ends[-1],
    one.height,
    turned.pop("test set"),
    scenario=scenario,
    turned=turned,
    answered=one["examples"].to_list() if shown_as != "published" else (),
)
components.heading(_("Trends of {title}").format(title=place.evaluation.title), answer, context=lasting(place.line))
components.reused(judged_on(place.line, today))
underneath, parts = since_first()
if underneath:
    st.text(underneath)

if anew:
    links.kinds(_("Judged"), JUDGED, "published")
left, middle, right = st.columns(3)
with left:
    links.picker(_("Metric"), "metric", list(keys), metric, titles=narrative.metric_title)
with middle:
    links.picker(_("Behaviour"), "behaviour", owned, place.behaviour, placeholder=_("All of them"), clears=True)
names = [name for name, of in behaviours.items() if place.behaviour in (None, of) or name == "all"]
with right:
    links.scenarios(names, asked)
names = [asked] if asked else names
page = links.pages(-(-len(names) // PER_PAGE))
shown = names[(page - 1) * PER_PAGE : page * PER_PAGE]
chosen = line.filter(pl.col("scenario").is_in(shown))
if chosen.is_empty():
    states.nothing(_("Nothing was measured"), _("No release has a value for these scenarios."))
    st.stop()
bars = {row.scenario: row.bar for row in specification.requirements if row.metric.key == metric and row.bar is not None}
order = pl.col("scenario").replace_strict({name: at for at, name in enumerate(shown)}, return_dtype=pl.Int64)
bar = pl.col("scenario").replace_strict(bars, default=None, return_dtype=pl.Float64)
drawn = chosen.sort(order, "order").with_columns(bar.alias("bar"))
drawing = cache.drawing("trends", drawn, metric=metric, unit=unit, limit=PER_PAGE)
components.chart(drawing, key="trends")
st.caption(plain(drawing[1]))
few = (
    " " + _("Hollow marks have too few {counted} to be judged.").format(counted=counted)
    if (chosen["status"] != "measured").any()
    else ""
)
st.caption(
    _("Bands are {confidence:.0%} intervals; every row has the same scale.").format(confidence=specification.confidence)
    + few
)

st.subheader(_("Is it the same thing all along?"), anchor=False)
made_of = narrative.continuity_statements(found, metric, scenario=scenario, task=today.task)
components.statements([*made_of, *parts, *filter(None, [narrative.reuse_sentence(found.judged)])])
with st.container(horizontal=True, vertical_alignment="center"):
    links.link(
        "release/compare",
        _("From {first} to {last}").format(first=first.release, last=today.release),
        release=today.release,
        baseline=first.release,
    )
    links.link("release/compare", _("What changed in {release}").format(release=place.release))
    links.link(
        "release/behaviours", _("Examples of {release}").format(release=place.release), scenario=place.scenario or "all"
    )

st.subheader(_("Every value"), anchor=False)
table = pl.DataFrame(
    [
        {
            _("Release"): row["release"],
            _("Released"): row["released"],
            _("Scenario"): titled(row["scenario"]),
            narrative.metric_title(metric): value(row["value"], metric, unit),
            _("Interval"): span(row["low"], row["high"], metric, unit) if row["low"] is not None else "",
            counted.capitalize(): row["examples"],
            _("From here on"): ", ".join(KINDS[kind] for kind in row["breaks"]),
            _("Note"): row["reason"] or "",
        }
        for row in chosen.sort(order, -pl.col("order")).iter_rows(named=True)
    ],
    infer_schema_length=None,
)
tables.plain_table(
    table,
    key="values",
    alt=plural(
        "Every value of {count} scenario over the releases.",
        "Every value of {count} scenarios over the releases.",
        len(shown),
    ),
)
