"""Spark: what is measured on its tables is what is measured here, its rows stay there, and its faults are told in words."""

import json
import re

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from spark_cases import SPECIFICATIONS, demanded, rows
from typer.testing import CliRunner

import plainview
from plainview.cli import app
from plainview.engines.contents import digest_of
from plainview.engines.drafting import sourced_draft
from plainview.engines.session import without_secrets
from plainview.exceptions import FrameError, InputError, RowsElsewhereError, SpecificationError
from plainview.report import release_report
from plainview.store import open_store

pytestmark = pytest.mark.filterwarnings("ignore:PySpark does not yet fully support pandas:FutureWarning")
kinds = pytest.mark.parametrize("kind", sorted(SPECIFICATIONS))


def table_of(spark, frame: pl.DataFrame, *, parts: int = 3):
    return spark.createDataFrame(frame.to_arrow(compat_level=pl.CompatLevel.oldest())).repartition(parts)


@pytest.fixture(scope="module")
def frames():
    return rows(1), rows(2, right=0.88)


@pytest.fixture(scope="module")
def tables(spark, frames):
    found = [table_of(spark, frame).cache() for frame in frames]
    yield found
    for each in found:
        each.unpersist()


@kinds
def test_tables_and_files_give_the_same_results_and_the_same_comparison(kind, frames, tables, tmp_path):
    here, there = tmp_path / "here", tmp_path / "there"
    for release, frame in zip(("1.0", "2.0"), frames, strict=True):
        plainview.publish(frame, specification=demanded(kind), release=release, store=here)
    plainview.publish(tables[0], specification=demanded(kind), release="1.0", store=there)
    plainview.publish(tables[1], specification=demanded(kind), release="2.0", store=there, baseline=tables[0])
    local, away = open_store(here), open_store(there)
    for release in ("1.0", "2.0"):
        mine, theirs = local.evaluation(kind, release), away.evaluation(kind, release)
        assert away.results(theirs) == local.results(mine)
        assert theirs.missing_predictions == mine.missing_predictions
        assert theirs.test_set.missing_labels == mine.test_set.missing_labels
        assert theirs.test_set.examples == mine.test_set.examples
    assert plainview.compare(away, kind, "1.0", "2.0") == plainview.compare(local, kind, "1.0", "2.0")
    assert plainview.compare(away, kind, "1.0", "2.0").paired


def test_examples_that_one_table_lacks_or_labels_otherwise_are_left_out_and_counted(frames, spark, tmp_path):
    first, second = frames
    first = first[20:]
    flipped = pl.when(pl.col("id") < "0040").then(pl.lit("no")).otherwise("label").alias("label")
    second = second[:590].with_columns(flipped)
    here, there = tmp_path / "here", tmp_path / "there"
    for release, frame in (("1.0", first), ("2.0", second)):
        plainview.publish(frame, specification=demanded("classes"), release=release, store=here)
    before, after = table_of(spark, first), table_of(spark, second)
    plainview.publish(before, specification=demanded("classes"), release="1.0", store=there)
    plainview.publish(after, specification=demanded("classes"), release="2.0", store=there, baseline=before)
    found = plainview.compare(open_store(there), "classes", "1.0", "2.0")
    assert found == plainview.compare(open_store(here), "classes", "1.0", "2.0")
    assert (found.only_baseline, found.only_candidate, found.relabelled > 0) == (10, 20, True)


