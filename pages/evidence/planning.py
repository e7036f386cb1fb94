"""Planning: how many examples each scenario needs before a change can be told, and which cannot tell any today."""

from collections.abc import Sequence

import polars as pl
import streamlit as st

from plainview import narrative
from plainview.charts.rows import titled
from plainview.exceptions import StoreError
from plainview.metrics import METRICS, split_key
from plainview.planning import ASSUMED_FLIPS, plan
from plainview.quantities import margin as margin_read
from plainview.quantities import rough
from plainview.quantities import size as size_read
from plainview.records import Evaluation
from plainview.texts import _
from plainview.ui import cache, components, links, states, tables
from plainview.ui.plain import plain
from plainview.verdicts import Change

TRIED = 4  # releases to compare with, until one tells how much answers differ

place = links.here()
report = cache.report(place.evaluation.id, baseline=place.baseline)
specification, keys = report.specification, report.specification.metric_keys
states.check(place, metric=keys)
metric = place.metric or keys[0]
unit, counted = specification.unit_of(metric), specification.counted_by(metric)[1]
points = METRICS[split_key(metric)[0]].unit == "proportion"
answer = st.empty()
left, right = st.columns(2)
with left:
    links.picker(_("Metric"), "metric", list(keys), metric, titles=narrative.metric_title, forgets=("margin",))
with right:
    size = _("A change that matters, in {unit}").format(
        unit=_("points") if points else plain(unit) or _("its own units")
    )
    asked = links.number(size, "margin", placeholder=_("As the specification says"))
changes = report.comparison.results if report.comparison else ()
wanted = None if not asked else asked / 100 if points else asked
others = [one for one in reversed(place.line) if place.before and one.id not in (place.before.id, place.evaluation.id)]
before, plans = place.before, plan(specification, metric, report.results, changes, margin=wanted)
measured = any(row.measured for row in plans)


def changes_since(one: Evaluation) -> Sequence[Change]:
    """What changed since another release; nothing where it cannot be read."""
    try:
        return cache.comparison(one.id, place.evaluation.id).results
    except StoreError:
        return ()


def since() -> str:
    """Where it is known from how much answers differ."""
    assumed = _("{share:.0%} of answers are assumed to flip").format(share=ASSUMED_FLIPS)
    if place.before is None:
        return _("No two releases can be compared yet: {assumed}.").format(assumed=assumed)
    taken = _("How much answers differ is taken from {baseline} to {release}.").format(
        baseline=before.release, release=place.release
    )
    if measured and before is place.before:
        return taken
    failed = _("{release} compared with {baseline} does not tell how much answers differ").format(
        release=place.release, baseline=place.before.release
    )
    if not changes_since(place.before):
        failed = _("{release} cannot be compared with {baseline}, which cannot be read").format(
            release=place.release, baseline=place.before.release
        )
    return f"{failed}. {taken}" if measured else f"{failed}. {assumed}."


for one in others[:TRIED] if plans and not measured else ():
    tried = plan(specification, metric, report.results, changes_since(one), margin=wanted)
    if any(row.measured for row in tried):
        before, plans, measured = one, tried, True
        break
with answer.container():
    components.heading(_("How many examples"), narrative.planning_answer(plans, metric, unit, counted), context=since())
if not plans:
    states.nothing(_("Nothing to plan for"), _("Set a margin above, or in the specification."))
    st.stop()
rows = [
    {
        _("Scenario"): titled(row.scenario),
        _("Behaviour"): row.behaviour or "",
        counted.capitalize(): row.examples,
        _("Needed"): row.needed,
        _("More"): _("enough") if row.enough else rough(row.more) if row.more else _("not known"),
        _("To tell a change of"): margin_read(row.margin, metric, unit),
        _("Can tell today"): _("no verdict at all")
        if row.mute
        else _("not known")
        if row.smallest is None
        else size_read(row.smallest, metric, unit),
        _("Note"): "" if row.measured else _("assumed, not measured"),
    }
    for row in sorted(plans, key=lambda row: (row.enough, row.more or 0))
]
tables.plain_table(
    pl.DataFrame(rows, infer_schema_length=None),
    key="plans",
    alt=_("{count} scenarios with the {counted} they have and the {counted} they need.").format(
        count=len(rows), counted=counted
    ),
)
st.caption(
    _(
        "Needed: enough to find a change of that size with a chance of 80% among all tests of a comparison, where nothing else "
        "changed, and to show that there is none if there is none. "
        "New {counted} must come as the present ones did: picked by hand, they would measure something else."
    ).format(counted=counted)
)
