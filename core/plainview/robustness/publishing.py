"""Publishing what checks found under a release: one event a check, with the outcomes of all of them as tables."""

import os
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import polars as pl

from plainview.exceptions import InputError
from plainview.frames import read_frame
from plainview.records import Evaluation
from plainview.robustness.asking import Predict
from plainview.robustness.expectations import published
from plainview.robustness.loading import load_checks
from plainview.robustness.models import MINIMUM, Checks
from plainview.robustness.outcomes import SCHEMA
from plainview.robustness.results import KIND, MOST_FAILING, CheckResult, result_of, run_digest
from plainview.robustness.rows import Rows, rows_of
from plainview.robustness.running import asked_model, run
from plainview.specification import load_specification

if TYPE_CHECKING:
    from plainview.store import Store

OUTCOMES, FAILING = "outcomes", "failing"  # the tables of a run: every copy, and the failing ones in full


def run_checks(
    store: "Store | str | Path",
    project: str,
    release: str,
    *,
    checks: "str | os.PathLike[str] | Mapping[str, Any] | Checks",
    predict: Predict | str,
    frame: Any = None,
    dry_run: bool = False,
    actor: str | None = None,
    step: Callable[[str], None] = lambda name: None,
) -> list[CheckResult]:
    """Run the checks of a file against a model, and publish what they found under the release; the result of each check.

    ``predict`` is a function (or ``module:function``) from a frame of examples to labels, probabilities or numbers, one for
    each row; it does not see the label. ``frame`` are the examples, the release's test set where none is given. With
    ``dry_run`` nothing is written. ``step`` is told the name of each check before it runs. The same outcomes again are not
    published twice. The model itself is never kept.

    Raises InputError where the file, the frame or the model cannot be used, with nothing written, NotFoundError where there
    is no such release, StoreError where the store fails.
    """
    opened, evaluation = _release(store, project, release)
    asked = load_checks(checks)
    specification = load_specification(opened.specification_text(evaluation))
    id_column = specification.columns.id
    if frame is not None:
        rows, test_set = rows_of(frame, id_column=id_column, image=asked.file.columns.image), None
    else:
        rows, test_set = Rows(opened.examples(evaluation)), evaluation.test_set.examples_digest
        if asked.file.columns.image is not None:
            raise InputError("Images are not in the store: hand over the examples, with their images, as frame.")
    model = asked_model(predict, asked, specification, rows)
    named = predict if isinstance(predict, str) else _name_of(predict)
    results = run(asked, rows, model, id_column=id_column, predict=named, test_set=test_set, step=step)
    return results if dry_run else _kept(opened, project, release, results, actor)


def publish_outcomes(
    store: "Store | str | Path",
    project: str,
    release: str,
    *,
    outcomes: Any,
    may_fail: float | None = None,
    minimum_examples: int = MINIMUM,
    dry_run: bool = False,
    actor: str | None = None,
) -> list[CheckResult]:
    """Publish outcomes of checks that were run elsewhere, as CheckList's or a vendor's; the result of each check.

    ``outcomes`` is a frame or a file of the columns that `robustness.expectations` names. ``may_fail`` is the bar of checks
    that name none. Raises as ``run_checks``.
    """
    if may_fail is not None and not 0 <= may_fail < 1:
        raise InputError(
            f"The 'may_fail' parameter must be a share of at least 0 and below 1. Got {may_fail!r} instead."
        )
    opened, _ = _release(store, project, release)
    results = [
        result_of(
            each.outcomes,
            name=each.name,
            check=each.check,
            capability=each.capability,
            test_type=each.test_type,
            bar=may_fail if each.may_fail is None else each.may_fail,
            minimum=minimum_examples,
            definition={"suite": each.suite},
            predict="published",
        )
        for each in published(read_frame(outcomes))
    ]
    return results if dry_run else _kept(opened, project, release, results, actor)


def _release(store: "Store | str | Path", project: str, release: str) -> "tuple[Store, Evaluation]":
    from plainview.store import open_store

    opened = open_store(store) if isinstance(store, str | Path) else store
    return opened, opened.evaluation(project, release)


def _name_of(function: object) -> str:
    """module:function, as far as it says what it is."""
    name = getattr(function, "__qualname__", type(function).__qualname__)
    return f"{getattr(function, '__module__', '') or ''}:{name}".strip(":")


def _kept(
    store: "Store", project: str, release: str, results: Sequence[CheckResult], actor: str | None
) -> list[CheckResult]:
    """Write the events, unless the same run is there already."""
    outcomes, failing = tables_of(results)
    digest = run_digest(project, release, [result.body() for result in results], outcomes)
    done = [replace(result, run=digest) for result in results]
    if not any(event.body.get("run") == digest for event in store.events(project, release=release, kind=KIND)):
        bodies = [result.body() for result in done]
        store.append_events(
            KIND, project, bodies=bodies, release=release, actor=actor, tables={OUTCOMES: outcomes, FAILING: failing}
        )
    return done


def tables_of(results: Sequence[CheckResult]) -> tuple[pl.DataFrame, pl.DataFrame]:
    """Of every copy whether it passed; and the failing ones in full, at most MOST_FAILING of a check."""
    named = [
        result.outcomes.select(pl.lit(result.name).alias("check"), *list(SCHEMA))
        for result in results
        if result.outcomes is not None
    ]
    every = pl.concat(named)
    failing = pl.concat([each.filter(~pl.col("passed")).head(MOST_FAILING) for each in named])
    return every.select("check", "case", "variant", "passed"), failing.drop("passed")
