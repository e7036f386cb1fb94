"""Publish: what cannot be right is refused by name, row, line or example, and not a byte is written."""

from datetime import datetime

import pytest
from verb_cases import CLASSES, NUMBERS, ROWS, frame, listing, numbers, put

from plainview.exceptions import FrameError, InputError, SpecificationError
from plainview.publishing import publish_frame
from plainview.store import open_store


@pytest.fixture
def root(tmp_path):
    return tmp_path / "store"


def refused(rows, root, error, match, **changes):
    """Publishing fails so, and not a byte was written; neither where there is no store, nor where there is one."""
    with pytest.raises(error, match=match) as raised:
        put(rows, root, **changes)
    assert not root.exists()
    put(frame(), root)
    before = listing(root)
    with pytest.raises(error, match=match):
        put(rows, root, **changes)
    assert listing(root) == before
    return str(raised.value)


@pytest.mark.parametrize(
    ("columns", "match"),
    [
        ({"id": ["a"] * 2 + [str(n) for n in range(58)]}, r"1 id repeated in column 'id': 'a' in rows 1, 2"),
        ({"id": [None, *map(str, range(59))]}, r"1 row without an id in column 'id': row 1"),
        ({"id": ["", " ", *map(str, range(58))]}, r"2 rows without an id in column 'id': rows 1, 2"),
        ({"prediction": [None] * ROWS}, r"Column 'prediction' holds no prediction at all: every row is empty"),
        ({"prediction": [float("nan")] * ROWS}, r"Column 'prediction' holds no prediction at all"),
        ({"label": [None] * ROWS}, r"Column 'label' holds no label at all: every row is empty"),
        ({"label": [""] * ROWS}, r"Column 'label' holds no label at all"),
        ({"label": [n / 2 for n in range(ROWS)]}, r"Column 'label' holds 0.5: a class is a name or a whole number"),
        ({"prediction": [1.0] * 59 + [float("inf")]}, r"Column 'prediction' holds inf: a class is a name"),
    ],
)  # fmt: skip
def test_a_frame_that_cannot_be_right_is_refused(columns, match, root):
    refused(frame(**columns), root, FrameError, match)


def test_an_empty_frame_is_refused(root):
    refused(frame().head(0), root, FrameError, "has no rows")
    refused(frame().to_pandas().head(0), root.with_name("other"), FrameError, "has no rows")


@pytest.mark.parametrize("nothing", [None, 3, {"id": [1]}, [1, 2]])
def test_what_is_no_frame_is_refused(nothing, root):
    refused(nothing, root, FrameError, "a frame of pandas, Polars or Arrow was expected")


def test_a_label_outside_the_classes_is_named_with_its_example_and_the_nearest_class(root):
    labels = ["yes" if n % 3 else "no" for n in range(ROWS - 1)] + ["yess"]
    message = (
        r"Label 'yess' of example '059' is not one of the specification's classes \(1 such row\). Did you mean 'yes'?"
    )
    refused(
        frame(label=labels),
        root,
        FrameError,
        message,
        specification=CLASSES.replace("task:", "classes: [yes, no]\ntask:"),
    )


def test_pinned_ids_that_are_not_there_are_named(root):
    pinned = CLASSES + "      - {name: Incident, ids: ['000', '0001', 'x']}\n"
    message = r"Scenario 'Incident' pins 2 of 3 ids that the frame does not have, such as '0001'. Did you mean '001'?"
    with pytest.raises(FrameError, match=message.replace("?", r"\?")):
        put(frame(), root, specification=pinned)
    assert not root.exists()


@pytest.mark.parametrize(
    ("rows", "changes", "match"),
    [
        (frame().drop("words"), {}, r"line 10, column 29 .*scenario 'Long' needs column 'words', which is not there"),
        (frame().rename({"words": "wordes"}), {}, r"line 10.*Did you mean 'wordes'\?"),
        (frame().drop("id"), {}, r"line 4.*columns.id needs column 'id'"),
        (frame().drop("label"), {}, r"line 4.*columns.label needs column 'label'"),
        (frame(words=["a"] * ROWS), {}, r"line 10.*'words' at character 1 is text"),
    ],
)
def test_a_column_that_the_specification_needs_is_named_with_its_line(rows, changes, match, root):
    refused(rows, root, SpecificationError, match, **changes)


@pytest.mark.parametrize(
    ("changes", "match"),
    [
        ({"prediction": "predicton"}, r"no column 'predicton' to take predictions from. Did you mean 'prediction'\?"),
        ({"score": "scor"}, r"no column 'scor' to take scores from"),
        ({"prediction": "label"}, r"Column 'label' cannot be an answer: it is part of the test set.*columns.label"),
        ({"prediction": "words"}, r"Column 'words' cannot be an answer.*scenario 'Long' needs it"),
        ({"score": "id"}, r"Column 'id' cannot be an answer"),
    ],
)
def test_a_column_that_cannot_hold_answers_is_refused(changes, match, root):
    refused(frame(), root, FrameError, match, **changes)


def test_without_a_prediction_column_the_message_says_where_to_name_it(root):
    said = refused(frame().drop("prediction"), root, FrameError, "no column 'prediction' to take predictions from")
    assert "columns: {prediction" in said


