"""COCO ground truth and results as a frame: a row an image, its labelled boxes and its detections as JSON text.

The ground truth is COCO's: ``images``, ``annotations``, ``categories``. Results are COCO's list of ``{image_id, category_id,
bbox, score}``, or a whole dataset whose annotations have scores. A whole dataset has its own images and categories: images
are then joined by ``file_name`` where their ids differ, categories by name. An image that a list of results does not mention
was looked at and has no detections; one that a dataset of results does not list was not looked at, and its answer is missing.

Other fields of an image (``width``, ``lighting``) become columns; other fields of an annotation (``occluded``), and what
stands in its ``attributes``, become attributes of its box. Segmentations and key points are left out.
"""

import json
import os
from collections import defaultdict
from collections.abc import Hashable, Iterable, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import polars as pl

from plainview.exceptions import FrameError, nearest, shown, spoken_path
from plainview.frames import read_frame
from plainview.opening.json_lines import no_constant
from plainview.opening.limits import VIEW, check_opened, check_width, first_repeated
from plainview.quantities import count

if TYPE_CHECKING:
    from plainview.specification import Columns

Source = str | os.PathLike | Mapping | Sequence
LABEL, PREDICTION = "label", "prediction"
_JOINT = ".json+"
_NOT_ATTRIBUTES = frozenset(
    [
        "id",
        "image_id",
        "category_id",
        "bbox",
        "segmentation",
        "keypoints",
        "num_keypoints",
        "caption",
        "attributes",
        "score",
    ]
)
_NEAR = 1.5  # pixels by which the corners of one box may differ between two files: some count from 0, others from 1


def read_coco(ground_truth: Source, detections: Source, *, attributes: Any = None) -> pl.DataFrame:
    """A frame with the columns id, file_name, label, prediction and whatever else the images have.

    ``ground_truth`` and ``detections`` are paths to JSON, or what such files hold. ``attributes`` are further attributes of
    labelled boxes: a frame or file with the columns image (its file name or id), class (or name), the box as x, y, width and
    height or as xmin, ymin, xmax and ymax, and one column an attribute. Raises FrameError naming the file and what is wrong.
    """
    truth = _dataset(ground_truth, "ground truth")
    results, name = _loaded(detections, "detections")
    images = _by_id(truth, "images")
    labels = _boxes(truth["annotations"], images, _names(truth), what="the ground truth")
    if attributes is not None:
        _add_attributes(labels, images, attributes)
    found = _detections(results, name, images, _names(truth))
    fields = {name for image in images.values() for name in image}
    check_width(len(fields), "the images of the ground truth")
    check_opened(VIEW * len(fields) * len(images), _size(ground_truth), "The ground truth")
    rows = [
        _plain_fields(image)
        | {LABEL: json.dumps(labels.get(key, []), ensure_ascii=False)}
        | {PREDICTION: json.dumps(found[key], ensure_ascii=False) if key in found else None}
        for key, image in images.items()
    ]
    try:
        return pl.DataFrame(rows, infer_schema_length=None, strict=False)
    except (pl.exceptions.PolarsError, ValueError, TypeError, OverflowError) as error:
        raise FrameError(f"The images of the ground truth make no table: {shown(str(error), 300)}") from error


def _size(source: Source) -> int:
    return Path(source).stat().st_size if isinstance(source, str | os.PathLike) else 0


def taken(
    frame: Any, detections: Any, prediction: str | None, columns: "Columns", *, attributes: Any = None
) -> tuple[Any, str | None]:
    """What `publish` was given, as a frame and the name of its prediction column; what is not COCO stays as it is.

    COCO comes as ground truth with ``detections`` (or with a path to JSON as the prediction), as a pair of the two, or as one
    path ``truth.json+results.json``. Raises FrameError where one of the two is missing.
    """
    if isinstance(frame, tuple) and len(frame) == 2:
        frame, detections = frame
    elif isinstance(frame, str | os.PathLike) and _JOINT in str(frame) and not Path(frame).exists():
        truth, _, results = str(frame).partition(_JOINT)
        frame, detections = truth + ".json", results
    if not _is_coco(frame):
        if detections is not None or attributes is not None:
            raise FrameError("Detections and attributes go with COCO ground truth, a JSON file; the frame is none.")
        return frame, prediction
    if detections is None and prediction and prediction.lower().endswith(".json"):
        detections, prediction = prediction, None
    if detections is None:
        raise FrameError("The ground truth holds labels alone: give detections too, such as --detections results.json.")
    rows = read_coco(frame, detections, attributes=attributes)
    renamed = {LABEL: columns.label or LABEL, PREDICTION: columns.prediction}
    renamed |= {"id": columns.id} if columns.id not in rows.columns else {}
    if repeated := first_repeated(renamed.get(name, name) for name in rows.columns):
        clashing = [renamed.get(name, name) for name in rows.columns][repeated[0] - 1]
        raise FrameError(
            f"The images have a field {shown(clashing)}, which the specification's columns name otherwise."
        )
    return rows.rename(renamed), prediction


