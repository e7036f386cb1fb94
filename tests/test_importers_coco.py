"""COCO files as a frame: joined by id or by file name, published in every form, and refused with a reason."""

import json

import polars as pl
import pytest
from coco_cases import SIZES, by_pycocotools, dataset, demanded, frames, measured, results
from typer.testing import CliRunner

from plainview.cli import app
from plainview.comparison import compare
from plainview.evaluation import evaluate
from plainview.examples import examples_of
from plainview.exceptions import FrameError, InputError, SpecificationError
from plainview.importers.coco import read_coco
from plainview.publishing import publish
from plainview.store import open_store

BOXES = [
    (1, 1, [0, 0, 50, 50], 0, {"occluded": 1}),
    (1, 2, [60, 0, 40, 40], 0, {"occluded": 0}),
    (2, 1, [0, 0, 9, 9], 0),
]
FOUND = [(1, 1, [0, 0, 50, 50], 0.9), (2, 1, [0, 0, 9, 9], 0.6), (2, 2, [70, 70, 20, 20], 0.7)]
SPECIFICATION = """
project: objects
task: detection
columns: {id: file_name, label: label}
metrics: [micro_recall, micro_precision, map]
minimum_examples: 1
behaviours:
  - name: Finds what is hidden
    scenarios:
      - {name: Hidden, where: "box.occluded = 1"}
"""


@pytest.fixture
def folder(tmp_path):
    (tmp_path / "truth.json").write_text(json.dumps(dataset(BOXES)))
    (tmp_path / "results.json").write_text(json.dumps(results(FOUND)))
    (tmp_path / "specification.yaml").write_text(SPECIFICATION)
    return tmp_path


def put(frame, folder, **more):
    return publish(frame, specification=SPECIFICATION, release="1.0", store=folder / "store", **more)


def whole(images, boxes, *, categories=("dog", "cat")):
    """Results as a whole dataset with ids of its own: images and categories counted from 0."""
    return {
        "images": [{"id": n, "file_name": name} for n, name in enumerate(images)],
        "categories": [{"id": n, "name": name} for n, name in enumerate(categories)],
        "annotations": [
            {
                "id": n,
                "image_id": images.index(image),
                "category_id": categories.index(name),
                "bbox": box,
                "score": score,
            }
            for n, (image, name, box, score) in enumerate(boxes)
        ],
    }


def test_a_row_an_image_with_its_fields_its_boxes_and_its_detections():
    rows = read_coco(dataset(BOXES), results(FOUND))
    assert rows["id"].to_list() == [1, 2, 3]
    assert rows.select("file_name", "width", "height").row(0) == ("1.jpg", 200, 101)
    boxes = [json.loads(text) for text in rows["label"]]
    assert boxes[0][0] == {"class": "cat", "box": [0, 0, 50, 50], "area": 2500, "iscrowd": 0, "occluded": 1}
    assert [len(each) for each in boxes] == [2, 1, 0]
    found = [json.loads(text) for text in rows["prediction"]]
    assert found == [
        [{"class": "cat", "box": [0, 0, 50, 50], "score": 0.9}],
        [{"class": "cat", "box": [0, 0, 9, 9], "score": 0.6}, {"class": "dog", "box": [70, 70, 20, 20], "score": 0.7}],
        [],
    ]


def test_a_whole_dataset_of_results_is_joined_by_file_and_category_name():
    detections = whole(["2.jpg", "1.jpg"], [("1.jpg", "cat", [0, 0, 50, 50], 0.9)])
    rows = read_coco(dataset(BOXES), detections)
    assert [text and json.loads(text) for text in rows["prediction"]] == [
        [{"class": "cat", "box": [0, 0, 50, 50], "score": 0.9}],
        [],
        None,  # the results do not list it: it was not looked at
    ]


def test_attributes_come_from_the_annotation_and_from_a_table(tmp_path):
    truth = dataset([(1, 1, [10, 20, 30, 40], 0, {"attributes": {"truncated": True}, "segmentation": [[1, 2]]})])
    table = tmp_path / "attributes.csv"
    table.write_text("image,name,pose,xmin,ymin,xmax,ymax\n1.jpg,cat,left,11,21,41,60\n")
    rows = read_coco(truth, results([]), attributes=table)
    (box,) = json.loads(rows["label"][0])
    assert box == {
        "class": "cat",
        "box": [10, 20, 30, 40],
        "area": 1200,
        "iscrowd": 0,
        "truncated": True,
        "pose": "left",
    }
    other = pl.DataFrame(
        {"file_name": ["1.jpg"], "class": ["dog"], "x": [10], "y": [20], "width": [30], "height": [40]}
    )
    with pytest.raises(FrameError, match=r"Row 1 of the attributes is of no labelled box: '1\.jpg', 'dog'"):
        read_coco(truth, results([]), attributes=other)


