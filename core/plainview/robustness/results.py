"""The result of one check of one release: what an event of the kind "check" holds, written and read back."""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from typing import Any

import polars as pl

from plainview.records import Event
from plainview.robustness.models import MEANINGS
from plainview.robustness.outcomes import Outcomes
from plainview.robustness.rates import failure_rate, judged
from plainview.store.digests import content_digest

KIND = "check"
STATUSES = ("met", "not met", "unproven", "no bar")
MOST_FAILING = 1_000  # failing copies of one check that are kept in full


@dataclass(frozen=True)
class CheckResult:
    """One check of one release."""

    name: str
    check: str  # its kind: of `kinds.KINDS`
    capability: str
    test_type: str  # MFT, INV or DIR
    tested: int  # copies
    failed: int
    cases: int  # examples that they are of
    cases_failed: int
    rate: float
    low: float | None
    high: float | None
    bar: float | None  # the share that may fail
    status: str  # met, not met, unproven, no bar
    reason: str = ""
    rule: str = "interval"
    left_out: int = 0  # examples to which it does not apply
    seed: int | None = None
    sample: int | None = None
    variants: int | None = None
    why: str = ""
    owner: str = ""
    measures: Mapping[str, Any] = field(default_factory=dict)
    definition: Mapping[str, Any] = field(default_factory=dict)  # the check as it was written
    predict: str = ""  # what was asked; "published" where outcomes came from elsewhere
    test_set: str | None = None  # the digest of the examples, where they are the release's test set
    run: str = ""  # of all checks that were published together
    outcomes: pl.DataFrame | None = field(default=None, repr=False, compare=False)

    @property
    def state(self) -> str:
        """Pass, Fail, Watch or Measured."""
        return {"met": "Pass", "not met": "Fail", "unproven": "Watch"}.get(self.status, "Measured")

    def body(self) -> dict[str, Any]:
        """The body of its event."""
        return {name: value for name, value in asdict(self).items() if name != "outcomes"}

    def to_dict(self) -> dict[str, Any]:
        """The result as plain values, with its sentence."""
        from plainview.narrative.robustness import check_sentence

        return self.body() | {"sentence": check_sentence(self)}


def result_of(
    outcomes: Outcomes,
    *,
    name: str,
    check: str,
    capability: str,
    test_type: str,
    bar: float | None,
    minimum: int,
    **more: Any,
) -> CheckResult:
    """A result from the outcomes of a check; ``more`` are further fields."""
    rate = failure_rate(outcomes.table)
    status, reason = judged(rate, bar, rule=more.get("rule", "interval"), minimum=minimum)
    return CheckResult(
        name=name,
        check=check,
        capability=capability,
        test_type=test_type,
        tested=rate.tested,
        failed=rate.failed,
        cases=rate.cases,
        cases_failed=rate.cases_failed,
        rate=rate.value,
        low=rate.low,
        high=rate.high,
        bar=bar,
        status=status,
        reason=reason,
        left_out=outcomes.left_out,
        measures=dict(outcomes.measures),
        outcomes=outcomes.table,
        **more,
    )


def run_digest(project: str, release: str, bodies: list[dict[str, Any]], outcomes: pl.DataFrame) -> str:
    """SHA-256 of all that a run says: the same checks with the same outcomes are the same run."""
    rows = content_digest(outcomes.sort("check", "case", "variant"))
    said = json.dumps([project, release, bodies], sort_keys=True, default=str)
    return hashlib.sha256(f"{said}\n{rows}".encode()).hexdigest()


def read_result(event: Event) -> CheckResult | None:
    """The result that an event holds; None where its body is none, as anyone may have written it."""
    body = event.body
    texts = {name: body.get(name) for name in ("name", "check", "capability", "test_type", "status")}
    counts = {name: body.get(name) for name in ("tested", "failed", "cases", "cases_failed")}
    if not all(isinstance(value, str) and value for value in texts.values()):
        return None
    if not all(isinstance(value, int) and not isinstance(value, bool) and value >= 0 for value in counts.values()):
        return None
    if texts["status"] not in STATUSES or texts["test_type"] not in MEANINGS:
        return None
    if not 0 < counts["tested"] >= counts["failed"] or not 0 < counts["cases"] >= counts["cases_failed"]:
        return None
    shares = {name: _share(body.get(name)) for name in ("low", "high", "bar")}
    known = ("reason", "rule", "why", "owner", "predict", "run")
    return CheckResult(
        **texts,
        **counts,
        **shares,
        rate=counts["failed"] / counts["tested"],
        **{name: str(body[name]) for name in known if isinstance(body.get(name), str)},
        **{name: body[name] for name in ("seed", "sample", "variants", "left_out") if isinstance(body.get(name), int)},
        **{name: body[name] for name in ("measures", "definition") if isinstance(body.get(name), dict)},
        test_set=body["test_set"] if isinstance(body.get("test_set"), str) else None,
    )


def _share(value: object) -> float | None:
    if isinstance(value, int | float) and not isinstance(value, bool) and 0 <= value <= 1:
        return float(value)
    return None
