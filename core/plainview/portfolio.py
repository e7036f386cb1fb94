"""The portfolio: one row a project, as leadership sees it."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import polars as pl

from plainview.breaks import unbroken
from plainview.report import Report
from plainview.requirements import Standing, by_priority


@dataclass(frozen=True)
class ProjectRow:
    """One project, as leadership sees it: its latest release, and whether it needs attention."""

    project: str
    title: str
    owner: str | None
    release: str
    released: str | None
    state: str  # Pass, Watch, Fail, No evidence
    met: int
    not_met: Mapping[str, int]  # how many are not met, by priority: must, should, could
    requirements: int
    attention: str  # the first thing that needs attention, in words; empty where nothing does
    headline: str
    metric: str
    unit: str
    now: float | None  # the headline metric of the latest release, over all examples
    trend: tuple[float, ...]  # the same over the releases since the line last broke; missing ones left out
    releases: int


def project_row(report: Report, line: pl.DataFrame) -> ProjectRow:
    """The portfolio's row of a project, from the report of its latest release and its history."""
    evaluation, specification = report.evaluation, report.specification
    metric = specification.metric_keys[0]
    whole = line.filter((pl.col("scenario") == "all") & (pl.col("metric") == metric)).sort("order")
    urgent = [row for row in report.standings if row.status != "met"]
    return ProjectRow(
        project=evaluation.project,
        title=evaluation.title,
        owner=specification.owner,
        release=evaluation.release,
        released=evaluation.released.isoformat() if evaluation.released else None,
        state=state_of(report.standings),
        met=sum(row.status == "met" for row in report.standings),
        not_met=Counter(row.priority for row in by_priority(report.standings) if row.status == "not met"),
        requirements=len(report.standings),
        attention=min(urgent, key=_urgency).sentence if urgent else "",
        headline=report.headline,
        metric=metric,
        unit=specification.unit_of(metric),
        now=whole["value"][-1] if whole.height else None,
        trend=tuple(unbroken(whole)["value"].drop_nulls()),
        releases=whole.height,
    )


def state_of(standings: Sequence[Standing]) -> str:
    """One state for all requirements: fail where a must is not met, watch where anything is open, pass where all are met.

    Without requirements, or where none was measured, there is no evidence; that is never a pass.
    """
    if not standings or all(row.status == "no evidence" for row in standings):
        return "No evidence"
    if any(row.status == "not met" and row.priority == "must" for row in standings):
        return "Fail"
    return "Pass" if all(row.status == "met" for row in standings) else "Watch"


def _urgency(row: Standing) -> tuple[int, int]:
    status = {"not met": 0, "no evidence": 1, "unproven": 2}
    return {"must": 0, "should": 1, "could": 2}.get(row.priority, 3), status.get(row.status, 3)
