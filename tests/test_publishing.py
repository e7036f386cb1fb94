"""Publish: any kind of frame gives the same evaluation, the same content is published once, and hostile input writes nothing."""

import gzip
import io
from datetime import date, datetime

import pandas as pd
import polars as pl
import pytest
import yaml
from verb_cases import AFINN, CLASSES, NUMBERS, SENTENCES, listing

from plainview.exceptions import FrameError, InputError, SpecificationError, StoreError, StoreMissingError
from plainview.publishing import publish, publish_frame
from plainview.store import create_store, open_store

RELEASES = ("1.0.6", "2.1.0", "3.0.1", "4.2.0", "5.0.2")
ROWS = 60


@pytest.fixture
def root(tmp_path):
    return tmp_path / "store"


def frame(**columns) -> pl.DataFrame:
    """Sixty rows of all kinds of values; ``columns`` replaces or adds some."""
    numbers = range(ROWS)
    fields = {
        "id": [f"0{number:02}" for number in numbers],
        "label": ["yes" if number % 3 else "no" for number in numbers],
        "words": [number % 30 for number in numbers],
        "rate": [number / 7 if number % 5 else None for number in numbers],
        "good": [number % 2 == 0 for number in numbers],
        "seen": [date(2024, 1, 1 + number % 28) for number in numbers],
        "text": [f"“ü” {number}, " if number % 4 else None for number in numbers],
        "prediction": ["yes" if number % 4 else "no" for number in numbers],
    }
    return pl.DataFrame({**fields, **columns}, strict=False)


def put(rows, root, **changes):
    return publish(rows, **{"specification": CLASSES, "release": "1.0", "store": root, **changes})


def measured(rows, root, **changes):
    """The results of what was published."""
    evaluation = put(rows, root, **changes)
    return open_store(root).results(evaluation)


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


# Any kind of frame


def _csv(rows, folder):
    rows.write_csv(folder / "rows.csv")
    return folder / "rows.csv"


def _zipped(rows, folder):
    (folder / "rows.csv.gz").write_bytes(gzip.compress(rows.write_csv().encode()))
    return str(folder / "rows.csv.gz")


def _parquet(rows, folder):
    rows.write_parquet(folder / "rows.parquet")
    return folder / "rows.parquet"


def _json_lines(rows, folder):
    rows.write_ndjson(folder / "rows.jsonl")
    return folder / "rows.jsonl"


def _arrow(rows, folder):
    rows.write_ipc(folder / "rows.arrow")
    return folder / "rows.arrow"


FORMS = {
    "csv": _csv,
    "csv.gz": _zipped,
    "parquet": _parquet,
    "json lines": _json_lines,
    "arrow": _arrow,
    "pandas": lambda rows, folder: pd.read_csv(
        io.BytesIO(rows.write_csv().encode()), dtype={"id": str}, parse_dates=["seen"]
    ).assign(seen=lambda f: f["seen"].dt.date),
    "polars": lambda rows, folder: rows,
    "lazy": lambda rows, folder: rows.lazy(),
    "pyarrow": lambda rows, folder: rows.to_arrow(),
    "categories": lambda rows, folder: rows.with_columns(pl.col("label", "prediction").cast(pl.Categorical)),
    "small numbers": lambda rows, folder: rows.with_columns(pl.col("words").cast(pl.Int8)),
    "shuffled": lambda rows, folder: rows.sample(fraction=1.0, shuffle=True, seed=3),
    "other order of columns": lambda rows, folder: rows.select(reversed(rows.columns)),
}


@pytest.mark.parametrize("form", FORMS)
def test_every_kind_of_frame_is_the_same_evaluation(form, root, tmp_path):
    first, _ = publish_frame(frame(), specification=CLASSES, release="1.0", store=root)
    again, created = publish_frame(FORMS[form](frame(), tmp_path), specification=CLASSES, release="1.0", store=root)
    assert not created
    assert (again.id, again.publish_key, again.test_set.digest) == (first.id, first.publish_key, first.test_set.digest)


