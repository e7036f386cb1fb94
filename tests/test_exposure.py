"""Exposure: expected errors and cost per 10,000 requests, from shares of traffic."""

import numpy as np
import pytest
import yaml
from statsmodels.stats.proportion import proportion_confint

from plainview import narrative
from plainview.exceptions import InputError, SpecificationError
from plainview.exposure import NO_ERRORS, error_metric, exposure
from plainview.records import Result
from plainview.specification import load_specification

SPECIFICATION = load_specification(
    {
        "project": "exposure",
        "task": "classification",
        "columns": {"id": "id", "label": "label"},
        "metrics": ["accuracy"],
        "behaviours": [
            {
                "name": "Light",
                "scenarios": [
                    {"name": "Day", "where": "hour < 20", "traffic": 0.7, "cost": 2.0},
                    {"name": "Night", "where": "hour >= 20", "traffic": 0.2, "cost": 10.0},
                ],
            }
        ],
    }
)


def _result(scenario, value, low, high):
    return Result(scenario=scenario, metric="accuracy", value=value, low=low, high=high, examples=100, method="test/1")


RESULTS = [_result("all", 0.9, 0.85, 0.94), _result("Day", 0.95, 0.90, 0.98), _result("Night", 0.8, 0.7, 0.9)]


def test_errors_are_those_of_ten_thousand_requests_in_the_mix_of_the_traffic():
    day, night, together = exposure(SPECIFICATION, RESULTS)
    assert (day.errors, day.errors_low, day.errors_high) == pytest.approx((350, 140, 700))
    assert (night.errors, night.cost) == pytest.approx((400, 4000))
    assert together.errors == pytest.approx(750)
    assert together.cost == pytest.approx(4700)
    assert together.traffic == pytest.approx(0.9)
    assert together.errors_low == pytest.approx(750 - (210**2 + 200**2) ** 0.5)


def test_another_mix_of_traffic_gives_other_errors():
    night = exposure(SPECIFICATION, RESULTS, mix={"Night": 1.0})
    assert [row.scenario for row in night] == ["Night"]
    assert night[0].errors == pytest.approx(2000)


def test_a_scenario_without_a_value_has_no_errors_and_no_sum_is_made_of_it():
    unknown = [RESULTS[0], RESULTS[1], _result("Night", None, None, None)]
    rows = exposure(SPECIFICATION, unknown)
    assert [row.scenario for row in rows] == ["Day", "Night"]
    assert rows[1].errors is None
    assert rows[1].cost is None


@pytest.mark.parametrize(
    ("mix", "error", "said"),
    [
        ({"Day": 0.7, "Night": 0.4}, InputError, "add up to 1.1"),
        ({"Day": -0.1}, InputError, "between 0 and 1"),
        ({"Dusk": 0.1}, SpecificationError, "no scenario 'Dusk'"),
    ],
)
def test_shares_that_cannot_be_are_refused(mix, error, said):
    with pytest.raises(error, match=said):
        exposure(SPECIFICATION, RESULTS, mix=mix)


@pytest.mark.parametrize("metrics", [["macro_f1"], [{"name": "recall", "class": "a"}]])
def test_a_metric_that_counts_no_requests_says_nothing_of_errors_and_why(metrics):
    demanded = load_specification(yaml.safe_load(SPECIFICATION.text) | {"metrics": metrics})
    found = exposure(demanded, [])
    assert error_metric(demanded) is None
    assert [row.errors for row in found] == [None, None]
    assert narrative.exposure_answer(found, "macro_f1", "") == f"What errors come to in use is not known: {NO_ERRORS}."


def test_a_mean_of_seconds_is_no_number_of_errors():
    columns = {"id": "id", "prediction": "passed", "answers": ["seconds"]}
    demanded = yaml.safe_load(SPECIFICATION.text) | {"task": "scored", "columns": columns, "metrics": ["mean[seconds]"]}
    assert error_metric(load_specification(demanded)) is None
    demanded["metrics"] = ["mean[seconds]", "pass_rate"]
    assert error_metric(load_specification(demanded)) == "pass_rate"


def test_errors_of_numbers_are_how_far_they_are_off_in_all():
    demanded = yaml.safe_load(SPECIFICATION.text) | {"task": "regression", "metrics": ["bias", "mae"]}
    results = [each.model_copy(update={"metric": "mae"}) for each in RESULTS]
    day = exposure(load_specification(demanded), results)[0]
    assert (day.errors, day.errors_low, day.errors_high) == pytest.approx((6650, 6300, 6860))


def test_the_interval_of_the_sum_holds_the_truth_as_often_as_it_says():
    generator, truth, shares, sizes = np.random.default_rng(5), (0.04, 0.2), (0.7, 0.2), (150, 60)
    expected = 10_000 * sum(share * error for share, error in zip(shares, truth, strict=True))
    held = 0
    for wrong in generator.binomial(sizes, truth, size=(1000, 2)):
        right = np.array(sizes) - wrong
        ends = [proportion_confint(hits, size, method="wilson") for hits, size in zip(right, sizes, strict=True)]
        results = [
            _result(name, hits / size, *end)
            for name, hits, size, end in zip(("Day", "Night"), right, sizes, ends, strict=True)
        ]
        together = exposure(SPECIFICATION, results)[-1]
        held += together.errors_low <= expected <= together.errors_high
    assert 0.935 <= held / 1000 <= 0.975


def test_with_many_examples_the_interval_is_that_of_the_weighted_sum_of_independent_shares():
    size, truth, shares = 40_000, np.array([0.05, 0.2]), np.array([0.7, 0.2])
    ends = [proportion_confint(round((1 - error) * size), size, method="wilson") for error in truth]
    results = [_result(name, 1 - error, *end) for name, error, end in zip(("Day", "Night"), truth, ends, strict=True)]
    together = exposure(SPECIFICATION, results)[-1]
    deviation = 10_000 * np.sqrt((shares**2 * truth * (1 - truth) / size).sum())
    assert together.errors_high - together.errors_low == pytest.approx(2 * 1.959964 * deviation, rel=0.001)
