"""The bootstrap of counts, against scipy's bootstrap of rows."""

import numpy as np
import pytest
from scipy import stats

from plainview.exceptions import InputError
from plainview.statistics.bootstrap import counts_bootstrap, resample
from plainview.statistics.intervals import wilson


def f1(counts):
    return 2 * counts[0] / (2 * counts[0] + counts[1] + counts[2])


COUNTS = np.array([120.0, 30, 22, 200])


def test_bca_equals_scipys_bca_of_the_rows():
    codes = np.repeat(np.arange(4), COUNTS.astype(int))

    def of_rows(sample, axis):
        return f1(np.stack([(sample == code).sum(axis=axis) for code in range(4)]))

    rng = np.random.default_rng(0)
    expected = stats.bootstrap((codes,), of_rows, n_resamples=8000, batch=500, rng=rng).confidence_interval
    found = counts_bootstrap(f1, COUNTS, draws=8000, seed=1)
    assert (found.low[0], found.high[0]) == pytest.approx(expected, abs=0.004)
    assert found.estimate == f1(COUNTS)


def test_levels_share_draws_and_nest():
    found = counts_bootstrap(f1, COUNTS, seed=b"digest", confidence=(0.8, 0.9, 0.95, 0.99))
    assert (np.diff(found.low) <= 0).all()
    assert (np.diff(found.high) >= 0).all()


def test_the_same_seed_gives_the_same_bytes_and_another_does_not():
    one, same, other = (resample(COUNTS, draws=300, seed=seed) for seed in (b"a", b"a", b"b"))
    assert one.tobytes() == same.tobytes()
    assert one.tobytes() != other.tobytes()
    assert (one.sum(axis=0) == COUNTS.sum()).all()


def test_real_counts_keep_their_total():
    draws = resample([10.5, 20.25, 0], draws=300, seed=1)
    np.testing.assert_allclose(draws.sum(axis=0), 30.75)
    assert (draws[2] == 0).all()


def test_what_was_never_wrong_has_wilsons_interval_and_not_a_width_of_zero():
    found = counts_bootstrap(lambda c: c[0] / c.sum(axis=0), [30.0, 0], seed=1, confidence=(0.9, 0.95))
    np.testing.assert_allclose(found.low, wilson(30, 30, confidence=[0.9, 0.95])[0])
    assert (found.high == 1).all()


def test_p_of_a_difference_falls_with_its_size():
    def difference(counts):
        return (counts[0] - counts[1]) / counts.sum(axis=0)

    p = [counts_bootstrap(difference, [c, 20.0, 200], seed=3).p for c in (20, 30, 45)]
    assert p[0] > 0.5
    assert 0.05 < p[1] < 0.3
    assert p[2] < 0.01


def test_an_undefined_statistic_has_nothing():
    found = counts_bootstrap(f1, [0.0, 0, 0, 12], seed=1)
    assert np.isnan([found.estimate, found.p, *found.low, *found.high]).all()
    assert np.isnan(counts_bootstrap(f1, np.zeros(4), seed=1).estimate)


def test_too_few_draws_are_refused():
    with pytest.raises(InputError, match="'draws' parameter must be at least 200"):
        counts_bootstrap(f1, COUNTS, draws=100, seed=1)
