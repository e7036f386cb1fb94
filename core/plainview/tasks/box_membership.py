"""Which scenarios a box is in: those of its image, or those whose predicate says something of boxes.

A scenario without a column ``box.…`` holds images, and all their boxes. One with such columns holds boxes; of a false alarm
only class, place and size are known, so whether it belongs to the occluded boxes is unknown: neither yes nor no.
"""

from collections.abc import Mapping
from typing import TYPE_CHECKING, NamedTuple

import numpy as np
import polars as pl

from plainview.membership import scenario_masks
from plainview.tasks.boxes import PREFIX, Boxes

if TYPE_CHECKING:
    from plainview.specification import Scenario, Specification


class Membership(NamedTuple):
    """For each scenario and box, booleans of shape (scenarios, boxes): whether it is inside, and whether nobody knows."""

    inside: np.ndarray
    unknown: np.ndarray


def about_boxes(scenario: "Scenario") -> bool:
    """Whether the scenario's predicate says something of boxes."""
    predicate = scenario.predicate
    return predicate is not None and any(name.startswith(PREFIX) for name in predicate.columns)


def images_inside(examples: pl.DataFrame, specification: "Specification") -> np.ndarray:
    """The images of each scenario, booleans of shape (scenarios, images); none where it holds boxes."""
    inside = np.zeros((len(specification.scenarios), examples.height), dtype=bool)
    whole = [at for at, scenario in enumerate(specification.scenarios) if not about_boxes(scenario)]
    inside[whole] = scenario_masks(examples, [specification.scenarios[at] for at in whole], specification.columns.id)
    return inside


def membership(
    boxes: Boxes,
    examples: pl.DataFrame,
    images: np.ndarray,
    specification: "Specification",
    types: Mapping[str, pl.DataType],
) -> Membership:
    """The membership of boxes whose images are rows of ``examples``; ``images`` are those of `images_inside`.

    ``types`` are those of the columns that labelled boxes have: what these boxes lack of them is missing.
    """
    inside = images[:, boxes.image]
    unknown = np.zeros_like(inside)
    chosen = [at for at, scenario in enumerate(specification.scenarios) if about_boxes(scenario)]
    if not chosen or not len(boxes):
        return Membership(inside, unknown)
    predicates = [specification.scenarios[at].predicate for at in chosen]
    frame = _frame(boxes, examples, {name for predicate in predicates for name in predicate.columns}, types)
    truths = frame.select(predicate.truth(frame.schema).alias(str(at)) for at, predicate in enumerate(predicates))
    for at, truth in zip(chosen, truths.iter_columns(), strict=True):
        inside[at], unknown[at] = truth.fill_null(False).to_numpy(), truth.is_null().to_numpy()
    return Membership(inside, unknown)


def _frame(boxes: Boxes, examples: pl.DataFrame, read: set[str], types: Mapping[str, pl.DataType]) -> pl.DataFrame:
    """The columns ``read``, a row a box: those of its image, its own, and nulls where it has none."""
    known = boxes.columns()
    kinds = {name: types.get(name, pl.Null) for name in read if name.startswith(PREFIX)}
    missing = {name: pl.Series([None] * len(boxes), dtype=kind) for name, kind in kinds.items()}
    own = [known.get(name, column).alias(name) for name, column in missing.items()]
    row = pl.int_range(pl.len()).alias("__plainview_row")  # a frame without any column would have no rows
    images = examples.select(row, *(name for name in examples.columns if name in read))[boxes.image]
    return images.with_columns(own)
