"""Labels that are likely wrong: where a release is surer of another class than it is as a rule, and equal examples.

*Confident learning* (Northcutt, Jiang and Chuang 2021), by the package cleanlab: an example is listed where the probability of
another class is above that class's own average, and the label is among the least believed. A release that is unsure lists many
examples whose labels are right. So the same is done with labels that are drawn from the stated probabilities, where none is
wrong (after one temperature has made them as sure as the release is right; Guo and others 2017): only what is listed beyond
that is taken for wrong, and where it is not clearly more, nothing is listed.

Measured on 3,080 questions of bank customers in 77 classes, with a release that is right in 89%, where 154 labels were changed
on purpose: 82 to 86% of these are listed, 64 to 66% of what is listed is of them, and 153 to 164 labels are said to be wrong.
With the labels as published, 60 are doubted where 39 would be by chance. Of a churn model that is right in 79%, 226 labels are
doubted where 187 would be if every label were right, which is not clearly more: nothing is listed.

*Conflicting duplicates* are examples that are equal in every column and have different labels: all but one label must be wrong,
or what tells them apart is missing. They are looked for where columns tell examples apart as a rule.
"""

from dataclasses import dataclass

import numpy as np
import polars as pl

from plainview.errors.judged import Judged
from plainview.exceptions import PlainviewError
from plainview.explanations.matrix import explainable
from plainview.tasks import TASKS
from plainview.tasks.part import SCORE
from plainview.tasks.stated import class_of_score, probability_of

DRAWS, CLEARLY = 5, 3.0  # sets of right labels that are drawn; standard errors beyond their number
MOST_ANYTHING = 0.3  # of labels, that may be anything
TOLD_APART = 0.9  # of examples must be the only one of their kind, or equal columns say nothing of equal examples
SCHEMA = {"id": pl.String, "label": pl.String, "suggested": pl.String, "believed": pl.Float64, "group": pl.Int64}


@dataclass(frozen=True)
class Doubted:
    """Examples whose label is doubted. ``table`` has the columns of SCHEMA, the most doubted first.

    id, label; suggested: the class that is more likely (None: not known); believed: the probability of the label as it stands,
    0…1; group: the number of the group of equal examples.
    """

    table: pl.DataFrame
    reason: str | None = None  # why it was not looked for
    wrong: float = 0.0  # about so many labels are wrong: those beyond chance; of equal examples all but the majority
    by_chance: float = 0.0  # so many would be listed if every label were right


def likely_errors(judged: Judged, *, seed: int = 0) -> Doubted:
    """The labels that confident learning doubts, the least believed first. Raises PlainviewError without cleanlab."""
    chances, classes, reason = _chances(judged)
    if reason is not None:
        return Doubted(pl.DataFrame(schema=SCHEMA), reason)
    labels = TASKS["classification"].prepare(judged.rows[judged.specification.columns.label])
    known = labels.is_in(classes).to_numpy() & ~np.isnan(chances).any(axis=1)
    kept, places = labels.filter(pl.Series(known)), np.flatnonzero(known)
    present = [name for name in classes if (kept == name).any()]
    if len(present) < 2:
        return Doubted(pl.DataFrame(schema=SCHEMA), "fewer than two classes have an example with probabilities")
    columns = [classes.index(name) for name in present]
    given = np.maximum(chances[known][:, columns], 1e-9)
    given = given / given.sum(axis=1, keepdims=True)
    coded = np.array([present.index(name) for name in kept])
    sure = _as_sure_as_right(given, coded)
    found = _listed(coded, sure)
    by_chance = _by_chance(sure, seed)
    table = _table(judged, kept, places, found, sure, coded, present)
    if len(found) - by_chance <= CLEARLY * np.sqrt(max(by_chance, 1.0) * (1 + 1 / DRAWS)):
        reason = f"{len(found):,} labels are doubted, and about {by_chance:,.0f} would be if every label were right"
        return Doubted(pl.DataFrame(schema=SCHEMA), reason, by_chance=by_chance)
    return Doubted(table, wrong=len(found) - by_chance, by_chance=by_chance)


def _table(judged: Judged, labels: pl.Series, places, found, chances, coded, present: list[str]) -> pl.DataFrame:
    ids = judged.rows[judged.specification.columns.id].cast(pl.String)
    columns = {
        "id": ids[places[found]],
        "label": labels[found],
        "suggested": [present[at] for at in chances.argmax(axis=1)[found]],
        "believed": chances[found, coded[found]],
        "group": [None] * len(found),
    }
    return pl.DataFrame(columns, schema=SCHEMA)


