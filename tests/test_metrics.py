"""METRICS: properties that every row of the table has, whatever the task."""

from dataclasses import asdict

import numpy as np
import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from metric_cases import EVERY, KEYS, TASKS, asked, frames, independent, made, paired

from plainview.evaluation import evaluate
from plainview.metrics import METRICS, ROWS, metric_for, metric_key, metrics_of, split_key

every = pytest.mark.parametrize(("task", "key"), EVERY, ids=[f"{task}-{key}" for task, key in EVERY])
tasks = pytest.mark.parametrize("task", TASKS)
SCENARIOS = ("x < 0.5", "x > 0.9", "x > 2")  # some rows, few, none


def _hamming(key):
    """It needs the classes to be listed; its own test does."""
    return key == "hamming_loss"


@pytest.mark.parametrize("row", ROWS, ids=[f"{row.tasks[0]}-{row.name}" for row in ROWS])
def test_every_metric_says_what_it_is_in_plain_words(row):
    assert METRICS[row.name].name == row.name
    assert row.sentence.endswith(".")
    assert ("{name}" in row.title) == (row.per_class or row.per_column or row.per_quantile)
    assert row.family.method.rpartition("/")[2].isdigit()
    assert row.family.paired_method.rpartition("/")[2].isdigit()


@tasks
def test_a_name_has_the_row_of_its_task(task):
    for name, row in metrics_of(task).items():
        assert metric_for(metric_key(name, "x"), task) is row
        assert row in ROWS


@every
def test_a_metric_is_undefined_and_not_zero_without_examples(task, key):
    nothing = pl.Series([None, None], dtype=pl.Float64 if task == "regression" else pl.String)
    more = {"classification": {"score": [0.5, 0.5]}, "regression": {"lower": [0.0, 1.0], "upper": [1.0, 2.0]}}
    examples, answers = frames(nothing, nothing, **more.get(task, {}))
    found = evaluate(examples, answers, asked(task, key))[0]
    assert (found.value, found.low, found.high, found.of, found.status) == (None, None, None, 0, "undefined")
    assert found.reason
    assert found.missing == 2


@every
def test_rows_without_a_label_or_an_answer_are_left_out(task, key):
    examples, answers, _ = made(task, 60)
    there = examples["label"].is_not_null() & pl.Series(
        np.logical_and.reduce([~answers[c].is_null() for c in answers.columns])
    )
    gaps = answers.with_columns(pl.when(there).then(pl.col(name)).alias(name) for name in answers.columns)
    whole = evaluate(examples.filter(there), answers.filter(there), asked(task, key))[0]
    found = evaluate(examples, gaps, asked(task, key))[0]
    assert (found.value, found.low, found.high, found.of) == (whole.value, whole.low, whole.high, whole.of)
    assert found.missing == 60 - there.sum()


@every
@pytest.mark.parametrize("used", [{}, {"weight": 1}, {"cluster": 1}, {"weight": 1, "cluster": 1}], ids="-".join)
def test_the_interval_holds_the_estimate_and_that_of_the_difference_too(task, key, used):
    examples, baseline, candidate = made(task, 150)
    wanted = asked(task, key, scenarios=SCENARIOS, **used)
    for row in evaluate(examples, candidate, wanted):
        assert row.value is None or row.low is None or row.low - 1e-12 <= row.value <= row.high + 1e-12
        assert (row.value is None) == (row.status == "undefined")
        assert (row.reason is not None) or row.status == "measured"
    assert (evaluate(examples, candidate, wanted)[0].value is None) == _hamming(key)
    for change in paired(task, examples, baseline, candidate, key, scenarios=SCENARIOS, **used):
        assert change.low is None or change.low - 1e-12 <= change.difference <= change.high + 1e-12
        assert (change.difference is None) == (change.verdict == "not comparable")


