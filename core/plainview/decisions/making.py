"""Deciding: what must hold before a decision is kept."""

from collections.abc import Mapping, Sequence
from datetime import UTC, date, datetime
from typing import Any

from pydantic import TypeAdapter, ValidationError

from plainview.decisions.evidence import evidence_of
from plainview.decisions.records import CHOICES, KIND, Choice, Condition, Decision, read
from plainview.exceptions import AccessError, InputError, nearest
from plainview.specification.types import Prose
from plainview.store import Store, who


def decide(
    store: Store,
    project: str,
    release: str,
    decision: Choice,
    *,
    reason: str,
    conditions: Sequence[Condition | Mapping[str, Any]] = (),
    seen: str | None = None,
    actor: str | None = None,
    today: date | None = None,
) -> Decision:
    """Decide on a release, on the evidence of this moment.

    ``conditions`` belong to a conditional go: each says what (``condition``), who (``owner``) and the last day (``until``).
    ``seen`` is the digest of the evidence that was looked at: where it has moved since, nothing is decided. ``actor`` is who
    decides (default: the user who runs this). Raises AccessError where that person published the release, NotFoundError for an
    unknown project or release, InputError for all else; nothing is written then.
    """
    today, actor = today or datetime.now(UTC).date(), actor or who()
    if decision not in CHOICES:
        raise InputError(f"There is no decision {decision!r}. {nearest(decision, CHOICES)}")
    check_approver(store, project, release, actor)
    why = _reason(reason)
    found = [_condition(each, today) for each in conditions]
    if (decision == "conditional go") != bool(found):
        need = "needs at least one condition" if decision == "conditional go" else "has no conditions"
        raise InputError(f"A decision of {decision!r} {need}: what is to be done, by whom, until when.")
    evidence = evidence_of(store, project, release, today=today)
    if seen is not None and seen != evidence.digest:
        raise InputError("The evidence has moved since you looked at it. Look again, and then decide.")
    body = {
        "decision": decision,
        "reason": why,
        "conditions": [each.model_dump(mode="json") for each in found],
        "evidence": evidence.model_dump(mode="json"),
    }
    return read(store.append_event(KIND, project, release=release, body=body, actor=actor))


def publishers(store: Store, project: str, release: str) -> set[str]:
    """Everyone who published a revision of a release; NotFoundError where there is none."""
    return {one.actor for one in store.revisions(project, release)}


def check_approver(store: Store, project: str, release: str, actor: str) -> None:
    """AccessError where this person published the release: nobody signs off their own work."""
    if actor in publishers(store, project, release):
        raise AccessError(f"{actor} published {project} {release} and may not decide on it. Someone else has to.")


def _reason(reason: str) -> str:
    try:
        return TypeAdapter(Prose).validate_python(reason)
    except ValidationError as error:
        raise InputError(f"The reason of a decision: {_said(error)}.") from None


def _condition(given: Condition | Mapping[str, Any], today: date) -> Condition:
    try:
        found = given if isinstance(given, Condition) else Condition.model_validate(given)
    except ValidationError as error:
        field = ".".join(map(str, error.errors(include_url=False)[0]["loc"]))
        raise InputError(f"The {field} of a condition: {_said(error)}.") from None
    if found.until < today:
        raise InputError(f"A condition must end today or later. Got {found.until.isoformat()}.")
    return found


def _said(error: ValidationError) -> str:
    first = error.errors(include_url=False)[0]
    return "it is missing" if first["type"] == "missing" else first["msg"].removeprefix("Value error, ")
