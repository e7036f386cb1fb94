"""Data tests: what is amiss in a test set is found, counted and named; counts are pandas', Evidently's and scipy's."""

import numpy as np
import pandas as pd
import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.stats import chisquare

from plainview.data_tests import KIND, SPLIT, data_tests_in, data_tests_of, row_digests, run_data_tests, standing_tests
from plainview.exceptions import FrameError, InputError, NotFoundError, SpecificationError
from plainview.publishing import publish
from plainview.readiness import Readiness, load_framework
from plainview.specification import load_specification
from plainview.store import open_store

BASE = {
    "project": "churn",
    "task": "classification",
    "columns": {"id": "id", "label": "label"},
    "metrics": ["accuracy"],
}
OWN = {"counted_by": "plainview"}


def demanded(**data):
    return load_specification({**BASE, "data": data})


def rows(**columns) -> pl.DataFrame:
    fields = {"id": ["a", "b", "c", "d"], "label": ["yes", "no", "yes", "no"], "age": [31, 31, 45, 60]}
    return pl.DataFrame({**fields, "prediction": ["yes"] * 4, **columns})


def found(frame, *, training=None, **data) -> dict:
    """The tests of a frame by their name and column."""
    tests = data_tests_of(frame, specification=demanded(**data), training=training, **OWN).tests
    return {(test.test, test.column): test for test in tests}


def ids(test) -> list[str]:
    return sorted(test.amiss["id"])


# --- What the churn data has, which nobody made up -------------------------------------------------------------------


@pytest.fixture(scope="module")
def churn(cases):
    read = [pl.read_csv(cases / "bank_churn" / f"openlayer_{part}.csv") for part in ("validation", "training")]
    validation, training = (each.with_row_index("id", 1).drop("preds") for each in read)
    return validation.with_columns(prediction=pl.lit(0)), training.drop("id")


CHURN = {**BASE, "columns": {"id": "id", "label": "churn"}}
GEOGRAPHY = {"type": "text", "values": ["France", "Germany", "Spain"]}


@pytest.mark.parametrize("counted_by", ["plainview", "evidently"])
def test_the_known_defects_of_the_churn_data_are_all_found_and_named(churn, counted_by):
    validation, training = churn
    specification = {**CHURN, "data": {"missing_at_most": 0, "columns": {"Geography": GEOGRAPHY}}}
    told = data_tests_of(validation, specification=specification, training=training, counted_by=counted_by)
    tests = {(test.test, test.column): test for test in told.tests}
    failed = {key for key, test in tests.items() if test.outcome == "fail"}
    assert failed == {
        ("missing values", "Geography"), ("duplicates", None), ("conflicting labels", None), ("leak", None),
        ("duplicates in the training data", None),
    }  # fmt: skip
    validation = validation.to_pandas()
    features = [name for name in validation if name not in ("id", "churn", "prediction")]
    empty = validation[validation["Geography"].isna()]
    assert ids(tests["missing values", "Geography"]) == [str(empty["id"].item())]
    twice = validation[validation.duplicated(features, keep=False)]
    conflicts = tests["conflicting labels", None]
    assert (conflicts.groups, conflicts.found) == (2, len(twice)) == (2, 5)
    assert ids(conflicts) == sorted(twice["id"].astype(str))
    assert tests["duplicates", None].found == validation.duplicated(features).sum() == 3
    leaked = validation.merge(training.to_pandas()[features].drop_duplicates(), on=features)
    assert ids(tests["leak", None]) == [str(leaked["id"].item())]
    assert tests["duplicates in the training data", None].found == training.to_pandas().duplicated(features).sum() == 1
    assert (told.outcome, told.training_examples, told.shared, told.by) == ("fail", 8001, 1, "columns")


