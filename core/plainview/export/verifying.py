"""Whether a file still says what the store says: every number by its reference, and every text by writing it again.

1. The manifest is whole: its digest is that of its content.
2. Every number in it is the store's, at the evaluations that it names.
3. What a reader sees is what those evaluations come to: the document is made again and the texts are compared; where the
   same versions of the same libraries are there, byte by byte, pictures and all.
"""

import difflib
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from plainview.exceptions import InputError, PlainviewError
from plainview.export.as_of import Pins, pins_of
from plainview.export.document import Document
from plainview.export.formats import FORMATS
from plainview.export.numbers import FORMAT, cells, count_of, digest_of, versions
from plainview.export.reading import Read, read
from plainview.export.releases import document_of
from plainview.store import Store

SHOWN = 120  # characters of a text
KINDS = ("report", "model card")
_NUMBER = re.compile(r"\d[\d.,]*")


@dataclass(frozen=True)
class Difference:
    """One thing that the file says otherwise than the store."""

    where: str  # "results: With a negation, accuracy, value", or "text"
    file: str
    store: str

    def __str__(self) -> str:
        return f"{self.where}: the file says {self.file}, the store {self.store}."


@dataclass(frozen=True)
class Checked:
    """What was found."""

    project: str
    release: str
    file: str  # the format
    numbers: int  # that resolve to the store
    differences: tuple[Difference, ...]
    remarks: tuple[str, ...] = field(default=())  # what is no difference, and worth knowing

    @property
    def ok(self) -> bool:
        """Whether the file says what the store says."""
        return not self.differences

    @property
    def sentence(self) -> str:
        """What was found, in one sentence."""
        of = f"{self.project} {self.release}"
        if self.ok:
            return f"Every number resolves: all {self.numbers:,} are those of {of} in this store, and so are the sentences."
        found = len(self.differences)
        places = "1 place" if found == 1 else f"{found:,} places"
        return f"This is not what the store says of {of}: it differs in {places}."


def verify_file(store: Store, data: bytes, *, name: str = "The file") -> Checked:
    """Check the bytes of an exported file against a store.

    Raises InputError where it is no such file, NotFoundError where the store has not what it is of.
    """
    found = read(data, name)
    pins, given = _of(found, name)
    document = document_of(store, pins, found.file, **given)
    differences = [*_broken(found.manifest), *_numbers(found.manifest, document.manifest)]
    exact = found.manifest.get("made_with") == versions()
    differences += _texts(data, found, document, exact=exact)
    return Checked(
        project=pins.project,
        release=pins.release,
        file=found.file,
        numbers=count_of(document.manifest["numbers"]),
        differences=tuple(differences),
        remarks=tuple(_remarks(store, pins, exact)),
    )


def _of(found: Read, name: str) -> tuple[Pins, dict[str, Any]]:
    """What it is of, and how it was made; InputError where the manifest does not say."""
    made = found.manifest
    if made.get("format") != FORMAT or made.get("kind") not in KINDS:
        raise InputError(f"{name} has a manifest of another kind: {made.get('format')!r:.60}. Expected {FORMAT!r}.")
    address, links = made.get("address"), made.get("links")
    known = isinstance(links, list) and all(_is_link(link) for link in links)
    if not isinstance(address, str | None) or not known:
        raise InputError(f"{name} has a manifest whose addresses cannot be understood.")
    return Pins.from_dict(made.get("pins")), {"kind": made["kind"], "address": address, "links": links}


def _is_link(link: object) -> bool:
    return isinstance(link, list) and len(link) == 2 and all(isinstance(part, str) for part in link)


def _broken(made: dict[str, Any]) -> Iterator[Difference]:
    if made.get("digest") != (right := digest_of(made)):
        yield Difference("digest of the manifest", str(made.get("digest"))[:64], f"gives {right}")


def _numbers(made: dict[str, Any], again: dict[str, Any]) -> Iterator[Difference]:
    """Every number of the file at its reference, then what the file leaves out."""
    for part in ("digests", "file"):
        if made.get(part) != again[part]:
            yield Difference(part, _cut(made.get(part)), _cut(again[part]))
    there = dict(cells(again["numbers"]))
    try:
        said = dict(cells(made["numbers"]))
    except (KeyError, TypeError, ValueError, IndexError):
        yield Difference("numbers", "a table that cannot be read", "another one")
        return
    for place in sorted(there.keys() | said.keys()):
        if place not in there:
            yield Difference(_spoken(place), _cut(said[place]), "has no such number")
        elif place not in said:
            yield Difference(_spoken(place), "nothing", _cut(there[place]))
        elif said[place] != there[place] or type(said[place]) is not type(there[place]):
            yield Difference(_spoken(place), _cut(said[place]), _cut(there[place]))


def _spoken(place: tuple[str, ...]) -> str:
    return f"{place[0]}: {', '.join(place[1:])}"


def _texts(data: bytes, found: Read, document: Document, *, exact: bool) -> list[Difference]:
    """What a reader sees, against the same document made again."""
    again = FORMATS[found.file].write(document)
    if data == again:
        return []
    right = read(again)
    words = [_words(each.lines, exact) for each in (found, right)]
    differences = [Difference("text", said, due) for said, due in _changed(*words)]
    if not differences and exact:
        differences.append(
            Difference("pictures or layout", "other bytes than this version writes", "the same texts in other bytes")
        )
    return differences


def _words(lines: tuple[str, ...], exact: bool) -> list[str]:
    """All words; of a file by another version, which may word things otherwise, the numbers alone."""
    words = [word for line in lines for word in line.split()]
    return words if exact else [number for word in words for number in _NUMBER.findall(word)]


def _changed(said: list[str], due: list[str]) -> Iterator[tuple[str, str]]:
    for what, one, other, first, last in difflib.SequenceMatcher(None, said, due, autojunk=False).get_opcodes():
        if what != "equal":
            around = slice(max(one - 4, 0), other + 2), slice(max(first - 4, 0), last + 2)
            yield _cut(" ".join(said[around[0]])), _cut(" ".join(due[around[1]]))


def _cut(value: object) -> str:
    text = f"“{value}”" if isinstance(value, str) else "no value" if value is None else f"{value}"
    return text if len(text) <= SHOWN else f"{text[: SHOWN - 1]}…"


def _remarks(store: Store, pins: Pins, exact: bool) -> Iterator[str]:
    """What came since, and what could not be compared."""
    if not exact:
        yield "It was written by another version of Plainview or of its libraries: its numbers were compared, not its pictures."
    try:
        now = pins_of(store, pins.project, pins.release, baseline=pins.baseline, test_set=pins.test_set)
    except PlainviewError:
        return
    if now.evaluation != pins.evaluation:
        yield f"Since then {pins.release} was published again: this is of the earlier revision."
    if set(now.events) - set(pins.events):
        yield f"Since then something was decided, waived or reported on {pins.release}, which this file does not have."
    if now.day != pins.day and now.events == pins.events:
        yield "It is as of an earlier day: since then a waiver has lapsed, or an incident has waited longer."
    if len(now.line) > len(pins.line):
        yield "Since then more releases were published."
