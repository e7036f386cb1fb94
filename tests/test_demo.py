"""The demo publishes real releases, and its known answers hold through the public surface."""

import csv
import shutil
import sqlite3
import sys
from collections import Counter
from datetime import date
from pathlib import Path

import numpy as np
import polars as pl
import pytest
import yaml
from sklearn.metrics import f1_score, mean_absolute_error, mean_squared_error

import plainview
from plainview.demo import demo_folder, publish_demo, train
from plainview.exceptions import InputError, PlainviewError

DATA = Path(__file__).parent.parent / "data" / "demo"
MANIFEST = {project["project"]: project for project in yaml.safe_load((DATA / "releases.yaml").read_text())}
SENTIMENT = ("sentiment-afinn", "sentiment-vader")

# Known of the data before Plainview was written: accuracy, and accuracy where there is a negation.
KNOWN = {
    ("sentiment-afinn", "1.0.6"): (0.5823, 0.348),
    ("sentiment-afinn", "2.1.0"): (0.6147, 0.372),
    ("sentiment-afinn", "3.0.1"): (0.6320, 0.448),
    ("sentiment-afinn", "4.2.0"): (0.6327, 0.453),
    ("sentiment-afinn", "5.0.2"): (0.6343, 0.452),
    ("sentiment-vader", "2.5"): (0.6653, 0.506),
    ("sentiment-vader", "3.2.1"): (0.6677, 0.519),
    ("sentiment-vader", "3.3.2"): (0.6770, 0.534),
}


TOLD = []  # what was told while the demo of the fixture was published


@pytest.fixture(scope="module")
def address(tmp_path_factory):
    """A store with the demo in it; tests only read it."""
    place = tmp_path_factory.mktemp("demo")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("PLAINVIEW_CACHE", str(place / "cache"))
        patch.setitem(sys.modules, "evidently", None)  # the app publishes the demo, and may not import it
        publish_demo(place / "store", progress=lambda *step: TOLD.append(step))
    return place / "store"


@pytest.fixture
def store(address):
    return plainview.open_store(address)


def values(store, project, release):
    """Every result of one release, by scenario and metric."""
    results = store.results(store.evaluation(project, release))
    return {(result.scenario, result.metric): result for result in results}


def changes(store, project, baseline, candidate):
    """The comparison, and its changes of the headline metric by scenario."""
    comparison = plainview.compare(store, project, baseline, candidate)
    headline = comparison.results[0].metric
    return comparison, {row.scenario: row for row in comparison.results if row.metric == headline}


def sentences():
    """The rows of sentences.csv as the standard library reads them."""
    with (DATA / "sentiment" / "sentences.csv").open(newline="", encoding="utf-8") as file:
        return list(csv.DictReader(file))


def flights():
    return pl.read_csv(DATA / "flights" / "flights.csv", infer_schema_length=None)


def test_every_release_of_the_manifest_is_published_with_its_date_and_notes(store):
    assert store.projects() == sorted(MANIFEST)
    for name, project in MANIFEST.items():
        found = [(one.release, one.released, one.notes) for one in store.releases(name)]
        assert found == [(one["name"], one["released"], one["notes"]) for one in project["releases"]]
        assert all(isinstance(one["released"], date) for one in project["releases"])


def test_all_releases_of_a_project_are_judged_on_one_test_set(store):
    for project in MANIFEST:
        assert len({one.test_set.digest for one in store.releases(project)}) == 1
        assert len({one.examples_file.sha256 for one in store.releases(project)}) == 1


def test_no_answer_of_any_release_is_part_of_a_test_set(store):
    answers = {release.get("prediction", release["name"]) for one in MANIFEST.values() for release in one["releases"]}
    answers |= {f"{name}_score" for name in answers}
    for project in MANIFEST:
        for evaluation in store.releases(project):
            assert not answers & set(evaluation.test_set.columns)


@pytest.mark.parametrize(("project", "release"), KNOWN)
def test_the_accuracies_are_those_that_were_known_before(store, project, release):
    found = values(store, project, release)
    overall, negated = KNOWN[project, release]
    assert found["all", "accuracy"].value == pytest.approx(overall, abs=0.00005)
    assert found["With a negation", "accuracy"].value == pytest.approx(negated, abs=0.0005)


