"""The verb: explain a release, and keep what can be said of it as evidence."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import polars as pl

from plainview.errors.judged import Judged, judge, why_not
from plainview.exceptions import FrameError, InputError
from plainview.explanations import kept, shapley
from plainview.explanations.answering import Predict
from plainview.explanations.attributions import Attributions, read_attributions
from plainview.explanations.matrix import explainable
from plainview.explanations.permutation import Permutation, permutation_importance
from plainview.explanations.surrogate import Surrogate, errors_surrogate
from plainview.explanations.words import Words, telling_words
from plainview.frames import check_ids, read_frame
from plainview.records import Evaluation, Event
from plainview.specification import Specification, load_specification
from plainview.store import Store
from plainview.tasks import TASKS
from plainview.tasks.part import PREDICTION

LOCAL = 200  # answers that are explained one by one


@dataclass(frozen=True, kw_only=True)
class Explanation:
    """What was found of one release, and the events that it was kept as. What could not be told is not kept."""

    evaluation: Evaluation
    errors: Surrogate | None  # None: its answers are not right or wrong one by one
    words: Words | None
    answers: Permutation | None
    local: Attributions | None
    kept: tuple[Event, ...] = field(default=())


def explain(
    store: Store,
    project: str,
    release: str,
    *,
    predict: Predict | None = None,
    attributions: Any = None,
    frame: Any = None,
    local: int = LOCAL,
    unit: str = "",
    test_set: str | None = None,
    seed: int = 0,
    actor: str | None = None,
) -> Explanation:
    """Explain a release and keep it: what its errors depend on and go together with, from its predictions alone.

    With ``predict`` (see `answering.answers_of`) also what its answers depend on, and, for ``local`` examples, what each
    column added to the answer; ``frame`` has the examples by id with all that ``predict`` needs, where the test set does not.
    ``attributions`` are local explanations from elsewhere, as `attributions.read_attributions` takes them, counted in
    ``unit``. Raises NotFoundError for an unknown release and InputError for input that cannot be used; nothing is kept then.
    """
    evaluation = store.evaluation(project, release, test_set=test_set)
    specification = load_specification(store.specification_text(evaluation))
    judged = _judged(store, evaluation, needed=predict is None and attributions is None)
    errors = errors_surrogate(judged, seed=seed) if judged else None
    words = telling_words(judged) if judged else None
    answers = given = None
    tables: list[tuple[str, tuple[dict, kept.Tables]]] = []
    if attributions is not None:
        given = read_attributions(attributions, store, evaluation, specification)
        tables.append((kept.LOCAL, kept.of_attributions(given, unit=unit)))
    if predict is not None:
        rows, published = _rows(store, evaluation, specification, frame)
        answers = permutation_importance(predict, rows, specification, published=published, seed=seed)
        tables.append((kept.GLOBAL, kept.of_permutation(answers)))
        if local and given is None:
            given = _local(predict, rows, published, specification, local, seed)
            counted = specification.unit or "" if specification.task == "regression" else "probability"
            tables.append((kept.LOCAL, kept.of_attributions(given, method=shapley.METHOD, unit=counted)))
    if errors is not None and errors.tells:
        tables.append((kept.GLOBAL, kept.of_surrogate(errors)))
    if words is not None and words.table.height:
        tables.append((kept.GLOBAL, kept.of_words(words)))
    events = tuple(kept.keep(store, evaluation, scope, *each, actor=actor) for scope, each in tables)
    return Explanation(evaluation=evaluation, errors=errors, words=words, answers=answers, local=given, kept=events)


def _judged(store: Store, evaluation: Evaluation, *, needed: bool) -> Judged | None:
    try:
        return judge(store, evaluation)
    except InputError:
        if needed:
            raise InputError(why_not(evaluation.task)) from None
        return None


def _rows(
    store: Store, evaluation: Evaluation, specification: Specification, frame: Any
) -> tuple[pl.DataFrame, pl.Series]:
    """The examples with all that what answers needs, and the published answers row by row."""
    examples, columns = store.examples(evaluation), specification.columns
    published = store.predictions(evaluation, [PREDICTION])[PREDICTION]
    if frame is None:
        return examples, published
    more = read_frame(frame, id_column=columns.id)
    check_ids(more, columns.id)
    own = [name for name in (columns.label, columns.weight, columns.cluster) if name]
    more = more.drop(name for name in own if name in more.columns)
    ids = examples.select(pl.col(columns.id).cast(pl.String), *own).with_columns(published.alias(_ANSWER))
    joined = ids.join(more, on=columns.id, how="inner", maintain_order="left")
    if not joined.height:
        raise FrameError(
            f"The frame holds none of the {examples.height:,} examples of the test set, by {columns.id!r}."
        )
    return joined.drop(_ANSWER), joined[_ANSWER]


_ANSWER = "__plainview_answer"


def chosen(errors: np.ndarray, number: int, seed: int) -> np.ndarray:
    """Places of examples to explain one by one: half of them the largest errors, the others at random; sorted."""
    number = min(number, len(errors))
    worst = np.argsort(-errors, kind="stable")[: number // 2]
    worst = worst[errors[worst] > 0]
    rest = np.setdiff1d(np.arange(len(errors)), worst)
    others = np.random.default_rng(seed).choice(rest, number - len(worst), replace=False)
    return np.sort(np.concatenate([worst, others]))


def _local(
    predict, rows: pl.DataFrame, published, specification: Specification, number: int, seed: int
) -> Attributions:
    """What each column added, for some examples; others of them stand in for what is not known."""
    label = specification.columns.label
    errors = _errors(rows[label], published, specification)
    places = chosen(errors, number, seed)
    others = np.random.default_rng(seed).choice(rows.height, min(shapley.BACKGROUND, rows.height), replace=False)
    asked = rows.drop(label)
    classes: Sequence[str] = ()
    if specification.task != "regression":
        labels = TASKS[specification.task].prepare(rows[label])
        classes = sorted(specification.classes or labels.drop_nulls().unique().to_list())
    columns = explainable(specification, asked.columns)
    return shapley.shapley(
        predict, asked[places], asked[np.sort(others)], columns, specification, classes=classes, seed=seed
    )


def _errors(labels: pl.Series, published: pl.Series, specification: Specification) -> np.ndarray:
    """How wrong each published answer is, shape (n,); 0 where there is no label or no answer."""
    if specification.task == "regression":
        return (published - labels).abs().cast(pl.Float64).fill_null(0.0).to_numpy()
    task = TASKS[specification.task]
    return (task.prepare(published) != task.prepare(labels)).fill_null(False).cast(pl.Float64).to_numpy()
