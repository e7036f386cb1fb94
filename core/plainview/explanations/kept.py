"""Explanations as events of the store: of the kind "explanation", each with its scope, its method, its trust and its tables.

Keeping the same explanation again is the same event. What was written by other means and cannot be understood is left out.
"""

from collections.abc import Mapping, Sequence
from typing import Any

import polars as pl

from plainview.explanations import permutation, surrogate, words
from plainview.explanations.attributions import ATTRIBUTION, ROWS, SUMS, Attributions
from plainview.explanations.permutation import Permutation
from plainview.explanations.surrogate import Importance, Surrogate
from plainview.explanations.words import Words
from plainview.records import Evaluation, Event
from plainview.store import Store
from plainview.store.digests import content_digest

KIND = "explanation"
GLOBAL, LOCAL = "global", "local"
PUBLISHED = "published"
COLUMNS = {"column": pl.String, "value": pl.Float64, "low": pl.Float64, "high": pl.Float64, "p": pl.Float64}

Tables = Mapping[str, pl.DataFrame]


def keep(
    store: Store,
    evaluation: Evaluation,
    scope: str,
    body: Mapping[str, Any],
    tables: Tables,
    *,
    actor: str | None = None,
) -> Event:
    """Keep one explanation of an evaluation; the event that is there already where it is the same."""
    content = {name: content_digest(table) for name, table in tables.items()}
    whole = {
        "scope": scope,
        **body,
        "evaluation": evaluation.id,
        "test_set": evaluation.test_set.examples_digest,
        "content": content,
    }
    for event in store.events(evaluation.project, kind=KIND, release=evaluation.release):
        if event.body == whole:
            return event
    named = {"body": whole, "release": evaluation.release, "actor": actor, "tables": tables}
    return store.append_event(KIND, evaluation.project, **named)


def of_surrogate(found: Surrogate) -> tuple[dict, Tables]:
    """The body and the tables of what tells errors apart."""
    body = {
        "method": surrogate.METHOD,
        "examples": found.examples,
        "errors": found.errors,
        "sampled": found.sampled,
        "trust": {
            "area": found.area,
            "low": found.low,
            "high": found.high,
            "alike": [list(pair) for pair in found.alike],
        },
    }
    return body, {"columns": _columns(found.columns)}


def of_permutation(found: Permutation) -> tuple[dict, Tables]:
    """The body and the tables of what answers depend on."""
    body = {
        "method": permutation.METHOD,
        "metric": found.metric,
        "loss": found.loss,
        "examples": found.examples,
        "sampled": found.sampled,
        "trust": {"repeats": found.repeats, "agrees": found.agrees, "alike": [list(pair) for pair in found.alike]},
    }
    return body, {"columns": _columns(found.columns)}


def of_words(found: Words) -> tuple[dict, Tables]:
    """The body and the tables of words."""
    return {"method": words.METHOD, "columns": list(found.columns), "trust": {"tried": found.tried}}, {
        "words": found.table
    }


def of_attributions(found: Attributions, *, method: str = PUBLISHED, unit: str = "") -> tuple[dict, Tables]:
    """The body and the tables of local explanations; ``unit`` is what attributions are counted in."""
    trust = {
        "checked": found.checked,
        "adds_up": found.adds_up,
        "largest_gap": found.largest_gap,
        "foreign": list(found.foreign),
    }
    body = {"method": method, "examples": found.examples, "form": found.form, "unit": unit, "trust": trust}
    return body, {"attributions": found.rows, "sums": found.sums}


def latest(events: Sequence[Event], evaluation: Evaluation) -> dict[tuple[str, str], Event]:
    """The newest explanation of an evaluation for each scope and method, of ``events`` of the project, oldest first."""
    mine = [event for event in events if event.kind == KIND and event.body.get("evaluation") == evaluation.id]
    return {(str(event.body.get("scope")), str(event.body.get("method"))): event for event in mine}


def read_permutation(store: Store, event: Event) -> Permutation | None:
    """What answers depend on, as it was kept; None where the event cannot be understood. Raises StoreError."""
    table = _table(store, event, "columns", COLUMNS)
    body, trust = event.body, event.body.get("trust")
    try:
        return Permutation(
            metric=str(body["metric"]),
            loss=float(body["loss"]),
            columns=tuple(Importance(*row) for row in table.iter_rows()),
            examples=int(body["examples"]),
            repeats=int(trust["repeats"]),
            sampled=bool(body.get("sampled")),
            agrees=None if trust.get("agrees") is None else float(trust["agrees"]),
            alike=tuple((str(one), str(other), float(size)) for one, other, size in trust.get("alike", [])),
        )
    except (KeyError, TypeError, ValueError, AttributeError):
        return None


def read_attributions(store: Store, event: Event) -> Attributions | None:
    """Local explanations, as they were kept; None where the event cannot be understood. Raises StoreError."""
    rows, sums = _table(store, event, "attributions", ROWS), _table(store, event, "sums", SUMS)
    if rows is None or sums is None or not sums.height:
        return None
    trust = event.body.get("trust")
    foreign = trust.get("foreign", []) if isinstance(trust, dict) else []
    rows = rows.filter(pl.col(ATTRIBUTION).is_finite())
    form = "words" if event.body.get("form") == "words" else "columns"
    return Attributions(rows=rows, sums=sums, form=form, foreign=tuple(map(str, foreign)))


def _columns(found: Sequence[Importance]) -> pl.DataFrame:
    rows = [(each.column, each.value, each.low, each.high, each.p) for each in found]
    return pl.DataFrame(rows, schema=COLUMNS, orient="row")


def _table(store: Store, event: Event, name: str, schema: Mapping[str, Any]) -> pl.DataFrame | None:
    """A table of an event in the types that are expected; None where it is none of these."""
    if name not in event.tables:
        return None
    found = store.attached(event, name)
    if not set(schema) <= set(found.columns):
        return None
    return found.select(pl.col(column).cast(kind, strict=False) for column, kind in schema.items())
