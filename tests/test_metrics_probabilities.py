"""Metrics of scores and probabilities: values against scikit-learn's, and what is said where they cannot be used."""

import numpy as np
import polars as pl
import pytest
import sklearn.metrics as sk
from hypothesis import given, settings
from hypothesis import strategies as st
from metric_cases import frames, measured, paired, specification

from plainview.evaluation import evaluate
from plainview.statistics import ranks
from plainview.statistics.calibration import calibration_error, calibration_error_interval

THREE = ["a", "b", "c"]
PROBABILITIES = {"probabilities": {name: f"p_{name}" for name in THREE}}
BINARY = ("roc_auc[yes]", "average_precision[yes]", "expected_calibration_error[yes]", "log_loss", "brier_score")
scored = st.lists(
    st.tuples(
        st.booleans(), st.sampled_from([0.0, 0.1, 0.25, 0.5, 0.75, 0.9, 1.0]) | st.floats(0, 1), st.integers(1, 9)
    ),
    min_size=1,
    max_size=40,
)
weights = pytest.mark.parametrize("weighted", [False, True], ids=["rows", "weights"])


def _columns(rows):
    label, score, weight = (list(column) for column in zip(*rows, strict=True))
    return np.array(label), np.array(score), weight


def _measured(key, label, score, *, weight=None, **more):
    words = ["yes" if value else "no" for value in label]
    return measured("classification", key, words, ["yes"] * len(words), weight=weight, score=score, **more)


def _chances(columns: np.ndarray) -> dict:
    return {f"probability[{name}]": column for name, column in zip(THREE, columns, strict=True)}


@weights
@given(rows=scored)
@settings(max_examples=60, deadline=None)
@pytest.mark.filterwarnings("ignore")
def test_metrics_of_one_score_have_scikit_learns_value(weighted, rows):
    label, score, weight = _columns(rows)
    weight = weight if weighted else None
    both, keywords = 0 < label.sum() < len(label), {"sample_weight": weight}
    eps = np.finfo(float).eps
    expected = {
        "roc_auc[yes]": sk.roc_auc_score(label, score, **keywords) if both else None,
        "roc_auc[no]": sk.roc_auc_score(~label, -score, **keywords) if both else None,
        "average_precision[yes]": sk.average_precision_score(label, score, **keywords) if label.any() else None,
        "average_precision[no]": sk.average_precision_score(~label, -score, **keywords) if not label.all() else None,
        "log_loss": sk.log_loss(label, np.clip(score, eps, 1 - eps), labels=[False, True], **keywords),
        "brier_score": np.average((score - label) ** 2, weights=weight),
    }
    for key, value in expected.items():
        found = _measured(key, label, score, weight=weight)
        assert found.value == (None if value is None else pytest.approx(value, abs=1e-12)), key
        assert found.low is None or found.low - 1e-12 <= found.value <= found.high + 1e-12


@given(rows=scored)
@settings(max_examples=60, deadline=None)
def test_influences_are_those_of_the_statistics_and_so_is_the_interval(rows):
    label, score, _ = _columns(rows)
    for key, function in (("roc_auc[yes]", ranks.roc_auc), ("average_precision[yes]", ranks.average_precision)):
        found, expected = _measured(key, label, score), ranks.estimate_ranking(function(score, label))
        if np.isfinite(expected.value):
            low, high = expected.interval(0.95)
            if key == "roc_auc[yes]":
                assert (found.low, found.high) == pytest.approx((low, high), abs=1e-7)
            else:  # what is chance is taken out below, and Student's t stands for few positive rows
                assert found.low <= low + 1e-7
                assert found.high >= high - 1e-7


@given(rows=scored, seed=st.integers(0, 99))
@settings(max_examples=40, deadline=None)
def test_the_difference_of_two_rankings_is_that_of_the_statistics(rows, seed):
    label, score, _ = _columns(rows)
    other = np.clip(score + np.random.default_rng(seed).normal(scale=0.2, size=len(score)), 0, 1)
    words = ["yes" if value else "no" for value in label]
    examples, baseline = frames(words, words, score=score)
    candidate = frames(words, words, score=other)[1]
    for key, function in (("roc_auc[yes]", ranks.roc_auc), ("average_precision[yes]", ranks.average_precision)):
        change = paired("classification", examples, baseline, candidate, key)[0]
        expected = ranks.compare_rankings(function(other, label), function(score, label))
        if np.isfinite(expected.value):
            assert change.difference == pytest.approx(expected.value, abs=1e-12)
            low, high = expected.interval(0.95)
            if key == "roc_auc[yes]":
                assert (change.low, change.high) == pytest.approx((low, high), abs=1e-7)
            else:
                assert change.low <= low + 1e-7
                assert change.high >= high - 1e-7


