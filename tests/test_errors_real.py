"""Errors of real models on real data: the weak groups that are known of bank customers, intents that are mixed up."""

import json

import numpy as np
import polars as pl
import pytest
from page_stores import publish

from plainview.errors.confusions import confusions
from plainview.errors.judged import judge
from plainview.errors.mistakes import confident_mistakes
from plainview.errors.suggestions import suggested_scenarios
from plainview.store import open_store


@pytest.fixture(scope="module")
def churn(cases, tmp_path_factory):
    """The published model's answers on the validation set; and the rows as pandas reads them."""
    rows = pl.read_csv(cases / "bank_churn" / "openlayer_validation.csv").with_row_index("id")
    chances = [json.loads(text)[1] for text in rows["preds"]]
    frame = rows.drop("preds").with_columns(
        pl.Series("p_churn", chances), pl.Series("prediction", (np.array(chances) >= 0.5).astype(int))
    )
    demanded = {
        "project": "churn", "task": "classification", "positive": "1", "metrics": ["accuracy"],
        "columns": {"id": "id", "label": "churn", "score": "p_churn"},
    }  # fmt: skip
    folder = tmp_path_factory.mktemp("churn") / "store"
    publish(folder, demanded, frame)
    return open_store(folder), frame.to_pandas()


def test_the_known_weak_groups_of_the_churn_model_are_found(churn):
    store, rows = churn
    found = suggested_scenarios(store, store.evaluation("churn", "1.0"))
    wrong = rows["churn"] != rows["prediction"]
    assert (found.examples, found.errors) == (len(rows), int(wrong.sum()))
    named = {(one.column, one.kind, one.bound) for each in found.found for one in each.conditions}
    # Customers who leave, and are not seen to: over 40, in Germany, inactive, women, with one product or more than two.
    assert {("Geography", "value", "Germany"), ("IsActiveMember", "value", 0), ("Gender", "value", "Female")} <= named
    assert any(column == "Age" and kind == "from" and bound >= 40 for column, kind, bound in named)
    assert any(column == "NumOfProducts" and kind == "from" and bound >= 3 for column, kind, bound in named)
    assert found.found[0].conditions[0].column == "Age"
    for one in found.found:
        held = rows.query(one.where.replace(" AND ", " and ").replace(" = ", " == "))
        counted = int((held["churn"] != held["prediction"]).sum())
        assert (one.examples, one.errors) == (len(held), counted)


def test_the_surest_mistakes_of_the_churn_model_are_churners_it_was_sure_would_stay(churn):
    store, rows = churn
    listed = confident_mistakes(store, store.evaluation("churn", "1.0"))
    wrong = rows[rows["churn"] != rows["prediction"]]
    sure = np.where(wrong["prediction"] == 1, wrong["p_churn"], 1 - wrong["p_churn"])
    assert listed.table[listed.order].to_list() == pytest.approx(sorted(sure, reverse=True))
    assert listed.table[listed.label].head(20).unique().to_list() == ["1"]


def test_the_two_intents_on_verifying_an_identity_are_among_the_confusions(cases, tmp_path):
    from sklearn.feature_extraction.text import TfidfVectorizer
    from sklearn.naive_bayes import ComplementNB

    train, test = (pl.read_csv(cases / "banking77" / f"{part}.csv") for part in ("train", "test"))
    words = TfidfVectorizer(sublinear_tf=True)
    model = ComplementNB().fit(words.fit_transform(train["text"]), train["category"].to_numpy())
    said = model.predict(words.transform(test["text"]))
    frame = test.with_row_index("id").with_columns(pl.Series("prediction", said))
    demanded = {
        "project": "intents", "task": "classification", "metrics": ["accuracy"],
        "columns": {"id": "id", "label": "category"},
    }  # fmt: skip
    publish(tmp_path / "store", demanded, frame)
    store = open_store(tmp_path / "store")
    judged = judge(store, store.evaluation("intents", "1.0"))
    found = confusions(judged)
    pair = {"unable_to_verify_identity", "why_verify_identity"}
    mixed = found.filter(pl.col("label").is_in(pair) & pl.col("prediction").is_in(pair))
    assert mixed["examples"].sum() > 0
    assert found["examples"].sum() == int((said != test["category"].to_numpy()).sum())
