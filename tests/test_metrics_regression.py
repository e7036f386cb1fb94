"""Metrics of numbers: values against scikit-learn's and numpy's, intervals against the statistics they are made of."""

import numpy as np
import pytest
import sklearn.metrics as sk
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from metric_cases import frames, measured, paired
from sklearn.utils.stats import _weighted_percentile

from plainview.exceptions import SpecificationError
from plainview.specification import load_specification
from plainview.statistics import intervals, quantiles

measured_rows = st.lists(
    st.tuples(st.floats(-1e6, 1e6, width=32), st.floats(-1e6, 1e6, width=32), st.integers(1, 9)),
    min_size=2,
    max_size=40,
)
weights = pytest.mark.parametrize("weighted", [False, True], ids=["rows", "weights"])
LEVELS = {"median_absolute_error": 0.5, "absolute_error_p90": 0.9, "absolute_error_p95": 0.95}


def _columns(rows, weighted):
    label, prediction, weight = (np.array(column, dtype=float) for column in zip(*rows, strict=True))
    return label, prediction, weight if weighted else None


def _value(key, label, prediction, **more):
    return measured("regression", key, label, prediction, columns=more.pop("columns", {}), **more)


@weights
@given(rows=measured_rows)
@settings(max_examples=40, deadline=None)
def test_the_value_is_scikit_learns(weighted, rows):
    label, prediction, weight = _columns(rows, weighted)
    keywords = {"sample_weight": weight}
    expected = {
        "mae": sk.mean_absolute_error(label, prediction, **keywords),
        "rmse": sk.root_mean_squared_error(label, prediction, **keywords),
        "bias": np.average(prediction - label, weights=weight),
        "median_absolute_error": sk.median_absolute_error(label, prediction, **keywords),
        "quantile_loss[0.9]": sk.mean_pinball_loss(label, prediction, alpha=0.9, **keywords),
        "quantile_loss[0.25]": sk.mean_pinball_loss(label, prediction, alpha=0.25, **keywords),
    }
    for key, value in expected.items():
        found = _value(key, label, prediction, weight=weight)
        assert found.value == pytest.approx(value, rel=1e-12, abs=1e-9), key
        assert found.low is None or found.low <= found.value + 1e-9 <= found.high + 2e-9


@weights
@given(rows=measured_rows)
@settings(max_examples=40, deadline=None)
def test_the_share_explained_is_scikit_learns_however_far_labels_are_from_zero(weighted, rows):
    label, prediction, weight = _columns(rows, weighted)
    assume(len(set(label)) > 1)
    for shift in (0.0, 2.0**20):
        shifted = label + shift
        assume(len(set(shifted)) > 1)
        expected = sk.r2_score(shifted, prediction + shift, sample_weight=weight)
        found = _value("r2", shifted, prediction + shift, weight=weight)
        assert found.value == pytest.approx(expected, rel=1e-12, abs=1e-12)
        assert found.low is None or found.low <= found.value <= found.high <= 1


@weights
@given(rows=measured_rows)
@settings(max_examples=40, deadline=None)
def test_quantiles_of_the_error_are_order_statistics(weighted, rows):
    label, prediction, weight = _columns(rows, weighted)
    error = np.abs(prediction - label)
    for key, level in LEVELS.items():
        found = _value(key, label, prediction, weight=weight)
        if weight is None:
            expected = np.quantile(error, level, method="averaged_inverted_cdf")
        else:
            expected = _weighted_percentile(error, weight, 100 * level, average=True)
        assert found.value == pytest.approx(expected, rel=1e-12)


@weights
@given(rows=measured_rows)
@settings(max_examples=40, deadline=None)
def test_the_percentage_error_leaves_out_labels_that_are_0(weighted, rows):
    label, prediction, weight = _columns(rows, weighted)
    label = np.append(label, [0.0, 0.0])
    prediction = np.append(prediction, [5.0, 0.0])
    weight = None if weight is None else np.append(weight, [1.0, 2.0])
    there = label != 0
    found = _value("mape", label, prediction, weight=weight)
    assert found.of == there.sum()
    if not there.any():
        assert (found.value, found.reason) == (None, "no examples with a prediction and a label other than 0")
        return
    expected = np.average(
        (np.abs(prediction - label)[there] / np.abs(label)[there]), weights=None if weight is None else weight[there]
    )
    assert found.value == pytest.approx(expected, rel=1e-12)


@given(rows=measured_rows)
@settings(max_examples=30, deadline=None)
def test_intervals_of_means_and_quantiles_are_those_of_the_statistics(rows):
    label, prediction, _ = _columns(rows, False)
    error = np.sort(np.abs(prediction - label))
    for key, level in LEVELS.items():
        low, high = quantiles.quantile_interval(error, level)
        found = _value(key, label, prediction)
        if np.isnan(low) or np.isnan(high):
            assert (found.low, found.high) == (None, None)
        else:
            assert (found.low, found.high) == pytest.approx((min(low, found.value), max(high, found.value)), rel=1e-9)
    loss = np.maximum(0.9 * (label - prediction), -0.1 * (label - prediction))
    found = _value("quantile_loss[0.9]", label, prediction)
    sums = [np.sum(loss**power) for power in (1, 2, 3)]
    low, high = intervals.mean_skewed(len(loss), *sums)
    assume(len(loss) > 2 and loss.var() > 1e-6 * loss.mean() ** 2)
    assert (found.low, found.high) == pytest.approx((max(low, 0), high), rel=1e-6)


