"""Tell a webhook that a release was published or decided on: the sentence that its page begins with, and where to read it.

Telling never fails what it tells of: that is kept by then. Who is told and how is in `webhooks`.
"""

import os
from typing import TYPE_CHECKING, Any
from urllib.parse import quote

from plainview.exceptions import PlainviewError
from plainview.feed import page_address
from plainview.webhooks import send

if TYPE_CHECKING:
    from plainview.decisions import Decision
    from plainview.records import Evaluation
    from plainview.store import Store

ADDRESS = "PLAINVIEW_WEBHOOK"  # whom the app tells of decisions; {project} in it stands for the project's name
APP = "PLAINVIEW_ADDRESS"  # the address under which the app is read, for the link


def tell_published(store: "Store", evaluation: "Evaluation", webhook: str, *, app: str | None = None) -> str:
    """Tell that a release was published; why nobody was told, in a sentence, or nothing."""
    from plainview.portfolio import state_of
    from plainview.report import release_report

    try:
        found = release_report(store, evaluation.project, evaluation.release, test_set=evaluation.test_set.name)
        said = {"headline": found.headline, "standing": found.standing, "state": state_of(found.standings)}
        named = {
            "kind": "publish",
            "project": evaluation.project,
            "release": evaluation.release,
            "event": evaluation.id,
        }
        send(webhook, named | said | _link(app, "report", evaluation), kept="the release is published")
    except PlainviewError as error:
        return str(error)
    return ""


def tell_decided(decision: "Decision", webhook: str, *, app: str | None = None) -> str:
    """Tell that a release was decided on; why nobody was told, in a sentence, or nothing."""
    from plainview.narrative.decisions import decision_sentence

    said = {"headline": decision_sentence(decision, decision.release), "state": decision.state}
    named = {"kind": "decision", "project": decision.project, "release": decision.release, "event": decision.id}
    try:
        body = named | {"decision": decision.decision} | said | _link(app, "decision", decision)
        send(webhook, body, kept="the decision is kept")
    except PlainviewError as error:
        return str(error)
    return ""


def tell_decided_in_app(decision: "Decision") -> str:
    """As `tell_decided`, where whoever runs the app has opted in with PLAINVIEW_WEBHOOK; else nothing."""
    webhook = os.environ.get(ADDRESS, "").replace("{project}", quote(decision.project, safe=""))
    return tell_decided(decision, webhook, app=os.environ.get(APP) or None) if webhook else ""


def _link(app: str | None, page: str, of: "Evaluation | Decision") -> dict[str, Any]:
    return {} if app is None else {"permalink": page_address(app, page, of.project, of.release)}