def _as_sure_as_right(chances: np.ndarray, labels: np.ndarray) -> np.ndarray:
    """The probabilities at the temperature under which the labels are likeliest, shape (n, classes).

    A share of labels may be anything, so that wrong ones do not make the release look less sure than it is: it is fitted too.
    """
    from scipy.optimize import minimize

    logs, rows, classes = np.log(chances), np.arange(len(labels)), chances.shape[1]

    def at(log_temperature: float) -> np.ndarray:
        scaled = logs / np.exp(np.clip(log_temperature, -3, 3))
        sure = np.exp(scaled - scaled.max(axis=1, keepdims=True))
        return sure / sure.sum(axis=1, keepdims=True)

    def loss(given: np.ndarray) -> float:
        anything = MOST_ANYTHING / (1 + np.exp(-given[1]))
        return -float(np.log((1 - anything) * at(given[0])[rows, labels] + anything / classes).mean())

    return at(minimize(loss, [0.0, -3.0], method="Nelder-Mead", options={"xatol": 0.01, "fatol": 1e-6}).x[0])


def _by_chance(chances: np.ndarray, seed: int) -> float:
    """How many labels are listed, on average, where all of them are right: drawn from the probabilities."""
    random, found = np.random.default_rng(seed), []
    steps = chances.cumsum(axis=1)
    for _ in range(DRAWS):
        drawn = (random.random((len(chances), 1)) * steps[:, -1:] > steps).sum(axis=1)
        there = np.unique(drawn)
        if len(there) < 2:
            continue
        left = chances[:, there] / chances[:, there].sum(axis=1, keepdims=True)
        found.append(len(_listed(np.searchsorted(there, drawn), left)))
    return float(np.mean(found)) if found else 0.0


def _listed(labels: np.ndarray, chances: np.ndarray) -> np.ndarray:
    """Places of the labels that are likely wrong, the least believed first."""
    try:
        from cleanlab.filter import find_label_issues
    except ImportError as error:
        needs = 'Likely label errors are found with cleanlab, which is not installed: pip install "plainview[labels]"'
        raise PlainviewError(needs) from error
    options = {"return_indices_ranked_by": "self_confidence", "filter_by": "both", "n_jobs": 1}
    return np.asarray(find_label_issues(labels, chances, **options), dtype=np.int64)


def _chances(judged: Judged) -> tuple[np.ndarray, list[str], str | None]:
    """The probability of each class, shape (n, classes), the classes, and why there are none."""
    specification, answers, nothing = judged.specification, judged.answers, np.zeros((len(judged.events), 0))
    if specification.task != "classification":
        return nothing, [], f"the task is {specification.task}, and labels are doubted of classes"
    classes = list(specification.columns.probabilities or {})
    if not classes and SCORE in answers.columns and class_of_score(specification):
        classes = [class_of_score(specification) or ""]
    if not classes:
        return nothing, [], "no probabilities were published"
    labels = TASKS["classification"].prepare(judged.rows[specification.columns.label]).drop_nulls().unique().sort()
    every = sorted({*classes, *(specification.classes or labels.to_list())})
    sides = {name: probability_of(answers, specification, name) for name in classes}
    if problem := next((side.problem for side in sides.values() if side.problem), ""):
        return nothing, [], problem
    values = {name: side.values for name, side in sides.items()}
    rest = [name for name in every if name not in values]
    if len(rest) > 1:
        return nothing, [], f"no probability was published of {rest[0]}"
    if rest:
        values[rest[0]] = 1 - np.sum([*values.values()], axis=0)
    return np.stack([values[name] for name in every], axis=1), every, None


def conflicting_duplicates(judged: Judged) -> Doubted:
    """Examples that are equal in every column and have different labels, group by group, the largest first."""
    columns = judged.specification.columns
    names = explainable(judged.specification, judged.rows.columns)
    if judged.specification.task != "classification" or not names:
        return Doubted(
            pl.DataFrame(schema=SCHEMA), "equal examples are looked for among classes, by the columns they have"
        )
    rows = judged.rows.select(
        pl.col(columns.id).cast(pl.String).alias("id"),
        TASKS["classification"].prepare(judged.rows[columns.label]).alias("label"),
        pl.struct(names).alias("content"),
    )
    counts = rows.group_by("content").agg(
        pl.len().alias("n"), pl.col("label").n_unique().alias("labels"), pl.col("id").min().alias("first")
    )
    if counts.filter(pl.col("n") == 1).height < TOLD_APART * rows.height:
        return Doubted(
            pl.DataFrame(schema=SCHEMA), "many examples are equal in all columns: these do not tell examples apart"
        )
    conflicts = counts.filter(pl.col("labels") > 1).sort(["n", "first"], descending=[True, False])
    numbered = conflicts.select("content", (pl.int_range(pl.len()) + 1).alias("group"))
    found = rows.join(numbered, on="content", how="inner", maintain_order="left").sort("group", "id")
    times = found.group_by("group", "label").len().group_by("group").agg(pl.col("len").sum() - pl.col("len").max())
    unknown = [pl.lit(None, kind).alias(name) for name, kind in SCHEMA.items() if name in ("suggested", "believed")]
    return Doubted(found.select("id", "label", *unknown, "group").cast(SCHEMA), wrong=float(times["len"].sum()))
