"""Hostile files and names: refused with a reason or taken as plain text, in bounded memory and time, and never a crash."""

import gzip
import json
import os
import subprocess
import sys
from pathlib import Path

import polars as pl
import pyarrow as pa
import pytest
from hostile_cases import BINARIES, TEXTS, arrow, csv, lines, parquet, rows
from hostile_texts import DATASETS, NAMES, RESULTS, SPECIFICATIONS, coco, specified
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from plainview.exceptions import FrameError, InputError, PlainviewError, cut, nearest, shown
from plainview.frames import FORMATS, read_frame
from plainview.importers.coco import read_coco
from plainview.opening.limits import VARIABLE, allowance, spoken_bytes
from plainview.specification import load_specification

CORPUS = {case.name: case for case in (*TEXTS, *BINARIES, *SPECIFICATIONS, *DATASETS, *NAMES)}
MEGABYTES, SECONDS = 512, 5
PATIENCE = 4  # times as long where tests share a machine; benchmarks/hostile.py holds the bound itself
linux = pytest.mark.skipif(not sys.platform.startswith("linux"), reason="peaks of memory are read from /proc")


@pytest.fixture(scope="module")
def outcomes(tmp_path_factory):
    """What the command line did with every case, in a process of its own."""
    folder = tmp_path_factory.mktemp("hostile")
    tests = Path(__file__).parent
    environment = {**os.environ, "PYTHONPATH": str(tests), "PLAINVIEW_CACHE": str(folder / "cache"), "COLUMNS": "200"}
    command = [sys.executable, str(tests / "hostile_run.py"), str(folder)]
    done = subprocess.run(command, capture_output=True, text=True, env=environment, check=False)
    found = [json.loads(line) for line in done.stdout.splitlines()]
    assert done.returncode == 0, f"stopped after {found[-1:]}: {done.stderr[-2000:]}"
    return {each["name"]: each for each in found}


@linux
@pytest.mark.parametrize("name", CORPUS)
def test_what_is_hostile_is_refused_with_a_reason_or_is_plain_text(outcomes, name):
    found, says = outcomes[name], CORPUS[name].says
    said = " ".join(found["said"].split())
    assert found["code"] == (2 if says else 0), f"{found['crash']} {said}"
    assert all(word in said for word in says), said
    assert len(said) < 4_000
    assert all(character.isprintable() for character in said)
    assert found["written"] == 0 or not says
    assert found["listed"] in (None, 0)
    assert found["megabytes"] <= MEGABYTES
    assert found["seconds"] <= SECONDS * PATIENCE


def test_what_a_file_may_open_to_can_be_raised_and_lowered(tmp_path, monkeypatch):
    path = tmp_path / "rows.parquet"
    parquet({"id": pa.array(range(3_000_000)), "x": pa.repeat("a long text that is always the same", 3_000_000)})(path)
    assert path.stat().st_size > 1_000_000
    monkeypatch.setenv(VARIABLE, "50000000")
    with pytest.raises(FrameError, match=r"would open to .* or more; at most 50 MB were expected"):
        read_frame(path)
    monkeypatch.setenv(VARIABLE, "1000000000")
    assert read_frame(path).height == 3_000_000
    monkeypatch.setenv(VARIABLE, "much")
    with pytest.raises(InputError, match="PLAINVIEW_MAX_OPENED_BYTES is 'much'; a whole number of bytes"):
        read_frame(path)


def test_a_large_honest_file_opens_however_well_it_is_packed(tmp_path):
    count = 3_000_000
    labels = pl.Series(["negative", "positive"]).gather(pl.int_range(count, eager=True) % 2)
    frame = pl.DataFrame({"id": pl.int_range(count, eager=True), "label": labels, "prediction": labels.reverse()})
    frame.write_parquet(tmp_path / "rows.parquet")
    assert (tmp_path / "rows.parquet").stat().st_size * 4 < frame.estimated_size()
    assert read_frame(tmp_path / "rows.parquet").height == count


def test_more_bytes_open_to_more_and_little_files_to_a_floor():
    assert allowance(0) == allowance(1_000_000) == 256 << 20
    assert allowance(1 << 30) == 100 << 30
    assert [spoken_bytes(n) for n in (874, 12_000, 1_600_000_000)] == ["874 bytes", "12 kB", "1.6 GB"]


def test_long_names_are_cut_in_errors_and_soon_compared():
    assert cut("x" * 300) == "x" * 199 + "…"
    assert shown("x" * 300) == repr("x" * 79 + "…")
    assert len(nearest("y" * 1_000_000, ["z" * 1_000_000] * 100_000)) < 4_000
    assert nearest("acuracy" + "x" * 10, ["accuracy" + "x" * 10]) == "Did you mean 'accuracyxxxxxxxxxx'?"


# Whatever the bytes are: a frame, or an error of ours.


def found_or_refused(read, longest: int = 2_000):
    """What ``read`` gives; None where it raises an error of ours, which is short. Any other error goes through."""
    try:
        return read()
    except PlainviewError as error:
        said = str(error)
    assert len(said) < longest
    return None


