"""Robustness: which answers hold where they must hold, which move where they must move, and which known ones are known."""

import polars as pl
import streamlit as st
import yaml

from plainview.narrative import robustness as said
from plainview.quantities import bar, span, value
from plainview.robustness.results import CheckResult
from plainview.texts import _, plural
from plainview.ui import cache, cached_checks, codes, components, links, states, tables
from plainview.ui.plain import plain

MOST = 4  # checks that need attention; the rest is in the table
NAMES = {
    "case": _("Example"),
    "before": _("Before"),
    "after": _("After"),
    "changed": _("What changed"),
    "expected": _("Expected"),
    "answer_before": _("Answer before"),
    "answer": _("Answer"),
    "score_before": _("Score before"),
    "score": _("Score"),
}

place = links.here()
project, release = place.evaluation.project, place.release
found = cached_checks.checks(project, release)
title = _("Robustness of {release}").format(release=release)
if not found.results:
    components.heading(title, said.checks_answer(found))
    states.nothing(_("How checks get here"), _("Say in a file what must hold, and run it against the model:"))
    components.code(f"{said.no_checks(project, release)}{cache.store_option()}")
    st.text(_("Outcomes of checks that ran elsewhere are published with --outcomes FILE. No model is ever kept."))
    st.stop()
states.check(place, check=[result.name for result in found.results])
before = place.before.release if place.before and place.before.release != release else None
single, grouped = cached_checks.movements(project, before, release) if before else ({}, {})


def tiles() -> None:
    """How the checks stand."""
    shown = {"met": "Pass", "not met": "Fail", "unproven": "Watch", "no bar": "Measured"}
    counts = {word: sum(result.status == word for result in found.results) for word in shown}
    of = plural("of {count} check", "of {count} checks", len(found.results))
    components.tiles(
        [
            *(
                components.Tile(codes.read(word).capitalize(), f"{counts[word]}", note=of, state=state)
                for word, state in shown.items()
                if counts[word] or word in ("met", "not met")
            ),
            components.Tile(
                _("Copies tested"),
                f"{sum(result.tested for result in found.results):,}",
                note=plural("of {count} example", "of {count} examples", sum(result.cases for result in found.results)),
            ),
        ]
    )


def attention() -> None:
    """The checks that are not met, the worst first."""
    failed = sorted((one for one in found.results if one.status == "not met"), key=lambda one: -one.rate)
    st.subheader(_("What needs attention"), anchor=False)
    if not failed:
        st.text(_("No check is shown not to be met."))
    for result in failed[:MOST]:
        with st.container(border=True):
            marks, sentence, more = st.columns([2, 11, 3], vertical_alignment="center", gap="small")
            marks.markdown(components.state(result.state))
            sentence.markdown(plain(said.check_sentence(result)))
            look = {"key": f"look_{result.name}", "type": "tertiary", "on_click": links.choose}
            more.button(_("Its examples ↓"), args=("check", result.name), **look)
    if len(failed) > MOST:
        st.caption(_("{count} more are not met: all are in the table below.").format(count=len(failed) - MOST))


def since() -> None:
    """What became of the capabilities since the release before, and of single checks."""
    st.subheader(_("Since {before}").format(before=plain(before)), anchor=False)
    if not grouped:
        return st.text(said.not_compared(before))
    components.statements(said.moved_sentence(row, before, release, capability=True) for row in grouped.values())
    turned = [row for row in single.values() if row.verdict in ("better", "worse")]
    if turned:
        st.text(_("Check by check, those that changed:"))
        components.statements(said.moved_sentence(row, before, release) for row in turned)
    return None


def one(result: CheckResult) -> None:
    """A check: its sentence, what it measured besides, how it is defined, and its failing copies."""
    components.explained(components.state(result.state), said.check_sentence(result))
    components.statements(said.measured_sentences(result))
    if result.why or result.owner:
        st.caption(
            plain(
                " · ".join(filter(None, [result.why, result.owner and _("Owner: {owner}").format(owner=result.owner)]))
            )
        )
    drawn = {name: value for name in ("sample", "seed", "variants") if (value := getattr(result, name)) is not None}
    if drawn:
        with st.expander(_("How it is defined")):
            written = yaml.safe_dump({**result.definition, **drawn}, sort_keys=False, allow_unicode=True)
            components.code(written, language="yaml")
    rows = cached_checks.failing(project, release, result.name)
    if rows.is_empty():
        return states.nothing(_("No copy failed"), _("Nothing to show."))
    kept = rows.select([name for name in NAMES if rows[name].null_count() < rows.height]).rename(NAMES, strict=False)
    return tables.examples(
        kept, key="failing", alt=plural("{count} failing copy.", "{count} failing copies.", kept.height), name="failing"
    )


def every() -> pl.DataFrame:
    """A row a check."""
    return pl.DataFrame(
        [
            {
                _("Check"): result.name,
                _("Capability"): result.capability,
                _("Type"): said.TYPES[result.test_type],
                _("State"): components.marked(result.state),
                _("Status"): codes.read(result.status),
                _("Fails"): value(result.rate, "accuracy"),
                _("Interval"): "" if result.low is None else span(result.low, result.high, "accuracy"),
                _("May fail"): "" if result.bar is None else bar(result.bar, "accuracy"),
                _("Failed"): result.failed,
                _("Copies"): result.tested,
                _("Examples"): result.cases,
            }
            for result in found.results
        ],
        infer_schema_length=None,
    )


changes = said.moved_answer(list(grouped.values()), before, release) if before else ""
components.heading(title, " ".join(filter(None, [said.checks_answer(found), changes])))
tiles()
components.chart(cached_checks.matrix(project, release), key="matrix")
st.caption(_("The worst check of each cell, and beneath it the mean. ● met, ▲ unproven, ■ not met, ◆ without a bar."))
st.caption(said.METHOD)
attention()
if before:
    since()
st.subheader(_("One check, and where it fails"), anchor=False)
names = [result.name for result in sorted(found.results, key=lambda one: -one.rate)]
chosen = place.own.get("check") or names[0]
links.picker(_("Check"), "check", names, chosen, forgets=("page",))
one(found.result(chosen))
line = [each.release for each in place.line]
if sum(bool(cached_checks.checks(project, each).results) for each in line) > 1:
    st.subheader(_("Over the releases"), anchor=False)
    components.chart(cached_checks.over_releases(project, line), key="over")
    st.caption(_("The mean failure rate of each capability's checks, and how many of them are met."))
st.subheader(_("Every check"), anchor=False)
tables.plain_table(
    every(),
    key="every",
    alt=plural(
        "{count} check with their failure rates.", "{count} checks with their failure rates.", len(found.results)
    ),
)
