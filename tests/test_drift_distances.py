"""Distances of two samples are those of scipy and of Evidently; chance is as exact as counting every division."""

import numpy as np
import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.spatial.distance import jensenshannon
from scipy.stats import hypergeom, wasserstein_distance

from plainview.drift.chance import by_chance, by_chance_in_clusters, divisions
from plainview.drift.distances import jensen_shannon, wasserstein
from plainview.drift.judging import judge
from plainview.drift.measuring import measured_by_evidently
from plainview.drift.sides import Side

NUMBERS = st.lists(st.integers(-5, 5).map(float) | st.floats(-1e3, 1e3), min_size=1, max_size=40)
COUNTS = st.lists(st.tuples(st.integers(0, 30), st.integers(0, 30)), min_size=1, max_size=12)


@settings(max_examples=100, deadline=None)
@given(NUMBERS, NUMBERS)
def test_the_distance_of_numbers_is_that_of_scipy_in_standard_deviations(then, now):
    expected = wasserstein_distance(then, now) / max(np.std(then), 0.001)
    assert wasserstein(np.array(then), np.array(now)) == pytest.approx(expected, rel=1e-9, abs=1e-9)


@settings(max_examples=100, deadline=None)
@given(COUNTS.filter(lambda drawn: all(map(sum, zip(*drawn, strict=True)))))
def test_the_distance_of_categories_is_that_of_scipy(drawn):
    then, now = (np.array(side) for side in zip(*drawn, strict=True))
    expected = jensenshannon(then / then.sum(), now / now.sum())
    assert jensen_shannon(then, now) == pytest.approx(0 if np.isnan(expected) else expected, abs=1e-7)


def test_evidently_measures_the_same_of_numbers_names_and_texts_with_values_missing():
    random = np.random.default_rng(5)
    then, now = 400, 300

    def series(values):
        gone = random.random(len(values)) < 0.1
        return pl.Series([None if each else value for each, value in zip(gone, values, strict=True)])

    numbers = [series(random.normal(mean, 2, n)) for mean, n in ((0, then), (1, now))]
    names = [series(random.choice(list(of), n)) for of, n in (("abcd", then), ("abz", now))]
    words = [series(random.poisson(mean, n) * 1.0) for mean, n in ((9, then), (12, now))]
    rare = [series([f"{number}" for number in random.integers(0, 90, n)]) for n in (then, now)]
    sides = [
        Side("n", "column", "number", *numbers),
        Side("c", "column", "category", *names),
        Side("w", "column", "words", *words),
        Side("rare", "column", "category", *rare),
    ]
    ours = judge(sides, lambda _: 0.1)
    theirs = measured_by_evidently(ours, sides)  # raises where a distance is another
    assert [each.shift.distance for each in theirs] == [each.shift.distance for each in ours]
    named = {each.shift.column: each.shift.method for each in theirs if each.shift.aspect == "values"}
    assert all(method.startswith("evidently 0.7") for method in named.values())
    assert (named["n"].split()[-1], named["c"].split()[-1]) == ("wasserstein", "jensenshannon")


def test_the_p_value_of_two_categories_is_that_of_counting_every_division():
    then, now = np.array([40, 10]), np.array([20, 15])
    together, drawn = then + now, int(now.sum())
    measured = jensen_shannon(then, now)
    exact = sum(
        hypergeom.pmf(k, together.sum(), together[0], drawn)
        for k in range(drawn + 1)
        if together[0] - k >= 0
        and drawn - k <= together[1]
        and jensen_shannon(together - [k, drawn - k], np.array([k, drawn - k])) >= measured - 1e-12
    )
    found = by_chance(then, now, jensen_shannon, draws=20_000).p_value
    assert found == pytest.approx(exact, abs=4 * np.sqrt(exact * (1 - exact) / 20_000))


def test_clusters_of_one_row_are_independent_rows():
    random = np.random.default_rng(2)
    then, now = random.integers(0, 3, 300), random.integers(0, 3, 200)
    rows = [np.eye(3)[side] for side in (then, now)]
    apart = by_chance_in_clusters(*rows, jensen_shannon, draws=4_000)
    together = by_chance(*(side.sum(axis=0).astype(int) for side in rows), jensen_shannon, draws=4_000)
    assert apart.p_value == pytest.approx(together.p_value, abs=0.04)
    assert apart.reach == pytest.approx(together.reach, rel=0.1)


@pytest.mark.parametrize("columns", [1, 20, 100, 400])
def test_there_are_enough_divisions_for_one_column_of_many_to_be_found(columns):
    assert columns / (1 + divisions(columns)) <= 0.05


def test_the_same_batch_has_the_same_p_value_each_time():
    then, now = np.array([50, 30, 20]), np.array([20, 20, 20])
    assert by_chance(then, now, jensen_shannon, draws=999) == by_chance(then, now, jensen_shannon, draws=999)
