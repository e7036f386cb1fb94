"""Metrics of detection: of boxes that are shown at the score threshold, and average precision over all scores."""

import numpy as np

from plainview.methods import ratio
from plainview.methods.boxes import NOTHING, BoxAverage, BoxProportion
from plainview.methods.ranked_boxes import ALL, AT_50, AT_75, RankedBoxes
from plainview.metrics.metric import Metric


def _is(names: np.ndarray, name: str | None) -> np.ndarray:
    """Which are boxes of the class, or boxes at all where classes do not matter."""
    return names != NOTHING if name is None else names == name


def _labelled(labels, detections, name):
    return _is(labels, name)


def _detected(labels, detections, name):
    return _is(detections, name)


def _either(labels, detections, name):
    return _is(labels, name) | _is(detections, name)


def _both(labels, detections, name):
    return _is(labels, name) & _is(detections, name)


def _precision(right, detected, labelled):
    return ratio(right, detected)


def _recall(right, detected, labelled):
    return ratio(right, labelled)


def _f1(right, detected, labelled):
    return ratio(2 * right, detected + labelled)


_BOXES = ("detection",)
_NO_LABEL, _NO_DETECTION, _NEITHER = (
    "no {name} is labelled",
    "no {name} was detected",
    "no {name} is labelled or detected",
)
_COUNTED = {"counted": ("box", "boxes")}
_OF_CLASS = _COUNTED | {"per_class": True, "part": "boxes[{name}]", "flips": "boxes[{name}]"}
_OF_ALL = _COUNTED | {"part": "boxes", "flips": "boxes"}
_OF_EACH = _COUNTED | {"part": "classes", "flips": "boxes"}
_RANKED_CLASS = _COUNTED | {"per_class": True, "part": "ranked[{name}]", "flips": "boxes[{name}]"}
_RANKED = _COUNTED | {"part": "ranked", "flips": "boxes"}


def _of_boxes(undefined: str) -> str:
    return undefined.format(name="box")


ROWS = (
    Metric(
        "recall",
        "Recall for {name}",
        "Of those that are {name}, how many it finds.",
        _BOXES,
        BoxProportion(_detected, _labelled, _NO_LABEL, false_alarms=False),
        **_OF_CLASS,
    ),
    Metric(
        "precision",
        "Precision for {name}",
        "When it says {name}, how often that is right.",
        _BOXES,
        BoxProportion(_labelled, _detected, _NO_DETECTION, shared=False),
        **_OF_CLASS,
    ),
    Metric(
        "f1",
        "F1 for {name}",
        "Finding {name} and being right about it, in one number.",
        _BOXES,
        BoxProportion(_both, _either, _NEITHER, shared=False, jaccard=True),
        **_OF_CLASS,
    ),
    Metric(
        "micro_recall",
        "Micro recall",
        "Of all that is labelled, how much it finds.",
        _BOXES,
        BoxProportion(_detected, _labelled, _of_boxes(_NO_LABEL), false_alarms=False),
        **_OF_ALL,
    ),
    Metric(
        "micro_precision",
        "Micro precision",
        "Of all that it shows, how much is right.",
        _BOXES,
        BoxProportion(_labelled, _detected, _of_boxes(_NO_DETECTION), shared=False),
        **_OF_ALL,
    ),
    Metric(
        "micro_f1",
        "Micro F1",
        "Finding what is there and being right about it, in one number.",
        _BOXES,
        BoxProportion(_both, _either, _of_boxes(_NEITHER), shared=False, jaccard=True),
        **_OF_ALL,
    ),
    Metric(
        "macro_recall",
        "Macro recall",
        "Recall, each class counting the same.",
        _BOXES,
        BoxAverage(_recall, undefined=_of_boxes(_NO_LABEL), false_alarms=False),
        **_OF_EACH,
    ),
    Metric(
        "macro_precision",
        "Macro precision",
        "Precision, each class counting the same.",
        _BOXES,
        BoxAverage(_precision, undefined=_of_boxes(_NO_DETECTION)),
        **_OF_EACH,
    ),
    Metric(
        "macro_f1",
        "Macro F1",
        "F1, each class counting the same.",
        _BOXES,
        BoxAverage(_f1, undefined=_of_boxes(_NEITHER)),
        **_OF_EACH,
    ),
    Metric(
        "ap",
        "Average precision for {name}",
        "How well it finds {name} over all score thresholds, and how exactly it places the boxes.",
        _BOXES,
        RankedBoxes(ALL),
        **_RANKED_CLASS,
    ),
    Metric(
        "ap50",
        "Average precision at IoU .50 for {name}",
        "How well it finds {name} over all score thresholds, boxes placed roughly.",
        _BOXES,
        RankedBoxes(AT_50),
        **_RANKED_CLASS,
    ),
    Metric(
        "ap75",
        "Average precision at IoU .75 for {name}",
        "How well it finds {name} over all score thresholds, boxes placed closely.",
        _BOXES,
        RankedBoxes(AT_75),
        **_RANKED_CLASS,
    ),
    Metric(
        "ar",
        "Average recall for {name}",
        "Of those that are {name}, how many it finds with any score, and how exactly it places the boxes.",
        _BOXES,
        RankedBoxes(ALL, recall=True),
        **_RANKED_CLASS,
    ),
    Metric(
        "map",
        "Mean average precision",
        "How well it finds things over all score thresholds, each class counting the same: COCO's AP.",
        _BOXES,
        RankedBoxes(ALL),
        **_RANKED,
    ),
    Metric(
        "map50",
        "Mean average precision at IoU .50",
        "The same, boxes placed roughly.",
        _BOXES,
        RankedBoxes(AT_50),
        **_RANKED,
    ),
    Metric(
        "map75",
        "Mean average precision at IoU .75",
        "The same, boxes placed closely.",
        _BOXES,
        RankedBoxes(AT_75),
        **_RANKED,
    ),
    Metric(
        "mar",
        "Mean average recall",
        "How much of what is labelled it finds with any score, each class counting the same: COCO's AR.",
        _BOXES,
        RankedBoxes(ALL, recall=True),
        **_RANKED,
    ),
)
