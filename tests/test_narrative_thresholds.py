"""What is said of thresholds: what one gives, what another would, and whether what is stated comes true."""

import pytest

from plainview.narrative.thresholds import calibration_answer, threshold_answer, threshold_read


def row(threshold, precision, recall):
    return {"threshold": threshold, "precision": precision, "recall": recall}


ROWS = [row(0.1, 0.3, 1.0), row(0.31, 0.62, 0.92), row(0.5, 0.71, 0.83), row(0.9, 0.95, 0.2), row(1.0, None, 0.0)]


def test_the_threshold_in_use_and_what_more_recall_would_cost():
    assert threshold_answer("3.0.1", "spam", ROWS[2], in_use=True, rows=ROWS) == (
        "At the threshold in use, 0.50, 3.0.1 finds 83.0% of those that are spam (recall), and is right in 71.0% of those it "
        "calls so (precision). Recall of 90% needs a threshold of at most 0.31, at which precision is about 62.0%."
    )


def test_where_recall_is_there_precision_is_what_is_missing():
    said = threshold_answer("1", "spam", ROWS[1], in_use=False, rows=ROWS)
    assert said.startswith("At a threshold of 0.31 1 finds 92.0%")
    assert said.endswith("Precision of 90% needs a threshold of about 0.90, at which recall is about 20.0%.")


def test_what_is_demanded_is_what_is_aimed_at():
    said = threshold_answer("1", "spam", ROWS[2], in_use=True, rows=ROWS, targets=(0.825, 0.7))
    assert said.endswith("(precision).")
    assert "Recall of 99.5% needs a threshold of at most 0.10" in threshold_answer(
        "1", "spam", ROWS[2], in_use=True, rows=ROWS, targets=(0.995, 0.9)
    )


def test_what_no_threshold_reaches_is_said_so():
    assert threshold_answer("1", "spam", ROWS[3], in_use=True, rows=ROWS[3:]).endswith(
        "No threshold gives a recall of 90%."
    )
    assert threshold_answer("1", "spam", ROWS[0], in_use=True, rows=ROWS[:3]).endswith(
        "No threshold gives a precision of 90%."
    )


def test_nothing_called_so_and_nobody_of_the_class():
    assert "and calls nothing so." in threshold_answer("1", "spam", ROWS[4], in_use=True, rows=ROWS)
    said = threshold_answer("1", "spam", row(0.5, None, None), in_use=True, rows=[])
    assert said == "At the threshold in use, 0.50, nothing can be said of 1: no example with a score is spam."


@pytest.mark.parametrize(
    ("number", "text"), [(0.5, "0.50"), (0.313, "0.313"), (0.00123, "0.00123"), (12500.0, "12,500"), (-1.0, "-1.00")]
)
def test_a_threshold_has_no_more_digits_than_it_needs(number, text):
    assert threshold_read(number) == text


def band(stated, happened, low, high, rows=100):
    return {"stated": stated, "happened": happened, "happened_low": low, "happened_high": high, "rows": rows}


def test_calibration_names_the_band_that_is_furthest_off_for_most_examples():
    good, off = band(0.2, 0.25, 0.1, 0.3), band(0.85, 0.71, 0.65, 0.77)
    assert calibration_answer("spam", [good]).startswith("In every band of probability, spam happens about as often")
    assert calibration_answer("spam", [good, off, band(0.5, 0.2, 0.1, 0.4, rows=3)]) == (
        "In 2 of 3 bands of probability spam happens less often than is stated: "
        "where 85.0% is stated on average, it is 71.0% (65.0% to 77.0%)."
    )
    assert calibration_answer("spam", []) == "No probability was stated."
