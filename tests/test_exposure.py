"""Exposure: expected errors and cost per 10,000 requests, from shares of traffic."""

import pytest

from plainview.exceptions import InputError, SpecificationError
from plainview.exposure import exposure
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
