"""Frames that are hostile, and some that only look it: each row is a file, how it is made, and what must be said of it."""

import gzip
import io
import json
import struct
import zipfile
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import polars as pl
import pyarrow as pa
from pyarrow import ipc
from pyarrow import parquet as pq

ROWS = 40
SPECIFICATION = """project: hostile
task: classification
columns: {id: id, label: label}
metrics: [accuracy]
minimum_examples: 1
"""
OPENS = ("would open to", "PLAINVIEW_MAX_OPENED_BYTES")
HEADER = b"id,label,prediction,x\n"


@dataclass(frozen=True)
class Case:
    """One file. ``says`` are words of the error; without any, the file is to be published as plain text."""

    name: str
    build: Callable[[Path], object]
    says: tuple[str, ...] = ()


def rows(**columns) -> dict:
    """A small honest frame; ``columns`` replaces or adds some."""
    ids = [f"e{number:03}" for number in range(ROWS)]
    return {"id": ids, "label": ["a", "b"] * (ROWS // 2), "prediction": ["a"] * ROWS, **columns}


def csv(**columns) -> bytes:
    return pl.DataFrame(rows(**columns), strict=False).write_csv().encode()


def lines(*more: str) -> bytes:
    honest = [json.dumps({"id": f"e{n}", "label": "a", "prediction": "a", "x": 1}) for n in range(ROWS)]
    return "\n".join([*honest, *more]).encode()


def put(content: bytes) -> Callable[[Path], object]:
    return lambda path: path.write_bytes(content)


def late(content: Callable[[], bytes]) -> Callable[[Path], object]:
    """As ``put``, for content that is large enough to be made only when it is needed."""
    return lambda path: path.write_bytes(content())


def zipped(block: bytes, times: int, *, start: bytes = HEADER) -> Callable[[Path], object]:
    """A gzip file of one block again and again."""
    return lambda path: path.write_bytes(gzip.compress(start) + gzip.compress(block) * times)


def archive() -> bytes:
    sink = io.BytesIO()
    with zipfile.ZipFile(sink, "w") as file:
        file.writestr("xl/workbook.xml", "<workbook/>")
    return sink.getvalue()


# Parquet


def parquet(table: dict | pa.Table, *, times: int = 1, **options) -> Callable[[Path], object]:
    """A Parquet file of one group of rows again and again."""

    def build(path: Path) -> None:
        whole = table if isinstance(table, pa.Table) else pa.table(table)
        with pq.ParquetWriter(path, whole.schema, **{"compression": "zstd", **options}) as writer:
            for _ in range(times):
                writer.write_table(whole, row_group_size=1 << 30)

    return build


def repeated(text: str, times: int) -> pa.Array:
    return pa.DictionaryArray.from_arrays(pa.array([0], pa.int32()).take(pa.repeat(0, times)), pa.array([text]))


def late_table(table: Callable[[], dict | pa.Table], **options) -> Callable[[Path], object]:
    return lambda path: parquet(table(), **options)(path)


def varint(number: int) -> bytes:
    number, found = number << 1, b""
    while number > 127:
        found, number = found + bytes([number & 127 | 128]), number >> 7
    return found + bytes([number])


def lying(count: int, claimed: int, *, only_last: bool = False) -> Callable[[Path], object]:
    """A Parquet file of ``count`` rows whose footer claims another number."""

    def build(path: Path) -> None:
        parquet({"id": [str(n) for n in range(count)], "label": ["a"] * count}, compression="none")(path)
        data = path.read_bytes()
        start = len(data) - 8 - struct.unpack("<I", data[-8:-4])[0]
        footer, real, false = data[start:], varint(count), varint(claimed)
        assert len(real) == len(false)
        assert real in footer
        changed = false.join(footer.rsplit(real, 1)) if only_last else footer.replace(real, false)
        path.write_bytes(data[:start] + changed)

    return build


def cut(build: Callable[[Path], object], share: float) -> Callable[[Path], object]:
    """What another case builds, without its end."""

    def shortened(path: Path) -> None:
        build(path)
        data = path.read_bytes()
        path.write_bytes(data[: int(len(data) * share)])

    return shortened


# Arrow


def arrow(table: Callable[[], pa.Table], compression: str | None = None) -> Callable[[Path], object]:
    def build(path: Path) -> None:
        whole = table()
        options = ipc.IpcWriteOptions(compression=compression)
        with path.open("wb") as file, ipc.new_stream(file, whole.schema, options=options) as writer:
            writer.write_table(whole)

    return build


def misread(build: Callable[[Path], object], number: int, claimed: int) -> Callable[[Path], object]:
    """What another case builds, with each 64-bit ``number`` in it replaced by another one."""

    def changed(path: Path) -> None:
        build(path)
        data = path.read_bytes()
        assert struct.pack("<q", number) in data
        path.write_bytes(data.replace(struct.pack("<q", number), struct.pack("<q", claimed)))

    return changed


def shared_view(text: str, times: int) -> pa.Table:
    """Texts that are all the same part of one buffer."""
    view = struct.pack("<i4sii", len(text), text[:4].encode(), 0, 0)
    buffers = [None, pa.py_buffer(view * times), pa.py_buffer(text.encode())]
    return pa.table({"id": pa.Array.from_buffers(pa.string_view(), times, buffers)})


def lists_of_zeros(count: int, length: int) -> pa.Array:
    offsets = pa.array(range(0, count * length + 1, length), pa.int32())
    return pa.ListArray.from_arrays(offsets, pa.repeat(0, count * length))


def runs_of_one(length: int) -> pa.Array:
    return pa.RunEndEncodedArray.from_arrays(pa.array([length], pa.int32()), [1])


def nested(depth: int) -> pa.Array:
    array = pa.array([1] * ROWS)
    for _ in range(depth):
        array = pa.StructArray.from_arrays([array], ["a"])
    return array


BY_PREFIX = {"use_dictionary": False, "column_encoding": {"id": "DELTA_BYTE_ARRAY"}}
TEXTS = (
    Case("utf-16.csv", put(csv().decode().encode("utf-16")), ("UTF-16", "UTF-8")),
    Case("latin-1.csv", put(csv(x=["é"] * ROWS).decode().encode("latin-1")), ("line 2", "UTF-8")),
    Case("byte-order-mark.csv", put(b"\xef\xbb\xbf" + csv())),
    Case("nul.csv", put(csv(x=["a\0b"] * ROWS))),
    Case("empty.csv", put(b""), ("empty",)),
    Case("header-alone.csv", put(HEADER), ("no rows",)),
    Case("folder.csv", lambda path: path.mkdir(), ("folder;", "file was expected")),
    Case("mixed-types.csv", put(csv(x=["1", "true", "2024-01-01", "x"] * (ROWS // 4)))),
    Case("largest-numbers.csv", put(csv(x=["1e308", "-1e308", "inf", "NaN"] * (ROWS // 4)))),
    Case("same-name-twice.csv", put(b"id,label,label,prediction\n1,a,a,a\n"), ("'label'", "columns 2 and 3")),
    Case("5000-columns.csv", put(csv(**{f"c{n}": [n] * ROWS for n in range(5_000)}))),
    Case("100000-columns.csv", put(",".join(map(str, range(100_000))).encode() + b"\n1\n"), ("columns", "10,000")),
    Case("same-name-late.csv",
         put(",".join(["c", *map(str, range(99_998)), "c"]).encode() + b"\n1\n"), ("'c'", "twice")),
    Case("name-of-10-MB.csv", late(lambda: b"id,label,prediction," + b"x" * 10_000_000 + b"\n1,a,a,1\n"), ("line 1",)),
    Case("id-of-10-MB-twice.csv", late(lambda: HEADER + 2 * (b"x" * 10_000_000 + b",a,a,1\n")), ("repeated", "row")),
    Case("control-in-header.csv", put(csv(**{"a\x1b[2Jb": [1] * ROWS})), ("U+001B", "Rename")),
    Case("reversed-header.csv", put(csv(**{"a\u202eb": [1] * ROWS})), ("U+202E",)),
    Case("star-as-header.csv", put(csv(**{"*": [1] * ROWS})), ("'*'", "Rename")),
    Case("pattern-as-header.parquet", parquet(rows(**{"^.*$": [1] * ROWS})), ("'^.*$'", "Rename")),
    Case("path-as-header.csv", put(csv(**{"../../etc/passwd": ["../../x"] * ROWS}))),
    Case("formulas.csv", put(csv(**{"=cmd|' /C calc'!A0": ["=1+1", "+1", "-1", "@x"] * (ROWS // 4)}))),
    Case("markup.csv", put(csv(**{"<script>alert(1)</script>": ["<img src=x onerror=alert(1)>"] * ROWS}))),
    Case("open-quote.csv", late(lambda: HEADER + b'1,a,a,"x\n' + b"2,a,a,y\n" * 1_000_000), ("line 2", "quote")),
    Case("ragged.csv", late(lambda: HEADER + b"1,a,a,y\n" * 1_000_000 + b"2,a\n"), ("line 1000002", "2 fields")),
    Case("zstd.csv", put(b"\x28\xb5\x2f\xfd" + bytes(100)), ("zstd", "unpack")),
    Case("workbook.csv", put(archive()), ("Excel", "CSV")),
    Case("plain.csv.gz", put(csv()), ("not gzip",)),
    Case("cut-off.csv.gz", put(gzip.compress(csv())[:-12]), ("cut off",)),
    Case("rows.csv.gz", zipped(b"1,a,a,1\n" * 131_072, 1_000), OPENS),
    Case("one-field.csv.gz", zipped(b"x" * (1 << 20), 1_000), OPENS),
    Case("line-breaks.csv.gz", zipped(b"\n" * (1 << 20), 1_000), OPENS),
    Case("commas.csv.gz", zipped(b"," * (1 << 20), 1_000), OPENS),
    Case("fields.csv.gz", zipped(b"1,a,a,1\n" * 131_072, 40), OPENS),
    Case("members.csv.gz", put(gzip.compress(csv()) + gzip.compress(b"") * 40_000)),
    Case("no-format.exe", put(b"MZ"), ("no known format",)),
    Case("byte-order-mark.jsonl", put(b"\xef\xbb\xbf" + lines())),
    Case("utf-16.jsonl", put(lines().decode().encode("utf-16")), ("UTF-16",)),
    Case("mixed-types.jsonl", put(lines('{"id": "z", "label": "b", "prediction": "b", "x": "text"}'))),
    Case("not-finite.jsonl", put(lines('{"id": "z", "x": NaN}')), ("line 41", "NaN")),
    Case("beyond-floats.jsonl", put(lines('{"id": "z", "x": 1e999}')), ("line 41", "1e999")),
    Case("a-list.jsonl", put(b"[1, 2]\n"), ("line 1", "object")),
    Case("key-twice.jsonl", put(lines('{"id": "z", "x": 1, "x": 2}'))),
    Case("line-of-100-MB.jsonl", late(lambda: b'{"id": "' + b"x" * 100_000_000 + b'"}'), ("line 1", "bytes")),
    Case("lists-in-lists.jsonl", put(lines('{"x": ' + "[" * 100_000 + "]" * 100_000 + "}")), ("line 41", "deep")),
    Case("objects-in-objects.jsonl", put(b'{"x": ' * 100_000 + b"1" + b"}" * 100_000), ("line 1", "deep")),
    Case("brackets-in-text.jsonl",
         put(lines('{"id": "z", "label": "a", "prediction": "a", "y": "' + "[" * 9_999 + '"}'))),
    Case("hidden-depth.jsonl",
         put(b'{"y": "' + b"]" * 9_999 + b'", "x": ' + b"[" * 9_999 + b"]" * 9_999 + b"}"), ("deep",)),
    Case("other-keys.jsonl", put("\n".join(f'{{"k{n}": 1}}' for n in range(20_000)).encode()), OPENS),
    Case("inner-keys.jsonl", put("\n".join(f'{{"x": {{"k{n}": 1}}}}' for n in range(20_000)).encode()), OPENS),
    Case("rows.jsonl.gz", zipped(b'{"a": 1}\n' * 116_508, 1_000, start=b""), OPENS),
)  # fmt: skip

BINARIES = (
    Case("empty.parquet", put(b""), ("empty.parquet",)),
    Case("folder.parquet", lambda path: path.mkdir(), ("folder;", "file was expected")),
    Case("no-rows.parquet", parquet({"id": pa.array([], pa.string())}), ("no rows",)),
    Case("cut-off.parquet", cut(parquet(rows()), 0.7), ("could not be read",)),
    Case("footer-alone.parquet", put(b"PAR1" + struct.pack("<I", 2**31 - 1) + b"PAR1"), ("could not be read",)),
    Case("more-rows-claimed.parquet", lying(123_456, 1_000_000), ("footer",)),
    Case("fewer-rows-claimed.parquet", lying(123_456, 20_000), ("footer",)),
    Case("total-misclaimed.parquet", lying(123_456, 1_000_000, only_last=True), ("footer",)),
    Case("one-long-text.parquet",
         parquet({"id": pa.array(range(200_000)), "x": repeated("x" * 8_000, 200_000)}), ("would open to 1.61 GB",)),
    Case("one-long-list.parquet", late_table(lambda: {"x": lists_of_zeros(50_000, 1_000)}, times=20), OPENS),
    Case("prefixes.parquet",
         late_table(lambda: {"id": ["x" * 200_000] * 2_000}, **BY_PREFIX), OPENS),
    Case("runs.parquet",
         late_table(lambda: {"x": pa.repeat(1, 1_000_000), "y": pa.repeat(1, 1_000_000)}, times=200), OPENS),
    Case("nulls.parquet", late_table(lambda: {"x": pa.nulls(10_000_000, pa.string())}, times=20), OPENS),
    Case("one-page.parquet",
         late_table(lambda: {"x": pa.repeat(0, 40_000_000)}, use_dictionary=False, data_page_size=1 << 30), OPENS),
    Case("20000-columns.parquet", late_table(lambda: {f"c{n}": [1] for n in range(20_000)}), ("10,000",)),
    Case("5000-columns.parquet", late_table(lambda: rows(**{f"c{n}": [1] * ROWS for n in range(5_000)}))),
    Case("same-name-twice.parquet", late_table(lambda: pa.table([pa.array(["a"])] * 2, names=["id", "id"])), ("id",)),
    Case("deep.parquet", late_table(lambda: {"x": nested(300)}), ("nested more than 100",)),
    Case("control-in-name.parquet", parquet(rows(**{"a\nb": [1] * ROWS})), ("U+000A",)),
    Case("not-finite.parquet", parquet(rows(x=[float("nan"), float("inf"), 1e308, None] * (ROWS // 4)))),
    Case("bytes.parquet", parquet(rows(x=[b"\xff\0"] * ROWS)), ("'x'", "Binary")),
    Case("empty.arrow", put(b""), ("could not be read",)),
    Case("cut-off.arrow", cut(arrow(lambda: pa.table(rows())), 0.6), ("could not be read",)),
    Case("zeros.arrow", arrow(lambda: pa.table({"x": pa.repeat(0, 40_000_000)}), "zstd"), OPENS),
    Case("length-misclaimed.arrow",
         misread(arrow(lambda: pa.table({"x": pa.repeat(7, 12_345)}), "zstd"), 8 * 12_345, 1 << 40), ("would open to 1.1 TB",)),
    Case("rows-misclaimed.arrow",
         misread(arrow(lambda: pa.table({"x": pa.repeat(7, 12_345)})), 12_345, 1 << 40), OPENS),
    Case("few-more-rows.arrow",
         misread(arrow(lambda: pa.table({"x": pa.repeat(7, 12_345)})), 12_345, 20_000), ("could not be read",)),
    Case("one-long-text.arrow", arrow(lambda: pa.table({"x": repeated("x" * 1_000_000, 1_000_000)}), "zstd"), OPENS),
    Case("one-long-view.arrow", arrow(lambda: shared_view("x" * 1_000_000, 1_000_000), "zstd"), OPENS),
    Case("runs.arrow",
         arrow(lambda: pa.table({"x": runs_of_one(1 << 30)})), ("runs.arrow",)),
    Case("deep.arrow", arrow(lambda: pa.table({"x": nested(60)})), ("deep",)),
    Case("feather-1.feather", put(b"FEA1" + bytes(100)), ("version 1",)),
)  # fmt: skip
