"""Lists of wanted data as events of the store, of the kind "data wanted": what was asked for, to be held against what came."""

import json
from dataclasses import dataclass
from datetime import datetime

import polars as pl

from plainview.collecting.listing import Wanted
from plainview.collecting.wants import Want
from plainview.narrative.collecting import want_sentence
from plainview.records import Event
from plainview.store import Store
from plainview.store.digests import content_digest

KIND = "data wanted"
SCHEMA = {
    "rank": pl.Int64, "kind": pl.String, "action": pl.String, "what": pl.String, "examples": pl.Int64, "has": pl.Int64,
    "why": pl.String, "at_stake": pl.Float64, "needed": pl.Int64, "share": pl.Float64, "elsewhere": pl.Float64,
    "where": pl.String, "scenario": pl.String, "classes": pl.String, "ids": pl.String,
}  # fmt: skip


@dataclass(frozen=True)
class KeptList:
    """A list as it was kept."""

    id: str  # of the event
    at: datetime
    by: str
    release: str
    evaluation: str  # the id of the evaluation that it is of
    test_set: str  # the digest of its examples
    wants: tuple[Want, ...]


def rows(wanted: Wanted) -> pl.DataFrame:
    """The list as a table, with the columns of SCHEMA; classes and ids are JSON."""
    found = [
        {
            "rank": rank,
            "kind": want.kind,
            "action": want.action,
            "what": want.what,
            "examples": want.examples,
            "has": want.has,
            "why": want_sentence(want, wanted.unit),
            "at_stake": round(want.weight, 6),
            "needed": want.needed,
            "share": want.share,
            "elsewhere": want.elsewhere,
            "where": want.where,
            "scenario": want.scenario,
            "classes": json.dumps(want.classes) if want.classes else None,
            "ids": json.dumps(want.ids) if want.ids else None,
        }
        for rank, want in enumerate(wanted.wants, start=1)
    ]
    return pl.DataFrame(found, schema=SCHEMA)


def keep_list(store: Store, wanted: Wanted, *, actor: str | None = None) -> Event:
    """Keep a list; the event that is there already where it is the same."""
    one, tables = wanted.evaluation, {"wanted": rows(wanted), "check": wanted.check}
    body = {
        "evaluation": one.id,
        "test_set": one.test_set.examples_digest,
        "unit": wanted.unit,
        "count": len(wanted.wants),
        "content": {name: content_digest(table) for name, table in tables.items()},
    }
    for event in store.events(one.project, kind=KIND, release=one.release):
        if event.body == body:
            return event
    return store.append_event(KIND, one.project, release=one.release, body=body, actor=actor, tables=tables)


def read_list(store: Store, event: Event) -> KeptList | None:
    """A list as it was kept; None where the event cannot be understood. Raises StoreError."""
    body = event.body
    if "wanted" not in event.tables or not isinstance(body.get("evaluation"), str) or event.release is None:
        return None
    table = store.attached(event, "wanted")
    if not set(SCHEMA) <= set(table.columns):
        return None
    try:
        wants = tuple(_want(row) for row in table.sort("rank").iter_rows(named=True))
    except (TypeError, ValueError):
        return None
    return KeptList(
        event.id, event.at, event.actor, event.release, body["evaluation"], str(body.get("test_set", "")), wants
    )


def _want(row: dict) -> Want:
    fields = {name: row[name] for name in ("kind", "what", "where", "scenario", "share", "elsewhere", "needed")}
    lists = {name: tuple(json.loads(row[name] or "[]")) for name in ("classes", "ids")}
    weight = float(row["at_stake"])
    return Want(**fields, **lists, examples=int(row["examples"]), has=int(row["has"]), stake=weight, weight=weight)
