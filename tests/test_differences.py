"""Differences between two releases: against counting by hand, statsmodels and scikit-learn, and on text classifiers."""

import json

import numpy as np
import polars as pl
import pytest
from cli_cases import one_object, run
from page_stores import publish, specification
from scipy import stats
from sklearn.metrics import confusion_matrix
from statsmodels.stats.contingency_tables import mcnemar
from statsmodels.stats.proportion import proportion_confint
from verb_cases import demo, demo_store  # noqa: F401

from plainview.comparison import compare
from plainview.differences import answered_otherwise, diff
from plainview.errors.answered import Answered
from plainview.errors.kinds import LEAST, kinds_of_error
from plainview.exceptions import InputError
from plainview.narrative.differences import differences_answer, kind_sentence, no_kinds, shift_sentence
from plainview.specification import load_specification
from plainview.store import open_store

CLASSES = ("blue", "green", "red")
N = 900


def _answers(random, labels, wrong):
    """Answers of which a share is wrong, with the probability of each class."""
    said = np.where(random.random(N) < wrong, random.choice(CLASSES, N), labels)
    sure = random.uniform(0.4, 0.9, N).round(4)
    chances = {f"p_{name}": np.where(said == name, sure, (1 - sure) / 2) for name in CLASSES}
    return pl.DataFrame({"prediction": said, **chances})


@pytest.fixture(scope="module")
def frames():
    """Two releases of three classes: in the second, what is green is taken for red far more often."""
    random = np.random.default_rng(11)
    labels = random.choice(CLASSES, N)
    rows = pl.DataFrame({"id": [f"{at:04d}" for at in range(N)], "label": labels, "kind": np.arange(N) % 3})
    first = _answers(random, labels, 0.15)
    second = first.with_columns(
        pl.when((pl.Series(labels) == "green") & pl.Series(random.random(N) < 0.25))
        .then(pl.lit("red"))
        .otherwise("prediction")
        .alias("prediction")
    )
    return [pl.concat([rows, each], how="horizontal") for each in (first, second)]


@pytest.fixture(scope="module")
def store(frames, tmp_path_factory):
    folder = tmp_path_factory.mktemp("differences") / "store"
    columns = {"id": "id", "label": "label", "probabilities": {name: f"p_{name}" for name in CLASSES}}
    publish(folder, specification("three", columns=columns), *frames)
    return open_store(folder)


def test_churn_and_outcomes_are_those_of_counting(store, frames):
    found = diff(store, "three", "1.0", "1.1")
    label, was, now = frames[0]["label"], frames[0]["prediction"], frames[1]["prediction"]
    assert (found.examples, found.different) == (N, int((was != now).sum()))
    assert found.agreement == pytest.approx((was == now).mean())
    assert found.interval == pytest.approx(proportion_confint(found.different, N, method="wilson"))
    assert found.outcomes == {
        "broke": int(((was == label) & (now != label)).sum()),
        "wrong otherwise": int(((was != label) & (now != label) & (was != now)).sum()),
        "still wrong": int(((was != label) & (now == was)).sum()),
        "still right": int(((was == label) & (now == label)).sum()),
    }
    assert f"1.1 answers {found.different} of 900 examples" in differences_answer(found)


def test_fixed_and_broke_by_scenario_are_those_of_the_comparison(demo_store):  # noqa: F811
    found = diff(demo_store, "sentiment-afinn", "2.1.0", "3.0.1")
    results = compare(demo_store, "sentiment-afinn", "2.1.0", "3.0.1").results
    compared = {row.scenario: row for row in results if row.metric == "accuracy"}
    assert found.by_scenario.height > 10
    for row in found.by_scenario.iter_rows(named=True):
        change = compared[row["scenario"]]
        assert (row["examples"], row["fixed"], row["broke"]) == (change.examples, change.fixed, change.broke)
        assert (row["net"], row["net_low"], row["net_high"]) == pytest.approx(
            (change.difference, change.low, change.high)
        )


def test_kinds_of_error_are_the_cells_of_both_confusion_matrices(store, frames):
    found = diff(store, "three", "1.0", "1.1").kinds
    cells = [confusion_matrix(each["label"], each["prediction"], labels=CLASSES) for each in frames]
    for row in found.iter_rows(named=True):
        at = CLASSES.index(row["label"]), CLASSES.index(row["prediction"])
        assert (row["before"], row["now"]) == tuple(each[at] for each in cells)
        assert row["now"] - row["before"] == row["came"] - row["went"]
        assert row["of"] == cells[0][at[0]].sum()
        assert row["difference"] == pytest.approx((row["now"] - row["before"]) / row["of"])
    assert found["before"].sum() == cells[0].sum() - np.trace(cells[0])


