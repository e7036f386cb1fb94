"""Numbers as people read them: no minus nought, no exponents, no digit that is not known."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from plainview import quantities
from plainview.metrics import METRICS

ordinary = st.floats(-1e11, 1e11).filter(lambda number: number == 0 or abs(number) >= 1e-6)
shares = st.floats(-1, 1)


def _read(text):
    return float(text.replace(",", "").replace(quantities.MINUS, "-"))


@pytest.mark.parametrize(
    ("number", "text"),
    [
        (0, "0"), (1240, "1,240"), (0.031, "0.0310"), (12.04, "12.0"), (-0.31, "−0.310"), (999.96, "1,000"),
        (9.996, "10.0"), (99.96, "100"), (0.9996, "1.00"), (1e11, "100,000,000,000"), (2.5e12, "2.50e+12"),
    ],
)  # fmt: skip
def test_a_plain_number_has_three_significant_digits(number, text):
    assert quantities.plain(number) == text


@given(ordinary)
def test_a_plain_number_is_right_to_half_a_percent_and_never_an_exponent(number):
    text = quantities.plain(number)
    assert _read(text) == pytest.approx(number, rel=0.005)
    assert "e" not in text
    assert "-" not in text


@pytest.mark.parametrize(
    ("number", "text"),
    [
        (0.0758, "+7.6 points"), (-0.0758, "−7.6 points"), (0.0, "0.0 points"), (-0.0, "0.0 points"),
        (0.0004, "0.0 points"), (-0.0004, "0.0 points"), (0.01, "+1.0 point"), (-0.0104, "−1.0 point"),
        (0.0106, "+1.1 points"), (1.0, "+100.0 points"),
    ],
)  # fmt: skip
def test_a_difference_of_shares_is_in_points(number, text):
    assert quantities.difference(number, "accuracy") == text


@pytest.mark.parametrize(
    ("number", "text"), [(0.31, "+0.310 minutes"), (-11.04, "−11.0 minutes"), (0.0, "0 minutes"), (-0.0, "0 minutes")]
)
def test_a_difference_of_numbers_is_in_their_unit(number, text):
    assert quantities.difference(number, "mae", "minutes") == text
    assert quantities.difference(number, "mae") == text.removesuffix(" minutes")


@given(shares)
def test_a_size_is_the_difference_without_its_sign(number):
    assert quantities.size(number, "accuracy") == quantities.size(-number, "accuracy")
    assert not re.match(r"[+−-]", quantities.size(number, "recall[a]"))


@given(shares)
def test_opposite_differences_read_the_same_but_for_the_sign(number):
    up, down = quantities.signed(abs(number), "accuracy"), quantities.signed(-abs(number), "accuracy")
    assert up.lstrip("+") == down.lstrip(quantities.MINUS)
    assert (up == down) == (_read(up) == 0)


@pytest.mark.parametrize(
    ("number", "metric", "unit", "text"),
    [
        (0.84149, "accuracy", "", "84.1%"), (1.0, "recall[no]", "", "100.0%"), (None, "accuracy", "", "no value"),
        (12.043, "mae", "minutes", "12.0 minutes"), (12.043, "rmse", "", "12.0"), (-1.313, "bias", "minutes", "−1.31 minutes"),
        (None, "mae", "minutes", "no value"),
    ],
)  # fmt: skip
def test_a_value_is_a_percentage_or_has_its_unit(number, metric, unit, text):
    assert quantities.value(number, metric, unit) == text


def test_an_interval_says_its_unit_once():
    assert quantities.span(0.617, 0.651, "accuracy") == "61.7% to 65.1%"
    assert quantities.span(11.62, 12.21, "mae", "minutes") == "11.6 to 12.2 minutes"
    assert quantities.span(-2.62, 0.21, "bias") == "−2.62 to 0.210"


@pytest.mark.parametrize(
    ("number", "metric", "text"),
    [(0.45, "accuracy", "45%"), (0.455, "accuracy", "45.5%"), (0.29, "accuracy", "29%"), (12.5, "mae", "12.5 min")],
)
def test_a_bar_has_no_digit_more_than_a_person_wrote(number, metric, text):
    assert quantities.bar(number, metric, "min" if metric == "mae" else "") == text


@pytest.mark.parametrize(
    ("number", "metric", "text"),
    [
        (0.01, "accuracy", "1 point"),
        (0.005, "macro_f1", "0.5 points"),
        (0.02, "accuracy", "2 points"),
        (0.5, "mae", "0.5 min"),
    ],
)
def test_a_margin_reads_as_it_was_written(number, metric, text):
    assert quantities.margin(number, metric, "min" if metric == "mae" else "") == text


@given(st.integers(0, 10**9))
def test_a_rough_number_has_two_digits_that_are_not_nought(number):
    text = quantities.rough(number)
    assert text.startswith("about ")
    digits = text.removeprefix("about ").replace(",", "")
    assert len(digits.rstrip("0")) <= 2
    assert int(digits) == pytest.approx(number, rel=0.051)


def test_things_are_counted_in_words():
    assert [quantities.count(number, "example") for number in (0, 1, 2, 1204)] == [
        "0 examples", "1 example", "2 examples", "1,204 examples",
    ]  # fmt: skip
    assert quantities.count(2, "loss", "losses") == "2 losses"


def test_a_list_stops_after_three():
    names = ["a", "b", "c", "d", "e"]
    said = [quantities.listed(names[:size]) for size in range(6)]
    assert said == ["", "a", "a and b", "a, b and c", "a, b, c and 1 more", "a, b, c and 2 more"]


@given(st.sampled_from(sorted(METRICS)), st.floats(-1, 1), st.sampled_from(["", "minutes"]))
def test_no_metric_is_ever_told_with_a_loose_space_or_a_minus_nought(metric, number, unit):
    key = f"{metric}[yes]" if METRICS[metric].per_class else metric
    unit = unit if METRICS[metric].unit == "label" else ""
    for tell in (quantities.difference, quantities.value, quantities.size):
        text = tell(number, key, unit)
        assert text == text.strip()
        assert "  " not in text
        assert not re.match(r"[−+]0(\.0+)?( |$)", text)