def test_the_record_says_where_the_rows_are_and_the_store_has_none(frames, tables, tmp_path):
    store = tmp_path / "store"
    made = plainview.publish(
        tables[0],
        specification=demanded("classes"),
        release="1.0",
        store=store,
        table="s3a://AKIAKEY:very+secret@bucket/rows?sig=hidden",
    )
    opened = open_store(store)
    assert made.source.table == "s3a://bucket/rows"
    assert (made.source.engine, made.source.rows) == ("spark", frames[0].height)
    assert made.source.columns == ("id", "label", "prediction", "source", "words")
    assert (made.schema_version, made.min_reader) == (2, 2)
    assert not [*store.glob("data/examples/*"), *store.glob("data/predictions/*")]
    everything = b"".join(path.read_bytes() for path in store.rglob("*") if path.is_file())
    assert not re.search(rb"very|secret|AKIAKEY|hidden", everything)
    assert opened.verify().ok
    assert not opened.collect_garbage(grace=-60).keys
    with pytest.raises(RowsElsewhereError, match="stay in s3a://bucket/rows"):
        opened.examples(made)
    with pytest.raises(RowsElsewhereError, match="stay in s3a://bucket/rows"):
        opened.predictions(made)


def test_the_same_rows_again_are_the_same_evaluation_and_others_are_not(frames, tables, spark, tmp_path):
    given = {"specification": demanded("classes"), "release": "1.0", "store": tmp_path / "store", "table": "t"}
    first = plainview.publish(tables[0], **given)
    shuffled = table_of(spark, frames[0].sample(fraction=1, shuffle=True, seed=3), parts=2)
    assert plainview.publish(shuffled, **given).id == first.id
    other = frames[0].with_columns(pl.when(pl.col("id") == "0100").then(1).otherwise("words").alias("words"))
    assert plainview.publish(table_of(spark, other), **given).id != first.id


def test_a_damaged_file_of_sums_is_found_and_publishing_again_mends_it(tables, tmp_path):
    given = {"specification": demanded("classes"), "release": "1.0", "store": tmp_path / "store", "table": "t"}
    made = plainview.publish(tables[0], **given)
    path = tmp_path / "store" / made.sums_file.key
    sound = path.read_bytes()
    path.write_bytes(sound[:-1] + b"!")
    (item,) = open_store(tmp_path / "store").verify().damaged
    assert item.key == made.sums_file.key
    assert plainview.publish(tables[0], **given).id == made.id
    assert path.read_bytes() == sound


def test_without_joint_sums_two_samples_are_compared_and_it_says_how_to_do_better(frames, tables, tmp_path):
    store = tmp_path / "store"
    for release, table in zip(("1.0", "2.0"), tables, strict=True):
        plainview.publish(table, specification=demanded("chances"), release=release, store=store)
    plainview.publish(frames[1], specification=demanded("chances"), release="2.1", store=store)
    found = plainview.compare(open_store(store), "chances", "1.0", "2.0")
    assert (found.paired, found.examples) == (False, 0)
    assert "--baseline-table" in found.apart
    assert found.apart in found.sentences
    mixed = plainview.compare(open_store(store), "chances", "1.0", "2.1")
    assert "rows of 1.0 stay in" in mixed.apart
    assert mixed.results == found.results  # the same answers, from rows or from sums
    back = plainview.compare(open_store(store), "chances", "2.1", "1.0")
    there = [(row.difference, other.difference) for row, other in zip(back.results, mixed.results, strict=True)]
    assert all(one is other is None or one == -other for one, other in there)
    assert sum(one is not None for one, _ in there) > 8


def test_scenarios_and_metrics_that_the_kept_sums_lack_are_not_comparable(tables, tmp_path):
    store = tmp_path / "store"
    few = demanded(
        "classes",
        metrics=["accuracy"],
        behaviours=[{"name": "C", "scenarios": [{"name": "Yelp", "where": "source = 'yelp'"}]}],
    )
    plainview.publish(tables[0], specification=few, release="1.0", store=store)
    plainview.publish(tables[1], specification=demanded("classes"), release="2.0", store=store)
    found = {
        (row.scenario, row.metric): row for row in plainview.compare(open_store(store), "classes", "1.0", "2.0").results
    }
    assert found["all", "accuracy"].verdict != "not comparable"
    assert found["Yelp", "accuracy"].baseline is not None
    for lost in (("Long", "accuracy"), ("all", "macro_f1")):
        assert found[lost].verdict == "not comparable"
        assert "has no sums of it" in found[lost].reason


