"""The list of one release: everything that is wanted, ranked by what is at stake."""

from collections.abc import Callable
from dataclasses import dataclass, field

import polars as pl

from plainview.collecting.exposures import worth
from plainview.collecting.labels import SCHEMA, Doubted, conflicting_duplicates, likely_errors
from plainview.collecting.wants import Want, confused, doubted, too_few, weak
from plainview.errors.judged import Judged, judge
from plainview.errors.suggestions import Suggestions, suggest
from plainview.exceptions import InputError, PlainviewError
from plainview.records import Evaluation
from plainview.specification import load_specification
from plainview.store import Store


@dataclass(frozen=True, kw_only=True)
class Wanted:
    """What is wanted for one release, what is at most at stake first."""

    evaluation: Evaluation
    wants: tuple[Want, ...]
    unit: str  # of the weights that it is ranked by
    check: pl.DataFrame  # the examples whose labels to check: kind, then the columns of `labels.SCHEMA`
    not_looked_for: dict[str, str] = field(default_factory=dict)  # kinds, and why


def data_wanted(store: Store, evaluation: Evaluation, *, search: Callable[[Judged], Suggestions] = suggest) -> Wanted:
    """The list of a release. ``search`` finds the suggested scenarios, for callers that keep them.

    Scenarios that no verdict may rest on are wanted of every task, the rest where answers are right or wrong one by one.
    """
    specification = load_specification(store.specification_text(evaluation))
    results = store.results(evaluation)
    try:
        judged = judge(store, evaluation) if evaluation.source is None else None
        why = "the rows are not in this store"
    except InputError as error:
        judged, why = None, str(error)
    if judged is None or not len(judged.events):
        rest = dict.fromkeys(
            ("weak", "confused", "label errors", "conflicts"), why if judged is None else "no example is judged"
        )
        found = [*too_few(specification, results, None, None)]
        return Wanted(evaluation=evaluation, wants=_ranked(found), unit="errors", check=_check({}), not_looked_for=rest)
    each, unit = worth(judged)
    missing: dict[str, str] = {}
    sides = {"label errors": _likely(judged), "conflicts": conflicting_duplicates(judged)}
    missing |= {kind: side.reason for kind, side in sides.items() if side.reason}
    found = [
        *too_few(specification, results, judged, each),
        *weak(judged, search(judged), each),
        *confused(judged, each),
        *(want for kind, side in sides.items() for want in doubted(judged, side, kind, each)),
    ]
    return Wanted(evaluation=evaluation, wants=_ranked(found), unit=unit, check=_check(sides), not_looked_for=missing)


def _likely(judged: Judged) -> Doubted:
    try:
        return likely_errors(judged)
    except PlainviewError as error:
        return Doubted(pl.DataFrame(schema=SCHEMA), str(error))


def _ranked(found: list[Want]) -> tuple[Want, ...]:
    return tuple(sorted(found, key=lambda want: (-want.weight, want.kind, want.what)))


def _check(sides: dict[str, Doubted]) -> pl.DataFrame:
    parts = [
        side.table.select(pl.lit(kind).alias("kind"), *SCHEMA) for kind, side in sides.items() if side.table.height
    ]
    return pl.concat(parts) if parts else pl.DataFrame(schema={"kind": pl.String, **SCHEMA})
