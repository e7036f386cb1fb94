"""The models of a specification, one a part of the file: frozen, and closed to keys that they do not know."""

import hashlib
from collections.abc import Iterable, Mapping
from functools import cached_property
from typing import Any, Literal

import polars as pl
from pydantic import Field, PrivateAttr, ValidationInfo, field_validator, model_validator

from plainview.exceptions import SpecificationError, nearest
from plainview.metrics import METRICS, metric_for, metric_key, metrics_of, split_key
from plainview.metrics.metric import Direction
from plainview.predicates import Predicate, parse_predicate
from plainview.specification.checks import column_faults, columns_needed
from plainview.specification.data_models import DataDemands, Monitoring
from plainview.specification.faults import Origin, fail
from plainview.specification.gating import GateRules
from plainview.specification.types import Class, Count, Margin, Model, Name, Number, Part, Positive, Prose, Share, Slug

TASKS = ("classification", "multilabel", "regression", "detection", "scored")
DEFAULT_MARGIN = 0.01  # one point, for proportions
ALL = "all"


class Columns(Model):
    """Which column of the frame plays which part."""

    id: Name
    label: Name | None = None
    prediction: Name = "prediction"
    score: Name | None = None
    cluster: Name | None = None  # rows with the same value are not independent: a customer, a video
    weight: Name | None = None
    probabilities: dict[Class, Name] | None = None  # of each class, where a release gives them
    lower: Name | None = None  # the ends of the interval that a release predicts
    upper: Name | None = None
    answers: tuple[Name, ...] = ()  # what else a release gives: seconds, tokens, a judge's score
    metadata: tuple[Name, ...] | None = None  # the test-set columns to keep; None: all of them

    def more_answers(self) -> dict[str, str]:
        """What a release answers besides prediction and score: the name it is stored under, and its column."""
        chances = {f"probability[{of}]": column for of, column in (self.probabilities or {}).items()}
        ends = {part: getattr(self, part) for part in ("lower", "upper") if getattr(self, part)}
        return chances | ends | {name: name for name in self.answers}


class MetricChoice(Model):
    """A metric that is asked for: its name, and the class or the column that it is measured of."""

    name: Name
    of: Class | None = Field(default=None, alias="class")  # or written ``column``, for a metric of any column
    better: Literal["higher", "lower"] | None = None  # for a metric of any column; None: higher
    margin: Positive | None = None  # the smallest difference of this metric that matters
    unit: Name | None = (
        None  # what its values are counted in; None: the specification's unit, where that is what is measured
    )
    title: Name | None = None

    @property
    def key(self) -> str:
        """How results name it: ``accuracy``, ``recall[negative]``."""
        return metric_key(self.name, self.of)

    @model_validator(mode="before")
    @classmethod
    def _from_key(cls, value: Any, info: ValidationInfo) -> Any:
        """Accept ``recall[negative]`` for {name: recall, class: negative}, and ``mean[seconds]`` for {name: mean, column:
        seconds}; check it against the table of metrics.
        """
        if isinstance(value, str):
            name, of = split_key(value)
            value = {"name": name} if of is None else {"name": name, "class": of}
        if not isinstance(value, Mapping) or not isinstance(value.get("name"), str):
            raise ValueError("a metric is written accuracy, recall[negative] or {name: recall, class: negative}")
        given = info.context or {}
        for word in ("column", "quantile"):
            if word in value and "class" not in value and getattr(METRICS.get(value["name"]), f"per_{word}", False):
                value = {("class" if key == word else key): part for key, part in value.items()}
        known = {"name", "class", "better", "margin", "unit", "title"}
        if not given or value.keys() - known:  # unknown keys are said to be so first
            return value
        return {**value, "class": _class_of(value["name"], value.get("class"), given)}


