"""Tables come back as they were written, or not at all: never other numbers."""

import hashlib
import os
import random
from datetime import date, datetime

import polars as pl
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from polars.testing import assert_frame_equal
from store_cases import own_cache  # noqa: F401

from plainview.exceptions import DamagedError, FrameError, InputError
from plainview.records import StoredFile
from plainview.store import tables
from plainview.store.adapters.folder import FolderAdapter
from plainview.store.digests import content_digest
from plainview.store.keys import table_key
from plainview.store.tables import read_batches, read_table, write_table
from plainview.store.verified import Verified

FRAME = pl.DataFrame(
    {
        "id": [f"e{number:05}" for number in range(5000)],
        "text": ["good" if number % 3 else None for number in range(5000)],
        "n": [number * 7919 % 1000 for number in range(5000)],
        "x": [number / 3 if number % 5 else None for number in range(5000)],
        "yes": [number % 2 == 0 for number in range(5000)],
        "day": [date(2024, 1, 1 + number % 28) for number in range(5000)],
        "at": [datetime(2024, 1, 1, 12, number % 60) for number in range(5000)],
        "boxes": [[float(number), 1.5] if number % 4 else None for number in range(5000)],
    }
)


@pytest.fixture
def adapter(tmp_path):
    folder = FolderAdapter(tmp_path / "store")
    folder.initialise()
    return folder


@pytest.fixture
def verified():
    return Verified()


def stored(adapter, data, rows):
    """A file that a hostile publisher made: the digest is right, the content is not what it should be."""
    sha256 = hashlib.sha256(data).hexdigest()
    file = StoredFile(key=table_key("examples", sha256), sha256=sha256, bytes=len(data), rows=rows)
    adapter.put(file.key, data)
    return file


def test_a_table_comes_back_as_it_was(adapter, verified):
    file = write_table(adapter, "examples", FRAME)
    data = adapter.get(file.key)
    assert (file.sha256, file.bytes, file.rows) == (hashlib.sha256(data).hexdigest(), len(data), 5000)
    assert file.key == f"data/examples/{file.sha256}.parquet"
    assert_frame_equal(read_table(adapter, file, verified=verified), FRAME)
    assert write_table(adapter, "examples", FRAME) == file


def test_columns_come_in_the_order_asked_for(adapter, verified):
    file = write_table(adapter, "examples", FRAME.with_columns(pl.col("n").alias("n.m")))
    assert_frame_equal(read_table(adapter, file, verified=verified, columns=["x", "id", "x"]), FRAME.select("x", "id"))
    assert read_table(adapter, file, verified=verified, columns=["n"]).columns == ["n"]
    with pytest.raises(InputError, match=r"no column 'txt' .* Did you mean 'text'"):
        read_table(adapter, file, verified=verified, columns=["txt"])


@pytest.mark.parametrize("frame", [FRAME.clear(), FRAME.head(1), FRAME.slice(4_990)])
def test_small_and_empty_tables_keep_their_types(adapter, verified, frame):
    assert_frame_equal(read_table(adapter, write_table(adapter, "examples", frame), verified=verified), frame)


def test_batches_are_gathered_into_groups_and_read_in_bounded_batches(adapter, verified):
    batches = pa.table({"n": list(range(400_000))}).to_batches(max_chunksize=1_000)
    file = write_table(adapter, "predictions", iter(batches))
    footer = pq.read_metadata(adapter.root / file.key)
    assert [footer.row_group(n).num_rows for n in range(footer.num_row_groups)] == [131_000, 131_000, 131_000, 7_000]
    sizes = [batch.num_rows for batch in read_batches(adapter, file, verified=verified)]
    assert sum(sizes) == 400_000
    assert max(sizes) <= tables.BATCH_ROWS


@settings(max_examples=40, deadline=None)
@given(
    st.lists(st.fixed_dictionaries({"s": st.none() | st.text(), "x": st.none() | st.floats(), "n": st.integers(-9, 9)}))
)
def test_any_rows_survive(tmp_path_factory, rows):
    folder = FolderAdapter(tmp_path_factory.mktemp("any") / "store")
    folder.initialise()
    frame = pl.DataFrame(rows, schema={"s": pl.String, "x": pl.Float64, "n": pl.Int64})
    back = read_table(folder, write_table(folder, "examples", frame), verified=Verified())
    assert content_digest(back) == content_digest(frame)


def test_a_failed_write_leaves_nothing(adapter):
    def batches():
        yield from FRAME.select("n").to_arrow().to_batches()
        raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        write_table(adapter, "examples", batches())
    with pytest.raises(FrameError):
        write_table(adapter, "examples", pl.DataFrame({"t": [b"x"]}))
    assert not [path for path in adapter.root.rglob("*") if path.is_file()]


def damage(path, how):
    """Flip one bit or cut the end off, without leaving a trace in the times."""
    before, data = path.stat(), bytearray(path.read_bytes())
    if how.random() < 0.75:
        data[how.randrange(len(data))] ^= 1 << how.randrange(8)
    else:
        del data[how.randrange(len(data)) :]
    path.write_bytes(data)
    os.utime(path, ns=(before.st_atime_ns, before.st_mtime_ns))


@pytest.mark.parametrize("always_hashed", [4 << 20, 0], ids=["small", "large"])
def test_a_flipped_or_truncated_file_is_never_read(adapter, monkeypatch, always_hashed):
    monkeypatch.setattr("plainview.store.verified.SMALL", always_hashed)
    file = write_table(adapter, "examples", FRAME)
    path, how = adapter.root / file.key, random.Random(7)
    sound = path.read_bytes()
    for _ in range(300):
        damage(path, how)
        with pytest.raises(DamagedError, match=file.key):
            read_table(adapter, file, verified=Verified())
        path.write_bytes(sound)
    assert_frame_equal(read_table(adapter, file, verified=Verified()), FRAME)


