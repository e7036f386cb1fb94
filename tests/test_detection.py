"""Detection: what is found, missed and falsely alarmed, in scenarios of images and of boxes, and what flips."""

import numpy as np
import polars as pl
import pytest
from coco_cases import dataset, demanded, found, frames, labels, measured, results
from hypothesis import given, settings
from hypothesis import strategies as st
from statsmodels.stats.proportion import proportion_confint

from plainview.evaluation import evaluate, measure, totals_of
from plainview.exceptions import FrameError
from plainview.tasks import detection
from plainview.tasks.boxes import read, together
from plainview.verdicts import independent_changes, paired_changes

EVERY = ("micro_recall", "micro_precision", "micro_f1", "recall[cat]", "precision[cat]", "f1[cat]", "macro_recall")
HERE, THERE, FAR = [0, 0, 50, 50], [60, 0, 50, 50], [120, 60, 50, 50]


def _overlap(detected, labelled, crowd):
    (x, y, w, h), (a, b, c, d) = detected, labelled
    shared = max(0, min(x + w, a + c) - max(x, a)) * max(0, min(y + h, b + d) - max(y, b))
    return shared / (w * h if crowd else w * h + c * d - shared)


def _counted(truth, detections, iou, threshold):
    """Hits, misses and false alarms of each class, one box after the other."""
    counts = {}
    for image in {box[0] for box in (*truth, *detections)}:
        for name in (1, 2):
            mine = [box for box in truth if box[:2] == (image, name)]
            free = set(range(len(mine)))
            counted = counts.setdefault(name, [0, 0, 0])
            shown = [box for box in detections if box[:2] == (image, name) and box[3] >= threshold]
            for _, _, place, _ in sorted(shown, key=lambda box: -box[3]):
                near = [(_overlap(place, box[2], box[3]), n) for n, box in enumerate(mine)]
                able = [(o, n) for o, n in near if o >= iou and (n in free or mine[n][3])]
                best = max([pair for pair in able if not mine[pair[1]][3]] or able, default=None)
                if best is None:
                    counted[2] += 1
                elif not mine[best[1]][3]:
                    free.discard(best[1])
                    counted[0] += 1
            counted[1] += sum(n in free and not box[3] for n, box in enumerate(mine))
    return counts


@given(
    truth=labels, detections=found, iou=st.sampled_from([0.3, 0.5, 0.75]), threshold=st.sampled_from([0.0, 0.5, 0.8])
)
@settings(max_examples=100, deadline=None)
def test_boxes_are_found_missed_and_falsely_alarmed_as_counted_one_by_one(truth, detections, iou, threshold):
    counts = _counted(truth, detections, iou, threshold)
    ours = measured(
        dataset(truth), results(detections), demanded(*EVERY, scenarios={}, iou=iou, score_threshold=threshold)
    )
    for suffix, (hits, misses, false) in (
        ("[cat]", counts.get(1, [0, 0, 0])),
        (None, np.sum([*counts.values()], axis=0)),
    ):
        names = [f"{name}{suffix}" if suffix else f"micro_{name}" for name in ("recall", "precision", "f1")]
        recall, precision, f1 = (ours["all", name] for name in names)
        assert recall.of == hits + misses
        assert precision.of == hits + false
        assert recall.value == (pytest.approx(hits / (hits + misses)) if hits + misses else None)
        assert precision.value == (pytest.approx(hits / (hits + false)) if hits + false else None)
        assert f1.value == (pytest.approx(2 * hits / (2 * hits + misses + false)) if hits + misses + false else None)


def test_one_box_an_image_has_the_interval_of_a_proportion():
    truth = dataset([(n, 1, HERE, 0) for n in range(1, 61)], images=60)
    ours = measured(truth, results([(n, 1, HERE, 0.9) for n in range(1, 46)]), demanded("micro_recall", scenarios={}))
    row = ours["all", "micro_recall"]
    low, high = proportion_confint(45, 60, method="wilson")
    assert row.value == 0.75
    assert row.low == pytest.approx(low, abs=0.02)  # 60 clusters are known a little less well than 60 examples
    assert row.high == pytest.approx(high, abs=0.02)


def test_boxes_of_one_image_are_not_independent():
    """Half of 40 images with ten boxes each are missed altogether: that says as much as 40 boxes do, not 400."""
    boxes = [(n, 1, [x * 60, 0, 50, 50], 0) for n in range(1, 41) for x in range(10)]
    detections = [(n, 1, box, 0.9) for n, _, box, _ in boxes if n % 2]
    row = measured(dataset(boxes, images=40), results(detections), demanded("micro_recall", scenarios={}))[
        "all", "micro_recall"
    ]
    low, high = proportion_confint(20, 40, method="wilson")
    assert row.high - row.low == pytest.approx(high - low, rel=0.1)


