"""Detection: an example is an image, its label and its prediction are lists of boxes; see `tasks.boxes` for their form.

A detection counts where its score reaches the specification's ``score_threshold``; it has found a labelled box of its class
where they overlap by ``iou`` or more (`tasks.matching`). What finds nothing is a false alarm. Flips are those of labelled
boxes: one that was missed and is found is *fixed*, one that was found and is missed *broke*; false alarms do not flip.

A scenario without a column ``box.…`` selects images with all their boxes. One with such columns selects boxes: labelled ones,
and false alarms by their class, place and size. What only labels have (occluded, truncated) is unknown of a false alarm, so
recall can be measured there and precision cannot. Boxes of an image are never independent: they are always one cluster.

Average precision looks at all detections, the 100 best of a class and image, whatever the threshold.
"""

from collections.abc import Sequence
from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np
import polars as pl

from plainview.kernel import Contributions
from plainview.metrics import metric_for, split_key
from plainview.tasks import boxes
from plainview.tasks.box_membership import Membership, about_boxes, images_inside, membership
from plainview.tasks.box_rows import BoxRows, Side, box_rows
from plainview.tasks.classification import SAME
from plainview.tasks.matching import NOBODY, match, overlapping
from plainview.tasks.part import PREDICTION, WHOLE, Part
from plainview.tasks.ranked_rows import RankedRows, ranked_rows
from plainview.tasks.rowwise import distinct_cells, presence

if TYPE_CHECKING:
    from plainview.specification import Specification


def prepare(values: pl.Series) -> pl.Series:
    """Labelled boxes in canonical form. Raises FrameError naming the row and the box."""
    return boxes.canonical(values, detected=False)


def prepare_answer(values: pl.Series) -> pl.Series:
    """Detections in canonical form. Raises FrameError naming the row and the box."""
    return boxes.canonical(values, detected=True)


def parts(
    examples: pl.DataFrame, answers: pl.DataFrame, specification: "Specification", weight: np.ndarray | None
) -> dict[str, Part]:
    """One part of images, and one a way of counting boxes that the specification's metrics ask for."""
    return Scene(examples, [answers[PREDICTION]], specification).parts(weight)


def paired_parts(
    examples: pl.DataFrame,
    baseline: pl.DataFrame,
    candidate: pl.DataFrame,
    specification: "Specification",
    weight: np.ndarray | None,
) -> dict[str, Part]:
    """The same for two releases, on the images that both have an answer for."""
    return Scene(examples, [baseline[PREDICTION], candidate[PREDICTION]], specification).parts(weight)


def right(label: pl.Series, prediction: pl.Series) -> None:
    """Boxes are found or missed; an image is neither right nor wrong."""
    return


class Scene:
    """Images with their labelled boxes and the detections of one release, or of two."""

    def __init__(self, examples: pl.DataFrame, answers: Sequence[pl.Series], specification: "Specification"):
        self.examples, self.specification = examples, specification
        columns = [examples[specification.columns.label], *answers]
        self.there = np.array([column.is_not_null().to_numpy() for column in columns])
        whole = pl.Series(self.there.all(axis=0))
        self.labels, *self.detections = boxes.together(*(boxes.read(column.set(~whole, None)) for column in columns))
        self.types = {name: column.dtype for name, column in self.labels.columns().items()}

    def parts(self, weight: np.ndarray | None) -> dict[str, Part]:
        """What the metrics of the specification read, and the images."""
        made = {WHOLE: Part(self.examples, self._presence(weight), masks=self.images)}
        for key in self.specification.metric_keys:
            metric, of_class = metric_for(key, self.specification.task), split_key(key)[1]
            flips = [metric.flips_of(of_class)] if len(self.detections) > 1 else []
            for name in (metric.part_of(of_class), *flips):
                if name not in made:
                    made[name] = self._part(name, weight)
        return made

    @cached_property
    def images(self) -> np.ndarray:
        """The images of each scenario, (scenarios, images): of a scenario of boxes those with such a box or false alarm."""
        inside = self._images_inside.copy()
        for at in np.flatnonzero(self.about_boxes):
            inside[at, self.box_rows.image[self.box_rows.inside[at] & self.box_rows.known]] = True
        return inside

    @cached_property
    def box_rows(self) -> BoxRows:
        """Labelled boxes and false alarms, at the specification's overlap and threshold."""
        iou, sides = self.specification.iou, []
        for detections in self.detections:
            pairs = overlapping(self.labels, detections, least=iou)
            found = match(pairs, self.labels, thresholds=[iou], ignored=self.labels.ignored)[:, 0]
            shown = detections.score >= self.specification.score_threshold
            hit = np.zeros(len(self.labels) + 1, dtype=bool)
            hit[found[shown]] = True
            alarms = detections.where((found == NOBODY) & shown)
            sides.append(Side(hit[:-1], alarms, self._member(alarms)))
        return box_rows(self.labels, self._member(self.labels).inside, sides, iou=iou)

    @cached_property
    def ranked_rows(self) -> RankedRows:
        """Labelled boxes and all detections, at the overlaps of average precision."""
        sides = [(detections, self._member(detections)) for detections in self.detections]
        return ranked_rows(self.labels, self._member(self.labels).inside, sides, self.about_boxes)

    @cached_property
    def about_boxes(self) -> list[bool]:
        """Which scenarios hold boxes."""
        return [about_boxes(scenario) for scenario in self.specification.scenarios]

    @cached_property
    def _images_inside(self) -> np.ndarray:
        return images_inside(self.examples, self.specification)

    def _member(self, found: boxes.Boxes) -> Membership:
        return membership(found, self.examples, self._images_inside, self.specification, self.types)

    def _presence(self, weight: np.ndarray | None) -> Contributions:
        """Cells of what is there of each image; of two releases with the flip, which images do not have."""
        cells, codes = distinct_cells(*(presence(pl.Series(there).replace(False, None)) for there in self.there))
        same = (SAME,) if len(self.detections) > 1 else ()
        return Contributions(tuple((*cell, *same) for cell in cells), codes, _weights(weight))

    def _part(self, name: str, weight: np.ndarray | None) -> Part:
        kind, of_class = split_key(name)
        if kind == "ranked":
            ranked, names = self.ranked_rows, self.labels.names
            if of_class is not None:
                ranked = ranked.of_class(names.index(of_class) if of_class in names else NOBODY)
            added, image, masks = ranked.contributions(names, self._ids, weight), ranked.image, ranked.inside
        else:
            rows = self.box_rows if of_class is None else self.box_rows.of_class(of_class)
            rows = rows.of_any_class() if name == "boxes" else rows
            added, image, masks = rows.contributions(weight), rows.image, rows.inside
        columns = self.specification.columns
        kept = list(dict.fromkeys(filter(None, (columns.id, columns.cluster))))
        return Part(self.examples.select(kept)[image], added, cluster=columns.id, masks=masks)

    @cached_property
    def _ids(self) -> np.ndarray:
        """The ids of the images as text whose order is that of the ids: shorter first, so that 9 comes before 10."""
        ids = self.examples[self.specification.columns.id]
        return np.array([f"{len(name):04}{name}" for name in ids], dtype=np.str_)


def _weights(weight: np.ndarray | None) -> dict[str, np.ndarray]:
    return {} if weight is None else {"w": weight, "w²": weight * weight}
