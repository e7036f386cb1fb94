"""What became of each image: how many of its boxes were found and missed, its false alarms, and which boxes flipped."""

from collections.abc import Sequence

import numpy as np
import polars as pl

from plainview.methods.boxes import NOTHING, BoxProportion
from plainview.methods.ranked_boxes import RankedBoxes
from plainview.metrics import metric_for, split_key
from plainview.specification import Specification
from plainview.tasks.box_rows import FLIPS, NO_BOX, BoxRows
from plainview.tasks.classification import BROKE, FIXED
from plainview.tasks.detection import Scene

OUTCOME = "outcome"


def image_outcomes(
    examples: pl.DataFrame,
    answers: Sequence[pl.Series],
    specification: Specification,
    scenario: str,
    *,
    metric: str | None = None,
) -> tuple[pl.DataFrame, np.ndarray]:
    """For each row of ``examples`` its outcome and counts of boxes in the scenario; and which rows the scenario holds.

    Of one release an image is right where no box was missed and nothing is a false alarm. Of two, it is fixed where more
    labelled boxes were fixed than broke, broke where fewer; the counts are those of the second release. With a ``metric``
    only the boxes that it counts are, and the scenario holds the images that have one, or that miss an answer.
    """
    scene = Scene(examples, answers, specification)
    position = [each.name for each in specification.scenarios].index(scenario)
    rows, images, there = scene.box_rows, scene.images[position], scene.there.all(axis=0)
    inside = rows.inside[position]
    if metric is not None:
        inside = inside & _counted(rows, metric)
        images = images & (~there | (np.bincount(rows.image[inside], minlength=examples.height) > 0))
    counts = _counts(rows, inside, examples.height)
    wrong = (counts["missed"] + counts["false alarms"]) > 0
    words = np.where(wrong, "wrong", "right")
    if len(answers) > 1:
        gained = counts[FIXED] - counts[BROKE]
        still = np.where(wrong, "still wrong", "still right")
        words = np.where(gained > 0, FIXED, np.where(gained < 0, BROKE, still))
    words = np.where(there, words, "no answer")
    return pl.DataFrame({OUTCOME: words.astype(object).tolist(), **counts}), images


def _counted(rows: BoxRows, metric: str) -> np.ndarray:
    """Which boxes a metric counts, shape (n,): recall those labelled, precision those detected, others both."""
    family, of = metric_for(metric, "detection").family, split_key(metric)[1]
    if isinstance(family, BoxProportion):
        sides = [family.of(rows.said(rows.label), rows.said(answer), of) for answer in rows.answers]
    else:
        recall = family.recall if isinstance(family, RankedBoxes) else not family.false_alarms
        said = [rows.said(side) for side in (rows.label, *rows.answers)]
        sides = [(side != NOTHING) if of is None else side == of for side in said]
        sides = sides[:1] if recall else sides
    return np.logical_or.reduce(sides) & rows.known


def _counts(rows: BoxRows, inside: np.ndarray, images: int) -> dict[str, np.ndarray]:
    answer = rows.answers[-1]
    kinds = {
        "found": rows.labelled & (answer == rows.label),
        "missed": rows.labelled & (answer != rows.label),
        "false alarms": (rows.label == NO_BOX) & (answer != NO_BOX),
    }
    if len(rows.answers) > 1:
        flips = rows.flips()
        kinds |= {word: flips == FLIPS.index(word) for word in (FIXED, BROKE)}
    return {word: np.bincount(rows.image[kind & inside], minlength=images) for word, kind in kinds.items()}
