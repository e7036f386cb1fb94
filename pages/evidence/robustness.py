"""Robustness: which answers hold where they must hold, which move where they must move, and which known ones are known."""

import polars as pl
import streamlit as st
import yaml

from plainview.narrative import robustness as said
from plainview.quantities import bar, count, span, value
from plainview.robustness.results import CheckResult
from plainview.ui import cache, cached_checks, components, links, states, tables
from plainview.ui.plain import plain

MOST = 4  # checks that need attention; the rest is in the table
NAMES = {
    "case": "Example",
    "before": "Before",
    "after": "After",
    "changed": "What changed",
    "expected": "Expected",
    "answer_before": "Answer before",
    "answer": "Answer",
    "score_before": "Score before",
    "score": "Score",
}

place = links.here()
project, release = place.evaluation.project, place.release
found = cached_checks.checks(project, release)
title = f"Robustness of {release}"
if not found.results:
    components.heading(title, said.checks_answer(found))
    states.nothing("How checks get here", "Say in a file what must hold, and run it against the model:")
    st.code(f"{said.no_checks(project, release)}{cache.store_option()}", language="bash", wrap_lines=True)
    st.text("Outcomes of checks that ran elsewhere are published with --outcomes FILE. No model is ever kept.")
    st.stop()
states.check(place, check=[result.name for result in found.results])
before = place.before.release if place.before and place.before.release != release else None
single, grouped = cached_checks.movements(project, before, release) if before else ({}, {})


def tiles() -> None:
    """How the checks stand."""
    shown = {"met": "Pass", "not met": "Fail", "unproven": "Watch", "no bar": "Measured"}
    counts = {word: sum(result.status == word for result in found.results) for word in shown}
    of = f"of {count(len(found.results), 'check')}"
    components.tiles(
        [
            *(
                components.Tile(word.capitalize(), f"{counts[word]}", note=of, state=state)
                for word, state in shown.items()
                if counts[word] or word in ("met", "not met")
            ),
            components.Tile(
                "Copies tested",
                f"{sum(result.tested for result in found.results):,}",
                note=f"of {count(sum(result.cases for result in found.results), 'example')}",
            ),
        ]
    )


def attention() -> None:
    """The checks that are not met, the worst first."""
    failed = sorted((one for one in found.results if one.status == "not met"), key=lambda one: -one.rate)
    st.subheader("What needs attention", anchor=False)
    if not failed:
        st.text("No check is shown not to be met.")
    for result in failed[:MOST]:
        with st.container(border=True):
            marks, sentence, more = st.columns([2, 11, 3], vertical_alignment="center", gap="small")
            marks.markdown(components.state(result.state))
            sentence.markdown(plain(said.check_sentence(result)))
            look = {"key": f"look_{result.name}", "type": "tertiary", "on_click": links.choose}
            more.button("Its examples ↓", args=("check", result.name), **look)
    if len(failed) > MOST:
        st.caption(f"{len(failed) - MOST} more are not met: all are in the table below.")


def since() -> None:
    """What became of the capabilities since the release before, and of single checks."""
    st.subheader(f"Since {plain(before)}", anchor=False)
    if not grouped:
        return st.text(said.not_compared(before))
    components.statements(said.moved_sentence(row, before, release, capability=True) for row in grouped.values())
    turned = [row for row in single.values() if row.verdict in ("better", "worse")]
    if turned:
        st.text("Check by check, those that changed:")
        components.statements(said.moved_sentence(row, before, release) for row in turned)
    return None


def one(result: CheckResult) -> None:
    """A check: its sentence, what it measured besides, how it is defined, and its failing copies."""
    components.explained(components.state(result.state), said.check_sentence(result))
    components.statements(said.measured_sentences(result))
    if result.why or result.owner:
        st.caption(plain(" · ".join(filter(None, [result.why, result.owner and f"Owner: {result.owner}"]))))
    drawn = {name: value for name in ("sample", "seed", "variants") if (value := getattr(result, name)) is not None}
    if drawn:
        with st.expander("How it is defined"):
            written = yaml.safe_dump({**result.definition, **drawn}, sort_keys=False, allow_unicode=True)
            st.code(written, language="yaml", wrap_lines=True)
    rows = cached_checks.failing(project, release, result.name)
    if rows.is_empty():
        return states.nothing("No copy failed", "Nothing to show.")
    kept = rows.select([name for name in NAMES if rows[name].null_count() < rows.height]).rename(NAMES, strict=False)
    return tables.examples(
        kept, key="failing", alt=f"{count(kept.height, 'failing copy', 'failing copies')}.", name="failing"
    )


def every() -> pl.DataFrame:
    """A row a check."""
    return pl.DataFrame(
        [
            {
                "Check": result.name,
                "Capability": result.capability,
                "Type": said.TYPES[result.test_type],
                "State": components.marked(result.state),
                "Status": result.status,
                "Fails": value(result.rate, "accuracy"),
                "Interval": "" if result.low is None else span(result.low, result.high, "accuracy"),
                "May fail": "" if result.bar is None else bar(result.bar, "accuracy"),
                "Failed": result.failed,
                "Copies": result.tested,
                "Examples": result.cases,
            }
            for result in found.results
        ],
        infer_schema_length=None,
    )


changes = said.moved_answer(list(grouped.values()), before, release) if before else ""
components.heading(title, " ".join(filter(None, [said.checks_answer(found), changes])))
tiles()
components.chart(cached_checks.matrix(project, release), key="matrix")
st.caption("The worst check of each cell, and beneath it the mean. ● met, ▲ unproven, ■ not met, ◆ without a bar.")
st.caption(said.METHOD)
attention()
if before:
    since()
st.subheader("One check, and where it fails", anchor=False)
names = [result.name for result in sorted(found.results, key=lambda one: -one.rate)]
chosen = place.own.get("check") or names[0]
links.picker("Check", "check", names, chosen, forgets=("page",))
one(found.result(chosen))
line = [each.release for each in place.line]
if sum(bool(cached_checks.checks(project, each).results) for each in line) > 1:
    st.subheader("Over the releases", anchor=False)
    components.chart(cached_checks.over_releases(project, line), key="over")
    st.caption("The mean failure rate of each capability's checks, and how many of them are met.")
st.subheader("Every check", anchor=False)
tables.plain_table(every(), key="every", alt=f"{count(len(found.results), 'check')} with their failure rates.")
