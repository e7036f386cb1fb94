"""What must agree within a specification that is well formed: names, metrics, margins, columns."""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from typing import TYPE_CHECKING

import polars as pl

from plainview.exceptions import PredicateError, nearest
from plainview.metrics import METRICS, split_key
from plainview.specification.data_checks import data_faults
from plainview.specification.faults import Fault, Origin
from plainview.specification.gating import gate_faults
from plainview.specification.task_checks import OF_BOXES, columns_of_test_set, seen_of_boxes, task_faults
from plainview.specification.yaml_positions import Path

if TYPE_CHECKING:
    from plainview.specification.models import Requirement, Scenario, Specification

Faults = Iterator[Fault]


def disagreements(specification: "Specification", origin: Origin) -> Faults:
    """Everything in a well-formed specification that does not agree with the rest of it."""
    yield from _repeated_names(specification, origin)
    for check in (_columns, task_faults, _answers_in_where, _classes, _margins, gate_faults, data_faults):
        yield from check(specification)
    for index, requirement in enumerate(specification.requirements):
        yield from _requirement(specification, requirement, ("requirements", index))


_LISTS = {"metadata", "probabilities", "answers"}
_OF_CLASSES = ("classification", "multilabel")


def columns_needed(specification: "Specification") -> dict[str, tuple[Path, str]]:
    """Every column that is needed, with the path to the first part that needs it, and that part's name.

    A score is needed only where it is what is judged.
    """
    columns = specification.columns
    optional = set() if specification.task == "scored" else {"score"}
    parts = columns.model_dump(exclude=optional | _LISTS, exclude_none=True)
    needed = {column: (("columns", part), f"columns.{part}") for part, column in parts.items()}
    for of, column in (columns.probabilities or {}).items():
        needed.setdefault(column, (("columns", "probabilities", of), "columns.probabilities"))
    for index, column in enumerate(columns.answers):
        needed.setdefault(column, (("columns", "answers", index), "columns.answers"))
    for index, column in enumerate(columns.metadata or ()):
        needed.setdefault(column, (("columns", "metadata", index), "columns.metadata"))
    for path, scenario in _scenarios(specification):
        for column in sorted(scenario.predicate.columns) if scenario.predicate else ():
            needed.setdefault(column, ((*path, "where"), f"scenario {scenario.name!r}"))
    for path, column, metric in columns_of_test_set(specification):
        needed.setdefault(column, (path, f"metric {metric!r}"))
    return needed


def column_faults(specification: "Specification", available: Iterable[str] | Mapping[str, pl.DataType]) -> Faults:
    """Columns that are needed and not there; with a schema, also conditions whose kinds of value do not compare.

    What scenarios read of boxes is known only with a schema.
    """
    known = list(available)
    for column, (path, need) in columns_needed(specification).items():
        told = isinstance(available, Mapping) or not seen_of_boxes(specification, column)
        if told and column not in known:
            yield Fault(
                path,
                f"{need} needs column {column!r}, which is not there. {_column_advice(specification, path, column, known)}",
            )
    if not isinstance(available, Mapping):
        return
    for path, scenario in _scenarios(specification):
        if scenario.predicate is not None and scenario.predicate.columns <= set(known):
            try:
                scenario.predicate.expression(available)
            except PredicateError as error:
                yield Fault((*path, "where"), str(error))


def _column_advice(specification: "Specification", path: Path, column: str, known: list[str]) -> str:
    advice = nearest(column, known)
    if path[-1] != "where":
        return advice
    where = dict(_scenarios(specification))[path[:-1]].where or ""
    if advice.startswith("Did you mean") and f'"{column}"' not in where:
        return advice
    return f"{advice} If it is text, put it in single quotes: '{column}'."


def _scenarios(specification: "Specification") -> Iterator[tuple[Path, "Scenario"]]:
    for number, behaviour in enumerate(specification.behaviours):
        for index, scenario in enumerate(behaviour.scenarios):
            yield ("behaviours", number, "scenarios", index), scenario


def _repeated_names(specification: "Specification", origin: Origin) -> Faults:
    """Behaviours, scenarios, requirements and metrics each have a name of their own over the whole file."""
    behaviours = [(("behaviours", index, "name"), item.name) for index, item in enumerate(specification.behaviours)]
    scenarios = [((*path, "name"), scenario.name) for path, scenario in _scenarios(specification)]
    requirements = [(("requirements", index, "id"), item.id) for index, item in enumerate(specification.requirements)]
    metrics = [(("metrics", index), item.key) for index, item in enumerate(specification.metrics)]
    classes = [(("classes", index), item) for index, item in enumerate(specification.classes or ())]
    named = {
        "behaviour": behaviours,
        "scenario": scenarios,
        "requirement": requirements,
        "metric": metrics,
        "class": classes,
    }
    for kind, items in named.items():
        first: dict[str, Path] = {}
        for path, name in items:
            if name in first:
                yield Fault(path, f"the {kind} {name!r} is there already{origin.line(first[name])}; give it once")
            first.setdefault(name, path)


