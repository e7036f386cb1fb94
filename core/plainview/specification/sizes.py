"""How much a specification may hold: far more than anyone writes, and little enough to be checked in seconds."""

from collections.abc import Iterator, Mapping
from typing import Any

from plainview.specification.faults import Fault
from plainview.specification.yaml_positions import Path

MAX_ITEMS = 2_000  # of one list or mapping
MAX_SCENARIOS = 2_000
MAX_WHERE = 500_000  # characters of all predicates together
_LONG = {"ids", "classes"}  # lists of plain names, which only the size of the file limits


def too_many(data: Mapping[str, Any]) -> list[Fault]:
    """The first list or mapping that is too long, or scenarios and predicates that are too many; none where all is well."""
    scenarios = characters = 0
    for path, value in _parts(data):
        if len(value) > MAX_ITEMS and path[-1:] not in {(name,) for name in _LONG}:
            return [Fault(path, f"found {len(value):,} entries; expected at most {MAX_ITEMS:,}")]
        if isinstance(value, Mapping) and "scenarios" in path[-2:]:
            scenarios += 1
            characters += len(value["where"]) if isinstance(value.get("where"), str) else 0
        if scenarios > MAX_SCENARIOS:
            return [Fault(path, f"found more than {MAX_SCENARIOS:,} scenarios")]
        if characters > MAX_WHERE:
            return [Fault(path, f"found more than {MAX_WHERE:,} characters in the predicates of all scenarios")]
    return []


def _parts(data: Mapping[str, Any]) -> Iterator[tuple[Path, Mapping | list]]:
    """Every mapping and list with the path to it, the outer ones first."""
    stack: list[tuple[Path, Any]] = [((), data)]
    while stack:
        path, value = stack.pop()
        if isinstance(value, Mapping | list):
            yield path, value
            inner = value.items() if isinstance(value, Mapping) else enumerate(value)
            stack.extend(((*path, key), item) for key, item in inner)
