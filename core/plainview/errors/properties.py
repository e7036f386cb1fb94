"""Properties of examples that anyone would look at first: length, negation, digits, other scripts, what is missing, how sure.

They are suggested as tags. Each is a condition on the test set where SQL can say it, else the ids that have it. They are few,
and chosen without looking at errors; each interval is for itself, and none is called better or worse.
"""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import polars as pl

from plainview.errors.conditions import identifier, is_prose, round_cuts
from plainview.errors.groups import MOST_IDS, Group
from plainview.errors.judged import Judged
from plainview.errors.mistakes import CONFIDENCE, stated_confidence
from plainview.statistics.combine import mover
from plainview.statistics.intervals import wilson
from plainview.tasks.part import PREDICTION

LEAST = 5  # examples that have it, and that do not
# English negation, as it stands at the beginning of a text, inside, and in contractions; "n't" with either apostrophe.
_NEGATIONS = ("not", "no", "never", "nothing", "nobody", "none", "neither", "nor", "without")
_CONTRACTED = ("n't", "n’t", "cannot")


@dataclass(frozen=True, kw_only=True)
class Property:
    """A property, the examples that have it, and the errors among them. Shares are 0…1."""

    name: str
    group: Group | None  # None where too many ids would have to be pinned
    examples: int
    errors: int
    share: float
    low: float
    high: float
    elsewhere: float
    difference: tuple[float, float]  # the interval of share minus elsewhere


def properties_of(judged: Judged) -> list[Property]:
    """The properties that at least ``LEAST`` examples have and as many lack, those furthest above the rest first."""
    found = [_counted(judged, name, mask, where) for name, mask, where in _properties(judged) if _some(mask)]
    return sorted(found, key=lambda one: one.elsewhere - one.share)


def _some(mask: np.ndarray) -> bool:
    return LEAST <= mask.sum() <= len(mask) - LEAST


def _properties(judged: Judged) -> Iterator[tuple[str, np.ndarray, str | None]]:
    """The name of each, which examples have it, shape (n,), and the condition that says so."""
    named = judged.specification.columns
    for column in judged.rows.iter_columns():
        quoted = identifier(column.name)
        if quoted is None or column.name in (named.id, named.label):
            continue
        if column.null_count():
            yield _where(judged, f"No {column.name}", f"{quoted} IS NULL")
        if is_prose(column):
            yield from _of_text(judged, column.cast(pl.String), quoted)
    yield from _of_confidence(judged)


def _of_text(judged: Judged, texts: pl.Series, quoted: str) -> Iterator[tuple[str, np.ndarray, str | None]]:
    name, cuts = texts.name, round_cuts(texts.drop_nulls().str.len_chars().cast(pl.Int64))
    if cuts:
        yield _where(judged, f"Short {name} (under {cuts[0]:,} characters)", f"length({quoted}) < {cuts[0]}")
        yield _where(judged, f"Long {name} ({cuts[-1]:,} characters or more)", f"length({quoted}) >= {cuts[-1]}")
    yield _where(judged, f"A negation in {name}", _negated(quoted))
    yield _where(judged, f"A digit in {name}", " OR ".join(f"{quoted} LIKE '%{digit}%'" for digit in range(10)))
    yield _where(judged, f"A question in {name}", f"{quoted} LIKE '%?%'")
    yield (
        f"Other characters than ASCII in {name}",
        texts.str.contains(r"[^\x00-\x7F]").fill_null(False).to_numpy(),
        None,
    )


def _negated(quoted: str) -> str:
    words = [pattern for word in _NEGATIONS for pattern in (f"{word} %", f"% {word} %")]
    words += [f"%{part.replace(chr(39), chr(39) * 2)}%" for part in _CONTRACTED]
    return " OR ".join(f"{quoted} ILIKE '{each}'" for each in words)


def _where(judged: Judged, name: str, where: str) -> tuple[str, np.ndarray, str]:
    return name, Group(where=where).mask(judged.rows, judged.specification), where


def _of_confidence(judged: Judged) -> Iterator[tuple[str, np.ndarray, None]]:
    """The tenth that the release was least sure of, and the tenth that it was surest of."""
    by, sure = stated_confidence(judged.answers, judged.answers[PREDICTION], judged.specification)
    if by != CONFIDENCE or sure is None or np.isnan(sure).all():
        return
    low, high = np.nanquantile(sure, (0.1, 0.9))
    yield f"Low confidence ({low:.0%} or less)", sure <= low, None
    yield f"High confidence ({high:.0%} or more)", sure >= high, None


def _counted(judged: Judged, name: str, mask: np.ndarray, where: str | None) -> Property:
    level, events = judged.specification.confidence, judged.events
    sides = [(int(events[rows].sum()), int(rows.sum()), judged.design_effect(rows)) for rows in (mask, ~mask)]
    (here, low, high), (there, *ends) = [
        (k / n, *wilson(k / effect, n / effect, confidence=level)) for k, n, effect in sides
    ]
    difference = mover(here, low, high, there, *ends)
    return Property(
        name=name,
        group=Group(where=where) if where else _pinned(judged, mask),
        examples=sides[0][1],
        errors=sides[0][0],
        share=here,
        low=float(low),
        high=float(high),
        elsewhere=there,
        difference=(float(difference[0]), float(difference[1])),
    )


def _pinned(judged: Judged, mask: np.ndarray) -> Group | None:
    if mask.sum() > MOST_IDS:
        return None
    return Group(ids=tuple(judged.rows[judged.specification.columns.id].filter(pl.Series(mask)).cast(pl.String)))
