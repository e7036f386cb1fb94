"""Lineage: what the scenarios of a specification were under earlier ones, and what else a metric's values hang on.

Names tell it, and ``was`` where a name is another one: renamed (one name, one ``was``), split (several scenarios that name
the same ``was``), merged (one scenario that names several). A name that stays with another condition is redefined.
"""

from collections.abc import Mapping, Sequence

from plainview.methods.averages import Average
from plainview.methods.label_averages import LabelAverage
from plainview.metrics import metric_for
from plainview.specification.models import Scenario, Specification

Names = tuple[str, ...]
Ancestors = Mapping[
    str, Names
]  # today's name -> names then: several where they were merged since, none before it was there


def ancestors(specifications: Sequence[Specification]) -> list[Ancestors]:
    """What each scenario of the last specification was called under each of them; they are in the order of time."""
    if not specifications:
        return []
    newest = specifications[-1]
    found: Ancestors = {each.name: (each.name,) for each in newest.scenarios}
    known = dict(found)  # what to look for further back: the names it had, and those that it says it was
    line = [found]
    for older, newer in zip(specifications[-2::-1], specifications[:0:-1], strict=True):
        if older.digest != newer.digest:
            found, known = _step_back(older, newer, found, known)
        line.append(found)
    return line[::-1]


def _step_back(
    older: Specification, newer: Specification, names: Ancestors, known: Mapping[str, Names]
) -> tuple[Ancestors, dict[str, Names]]:
    then, now = ({each.name: each for each in one.scenarios} for one in (older, newer))
    claims = {name: [old for old in each.was if not _settled(each, old, then)] for name, each in now.items()}
    reused = {
        old
        for name, claimed in claims.items()
        for old in claimed
        if old in then and old in now and meaning(now[name]) == meaning(then[old]) != meaning(now[old])
    }
    found: dict[str, Names] = {}
    still: dict[str, Names] = {}
    for name, called in known.items():
        claimed = [old for each in names[name] if each in claims for old in claims[each]]
        kept = [each for each in called if each in then and not (each in now and each in reused)]
        if kept:  # what it says it was and lives on beside it is not part of it
            claimed = [old for old in claimed if old not in now or old in reused]
        found[name] = tuple(dict.fromkeys([*kept, *(old for old in claimed if old in then)]))
        waiting = [old for old in (*called, *claimed) if old not in then]
        still[name] = tuple(dict.fromkeys([*found[name], *waiting]))
    return found, still


def _settled(scenario: Scenario, old: str, then: Mapping[str, Scenario]) -> bool:
    """Whether the older specification said so already: then it speaks of something older still."""
    return scenario.name in then and old in then[scenario.name].was


def meaning(scenario: Scenario) -> str:
    """What a scenario holds: equal for conditions that differ in spaces and capitals of SQL words alone."""
    if scenario.predicate is not None:
        return scenario.predicate.normal
    return "\n".join(sorted(scenario.ids or ()))


def metric_definition(specification: Specification, key: str) -> str:
    """What a metric's values hang on besides its name, the examples and the answers; empty where that is nothing.

    Where it differs between two specifications, values as published under them are not comparable.
    """
    family, said = metric_for(key, specification.task).family, [specification.task]
    if specification.task == "detection" and hasattr(family, "false_alarms"):
        said.append(f"boxes that overlap by {specification.iou:g}, from a score of {specification.score_threshold:g}")
    if isinstance(family, Average | LabelAverage) and specification.classes:
        said.append(f"classes {', '.join(sorted(specification.classes))}")
    if specification.task == "scored" and "[" not in key:
        said.append(f"column {specification.columns.prediction}")
    return "; ".join(said)