def _is_coco(source: Any) -> bool:
    """Whether a source is a path to JSON, or a dataset that was read from one."""
    if isinstance(source, str | os.PathLike):
        return Path(source).suffix.lower() == ".json"
    return isinstance(source, Mapping) and "annotations" in source


def _loaded(source: Source, what: str) -> tuple[Any, str]:
    if not isinstance(source, str | os.PathLike):
        return source, f"the {what}"
    path = Path(source)
    try:
        return json.loads(path.read_bytes(), parse_constant=no_constant), path.name
    except OSError as error:
        raise FrameError(f"{spoken_path(path)} could not be read: {error.strerror}.") from None
    except RecursionError:
        raise FrameError(f"{path.name} is nested too deeply for COCO.") from None
    except ValueError as error:
        raise FrameError(f"{path.name} is not JSON: {error}.") from error


def _dataset(source: Source, what: str) -> Mapping[str, Any]:
    found, name = _loaded(source, what)
    parts = ("images", "annotations", "categories")
    missing = [part for part in parts if not isinstance(found, Mapping) or not isinstance(found.get(part), list)]
    if missing:
        raise FrameError(
            f"{name} has no list of {' or '.join(missing)}; a COCO dataset has images, annotations, categories."
        )
    return found


def _by_id(dataset: Mapping[str, Any], part: str) -> dict[Any, Mapping[str, Any]]:
    found: dict[Any, Mapping[str, Any]] = {}
    for item in dataset[part]:
        if not isinstance(item, Mapping) or not isinstance(item.get("id"), str | int | float):
            raise FrameError(f"One of the {part} has no id that is text or a number: {shown(item)}.")
        if item["id"] in found:
            raise FrameError(f"Two of the {part} have the id {shown(item['id'])}.")
        found[item["id"]] = item
    return found


def _names(dataset: Mapping[str, Any]) -> dict[Any, str]:
    """The names of the categories, by id."""
    return {key: str(item.get("name", key)) for key, item in _by_id(dataset, "categories").items()}


def _boxes(
    annotations: Iterable[Mapping[str, Any]],
    images: Mapping[Any, Any],
    names: Mapping[Any, str],
    *,
    what: str,
    score: bool = False,
) -> dict[Any, list[dict[str, Any]]]:
    """The boxes of each image that has any, in the order of the file."""
    boxes = defaultdict(list)
    for number, item in enumerate(annotations, start=1):
        parts = ("image_id", "category_id", "bbox", "score") if score else ("image_id", "category_id", "bbox")
        if not isinstance(item, Mapping):
            raise FrameError(f"Box {number} of {what} is no JSON object: {shown(item)}.")
        for part in parts:
            if item.get(part) is None:
                raise FrameError(f"Box {number} of {what} has no {part}.")
        image, category = item["image_id"], item["category_id"]
        if not _is_known(image, images):
            raise FrameError(
                f"Box {number} of {what} is of image {shown(image)}, which the ground truth does not have."
            )
        if not _is_known(category, names):
            raise FrameError(
                f"Box {number} of {what} has category {shown(category)}. {nearest(shown(category), names)}"
            )
        if not _is_box(item["bbox"]):
            raise FrameError(f"Box {number} of {what} has the bbox {shown(item['bbox'])}; four numbers were expected.")
        own = {"class": names[category], "box": item["bbox"]}
        boxes[image].append(own | ({"score": item["score"]} if score else _fields(item)))
    return boxes


def _is_known(key: Any, known: Mapping[Any, Any]) -> bool:
    """Whether a key of a file is known, of whatever kind it is: a list is nobody's."""
    return isinstance(key, Hashable) and key in known


