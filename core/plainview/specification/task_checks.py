"""What a task demands of a specification: labels, settings that are its own, and columns that its metrics read."""

from collections.abc import Iterator
from typing import TYPE_CHECKING

from plainview.exceptions import nearest
from plainview.metrics import METRICS
from plainview.specification.faults import Fault
from plainview.specification.yaml_positions import Path

if TYPE_CHECKING:
    from plainview.specification.models import MetricChoice, Specification

OF_BOXES = "box."  # columns that a scenario of detection reads of boxes
_OF_DETECTION = ("iou", "score_threshold")
_LABELS = {  # what the column of labels holds
    "classification": "the true class",
    "multilabel": "the true set of classes",
    "regression": "the true number",
    "detection": "an image's labelled boxes; of COCO files they are put there",
}

Faults = Iterator[Fault]


def task_faults(specification: "Specification") -> Faults:
    """What does not agree with the task."""
    if specification.columns.label is None and specification.task != "scored":
        yield Fault(
            ("columns",),
            f"'label' is missing; {specification.task} compares predictions with labels. Write "
            f"columns: {{id: {specification.columns.id}, label: label}} to name the column of {_LABELS[specification.task]}",
        )
    for key in _OF_DETECTION:
        if specification.task != "detection" and key in specification.model_fields_set:
            yield Fault((key,), f"{key} is for detection; the task is {specification.task}", key=True)
    for path, choice in _choices(specification):
        yield from _direction(choice, path)
        if choice.unit is not None and METRICS[choice.name].unit != "label":
            kind = {"proportion": "a proportion", "number": "a bare number"}[METRICS[choice.name].unit]
            yield Fault((*path, "unit"), f"{choice.name} is {kind}, which has no unit; leave it out", key=True)
        if METRICS[choice.name].per_column:
            yield from _answers(specification, choice, path)


def seen_of_boxes(specification: "Specification", column: str) -> bool:
    """Whether a scenario reads this column of boxes, and not of the frame."""
    return specification.task == "detection" and column.startswith(OF_BOXES)


def answers_known(specification: "Specification") -> list[str]:
    """The columns that a release answers, as the specification names them."""
    columns = specification.columns
    return [column for column in (columns.prediction, columns.score, *columns.answers) if column]


def columns_read(specification: "Specification", name: str, of: str | None) -> tuple[str, ...]:
    """The columns that a metric of columns reads: those named, or the prediction; of a ratio two, ``errors/words``.

    Where a name has a slash of its own, the part before the slash is the first that is an answer.
    """
    if of is None:
        return (specification.columns.prediction,)
    if name != "ratio":
        return (of,)
    cuts = [at for at, letter in enumerate(of) if letter == "/"]
    known = [at for at in cuts if of[:at].strip() in answers_known(specification)]
    at = (known or cuts or [len(of)])[0]
    return tuple(filter(None, (of[:at].strip(), of[at + 1 :].strip())))


def columns_of_test_set(specification: "Specification") -> Iterator[tuple[Path, str, str]]:
    """Columns of the test set that metrics read: the path to each metric, the column, and the metric's name."""
    for path, choice in _choices(specification):
        if METRICS[choice.name].per_column:
            for column in columns_read(specification, choice.name, choice.of):
                if column not in answers_known(specification):
                    yield path, column, choice.name


def _choices(specification: "Specification") -> Iterator[tuple[Path, "MetricChoice"]]:
    yield from (((("metrics", index), choice)) for index, choice in enumerate(specification.metrics))
    for index, requirement in enumerate(specification.requirements):
        yield ("requirements", index, "metric"), requirement.metric


def _direction(choice: "MetricChoice", path: Path) -> Faults:
    metric = METRICS[choice.name]
    if choice.better is not None and not metric.per_column and choice.better != metric.direction:
        how = "the nearer to zero, the better" if metric.direction == "zero" else f"{metric.direction} is better"
        yield Fault((*path, "better"), f"found {choice.better!r}; of {choice.name}, {how}")


def _answers(specification: "Specification", choice: "MetricChoice", path: Path) -> Faults:
    """A metric of a column is of an answer; a ratio may have a column of the test set below."""
    read, known = columns_read(specification, choice.name, choice.of), answers_known(specification)
    if choice.name == "ratio" and len(read) != 2:
        yield Fault(path, "a ratio is of two columns: write ratio[errors/words] or {name: ratio, column: errors/words}")
    elif read[0] not in known:
        advice = nearest(read[0], known)
        yield Fault(path, f"column {read[0]!r} is not an answer; list it in columns.answers. {advice}")
