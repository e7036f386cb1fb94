"""Local explanations: how much each column, or each word, added to single answers, as a model's owner published them.

Three shapes of a frame are read, in any format that frames are read from:

- long: ``id``, ``feature``, ``attribution``, and ``value`` (what the feature was) where it is known;
- wide: ``id`` and a column of numbers for each feature;
- of words: ``id`` and ``tokens``, JSON such as ``[["not", -0.7], ["good", 0.2]]``, in the order of the text.

``base_value`` is what is answered when nothing is known, and ``output`` what the attributions should come to with it (for
regression the prediction, where it is not named): both columns of any of these shapes. Then it is checked that they add up.
"""

import json
import math
from dataclasses import dataclass
from typing import Any

import polars as pl

from plainview.exceptions import FrameError, cut, nearest, shown
from plainview.explanations.matrix import explainable
from plainview.frames import read_frame
from plainview.records import Evaluation
from plainview.specification import Specification
from plainview.store import Store
from plainview.tasks.part import PREDICTION

ID, FEATURE, VALUE, ATTRIBUTION, TOKENS, BASE, OUTPUT = (
    "id", "feature", "value", "attribution", "tokens", "base_value", "output",
)  # fmt: skip
SLACK = 0.01  # of the spread of outputs: what rounding and sampling may leave open
ROWS = {ID: pl.String, "place": pl.Int64, FEATURE: pl.String, VALUE: pl.String, ATTRIBUTION: pl.Float64}
SUMS = {
    ID: pl.String,
    BASE: pl.Float64,
    OUTPUT: pl.Float64,
    "total": pl.Float64,
    "gap": pl.Float64,
    "adds_up": pl.Boolean,
}


@dataclass(frozen=True, kw_only=True)
class Attributions:
    """What features added to single answers. ``rows`` have the columns of ROWS, ``sums`` a row an example, those of SUMS."""

    rows: pl.DataFrame
    sums: pl.DataFrame
    form: str  # "columns" or "words"
    foreign: tuple[str, ...] = ()  # features that are no columns of the test set

    @property
    def examples(self) -> int:
        """How many answers are explained."""
        return self.sums.height

    @property
    def checked(self) -> int:
        """Of how many it is known what they should come to."""
        return self.sums["gap"].is_not_null().sum()

    @property
    def adds_up(self) -> int:
        """How many of those come to it."""
        return int(self.sums["adds_up"].sum())

    @property
    def largest_gap(self) -> float | None:
        """The largest distance, in units of the output."""
        return self.sums["gap"].abs().max()


def read_attributions(source: Any, store: Store, evaluation: Evaluation, specification: Specification) -> Attributions:
    """Published attributions, checked against the examples and the answers of an evaluation.

    Raises FrameError where a column is missing, an id is not in the test set, a feature is named twice for one example, an
    attribution is no finite number, or no feature is a column of the test set; the message names it.
    """
    ids = specification.columns.id
    frame = read_frame(source, id_column=ids)
    if ids not in frame.columns:
        raise FrameError(f"The attributions have no id column {ids!r}. {nearest(ids, frame.columns)}")
    frame = frame.rename({ids: ID}) if ids != ID else frame
    examples = store.examples(evaluation).with_columns(pl.col(ids).cast(pl.String))
    _check_ids(frame[ID], examples[ids])
    rows, form = _rows(frame, examples, specification)
    _check_rows(rows, form)
    known = explainable(specification, examples.columns)
    foreign = () if form == "words" else tuple(name for name in rows[FEATURE].unique().sort() if name not in known)
    if form == "columns" and len(foreign) == rows[FEATURE].n_unique():
        raise FrameError(
            f"No feature is a column of the test set: {foreign[0]!r} is none. {nearest(foreign[0], known)}"
        )
    return Attributions(
        rows=rows, sums=_sums(frame, rows, store, evaluation, specification), form=form, foreign=foreign
    )


def _check_ids(given: pl.Series, known: pl.Series) -> None:
    missing = given.filter(~given.is_in(known.implode()) | given.is_null())
    if len(missing):
        first = missing[0]
        advice = "an id is missing" if first is None else f"{shown(first)}. {nearest(first, known.to_list()[:2_000])}"
        raise FrameError(
            f"{len(missing):,} of {len(given):,} rows of the attributions name no example of the test set: {advice}"
        )


def _rows(frame: pl.DataFrame, examples: pl.DataFrame, specification: Specification) -> tuple[pl.DataFrame, str]:
    if TOKENS in frame.columns:
        return _of_words(frame), "words"
    if FEATURE in frame.columns or ATTRIBUTION in frame.columns:
        return _of_long(frame), "columns"
    return _of_wide(frame, examples, specification), "columns"


def _of_words(frame: pl.DataFrame) -> pl.DataFrame:
    if frame[ID].n_unique() < frame.height:
        raise FrameError(f"The attributions of words have example {_repeated(frame[ID])!r} in more than one row.")
    found: dict[str, list] = {name: [] for name in ROWS}
    for identifier, text in frame.select(ID, TOKENS).iter_rows():
        for place, (token, weight) in enumerate(_tokens(identifier, text)):
            for name, value in zip(ROWS, (identifier, place, token, None, weight), strict=True):
                found[name].append(value)
    return pl.DataFrame(found, schema=ROWS)


def _tokens(identifier: str, text: Any) -> list[tuple[str, float]]:
    expected = f'The tokens of example {identifier!r} must be JSON such as [["not", -0.7], ["good", 0.2]]'
    try:
        given = json.loads(text)
        pairs = [(one["token"], one["weight"]) if isinstance(one, dict) else tuple(one) for one in given]
        return [(_text(token), float(weight)) for token, weight in pairs]
    except (TypeError, ValueError, KeyError, RecursionError) as error:
        raise FrameError(f"{expected}. Got {shown(text)}.") from error


