"""Evaluate: every metric on every scenario, against scikit-learn, statsmodels and scipy, whatever the chunks."""

import numpy as np
import polars as pl
import pytest
import scipy.stats
import sklearn.metrics as sk
from hypothesis import given, settings
from hypothesis import strategies as st
from statsmodels.stats.proportion import proportion_confint
from verb_cases import AFINN, DEMO, NUMBERS, SENTENCES, demo, demo_store, specification  # noqa: F401

from plainview.evaluation import evaluate, measure, scenario_masks
from plainview.exceptions import FrameError
from plainview.frames import read_frame
from plainview.metrics import METRICS
from plainview.specification import load_specification

EVERY = [f"{name}[yes]" if row.per_class else name for name, row in METRICS.items() if "classification" in row.tasks]
SMALL = specification(*EVERY, scenarios={"Low": "size < 5", "High": "size >= 3", "None": "size > 99"})
MEASURED = load_specification(NUMBERS)

rows = st.lists(
    st.tuples(st.sampled_from(["yes", "no", None]), st.sampled_from(["yes", "no", "maybe", None]), st.integers(0, 9)),
    min_size=1,
    max_size=40,
)
far_rows = st.lists(
    st.tuples(*[st.one_of(st.none(), st.floats(-1e9, 1e9))] * 2, st.integers(0, 999)), min_size=1, max_size=40
)


def _tables(chosen, *, third="size", kind=pl.String):
    """Examples and predictions from rows of (label, prediction, a number)."""
    label, prediction, number = zip(*chosen, strict=True)
    examples = pl.DataFrame({"id": [f"e{place}" for place in range(len(chosen))], third: number})
    return examples.with_columns(pl.Series("label", label, kind)), pl.DataFrame(
        {"prediction": pl.Series(prediction, dtype=kind)}
    )


def _found(results):
    return {(row.scenario, row.metric): row for row in results}


@pytest.mark.parametrize("release", ["afinn_2.1.0", "vader_3.3.2"])
def test_on_real_data_every_value_is_scikit_learns_in_every_scenario(release):
    frame = read_frame(SENTENCES).sort("id")
    demanded = load_specification(AFINN)
    found = _found(evaluate(frame, frame.select(pl.col(release).alias("prediction")), demanded))
    conditions = {
        "all": pl.lit(True),
        "With a negation": pl.col("has_negation") == 1,
        "Long and negated": (pl.col("has_negation") == 1) & (pl.col("words") > 20),
        "Medium sentences": (pl.col("words") > 5) & (pl.col("words") <= 20),
        "Yelp": pl.col("source") == "yelp",
    }
    for scenario, condition in conditions.items():
        part = frame.filter(condition)
        label, answer = part["label"].to_numpy(), part[release].to_numpy()
        classes = ["negative", "positive"]
        recalls = sk.recall_score(label, answer, labels=classes, average=None)
        expected = {
            "accuracy": sk.accuracy_score(label, answer),
            "macro_f1": sk.f1_score(label, answer, labels=classes, average="macro"),
            "recall[negative]": recalls[0],
            "recall[positive]": recalls[1],
        }
        for metric, value in expected.items():
            row = found[scenario, metric]
            assert row.value == pytest.approx(value, abs=1e-12)
            assert row.examples == part.height
            assert row.low < row.value < row.high


def test_on_real_data_errors_of_numbers_are_scikit_learns(demo_store):  # noqa: F811
    evaluation = demo_store.evaluation("flight-delay", "2013.06")
    frame = demo_store.examples(evaluation).with_columns(prediction=demo_store.predictions(evaluation)["prediction"])
    found = _found(demo_store.results(evaluation))
    conditions = {"all": pl.lit(True), "In the rain": pl.col("precip") > 0, "United": pl.col("carrier") == "UA"}
    for scenario, condition in conditions.items():
        part = frame.filter(condition)
        label, answer = part["arr_delay"].to_numpy(), part["prediction"].to_numpy()
        assert found[scenario, "mae"].value == pytest.approx(sk.mean_absolute_error(label, answer), rel=1e-12)
        assert found[scenario, "rmse"].value == pytest.approx(sk.root_mean_squared_error(label, answer), rel=1e-12)
        assert found[scenario, "bias"].value == pytest.approx((answer - label).mean(), rel=1e-9)


@given(rows, st.integers(1, 45))
@settings(max_examples=60, deadline=None)
def test_any_chunk_gives_identical_results(chosen, chunk):
    tables = _tables(chosen)
    assert evaluate(*tables, SMALL, chunk=chunk) == evaluate(*tables, SMALL)