def test_the_kind_that_grew_is_told_and_no_other(store):
    told = diff(store, "three", "1.0", "1.1").told
    assert told.select("label", "prediction", "change").rows() == [("green", "red", "more frequent")]
    row = told.row(0, named=True)
    exact = mcnemar([[0, row["came"]], [row["went"], 0]], exact=True).pvalue
    assert row["p"] <= exact < 0.001
    assert row["low"] > 0
    assert kind_sentence(row).startswith(f"“green” is taken for “red” more often: {row['now']} of")


def test_confidence_moves_by_the_mean_of_what_is_stated(store, frames):
    found = diff(store, "three", "1.0", "1.1")
    stated = [np.array([row[f"p_{row['prediction']}"] for row in each.iter_rows(named=True)]) for each in frames]
    shift = stated[1] - stated[0]
    row = found.shifts.row(0, named=True)
    assert row["outcome"] == "all"
    assert row["shift"] == pytest.approx(shift.mean())
    low, high = stats.t.interval(0.95, N - 1, shift.mean(), stats.sem(shift))
    assert (row["low"], row["high"]) == pytest.approx((low, high))
    assert set(found.shifts["outcome"]) == {"all", *found.outcomes}
    assert "less sure of its answers" in shift_sentence(row, found)


def test_the_examples_stand_side_by_side(store, frames):
    first, second = store.releases("three")
    broke = answered_otherwise(store, first, second, "broke")
    assert broke.columns[:5] == ["id", "label", "1.0 (baseline)", "1.1 (candidate)", "outcome"]
    label, was, now = frames[0]["label"], frames[0]["prediction"], frames[1]["prediction"]
    assert broke["id"].to_list() == frames[0].filter((was == label) & (now != label))["id"].to_list()
    assert answered_otherwise(store, first, second).height == (was != now).sum()


def test_numbers_answer_otherwise_by_more_than_the_margin(demo_store):  # noqa: F811
    line = demo_store.releases("flight-delay")
    found = diff(demo_store, "flight-delay", line[0].release, line[1].release)
    was, now = (demo_store.predictions(each)["prediction"] for each in line[:2])
    assert found.different == int(((now - was).abs() > found.margin).sum())
    assert found.shift_of == "prediction"
    assert found.shifts["shift"][0] == pytest.approx((now - was).mean())
    assert found.kinds.height == 0
    assert "otherwise than 2013.03, by more than 0.5 minutes: " in differences_answer(found)
    assert "came closer" in differences_answer(found)
    closer = answered_otherwise(demo_store, *line[:2], "fixed")
    shift = (closer.to_series(3) - closer.to_series(2)).abs()
    assert shift.to_list() == sorted(shift, reverse=True)
    assert closer["outcome"].unique().to_list() == ["closer"]


def test_a_release_against_itself_agrees_in_everything(store):
    found = diff(store, "three", "1.1", "1.1")
    assert (found.different, found.agreement, found.told.height) == (0, 1.0, 0)
    assert differences_answer(found) == "1.1 answers all of 900 examples as 1.1 does."
    assert "none came, went or changed by more than chance" in no_kinds(found)


def test_nothing_in_common_is_said_so_and_no_number_is_made_up(tmp_path, frames):
    other = frames[1].with_columns(id="n" + pl.col("id"))
    publish(tmp_path / "store", specification("apart"), frames[0], other)
    found = diff(open_store(tmp_path / "store"), "apart", "1.0", "1.1")
    assert (found.examples, found.churn, found.interval) == (0, None, (None, None))
    assert differences_answer(found) == "No example has a label and an answer of both 1.0 and 1.1."


def test_boxes_are_not_compared_as_a_whole(tmp_path):
    boxes = '[{"class": "a", "box": [0, 0, 10, 10]}]'
    found = '[{"class": "a", "box": [0, 0, 10, 10], "score": 0.9}]'
    rows = pl.DataFrame({"id": ["1", "2"], "label": [boxes] * 2, "prediction": [found] * 2})
    publish(
        tmp_path / "store",
        specification("boxes", task="detection", metrics=["micro_recall"], behaviours=[]),
        rows,
        rows,
    )
    with pytest.raises(InputError, match="plainview compare counts"):
        diff(open_store(tmp_path / "store"), "boxes", "1.0", "1.1")


CLASSED = {"project": "x", "task": "classification", "metrics": ["accuracy"]}