def test_a_large_file_that_was_found_right_and_rots_later_never_gives_other_numbers(adapter, verified, monkeypatch):
    monkeypatch.setattr("plainview.store.verified.SMALL", 0)
    monkeypatch.setattr("plainview.store.verified.BLOCK", 1024)
    file = write_table(adapter, "examples", FRAME)
    path, how, wrong = adapter.root / file.key, random.Random(11), 0
    sound = path.read_bytes()
    times = path.stat()
    read_table(adapter, file, verified=verified)
    for _ in range(400):
        damage(path, how)
        try:
            frame = read_table(adapter, file, verified=verified)
        except DamagedError:
            frame = FRAME
        wrong += not frame.equals(FRAME)
        path.write_bytes(sound)
        os.utime(path, ns=(times.st_atime_ns, times.st_mtime_ns))
    assert wrong == 0


def test_a_column_of_a_large_file_does_not_change_its_name_by_rot(adapter, verified, monkeypatch):
    """No page checksum covers the footer."""
    monkeypatch.setattr("plainview.store.verified.SMALL", 0)
    file = write_table(adapter, "examples", FRAME)
    path = adapter.root / file.key
    read_table(adapter, file, verified=verified)
    data, times = path.read_bytes(), path.stat()
    assert b"text" in data[-4000:]
    path.write_bytes(data.replace(b"text", b"tuxt"))
    os.utime(path, ns=(times.st_atime_ns, times.st_mtime_ns))
    with pytest.raises(DamagedError, match="do not match their SHA-256"):
        read_table(adapter, file, verified=verified, columns=["tuxt"])


def test_a_large_file_is_hashed_whole_once_and_again_after_it_was_replaced(adapter, verified, monkeypatch):
    monkeypatch.setattr("plainview.store.verified.SMALL", 0)
    file, opened = write_table(adapter, "examples", FRAME), []
    monkeypatch.setattr(adapter, "open", lambda key: (opened.append(key), FolderAdapter.open(adapter, key))[1])
    counts = []
    for _ in range(3):
        read_table(adapter, file, verified=verified)
        counts.append(len(opened))
    adapter.put(file.key, adapter.get(file.key))
    read_table(adapter, file, verified=verified)
    assert [*counts, len(opened)] == [2, 3, 4, 6]  # once to hash and once to read; then to read


def test_only_what_is_asked_for_is_read_from_a_large_file(adapter, verified, monkeypatch):
    monkeypatch.setattr("plainview.store.verified.SMALL", 0)
    monkeypatch.setattr("plainview.store.verified.BLOCK", 4096)
    digests = [hashlib.sha256(b"%d" % number).hexdigest() for number in range(10_000)]
    frame = pl.DataFrame({"id": digests, "n": range(10_000)})
    file = write_table(adapter, "examples", frame)
    read_table(adapter, file, verified=verified)
    path = adapter.root / file.key
    data, times = bytearray(path.read_bytes()), path.stat()
    data[len(data) // 4] ^= 1  # among the ids
    path.write_bytes(data)
    os.utime(path, ns=(times.st_atime_ns, times.st_mtime_ns))
    assert_frame_equal(read_table(adapter, file, verified=verified, columns=["n"]), frame.select("n"))
    with pytest.raises(DamagedError):
        read_table(adapter, file, verified=verified, columns=["id"])


def test_a_missing_file_is_named(adapter, verified):
    file = write_table(adapter, "examples", FRAME)
    adapter.delete(file.key)
    with pytest.raises(DamagedError, match=r"is missing from the store"):
        read_table(adapter, file, verified=verified)


@pytest.mark.parametrize(
    "data", [b"", b"PAR1", b"PAR1" * 3, b"PAR1" + bytes(2000) + b"\xff\xff\xff\x7fPAR1", b"id,label\n1,a\n"]
)
def test_what_is_no_table_is_damaged(adapter, verified, data):
    with pytest.raises(DamagedError):
        read_table(adapter, stored(adapter, data, 1), verified=verified)


def test_a_footer_that_lies_about_its_rows_is_damaged(adapter, verified):
    data = adapter.get(write_table(adapter, "examples", FRAME).key)
    for rows in (0, 1, 4_999, 5_001, 10**12):
        with pytest.raises(DamagedError, match="rows"):
            read_table(adapter, stored(adapter, data, rows), verified=verified)


def parquet(table, **options):
    sink = pa.BufferOutputStream()
    pq.write_table(table, sink, compression="zstd", **options)
    return sink.getvalue().to_pybytes()


def test_a_bomb_is_damaged_before_it_opens(adapter, verified, monkeypatch):
    """512 MiB is the real floor; a thousandth of it makes the same test quick."""
    monkeypatch.setattr(tables, "MEMORY_FLOOR", 512 << 10)
    honest = parquet(pa.table({"n": pa.array([0] * 300_000)}), use_dictionary=False)
    repeated = parquet(pa.table({"s": pa.array(["x" * 20_000] * 1_000, pa.large_string())}))
    for data, rows, message in ((honest, 300_000, "claim to open"), (repeated, 1_000, "it opens to more")):
        assert len(data) < 20_000
        with pytest.raises(DamagedError, match=message):
            read_table(adapter, stored(adapter, data, rows), verified=verified)
