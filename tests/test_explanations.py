"""What errors and answers depend on is found where it was planted, and is not claimed where nothing is there."""

import json
from itertools import permutations

import numpy as np
import polars as pl
import pytest
from explanation_cases import SPECIFICATION, classes, frame, predict, published
from sklearn.base import BaseEstimator
from sklearn.inspection import permutation_importance as of_sklearn
from sklearn.metrics import roc_auc_score
from statsmodels.stats.contingency_tables import Table2x2

from plainview.errors.judged import Judged, judge
from plainview.exceptions import InputError, NotFoundError
from plainview.explanations import kept, shapley
from plainview.explanations.explaining import explain
from plainview.explanations.permutation import permutation_importance
from plainview.explanations.surrogate import errors_surrogate
from plainview.explanations.words import telling_words
from plainview.specification import load_specification

SPEC = load_specification(SPECIFICATION)


@pytest.fixture(scope="module")
def store(tmp_path_factory):
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("PLAINVIEW_CACHE", str(tmp_path_factory.mktemp("cache")))
        return published(tmp_path_factory.mktemp("known"))


@pytest.fixture(scope="module")
def judged(store):
    return judge(store, store.evaluation("known", "1.0"))


def test_the_column_that_errors_depend_on_tells_the_most_and_the_others_are_not_named(judged):
    found = errors_surrogate(judged)
    assert found.tells
    assert {each.column for each in found.telling} == {"site", "text"}
    assert {"x", "twin", "noise"} <= {each.column for each in found.columns}
    assert [set(pair[:2]) for pair in found.alike] == [{"x", "twin"}]


def test_the_area_is_about_what_the_planted_cause_allows(judged):
    chance = np.where((judged.rows["site"] == "west").to_numpy(), 0.6, 0.05)
    by_site = roc_auc_score(judged.events, chance)
    found = errors_surrogate(judged)
    assert found.low <= found.area <= found.high
    assert by_site - 0.02 <= found.area <= 1  # words tell more than the site does


def test_errors_without_a_cause_are_not_explained():
    told = 0
    for seed in range(8):
        random = np.random.default_rng(seed)
        rows = frame(seed, n=400).drop("text")
        events = random.random(400) < 0.2
        told += errors_surrogate(Judged(rows, rows.select("prediction"), events, SPEC)).tells
    assert told <= 1


def test_too_few_errors_are_nothing_to_learn_from(judged):
    events = np.zeros(len(judged.events), bool)
    events[:5] = True
    found = errors_surrogate(Judged(judged.rows, judged.answers, events, SPEC))
    assert (found.area, found.tells, found.telling) == (None, False, ())
    assert "20 wrong answers are needed" in found.reason


def test_rows_of_one_cluster_are_never_both_learnt_from_and_asked_about(judged):
    clusters = pl.Series("customer", [f"c{at % 60}" for at in range(judged.rows.height)])
    spec = load_specification(SPECIFICATION | {"columns": {**SPECIFICATION["columns"], "cluster": "customer"}})
    random = np.random.default_rng(0)
    by_customer = random.random(60) < 0.3
    events = by_customer[np.arange(judged.rows.height) % 60]
    same = clusters.str.replace("c", "x")  # names the customer without being one: it must not give the errors away
    rows = judged.rows.drop("text").with_columns(clusters, same.alias("copy"))
    found = errors_surrogate(Judged(rows, judged.answers, events, spec))
    assert not found.tells


def test_shuffling_agrees_with_scikit_learn_and_with_all_shuffles_at_once():
    rows = frame()
    found = permutation_importance(predict, rows, SPEC, repeats=30)
    names = ["x", "twin", "noise"]

    class Model(BaseEstimator):
        def fit(self, rows, labels):
            return self

        def predict(self, values):
            return np.where(values[:, 0] > 0, "yes", "no")

    expected = of_sklearn(
        Model(),
        rows.select(names).to_numpy(),
        rows["label"].to_numpy(),
        scoring="accuracy",
        n_repeats=100,
        random_state=1,
    )
    by_name = {each.column: each for each in found.columns}
    said, label = (pl.Series(side) == "yes" for side in (classes(rows.to_pandas()), rows["label"]))
    by_chance = said.mean() * label.mean() + (1 - said.mean()) * (1 - label.mean())
    assert by_name["x"].value == pytest.approx((said == label).mean() - by_chance, abs=0.006)
    assert by_name["x"].value == pytest.approx(expected.importances_mean[0], abs=0.01)
    assert by_name["x"].low < expected.importances_mean[0] < by_name["x"].high
    assert (by_name["twin"].value, by_name["noise"].value) == (0, 0)
    assert [each.column for each in found.columns if each.shown] == ["x"]
    assert found.loss == pytest.approx(1 - (classes(rows.to_pandas()) == rows["label"].to_numpy()).mean())


def test_the_interval_of_an_importance_holds_what_other_examples_say_it_is():
    truth = permutation_importance(predict, frame(99, n=40_000), SPEC, columns=["x"], most=40_000).columns[0].value
    held = 0
    for seed in range(40):
        one = permutation_importance(predict, frame(seed, n=300), SPEC, columns=["x"], seed=seed).columns[0]
        held += one.low <= truth <= one.high
    assert held >= 35


