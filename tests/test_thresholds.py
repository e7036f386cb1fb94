"""Threshold curves, against scikit-learn's."""

import numpy as np
import pytest
import sklearn.metrics as sk
from hypothesis import given, settings
from hypothesis import strategies as st

from plainview.exceptions import InputError
from plainview.thresholds import threshold_curve

rows_of = st.lists(
    st.tuples(st.sampled_from([0.1, 0.5, 0.9]) | st.floats(-5, 5), st.booleans(), st.integers(1, 9)),
    min_size=1,
    max_size=40,
)


@given(rows=rows_of)
@settings(max_examples=80, deadline=None)
@pytest.mark.filterwarnings("ignore")
def test_precision_and_recall_are_scikit_learns_at_every_threshold(rows):
    score, positive, weight = (np.array(column) for column in zip(*rows, strict=True))
    found = threshold_curve(score, positive, weights=weight)
    precision, recall, threshold = sk.precision_recall_curve(positive, score, sample_weight=weight)
    np.testing.assert_array_equal(found.threshold, threshold[::-1])
    np.testing.assert_allclose(found.precision, precision[:-1][::-1], atol=1e-12)
    if positive.any():
        np.testing.assert_allclose(found.recall, recall[:-1][::-1], atol=1e-12)
    else:
        assert np.isnan(found.recall).all()


@given(rows=rows_of)
@settings(max_examples=60, deadline=None)
def test_counts_are_those_of_the_rows_above_the_threshold(rows):
    score, positive, _ = (np.array(column) for column in zip(*rows, strict=True))
    found = threshold_curve(score, positive)
    for threshold, hits, false, missed in zip(
        found.threshold, found.hits, found.false_alarms, found.missed, strict=True
    ):
        said = score >= threshold
        assert (hits, false) == ((said & positive).sum(), (said & ~positive).sum())
        assert missed == (~said & positive).sum()


def test_a_chart_gets_as_many_thresholds_as_it_asks_for_with_both_ends():
    rng = np.random.default_rng(1)
    score = rng.random(10_000)
    full, short = threshold_curve(score, score > 0.7), threshold_curve(score, score > 0.7, most=50)
    assert len(short.threshold) == 50
    assert set(zip(*short, strict=True)) <= set(zip(*full, strict=True))
    assert (short.threshold[0], short.threshold[-1]) == (full.threshold[0], full.threshold[-1])
    assert len(threshold_curve([1.0, 1.0, 0.0], [True, False, True], most=50).threshold) == 2


def test_missing_scores_are_left_out_and_nothing_gives_nothing():
    found = threshold_curve([0.5, np.nan, 0.2], [True, True, False])
    assert found.threshold.tolist() == [0.5, 0.2]
    assert found.recall.tolist() == [1.0, 1.0]
    assert threshold_curve([], []).threshold.tolist() == []


def test_arrays_that_differ_in_length_are_refused():
    with pytest.raises(InputError, match=r"\(2,\), \(1,\) and \(2,\)"):
        threshold_curve([0.5, 0.1], [True])
    with pytest.raises(InputError, match=r"'most' parameter .* must be 2 or more"):
        threshold_curve([0.5], [True], most=1)
