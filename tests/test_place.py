"""Where a reader is: what the URL asks for, and what is said when it is not there."""

from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as some

from plainview import records
from plainview.records import Evaluation, StoredFile
from plainview.ui.place import PARAMETERS, resolve

FILE = StoredFile(key="data/x", sha256="0" * 64, bytes=1)
START = datetime(2024, 1, 1, tzinfo=UTC)


def evaluation(project: str, release: str, *, at: int, test_set: str = "default") -> Evaluation:
    """An evaluation published ``at`` days after START."""
    return Evaluation(
        id=f"{project}-{release}-{test_set}",
        publish_key=f"{project}{release}{test_set}",
        published_at=START + timedelta(days=at),
        actor="tester",
        plainview_version="0",
        project=project,
        title=project.title(),
        task="classification",
        release=release,
        released=date(2024, 1, 1) + timedelta(days=at),
        specification=FILE,
        test_set=records.TestSet(name=test_set, digest="d", examples_digest="e", examples=1, columns=("id",)),
        examples_file=FILE,
        predictions_file=FILE,
    )


LISTING = {
    "older": [evaluation("older", "1.0", at=1), evaluation("older", "1.1", at=2)],
    "sentiment": [evaluation("sentiment", name, at=at) for at, name in enumerate(("2.1.0", "3.0.1", "4.2.0"), start=3)],
}


def test_without_parameters_it_is_the_newest_release_of_the_project_published_to_last():
    place = resolve({}, LISTING)
    assert (place.project, place.release, place.problem) == ("sentiment", "4.2.0", None)


def test_the_release_before_is_the_baseline_unless_another_is_asked_for():
    assert resolve({"project": "sentiment", "release": "3.0.1"}, LISTING).before.release == "2.1.0"
    asked = resolve({"project": "sentiment", "release": "4.2.0", "baseline": "2.1.0"}, LISTING)
    assert asked.before.release == "2.1.0"
    assert asked.baseline == "2.1.0"


def test_a_first_release_has_none_before_it():
    place = resolve({"project": "sentiment", "release": "2.1.0"}, LISTING)
    assert place.before is None
    assert place.problem is None


@pytest.mark.parametrize(
    ("asked", "title", "nearest"),
    [
        ({"project": "sentimnt"}, "There is no such project", "'sentiment'"),
        ({"project": "sentiment", "release": "3.0.0"}, "There is no such release", "Did you mean"),
        (
            {"project": "sentiment", "release": "nothing like it"},
            "There is no such release",
            "Known: 4.2.0, 3.0.1, 2.1.0.",
        ),
        ({"project": "sentiment", "baseline": "2.1"}, "There is no such release", "'2.1.0'"),
    ],
)
def test_what_is_not_there_is_never_taken_for_something_else(asked, title, nearest):
    place = resolve(asked, LISTING)
    assert place.evaluation is None
    assert place.problem.title == title
    assert nearest in place.problem.sentence
    assert resolve(place.problem.parameters, LISTING).problem is None


def test_an_unknown_release_keeps_its_project():
    assert resolve({"project": "older", "release": "9"}, LISTING).project == "older"


def test_a_very_long_name_is_cut_in_the_message():
    assert len(resolve({"project": "x" * 5000}, LISTING).problem.sentence) < 250


def test_an_empty_store_is_said_to_be_empty():
    assert resolve({"project": "any"}, {}).problem.title == "Nothing is published yet"


def test_of_several_test_sets_the_default_is_shown_and_the_line_stays_on_it():
    listing = {
        "p": [
            evaluation("p", "1.0", at=1),
            evaluation("p", "1.1", at=2),
            evaluation("p", "1.1", at=3, test_set="field data"),
        ]
    }
    place = resolve({"project": "p", "release": "1.1"}, listing)
    assert place.evaluation.test_set.name == "default"
    assert [found.test_set.name for found in place.line] == ["default", "default"]
    assert place.before.release == "1.0"


def test_a_release_on_another_test_set_alone_is_shown_on_that_one():
    listing = {"p": [evaluation("p", "1.0", at=1), evaluation("p", "1.1", at=2, test_set="field data")]}
    place = resolve({"project": "p"}, listing)
    assert (place.release, place.evaluation.test_set.name, place.before) == ("1.1", "field data", None)


def test_what_is_of_one_page_alone_is_kept_for_it_and_not_carried_to_others():
    asked = {
        "project": "sentiment",
        "behaviour": "Reads",
        "page": "3",
        "kind": "wrong",
        "threshold": "0.3",
        "other": "x",
    }
    place = resolve(asked, LISTING)
    assert place.own == {"page": "3", "kind": "wrong", "threshold": "0.3"}
    assert place.parameters() == {"project": "sentiment", "release": "4.2.0", "behaviour": "Reads"}


names = some.sampled_from(["sentiment", "older", "2.1.0", "3.0.1", "1.0", "x", ""])


@given(some.dictionaries(some.sampled_from(PARAMETERS), names))
def test_links_from_a_place_lead_to_that_place(asked):
    place = resolve(asked, LISTING)
    if place.problem is None:
        again = resolve(place.parameters(), LISTING)
        assert (again.evaluation, again.before, again.scenario) == (
            place.evaluation,
            place.before,
            place.scenario or None,
        )
        for parameter in ("project", "release"):
            assert asked.get(parameter) in (None, "", getattr(place, parameter))
    else:
        assert place.evaluation is None
