"""From a draft to an evaluation that exists: what is there already, files, and the commit."""

import hashlib
from collections.abc import Callable, Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from plainview.exceptions import DamagedError, NewerFormatError
from plainview.records import Evaluation, Joint, StoredFile
from plainview.store.adapters import Adapter
from plainview.store.catalogue import later_revisions
from plainview.store.claims import claim, claimed
from plainview.store.commit import Deadline, commit, confirm
from plainview.store.drafts import Draft
from plainview.store.keys import commit_key, specification_key
from plainview.store.known import Known
from plainview.store.results import frame_of
from plainview.store.sourced import SourcedDraft, write_sums
from plainview.store.tables import write_table
from plainview.store.verified import Verified

INLINE_BYTES = 64 << 10  # results that take more as JSON are kept as a table: reading them is then faster
Files = dict[str, object]


@dataclass(frozen=True)
class Publisher:
    """Where drafts go, and how what is there is found. A publish costs the same however much was published before."""

    adapter: Adapter
    verified: Verified
    known: Known
    shown: Callable[[], Mapping[str, Evaluation]]  # all that a reader sees, by publish key: costs a listing

    def publish(
        self, draft: Draft | SourcedDraft, *, actor: str, plainview_version: str, as_newest: bool = False
    ) -> tuple[Evaluation, bool]:
        """The evaluation, and whether it is new; see ``Store.publish``."""
        deadline = Deadline()
        passed: list[str] = []  # what is beyond repair, or took the place of this content
        after: Evaluation | None = None
        key = draft.publish_key()
        while taken := self._taken(key):
            existing = self._made_sound(taken, draft)
            if existing is None or existing.publish_key != key:
                passed.append(taken)
            elif as_newest and (later := self._later(existing)):
                passed.append(later[0].id)  # the same for all who bring this content back: they find each other's claim
                after = later[-1]
            else:
                return without_results(existing), False
            key = draft.publish_key(instead_of=passed)
        files = self._write(draft)
        evaluation = Evaluation(
            id=claim(self.adapter, key),
            published_at=_now(after),
            **draft.described,
            **files,
            publish_key=key,
            actor=actor,
            plainview_version=plainview_version,
        )
        kept, new = commit(self.adapter, evaluation, deadline=deadline)
        shown = without_results(kept)
        self.known.add(shown)
        return shown, new

    def _taken(self, publish_key: str) -> str | None:
        """The id under which this content is in the store, as it is remembered or as a claim says."""
        seen = self.known.by_publish_key.get(publish_key)
        for identifier in (seen and seen.id, self._claimed(publish_key)):
            if identifier and self._is_there(identifier):
                return identifier
        return None

    def _later(self, existing: Evaluation) -> list[Evaluation]:
        """The revisions that came after one, oldest first. A listing may be stale: what this process published counts too."""
        shown = self.shown()
        seen = {each.id: each for each in (*self.known.by_publish_key.values(), *shown.values())}
        later = later_revisions(seen.values(), shown.get(existing.publish_key, existing))
        return [each for each in later if self._is_there(each.id)]

    def _claimed(self, publish_key: str) -> str | None:
        with suppress(DamagedError, NewerFormatError):  # it is replaced when the content is published
            return claimed(self.adapter, publish_key)
        return None

    def _is_there(self, identifier: str) -> bool:
        return self.adapter.stat(commit_key(identifier)) is not None

    def _made_sound(self, identifier: str, draft: Draft | SourcedDraft) -> Evaluation | None:
        """What exists, if it can be read, if need be after its files were written once more from the draft."""
        existing = confirm(self.adapter, identifier)
        if existing is not None and not all(self._is_sound(file) for file in existing.files):
            written = set(_keys(self._write(draft)))
            if written != {file.key for file in existing.files}:
                return None  # the Parquet library writes other bytes today
        return existing

    def _is_sound(self, file: StoredFile) -> bool:
        try:
            self.verified.open(self.adapter, file).close()
        except DamagedError:
            return False
        return True

    def _write(self, draft: Draft | SourcedDraft) -> Files:
        """Store every file of a draft; the fields of the record that name them."""
        return {
            "specification": self._write_specification(draft.specification),
            **(write_sums(self.adapter, draft) if isinstance(draft, SourcedDraft) else self._write_rows(draft)),
            **self._write_results(draft),
        }

    def _write_rows(self, draft: Draft) -> Files:
        return {
            "examples_file": self._known_examples(draft) or write_table(self.adapter, "examples", draft.examples),
            "predictions_file": write_table(self.adapter, "predictions", draft.predictions),
        }

    def _write_results(self, draft: Draft | SourcedDraft) -> Files:
        if len(draft.results_json) <= INLINE_BYTES:
            return {"results": tuple(draft.results)}
        return {"results_file": write_table(self.adapter, "results", frame_of(draft.results))}

    def _write_specification(self, text: bytes) -> StoredFile:
        sha256 = hashlib.sha256(text).hexdigest()
        file = StoredFile(key=specification_key(sha256), sha256=sha256, bytes=len(text))
        self.adapter.put(file.key, text)
        return file

    def _known_examples(self, draft: Draft) -> StoredFile | None:
        """The file of the same test set that another evaluation has, if both are there."""
        for each in self.known.on_test_set(draft.described["test_set"].digest):
            if self._is_there(each.id) and self._is_sound(each.examples_file):
                return each.examples_file
        return None


def _now(after: Evaluation | None) -> datetime:
    """The time; later than the evaluation that is to be followed, whose publisher's clock may be fast."""
    now = datetime.now(UTC)
    return now if after is None else max(now, after.published_at + timedelta(microseconds=1))


def _keys(files: Files) -> Iterator[str]:
    for named in files.values():
        file = named.sums if isinstance(named, Joint) else named
        if isinstance(file, StoredFile):
            yield file.key


def without_results(evaluation: Evaluation) -> Evaluation:
    """The form in which evaluations are listed: light, and the same wherever it comes from."""
    return evaluation.model_copy(update={"results": None})
