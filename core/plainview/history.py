"""The history of a project: every result of every release, in order, as published or judged anew on one test set."""

from collections.abc import Sequence

import polars as pl

from plainview.evaluation import evaluate
from plainview.exceptions import PlainviewError, reason_of
from plainview.history_rows import SCHEMA, Judged, history_rows, results_table
from plainview.pairing import needed
from plainview.records import Evaluation
from plainview.regrouping import Regrouping
from plainview.specification import Specification, load_specification
from plainview.specification.lineage import ancestors
from plainview.store import Store
from plainview.tasks.part import PREDICTION

__all__ = ["SCHEMA", "history", "history_on"]

_ID = "__plainview_id"
_PLACE = {"order": pl.Int64, "place": pl.Int64}


def history(store: Store, line: Sequence[Evaluation], *, metric: str | None = None) -> pl.DataFrame:
    """Every result of the evaluations in ``line``, one row each, with the columns of SCHEMA; or those of one ``metric``.

    A scenario of the newest specification has its name of today throughout, as `specification.lineage` finds it: renamed, it
    is one line; each part of a split begins with the values of the whole; where it was several, there is no value. ``breaks``
    says where values before and after are not of the same thing. A release that cannot be read has rows without a value, and
    the reason. Raises PlainviewError where no release can be read.
    """
    read = _specifications(store, line)
    sound = [one for one in read if isinstance(one, Specification)]
    if line and not sound:
        load_specification(store.specification_text(line[-1]))  # raises what is wrong
    failed: dict[str, str] = {}
    readable = [one for one, specification in zip(line, read, strict=True) if isinstance(specification, Specification)]
    table = store.results_table(
        readable, metric=metric, failed=lambda one, error: failed.update({one.id: _unreadable(error)})
    )
    names, regrouping, judged = iter(ancestors(sound)), Regrouping(store), []
    for order, (one, specification) in enumerate(zip(line, read, strict=True)):
        called = next(names) if isinstance(specification, Specification) else {}
        problem = specification if isinstance(specification, str) else failed.get(one.id)
        known = sound[-1] if problem else specification
        members = None if problem else regrouping.next(one, specification, called)
        judged.append(Judged(order, one, known, called, one.test_set.examples_digest, members, problem))
    place = pl.DataFrame(
        {
            "order": range(len(readable)),
            "place": [at for at, each in enumerate(read) if isinstance(each, Specification)],
        },
        schema=_PLACE,
    )
    rows = table.join(place, on="order", maintain_order="left").drop("order").rename({"place": "order"})
    return history_rows(judged, rows)


def history_on(store: Store, line: Sequence[Evaluation], today: Evaluation, *, common: bool = False) -> pl.DataFrame:
    """The same, with every release judged anew on the test set and by the specification of ``today``.

    Answers are joined by example id; examples that a release has no answer for are left out of its values and count as
    missing, which ``examples`` shows. With ``common`` only examples are judged that every release has an answer for, so that
    all values are of the same ones. A release that answered none of today's, had another task or cannot be read has rows
    without a value, and the reason; it does not count for ``common``.
    """
    specification = load_specification(store.specification_text(today))
    examples = store.examples(today, needed(today, specification))
    ids = examples[specification.columns.id]
    kept = _answered_by_all(store, line, today, ids) if common else pl.repeat(True, len(ids), eager=True)
    names, digest, judged, found = ancestors([specification])[0], today.test_set.examples_digest, [], {}
    for order, one in enumerate(line):
        problem = None
        try:
            answers = _answers_for(store, one, today, ids)
            found[order] = evaluate(examples.filter(kept), answers.filter(kept), specification)
        except _NotJudgedError as error:
            problem = str(error)
        except PlainviewError as error:
            problem = _unreadable(error)
        judged.append(Judged(order, one, specification, names, digest, None, problem))
    return history_rows(judged, results_table(found))


class _NotJudgedError(PlainviewError):
    """A release cannot be judged on another's test set; the message is the reason that its rows carry."""


def _answers_for(store: Store, one: Evaluation, today: Evaluation, ids: pl.Series) -> pl.DataFrame:
    """The answers of an evaluation to the examples ``ids``, in their order; null where it has none."""
    if one.task != today.task:
        raise _NotJudgedError(f"the task was {one.task}, and is {today.task}")
    columns = load_specification(store.specification_text(one)).columns
    known = store.examples(one, [columns.id])[columns.id]
    answers = store.predictions(one).with_columns(known.alias(_ID))
    found = pl.DataFrame({_ID: ids}).join(answers, on=_ID, how="left", maintain_order="left").drop(_ID)
    if found[PREDICTION].null_count() == len(ids):
        raise _NotJudgedError("it has no answer to any of these examples")
    return found


def _answered_by_all(store: Store, line: Sequence[Evaluation], today: Evaluation, ids: pl.Series) -> pl.Series:
    kept = pl.repeat(True, len(ids), eager=True)
    for one in line:
        try:
            kept &= _answers_for(store, one, today, ids)[PREDICTION].is_not_null()
        except PlainviewError:
            continue  # it says why in its own row
    return kept


def _specifications(store: Store, line: Sequence[Evaluation]) -> list[Specification | str]:
    """The specification of each evaluation, every version read once; where it cannot be read, why."""
    known: dict[str, Specification | str] = {}
    for one in line:
        digest = one.specification.sha256
        if digest not in known:
            try:
                known[digest] = load_specification(store.specification_text(one))
            except PlainviewError as error:
                known[digest] = _unreadable(error)
    return [known[one.specification.sha256] for one in line]


def _unreadable(error: PlainviewError) -> str:
    return f"it could not be read: {reason_of(error)}"
