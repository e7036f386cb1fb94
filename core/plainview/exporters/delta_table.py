"""Delta tables of a folder that are kept to be exactly some frames: what is new is added, what is gone is removed."""

import hashlib
import json
import re
import time
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from secrets import token_hex
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING

import polars as pl

from plainview.exceptions import ConflictError, InputError, StoreError

if TYPE_CHECKING:
    from deltalake import DeltaTable
    from deltalake.transaction import AddAction, RemoveAction

APPLICATION = "plainview.export-delta"  # under which concurrent exports meet in the log of a table
STORED = (
    pl.String,
    pl.Int64,
    pl.Float64,
    pl.Boolean,
    pl.Date,
    pl.Datetime("us", "UTC"),
)  # what every reader of Delta knows
REFUSED = re.compile(r"[ ,;{}()\n\t=]")  # Spark takes no such characters in the name of a column
LOG = "_delta_log"

Schema = dict[str, pl.DataType]


@dataclass(frozen=True, slots=True)
class Kept:
    """What became of a table."""

    name: str  # as "predictions/sentiment"
    path: str
    version: int  # the newest
    added: int  # files
    removed: int  # files


class DeltaTables:
    """The tables of one folder. InputError where the package that writes them is not there."""

    def __init__(self, folder: Path) -> None:
        try:
            import deltalake
        except ImportError as error:
            raise InputError("Delta tables need one more package: pip install 'plainview[delta]'.") from error
        self._module = deltalake
        self.folder = folder

    def existing(self, kind: str) -> list[str]:
        """The names of the tables below ``kind``."""
        return [f"{kind}/{log.parent.name}" for log in (self.folder / kind).glob(f"*/{LOG}")]

    def keep(self, name: str, frames: Mapping[str, Callable[[], pl.DataFrame]]) -> Kept:
        """Make the table hold the rows of ``frames`` and no others, in one new version where that is a change.

        The key of a frame is of letters and digits, and stands for what is in it: those that are in the table already are not
        asked for again, unless a column is new or has another type. Columns that a frame has not are null there.
        """
        table = _Table(self.folder / name, self._module)
        with TemporaryDirectory(prefix="_staged-", dir=self.folder) as staged, _as_store_error(self.folder / name):
            return _keep(table, name, frames, Path(staged))


class _Table:
    """One table as it was when this was made, or the folder where there is none yet."""

    def __init__(self, folder: Path, module: object) -> None:
        self.folder, self._module = folder, module
        with _as_store_error(folder):
            self._table: DeltaTable | None = module.DeltaTable(str(folder)) if (folder / LOG).is_dir() else None

    @property
    def version(self) -> int:
        return -1 if self._table is None else self._table.version()

    @cached_property
    def files(self) -> dict[str, int]:
        """The size of each file of the table, in bytes, by its path."""
        if self._table is None:
            return {}
        return dict(pl.DataFrame(self._table.get_add_actions()).select("path", "size_bytes").iter_rows())

    @cached_property
    def schema(self) -> Schema:
        if self._table is None:
            return {}
        import pyarrow as pa

        empty = pa.schema(self._table.schema()).empty_table()
        return dict(pl.from_arrow(empty).schema)

    def commit(self, adds: "list[AddAction]", removes: "list[RemoveAction]", schema: Schema) -> int:
        """The new version. ConflictError where another export made one since this table was opened."""
        from deltalake import transaction

        arrow = pl.DataFrame(schema=schema).to_arrow(compat_level=pl.CompatLevel.oldest()).schema
        known = self._module.Schema.from_arrow(arrow)
        # Two exports that begin at one version claim the same number, so the second fails.
        claim = transaction.CommitProperties(app_transactions=[transaction.Transaction(APPLICATION, self.version + 1)])
        try:
            if self._table is None:
                transaction.create_table_with_add_actions(
                    str(self.folder), known, adds, name="Plainview", commit_properties=claim
                )
            else:
                # Overwriting removes every file by itself, and is the mode in which columns may change.
                mode = "append" if schema == self.schema else "overwrite"
                self._table.create_write_transaction(
                    [*adds, *(removes if mode == "append" else ())], mode, known, commit_properties=claim
                )
        except self._module.exceptions.CommitFailedError as error:
            raise ConflictError(f"Another export wrote to {self.folder} at the same time. Export again.") from error
        return self.version + 1


