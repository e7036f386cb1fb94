"""What people wrote in the demo: signed as such, and true of the releases that it is about."""

import shutil
from datetime import UTC, datetime
from pathlib import Path

import polars as pl
import pytest
import yaml
from verb_cases import demo, listing  # noqa: F401

from plainview.comparison import compare
from plainview.decisions import decisions_of, evidence_of, moved
from plainview.demo_written import WRITTEN, leave_written
from plainview.errors.mistakes import confident_mistakes
from plainview.errors.patterns import pattern_standings, patterns_in
from plainview.incidents import followed
from plainview.narrative import not_drawn
from plainview.narrative.decisions import decision_sentence
from plainview.readiness import Readiness
from plainview.report import release_report
from plainview.reviews import COMPARISON, MISTAKES, reviews_in
from plainview.specification import load_specification
from plainview.store import open_store
from plainview.store.events import key_of

DATA = Path(__file__).parent.parent / "data" / "demo"
AFINN, FLIGHTS = "sentiment-afinn", "flight-delay"
TODAY = datetime.now(UTC).date()
NEGATED = [f"afinn_{version}" for version in ("1.0.6", "2.1.0", "3.0.1", "4.2.0", "5.0.2")]


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    return tmp_path_factory.mktemp("written") / "store"


@pytest.fixture
def store(demo, folder):  # noqa: F811
    """The releases of the demo and what people wrote of them, written once."""
    if not folder.exists():
        shutil.copytree(demo, folder)
        leave_written(open_store(folder), DATA)
    return open_store(folder)


def sentences():
    return pl.read_csv(DATA / "sentiment" / "sentences.csv")


def test_whoever_wrote_something_is_said_to_be_of_the_demo(store):
    declared = yaml.safe_load((DATA / WRITTEN).read_text())
    assert all(entry["by"].startswith("demo: ") for project in declared for entry in project["written"])
    by_tools = {"check", "explanation", "data tests", "split", "monitoring"}
    written = [each for each in store.events() if each.kind not in by_tools]
    assert len(written) == sum(len(project["written"]) for project in declared)
    assert all(each.actor.startswith("demo: ") for each in written)


def test_writing_it_again_or_after_it_was_cut_short_leaves_each_thing_once(store, folder, tmp_path):
    before = listing(folder)
    leave_written(store, DATA)
    assert listing(folder) == before
    shutil.copytree(folder, tmp_path / "store")
    last = store.events(AFINN, kind="decision")[-1]
    (tmp_path / "store" / key_of(last)).unlink()
    short = open_store(tmp_path / "store")
    leave_written(short, DATA)
    assert [each.body["decision"] for each in short.events(AFINN, kind="decision")] == ["go", "no-go"]


def test_the_incident_is_of_every_sentence_that_only_the_release_with_wasnt_reads_right(store):
    [row] = followed(store, AFINN, today=TODAY)
    rows = sentences()
    right = [(pl.col(name) == pl.col("label")) for name in NEGATED]
    only = rows.filter(right[3] & ~right[0] & ~right[1] & ~right[2] & ~right[4])
    assert sorted(row.incident.ids) == sorted(only["id"])
    assert only["text"].str.contains("wasn't").all()
    assert [step.state for step in row.steps] == ["wrong", "right", "wrong"]
    assert (row.status, row.since, row.fixed_before) == ("came back", "5.0.2", "4.2.0")
    assert (row.guard.scenario, row.guard.release, row.guard.demanded) == (row.incident.scenario, "4.2.0", True)
    assert release_report(store, AFINN, "5.0.2").headline.endswith(
        f"it brings back the incident “{row.incident.name}”."
    )


def test_each_decision_rests_on_what_there_is_and_on_nothing_that_moved(store):
    found = {each.release: each for name in (AFINN, FLIGHTS) for each in decisions_of(store, name)[0]}
    said = {release: (each.decision, each.evidence.gate) for release, each in found.items()}
    assert said == {
        "4.2.0": ("go", "not proven"),
        "5.0.2": ("no-go", "fail"),
        "2013.09": ("conditional go", "not proven"),
    }
    for each in found.values():
        assert moved(each.evidence, evidence_of(store, each.project, each.release)) == []
    assert not found["2013.09"].overdue(TODAY)
    [waived] = [row for row in release_report(store, FLIGHTS, "2013.09").standings if row.status == "waived"]
    assert (waived.id, waived.measured) == ("REQ-5", "not met")