@pytest.mark.parametrize("source", ["path", "text", "mapping"])
def test_a_specification_is_a_path_a_text_or_a_mapping(source, root, tmp_path):
    (tmp_path / "specification.yaml").write_text(CLASSES)
    given = {"path": tmp_path / "specification.yaml", "text": CLASSES, "mapping": yaml.safe_load(CLASSES)}[source]
    assert put(frame(), root, specification=given).project == "reviews"


@pytest.mark.parametrize(
    ("label", "prediction"),
    [([0, 1], [0, 1]), ([0, 1], [0.0, 1.0]), ([0.0, 1.0], [0, 1]), (["0", "1"], [0, 1]), ([0, 1], ["0", "1"])],
)
def test_numbered_classes_are_the_same_however_they_are_written(label, prediction, root):
    demanded = CLASSES.replace("yes", "1").replace("task:", "classes: [0, 1]\ntask:")
    rows = frame(
        label=[label[n % 2] for n in range(ROWS)], prediction=[prediction[n % 2 or n % 3 == 0] for n in range(ROWS)]
    )
    found = measured(rows, root, specification=demanded)[0]
    assert (found.value, found.examples, found.missing) == (50 / 60, ROWS, 0)


def test_a_scenario_on_a_numbered_label_sees_the_class_as_text(root):
    demanded = CLASSES.replace("yes", "1").replace('"words > 20"', "\"label = '1'\"")
    evaluation = put(frame(label=[n % 2 for n in range(ROWS)], prediction=[1] * ROWS), root, specification=demanded)
    found = {(row.scenario, row.metric): row for row in open_store(root).results(evaluation)}
    assert found["Long", "accuracy"].value == 1.0
    with pytest.raises(SpecificationError, match=r"line 9.*'label' at character 1 is text"):
        put(frame(label=[n % 2 for n in range(ROWS)]), root, specification=demanded.replace("'1'", "1"))


def test_truths_are_classes(root):
    demanded = CLASSES.replace("[yes]", "[true]")
    truths = frame(label=[n % 2 == 0 for n in range(ROWS)], prediction=[True] * ROWS)
    assert measured(truths, root, specification=demanded)[0].value == 0.5
    mixed = frame(label=[n % 2 == 0 for n in range(ROWS)], prediction=[1] * ROWS)
    with pytest.raises(FrameError, match="'label' and 'prediction' one holds true and false, the other numbers"):
        put(mixed, root, specification=demanded)


# Once, and again


def test_the_same_content_twice_is_one_evaluation(root):
    first = put(frame(), root, notes="a", released="2024-05-01")
    before = listing(root)
    assert put(frame(), root, notes="a", released=date(2024, 5, 1), actor="somebody else") == first
    assert listing(root) == before


@pytest.mark.parametrize(
    "change",
    [
        {"prediction": ["yes"] * ROWS}, {"label": ["no"] * ROWS}, {"text": ["x"] * ROWS}, {"words": list(range(ROWS))},
    ],
    ids=lambda change: next(iter(change)),
)  # fmt: skip
def test_other_content_under_the_same_names_is_a_new_revision_and_the_old_one_stays(change, root):
    first, second = put(frame(), root), put(frame(**change), root)
    store = open_store(root)
    assert [one.id for one in store.revisions("reviews", "1.0")] == [first.id, second.id]
    assert store.evaluation("reviews", "1.0").id == second.id
    assert store.predictions(first)["prediction"].to_list() == frame()["prediction"].to_list()
    assert store.results(first)[0].value == (frame()["label"] == frame()["prediction"]).mean()


def test_another_specification_is_a_new_revision(root):
    first, second = put(frame(), root), put(frame(), root, specification=CLASSES + "\n# stricter, one day\n")
    assert first.id != second.id
    assert first.examples_file == second.examples_file


