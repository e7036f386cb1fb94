"""Behaviours: how well each scenario works in this release, what is demanded of it, and the examples behind it."""

import numpy as np
import polars as pl
import streamlit as st

from plainview import narrative
from plainview.charts.rows import titled
from plainview.examples import OUTCOME
from plainview.methods.proportions import Proportion
from plainview.metrics import metric_for, split_key
from plainview.quantities import count, span, value
from plainview.records import Result
from plainview.requirements import by_priority
from plainview.ui import cache, components, links, states, tables
from plainview.ui.plain import plain

URGENCY = ("Fail", "Watch", "No evidence", "Pass", "Measured")
CHARTED, BLOCKS, LINES = 30, 8, 4  # scenarios in the chart, behaviours at a time, scenarios of each

place = links.here()
report = cache.report(place.evaluation.id, baseline=place.baseline)
specification, unit = report.specification, report.specification.unit or ""
keys, scenarios = specification.metric_keys, {scenario.name: scenario for scenario in specification.scenarios}
states.check(place, metric=keys, scenario=scenarios)
metric = place.metric or keys[0]
results = [row for row in report.results if row.metric == metric]
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
    left, right = st.columns(2)
    with left:
        links.picker("Scenario", "scenario", list(scenarios), place.scenario, titles=titled, placeholder="All of them")
    with right:
        links.picker("Metric", "metric", list(keys), metric, titles=narrative.metric_title)


def overview() -> None:
    """Every behaviour with every scenario."""
    few = sum(row.status == "too few examples" for row in results)
    demanded = [row.state for row in standings.values()]
    answer = narrative.behaviours_answer(metric, demanded, len(results), few)
    components.heading(f"Behaviours of {place.release}", answer, context=narrative.about(report))
    pickers()
    show(components.chart(drawing(), key="estimates", pick=True))
    st.subheader("Behaviour by behaviour, the most urgent first", anchor=False)
    groups: dict[str | None, list[Result]] = {}
    for row in results:
        groups.setdefault(row.behaviour, []).append(row)
    ordered = sorted(groups, key=lambda name: (name is not None, min(map(urgency, groups[name]))))
    pages = -(-len(ordered) // BLOCKS)
    page = st.pagination(pages, key="behaviours") if pages > 1 else 1
    for name in ordered[(page - 1) * BLOCKS : page * BLOCKS]:
        block(name, sorted(groups[name], key=urgency))
    with st.expander("Every scenario in one table"):
        table()


def drawing() -> tuple[dict, str]:
    """The chart of estimates: as specified, or the most urgent first where not all have room."""
    earlier = cache.results(report.baseline.id).filter(metric=metric) if report.baseline else None
    before = dict(earlier.select("scenario", "value").iter_rows()) if earlier is not None else {}
    rows = [
        row.model_dump()
        | {"state": state_of(row), "previous": before.get(row.scenario)}
        | {"bar": standings[row.scenario].bar if row.scenario in standings else None}
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
                links.link("release/behaviours", "Examples", scenario=row.scenario)
        if len(rows) > LINES:
            st.caption(f"{count(len(rows) - LINES, 'more scenario')} in the table below.")


def reason(name: str) -> str:
    """Why a behaviour is measured, and whose it is."""
    found = next(each for each in specification.behaviours if each.name == name)
    said = [text for text in (found.why, f"Owner: {found.owner}" if found.owner else "") if text]
    said = said or [count(len(found.scenarios), "scenario")]
    return " ".join(text if text.endswith((".", "!", "?")) else f"{text}." for text in said)


def line(row: Result) -> str:
    """Markdown of a scenario: its number, and beneath how it is defined and what is demanded."""
    number = f"**{value(row.value, metric, unit)}**" + (f" ({within(row)})" if row.low is not None else "")
    said = f"{number}, {plain(row.reason or count(row.of, 'example'))}" if row.value is not None else plain(row.reason)
    beneath = [definition(row.scenario), standings[row.scenario].title if row.scenario in standings else ""]
    return f"{plain(titled(row.scenario))}: {said}  \n:small[:gray[{plain(' · '.join(filter(None, beneath)))}]]"


def within(row: Result) -> str:
    return span(row.low, row.high, metric, unit) if row.low is not None else ""


def definition(name: str) -> str:
    """Which examples a scenario has."""
    found = scenarios[name]
    pinned = f"{count(len(found.ids), 'pinned example')}" if found.ids else "every example of the test set"
    return found.where or pinned


def table() -> None:
    """Every scenario, a row each."""
    rows = [
        {
            "Scenario": titled(row.scenario),
            "State": components.marked(state_of(row)),
            narrative.metric_title(metric): value(row.value, metric, unit),
            "Interval": within(row),
            "Examples": int(row.of),
            "Left out": row.missing,
            "Demanded": standings[row.scenario].title if row.scenario in standings else "",
            "Behaviour": row.behaviour or "",
            "Definition": definition(row.scenario),
            "Note": row.reason or "",
        }
        for row in sorted(results, key=urgency)
    ]
    alt = f"{count(len(rows), 'scenario')} with their value, interval, examples and requirement."
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
        components.explained("Behaviour", reason(row.behaviour), name=row.behaviour)
    if scenarios[row.scenario].where:
        st.code(scenarios[row.scenario].where, language="sql", wrap_lines=True)
    with st.container(horizontal=True, vertical_alignment="center"):
        links.link("release/compare", "What changed here")
        links.link("evidence/trends", "How it moved over the releases")
        links.link("release/behaviours", "Every scenario", scenario=None)
    st.subheader("The examples behind the number", anchor=False)
    found = counted(cache.examples(place.evaluation.id, row.scenario))
    if found[OUTCOME].dtype != pl.String:  # numbers are near or far: the farthest come first
        named = found.rename({} if "error" in found.columns else {OUTCOME: "error"})
        kinds, kind = {"all": named}, "all"
    else:
        kinds = {word: found.filter(pl.col(OUTCOME) == word) for word in ("wrong", "right", "no answer")}
        kinds = {word: rows for word, rows in kinds.items() if rows.height} | {"all": found}
        titles = {"wrong": "Wrong answers", "right": "Right answers", "no answer": "No answer", "all": "All"}
        kind = st.segmented_control(
            "Which examples",
            list(kinds),
            default=next(iter(kinds)),
            format_func=lambda word: f"{titles[word]} ({kinds[word].height:,})",
            required=True,
            key=f"kind_{list(scenarios).index(row.scenario)}_{metric}",
        )
    tables.examples(
        kinds[kind],
        key=f"examples_{list(scenarios).index(row.scenario)}_{kind}",
        alt=f"Examples of {titled(row.scenario)}: {kind}.",
        name=f"{place.project}-examples",
    )


def counted(found: pl.DataFrame) -> pl.DataFrame:
    """Of a scenario's examples those that the metric counts: for the recall of a class those with that label."""
    of, family = split_key(metric)[1], metric_for(metric, specification.task).family
    if of is None or specification.task != "classification" or not isinstance(family, Proportion):
        return found
    labels, answers = (found[column].to_numpy() for column in (specification.columns.label, place.release))
    good = family.hits(labels, answers, of) == (specification.sign_of(metric) > 0)
    judged = pl.Series(OUTCOME, np.where(good, "right", "wrong")).set(found[OUTCOME] == "no answer", "no answer")
    return found.with_columns(judged).filter(pl.Series(family.of(labels, answers, of)))


overview() if place.scenario is None else detail(next(row for row in results if row.scenario == place.scenario))
