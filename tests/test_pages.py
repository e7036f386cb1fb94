"""Every page in every situation, through app.py: its name, its answer, and nothing that a reader could not read."""

from collections.abc import Callable
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path

import polars as pl
import pytest
import streamlit as st
from page_answers import Place
from page_data import said_of_data, said_of_production
from page_reading import NONSENSE, ROOT, charts, hollow_tooltips, live, open_page, prose, read, session, tables
from page_stores import LIVE, LONG, broken_stores, kinds_store
from streamlit.testing.v1 import AppTest
from verb_cases import demo  # noqa: F401

AFINN, DELAYS = "sentiment-afinn", "flight-delay"
LONGEST = 600  # characters of one sentence on a page
NOT_THERE = "There is no such {}"
NOTHING = ("Nothing is published yet", "Publish an evaluation, or look around with the demo first.")
DAMAGED = (
    "What is stored is not what was published",
    "A file that this page needs is damaged, so nothing is shown that could be wrong.",
)


@dataclass(frozen=True)
class Case:
    """A situation: a store, what the address asks for, and what of that is not there."""

    store: str
    asked: dict[str, str] = field(default_factory=dict)
    unknown: str | None = None  # the parameter that names what is not there
    nearest: str = ""
    damaged: bool = False  # the release that is asked for
    left_out: bool = False  # a record that cannot be used


def _here(**asked: str) -> dict[str, str]:
    return {"project": AFINN, "release": "3.0.1", **asked}


CASES = {
    "a release in the middle": Case("demo", _here()),
    "the first release": Case("demo", _here(release="1.0.6")),
    "a release against a later one": Case("demo", _here(baseline="5.0.2")),
    "a release against itself": Case("demo", _here(baseline="3.0.1")),
    "one scenario": Case("demo", _here(scenario="With a negation")),
    "the recall of a class": Case("demo", _here(metric="recall[negative]")),
    "regression": Case("demo", {"project": DELAYS}),
    "regression, one scenario": Case("demo", {"project": DELAYS, "scenario": "all", "metric": "bias"}),
    "no parameter at all": Case("demo"),
    "an unknown project": Case("demo", {"project": "sentiment-afin"}, "project", AFINN),
    "an unknown release": Case("demo", _here(release="3.0.2"), "release", "Did you mean"),
    "an unknown baseline": Case("demo", _here(baseline="2.1.9"), "baseline", "2.1.0"),
    "an unknown scenario": Case("demo", _here(scenario="With a negatio"), "scenario", "With a negation"),
    "an unknown metric": Case("demo", _here(metric="accuraccy"), "metric", "accuracy"),
    "a metric of another project": Case("demo", _here(metric="mae"), "metric", "Known: accuracy"),
    "one release only": Case("kinds", {"project": "once"}),
    "no behaviours and no requirements": Case("kinds", {"project": "bare"}),
    "300 scenarios": Case("kinds", {"project": "crowded"}),
    "77 classes": Case("kinds", {"project": "intents"}),
    "probabilities": Case("kinds", {"project": "chances", "scenario": "all", "metric": "roc_auc[yes]"}),
    "sets of labels": Case("kinds", {"project": "sets", "scenario": "all", "metric": "recall[yes]"}),
    "grades": Case("kinds", {"project": "grades", "scenario": "all"}),
    "boxes": Case("kinds", {"project": "boxes"}),
    "boxes, one scenario": Case("kinds", {"project": "boxes", "scenario": "all"}),
    "no prediction on a scenario": Case("kinds", {"project": "silent"}),
    "no prediction on the scenario asked for": Case("kinds", {"project": "silent", "scenario": "Stays silent (1)"}),
    "a test set that grew": Case("kinds", {"project": "moved", "release": "1.1"}),
    "a test set that is another": Case("kinds", {"project": "moved"}),
    "live text in every name": Case("kinds", {"project": "hostile", "scenario": f"{LIVE[0]} (0)"}),
    "live text": Case("kinds", {"project": "hostile"}),
    "names of 200 characters": Case("kinds", {"project": "lengthy", "scenario": f"{LONG[4][:190]} (4)"}),
    "many scripts": Case("kinds", {"project": "worldly"}),
    "an empty store": Case("empty"),
    "a store that is not there": Case("missing"),
    "damaged predictions": Case("predictions", {"project": "bad", "release": "1.1"}, damaged=True),
    "beside damaged predictions": Case("predictions", {"project": "good"}),
    "a damaged record": Case("record", {"project": "bad"}, left_out=True),
    "a record of a newer format": Case("newer", {"project": "bad"}, left_out=True),
}


