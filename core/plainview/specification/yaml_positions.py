"""YAML with the place of every key and value, read as YAML 1.2 means it: ``no``, ``007`` and a date are text.

Refused, each with its place: keys given twice, tags, more than one document, aliases that refer to themselves, and more
than ``MAX_NODES`` nodes counted with every alias written out, so that a small file cannot unfold into a large one.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

import yaml

MAX_NODES = 200_000
MAX_DEPTH = 40
_LOADER = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
_STRING_TAG = "tag:yaml.org,2002:str"
_CONSTANTS = {"": None, "~": None} | {
    spelling: value
    for word, value in (("null", None), ("true", True), ("false", False))
    for spelling in (word, word.capitalize(), word.upper())
}
_WHOLE = re.compile(r"[-+]?(0|[1-9][0-9]{0,17})")
_DECIMAL = re.compile(r"[-+]?(\.[0-9]+|(0|[1-9][0-9]{0,17})(\.[0-9]*)?)([eE][-+]?[0-9]{1,4})?")

_KEY_FORM = re.compile(r"\w+\[[^\[\],]+\]")  # recall[negative]
_LOOKED_OVER = 500  # characters of a line in which that is looked for: the time grows with their square

Path = tuple[str | int, ...]


@dataclass(frozen=True, order=True)
class Place:
    """A place in a text, counted from 1."""

    line: int
    column: int

    def __str__(self) -> str:
        return f"line {self.line}, column {self.column}"


class YamlFault(Exception):
    """The text is not YAML, or YAML of a kind that is refused; says where."""

    def __init__(self, message: str, place: Place) -> None:
        super().__init__(message)
        self.message, self.place = message, place


class WrittenFloat(float):
    """A number with a point that remembers how it was written, because a release may be called 2.10."""

    source: str


def _written(source: str) -> WrittenFloat:
    number = WrittenFloat(source)
    number.source = source
    return number


@dataclass(frozen=True)
class Document:
    """What a YAML text holds, and where each part of it stands."""

    data: Any
    keys: dict[Path, Place]  # where the key of each entry stands
    values: dict[Path, Place]

    def place(self, path: Path, *, key: bool = False) -> Place:
        """Where the value (or its key) at the path stands; of what is not there, the nearest part around it."""
        if key and path in self.keys:
            return self.keys[path]
        while path and path not in self.values:
            path = path[:-1]
        return self.values.get(path, Place(1, 1))


@dataclass
class _Open:
    """A mapping or list that is being read."""

    value: dict | list
    path: Path
    anchor: str | None
    first_node: int
    key: str | None = None  # a mapping's key that waits for its value
    places: dict[str, Place] = field(default_factory=dict)


def read_yaml(text: str) -> Document:
    """Read one YAML document; raises YamlFault."""
    reader = _Reader()
    try:
        for event in yaml.parse(text, Loader=_LOADER):
            reader.take(event)
    except yaml.MarkedYAMLError as error:
        raise _syntax_fault(error, text) from None
    except (yaml.reader.ReaderError, UnicodeEncodeError) as error:
        raise YamlFault(f"a character that YAML does not allow ({error.reason})", _find_place(text)) from None
    return Document(reader.root, reader.keys, reader.values)


class _Reader:
    """Builds values from events, without recursion, however deep the text nests."""

    def __init__(self) -> None:
        self.root: Any = None
        self.keys: dict[Path, Place] = {}
        self.values: dict[Path, Place] = {}
        self._stack: list[_Open] = []
        self._anchors: dict[str, tuple[Any, int]] = {}
        self._nodes = self._documents = 0

    def take(self, event: yaml.Event) -> None:
        """One event of the parser."""
        place = _place(event.start_mark)
        if isinstance(event, yaml.DocumentStartEvent):
            self._documents += 1
            if self._documents > 1:
                raise YamlFault("a second document starts here; one was expected", place)
        elif isinstance(event, yaml.AliasEvent):
            self._alias(event.anchor, place)
        elif isinstance(event, yaml.ScalarEvent):
            self._scalar(event, place)
        elif isinstance(event, yaml.CollectionStartEvent):
            self._start(event, place)
        elif isinstance(event, yaml.CollectionEndEvent):
            closed = self._stack.pop()
            self._name(closed.anchor, closed.value, self._nodes - closed.first_node)

    def _count(self, nodes: int, place: Place) -> None:
        self._nodes += nodes
        if self._nodes > MAX_NODES:
            raise YamlFault(f"more than {MAX_NODES:,} values, aliases written out", place)

    def _name(self, anchor: str | None, value: Any, nodes: int) -> None:
        if anchor is not None:
            self._anchors[anchor] = value, nodes

    def _alias(self, anchor: str, place: Place) -> None:
        if anchor not in self._anchors:
            inside = any(item.anchor == anchor for item in self._stack)
            raise YamlFault(f"*{anchor} {'refers to itself' if inside else 'is not defined above'}", place)
        value, nodes = self._anchors[anchor]
        self._count(nodes, place)
        if self._expects_key():
            raise YamlFault("an alias cannot be a key", place)
        self._add(value, place)

    def _scalar(self, event: yaml.ScalarEvent, place: Place) -> None:
        self._refuse_tag(event.tag, place)
        self._count(1, place)
        expects_key = self._expects_key()
        value = _resolve(event.value) if event.implicit[0] and not expects_key else event.value
        self._name(event.anchor, value, 1)
        if expects_key:
            self._take_key(event.value, place)
        else:
            self._add(value, place)

    def _start(self, event: yaml.CollectionStartEvent, place: Place) -> None:
        self._refuse_tag(event.tag, place)
        if self._expects_key():
            raise YamlFault("a key must be plain text", place)
        if len(self._stack) >= MAX_DEPTH:
            raise YamlFault(f"nested more than {MAX_DEPTH} deep", place)
        first_node = self._nodes
        self._count(1, place)
        value: dict | list = {} if isinstance(event, yaml.MappingStartEvent) else []
        path = self._add(value, place)
        self._stack.append(_Open(value, path, event.anchor, first_node))

    def _refuse_tag(self, tag: str | None, place: Place) -> None:
        if tag not in (None, "!", _STRING_TAG):
            raise YamlFault(f"the tag {tag!r} is not allowed", place)

    def _expects_key(self) -> bool:
        return bool(self._stack) and isinstance(self._stack[-1].value, dict) and self._stack[-1].key is None

    def _take_key(self, key: str, place: Place) -> None:
        parent = self._stack[-1]
        if key in parent.places:
            raise YamlFault(f"the key {key!r} is given twice; first in line {parent.places[key].line}", place)
        parent.key, parent.places[key] = key, place
        self.keys[(*parent.path, key)] = place

    def _add(self, value: Any, place: Place) -> Path:
        """Put a value where it belongs; gives its path."""
        if not self._stack:
            self.root, path = value, ()
        else:
            parent = self._stack[-1]
            if isinstance(parent.value, dict):
                path = (*parent.path, str(parent.key))
                parent.value[parent.key], parent.key = value, None
            else:
                path = (*parent.path, len(parent.value))
                parent.value.append(value)
        self.values[path] = place
        return path


def _resolve(text: str) -> Any:
    """A plain scalar as YAML 1.2's core schema reads it, except that numbers with leading zeros stay text."""
    if text in _CONSTANTS:
        return _CONSTANTS[text]
    if _WHOLE.fullmatch(text):
        return int(text)
    return _written(text) if _DECIMAL.fullmatch(text) else text


