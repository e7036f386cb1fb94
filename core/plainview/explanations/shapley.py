"""Local explanations computed with the package shap: how much each column added to single answers (Lundberg and Lee 2017).

A column adds what the answer moves by when its value becomes known, on average over the orders in which values may become
known and over ``background`` examples that stand in for what is not known. For anything that answers, the sets of what is known
are sampled and weighted (Kernel SHAP; all of them up to eight columns); for a model of trees the averages are exact (Lundberg
and others 2020). Columns that move together share what they add in a way that the data does not decide.
"""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any

import numpy as np
import polars as pl

from plainview.exceptions import InputError, PlainviewError
from plainview.explanations.answering import Predict, answers_of
from plainview.explanations.attributions import (
    ATTRIBUTION,
    BASE,
    FEATURE,
    ID,
    OUTPUT,
    ROWS,
    VALUE,
    Attributions,
    added_up,
)
from plainview.specification import Specification

BACKGROUND = 30  # examples that stand in for what is not known
SAMPLES = 300  # sets of columns that are taken to be known, for each answer
METHOD = "shap"


def shapley(
    predict: Predict,
    rows: pl.DataFrame,
    background: pl.DataFrame,
    columns: Sequence[str],
    specification: Specification,
    *,
    classes: Sequence[str] = (),
    seed: int = 0,
) -> Attributions:
    """What each of ``columns`` added to the answers to ``rows``; both frames have all columns that ``predict`` is given.

    Of a classification it is the chance of the positive class, or where none is named of the class that is answered.
    Raises PlainviewError where shap is not installed, InputError where what answers does not.
    """
    package = _package()
    if not columns or not rows.height:
        raise InputError("There is no column, or no example, to explain.")
    coded = _Coded(predict, pl.concat([rows, background]), columns, specification, classes)
    codes, stand_in = coded.codes[: rows.height], coded.codes[rows.height :]
    explainer = package.KernelExplainer(coded.outputs, stand_in)
    with _seeded(seed):
        values = np.asarray(explainer.shap_values(codes, nsamples=SAMPLES, l1_reg=False, silent=True))
    outputs = coded.outputs(codes)
    base = np.broadcast_to(explainer.expected_value, outputs.shape)
    if outputs.ndim == 2:
        said = np.arange(len(outputs)), coded.explained(outputs)
        values, base, outputs = values[said[0], :, said[1]], base[said], outputs[said]
    return attributions(rows, columns, values, base, outputs, id_column=specification.columns.id)


@contextmanager
def _seeded(seed: int) -> Iterator[None]:
    """shap draws from numpy's one global state: it is seeded for the while, and then as it was."""
    before = np.random.get_state()
    np.random.seed(seed)
    try:
        yield
    finally:
        np.random.set_state(before)


def of_trees(model: Any, numbers: np.ndarray) -> tuple[np.ndarray, float]:
    """What each number added to a fitted scikit-learn model of trees, exactly, shape (n, k); and its base value.

    Of a classification in the model's own units, log odds as a rule. Raises PlainviewError where shap is not installed.
    """
    explainer = _package().TreeExplainer(model)
    values = explainer.shap_values(numbers)
    return np.asarray(values), float(np.ravel(explainer.expected_value)[-1])


def attributions(
    rows: pl.DataFrame, columns: Sequence[str], values: np.ndarray, base: Any, outputs: np.ndarray, *, id_column: str
) -> Attributions:
    """Numbers of shape (n, columns) as attributions, beside what they should come to, shape (n,)."""
    ids = rows[id_column].cast(pl.String)
    wide = pl.DataFrame({ID: ids, **{f"{at}": values[:, at] for at in range(len(columns))}})
    long = wide.unpivot(index=ID, variable_name="place", value_name=ATTRIBUTION).with_columns(
        pl.col("place").cast(pl.Int64)
    )
    told = [rows[name].cast(pl.String, strict=False).to_list() for name in columns]
    long = long.with_columns(
        pl.Series(FEATURE, [name for name in columns for _ in range(rows.height)], dtype=pl.String),
        pl.Series(VALUE, [value for each in told for value in each], dtype=pl.String),
    )
    known = pl.DataFrame({ID: ids, BASE: np.broadcast_to(base, outputs.shape), OUTPUT: outputs})
    ordered = long.select(*ROWS).cast(ROWS).sort([ID, "place"])
    return Attributions(rows=ordered, sums=added_up(ordered, known), form="columns")


class _Coded:
    """Examples as codes of their values, so that words, categories and what is missing can be put in each other's place."""

    def __init__(
        self, predict, rows: pl.DataFrame, columns: Sequence[str], specification: Specification, classes
    ) -> None:
        self.predict, self.columns, self.specification, self.classes = (
            predict,
            list(columns),
            specification,
            list(classes),
        )
        self.rest = rows.head(1).drop(columns)
        self.order = rows.columns
        self.values, codes = [], []
        for name in columns:
            known, code = _coded(rows[name])
            self.values.append(known)
            codes.append(code)
        self.codes = np.stack(codes, axis=1)

    def outputs(self, codes: np.ndarray) -> np.ndarray:
        """What is answered: numbers of shape (n,), or chances of each class, (n, classes)."""
        at = np.asarray(codes).astype(np.int64)
        known = pl.DataFrame([values[at[:, place]] for place, values in enumerate(self.values)])
        rest = pl.concat([self.rest] * len(at)) if self.rest.width else pl.DataFrame()
        frame = pl.concat([known, rest], how="horizontal") if rest.width else known
        return answers_of(self.predict, frame.select(self.order), self.specification, self.classes)

    def explained(self, outputs: np.ndarray) -> np.ndarray:
        """Which class is explained of each example, shape (n,)."""
        positive = self.specification.positive
        if positive in self.classes:
            return np.full(len(outputs), self.classes.index(positive))
        return outputs.argmax(axis=1)


def _coded(values: pl.Series) -> tuple[pl.Series, np.ndarray]:
    """The different values, and the place of each example's among them as numbers."""
    known = values.unique(maintain_order=True)
    places = pl.DataFrame({"value": known, "at": np.arange(len(known), dtype=float)})
    asked = values.alias("value").to_frame()
    return known.alias(values.name), asked.join(
        places, on="value", how="left", nulls_equal=True, maintain_order="left"
    )["at"].to_numpy()


def _package() -> Any:
    try:
        import shap
    except ImportError as error:
        needs = 'Local explanations are computed with shap, which is not installed: pip install "plainview[explain]"'
        raise PlainviewError(needs) from error
    return shap
