"""Evaluate: the one place where scenarios, metrics and intervals meet.

`measure` runs the kernel over the rows in chunks and adds the sums; `results` turns the sums into results. Another engine
replaces the first and keeps the second, so its numbers are the same.
"""

from collections.abc import Callable, Iterator, Mapping

import numpy as np
import polars as pl

from plainview.exceptions import FrameError
from plainview.kernel import Sums, Totals, sums
from plainview.membership import scenario_masks
from plainview.metrics import metric_for, split_key
from plainview.records import Result
from plainview.specification import Specification
from plainview.tasks import TASKS
from plainview.tasks.part import WHOLE, Part

CHUNK = 262_144  # rows: masks of 200 scenarios stay below 64 MiB
LARGEST_WEIGHT = 1e15  # times the fourth power of the largest error it can still be summed


def evaluate(
    examples: pl.DataFrame,
    predictions: pl.DataFrame,
    specification: Specification,
    *,
    chunk: int = CHUNK,
) -> list[Result]:
    """Every metric of the specification on every scenario, in the order of the specification.

    ``examples`` holds the test set's columns, as `frames.read_frame` gives them; ``predictions`` has a column "prediction"
    and the same height. No method draws, so the same content has the same results on any machine. Raises FrameError for
    values that the task cannot use, and for frames of different heights.
    """
    if examples.height != predictions.height:
        raise FrameError(
            f"There must be one prediction an example, in the same order. Got {examples.height:,} examples and "
            f"{predictions.height:,} predictions instead."
        )
    return results(totals_of(measure(examples, predictions, specification, chunk=chunk)), specification)


def measure(
    examples: pl.DataFrame, predictions: pl.DataFrame, specification: Specification, *, chunk: int = CHUNK
) -> dict[str, Sums]:
    """The sums of every scenario, for each part of the task; the same for any ``chunk``."""
    parts = TASKS[specification.task].parts

    def contribute(rows: slice, part: pl.DataFrame, weight: np.ndarray | None) -> dict[str, Part]:
        return parts(part, predictions[rows], specification, weight)

    return add_up(examples, specification, contribute, chunk=chunk)


def measure_both(
    examples: pl.DataFrame,
    baseline: pl.DataFrame,
    candidate: pl.DataFrame,
    specification: Specification,
    *,
    chunk: int = CHUNK,
) -> dict[str, Sums]:
    """The same of two releases on the same rows: three frames of one height."""
    paired_parts = TASKS[specification.task].paired_parts

    def contribute(rows: slice, part: pl.DataFrame, weight: np.ndarray | None) -> dict[str, Part]:
        return paired_parts(part, baseline[rows], candidate[rows], specification, weight)

    return add_up(examples, specification, contribute, chunk=chunk)


def add_up(
    examples: pl.DataFrame,
    specification: Specification,
    contribute: Callable[[slice, pl.DataFrame, np.ndarray | None], Mapping[str, Part]],
    *,
    chunk: int = CHUNK,
) -> dict[str, Sums]:
    """Run the kernel over all rows; ``contribute`` gives the parts of a slice of them, from the rows and their weights."""
    weight = weights(examples, specification)
    total: dict[str, Sums] = {}
    for rows, part in chunks(examples, chunk):
        pieces = contribute(rows, part, None if weight is None else weight[rows])
        total = added(total, {name: _sums(piece, specification) for name, piece in pieces.items()})
    return total


def added(total: Mapping[str, Sums], more: Mapping[str, Sums]) -> dict[str, Sums]:
    """The sums of two sets of rows, part by part."""
    return {**total, **{name: total[name] + one if name in total else one for name, one in more.items()}}


def totals_of(measured: Mapping[str, Sums]) -> dict[str, Totals]:
    """Sums as numbers, part by part."""
    return {name: added.totals() for name, added in measured.items()}


