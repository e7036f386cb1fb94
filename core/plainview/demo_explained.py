"""The demo's models explained, while they are there: what their answers depend on, and what drove single answers."""

from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from typing import Any

import numpy as np
import polars as pl

from plainview.exceptions import PlainviewError
from plainview.explanations import kept, shapley
from plainview.explanations.explaining import chosen
from plainview.explanations.permutation import permutation_importance
from plainview.records import Evaluation
from plainview.specification import load_specification
from plainview.store import Store
from plainview.tasks.part import PREDICTION

ROWS, REPEATS, LOCAL = 2_000, 3, 200
Learnt = Callable[[pl.DataFrame], np.ndarray]  # columns as numbers → predictions, shape (n,)


@dataclass(frozen=True)
class Taught:
    """One release of the demo that was trained here, and can be asked."""

    rows: pl.DataFrame  # the examples that it is judged on
    columns: tuple[str, ...]  # those that it sees, in order
    seen: Callable[[pl.DataFrame], pl.DataFrame]  # rows → those columns as numbers
    predict: Learnt
    model: Any  # of scikit-learn, of trees; None where it is something else


def explain_taught(store: Store, evaluation: Evaluation, taught: Taught) -> None:
    """Keep what the answers depend on, and for a model of trees what each column added to some of them.

    Without shap the second is left out. Keeping the same again changes nothing.
    """
    specification = load_specification(store.specification_text(evaluation))
    label, ids = specification.columns.label, specification.columns.id
    order = store.examples(evaluation, [ids, label]).join(
        taught.rows.drop(label), on=ids, how="left", maintain_order="left"
    )
    published = store.predictions(evaluation, [PREDICTION])[PREDICTION]
    answers = permutation_importance(
        lambda frame: taught.predict(taught.seen(pl.from_pandas(frame))),
        order,
        specification,
        published=published,
        columns=taught.columns,
        repeats=REPEATS,
        most=ROWS,
    )
    kept.keep(store, evaluation, kept.GLOBAL, *kept.of_permutation(answers))
    if taught.model is not None:
        with suppress(PlainviewError):  # without shap
            kept.keep(store, evaluation, kept.LOCAL, *_local(taught, order, published, specification))


def _local(taught: Taught, order: pl.DataFrame, published: pl.Series, specification) -> tuple[dict, kept.Tables]:
    """What each column added, for half the largest errors and as many others."""
    errors = (published - order[specification.columns.label]).abs().cast(pl.Float64).fill_null(0.0).to_numpy()
    rows = order[chosen(errors, LOCAL, 0)]
    values, base = shapley.of_trees(taught.model, taught.seen(rows).to_numpy())
    outputs = taught.predict(taught.seen(rows))
    found = shapley.attributions(rows, taught.columns, values, base, outputs, id_column=specification.columns.id)
    return kept.of_attributions(found, method=shapley.METHOD, unit=specification.unit or "")
