"""Wilson's interval at the effective number of examples, and differences of two releases from joint counts."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import stats
from sklearn.metrics import f1_score

from plainview.statistics.effective import (
    compare_counts,
    effective_size,
    estimate_counts,
    wilson_effective,
)
from plainview.statistics.intervals import f1_from_jaccard, wilson
from plainview.statistics.paired import newcombe

unhurried = settings(deadline=None)  # a busy machine is not a failure

CLASSES = 3
FIRST = np.repeat(np.arange(CLASSES**2), CLASSES)  # joint cell (label, first, second) -> cell (label, first)
SECOND = np.repeat(np.arange(CLASSES), CLASSES**2) * CLASSES + np.tile(np.arange(CLASSES), CLASSES**2)


def square(counts):
    return counts.reshape(CLASSES, CLASSES, -1)


def accuracy(counts):
    return np.einsum("iic->c", square(counts)) / counts.sum(axis=0)


def macro_f1(counts):
    right, labelled, predicted = np.einsum("iic->ic", square(counts)), square(counts).sum(1), square(counts).sum(0)
    return (2 * right / (labelled + predicted)).mean(axis=0)


def joint_counts(seed, n=400, columns=1):
    rng = np.random.default_rng(seed)
    return rng.multinomial(n, rng.dirichlet(np.full(27, 0.7)), size=columns).T.astype(float)


@unhurried
@given(st.lists(st.integers(0, 300), min_size=9, max_size=9).filter(any), st.floats(0.5, 0.99))
def test_accuracy_has_wilsons_interval_at_its_examples_less_what_students_t_costs(cells, confidence):
    counts = np.array(cells, float)[:, None]
    n = counts.sum()
    if n < 2:
        return
    found = estimate_counts(accuracy, counts).interval(confidence)
    cost = (stats.t.ppf(0.975, n - 1) / stats.norm.ppf(0.975)) ** 2
    expected = wilson(counts[::4].sum() / cost, n / cost, confidence=confidence)
    np.testing.assert_allclose(np.ravel(found), expected, atol=1e-6)


def test_macro_f1_equals_scikit_learn_and_its_error_the_spread_of_resampled_rows():
    counts = joint_counts(1).reshape(9, 3, 1).sum(axis=1)
    label, answer = np.repeat(np.indices((3, 3)).reshape(2, 9), counts[:, 0].astype(int), axis=1)
    found = estimate_counts(macro_f1, counts)
    assert found.value[0] == pytest.approx(f1_score(label, answer, average="macro"))
    draws = np.random.default_rng(2).multinomial(400, counts[:, 0] / 400, size=20_000).T
    assert found.error[0] == pytest.approx(macro_f1(draws).std(), rel=0.05)


def test_a_metric_that_was_never_wrong_has_a_width():
    counts = np.diag([10.0, 20, 30]).reshape(9, 1)
    low, high = estimate_counts(macro_f1, counts).interval()
    assert high == 1
    assert 0.8 < low < 0.96


def test_columns_are_independent_of_each_other_and_an_empty_one_is_undefined():
    counts = np.hstack([joint_counts(3, columns=4).reshape(9, 3, 4).sum(axis=1), np.zeros((9, 1))])
    together = np.array(estimate_counts(macro_f1, counts).interval())
    for column in range(4):
        alone = np.array(estimate_counts(macro_f1, counts[:, [column]]).interval())
        np.testing.assert_allclose(together[:, [column]], alone)
    assert np.isnan(together[:, 4]).all()


def test_bounds_of_the_metric_are_those_of_the_interval():
    low, high = wilson_effective(-0.2, 40, bounds=(-1, 1))
    assert (low, high) == pytest.approx([2 * x - 1 for x in wilson(16, 40)])
    assert effective_size(-0.2, np.sqrt(4 * 0.4 * 0.6 / 40), bounds=(-1, 1)) == pytest.approx(40)


@unhurried
@given(st.integers(0, 10_000))
def test_a_difference_mirrors_its_swap_and_holds_the_difference(seed):
    joint = joint_counts(seed, n=60) + 0.01
    one = compare_counts(macro_f1, joint, FIRST, SECOND, cells=9)
    other = compare_counts(macro_f1, joint, SECOND, FIRST, cells=9)
    (low, high), (swapped_low, swapped_high) = one.interval(), other.interval()
    assert low <= one.value <= high
    assert (-high, -low) == (pytest.approx(swapped_low), pytest.approx(swapped_high))
    assert one.p() == pytest.approx(other.p(), abs=1e-9)
    assert one.p() == pytest.approx(0.05) or (one.p() < 0.05) == (low > 0 or high < 0)


def test_accuracy_differences_are_close_to_newcombes():
    joint = joint_counts(8, n=2000)
    right = FIRST % 4 == 0, SECOND % 4 == 0
    table = [joint[a & b].sum() for a in (right[0], ~right[0]) for b in (right[1], ~right[1])]
    found = compare_counts(accuracy, joint, FIRST, SECOND, cells=9).interval()
    np.testing.assert_allclose(np.ravel(found), newcombe(*table), atol=0.002)


def test_the_error_of_a_difference_is_the_spread_of_resampled_rows():
    joint = joint_counts(9, n=900)
    found = compare_counts(macro_f1, joint, FIRST, SECOND, cells=9)
    draws = np.random.default_rng(0).multinomial(900, joint[:, 0] / 900, size=20_000).T
    first, second = np.zeros((2, 9, 20_000))
    np.add.at(first, FIRST, draws)
    np.add.at(second, SECOND, draws)
    assert found.error[0] == pytest.approx((macro_f1(first) - macro_f1(second)).std(), rel=0.04)


def test_two_releases_that_answered_the_same_differ_by_zero_with_a_width():
    joint = np.zeros((27, 1))
    joint[FIRST % 3 == SECOND % 3] = 7
    found = compare_counts(macro_f1, joint, FIRST, SECOND, cells=9)
    low, high = found.interval()
    assert found.value == 0
    assert low < 0 < high
    assert found.p() == pytest.approx(1)


def test_an_own_interval_replaces_the_general_one():
    def f1(counts):
        return 2 * counts[8] / (counts[6:].sum(axis=0) + counts[2::3].sum(axis=0))

    def own(counts, confidence):
        right = counts[8]
        return f1_from_jaccard(right, counts[2] + counts[5], counts[6] + counts[7], confidence=confidence)

    counts = joint_counts(4).reshape(9, 3, 1).sum(axis=1)
    assert estimate_counts(f1, counts, interval=own).interval(0.9) == own(counts, 0.9)
    np.testing.assert_allclose(estimate_counts(f1, counts).interval(0.9), own(counts, 0.9), atol=0.01)


def test_a_class_that_a_scenario_lacks_adds_no_width():
    """Three classes of which only two occur: the same as if the metric knew of two."""

    def macro(classes):
        def statistic(counts):
            table = counts.reshape(classes, classes, -1)
            right, size = np.einsum("iic->ic", table), table.sum(axis=0) + table.sum(axis=1)
            with np.errstate(invalid="ignore"):
                return np.nanmean(2 * right / size, axis=0)

        return statistic

    small = np.array([[50.0, 4], [9, 37]])
    large = np.zeros((3, 3))
    large[:2, :2] = small
    expected = estimate_counts(macro(2), small.reshape(4, 1)).interval()
    found = estimate_counts(macro(3), large.reshape(9, 1)).interval()
    np.testing.assert_allclose(np.ravel(found), np.ravel(expected), rtol=1e-9)