@pytest.mark.parametrize(
    ("changes", "match"),
    [
        ({"release": ""}, "name of a release must be 1 to 200 printable characters"),
        ({"release": "x" * 5000}, r"Got 'x{40}… \(5,000 characters\)'"),
        ({"release": "a\x1b[31mb"}, r"printable characters. Got 'a\\x1b\[31mb'"),
        ({"release": "a\nb"}, "printable"),
        ({"release": "\u202egnp.exe"}, "printable"),
        ({"release": "a\ud800"}, "printable"),
        ({"release": " 1.0"}, "must not begin or end with a space"),
        ({"release": 2.1}, "must be text. Got 2.1"),
        ({"release": None}, "must be text. Got None"),
        ({"test_set": "\0"}, "name of a test set"),
        ({"test_set": 3}, "name of a test set must be text"),
        ({"released": "2024-13-01"}, r"date of a release must be written yyyy-mm-dd. Got '2024-13-01'"),
        ({"released": "20240501"}, "must be written yyyy-mm-dd"),
        ({"released": "2024-W10-1"}, "must be written yyyy-mm-dd"),
        ({"released": "1 May 2024"}, "must be written yyyy-mm-dd"),
        ({"released": 2024}, "must be written yyyy-mm-dd"),
        ({"released": datetime(2024, 5, 1, 12)}, "a date without a time"),
        ({"notes": 3}, "notes .*must be text"),
        ({"source_revision": "\ud800"}, "half a character"),
    ],
)
def test_a_name_or_a_date_that_cannot_be_is_refused(changes, match, root):
    refused(frame(), root, InputError, match, **changes)


def test_a_scenario_named_with_five_thousand_characters_is_refused_by_line(root):
    long = CLASSES.replace("name: Long", "name: " + "x" * 5000)
    with pytest.raises(SpecificationError, match=r"line 10.*5,000 characters; expected at most 200"):
        put(frame(), root, specification=long)
    assert not root.exists()


@pytest.mark.parametrize(
    ("columns", "match"),
    [
        ({"prediction": ["a"] * ROWS}, r"Column 'prediction' holds string values, but regression needs numbers"),
        ({"label": [True] * ROWS}, r"Column 'label' holds boolean values"),
        ({"prediction": [1.0, 2.0, float("inf")] + [1.0] * 57}, r"Column 'prediction' holds inf in row 3"),
        ({"label": [1.0, -1e308] + [1.0] * 58}, r"Column 'label' holds -1e\+308 in row 2"),
        ({"prediction": [float("nan")] * ROWS}, r"Column 'prediction' holds no prediction at all"),
    ],
)  # fmt: skip
def test_numbers_that_cannot_be_measured_are_refused_by_the_row_they_came_in(columns, match, root):
    with pytest.raises(FrameError, match=match):
        put(numbers(**columns), root, specification=NUMBERS)
    assert not root.exists()


# Probabilities, and answers that are no class

CHANCES = CLASSES.replace("label: label}", "label: label, probabilities: {no: p_no, yes: p_yes}}")


def chances(at_three, **more):
    """A frame whose example '003' says this of no and yes; all others 0.4 and 0.6."""
    said = [at_three if n == 3 else (0.4, 0.6) for n in range(ROWS)]
    return frame(p_no=[one[0] for one in said], p_yes=[one[1] for one in said], **more)


@pytest.mark.parametrize(
    ("said", "match"),
    [
        ((0.3, 1.7), r"Column 'p_yes' holds 1.7 for example '003': a probability is from 0 to 1 \(1 such row\)"),
        ((-0.1, 1.1), r"Column 'p_no' holds -0.1 for example '003'"),
        ((float("inf"), 0.0), r"Column 'p_no' holds inf for example '003'"),
        ((0.4, 0.4), r"probabilities of example '003' add up to 0.8, not to 1: p_no 0.4, p_yes 0.4 \(1 such row\)"),
        ((0.6, 0.6), r"probabilities of example '003' add up to 1.2, not to 1"),
    ],
)
def test_probabilities_that_cannot_be_right_are_named_with_their_example(said, match, root):
    refused(chances(said), root, FrameError, match, specification=CHANCES)


@pytest.mark.parametrize(
    "said", [(0.0, 1.0), (0, 1), (0.33, 0.68), (None, 0.2), (float("nan"), 0.2), (0.4, 0.6 + 1e-12)]
)
def test_probabilities_may_be_rounded_or_missing(said, root):
    assert put(chances(said), root, specification=CHANCES).release == "1.0"


def test_probabilities_of_some_of_the_classes_add_up_to_less(root):
    three = CHANCES.replace("task:", "classes: [yes, no, maybe]\ntask:")
    assert put(chances((0.1, 0.1)), root, specification=three).release == "1.0"
    with pytest.raises(FrameError, match=r"add up to 1\.2"):
        put(chances((0.6, 0.6)), root, specification=three)
    with pytest.raises(FrameError, match="list all of them as `classes`"):
        put(chances((0.1, 0.1)), root, specification=CHANCES)


def test_answers_that_are_no_class_are_kept_counted_and_said(root):
    declared, said = CLASSES.replace("task:", "classes: [yes, no]\ntask:"), []
    strange = ["leav" if n == 4 else "no" for n in range(ROWS)]
    kept, _ = publish_frame(
        frame(prediction=strange), specification=declared, release="1", store=root, remark=said.append
    )
    assert said == ["1 answer is none of the classes, such as 'leav': it counts as wrong."]
    assert open_store(root).predictions(kept)["prediction"].to_list() == strange
    publish_frame(frame(prediction=["x"] * ROWS), specification=declared, release="2", store=root, remark=said.append)
    assert said[1] == "60 answers are none of the classes, such as 'x': they count as wrong."
    publish_frame(frame(prediction=["x"] * ROWS), specification=CLASSES, release="3", store=root, remark=said.append)
    assert len(said) == 2
