"""Boxes of images: a JSON list an image, read into flat columns, and written in one canonical form.

A labelled box is ``{"class": "person", "box": [x, y, width, height]}``, in pixels from the upper left corner. It may have an
``area`` (of the object, where the box is larger), ``iscrowd: 1`` (a region of many objects) and ``ignore: 1``: what is
found in a crowd or an ignored region is neither right nor wrong. Whatever else it has is an attribute: a number, a truth
or a text. A detection is ``{"class": …, "box": […], "score": …}``. An image without boxes has ``[]``; nothing at all means
that nobody looked.

Scenarios see a box as the columns ``box.class``, ``box.x``, ``box.y``, ``box.width``, ``box.height``, ``box.area`` and
``box.`` with each attribute's name; of a detection the attributes are unknown.
"""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

import numpy as np
import polars as pl

from plainview.exceptions import FrameError
from plainview.frames import class_name

PREFIX = "box."
CORNERS = ("x", "y", "width", "height")
_OWN = ("class", "box", "area", "iscrowd", "ignore", "score")
LARGEST = 1e15  # of a number that stands in a box
_KINDS = {bool: "truths", int: "numbers", float: "numbers", str: "text"}


@dataclass(frozen=True)
class Boxes:
    """n boxes of many images, flat; arrays of shape (n,), ``corners`` of shape (n, 4) with x, y, width and height."""

    image: np.ndarray  # the row of its image, ascending
    kind: np.ndarray  # its class: the place of its name among ``names``
    corners: np.ndarray
    area: np.ndarray
    score: np.ndarray  # NaN for a labelled box
    ignored: np.ndarray  # a crowd, or another region to ignore
    crowd: np.ndarray
    names: tuple[str, ...]  # of classes, in order; some may have no box here
    attributes: Mapping[str, pl.Series] = field(default_factory=dict)

    def __len__(self) -> int:
        return len(self.image)

    @property
    def name(self) -> np.ndarray:
        """The class of each box, text."""
        return np.array(self.names, dtype=np.str_)[self.kind]

    def where(self, keep: np.ndarray) -> "Boxes":
        """Only the boxes for which ``keep``, booleans of shape (n,), is true."""
        arrays = (self.image, self.kind, self.corners, self.area, self.score, self.ignored, self.crowd)
        chosen = {name: values.filter(pl.Series(keep)) for name, values in self.attributes.items()}
        return Boxes(*(array[keep] for array in arrays), self.names, chosen)

    def columns(self) -> dict[str, pl.Series]:
        """The columns that a scenario sees."""
        own = {"class": pl.Series(self.names, dtype=pl.String)[self.kind], "area": pl.Series(self.area)}
        own |= {part: pl.Series(self.corners[:, at]) for at, part in enumerate(CORNERS)}
        return {PREFIX + name: values for name, values in (own | dict(self.attributes)).items()}


def canonical(values: pl.Series, *, detected: bool) -> pl.Series:
    """The same boxes in one way of writing them, so that the same content has the same digest.

    Raises FrameError naming column, row (from 1) and box for what is no list of boxes.
    """
    if values.dtype not in (pl.String, pl.Null):
        raise FrameError(
            f"Column {values.name!r} holds {str(values.dtype).lower()} values; a JSON list of boxes an image was expected."
        )
    kinds: dict[str, str] = {}
    texts = []
    for row, text in enumerate(values.to_list(), start=1):
        try:
            texts.append(None if not text else _written(_parsed(text, detected, kinds)))
        except ValueError as error:
            raise FrameError(f"Column {values.name!r}, row {row}: {error}") from None
    return pl.Series(values.name, texts, dtype=pl.String)


def read(values: pl.Series) -> Boxes:
    """The boxes of a column in canonical form, image by image; a missing list has none."""
    texts = values.cast(pl.String).fill_null("[]") if len(values) else pl.Series(["[]"])
    listed = texts.str.json_decode(infer_schema_length=None)
    many = listed.list.len()
    found = listed.filter(many > 0).explode()
    part = {field.name: found.struct.field(field.name) for field in getattr(found.dtype, "fields", ())}
    corners = _numbers(part.get("box", found).explode(), 4 * len(found)).reshape(-1, 4)
    area = _numbers(part.get("area"), len(found))
    crowd = _numbers(part.get("iscrowd"), len(found)) > 0
    named = part.get("class", found).cast(pl.String)
    names = tuple(sorted(named.unique()))
    return Boxes(
        image=np.repeat(np.arange(len(texts)), many.to_numpy()),
        kind=named.cast(pl.Enum(names)).to_physical().to_numpy().astype(np.int64),
        corners=corners,
        area=np.where(np.isnan(area), corners[:, 2] * corners[:, 3], area),
        score=_numbers(part.get("score"), len(found)),
        ignored=crowd | (_numbers(part.get("ignore"), len(found)) > 0),
        crowd=crowd,
        names=names,
        attributes={name: part[name] for name in sorted(part.keys() - set(_OWN))},
    )


