"""From a draft to an evaluation that exists: what is there already, files, and the commit."""

import hashlib
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime

import polars as pl

from plainview.exceptions import DamagedError, StoreError
from plainview.records import Evaluation, Result, StoredFile
from plainview.store.adapters import Adapter
from plainview.store.commit import Deadline, commit, confirm
from plainview.store.drafts import Draft
from plainview.store.keys import specification_key
from plainview.store.tables import write_table
from plainview.store.ulids import new_ulid
from plainview.store.verified import Verified

INLINE_BYTES = 256 << 10  # results that take more as JSON are kept as a table
RESULT_TYPES = {
    "scenario": pl.String,
    "behaviour": pl.String,
    "metric": pl.String,
    "value": pl.Float64,
    "low": pl.Float64,
    "high": pl.Float64,
    "examples": pl.Int64,
    "of": pl.Float64,
    "missing": pl.Int64,
    "status": pl.String,
    "reason": pl.String,
    "method": pl.String,
}
Files = dict[str, object]


@dataclass(frozen=True)
class Publisher:
    """Where drafts go, and how what is there is found."""

    adapter: Adapter
    verified: Verified
    shown: Callable[[], Mapping[str, Evaluation]]  # what is in the store now, by publish key

    def publish(self, draft: Draft, *, actor: str, plainview_version: str) -> tuple[Evaluation, bool]:
        """The evaluation, and whether it is new; see ``Store.publish``."""
        deadline = Deadline()
        there = self.shown()
        beyond_repair: list[str] = []
        while existing := there.get(draft.publish_key(instead_of=beyond_repair)):
            if self._made_sound(existing, draft, there):
                return existing, False
            beyond_repair.append(existing.id)
        evaluation = Evaluation(
            id=new_ulid(),
            published_at=datetime.now(UTC),
            **draft.described,
            **self._write(draft, there),
            publish_key=draft.publish_key(instead_of=beyond_repair),
            actor=actor,
            plainview_version=plainview_version,
        )
        commit(self.adapter, evaluation, deadline=deadline)
        shown = self._as_shown(evaluation)
        return shown, shown.id == evaluation.id

    def _as_shown(self, evaluation: Evaluation) -> Evaluation:
        """What readers see of a new evaluation: of racing publishers of the same content, the first."""
        with suppress(StoreError):  # it exists, whatever fails from here on
            return self.shown().get(evaluation.publish_key) or without_results(evaluation)
        return without_results(evaluation)

    def _made_sound(self, existing: Evaluation, draft: Draft, there: Mapping[str, Evaluation]) -> bool:
        """Whether what exists can be read, if need be after its files were written once more from the draft."""
        if not all(self._is_sound(file) for file in existing.files):
            written = {file.key for file in self._write(draft, there).values() if isinstance(file, StoredFile)}
            if written != {file.key for file in existing.files}:
                return False  # the Parquet library writes other bytes today
        return confirm(self.adapter, existing)

    def _is_sound(self, file: StoredFile) -> bool:
        try:
            self.verified.open(self.adapter, file).close()
        except DamagedError:
            return False
        return True

    def _write(self, draft: Draft, there: Mapping[str, Evaluation]) -> Files:
        """Store every file of a draft; the fields of the record that name them."""
        examples = self._known_examples(draft, there) or write_table(self.adapter, "examples", draft.examples)
        return {
            "specification": self._write_specification(draft.specification),
            "examples_file": examples,
            "predictions_file": write_table(self.adapter, "predictions", draft.predictions),
            **self._write_results(draft),
        }

    def _write_results(self, draft: Draft) -> Files:
        if len(draft.results_json) <= INLINE_BYTES:
            return {"results": tuple(draft.results)}
        rows = [result.model_dump() for result in draft.results]
        return {"results_file": write_table(self.adapter, "results", pl.DataFrame(rows, schema=RESULT_TYPES))}

    def _write_specification(self, text: bytes) -> StoredFile:
        sha256 = hashlib.sha256(text).hexdigest()
        file = StoredFile(key=specification_key(sha256), sha256=sha256, bytes=len(text))
        self.adapter.put(file.key, text)
        return file

    def _known_examples(self, draft: Draft, there: Mapping[str, Evaluation]) -> StoredFile | None:
        """The file of the same test set that another evaluation has, if it is sound."""
        digest = draft.described["test_set"].digest
        files = (each.examples_file for each in there.values() if each.test_set.digest == digest)
        tried: set[str] = set()
        for file in files:
            if file.key not in tried and self._is_sound(file):
                return file
            tried.add(file.key)
        return None


def without_results(evaluation: Evaluation) -> Evaluation:
    """The form in which evaluations are listed: light, and the same wherever it comes from."""
    return evaluation.model_copy(update={"results": None})


def results_of(frame: pl.DataFrame) -> tuple[Result, ...]:
    """Results that were kept as a table."""
    return tuple(Result.model_validate(row) for row in frame.to_dicts())
