"""Planning: the examples that are asked for settle what they are asked for."""

import numpy as np
import polars as pl
import pytest
from scipy import stats

import plainview
from plainview import narrative
from plainview.planning import plan
from plainview.report import release_report
from plainview.specification import load_specification
from plainview.statistics.power import examples_needed, paired_deviation
from plainview.verdicts import paired_changes


@pytest.fixture(scope="module")
def report(tmp_path_factory):
    """A second release that flips a tenth of 400 answers, on a specification with two scenarios."""
    folder = tmp_path_factory.mktemp("planning") / "store"
    right = np.arange(400) % 5 != 0
    frame = pl.DataFrame({"id": range(400), "label": ["a"] * 400, "part": np.arange(400) % 10})
    demanded = {
        "project": "planning",
        "task": "classification",
        "columns": {"id": "id", "label": "label"},
        "metrics": ["accuracy"],
        "margin": 0.05,
        "behaviours": [{"name": "B", "scenarios": [{"name": "Rare", "where": "part = 0"}]}],
    }
    for release, flipped in (("1", np.arange(400) < 0), ("2", np.arange(400) % 10 == 3)):
        answers = frame.with_columns(prediction=pl.Series(np.where(right ^ flipped, "a", "b")))
        plainview.publish(answers, specification=demanded, release=release, store=folder)
    return release_report(plainview.open_store(folder), "planning", "2")


def test_a_scenario_with_fewer_examples_than_it_needs_says_how_many_more(report):
    whole, rare = plan(report.specification, "accuracy", report.results, report.comparison.results)
    assert (whole.scenario, whole.examples, rare.scenario, rare.examples) == ("all", 400, "Rare", 40)
    assert whole.measured
    assert rare.more == rare.needed - 40
    assert not rare.enough


def test_the_examples_needed_are_those_of_a_paired_test_with_that_power(report):
    whole = plan(report.specification, "accuracy", report.results, report.comparison.results, margin=0.05, tests=1)[0]
    change = report.comparison.results[0]
    deviation = (change.high - change.low) / (2 * stats.norm.ppf(0.975)) * np.sqrt(400)
    detect = ((stats.norm.ppf(0.975) + stats.norm.ppf(0.8)) * deviation / 0.05) ** 2
    assert whole.needed >= detect
    assert whole.needed <= 1.2 * detect


def test_a_smaller_margin_and_more_power_need_more(report):
    needed = [
        plan(report.specification, "accuracy", report.results, margin=margin, power=power)[0].needed
        for margin, power in ((0.05, 0.8), (0.02, 0.8), (0.02, 0.9))
    ]
    assert needed == sorted(needed)
    assert len(set(needed)) == 3


def test_without_a_comparison_one_answer_in_ten_is_assumed_to_flip_and_it_says_so(report):
    assert not plan(report.specification, "accuracy", report.results)[0].measured


def test_among_many_tests_more_examples_are_needed(report):
    found = [plan(report.specification, "accuracy", report.results, tests=tests)[0] for tests in (1, 50)]
    ratio = (
        (stats.norm.ppf(1 - 0.025 / 50) + stats.norm.ppf(0.8)) / (stats.norm.ppf(0.975) + stats.norm.ppf(0.8))
    ) ** 2
    equivalence = ((stats.norm.ppf(0.95) + stats.norm.ppf(0.9)) / (stats.norm.ppf(0.975) + stats.norm.ppf(0.8))) ** 2
    assert found[1].needed / found[0].needed == pytest.approx(ratio / max(1, equivalence), rel=0.01)


def test_a_scenario_below_the_minimum_can_support_no_verdict_and_the_page_says_so(report):
    few = [row.model_copy(update={"of": 12.0}) if row.scenario == "Rare" else row for row in report.results]
    plans = plan(report.specification, "accuracy", few)
    assert [row.mute for row in plans] == [False, True]
    assert plans[1].smallest is None
    assert "1 of them has too few for any verdict at all." in narrative.planning_answer(plans, "accuracy", "")


def test_the_smallest_change_that_can_be_told_is_the_one_that_the_present_examples_are_needed_for(report):
    whole = plan(report.specification, "accuracy", report.results)[0]
    again = plan(report.specification, "accuracy", report.results, margin=whole.smallest)[0]
    assert again.needed == pytest.approx(whole.examples, abs=1)


def _verdicts(generator, examples, gain, scenarios, repeats):
    """How often a change of ``gain`` on one of so many scenarios of equal size is called better, and without one equivalent."""
    demanded = load_specification(
        {
            "project": "power",
            "task": "classification",
            "columns": {"id": "id", "label": "label"},
            "metrics": ["accuracy"],
            "margin": 0.05,
            "behaviours": [
                {"name": "B", "scenarios": [{"name": f"S{at}", "where": f"part = {at}"} for at in range(scenarios)]}
            ],
        }
    )
    frame = pl.DataFrame({"id": [str(at) for at in range(examples * scenarios)]}).with_columns(
        label=pl.lit("a"), part=pl.Series(np.arange(examples * scenarios) % scenarios)
    )
    found = []
    for _ in range(repeats):
        chance = np.where(frame["part"] == 0, gain, 0.0)
        flip, right = generator.random(frame.height), generator.random(frame.height) < 0.5
        up, down = flip < 0.05 + chance / 2, flip > 0.95 + chance / 2
        before, after = (
            np.where(up, False, np.where(down, True, right)),
            np.where(up, True, np.where(down, False, right)),
        )
        answers = [pl.DataFrame({"prediction": np.where(side, "a", "b")}) for side in (before, after)]
        changes = {row.scenario: row.verdict for row in paired_changes(frame, *answers, demanded)}
        found.append((changes["S0"], changes["S1"]))
    return found


def test_so_many_examples_tell_the_change_and_its_absence_as_often_as_planned():
    scenarios, generator = 10, np.random.default_rng(11)
    deviation = float(paired_deviation(0.1, 0.05))
    needed = int(examples_needed(deviation, 0.05, power=0.8, tests=scenarios + 1))
    found = _verdicts(generator, needed, 0.05, scenarios, 150)
    assert 0.70 <= np.mean([first == "better" for first, _ in found]) <= 0.93
    assert np.mean([second == "equivalent" for _, second in found]) >= 0.70
    alone = int(examples_needed(deviation, 0.05, power=0.8))
    short = _verdicts(generator, alone, 0.05, scenarios, 100)
    assert np.mean([first == "better" for first, _ in short]) < 0.70  # what planning for one test alone would give
