"""Behaviours: how well each scenario works in this release, what is demanded of it, and the examples behind it."""

import polars as pl
import streamlit as st

from plainview import narrative
from plainview.charts.rows import titled
from plainview.examples import OUTCOME
from plainview.quantities import count, span, value
from plainview.records import Result
from plainview.requirements import by_priority
from plainview.texts import _, plural
from plainview.ui import cache, cached_people, codes, commenting, components, links, states, tables
from plainview.ui.plain import plain

URGENCY = ("Fail", "Watch", "No evidence", "Pass", "Measured")
CHARTED, BLOCKS, LINES = 30, 8, 4  # scenarios in the chart, behaviours at a time, scenarios of each

place = links.here()
report = cache.report(place.evaluation.id, baseline=place.baseline)
specification, keys = report.specification, report.specification.metric_keys
scenarios = {scenario.name: scenario for scenario in specification.scenarios}
behaviours = [behaviour.name for behaviour in specification.behaviours]
states.check(place, metric=keys, scenario=scenarios, behaviour=behaviours)
metric = place.metric or keys[0]
unit, counted = specification.unit_of(metric), specification.counted_by(metric)
measured = {row.scenario: row for row in report.results if row.metric == metric}
results = [row for row in measured.values() if place.behaviour in (None, row.behaviour) or row.scenario == "all"]
standings = {row.scenario: row for row in reversed(by_priority(report.standings)) if row.metric == metric}  # the worst


def state_of(row: Result) -> str:
    """What the requirement says, else whether it was measured; too few examples are no evidence."""
    if row.scenario in standings:
        return standings[row.scenario].state
    return "Measured" if row.status == "measured" else "No evidence"


def urgency(row: Result) -> int:
    return URGENCY.index(state_of(row))


def show(scenario: str | None) -> None:
    """Go to a scenario that was picked in the chart, as one step of the browser's history."""
    if scenario:
        st.query_params.from_dict(links.carried(scenario=scenario))
        st.rerun()


def pickers() -> None:
    left, middle, right = st.columns(3)
    with left:
        links.picker(_("Metric"), "metric", list(keys), metric, titles=narrative.metric_title)
    with middle:
        links.picker(
            _("Behaviour"),
            "behaviour",
            behaviours,
            place.behaviour,
            forgets=("scenario",),
            placeholder=_("All of them"),
            clears=True,
        )
    with right:
        names = [row.scenario for row in results]
        links.scenarios(names, place.scenario)


