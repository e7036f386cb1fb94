"""Suggestions, tags and patterns as text to add to the specification: a behaviour with its scenarios. No file is touched."""

from collections.abc import Sequence
from dataclasses import dataclass

import yaml

from plainview.errors.groups import Group
from plainview.errors.suggestions import Suggestion, Suggestions
from plainview.narrative.suggestions import suggestion_name, suggestion_sentence
from plainview.specification import Specification

BEHAVIOURS = {
    "wrong": "Weak spots that a search found",
    "broke": "Broken answers that a search found",
    "fixed": "Fixed answers that a search found",
}


@dataclass(frozen=True)
class Addition:
    """A group that somebody named, to be measured from the next evaluation on."""

    name: str
    group: Group
    why: str = ""


def group_yaml(
    chosen: Sequence[Addition], specification: Specification, *, behaviour: str, owner: str | None = None
) -> str:
    """The YAML to put under ``behaviours:`` so that these groups are scenarios: with their condition, or with pinned ids."""
    taken, scenarios = {scenario.name for scenario in specification.scenarios}, []
    for one in chosen:
        name = _free(one.name, taken)
        taken.add(name)
        scenarios.append({"name": name, **one.group.scenario()} | ({"why": one.why} if one.why else {}))
    return _behaviour(behaviour, scenarios, specification, owner)


def scenario_yaml(
    chosen: Sequence[Suggestion], specification: Specification, found: Suggestions, *, release: str
) -> str:
    """The YAML to put under ``behaviours:`` so that these suggestions are measured from the next evaluation on.

    Names are such as the specification does not have yet. Each scenario's ``why`` keeps what was found, and where.
    """
    taken = {scenario.name for scenario in specification.scenarios}
    scenarios = []
    for one in chosen:
        name = _free(suggestion_name(one.conditions), taken)
        taken.add(name)
        why = f"Found by a search in {release}: {suggestion_sentence(one, found)}"
        scenarios.append({"name": name, "where": one.where, "why": why})
    return _behaviour(BEHAVIOURS[found.event], scenarios, specification)


def _behaviour(name: str, scenarios: list[dict], specification: Specification, owner: str | None = None) -> str:
    known = {behaviour.name for behaviour in specification.behaviours}
    behaviour = {"name": _free(name, known)} | ({"owner": owner} if owner else {}) | {"scenarios": scenarios}
    written = yaml.safe_dump([behaviour], sort_keys=False, allow_unicode=True, width=10_000)
    return "".join(f"  {line}\n" for line in ["# under behaviours:", *written.splitlines()])


def _free(name: str, taken: set[str]) -> str:
    """The name, with a number where it is taken."""
    number, free = 1, name
    while free in taken:
        number += 1
        free = f"{name[:190]} ({number})"
    return free
