"""What there is to say of documented error patterns, tags and reviews."""

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from plainview.narrative.demands import long_date
from plainview.quantities import count, ends, listed, span, value

if TYPE_CHECKING:
    from plainview.errors.patterns import Pattern
    from plainview.errors.properties import Property
    from plainview.reviews import Review

OPEN = ("open", "being worked on")
FIRST = (
    "A kind of mistake that has a name, a note and an owner is found once and not again by every newcomer. Mark examples on "
    "the page Errors, or say here which condition they share."
)
EACH_FOR_ITSELF = (
    "Each interval is for itself: of twenty that are looked at, one or so lies beside the truth. The groups above are "
    "corrected for all that was tried."
)


def pattern_sentence(pattern: "Pattern", row: Mapping[str, Any]) -> str:
    """How a pattern stands in a release: of its examples those that are still wrong; what contradicts its status first."""
    release = row["release"]
    if row["examples"] is None or not row["examples"]:
        return f"Nothing can be said of it in {release}: {row['reason']}."
    wrong, far = row["errors"], "far off" if pattern.bar is not None else "wrong"
    first = "Marked fixed, but " if pattern.status == "fixed" and wrong else ""
    of = (
        f"{wrong:,} of its {count(row['examples'], 'example')}"
        if wrong
        else f"none of its {count(row['examples'], 'example')}"
    )
    still = "still " if wrong else ""
    interval = "" if row["low"] is None else f", {span(row['low'], row['high'], 'accuracy')}"
    share = f" ({value(row['share'], 'accuracy')}{interval})"
    said = f"{of} {'is' if wrong < 2 else 'are'} {still}{far} in {release}{share}"
    said = f"{first}{said}" if first else f"{said[:1].upper()}{said[1:]}"
    were = f"{pattern.count:,} {'was' if pattern.count == 1 else 'were'} when it was documented"
    return f"{said}; {were}, with {pattern.release}."


def pattern_notes(pattern: "Pattern") -> str:
    """Who answers for it, and who documented it when."""
    return f"owner {pattern.owner} · documented by {pattern.by} on {long_date(pattern.at.date())}"


def patterns_answer(patterns: Sequence["Pattern"], now: Sequence[Mapping[str, Any]], release: str) -> str:
    """The answer to "what kinds of mistakes do we know of, and are they still there?"; ``now`` has a row for each."""
    if not patterns:
        return "No error pattern is documented yet."
    statuses = [each.status for each in patterns]
    parts = [f"{statuses.count(one):,} {one}" for one in dict.fromkeys(statuses)]
    said = f"{count(len(patterns), 'error pattern is', 'error patterns are')} documented: {listed(parts, most=4)}."
    back = sum(each.status == "fixed" and bool(row["errors"]) for each, row in zip(patterns, now, strict=True))
    gone = sum(
        each.status in OPEN and row["errors"] == 0 < row["examples"] for each, row in zip(patterns, now, strict=True)
    )
    if back:
        marked = count(back, "that is marked fixed is", "that are marked fixed are")
        return f"{said} {marked} still seen in {release}."
    if gone:
        return f"{said} Of {count(gone, 'open one', 'open ones')} no example is wrong in {release} any more."
    return said


def property_sentence(one: "Property", errors: str) -> str:
    """A property in words: "12 of 40 (30.0%, 18.1% to 45.4%), +3.1 to +20.5 points against the others"."""
    share = f"{value(one.share, 'accuracy')}, {span(one.low, one.high, 'accuracy')}"
    against = f"{ends(*one.difference, 'accuracy')} points against the others"
    return f"{one.errors:,} {errors} of {one.examples:,} ({share}), {against}"


def reviewed(reviews: Sequence["Review"], what: str) -> str:
    """Who looked at it, and when last: "Seen by lena and tom, last on 3 March 2026"."""
    if not reviews:
        return f"Nobody has noted yet that they looked at {what}."
    people = listed(list(dict.fromkeys(each.by for each in reviews)))
    return f"Seen by {people}, last on {long_date(reviews[-1].at.date())}."


def review_line(review: "Review", one: str) -> str:
    """A review as a line of its history: "3 March 2026, lena: 25 examples. Mostly sarcasm."."""
    how_many = f": {count(review.count, one)}" if one else ""
    note = f". {review.note}" if review.note else ""
    return f"{long_date(review.at.date())}, {review.by}{how_many}{note}"


def seen_of(seen: int, everything: int) -> str:
    """How many of the mistakes somebody has looked at."""
    return f"{seen:,} of {count(everything, 'mistake')} {'was' if seen == 1 else 'were'} looked at"
