"""Metrics made of counts: sums by class, the cells that could occur, and many classes."""

import numpy as np
import polars as pl
import pytest
import sklearn.metrics as sk
from hypothesis import given, settings
from hypothesis import strategies as st
from verb_cases import specification

from plainview.evaluation import evaluate
from plainview.methods.counts import MOST_CELLS, class_sums, possible_cells
from plainview.verdicts import paired_changes


@given(
    values=st.lists(st.sampled_from(["a", "b", "c", None]), max_size=12),
    names=st.lists(st.sampled_from("abcd"), unique=True),
    columns=st.integers(1, 3),
)
@settings(max_examples=60, deadline=None)
def test_sums_by_class_are_a_product_of_matrices(values, names, columns):
    counts = np.random.default_rng(len(values)).integers(0, 9, (len(values), columns)).astype(float)
    members = np.array([[value == name for value in values] for name in names], dtype=float).reshape(
        len(names), len(values)
    )
    found = class_sums(np.array(values, dtype=object), names)(counts)
    assert found.tolist() == (members @ counts).tolist()


def test_cells_that_could_occur_are_every_label_with_every_class_that_was_seen():
    assert possible_cells([("a", "a"), ("b", "c")]) == [
        ("a", "a"), ("a", "b"), ("a", "c"), ("b", "a"), ("b", "b"), ("b", "c"),
    ]  # fmt: skip
    assert possible_cells([]) == [("", "")]


def test_of_very_many_classes_only_the_cells_that_were_seen_are_listed():
    seen = [(f"{number}", f"{number}") for number in range(30)] + [("1", "2"), ("1", "2")]
    assert possible_cells(seen) == sorted(set(seen))
    assert len(seen) ** 2 > MOST_CELLS


@pytest.mark.parametrize("classes", [3, 20, 30])
def test_averages_over_any_number_of_classes_are_scikit_learns_and_lie_in_their_intervals(classes):
    generator = np.random.default_rng(classes)
    label = generator.integers(0, classes, 900)
    before, after = (
        np.where(generator.random(900) < share, label, generator.integers(0, classes, 900)) for share in (0.7, 0.8)
    )
    examples = pl.DataFrame({"id": [f"{number:03}" for number in range(900)], "label": label.astype(str)})
    sides = [pl.DataFrame({"prediction": side.astype(str)}) for side in (before, after)]
    demanded = specification("macro_f1", "weighted_precision")
    for row, average in zip(evaluate(examples, sides[1], demanded), ("macro", "weighted"), strict=True):
        score = sk.f1_score if average == "macro" else sk.precision_score
        assert row.value == pytest.approx(score(label, after, average=average), abs=1e-12)
        assert 0.7 < row.low < row.value < row.high < 0.95
    for change in paired_changes(examples, *sides, demanded):
        assert change.verdict == "better"
        assert change.low < change.difference < change.high