@pytest.mark.parametrize("project", SENTIMENT)
def test_every_scenario_agrees_with_an_independent_reading_of_its_sql(store, project):
    rows = sentences()
    entry = MANIFEST[project]
    specification = yaml.safe_load((DATA / entry["specification"]).read_text())
    scenarios = [one for behaviour in specification["behaviours"] for one in behaviour["scenarios"]]
    with sqlite3.connect(":memory:") as database:
        database.execute("PRAGMA case_sensitive_like = ON")
        database.execute(
            "CREATE TABLE t (source, text, label, words INT, has_negation INT, has_exclamation INT, answer)"
        )
        for release in entry["releases"]:
            database.execute("DELETE FROM t")
            columns = ("source", "text", "label", "words", "has_negation", "has_exclamation", release["prediction"])
            database.executemany(
                "INSERT INTO t VALUES (?, ?, ?, ?, ?, ?, ?)", ([row[column] for column in columns] for row in rows)
            )
            found = values(store, project, release["name"])
            for scenario in scenarios:
                query = f"SELECT count(*), sum(answer = label) FROM t WHERE {scenario['where']}"
                examples, right = database.execute(query).fetchone()
                result = found[scenario["name"], "accuracy"]
                assert (result.examples, result.value) == (examples, pytest.approx(right / examples, abs=1e-12))


@pytest.mark.parametrize("project", SENTIMENT)
def test_macro_f1_and_recall_are_those_of_scikit_learn_where_neutral_is_wrong(store, project):
    rows = sentences()
    label = [row["label"] for row in rows]
    for release in MANIFEST[project]["releases"]:
        answer = [row[release["prediction"]] for row in rows]
        assert "neutral" in answer
        found = values(store, project, release["name"])
        expected = f1_score(label, answer, labels=["negative", "positive"], average="macro")
        assert found["all", "macro_f1"].value == pytest.approx(expected, abs=1e-12)
        for name in ("negative", "positive"):
            right = Counter(zip(label, answer, strict=True))[name, name]
            assert found["all", f"recall[{name}]"].value == pytest.approx(right / 1500, abs=1e-12)


def test_afinn_3_0_1_understands_negation_better_and_sacrifices_nothing(store):
    comparison, found = changes(store, "sentiment-afinn", "2.1.0", "3.0.1")
    negated, overall = found["With a negation"], found["all"]
    assert comparison.paired
    assert comparison.examples == overall.examples == 3000
    assert (negated.examples, negated.fixed, negated.broke, negated.verdict) == (686, 74, 22, "better")
    assert (negated.baseline, negated.candidate) == (pytest.approx(255 / 686), pytest.approx(307 / 686))
    assert (overall.fixed, overall.broke) == (75, 23)
    assert [name for name, row in found.items() if not row.not_worse] == []
    assert "negation" in comparison.headline
    assert "without sacrificing" in comparison.headline


def test_between_afinn_4_2_0_and_5_0_2_nothing_is_called_better_or_worse(store):
    comparison, _ = changes(store, "sentiment-afinn", "4.2.0", "5.0.2")
    assert {row.verdict for row in comparison.results} <= {"equivalent", "inconclusive", "not comparable"}
    assert "sacrific" not in comparison.headline


def test_vader_3_3_2_hears_emphasis_better(store):
    _, found = changes(store, "sentiment-vader", "3.2.1", "3.3.2")
    emphasis = found["With an exclamation mark"]
    assert (emphasis.examples, emphasis.fixed, emphasis.broke, emphasis.verdict) == (361, 17, 0, "better")
    assert found["Questions"].examples == 25
    assert not found["Questions"].not_worse


def test_the_first_flight_models_are_equal_overall_and_moved_in_opposite_directions(store):
    _, found = changes(store, "flight-delay", "2013.03", "2013.06")
    assert found["all"].verdict == "equivalent"
    assert found["In the rain"].verdict == found["In low visibility"].verdict == "better"
    assert found["Left over an hour late"].verdict == found["Left over two hours late"].verdict == "worse"


