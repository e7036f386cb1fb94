"""Average precision of detections: COCO's own numbers, by pycocotools, on random boxes and on real ones."""

import json

import numpy as np
import polars as pl
import pytest
from coco_cases import STATS, by_pycocotools, dataset, demanded, found, frames, labels, measured, results
from hypothesis import example, given, settings

from plainview.evaluation import evaluate
from plainview.verdicts import paired_changes

METRICS = ("map", "map50", "map75", "mar")
ONE = [1, 1, [0, 0, 100, 100], 0]


def assert_as_pycocotools_says(truth, detections):
    expected, ours = by_pycocotools(truth, detections), measured(truth, detections, demanded(*METRICS))
    for key, place in STATS.items():
        value = ours[key].value
        assert (value is None) == (expected[place] == -1), key
        assert value is None or value == pytest.approx(expected[place], abs=1e-12), key


@given(truth=labels, detections=found)
@settings(max_examples=150, deadline=None)
@example(truth=[tuple(ONE)], detections=[(1, 1, [0, 0, 100, 100], 0.5)])
def test_average_precision_is_that_of_pycocotools(truth, detections):
    if detections:
        assert_as_pycocotools_says(dataset(truth), results(detections))


def test_only_the_hundred_best_detections_of_an_image_and_class_are_looked_at():
    boxes = [(1, 1, [n % 13 * 40, n // 13 * 40, 30, 30], 0) for n in range(130)]
    detections = [(1, 1, box, (130 - n) / 131) for n, (_, _, box, _) in enumerate(boxes)]
    truth, answers = dataset(boxes), results(detections)
    assert measured(truth, answers, demanded("mar"))["all", "mar"].value == pytest.approx(100 / 130)
    assert_as_pycocotools_says(truth, answers)


@pytest.fixture(scope="module")
def coco(cases):
    folder = cases / "coco_val2014_100"
    truth = json.loads((folder / "instances_val2014_100.json").read_text())
    return truth, json.loads((folder / "instances_val2014_fakebbox100_results.json").read_text())


def test_coco_val2014_has_its_published_numbers(coco):
    ours = measured(*coco, demanded(*METRICS, "ap[person]"))
    published = {
        ("all", "map"): 0.505, ("all", "map50"): 0.697, ("all", "map75"): 0.573, ("all", "mar"): 0.595,
        ("small", "map"): 0.586, ("medium", "map"): 0.519, ("large", "map"): 0.501,
    }  # fmt: skip
    for key, value in published.items():
        assert round(ours[key].value, 3) == value, key
    expected = by_pycocotools(*coco)
    for key, place in STATS.items():
        assert ours[key].value == pytest.approx(expected[place], abs=1e-9), key


def test_the_mean_over_classes_is_that_of_the_classes(coco):
    names = [category["name"] for category in coco[0]["categories"]]
    ours = measured(*coco, demanded("map", *(f"ap[{name}]" for name in names), scenarios={}))
    each = [ours["all", f"ap[{name}]"] for name in names]
    assert ours["all", "map"].value == pytest.approx(np.mean([one.value for one in each if one.value is not None]))
    assert {one.reason for one in each if one.value is None} == {"no labelled boxes"}
    assert ours["all", "map"].of == sum(one.of for one in each) == 830


def test_an_interval_holds_its_estimate_and_narrows_with_more_images(coco):
    examples, answers = frames(*coco)
    specification = demanded(*(f"{name}[person]" for name in ("ap", "ap50", "ap75", "ar")), scenarios={})
    few = {row.metric: row for row in evaluate(examples[:40], answers[:40], specification)}
    many = {row.metric: row for row in evaluate(examples, answers, specification)}
    for metric in many:
        assert 0 <= many[metric].low < many[metric].value < many[metric].high <= 1
        assert many[metric].high - many[metric].low < few[metric].high - few[metric].low


def test_images_that_are_copies_of_each_other_tell_no_more_than_one(coco):
    examples, answers = frames(*coco)
    copied = pl.concat([examples.with_columns(pl.col("id") + copy, taken=pl.col("id")) for copy in "abc"])
    columns = {"id": "id", "label": "label", "cluster": "taken"}
    together = evaluate(copied, pl.concat([answers] * 3), demanded("map", scenarios={}, columns=columns))[0]
    once = evaluate(examples, answers, demanded("map", scenarios={}))[0]
    assert together.value == pytest.approx(once.value, abs=0.02)  # equal scores are gone through in another order
    assert together.high - together.low > 0.75 * (once.high - once.low)


def test_a_weight_counts_an_image_as_often(coco):
    examples, answers = frames(*coco)
    weight = pl.Series("weight", [1 + n % 3 for n in range(examples.height)])
    rows = [n for n, times in enumerate(weight) for _ in range(times)]
    repeated = examples[rows].with_columns(pl.Series("id", [f"{n:04}" for n in range(len(rows))]))
    columns = {"id": "id", "label": "label", "weight": "weight"}
    by_weight = evaluate(examples.with_columns(weight), answers, demanded(*METRICS, columns=columns))
    by_copies = evaluate(repeated, answers[rows], demanded(*METRICS))
    for one, other in zip(by_weight, by_copies, strict=True):
        assert one.value == pytest.approx(other.value, abs=0.01)  # equal scores are gone through in another order


def test_a_release_does_not_differ_from_itself(coco):
    examples, answers = frames(*coco)
    for change in paired_changes(examples, answers, answers, demanded(*METRICS)):
        assert (change.difference, change.p_value) == (0, 1)
        assert change.verdict in ("equivalent", "inconclusive")  # few images do not rule out a small change


def test_finding_fewer_small_boxes_is_worse_on_small_boxes_alone(coco):
    truth, detections = coco
    poorer = [box for number, box in enumerate(detections) if number % 3 or box["bbox"][2] * box["bbox"][3] > 1024]
    examples, before = frames(truth, detections)
    after = frames(truth, poorer)[1]
    changes = {row.scenario: row for row in paired_changes(examples, before, after, demanded("map50"))}
    assert changes["small"].verdict == "worse"
    assert changes["small"].high < 0
    assert changes["large"].verdict in ("equivalent", "inconclusive")
    assert changes["large"].difference == pytest.approx(0, abs=0.01)