def _class_of(name: str, of: Any, given: Mapping[str, Any]) -> Any:
    """The class or column of a metric in a specification that says ``given``; raises ValueError where they do not fit."""
    task, known = given.get("task"), METRICS
    if task in TASKS:
        known = metrics_of(task)
    if name not in known:
        reason = f"is not a metric of {task}" if name in METRICS else "is not a metric"
        raise ValueError(f"{name!r} {reason}. {nearest(name, known)}")
    if known[name].per_column:
        return of
    if known[name].per_quantile:
        return _quantile(name, of)
    if not known[name].per_class:
        if of is not None:
            raise ValueError(f"{name} is not measured per class; leave the class {of!r} out")
        return None
    of = given.get("positive") if of is None else of
    if of is None:
        raise ValueError(f"{name} is measured per class: write {name}[a class], or name the positive class")
    return of


def _quantile(name: str, of: Any) -> str:
    """A quantile as keys write it: 0.9, however it was written."""
    try:
        level = float(of)
    except (TypeError, ValueError):
        level = 0.0
    if not 0 < level < 1:
        raise ValueError(
            f"{name} is of a quantile between 0 and 1: write {name}[0.9] or {{name: {name}, quantile: 0.9}}"
        )
    return f"{level:g}"


class Scenario(Model):
    """A named subset of the test set: by an SQL predicate over its columns, or by ids that are pinned."""

    name: Name
    where: str | None = None
    ids: tuple[Name, ...] | None = Field(default=None, min_length=1)
    was: tuple[Name, ...] = ()  # names it had before, so that its history goes on
    why: Prose | None = None
    margin: Margin = None
    minimum_examples: Count | None = None
    traffic: Part | None = None  # of what the product sees in use, the share that this scenario is
    cost: Positive | None = None  # of one error, in whatever the team counts
    _behaviour: str | None = PrivateAttr(None)

    @property
    def behaviour(self) -> str | None:
        """The behaviour that the scenario is listed under; None for ``all``."""
        return self._behaviour

    @property
    def definition(self) -> str:
        """What the scenario is: its predicate, or the ids that are pinned; empty for ``all``."""
        return self.where if self.where is not None else f"ids: {', '.join(self.ids)}" if self.ids else ""

    @property
    def predicate(self) -> Predicate | None:
        """The parsed ``where``; None where ids are pinned, and for ``all``."""
        return None if self.where is None else parse_predicate(self.where)

    @field_validator("name")
    @classmethod
    def _not_all(cls, name: str) -> str:
        if name.casefold() == ALL:
            raise ValueError(f"the scenario {ALL!r} always exists; give this one another name")
        return name

    @field_validator("where")
    @classmethod
    def _allowed(cls, where: str | None) -> str | None:
        if where is not None:
            parse_predicate(where)
        return where

    @model_validator(mode="after")
    def _one_definition(self) -> "Scenario":
        if (self.where is None) == (self.ids is None):
            found = "neither" if self.where is None else "both"
            raise ValueError(f"found {found} of where and ids; exactly one was expected")
        return self


class Behaviour(Model):
    """Something the product does, in a product manager's words."""

    name: Name
    why: Prose | None = None
    owner: Name | None = None
    scenarios: tuple[Scenario, ...] = Field(min_length=1)

    def model_post_init(self, context: Any) -> None:
        """Tell each scenario where it belongs."""
        for scenario in self.scenarios:
            scenario._behaviour = self.name


_DEMANDS: tuple[Literal["at_least", "at_most", "within", "no_worse_than"], ...]
_DEMANDS = ("at_least", "at_most", "within", "no_worse_than")