def test_a_report_of_tables_has_requirements_and_a_comparison(tables, tmp_path):
    bars = [
        {"id": "R1", "metric": "accuracy", "at_least": 0.6},
        {"id": "R2", "metric": "accuracy", "scenario": "Long", "no_worse_than": "previous"},
    ]
    given = {"specification": demanded("classes", requirements=bars), "store": tmp_path / "store"}
    plainview.publish(tables[0], **given, release="1.0")
    plainview.publish(tables[1], **given, release="2.0", baseline=tables[0])
    report = release_report(open_store(tmp_path / "store"), "classes", "2.0")
    assert [row.status for row in report.standings] == ["met", "met"]
    assert report.comparison.paired
    assert report.judged == 2


def _broken(kind: str, frame: pl.DataFrame) -> pl.DataFrame:
    at = pl.col("id") == "0500"
    return {
        "twice": lambda: pl.concat([frame, frame[7:9]]),
        "no id": lambda: frame.with_columns(pl.when(at).then(None).otherwise("id").alias("id")),
        "blank id": lambda: frame.with_columns(pl.when(at).then(pl.lit("  ")).otherwise("id").alias("id")),
        "negative weight": lambda: frame.with_columns(pl.when(at).then(-1.0).otherwise("weight").alias("weight")),
        "unknown class": lambda: frame.with_columns(pl.when(at).then(pl.lit("si")).otherwise("label").alias("label")),
        "words": lambda: frame.with_columns(pl.col("words").cast(pl.String)),
        "no answers": lambda: frame.with_columns(prediction=pl.lit(None, pl.String)),
        "none": lambda: frame[:0],
        "no column": lambda: frame.drop("source"),
        "no prediction": lambda: frame.drop("prediction"),
    }[kind]()


@pytest.mark.parametrize(
    ("kind", "expected"),
    [
        ("twice", "Ids are repeated in column 'id': '0007' in 2 rows; '0008' in 2 rows"),
        ("no id", "1 row without an id in column 'id'"),
        ("blank id", "1 row without an id in column 'id'"),
        ("negative weight", "Weight column 'weight' holds -1 for example '0500'"),
        ("unknown class", "Label 'si' of example '0500' is not one of the specification's classes"),
        ("words", "words"),
        ("no answers", "Column 'prediction' holds no prediction at all"),
        ("none", "has no rows"),
        ("no column", "source"),
        ("no prediction", "There is no column 'prediction' to take predictions from"),
    ],
)
def test_rows_that_cannot_be_used_are_refused_in_the_words_for_files_and_nothing_is_written(
    kind,
    expected,
    frames,
    spark,
    tmp_path,
):
    specification = demanded("weights", classes=["no", "yes"])
    with pytest.raises((FrameError, SpecificationError), match=re.escape(expected)):
        plainview.publish(
            table_of(spark, _broken(kind, frames[0])), specification=specification, release="1", store=tmp_path / "s"
        )
    assert not (tmp_path / "s").exists()


def test_a_baseline_must_be_a_published_table_with_examples_in_common(frames, tables, spark, tmp_path):
    given = {"specification": demanded("classes"), "store": tmp_path / "store"}
    with pytest.raises(InputError, match="rows of no release of classes"):
        plainview.publish(tables[1], **given, release="2.0", baseline=tables[0])
    with pytest.raises(InputError, match="must be a table of Spark"):
        plainview.publish(tables[1], **given, release="2.0", baseline=frames[0])
    with pytest.raises(InputError, match="go with tables of Spark"):
        plainview.publish(frames[1], **given, release="2.0", baseline=tables[0])
    assert not (tmp_path / "store").exists()
    other = table_of(spark, frames[0].with_columns(pl.format("n{}", "id").alias("id")))
    plainview.publish(other, **given, release="1.0")
    with pytest.raises(FrameError, match="No example is in both tables"):
        plainview.publish(tables[1], **given, release="2.0", baseline=other)