def together(*several: Boxes) -> list[Boxes]:
    """The same boxes, with the classes of all of them in one list."""
    names = tuple(sorted({name for boxes in several for name in boxes.names}))
    place = {name: at for at, name in enumerate(names)}
    places = (np.array([place[name] for name in boxes.names], dtype=np.int64) for boxes in several)
    return [replace(boxes, kind=at[boxes.kind], names=names) for boxes, at in zip(several, places, strict=True)]


def _numbers(values: pl.Series | None, size: int) -> np.ndarray:
    """As floats, NaN where missing; all of them where no box has any."""
    if values is None or not size:
        return np.full(size, np.nan)
    return values.cast(pl.Float64).fill_null(float("nan")).to_numpy()


def columns_seen(values: pl.Series) -> dict[str, pl.DataType]:
    """The types of the columns that a scenario sees of labelled boxes in canonical form."""
    return {name: column.dtype for name, column in read(values).columns().items()}


def _parsed(text: str, detected: bool, kinds: dict[str, str]) -> list[dict[str, Any]]:
    try:
        boxes = json.loads(text)
    except ValueError as error:
        raise ValueError(f"this is not JSON ({error}).") from None
    if not isinstance(boxes, list):
        raise ValueError("a JSON list of boxes was expected; an image without boxes has [].")
    return [_box(box, number, detected, kinds) for number, box in enumerate(boxes, start=1)]


def _box(box: Any, number: int, detected: bool, kinds: dict[str, str]) -> dict[str, Any]:
    """One box with its values in plain types; raises ValueError naming what is wrong with it."""
    if not isinstance(box, dict):
        raise ValueError(f'box {number} is not an object such as {{"class": "person", "box": [x, y, width, height]}}.')
    needed = ("class", "box", "score") if detected else ("class", "box")
    for part in needed:
        if box.get(part) is None:
            raise ValueError(f"box {number} has no {part!r}.")
    name, corners = box["class"], box["box"]
    if not isinstance(name, str | int | float) or not class_name(name).strip():
        raise ValueError(f"box {number} has the class {name!r}; a name was expected.")
    if not isinstance(corners, list) or len(corners) != 4 or not all(map(_is_number, corners)) or min(corners[2:]) < 0:
        raise ValueError(f"box {number} has the box {corners!r}; [x, y, width, height] in pixels was expected.")
    plain = {"class": class_name(name), "box": [_plain(corner) for corner in corners]}
    for part in ("area", "score"):
        if box.get(part) is not None:
            if not _is_number(box[part]):
                raise ValueError(f"box {number} has the {part} {box[part]!r}; a number was expected.")
            plain[part] = _plain(box[part])
    if detected:
        return plain
    plain.pop("score", None)
    flags = {part: 1 for part in ("iscrowd", "ignore") if box.get(part)}
    rest = {part: value for part, value in box.items() if part not in _OWN and value is not None}
    return plain | flags | {part: _attribute(part, value, number, kinds) for part, value in rest.items()}


def _attribute(name: str, value: Any, number: int, kinds: dict[str, str]) -> Any:
    kind = _KINDS.get(type(value))
    if kind is None or name in CORNERS or (kind == "numbers" and not _is_number(value)):
        what = (
            "x, y, width and height stand in 'box'" if name in CORNERS else "a number, a truth or a text was expected"
        )
        raise ValueError(f"box {number} has the attribute {name!r}: {value!r}; {what}.")
    if kinds.setdefault(name, kind) != kind:
        raise ValueError(
            f"box {number} has the attribute {name!r}: {value!r}, but other boxes have {kinds[name]} there."
        )
    return _plain(value)


def _is_number(value: Any) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool) and abs(value) < LARGEST


def _plain(value: Any) -> Any:
    """61 for 61.0, so that a number has one way of being written."""
    return int(value) if isinstance(value, float) and value.is_integer() and abs(value) < 2**53 else value


def _written(boxes: Sequence[Mapping[str, Any]]) -> str:
    text = json.dumps(boxes, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    text.encode()  # half a character is a ValueError
    return text
