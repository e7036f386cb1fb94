"""The readiness of a project as leadership sees it: a few values a framework, now and at the end of each quarter.

A standing holds everything that there is to say of a framework; an overview only what a row of a table needs, so that those of
many projects can be made and kept cheaply.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from plainview.exceptions import NotFoundError
from plainview.readiness.facts import Reading
from plainview.readiness.framework import Score
from plainview.readiness.history import QUARTERS, by_quarter
from plainview.readiness.standing import FrameworkStanding
from plainview.store import Store

MATURITY, ROBUSTNESS = "error-analysis", "robustness"
BELOW = -1.0  # the place of "below the lowest level" in a line of levels


@dataclass(frozen=True)
class Reached:
    """A score without its parts."""

    label: str  # "L1", "below L0", "41 of 88", "not assessed"
    value: (
        float | None
    )  # as `framework.Score`, but `BELOW` where not even the lowest level is reached; None: not assessed
    band: str
    weakest: str  # section; empty where there is none


@dataclass(frozen=True)
class Gap:
    """Where a project stands on one framework: what is claimed beside what is evidenced."""

    claimed: Reached
    evidenced: Reached
    questions: int
    answered: int  # with a claim that counts
    unsupported: int  # claimed to be met, and artifacts that could show it do not
    expired: int  # questions whose answers have all expired

    @property
    def inflated(self) -> bool:
        """Whether more is claimed than artifacts show, of what they could show."""
        return self.unsupported > 0


@dataclass(frozen=True)
class Overview:
    """The readiness of a project: by framework now, and its history over quarters, the oldest first."""

    project: str
    release: str
    now: dict[str, Gap]  # by the name of the framework
    quarters: tuple[
        tuple[str, dict[str, Gap]], ...
    ]  # "2026 Q1" → by the name of the framework; this quarter is the last
    evidence_at: datetime | None  # when the newest artifact was written that counts as evidence
    next_step: str  # of error-analysis maturity, in a sentence; empty at the top

    def quarter(self, name: str) -> dict[str, Gap] | None:
        """Where it stood at the end of a quarter; None where nothing was published yet."""
        return dict(self.quarters).get(name)


def overview(
    store: Store,
    project: str,
    *,
    frameworks: Sequence[str] = (MATURITY, ROBUSTNESS),
    quarters: int = QUARTERS,
    now: datetime | None = None,
    reading: Reading | None = None,
) -> Overview:
    """The readiness of a project's latest release, and of the latest at the end of each quarter.

    NotFoundError for an unknown project, or one without an evaluation at the moment ``now``.
    """
    line = by_quarter(store, project, quarters=quarters, now=now, reading=reading)
    if not line:
        raise NotFoundError(f"{project} had no evaluation yet.")
    gaps = tuple((name, {each: gap(readiness.standing(each)) for each in frameworks}) for name, readiness in line)
    latest = line[-1][1]
    standings = [latest.standing(each) for each in frameworks]
    return Overview(
        project=project,
        release=latest.facts.release,
        now=gaps[-1][1],
        quarters=gaps,
        evidence_at=newest_evidence(standings),
        next_step=latest.standing(MATURITY).next_step,
    )


def gap(standing: FrameworkStanding) -> Gap:
    """The few values of a standing that a table needs."""
    return Gap(
        claimed=_reached(standing.claimed),
        evidenced=_reached(standing.evidenced),
        questions=standing.claimed.questions,
        answered=standing.claimed.answered,
        unsupported=sum(row.unsupported for row in standing.questions),
        expired=len(standing.expired),
    )


def newest_evidence(standings: Sequence[FrameworkStanding]) -> datetime | None:
    """When the newest artifact was written that counts as evidence in any of these."""
    rows = [row.evidence for standing in standings for row in standing.questions if row.evidence]
    return max((each.at for each in rows if each.at and each.outcome in ("met", "partly met")), default=None)


def _reached(score: Score) -> Reached:
    below = score.value is None and score.answered > 0
    return Reached(score.label, BELOW if below else score.value, score.band, score.weakest)