@given(far_rows, st.integers(1, 45))
@settings(max_examples=60, deadline=None)
def test_any_chunk_gives_identical_results_of_numbers(chosen, chunk):
    tables = _tables(chosen, third="distance", kind=pl.Float64)
    assert evaluate(*tables, MEASURED, chunk=chunk) == evaluate(*tables, MEASURED)


@given(rows, st.randoms(use_true_random=False))
@settings(max_examples=30, deadline=None)
def test_the_order_of_rows_does_not_matter(chosen, random):
    shuffled = list(chosen)
    random.shuffle(shuffled)
    assert evaluate(*_tables(shuffled), SMALL) == evaluate(*_tables(chosen), SMALL)


@given(rows)
@settings(max_examples=60, deadline=None)
def test_every_example_is_counted_or_missing_and_none_is_guessed(chosen):
    found = _found(evaluate(*_tables(chosen), SMALL))
    for scenario, held in (("all", range(10)), ("Low", range(5)), ("High", range(3, 10))):
        inside = [(label, answer) for label, answer, size in chosen if size in held]
        there = [pair for pair in inside if None not in pair]
        row = found[scenario, "accuracy"]
        assert (row.examples, row.missing) == (len(there), len(inside) - len(there))
        assert row.value == (pytest.approx(sum(a == b for a, b in there) / len(there)) if there else None)


@given(rows)
@settings(max_examples=60, deadline=None)
def test_what_has_no_value_has_a_reason_and_what_has_one_is_a_number_inside_its_interval(chosen):
    for row in evaluate(*_tables(chosen), SMALL):
        assert (row.value is None) == (row.status == "undefined")
        assert (row.reason is None) == (row.status == "measured")
        if row.value is not None and row.low is not None:
            assert -1 <= row.low <= row.value + 1e-12  # agreement may be worse than by chance
            assert row.value - 1e-12 <= row.high <= 1


def test_results_come_in_the_order_of_the_specification():
    found = evaluate(*_tables([("yes", "no", 1)]), SMALL)
    assert [(row.scenario, row.metric) for row in found] == [
        (scenario, metric) for scenario in ("all", "Low", "High", "None") for metric in EVERY
    ]


def test_a_scenario_without_examples_is_undefined_and_says_why():
    found = _found(evaluate(*_tables([("yes", "no", 1)] * 50), SMALL))
    for metric in EVERY:
        row = found["None", metric]
        assert (row.value, row.low, row.high, row.status, row.examples, row.of) == (None, None, None, "undefined", 0, 0)
        assert row.reason
    assert found["None", "accuracy"].reason == "no examples with a label and a prediction"
    assert found["None", "recall[yes]"].reason == "no example is yes"


def test_too_few_examples_are_counted_in_the_metrics_own_denominator():
    chosen = [("yes", "yes", 1)] * 29 + [("no", "no", 1)] * 31
    found = _found(evaluate(*_tables(chosen), specification("accuracy", "recall[yes]", "recall[no]")))
    few = found["all", "recall[yes]"]
    assert (few.status, few.value, few.of) == ("too few examples", 1.0, 29)
    assert few.reason == "only 29 examples, 30 are needed"
    assert (found["all", "accuracy"].status, found["all", "recall[no]"].status) == ("measured", "measured")


def test_a_scenario_may_ask_for_fewer_examples_than_the_specification():
    scenarios = [{"name": "Rare", "where": "size = 1", "minimum_examples": 5}, {"name": "Other", "where": "size = 2"}]
    demanded = specification(behaviours=[{"name": "B", "scenarios": scenarios}], minimum_examples=8)
    found = _found(evaluate(*_tables([("yes", "yes", 1)] * 5 + [("yes", "yes", 2)] * 7), demanded))
    assert {name: found[name, "accuracy"].status for name in ("all", "Rare", "Other")} == {
        "all": "measured", "Rare": "measured", "Other": "too few examples",
    }  # fmt: skip


def test_scenarios_may_overlap_and_each_counts_all_of_its_own():
    found = _found(evaluate(*_tables([("yes", "yes", size) for size in range(10)]), SMALL))
    counted = {name: found[name, "accuracy"].examples for name in ("all", "Low", "High")}
    assert counted == {"all": 10, "Low": 5, "High": 7}


