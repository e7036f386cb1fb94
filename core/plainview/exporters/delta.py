"""The published evaluations as Delta tables, for any engine that reads them: exactly those that commit records name.

Files are written anew, not added where they lie in the store: VACUUM of a table deletes whatever under its folder the
table does not name, predictions there have no ids, and a table has one type a column where test sets may differ.
"""

import hashlib
import json
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from functools import partial
from pathlib import Path

import polars as pl

from plainview.exceptions import ConflictError, DamagedError, InputError, NotFoundError, StoreError
from plainview.exporters.delta_table import DeltaTables, Kept
from plainview.records import Evaluation
from plainview.specification import load_specification
from plainview.specification.types import SLUG
from plainview.store import Store
from plainview.store.faults import REASONS
from plainview.store.keys import COMMITS

MARKER = "plainview.json"
FORMAT = "plainview-delta/1"
NAMES = ("evaluation", "project", "release", "test_set", "test_set_digest")  # whose a row is
GROUP = 100  # evaluations whose results share a file: a publish rewrites no more than one group

Frames = dict[str, Callable[[], pl.DataFrame]]  # by what becomes the name of the file


def export_delta(store: Store, folder: str | Path, *, project: str | None = None) -> tuple[Kept, ...]:
    """Make the tables in ``folder`` those of the store's evaluations, or of one ``project``; what was done to each table.

    ``results`` is one table for all projects; ``examples/<project>`` and ``predictions/<project>`` are a project's, which
    join on "test_set_digest" and the id, and leave out evaluations whose rows are not in the store. A table that changes
    gets one new version, with all of the change; the one before can still be read. Other files in ``folder`` do not
    matter. Memory holds the rows of one evaluation, or the results of GROUP.

    Raises InputError where ``folder`` is an address or the extra is missing, ConflictError where it holds something else,
    or another export writes to it; NotFoundError where there is nothing to export; DamagedError where the store is
    damaged, before the table that would show it is touched.
    """
    tables = DeltaTables(_local(folder))
    _check_records(store)
    line = sorted(store.evaluations(project), key=lambda each: each.id)
    if not line and not (tables.folder / MARKER).exists():
        raise NotFoundError(f"There is nothing to export: the store at {store.url} has no evaluations.")
    with _explained(tables.folder):
        _claim(tables.folder, {"format": FORMAT, "store": store.id, "project": project})
        done = [tables.keep("results", _results(store, line))]
        for kind, frames_of in (("examples", _examples), ("predictions", _predictions)):
            wanted = {
                f"{kind}/{_folder_name(name)}": frames_of(store, rows) for name, rows in _by_project(line).items()
            }
            for name in sorted(wanted.keys() | set(tables.existing(kind))):
                done.append(tables.keep(name, wanted.get(name, {})))
    return tuple(done)


def _results(store: Store, line: Sequence[Evaluation]) -> Frames:
    groups = [line[start : start + GROUP] for start in range(0, len(line), GROUP)]
    return {_digest(*(each.id for each in group)): partial(_results_of, store, group) for group in groups}


def _results_of(store: Store, group: Sequence[Evaluation]) -> pl.DataFrame:
    about = pl.DataFrame(
        [
            {**_names(each), "task": each.task, "released": each.released, "published_at": each.published_at}
            for each in group
        ],
        schema_overrides={"released": pl.Date, "published_at": pl.Datetime("us", "UTC")},
    ).with_row_index("order")
    found = store.results_table(group).with_columns(pl.col("order").cast(about.schema["order"]))
    return about.join(found, on="order", maintain_order="right").drop("order")


def _examples(store: Store, line: Sequence[Evaluation]) -> Frames:
    return {each.test_set.digest: partial(_examples_of, store, each) for each in line}


def _examples_of(store: Store, evaluation: Evaluation) -> pl.DataFrame:
    return _beside({"test_set_digest": evaluation.test_set.digest}, store.examples(evaluation))


def _predictions(store: Store, line: Sequence[Evaluation]) -> Frames:
    return {each.id: partial(_predictions_of, store, each) for each in line}


def _predictions_of(store: Store, evaluation: Evaluation) -> pl.DataFrame:
    """The answers of a release, with the ids that the store keeps with the examples alone."""
    column = load_specification(store.specification_text(evaluation)).columns.id
    ids, answers = store.examples(evaluation, [column]), store.predictions(evaluation)
    return _beside(_names(evaluation), ids.hstack(answers.drop(column, strict=False)))


def _names(evaluation: Evaluation) -> dict[str, str]:
    test_set = evaluation.test_set
    values = (evaluation.id, evaluation.project, evaluation.release, test_set.name, test_set.digest)
    return dict(zip(NAMES, values, strict=True))


def _beside(names: dict[str, str], rows: pl.DataFrame) -> pl.DataFrame:
    """Rows with columns that say whose they are; their own columns of such names become others."""
    own = rows.rename({name: f"{name}_{_digest(name)[:4]}" for name in rows.columns if name.casefold() in NAMES})
    return own.select(*(pl.lit(value).alias(name) for name, value in names.items()), pl.all())


def _by_project(line: Sequence[Evaluation]) -> dict[str, list[Evaluation]]:
    """The evaluations whose rows are in the store."""
    found: dict[str, list[Evaluation]] = {}
    for each in line:
        if each.source is None:
            found.setdefault(each.project, []).append(each)
    return found


def _folder_name(project: str) -> str:
    """A project as the name of a folder: a record that another program wrote may call it anything."""
    return project if SLUG.fullmatch(project) else _digest(project)


def _digest(*texts: str) -> str:
    return hashlib.sha256("\n".join(texts).encode()).hexdigest()


def _local(folder: str | Path) -> Path:
    if "://" in str(folder):
        raise InputError("Delta tables are written to a folder. Export to one, then copy it to where it is needed.")
    return Path(folder)


def _check_records(store: Store) -> None:
    """What a damaged record named cannot be known, so neither can the set of all."""
    for item in store.damaged():
        if item.key.startswith(COMMITS):
            raise DamagedError(f"Nothing is exported while a record cannot be read: {item.reason} {item.what_to_do}")


def _claim(folder: Path, ours: dict[str, str | None]) -> None:
    """Make ``folder`` that of this export; ConflictError where it is another's."""
    folder.mkdir(parents=True, exist_ok=True)
    marker = folder / MARKER
    if marker.exists():
        if (other := _marked(marker)) != ours:
            what = "this store" if other.get("store") == ours["store"] else "another store"
            scope = f"the project {other['project']!r}" if other.get("project") else "all projects"
            raise ConflictError(f"{folder} is an export of {scope} of {what}. Choose another folder.")
    elif any(folder.iterdir()):
        raise ConflictError(f"{folder} is not empty and was not made by export-delta. Choose a new or empty folder.")
    else:
        marker.write_text(json.dumps(ours) + "\n")


def _marked(marker: Path) -> dict[str, str | None]:
    try:
        found = json.loads(marker.read_bytes())
    except ValueError:
        found = None
    if not isinstance(found, dict) or found.get("format") != FORMAT:
        raise ConflictError(f"{marker} does not say what this folder is an export of. Choose another folder.")
    return found


@contextmanager
def _explained(folder: Path) -> Iterator[None]:
    """An OSError of the folder, as what to do about it."""
    try:
        yield
    except StoreError:
        raise
    except OSError as error:
        raise StoreError(f"Cannot export to {folder}: {REASONS.get(error.errno) or error}.") from error
