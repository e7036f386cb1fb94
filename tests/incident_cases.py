"""What the tests of incidents share: a small store whose releases answer one example wrong and right in turn."""

import shutil
from datetime import date

import polars as pl
import pytest
from page_stores import bar, frame, publish, specification
from verb_cases import demo, listing  # noqa: F401

from plainview.incidents import (
    followed,
    report_incident,
    test_case_yaml,
)
from plainview.store import open_store

test_case_yaml.__test__ = False
AFINN = "sentiment-afinn"
GIVEN = {"what": "A complaint was shown as praise.", "owner": "language team", "actor": "ada"}
TODAY = date(2030, 1, 1)


@pytest.fixture(name="real")
def real_store(demo, tmp_path):  # noqa: F811
    """The demo's store, to write to."""
    return open_store(shutil.copytree(demo, tmp_path / "store"))


@pytest.fixture(name="small")
def small_store(tmp_path):
    """Four releases that answer the example 0000 wrong, right, wrong, right."""
    root = tmp_path / "store"
    demanded = specification("small", requirements=[bar("all", 0.1)])
    publish(root, demanded, *answers_of(False, True, False, True))
    return open_store(root)


def answering(right: bool, *, identifier="0000", rows=None) -> pl.DataFrame:
    """The usual rows, 60 of them wrong, with one example answered right or wrong."""
    rows = frame(60) if rows is None else rows
    other = pl.when(pl.col("label") == "no").then(pl.lit("yes")).otherwise(pl.lit("no"))
    answer = pl.col("label") if right else other
    chosen = pl.when(pl.col("id") == identifier).then(answer).otherwise(pl.col("prediction"))
    return rows.with_columns(chosen.alias("prediction"))


def answers_of(*rights: bool) -> list[pl.DataFrame]:
    """A release for each, no two of them the same."""
    return [answering(right, rows=frame(60 + number)) for number, right in enumerate(rights)]


def report(store, project="small", name="It happened", **changes):
    return report_incident(store, project, name, **{**GIVEN, "ids": ["0000"], **changes})


def found(store, project="small", *, until=None, today=TODAY):
    return followed(store, project, until=until, today=today)
