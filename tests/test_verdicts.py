"""Verdicts: the rule of the module, step by step, on tables that were counted out, and held to other libraries."""

import dataclasses
from itertools import product

import numpy as np
import polars as pl
import pytest
import scipy.stats
from hypothesis import given, settings
from hypothesis import strategies as st
from statsmodels.stats.contingency_tables import mcnemar
from statsmodels.stats.weightstats import ttost_paired
from verb_cases import NUMBERS, answers, paired_frame, specification

from plainview.evaluation import measure, totals_of
from plainview.specification import load_specification
from plainview.verdicts import independent_changes, no_changes, paired_changes

ONE = specification()
MEASURED = load_specification(NUMBERS)


def changes(frame, demanded=ONE, **settings):
    """Every change from the column "before" to the column "after", by scenario and metric."""
    found = paired_changes(frame, answers(frame, "before"), answers(frame, "after"), demanded, **settings)
    return {(row.scenario, row.metric): row for row in found}


def verdict(both, fixed, broke, neither, demanded=ONE):
    return changes(paired_frame(both, fixed, broke, neither), demanded)["all", "accuracy"]


# The rule, step by step: one scenario, one metric, so that nothing is corrected for


@pytest.mark.parametrize(
    ("table", "margin", "expected"),
    [
        ((600, 60, 20, 320), 0.01, "better"),
        ((600, 20, 60, 320), 0.01, "worse"),
        ((1890, 9, 4, 1097), 0.01, "equivalent"),
        ((1583, 6, 0, 725), 0.01, "equivalent"),  # found by the test, and wholly within the margin
        ((1583, 6, 0, 725), 0.001, "better"),  # the same, where so little matters
        ((70, 0, 0, 72), 0.01, "inconclusive"),  # no answer changed, but 142 examples rule out too little
        ((70, 0, 0, 72), 0.05, "equivalent"),
        ((85, 7, 2, 57), 0.01, "inconclusive"),
        ((1000, 0, 0, 0), 0.01, "equivalent"),
    ],
)
def test_a_verdict_is_what_the_flips_and_the_margin_make_of_it(table, margin, expected):
    row = verdict(*table, specification(margin=margin))
    assert row.verdict == expected
    assert (row.fixed, row.broke, row.examples, row.margin) == (table[1], table[2], sum(table), margin)
    assert (row.reason is None) == (row.verdict != "not comparable")


@pytest.mark.parametrize(("table", "size"), [((20, 5, 0, 4), 29), ((20, 2, 2, 1), 25), ((29, 0, 0, 0), 29)])
def test_below_the_minimum_nothing_is_called_whatever_the_flips(table, size):
    row = verdict(*table)
    assert row.verdict == "inconclusive"
    assert row.reason == f"only {size} examples, 30 are needed"
    assert row.more_examples_needed >= 30 - size
    assert not row.not_worse


def test_where_no_sensible_number_of_examples_would_settle_it_none_is_named():
    row = verdict(1, 0, 0, 0)
    assert (row.verdict, row.reason) == ("inconclusive", "only 1 example, 30 are needed")
    assert row.more_examples_needed is None


def test_a_scenario_without_examples_is_not_comparable_and_says_why():
    row = changes(paired_frame(50), specification(scenarios={"Nobody": "part = 'z'"}))["Nobody", "accuracy"]
    assert (row.verdict, row.reason) == ("not comparable", "no examples with a label and a prediction")
    assert (row.baseline, row.candidate, row.difference, row.low, row.high, row.p_value) == (None,) * 6
    assert (row.examples, row.more_examples_needed, row.not_worse) == (0, None, False)


def test_a_difference_by_itself_is_not_one_among_many_tests():
    alone = verdict(100, 7, 1, 100)
    assert alone.verdict == "better"
    parts = [paired_frame(100, 7, 1, 100, part="a"), *(paired_frame(100, 4, 4, 100, part=part) for part in "bcdefghij")]
    demanded = specification(scenarios={part: f"part = '{part}'" for part in "abcdefghij"})
    among = changes(pl.concat(parts), demanded)["a", "accuracy"]
    assert (among.low, among.high, among.p_value) == (alone.low, alone.high, alone.p_value)
    assert (among.verdict, among.reason) == ("inconclusive", "a difference by itself, but not among so many tests")
    assert among.adjusted_p > 0.05 > among.p_value


@pytest.mark.parametrize(
    ("table", "found_by_test", "outside"),
    [((69, 21, 10, 0), False, True), ((184, 12, 4, 0), True, False), ((16, 18, 8, 0), False, True)],
)
def test_where_the_test_and_the_interval_disagree_no_difference_is_claimed(table, found_by_test, outside):
    row = verdict(*table)
    assert (row.p_value <= 0.05, row.low > 0) == (found_by_test, outside)
    assert (row.verdict, row.reason) == ("inconclusive", "the test and the interval disagree")


