"""Sums as bytes and back, exactly: from one machine to another, and into the store.

An Arrow file with a row for each (part, cell, term, level), and the scenarios' integers as a list; rows that are carried
along stand in a second file. Equal sums have equal bytes, however the rows arrived.
"""

import io
import json
from collections.abc import Mapping

import numpy as np
import pyarrow as pa

from plainview.exceptions import DamagedError
from plainview.kernel import Rows, Sums

_HEAD = 8  # bytes of the length that stands before each section


def to_bytes(measured: Mapping[str, Sums]) -> bytes:
    """The sums of every part of a task, as `evaluation.measure` gives them."""
    about = {
        name: {
            "scenarios": one.scenarios,
            "clustered": one.clustered,
            "rows": one.rows is not None,
            "terms": sorted({term for _, term, _ in one.parts}),
        }
        for name, one in sorted(measured.items())
    }
    sections = [json.dumps(about).encode(), _written(_summed(measured))]
    sections += [_written(_carried(one.rows.ordered())) for _, one in sorted(measured.items()) if one.rows]
    return b"".join(len(section).to_bytes(_HEAD, "little") + section for section in sections)


def from_bytes(data: bytes) -> dict[str, Sums]:
    """The sums that `to_bytes` was given. Raises DamagedError where the bytes are none of its."""
    try:
        about, summed, *carried = _sections(data)
        found = json.loads(about)
        parts: dict[str, dict] = {name: {} for name in found}
        for row in _read(summed).to_pylist():
            parts[row["part"]][tuple(row["cell"]), row["term"], row["level"]] = np.array(row["sums"], dtype=float)
        for name, of in found.items():  # a term that is 0 everywhere is there all the same
            for cell, _, _ in [*parts[name]][:1]:
                for term in of["terms"]:
                    parts[name].setdefault((cell, term, 0), np.zeros(of["scenarios"]))
        rows = iter(carried)
        return {
            name: Sums(of["scenarios"], parts[name], of["clustered"], _rows(next(rows)) if of["rows"] else None)
            for name, of in found.items()
        }
    except (ValueError, KeyError, TypeError, StopIteration, pa.ArrowException) as error:
        raise DamagedError("These bytes are not sums, or not all of them.") from error


def _summed(measured: Mapping[str, Sums]) -> pa.Table:
    rows = [
        (part, list(cell), term, level, values)
        for part, one in sorted(measured.items())
        for (cell, term, level), values in sorted(one.parts.items(), key=lambda item: _order(item[0]))
        if term == "" or values.any()  # what chunks left of each other's numbers may come to 0
    ]
    part, cell, term, level, values = zip(*rows, strict=True) if rows else ((),) * 5
    return pa.table(
        {
            "part": pa.array(part, pa.string()),
            "cell": pa.array(cell, pa.list_(pa.string())),
            "term": pa.array(term, pa.string()),
            "level": pa.array(level, pa.int32()),
            "sums": pa.array([list(each) for each in values], pa.list_(pa.float64())),
        }
    )


def _order(key: tuple) -> tuple:
    cell, term, level = key
    return [(value is not None, value or "") for value in cell], term, level


def _carried(rows: Rows) -> pa.Table:
    members = pa.FixedSizeBinaryArray.from_buffers(
        pa.binary(rows.members.shape[1]), len(rows.members), [None, pa.py_buffer(np.ascontiguousarray(rows.members))]
    )
    return pa.table({f"value {name}": rows.values[name] for name in sorted(rows.values)} | {"members": members})


def _rows(section: bytes) -> Rows:
    table = _read(section).combine_chunks()
    width = table.schema.field("members").type.byte_width
    members = _octets(table, width)
    values = {name.removeprefix("value "): _values(table[name]) for name in table.column_names if name != "members"}
    return Rows(values, members)


def _octets(table: pa.Table, width: int) -> np.ndarray:
    members = table["members"].combine_chunks()
    held = np.frombuffer(members.buffers()[1] or b"", np.uint8, len(members) * width, members.offset * width)
    return held.reshape(len(members), width)


def _values(column: pa.ChunkedArray) -> np.ndarray:
    found = column.to_numpy()
    return found.astype(str) if found.dtype == object else found


def _written(table: pa.Table) -> bytes:
    out = io.BytesIO()
    with pa.ipc.new_file(out, table.schema, options=pa.ipc.IpcWriteOptions(compression="zstd")) as writer:
        writer.write_table(table.combine_chunks())
    return out.getvalue()


def _read(section: bytes) -> pa.Table:
    return pa.ipc.open_file(section).read_all()


def _sections(data: bytes) -> list[bytes]:
    found, place = [], 0
    while place < len(data):
        size = int.from_bytes(data[place : place + _HEAD], "little")
        found.append(data[place + _HEAD : place + _HEAD + size])
        if len(found[-1]) != size:
            raise ValueError("cut short")
        place += _HEAD + size
    return found
