"""The history of a project: every result of every release, in order, as published or judged anew on one test set."""

from collections.abc import Mapping, Sequence

import polars as pl

from plainview.evaluation import evaluate
from plainview.pairing import needed
from plainview.records import Evaluation, Result
from plainview.specification import Specification, load_specification
from plainview.store import Store
from plainview.tasks.part import PREDICTION

SCHEMA = {
    "order": pl.Int64,
    "release": pl.String,
    "released": pl.Date,
    "test_set": pl.String,
    "definition": pl.String,
    "scenario": pl.String,
    "behaviour": pl.String,
    "metric": pl.String,
    "value": pl.Float64,
    "low": pl.Float64,
    "high": pl.Float64,
    "examples": pl.Int64,
    "status": pl.String,
    "reason": pl.String,
}


def history(store: Store, line: Sequence[Evaluation]) -> pl.DataFrame:
    """Every result of the evaluations in ``line``, one row each, with the columns of SCHEMA.

    ``order`` counts the releases from 0. ``test_set`` is the digest of ids, labels and weights, ``definition`` what the
    scenario was then: where one of them changes from one release to the next, the values before and after are not of the
    same examples. A scenario that the newest specification names anew (``was: [the old name]``) has its new name throughout.
    """
    specifications = [load_specification(store.specification_text(one)) for one in line]
    names = _new_names(specifications[-1]) if specifications else {}
    return _frame(
        [
            (order, one, one.test_set.examples_digest, specification, _renamed(store.results(one), names))
            for order, (one, specification) in enumerate(zip(line, specifications, strict=True))
        ],
        names,
    )


def history_on(store: Store, line: Sequence[Evaluation], today: Evaluation) -> pl.DataFrame:
    """The same, with every release judged anew on the test set and by the specification of ``today``.

    Answers are joined by example id; examples that a release has no answer for are left out of its values and count as
    missing, which ``examples`` shows. Releases that answered none of them, or had another task, are left out.
    """
    specification = load_specification(store.specification_text(today))
    examples = store.examples(today, needed(today, specification))
    judged = []
    for order, one in enumerate(line):
        if one.task == today.task:
            answers = _answers_for(store, one, examples[specification.columns.id])
            if answers[PREDICTION].null_count() < examples.height:
                found = evaluate(examples, answers, specification, seed=one.predictions_file.sha256.encode())
                judged.append((order, one, today.test_set.examples_digest, specification, found))
    return _frame(judged, {})


def _answers_for(store: Store, one: Evaluation, ids: pl.Series) -> pl.DataFrame:
    """The answers of an evaluation to the examples ``ids``, in their order; null where it has none."""
    columns = load_specification(store.specification_text(one)).columns
    known = store.examples(one, [columns.id])[columns.id]
    answers = store.predictions(one).with_columns(known.alias(_ID))
    return pl.DataFrame({_ID: ids}).join(answers, on=_ID, how="left", maintain_order="left").drop(_ID)


_ID = "__plainview_id"
Judged = tuple[int, Evaluation, str, Specification, Sequence[Result]]


def _frame(judged: Sequence[Judged], names: Mapping[str, str]) -> pl.DataFrame:
    rows = []
    for order, one, test_set, specification, results in judged:
        defined = {names.get(each.name, each.name): each.definition for each in specification.scenarios}
        rows += [
            {
                "order": order,
                "release": one.release,
                "released": one.released,
                "test_set": test_set,
                "definition": defined.get(result.scenario, ""),
                "examples": int(result.of),
            }
            | {name: getattr(result, name) for name in ("scenario", "behaviour", "metric", "value", "low", "high")}
            | {"status": result.status, "reason": result.reason}
            for result in results
        ]
    return pl.DataFrame(rows, schema=SCHEMA)


def _new_names(specification: Specification) -> dict[str, str]:
    """Names that scenarios had before, and the names they have now."""
    current = {each.name for each in specification.scenarios}
    return {old: each.name for each in specification.scenarios for old in each.was if old not in current}


def _renamed(results: Sequence[Result], names: Mapping[str, str]) -> list[Result]:
    return [
        row.model_copy(update={"scenario": names[row.scenario]}) if row.scenario in names else row for row in results
    ]