def test_pinned_ids_are_a_scenario():
    demanded = specification(behaviours=[{"name": "B", "scenarios": [{"name": "Incident", "ids": ["e1", "e3"]}]}])
    found = _found(
        evaluate(*_tables([("yes", "yes", 0), ("yes", "no", 0), ("yes", "yes", 0), ("yes", "yes", 0)]), demanded)
    )
    assert (found["Incident", "accuracy"].value, found["Incident", "accuracy"].examples) == (0.5, 2)


def test_an_example_whose_column_is_empty_is_in_neither_a_scenario_nor_its_opposite():
    demanded = specification(scenarios={"Big": "size > 5", "Not big": "NOT size > 5", "Unknown": "size IS NULL"})
    examples, predictions = _tables([("yes", "yes", None), ("yes", "yes", 9), ("yes", "yes", 1)])
    examples = examples.with_columns(pl.col("size").cast(pl.Int64))
    assert [mask.tolist() for mask in scenario_masks(examples, demanded.scenarios, "id")] == [
        [True] * 3, [False, True, False], [False, False, True], [True, False, False],
    ]  # fmt: skip
    assert measure(examples, predictions, demanded)[""].totals().count.sum(axis=0).tolist() == [3, 1, 1, 1]


def test_intervals_are_those_of_independent_libraries():
    chosen = [("yes", "yes", 1)] * 71 + [("yes", "no", 1)] * 12 + [("no", "yes", 1)] * 17
    for level in (0.8, 0.95, 0.99):
        row = _found(evaluate(*_tables(chosen), specification(confidence=level)))["all", "accuracy"]
        assert (row.low, row.high) == pytest.approx(
            proportion_confint(71, 100, alpha=1 - level, method="wilson"), abs=1e-12
        )
    error = np.random.default_rng(7).gamma(2.0, 3.0, 60)
    far = [(0.0, float(value), 1) for value in error]
    row = _found(evaluate(*_tables(far, third="distance", kind=pl.Float64), MEASURED))["all", "mae"]
    low, high = scipy.stats.t.interval(0.95, 59, loc=error.mean(), scale=scipy.stats.sem(error))
    assert row.low == pytest.approx(low, rel=1e-9)
    assert row.high > high  # these errors are skewed, which Student's t does not know


WEIGHED = {"columns": {"id": "id", "label": "label", "weight": "size"}}


@given(rows)
@settings(max_examples=60, deadline=None)
def test_weighted_values_are_scikit_learns(chosen):
    demanded = specification("accuracy", "recall[yes]", **WEIGHED)
    found = _found(evaluate(*_tables(chosen), demanded))
    there = [row for row in chosen if None not in row[:2]]
    if not sum(weight for *_, weight in there):
        assert found["all", "accuracy"].value is None
        assert found["all", "accuracy"].reason == (
            "every example weighs 0" if there else "no examples with a label and a prediction"
        )
        return
    label, answer, weight = zip(*there, strict=True)
    assert found["all", "accuracy"].value == pytest.approx(
        sk.accuracy_score(label, answer, sample_weight=weight), abs=1e-12
    )


def test_equal_weights_change_nothing_whatever_their_size():
    chosen = [("yes", "yes", 1)] * 40 + [("yes", "no", 1)] * 20 + [("no", "yes", 1)] * 10
    plain = evaluate(*_tables(chosen), specification("accuracy", "macro_f1", "f1[yes]"))
    for weight in (1, 7):
        heavy = [(label, answer, weight) for label, answer, _ in chosen]
        weighed = evaluate(*_tables(heavy), specification("accuracy", "macro_f1", "f1[yes]", **WEIGHED))
        for one, other in zip(weighed, plain, strict=True):
            assert (one.value, one.low, one.high) == pytest.approx((other.value, other.low, other.high), abs=1e-12)


def test_unequal_weights_widen_the_interval():
    demanded = specification(**WEIGHED)
    even = evaluate(*_tables([("yes", "yes", 3), ("yes", "no", 3)] * 40), demanded)[0]
    uneven = evaluate(
        *_tables([("yes", "yes", 1), ("yes", "no", 1), ("yes", "yes", 5), ("yes", "no", 5)] * 20), demanded
    )[0]
    assert uneven.value == even.value == 0.5
    assert uneven.high - uneven.low > even.high - even.low


