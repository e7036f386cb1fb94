"""Sortable identifiers made by the publisher alone: ULID, 48 bits of time and 80 random bits."""

import os
import time
from datetime import UTC, datetime

ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"


def new_ulid(milliseconds: int | None = None) -> str:
    """A fresh ULID of 26 characters, for ``milliseconds`` since the epoch (default: now).

    There is no state to share, so forked processes cannot make the same one.
    Source: github.com/ulid/spec.
    """
    milliseconds = time.time_ns() // 1_000_000 if milliseconds is None else milliseconds
    number = (milliseconds << 80) | int.from_bytes(os.urandom(10))
    return "".join(ALPHABET[(number >> shift) & 31] for shift in range(125, -1, -5))


def time_of(ulid: str) -> datetime:
    """The moment, in UTC, at which a ULID says it was made; the first of all where no calendar has it."""
    milliseconds = 0
    for letter in ulid[:10]:
        milliseconds = milliseconds << 5 | ALPHABET.index(letter)
    try:
        return datetime.fromtimestamp(milliseconds / 1000, UTC)
    except (OverflowError, ValueError):
        return datetime.min.replace(tzinfo=UTC)
