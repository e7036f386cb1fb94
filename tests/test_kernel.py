"""The kernel: sums are exact, so any chunking, order or machine gives the same bytes."""

import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from plainview.exceptions import FrameError
from plainview.kernel import Contributions, Rows, Sums, digits, ranked, sums

numbers = st.floats(-1e280, 1e280, allow_nan=False, allow_infinity=False)
rows = st.lists(st.tuples(st.integers(0, 2), numbers, st.booleans(), st.booleans()), min_size=1, max_size=60)


def _sums(chosen: list[tuple[int, float, bool, bool]]) -> Sums:
    codes, values, *masks = (np.array(column) for column in zip(*chosen, strict=True))
    cells = (("a", "a"), ("a", "b"), ("b", None))
    return sums(Contributions(cells, codes.astype(int), {"x": values.astype(float)}), masks)


def _same(one: Sums, other: Sums) -> bool:
    left, right = one.totals(), other.totals()
    if left.cells != right.cells:
        return False
    return left.count.tobytes() == right.count.tobytes() and all(
        left.terms[name].tobytes() == right.terms[name].tobytes() for name in left.terms
    )


@given(rows, st.data())
@settings(max_examples=200, deadline=None)
def test_any_chunking_gives_the_same_bytes(chosen, data):
    cuts = sorted(data.draw(st.lists(st.integers(0, len(chosen)), max_size=5)))
    edges = [0, *cuts, len(chosen)]
    parts = [_sums(chosen[start:stop]) for start, stop in zip(edges, edges[1:], strict=False) if stop > start]
    assert _same(sum(parts[1:], parts[0]), _sums(chosen))


@given(rows, st.randoms())
@settings(max_examples=100, deadline=None)
def test_any_order_of_rows_gives_the_same_bytes(chosen, random):
    shuffled = list(chosen)
    random.shuffle(shuffled)
    assert _same(_sums(shuffled), _sums(chosen))


@given(rows)
@settings(max_examples=200, deadline=None)
def test_sums_agree_with_a_correctly_rounded_sum(chosen):
    totals = _sums(chosen).totals()
    for row, cell in enumerate(totals.cells):
        code = [("a", "a"), ("a", "b"), ("b", None)].index(cell)
        for scenario in (0, 1):
            exact = math.fsum(value for which, value, *masks in chosen if which == code and masks[scenario])
            scale = math.fsum(abs(value) for which, value, *masks in chosen if which == code and masks[scenario])
            found = totals.terms["x"][row, scenario] if "x" in totals.terms else 0.0
            assert found == pytest.approx(exact, rel=1e-15, abs=1e-15 * scale)


def test_counts_are_counts_of_rows_in_each_cell_and_scenario():
    totals = _sums([(0, 1.0, True, True), (0, 2.0, True, False), (2, 3.0, True, True)]).totals()
    assert dict(zip(totals.cells, totals.count.tolist(), strict=True)) == {
        ("a", "a"): [2.0, 1.0],
        ("a", "b"): [0.0, 0.0],
        ("b", None): [1.0, 1.0],
    }


def test_totals_over_some_values_of_the_cells_add_up_the_rest():
    totals = _sums([(0, 1.0, True, True), (1, 2.0, True, False), (2, 4.0, True, True)]).totals().project(0)
    assert dict(zip(totals.cells, totals.count[:, 0].tolist(), strict=True)) == {("a",): 2.0, ("b",): 1.0}
    assert totals.terms["x"].sum(axis=0).tolist() == [7.0, 5.0]


def test_a_number_too_large_to_be_squared_and_summed_is_refused_by_name():
    with pytest.raises(FrameError, match="too large to be summed"):
        _sums([(0, 1e305, True, True)])


def test_sums_of_other_scenarios_cannot_be_added():
    with pytest.raises(ValueError, match="2 and of 3 scenarios"):
        Sums(2, {}) + Sums(3, {})


def test_a_term_that_is_nought_everywhere_is_still_a_term():
    nought = _sums([(0, 0.0, True, True)])
    assert nought.totals().terms["x"].tolist() == [[0.0, 0.0]] * 3
    assert _same(nought + _sums([(1, 2.0, True, False)]), _sums([(0, 0.0, True, True), (1, 2.0, True, False)]))


def test_values_are_ranked_with_what_is_missing_first():
    distinct, ranks = ranked(["b", None, "a", "", "b"])
    assert distinct == [None, "", "a", "b"]
    assert ranks.tolist() == [3, 0, 2, 1, 3]
    assert digits(ranks).tolist() == ranks.tolist()
    assert digits(np.array([0, 70_000])).tolist() == [0, 70_000]
    assert ranked([])[1].tolist() == []


def test_what_is_carried_along_has_one_order_whichever_rows_came_first():
    """A chunk may lack a class that another has: the sums over classes would differ in their last digit."""
    one = Rows({"class:b": np.array([1, 0]), "class:a": np.array([0, 1])}, np.zeros((2, 1), np.uint8))
    other = Rows({"class:a": np.array([1])}, np.ones((1, 1), np.uint8))
    forth, back = (one + other).ordered(), (other + one).ordered()
    assert [*forth.values] == [*back.values] == ["class:a", "class:b"]
    for name, values in forth.values.items():
        assert values.tolist() == back.values[name].tolist()
    assert forth.members.tolist() == back.members.tolist()