def _text(token: Any) -> str:
    if not isinstance(token, str):
        raise TypeError(token)
    return token


def _of_long(frame: pl.DataFrame) -> pl.DataFrame:
    for name in (FEATURE, ATTRIBUTION):
        if name not in frame.columns:
            raise FrameError(f"The attributions have no column {name!r}. {nearest(name, frame.columns)}")
    if not frame.schema[ATTRIBUTION].is_numeric():
        raise FrameError(f"The column {ATTRIBUTION!r} must hold numbers. It holds {frame.schema[ATTRIBUTION]}.")
    values = pl.col(VALUE).cast(pl.String) if VALUE in frame.columns else pl.lit(None, pl.String)
    return frame.select(
        ID, pl.int_range(pl.len()).over(ID).alias("place"), pl.col(FEATURE).cast(pl.String), values.alias(VALUE),
        pl.col(ATTRIBUTION).cast(pl.Float64),
    ).cast(ROWS)  # fmt: skip


def _of_wide(frame: pl.DataFrame, examples: pl.DataFrame, specification: Specification) -> pl.DataFrame:
    names = [name for name in frame.columns if name not in (ID, BASE, OUTPUT)]
    texts = [name for name in names if not frame.schema[name].is_numeric()]
    if texts or not names:
        what = f"column {texts[0]!r} holds {frame.schema[texts[0]]}" if texts else "there is no column besides the id"
        raise FrameError(f"Attributions were expected, one column of numbers a feature; {what}.")
    long = frame.unpivot(names, index=ID, variable_name=FEATURE, value_name=ATTRIBUTION)
    ids = specification.columns.id
    known = [name for name in names if name in examples.columns]
    told = examples.filter(pl.col(ids).is_in(frame[ID].implode())).select(pl.col(ids).alias(ID), *known)
    values = told.with_columns(pl.col(known).cast(pl.String)).unpivot(
        known, index=ID, variable_name=FEATURE, value_name=VALUE
    ) if known else pl.DataFrame(schema={ID: pl.String, FEATURE: pl.String, VALUE: pl.String})  # fmt: skip
    joined = long.join(values, on=[ID, FEATURE], how="left", maintain_order="left")
    return joined.with_columns(pl.int_range(pl.len()).over(ID).alias("place")).select(*ROWS).cast(ROWS)


def _check_rows(rows: pl.DataFrame, form: str) -> None:
    odd = rows.filter(pl.col(ATTRIBUTION).is_null() | ~pl.col(ATTRIBUTION).is_finite())
    if odd.height:
        first = odd.row(0, named=True)
        raise FrameError(
            f"The attribution of {shown(first[FEATURE])} to example {first[ID]!r} is no finite number ({odd.height:,} such)."
        )
    if rows.height == 0:
        raise FrameError("The attributions name no feature at all.")
    if form == "columns" and rows.select(ID, FEATURE).n_unique() < rows.height:
        one = rows.filter(pl.struct(ID, FEATURE).is_duplicated()).row(0, named=True)
        raise FrameError(
            f"The feature {cut(one[FEATURE])!r} stands twice for example {one[ID]!r}: one attribution was expected."
        )


def _repeated(ids: pl.Series) -> str:
    return ids.filter(ids.is_duplicated())[0]


def _sums(
    frame, rows: pl.DataFrame, store: Store, evaluation: Evaluation, specification: Specification
) -> pl.DataFrame:
    """What each example's attributions come to, and what they should."""
    told = frame.group_by(ID, maintain_order=True).agg(
        (
            pl.col(name).first().cast(pl.Float64, strict=False) if name in frame.columns else pl.lit(None, pl.Float64)
        ).alias(name)
        for name in (BASE, OUTPUT)
    )
    if OUTPUT not in frame.columns and specification.task == "regression":
        ids = store.examples(evaluation, [specification.columns.id])[specification.columns.id].cast(pl.String)
        answers = pl.DataFrame(
            {ID: ids, OUTPUT: store.predictions(evaluation, [PREDICTION])[PREDICTION].cast(pl.Float64)}
        )
        told = told.drop(OUTPUT).join(answers, on=ID, how="left", maintain_order="left")
    return added_up(rows, told)


def added_up(rows: pl.DataFrame, told: pl.DataFrame) -> pl.DataFrame:
    """A row an example, with the columns of SUMS, from attributions and frames of ``base_value`` and ``output`` by id."""
    totals = rows.group_by(ID).agg(pl.col(ATTRIBUTION).sum().alias("total"))
    found = told.join(totals, on=ID, how="left", maintain_order="left")
    found = found.with_columns(gap=pl.col(BASE) + pl.col("total") - pl.col(OUTPUT))
    spread = found[OUTPUT].std()
    slack = max(SLACK * spread, 1e-9) if spread is not None and math.isfinite(spread) else 1e-9
    return found.with_columns(adds_up=pl.col("gap").abs() <= slack).select(*SUMS).cast(SUMS)


def mean_sizes(rows: pl.DataFrame) -> pl.DataFrame:
    """How much each feature adds on average, up or down: feature, size (mean of absolute attributions), examples."""
    n = max(rows[ID].n_unique(), 1)
    found = rows.group_by(FEATURE).agg(size=pl.col(ATTRIBUTION).abs().sum() / n, examples=pl.len().cast(pl.Int64))
    return found.sort(["size", FEATURE], descending=[True, False])