def test_how_much_of_what_was_published_is_repeated_is_said():
    rows = frame()
    found = permutation_importance(classes, rows, SPEC, published=rows["prediction"], columns=["x"], repeats=1)
    assert found.agrees == pytest.approx((classes(rows.to_pandas()) == rows["prediction"].to_numpy()).mean())


@pytest.mark.parametrize(
    ("answers", "why"),
    [
        (lambda rows: rows["x"][:3], "one answer for each"),
        (lambda rows: np.ones((len(rows), 5)), "a row of 2 chances"),
        (lambda rows: rows["y"], "KeyError"),
    ],
)
def test_what_answers_otherwise_than_expected_is_named(answers, why):
    with pytest.raises(InputError, match=why):
        permutation_importance(answers, frame(), SPEC)


def test_words_of_errors_have_the_odds_of_their_table(judged):
    found = telling_words(judged).table
    word = found.filter((pl.col("about") == "wrong") & (pl.col("word") == "refund")).row(0, named=True)
    holds = judged.rows["text"].str.contains("refund").to_numpy()
    cells = [[(holds & judged.events).sum(), (holds & ~judged.events).sum()],
             [(~holds & judged.events).sum(), (~holds & ~judged.events).sum()]]  # fmt: skip
    expected = Table2x2(np.array(cells) + 0.5)
    low, high = expected.log_oddsratio_confint()
    assert word["odds"] == pytest.approx(expected.oddsratio)
    assert (word["low"], word["high"]) == (pytest.approx(np.exp(low)), pytest.approx(np.exp(high)))
    assert word["share"] == pytest.approx(judged.events[holds].mean())
    assert {"refund", "wants", "a"} == set(found.filter(pl.col("about") == "wrong")["word"])


def test_words_that_mean_nothing_are_not_named():
    named = 0
    for seed in range(10):
        random = np.random.default_rng(seed)
        texts = [" ".join(random.choice([f"w{at:02d}" for at in range(60)], 6)) for _ in range(800)]
        rows = frame(seed, n=800).with_columns(text=pl.Series(texts))
        events = random.random(800) < 0.3
        found = telling_words(Judged(rows, rows.select(pl.lit("yes").alias("prediction")), events, SPEC)).table
        named += found.height > 0
    assert named <= 2


def test_shap_gives_the_shapley_values_of_the_answer():
    rows = frame(n=60).select("id", "x", "twin", "noise", "site")

    def answers(given):
        west = (given["site"] == "west").to_numpy()
        return given["x"].to_numpy() * np.where(west, 2, 1) + given["noise"].to_numpy()

    spec = load_specification(
        {"project": "n", "task": "regression", "columns": {"id": "id", "label": "y"}, "metrics": ["mae"]}
    )
    columns, background, asked = ["x", "noise", "site"], rows[10:30], rows[:3]
    found = shapley.shapley(answers, asked, background, columns, spec)
    assert (found.adds_up, found.checked) == (3, 3)
    for example in asked.iter_rows(named=True):
        expected = _exact(answers, example, background, columns)
        told = dict(found.rows.filter(pl.col("id") == example["id"]).select("feature", "attribution").iter_rows())
        assert told == {name: pytest.approx(value, abs=1e-6) for name, value in expected.items()}


def _exact(answers, example, background, columns):
    """Shapley's values by going through every order in which columns become known."""

    def value(known):
        return answers(background.with_columns(pl.lit(example[name]).alias(name) for name in known).to_pandas()).mean()

    orders = [*permutations(columns)]
    found = dict.fromkeys(columns, 0.0)
    for order in orders:
        for at, name in enumerate(order):
            found[name] += (value(order[: at + 1]) - value(order[:at])) / len(orders)
    return found


def test_explaining_keeps_evidence_once_and_reads_it_back(tmp_path):
    own = published(tmp_path)
    found = explain(own, "known", "1.0", predict=predict, local=12)
    said = {(event.body["scope"], event.body["method"]) for event in found.kept}
    assert said == {("global", "permutation"), ("global", "errors surrogate"), ("global", "words"), ("local", "shap")}
    again = explain(own, "known", "1.0", predict=predict, local=12)
    assert [event.id for event in again.kept] == [event.id for event in found.kept]
    latest = kept.latest(own.events("known"), found.evaluation)
    assert kept.read_permutation(own, latest["global", "permutation"]).columns == found.answers.columns
    local = kept.read_attributions(own, latest["local", "shap"])
    assert local.rows.equals(found.local.rows)
    assert local.examples == local.adds_up == 12
    strongest = local.rows.group_by("feature").agg(pl.col("attribution").abs().sum()).sort("attribution")["feature"]
    assert strongest[-1] == "x"


def test_what_cannot_be_told_is_not_kept_and_an_unknown_release_is_named(tmp_path):
    rows = frame(n=100).drop("text").with_columns(prediction=pl.col("label"))
    own = published(tmp_path, rows)
    found = explain(own, "known", "1.0")
    assert found.kept == ()
    assert "20 wrong answers" in found.errors.reason
    with pytest.raises(NotFoundError, match=r"1\.0"):
        explain(own, "known", "1.1")
    assert json.dumps([event.kind for event in own.events()]) == "[]"
