"""Small COCO datasets to evaluate twice, by Plainview and by pycocotools, and a specification for them."""

import contextlib
import io

import numpy as np
import polars as pl
from hypothesis import strategies as st
from pycocotools.coco import COCO
from pycocotools.cocoeval import COCOeval

from plainview.evaluation import evaluate
from plainview.importers.coco import read_coco
from plainview.specification import load_specification
from plainview.tasks import detection

# The ranges of areas of the COCO evaluation, both ends included, as scenarios of boxes.
SIZES = {"small": "box.area <= 1024", "medium": "box.area BETWEEN 1024 AND 9216", "large": "box.area >= 9216"}
STATS = {  # what COCOeval.summarize lists, and where
    ("all", "map"): 0, ("all", "map50"): 1, ("all", "map75"): 2, ("all", "mar"): 8,
    ("small", "map"): 3, ("medium", "map"): 4, ("large", "map"): 5,
    ("small", "mar"): 9, ("medium", "mar"): 10, ("large", "mar"): 11,
}  # fmt: skip
corner = st.integers(0, 12).map(lambda step: step * 10)
side = st.sampled_from([10, 20, 30, 40, 90, 100, 150])
places = st.tuples(corner, corner, side, side).map(list)
labels = st.lists(
    st.tuples(st.integers(1, 3), st.integers(1, 2), places, st.sampled_from([0, 0, 0, 1])), min_size=1, max_size=14
)
found = st.lists(
    st.tuples(st.integers(1, 3), st.integers(1, 2), places, st.sampled_from([0.1, 0.3, 0.5, 0.7, 0.9])), max_size=16
)


def dataset(boxes, images=3, classes=("cat", "dog")) -> dict:
    """COCO ground truth of (image, category, box, crowd) with any further fields in a mapping at the end."""
    fields = [(*box, {}) if len(box) == 4 else box for box in boxes]
    return {
        "images": [{"id": n, "file_name": f"{n}.jpg", "width": 200, "height": 100 + n} for n in range(1, images + 1)],
        "categories": [{"id": n, "name": name} for n, name in enumerate(classes, start=1)],
        "annotations": [
            {
                "id": n,
                "image_id": image,
                "category_id": category,
                "bbox": box,
                "iscrowd": crowd,
                "area": box[2] * box[3],
            }
            | more
            for n, (image, category, box, crowd, more) in enumerate(fields, start=1)
        ],
    }


def results(boxes) -> list[dict]:
    """COCO results of (image, category, box, score)."""
    return [
        {"image_id": image, "category_id": category, "bbox": box, "score": score}
        for image, category, box, score in boxes
    ]


def by_pycocotools(truth: dict, detections: list[dict]) -> np.ndarray:
    """The twelve numbers of COCOeval.summarize; -1 where undefined."""
    with contextlib.redirect_stdout(io.StringIO()):
        coco = COCO()
        coco.dataset = truth
        coco.createIndex()
        evaluated = COCOeval(coco, coco.loadRes(detections), "bbox")
        evaluated.evaluate()
        evaluated.accumulate()
        evaluated.summarize()
    return evaluated.stats


def demanded(*metrics, scenarios=SIZES, **more):
    """A specification of detection with these scenarios."""
    listed = [{"name": name, "where": where} for name, where in dict(scenarios).items()]
    behaviours = [{"name": "Finds objects", "scenarios": listed}] if listed else []
    fields = {"project": "objects", "task": "detection", "columns": {"id": "id", "label": "label"}}
    return load_specification({**fields, "metrics": list(metrics or ["map"]), "behaviours": behaviours, **more})


def frames(truth, detections, **more) -> tuple[pl.DataFrame, pl.DataFrame]:
    """The test set and the answers in the form in which they are kept."""
    rows = read_coco(truth, detections, **more).sort("id").with_columns(pl.col("id").cast(pl.String))
    answers = pl.DataFrame({"prediction": detection.prepare_answer(rows["prediction"])})
    return rows.drop("prediction").with_columns(detection.prepare(rows["label"])), answers


def measured(truth, detections, specification) -> dict:
    """Results by scenario and metric."""
    found = evaluate(*frames(truth, detections), specification)
    return {(row.scenario, row.metric): row for row in found}
