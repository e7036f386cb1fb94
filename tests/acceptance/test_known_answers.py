"""Known answers: real releases of real systems, published and compared as a user would; without PLAINVIEW_CASES skipped.

Expected values are those that the data's own sources give (MAE, rates by group, accuracy), or counts of the raw file.
"""

import csv
import json

import polars as pl
import pytest
from typer.testing import CliRunner

import plainview
from plainview import narrative
from plainview.cli import app
from plainview.evaluation import evaluate
from plainview.metrics import METRICS, split_key
from plainview.report import release_report
from plainview.specification import load_specification

ISSUES = {"fc_48h": "2022-02-01", "fc_36h": "2022-02-02", "fc_24h": "2022-02-03", "fc_12h": "2022-02-04"}


def told(*arguments) -> str:
    """What the command line prints."""
    found = CliRunner().invoke(app, [*map(str, arguments)])
    assert (found.exit_code, found.stderr) == (0, "")
    return found.stdout


def by_metric(rows, scenario="all"):
    return {row.metric: row for row in rows if row.scenario == scenario}


def test_a_corrected_temperature_forecast_is_better_with_a_paired_interval(cases, tmp_path):
    demanded = {
        "project": "temperature", "task": "regression", "unit": "°C", "margin": 0.1,
        "columns": {"id": "id", "label": "obs", "prediction": "fcst", "metadata": ["leadtime"]},
        "metrics": ["mae", "rmse"],
        "behaviours": [{"name": "Lead times", "scenarios": [{"name": "The last day", "where": "leadtime >= 48"}]}],
    }  # fmt: skip
    for release, day in (("raw", "2012-01-01"), ("kf", "2012-01-02")):
        source = cases / "verif_temperature_raw_vs_kf" / f"{release}.txt"
        frame = pl.read_csv(source, separator=" ", comment_prefix="#").with_columns(
            id=pl.format("{} {}", "date", "leadtime")
        )
        plainview.publish(frame, specification=demanded, release=release, released=day, store=tmp_path / "store")
    found = plainview.compare(plainview.open_store(tmp_path / "store"), "temperature", "raw", "kf")
    mae = by_metric(found.results)["mae"]
    assert (found.paired, found.examples, mae.verdict) == (True, 1525, "better")
    assert (round(mae.baseline, 3), round(mae.candidate, 3)) == (2.197, 0.901)
    assert mae.low < mae.difference < mae.high < 0
    apart = (mae.high - mae.low) / 2
    assert apart < 0.1 * abs(mae.difference)  # pair by pair
    assert found.headline.startswith(
        "kf is better than raw overall in mean absolute error (−1.30 °C, 95% interval about −1.37"
    )


@pytest.fixture(scope="module")
def forecasts(cases, tmp_path_factory):
    """Four issues of the same forecasts, published as four releases: the folder of the store, and the raw rows."""
    folder = tmp_path_factory.mktemp("forecasts")
    source = cases / "nws_temperature_forecasts" / "nws_high_temp_every4thday.csv"
    with source.open(newline="") as file:
        rows = list(csv.DictReader(file))
    frame = (
        pl.read_csv(source, infer_schema_length=None).with_row_index("row").with_columns(pl.col("row").cast(pl.String))
    )
    demanded = {
        "project": "forecasts", "task": "regression", "unit": "°F", "margin": {"mae": 0.05, "bias": 0.03},
        "columns": {"id": "row", "label": "observed_high", "metadata": ["date", "city", "koppen"]},
        "metrics": ["mae", "bias"],
        "behaviours": [{"name": "Climates", "scenarios": [{"name": "Subarctic", "where": "koppen = 'Dfc'"}]}],
    }  # fmt: skip
    for release, day in ISSUES.items():
        plainview.publish(
            frame, specification=demanded, release=release, released=day, prediction=release, store=folder / "store"
        )
    return folder, rows


def test_four_issues_of_a_forecast_have_their_known_errors(forecasts):
    store = plainview.open_store(forecasts[0] / "store")
    known = {"fc_48h": (2.490, -0.272), "fc_36h": (2.334, -0.308), "fc_24h": (2.176, -0.362), "fc_12h": (1.937, -0.309)}
    for release, errors in known.items():
        found = by_metric(store.results(store.evaluation("forecasts", release)))
        assert (round(found["mae"].value, 3), round(found["bias"].value, 3)) == errors
    coldest = by_metric(store.results(store.evaluation("forecasts", "fc_12h")), "Subarctic")["mae"]
    assert round(coldest.value, 2) == 2.66


def test_the_error_of_forecasts_improves_while_their_bias_does_not(forecasts):
    store = plainview.open_store(forecasts[0] / "store")
    changes = by_metric(plainview.compare(store, "forecasts", "fc_48h", "fc_12h").results)
    assert changes["mae"].verdict == "better"
    assert changes["bias"].verdict == "worse"  # further below zero
    assert changes["bias"].difference == pytest.approx(abs(changes["bias"].candidate) - abs(changes["bias"].baseline))
    step = by_metric(plainview.compare(store, "forecasts", "fc_36h", "fc_24h").results)
    assert (step["mae"].verdict, step["bias"].verdict) == ("better", "worse")