def _columns(specification: "Specification") -> Faults:
    """One column plays one part."""
    columns = specification.columns
    parts = columns.model_dump(exclude={"cluster", "weight"} | _LISTS, exclude_none=True)
    for column, times in Counter(parts.values()).items():
        if times > 1:
            used = [part for part, name in parts.items() if name == column]
            yield Fault(("columns", used[-1]), f"column {column!r} cannot be both {' and '.join(used)}")


def _answers_in_where(specification: "Specification") -> Faults:
    """A scenario is part of the test set: it may not depend on what a release answered."""
    columns = specification.columns
    answers = {columns.prediction, columns.score, *columns.more_answers().values()} - {None}
    answers |= {f"{OF_BOXES}score"} if specification.task == "detection" else set()
    for path, scenario in _scenarios(specification):
        for column in sorted(scenario.predicate.columns & answers) if scenario.predicate else ():
            message = f"column {column!r} differs from release to release; a scenario is a part of the test set"
            yield Fault((*path, "where"), message)


def _classes(specification: "Specification") -> Faults:
    """Classes belong to classification, and a class that is named is one of those declared."""
    for key, tasks in (("classes", _OF_CLASSES), ("positive", _OF_CLASSES[:1])):
        if getattr(specification, key) is not None and specification.task not in tasks:
            yield Fault((key,), f"{key} is for {' and '.join(tasks)}; the task is {specification.task}", key=True)
    if specification.unit is not None and specification.task in _OF_CLASSES:
        yield Fault(("unit",), f"unit is for numbers that are predicted; the task is {specification.task}", key=True)
    if specification.classes is None:
        return
    chosen = [(("metrics", index), choice.of) for index, choice in enumerate(specification.metrics)]
    chosen += [
        (("requirements", index, "metric"), item.metric.of) for index, item in enumerate(specification.requirements)
    ]
    chosen.append((("positive",), specification.positive))
    for path, of in chosen:
        if of is not None and of not in specification.classes:
            yield Fault(path, f"{of!r} is not one of the classes. {nearest(of, specification.classes)}")


def _margins(specification: "Specification") -> Faults:
    """Margins name metrics that are measured; a margin of proportions is a share, not a percentage."""
    given = [(("margin",), specification.margin)]
    given += [((*path, "margin"), scenario.margin) for path, scenario in _scenarios(specification)]
    given += [
        (("metrics", index, "margin"), {item.key: item.margin}) for index, item in enumerate(specification.metrics)
    ]
    known = {*specification.metric_keys, *(choice.name for choice in specification.measured)}
    for path, margin in given:
        named = margin if isinstance(margin, Mapping) else {specification.headline.key: margin}
        inner = isinstance(margin, Mapping) and path[0] != "metrics"
        for metric, number in named.items():
            place = (*path, metric) if inner else path
            if metric not in known:
                yield Fault(
                    place, f"{metric!r} is not a metric of this specification. {nearest(metric, known)}", key=True
                )
            elif number is not None:
                yield from _share(metric, number, place)


def _share(metric: str, number: float, path: Path) -> Faults:
    if METRICS[split_key(metric)[0]].unit == "proportion" and not 0 <= number <= 1:
        hint = f" Did you mean {number / 100:g}?" if 1 < number <= 100 else ""
        yield Fault(path, f"found {number:g}; {metric} is a proportion, from 0 to 1.{hint}")


def _requirement(specification: "Specification", requirement: "Requirement", path: Path) -> Faults:
    """A requirement names a scenario that exists, of the behaviour that it names, and a bar that can be."""
    scenarios = {scenario.name: scenario.behaviour for scenario in specification.scenarios}
    behaviours = [behaviour.name for behaviour in specification.behaviours]
    name, behaviour = requirement.scenario, requirement.behaviour
    if name not in scenarios:
        yield Fault((*path, "scenario"), f"there is no scenario {name!r}. {nearest(name, scenarios)}")
    if behaviour is not None and behaviour not in behaviours:
        yield Fault((*path, "behaviour"), f"there is no behaviour {behaviour!r}. {nearest(behaviour, behaviours)}")
    elif behaviour is not None and scenarios.get(name, behaviour) != behaviour:
        of = f"is of behaviour {scenarios[name]!r}" if scenarios[name] else "is of no behaviour"
        yield Fault((*path, "scenario"), f"scenario {name!r} {of}, not of {behaviour!r}")
    yield from _bar(specification, requirement, path, known=name in scenarios)


def _bar(specification: "Specification", requirement: "Requirement", path: Path, *, known: bool) -> Faults:
    key = requirement.metric.key
    for bar in ("at_least", "at_most", "margin"):
        number = getattr(requirement, bar)
        if number is not None:
            yield from _share(key, number, (*path, bar))
    if requirement.within is not None and specification.direction_of(key) != "zero":
        yield Fault((*path, "within"), f"{key} is not best at zero; write at_least or at_most")
    needs_margin = known and requirement.no_worse_than is not None and requirement.margin is None
    if needs_margin and specification.margin_for(key, requirement.scenario) is None:
        yield Fault(path, f"nothing says how much worse {key} may be; give the requirement a margin")