@tasks
@pytest.mark.parametrize("used", [{}, {"weight": 1, "cluster": 1}], ids=["rows", "weights and clusters"])
@given(seed=st.integers(0, 10**6), chunk=st.integers(1, 50))
@settings(max_examples=4, deadline=None)
def test_any_chunking_and_order_of_rows_gives_the_same_bytes(task, used, seed, chunk):
    examples, baseline, candidate = made(task, 60, seed)
    order = np.random.default_rng(seed).permutation(60)
    wanted = asked(task, *KEYS[task], scenarios=SCENARIOS, **used)
    whole = [row.model_dump_json() for row in evaluate(examples, candidate, wanted)]
    moved = evaluate(examples[order], candidate[order], wanted, chunk=chunk)
    assert [row.model_dump_json() for row in moved] == whole
    changes = paired(task, examples, baseline, candidate, *KEYS[task], scenarios=SCENARIOS, **used)
    shuffled = (frame[order] for frame in (examples, baseline, candidate))
    again = paired(task, *shuffled, *KEYS[task], scenarios=SCENARIOS, chunk=chunk, **used)
    assert [repr(asdict(row)) for row in again] == [repr(asdict(row)) for row in changes]


@tasks
@given(seed=st.integers(0, 10**6))
@settings(max_examples=8, deadline=None)
def test_the_difference_is_that_of_the_two_values_on_the_rows_that_both_answered(task, seed):
    examples, baseline, candidate = made(task, 50, seed)
    full = [~frame[name].is_null() for frame in (examples[["label"]], baseline, candidate) for name in frame.columns]
    there = pl.Series(np.logical_and.reduce(full))
    keys = [key for key in KEYS[task] if not _hamming(key)]
    wanted = asked(task, *keys, weight=1)
    rows = [frame.filter(there) for frame in (examples, baseline, candidate)]
    before, after = (evaluate(rows[0], answers, wanted) for answers in rows[1:])
    for was, now, change in zip(before, after, paired(task, *rows, *keys, weight=1), strict=True):
        if was.value is None or now.value is None:
            assert change.difference is None
            continue
        sizes = abs(now.value) - abs(was.value) if was.metric == "bias" else now.value - was.value
        assert change.difference == pytest.approx(sizes, abs=1e-9, rel=1e-9)
        assert (abs(change.baseline), abs(change.candidate)) == pytest.approx(
            (abs(was.value), abs(now.value)), rel=1e-9
        )


@every
def test_a_release_compared_with_itself_has_not_changed(task, key):
    examples, answers, _ = made(task, 200)
    for used in ({}, {"weight": 1}, {"cluster": 1}):
        change = paired(task, examples, answers, answers, key, **used)[0]
        assert change.verdict in ("equivalent", "inconclusive", *(["not comparable"] if _hamming(key) else []))
        assert change.difference in (0.0, None)
        assert change.p_value in (1.0, None)


# What noise in the answers makes worse, without a doubt: not bias, nor the width of intervals or how often they hold.
NOISY = [(task, key) for task, key in EVERY if key.split("[")[0] not in (
    "hamming_loss", "bias", "mean_interval_width", "interval_coverage", "quantile_loss", "expected_calibration_error",
)]  # fmt: skip


@pytest.mark.parametrize(("task", "key"), NOISY, ids=[f"{task}-{key}" for task, key in NOISY])
def test_a_noisier_release_is_found_to_be_worse(task, key):
    examples, good, _ = made(task, 1500, noise=0.3)
    bad = made(task, 1500, noise=1.2)[1]
    change = paired(task, examples, good, bad, key)[0]
    assert change.verdict == "worse"
    assert (change.difference < 0) == (metric_for(key, task).direction == "higher")
    apart = independent(task, (examples, good), (examples, bad), key)
    assert apart.difference == pytest.approx(change.difference, abs=0.05 * abs(change.difference) + 0.01)
    assert apart.low <= change.difference <= apart.high


def test_a_key_and_its_parts_are_the_same_thing():
    assert metric_key("recall", "very [bad]") == "recall[very [bad]]"
    assert split_key("recall[very [bad]]") == ("recall", "very [bad]")
    assert split_key("accuracy") == ("accuracy", None)