def test_paired_quantiles_agree_with_the_statistics_and_their_test_with_the_interval():
    rng = np.random.default_rng(3)
    label, before = rng.normal(size=300), rng.normal(size=300)
    after = before + rng.normal(scale=0.4, size=300)
    examples, baseline = frames(label, before)
    candidate = frames(label, after)[1]
    for key, level in LEVELS.items():
        change = paired("regression", examples, baseline, candidate, key)[0]
        errors = [np.abs(side - label) for side in (after, before)]
        low, high = quantiles.quantile_difference(*errors, level)
        width = high - low
        assert (change.low, change.high) == pytest.approx((low, high), abs=0.1 * width)  # its quantiles lie between two
        assert (change.p_value < 0.05) == (change.low > 0 or change.high < 0)


@pytest.mark.parametrize("shift", [0.0, 3.0])
def test_few_rows_bound_no_outer_quantile_and_the_test_knows(shift):
    rng = np.random.default_rng(3)
    label, before = np.zeros(60), rng.normal(size=60)
    examples, baseline = frames(label, before)
    candidate = frames(label, before + shift)[1]
    change = paired("regression", examples, baseline, candidate, "absolute_error_p95")[0]
    assert (change.low, change.high, change.verdict) == (None, None, "inconclusive")
    assert 0.05 < change.p_value <= 1
    found = _value("absolute_error_p95", label, before)
    assert found.value is not None
    assert (found.low, found.high) == (None, None)


def test_labels_that_are_all_the_same_leave_nothing_to_explain():
    found = _value("r2", [2.0] * 40, [1.0, 3.0] * 20)
    assert (found.value, found.of, found.reason) == (None, 0, "the labels are all the same, or too few")
    weighted = _value("r2", [2.0] * 40 + [5.0], [1.0, 3.0] * 20 + [5.0], weight=[1.0] * 40 + [0.0])
    assert weighted.value is None
    assert _value("r2", [1.0, 2.0, 4.0], [1.0, 2.0, 4.0]).value == 1.0


def test_rows_that_are_all_of_one_cluster_have_a_value_and_no_interval():
    """One video says nothing of how much another would differ."""
    found = _value("r2", [1.0, 2.0, 4.0, 3.0], [1.5, 2.0, 3.0, 3.5], cluster=["one"] * 4)
    assert found.value is not None
    assert (found.low, found.high) == (None, None)


def _with_ends(key, label, lower, upper, **more):
    columns = {"lower": "lower", "upper": "upper"}
    return measured("regression", key, label, label, lower=lower, upper=upper, columns=columns, **more)


def test_coverage_counts_labels_in_their_interval_its_ends_included():
    label, lower, upper = [1.0, 2.0, 3.0, 4.0, None], [1.0, 2.5, 0.0, None, 0.0], [2.0, 3.0, 3.0, 9.0, 1.0]
    found = _with_ends("interval_coverage", label, lower, upper)
    assert (found.value, found.of) == (pytest.approx(2 / 3), 3)
    assert (found.low, found.high) == pytest.approx(intervals.wilson(2, 3))
    assert _with_ends("interval_coverage", label, lower, upper, weight=[1.0, 2.0, 1, 1, 1]).value == pytest.approx(0.5)
    width = _with_ends("mean_interval_width", label, lower, upper)
    assert (width.value, width.of) == (pytest.approx(1.5), 3)


def test_an_interval_that_is_upside_down_holds_nothing_and_has_no_width():
    label, lower, upper = [1.0, 2.0, 3.0], [0.0, 3.0, 9.0], [2.0, 1.0, 2.5]
    assert _with_ends("interval_coverage", label, lower, upper).value == pytest.approx(1 / 3)
    width = _with_ends("mean_interval_width", label, lower, upper)
    assert (width.value, width.reason) == (None, "lower ends lie above upper ends, by as much as: 6.5")


def test_without_intervals_the_reason_says_so():
    found = _value("interval_coverage", [1.0, 2.0], [1.0, 2.0])
    assert (found.value, found.reason) == (None, "no examples with a label and a predicted interval")
    assert _value("mean_interval_width", [1.0, 2.0], [1.0, 2.0]).reason == found.reason


def test_coverage_that_is_gained_and_lost_is_counted():
    label = np.zeros(40)
    examples, baseline = frames(label, label, lower=label - 1, upper=np.where(np.arange(40) < 10, -0.5, 1.0))
    candidate = frames(label, label, lower=label - 1, upper=np.where(np.arange(40) >= 37, -0.5, 1.0))[1]
    change = paired("regression", examples, baseline, candidate, "interval_coverage")[0]
    assert (change.fixed, change.broke, change.difference) == (10, 3, pytest.approx(7 / 40))


@pytest.mark.parametrize(
    "written", ["quantile_loss[0.9]", "quantile_loss[.90]", {"name": "quantile_loss", "quantile": 0.9}]
)
def test_a_quantile_is_written_in_the_key_or_beside_the_name(written):
    plain = {"project": "p", "task": "regression", "columns": {"id": "id", "label": "label"}}
    assert load_specification({**plain, "metrics": [written]}).metric_keys == ("quantile_loss[0.9]",)


@pytest.mark.parametrize(
    "written", ["quantile_loss", "quantile_loss[2]", "quantile_loss[high]", {"name": "mae", "quantile": 0.9}]
)
def test_what_is_no_quantile_is_refused_with_its_place(written):
    plain = {"project": "p", "task": "regression", "columns": {"id": "id", "label": "label"}}
    with pytest.raises(SpecificationError, match=r"metrics\[0\].*(quantile between 0 and 1|unknown key 'quantile')"):
        load_specification({**plain, "metrics": [written]})
