"""Which columns tell wrong answers from right ones: a tree learns it, and is asked about examples it has not seen.

A tree of at most LEAVES leaves is taught which answers are wrong, on four fifths of the examples, and scores the last fifth;
five times over, for ROUNDS different partings, whose scores are averaged. Examples of one cluster stay together. The area
under the ROC curve of these scores says how well errors can be told apart at all: 0.5 is chance. Where its interval does not
exclude 0.5, nothing is said of any column. The importance of a column is how much of that area is lost when its values are
shuffled among the examples that are scored (Breiman 2001; Fisher, Rudin and Dominici 2019), with the interval of a difference
of two areas on the same examples (DeLong 1988).

Trees that are taught with the same examples err together, which DeLong's variance does not see: measured, with nothing to be
told apart and with one column that tells (200 and 500 examples), areas spread 1.23 to 1.35 times as wide, so variances are
multiplied by TOGETHER. Then errors without structure are said to be told apart in 0.5% of data sets, where 2.5% may be; of one
column in eight that makes errors four times as frequent it is found in 90% (500 examples), another beside it in 2.5%.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace

import numpy as np
from scipy.special import ndtr

from plainview.errors.judged import Judged
from plainview.exceptions import InputError, PlainviewError
from plainview.explanations.matrix import Matrix, explainable, matrix_of
from plainview.statistics.levels import normal_quantile
from plainview.statistics.multiple import benjamini_hochberg
from plainview.statistics.ranks import Ranking, estimate_ranking, roc_auc

LEAVES, FOLDS, ROUNDS = 16, 5, 3
MOST_ROWS = 20_000  # examples that are learnt from; of more, a sample
FEWEST = 20  # errors, and right answers, without which there is nothing to learn
TOGETHER = 1.75
CHANCE, TRACE = 0.5, 1e-12
RATE = 0.05  # false discovery rate over the columns
METHOD = "errors surrogate"


@dataclass(frozen=True)
class Importance:
    """What one column is worth, with its interval, in units of the method."""

    column: str
    value: float
    low: float
    high: float
    p: float  # one-sided, of being worth nothing; adjusted for all columns that were looked at

    @property
    def shown(self) -> bool:
        """Whether it is shown to be worth something: at most one in twenty of those so named is chance."""
        return self.p <= RATE and self.low > 0


@dataclass(frozen=True, kw_only=True)
class Surrogate:
    """What tells wrong answers from right ones. Areas under the ROC curve, 0…1; importances are areas lost."""

    area: float | None  # None: it was not tried, and ``reason`` says why
    low: float | None
    high: float | None
    columns: tuple[Importance, ...]  # the most important first
    examples: int
    errors: int
    sampled: bool = False  # whether it was learnt from some of the examples
    alike: tuple[tuple[str, str, float], ...] = ()  # columns that move together, with Spearman's correlation
    left_out: dict[str, str] = field(default_factory=dict)
    reason: str | None = None

    @property
    def tells(self) -> bool:
        """Whether it tells errors apart better than chance does."""
        return self.low is not None and self.low > CHANCE

    @property
    def telling(self) -> tuple[Importance, ...]:
        """The columns that it is shown to use; none where it tells nothing."""
        return tuple(each for each in self.columns if each.shown) if self.tells else ()


def errors_surrogate(judged: Judged, *, seed: int = 0) -> Surrogate:
    """Which columns tell the errors of a release apart, and how well. Raises PlainviewError without scikit-learn.

    ``seed`` decides the sample, the partings and the shuffles.
    """
    n = len(judged.events)
    if n > MOST_ROWS:
        chosen = np.sort(np.random.default_rng(seed).choice(n, MOST_ROWS, replace=False))
        found = errors_surrogate(_some(judged, chosen), seed=seed)
        return replace(found, sampled=True)
    errors = int(judged.events.sum())
    names = explainable(judged.specification, judged.rows.columns)
    parts = judged.specification.columns
    least = max(2, min(judged.specification.minimum_examples, n // 10))
    matrix = matrix_of(judged.rows, names, id_column=parts.id, minimum=least)
    reason = _why_not(matrix, n, errors)
    if reason is None:
        try:
            return _learnt(judged, matrix, seed)
        except InputError as error:
            reason = str(error)
    return Surrogate(
        area=None, low=None, high=None, columns=(), examples=n, errors=errors, reason=reason, left_out=matrix.left_out
    )


def _why_not(matrix: Matrix, n: int, errors: int) -> str | None:
    if not matrix.columns:
        return "the test set has no column that errors could depend on"
    if min(errors, n - errors) < FEWEST:
        what = "wrong" if errors < FEWEST else "right"
        return f"{FEWEST} {what} answers are needed to learn from, and there are {min(errors, n - errors)}"
    return None


def _some(judged: Judged, chosen: np.ndarray) -> Judged:
    return replace(
        judged,
        rows=judged.rows[chosen],
        answers=judged.answers[chosen],
        events=judged.events[chosen],
        against=None if judged.against is None else judged.against[chosen],
    )


def _learnt(judged: Judged, matrix: Matrix, seed: int) -> Surrogate:
    whole, mixed = _scores(judged, matrix, seed)
    confidence = judged.specification.confidence
    effect = TOGETHER * max(judged.design_effect(np.ones(len(judged.events), bool)), 1.0)
    ranking = roc_auc(whole, judged.events)
    estimate = estimate_ranking(ranking)
    low, high = replace(estimate, size=estimate.size / effect).interval(confidence)
    lost = [_lost(ranking, [roc_auc(each, judged.events) for each in one], effect) for one in mixed]
    columns = importances(matrix.columns, *np.transpose(lost), confidence=confidence)
    return Surrogate(
        area=float(ranking.value),
        low=float(low),
        high=float(high),
        columns=columns,
        examples=len(judged.events),
        errors=int(judged.events.sum()),
        alike=tuple(matrix.alike()),
        left_out=matrix.left_out,
    )


def importances(
    columns: Sequence[str], values: np.ndarray, errors: np.ndarray, *, confidence: float
) -> tuple[Importance, ...]:
    """The most important column first, from estimates and their standard errors, each of shape (columns,)."""
    reach = normal_quantile(confidence) * errors
    with np.errstate(divide="ignore", invalid="ignore"):
        p = np.where(errors > TRACE, ndtr(-values / errors), 1.0)
    adjusted, _ = benjamini_hochberg(p, rate=RATE)
    rows = zip(columns, values, values - reach, values + reach, adjusted, strict=True)
    found = [Importance(name, *map(float, numbers)) for name, *numbers in rows]
    return tuple(sorted(found, key=lambda each: (-each.value, each.column)))


def _lost(whole: Ranking, mixed: list[Ranking], effect: float) -> tuple[float, float]:
    """The area lost, on average over the shuffles, and its standard error: from each example's influence on both areas."""
    value = float(np.mean([whole.value - each.value for each in mixed]))
    influence = whole.influence - np.mean([each.influence for each in mixed], axis=0)
    return value, float(np.sqrt((influence**2).sum() * effect)) / len(influence)