def _keep(table: _Table, name: str, frames: Mapping[str, Callable[[], pl.DataFrame]], staged: Path) -> Kept:
    there = {_key(path) for path in table.files}
    fresh = [key for key in frames if key not in there]
    schema = _stage_all(frames, fresh, staged, table.schema)
    gone = {path: size for path, size in table.files.items() if _key(path) not in frames}
    if table.files and schema != table.schema:  # every file is written again
        others = [key for key in frames if key in there]
        schema, fresh, gone = _stage_all(frames, others, staged, schema), [*fresh, *others], table.files
    if not fresh and not gone and table.version >= 0:
        return Kept(name, str(table.folder), table.version, 0, 0)
    table.folder.mkdir(parents=True, exist_ok=True)
    adds = [_written(staged / key, table.folder / f"{key}-{token_hex(4)}.parquet", schema) for key in fresh]
    version = table.commit(adds, [_removed(path, size) for path, size in gone.items()], schema)
    return Kept(name, str(table.folder), version, len(adds), len(gone))


def _key(path: str) -> str:
    """The frame that a file was made from; no frame's key where another program made it, as OPTIMIZE does."""
    return path.split("-")[0]


def _stage_all(
    frames: Mapping[str, Callable[[], pl.DataFrame]], keys: Iterable[str], staged: Path, schema: Schema
) -> Schema:
    for key in keys:
        schema = _stage(frames[key](), staged / key, schema)
    return schema


def _stage(frame: pl.DataFrame, path: Path, schema: Schema) -> Schema:
    """Keep a frame for a while, in types and under names that every reader knows; the schema that holds it as well."""
    # Nulls alone have no type: such a column is there once another frame says which.
    frame = pl.DataFrame([_plain(column) for column in frame.get_columns() if column.dtype != pl.Null])
    frame = frame.rename(dict(zip(frame.columns, _safe_names(frame.columns, schema), strict=True)))
    frame.write_parquet(path)
    return schema | {name: _common(schema.get(name, kind), kind) for name, kind in frame.schema.items()}


def _plain(column: pl.Series) -> pl.Series:
    """Lists and structs become JSON; times without a zone, which each reader would take for another, text."""
    if column.dtype in STORED:
        return column
    if column.dtype.is_nested():
        texts = [
            None if each is None else json.dumps(each, ensure_ascii=False, default=str) for each in column.to_list()
        ]
        return pl.Series(column.name, texts, pl.String)
    return column.cast(pl.String)


def _safe_names(names: list[str], schema: Schema) -> Iterator[str]:
    """Names as Spark takes them. Capitals alone make no other column, so such a one joins that in ``schema``."""
    known, taken = {name.casefold(): name for name in schema}, set()
    for name in names:
        safe = REFUSED.sub("_", name)
        same = known.get(safe.casefold(), safe)
        if safe != name or safe.casefold() in taken or (same != safe and same in names):
            same = f"{safe}_{hashlib.sha256(name.encode()).hexdigest()[:4]}"
        taken.add(same.casefold())
        yield same


def _common(one: pl.DataType, other: pl.DataType) -> pl.DataType:
    """The type that holds both."""
    if one == other:
        return one
    return pl.Float64() if {one, other} == {pl.Int64(), pl.Float64()} else pl.String()


def _written(staged: Path, path: Path, schema: Schema) -> "AddAction":
    """The file of a table, from what was staged."""
    from deltalake.transaction import AddAction

    frame = pl.read_parquet(staged)
    columns = [
        frame[name].cast(kind)
        if name in frame.columns
        else pl.repeat(None, frame.height, dtype=kind, eager=True).alias(name)
        for name, kind in schema.items()
    ]
    pl.DataFrame(columns).write_parquet(path, compression="zstd")
    staged.unlink()
    stats = json.dumps({"numRecords": frame.height})
    return AddAction(path.name, path.stat().st_size, {}, int(time.time() * 1000), True, stats)


def _removed(path: str, size: int) -> "RemoveAction":
    from deltalake.transaction import RemoveAction

    return RemoveAction(
        path=path, size=size, partition_values={}, deletion_timestamp=int(time.time() * 1000), data_change=True
    )


@contextmanager
def _as_store_error(folder: Path) -> Iterator[None]:
    from deltalake.exceptions import DeltaError

    try:
        yield
    except DeltaError as error:
        raise StoreError(f"The Delta table at {folder} cannot be read or written: {str(error)[:300]}.") from error