def test_ids_or_digests_stand_for_training_data_that_may_not_be_shown(churn):
    validation, training = churn
    digests = row_digests(training.with_columns(id=pl.lit("x")), CHURN_SPECIFICATION).to_frame()
    by_digest = data_tests_of(validation, specification=CHURN_SPECIFICATION, training=digests, **OWN)
    by_columns = data_tests_of(validation, specification=CHURN_SPECIFICATION, training=training, **OWN)
    assert (by_digest.by, by_digest.shared) == ("digest", by_columns.shared)
    leaks = [next(test for test in each.tests if test.test == "leak") for each in (by_digest, by_columns)]
    assert ids(leaks[0]) == ids(leaks[1])
    by_id = data_tests_of(
        validation, specification=CHURN_SPECIFICATION, training=validation.select("id").head(7), **OWN
    )
    assert (by_id.by, by_id.shared) == ("id", 7)


CHURN_SPECIFICATION = load_specification(CHURN)


# --- Each test, counted by hand --------------------------------------------------------------------------------------


def test_a_column_that_is_not_there_fails_with_the_nearest_name():
    test = found(rows(), columns={"agee": {}})["schema", "agee"]
    assert test.outcome == "fail"
    assert "Did you mean 'age'?" in test.reason


@pytest.mark.parametrize(
    ("type_", "outcome"),
    [("integer", "pass"), ("number", "pass"), ("text", "fail"), ("boolean", "fail"), ("date", "fail")],
)
def test_types_are_those_declared(type_, outcome):
    assert found(rows(), columns={"age": {"type": type_}})["type", "age"].outcome == outcome


def test_whole_numbers_with_gaps_are_whole_numbers_and_an_empty_column_is_no_evidence():
    frame = rows(age=[31.0, None, 45.0, 60.0], none=[None] * 4)
    tests = found(frame, columns={"age": {"type": "integer"}, "none": {"type": "text"}})
    assert (tests["type", "age"].outcome, tests["type", "none"].outcome) == ("pass", "no evidence")


def test_ranges_and_allowed_values_name_the_examples_outside():
    tests = found(rows(), columns={"age": {"at_least": 31, "at_most": 50}, "label": {"values": ["yes"]}})
    assert ids(tests["range", "age"]) == ["d"]
    assert tests["range", "age"].amiss["value"].to_list() == ["60"]
    assert ids(tests["allowed values", "label"]) == ["b", "d"]


def test_where_nothing_says_how_many_may_be_missing_there_is_no_verdict_and_none_missing_is_a_pass():
    frame = rows(age=[None, 31, 45, 60])
    assert found(frame)["missing values", "age"].outcome == "no evidence"
    assert found(frame)["missing values", "label"].outcome == "pass"
    assert found(frame, missing_at_most=0.25)["missing values", "age"].outcome == "pass"
    assert (
        found(frame, missing_at_most=0.25, columns={"age": {"missing_at_most": 0.1}})["missing values", "age"].outcome
        == "fail"
    )


def test_the_same_example_with_two_labels_is_a_conflict_and_missing_equals_missing():
    frame = rows(age=[None, None, 45, 60])
    tests = found(frame)
    assert (tests["duplicates", None].found, tests["conflicting labels", None].found) == (1, 2)
    assert ids(tests["conflicting labels", None]) == ["a", "b"]


def test_columns_that_tell_examples_apart_can_be_named():
    frame = rows(seen=["monday", "tuesday", "friday", "sunday"])
    assert found(frame)["duplicates", None].found == 0
    assert found(frame, same=["age"])["duplicates", None].found == 1
    with pytest.raises(FrameError, match="Did you mean 'age'"):
        found(frame, same=["agee"])


def test_without_training_data_nothing_is_said_of_leaks():
    test = found(rows())["leak", None]
    assert (test.outcome, test.reason) == ("no evidence", "No training data was given.")


def test_training_data_that_cannot_be_compared_is_refused():
    with pytest.raises(FrameError, match="neither column 'id', nor 'digest'"):
        found(rows(), training=pl.DataFrame({"weight": [1]}))


