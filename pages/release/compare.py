"""Compare: what got better and what got worse between two releases, and the examples that were fixed or broke."""

from dataclasses import asdict

import polars as pl
import streamlit as st

from plainview import narrative
from plainview.charts.rows import titled
from plainview.examples import OUTCOME
from plainview.exceptions import StoreError
from plainview.quantities import difference, ends, value
from plainview.reviews import COMPARISON
from plainview.texts import _, plural
from plainview.ui import cache, components, links, noting, states, tables
from plainview.ui.frame import dated
from plainview.verdicts import RULE, Change

ORDER = ("worse", "better", "inconclusive", "equivalent", "not comparable")
WORDS = {
    "broke": (_("Broke"), _("No answer broke")),
    "fixed": (_("Fixed"), _("No answer was fixed")),
}  # and where there is none
NUMBERS = {
    "broke": (_("Further off"), _("No prediction went further off")),
    "fixed": (_("Closer"), _("No prediction came closer")),
}
MOST = 10  # sentences of one verdict; the rest is in the table

place = links.here()
others = {one.release: one for one in place.line if one.release != place.release}


def pick_baseline() -> None:
    """The release to compare with."""
    chosen = place.before.release if place.before else None
    titles = {name: dated(one) for name, one in others.items()}
    links.picker(
        _("Compared with"), "baseline", list(others), chosen, titles=titles.get, placeholder=_("Choose a release")
    )


if place.before is None or place.before.id == place.evaluation.id:
    only = _("{release} is the only release, so there is nothing to compare.").format(release=place.release)
    first = _("{release} is the first release: choose a later one to compare it with.").format(release=place.release)
    same = _("{release} is compared with itself: choose another release.").format(release=place.release)
    components.heading(
        _("Compare {release}").format(release=place.release), only if not others else same if place.before else first
    )
    if others:
        pick_baseline()
    else:
        until = _("Publish the next release on the same test set, and this page says what changed.")
        states.nothing(_("One release only"), until)
        links.link("about/publish", _("How to publish"))
    links.link("release/behaviours", _("How well {release} does").format(release=place.release), baseline=None)
    st.stop()

try:
    comparison = cache.comparison(place.before.id, place.evaluation.id)
except StoreError:  # a damaged baseline does not hide a sound release; a damaged release is said to be so
    comparison = cache.report(place.evaluation.id, baseline=place.before.release).comparison
specification = cache.specification(place.evaluation.id)
keys, scenarios = specification.metric_keys, [scenario.name for scenario in specification.scenarios]
states.check(place, metric=keys, scenario=scenarios)
metric = place.metric or keys[0]
unit, counted = specification.unit_of(metric), specification.counted_by(metric)[1]
words = NUMBERS if specification.task == "regression" else WORDS
changes = {row.scenario: row for row in comparison.results if row.metric == metric}
title = _("{release} compared with {baseline}").format(release=place.release, baseline=place.before.release)
if all(row.verdict == "not comparable" for row in comparison.results):
    components.heading(title, comparison.headline)
    pick_baseline()
    states.not_comparable(place)
    links.link("release/behaviours", _("How well {release} does").format(release=place.release), baseline=None)
    st.stop()


def pickers() -> None:
    left, middle, right = st.columns(3)
    with left:
        pick_baseline()
    with middle:
        links.scenarios(scenarios, place.scenario)
    with right:
        links.picker(_("Metric"), "metric", list(keys), metric, titles=narrative.metric_title)


def overview() -> None:
    """Every scenario: the chart, the verdicts in words, the table, and the examples of all."""
    components.heading(title, comparison.headline, context=narrative.compared(comparison, specification))
    rows_here = place.before.source is None and place.evaluation.source is None
    if rows_here and place.before.test_set.digest != place.evaluation.test_set.digest and comparison.paired:
        split = narrative.mix_answer(cache.mix(place.before.id, place.evaluation.id), metric, unit)
        if split:
            st.text(split)
    pickers()
    drawn = [row for row in changes.values() if row.scenario not in specification.test_cases]
    rows = [asdict(row) | {"counted": specification.counted_by(metric)} for row in drawn]
    picked = components.chart(cache.drawing("forest", rows, metric=metric, unit=unit), key="forest", pick=True)
    if picked:
        st.query_params.from_dict(links.carried(scenario=picked))
        st.rerun()
    if len(drawn) < len(changes):
        st.caption(narrative.not_drawn(len(changes) - len(drawn)))
    st.subheader(_("Verdict by verdict"), anchor=False)
    for verdict in ORDER:
        found = [row for row in changes.values() if row.verdict == verdict and row.scenario != "all"]
        if found:
            group(verdict, sorted(found, key=lambda row: -abs(row.difference or 0.0)))
    st.subheader(_("Every scenario"), anchor=False)
    table()
    st.subheader(_("The examples behind the change"), anchor=False)
    flips(changes["all"])
    links.link("evidence/differences", _("How the two answer otherwise, example by example"))
    noting.review(COMPARISON, "this comparison", baseline=place.before.release)