@pytest.mark.parametrize(
    ("truth", "detections", "told"),
    [
        ({"images": []}, [], "the ground truth has no list of annotations or categories"),
        (dataset([]) | {"images": [{"id": 1}, {"id": 1}]}, [], "Two of the images have the id 1"),
        (dataset([(9, 1, [0, 0, 1, 1], 0)]), [], "Box 1 of the ground truth is of image 9, which"),
        (dataset([(1, 9, [0, 0, 1, 1], 0)]), [], "Box 1 of the ground truth has category 9"),
        (dataset([]), results([(7, 1, [0, 0, 1, 1], 0.5)]), "Box 1 of the detections is of image 7"),
        (dataset([]), [{"image_id": 1, "category_id": 1, "bbox": [0, 0, 1, 1]}], "Box 1 of the detections has no score"),
        (dataset([]), {"boxes": []}, "neither a list of COCO results nor a dataset"),
        (dataset([]), whole(["4.jpg"], []), "has 1 image that the ground truth does not have, such as '4.jpg'. Did you mean"),
    ],
)  # fmt: skip
def test_what_does_not_fit_together_is_refused(truth, detections, told):
    with pytest.raises(FrameError, match=told):
        read_coco(truth, detections)


def test_every_way_of_giving_the_pair_is_the_same_evaluation(folder):
    truth, found = folder / "truth.json", folder / "results.json"
    first = put(truth, folder, detections=found)
    ways = [
        put(str(truth), folder, prediction=str(found)),
        put((truth, found), folder),
        put(f"{truth}+{found}", folder),
        put(dataset(BOXES), folder, detections=results(FOUND)),
    ]
    rows = read_coco(dataset(BOXES), results(FOUND))
    rows.write_csv(folder / "rows.csv")
    rows.write_parquet(folder / "rows.parquet")
    ways += [put(rows, folder), put(folder / "rows.csv", folder), put(folder / "rows.parquet", folder)]
    listed = rows.with_columns(pl.col("prediction").str.json_decode(pl.List(pl.Struct({
        "class": pl.String, "box": pl.List(pl.Float64), "score": pl.Float64
    }))))  # fmt: skip
    ways.append(put(listed, folder))
    assert {one.id for one in ways} == {first.id}


def test_the_command_line_takes_the_pair_and_attributes(folder):
    (folder / "more.csv").write_text("image,class,pose,x,y,width,height\n1.jpg,cat,left,0,0,50,50\n")
    arguments = ["publish", folder / "truth.json", "-s", folder / "specification.yaml", "-r", "1.0", "--json"]
    arguments += ["--detections", folder / "results.json", "--store", folder / "store"]
    answers = [
        json.loads(CliRunner().invoke(app, [str(part) for part in (*arguments, *more)], catch_exceptions=False).stdout)
        for more in ([], ["--attributes", folder / "more.csv"])
    ]
    assert [answer["created"] for answer in answers] == [True, True]
    store = open_store(folder / "store")
    shown = {(row.scenario, row.metric): row for row in store.results(store.evaluation("objects", "1.0"))}
    assert shown["Hidden", "micro_recall"].value == 1
    assert '"pose":"left"' in store.examples(store.evaluation("objects", "1.0"))["label"][0]


def test_ground_truth_alone_is_not_enough_and_boxes_are_for_detection(folder):
    with pytest.raises(FrameError, match="The ground truth holds labels alone: give detections too"):
        put(folder / "truth.json", folder)
    with pytest.raises(FrameError, match="go with COCO ground truth"):
        put(pl.DataFrame({"file_name": ["a"]}), folder, detections=folder / "results.json")
    plain = "{project: p, task: classification, columns: {id: id, label: label}, metrics: [accuracy]}"
    with pytest.raises(InputError, match="are for detection; the task is classification"):
        publish(pl.DataFrame({"id": ["a"]}), specification=plain, release="1", store=folder / "x", detections=[])
    assert not (folder / "store").exists()


@pytest.mark.parametrize(
    ("old", "new", "told"),
    [
        ("box.occluded = 1", "box.ocluded = 1", r"line 10, .*needs column 'box.ocluded'.* Did you mean 'box.occluded'"),
        ("box.occluded = 1", "box.occluded = 'yes'", "cannot be compared with text"),
        ("box.occluded = 1", "box.score > 0.5", "column 'box.score' differs from release to release"),
        ("label: label}", "}", "'label' is missing; detection compares predictions with labels"),
        ("metrics: [micro_recall", "metrics: [recall", "recall is measured per class"),
        ("metrics: [micro_recall", "iou: 0\nmetrics: [micro_recall", "found 0; expected more than 0"),
        ("metrics: [micro_recall", "iou: 50\nmetrics: [micro_recall", "found 50; expected 1 or less"),
    ],
)  # fmt: skip
def test_a_specification_that_does_not_fit_is_refused_before_anything_is_written(folder, old, new, told):
    text = SPECIFICATION.replace(old, new)
    with pytest.raises(SpecificationError, match=told):
        publish(
            folder / "truth.json",
            detections=folder / "results.json",
            specification=text,
            release="1.0",
            store=folder / "store",
        )
    assert not (folder / "store").exists()


