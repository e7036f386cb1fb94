"""Readiness cards: one a component of a system, as MLTRL has them. A system is as ready as its least ready component.

A card is an event of the kind ``readiness card``; the latest of a component counts, and the earlier ones stay. The level on a
card is a claim like any other: it can hold the claimed level of the whole down, and never raises it.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Annotated

from pydantic import ConfigDict, Field, ValidationError

from plainview.readiness.facts import Facts
from plainview.readiness.framework import Framework, Score
from plainview.readiness.reading import read_model
from plainview.records import Event
from plainview.specification.types import Model, Name, Prose
from plainview.store import DamagedItem
from plainview.store.events import key_of

KIND = "readiness card"
FRAMEWORK = "mltrl"


class Card(Model):
    """What is to be known of one component."""

    component: Name
    owner: Name
    level: Annotated[int, Field(strict=True, ge=0, le=9)]
    reviewers: tuple[Name, ...] = ()
    requirements: tuple[Prose, ...] = ()
    intended_use: Prose
    unacceptable_use: Prose
    data: Prose
    caveats: tuple[Prose, ...] = ()
    debt_gained: tuple[Prose, ...] = ()  # what was left for later at this level
    debt_paid: tuple[Prose, ...] = ()


class _Stored(Card):
    """A card as an event has it; a later Plainview may have added to it."""

    model_config = ConfigDict(extra="ignore", frozen=True)


@dataclass(frozen=True)
class KeptCard:
    """A card with who wrote it and when."""

    card: Card
    by: str
    at: datetime
    release: str | None
    event: str
    earlier: int  # how many cards of the component came before it

    def to_dict(self) -> dict:
        """The card as plain values."""
        return {
            **self.card.model_dump(mode="json"),
            "by": self.by,
            "at": self.at.isoformat(),
            "release": self.release,
            "event": self.event,
            "earlier": self.earlier,
        }


def read_card(text: str, *, name: str = "card") -> Card:
    """A card from YAML; InputError lists everything that is wrong, each with line, column and the nearest right name."""
    return read_model(text, Card, name=name, faults=lambda card: ())


def keep_card(facts: Facts, card: Card, *, actor: str | None = None) -> Event:
    """Keep a card, written for the release that ``facts`` are of."""
    body = card.model_dump(mode="json", exclude_defaults=True)
    return facts.store.append_event(KIND, facts.project, release=facts.release, body=body, actor=actor)


def cards_of(facts: Facts) -> tuple[list[KeptCard], list[DamagedItem]]:
    """The latest card of each component, the least ready first; and the events that hold none."""
    latest: dict[str, KeptCard] = {}
    unreadable = []
    for event in facts.written(KIND):
        try:
            card = _Stored.model_validate(event.body)
        except ValidationError as error:
            field = ".".join(map(str, error.errors(include_url=False)[0]["loc"]))
            reason = f"A readiness card whose {field!r} cannot be understood. It does not count."
            unreadable.append(DamagedItem(key_of(event), reason, "Upgrade Plainview, or write the card again."))
            continue
        before = latest.get(card.component)
        earlier = before.earlier + 1 if before else 0
        latest[card.component] = KeptCard(
            Card(**card.model_dump()), event.actor, event.at, event.release, event.id, earlier
        )
    return sorted(latest.values(), key=lambda each: (each.card.level, each.card.component)), unreadable


def held_down(framework: Framework, score: Score, cards: Sequence[KeptCard]) -> Score:
    """A claimed score of MLTRL, no higher than the level of the least ready component."""
    if framework.name != FRAMEWORK or not cards or score.value is None or cards[0].card.level >= score.value:
        return score
    return replace(score, value=float(cards[0].card.level), label=framework.sections[cards[0].card.level].name)
