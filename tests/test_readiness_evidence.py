"""Evidence: found in artifacts whenever it is asked for, lost with them, and expired when release or test set move on."""

import pytest
from readiness_cases import (  # noqa: F401
    ACTIVITIES,
    LEVELS,
    SPECIFIED,
    WRITTEN,
    in_days,
    question,
    release,
    small_root,
    small_store,
    standing,
    write,
)
from verb_cases import CLASSES, ROWS, demo, demo_store, frame, put  # noqa: F401

from plainview.exceptions import NotFoundError
from plainview.readiness import PROOFS, Readiness
from plainview.store import open_store
from plainview.store.events import key_of

HOSTILE = (
    {},
    {"count": "many"},
    {"scenarios": "x"},
    {"scenario": ["x"]},
    {"subject": ["x"]},
    {"release": {"x": 1}},
    {"shared": "x"},
)


def evidence(store, proof, **more):
    return Readiness(store, "reviews", **more).evidence(proof)


# The demo, from its artifacts alone


def test_the_evidenced_level_of_the_demo_comes_from_its_artifacts_alone(demo_store):  # noqa: F811
    found = Readiness(demo_store, "sentiment-afinn").standing("error-analysis")
    outcomes = {row.question.code: row.evidenced for row in found.questions}
    met = {"EA2", "EA5", "EA7", "EA13"}
    assert {code for code, outcome in outcomes.items() if outcome == "met"} == met
    assert {code for code, outcome in outcomes.items() if outcome == "partly met"} == {"EA9"}
    assert set(outcomes.values()) == {"met", "partly met", "not answered"}
    assert (found.evidenced.label, found.claimed.label) == ("below L0", "not assessed")
    row = question(found, "EA2")
    assert row.evidence.sentence == "3,000 examples measured with 5.0.2, today."
    assert row.evidence.artifacts == (demo_store.evaluation("sentiment-afinn", "5.0.2").id,)
    assert question(found, "EA9").evidence.sentence.startswith("16 scenarios measured, but no suggested scenario")


def test_the_demo_is_evidenced_in_every_framework(demo_store):  # noqa: F811
    readiness = Readiness(demo_store, "sentiment-afinn")
    labels = {
        name: readiness.standing(name).evidenced.label for name in ("robustness", "test-score", "quality-culture")
    }
    assert labels == {"robustness": "6 of 88", "test-score": "0 of 7", "quality-culture": "2 of 5"}
    assert question(readiness.standing("test-score"), "TM6").evidenced == "not met"
    assert readiness.evidence("validated").sentence == "2 of 4 must requirements met with 5.0.2, today."


# Every activity, and what becomes of it


def test_with_everything_written_down_every_level_is_evidenced_in_turn(store):
    for at, (level, codes) in enumerate(LEVELS.items()):
        write(store, *codes)
        assert standing(store).evidenced.label == level, at
    assert standing(store).evidenced.met == len(ACTIVITIES)


@pytest.mark.parametrize("gone", WRITTEN)
def test_deleting_what_an_activity_rests_on_lowers_the_level(root, store, gone):
    written = write(store, *ACTIVITIES)
    assert standing(store).evidenced.label == "L4"
    (root / key_of(written[gone][0])).unlink()
    found = standing(open_store(root))
    names = list(LEVELS)
    level = next(at for at, codes in enumerate(LEVELS.values()) if gone in codes)
    assert found.evidenced.label == (names[level - 1] if level else "below L0")
    assert question(found, gone).evidenced != "met"


def test_deleting_the_evaluation_takes_what_it_evidenced(root, store):
    write(store, *ACTIVITIES)
    one = store.evaluation("reviews", "1.1")
    (root / "commits" / f"{one.id}.json").unlink()
    found = standing(open_store(root))
    assert (found.release, found.evidenced.label) == ("1.0", "below L0")
    assert [row.question.code for row in found.questions if row.evidenced == "met"] == ["EA2", "EA5", "EA6"]
    assert question(found, "EA4").evidence.sentence.endswith("today; it has expired.")