def test_settings_of_detection_are_refused_elsewhere():
    with pytest.raises(SpecificationError, match="iou is for detection; the task is classification"):
        demanded("accuracy", scenarios={}, task="classification", iou=0.5)


def test_the_examples_of_a_scenario_count_its_boxes(folder):
    put((folder / "truth.json", folder / "results.json"), folder)
    after = results([*FOUND[1:], (1, 2, [60, 0, 40, 40], 0.9)])
    publish((dataset(BOXES), after), specification=SPECIFICATION, release="2.0", store=folder / "store")
    store = open_store(folder / "store")
    before, now = (store.evaluation("objects", release) for release in ("1.0", "2.0"))
    shown = examples_of(store, before)
    assert shown.columns[:6] == ["file_name", "label", "1.0", "outcome", "found", "missed"]
    assert shown.select("outcome", "found", "missed", "false alarms").rows() == [
        ("wrong", 1, 1, 0),
        ("wrong", 1, 0, 1),
        ("right", 0, 0, 0),
    ]
    hidden = examples_of(store, now, "Hidden", baseline=before)
    assert hidden.select("file_name", "outcome", "found", "missed", "fixed", "broke").rows() == [
        ("1.jpg", "broke", 0, 1, 0, 1)
    ]
    assert examples_of(store, now, kind="fixed", baseline=before)["file_name"].to_list() == ["1.jpg"]
    assert examples_of(store, now, kind="broke", baseline=before)["fixed"].to_list() == [1]
    changed = {(row.scenario, row.metric): row for row in compare(store, "objects", "1.0", "2.0").results}
    assert (changed["Hidden", "micro_recall"].fixed, changed["Hidden", "micro_recall"].broke) == (0, 1)


@pytest.fixture(scope="module")
def voc(cases):
    folder = cases / "voc2007_100"
    read = [json.loads((folder / name).read_text()) for name in ("gt_coco.json", "det_coco.json")]
    return *read, folder / "ground_truth_attributes.csv"


def test_voc_is_joined_by_file_name_and_has_the_numbers_of_pycocotools(voc):
    truth, detections, _ = voc
    ours = measured(truth, detections, demanded("map", "map50", "map75", scenarios=SIZES))
    names = {category["id"]: category["name"] for category in detections["categories"]}
    categories = {category["name"]: category["id"] for category in truth["categories"]}
    files = {image["file_name"]: image["id"] for image in truth["images"]}
    images = {image["id"]: files[image["file_name"]] for image in detections["images"]}
    listed = [
        {"image_id": images[box["image_id"]], "category_id": categories[names[box["category_id"]]]}
        | {"bbox": box["bbox"], "score": box["score"]}
        for box in detections["annotations"]
    ]
    looked_at = set(images.values())
    truth = truth | {
        "images": [image for image in truth["images"] if image["id"] in looked_at],
        "annotations": [box for box in truth["annotations"] if box["image_id"] in looked_at],
    }
    expected = by_pycocotools(truth, listed)
    assert [ours["all", name].value for name in ("map", "map50", "map75")] == pytest.approx(expected[:3], abs=1e-9)
    assert [ours[size, "map"].value for size in SIZES] == pytest.approx(expected[3:6], abs=1e-9)
    assert ours["all", "map"].missing == 2


def test_voc_recall_by_what_the_labels_say(voc):
    scenarios = {
        "truncated": "box.truncated = 1",
        "difficult": "box.difficult = 1",
        "plain": "box.truncated + box.difficult = 0",
    }
    specification = demanded("micro_recall", "micro_precision", scenarios=scenarios)
    examples, answers = frames(voc[0], voc[1], attributes=voc[2])
    rows = {(row.scenario, row.metric): row for row in evaluate(examples, answers, specification)}
    assert [rows[name, "micro_recall"].of for name in ("all", *scenarios)] == [271, 137, 38, 125]
    assert rows["difficult", "micro_recall"].value < rows["plain", "micro_recall"].value
    assert rows["all", "micro_precision"].value == pytest.approx(0.494, abs=5e-4)
    assert rows["truncated", "micro_precision"].value is None