HIDDEN = [
    (1, 1, HERE, 0, {"occluded": 1, "pose": "left"}),
    (1, 1, THERE, 0, {"occluded": 0, "pose": "left"}),
    (2, 1, HERE, 0, {"occluded": 1}),
    (2, 2, [120, 60, 20, 20], 0, {"occluded": 0, "area": 250}),
    (3, 1, HERE, 0),
]
SEEN = [(1, 1, HERE, 0.9), (1, 1, FAR, 0.9), (2, 2, [120, 60, 20, 20], 0.8), (3, 1, HERE, 0.7), (3, 1, THERE, 0.4)]


def hidden(where, *metrics, **more):
    metrics = metrics or ("micro_recall", "micro_precision", "micro_f1", "map50")
    specification = demanded(*metrics, scenarios={"chosen": where}, minimum_examples=1, **more)
    return {metric: row for (scenario, metric), row in measured(dataset(HIDDEN), results(SEEN), specification).items()
            if scenario == "chosen"}  # fmt: skip


def test_a_scenario_of_images_holds_all_their_boxes():
    rows = hidden("height > 101")
    assert (rows["micro_recall"].value, rows["micro_recall"].of) == (pytest.approx(2 / 3), 3)
    assert (rows["micro_precision"].value, rows["micro_precision"].of) == (1, 2)
    assert rows["micro_recall"].examples == 2


@pytest.mark.parametrize("where", ["box.area < 1000", '"box.area" < 1000', "box.width = 20", "BOX.class = 'dog'"])
def test_a_scenario_of_boxes_holds_labelled_boxes_and_false_alarms_by_their_class_and_size(where):
    rows = hidden(where)
    assert (rows["micro_recall"].value, rows["micro_recall"].of) == (1, 1)
    assert (rows["micro_precision"].value, rows["micro_precision"].of) == (1, 1)
    assert rows["micro_recall"].examples == 1  # image, that has such a box


def test_what_only_labels_have_leaves_recall_and_takes_precision_away():
    rows = hidden("box.occluded = 1")
    assert (rows["micro_recall"].value, rows["micro_recall"].of) == (0.5, 2)
    for metric in ("micro_precision", "micro_f1", "map50"):
        assert (rows[metric].value, rows[metric].low, rows[metric].of) == (None, None, 0)
        assert rows[metric].status == "undefined"
        assert rows[metric].reason == "nobody knows which false alarms belong here"


def test_a_false_alarm_that_cannot_belong_leaves_precision_its_value():
    rows = hidden("box.occluded = 0 AND box.class = 'dog'")
    assert (rows["micro_precision"].value, rows["micro_precision"].of) == (1, 1)
    assert rows["map50"].value == 1


def test_conditions_on_images_and_boxes_go_together():
    assert hidden("height = 102 AND box.occluded = 1", "micro_recall")["micro_recall"].of == 1
    assert hidden("box.pose = 'left' AND box.occluded = 0", "micro_recall")["micro_recall"].value == 0
    assert hidden("box.occluded IS NULL", "micro_recall")["micro_recall"].of == 1


def test_an_image_without_an_answer_is_missing_and_one_without_detections_is_not():
    examples, answers = frames(dataset(HIDDEN), results(SEEN))
    answers = answers.with_columns(prediction=pl.Series([None, "[]", answers["prediction"][2]]))
    row = evaluate(examples, answers, demanded("micro_recall", scenarios={}))[0]
    assert (row.examples, row.missing, row.of) == (2, 1, 3)
    assert row.value == pytest.approx(1 / 3)


@pytest.mark.parametrize("flag", ["iscrowd", "ignore"])
def test_what_is_found_in_a_region_to_ignore_is_neither_right_nor_wrong(flag):
    truth = dataset([(1, 1, HERE, 0), (1, 1, [60, 0, 140, 120], 0, {flag: 1})])
    detections = results([(1, 1, HERE, 0.9), (1, 1, [60, 0, 140, 110], 0.9)])
    ours = measured(truth, detections, demanded("micro_recall", "micro_precision", "map", scenarios={}))
    for metric in ("micro_recall", "micro_precision", "map"):
        assert (ours["all", metric].value, ours["all", metric].of) == (1, 1)


