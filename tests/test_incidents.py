"""What became of an incident from release to release, on real releases too; and the test case that guards it."""

from datetime import date, timedelta

import polars as pl
import pytest
import yaml
from incident_cases import AFINN, GIVEN, TODAY, answering, answers_of, found, real_store, report, small_store  # noqa: F401
from page_stores import frame, publish, specification
from verb_cases import demo, listing  # noqa: F401

import plainview
from plainview.exceptions import InputError
from plainview.incidents import (
    report_incident,
    test_case_yaml,
    urgent_first,
)
from plainview.report import release_report
from plainview.specification import load_specification
from plainview.store import open_store

test_case_yaml.__test__ = False


# What became of it


@pytest.mark.parametrize(
    ("until", "status", "since", "before"),
    [
        ("1.0", "open", "1.0", None),
        ("1.1", "fixed", "1.1", None),
        ("1.2", "came back", "1.2", "1.1"),
        ("1.3", "fixed", "1.3", None),
    ],
)
def test_it_is_open_until_every_example_is_right_then_fixed_and_back_when_one_is_wrong_again(
    small, until, status, since, before
):
    report(small)
    [row] = found(small, until=until)
    assert (row.status, row.since, row.fixed_before) == (status, since, before)
    assert [step.state for step in row.steps] == ["wrong", "right", "wrong", "right"][: len(row.steps)]


def test_what_came_back_stays_so_until_it_is_fixed(tmp_path):
    publish(tmp_path / "store", specification("small"), *answers_of(False, True, False, False, True))
    store = open_store(tmp_path / "store")
    report(store)
    rows = {until: found(store, until=until)[0] for until in ("1.3", "1.4")}
    assert (rows["1.3"].status, rows["1.3"].since, rows["1.3"].fixed_before) == ("came back", "1.2", "1.1")
    assert (rows["1.4"].status, rows["1.4"].since) == ("fixed", "1.4")
    headline = release_report(store, "small", "1.3").headline
    assert headline.endswith("; the incident “It happened”, back since 1.2, is still wrong.")


def test_it_is_followed_from_the_release_in_which_it_happened(small):
    report(small, release="1.2")
    [row] = found(small, until="1.2")
    assert (row.status, [step.release for step in row.steps]) == ("open", ["1.2"])


def test_an_example_that_no_release_answers_wrong_is_not_reproduced(small):
    right = frame(60).filter(pl.col("label") == pl.col("prediction"))["id"][0]
    report(small, ids=[right])
    [row] = found(small)
    assert (row.status, row.state) == ("not reproduced", "Watch")


def test_real_releases_fix_and_bring_back_what_their_own_answers_say(real):
    """Every pattern of right and wrong over the five releases of the package, against a reading by hand."""
    line = real.releases(AFINN)
    rows = real.examples(line[0], ["id", "label"])
    for one in line:
        right = real.predictions(one)["prediction"] == rows["label"]
        rows = rows.with_columns(right.fill_null(False).alias(one.release))
    releases = [one.release for one in line]
    patterns = rows.group_by(releases, maintain_order=True).first()
    for row in patterns.iter_rows(named=True):
        report_incident(real, AFINN, f"Pattern of {row['id']}", ids=[row["id"]], **GIVEN)
    by_id = {row["id"]: [row[each] for each in releases] for row in patterns.iter_rows(named=True)}
    seen = set()
    for row in found(real, AFINN):
        truth = by_id[row.incident.ids[0]]
        assert [step.state == "right" for step in row.steps] == truth
        assert row.status == _by_hand(truth)
        seen.add(row.status)
    assert seen == {"open", "fixed", "came back", "not reproduced"}


def _by_hand(truth: list[bool]) -> str:
    if all(truth):
        return "not reproduced"
    after = truth[truth.index(False) :]
    if after[-1]:
        return "fixed"
    return "came back" if any(after) else "open"


def test_without_an_answer_it_is_wrong_and_without_the_example_it_is_not_tested(tmp_path):
    silent = frame(0).with_columns(
        pl.when(pl.col("id") == "0000").then(None).otherwise("prediction").alias("prediction")
    )
    publish(tmp_path / "store", specification("small"), frame(0).filter(pl.col("id") != "0000"), silent)
    store = open_store(tmp_path / "store")
    report(store)
    [row] = found(store)
    assert [(step.state, step.wrong, step.absent) for step in row.steps] == [("not tested", 0, 1), ("wrong", 1, 0)]
    assert row.status == "open"


def test_a_release_whose_answers_are_damaged_is_not_tested_and_the_others_are(small, tmp_path):
    damaged = small.evaluation("small", "1.2").predictions_file.key
    path = tmp_path / "store" / damaged
    report(small)
    path.chmod(0o644)
    path.write_bytes(b"x" + path.read_bytes()[1:])
    [row] = found(open_store(tmp_path / "store"))
    assert [step.state for step in row.steps] == ["wrong", "right", "not tested", "right"]
    assert row.steps[2].reason


# Numbers and grades


