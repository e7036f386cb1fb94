"""What came of a list: how many of the wanted examples a later version of the test set has, and what they allow now."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import polars as pl

from plainview.collecting.kept import KeptList
from plainview.collecting.wants import CHECK, Want
from plainview.errors.judged import judge
from plainview.exceptions import InputError, NotFoundError
from plainview.membership import scenario_masks
from plainview.predicates import parse_predicate
from plainview.records import Evaluation
from plainview.specification import Scenario, Specification, load_specification
from plainview.store import Store
from plainview.tasks import TASKS


@dataclass(frozen=True, kw_only=True)
class Brought:
    """What came of one thing that was wanted."""

    want: Want
    arrived: int | None  # new examples of it, or labels that were changed or taken out; None: it cannot be told
    now: int | None = None  # how many there are now
    possible: bool | None = None  # whether a verdict may rest on it now, or half of it fixed could be seen
    new_share: float | None = None  # of the new examples that are wrong, 0…1: what a search found, seen afresh
    reason: str | None = None  # why it cannot be told

    @property
    def done(self) -> bool:
        """Whether as many came as were wanted."""
        return self.arrived is not None and self.arrived >= self.want.examples


@dataclass(frozen=True)
class Outcome:
    """What came of a list between two versions of the test set."""

    kept: KeptList
    rows: tuple[Brought, ...]
    added: int  # examples that the test set has more, whatever they are of


def last_before(lists: Sequence[KeptList], evaluation: Evaluation) -> KeptList | None:
    """The last list that was made of another version of the test set than this evaluation's; None where there is none."""
    digest = evaluation.test_set.examples_digest
    return next((each for each in reversed(lists) if each.test_set != digest), None)


def brought(store: Store, kept: KeptList, evaluation: Evaluation) -> Outcome:
    """What a list brought to the test set of a later evaluation. Raises NotFoundError where the old one is not there."""
    specification = load_specification(store.specification_text(evaluation))
    old = next((one for one in store.evaluations(evaluation.project) if one.id == kept.evaluation), None)
    if old is None:
        raise NotFoundError(f"The evaluation {kept.evaluation} that the list is of is not in the store.")
    then = load_specification(store.specification_text(old))
    before = _labelled(store, old, then)
    now = store.examples(evaluation)
    seen = _Seen(store, evaluation, specification, now, before)
    return Outcome(kept, tuple(seen.of(want) for want in kept.wants), int(seen.new.sum()))


def _labelled(store: Store, evaluation: Evaluation, specification: Specification) -> pl.DataFrame:
    columns = specification.columns
    names = [name for name in (columns.id, columns.label) if name]
    return _named(store.examples(evaluation, names), specification)


def _named(rows: pl.DataFrame, specification: Specification) -> pl.DataFrame:
    """Ids and labels as text: columns id, label."""
    columns = specification.columns
    label = pl.Series([None] * rows.height, dtype=pl.String)
    if columns.label:
        task = TASKS[specification.task]
        label = task.prepare(rows[columns.label]) if specification.task == "classification" else rows[columns.label]
    return pl.DataFrame({"id": rows[columns.id].cast(pl.String), "label": label.cast(pl.String)})


class _Seen:
    """A later test set, beside an earlier one."""

    def __init__(
        self, store: Store, evaluation: Evaluation, specification: Specification, now: pl.DataFrame, before
    ) -> None:
        self.specification, self.now, self.before = specification, now, before
        self.labels = _named(now, specification)
        self.new = ~self.labels["id"].is_in(before["id"].implode()).to_numpy()
        headline = specification.metric_keys[0]
        self.of_scenario = {row.scenario: row.of for row in store.results(evaluation) if row.metric == headline}
        try:
            judged = judge(store, evaluation)
            ids = judged.rows[specification.columns.id].cast(pl.String)
            self.wrong = dict(zip(ids, judged.events.tolist(), strict=True))
        except InputError:
            self.wrong = {}

    def of(self, want: Want) -> Brought:
        """What came of one want."""
        if want.action == CHECK:
            return self._checked(want)
        try:
            mask = self._mask(want)
        except InputError as error:
            return Brought(want=want, arrived=None, reason=str(error).split(". ")[0])
        arrived = mask & self.new
        told = [self.wrong[one] for one in self.labels["id"].filter(pl.Series(arrived)) if one in self.wrong]
        now = int(self.of_scenario.get(want.scenario, mask.sum())) if want.kind == "too few" else int(mask.sum())
        needed = self._needed(want)
        return Brought(
            want=want,
            arrived=int(arrived.sum()),
            now=now,
            possible=None if needed is None else now >= needed,
            new_share=float(np.mean(told)) if told else None,
        )

    def _needed(self, want: Want) -> int | None:
        return (
            self.specification.minimum_for(want.scenario) if want.kind == "too few" and want.scenario else want.needed
        )

    def _mask(self, want: Want) -> np.ndarray:
        if want.kind == "confused":
            return self.labels["label"].is_in(list(want.classes)).fill_null(False).to_numpy()
        if want.kind == "too few":
            scenario = self.specification.scenario(want.scenario or "")
        else:
            unknown = sorted(parse_predicate(want.where or "").columns - set(self.now.columns))
            if unknown:
                raise InputError(f"the test set has no column {unknown[0]!r} any more")
            scenario = Scenario(name="wanted", where=want.where)
        return scenario_masks(self.now, [scenario], self.specification.columns.id)[0]

    def _checked(self, want: Want) -> Brought:
        """Of the labels that were to be checked, those that were changed, or whose example was taken out."""
        asked = self.before.filter(pl.col("id").is_in(list(want.ids)))
        today = asked.join(self.labels, on="id", how="left", suffix="_now", maintain_order="left")
        changed = today.filter(pl.col("label").ne_missing(pl.col("label_now"))).height
        return Brought(want=want, arrived=changed, now=len(want.ids) - changed)
