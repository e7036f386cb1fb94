"""The report of one release: its results, its requirements, and what changed since the one before."""

import json

import polars as pl
import pytest
from verb_cases import CLASSES, ROWS, demo, demo_store, frame, put  # noqa: F401

from plainview.comparison import compare, compare_evaluations
from plainview.exceptions import DamagedError, NotFoundError
from plainview.publishing import publish
from plainview.report import previous, release_report
from plainview.store import open_store

DEMANDS = """
requirements:
  - {id: A, metric: accuracy, at_least: 0.3}
  - {id: B, metric: accuracy, no_worse_than: previous, margin: 0.3}
  - {id: C, metric: accuracy, no_worse_than: "1.0", margin: 0.3, scenario: Short}
  - {id: D, metric: accuracy, no_worse_than: "9.9"}
"""


@pytest.fixture
def root(tmp_path):
    return tmp_path / "store"


def lines(root, *releases, **changes):
    """Releases in order, each with other answers; returns the open store."""
    for number, release in enumerate(releases):
        rows = frame().with_columns(
            prediction=pl.when(pl.int_range(ROWS) < number).then(pl.lit("yes")).otherwise("prediction")
        )
        put(rows, root, release=release, released=f"2024-0{number + 1}-01", specification=CLASSES + DEMANDS, **changes)
    return open_store(root)


def test_the_report_of_the_first_release_compares_nothing(root):
    report = release_report(lines(root, "1.0"), "reviews", "1.0")
    assert (report.baseline, report.comparison) == (None, None)
    assert report.headline.startswith("1.0 is the first release")
    assert [(row.id, row.status) for row in report.standings] == [
        ("A", "met"), ("B", "no evidence"), ("C", "no evidence"), ("D", "no evidence"),
    ]  # fmt: skip
    assert "1 of 4 requirements is met" in report.standing


def test_a_release_is_compared_with_the_one_before_it(root):
    store = lines(root, "1.0", "1.1", "2.0")
    report = release_report(store, "reviews", "2.0")
    assert report.baseline.release == "1.1"
    assert report.comparison == compare(store, "reviews", "1.1", "2.0")
    assert report.headline == report.comparison.headline
    assert report.results == store.results(store.evaluation("reviews", "2.0"))
    standings = {row.id: row for row in report.standings}
    assert "compared with 1.1" in standings["B"].sentence
    assert "compared with 1.0" in standings["C"].sentence
    assert standings["D"].status == "no evidence"


def test_another_baseline_may_be_asked_for_and_previous_still_means_the_one_before(root):
    store = lines(root, "1.0", "1.1", "2.0")
    report = release_report(store, "reviews", "2.0", baseline="1.0")
    assert report.baseline.release == "1.0"
    assert report.comparison == compare(store, "reviews", "1.0", "2.0")
    assert "compared with 1.1" in {row.id: row for row in report.standings}["B"].sentence
    with pytest.raises(NotFoundError, match=r"no release '1.2' of 'reviews' to compare with. Did you mean '1.[01]'"):
        release_report(store, "reviews", "2.0", baseline="1.2")


def test_no_comparison_is_made_twice(root):
    store, made = lines(root, "1.0", "1.1", "2.0"), []

    def counted(one, other):
        made.append((one.release, other.release))
        return compare_evaluations(store, one, other)

    release_report(store, "reviews", "2.0", compare=counted)
    assert sorted(made) == [("1.0", "2.0"), ("1.1", "2.0")]


