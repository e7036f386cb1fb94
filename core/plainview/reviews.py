"""Reviews: who looked at what of a release, how much of it, and what they noted. Events of the kind "review", only added to."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from pydantic import NonNegativeInt

from plainview.exceptions import InputError, nearest
from plainview.records import Evaluation, Event
from plainview.specification.types import Name
from plainview.store import Store
from plainview.written import Body, Said, checked, read

KIND = "review"
MISTAKES, SUGGESTIONS, COMPARISON = "confident mistakes", "suggested scenarios", "comparison"
SUBJECTS = (MISTAKES, SUGGESTIONS, COMPARISON)


@dataclass(frozen=True)
class Review:
    """One review, as it was written."""

    id: str  # of the event
    at: datetime  # UTC
    by: str
    release: str | None
    subject: str
    note: str
    count: int  # how many were looked at
    ids: tuple[str, ...]  # of the examples, where they were
    wheres: tuple[str, ...]  # of the suggested scenarios, where they were
    baseline: str | None  # of a comparison


class _Body(Body):
    subject: Name
    note: Said = None
    count: NonNegativeInt = 1
    ids: tuple[str, ...] = ()
    wheres: tuple[str, ...] = ()
    baseline: Name | None = None


def keep_review(
    store: Store,
    evaluation: Evaluation,
    subject: str,
    *,
    note: str = "",
    ids: Sequence[str] = (),
    wheres: Sequence[str] = (),
    baseline: str | None = None,
    actor: str | None = None,
) -> Review:
    """Keep that somebody looked at the confident mistakes (``ids``), the suggested scenarios (``wheres``) or the comparison
    with ``baseline`` of a release, and what they noted.

    Raises InputError for another subject, and where nothing says what was looked at; nothing is written then.
    """
    if subject not in SUBJECTS:
        raise InputError(f"There is nothing called {subject!r} to review. {nearest(subject, SUBJECTS)}")
    seen = {MISTAKES: ids, SUGGESTIONS: wheres, COMPARISON: [baseline] if baseline else []}[subject]
    if not seen:
        raise InputError(f"A review of {subject} says what was looked at. Got nothing.")
    given = {"ids": [str(one) for one in ids], "wheres": list(wheres), "baseline": baseline, "note": note}
    body = checked(_Body, "a review", subject=subject, count=len(seen), **given)
    kept = store.append_event(KIND, evaluation.project, release=evaluation.release, body=body.kept(), actor=actor)
    return _review(kept, body)


def reviews_in(events: Sequence[Event], subject: str, *, release: str | None = None) -> list[Review]:
    """The reviews of a subject among events, oldest first; those of one release where it is named."""
    found, _ = read((each for each in events if each.kind == KIND), _Body)
    made = [_review(event, body) for event, body in found if body.subject == subject]
    return [each for each in made if release is None or each.release == release]


def _review(event: Event, body: _Body) -> Review:
    return Review(
        id=event.id,
        at=event.at,
        by=event.actor,
        release=event.release,
        subject=body.subject,
        note=body.note or "",
        count=body.count,
        ids=body.ids,
        wheres=body.wheres,
        baseline=body.baseline,
    )