def test_the_errors_of_the_flight_models_are_those_of_scikit_learn(store):
    for evaluation in store.releases("flight-delay"):
        actual = store.examples(evaluation, ["arr_delay"])["arr_delay"].to_numpy()
        told = store.predictions(evaluation)["prediction"].to_numpy()
        found = values(store, "flight-delay", evaluation.release)
        assert len(actual) == 5021
        assert found["all", "mae"].value == pytest.approx(mean_absolute_error(actual, told), abs=1e-9)
        assert found["all", "rmse"].value == pytest.approx(np.sqrt(mean_squared_error(actual, told)), abs=1e-9)
        assert found["all", "bias"].value == pytest.approx(np.mean(told - actual), abs=1e-9)


def test_no_flight_model_has_seen_the_months_it_is_judged_on():
    entry = MANIFEST["flight-delay"]
    rows = flights()
    first = entry["training"]["judged_from_month"]
    assert all(release["learns"]["through_month"] < first for release in entry["releases"])
    other = pl.when(pl.col("month") >= first).then(-pl.col("arr_delay")).otherwise(pl.col("arr_delay"))
    before, after = (
        train(each, entry["releases"], **entry["training"])
        for each in (rows, rows.with_columns(other.alias("arr_delay")))
    )
    assert before["month"].min() == first
    for release in entry["releases"]:
        assert before[release["name"]].equals(after[release["name"]])


def test_every_latest_release_has_requirements_met_not_met_and_unproven(store):
    for project in MANIFEST:
        latest = store.releases(project)[-1].release
        report = plainview.release_report(store, project, latest)
        assert {row.measured or row.status for row in report.standings} >= {"met", "not met", "unproven"}


def test_publishing_twice_changes_nothing(address, store, tmp_path):
    shutil.copytree(address, tmp_path / "store")
    before = {file: file.read_bytes() for file in (tmp_path / "store").rglob("*") if file.is_file()}
    again = publish_demo(tmp_path / "store")
    after = {file: file.read_bytes() for file in (tmp_path / "store").rglob("*") if file.is_file()}
    assert {one.id for one in again} == {one.id for one in store.evaluations()}
    assert after == before


def test_publishing_the_file_by_hand_is_the_same_evaluation(address, store):
    published = plainview.publish(
        DATA / "sentiment" / "sentences.csv",
        specification=DATA / "sentiment" / "afinn.yaml",
        release="3.0.1",
        released="2017-02-26",
        prediction="afinn_3.0.1",
        score="afinn_3.0.1_score",
        notes=MANIFEST["sentiment-afinn"]["releases"][2]["notes"],
        store=address,
    )
    assert published.id == store.evaluation("sentiment-afinn", "3.0.1").id


def test_progress_is_told_after_each_release(store):
    assert [done for done, _, _ in TOLD] == list(range(1, 12))
    assert {total for _, total, _ in TOLD} == {len(store.evaluations())} == {11}
    assert TOLD[-3][2] == "sentiment-afinn 3.0.1"


def test_a_folder_without_the_demo_is_named(tmp_path):
    with pytest.raises(InputError, match="demo's data was not found") as caught:
        publish_demo(tmp_path / "store", data=tmp_path)
    assert str(tmp_path) in str(caught.value)
    assert not (tmp_path / "store").exists()


def test_the_data_is_found_from_any_working_directory(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    assert demo_folder() == DATA.resolve()


def test_without_scikit_learn_the_extra_is_named_and_nothing_is_written(tmp_path, monkeypatch):
    monkeypatch.setitem(sys.modules, "sklearn.ensemble", None)
    with pytest.raises(PlainviewError, match=r"plainview\[app\]"):
        publish_demo(tmp_path / "store")
    assert not (tmp_path / "store").exists()


def test_an_unknown_way_of_learning_is_named_with_the_nearest_known_one():
    releases = [{"name": "x", "learns": {"method": "boosted tree", "through_month": 3}}]
    with pytest.raises(InputError, match="Did you mean 'boosted trees'"):
        train(flights(), releases, **MANIFEST["flight-delay"]["training"])


@pytest.mark.parametrize("folder", ["sentiment", "flights"])
def test_source_and_licence_lie_beside_the_data(folder):
    assert "licen" in (DATA / folder / "SOURCE.md").read_text().lower()
    assert (DATA / folder / "LICENSE").read_text().strip()