@dataclass(frozen=True)
class Row:
    """A page: its name and its answer where nothing is amiss, and which parameters it must find."""

    title: Callable[["Place"], str]
    answer: Callable[["Place"], str]
    reads: tuple[str, ...] = ()
    compares: bool = True  # it reads predictions, so damage to them shows


PLACED = ("project", "release", "baseline")
PAGES = {
    "release/report": Row(lambda p: f"{p.evaluation.title}, {p.name}", lambda p: p.report.headline, PLACED),
    "release/behaviours": Row(
        lambda p: f"{p.scenario_title}, {p.name}" if p.scenario else f"Behaviours of {p.name}",
        lambda p: p.estimated if p.scenario else p.behaves,
        (*PLACED, "scenario", "metric"),
    ),
    "release/requirements": Row(lambda p: f"Requirements of {p.name}", lambda p: p.demands, PLACED),
    "release/compare": Row(lambda p: p.compare_title, lambda p: p.compare_answer, (*PLACED, "scenario", "metric")),
    "release/decision": Row(
        lambda p: f"Decision on {p.name}",
        lambda p: f"Nobody has decided on {p.name}.",
        ("project", "release", "baseline"),
    ),
    "evidence/trends": Row(
        lambda p: f"Trends of {p.evaluation.title}", lambda p: p.trend, (*PLACED, "scenario", "metric"), compares=False
    ),
    "evidence/planning": Row(lambda p: "How many examples", lambda p: p.planned, (*PLACED, "metric")),
    "evidence/data": Row(lambda p: f"Test set of {p.name}", said_of_data, PLACED, compares=False),
    "evidence/monitoring": Row(
        lambda p: f"Production of {p.evaluation.title}", said_of_production, PLACED, compares=False
    ),
    "evidence/thresholds": Row(
        lambda p: f"Thresholds of {p.name}", lambda p: p.thresholds, (*PLACED, "scenario"), compares=False
    ),
    "evidence/errors": Row(lambda p: f"Errors of {p.name}", lambda p: p.errors, PLACED),
    "evidence/patterns": Row(lambda p: f"Error patterns of {p.name}", lambda p: p.patterns, PLACED),
    "evidence/differences": Row(lambda p: p.differences_title, lambda p: p.differences, PLACED),
    "evidence/explanations": Row(lambda p: f"Explanations of {p.name}", lambda p: p.explained, PLACED),
    "evidence/incidents": Row(
        lambda p: f"Incidents of {p.evaluation.title}", lambda p: "No incident was reported.", PLACED, compares=False
    ),
    "evidence/robustness": Row(lambda p: f"Robustness of {p.name}", lambda p: p.robust, PLACED, compares=False),
    "evidence/what_if": Row(lambda p: f"What if, {p.name}", lambda p: p.tried, PLACED),
    "evidence/next_data": Row(lambda p: "What data next", lambda p: p.wanted, PLACED),
    "evidence/exposure": Row(
        lambda p: f"Errors of {p.name} in use" if p.exposed else "Errors in use", lambda p: p.exposure_answer, PLACED
    ),
    "readiness/portfolio": Row(lambda p: "Portfolio", lambda p: p.portfolio, compares=False),
    "readiness/maturity": Row(lambda p: f"Maturity of {p.name}", lambda p: p.matures, PLACED, compares=False),
    "readiness/scorecards": Row(
        lambda p: f"Error-analysis maturity, {p.name}", lambda p: p.matures, PLACED, compares=False
    ),
    "readiness/assess": Row(
        lambda p: f"Assess {p.name}", lambda p: "13 questions. All of them are open.", PLACED, compares=False
    ),
    "about/publish": Row(
        lambda p: "Publish an evaluation",
        lambda p: "One row an example, one file that says what is demanded, one call for each release.",
    ),
    "about/methods": Row(
        lambda p: "Methods",
        lambda p: (
            "Every sentence is made to be true as often as it claims: differences carry intervals, "
            "and many tests share one error rate."
        ),
    ),
    "about/glossary": Row(
        lambda p: "Glossary", lambda p: "Every word has one meaning, in the app, the library and the command line."
    ),
    "about/search": Row(
        lambda p: "Search",
        lambda p: "Find a project, a release, a scenario, a requirement or a word by what it is called.",
    ),
    "about/audit": Row(lambda p: "Log of writes and exports", lambda p: p.logged),
}