def _flip(path):
    path.chmod(0o644)
    content = bytearray(path.read_bytes())
    content[len(content) // 2] ^= 1
    path.write_bytes(bytes(content))


def test_a_baseline_that_cannot_be_read_does_not_hide_a_sound_release(root):
    store = lines(root, "1.0", "1.1")
    _flip(root / store.evaluation("reviews", "1.0").predictions_file.key)
    report = release_report(open_store(root), "reviews", "1.1")
    assert [row.value for row in report.results] == [row.value for row in store.results(report.evaluation)]
    assert report.baseline.release == "1.0"
    assert report.headline.startswith("1.1 and 1.0 cannot be compared: 1.0 cannot be read: data/predictions/")
    assert {row.verdict for row in report.comparison.results} == {"not comparable"}
    standings = {row.id: row for row in report.standings}
    assert (standings["A"].status, standings["B"].status) == ("met", "no evidence")
    assert "1.0 cannot be read" in standings["B"].sentence


def test_a_release_that_cannot_be_read_itself_has_no_report_with_a_comparison(root):
    store = lines(root, "1.0", "1.1")
    _flip(root / store.evaluation("reviews", "1.1").predictions_file.key)
    with pytest.raises(DamagedError, match="is damaged"):
        release_report(open_store(root), "reviews", "1.1")


def test_releases_follow_each_other_by_date_and_not_by_publication(root):
    for release, released in (("new", "2024-03-01"), ("old", "2024-01-01"), ("middle", "2024-02-01")):
        put(frame(text=[release] * ROWS), root, release=release, released=released)
    store = open_store(root)
    assert release_report(store, "reviews", "new").baseline.release == "middle"
    assert release_report(store, "reviews", "middle").baseline.release == "old"
    assert release_report(store, "reviews", "old").baseline is None
    line = store.releases("reviews")
    assert [getattr(previous(line, one), "release", None) for one in line] == [None, "old", "middle"]


def test_a_release_is_compared_on_its_own_test_set(root):
    for release, test_set, rows in (
        ("1.0", "default", frame()),
        ("2.0", "hard", frame().head(40)),
        ("3.0", "hard", frame().head(40)),
    ):
        publish(rows, specification=CLASSES, release=release, test_set=test_set, store=root)
    store = open_store(root)
    assert release_report(store, "reviews", "2.0").baseline is None
    report = release_report(store, "reviews", "3.0")
    assert (report.baseline.release, report.comparison.examples) == ("2.0", 40)
    with pytest.raises(NotFoundError, match="not evaluated on a test set 'other'"):
        release_report(store, "reviews", "3.0", test_set="other")


def test_a_new_revision_replaces_the_old_one_in_the_report(root):
    lines(root, "1.0")
    put(frame(prediction=["yes"] * ROWS), root, release="1.0", specification=CLASSES + DEMANDS)
    report = release_report(open_store(root), "reviews", "1.0")
    assert report.results[0].value == pytest.approx(40 / 60)
    assert report.baseline is None


@pytest.mark.parametrize("project", ["sentiment-afinn", "sentiment-vader", "flight-delay"])
def test_every_release_of_the_demo_has_a_report_that_is_plain_json(demo_store, project):  # noqa: F811
    for evaluation in demo_store.releases(project):
        report = release_report(demo_store, project, evaluation.release)
        plain = json.loads(json.dumps(report.to_dict(), allow_nan=False))
        assert plain["release"] == evaluation.release
        assert len(plain["results"]) == len(report.specification.scenarios) * len(report.specification.metric_keys)
        assert {row["status"] for row in plain["requirements"]} <= {"met", "not met", "unproven", "no evidence"}
        assert all(row["sentence"].startswith(row["title"]) for row in plain["requirements"])
        met = sum(row["status"] == "met" for row in plain["requirements"])
        assert plain["standing"].startswith(f"{met} of {len(plain['requirements'])} requirements")


KNOWN = {  # by pandas and statsmodels, from the frames alone
    ("sentiment-afinn", "1.0.6", "REQ-1"): "not met",
    ("sentiment-afinn", "2.1.0", "REQ-1"): "unproven",
    ("sentiment-afinn", "3.0.1", "REQ-1"): "met",
    ("sentiment-afinn", "1.0.6", "REQ-3"): "no evidence",
    ("sentiment-afinn", "3.0.1", "REQ-3"): "met",
    ("sentiment-afinn", "3.0.1", "REQ-7"): "not met",
    ("sentiment-vader", "2.5", "REQ-1"): "unproven",
    ("sentiment-vader", "3.3.2", "REQ-8"): "unproven",
    ("sentiment-vader", "3.3.2", "REQ-9"): "unproven",
    ("flight-delay", "2013.06", "REQ-1"): "met",
    ("flight-delay", "2013.09", "REQ-5"): "not met",
    ("flight-delay", "2013.09", "REQ-9"): "unproven",
}


@pytest.mark.parametrize(("project", "release", "name"), KNOWN)
def test_real_releases_stand_where_an_independent_count_puts_them(demo_store, project, release, name):  # noqa: F811
    standings = {row.id: row for row in release_report(demo_store, project, release).standings}
    assert standings[name].status == KNOWN[project, release, name]


def test_an_unknown_name_is_an_error_that_names_the_nearest(demo_store):  # noqa: F811
    with pytest.raises(NotFoundError, match=r"Did you mean 'sentiment-vader'\?"):
        release_report(demo_store, "sentiment-vade", "2.5")
    with pytest.raises(NotFoundError, match=r"no release '2.4' of sentiment-vader"):
        release_report(demo_store, "sentiment-vader", "2.4")