@pytest.mark.parametrize(
    "used", [{}, {"weight": "height", "cluster": "file_name"}], ids=["images", "weights and clusters"]
)
@given(truth=labels, detections=found, others=found, order=st.permutations(range(3)), chunk=st.integers(1, 3))
@settings(max_examples=15, deadline=None)
def test_any_chunking_and_order_of_images_gives_the_same_bytes(used, truth, detections, others, order, chunk):
    scenarios = {"small": "box.area <= 1024", "low": "height < 103"}
    columns = {"id": "id", "label": "label", **used}
    specification = demanded(*EVERY, "map", "ap[cat]", scenarios=scenarios, columns=columns)
    (examples, before), after = frames(dataset(truth), results(detections)), frames(dataset(truth), results(others))[1]
    whole = evaluate(examples, before, specification)
    changed = paired_changes(examples, before, after, specification)
    assert repr(evaluate(examples[order], before[order], specification, chunk=chunk)) == repr(whole)
    moved = (frame[order] for frame in (examples, before, after))
    assert repr(paired_changes(*moved, specification, chunk=chunk)) == repr(changed)


def test_releases_on_different_images_are_compared_as_independent_ones():
    specification = demanded("micro_recall", "map50", scenarios={}, minimum_examples=1)
    totals = []
    for seen, hits in ((60, 30), (80, 60)):
        truth = dataset([(n, 1, HERE, 0) for n in range(1, seen + 1)], images=seen)
        images = frames(truth, results([(n, 1, HERE, 0.9) for n in range(1, hits + 1)]))
        totals.append(totals_of(measure(*images, specification)))
    recall, precise = independent_changes(*totals, specification)
    assert (recall.baseline, recall.candidate, recall.verdict) == (0.5, 0.75, "better")
    assert precise.baseline == pytest.approx(51 / 101)
    assert precise.low < precise.difference < precise.high


def changes(before, after, *metrics, truth=HIDDEN, **more):
    specification = demanded(
        *(metrics or ("micro_recall", "micro_precision")), scenarios={}, minimum_examples=1, **more
    )
    examples, earlier = frames(dataset(truth), results(before))
    later = frames(dataset(truth), results(after))[1]
    return {row.metric: row for row in paired_changes(examples, earlier, later, specification)}


def test_a_box_that_is_found_now_is_fixed_and_one_that_is_missed_now_broke():
    after = [(1, 1, HERE, 0.9), (1, 1, THERE, 0.9), (2, 1, HERE, 0.5), (2, 2, [120, 60, 20, 20], 0.2)]
    rows = changes(SEEN, after, "micro_recall", "recall[cat]", "recall[dog]", "map")
    assert [(rows[metric].fixed, rows[metric].broke) for metric in rows] == [(2, 2), (2, 1), (0, 1), (2, 2)]
    assert rows["micro_recall"].examples == 5
    assert rows["recall[cat]"].difference == pytest.approx(1 / 4)


def test_false_alarms_do_not_flip():
    row = changes(SEEN, SEEN[:1] + SEEN[2:])["micro_precision"]
    assert (row.fixed, row.broke) == (0, 0)
    assert row.difference == pytest.approx(1 - 3 / 4)


def test_a_false_alarm_that_both_raise_at_one_place_is_one_and_the_same():
    truth = [(n, 1, HERE, 0) for n in range(1, 41)]
    alarms = [(n, 1, FAR, 0.9) for n in range(1, 41, 2)]
    moved = [(n, 1, [122, 61, 50, 50], 0.8) for n in range(1, 41, 2)]
    elsewhere = [(n, 1, THERE, 0.8) for n in range(1, 41, 2)]
    hits = [(n, 1, HERE, 0.9) for n in range(1, 41)]
    rows = [
        paired_changes(*_forty(truth, hits + alarms, hits + other), demanded("micro_precision", scenarios={}))[0]
        for other in (moved, elsewhere)
    ]
    assert [row.difference for row in rows] == [0, 0]
    assert [row.examples for row in rows] == [60, 80]
    assert rows[0].high - rows[0].low < rows[1].high - rows[1].low


def _forty(truth, before, after):
    examples, earlier = frames(dataset(truth, images=40), results(before))
    return examples, earlier, frames(dataset(truth, images=40), results(after))[1]


@given(truth=labels, detections=found)
@settings(max_examples=30, deadline=None)
def test_a_release_does_not_differ_from_itself(truth, detections):
    rows = changes(detections, detections, *EVERY, truth=truth)
    assert {row.difference for row in rows.values()} <= {0, None}
    assert {row.verdict for row in rows.values()} <= {"equivalent", "inconclusive", "not comparable"}
    assert {(row.fixed, row.broke) for row in rows.values()} == {(0, 0)}