def test_without_a_margin_no_change_cannot_be_shown_but_a_change_can():
    no_margin = load_specification(NUMBERS.replace("margin: 0.5\n", "").split("behaviours")[0])
    still = _measured([(1.0, 2.0), (2.0, 1.0)] * 50)
    row = changes(still, no_margin)["all", "mae"]
    assert (row.verdict, row.reason, row.margin) == (
        "inconclusive",
        "no margin is set, so no change cannot be shown",
        None,
    )
    assert not row.not_worse
    moved = still.with_columns(after=pl.col("before") / 2)
    assert changes(moved, no_margin)["all", "mae"].verdict == "better"


# The rule, whatever the numbers


tables = st.lists(st.tuples(*[st.integers(0, 60)] * 4), min_size=1, max_size=4)


@given(tables, st.sampled_from([0.01, 0.05, 0.3]), st.integers(1, 60))
@settings(max_examples=80, deadline=None)
def test_every_verdict_follows_from_its_own_numbers_by_the_written_rule(counts, margin, minimum):
    frame = pl.concat([paired_frame(*table, part=part) for table, part in zip(counts, "abcd", strict=False)])
    scenarios = {part: f"part = '{part}'" for part, _ in zip("abcd", counts, strict=False)}
    demanded = specification("accuracy", "recall[no]", scenarios=scenarios, margin=margin, minimum_examples=minimum)
    for row in changes(frame, demanded).values():
        if row.difference is None:
            expected = "not comparable"
        elif row.examples < minimum:
            expected = "inconclusive"
        elif -margin < row.low and row.high < margin:
            expected = "equivalent"
        elif row.adjusted_p <= 0.05 and not row.low <= 0 <= row.high:
            expected = "better" if row.difference > 0 else "worse"
        elif -margin < row.one_sided[0] and row.one_sided[1] < margin:
            expected = "equivalent"
        else:
            expected = "inconclusive"
        assert row.verdict == expected
        if expected in ("better", "equivalent"):
            assert row.not_worse == (row.one_sided[0] > -margin)
        if row.more_examples_needed is not None:
            assert expected == "inconclusive"
            assert row.more_examples_needed > 0


@given(tables)
@settings(max_examples=50, deadline=None)
def test_the_p_values_are_mcnemars_and_are_corrected_over_the_whole_family(counts):
    frame = pl.concat([paired_frame(*table, part=part) for table, part in zip(counts, "abcd", strict=False)])
    scenarios = {part: f"part = '{part}'" for part, _ in zip("abcd", counts, strict=False)}
    demanded = specification(scenarios=scenarios, minimum_examples=1)
    found = changes(frame, demanded)
    for part, (_, fixed, broke, _) in zip("abcd", counts, strict=False):
        row = found[part, "accuracy"]
        if row.examples and fixed + broke:
            exact = mcnemar([[0, broke], [fixed, 0]], exact=True).pvalue
            mid = exact - scipy.stats.binom.pmf(min(fixed, broke), fixed + broke, 0.5) * (1 if fixed != broke else 0)
            assert row.p_value == pytest.approx(min(mid, 1.0) if fixed != broke else row.p_value, abs=1e-9)
    tested = [row for row in found.values() if row.p_value is not None]
    if tested:
        corrected = scipy.stats.false_discovery_control([row.p_value for row in tested], method="bh")
        assert [row.adjusted_p for row in tested] == pytest.approx(corrected, abs=1e-12)


OPPOSITE = {"better": "worse", "worse": "better"}


@given(tables)
@settings(max_examples=50, deadline=None)
def test_swapping_the_releases_mirrors_every_verdict(counts):
    frame = pl.concat([paired_frame(*table, part=part) for table, part in zip(counts, "abcd", strict=False)])
    scenarios = {part: f"part = '{part}'" for part, _ in zip("abcd", counts, strict=False)}
    demanded = specification("accuracy", "precision[yes]", "macro_f1", scenarios=scenarios)
    forth = changes(frame, demanded)
    back = changes(frame.rename({"before": "after", "after": "before"}), demanded)
    for key, row in forth.items():
        other = back[key]
        assert other.verdict == OPPOSITE.get(row.verdict, row.verdict)
        assert (other.fixed, other.broke) == (row.broke, row.fixed)
        if row.low is not None:
            mirrored = (-row.difference, -row.high, -row.low)
            assert (other.difference, other.low, other.high) == pytest.approx(mirrored, abs=1e-9)


errors = st.lists(st.tuples(st.floats(-50, 50), st.floats(-50, 50)), min_size=2, max_size=60)


