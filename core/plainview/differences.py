"""Differences between two releases, example by example: where they agree, what was fixed and what broke, which kinds of
error came and went, and how their confidence moved.

`comparison` says whether a release is better; this says how it answers otherwise. Everything is counted on the examples that
both answered. Nothing is called better or worse here: the one test is that of the kinds of error (see `errors.kinds`).
"""

from collections.abc import Iterator
from dataclasses import dataclass, field

import numpy as np
import polars as pl

from plainview import narrative
from plainview.comparison import evaluations_of
from plainview.errors.answered import BROKE, FIXED, OUTCOMES, Answered, answered
from plainview.errors.kinds import UNCLEAR, kinds_of_error
from plainview.errors.mistakes import CONFIDENCE, stated_confidence
from plainview.membership import scenario_masks
from plainview.records import Evaluation
from plainview.statistics.differences import paired_proportion_difference
from plainview.statistics.intervals import mean_t, wilson
from plainview.store import Store
from plainview.tasks.part import PREDICTION

ALL = "all"
_SCENARIOS = {
    "scenario": pl.String, "behaviour": pl.String, "examples": pl.Int64, "different": pl.Int64, "churn": pl.Float64,
    "low": pl.Float64, "high": pl.Float64, "fixed": pl.Int64, "broke": pl.Int64, "net": pl.Float64, "net_low": pl.Float64,
    "net_high": pl.Float64,
}  # fmt: skip
_SHIFTS = {
    "outcome": pl.String, "examples": pl.Int64, "before": pl.Float64, "now": pl.Float64, "shift": pl.Float64,
    "low": pl.Float64, "high": pl.Float64,
}  # fmt: skip


@dataclass(frozen=True, kw_only=True)
class Differences:
    """How a release answers otherwise than an earlier one, on the examples that both answered."""

    project: str
    task: str
    baseline: str
    candidate: str
    examples: int
    different: int  # answered differently: another class or set of labels; numbers by more than the margin
    outcomes: dict[str, int] = field(default_factory=dict)  # how many came to each of `errors.answered.OUTCOMES`
    by_scenario: pl.DataFrame = field(repr=False)
    kinds: pl.DataFrame = field(repr=False)  # see `errors.kinds.kinds_of_error`
    shifts: pl.DataFrame = field(repr=False)
    shift_of: str = ""  # what shifts are of: "confidence", "prediction"; empty where nothing is stated
    margin: float | None = None  # of numbers: what counts as another answer
    unit: str = ""

    @property
    def churn(self) -> float | None:
        """The share of examples that are answered differently, 0…1; None where no example was answered by both."""
        return self.different / self.examples if self.examples else None

    @property
    def agreement(self) -> float | None:
        """The share that is answered alike."""
        return None if self.churn is None else 1 - self.churn

    @property
    def interval(self) -> tuple[float | None, float | None]:
        """The interval of the churn."""
        return self.by_scenario.filter(pl.col("scenario") == ALL).select("low", "high").row(0)

    @property
    def told(self) -> pl.DataFrame:
        """The kinds of error that came, went, or changed by more than chance."""
        return self.kinds.filter(pl.col("change") != UNCLEAR)

    def to_dict(self) -> dict:
        """The differences as plain values, as ``plainview diff --json`` prints them."""
        low, high = self.interval
        plain = {
            name: getattr(self, name) for name in ("project", "baseline", "candidate", "task", "examples", "different")
        }
        return plain | {
            "agreement": self.agreement,
            "churn": self.churn,
            "low": low,
            "high": high,
            "headline": narrative.differences_answer(self),
            "outcomes": dict(self.outcomes),
            "scenarios": self.by_scenario.to_dicts(),
            "kinds": self.kinds.to_dicts(),
            "shift_of": self.shift_of or None,
            "shifts": self.shifts.to_dicts(),
        }


def diff(store: Store, project: str, baseline: str, candidate: str, *, test_set: str | None = None) -> Differences:
    """How the release ``candidate`` answers otherwise than ``baseline``, judged by the candidate's specification.

    Without a ``test_set`` one is taken that both were judged on, as `compare` does. Raises NotFoundError for an unknown
    project or release, InputError for a task whose answers are not compared one by one.
    """
    return diff_evaluations(store, *evaluations_of(store, project, baseline, candidate, test_set=test_set))