@weights
@given(
    rows=st.lists(
        st.tuples(st.sampled_from(THREE), st.tuples(*[st.integers(1, 20)] * 3), st.integers(1, 9)),
        min_size=1,
        max_size=30,
    )
)
@settings(max_examples=50, deadline=None)
def test_metrics_of_several_classes_have_scikit_learns_value(weighted, rows):
    label, parts, weight = (list(column) for column in zip(*rows, strict=True))
    chances = np.array(parts) / np.array(parts).sum(axis=1, keepdims=True)
    weight = weight if weighted else None
    expected = {
        "log_loss": sk.log_loss(label, chances, labels=THREE, sample_weight=weight),
        "brier_score": sk.brier_score_loss(label, chances, labels=THREE, sample_weight=weight),
    }
    one = np.array(label) == "b"
    if 0 < one.sum() < len(one):
        expected["roc_auc[b]"] = sk.roc_auc_score(one, chances[:, 1], sample_weight=weight)
    for key, value in expected.items():
        found = measured(
            "classification", key, label, label, weight=weight, columns=_hashable(PROBABILITIES), **_chances(chances.T)
        )
        assert found.value == pytest.approx(value, abs=1e-12)


def _hashable(columns):
    """The columns as the cases take them; the specification reads them as a mapping."""
    return {"probabilities": tuple(columns["probabilities"].items())}


def test_the_calibration_error_is_that_of_ten_bands_without_its_bias():
    rng = np.random.default_rng(4)
    score = rng.random(500)
    label = rng.random(500) < score**2
    band = np.minimum((score * 10).astype(int), 9)
    sums = [np.bincount(band, (label - score) ** power, 10)[:, None] for power in range(3)]
    found = _measured("expected_calibration_error[yes]", label, score)
    assert found.value == pytest.approx(calibration_error(*sums)[0])
    low, high = calibration_error_interval(*sums, happened=np.bincount(band, label, 10)[:, None])
    assert (found.low, found.high) == pytest.approx((low[0], high[0]))
    other = _measured("expected_calibration_error[no]", ~label, score)
    turned = _measured("expected_calibration_error[yes]", label, score)
    assert other.value != turned.value


@given(seed=st.integers(0, 10**6), bent=st.floats(0.6, 2.5), rows=st.integers(60, 600))
@settings(max_examples=40, deadline=None)
def test_two_calibration_errors_are_compared_and_the_test_agrees_with_the_interval(seed, bent, rows):
    rng = np.random.default_rng(seed)
    chance = rng.random(rows)
    label = rng.random(rows) < chance
    words = np.where(label, "yes", "no")
    examples, baseline = frames(words, words, score=chance**bent)
    candidate = frames(words, words, score=chance)[1]
    change = paired("classification", examples, baseline, candidate, "expected_calibration_error[yes]")[0]
    before, after = (_measured(change.metric, label, score).value for score in (chance**bent, chance))
    assert change.difference == pytest.approx(after - before, abs=1e-12)
    assert change.low <= change.difference <= change.high
    assert (change.p_value < 0.05) == (change.low > 0 or change.high < 0)
    back = paired("classification", examples, candidate, baseline, "expected_calibration_error[yes]")[0]
    assert (back.low, back.high) == pytest.approx((-change.high, -change.low), abs=1e-9)


def test_a_release_that_was_put_right_is_better_calibrated_and_one_that_only_ranks_better_is_not():
    rng = np.random.default_rng(9)
    chance = rng.random(3000)
    label = rng.random(3000) < chance
    words = np.where(label, "yes", "no")
    examples, baseline = frames(words, words, score=chance**2)
    keys = ("expected_calibration_error[yes]", "roc_auc[yes]")
    righted = paired("classification", examples, baseline, frames(words, words, score=chance)[1], *keys)
    assert [row.verdict for row in righted] == ["better", "equivalent"]  # the order of the scores is the same
    sharper = np.where(label, 0.9, 0.6)
    ranked = paired("classification", examples, baseline, frames(words, words, score=sharper)[1], *keys)
    assert [row.verdict for row in ranked] == ["worse", "better"]


def test_the_other_class_of_two_is_as_well_calibrated():
    rng = np.random.default_rng(5)
    score = rng.random(400).round(3) + 0.00049  # away from the edges of bands, which belong to one side alone
    label = rng.random(400) < score
    found = [_measured(f"expected_calibration_error[{name}]", label, score) for name in ("yes", "no")]
    assert (found[0].value, found[0].low, found[0].high) == pytest.approx((found[1].value, found[1].low, found[1].high))


@pytest.mark.parametrize("worst", [3.2, -0.5, 1e9])
@pytest.mark.parametrize("key", BINARY[2:])
def test_a_score_that_is_no_probability_is_named_and_nothing_is_measured(key, worst):
    label = np.array([True, False] * 20)
    score = np.where(label, 0.9, 0.2)
    score[[3, 30]] = 1.05, worst
    for chunk in (7, 1000):
        words = ["yes" if value else "no" for value in label]
        examples, answers = frames(words, words, score=score)
        wanted = specification("classification", (key,), (("score", "score"),))
        found = evaluate(examples, answers, wanted, chunk=chunk)[0]
        assert (found.value, found.status) == (None, "undefined")
        reason = f"scores are no probabilities, which lie between 0 and 1: one is {worst:g}"
        assert found.reason == reason
        change = paired("classification", examples, answers, answers, key, chunk=chunk)[0]
        assert (change.verdict, change.reason) == ("not comparable", reason)


