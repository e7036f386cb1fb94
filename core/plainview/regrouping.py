"""Regrouping: scenarios that hold other examples than before although ids and labels stayed, because their columns changed."""

from collections.abc import Mapping, Sequence

import numpy as np

from plainview.exceptions import PlainviewError
from plainview.membership import scenario_masks
from plainview.records import Evaluation
from plainview.specification import Scenario, Specification
from plainview.specification.lineage import Ancestors
from plainview.store import Store


class Regrouping:
    """Counts, release by release in the order of time, how often each scenario of today came to hold other examples."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self._last: Evaluation | None = None
        self._count: Mapping[str, int] = {}

    def next(self, one: Evaluation, specification: Specification, names: Ancestors) -> Mapping[str, int]:
        """The counts as of this release; a scenario that is not named was never regrouped."""
        last, self._last = self._last, one
        if last is None or last.test_set.digest == one.test_set.digest:
            return self._count
        if last.test_set.examples_digest == one.test_set.examples_digest:
            moved = self._moved(last, one, specification)
            self._count = {name: self._count.get(name, 0) + bool(moved & set(then)) for name, then in names.items()}
        return self._count

    def _moved(self, last: Evaluation, one: Evaluation, specification: Specification) -> set[str]:
        there = set(last.test_set.columns) & set(one.test_set.columns)
        asked = [each for each in specification.scenarios if each.predicate and each.predicate.columns <= there]
        try:
            before, after = (self._masks(each, asked, specification) for each in (last, one))
        except PlainviewError:  # what cannot be read is not shown to be the same
            return {each.name for each in asked}
        return {each.name for each, was, now in zip(asked, before, after, strict=True) if not np.array_equal(was, now)}

    def _masks(self, one: Evaluation, asked: Sequence[Scenario], specification: Specification) -> list[np.ndarray]:
        columns = {column for each in asked for column in each.predicate.columns if each.predicate}
        return scenario_masks(self._store.examples(one, sorted(columns)), asked, specification.columns.id)
