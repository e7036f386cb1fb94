"""Delta tables hold exactly what commit records name, before and after whatever happens to the store between exports."""

import json
import shutil
import subprocess
import sys

import duckdb
import polars as pl
import pytest
from deltalake import DeltaTable
from polars.testing import assert_frame_equal
from store_cases import own_cache, result  # noqa: F401
from test_cli import one_object, run
from verb_cases import NUMBERS, demo, frame, numbers, put  # noqa: F401

from plainview import records
from plainview.exceptions import ConflictError, DamagedError, InputError, NotFoundError, StoreError
from plainview.exporters.delta import export_delta
from plainview.store import create_store, open_store
from plainview.store.sourced import SourcedDraft


@pytest.fixture
def root(tmp_path):
    """A store with two releases of one project and one of another."""
    put(frame(), tmp_path / "store")
    put(frame(prediction=["yes"] * 60), tmp_path / "store", release="1.1")
    put(numbers(), tmp_path / "store", specification=NUMBERS)
    return tmp_path / "store"


@pytest.fixture
def lake(tmp_path):
    return tmp_path / "lake"


def read(lake, name, **options):
    return pl.read_delta(str(lake / name), **options)


def in_duckdb(lake, question, **tables):
    """A question to DuckDB, which reads the files that the log of each table names."""
    with duckdb.connect() as connection:
        for name, table in tables.items():
            files = DeltaTable(str(lake / table)).file_uris()
            connection.read_parquet(files).create_view(name)
        return connection.sql(question).fetchall()


def forget(root, evaluation):
    """Delete an evaluation as an administrator does; its files stay, as those of a publisher that was killed do."""
    (root / "commits" / f"{evaluation.id}.json").unlink()


def rows_in(lake, name):
    return set(read(lake, name)["evaluation"])


# What the tables hold


def test_the_results_of_every_evaluation_are_there_as_the_store_gives_them(demo, lake):  # noqa: F811
    store = open_store(demo)
    export_delta(store, lake)
    table = read(lake, "results")
    for evaluation in store.evaluations():
        rows = table.filter(evaluation=evaluation.id)
        assert set(rows.select("project", "release", "test_set", "task").iter_rows()) == {
            (evaluation.project, evaluation.release, evaluation.test_set.name, evaluation.task)
        }
        assert rows["released"][0] == evaluation.released
        assert rows["published_at"][0] == evaluation.published_at
        kept = [each.model_dump() for each in store.results(evaluation)]
        assert rows.select(kept[0].keys()).to_dicts() == kept
    assert table.height == sum(len(store.results(each)) for each in store.evaluations())


def test_another_engine_computes_the_published_accuracies_from_examples_and_predictions(demo, lake):  # noqa: F811
    store, project = open_store(demo), "sentiment-afinn"
    export_delta(store, lake, project=project)
    question = """
        SELECT release, avg((prediction = label)::INT) FROM p JOIN e USING (test_set_digest, id)
        GROUP BY release"""
    computed = in_duckdb(lake, question, e=f"examples/{project}", p=f"predictions/{project}")
    published = "SELECT release, value FROM r WHERE metric = 'accuracy' AND behaviour IS NULL GROUP BY ALL"
    wholes = dict(in_duckdb(lake, published, r="results"))
    assert len(computed) == len(store.releases(project)) == 5
    assert dict(computed) == pytest.approx(wholes, abs=1e-12)


def test_a_project_alone_is_exported_alone(root, lake):
    names = {each.name for each in export_delta(open_store(root), lake, project="reviews")}
    assert names == {"results", "examples/reviews", "predictions/reviews"}
    assert set(read(lake, "results")["project"]) == {"reviews"}


