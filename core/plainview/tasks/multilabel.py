"""Multilabel classification: every example has a set of classes, which may be empty; none at all is missing.

Sets are written as JSON lists, ``["cat", "dog"]`` and ``[]``, or as names separated by ``|``. A row of the whole falls into
the cell of how many labels it has and how many of its predictions are right and wrong: ("2", "1 right, 3 wrong").
"""

import json
from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np
import polars as pl

from plainview.exceptions import FrameError
from plainview.frames import class_name, class_text
from plainview.kernel import Cell, Contributions
from plainview.methods.label_averages import CLASS
from plainview.metrics import metric_for, split_key
from plainview.tasks.part import PREDICTION, WHOLE, Part
from plainview.tasks.rowwise import distinct_cells, presence

if TYPE_CHECKING:
    from plainview.specification import Specification

FIXED, BROKE, SAME = "fixed", "broke", "same"
SETS = "sets"  # the part whose rows say who has which class
_CANONICAL = r'^\["[^"\\\x00-\x1f]+"(, "[^"\\\x00-\x1f]+")*\]$'  # without a letter that JSON would escape


def prepare(values: pl.Series) -> pl.Series:
    """Sets of class names as JSON lists in alphabetical order. Raises FrameError naming the row that holds no such set."""
    texts = class_text(values)
    known = texts.drop_nulls().unique(maintain_order=True)
    known = known.filter(~_is_canonical(known))
    read = [_canonical(text) for text in known]
    if None in read:
        text = known[read.index(None)]
        raise FrameError(
            f"Column {values.name!r} holds {text[:60]!r} in row {(texts == text).arg_max() + 1}: a JSON list of names, "
            'such as ["cat", "dog"], or names separated by | were expected. No class at all is written [].'
        )
    return texts.replace(known, pl.Series(read, dtype=pl.String)) if len(known) else texts


def parts(
    examples: pl.DataFrame, answers: pl.DataFrame, specification: "Specification", weight: np.ndarray | None
) -> dict[str, Part]:
    """The whole, a row an example; of each class that a metric names, who has it; and the sets where classes are averaged."""
    return _parts(examples, [answers], specification, weight)


def paired_parts(
    examples: pl.DataFrame,
    baseline: pl.DataFrame,
    candidate: pl.DataFrame,
    specification: "Specification",
    weight: np.ndarray | None,
) -> dict[str, Part]:
    """The same for two releases, with what was fixed and what broke."""
    return _parts(examples, [baseline, candidate], specification, weight)


def right(label: pl.Series, prediction: pl.Series) -> np.ndarray:
    """Which sets are predicted exactly, shape (n,); a missing one is not right."""
    return (label == prediction).fill_null(False).to_numpy()


def undeclared(label: pl.Series, classes: Sequence[str]) -> pl.Series:
    """Of each set, as `prepare` writes it, a class that is none of these; None where all are, or the set is missing."""
    names = label.str.json_decode(pl.List(pl.String))
    return names.list.set_difference(pl.lit([*classes], dtype=pl.List(pl.String))).list.first()


def _is_canonical(texts: pl.Series) -> pl.Series:
    """Which texts need no reading: JSON lists of names in order, as published sets are. Not all of them are found."""
    names = texts.str.strip_prefix('["').str.strip_suffix('"]').str.split('", "')
    listed = pl.DataFrame({"name": names}).with_row_index("row").explode("name")
    name, row = pl.col("name"), pl.col("row")
    untidy = (name != name.str.strip_chars()) | ((row == row.shift()) & (name <= name.shift()))
    rows = listed.filter(untidy)["row"].unique()
    return (texts == "[]") | (
        texts.str.contains(_CANONICAL) & ~pl.int_range(len(texts), eager=True).is_in(rows.implode())
    )


def holds(values: pl.Series, name: str) -> pl.Series:
    """Which sets, as `prepare` writes them, hold the class; missing where the set is."""
    return values.str.json_decode(pl.List(pl.String)).list.contains(name)


