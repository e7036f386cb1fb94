"""Real data: the churn model of a bank, whose weak spots are known, and two text classifiers of bank customers' questions."""

import json

import numpy as np
import polars as pl
import pytest
from sklearn.compose import make_column_transformer
from sklearn.ensemble import HistGradientBoostingClassifier
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import OneHotEncoder
from threadpoolctl import threadpool_limits

import plainview
from plainview.explanations.explaining import explain

CHURN = {
    "project": "churn",
    "task": "classification",
    "columns": {"id": "id", "label": "churn", "probabilities": {"1": "chance"}},
    "classes": ["0", "1"],
    "positive": "1",
    "metrics": ["accuracy", "recall[1]"],
}


@pytest.fixture(scope="module")
def churn(cases):
    """The validation rows with the published model's chances, as they lie there."""
    rows = pl.read_csv(cases / "bank_churn" / "openlayer_validation.csv")
    chances = [json.loads(text)[1] for text in rows["preds"]]
    ids = [f"c{at:04d}" for at in range(rows.height)]
    return rows.drop("preds").with_columns(
        id=pl.Series(ids), chance=pl.Series(chances), prediction=pl.Series([int(chance > 0.5) for chance in chances])
    )


def test_what_the_errors_of_the_published_churn_model_depend_on_is_age_and_products(churn, tmp_path):
    plainview.publish(churn, specification=CHURN, release="published", store=tmp_path / "store")
    found = explain(plainview.open_store(tmp_path / "store"), "churn", "published")
    assert found.errors.area == pytest.approx(0.82, abs=0.03)
    assert [each.column for each in found.errors.telling[:2]] == ["Age", "NumOfProducts"]
    wrong = (churn["churn"] != churn["prediction"]).to_numpy()
    older = (churn["Age"] >= 45).to_numpy()
    assert wrong[older].mean() > 2 * wrong[~older].mean()  # it is so in the rows, whatever a tree says
    assert not {"EstimatedSalary", "Tenure"} & {each.column for each in found.errors.telling}


def test_a_pipeline_of_scikit_learn_is_explained_by_its_columns_and_its_answers_add_up(churn, cases, tmp_path):
    train = pl.read_csv(cases / "bank_churn" / "openlayer_training.csv").drop("preds").to_pandas()
    columns = list(train.columns[:-1])
    categories = make_column_transformer(
        (OneHotEncoder(handle_unknown="ignore"), ["Geography", "Gender"]), remainder="passthrough"
    )
    model = make_pipeline(categories, HistGradientBoostingClassifier(max_iter=40, early_stopping=False))
    with threadpool_limits(1):
        model.fit(train[columns], train["churn"])
        said = model.predict(churn.to_pandas()[columns])
    rows = churn.drop("chance").with_columns(prediction=pl.Series(said))
    own = CHURN | {"columns": {"id": "id", "label": "churn", "prediction": "prediction"}}
    plainview.publish(rows, specification=own, release="own", store=tmp_path / "store")
    store = plainview.open_store(tmp_path / "store")
    found = explain(store, "churn", "own", predict=lambda frame: model.predict_proba(frame[columns]), local=6)
    assert found.answers.agrees == 1
    assert {each.column for each in found.answers.columns if each.shown} >= {"Age", "NumOfProducts", "IsActiveMember"}
    assert found.local.adds_up == found.local.checked == 6
    asked = churn.filter(pl.col("id").is_in(found.local.sums["id"].implode())).sort("id").to_pandas()
    chances = model.predict_proba(asked[columns])[:, 1]
    assert np.allclose(found.local.sums.sort("id")["output"].to_numpy(), chances)
