"""States, verdicts and statuses on paper: never a colour alone, always shape and word too."""

from plainview.charts import theme
from plainview.charts.statuses import STATUSES
from plainview.charts.theme import PALETTE, STATES, VERDICTS

TABLE = STATUSES | VERDICTS | STATES


def marked(word: str) -> str:
    """A word with its shape: "● better"; one that has none stands alone."""
    return theme.marked(word, TABLE)


def colour(word: str) -> str:
    """The colour of a word on a light page."""
    return PALETTE["light"][TABLE[word][2]] if word in TABLE else PALETTE["light"][6]
