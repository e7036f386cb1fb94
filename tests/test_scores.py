"""Scores of a class as they were published: the threshold in use, measures at thresholds, and whether they come true."""

import numpy as np
import polars as pl
import pytest
import sklearn.metrics as sk
from hypothesis import given, settings
from hypothesis import strategies as some
from sklearn.calibration import calibration_curve
from statsmodels.stats.proportion import proportion_confint

from plainview import open_store, publish
from plainview.exceptions import FrameError, SpecificationError
from plainview.metrics import metric_for
from plainview.scores import Scored, scored, scored_classes
from plainview.specification import load_specification
from plainview.thresholds import MEASURES, measures_at, reliability, threshold_grid

RNG = np.random.default_rng(5)
ROWS = 400


def side(scores, positive, *, said=None, weight=None, clusters=None) -> Scored:
    scores, positive = np.asarray(scores, float), np.asarray(positive, bool)
    said = scores >= 0.5 if said is None else np.asarray(said, bool)
    return Scored("1.0", "spam", scores, positive, said, 0, weight, clusters)


def made(seed: int = 1, rows: int = ROWS, **more) -> Scored:
    rng = np.random.default_rng(seed)
    scores = rng.beta(1, 2, rows)
    return side(scores, rng.random(rows) < scores, **more)


SKLEARN = {
    "precision": lambda y, said, w: sk.precision_score(y, said, sample_weight=w, zero_division=np.nan),
    "recall": lambda y, said, w: sk.recall_score(y, said, sample_weight=w, zero_division=np.nan),
    "f1": lambda y, said, w: sk.f1_score(y, said, sample_weight=w, zero_division=np.nan),
    "specificity": lambda y, said, w: sk.recall_score(~y, ~said, sample_weight=w, zero_division=np.nan),
    "flagged": lambda y, said, w: np.average(said, weights=w),
}


@pytest.mark.parametrize("measure", MEASURES)
@pytest.mark.parametrize("weighted", [False, True])
def test_every_measure_is_scikit_learns_at_every_threshold(measure, weighted):
    weight = np.random.default_rng(2).integers(1, 5, ROWS).astype(float) if weighted else None
    rows = made(weight=weight)
    thresholds = np.linspace(0.05, 0.9, 18)
    found = measures_at(rows, thresholds)
    expected = [SKLEARN[measure](rows.positive, rows.scores >= threshold, weight) for threshold in thresholds]
    np.testing.assert_allclose(found[measure].to_numpy(), expected, atol=1e-12)


def test_intervals_are_those_of_wilson_with_their_own_denominator():
    rows, threshold = made(), 0.4
    found = measures_at(rows, [threshold], confidence=0.9).row(0, named=True)
    said = rows.scores >= threshold
    for measure, hits, of in (
        ("precision", (said & rows.positive).sum(), said.sum()),
        ("recall", (said & rows.positive).sum(), rows.positive.sum()),
        ("specificity", (~said & ~rows.positive).sum(), (~rows.positive).sum()),
        ("flagged", said.sum(), len(said)),
    ):
        expected = proportion_confint(hits, of, alpha=0.1, method="wilson")
        assert (found[f"{measure}_low"], found[f"{measure}_high"]) == pytest.approx(expected)


def test_rows_that_belong_together_widen_the_intervals():
    once = made(seed=3, rows=100)
    four = {name: np.repeat(getattr(once, name), 4) for name in ("scores", "positive")}
    alone = measures_at(side(**four), [0.3]).row(0, named=True)
    together = measures_at(side(**four, clusters=np.repeat(np.arange(100), 4)), [0.3]).row(0, named=True)
    single = measures_at(once, [0.3]).row(0, named=True)
    for measure in ("precision", "recall", "flagged"):
        widths = [row[f"{measure}_high"] - row[f"{measure}_low"] for row in (alone, single, together)]
        assert widths[0] < 0.6 * widths[2]
        assert widths[2] == pytest.approx(widths[1], rel=0.15)
        assert together[measure] == pytest.approx(single[measure])


