"""A suggestion as text to add to the specification: a behaviour with its scenarios, in YAML. No file is touched."""

from collections.abc import Sequence

import yaml

from plainview.errors.suggestions import Suggestion, Suggestions
from plainview.narrative.suggestions import suggestion_name, suggestion_sentence
from plainview.specification import Specification

BEHAVIOURS = {
    "wrong": "Weak spots that a search found",
    "broke": "Broken answers that a search found",
    "fixed": "Fixed answers that a search found",
}


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
    known = {behaviour.name for behaviour in specification.behaviours}
    behaviour = {"name": _free(BEHAVIOURS[found.event], known), "scenarios": scenarios}
    written = yaml.safe_dump([behaviour], sort_keys=False, allow_unicode=True, width=10_000)
    return "".join(f"  {line}\n" for line in ["# under behaviours:", *written.splitlines()])


def _free(name: str, taken: set[str]) -> str:
    """The name, with a number where it is taken."""
    number, free = 1, name
    while free in taken:
        number += 1
        free = f"{name[:190]} ({number})"
    return free