def test_what_decisions_and_reviews_say_of_the_releases_is_so(store):
    for project, before, after in ((AFINN, "3.0.1", "4.2.0"), (FLIGHTS, "2013.06", "2013.09")):
        results = compare(store, project, before, after).results
        assert "worse" not in {row.verdict for row in results if row.metric == results[0].metric}
    values = [
        {(each.scenario, each.metric): each.value for each in store.results(one)} for one in store.releases(FLIGHTS)
    ]
    fog = [each["In low visibility", "mae"] for each in values]
    assert min(fog) == fog[-1] > 15
    assert values[-1]["In low visibility", "bias"] == pytest.approx(-6.7, abs=0.05)
    late = [each["Left over an hour late", "mae"] for each in values]
    assert late[1] > late[0] + 0.5
    assert late[2] < late[1] - 0.5
    rows = sentences()
    was, now = (rows["label"] == rows[f"afinn_{version}"] for version in ("4.2.0", "5.0.2"))
    assert rows.filter(was & ~now)["text"].str.contains("wasn't").all()
    stuck = rows.filter(now & ~was)["text"].str.contains(r"\w[.,!?]+\w|[!?]{2,}")
    assert stuck.sum() > len(stuck) / 2
    assert len(reviews_in(store.events(AFINN), COMPARISON)) == 1


@pytest.mark.parametrize("project", [AFINN, FLIGHTS])
def test_the_mistakes_that_were_looked_at_are_those_that_the_page_lists_first(store, project):
    [review] = reviews_in(store.events(project), MISTAKES)
    listed = confident_mistakes(store, store.evaluation(project, review.release)).table
    assert list(review.ids) == listed["id"].head(review.count).to_list()


def test_warnings_became_praise_with_the_release_that_learnt_negation(store):
    patterns = patterns_in(store.events(AFINN))
    assert [(each.name, each.status) for each in patterns] == [("Warnings read as praise", "being worked on")]
    assert patterns[0].note.startswith("The rule of 3.0.1")
    table = pattern_standings(store, patterns, store.releases(AFINN))
    assert table["errors"].to_list() == [2, 3, 17, 17, 17]


def test_claims_stand_above_the_evidence_and_a_deleted_artifact_lowers_only_the_latter(store, folder, tmp_path):
    claimed = Readiness(store, AFINN).standing("error-analysis")
    assert (claimed.claimed.label, claimed.evidenced.label) == ("L3", "below L0")
    assert [row.question.code for row in claimed.questions if row.unsupported] == ["EA1", "EA6", "EA8"]
    culture = Readiness(store, AFINN).standing("quality-culture")
    assert (culture.claimed.label, culture.evidenced.label) == ("5 of 5", "4 of 5")
    assert Readiness(store, FLIGHTS).standing("error-analysis").evidenced.label == "L0"
    shutil.copytree(folder, tmp_path / "store")
    gone = [*store.events(FLIGHTS, kind="split"), *store.events(AFINN, kind="decision")]
    for event in gone:
        (tmp_path / "store" / key_of(event)).unlink()
    left = open_store(tmp_path / "store")
    flights, after = (Readiness(left, name).standing for name in (FLIGHTS, AFINN))
    assert flights("error-analysis").evidenced.label == "below L0"
    assert (after("quality-culture").claimed.label, after("quality-culture").evidenced.label) == ("5 of 5", "3 of 5")


def test_the_test_case_is_known_as_one_and_is_not_drawn_among_what_changed(store):
    cases = {}
    for one in store.releases(AFINN):
        cases[one.release] = set(load_specification(store.specification_text(one)).test_cases)
    assert [name for name, found in cases.items() if found] == ["4.2.0", "5.0.2"]
    assert cases["5.0.2"] == {"Wasn't as a negation"}
    assert not_drawn(1).startswith("1 test case is not drawn")
    [latest, *_], _ = decisions_of(store, AFINN)
    assert decision_sentence(latest, "5.0.2").endswith("We stay on 4.2.0”.")