def test_missing_forecasts_are_counted_and_shown_wherever_the_release_is(forecasts):
    folder, rows = forecasts
    store = plainview.open_store(folder / "store")
    for release in ISSUES:
        gone = sum(not row[release] for row in rows)
        assert 335 <= gone <= 634
        evaluation = store.evaluation("forecasts", release)
        assert evaluation.missing_predictions == gone
        for row in store.results(evaluation):
            inside = [each for each in rows if row.scenario == "all" or each["koppen"] == "Dfc"]
            lacking = sum(not each[release] for each in inside)
            assert (row.missing, row.examples, row.of) == (lacking, len(inside) - lacking, len(inside) - lacking)
        report = release_report(store, "forecasts", release)
        assert report.to_dict()["missing_predictions"] == gone
        assert f"{gone} without a prediction" in narrative.about(report)
        assert f"{gone} without a prediction" in told("show", "forecasts", release, "--store", folder / "store")


def test_a_comparison_leaves_out_what_either_release_lacks_and_says_which(forecasts):
    folder, rows = forecasts
    lost = [sum(not row[release] for row in rows) for release in ("fc_48h", "fc_12h")]
    both = sum(bool(row["fc_48h"] and row["fc_12h"]) for row in rows)
    arguments = ("compare", "forecasts", "fc_48h", "fc_12h", "--store", folder / "store")
    answer = json.loads(told(*arguments, "--json"))
    assert (answer["examples"], answer["results"][0]["examples"]) == (both, both)
    assert answer["results"][0]["missing"] == len(rows) - both
    assert [answer["unanswered_baseline"], answer["unanswered_candidate"]] == lost
    each = [
        f"{number} without an answer of {release}" for number, release in zip(lost, ("fc_48h", "fc_12h"), strict=True)
    ]
    said = f"{len(rows) - both} examples left out: {' and '.join(each)}"
    assert said in " ".join(told(*arguments).split())


def test_missing_labels_are_reported_and_none_is_guessed(cases, tmp_path):
    source = cases / "nyc_sqf_4models" / "sqf_4models_wide.csv"
    with source.open(newline="") as file:
        rows = list(csv.DictReader(file))
    gone = sum(not row["label"] for row in rows)
    assert gone == 12  # the file's own count; its description says nine
    demanded = {
        "project": "stops", "task": "classification", "positive": "1", "metrics": ["accuracy", "recall", "precision"],
        "columns": {"id": "id", "label": "label", "metadata": ["race", "sex"]},
    }  # fmt: skip
    for release in ("m1", "m7"):
        evaluation = plainview.publish(
            source, specification=demanded, release=release, prediction=release, store=tmp_path / "store"
        )
        assert (evaluation.test_set.missing_labels, evaluation.missing_predictions) == (gone, 0)
    store = plainview.open_store(tmp_path / "store")
    right = sum(row["label"] == row["m1"] for row in rows if row["label"])
    accuracy = by_metric(store.results(store.evaluation("stops", "m1")))["accuracy"]
    assert (accuracy.of, accuracy.missing) == (len(rows) - gone, gone)
    assert accuracy.value == pytest.approx(right / (len(rows) - gone), abs=1e-12)
    found = plainview.compare(store, "stops", "m1", "m7")
    assert (found.examples, found.unlabelled, found.results[0].missing) == (len(rows) - gone, gone, gone)
    assert f"{gone} examples left out: {gone} without a label." in found.sentences
    assert f"{gone} without a label" in told("show", "stops", "m1", "--store", tmp_path / "store")


RATES = {  # recall, false-positive rate, precision, by Fairlearn on ProPublica's cut
    "African-American": (3175, 0.715232, 0.423382, 0.649535),
    "Caucasian": (2103, 0.503650, 0.220141, 0.594828),
    "Hispanic": (509, 0.417989, 0.193750, 0.560284),
}


@pytest.fixture(scope="module")
def recidivism(cases, tmp_path_factory):
    """Results of a score of 5 or more, for each group: of everyone, and of ProPublica's cut."""
    frame = pl.read_csv(cases / "compas" / "compas_two_years_deidentified.csv", infer_schema_length=None)
    frame = frame.with_columns(prediction=(pl.col("decile_score") >= 5).cast(pl.Int8))
    near = pl.col("days_b_screening_arrest").is_between(-30, 30)
    cut = frame.filter(near, pl.col("is_recid") != -1, pl.col("c_charge_degree") != "O", pl.col("score_text") != "N/A")
    groups = [{"name": race, "where": f"race = '{race}'"} for race in sorted(frame["race"].unique())]
    demanded = {
        "project": "recidivism", "task": "classification", "positive": "1",
        "columns": {"id": "id", "label": "two_year_recid", "metadata": ["race"]},
        "metrics": ["recall", "false_positive_rate", "precision", "accuracy"],
        "behaviours": [{"name": "Groups", "scenarios": groups}],
    }  # fmt: skip
    store = tmp_path_factory.mktemp("recidivism") / "store"
    for release, rows in (("everyone", frame), ("cut", cut)):
        plainview.publish(rows, specification=demanded, release=release, store=store)
    opened = plainview.open_store(store)
    return {name: opened.results(opened.evaluation("recidivism", name)) for name in ("everyone", "cut")}