def test_a_specification_that_reads_another_type_is_refused_from_inside_the_executors(tables, tmp_path):
    wrong = demanded("classes", behaviours=[{"name": "B", "scenarios": [{"name": "X", "where": "words = 'many'"}]}])
    with pytest.raises(SpecificationError, match="words"):
        plainview.publish(tables[0], specification=wrong, release="1", store=tmp_path / "store")


@settings(max_examples=6, deadline=None)
@given(order=st.permutations(range(12)), parts=st.integers(1, 4), change=st.integers(0, 11))
def test_a_digest_depends_on_what_rows_hold_and_not_on_their_order(spark, order, parts, change):
    frame = pl.DataFrame({"a": [*range(11), None], "b": [None, *"bcdefghijkl"], "c": [0.5] * 12})
    columns = ["a", "b", "c"]
    known = digest_of(table_of(spark, frame), columns)
    assert digest_of(table_of(spark, frame[order], parts=parts), columns[::-1]) == known
    other = frame.with_columns(pl.when(pl.int_range(12) == change).then(99).otherwise("c").alias("c"))
    assert digest_of(table_of(spark, other), columns) != known
    swapped = frame.rename({"a": "b", "b": "a"}).with_columns(pl.col("a", "b").cast(pl.String))
    assert digest_of(table_of(spark, swapped), columns) != digest_of(
        table_of(spark, frame.with_columns(pl.col("a", "b").cast(pl.String))), columns
    )


@pytest.mark.parametrize(
    ("given", "shown"),
    [
        ("s3a://key:secret@bucket/x", "s3a://bucket/x"),
        ("abfss://container@account.dfs.core.windows.net/x", "abfss://container@account.dfs.core.windows.net/x"),
        ("no file at https://h/x?sig=abc&se=1 today", "no file at https://h/x today"),
        ("catalogue.schema.table", "catalogue.schema.table"),
    ],
)
def test_addresses_lose_their_secrets_and_nothing_else(given, shown):
    assert without_secrets(given) == shown


def test_the_draft_of_a_table_takes_no_more_than_the_specification_reads(tables, tmp_path):
    from plainview.specification import load_specification

    demands = load_specification(demanded("classes"))
    described = {
        "project": "classes", "title": "t", "task": "classification", "release": "1", "test_set": "default",
        "specification": b"x",
    }  # fmt: skip
    wide = tables[0].withColumnRenamed("minutes", "it's `odd`. here")
    options = {"prediction": None, "score": None, "baseline": None, "name": None, "step": lambda said: None}
    draft = sourced_draft(wide, demands, described, store=tmp_path, **options)
    assert draft.source.table == "a frame without a name"
    assert set(draft.test_set.columns) == {"id", "label", "words", "source"}


def run(*arguments):
    return CliRunner().invoke(app, [*map(str, arguments)])


@pytest.mark.parametrize(
    ("engine", "expected"),
    [
        ("flink://here", "There is no engine"),
        ("spark://127.0.0.1:1", "Nobody answers at spark://127.0.0.1:1"),
        ("sc://user:secret@127.0.0.1:1", "Nobody answers at sc://127.0.0.1:1"),
    ],
)
def test_an_engine_that_is_not_there_is_named_at_once(engine, expected, tmp_path):
    pytest.importorskip("pyspark")
    (tmp_path / "s.yaml").write_text(
        "project: p\ntask: classification\ncolumns: {id: id, label: label}\nmetrics: [accuracy]\n"
    )
    done = run("publish", "t", "-s", tmp_path / "s.yaml", "-r", "1", "--engine", engine, "--store", tmp_path / "store")
    assert (done.exit_code, expected in " ".join(done.stderr.split())) == (2, True), done.stderr
    assert "secret" not in done.stderr
    assert not (tmp_path / "store").exists()


