"""The examples that a check works on: a table of plain columns, and images beside it; and copies of them."""

import hashlib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
import polars as pl

from plainview.exceptions import FrameError, InputError, nearest
from plainview.frames import read_frame
from plainview.predicates import parse_predicate

FRAMES = ("pandas", "polars", "arrow")
_PICTURES = (".npy", ".png", ".jpg", ".jpeg", ".bmp", ".webp")


@dataclass(frozen=True)
class Rows:
    """n examples: ``table`` has n rows, each of ``images`` n arrays of shape (height, width) or (height, width, channels)."""

    table: pl.DataFrame
    images: Mapping[str, Sequence[np.ndarray]] = field(default_factory=dict)

    @property
    def height(self) -> int:
        """How many examples."""
        return self.table.height

    def take(self, places: Sequence[int] | np.ndarray) -> "Rows":
        """The examples at these places, in this order, some perhaps several times."""
        at = np.asarray(places, dtype=np.int64)
        return Rows(self.table[at], {name: [held[place] for place in at] for name, held in self.images.items()})

    def replaced(self, columns: Mapping[str, Iterable[Any]]) -> "Rows":
        """The same examples with other values in some columns, in the columns' own types where they fit."""
        given = [_typed(name, list(values), self.table.schema.get(name)) for name, values in columns.items()]
        return Rows(self.table.with_columns(given), self.images)

    def pictured(self, name: str, images: Sequence[np.ndarray]) -> "Rows":
        """The same examples with other images."""
        return Rows(self.table, {**self.images, name: images})

    def column(self, name: str, what: str) -> pl.Series:
        """A column; InputError with the nearest name where there is none. ``what`` is who asks for it."""
        if name not in self.table.columns:
            raise InputError(f"{what}: there is no column {name!r}. {nearest(name, self.table.columns)}")
        return self.table[name]

    def handed(self, kind: str) -> Any:
        """The frame that a predict function takes: one of FRAMES; images stand in it as arrays."""
        if kind == "arrow":
            if self.images:
                raise InputError("Arrow tables hold no images: write frames: pandas, or frames: polars.")
            return self.table.to_arrow()
        if kind == "polars":
            held = [pl.Series(name, list(images), dtype=pl.Object) for name, images in self.images.items()]
            return self.table.with_columns(held)
        try:
            import pandas
        except ImportError:
            raise InputError(
                "predict is given frames of pandas, which is not installed: write frames: polars."
            ) from None
        frame = pandas.DataFrame({name: _native(self.table[name]) for name in self.table.columns})
        for name, images in self.images.items():
            frame[name] = pandas.Series(list(images), dtype=object)
        return frame


def _native(column: pl.Series) -> Any:
    """Numbers as numpy has them, text as Python's objects: what models of scikit-learn were trained with."""
    if column.dtype.is_numeric() and not column.null_count():
        return column.to_numpy()
    return column.to_pandas()


def _typed(name: str, values: list, kind: pl.DataType | None) -> pl.Series:
    if kind is not None:
        try:
            return pl.Series(name, values, dtype=kind, strict=True)
        except (TypeError, pl.exceptions.PolarsError, OverflowError):
            pass  # a whole number's column that is given a part of one
    return pl.Series(name, values, strict=False)


def rows_of(source: Any, *, id_column: str, image: str | None = None) -> Rows:
    """Examples from a file, or a frame of pandas, Polars or Arrow.

    ``image`` names a column of arrays, of a pandas frame, or of paths to pictures (.npy; others with Pillow). Without a
    column of ids examples are numbered. Raises FrameError where the rows cannot be read.
    """
    images: dict[str, list[np.ndarray]] = {}
    if image is not None and _is_pandas(source) and image in source.columns:
        images[image] = [_picture(each, at) for at, each in enumerate(source[image])]
        source = source.drop(columns=[image])
        if not source.columns.size:
            source = source.assign(**{id_column: range(len(source))})
    table = read_frame(source, id_column=id_column)
    if image is not None and image not in images:
        base = Path(source).parent if isinstance(source, str | Path) else Path()
        paths = Rows(table).column(image, "The column of images")
        images[image] = [_opened(base / str(path), at) for at, path in enumerate(paths)]
    if id_column not in table.columns:
        table = table.with_columns(pl.int_range(pl.len()).cast(pl.String).alias(id_column))
    return Rows(table, images)


def _is_pandas(source: Any) -> bool:
    return type(source).__module__.split(".")[0] == "pandas" and hasattr(source, "columns")


def _picture(value: Any, at: int) -> np.ndarray:
    if not isinstance(value, np.ndarray) or value.ndim not in (2, 3) or value.dtype.kind not in "uif":
        raise FrameError(f"The image in row {at + 1} is no array of numbers of shape (height, width[, channels]).")
    return value


def _opened(path: Path, at: int) -> np.ndarray:
    if path.suffix.lower() not in _PICTURES:
        raise FrameError(f"The image in row {at + 1}, {path.name!r}, is of no known kind: {', '.join(_PICTURES)}.")
    try:
        if path.suffix.lower() == ".npy":
            return _picture(np.load(path, allow_pickle=False), at)
        from PIL import Image

        with Image.open(path) as opened:
            return _picture(np.asarray(opened.convert("RGB")), at)
    except ImportError:
        raise FrameError("Pictures other than .npy are opened with Pillow, which is not installed.") from None
    except (OSError, ValueError) as error:
        raise FrameError(f"The image in row {at + 1}, {path.name!r}, could not be read: {error}.") from None


def sampled(rows: Rows, *, id_column: str, where: str | None, sample: int, seed: int, what: str) -> Rows:
    """At most ``sample`` of the examples of which ``where`` holds, in an order that only their ids and the seed decide.

    An example that is drawn stays drawn when others are added, and the order of the rows does not matter.
    InputError where no example is left; ``what`` is who asks.
    """
    kept = rows
    if where is not None:
        predicate = parse_predicate(where)
        for name in sorted(predicate.columns):
            rows.column(name, f"{what}, where")
        kept = rows.take(rows.table.select(predicate.expression(rows.table.schema).arg_true()).to_series().to_numpy())
    if not kept.height:
        raise InputError(f"{what}: no example is there" + (f" of which {where} holds." if where else "."))
    keys = [_drawn(seed, each) for each in kept.table[id_column].to_list()]
    order = sorted(range(kept.height), key=keys.__getitem__)
    return kept.take(order[:sample])


def _drawn(seed: int, identifier: object) -> bytes:
    return hashlib.blake2b(f"{seed} {identifier}".encode(), digest_size=8).digest()


def generator(seed: int, *names: object) -> np.random.Generator:
    """Random numbers that only the seed and these names decide."""
    digest = hashlib.blake2b("\0".join(str(each) for each in (seed, *names)).encode(), digest_size=8).digest()
    return np.random.default_rng(int.from_bytes(digest))