def test_what_is_undefined_has_no_value_and_no_interval():
    found = measures_at(side([0.1, 0.2], [False, False]), [0.5]).row(0, named=True)
    assert [found[name] for name in ("precision", "recall", "f1", "recall_low", "recall_high")] == [None] * 5
    assert (found["specificity"], found["flagged"]) == (1.0, 0.0)


def test_a_score_that_equals_the_threshold_is_said():
    found = measures_at(side([0.5, 0.4], [True, False]), [0.4, 0.5, 0.6])
    assert found["flagged"].to_list() == [1.0, 0.5, 0.0]


@given(some.lists(some.floats(-100, 100).map(lambda x: round(x, 3)), min_size=2, max_size=30, unique=True), some.data())
@settings(max_examples=100, deadline=None)
def test_the_threshold_in_use_parts_what_was_said_from_what_was_not(scores, data):
    cut = data.draw(some.sampled_from(sorted(scores)[1:]))
    rows = side(scores, [True] * len(scores), said=np.array(scores) >= cut)
    np.testing.assert_array_equal(rows.scores >= rows.in_use, rows.said)


@pytest.mark.parametrize(
    ("low", "high", "expected"),
    [
        (0.48, 0.52, 0.5),
        (0.1, 0.97, 0.5),
        (0.301, 0.318, 0.31),
        (-1, 1, 0.5),
        (-1, 0.2, 0.0),
        (13, 19.5, 19),
        (1.2, 340, 300),
    ],
)
def test_the_threshold_in_use_is_the_roundest_number_there(low, high, expected):
    assert side([low, high], [True, True], said=[False, True]).in_use == pytest.approx(expected)


def test_answers_that_follow_no_threshold_have_none_in_use():
    assert side([0.9, 0.2, 0.5], [True] * 3, said=[True, True, False]).in_use is None
    assert side([0.9, 0.2], [True] * 2, said=[True, True]).in_use is None
    assert side([], []).in_use is None


def test_thresholds_to_look_at_are_round_and_finer_where_most_rows_are():
    even = threshold_grid([made()])
    assert even.tolist() == pytest.approx([step / 100 for step in range(101)])
    rare = threshold_grid([side(np.random.default_rng(1).random(500) / 200, [True] * 500)])
    assert (rare < 0.01).sum() > 30
    assert 0.313 in threshold_grid([made()], also=[0.313])
    wide = threshold_grid([side(np.linspace(-21, 34, 200), [True] * 200)])
    assert wide.tolist() == [*range(-21, 1), 0.5, *range(1, 35)]
    assert threshold_grid([side([], [])]).tolist() == []
    assert len(threshold_grid([side([2.0, 2.0], [True, True])])) >= 1


def test_bands_of_probability_are_scikit_learns_with_wilsons_intervals():
    rows = made(rows=2000)
    found = reliability(rows)
    happened, stated = calibration_curve(rows.positive, rows.scores, n_bins=10)
    np.testing.assert_allclose(found["happened"], happened)
    np.testing.assert_allclose(found["stated"], stated)
    hits = (found["happened"] * found["rows"]).round()
    low, high = proportion_confint(hits.to_numpy(), found["rows"].to_numpy(), method="wilson")
    np.testing.assert_allclose(found["happened_low"], low)
    np.testing.assert_allclose(found["happened_high"], high)
    assert found["rows"].sum() == 2000


def test_a_probability_of_one_is_in_the_last_band():
    assert reliability(side([1.0, 0.95], [True, False]))["rows"].to_list() == [2]


SPECIFICATION = """
project: mail
task: classification
columns: {id: id, label: label, prediction: prediction, probabilities: {ham: p_ham, spam: p_spam}}
positive: spam
metrics: [accuracy, recall, precision]
behaviours: [{name: B, scenarios: [{name: Short, where: "words < 10"}]}]
"""