@settings(max_examples=60, deadline=None)
@given(
    st.lists(
        st.tuples(st.sampled_from("ab"), st.integers(0, 2), st.sampled_from([None, 1.0, 2.0])), min_size=1, max_size=30
    )
)
def test_duplicates_and_conflicts_are_those_of_pandas(drawn):
    label, first, second = zip(*drawn, strict=True)
    names = [f"{number}" for number in range(len(drawn))]
    frame = pl.DataFrame(
        {
            "id": names,
            "label": label,
            "first": first,
            "second": pl.Series(second, dtype=pl.Float64),
            "prediction": label,
        }
    )
    tests = found(frame)
    pandas = pd.DataFrame({"label": label, "first": first, "second": np.array(second, dtype=float)})
    assert tests["duplicates", None].found == pandas.duplicated(["first", "second"]).sum()
    torn = pandas.groupby(["first", "second"], dropna=False)["label"].transform("nunique") > 1
    assert tests["conflicting labels", None].found == torn.sum()
    assert ids(tests["conflicting labels", None]) == sorted(f"{number}" for number in np.flatnonzero(torn))


# --- The mix of classes ----------------------------------------------------------------------------------------------


def mixed(yes: int, no: int, **columns) -> pl.DataFrame:
    n = yes + no
    names = {"id": [f"{number}" for number in range(n)], "label": ["yes"] * yes + ["no"] * no, "x": list(range(n))}
    return pl.DataFrame({**names, "prediction": ["yes"] * n, **columns})


@pytest.mark.parametrize(
    ("yes", "no", "outcome"), [(500, 500, "pass"), (700, 300, "fail"), (11, 9, "not proven"), (5300, 4700, "pass")]
)
def test_the_mix_is_right_wrong_or_too_small_to_tell(yes, no, outcome):
    test = found(mixed(yes, no), class_mix={"yes": 0.5, "no": 0.5})["class mix", "label"]
    assert test.outcome == outcome
    assert test.p_value == pytest.approx(chisquare([yes, no]).pvalue, abs=1e-12)


def test_a_class_that_was_declared_never_to_occur_is_counted():
    test = found(mixed(90, 10), class_mix={"yes": 1.0}, class_mix_within=0.01)["class mix", "label"]
    assert (test.outcome, test.found, test.p_value) == ("fail", 10, 0.0)


def test_examples_in_clusters_tell_less_of_the_mix():
    frame = mixed(500, 500, drive=[f"{number // 100}" for number in range(1000)])
    specification = {**BASE, "columns": {"id": "id", "label": "label", "cluster": "drive"}}
    data = {"class_mix": {"yes": 0.5, "no": 0.5}}
    outcomes = [
        next(
            t
            for t in data_tests_of(frame, specification={**given_, "data": data}, **OWN).tests
            if t.test == "class mix"
        )
        for given_ in (BASE, specification)
    ]
    assert [test.outcome for test in outcomes] == ["pass", "not proven"]


def test_a_right_mix_is_called_wrong_in_no_more_than_five_of_a_hundred_test_sets():
    random = np.random.default_rng(3)
    wrong = 0
    for _ in range(60):
        yes = int(random.binomial(400, 0.3))
        test = found(mixed(yes, 400 - yes), class_mix={"yes": 0.3, "no": 0.7}, class_mix_within=1e-6)[
            "class mix", "label"
        ]
        wrong += test.outcome == "fail"
    assert wrong <= 8  # 60 draws at 5%: more than 8 in one of a hundred thousand


# --- Kept as evidence ------------------------------------------------------------------------------------------------