def test_rates_of_every_group_are_fairlearns(recidivism):
    for race, (examples, *rates) in RATES.items():
        found = by_metric(recidivism["cut"], race)
        keys = ("recall[1]", "false_positive_rate[1]", "precision[1]")
        assert [round(found[key].value, 6) for key in keys] == rates
        assert {found[key].status for key in keys} == {"measured"}
        assert found["accuracy"].of == examples
    published = {"African-American": 0.448, "Caucasian": 0.235}
    for race, rate in published.items():
        assert round(by_metric(recidivism["everyone"], race)["false_positive_rate[1]"].value, 3) == rate


def test_groups_with_too_few_examples_are_marked_by_the_denominator_of_each_metric(recidivism):
    for race, people in (("Native American", 11), ("Asian", 31)):
        found = by_metric(recidivism["cut"], race)
        assert found["accuracy"].of == people
        for key, row in found.items():
            few = row.of < 30
            assert (row.status == "too few examples") == few, (race, key)
            if few:
                assert row.reason == f"only {row.of:.0f} examples, 30 are needed"
        assert found["recall[1]"].status == "too few examples"
    assert (
        by_metric(recidivism["cut"], "Asian")["accuracy"].status == "measured"
    )  # 31 are enough; 8 who reoffend are not


def test_a_published_churn_model_has_its_known_accuracy_and_its_probabilities_are_used(cases, tmp_path):
    frame = pl.read_csv(cases / "bank_churn" / "openlayer_validation.csv").with_row_index("row")
    leaves = pl.col("preds").str.json_decode(pl.List(pl.Float64)).list.get(1)
    frame = frame.with_columns(pl.col("row").cast(pl.String), score=leaves, prediction=(leaves > 0.5).cast(pl.Int8))
    demanded = {
        "project": "churn", "task": "classification", "positive": "1",
        "columns": {"id": "row", "label": "churn", "score": "score", "metadata": ["Geography"]},
        "metrics": ["accuracy", "roc_auc", "expected_calibration_error", "log_loss"],
        "behaviours": [{"name": "Countries", "scenarios": [{"name": "Germany", "where": "Geography = 'Germany'"}]}],
    }  # fmt: skip
    plainview.publish(frame.drop("preds"), specification=demanded, release="shell", store=tmp_path / "store")
    store = plainview.open_store(tmp_path / "store")
    found = by_metric(store.results(store.evaluation("churn", "shell")))
    assert (found["accuracy"].of, round(found["accuracy"].value, 3)) == (1999, 0.786)
    assert all(row.low < row.value < row.high for row in found.values())


def test_every_stored_result_names_its_method_and_version_and_json_says_it(forecasts):
    folder, _ = forecasts
    shown = json.loads(told("show", "forecasts", "fc_12h", "--store", folder / "store", "--json"))
    compared = json.loads(told("compare", "forecasts", "fc_24h", "fc_12h", "--store", folder / "store", "--json"))
    for row in shown["results"]:
        assert row["method"] == METRICS[split_key(row["metric"])[0]].family.method
    for row in compared["results"]:
        assert row["method"] == METRICS[split_key(row["metric"])[0]].family.paired_method


def test_sklearns_weights_reach_the_area_under_the_curve(cases):
    """Stored weights, here the examples' age, count as scikit-learn's do."""
    from sklearn.metrics import average_precision_score, roc_auc_score

    frame = pl.read_csv(cases / "compas" / "compas_two_years_deidentified.csv", infer_schema_length=None)
    demanded = load_specification({
        "project": "p", "task": "classification", "positive": "1", "metrics": ["roc_auc", "average_precision"],
        "columns": {"id": "id", "label": "two_year_recid", "score": "decile_score", "weight": "age"},
    })  # fmt: skip
    examples = frame.select(pl.col("id").cast(pl.String), pl.col("two_year_recid").cast(pl.String), "age")
    answers = frame.select(prediction=pl.col("two_year_recid").cast(pl.String), score="decile_score")
    label, score, weight = (frame[name].to_numpy() for name in ("two_year_recid", "decile_score", "age"))
    found = by_metric(evaluate(examples, answers, demanded))
    expected = [each(label, score, sample_weight=weight) for each in (roc_auc_score, average_precision_score)]
    assert [row.value for row in found.values()] == pytest.approx(expected, abs=1e-12)