def test_files_that_no_record_names_are_in_no_table(root, lake):
    killed = put(frame(prediction=["no"] * 60, words=[3] * 60), root, release="1.2")
    forget(root, killed)
    export_delta(open_store(root), lake)
    lying, named = (len(list((root / "data/predictions").iterdir())), len(open_store(root).evaluations()))
    assert (lying, named) == (4, 3)
    assert killed.id not in rows_in(lake, "results") | rows_in(lake, "predictions/reviews")
    assert killed.test_set.digest not in set(read(lake, "examples/reviews")["test_set_digest"])


def test_files_beside_those_of_a_table_are_not_in_it(root, lake):
    store = open_store(root)
    export_delta(store, lake)
    before = read(lake, "results")
    orphan = next((lake / "results").glob("*.parquet"))
    shutil.copy(orphan, orphan.with_name("orphan.parquet"))
    export_delta(store, lake)
    assert_frame_equal(read(lake, "results"), before)
    assert in_duckdb(lake, "SELECT count(*) FROM r", r="results") == [(before.height,)]


def test_an_evaluation_whose_rows_stay_elsewhere_is_in_the_results_alone(root, lake):
    source = records.Source(engine="spark", table="t", rows=1, columns=("id",), prediction="answer", digest="0" * 64)
    examples = records.TestSet(name="default", digest="1" * 64, examples_digest="2" * 64, examples=1, columns=("id",))
    about = {"project": "warehouse", "title": "t", "task": "classification", "release": "1", "specification": b"x"}
    draft = SourcedDraft(**about, source=source, test_set=examples, sums=b"sums", results=[result()])
    evaluation, _ = open_store(root).publish(draft)
    done = {each.name for each in export_delta(open_store(root), lake)}
    assert not {name for name in done if "warehouse" in name}
    assert evaluation.id in rows_in(lake, "results")


# Exporting again


def test_nothing_new_makes_no_version(root, lake):
    export_delta(open_store(root), lake)
    again = export_delta(open_store(root), lake)
    assert {(each.version, each.added, each.removed) for each in again} == {(0, 0, 0)}


def test_what_was_published_since_is_added_in_one_version_and_the_one_before_can_still_be_read(root, lake):
    export_delta(open_store(root), lake)
    before = read(lake, "predictions/reviews")
    added = put(frame(prediction=["no"] * 60), root, release="1.2")
    done = {each.name: each for each in export_delta(open_store(root), lake)}
    assert (done["predictions/reviews"].version, done["predictions/reviews"].added) == (1, 1)
    assert (done["examples/reviews"].version, done["predictions/delays"].version) == (0, 0)
    assert rows_in(lake, "predictions/reviews") == {*before["evaluation"], added.id}
    assert added.id in rows_in(lake, "results")
    assert_frame_equal(read(lake, "predictions/reviews", version=0), before)


def test_what_is_deleted_disappears_with_its_test_set(root, lake):
    gone = put(frame(words=[3] * 60), root, release="1.2")
    export_delta(open_store(root), lake)
    assert gone.id in rows_in(lake, "results") & rows_in(lake, "predictions/reviews")
    forget(root, gone)
    export_delta(open_store(root), lake)
    assert gone.id not in rows_in(lake, "results") | rows_in(lake, "predictions/reviews")
    assert gone.test_set.digest not in set(read(lake, "examples/reviews")["test_set_digest"])


def test_a_project_whose_evaluations_are_all_deleted_leaves_empty_tables(root, lake):
    export_delta(open_store(root), lake)
    for each in open_store(root).evaluations("delays"):
        forget(root, each)
    export_delta(open_store(root), lake)
    assert read(lake, "predictions/delays").is_empty()
    assert read(lake, "examples/delays").is_empty()
    assert set(read(lake, "results")["project"]) == {"reviews"}


def test_a_table_that_another_program_rewrote_holds_the_store_again(root, lake):
    export_delta(open_store(root), lake)
    before = read(lake, "predictions/reviews")
    assert DeltaTable(str(lake / "predictions/reviews")).optimize.compact()["numFilesRemoved"] == 2
    put(frame(prediction=["no"] * 60), root, release="1.2")
    export_delta(open_store(root), lake)
    after = read(lake, "predictions/reviews")
    assert_frame_equal(after.filter(pl.col("release") != "1.2"), before, check_row_order=False)
    assert after.height == 180