def _measured(pairs, distance=600):
    return pl.DataFrame(
        {
            "id": [f"{number:03}" for number in range(len(pairs))],
            "label": [0.0] * len(pairs),
            "distance": [distance] * len(pairs),
            "before": [before for before, _ in pairs],
            "after": [after for _, after in pairs],
        }
    )


@given(errors)
@settings(max_examples=60, deadline=None)
def test_swapping_mirrors_metrics_that_are_best_small_or_at_nought(pairs):
    frame = _measured(pairs)
    forth, back = changes(frame, MEASURED), changes(frame.rename({"before": "after", "after": "before"}), MEASURED)
    for key, row in forth.items():
        assert back[key].verdict == OPPOSITE.get(row.verdict, row.verdict)
        assert back[key].difference == pytest.approx(-row.difference, abs=1e-9)


@given(st.integers(0, 10**6), st.integers(30, 80), st.floats(-0.6, 0.6), st.floats(0.2, 2))
@settings(max_examples=60, deadline=None)
def test_no_change_is_statsmodels_two_one_sided_tests_and_not_worse_is_one_of_them(seed, size, gain, noise):
    generator = np.random.default_rng(seed)
    before = 5 + generator.normal(size=size)
    after = before + gain + noise * generator.normal(size=size)
    demanded = {"project": "p", "task": "regression", "columns": {"id": "id", "label": "label"}}
    frame = _measured(list(zip(before, after, strict=True)))
    row = changes(frame, load_specification({**demanded, "metrics": ["mae"], "margin": 0.5}))["all", "mae"]
    p, _, (_, no_larger, _) = ttost_paired(np.abs(after), np.abs(before), -0.5, 0.5)
    if row.verdict not in ("better", "worse"):
        assert (row.verdict == "equivalent") == (p < 0.05)
        assert row.not_worse == (no_larger < 0.05)


@given(errors)
@settings(max_examples=60, deadline=None)
def test_chunks_do_not_change_a_change(pairs):
    frame = _measured(pairs)
    assert changes(frame, MEASURED, chunk=7) == changes(frame, MEASURED)


def test_smaller_errors_are_better_and_closer_is_fixed():
    generator = np.random.default_rng(5)
    before = generator.normal(0, 4, 300)
    frame = _measured(list(zip(before, before / 2, strict=True)))
    found = changes(frame, MEASURED)
    for metric in ("mae", "rmse"):
        row = found["all", metric]
        assert (row.verdict, row.not_worse) == ("better", True)
        assert row.difference < 0
    row = found["Far", "mae"]
    assert row.fixed == int((np.abs(before) / 2 > 0.5).sum())
    assert row.broke == 0
    expected = scipy.stats.ttest_rel(np.abs(before / 2), np.abs(before))
    assert row.p_value == pytest.approx(expected.pvalue, rel=1e-6)
    assert (row.low, row.high) == pytest.approx(tuple(expected.confidence_interval()), rel=1e-9)


@pytest.mark.parametrize(
    ("before", "after", "expected"),
    [
        (3.0, 1.0, "better"),
        (-3.0, 1.0, "better"),
        (1.0, -3.0, "worse"),
        (3.0, -3.0, "equivalent"),
        (3.0, 3.1, "equivalent"),
    ],
)
def test_a_bias_is_judged_by_its_distance_from_nought(before, after, expected):
    noise = np.random.default_rng(2).normal(0, 0.5, 400)
    row = changes(_measured(list(zip(noise + before, noise[::-1] + after, strict=True))), MEASURED)["all", "bias"]
    assert row.verdict == expected
    assert row.difference == pytest.approx(abs(row.candidate) - abs(row.baseline), abs=1e-9)
    assert (row.baseline, row.candidate) == (pytest.approx(before, abs=0.1), pytest.approx(after, abs=0.1))


def test_a_false_positive_rate_is_better_when_it_falls():
    frame = paired_frame(0, 0, 0, 100).with_columns(label=pl.lit("no"), before=pl.lit("yes"))
    frame = pl.concat([frame, paired_frame(60, part="b")])
    row = changes(frame, specification("false_positive_rate[yes]"))["all", "false_positive_rate[yes]"]
    assert (row.verdict, row.baseline, row.candidate, row.fixed, row.examples) == ("better", 1.0, 0.0, 100, 100)


def test_flips_are_counted_in_the_metrics_own_denominator():
    other = paired_frame(2, 1, 7, 40, part="b").with_columns(label=pl.lit("no"))  # for "no" the counts read backwards
    found = changes(
        pl.concat([paired_frame(50, 5, 2, 3), other]), specification("accuracy", "recall[yes]", "recall[no]")
    )
    flips = {metric: (row.fixed, row.broke, row.examples) for (_, metric), row in found.items()}
    assert flips == {"accuracy": (12, 3, 110), "recall[yes]": (5, 2, 60), "recall[no]": (7, 1, 50)}