def add_resolvers(dumper: type[yaml.SafeDumper]) -> None:
    """Teach a dumper which plain texts are read as something else, so that it quotes them."""
    constants = "|".join(re.escape(text) for text in _CONSTANTS)
    for tag, pattern in (("null", f"({constants}|<<|=)"), ("int", _WHOLE.pattern), ("float", _DECIMAL.pattern)):
        dumper.add_implicit_resolver(f"tag:yaml.org,2002:{tag}", re.compile(f"(?:{pattern})\\Z"), None)


def _place(mark: yaml.Mark) -> Place:
    return Place(mark.line + 1, mark.column + 1)


def _syntax_fault(error: yaml.MarkedYAMLError, text: str) -> YamlFault:
    mark = error.problem_mark or error.context_mark
    place = _place(mark) if mark else Place(1, 1)
    lines = text.splitlines()
    line = lines[place.line - 1] if place.line <= len(lines) else ""
    if line[place.column - 1 : place.column] == "\t" or line[: len(line) - len(line.lstrip())].count("\t"):
        return YamlFault("a tab; YAML is indented with spaces", place)
    parts: Iterator[str] = (part for part in (error.context, error.problem) if part)
    key = _KEY_FORM.search(line[:_LOOKED_OVER])
    hint = f"; {key.group()} needs quotes inside [ ] and {{ }}" if key else ""
    return YamlFault(f"not YAML: {', '.join(parts)}{hint}", place)


def _find_place(text: str) -> Place:
    """The place of the first character that YAML does not allow."""
    allowed = yaml.reader.Reader.NON_PRINTABLE
    found = allowed.search(text)
    before = text[: found.start()] if found else ""
    return Place(before.count("\n") + 1, len(before) - (before.rfind("\n") + 1) + 1)
