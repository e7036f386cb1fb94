"""Breaks: where the values of a scenario stop being of the same thing from one release to the next, and why."""

from collections.abc import Sequence

import polars as pl

KINDS = {  # in the words of a mark on a chart
    "test set": "new test set",
    "members": "other examples",
    "redefined": "redefined",
    "split": "split",
    "merged": "merged",
    "metric": "measured otherwise",
}
EVERYWHERE = ("test set", "metric")  # what breaks every line at once
BASIS = {
    "members": pl.Int64,  # counts up where other examples came into the scenario although ids and labels stayed
    "called": pl.String,  # what it was called then, in one text
    "meaning": pl.String,  # what the scenario was, however it was written; null where it was several
    "shared": pl.Boolean,  # whether another scenario of today was the same one then
}
LINE = ("scenario", "metric")


def with_breaks(rows: pl.DataFrame) -> pl.DataFrame:
    """The rows of a history with a column ``breaks``: the KINDS of change since the row before of the same line.

    A line is one metric of one scenario, in the order of ``order``; rows come back line by line, without the columns of BASIS.
    """

    ordered = rows.sort(*LINE, "order")
    later = pl.all_horizontal(pl.col(LINE) == pl.col(LINE).shift(1))

    def before(column: str) -> pl.Expr:
        return pl.col(column).shift(1)

    def differs(column: str) -> pl.Expr:
        return pl.col(column).ne_missing(before(column))

    other_set, other_meaning = differs("test_set"), differs("meaning")
    several, was_several = pl.col("meaning").is_null(), before("meaning").is_null()
    merged = was_several & (~several | differs("called"))
    split = other_meaning & ~merged & (several | (before("shared") & ~pl.col("shared")))
    found = {
        "test set": other_set,
        "members": ~other_set & ~other_meaning & differs("members"),
        "redefined": other_meaning & ~merged & ~split,
        "split": split,
        "merged": merged,
        "metric": differs("measured_as"),
    }
    bits = pl.sum_horizontal(found[kind].cast(pl.UInt8) * 2**place for place, kind in enumerate(KINDS))
    marked = ordered.with_columns(pl.when(later.fill_null(False)).then(bits).otherwise(0).cast(pl.UInt8).alias(_BITS))
    return marked.join(_LISTS, on=_BITS, maintain_order="left").drop(*BASIS, _BITS)


_BITS = "__plainview_bits"
_LISTS = pl.DataFrame(
    {
        _BITS: pl.Series(range(2 ** len(KINDS)), dtype=pl.UInt8),
        "breaks": [[kind for at, kind in enumerate(KINDS) if bits >> at & 1] for bits in range(2 ** len(KINDS))],
    },
    schema_overrides={"breaks": pl.List(pl.String)},
)  # every set of kinds: looking one up costs a tenth of building it in every row


def unbroken(line: pl.DataFrame) -> pl.DataFrame:
    """Of one line in the order of releases, the rows since its last break: those that may be drawn as one trend."""
    ordered = line.sort("order")
    broken = ordered["breaks"].list.len().to_list() if ordered.height else []
    last = max((place for place, number in enumerate(broken) if number), default=0)
    return ordered[last:]


def releases_where(line: pl.DataFrame, kinds: Sequence[str]) -> list[str]:
    """The releases at which any of the lines breaks for one of ``kinds``, each once, in order."""
    hit = pl.col("breaks").list.set_intersection(pl.lit(list(kinds), dtype=pl.List(pl.String))).list.len() > 0
    return line.filter(hit).sort("order")["release"].unique(maintain_order=True).to_list()