def test_nine_releases_of_one_wide_frame_share_one_test_set(root):
    names = [f"afinn_{release}" for release in RELEASES] + [f"vader_{release}" for release in ("2.5", "3.2.1", "3.3.2")]
    wide = AFINN.read_text().replace(", metadata: [source, text, words, has_negation, has_exclamation]", "")
    for number, name in enumerate(names):
        shuffled = pl.read_csv(SENTENCES).sample(fraction=1.0, shuffle=True, seed=number)
        publish(shuffled, specification=AFINN, release=name.partition("_")[2], prediction=name, store=root)
    store = open_store(root)
    assert len({one.test_set.digest for one in store.releases("sentiment-afinn")}) == 1
    assert len(list((root / "data" / "examples").iterdir())) == 1
    assert len(list((root / "data" / "predictions").iterdir())) == len(names)
    apart = publish(SENTENCES, specification=wide, release="3.0.1", prediction="afinn_3.0.1", store=root)
    assert not [name for name in apart.test_set.columns if name.startswith("afinn_")]


@pytest.mark.parametrize(
    ("release", "prediction", "others", "kept"),
    [
        ("3.0.1", "afinn_3.0.1", ["afinn_2.1.0", "afinn_2.1.0_score", "afinn_10.0-rc1"], ["afinn_note", "text_3.0.1"]),
        ("1", "p1", ["p2", "p10"], ["price", "place", "p"]),
        ("v2", "v2", ["v1", "v10"], ["votes", "2"]),
        ("2024.03", "2024.03", ["2024.06"], ["month", "text"]),
        ("new", "answer_new", ["answer_old", "answer_"], ["answer", "newest"]),
        ("new", "new", [], ["old", "price"]),
        ("new", "isnew", [], ["isold", "price"]),
        ("other", "prediction", [], ["price", "prediction_2"]),
    ],
)
def test_answers_of_other_releases_are_left_out_and_nothing_else_is(release, prediction, others, kept, root):
    columns = {name: ["yes"] * ROWS for name in (*others, *kept)}
    columns |= {} if prediction == "prediction" else {prediction: ["no"] * ROWS}
    evaluation = put(frame(**columns), root, release=release, prediction=prediction)
    left_out = {"answer_"} & set(others)  # nothing stands where the release's name would
    assert set(columns) & set(evaluation.test_set.columns) == {*kept, *left_out}


def test_a_score_is_kept_beside_the_predictions_and_not_in_the_test_set(root):
    scored = frame(sure=[number / ROWS for number in range(ROWS)])
    evaluation = put(scored, root, score="sure")
    assert open_store(root).predictions(evaluation).columns == ["prediction", "score"]
    assert "sure" not in evaluation.test_set.columns


def test_what_was_said_of_a_release_is_kept_as_it_is(root):
    hostile = "<script>alert(1)</script> :red[x] [link](http://example.org) \x1b[31m $x$ `y`\n=1+1"
    evaluation = put(
        frame(), root, notes=hostile, source_revision=hostile, released="2024-02-29", release="../a/b\\..%2f"
    )
    again = open_store(root).evaluation("reviews", "../a/b\\..%2f")
    assert (again.notes, again.source_revision, again.released) == (hostile, hostile, date(2024, 2, 29))
    assert again.id == evaluation.id
    assert all(path.resolve().is_relative_to(root.resolve()) for path in root.parent.rglob("*.json"))


@pytest.mark.parametrize("name", ["3.0.1", "v3/beta", "naïve – 日本語", "a" * 200, ".", "..", "-", "con", "🚀"])
def test_a_release_may_have_any_printable_name(name, root):
    put(frame(), root, release=name, test_set=name)
    assert open_store(root).evaluation("reviews", name, test_set=name).release == name