@pytest.mark.parametrize("code", [code for code in WRITTEN if code not in ("EA1", "EA3", "EA6", "EA9", "EA13")])
def test_evidence_of_a_release_expires_when_the_next_one_is_there(root, store, code):
    write(store, code)
    assert question(standing(store), code).evidenced == "met"
    release(root, "1.2", "2026-03-01")
    row = question(standing(store), code)
    assert row.evidenced == "evidence expired"
    assert row.evidence.sentence.endswith("it has expired.")
    assert " 1.1, today" in row.evidence.sentence
    assert row.evidenced_step is None


@pytest.mark.parametrize("code", ["EA1", "EA3", "EA13"])
def test_evidence_of_a_test_set_outlives_the_release_and_expires_with_the_test_set(root, store, code):
    write(store, code)
    release(root, "1.2", "2026-03-01")
    assert question(standing(store), code).evidenced == "met"
    rows = frame(label=["no"] * ROWS)
    release(root, "1.3", "2026-04-01", rows=rows)
    assert question(standing(store), code).evidenced == "evidence expired"


@pytest.mark.parametrize(("days", "outcome"), [(0, "met"), (30, "met"), (31, "evidence expired")])
def test_monitoring_counts_for_thirty_days(store, days, outcome):
    write(store, "EA6")
    assert question(standing(store, now=in_days(days)), "EA6").evidenced == outcome


def test_a_day_before_it_was_written_it_was_not_there(store):
    write(store, "EA4")
    with pytest.raises(NotFoundError, match="had no evaluation yet"):
        Readiness(store, "reviews", now=in_days(-1))


def test_an_earlier_release_keeps_its_own_evidence(store):
    write(store, "EA4", release="1.0")
    assert question(standing(store, release="1.0"), "EA4").evidenced == "met"
    assert question(standing(store), "EA4").evidenced == "evidence expired"


def test_a_split_with_shared_examples_is_bad_news_and_no_evidence(store):
    store.append_event("split", "reviews", release="1.1", body={"shared": 3})
    row = question(standing(store), "EA1")
    assert (row.evidenced, row.evidenced_step) == ("not met", 0)
    assert row.evidence.sentence == "3 examples of the test set are in the training data, as of 1.1, today."


@pytest.mark.parametrize(
    ("values", "outcome"),
    [
        (["test"] * ROWS, "met"),
        (["test"] * (ROWS - 1) + ["train"], "not met"),
        (["test"] * 5 + [None] * (ROWS - 5), "partly met"),
    ],
)
def test_a_column_of_the_test_set_declares_the_split(root, store, values, outcome):
    release(root, "1.2", "2026-03-01", rows=frame(split=values))
    assert question(standing(store), "EA1").evidenced == outcome


def test_a_review_of_nothing_is_no_review(store):
    store.append_event("review", "reviews", release="1.1", body={"subject": "confident mistakes", "count": 0})
    assert question(standing(store), "EA4").evidenced == "not answered"


@pytest.mark.parametrize("body", HOSTILE, ids=str)
def test_what_anyone_writes_into_a_body_breaks_nothing(store, body):
    for kind in ("review", "check", "incident", "simpler model", "split", "assessment", "answer", "explanation"):
        store.append_event(kind, "reviews", release="1.1", body=body)
    for framework in ("error-analysis", "test-score", "quality-culture"):
        assert standing(store, framework).sentence


def test_a_damaged_evaluation_proves_nothing_and_says_so(root, store):
    one = store.evaluation("reviews", "1.1")
    path = root / one.specification.key
    path.chmod(0o644)
    path.write_bytes(b"x" * one.specification.bytes)
    row = question(standing(open_store(root)), "EA2")
    assert row.evidenced == "not answered"
    assert "can be shown" in row.evidence.sentence


# Proofs beside those of error analysis


def test_done_for_two_releases_built_from_a_named_revision_is_automated_and_once_is_by_hand(tmp_path):
    for number, revision in ((1, "a1"), (2, "b2")):
        release(tmp_path / "s", f"1.{number}", f"2026-0{number}-01", source_revision=revision)
    there = open_store(tmp_path / "s")
    for at, name in enumerate(("1.1", "1.2")):
        there.append_event("data tests", "reviews", release=name, body={})
        found = standing(there, "test-score", release=name)
        assert question(found, "TD1").evidenced_step == (2, 3)[at]
        assert question(found, "TD1").evidence.repeated is bool(at)