def group(verdict: str, rows: list[Change]) -> None:
    """The scenarios of one verdict, the largest change first, each in a sentence."""
    number = plural("{count} scenario", "{count} scenarios", len(rows))
    with st.expander(f"{components.verdict(verdict)} {number}", expanded=verdict in ("worse", "better")):
        components.statements(narrative.change_sentence(row, specification) for row in rows[:MOST])
        if len(rows) > MOST:
            st.caption(_("{count} more in the table below.").format(count=len(rows) - MOST))


def table() -> None:
    """Every scenario, a row each."""
    rows = [
        {
            _("Scenario"): titled(row.scenario),
            _("Verdict"): components.marked(row.verdict),
            _("Before"): value(row.baseline, metric, unit),
            _("Now"): value(row.candidate, metric, unit),
            _("Difference"): moved(row),
            _("Interval"): ends(row.low, row.high, metric) if row.low is not None else "",
            words["fixed"][0]: row.fixed,
            words["broke"][0]: row.broke,
            counted.capitalize(): row.examples,
            _("Behaviour"): row.behaviour or "",
            _("Note"): row.reason or "",
        }
        for row in sorted(changes.values(), key=lambda row: (row.scenario != "all", ORDER.index(row.verdict)))
    ]
    alt = plural(
        "{count} scenario with both values, the difference and the verdict, the worst first.",
        "{count} scenarios with both values, the difference and the verdict, the worst first.",
        len(rows),
    )
    tables.plain_table(pl.DataFrame(rows, infer_schema_length=None), key="changes", alt=alt)


def moved(row: Change) -> str:
    """A difference with as many digits as its interval allows."""
    if row.difference is None:
        return ""
    within = (row.low, row.high) if row.low is not None and row.high is not None else None
    return difference(row.difference, metric, unit, within=within)


def detail(row: Change) -> None:
    """One scenario: what changed there, and its examples."""
    components.heading(
        f"{titled(row.scenario)}, {title}",
        narrative.change_sentence(row, specification),
        context=narrative.compared(comparison, specification),
    )
    pickers()
    components.explained(components.verdict(row.verdict), RULE[row.verdict])
    with st.container(horizontal=True, vertical_alignment="center"):
        links.link("release/behaviours", _("How well {release} does here").format(release=place.release))
        links.link("evidence/trends", _("How it moved over the releases"))
        links.link("release/compare", _("Every scenario"), scenario=None)
    st.subheader(_("The examples behind the change"), anchor=False)
    flips(row)


def flips(row: Change) -> None:
    """The examples of a scenario that broke or were fixed."""
    if states.rows_elsewhere(place.evaluation, place.before):
        return None
    if not comparison.paired:
        apart = _("The two releases were judged on different examples.")
        return states.nothing(_("No example can be shown side by side"), apart)
    kinds, number = {kind: flipped(kind, row.scenario) for kind in words}, scenarios.index(row.scenario)
    read = {kind: f"{words[kind][0]} ({rows.height:,})" for kind, rows in kinds.items()}
    kind = links.kinds(
        _("Which examples"), read, "fixed" if kinds["fixed"].height and not kinds["broke"].height else "broke"
    )
    if kinds[kind].height:
        alt = _("Examples of {scenario}: {what}.").format(scenario=titled(row.scenario), what=words[kind][0].lower())
        tables.examples(kinds[kind], key=f"flipped_{number}_{kind}", alt=alt, name=f"{place.project}-{kind}")
    else:
        states.nothing(
            words[kind][1],
            _("From {baseline} to {release}, on {scenario}.").format(
                baseline=place.before.release, release=place.release, scenario=titled(row.scenario)
            ),
        )


def flipped(kind: str, scenario: str) -> pl.DataFrame:
    """The examples that the change counts; of numbers the outcome is named for what it is."""
    found = cache.examples(place.evaluation.id, scenario, metric=metric, kind=kind, baseline_id=place.before.id)
    is_word = found[OUTCOME].dtype == pl.String
    return (
        found if is_word or "change of the error" in found.columns else found.rename({OUTCOME: "change of the error"})
    )


noting.said()
overview() if place.scenario is None else detail(changes[place.scenario])