def test_vacuum_removes_what_is_no_longer_named_and_nothing_of_the_store(root, lake):
    gone = put(frame(prediction=["no"] * 60), root, release="1.2")
    export_delta(open_store(root), lake)
    forget(root, gone)
    export_delta(open_store(root), lake)
    DeltaTable(str(lake / "predictions/reviews")).vacuum(
        retention_hours=0, enforce_retention_duration=False, dry_run=False
    )
    assert len(list((lake / "predictions/reviews").glob("*.parquet"))) == 2
    assert read(lake, "predictions/reviews").height == 120
    assert open_store(root).verify().ok


def test_a_publish_rewrites_no_more_than_the_last_group_of_results(root, lake, monkeypatch):
    monkeypatch.setattr("plainview.exporters.delta.GROUP", 2)
    assert export_delta(open_store(root), lake)[0].added == 2
    put(frame(prediction=["no"] * 60), root, release="1.2")
    results = export_delta(open_store(root), lake)[0]
    assert (results.version, results.added, results.removed) == (1, 1, 1)
    store = open_store(root)
    assert read(lake, "results").height == sum(len(store.results(each)) for each in store.evaluations())


# Columns


def test_columns_come_and_change_their_type_without_a_loss(root, lake):
    export_delta(open_store(root), lake)
    later = put(frame(rate=[f"{n} of 8" for n in range(60)], place=["Oslo"] * 60), root, release="1.2")
    export_delta(open_store(root), lake)
    table = read(lake, "examples/reviews")
    new = pl.col("test_set_digest") == later.test_set.digest
    assert table.filter(new)["rate"].to_list() == [f"{n} of 8" for n in range(60)]
    assert table.filter(~new)["rate"].cast(pl.Float64).to_list() == frame()["rate"].to_list()
    assert set(table.filter(new)["place"]) == {"Oslo"}
    assert table.filter(~new)["place"].null_count() == 60


def test_columns_have_names_and_types_that_every_reader_knows(tmp_path, lake):
    more = {
        "made; at (UTC)": pl.Series(["2024-05-01T10:00"] * 60).str.to_datetime(),
        "Words": [9] * 60,
        "tags": [["a", "ü"], None] * 30,
        "project": ["their own"] * 60,
    }
    put(frame(**more), tmp_path / "store")
    export_delta(open_store(tmp_path / "store"), lake)
    table = read(lake, "examples/reviews")
    kinds = {str(field.type.type) for field in DeltaTable(str(lake / "examples/reviews")).schema().fields}
    assert kinds <= {"string", "long", "double", "boolean", "date", "timestamp"}
    assert len({name.casefold() for name in table.columns}) == table.width == 1 + len(frame(**more).columns) - 1
    assert not any(set(name) & set(" ,;{}()\n\t=") for name in table.columns)
    (own,) = [name for name in table.columns if name.startswith("project")]
    (made,) = [name for name in table.columns if name.startswith("made")]
    assert set(table[own]) == {"their own"}
    assert set(table[made]) == {"2024-05-01 10:00:00.000000"}
    assert set(table["tags"]) == {'["a","ü"]', None}


# What is refused


def test_an_export_of_another_store_or_project_is_left_alone(root, lake, tmp_path):
    export_delta(open_store(root), lake, project="reviews")
    put(frame(), tmp_path / "other")
    before = read(lake, "results")
    with pytest.raises(
        ConflictError, match=r"is an export of the project 'reviews' of this store\. Choose another folder"
    ):
        export_delta(open_store(root), lake)
    with pytest.raises(ConflictError, match="of another store"):
        export_delta(open_store(tmp_path / "other"), lake, project="reviews")
    assert_frame_equal(read(lake, "results"), before)