class Requirement(Model):
    """A bar for a metric on a scenario, or a promise to lose no more than a margin."""

    id: Name
    behaviour: Name | None = None
    scenario: Name = ALL
    metric: MetricChoice
    at_least: Number | None = None
    at_most: Number | None = None
    within: Positive | None = None  # of zero, on either side: for a metric that is best there, as bias is
    no_worse_than: Name | None = None  # "previous", "best", or the name of a release
    margin: Positive | None = None  # for no_worse_than; None: the specification's margin
    priority: Literal["must", "should", "could"] = "must"
    rule: Literal["interval", "point"] = "interval"  # what must clear the bar: the whole interval, or the estimate
    owner: Name | None = None
    reason: Prose | None = None

    @property
    def kind(self) -> Literal["at_least", "at_most", "within", "no_worse_than"]:
        """How it demands what it demands."""
        return next(kind for kind in _DEMANDS if getattr(self, kind) is not None)

    @property
    def bar(self) -> float | None:
        """The number to reach or to stay under; None for no_worse_than."""
        return None if self.kind == "no_worse_than" else getattr(self, self.kind)

    @model_validator(mode="after")
    def _one_bar(self) -> "Requirement":
        given = [kind for kind in _DEMANDS if getattr(self, kind) is not None]
        if len(given) != 1:
            found = " and ".join(given) or "none"
            raise ValueError(
                f"found {found}; exactly one of {', '.join(_DEMANDS[:-1])} and {_DEMANDS[-1]} was expected"
            )
        if self.margin is not None and self.no_worse_than is None:
            raise ValueError("a margin belongs to no_worse_than; a bar has none")
        return self