def overview() -> None:
    """Every behaviour with every scenario."""
    few = sum(row.status == "too few examples" for row in results)
    demanded = [standings[row.scenario].state for row in results if row.scenario in standings]
    answer = narrative.behaviours_answer(metric, demanded, len(results), few)
    components.heading(
        _("Behaviours of {release}").format(release=place.release), answer, context=narrative.about(report)
    )
    pickers()
    show(components.chart(drawing(), key="estimates", pick=True))
    st.subheader(_("Behaviour by behaviour, the most urgent first"), anchor=False)
    groups: dict[str | None, list[Result]] = {}
    for row in results:
        groups.setdefault(row.behaviour, []).append(row)
    ordered = sorted(groups, key=lambda name: (name is not None, min(map(urgency, groups[name]))))
    pages = -(-len(ordered) // BLOCKS)
    page = links.pages(pages)
    for name in ordered[(page - 1) * BLOCKS : page * BLOCKS]:
        block(name, sorted(groups[name], key=urgency))
    with st.expander(_("Every scenario in one table")):
        table()


def drawing() -> tuple[dict, str]:
    """The chart of estimates: as specified, or the most urgent first where not all have room."""
    earlier = cache.results(report.baseline.id).filter(metric=metric) if report.baseline else None
    before = dict(earlier.select("scenario", "value").iter_rows()) if earlier is not None else {}
    rows = [
        row.model_dump()
        | {"state": state_of(row), "previous": before.get(row.scenario)}
        | {"bar": standings[row.scenario].bar if row.scenario in standings else None, "counted": counted}
        for row in (sorted(results, key=urgency) if len(results) > CHARTED else results)
    ]
    return cache.drawing("estimates", rows, metric=metric, unit=unit, limit=CHARTED)


def block(name: str | None, rows: list[Result]) -> None:
    """A behaviour with its reason, its owner and its scenarios, the most urgent first."""
    with st.container(border=True):
        if name is not None:
            st.markdown(f"**{plain(name)}:** {plain(reason(name))}")
        for row in rows[:LINES]:
            mark, text, more = st.columns([2, 12, 2], gap="small")
            mark.markdown(components.state(state_of(row)))
            text.markdown(line(row))
            with more:
                links.link("release/behaviours", _("Examples"), scenario=row.scenario)
        if len(rows) > LINES:
            st.caption(
                plural(
                    "{count} more scenario in the table below.",
                    "{count} more scenarios in the table below.",
                    len(rows) - LINES,
                )
            )


def reason(name: str) -> str:
    """Why a behaviour is measured, and whose it is."""
    found = next(each for each in specification.behaviours if each.name == name)
    said = [text for text in (found.why, _("Owner: {owner}").format(owner=found.owner) if found.owner else "") if text]
    said = said or [plural("{count} scenario", "{count} scenarios", len(found.scenarios))]
    return " ".join(text if text.endswith((".", "!", "?")) else f"{text}." for text in said)


def line(row: Result) -> str:
    """Markdown of a scenario: its number, and beneath how it is defined and what is demanded."""
    number = f"**{value(row.value, metric, unit)}**" + (f" ({within(row)})" if row.low is not None else "")
    said = f"{number}, {plain(row.reason or count(row.of, *counted))}" if row.value is not None else plain(row.reason)
    beneath = [definition(row.scenario), standings[row.scenario].title if row.scenario in standings else ""]
    return f"{plain(titled(row.scenario))}: {said}  \n:small[:gray[{plain(' · '.join(filter(None, beneath)))}]]"


def within(row: Result) -> str:
    return span(row.low, row.high, metric, unit) if row.low is not None else ""


def definition(name: str) -> str:
    """Which examples a scenario has."""
    found = scenarios[name]
    pinned = (
        plural("{count} pinned example", "{count} pinned examples", len(found.ids))
        if found.ids
        else _("every example of the test set")
    )
    return found.where or pinned


def table() -> None:
    """Every scenario, a row each."""
    rows = [
        {
            _("Scenario"): titled(row.scenario),
            _("State"): components.marked(state_of(row)),
            narrative.metric_title(metric): value(row.value, metric, unit),
            _("Interval"): within(row),
            counted[1].capitalize(): int(row.of),
            _("Left out"): row.missing,
            _("Demanded"): standings[row.scenario].title if row.scenario in standings else "",
            _("Behaviour"): row.behaviour or "",
            _("Definition"): definition(row.scenario),
            _("Note"): row.reason or "",
        }
        for row in sorted(results, key=urgency)
    ]
    alt = plural(
        "{count} scenario with their value, interval, {counted} and requirement.",
        "{count} scenarios with their value, interval, {counted} and requirement.",
        len(rows),
        counted=counted[1],
    )
    tables.plain_table(pl.DataFrame(rows), key="scenarios", alt=alt)


def detail(row: Result) -> None:
    """One scenario: its number, what is demanded, how it is defined, and its examples."""
    answer = narrative.result_sentence(row, specification)
    components.heading(f"{titled(row.scenario)}, {place.release}", answer, context=narrative.about(report))
    pickers()
    for standing in by_priority(report.standings):
        if standing.scenario == row.scenario:
            components.explained(components.state(standing.state), standing.sentence)
    if row.behaviour:
        components.explained(_("Behaviour"), reason(row.behaviour), name=row.behaviour)
    if scenarios[row.scenario].where:
        st.code(scenarios[row.scenario].where, language="sql", wrap_lines=True)
    with st.container(horizontal=True, vertical_alignment="center"):
        links.link("release/compare", _("What changed here"))
        links.link("evidence/trends", _("How it moved over the releases"))
        links.link("release/behaviours", _("Every scenario"), scenario=None)
    said = cached_people.comments(place.project, "scenario").get(row.scenario, [])
    commenting.thread(place.project, place.release, "scenario", row.scenario, said)
    st.subheader(_("The examples behind the number"), anchor=False)
    if states.rows_elsewhere(place.evaluation):
        return
    found = cache.examples(place.evaluation.id, row.scenario, metric=metric)
    if found[OUTCOME].dtype != pl.String:  # numbers are near or far: the farthest come first
        named = found.rename({} if "error" in found.columns else {OUTCOME: "error"})
        kinds, kind = {"all": named}, "all"
    else:
        kinds = {word: found.filter(pl.col(OUTCOME) == word) for word in ("wrong", "right", "no answer")}
        kinds = {word: rows for word, rows in kinds.items() if rows.height} | {"all": found}
        titles = {
            "wrong": _("Wrong answers"),
            "right": _("Right answers"),
            "no answer": _("No answer"),
            "all": _("All"),
        }
        read = {word: f"{titles[word]} ({rows.height:,})" for word, rows in kinds.items()}
        kind = links.kinds(_("Which examples"), read, next(iter(kinds)))
    tables.examples(
        kinds[kind],
        key=f"examples_{list(scenarios).index(row.scenario)}_{kind}",
        alt=_("Examples of {scenario}: {kind}.").format(scenario=titled(row.scenario), kind=codes.read(kind)),
        name=f"{place.project}-examples",
    )


overview() if place.scenario is None else detail(measured[place.scenario])
