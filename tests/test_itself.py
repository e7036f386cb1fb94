"""A release is no better or worse than itself: random specifications of every task, in a small number."""

import dataclasses

import polars as pl
import pytest
from benchmarks.itself.findings import differences, faults
from benchmarks.itself.specifications import TASKS, random_case

from plainview import compare, open_store, publish

CASES = 20  # of the thousand that `python -m benchmarks.itself` makes


@pytest.mark.parametrize("seed", range(CASES))
def test_a_release_against_itself_a_shuffled_copy_and_other_ids_finds_nothing(seed, tmp_path):
    assert list(faults(random_case(seed), tmp_path / "store")) == []


def test_the_cases_are_of_every_task_and_the_same_for_a_seed():
    cases = [random_case(seed) for seed in range(CASES)]
    assert {case.task for case in cases} == set(TASKS)
    assert random_case(7).specification == cases[7].specification
    assert random_case(7).rows.equals(cases[7].rows)
    written = "".join(case.specification for case in cases)
    for word in ("cluster:", "weight:", "ids:", "where:", "no_worse_than:", "minimum_examples:", "margin:", "box."):
        assert word in written


def test_what_did_change_is_found(tmp_path):
    """The check itself can fail: another release has other values, flips, an interval beyond zero and a claim."""
    demanded = "{project: itself, task: classification, columns: {id: id, label: label}, metrics: [accuracy]}"
    before = pl.DataFrame({"id": range(200), "label": ["a"] * 200, "prediction": ["b"] * 100 + ["a"] * 100})
    for release, rows in (("one", before), ("two", before.with_columns(prediction=pl.lit("a")))):
        publish(rows, specification=demanded, release=release, store=tmp_path / "store")
    found = compare(open_store(tmp_path / "store"), "itself", "one", "two")
    said = "\n".join(differences(found))
    for word in ("is better", "differs by 0.5", "100 fixed", "became", "does not hold 0", "p =", "it says"):
        assert word in said
    assert not list(differences(dataclasses.replace(found, results=(), headline="", sentences=())))