def test_hostile_names_in_the_specification_are_kept_as_text(root):
    name = "<script>alert(1)</script> :red[x] [b]"
    demanded = CLASSES.replace("name: Long,", f'name: "{name}",').replace("Understands long texts", "<b>:bug:</b>")
    row = measured(frame(), root, specification=demanded)[4]
    assert (row.scenario, row.behaviour) == (name, "<b>:bug:</b>")


# Missing


def test_what_is_missing_is_counted_and_never_guessed(root):
    rows = frame().with_columns(
        label=pl.when(pl.col("words") == 3).then(None).otherwise("label"),
        prediction=pl.when(pl.col("words") < 5).then(None).otherwise("prediction"),
    )
    evaluation = put(rows, root)
    result = open_store(root).results(evaluation)[0]
    assert (evaluation.test_set.missing_labels, evaluation.missing_predictions) == (2, 10)
    assert (result.examples, result.missing) == (50, 10)
    known = rows.drop_nulls(["label", "prediction"])
    assert result.value == pytest.approx((known["label"] == known["prediction"]).mean())


# Hostile frames


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
    message = r"Scenario 'Incident' pins 2 of 3 ids that the frame does not have, such as '0001'. Did you mean '000'?"
    with pytest.raises(FrameError, match=message.replace("?", r"\?")):
        put(frame(), root, specification=pinned)
    assert not root.exists()


@pytest.mark.parametrize(
    ("rows", "changes", "match"),
    [
        (frame().drop("words"), {}, r"line 9, column 29 .*scenario 'Long' needs column 'words', which is not there"),
        (frame().rename({"words": "wordes"}), {}, r"line 9.*Did you mean 'wordes'\?"),
        (frame().drop("id"), {}, r"line 4.*columns.id needs column 'id'"),
        (frame().drop("label"), {}, r"line 4.*columns.label needs column 'label'"),
        (frame(words=["a"] * ROWS), {}, r"line 9.*'words' at character 1 is text"),
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
    with pytest.raises(SpecificationError, match=r"line 9.*5,000 characters; expected at most 200"):
        put(frame(), root, specification=long)
    assert not root.exists()


# Numbers


def numbers(**columns) -> pl.DataFrame:
    fields = {
        "id": [f"{number:02}" for number in reversed(range(ROWS))],
        "label": [float(number % 9) for number in range(ROWS)],
        "distance": [number * 20 for number in range(ROWS)],
        "prediction": [number % 7 + 0.5 for number in range(ROWS)],
    }
    return pl.DataFrame({**fields, **columns}, strict=False)


def test_releases_that_predict_numbers_are_published_alike(root):
    evaluation = put(numbers(), root, specification=NUMBERS)
    rows = open_store(root).results(evaluation)
    expected = (numbers()["prediction"] - numbers()["label"]).abs().mean()
    assert rows[0].value == pytest.approx(expected, rel=1e-12)
    assert put(numbers().to_pandas(), root, specification=NUMBERS).id == evaluation.id


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


# The store


def test_a_store_is_made_where_there_is_none_and_nothing_else_is_overwritten(root, tmp_path):
    put(frame(), root)
    assert open_store(root).projects() == ["reviews"]
    taken = tmp_path / "taken"
    taken.mkdir()
    (taken / "thesis.txt").write_text("x")
    with pytest.raises(StoreMissingError):
        put(frame(), taken)
    assert [path.name for path in taken.iterdir()] == ["thesis.txt"]


def test_an_open_store_is_published_to(root):
    store = create_store(root)
    assert put(frame(), store) == open_store(root).evaluation("reviews", "1.0")


def test_an_address_of_an_unknown_kind_is_refused(root):
    with pytest.raises(StoreError, match="ftp"):
        put(frame(), "ftp://example.org/store")


def test_what_is_being_done_is_said(root):
    said = []
    publish_frame(frame(), specification=CLASSES, release="1.0", store=root, step=said.append)
    assert said == ["Reading the frame", "Measuring 3 scenarios on 60 examples", "Writing"]
