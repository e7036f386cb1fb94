"""What if: shares of the traffic in the address."""

import pytest

from plainview.ui.what_if import asked

GIVEN = {"Day": 0.655, "Night": 0.2}


def test_a_share_that_was_not_moved_stays_exact():
    assert asked("66-40", GIVEN) == {"Day": 0.655, "Night": 0.4}


@pytest.mark.parametrize("text", ["", "20", "20-30-40", "20-101", "20--5", "a-b", "٣-4000", "0020-1"])
def test_an_address_that_makes_no_sense_asks_for_nothing(text):
    assert asked(text, GIVEN) == GIVEN