def _scores(judged: Judged, matrix: Matrix, seed: int) -> tuple[np.ndarray, np.ndarray]:
    """The averaged score of each example, shape (n,), and those with one column shuffled, (columns, rounds, n)."""
    n = len(judged.events)
    whole, mixed = np.zeros(n), np.zeros((len(matrix.columns), ROUNDS, n))
    for round_ in range(ROUNDS):
        for taught, asked in _partings(judged, seed + round_):
            tree = _tree(n, seed).fit(matrix.numbers[taught], judged.events[taught])
            scores = tree.predict_proba(matrix.numbers[asked])[:, 1]
            whole[asked] += scores / ROUNDS
            random = np.random.default_rng([seed, round_, int(asked[0])])
            part = replace(matrix, numbers=matrix.numbers[asked])
            for column in range(len(matrix.columns)):
                used = np.isin(np.flatnonzero(matrix.owners == column), tree.tree_.feature).any()
                for repeat in range(ROUNDS):
                    order = random.permutation(len(asked))
                    again = tree.predict_proba(part.shuffled(column, order))[:, 1] if used else scores
                    mixed[column, repeat, asked] += again / ROUNDS
    return whole, mixed


def _tree(n: int, seed: int):
    try:
        from sklearn.tree import DecisionTreeClassifier
    except ImportError as error:
        needs = 'Explaining errors needs scikit-learn, which is not installed: pip install "plainview[explain]"'
        raise PlainviewError(needs) from error
    return DecisionTreeClassifier(max_leaf_nodes=LEAVES, min_samples_leaf=max(10, n // 100), random_state=seed)


def _partings(judged: Judged, seed: int):
    """The examples to learn from and those to be asked about, FOLDS times; of clusters none is in both."""
    from sklearn.model_selection import StratifiedGroupKFold, StratifiedKFold

    if judged.clusters is None:
        parting = StratifiedKFold(FOLDS, shuffle=True, random_state=seed)
        return parting.split(judged.events, judged.events)
    if len(np.unique(judged.clusters)) < 2 * FOLDS:
        raise InputError(
            f"the examples come in fewer than {2 * FOLDS} clusters, too few to learn from some and ask others"
        )
    parting = StratifiedGroupKFold(FOLDS, shuffle=True, random_state=seed)
    found = [*parting.split(judged.events, judged.events, judged.clusters)]
    if any(judged.events[taught].min() == judged.events[taught].max() or not len(asked) for taught, asked in found):
        raise InputError("the errors lie in too few clusters to learn from some and ask others")
    return found
