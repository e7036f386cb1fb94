"""Requirements over releases: each judged under its own evaluation, and every change of what is demanded named."""

import pytest
from verb_cases import CLASSES, ROWS, demo, demo_store, frame, put  # noqa: F401

from plainview.exceptions import NotFoundError
from plainview.report import release_report
from plainview.requirements import requirements_over
from plainview.store import open_store

A = "{id: A, metric: accuracy, at_least: 0.3}"


def lines(root, *demands, scenarios=None):
    """Releases 1.0, 2.0, … each with the requirements handed over; returns the open store."""
    for number, demanded in enumerate(demands, start=1):
        text = CLASSES if scenarios is None else CLASSES.replace("words > 20", scenarios[number - 1])
        text += "requirements:\n" + "".join(f"  - {row}\n" for row in demanded) if demanded else ""
        rows = frame(prediction=["yes" if row < number else "no" for row in range(ROWS)])
        put(rows, root, release=f"{number}.0", released=f"2024-0{number}-01", specification=text)
    return open_store(root)


def test_each_release_is_judged_as_its_own_report_judges_it(demo_store):  # noqa: F811
    found = requirements_over(demo_store, "sentiment-afinn")
    assert [step.release for step in found[0].steps] == ["1.0.6", "2.1.0", "3.0.1", "4.2.0", "5.0.2"]
    for place, step in enumerate(found[0].steps):
        standings = release_report(demo_store, "sentiment-afinn", step.release).standings
        assert [each.steps[place].standing for each in found if each.steps[place].standing] == list(standings)
    assert [step.status for step in found[0].steps] == ["not met", "unproven", "met", "met", "met"]
    assert found[2].steps[0].status == "no evidence"  # no worse than the previous: there is none
    assert [each.id for each in found if each.changes] == ["CASE-1"]  # the test case that came with 4.2.0
    assert [step.status for step in found[-1].steps] == ["not set"] * 3 + ["met", "not met"]


def test_a_requirement_is_not_set_before_it_is_and_after_it_was(tmp_path):
    late = "{id: B, metric: accuracy, at_least: 0.1, priority: should}"
    found = {each.id: each for each in requirements_over(lines(tmp_path / "s", [A], [A, late], [A]), "reviews")}
    assert list(found) == ["A", "B"]
    assert [step.status for step in found["B"].steps][::2] == ["not set", "not set"]
    assert [step.standing is None for step in found["B"].steps] == [True, False, True]
    assert found["B"].changes == ["set with 2.0", "no longer set since 3.0"]
    assert found["B"].title == "Accuracy on all examples at least 10%"
    assert found["A"].changes == []


@pytest.mark.parametrize(
    ("before", "now", "said"),
    [
        ("at_least: 0.45", "at_least: 0.5", "the bar moved from 45% to 50% with 2.0"),
        ("at_most: 0.9", "at_most: 0.8", "the bar moved from 90% to 80% with 2.0"),
        ("at_least: 0.45", "at_most: 0.5", "until 2.0 it was “Accuracy on all examples at least 45%”"),
        ("at_least: 0.4", "at_least: 0.4, scenario: Long", "until 2.0 it was “Accuracy on all examples at least 40%”"),
        (
            "no_worse_than: previous, margin: 0.01",
            "no_worse_than: previous, margin: 0.02",
            "the margin moved from 1 point to 2 points with 2.0",
        ),
        (
            "no_worse_than: previous, margin: 0.01",
            "no_worse_than: best, margin: 0.01",
            "until 2.0 it was “Accuracy on all examples no worse than the previous release by more than 1 point”",
        ),
        ("at_least: 0.4", "at_least: 0.4, rule: point", "judged by the estimate alone since 2.0"),
        ("at_least: 0.4, rule: point", "at_least: 0.4", "judged by the whole interval since 2.0"),
        ("at_least: 0.4", "at_least: 0.4, priority: could", "a must until 2.0, a could since"),
        (
            "at_least: 0.4",
            "at_least: 0.3, priority: could",
            "the bar moved from 40% to 30% with 2.0; a must until 2.0, a could since",
        ),
        ("at_least: 0.4", "at_least: 0.4, reason: Because, owner: us", ""),
    ],
)
def test_what_became_of_the_demand_is_said(tmp_path, before, now, said):
    store = lines(tmp_path / "s", *([f"{{id: A, metric: accuracy, {demand}}}"] for demand in (before, now)))
    assert [step.change for step in requirements_over(store, "reviews")[0].steps] == ["", said]


def test_a_scenario_that_is_redefined_moves_the_demand(tmp_path):
    demand = ["{id: A, metric: accuracy, at_least: 0.4, scenario: Long}"]
    store = lines(tmp_path / "s", demand, demand, demand, scenarios=["words > 20", "words > 10", "words > 10"])
    assert requirements_over(store, "reviews")[0].changes == ["its scenario was redefined with 2.0"]


def test_a_scenario_that_is_renamed_does_not(tmp_path):
    store = lines(tmp_path / "s", ["{id: A, metric: accuracy, at_least: 0.4, scenario: Long}"])
    text = CLASSES.replace("name: Long,", "name: Very long, was: [Long],")
    demand = "requirements: [{id: A, metric: accuracy, at_least: 0.5, scenario: Very long}]\n"
    put(frame(), tmp_path / "s", release="2.0", released="2024-02-01", specification=text + demand)
    found = requirements_over(store, "reviews")[0]
    assert found.changes == ["the bar moved from 40% to 50% with 2.0"]
    assert found.title == "Accuracy on “Very long” at least 50%"


def test_only_releases_on_one_test_set_are_followed(tmp_path):
    store = lines(tmp_path / "s", [A], [A])
    text = f"{CLASSES}requirements:\n  - {A}\n"
    put(frame().head(40), tmp_path / "s", release="3.0", released="2024-03-01", specification=text, test_set="hard")
    assert [step.release for step in requirements_over(store, "reviews")[0].steps] == ["3.0"]
    found = requirements_over(store, "reviews", test_set="default")[0]
    assert [step.release for step in found.steps] == ["1.0", "2.0"]


def test_without_requirements_there_is_no_history_and_without_a_project_an_error(tmp_path):
    store = lines(tmp_path / "s", [])
    assert requirements_over(store, "reviews") == []
    with pytest.raises(NotFoundError, match="Did you mean 'reviews'"):
        requirements_over(store, "review")


def test_the_best_of_many_releases_is_found_by_reading_each_once(tmp_path, monkeypatch):
    best = [f"{{id: R{number}, metric: accuracy, no_worse_than: best}}" for number in range(9)]
    store, read = lines(tmp_path / "s", best, best, best, best), []
    results = type(store).results
    monkeypatch.setattr(type(store), "results", lambda self, one: read.append(one.release) or results(self, one))
    assert requirements_over(store, "reviews")[8].steps[0].status == "no evidence"
    assert sorted(read) == ["1.0", "2.0", "3.0", "4.0"]
