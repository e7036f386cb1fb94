"""Fisher's exact test, one-sided, against scipy, and its rate of false alarms."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.stats import fisher_exact, hypergeom

from plainview.statistics.fisher import fisher_greater


@given(st.data())
def test_it_is_the_one_of_scipy_wherever_there_are_more_hits_than_expected(data):
    total = data.draw(st.integers(2, 400))
    all_hits, trials = data.draw(st.integers(0, total)), data.draw(st.integers(1, total))
    hits = data.draw(st.integers(max(0, trials + all_hits - total), min(trials, all_hits)))
    table = [[hits, trials - hits], [all_hits - hits, total - trials - all_hits + hits]]
    expected = fisher_exact(table, alternative="greater").pvalue if hits * total > trials * all_hits else 1.0
    assert fisher_greater(hits, trials, all_hits, total) == pytest.approx(expected, rel=1e-9, abs=1e-300)


def test_a_million_rows_keep_their_tail():
    p = fisher_greater(21_000, 100_000, 200_000, 1_000_000)
    assert p == pytest.approx(hypergeom(1_000_000, 200_000, 100_000).sf(20_999), rel=1e-6)


def test_many_tables_are_tested_at_once_and_one_without_trials_has_no_p():
    p = fisher_greater([[5, 0], [9, 3]], [[10, 0], [10, 10]], 20, 100)
    assert p.shape == (2, 2)
    assert np.isnan(p[0, 1])
    assert p[1, 0] < p[0, 0] < 0.05


def test_it_calls_chance_evidence_no_more_often_than_it_says():
    drawn = hypergeom(500, 90, 60).rvs(20_000, random_state=1)
    p = fisher_greater(drawn, 60, 90, 500)
    for level in (0.01, 0.05, 0.2):
        assert (p <= level).mean() <= level + 3 * np.sqrt(level / 20_000)
