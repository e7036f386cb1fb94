"""Outcomes from elsewhere: a row a copy, judged already or with what was expected and answered. A table for any suite.

Columns: ``check`` (its name), ``case`` (the example that copies share; the row's own where it is missing), ``variant``
(0 is the example itself), and either ``passed``, or ``expected`` and ``answer`` and perhaps ``score``. Besides, where they
are there: ``capability``, ``test_type``, ``kind``, ``may_fail`` (one value a check), ``text`` or ``before`` and ``after``,
``changed``.

``expected`` is a label; ``not <label>``; or what a copy owes to its example, which has variant 0: ``same``; ``not weaker``
and ``not stronger``, of the score's distance from zero towards where the example's lies (an example at zero has no
direction, and is left out).
"""

from collections.abc import Callable
from dataclasses import dataclass

import polars as pl

from plainview.exceptions import FrameError, nearest
from plainview.frames import class_text
from plainview.robustness.kinds import KINDS
from plainview.robustness.models import MEANINGS
from plainview.robustness.outcomes import SCHEMA, Outcomes
from plainview.store.digests import content_digest

RELATIVE = ("same", "not weaker", "not stronger")
KIND_OF = {"MFT": "unit", "INV": "invariance", "DIR": "directional"}
_SAID = {"same": "the same answer"}
_KNOWN = (
    "check", "case", "variant", "passed", "expected", "answer", "score", "capability", "test_type", "kind", "may_fail",
    "text", "before", "after", "changed",
)  # fmt: skip


@dataclass(frozen=True)
class Published:
    """One check of somebody else's suite, with its outcomes."""

    name: str
    check: str
    capability: str
    test_type: str
    may_fail: float | None
    outcomes: Outcomes
    suite: str  # SHA-256 of what was asked and expected: other sentences are another check


def published(frame: pl.DataFrame) -> list[Published]:
    """The checks of a frame, in its order; FrameError names the column and the row that cannot be used."""
    rows = _completed(frame)
    return [_check(str(name), part) for (name,), part in rows.group_by("check", maintain_order=True)]


def _completed(frame: pl.DataFrame) -> pl.DataFrame:
    _required(frame)
    rows = frame.with_row_index("_row", offset=1)
    own = pl.format("row {}", "_row")
    case = pl.coalesce(pl.col("case").cast(pl.String), own) if "case" in frame.columns else own
    variant = (
        pl.col("variant").cast(pl.Int64, strict=False).fill_null(0)
        if "variant" in frame.columns
        else pl.lit(0, pl.Int64)
    )
    texts = [name for name in ("expected", "answer") if name in frame.columns]
    rows = rows.with_columns(case.alias("case"), variant.alias("variant"), *(class_text(rows[name]) for name in texts))
    repeated = rows.filter(pl.struct("check", "case", "variant").is_duplicated())
    if repeated.height:
        first = repeated.row(0, named=True)
        raise FrameError(
            f"Row {first['_row']}: variant {first['variant']} of case {first['case']!r} of check {first['check']!r} is "
            "given twice; each copy has a number of its own."
        )
    return rows


def _required(frame: pl.DataFrame) -> None:
    wanted = ["check"] + (["passed"] if "passed" in frame.columns else ["expected", "answer"])
    for name in wanted:
        if name not in frame.columns:
            either = "" if name == "check" else " Each row says passed, or expected and answer."
            close = nearest(name, [each for each in frame.columns if each not in _KNOWN])
            raise FrameError(
                f"The outcomes have no column {name!r}.{either} {close if close.startswith('Did') else ''}".strip()
            )
    if "passed" in frame.columns and frame["passed"].dtype != pl.Boolean:
        raise FrameError(f"The column 'passed' holds {frame['passed'].dtype}; true and false were expected.")
    for name in wanted:
        if frame[name].null_count():
            row = frame[name].is_null().arg_max() or 0
            raise FrameError(f"Row {row + 1} has no value of {name!r}.")


def _check(name: str, rows: pl.DataFrame) -> Published:
    test_type = _one(rows, "test_type", name) or "MFT"
    if test_type not in MEANINGS:
        raise FrameError(f"Check {name!r}: the test type {test_type!r} is none. {nearest(test_type, MEANINGS)}")
    kind = _one(rows, "kind", name) or KIND_OF[test_type]
    if kind not in KINDS:
        raise FrameError(f"Check {name!r}: there is no kind {kind!r}. {nearest(kind, KINDS)}")
    bar = _one(rows, "may_fail", name)
    if bar is not None and not (isinstance(bar, int | float) and 0 <= bar < 1):
        raise FrameError(f"Check {name!r}: may_fail is {bar!r}; the share that may fail was expected, such as 0.1.")
    outcomes = _judged_already(rows) if "passed" in rows.columns else _judged(name, rows)
    capability = str(_one(rows, "capability", name) or "Robustness")
    return Published(
        name, str(kind), capability, str(test_type), None if bar is None else float(bar), outcomes, _suite(rows)
    )