def test_either_side_of_a_comparison_is_that_release_alone():
    rows = changes(SEEN, SEEN[:2], *EVERY, "map")
    alone = [
        measured(dataset(HIDDEN), results(boxes), demanded(*EVERY, "map", scenarios={})) for boxes in (SEEN, SEEN[:2])
    ]
    for metric, row in rows.items():
        assert row.baseline == pytest.approx(alone[0]["all", metric].value)
        assert row.candidate == pytest.approx(alone[1]["all", metric].value)


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("{", "this is not JSON"),
        ('{"class": "cat"}', "a JSON list of boxes was expected"),
        ('["cat"]', "box 1 is not an object"),
        ('[{"box": [0, 0, 1, 1]}]', "box 1 has no 'class'"),
        ('[{"class": " ", "box": [0, 0, 1, 1]}]', "box 1 has the class ' '; a name was expected"),
        ('[{"class": "cat"}]', "box 1 has no 'box'"),
        ('[{"class": "cat", "box": [0, 0, 1]}]', r"box 1 has the box \[0, 0, 1\]; \[x, y, width, height\]"),
        ('[{"class": "cat", "box": [0, 0, -1, 1]}]', "box 1 has the box"),
        ('[{"class": "cat", "box": [0, 0, NaN, 1]}]', "box 1 has the box"),
        ('[{"class": "cat", "box": [0, 0, 1, 1], "area": "big"}]', "box 1 has the area 'big'; a number was expected"),
        ('[{"class": "cat", "box": [0, 0, 1, 1], "tags": [1]}]', r"box 1 has the attribute 'tags': \[1\]; a number"),
        ('[{"class": "cat", "box": [0, 0, 1, 1], "x": 1}]', "x, y, width and height stand in 'box'"),
        ('[{"class": "cat", "box": [0, 0, 1, 1], "occluded": "no"}]', "but other boxes have numbers there"),
        ('[{"class": "\\ud800", "box": [0, 0, 1, 1]}]', "surrogates not allowed"),
        ('[{"class": "cat", "box": [0, 0, 1e999, 1]}]', "box 1 has the box"),
    ],
)
def test_what_is_no_list_of_boxes_is_refused_by_column_row_and_box(text, told):
    good = '[{"class": "cat", "box": [0, 0, 1, 1], "occluded": 1}]'
    with pytest.raises(FrameError, match=f"Column 'boxes', row 3: .*{told}"):
        detection.prepare(pl.Series("boxes", [good, None, text]))


def test_a_detection_needs_a_score_and_a_label_none():
    text = '[{"class": "cat", "box": [0, 0, 1, 1]}]'
    assert detection.prepare(pl.Series([text])).null_count() == 0
    with pytest.raises(FrameError, match="row 1: box 1 has no 'score'"):
        detection.prepare_answer(pl.Series([text]))
    with pytest.raises(FrameError, match="holds int64 values; a JSON list of boxes an image was expected"):
        detection.prepare(pl.Series([1, 2]))


def test_boxes_are_kept_in_one_way_of_writing_them():
    one = '[{"class": 7, "box": [0.0, 0, 10, 12.5], "iscrowd": 0, "occluded": 1.0, "truncated": null}]'
    other = '[ {"occluded":1,"box":[0,0,10.0,12.5],"class":"7","ignore":false} ]'
    kept = detection.prepare(pl.Series([one, other, None, ""])).to_list()
    assert kept[0] == kept[1] == '[{"box":[0,0,10,12.5],"class":"7","occluded":1}]'
    assert kept[2:] == [None, None]
    boxes = read(pl.Series(kept))
    assert boxes.image.tolist() == [0, 1]
    assert boxes.area.tolist() == [125, 125]
    assert boxes.columns()["box.occluded"].to_list() == [1, 1]


@pytest.mark.parametrize("texts", [[], [None], ["[]", None], ["[]"]])
def test_images_without_boxes_have_none(texts):
    boxes = read(pl.Series("label", texts, dtype=pl.String))
    assert (len(boxes), boxes.corners.shape, boxes.names) == (0, (0, 4), ())
    assert boxes.columns()["box.class"].dtype == pl.String


def test_what_only_some_boxes_have_is_missing_of_the_others():
    boxes = read(
        pl.Series(['[{"box":[1,2,3,4.5],"class":"ü"}]', None, '[{"area":7,"box":[0,0,1,1],"class":"a","far":0.5}]'])
    )
    assert boxes.image.tolist() == [0, 2]
    assert boxes.name.tolist() == ["ü", "a"]
    assert boxes.area.tolist() == [13.5, 7]
    assert np.isnan(boxes.score).all()
    assert boxes.columns()["box.far"].to_list() == [None, 0.5]
    one, other = together(boxes, read(pl.Series(['[{"box":[1,2,3,4],"class":"b","score":1}]'])))
    assert one.names == other.names == ("a", "b", "ü")
    assert (one.name.tolist(), other.name.tolist()) == (["ü", "a"], ["b"])
