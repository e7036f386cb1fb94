"""Every form in which a reader writes: its page, what it asks of their role, what it keeps. A new form is a new row."""

from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

from access_cases import OPEN
from streamlit.testing.v1 import AppTest

from plainview.access import Action
from plainview.errors.patterns import document_pattern
from plainview.errors.tags import keep_tag
from plainview.incidents import report_incident
from plainview.store import Store

SOON = datetime.now(UTC).date() + timedelta(days=30)
BOXES = ("text_area", "text_input", "selectbox", "date_input", "segmented_control")
# What pages are asked for, so that all of their forms are there.
ASKED = {
    "release/behaviours": {"scenario": "Quartz behaviour (0)"},
    "evidence/what_if": {"example": "0001", "change": "kind=0"},
    "readiness/scorecards": {"kind": "mltrl"},
}


CARD = {
    "Component": "Classifier",
    "Owner": "language team",
    "What it is for": "Sorting reviews",
    "What it must not be used for": "Judging people",
    "Which data it stands on": "Reviews of three years",
}


@dataclass(frozen=True)
class Form:
    """One form, by its page and its button; ``given`` is what is filled in, by the labels of the boxes."""

    page: str
    button: str
    kind: str  # of the event that it leaves
    given: dict[str, object] = field(default_factory=dict)
    action: Action = "contribute"


FORMS = (
    Form("release/requirements", "Say it", "comment", {"Your comment on this requirement": "Is the bar too low?"}),
    Form("release/behaviours", "Say it", "comment", {"Your comment on this scenario": "Customers write like this"}),
    Form("release/compare", "I have looked at it", "review", {"Note": "Seen"}),
    Form("release/decision", "Decide", "decision", {"Decision": "no-go", "Why": "Too many errors"}, "approve"),
    Form(
        "release/decision",
        "Waive it",
        "waiver",
        {
            "Requirement": "Quartz-2",
            "Who answers for it": "care team",
            "Its last day": SOON,
            "Why the release may go out without it": "Nobody writes so",
        },
        "approve",
    ),
    Form("evidence/errors", "I have looked at them", "review", {"Note": "Seen"}),
    Form("evidence/errors", "Tag them", "tag", {"Name of the tag": "Sarcasm"}),
    Form(
        "evidence/errors",
        "Document it",
        "pattern",
        {"Name of the pattern": "Irony", "What it is": "Praise that is none", "Owner": "language team"},
    ),
    Form("evidence/errors", "Keep it as a tag", "tag"),
    Form("evidence/patterns", "Keep", "pattern update", {"Status": "fixed"}),
    Form(
        "evidence/patterns",
        "Document it",
        "pattern",
        {
            "Examples where": "kind = 1",
            "Name of the pattern": "Odd",
            "What it is": "Of the odd kind",
            "Owner": "language team",
        },
    ),
    Form("evidence/patterns", "Tag them", "tag", {"Examples where": "kind = 1", "Name of the tag": "Odd ones"}),
    Form("evidence/patterns", "Take it away", "tag"),
    Form("evidence/differences", "I have looked at it", "review", {"Note": "Seen"}),
    Form(
        "evidence/incidents",
        "Report it",
        "incident",
        {
            "Name": "Refunds",
            "What happened": "Read as praise",
            "Owner": "care team",
            "Its examples: ids of the test set": "0007",
        },
    ),
    Form("evidence/incidents", "Withdraw it", "incident withdrawn", {"It was none, because": "It was a test"}),
    Form("evidence/what_if", "Keep it", "what-if", {"What it shows": "The kind counts"}),
    Form("evidence/next_data", "Keep this list", "data wanted"),
    Form("readiness/scorecards", "Keep the card", "readiness card", CARD),
    Form("readiness/assess", "**yes** · done for every release", "answer"),
)
ALONE = ("Keep this list", "**yes** · done for every release")  # buttons that keep something with no box beside them


def noted(store: Store) -> None:
    """What people have written down in the open project, so that the forms about it are there."""
    latest = store.releases(OPEN)[-1]
    given = {"note": "Seen in the wild", "actor": "bo@example.org"}
    document_pattern(store, latest, "A pattern", owner="language team", where="kind = 0", **given)
    keep_tag(store, latest, "A tag", where="kind = 1", **given)
    asked = {"what": "It was wrong", "owner": "language team", "ids": ["0003"], "actor": "bo@example.org"}
    report_incident(store, OPEN, "An incident", **asked)


def buttons(page: AppTest) -> set[str]:
    """The buttons of all forms that a page has."""
    return {each.label for each in page.button if each.form_id or each.label in ALONE}


def submit(page: AppTest, form: Form) -> AppTest:
    """The page after a form of it was filled in and its button pressed."""
    pressed = next(each for each in page.button if each.label == form.button)
    boxes = {
        each.label: each
        for kind in BOXES
        for each in reversed(getattr(page, kind))
        if each.proto.form_id == pressed.form_id
    }
    for label, value in form.given.items():
        boxes[label].set_value(value)
    return pressed.click().run()
