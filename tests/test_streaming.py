"""Publishing what does not fit into memory: the same evaluation as from memory, and the same errors."""

import numpy as np
import polars as pl
import pytest

from plainview import spill, streaming
from plainview.publishing import publish
from plainview.store import open_store

DEMANDED = """
project: p
task: classification
columns: {id: id, label: label, score: score}
metrics: [accuracy, macro_f1, 'recall[b]']
behaviours:
  - name: B
    scenarios:
      - {name: Long, where: words > 20}
      - {name: Pinned, ids: ['9', 'x 11']}
"""


def _rows(rows=3_000):
    random = np.random.default_rng(5)
    label = random.choice(["a", "b", "ü"], rows)
    wrong = random.random(rows) < 0.2
    return pl.DataFrame(
        {
            "id": [f"x {row}" if row % 3 else str(row) for row in random.permutation(rows)]
            if rows > 20
            else ["7", "x 11"],
            "label": label,
            "prediction": np.where(wrong, "a", label),
            "score": random.random(rows),
            "words": random.integers(0, 40, rows),
            "waited": np.where(wrong, np.nan, random.random(rows)),
        }
    ).with_columns(
        pl.when(pl.int_range(rows) % 50 == 3).then(None).otherwise(pl.col("label")).alias("label"),
        pl.when(pl.int_range(rows) % 70 == 3).then(None).otherwise(pl.col("prediction")).alias("prediction"),
    )


@pytest.fixture
def small(monkeypatch):
    """Files of so few rows count as large, and ranges and batches are small."""
    monkeypatch.setattr(streaming, "IN_MEMORY_ROWS", 1)
    monkeypatch.setattr(streaming, "BATCH_ROWS", 170)
    monkeypatch.setattr(spill, "RANGE_ROWS", 400)


def _published(path, store, demanded=DEMANDED, **more):
    return publish(path, specification=demanded, release="1", store=store, **more)


def test_an_evaluation_that_was_streamed_is_the_same_to_the_byte(tmp_path, small, monkeypatch):
    _rows().write_parquet(tmp_path / "rows.parquet", row_group_size=333)
    streamed = _published(tmp_path / "rows.parquet", tmp_path / "one")
    assert streaming.is_large(tmp_path / "rows.parquet")
    monkeypatch.setattr(streaming, "IN_MEMORY_ROWS", 10_000)
    whole = _published(tmp_path / "rows.parquet", tmp_path / "other")
    assert streamed.publish_key == whole.publish_key
    assert streamed.test_set == whole.test_set
    assert streamed.missing_predictions == whole.missing_predictions > 0
    one, other = open_store(tmp_path / "one"), open_store(tmp_path / "other")
    assert one.examples(streamed).equals(other.examples(whole))
    assert one.predictions(streamed).equals(other.predictions(whole))
    assert one.results(streamed) == other.results(whole)


def test_an_evaluation_that_was_streamed_can_be_published_again_from_memory(tmp_path, small):
    _rows().write_parquet(tmp_path / "rows.parquet")
    first = _published(tmp_path / "rows.parquet", tmp_path / "store")
    assert _published(pl.read_parquet(tmp_path / "rows.parquet"), tmp_path / "store").id == first.id


@pytest.mark.parametrize(
    ("spoilt", "message"),
    [
        (pl.when(pl.int_range(pl.len()) == 2000).then(None).otherwise(pl.col("id")).alias("id"), "no id .* row 2,001"),
        (pl.when(pl.int_range(pl.len()) < 2).then(pl.lit("9")).otherwise(pl.col("id")).alias("id"), "repeated .*'9'"),
        (pl.lit(None, pl.String).alias("label"), "holds no label at all"),
        (pl.lit(None, pl.String).alias("prediction"), "holds no prediction at all"),
        (pl.col("id").str.replace("^x 11$", "gone"), "pins 1 of 2 ids .*'x 11'"),
        (pl.col("words").alias("weeks"), None),
        (pl.col("words").cast(pl.String), "words"),
    ],
)
def test_what_is_wrong_with_a_large_file_is_said_and_nothing_is_written(tmp_path, small, spoilt, message):
    rows = _rows().with_columns(spoilt)
    rows.write_parquet(tmp_path / "rows.parquet")
    if message is None:
        assert "weeks" in _published(tmp_path / "rows.parquet", tmp_path / "store").test_set.columns
        return
    with pytest.raises(ValueError, match=message):
        _published(tmp_path / "rows.parquet", tmp_path / "store")
    assert not (tmp_path / "store").exists()


def test_a_large_file_without_the_id_column_names_the_nearest(tmp_path, small):
    _rows().rename({"id": "idd"}).write_parquet(tmp_path / "rows.parquet")
    with pytest.raises(ValueError, match=r"idd"):
        _published(tmp_path / "rows.parquet", tmp_path / "store")


def test_nothing_is_left_behind_on_the_disk(tmp_path, small, monkeypatch):
    monkeypatch.setenv("TMPDIR", str(tmp_path))
    import tempfile

    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    _rows().write_parquet(tmp_path / "rows.parquet")
    _published(tmp_path / "rows.parquet", tmp_path / "store")
    assert sorted(path.name for path in tmp_path.iterdir()) == ["rows.parquet", "store"]
