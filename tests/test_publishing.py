"""Publish: any kind of frame is the same evaluation, the same content is published once, other content is kept apart."""

import gzip
from datetime import date

import pandas as pd
import polars as pl
import pytest
import yaml
from verb_cases import AFINN, CLASSES, NUMBERS, ROWS, SENTENCES, frame, listing, measured, numbers, put

from plainview.exceptions import FrameError, SpecificationError, StoreError, StoreMissingError
from plainview.publishing import publish, publish_frame
from plainview.store import create_store, open_store

RELEASES = ("1.0.6", "2.1.0", "3.0.1", "4.2.0", "5.0.2")


@pytest.fixture
def root(tmp_path):
    return tmp_path / "store"


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
    "pandas": lambda rows, folder: rows.to_pandas().assign(seen=lambda each: each["seen"].dt.date),
    "pandas of a csv": lambda rows, folder: pd.read_csv(_csv(rows, folder), dtype={"id": str}).assign(
        seen=lambda each: pd.to_datetime(each["seen"]).dt.date
    ),
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
    with pytest.raises(SpecificationError, match=r"line 10.*'label' at character 1 is text"):
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


def test_an_evaluation_is_shown_by_what_it_is_of(root):
    one = put(frame(), root)
    assert repr(one) == f"Evaluation(project='reviews', release='1.0', id='{one.id}')"


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


def test_releases_that_predict_numbers_are_published_alike(root):
    evaluation = put(numbers(), root, specification=NUMBERS)
    rows = open_store(root).results(evaluation)
    expected = (numbers()["prediction"] - numbers()["label"]).abs().mean()
    assert rows[0].value == pytest.approx(expected, rel=1e-12)
    assert put(numbers().to_pandas(), root, specification=NUMBERS).id == evaluation.id


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