def test_a_number_is_right_where_it_is_no_further_off_than_the_bar(tmp_path):
    demanded = {
        "project": "numbers",
        "task": "regression",
        "columns": {"id": "id", "label": "label"},
        "metrics": ["mae"],
    }
    rows = pl.DataFrame({"id": ["a", "b"], "label": [10.0, 20.0], "prediction": [13.0, 20.0]})
    publish(tmp_path / "store", demanded | {"margin": 0.5}, rows, rows.with_columns(prediction=pl.Series([12.0, 20.0])))
    store = open_store(tmp_path / "store")
    with pytest.raises(InputError, match="say with bar how far off an answer may be"):
        report(store, "numbers", ids=["a"])
    report(store, "numbers", ids=["a"], bar=2.0)
    [row] = found(store, "numbers")
    assert [step.state for step in row.steps] == ["wrong", "right"]


def test_answers_that_are_right_or_wrong_have_no_bar(small):
    with pytest.raises(InputError, match="A bar is for numbers and grades"):
        report(small, bar=1.0)


def test_a_grade_is_right_from_the_bar_on(tmp_path):
    demanded = {"project": "grades", "task": "scored", "columns": {"id": "id"}, "metrics": ["mean"], "margin": 0.05}
    rows = pl.DataFrame({"id": ["a", "b"], "prediction": [0.4, 0.9]})
    publish(tmp_path / "store", demanded, rows, rows.with_columns(prediction=pl.Series([0.6, 0.9])))
    store = open_store(tmp_path / "store")
    report(store, "grades", ids=["a"], bar=0.6)
    assert [step.state for step in found(store, "grades")[0].steps] == ["wrong", "right"]


def test_an_image_is_right_where_nothing_is_missed_and_nothing_is_a_false_alarm(tmp_path):
    box = '[{"class": "car", "box": [0, 0, 10, 10]%s}]'
    demanded = {
        "project": "boxes",
        "task": "detection",
        "columns": {"id": "id", "label": "label"},
        "metrics": ["micro_recall"],
    }
    rows = pl.DataFrame({"id": ["a", "b"], "label": [box % ""] * 2, "prediction": ["[]", box % ', "score": 0.9']})
    publish(tmp_path / "store", demanded, rows, rows.with_columns(prediction=pl.lit(box % ', "score": 0.9')))
    store = open_store(tmp_path / "store")
    report(store, "boxes", ids=["a"])
    assert [step.state for step in found(store, "boxes")[0].steps] == ["wrong", "right"]


# The test case


def with_case(text: str, written: str) -> str:
    """The specification with the YAML pasted where its comments say."""
    behaviours, requirements = written.split("  # under requirements:\n")
    data = yaml.safe_load(text)
    data["behaviours"] += yaml.safe_load(behaviours)
    data["requirements"] = [*data.get("requirements", []), *yaml.safe_load(requirements)]
    return data


def test_the_yaml_it_prints_makes_a_test_case_that_is_met_where_the_answers_are_right(small, tmp_path):
    one = report(small)
    newest = small.evaluation("small", "1.3")
    text = small.specification_text(newest)
    demanded = with_case(text, test_case_yaml(one, load_specification(text)))
    for number, right in enumerate((False, True)):
        rows = answering(right)
        plainview.publish(
            rows,
            specification=demanded,
            release=f"2.{number}",
            released=f"2027-0{number + 1}-01",
            store=tmp_path / "store",
        )
    for release, status in (("2.0", "not met"), ("2.1", "met")):
        standings = release_report(small, "small", release).standings
        assert next(row for row in standings if row.id == one.code).status == status
    [row] = found(small)
    assert (row.guard.scenario, row.guard.release, row.guard.demanded) == ("It happened", "2.0", True)
    assert row.state == "Pass"
    assert "guarded by “It happened” since 2.0" in row.sentence


def test_an_incident_without_a_test_case_is_watched_even_where_it_is_fixed_and_comes_first(small):
    report(small)
    [row] = found(small, today=date.today() + timedelta(days=12))
    assert (row.status, row.state, row.guard, row.days_open) == ("fixed", "Watch", None, 12)
    assert row.sentence.endswith("no test case guards it, 12 days after the report.")


def test_any_scenario_that_pins_the_examples_guards_and_one_that_was_taken_out_does_not(small, tmp_path):
    pinned = specification("small")
    pinned["behaviours"].append({"name": "Guards", "scenarios": [{"name": "Old ones", "ids": ["0000", "0001"]}]})
    report(small)
    assert found(small)[0].guard is None
    given = {"store": tmp_path / "store"}
    plainview.publish(answering(True), specification=pinned, release="2.0", released="2027-01-01", **given)
    guard = found(small)[0].guard
    assert (guard.scenario, guard.release, guard.demanded) == ("Old ones", "2.0", False)
    plainview.publish(
        answering(True), specification=specification("small"), release="2.1", released="2027-02-01", **given
    )
    assert found(small)[0].guard is None


def test_unguarded_ones_come_first_then_the_most_urgent(real):
    for name, severity in (("minor", "low"), ("grave", "critical")):
        report_incident(real, AFINN, name, ids=["amazon-0194"], severity=severity, **GIVEN)
    assert [row.incident.name for row in urgent_first(found(real, AFINN))] == ["grave", "minor"]
