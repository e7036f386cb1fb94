"""A segment: the results of many evaluations as columns, in one immutable piece of bytes.

Its name is the SHA-256 of all its bytes. Members say whose a row is, by the id of an evaluation and its publish key, the
digest of all its content: a row counts as an evaluation's only where both are those of its commit record.
"""

import hashlib
import io
import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

import polars as pl

from plainview.exceptions import DamagedError
from plainview.records import Evaluation
from plainview.store.results import RESULT_TYPES

MEMBER = "member"  # the column that says, by place, whose a row is
TYPES = {MEMBER: pl.UInt32, **RESULT_TYPES}
GROUP_ROWS = 131_072

Member = tuple[str, str]  # the id of an evaluation, its publish key


def member(evaluation: Evaluation) -> Member:
    """By what an evaluation is known in a segment."""
    return evaluation.id, evaluation.publish_key


@dataclass(frozen=True)
class Segment:
    """Distinct members, and their rows with the columns of TYPES."""

    members: tuple[Member, ...]
    rows: pl.DataFrame

    def __post_init__(self) -> None:
        sound = self.rows.schema == TYPES and len(set(self.members)) == len(self.members)
        if not sound or (self.rows[MEMBER].max() or 0) >= max(len(self.members), 1):
            raise DamagedError("A segment is damaged: its rows are not the results of its members.")

    def numbered(self, numbers: Mapping[Member, int]) -> pl.DataFrame:
        """The rows of the members in ``numbers``, with that number as the column "order" in place of the member."""
        places = pl.Series("order", [numbers.get(each) for each in self.members], dtype=pl.Int64)
        rows = pl.DataFrame([places[self.rows[MEMBER]], *self.rows.drop(MEMBER).get_columns()])
        return rows.drop_nulls("order") if places.null_count() else rows


def of_one(evaluation: Evaluation, results: pl.DataFrame) -> Segment:
    """The segment of the results of one evaluation, with the columns of RESULT_TYPES."""
    return Segment((member(evaluation),), results.select(pl.lit(0, dtype=pl.UInt32).alias(MEMBER), *RESULT_TYPES))


def together(segments: Iterable[Segment]) -> Segment:
    """One segment of several; of a member that is in more than one, the first counts."""
    places: dict[Member, int] = {}
    rows = [pl.DataFrame(schema=TYPES)]
    for each in segments:
        unseen = [one for one in each.members if one not in places]
        new = {one: place for place, one in enumerate(unseen, start=len(places))}
        places |= new
        rows.append(each.numbered(new).rename({"order": MEMBER}).cast({MEMBER: pl.UInt32}))
    return Segment(tuple(places), pl.concat(rows))


def to_bytes(segment: Segment) -> tuple[str, bytes]:
    """Its name, the SHA-256, and its bytes: a line of JSON with the members, then Parquet, which LZ4 makes fast to read."""
    parquet = io.BytesIO()
    segment.rows.write_parquet(parquet, compression="lz4", row_group_size=GROUP_ROWS)
    data = json.dumps(segment.members).encode() + b"\n" + parquet.getvalue()
    return hashlib.sha256(data).hexdigest(), data


def from_bytes(data: bytes, sha256: str, *, where: Mapping[str, str] | None = None) -> Segment:
    """The segment of these bytes, or its rows ``where`` columns have values; DamagedError where they are another's bytes."""
    if hashlib.sha256(data).hexdigest() != sha256:
        raise DamagedError(f"The segment {sha256} is damaged: its bytes do not match their SHA-256.")
    head, _, parquet = data.partition(b"\n")
    members = tuple((identifier, publish_key) for identifier, publish_key in json.loads(head))
    return Segment(members, pl.scan_parquet(parquet).filter(**where).collect() if where else pl.read_parquet(parquet))