def honest(suffix: str, folder: Path) -> bytes:
    """A small file of this format to start from."""
    path = folder / f"honest{suffix}"
    if suffix == ".parquet":
        parquet(rows(x=[1.5, None] * 20, y=[["a"], []] * 20))(path)
    elif suffix in (".arrow", ".feather", ".ipc"):
        table = pa.table(rows(x=[1.5, None] * 20, y=pa.array(["a", "b"] * 20).dictionary_encode()))
        arrow(lambda: table, "zstd" if suffix == ".arrow" else None)(path)
        if suffix == ".ipc":
            pl.DataFrame(rows(x=[["a"], None] * 20)).write_ipc(path)
    elif "jsonl" in suffix or "ndjson" in suffix:
        path.write_bytes(lines('{"id": "z", "x": [1, {"a": "é"}]}'))
    else:
        path.write_bytes(csv(x=['"', "a,b", "2024-01-01", None] * 10))
    return path.read_bytes()


changes = st.lists(
    st.tuples(st.floats(0, 1), st.sampled_from(["flip", "insert", "cut", "repeat", "zero"]), st.binary(max_size=9)),
    max_size=6,
)


def damaged(data: bytes, changes: list[tuple[float, str, bytes]]) -> bytes:
    """The bytes after some accidents."""
    for share, kind, more in changes:
        at = int(share * len(data))
        if kind == "flip" and data:
            at = min(at, len(data) - 1)
            data = data[:at] + bytes([data[at] ^ (more[0] if more else 255)]) + data[at + 1 :]
        elif kind == "cut":
            data = data[:at]
        elif kind == "zero":
            data = data[:at] + bytes(len(more)) + data[at + len(more) :]
        else:
            data = data[:at] + (more if kind == "insert" else data[max(0, at - 50) : at] * 2) + data[at:]
    return data


@pytest.mark.filterwarnings("ignore")
@pytest.mark.parametrize("suffix", [*FORMATS, ".tsv.gz", ".ndjson.gz"])
@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(changes=changes, noise=st.one_of(st.none(), st.binary(max_size=300)))
def test_whatever_a_file_holds_reading_it_gives_a_frame_or_an_error_of_ours(suffix, changes, noise, tmp_path):
    content = damaged(honest(suffix, tmp_path), changes) if noise is None else noise
    path = tmp_path / f"damaged{suffix}"
    path.write_bytes(gzip.compress(content, 1) if suffix.endswith(".gz") and noise is None else content)
    frame = found_or_refused(lambda: read_frame(path, id_column="id"))
    assert frame is None or len(frame.hash_rows()) > 0  # every value is there, and of its type


words = st.sampled_from(
    ["project", "task", "columns", "metrics", "accuracy", "id", "label", "{", "}", "[", "]", ": ", "- ", "\n", "  ", "&a ",
     "*a", "!", "|", ">", "'", '"', "#", "%", "? ", "---", "...", "1e9", "~", "\t", "\x85", "\u2028", "é", "😀", "behaviours",
     "scenarios", "where", "requirements", "at_least", "margin", "recall[a]"]
)  # fmt: skip


@settings(max_examples=300, deadline=None)
@given(st.one_of(st.text(max_size=200), st.lists(words, max_size=40).map("".join)), st.booleans())
def test_whatever_a_text_says_it_is_a_specification_or_an_error_of_ours(text, follows):
    text = specified("").decode() + text if follows else text + "\n"
    found = found_or_refused(lambda: load_specification(text), longest=20_000)
    assert found is None or found.text == text


json_values = st.recursive(
    st.one_of(st.none(), st.booleans(), st.integers(), st.floats(), st.text(max_size=5)),
    lambda inner: st.one_of(st.lists(inner, max_size=4), st.dictionaries(st.text(max_size=5), inner, max_size=4)),
    max_leaves=8,
)
parts = st.sampled_from(["images", "annotations", "categories"])
fields = st.sampled_from(["id", "image_id", "category_id", "bbox", "score", "name", "file_name", "attributes", "label"])


@settings(max_examples=200, deadline=None)
@given(parts, fields, json_values, st.booleans(), st.booleans())
def test_whatever_a_dataset_holds_it_is_a_frame_or_an_error_of_ours(part, field, value, whole, in_results):
    truth, results = json.loads(coco()), json.loads(RESULTS)
    if in_results:
        results = value if whole else [{**results[0], field: value}]
    elif whole:
        truth[part] = value
    else:
        truth[part][0][field] = value
    found = found_or_refused(lambda: read_coco(truth, results))
    assert found is None or found.height > 0


@settings(max_examples=100, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(changes=changes)
def test_whatever_the_bytes_of_a_dataset_are_it_is_a_frame_or_an_error_of_ours(changes, tmp_path):
    (tmp_path / "truth.json").write_bytes(damaged(coco(), changes))
    (tmp_path / "results.json").write_text(RESULTS)
    found = found_or_refused(lambda: read_coco(tmp_path / "truth.json", tmp_path / "results.json"))
    assert found is None or found.height > 0