def _sums(piece: Part, specification: Specification) -> Sums:
    columns, rows = specification.columns, piece.contributions
    masks = piece.masks
    if masks is None:
        masks = scenario_masks(piece.rows, specification.scenarios, columns.id)
    if columns.cluster is not None:
        # A row without a cluster stands alone: no other row is known to belong with it.
        together, alone = "in " + piece.rows[columns.cluster].cast(pl.String), "id " + piece.rows[columns.id]
        return sums(rows.by_cluster(together.fill_null(alone).to_list()), masks, clustered=True)
    if piece.cluster is not None:
        return sums(rows.by_cluster(piece.rows[piece.cluster].to_list()), masks, clustered=True)
    return sums(rows, masks)


def results(totals: Mapping[str, Totals], specification: Specification) -> list[Result]:
    """Results from the totals of each part, with cells of (label, prediction); columns are the specification's scenarios."""
    whole = totals[WHOLE]
    examples = whole.count.sum(axis=0) - _incomplete(whole)
    rows: dict[tuple[int, str], Result] = {}
    for key in specification.metric_keys:
        metric, of_class = metric_for(key, specification.task), split_key(key)[1]
        part = totals[metric.part_of(of_class)]
        missing = _incomplete(whole if specification.task == "detection" else part)  # whose other parts are of boxes
        found = metric.family.estimate(
            part,
            name=of_class,
            classes=specification.classes or (),
            confidence=specification.confidence,
        )
        for position, scenario in enumerate(specification.scenarios):
            value, low, high = (_number(values[position]) for values in (found.value, found.low, found.high))
            of = int(found.of[position])
            reason = _too_few(of, specification.minimum_for(scenario.name), metric.counted)
            if value is None:
                reason = "every example weighs 0" if of and specification.columns.weight else found.reason
            rows[position, key] = Result(
                scenario=scenario.name,
                behaviour=scenario.behaviour,
                metric=key,
                value=value,
                low=low,
                high=high,
                examples=int(examples[position]),
                of=of,
                missing=int(missing[position]),
                status="undefined" if value is None else "too few examples" if reason else "measured",
                reason=reason,
                method=metric.family.method,
            )
    return [
        rows[position, key] for position in range(len(specification.scenarios)) for key in specification.metric_keys
    ]


def _incomplete(totals: Totals) -> np.ndarray:
    """The rows of each scenario that lack something, shape (scenarios,)."""
    return totals.count[[None in cell for cell in totals.cells]].sum(axis=0)


def chunks(frame: pl.DataFrame, size: int) -> Iterator[tuple[slice, pl.DataFrame]]:
    """The frame in parts of ``size`` rows, and which rows they are; one empty part where there are none."""
    for start in range(0, max(frame.height, 1), size):
        yield slice(start, start + size), frame.slice(start, size)


def weights(frame: pl.DataFrame, specification: Specification) -> np.ndarray | None:
    """The weight of each row, shape (rows,), where the specification names a weight column. Raises FrameError."""
    name = specification.columns.weight
    if name is None:
        return None
    if not frame.schema[name].is_numeric():
        raise FrameError(
            f"Weight column {name!r} holds {str(frame.schema[name]).lower()} values: numbers were expected."
        )
    values = frame[name].cast(pl.Float64)
    wrong = ~values.is_between(0, LARGEST_WEIGHT).fill_null(False) | values.is_nan().fill_null(True)
    if wrong.any():
        row = wrong.arg_max()
        found = "nothing" if values[row] is None else f"{values[row]:g}"
        raise FrameError(
            f"Weight column {name!r} holds {found} for example {frame[specification.columns.id][row]!r}: "
            f"a number from 0 to {LARGEST_WEIGHT:g} was expected."
        )
    return values.to_numpy()


def _number(value: float) -> float | None:
    return None if np.isnan(value) else float(value)


def _too_few(of: int, minimum: int, counted: tuple[str, str]) -> str | None:
    if of >= minimum:
        return None
    return f"only {of:,} {counted[of != 1]}, {minimum:,} are needed"
