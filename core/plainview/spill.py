"""Rows that do not fit into memory, sorted by id on disk: split by ranges of ids, each of which is sorted by itself."""

import shutil
import tempfile
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from types import TracebackType
from typing import Self

import numpy as np
import polars as pl
import pyarrow as pa

from plainview.exceptions import FrameError, shown

RANGE_ROWS = 250_000  # about so many rows are in memory at once
_SAMPLED = 200_000  # ids that the ranges are chosen from
_SHOWN = 5
Frames = Iterable[pl.DataFrame]


class SortedRows:
    """A folder of ranges. As a context: the folder is gone afterwards. Needs as much disk as the rows take uncompressed."""

    def __init__(self, id_column: str) -> None:
        self._id = id_column
        self._folder: Path | None = None
        self._parts: list[Path] = []
        self._rows = 0
        self.columns: list[str] = []

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type | None, error: BaseException | None, trace: TracebackType | None) -> None:
        if self._folder:
            shutil.rmtree(self._folder, ignore_errors=True)

    def fill(self, frames: Frames, ids: Sequence[pl.Series], rows: int) -> None:
        """Take all rows, a frame at a time. ``ids`` are those of a sample, from which the ranges are chosen."""
        self._folder = Path(tempfile.mkdtemp(prefix="plainview-"))
        edges = _edges(ids, rows)
        writers: dict[int, pa.ipc.RecordBatchStreamWriter] = {}
        try:
            for frame in frames:
                self._rows += frame.height
                self.columns = frame.columns
                which = edges.search_sorted(frame[self._id], side="right").to_numpy()
                for part in np.unique(which):
                    table = frame.filter(which == part).to_arrow(compat_level=pl.CompatLevel.oldest())
                    if part not in writers:
                        writers[part] = pa.ipc.new_stream(self._folder / f"{part:06}.arrow", table.schema)
                    writers[part].write_table(table)
        finally:
            for writer in writers.values():
                writer.close()
        self._parts = [self._sorted(self._folder / f"{part:06}.arrow") for part in sorted(writers)]

    def table(self, columns: Sequence[str]) -> "SortedTable":
        """All rows of these columns, sorted by id."""
        return SortedTable(tuple(self._parts), self._rows, {name: name for name in columns})

    def _sorted(self, path: Path) -> Path:
        """One range, written once more in order. Raises FrameError where an id is there twice."""
        frame = pl.read_ipc_stream(path).sort(self._id)
        _check_repeated(frame[self._id], self._id)
        target = path.with_suffix(".sorted")
        frame.write_ipc(target, compat_level=pl.CompatLevel.oldest(), record_batch_size=65_536)
        path.unlink()
        return target


@dataclass(frozen=True)
class SortedTable:
    """A table on disk: what the store needs of a frame, and batches of it as often as they are wanted."""

    parts: tuple[Path, ...]
    height: int
    names: dict[str, str]  # what a column is called here, and there

    @property
    def columns(self) -> list[str]:
        """The names of the columns."""
        return list(self.names)

    def select(self, columns: Sequence[str]) -> "SortedTable":
        """The same rows with fewer columns."""
        return replace(self, names={name: self.names[name] for name in columns})

    def rename(self, name: Callable[[str], str]) -> "SortedTable":
        """The same rows with other names."""
        return replace(self, names={name(column): there for column, there in self.names.items()})

    def frames(self) -> Iterator[pl.DataFrame]:
        """A frame for each range."""
        for part in self.parts:
            held = pl.read_ipc(part, columns=list(self.names.values()))
            yield held.select(pl.col(there).alias(name) for name, there in self.names.items())

    def __iter__(self) -> Iterator[pa.RecordBatch]:
        for frame in self.frames():
            yield from frame.to_arrow(compat_level=pl.CompatLevel.oldest()).to_batches()


def _edges(ids: Sequence[pl.Series], rows: int) -> pl.Series:
    """The ids at which ranges begin, but for the first."""
    known = pl.concat(ids).unique().sort()
    parts = max(1, -(-rows // RANGE_ROWS))
    places = sorted({len(known) * part // parts for part in range(1, parts)} - {0})
    return known[places]


def _check_repeated(ids: pl.Series, column: str) -> None:
    repeated = ids.filter(ids == ids.shift(1)).unique().sort()
    if len(repeated):
        listed = ", ".join(shown(name) for name in repeated[:_SHOWN])
        more = f" and {len(repeated) - _SHOWN:,} more" if len(repeated) > _SHOWN else ""
        raise FrameError(f"Ids are repeated in column {column!r}: {listed}{more}.")