@pytest.mark.parametrize("side", ["before", "after"])
def test_what_one_release_did_not_answer_is_left_out_and_counted(side):
    frame = paired_frame(100, 20, 5, 25)
    holes = frame.with_columns(pl.when(pl.int_range(pl.len()) % 5 == 0).then(None).otherwise(pl.col(side)).alias(side))
    row, whole = changes(holes)["all", "accuracy"], changes(holes.drop_nulls())["all", "accuracy"]
    assert (row.missing, row.examples) == (30, 120)
    assert dataclasses.replace(row, missing=0) == whole


def test_seldom_is_any_scenario_named_when_nothing_changed():
    generator = np.random.default_rng(11)
    parts = [f"s{number:02}" for number in range(50)]
    demanded = specification(scenarios={part: f"part = '{part}'" for part in parts})
    rows = pl.DataFrame({"id": [str(n) for n in range(4000)], "part": np.repeat(parts, 80), "label": "yes"})
    named = 0
    for _ in range(60):
        before, after = np.where(generator.random((2, rows.height)) < 0.8, "yes", "no")
        found = changes(rows.with_columns(before=before, after=after), demanded)
        named += any(row.verdict in ("better", "worse") for row in found.values())
    assert named <= 8, "5% of 60 comparisons are 3; more than 8 happen by chance once in 500 times"


# Different examples


def _apart(first, second, demanded):
    sides = [totals_of(measure(one, answers(one, "before"), demanded)) for one in (first, second)]
    return {(row.scenario, row.metric): row for row in independent_changes(*sides, demanded)}


def test_different_examples_are_compared_as_independent_samples():
    demanded = specification("accuracy", "recall[yes]", scenarios={"Nobody": "part = 'z'"})
    row = _apart(paired_frame(500, 0, 0, 500), paired_frame(700, 0, 0, 300, part="b"), demanded)["all", "accuracy"]
    assert (row.verdict, row.difference, row.examples) == ("better", pytest.approx(0.2), 1000)
    assert (row.fixed, row.broke) == (None, None)
    expected = scipy.stats.norm.sf(0.2 / np.sqrt(2 * 0.6 * 0.4 / 1000)) * 2
    assert np.log(row.p_value) == pytest.approx(np.log(expected), rel=0.05)
    assert _apart(paired_frame(50), paired_frame(50), demanded)["Nobody", "accuracy"].verdict == "not comparable"


@given(st.integers(0, 200), st.integers(0, 200))
@settings(max_examples=40, deadline=None)
def test_swapping_independent_samples_mirrors_the_verdict(right, other):
    one, two = paired_frame(right, 0, 0, 200 - right), paired_frame(other, 0, 0, 200 - other, part="b")
    forth, back = _apart(one, two, ONE)["all", "accuracy"], _apart(two, one, ONE)["all", "accuracy"]
    assert back.verdict == OPPOSITE.get(forth.verdict, forth.verdict)
    assert (back.low, back.high) == pytest.approx((-forth.high, -forth.low))


def test_what_cannot_be_compared_says_so_for_every_scenario_and_metric():
    demanded = specification("accuracy", "macro_f1", scenarios={"A": "part = 'a'"})
    found = no_changes(demanded, "the task changed")
    assert [(row.scenario, row.metric) for row in found] == list(product(("all", "A"), ("accuracy", "macro_f1")))
    said = {(row.verdict, row.reason, row.difference, row.examples) for row in found}
    assert said == {("not comparable", "the task changed", None, 0)}


@pytest.mark.parametrize("metric", ["accuracy", "precision[yes]", "f1[yes]", "macro_f1", "recall[yes]"])
def test_no_change_at_all_in_few_examples_is_not_proof_that_nothing_changed(metric):
    frame = pl.concat([paired_frame(20, 0, 0, 4), paired_frame(4, 0, 0, 12, part="b").with_columns(label=pl.lit("no"))])
    row = changes(frame, specification(metric, minimum_examples=10))["all", metric]
    assert (row.difference, row.p_value) == (0, pytest.approx(1.0))
    assert row.low < -0.02
    assert row.high > 0.02
    assert row.verdict == "inconclusive"


@pytest.mark.parametrize("metric", ["accuracy", "precision[yes]", "f1[yes]", "macro_f1", "recall[yes]"])
def test_without_an_example_that_both_answered_nothing_can_be_compared(metric):
    nothing = pl.lit(None, pl.String)
    one, other = paired_frame(40).with_columns(after=nothing), paired_frame(40, part="b").with_columns(before=nothing)
    row = changes(pl.concat([one, other]), specification(metric))["all", metric]
    assert (row.verdict, row.difference, row.examples, row.missing) == ("not comparable", None, 0, 80)
    assert row.reason
