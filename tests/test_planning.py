"""Planning: the examples that are asked for settle what they are asked for."""

import numpy as np
import pytest
from scipy import stats

import plainview
from plainview.planning import plan
from plainview.report import release_report


@pytest.fixture(scope="module")
def report(tmp_path_factory):
    """A second release that flips a tenth of 400 answers, on a specification with two scenarios."""
    import polars as pl

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
    whole = plan(report.specification, "accuracy", report.results, report.comparison.results, margin=0.05)[0]
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
