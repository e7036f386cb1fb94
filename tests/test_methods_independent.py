"""Two releases on different examples: against statsmodels' independent intervals, and against the releases' own."""

import numpy as np
import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import stats
from statsmodels.stats.proportion import confint_proportions_2indep
from statsmodels.stats.weightstats import CompareMeans, DescrStatsW

from plainview.kernel import Totals, sums
from plainview.methods.independent import difference_of
from plainview.metrics import metric_for
from plainview.tasks import regression

samples = st.integers(1, 500).flatmap(lambda n: st.tuples(st.integers(0, n), st.just(n)))


def rightly(right, n):
    """The totals of n examples of which some are answered rightly."""
    return Totals((("yes", "no"), ("yes", "yes")), np.array([[n - right], [right]], dtype=float))


def numbers(errors):
    """The totals of rows with these errors."""
    added = regression.contributions(pl.Series([0.0] * len(errors)), pl.Series(errors, dtype=pl.Float64))
    return sums(added, [np.ones(len(errors), dtype=bool)]).totals()


def compared(metric, task, before, after, levels=(0.95, 0.9)):
    """Candidate minus baseline of one metric."""
    row = metric_for(metric, task)
    around = row.direction == "zero"
    return difference_of(row.family, before, after, name=None, classes=(), levels=levels, around_zero=around)


@settings(deadline=None)
@given(samples, samples)
def test_proportions_have_newcombes_interval_as_statsmodels_computes_it(before, after):
    found = compared("accuracy", "classification", rightly(*before), rightly(*after))
    for level, (low, high) in found.levels.items():
        expected = confint_proportions_2indep(*after, *before, method="newcomb", compare="diff", alpha=1 - level)
        assert (low[0], high[0]) == pytest.approx(expected, abs=1e-12)
    assert found.difference[0] == pytest.approx(after[0] / after[1] - before[0] / before[1])
    assert found.of[0] == min(before[1], after[1])


@settings(deadline=None)
@given(samples, samples)
def test_p_is_below_a_twentieth_exactly_where_the_interval_excludes_zero(before, after):
    found = compared("accuracy", "classification", rightly(*before), rightly(*after))
    low, high = found.levels[0.95]
    assert (found.p[0] < 0.05) == (low[0] > 0 or high[0] < 0)
    assert found.p[0] == 1 or before[0] * after[1] != after[0] * before[1]


@pytest.mark.parametrize(("rows", "apart"), [((4000, 9000), 0.01), ((60, 80), 0.15)])
def test_means_are_near_welchs_interval(rows, apart):
    """Ours adds two intervals, which follow the skewness, in quadrature; Welch's is as long both ways."""
    rng = np.random.default_rng(1)
    before, after = (np.abs(rng.normal(size=n)) for n in rows)
    found = compared("mae", "regression", numbers(before), numbers(after))
    low, high = (end[0] for end in found.levels[0.95])
    expected = CompareMeans(DescrStatsW(after), DescrStatsW(before)).tconfint_diff(usevar="unequal")
    reach = (expected[1] - expected[0]) / 2
    assert (low, high) == pytest.approx(expected, abs=apart * reach)
    assert found.p[0] == pytest.approx(stats.ttest_ind(after, before, equal_var=False).pvalue, rel=2 * apart)


def test_a_bias_is_compared_by_its_distance_from_zero():
    before, after = numbers([-2.0, -1.9, -2.1, -2.0]), numbers([1.0, 0.9, 1.1, 1.0])
    found = compared("bias", "regression", before, after)
    assert found.difference[0] == pytest.approx(-1)
    assert found.levels[0.95][1][0] < 0


def test_an_empty_side_has_nothing():
    found = compared("accuracy", "classification", rightly(0, 0), rightly(3, 9))
    assert np.isnan([found.difference[0], found.p[0], *found.levels[0.95][0]]).all()
    assert found.of[0] == 0