def test_without_java_or_pyspark_it_says_what_to_install(tmp_path, monkeypatch):
    (tmp_path / "s.yaml").write_text(
        "project: p\ntask: classification\ncolumns: {id: id, label: label}\nmetrics: [accuracy]\n"
    )
    arguments = (
        "publish",
        "t",
        "-s",
        tmp_path / "s.yaml",
        "-r",
        "1",
        "--engine",
        "local[2]",
        "--store",
        tmp_path / "x",
    )
    monkeypatch.delenv("JAVA_HOME", raising=False)
    monkeypatch.setenv("PATH", str(tmp_path))
    monkeypatch.setattr("plainview.engines.session.find_spec", lambda name: object())
    assert "install Java 17" in " ".join(run(*arguments).stderr.split())
    monkeypatch.setattr("plainview.engines.session.find_spec", lambda name: None)
    done = run(*arguments)
    assert (done.exit_code, "pip install 'plainview[spark]'" in " ".join(done.stderr.split())) == (2, True)
    assert not (tmp_path / "x").exists()


def test_the_command_line_publishes_paths_and_names_and_compares_them(frames, tables, tmp_path):
    (tmp_path / "s.yaml").write_text(json.dumps(demanded("classes")))
    given = ("-s", tmp_path / "s.yaml", "--engine", "local[2]", "--store", tmp_path / "store")
    before = tmp_path / "before.parquet"
    frames[0].write_parquet(before)
    tables[1].createOrReplaceTempView("answers")
    first = run("publish", before, "-r", "1.0", *given)
    assert (first.exit_code, f"Its rows stay in {before}" in " ".join(first.stdout.split())) == (0, True), first.stderr
    second = run("publish", "answers", "-r", "2.0", *given, "--baseline-table", before, "--json")
    assert second.exit_code == 0, second.stderr
    assert json.loads(second.stdout)["joint"]["release"] == "1.0"
    assert "Already published" in run("publish", "answers", "-r", "2.0", *given, "--baseline-table", before).stdout
    found = plainview.compare(open_store(tmp_path / "store"), "classes", "1.0", "2.0")
    assert found.paired
    assert open_store(tmp_path / "store").evaluation("classes", "2.0").source.table == "answers"


@pytest.mark.parametrize("name", ["no_such_table", "nowhere/rows.parquet", "s3a://key:secret@nowhere/rows"])
def test_a_table_that_is_not_there_is_named_without_its_secrets_and_nothing_is_written(name, spark, tmp_path):
    (tmp_path / "s.yaml").write_text(json.dumps(demanded("classes")))
    given = ("-s", tmp_path / "s.yaml", "-r", "1", "--engine", "local[2]", "--store", tmp_path / "store")
    done = run("publish", name, *given)
    assert (done.exit_code, "There is no table at" in " ".join(done.stderr.split())) == (2, True), done.stderr
    assert "secret" not in done.stdout + done.stderr
    assert not (tmp_path / "store").exists()


def test_a_baseline_table_without_an_engine_is_refused(frames, tmp_path):
    frames[0].write_parquet(tmp_path / "rows.parquet")
    (tmp_path / "s.yaml").write_text(json.dumps(demanded("classes")))
    given = ("-s", tmp_path / "s.yaml", "-r", "1", "--store", tmp_path / "store")
    done = run("publish", tmp_path / "rows.parquet", *given, "--baseline-table", tmp_path / "rows.parquet")
    assert (done.exit_code, (tmp_path / "store").exists()) == (2, False)


def test_a_fault_inside_an_executor_is_told_in_one_line(spark, tables):
    from plainview.engines.session import explained

    def lost(batches):
        raise ModuleNotFoundError("No module named 'plainview'")
        yield from batches

    with pytest.raises(FrameError, match="not on Spark's executors") as caught, explained():
        tables[0].mapInArrow(lost, "id string").collect()
    assert "\n" not in str(caught.value)