@pytest.fixture(scope="module")
def folders(tmp_path_factory) -> dict[str, Path]:
    base = tmp_path_factory.getbasetemp()
    return {"kinds": kinds_store(base / "page-stores"), **broken_stores(base / "page-stores")}


@pytest.fixture(scope="module", params=CASES)
def case(request) -> Case:
    """A situation; one reader visits all its pages, and the caches start empty."""
    st.cache_data.clear()
    st.cache_resource.clear()
    return CASES[request.param]


@pytest.fixture(scope="module")
def reader(case) -> AppTest:
    return session()


@pytest.fixture
def place(case, folders, demo, monkeypatch, tmp_path_factory) -> Place:  # noqa: F811
    folder = folders.get(case.store, demo)
    monkeypatch.setenv("PLAINVIEW_STORE", str(folder))
    monkeypatch.setenv("PLAINVIEW_CACHE", str(tmp_path_factory.getbasetemp() / f"cache-{case.store}"))
    return _place(folder, tuple(case.asked.items()))


@cache
def _place(folder: Path, asked: tuple[tuple[str, str], ...]) -> Place:
    return Place(folder, dict(asked))


@pytest.mark.parametrize("path", PAGES)
def test_every_page_says_what_it_should_in_every_situation(case, place, reader, path):
    page, row = open_page(path, reader=reader, **case.asked), PAGES[path]
    assert not page.exception
    title, answer = _expected(case, place, row)
    assert [read(each.value) for each in page.title] == [_cut(title)]
    [said] = [read(each.value) for each in page.header]
    assert answer in said if isinstance(answer, Part) else said == _cut(answer)
    assert any("left out" in each.label for each in page.expander) == case.left_out
    _check_that_it_can_be_read(page)


class Part(str):
    """A part of a sentence that is not given in full."""

    __slots__ = ()


def _expected(case: Case, place: Place, row: Row) -> tuple[str, str]:
    if case.store in ("empty", "missing") and (row.reads or row.title(place) == "Portfolio"):
        return NOTHING
    if case.unknown in row.reads:
        return NOT_THERE.format("release" if case.unknown == "baseline" else case.unknown), Part(case.nearest)
    if case.damaged and row.reads and row.compares:
        return DAMAGED
    return row.title(place), row.answer(place)


def _cut(text: str) -> str:
    return text if len(text) <= LONGEST else text[: LONGEST - 1].rstrip() + "…"


def _check_that_it_can_be_read(page) -> None:
    assert [text for text in prose(page) if NONSENSE.search(text)] == []
    assert live(page) == []
    for spec, chart in zip(charts(page), page.get("vega_lite_chart"), strict=True):
        assert chart.proto.alt.endswith((".", "…"))
        assert hollow_tooltips(spec) == set()
    for shown, table in zip(tables(page), page.dataframe, strict=True):
        assert table.proto.alt
        assert table.proto.placeholder not in ("", "None") or not any(shown.null_count().row(0))
        words = shown.select(pl.selectors.string()).unpivot()["value"].drop_nulls()
        assert [word for word in words if NONSENSE.fullmatch(word)] == []


def test_a_new_page_is_a_new_row():
    files = {f"{path.parent.name}/{path.stem}" for path in (ROOT / "pages").rglob("*.py")}
    assert files == set(PAGES)