def test_requirements_on_scenarios_and_musts_are_judged_as_they_stand(store):
    assert evidence(store, "slices").sentence == "1 of 1 requirement on a scenario met with 1.1, today."
    assert evidence(store, "validated").outcome == "met"
    assert evidence(store, "specification").outcome == "met"
    assert evidence(store, "requirements").count == 2


def test_groups_of_people_are_those_that_someone_named(store):
    assert evidence(store, "inclusion").outcome == "not answered"
    store.append_event("review", "reviews", body={"subject": "inclusion", "scenarios": ["Long", "Short"]})
    assert evidence(store, "inclusion").sentence == "2 of 2 groups of people measured with 1.1, today."
    store.append_event("review", "reviews", body={"subject": "inclusion", "scenarios": ["Long", "Nobody"]})
    assert evidence(store, "inclusion").outcome == "partly met"


def test_a_simpler_model_is_compared_by_its_published_evaluation(store):
    store.append_event("simpler model", "reviews", body={"release": "1.0"})
    found = evidence(store, "simpler-model")
    values = {name: store.results(store.evaluation("reviews", name))[0].value for name in ("1.0", "1.1")}
    assert found.outcome == ("met" if values["1.1"] > values["1.0"] else "not met")
    assert store.evaluation("reviews", "1.0").id in found.artifacts
    store.append_event("simpler model", "reviews", body={"release": "0.1"})
    assert evidence(store, "simpler-model").outcome == "not answered"


def test_incidents_are_guarded_where_their_scenario_is_pinned(root, store):
    assert evidence(store, "incidents").outcome == "not answered"
    store.append_event("incident", "reviews", body={"scenario": "The call of May"})
    assert evidence(store, "incidents").outcome == "not met"
    pinned = SPECIFIED.replace(
        "  - name: Understands",
        "  - name: Guards\n    scenarios: [{name: The call of May, ids: ['001', '002']}]\n  - name: Understands",
    )
    put(frame(), root, release="1.2", released="2026-03-01", specification=pinned)
    assert evidence(store, "incidents").sentence == "1 of 1 incident guarded by a test case, as of 1.2, today."


def test_test_data_that_grows_and_a_golden_set_are_told_apart(root, store):
    assert (evidence(store, "golden-set").outcome, evidence(store, "test-data").outcome) == ("met", "partly met")
    release(root, "1.2", "2026-03-01", rows=frame(label=["no"] * ROWS))
    assert (evidence(store, "golden-set").outcome, evidence(store, "test-data").outcome) == ("partly met", "met")
    assert evidence(store, "knowledge-base").sentence.startswith(
        "3 releases in the store, 2 of 2 test-set versions readable"
    )


def test_one_release_has_nothing_to_be_compared_with(tmp_path):
    put(frame(), tmp_path / "s", specification=CLASSES)
    there = open_store(tmp_path / "s")
    found = Readiness(there, "reviews")
    assert found.evidence("comparison").sentence == "There is no release before 1.0 to compare with."
    for proof in ("class-requirements", "slices", "validated", "requirements"):
        assert found.evidence(proof).outcome != "met"


@pytest.mark.parametrize("proof", PROOFS)
def test_every_proof_speaks_in_a_sentence_and_says_how_to_get_there(store, proof):
    found = evidence(store, proof)
    assert found.sentence.endswith(".")
    assert found.sentence[0].isupper() or found.sentence[0].isdigit()
    assert PROOFS[proof].how
    assert (found.at is None) == (not found.artifacts)
    assert found.to_dict()["proof"] == proof


LINES = {name: proof.how.split(", or: ")[-1] for name, proof in PROOFS.items()}  # of Python, beside a page or a command


@pytest.mark.parametrize("name", [name for name, line in LINES.items() if line.startswith("store.")])
def test_the_line_that_a_step_names_does_produce_its_evidence(store, name):
    for line in LINES[name].split("; "):
        eval(line, {"store": store, "project": "reviews", "release": "1.1"})
    found = evidence(store, name)
    assert found.outcome != "evidence expired"
    if name not in ("inclusion",):
        assert found.outcome == "met"


def test_an_unknown_project_or_release_names_the_nearest(store):
    with pytest.raises(NotFoundError, match="'reviews'"):
        Readiness(store, "review")
    with pytest.raises(NotFoundError, match="no release '9'"):
        Readiness(store, "reviews", release="9")
