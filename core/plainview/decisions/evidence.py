"""The evidence of a decision: frozen by digest when it is made, and held against what is there now."""

import hashlib
import json
from collections.abc import Callable, Iterator, Mapping
from datetime import UTC, date, datetime
from typing import Any

from plainview.comparison import Comparison
from plainview.decisions.records import Evidence
from plainview.gate import release_gate
from plainview.narrative import decisions as narrative
from plainview.records import Evaluation
from plainview.report import Report, release_report
from plainview.requirements import Standing
from plainview.store import Store

DIGITS = 9  # of numbers that are computed anew: as many as every machine agrees on
ASSESSMENT = "assessment"
Compare = Callable[[Evaluation, Evaluation], Comparison]

__all__ = ["Evidence", "evidence_of", "moved"]


def evidence_of(
    store: Store, project: str, release: str, *, compare: Compare | None = None, today: date | None = None
) -> Evidence:
    """What there is to decide on at this moment. Raises NotFoundError for an unknown project or release."""
    today = today or datetime.now(UTC).date()
    report = release_report(store, project, release, compare=compare, today=today)
    gate = release_gate(store, project, release, compare=compare, today=today)
    newest = [one for one in store.releases(project) if one.release == release]
    found = {
        "evaluations": {one.test_set.name: one.id for one in newest},
        "specification": report.specification.digest,
        "results": _digest([row.model_dump(mode="json") for row in report.results]),
        "baseline": report.baseline.release if report.baseline else None,
        "baseline_evaluation": report.baseline.id if report.baseline else None,
        "comparison": _compared(report),
        "requirements": {row.id: row.measured or row.status for row in report.standings},
        "waivers": dict(_in_force(report.standings)),
        "incidents": {row.incident.code: row.status for row in report.incidents},
        "assessments": [each.id for each in store.events(project, kind=ASSESSMENT)],
        "gate": gate.outcome,
    }
    return Evidence.model_validate({**found, "digest": _digest(found)})


def _compared(report: Report) -> str | None:
    if report.comparison is None:
        return None
    rows = report.comparison.results
    return _digest([[row.scenario, row.metric, row.verdict, row.difference, row.fixed, row.broke] for row in rows])


def _in_force(standings: tuple[Standing, ...]) -> Iterator[tuple[str, str]]:
    for row in standings:
        yield from ((each.id, row.id) for each in row.waivers if each.in_force)


def _digest(value: Any) -> str:
    written = json.dumps(_rounded(value), sort_keys=True, ensure_ascii=True, separators=(",", ":"))
    return hashlib.sha256(written.encode()).hexdigest()


def _rounded(value: Any) -> Any:
    if isinstance(value, float):
        return float(f"{value:.{DIGITS}g}")
    if isinstance(value, Mapping):
        return {str(key): _rounded(each) for key, each in value.items()}
    return [_rounded(each) for each in value] if isinstance(value, list | tuple) else value


def moved(then: Evidence, now: Evidence) -> list[str]:
    """What the evidence of today says otherwise than that of a decision, a sentence each; empty where it is the same."""
    if then.digest == now.digest:
        return []
    said = [
        *_evaluations(then, now),
        *_baseline(then, now),
        *(narrative.status_moved(name, *each) for name, each in _differences(then.requirements, now.requirements)),
        *_waivers(then, now),
        *(narrative.incident_moved(name, *each) for name, each in _differences(then.incidents, now.incidents)),
        *narrative.assessed_since(len(set(now.assessments) - set(then.assessments))),
    ]
    if then.gate != now.gate:
        said.append(narrative.gate_moved(then.gate, now.gate))
    return said or [narrative.something_moved()]


def _differences(then: Mapping[str, str], now: Mapping[str, str]) -> Iterator[tuple[str, tuple[str, str]]]:
    for name in dict.fromkeys([*then, *now]):
        if then.get(name) != now.get(name):
            yield name, (then.get(name, ""), now.get(name, ""))


def _evaluations(then: Evidence, now: Evidence) -> Iterator[str]:
    for name, (before, after) in _differences(then.evaluations, now.evaluations):
        yield narrative.evaluation_moved(name, new=not before, gone=not after)
    if then.specification != now.specification:
        yield narrative.specification_moved()


def _baseline(then: Evidence, now: Evidence) -> Iterator[str]:
    if then.baseline != now.baseline:
        yield narrative.baseline_moved(then.baseline, now.baseline)
    elif then.baseline_evaluation != now.baseline_evaluation:
        yield narrative.baseline_revised(now.baseline or "")


def _waivers(then: Evidence, now: Evidence) -> Iterator[str]:
    for each, requirement in then.waivers.items():
        if each not in now.waivers:
            yield narrative.waiver_lapsed(requirement)
    for each, requirement in now.waivers.items():
        if each not in then.waivers:
            yield narrative.waived_since(requirement)