def diff_evaluations(store: Store, baseline: Evaluation, candidate: Evaluation) -> Differences:
    """The same of two evaluations. ``by_scenario`` has a row for each scenario, ``all`` first: examples, how many are answered
    differently, their share (churn, ``low``, ``high``), fixed and broke, and their net share (``net_low``, ``net_high``).
    ``shifts`` has a row for each outcome: the mean of what is stated before and now, and the mean shift with its interval.
    """
    found = answered(store, baseline, candidate)
    specification = found.specification
    shift_of, before, now = _stated(found)
    return Differences(
        project=candidate.project,
        task=specification.task,
        baseline=baseline.release,
        candidate=candidate.release,
        examples=len(found.words),
        different=int(found.differs.sum()),
        outcomes={word: int(found.are(word).sum()) for word in OUTCOMES if found.are(word).any()},
        by_scenario=pl.DataFrame(list(_scenarios(found)), schema=_SCENARIOS),
        kinds=kinds_of_error(found),
        shifts=pl.DataFrame(list(_shifts(found, before, now)), schema=_SHIFTS, orient="row"),
        shift_of=shift_of,
        margin=specification.margin_for(specification.metric_keys[0]) if specification.task == "regression" else None,
        unit=specification.unit or "",
    )


def _scenarios(found: Answered) -> Iterator[dict]:
    scenarios, level = found.specification.scenarios, found.specification.confidence
    flips = found.are(FIXED).astype(float) - found.are(BROKE)
    for scenario, mask in zip(
        scenarios, scenario_masks(found.rows, scenarios, found.specification.columns.id), strict=True
    ):
        n, different, fixed, broke = (int((mask & of).sum()) for of in (mask, found.differs, flips > 0, flips < 0))
        effect, net_effect = (found.design_effect(each, mask) for each in (found.differs, flips))
        low, high = wilson(different / effect, n / effect, confidence=level)
        parts = (each / net_effect for each in (n - fixed - broke, fixed, broke, 0))
        net_low, net_high = paired_proportion_difference(*parts, confidence=level)
        yield {
            "scenario": scenario.name,
            "behaviour": scenario.behaviour,
            "examples": n,
            "different": different,
            "churn": different / n if n else None,
            "low": _known(low),
            "high": _known(high),
            "fixed": fixed,
            "broke": broke,
            "net": (fixed - broke) / n if n else None,
            "net_low": _known(net_low),
            "net_high": _known(net_high),
        }


def _known(number: float) -> float | None:
    return float(number) if np.isfinite(number) else None


def _stated(found: Answered) -> tuple[str, np.ndarray | None, np.ndarray | None]:
    """What each release states of its answers that can shift: how sure it is, or the number that it predicts."""
    sides = (found.before, found.after)
    if found.specification.task == "regression":
        return "prediction", *(side[PREDICTION].cast(pl.Float64).to_numpy() for side in sides)
    stated = [stated_confidence(side, side[PREDICTION], found.specification) for side in sides]
    if any(by != CONFIDENCE or values is None for by, values in stated):
        return "", None, None
    return CONFIDENCE, stated[0][1], stated[1][1]


def _shifts(found: Answered, before: np.ndarray | None, now: np.ndarray | None) -> Iterator[tuple]:
    if before is None:
        return
    there = np.isfinite(before) & np.isfinite(now)
    for word in (ALL, *OUTCOMES):
        mask = there & (found.are(word) if word != ALL else True)
        if mask.any():
            shift = np.where(mask, now - before, 0.0)
            effect = found.design_effect(shift, mask)
            sums = (each / effect for each in (mask.sum(), shift[mask].sum(), (shift[mask] ** 2).sum()))
            low, high = mean_t(*sums, confidence=found.specification.confidence)
            yield (
                word,
                int(mask.sum()),
                before[mask].mean(),
                now[mask].mean(),
                shift[mask].mean(),
                _known(low),
                _known(high),
            )


def answered_otherwise(
    store: Store, baseline: Evaluation, candidate: Evaluation, word: str | None = None
) -> pl.DataFrame:
    """The examples that are answered differently, both answers side by side: id, label, baseline, candidate, outcome, the
    rest of the test set; numbers that moved most first. ``word`` keeps one of `errors.answered.OUTCOMES`.
    """
    found = answered(store, baseline, candidate)
    columns, rows = found.specification.columns, found.rows
    names = [f"{baseline.release} (baseline)", f"{candidate.release} (candidate)", "outcome"]
    names = [name if name not in rows.columns else f"{name} (answer)" for name in names]
    first = [name for name in (columns.id, columns.label) if name]
    words = pl.Series(found.words.tolist(), dtype=pl.String)
    numbers = found.specification.task == "regression"
    words = words.replace({FIXED: "closer", BROKE: "further off"}) if numbers else words
    answers = (found.before[PREDICTION], found.after[PREDICTION], words)
    table = pl.DataFrame(
        {name: rows[name] for name in first}
        | dict(zip(names, answers, strict=True))
        | {name: rows[name] for name in rows.columns if name not in first}
    )
    moved = found.differs if word is None else found.are(word)
    moved = table.filter(pl.Series(moved))
    return moved.sort(-(pl.col(names[1]) - pl.col(names[0])).abs(), columns.id) if numbers else moved.sort(columns.id)