@pytest.mark.parametrize(
    ("weights", "found"),
    [
        ([1.0, -2.0], "-2 for example 'e1'"), ([1.0, None], "nothing for example 'e1'"),
        ([float("inf"), 1.0], "inf for example 'e0'"),
        ([1.0, 1e200], r"1e\+200 for example 'e1'"), (["a", "b"], "string values"), ([True, False], "boolean values"),
    ],
)  # fmt: skip
@pytest.mark.filterwarnings("error")
def test_a_weight_that_cannot_be_is_refused_by_example(weights, found):
    with pytest.raises(FrameError, match=f"Weight column 'size' holds {found}"):
        evaluate(*_tables([("yes", "yes", weight) for weight in weights]), specification(**WEIGHED))
    heavy = load_specification(
        NUMBERS.replace("label: label}", "label: label, weight: distance}").split("behaviours")[0]
    )
    if isinstance(weights[0], float):
        with pytest.raises(FrameError, match="Weight column 'distance'"):
            evaluate(*_tables([(1.0, 2.0, weight) for weight in weights], third="distance", kind=pl.Float64), heavy)


@pytest.mark.filterwarnings("error")
def test_the_largest_numbers_and_weights_that_are_taken_can_be_summed():
    heavy = load_specification(
        NUMBERS.replace("label: label}", "label: label, weight: distance}").split("behaviours")[0]
    )
    chosen = [(-5e69, 5e69, 10**15), (5e69, -5e69, 10**15), (0.0, 1e-300, 1)]
    found = _found(evaluate(*_tables(chosen, third="distance", kind=pl.Float64), heavy))
    assert found["all", "mae"].value == pytest.approx(1e70, rel=1e-12)
    assert found["all", "rmse"].value == pytest.approx(1e70, rel=1e-12)


TOGETHER = {"columns": {"id": "id", "label": "label", "cluster": "size"}}


@given(rows)
@settings(max_examples=30, deadline=None)
def test_clusters_change_no_value_and_chunks_change_no_cluster(chosen):
    metrics = ("accuracy", "macro_f1", "precision[yes]")
    found = evaluate(*_tables(chosen), specification(*metrics, **TOGETHER))
    assert evaluate(*_tables(chosen), specification(*metrics, **TOGETHER), chunk=3) == found
    for one, other in zip(found, evaluate(*_tables(chosen), specification(*metrics)), strict=True):
        assert (one.value, one.of, one.missing) == (pytest.approx(other.value, abs=1e-12), other.of, other.missing)


def test_examples_that_come_together_tell_less_than_as_many_apart():
    together = [("yes", "yes" if cluster % 3 else "no", cluster) for cluster in range(30) for _ in range(10)]
    apart = [("yes", answer, number) for number, (_, answer, _) in enumerate(together)]
    clustered, free = (evaluate(*_tables(chosen), specification(**TOGETHER))[0] for chosen in (together, apart))
    assert clustered.value == free.value
    assert clustered.high - clustered.low > 2 * (free.high - free.low)
    plain = evaluate(*_tables(apart), specification())[0]
    assert (free.low, free.high) == pytest.approx((plain.low, plain.high), abs=0.01)


def test_an_example_without_a_cluster_stands_alone_even_where_a_cluster_is_named_like_it():
    examples, predictions = _tables([("yes", "yes" if number % 2 else "no", 0) for number in range(60)])
    alone = examples.with_columns(size=pl.lit(None, pl.String))
    named = examples.with_columns(size=pl.when(pl.int_range(60) < 30).then(pl.format("e{}", pl.int_range(60) + 30)))
    demanded = specification(**TOGETHER)
    assert evaluate(named, predictions, demanded) == evaluate(alone, predictions, demanded)


def test_a_single_cluster_keeps_its_value_and_tells_next_to_nothing():
    chosen = [("yes", "yes", 1)] * 90 + [("no", "yes", 1)] * 10
    found = evaluate(*_tables(chosen), specification("accuracy", "macro_f1", **TOGETHER))
    expected = sk.f1_score([1] * 90 + [0] * 10, [1] * 100, average="macro", zero_division=0)
    assert [row.value for row in found] == [0.9, pytest.approx(expected)]
    assert all(row.low is None or row.high - row.low > 0.5 for row in found)


def test_a_single_cluster_of_numbers_keeps_its_value_and_has_no_interval():
    demanded = load_specification(NUMBERS.replace("label: label}", "label: label, cluster: distance}"))
    tables = _tables([(float(number % 3), 0.0, 1) for number in range(99)], third="distance", kind=pl.Float64)
    found = [row for row in evaluate(*tables, demanded) if row.scenario == "all"]
    assert [row.value for row in found] == pytest.approx([1.0, (5 / 3) ** 0.5, -1.0])
    assert {(row.low, row.high) for row in found} == {(None, None)}
