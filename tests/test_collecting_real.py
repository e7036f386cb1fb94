"""Real data: the known conflicts among a bank's customers, and labels changed on purpose among questions in 77 classes."""

import json

import numpy as np
import polars as pl
import pytest
from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.naive_bayes import MultinomialNB

import plainview
from plainview.collecting.labels import likely_errors
from plainview.collecting.listing import data_wanted
from plainview.collecting.wants import confused
from plainview.errors.judged import Judged
from plainview.specification import load_specification


def test_both_groups_of_conflicting_duplicates_of_the_churn_data_are_found_and_nothing_else(cases, tmp_path):
    frame = pl.read_csv(cases / "bank_churn" / "openlayer_validation.csv")
    chances = [json.loads(text)[1] for text in frame["preds"]]
    frame = frame.drop("preds").with_columns(
        id=pl.Series([f"c{at:04d}" for at in range(frame.height)]), chance=pl.Series(chances)
    )
    demanded = {
        "project": "churn",
        "task": "classification",
        "columns": {"id": "id", "label": "churn", "probabilities": {"1": "chance"}},
        "classes": ["0", "1"],
        "positive": "1",
        "metrics": ["accuracy"],
    }
    rows = frame.with_columns(prediction=pl.Series([int(chance > 0.5) for chance in chances]))
    plainview.publish(rows, specification=demanded, release="1", store=tmp_path / "store")
    store = plainview.open_store(tmp_path / "store")
    found = data_wanted(store, store.evaluation("churn", "1"))
    [conflicts] = [each for each in found.wants if each.kind == "conflicts"]
    named = frame.filter(pl.col("id").is_in(list(conflicts.ids)))
    assert sorted(named["CreditScore"]) == [573, 573, 573, 650, 650]
    assert set(named["Geography"]) == {"Germany"}
    assert conflicts.stake == 2
    assert (
        "if every label were right" in found.not_looked_for["label errors"]
    )  # the model is unsure; that is no wrong label
    weak = " ".join(each.where or "" for each in found.wants if each.kind == "weak")
    assert "Age >=" in weak
    assert "NumOfProducts" in weak


@pytest.fixture(scope="module")
def questions(cases):
    """Test rows, the classes in order, and the chances that naive Bayes over words gives them."""
    train, test = (pl.read_csv(cases / "banking77" / f"{part}.csv") for part in ("train", "test"))
    words = TfidfVectorizer(min_df=2)
    model = MultinomialNB(alpha=0.1).fit(words.fit_transform(train["text"]), train["category"].to_numpy())
    return test, list(model.classes_), model.predict_proba(words.transform(test["text"]))


def _judged(questions, labels):
    test, classes, chances = questions
    probabilities = {name: f"p{at}" for at, name in enumerate(classes)}
    columns = {"id": "id", "label": "label", "probabilities": probabilities}
    spec = load_specification({"project": "b", "task": "classification", "columns": columns, "metrics": ["accuracy"]})
    said = np.array(classes)[chances.argmax(axis=1)]
    answers = pl.DataFrame({f"probability[{name}]": chances[:, at] for at, name in enumerate(classes)})
    rows = pl.DataFrame({"id": [f"{at:04d}" for at in range(test.height)], "label": labels, "text": test["text"]})
    return Judged(rows, answers.with_columns(prediction=pl.Series(said)), said != labels, spec)


def test_labels_that_were_changed_on_purpose_are_found_and_about_so_many_are_said_to_be_wrong(questions):
    test, classes, _ = questions
    random, labels = np.random.default_rng(0), test["category"].to_numpy().copy()
    changed = random.choice(len(labels), len(labels) // 20, replace=False)
    for at in changed:
        labels[at] = random.choice([name for name in classes if name != labels[at]])
    found = likely_errors(_judged(questions, labels))
    planted, listed = {f"{at:04d}" for at in changed}, set(found.table["id"])
    assert len(planted & listed) >= 0.75 * len(planted)
    assert len(planted & listed) >= 0.55 * len(listed)
    assert 0.8 * len(planted) <= found.wrong <= 1.4 * len(planted)
    back = found.table.filter(pl.col("id").is_in(list(planted))).with_columns(pl.col("id").cast(pl.Int64))
    right = [test["category"][at] for at in back["id"]]
    assert (back["suggested"] == pl.Series(right)).mean() > 0.8


def test_the_two_questions_about_identity_are_asked_to_be_parted(questions):
    test, *_ = questions
    judged = _judged(questions, test["category"].to_numpy())
    pairs = {frozenset(each.classes) for each in confused(judged, np.ones(len(judged.events)))}
    assert frozenset({"unable_to_verify_identity", "why_verify_identity"}) in pairs