def test_any_scores_can_be_ranked():
    label, score = np.array([True, False, True, False]), np.array([np.inf, -3.0, 40.0, 1.0])
    assert _measured("roc_auc[yes]", label, score).value == 1.0


def test_a_missing_score_is_left_out_of_the_metrics_of_scores_alone():
    label = np.array([True, False] * 25)
    score = np.where(label, 0.9, 0.2)
    gaps = [None if row % 5 == 0 else value for row, value in enumerate(score)]
    for key in BINARY:
        found = _measured(key, label, gaps)
        assert found.of == (20 if "[yes]" in key and "calibration" not in key else 40)
        assert (found.missing, found.examples) == (10, 50)
    assert (_measured("accuracy", label, gaps).of, _measured("accuracy", label, gaps).missing) == (50, 0)
    words = np.where(label, "yes", "no")
    examples, answers = frames(words, words, score=gaps)
    candidate = frames(words, words, score=[*score[:-1], None])[1]
    assert paired("classification", examples, answers, candidate, "roc_auc[yes]")[0].missing == 11
    assert paired("classification", examples, answers, candidate, "accuracy")[0].missing == 0


@pytest.mark.parametrize("key", BINARY)
def test_without_scores_the_reason_says_so(key):
    words = ["yes", "no"] * 20
    examples, answers = frames(words, words)
    found = evaluate(examples, answers, specification("classification", (key,), ()))[0]
    assert found.status == "undefined"
    assert "no scores or probabilities of yes were given" in found.reason


@pytest.mark.parametrize("key", ["roc_auc[no]", "expected_calibration_error[no]", "log_loss", "brier_score"])
def test_one_score_says_nothing_of_three_classes(key):
    found = measured("classification", key, ["yes", "no", "maybe"] * 9, ["yes"] * 27, score=[0.5] * 27)
    assert (found.value, found.reason) == (None, "one score says nothing of 3 classes: give a probability for each")


def test_text_for_scores_is_no_score():
    found = measured("classification", "roc_auc[yes]", ["yes", "no"], ["yes", "no"], score=["high", "low"])
    assert (found.value, found.reason) == (None, "the scores are string values, not numbers")


@pytest.mark.parametrize("key", ["log_loss", "brier_score"])
def test_probabilities_add_up_and_cover_the_labels(key):
    columns = _hashable(PROBABILITIES)
    thirds = _chances(np.full((3, 30), 0.33))  # rounded: that is all right
    assert measured("classification", key, THREE * 10, THREE * 10, columns=columns, **thirds).value is not None
    doubled = _chances(np.full((3, 30), 0.66))
    found = measured("classification", key, THREE * 10, THREE * 10, columns=columns, **doubled)
    assert found.reason == "the probabilities of an example add up to: 1.98"
    unknown = measured("classification", key, [*THREE * 9, "z", "a", "y"], THREE * 10, columns=columns, **thirds)
    assert unknown.reason == "no probability was given of the label z"


def test_a_score_without_a_positive_class_is_of_the_class_that_metrics_name():
    words = ["yes", "no"] * 20
    examples, answers = frames(words, words, score=[0.9, 0.2] * 20)
    columns = (("score", "score"),)
    one = evaluate(examples, answers, specification("classification", ("roc_auc[yes]",), columns, positive=None))
    assert one[0].value == 1.0
    both = specification("classification", ("roc_auc[yes]", "roc_auc[no]"), columns, positive=None)
    assert "name the positive class" in evaluate(examples, answers, both)[0].reason


def test_weights_and_clusters_change_the_interval_as_they_do_for_proportions():
    rng = np.random.default_rng(8)
    label = np.repeat(rng.random(60) < 0.4, 10)  # ten rows of a cluster share the label, and much of the score
    score = np.clip(
        0.3 + 0.3 * label + np.repeat(rng.normal(scale=0.2, size=60), 10) + rng.normal(scale=0.02, size=600), 0, 1
    )
    cluster = np.repeat(np.arange(60), 10).astype(str)
    for key in BINARY:
        alone, together = _measured(key, label, score), _measured(key, label, score, cluster=cluster)
        assert together.high - together.low > 1.5 * (alone.high - alone.low)
        if "calibration" not in key:  # it takes out more noise where fewer rows count
            assert together.value == pytest.approx(alone.value, abs=1e-12)
        twice = _measured(key, np.tile(label, 2), np.tile(score, 2), weight=[2.0] * 600 + [0.0] * 600)
        assert (twice.low, twice.high) == pytest.approx((alone.low, alone.high), abs=1e-12)


def test_a_frame_of_scores_may_be_of_whole_numbers():
    examples = pl.DataFrame({"id": ["1", "2"], "label": ["yes", "no"]})
    answers = pl.DataFrame({"prediction": ["yes", "no"], "score": [1, 0]})
    found = evaluate(examples, answers, specification("classification", ("brier_score",), (("score", "score"),)))
    assert found[0].value == 0.0