class Specification(Model):
    """A whole specification; made by ``load_specification``."""

    project: Slug
    title: Name  # the project's name where none is given
    description: Prose | None = None
    owner: Name | None = None
    task: Literal["classification", "multilabel", "regression", "detection", "scored"]
    columns: Columns
    classes: tuple[Class, ...] | None = Field(default=None, min_length=1)
    positive: Class | None = None  # the class of per-class metrics that name none
    unit: Name | None = None  # of what is predicted, where that is a number: minutes
    metrics: tuple[MetricChoice, ...] = Field(min_length=1)  # the first is the headline metric
    iou: Part = 0.5  # for detection: how far a box must overlap a labelled one to have found it
    score_threshold: Number = (
        0.5  # for detection: boxes that score lower are not shown to anyone, and count in no proportion
    )
    confidence: Share = 0.95
    margin: Margin = None
    minimum_examples: Count = 30
    behaviours: tuple[Behaviour, ...] = ()
    requirements: tuple[Requirement, ...] = ()
    gate: GateRules = GateRules()
    data: DataDemands = Field(default_factory=DataDemands)  # of the test set itself
    monitoring: Monitoring = Field(default_factory=Monitoring)  # of what production sends
    _text: str = PrivateAttr("")
    _origin: Origin = PrivateAttr(Origin("specification"))

    @property
    def text(self) -> str:
        """The text that the specification was read from, unchanged; its UTF-8 bytes are what ``digest`` is of."""
        return self._text

    @cached_property
    def digest(self) -> str:
        """SHA-256 of the text."""
        return hashlib.sha256(self._text.encode()).hexdigest()

    @property
    def headline(self) -> MetricChoice:
        """The metric that sentences speak of first."""
        return self.metrics[0]

    @cached_property
    def scenarios(self) -> tuple[Scenario, ...]:
        """Every scenario, ``all`` first, then as written."""
        everything = Scenario.model_construct(name=ALL)
        return (everything, *(scenario for behaviour in self.behaviours for scenario in behaviour.scenarios))

    def scenario(self, name: str) -> Scenario:
        """The scenario of this name; raises SpecificationError with the nearest name."""
        if name not in self._named:
            raise SpecificationError(f"There is no scenario {name!r}. {nearest(name, [*self._named])}")
        return self._named[name]

    @cached_property
    def test_cases(self) -> frozenset[str]:
        """The scenarios that pin fewer examples than a verdict usually rests on: chosen ones, that guard something."""
        pinned = (each for each in self.scenarios if each.ids)
        return frozenset(each.name for each in pinned if len(each.ids or ()) < self.minimum_examples)

    @cached_property
    def _named(self) -> dict[str, Scenario]:
        return {scenario.name: scenario for scenario in self.scenarios}

    @cached_property
    def measured(self) -> tuple[MetricChoice, ...]:
        """Every metric to measure: those listed, then those that only requirements name."""
        chosen = {choice.key: choice for choice in self.metrics}
        for requirement in self.requirements:
            chosen.setdefault(requirement.metric.key, requirement.metric)
        return tuple(chosen.values())

    @property
    def metric_keys(self) -> tuple[str, ...]:
        """The keys of ``measured``."""
        return tuple(choice.key for choice in self.measured)

    def direction_of(self, metric: str) -> Direction:
        """Which values of a metric are better: as the specification says, else as the table does."""
        choice = next((choice for choice in self.measured if choice.key == metric), None)
        return choice.better if choice and choice.better else METRICS[split_key(metric)[0]].direction

    def unit_of(self, metric: str) -> str:
        """What a metric's values are counted in: its own unit, else that of what is predicted. Empty for shares and bare
        numbers, and for a metric of another column whose unit nobody has said.
        """
        choice = next((choice for choice in self.measured if choice.key == metric), None)
        if choice and choice.unit:
            return choice.unit
        return self.unit or "" if _unit(metric) == ("label", None) else ""

    def counted_by(self, metric: str) -> tuple[str, str]:
        """What a metric's denominator counts: ("example", "examples"), ("box", "boxes")."""
        return metric_for(metric, self.task).counted

    def sign_of(self, metric: str) -> int:
        """+1 where a larger difference of a metric is better, -1 where a smaller one is."""
        return 1 if self.direction_of(metric) == "higher" else -1

    def margin_for(self, metric: str, scenario: str = ALL) -> float | None:
        """The smallest difference that matters, in the metric's unit: the scenario's margin, else the metric's, else
        the specification's, else one point for proportions. None where nothing says.

        A margin that is one number is in the headline metric's unit, and holds for metrics of that unit alone: not for a
        metric of another column.
        """
        choice = next((choice for choice in self.measured if choice.key == metric), None)
        candidates = (
            self._margin_from(self.scenario(scenario).margin, metric),
            choice.margin if choice else None,
            self._margin_from(self.margin, metric),
            DEFAULT_MARGIN if _unit(metric) == ("proportion", None) else None,
        )
        return next((margin for margin in candidates if margin is not None), None)

    def _margin_from(self, margin: float | Mapping[str, float] | None, metric: str) -> float | None:
        if isinstance(margin, Mapping):
            return margin.get(metric, margin.get(split_key(metric)[0]))
        return margin if _unit(metric) == _unit(self.headline.key) else None

    def minimum_for(self, scenario: str) -> int:
        """The fewest examples that a verdict on this scenario may rest on."""
        return self.scenario(scenario).minimum_examples or self.minimum_examples

    def columns_needed(self) -> dict[str, str]:
        """Every column that must be in the frame, with the part of the specification that needs it."""
        return {column: need for column, (_, need) in columns_needed(self).items()}

    def check_columns(self, available: Iterable[str] | Mapping[str, pl.DataType]) -> None:
        """Raise SpecificationError, naming lines, for every column that is needed and not available.

        Given a frame's schema, also for every ``where`` whose kinds of value do not compare.
        """
        fail(column_faults(self, available), self._origin)

    @model_validator(mode="before")
    @classmethod
    def _scored(cls, value: Any) -> Any:
        """Where answers are scored, a column of scores is what is judged, unless a prediction is named too."""
        columns = value.get("columns") if isinstance(value, Mapping) and value.get("task") == "scored" else None
        if not isinstance(columns, Mapping) or "score" not in columns or "prediction" in columns:
            return value
        return {
            **value,
            "columns": {("prediction" if part == "score" else part): column for part, column in columns.items()},
        }

    @model_validator(mode="before")
    @classmethod
    def _titled(cls, value: Any) -> Any:
        if not isinstance(value, Mapping) or value.get("title") is not None:
            return value
        return {**value, "title": str(value.get("project") or "untitled")}


def _unit(metric: str) -> tuple[str, str | None] | None:
    """What a metric is counted in: proportions, or what is predicted; and of which column, where it may be of any."""
    name, of = split_key(metric)
    found = METRICS.get(name)
    return found and (found.unit, of if found.per_column and found.unit != "proportion" else None)
