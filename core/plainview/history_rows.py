"""The rows of a history: what each release was found to do, under the names that scenarios have today."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

import polars as pl

from plainview.breaks import BASIS, with_breaks
from plainview.records import Evaluation, Result
from plainview.specification import Specification
from plainview.specification.lineage import Ancestors, meaning, metric_definition

SCHEMA = {
    "order": pl.Int64,  # counts the releases from 0
    "release": pl.String,
    "released": pl.Date,
    "test_set": pl.String,  # the digest of ids, labels, weights and clusters
    "definition": pl.String,  # what the scenario was then, as it was written
    "was": pl.List(pl.String),  # what it was called then; several names where it was merged since
    "measured_as": pl.String,  # what else the metric hung on then: its threshold, its classes
    "scenario": pl.String,  # as it is called today
    "behaviour": pl.String,
    "metric": pl.String,
    "value": pl.Float64,
    "low": pl.Float64,
    "high": pl.Float64,
    "examples": pl.Int64,  # in the metric's own denominator
    "status": pl.String,
    "reason": pl.String,
    "breaks": pl.List(pl.String),  # why it is not comparable with the row before, see `breaks.KINDS`
}
_FOUND = {name: SCHEMA[name] for name in ("behaviour", "metric", "value", "low", "high", "status", "reason")}
_NAMED = {"version": pl.Int64, "then": pl.String} | {
    name: (SCHEMA | BASIS)[name] for name in ("scenario", "was", "called", "definition", "meaning", "shared")
}


@dataclass(frozen=True)
class Judged:
    """One release: under which specification it was judged, and what today's scenarios were called then."""

    order: int
    evaluation: Evaluation
    specification: Specification
    names: Ancestors
    test_set: str
    members: Mapping[str, int] | None = None  # see `regrouping`
    problem: str | None = None  # why nothing is known of it


def history_rows(judged: Sequence[Judged], results: pl.DataFrame) -> pl.DataFrame:
    """One row for each release, scenario and metric, with the columns of SCHEMA, in the order of releases.

    ``results`` has a row for each result: "order", which release it is of, then the fields of ``records.Result``.
    """
    sound = [each for each in judged if each.problem is None]
    versions = {(each.specification.digest, id(each.names)): each for each in sound}
    number = {key: place for place, key in enumerate(versions)}
    placed = ({"order": each.order, "version": number[each.specification.digest, id(each.names)]} for each in sound)
    named = _frame((row for place, each in enumerate(versions.values()) for row in _named(place, each)), _NAMED)
    found = results.select(
        "order", pl.col("scenario").alias("then"), *_FOUND, pl.col("of").cast(pl.Int64).alias("examples")
    )
    found = found.join(_frame(placed, {"order": pl.Int64, "version": pl.Int64}), on="order", maintain_order="left")
    found = found.with_row_index("place")
    single = found.join(named.filter(pl.col("was").list.len() == 1), on=["version", "then"], how="inner")
    rows = pl.concat([single.drop("then"), _merged(found, named)], how="diagonal")
    rows = rows.join(_metrics(versions.values()), on=["version", "metric"], how="left", maintain_order="left")
    rows = rows.join(_members(sound), on=["order", "scenario"], how="left", maintain_order="left")
    rows = rows.join(_releases(judged), on="order", maintain_order="left")
    rows = with_breaks(rows.with_columns(pl.col("members").fill_null(0)))
    silent = _frame((row for each in judged if each.problem for row in _silent(each)), SCHEMA)
    rows = pl.concat([rows.sort("order", "place").select(*SCHEMA), silent])
    return rows.sort("order", maintain_order=True)


def _frame(rows: Iterable[Mapping], schema: Mapping[str, pl.DataType]) -> pl.DataFrame:
    return pl.DataFrame(list(rows), schema=dict(schema), orient="row")


def results_table(results: Mapping[int, Sequence[Result]]) -> pl.DataFrame:
    """Results as ``history_rows`` takes them, by the order of their releases."""
    rows = [(order, row) for order, found in results.items() for row in found]
    columns = {name: [getattr(row, name) for _, row in rows] for name in ("scenario", "of", *_FOUND)}
    schema = {"order": pl.Int64, "scenario": pl.String, "of": pl.Float64} | _FOUND
    return pl.DataFrame({"order": [order for order, _ in rows]} | columns, schema=schema)


def _named(version: int, judged: Judged) -> Iterable[dict]:
    """The scenarios of one specification under the names of today; those that are no more, under their own."""
    then = {each.name: each for each in judged.specification.scenarios}
    parts = [part for called in judged.names.values() for part in called]
    today = {name: called for name, called in judged.names.items() if called}
    today |= {name: (name,) for name in then if name not in parts and name not in today}
    for name, called in today.items():
        one = then[called[0]]
        yield {
            "version": version,
            "then": called[0],
            "scenario": name,
            "was": list(called),
            "called": "\n".join(called),
            "definition": " or ".join(f"({then[part].definition})" for part in called)
            if called[1:]
            else one.definition,
            "meaning": None if called[1:] else meaning(one),
            "shared": sum(called[0] in other for other in judged.names.values()) > 1,
        }


def _merged(found: pl.DataFrame, named: pl.DataFrame) -> pl.DataFrame:
    """Rows without a value where today's scenario was several: what they came to together, nobody measured."""
    several = named.filter(pl.col("was").list.len() > 1)
    rows = found.join(several, on=["version", "then"], how="inner").drop("then")
    said = pl.format("it was {} scenarios then: {}", pl.col("was").list.len(), pl.col("was").list.join(", "))
    blank = {name: pl.lit(None, dtype=_FOUND[name]) for name in ("value", "low", "high")}
    return rows.with_columns(**blank, examples=pl.lit(0, dtype=pl.Int64), status=pl.lit("undefined"), reason=said)


def _metrics(versions: Iterable[Judged]) -> pl.DataFrame:
    rows = (
        {"version": place, "metric": key, "measured_as": metric_definition(each.specification, key)}
        for place, each in enumerate(versions)
        for key in each.specification.metric_keys
    )
    return _frame(rows, {"version": pl.Int64, "metric": pl.String, "measured_as": pl.String})


def _members(judged: Sequence[Judged]) -> pl.DataFrame:
    rows = (
        {"order": each.order, "scenario": name, "members": times}
        for each in judged
        for name, times in (each.members or {}).items()
    )
    return _frame(rows, {"order": pl.Int64, "scenario": pl.String, "members": pl.Int64})


def _releases(judged: Sequence[Judged]) -> pl.DataFrame:
    return _frame(
        ({"order": each.order, **_release(each)} for each in judged),
        {name: SCHEMA[name] for name in ("order", "release", "released", "test_set")},
    )


def _release(judged: Judged) -> dict:
    one = judged.evaluation
    return {"release": one.release, "released": one.released, "test_set": judged.test_set}


def _silent(judged: Judged) -> Iterable[dict]:
    """Rows without a value, and the reason, for a release of which nothing is known."""
    for scenario in judged.specification.scenarios:
        for key in judged.specification.metric_keys:
            yield {
                **dict.fromkeys(SCHEMA),
                **_release(judged),
                "order": judged.order,
                "scenario": scenario.name,
                "behaviour": scenario.behaviour,
                "definition": scenario.definition,
                "was": [scenario.name],
                "metric": key,
                "examples": 0,
                "status": "undefined",
                "reason": judged.problem,
                "breaks": [],
            }
