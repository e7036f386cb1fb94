"""Reading every byte of a store again, and saying what is not as it was published."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass

from plainview.exceptions import DamagedError, StoreMissingError
from plainview.records import Evaluation, Event, Record, StoredFile
from plainview.store.adapters import Adapter, keys_under
from plainview.store.faults import DamagedItem, damaged_item
from plainview.store.identity import identity_of
from plainview.store.index import read_record
from plainview.store.keys import COMMITS, DATA, EVENTS, SPECIFICATIONS, STORE
from plainview.store.verified import check

Progress = Callable[[int, int], None]  # files done, files in all


@dataclass(frozen=True, kw_only=True)
class VerifyReport:
    """What was found."""

    evaluations: int  # sound records
    events: int  # sound ones
    files: int  # named by records, each read once
    bytes: int  # of those files
    damaged: tuple[DamagedItem, ...]
    orphans: tuple[str, ...]  # files that no record names: left by publishers that were stopped, harmless
    twins: tuple[str, ...]  # records hidden because another one has the same publish key: harmless

    @property
    def ok(self) -> bool:
        """Whether everything that was published is there, byte for byte."""
        return not self.damaged


def verify(adapter: Adapter, *, progress: Progress | None = None) -> VerifyReport:
    """Read all records, hash all files."""
    damaged: list[DamagedItem] = []
    evaluations = _records(adapter, COMMITS, Evaluation, damaged)
    events = _records(adapter, EVENTS, Event, damaged)
    if identity_of(adapter) is None:
        raise StoreMissingError(f"There is no {STORE} at {adapter.url}.")
    named = {file.key: file for evaluation in evaluations for file in evaluation.files}
    for done, file in enumerate(named.values(), start=1):
        damaged.extend(_damage(adapter, file, evaluations))
        if progress is not None:
            progress(done, len(named))
    return VerifyReport(
        evaluations=len(evaluations),
        events=len(events),
        files=len(named),
        bytes=sum(file.bytes for file in named.values()),
        damaged=tuple(damaged),
        orphans=tuple(key for key in data_keys(adapter) if key not in named),
        twins=_twins(evaluations),
    )


def data_keys(adapter: Adapter) -> list[str]:
    """Every file that a record could name."""
    return [*keys_under(adapter, DATA), *keys_under(adapter, SPECIFICATIONS)]


def _records(adapter: Adapter, prefix: str, kind: type[Record], damaged: list[DamagedItem]) -> list[Record]:
    found = []
    for key in keys_under(adapter, prefix):
        try:
            found.append(read_record(adapter, key, kind))
        except OSError as error:
            damaged.append(damaged_item(key, error))
    return found


def _damage(adapter: Adapter, file: StoredFile, evaluations: Iterable[Evaluation]) -> list[DamagedItem]:
    try:
        check(adapter, file)
    except DamagedError as error:
        using = [f"{each.project} {each.release}" for each in evaluations if file in each.files]
        which = ", ".join(using[:5]) + (f" and {len(using) - 5} more" if len(using) > 5 else "")
        mend = f"Restore it from a backup, or publish {which} again with the same content: that mends it."
        return [DamagedItem(file.key, str(error), mend)]
    except OSError as error:
        return [damaged_item(file.key, error)]
    return []


def _twins(evaluations: Iterable[Evaluation]) -> tuple[str, ...]:
    seen: set[str] = set()
    twins = []
    for evaluation in sorted(evaluations, key=lambda each: each.id):
        if evaluation.publish_key in seen:
            twins.append(evaluation.id)
        seen.add(evaluation.publish_key)
    return tuple(twins)