def test_a_folder_of_other_things_is_left_alone(root, lake):
    lake.mkdir()
    (lake / "thesis.txt").write_text("years of work")
    with pytest.raises(ConflictError, match="is not empty and was not made by export-delta"):
        export_delta(open_store(root), lake)
    assert [path.name for path in lake.iterdir()] == ["thesis.txt"]
    (lake / "plainview.json").write_text("{}")
    with pytest.raises(ConflictError, match="does not say what this folder is"):
        export_delta(open_store(root), lake)


@pytest.mark.parametrize("folder", ["s3://bucket/lake", "gs://bucket"])
def test_an_address_is_refused_with_the_way_there(root, folder):
    with pytest.raises(InputError, match=r"written to a folder\. Export to one, then copy it"):
        export_delta(open_store(root), folder)


def test_a_store_without_evaluations_and_an_unknown_project_make_no_folder(root, lake, tmp_path):
    with pytest.raises(NotFoundError, match="Did you mean 'reviews'"):
        export_delta(open_store(root), lake, project="review")
    with pytest.raises(NotFoundError, match="nothing to export"):
        export_delta(create_store(tmp_path / "empty"), lake)
    assert not lake.exists()


def test_a_damaged_record_is_named_and_nothing_is_exported(root, lake, monkeypatch):
    record = sorted((root / "commits").iterdir())[0]
    record.write_bytes(record.read_bytes()[:-20])
    monkeypatch.setenv("PLAINVIEW_CACHE", str(root.parent / "a cache that has not seen it sound"))
    with pytest.raises(DamagedError, match=record.name):
        export_delta(open_store(root), lake)
    assert not lake.exists()


def test_damaged_predictions_are_named_with_their_release_and_their_table_stays_as_it_was(root, lake):
    export_delta(open_store(root), lake)
    before = read(lake, "predictions/reviews")
    bad = put(frame(prediction=["no"] * 60), root, release="1.2")
    file = root / bad.predictions_file.key
    file.chmod(0o644)
    file.write_bytes(file.read_bytes()[:-1] + b"?")
    with pytest.raises(DamagedError, match=r"is damaged.*It belongs to reviews 1\.2"):
        export_delta(open_store(root), lake)
    assert_frame_equal(read(lake, "predictions/reviews"), before)
    assert not list(lake.glob("_staged*"))


def test_a_damaged_log_is_an_error_that_names_the_table(root, lake):
    export_delta(open_store(root), lake)
    for log in (lake / "results/_delta_log").iterdir():
        log.write_text("{")
    with pytest.raises(StoreError, match=f"The Delta table at {lake / 'results'} cannot be read"):
        export_delta(open_store(root), lake)


def test_without_the_extra_the_error_says_what_to_install(root, lake):
    code = (
        "import sys; sys.modules['deltalake'] = None; from plainview.cli import main; sys.argv[0] = 'plainview'; main()"
    )
    command = [sys.executable, "-c", code, "export-delta", str(lake), "--store", str(root)]
    found = subprocess.run(command, capture_output=True, text=True, timeout=60)
    assert found.returncode == 2
    assert "pip install 'plainview[delta]'" in " ".join(found.stderr.split())
    assert not lake.exists()


# The verb


def test_the_verb_says_what_it_did_to_each_table(root, lake):
    found = one_object(run("export-delta", lake, "--json", store=root))
    assert found["tables"][0]["name"] == "results"
    assert all(DeltaTable(each["path"]).version() == each["version"] == 0 for each in found["tables"])
    assert json.dumps(found).count('"removed": 0') == 5
    again = run("export-delta", lake, store=root)
    assert again.exit_code == 0
    assert "held what the store holds already" in again.stdout


def test_the_verb_exits_with_2_and_the_reason(root, lake):
    found = run("export-delta", lake, "--project", "sentimant", store=root)
    assert found.exit_code == 2
    assert "sentimant" in found.stderr
    assert not lake.exists()
