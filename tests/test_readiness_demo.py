"""Readiness on real releases, the demo's: evidenced from artifacts alone, lowered with them, never raised by a claim."""

import shutil

import pytest
from readiness_cases import question
from verb_cases import demo  # noqa: F401

from plainview.readiness import Readiness, load_framework, read_answers, submit
from plainview.store import open_store
from plainview.store.events import key_of

AFINN, EA = "sentiment-afinn", load_framework("error-analysis")
WRITTEN = [  # what looking at it leaves behind: kind and body
    ("split", {"training_examples": 0, "shared": 0, "note": "People rated the words; nothing is trained."}),
    ("pattern", {"name": "Irony", "note": "Praise that is none."}),
    ("review", {"subject": "confident mistakes", "count": 25}),
    ("monitoring", {"drifted": False}),
]


@pytest.fixture
def folder(demo, tmp_path):  # noqa: F811
    """A copy of the demo's store, to write into."""
    shutil.copytree(demo, tmp_path / "store")
    return tmp_path / "store"


def standing(folder, **more):
    return Readiness(open_store(folder), AFINN, **more).standing(EA)


def claim(folder, **answers):
    facts = Readiness(open_store(folder), AFINN).facts
    replies = read_answers("answers: {" + ", ".join(f"{code}: {given}" for code, given in answers.items()) + "}", EA)
    return submit(facts, EA, replies, actor="demo")


def left(folder):
    """Write down everything of WRITTEN; the events."""
    store = open_store(folder)
    return [store.append_event(kind, AFINN, release="5.0.2", body=body, actor="demo") for kind, body in WRITTEN]


def test_the_level_comes_from_artifacts_and_deleting_any_of_them_lowers_it(folder):
    assert standing(folder).evidenced.label == "below L0"
    events = left(folder)
    assert standing(folder).evidenced.label == "L1"
    for event, level in zip(events, ("below L0", "L0", "L0", "L0"), strict=True):
        path = folder / key_of(event)
        kept = path.read_bytes()
        path.unlink()
        assert standing(folder).evidenced.label == level, event.kind
        path.write_bytes(kept)
    assert standing(folder).evidenced.label == "L1"


def test_a_claim_above_the_evidence_is_claimed_and_not_evidenced(folder):
    left(folder)
    claim(folder, **dict.fromkeys((each.code for section in EA.sections[:4] for each in section.questions), "yes"))
    found = standing(folder)
    assert (found.claimed.label, found.evidenced.label) == ("L3", "L1")
    assert found.sentence == (
        "sentiment-afinn 5.0.2, Error-analysis maturity: claimed L3, 3 of 13 questions without an answer that counts; "
        "evidenced L1."
    )
    unsupported = {row.question.code for row in found.questions if row.unsupported}
    assert unsupported == {row.question.code for row in found.questions[:10] if row.evidenced != "met"}
    assert {"EA8", "EA9"} <= unsupported


def test_an_answer_for_an_earlier_release_has_expired_and_does_not_count(folder):
    facts = Readiness(open_store(folder), AFINN, release="4.2.0").facts
    submit(facts, EA, read_answers("answers: {EA1: yes, EA2: yes}", EA), actor="demo")
    assert standing(folder, release="4.2.0").claimed.label == "L0"
    found = standing(folder)
    assert found.claimed.label == "not assessed"
    assert question(found, "EA1").claimed == "evidence expired"
    assert question(found, "EA1").answers[0].expired == "it was given for 4.2.0, and 5.0.2 is judged now"