def _suite(rows: pl.DataFrame) -> str:
    asked = [name for name in ("case", "variant", "text", "before", "after", "expected") if name in rows.columns]
    return content_digest(rows.select(asked).sort("case", "variant"))


def _one(rows: pl.DataFrame, column: str, name: str) -> object:
    """The one value that a column has for a check; None where there is no column."""
    if column not in rows.columns:
        return None
    values = rows[column].unique(maintain_order=True).to_list()
    if len(values) > 1:
        raise FrameError(
            f"Check {name!r} has several values of {column!r}: {values[0]!r}, {values[1]!r}. One was expected."
        )
    return values[0]


def _judged_already(rows: pl.DataFrame) -> Outcomes:
    return Outcomes(_shaped(rows))


def _shaped(rows: pl.DataFrame, **given: pl.Series) -> pl.DataFrame:
    """The columns of outcomes; ``text`` is read as what the copy is."""
    if "after" not in rows.columns and "text" in rows.columns:
        rows = rows.rename({"text": "after"})
    names = {"score": pl.Float64} | SCHEMA
    columns = [
        given[name].alias(name).cast(kind)
        if name in given
        else (
            rows[name].cast(kind, strict=False)
            if name in rows.columns
            else pl.Series(name, [None], kind).new_from_index(0, rows.height)
        )
        for name, kind in names.items()
    ]
    return pl.DataFrame({column.name: column for column in columns}).select(list(SCHEMA))


def _judged(name: str, rows: pl.DataFrame) -> Outcomes:
    """Each copy against what is expected of it."""
    relative = rows["expected"].is_in(RELATIVE)
    single = rows.filter(~relative)
    parts, left = [], 0
    if single.height:
        unwanted = single["expected"].str.strip_prefix("not ")
        negated = single["expected"].str.starts_with("not ")
        equal = single["answer"] == unwanted
        parts.append(_shaped(single, passed=equal ^ negated))
    if relative.any():
        paired = rows.filter(relative)
        part, left = _paired(name, paired)
        parts.append(part)
    judged = pl.concat(parts)
    if judged.is_empty():
        raise FrameError(f"Check {name!r}: no example has a direction or a copy, so nothing can be judged.")
    return Outcomes(judged, left)


def _paired(name: str, rows: pl.DataFrame) -> tuple[pl.DataFrame, int]:
    """Copies against the variant 0 of their case."""
    said = "text" if "text" in rows.columns else "after" if "after" in rows.columns else None
    originals = rows.filter(pl.col("variant") == 0)
    copies = rows.filter(pl.col("variant") != 0)
    alone = copies.join(originals, on="case", how="anti")
    if alone.height:
        raise FrameError(f"Check {name!r}: case {alone['case'][0]!r} has no variant 0, which its copies are held to.")
    scored = "score" in rows.columns
    if not scored:
        copies = copies.with_columns(score=pl.lit(None, pl.Float64))
    before = originals.select(
        "case",
        answer_before="answer",
        score_before=pl.col("score").cast(pl.Float64) if scored else pl.lit(None, pl.Float64),
        before=pl.col(said) if said else pl.lit(None, pl.String),
    )
    joined = copies.drop([each for each in ("before", "answer_before", "score_before") if each in copies.columns])
    joined = joined.join(before, on="case", maintain_order="left")
    kept = joined.filter(_can_be_judged(name, joined, scored))
    expected = kept["expected"].replace(_SAID)
    passed = kept.select(_passes()).to_series() if kept.height else pl.Series([], dtype=pl.Boolean)
    left = originals.height - kept["case"].n_unique()
    return _shaped(kept, passed=passed, expected=expected), left


def _can_be_judged(name: str, rows: pl.DataFrame, scored: bool) -> pl.Expr:
    """Which copies can be judged: the same answer always, a direction where the example has one."""
    same = pl.col("expected") == "same"
    directed = rows.filter(~same)
    if not directed.height:
        return same
    if not scored:
        raise FrameError(f"Check {name!r} expects {directed['expected'][0]!r}, which needs a column 'score'.")
    return same | ((pl.col("score_before") != 0) & pl.col("score").is_not_null())


def _passes() -> pl.Expr:
    """Whether a copy is as expected; the score counts towards where the example's lies."""
    towards = pl.col("score").cast(pl.Float64) * pl.col("score_before").sign() - pl.col("score_before").abs()
    ways: dict[str, Callable[[], pl.Expr]] = {
        "same": lambda: pl.col("answer") == pl.col("answer_before"),
        "not weaker": lambda: towards >= -1e-9,
        "not stronger": lambda: towards <= 1e-9,
    }
    expression = pl.lit(False)
    for word, way in ways.items():
        expression = pl.when(pl.col("expected") == word).then(way()).otherwise(expression)
    return expression