def _canonical(text: str) -> str | None:
    """The set as a JSON list; None where the text holds none."""
    names: object = text.split("|")
    if text.lstrip().startswith("["):
        try:
            names = json.loads(text)
        except ValueError:
            return None
    if not isinstance(names, list) or not all(isinstance(name, str | bool | int | float) for name in names):
        return None
    cleaned = {class_name(name).strip() for name in names}
    return None if "" in cleaned else json.dumps(sorted(cleaned), ensure_ascii=False)


def _parts(
    rows: pl.DataFrame, answers: Sequence[pl.DataFrame], specification: "Specification", weight: np.ndarray | None
) -> dict[str, Part]:
    texts = [prepare(rows[specification.columns.label]), *(prepare(given[PREDICTION]) for given in answers)]
    sets = [text.str.json_decode(pl.List(pl.String)) for text in texts]
    terms = {} if weight is None else {"w": weight, "w²": weight * weight}

    def part(columns: Sequence[pl.Series], right: Sequence[pl.Series]) -> Part:
        return Part(rows, Contributions(*_flipped(columns, right), terms))

    exact = [text == texts[0] for text in texts[1:]]
    made = {WHOLE: part([_size(sets[0]), *(_outcome(sets[0], said) for said in sets[1:])], exact)}
    keys = ((metric_for(key, specification.task), split_key(key)[1]) for key in specification.metric_keys)
    for name, of in dict.fromkeys((row.part_of(of), of) for row, of in keys if row.part != WHOLE):
        if name == SETS:
            made[name] = Part(rows, _membership(sets, specification.classes, weight))
        else:
            has = [_has(classes, of) for classes in sets]
            made[name] = part(has, [said == has[0] for said in has[1:]])
    return made


def _membership(sets: Sequence[pl.Series], classes: Sequence[str] | None, weight: np.ndarray | None) -> Contributions:
    """Rows that carry a number for each class: a bit for its label, and one for each release that says it is there."""
    names = list(classes or pl.concat(sets).explode().drop_nulls().unique().sort())
    codes = np.zeros((len(names), len(sets[0])), dtype=np.uint8)
    for bit, held in enumerate(sets):
        listed = pl.DataFrame({"name": held}).with_row_index("row").explode("name")
        known = listed.with_columns(pl.col("name").cast(pl.Enum(names), strict=False).to_physical()).drop_nulls()
        codes[known["name"], known["row"]] |= 1 << bit
    there = np.logical_and.reduce([held.is_not_null().to_numpy() for held in sets])
    kept = {"there": np.where(there, 1.0, np.nan)} | {
        CLASS + name: code for name, code in zip(names, codes, strict=True)
    }
    return Contributions(*distinct_cells(*map(presence, sets)), kept=kept | ({} if weight is None else {"w": weight}))


def _size(labels: pl.Series) -> pl.Series:
    return labels.list.len().cast(pl.String)


def _outcome(labels: pl.Series, said: pl.Series) -> pl.Series:
    """How many predicted classes are right, and how many wrong: "1 right, 3 wrong"."""
    hits = labels.list.set_intersection(said).list.len()
    misses = said.list.len() - hits
    return hits.cast(pl.String) + " right, " + misses.cast(pl.String) + " wrong"


def _has(classes: pl.Series, name: str | None) -> pl.Series:
    """The class where it is in the set, "" where it is not."""
    return pl.Series(["", name])[classes.list.contains(name).fill_null(False).cast(pl.UInt32)].set(
        classes.is_null(), None
    )


def _flipped(columns: Sequence[pl.Series], right: Sequence[pl.Series]) -> tuple[tuple[Cell, ...], np.ndarray]:
    """Cells of the columns; of two releases with whether the example was fixed, broke or neither."""
    if len(right) == 1:
        return distinct_cells(*columns)
    was, now = (side.fill_null(False) for side in right)
    flips = pl.Series([SAME, FIXED, BROKE])[(now & ~was).cast(pl.UInt32) + 2 * (was & ~now).cast(pl.UInt32)]
    return distinct_cells(*columns, flips)
