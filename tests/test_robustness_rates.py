"""How often copies fail: against Wilson's interval of statsmodels, and for copies of one example against simulation."""

import numpy as np
import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st
from statsmodels.stats.proportion import proportion_confint

from plainview.robustness.moved import moved, together
from plainview.robustness.rates import failure_rate, judged


def outcomes(*cases, check="it"):
    """A case for each list of truths, one truth a copy."""
    rows = [(check, f"{at}", variant, passed) for at, case in enumerate(cases) for variant, passed in enumerate(case)]
    return pl.DataFrame(rows, schema=["check", "case", "variant", "passed"], orient="row")


@given(st.lists(st.booleans(), min_size=2, max_size=60))
def test_one_copy_an_example_has_wilsons_interval(passed):
    rate = failure_rate(outcomes(*([each] for each in passed)))
    assert (rate.tested, rate.cases, rate.failed) == (len(passed), len(passed), passed.count(False))
    assert (rate.low, rate.high) == pytest.approx(proportion_confint(rate.failed, len(passed), method="wilson"))


@given(st.lists(st.lists(st.booleans(), min_size=1, max_size=6), min_size=2, max_size=30))
def test_copies_of_one_example_never_tell_more_than_independent_ones(cases):
    rate = failure_rate(outcomes(*cases))
    low, high = proportion_confint(rate.failed, rate.tested, method="wilson")
    assert rate.low <= rate.value <= rate.high
    assert rate.high - rate.low >= (high - low) - 1e-9
    assert rate.cases_failed == sum(not all(case) for case in cases)


def test_the_interval_holds_the_truth_where_copies_fail_together():
    random, held, ignored = np.random.default_rng(3), 0, 0
    for _ in range(300):
        chances = random.beta(0.2, 0.8, 40)  # the truth is 0.2; copies of one example are much alike
        cases = [(random.random(10) > chance).tolist() for chance in chances]
        rate = failure_rate(outcomes(*cases))
        low, high = proportion_confint(rate.failed, rate.tested, method="wilson")
        held, ignored = held + (rate.low <= 0.2 <= rate.high), ignored + (low <= 0.2 <= high)
    assert held / 300 >= 0.91
    assert ignored / 300 < 0.7


def test_a_bar_is_met_only_where_the_whole_interval_clears_it():
    def stands(failed, of, may_fail, **more):
        return judged(failure_rate(outcomes(*([at >= failed] for at in range(of)))), may_fail, **more)

    assert stands(0, 100, 0.05) == ("met", "")
    assert stands(30, 100, 0.05) == ("not met", "")
    assert stands(4, 100, 0.05) == ("unproven", "the bar lies inside the interval")
    assert stands(20, 20, 0.05) == ("unproven", "only 20 of the 30 examples that are needed")
    assert stands(4, 100, None) == ("no bar", "")
    assert stands(1, 2, 0.0, rule="point") == ("not met", "")
    assert stands(0, 2, 0.0, rule="point") == ("met", "")


def test_one_example_has_no_interval():
    rate = failure_rate(outcomes([True, False]))
    assert (rate.low, rate.high) == (None, None)
    assert judged(rate, 0.9, minimum=1)[0] == "unproven"


def test_a_change_is_found_among_the_copies_that_both_releases_have():
    before, after = outcomes(*([at % 2 == 0] for at in range(200))), outcomes(*([at % 10 != 1] for at in range(150)))
    found = moved("it", before, after)
    assert (found.copies, found.fixed, found.broke, found.verdict) == (150, 60, 0, "better")
    assert found.difference == pytest.approx(-60 / 150)
    assert found.low < found.difference < found.high < 0
    back = moved("it", after, before)
    assert (back.verdict, back.broke) == ("worse", 60)


def test_no_change_and_too_little_are_told_apart():
    many, few = outcomes(*([True] for _ in range(600))), outcomes([True], [False], [True])
    assert moved("it", many, many).verdict == "equivalent"
    assert moved("it", few, few).verdict == "inconclusive"
    assert moved("it", few, outcomes([True], check="other")).verdict == "not comparable"


def test_among_many_checks_a_lucky_one_is_not_called_a_change():
    before = outcomes(*([True] for _ in range(60)))
    lucky = moved("lucky", before, outcomes(*([at >= 6] for at in range(60))))
    assert lucky.verdict == "worse"
    others = {f"{at}": moved(f"{at}", before, before) for at in range(60)}
    assert together({"lucky": lucky, **others})["lucky"].verdict == "inconclusive"
