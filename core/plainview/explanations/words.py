"""Words of a text that answers, and errors, go together with: how much likelier they are where the word stands.

Each word is counted once an example. Its odds ratio has Gart's interval (a half added to each cell; Agresti 1999), and its p is
Fisher's, one-sided; of all words and answers that were looked at together, those with an adjusted p (Benjamini and Hochberg
1995) of at most 5% remain. Examples of one cluster count as their design effect says.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
import polars as pl

from plainview.errors.judged import Judged
from plainview.explanations.matrix import explainable
from plainview.statistics.fisher import fisher_greater
from plainview.statistics.levels import normal_quantile
from plainview.statistics.multiple import benjamini_hochberg
from plainview.tasks import TASKS
from plainview.tasks.part import PREDICTION

FEWEST, MOST = 10, 500  # examples that a word must stand in; words that are looked at, the most frequent first
MOST_ANSWERS = 12  # answers whose words are looked at, the most frequent first
MOST_VALUES, PROSE = 50, 2  # more different values than that, of so many words on average, are text
LONGEST = 2_000  # characters of a text that are read
RATE = 0.05
METHOD = "words"
WRONG = "wrong"
SCHEMA = {
    "column": pl.String, "word": pl.String, "about": pl.String, "answer": pl.String, "examples": pl.Int64, "held": pl.Int64,
    "share": pl.Float64, "elsewhere": pl.Float64, "odds": pl.Float64, "low": pl.Float64, "high": pl.Float64, "p": pl.Float64,
}  # fmt: skip


@dataclass(frozen=True)
class Words:
    """Words that stand out. ``table`` has a row for each, the strongest first, with the columns of SCHEMA.

    column, word; about: "answer" (with ``answer``, the class that was answered) or "wrong"; examples: with the word; held: of
    them answered so, or wrong; share of them, and elsewhere, 0…1; odds ratio with ``low`` and ``high``; adjusted ``p``.
    """

    table: pl.DataFrame
    columns: tuple[str, ...]  # the columns of text
    tried: int  # words and what they were held against


def text_columns(judged: Judged) -> list[str]:
    """Columns of text, rather than of names or numbers."""
    found = []
    for name in explainable(judged.specification, judged.rows.columns):
        values = judged.rows[name]
        if values.dtype != pl.String or values.n_unique() <= MOST_VALUES:
            continue
        if (values.drop_nulls().head(2_000).str.slice(0, LONGEST).str.count_matches(r"\S+").mean() or 0) >= PROSE:
            found.append(name)
    return found


def telling_words(judged: Judged) -> Words:
    """The words that answers and errors go together with, in every column of text. Of numbers, errors alone."""
    columns = text_columns(judged)
    parts, tried = [], 0
    for column in columns:
        words, stands = _standing(judged.rows[column])
        for about, answer, held in _outcomes(judged):
            parts.append(_rows(replace(judged, events=held), column, words, stands, about, answer))
            tried += len(words)
    table = pl.concat(parts) if parts else pl.DataFrame(schema=SCHEMA)
    kept = [_strongest(table.filter(pl.col("about") == about)) for about in (WRONG, "answer")]
    return Words(pl.concat(kept), tuple(columns), tried)


def tokens_of(text: str) -> list[str]:
    """The words of a text as they are counted, in order."""
    return pl.Series([text[:LONGEST].lower()]).str.extract_all(_WORD)[0].to_list()


_WORD = r"[\p{L}\p{N}][\p{L}\p{N}'’]{0,29}"


def _standing(values: pl.Series) -> tuple[list[str], np.ndarray]:
    """The frequent words of a text, and in which examples each stands, booleans of shape (words, n)."""
    tokens = values.fill_null("").str.slice(0, LONGEST).str.to_lowercase().str.extract_all(_WORD).list.unique()
    placed = pl.DataFrame({"at": pl.int_range(len(values), eager=True), "word": tokens}).explode("word").drop_nulls()
    most = max(FEWEST, len(values) // 2)
    counts = placed.group_by("word").len().filter(pl.col("len").is_between(FEWEST, most))
    words = counts.sort(["len", "word"], descending=[True, False]).head(MOST)["word"].to_list()
    stands = np.zeros((len(words), len(values)), dtype=bool)
    at = {word: place for place, word in enumerate(words)}
    for place, word in placed.filter(pl.col("word").is_in(words)).iter_rows():
        stands[at[word], place] = True
    return words, stands


def _outcomes(judged: Judged) -> list[tuple[str, str | None, np.ndarray]]:
    """What words are held against: being wrong, and each frequent answer of a classification."""
    found: list[tuple[str, str | None, np.ndarray]] = [(WRONG, None, judged.events)]
    if judged.specification.task != "classification":
        return found
    said = TASKS["classification"].prepare(judged.answers[PREDICTION])
    counts = said.drop_nulls().value_counts(sort=True)
    frequent = counts.filter(pl.col("count") >= FEWEST)[said.name].to_list()[:MOST_ANSWERS]
    return found + [("answer", name, (said == name).fill_null(False).to_numpy()) for name in frequent]


def _rows(judged: Judged, column: str, words: Sequence[str], stands: np.ndarray, about: str, answer: str | None):
    """A row for each word, with its p as it is."""
    n, k = stands.sum(axis=1), (stands & judged.events).sum(axis=1)
    all_n, all_k = len(judged.events), int(judged.events.sum())
    effect = np.ones(len(n))
    if judged.clusters is not None:
        effect = np.array([np.nan_to_num(max(judged.design_effect(mask), 1.0), nan=np.inf) for mask in stands])
    p = fisher_greater(np.floor(k / effect), np.floor(n / effect), np.round(all_k / effect), np.round(all_n / effect))
    odds, low, high = _odds(k, n - k, all_k - k, all_n - all_k - (n - k), effect, judged.specification.confidence)
    with np.errstate(invalid="ignore"):
        values = {"examples": n, "held": k, "share": k / n, "elsewhere": (all_k - k) / np.maximum(all_n - n, 1)}
    values |= {"odds": odds, "low": low, "high": high, "p": p}
    named = {
        "column": [column] * len(words),
        "word": list(words),
        "about": [about] * len(words),
        "answer": [answer] * len(words),
    }
    return pl.DataFrame(named | values, schema=SCHEMA, nan_to_null=True)


def _odds(a, b, c, d, effect, confidence: float) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    cells = [np.asarray(cell, float) + 0.5 for cell in (a, b, c, d)]
    log = np.log(cells[0] * cells[3] / (cells[1] * cells[2]))
    reach = normal_quantile(confidence) * np.sqrt(effect * sum(1 / cell for cell in cells))
    return np.exp(log), np.exp(log - reach), np.exp(log + reach)


def _strongest(table: pl.DataFrame) -> pl.DataFrame:
    """Those that remain when all are looked at together, the surest to be strong first."""
    adjusted, kept = benjamini_hochberg(table["p"].to_numpy(), rate=RATE)
    found = table.with_columns(p=pl.Series(adjusted, dtype=pl.Float64)).filter(pl.Series(kept) & (pl.col("low") > 1))
    return found.sort(["low", "word"], descending=[True, False])