def test_publishing_with_data_tests_keeps_them_as_evidence_of_the_test_set(tmp_path):
    specification = demanded(missing_at_most=0)
    training = pl.DataFrame({"age": [99], "label": ["no"]})
    evaluation = publish(
        rows(age=[31, 32, 45, 60]), specification=specification, release="1", store=tmp_path / "s", data_tests=True,
        training=training,
    )  # fmt: skip
    store = open_store(tmp_path / "s")
    [event] = store.events("churn", kind=KIND)
    [split] = store.events("churn", kind=SPLIT)
    assert event.body["test_set"] == split.body["test_set"] == evaluation.test_set.digest
    assert (split.body["training_examples"], split.body["shared"]) == (1, 0)
    assert store.verify().ok
    standing = Readiness(store, "churn").standing(load_framework("error-analysis"))
    evidenced = {row.question.code: row.evidenced for row in standing.questions}
    assert (evidenced["EA1"], evidenced["EA13"]) == ("met", "met")


def test_what_was_found_already_is_kept_once_and_a_leak_found_earlier_is_not_forgotten(tmp_path):
    publish(rows(), specification=demanded(), release="1", store=tmp_path / "s")
    store = open_store(tmp_path / "s")
    for training in (rows().drop("prediction"), None, None):
        run_data_tests(store, "churn", "1", training=training, **OWN)
    events = store.events("churn", kind=KIND)
    assert len(events) == 2
    tests = {test.test: test for test in standing_tests(events).tests}
    assert (tests["leak"].outcome, tests["leak"].found) == ("fail", 4)
    assert set(store.attached(events[0], "amiss")["test"]) >= {"leak", "duplicates"}
    assert data_tests_in(events[0]).outcome == "fail"


def test_an_unreadable_training_file_is_an_error_before_anything_is_published(tmp_path):
    with pytest.raises(FrameError, match="There is no file"):
        publish(rows(), specification=demanded(), release="1", store=tmp_path / "s", training=tmp_path / "none.csv")
    assert not (tmp_path / "s").exists()


def test_an_unknown_release_or_counter_is_named(tmp_path):
    publish(rows(), specification=demanded(), release="1", store=tmp_path / "s")
    with pytest.raises(NotFoundError):
        run_data_tests(open_store(tmp_path / "s"), "churn", "2", **OWN)
    with pytest.raises(InputError, match="Did you mean 'evidently'"):
        data_tests_of(rows(), specification=demanded(), counted_by="evidentli")


@pytest.mark.parametrize(
    ("data", "message"),
    [
        ({"colums": {}}, "line 7.*unknown key 'colums'. Did you mean 'columns'"),
        ({"columns": {"age": {"at_leest": 3}}}, "line 9.*unknown key 'at_leest'. Did you mean 'at_least'"),
        ({"columns": {"age": {"type": "intger"}}}, "line 9.*Did you mean 'integer'"),
        ({"columns": {"age": {"at_least": 9, "at_most": 3}}}, "at_least 9 is above at_most 3"),
        ({"class_mix": {"yes": 0.5, "no": 0.2}}, "line 7.*add up to 0.7; 1 was expected"),
        ({"same": ["prediction"]}, "line 8.*cannot tell whether two examples are the same"),
        ({"missing_at_most": 3}, "line 7.*expected 1 or less"),
    ],
)
def test_what_cannot_be_demanded_is_an_error_with_its_line(data, message):
    import yaml

    text = "project: churn\ntask: classification\ncolumns: {id: id, label: label}\nmetrics: [accuracy]\n\n"
    with pytest.raises(SpecificationError, match=f"(?s){message}"):
        load_specification(text + yaml.dump({"data": data}))


def test_a_mix_is_of_classes_that_there_are():
    with pytest.raises(SpecificationError, match="Did you mean 'yes'"):
        load_specification({**BASE, "classes": ["yes", "no"], "data": {"class_mix": {"yess": 1.0}}})
    with pytest.raises(SpecificationError, match="class_mix is for classification"):
        load_specification({**BASE, "task": "regression", "metrics": ["mae"], "data": {"class_mix": {"yes": 1.0}}})