def _alike(random, n=600, classes=6, cluster=None):
    """Two releases that are wrong as often, and in the same ways."""
    labels = random.integers(classes, size=n)
    sides = [np.where(random.random(n) < 0.3, random.integers(classes, size=n), labels) for _ in range(2)]
    columns = {"id": "id", "label": "label"} | ({"cluster": "who"} if cluster is not None else {})
    rows = {"id": np.arange(n).astype(str), "label": labels.astype(str)} | ({} if cluster is None else {"who": cluster})
    before, after = (pl.DataFrame({"prediction": side.astype(str)}) for side in sides)
    demanded = load_specification(CLASSED | {"columns": columns})
    return Answered(pl.DataFrame(rows), before, after, sides[0] != sides[1], np.full(n, "same"), demanded)


def test_between_releases_that_err_alike_a_kind_is_told_no_more_often_than_stated():
    told = sum(
        (kinds_of_error(_alike(np.random.default_rng(seed)))["change"] != "cannot tell").any() for seed in range(120)
    )
    assert told <= 12  # a rate of 5% gives more than 12 of 120 in one of 100 cases


def test_what_moved_too_little_is_not_tested_and_counts_against_no_other():
    found = kinds_of_error(_alike(np.random.default_rng(0), n=150))
    moved = found["came"] + found["went"]
    assert found.filter(moved < LEAST)["p"].null_count() == (moved < LEAST).sum() > 0
    assert found.filter(moved >= LEAST)["p"].null_count() == 0


def test_one_customer_who_repeats_a_mistake_is_no_new_kind_of_error():
    """Forty answers of one customer went wrong together, among thirty other customers without a change."""
    who = np.repeat(np.arange(31), 40).astype(str)
    labels, was = np.full(len(who), "a"), np.full(len(who), "a")
    now = np.where(who == "0", "b", "a")
    blind = {"id": "id", "label": "label"}
    rows = pl.DataFrame({"id": np.arange(len(who)).astype(str), "label": labels, "who": who})
    before, after = (pl.DataFrame({"prediction": each}) for each in (was, now))
    for columns, change in ((blind, "new"), (blind | {"cluster": "who"}, "cannot tell")):
        demanded = load_specification(CLASSED | {"columns": columns})
        found = kinds_of_error(Answered(rows, before, after, was != now, np.full(len(who), "same"), demanded))
        assert found.select("label", "prediction", "change").rows() == [("a", "b", change)]


def test_two_text_classifiers_in_a_row_mix_up_the_two_intents_on_verifying_an_identity(cases, tmp_path):
    from sklearn.feature_extraction.text import TfidfVectorizer
    from sklearn.naive_bayes import ComplementNB, MultinomialNB

    train, test = (pl.read_csv(cases / "banking77" / f"{part}.csv") for part in ("train", "test"))
    words = TfidfVectorizer(sublinear_tf=True)
    given, asked = words.fit_transform(train["text"]), words.transform(test["text"])
    models = [each.fit(given, train["category"].to_numpy()) for each in (ComplementNB(), MultinomialNB())]
    said = [model.predict(asked) for model in models]
    demanded = {
        "project": "intents", "task": "classification", "metrics": ["accuracy"],
        "columns": {"id": "id", "label": "category"},
    }  # fmt: skip
    publish(tmp_path / "store", demanded, *(test.with_row_index("id").with_columns(prediction=each) for each in said))
    found = diff(open_store(tmp_path / "store"), "intents", "1.0", "1.1")
    assert found.different == int((said[0] != said[1]).sum())
    assert found.outcomes["fixed"] > found.outcomes["broke"] > 0
    pair = {"unable_to_verify_identity", "why_verify_identity"}
    mixed = found.kinds.filter(pl.col("label").is_in(pair) & pl.col("prediction").is_in(pair))
    assert mixed.height == 2
    assert mixed["now"].min() > 0
    assert 0 < found.told.height < found.kinds.height / 4
    assert found.told["low"].null_count() == 0
    assert (found.told.filter(pl.col("now") < pl.col("before"))["high"] < 0).all()


def test_the_command_line_says_the_same(demo, demo_store):  # noqa: F811
    found = diff(demo_store, "sentiment-afinn", "2.1.0", "3.0.1")
    printed = one_object(run("diff", "sentiment-afinn", "2.1.0", "3.0.1", "--json", store=demo))
    assert printed == json.loads(json.dumps(found.to_dict()))
    assert printed["headline"] == differences_answer(found)
    said = run("diff", "sentiment-afinn", "2.1.0", "3.0.1", store=demo).stdout
    assert said.startswith(f"{printed['headline']}\n“negative” is taken for “positive” less often")
    assert all(row["scenario"] in said for row in printed["scenarios"])
    wrong = run("diff", "sentiment-afinn", "2.1.0", "3.1.0", store=demo)
    assert (wrong.exit_code, wrong.stdout) == (2, "")
    assert "Did you mean '2.1.0'?" in wrong.stderr