def _is_box(box: Any) -> bool:
    return isinstance(box, Sequence) and len(box) == 4 and all(isinstance(each, int | float) for each in box)


def _fields(item: Mapping[str, Any]) -> dict[str, Any]:
    """Area, flags and attributes of an annotation."""
    more = item.get("attributes")
    plain = _plain_fields(item) | (_plain_fields(more) if isinstance(more, Mapping) else {})
    return {name: value for name, value in plain.items() if name not in _NOT_ATTRIBUTES}


def _plain_fields(item: Mapping[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in item.items() if isinstance(value, str | int | float) or value is None}


def _detections(
    results: Any, name: str, images: Mapping[Any, Mapping[str, Any]], names: Mapping[Any, str]
) -> dict[Any, list[dict[str, Any]]]:
    """The detections of every image that was looked at."""
    if isinstance(results, list):
        return {key: [] for key in images} | _boxes(results, images, names, what=name, score=True)
    dataset = {"categories": [{"id": key, "name": named} for key, named in names.items()]}
    dataset |= results if isinstance(results, Mapping) else {}
    if not all(isinstance(dataset.get(part), list) for part in ("images", "annotations")):
        raise FrameError(f"{name} is neither a list of COCO results nor a dataset with images and annotations.")
    own = _by_id(dataset, "images")
    joined = _joined(own, images, name)
    boxes = _boxes(dataset["annotations"], own, _names(dataset), what=name, score=True)
    return {joined[key]: boxes.get(key, []) for key in own}


def _joined(own: Mapping[Any, Mapping], images: Mapping[Any, Mapping], name: str) -> dict[Any, Any]:
    """For each image id of the results the one of the ground truth: by file name, where all have one of their own."""
    files = [[_file_name(image) for image in side.values()] for side in (own, images)]
    by_file = all(None not in side and len(set(side)) == len(side) for side in files)
    known = dict(zip(files[1], images, strict=True)) if by_file else {key: key for key in images}
    wanted = dict(zip(own, files[0] if by_file else own, strict=True))
    lost = [key for key in wanted.values() if key not in known]
    if lost:
        raise FrameError(
            f"{name} has {count(len(lost), 'image')} that the ground truth does not have, such as {shown(lost[0])}. "
            f"{nearest(lost[0], known)}"
        )
    return {key: known[value] for key, value in wanted.items()}


def _file_name(image: Mapping) -> str | None:
    return image["file_name"] if isinstance(image.get("file_name"), str) else None


def _add_attributes(labels: Mapping[Any, list[dict]], images: Mapping[Any, Mapping], source: Any) -> None:
    """Give labelled boxes the attributes of the rows of ``source`` that are of the same image, class and place."""
    frame = read_frame(source)
    image, name = _column(frame, "image", "file_name", "image_id"), _column(frame, "class", "name", "category")
    ends = "xmax" in frame.columns
    corners = ("xmin", "ymin", "xmax", "ymax") if ends else ("x", "y", "width", "height")
    for corner in corners:
        _column(frame, corner)
    keys = {
        str(each): key for key, found in images.items() for each in (key, found.get("file_name")) if each is not None
    }
    for number, row in enumerate(frame.iter_rows(named=True), start=1):
        x, y, *rest = place = [row[corner] for corner in corners]
        if not _is_box(place):
            raise FrameError(f"Row {number} of the attributes has the box {shown(place)}; four numbers were expected.")
        wanted = [x, y, *((rest[0] - x, rest[1] - y) if ends else rest)]
        for box in labels.get(keys.get(str(row[image])), []):
            if box["class"] == str(row[name]) and "" not in box and _same_place(box["box"], wanted):
                box |= {key: value for key, value in row.items() if key not in (image, name, *corners)} | {"": True}
                break
        else:
            raise FrameError(
                f"Row {number} of the attributes is of no labelled box: {shown(row[image])}, {shown(row[name])}, {wanted}."
            )
    for boxes in labels.values():
        for box in boxes:
            box.pop("", None)


def _column(frame: pl.DataFrame, *names: str) -> str:
    found = next((name for name in names if name in frame.columns), None)
    if found is None:
        raise FrameError(f"The attributes have no column {names[0]!r}. {nearest(names[0], frame.columns)}")
    return found


def _same_place(box: Sequence[float], other: Sequence[float]) -> bool:
    return all(abs(one - two) <= _NEAR for one, two in zip(box, other, strict=True))