@pytest.fixture(scope="module")
def mail(tmp_path_factory):
    chance = np.round(np.random.default_rng(4).random(120), 3)
    frame = pl.DataFrame(
        {
            "id": [f"{number:03d}" for number in range(120)],
            "label": [None, *np.where(np.random.default_rng(6).random(119) < chance[1:], "spam", "ham")],
            "prediction": np.where(chance >= 0.7, "spam", "ham"),
            "p_spam": [*chance[:-1], None],
            "p_ham": [*(1 - chance[:-1]).round(3), None],
            "words": np.arange(120) % 20,
        }
    )
    store = tmp_path_factory.mktemp("mail") / "store"
    evaluation = publish(frame, specification=SPECIFICATION, release="1.0", store=store)
    return evaluation, open_store(store), frame


def test_published_probabilities_are_read_with_their_threshold_and_what_is_missing(mail):
    evaluation, store, frame = mail
    found = scored(store, evaluation, "spam")
    assert (found.missing, len(found.scores), found.in_use) == (2, 118, pytest.approx(0.7))
    assert found.probabilities
    short = scored(store, evaluation, "spam", "Short")
    assert len(short.scores) + short.missing == frame.filter(pl.col("words") < 10).height


def test_at_the_threshold_in_use_measures_are_the_published_results(mail):
    evaluation, store, _ = mail
    rows = scored(store, evaluation, "spam")
    found = measures_at(rows, [rows.in_use]).row(0, named=True)
    whole = {row.metric: row for row in store.results(evaluation) if row.scenario == "all"}
    said = rows.said
    assert found["precision"] == pytest.approx((rows.positive & said).sum() / said.sum())
    assert found["precision"] == pytest.approx(whole["precision[spam]"].value, abs=0.02)  # which has one row more
    assert found["recall"] == pytest.approx(whole["recall[spam]"].value, abs=0.02)


def test_classes_with_scores_are_those_the_specification_names_the_positive_one_first():
    def classes(text: str) -> list[str]:
        return scored_classes(load_specification(text))

    assert classes(SPECIFICATION) == ["spam", "ham"]
    one = (
        "{project: p, task: classification, columns: {id: i, label: l, score: s}, positive: 'yes', metrics: [accuracy]}"
    )
    assert classes(one) == ["yes"]
    assert classes("{project: p, task: classification, columns: {id: i, label: l}, metrics: [accuracy]}") == []
    assert classes("{project: p, task: regression, columns: {id: i, label: l}, metrics: [mae]}") == []


def test_without_scores_there_is_an_error_that_says_so(tmp_path):
    text = "{project: p, task: classification, columns: {id: id, label: label}, positive: spam, metrics: [accuracy]}"
    frame = pl.DataFrame({"id": ["a", "b"], "label": ["spam", "ham"], "prediction": ["spam", "ham"]})
    evaluation = publish(frame, specification=text, release="1.0", store=tmp_path / "s")
    with pytest.raises(FrameError, match=r"1\.0 has no scores of spam: no scores or probabilities of spam were given"):
        scored(open_store(tmp_path / "s"), evaluation, "spam")


def test_an_unknown_scenario_is_refused(mail):
    with pytest.raises(SpecificationError, match="Did you mean 'Short'"):
        scored(mail[1], mail[0], "spam", "Shor")


def test_probabilities_of_labels_in_sets_are_judged_by_who_has_the_label(tmp_path):
    text = "{project: p, task: multilabel, columns: {id: id, label: label, probabilities: {cat: p}}, metrics: [exact_match]}"
    frame = pl.DataFrame(
        {
            "id": list("abcd"),
            "label": ["cat|dog", "dog", "[]", None],
            "prediction": ["cat", "dog", "cat|dog", "cat"],
            "p": [0.9, 0.2, 0.6, 0.8],
        }
    )
    evaluation = publish(frame, specification=text, release="1.0", store=tmp_path / "s")
    found = scored(open_store(tmp_path / "s"), evaluation, "cat")
    assert found.positive.tolist() == [True, False, False]
    assert found.said.tolist() == [True, False, True]
    assert (found.in_use, found.missing) == (0.5, 1)


def test_the_measures_are_rows_of_the_table_of_metrics():
    for name in MEASURES:
        assert name == "flagged" or metric_for(name, "classification").per_class
