"""Continuity: whether the values of a line of releases are of the same examples, the same scenarios and the same metric."""

from collections.abc import Sequence
from dataclasses import dataclass

import polars as pl

from plainview.breaks import releases_where
from plainview.records import Evaluation

OF_SCENARIOS = ("members", "redefined", "split", "merged")


@dataclass(frozen=True)
class Turn:
    """One change of what a scenario is, or is called, at one release."""

    release: str
    kind: str  # of `breaks.KINDS`, or "renamed", after which values go on
    scenario: str  # as it is called today
    was: tuple[str, ...]  # what it was called before
    before: str  # its definition
    after: str


@dataclass(frozen=True)
class Continuity:
    """What one metric's values over a line of releases are of, and where that changed."""

    releases: int
    versions: int  # of the test set that judged them
    judged: int  # releases that the newest of these versions has judged
    examples: int  # in the newest version
    moved: tuple[str, ...]  # the releases at which the test set changed
    turns: tuple[Turn, ...]  # of scenarios, in the order of releases
    remeasured: tuple[tuple[str, str, str], ...]  # where the metric changed: release, what it hung on before, and since
    dropped: tuple[str, ...]  # scenarios of earlier releases that the newest does not measure
    unread: tuple[tuple[str, str], ...]  # releases of which nothing is known, and why

    @property
    def unbroken(self) -> bool:
        """Whether all values are of the same examples, scenarios and metric, as far as they are known."""
        return self.versions == 1 and not self.remeasured and all(turn.kind == "renamed" for turn in self.turns)


def continuity(rows: pl.DataFrame, line: Sequence[Evaluation], metric: str) -> Continuity:
    """What the history ``rows`` of the evaluations in ``line`` is of, for one metric; ``line`` is not empty."""
    mine = rows.filter(metric=metric).sort("order")
    whole = mine.filter(scenario="all")
    newest, order = line[-1].test_set, mine["order"].max()
    sets = {one.test_set.examples_digest for one in line}
    names = mine.filter(order=order)["scenario"].to_list() if mine.height else []
    unread = whole.filter(pl.col("test_set").is_not_null() & pl.col("measured_as").is_null())
    return Continuity(
        releases=len(line),
        versions=len(sets),
        judged=len({one.release for one in line if one.test_set.examples_digest == newest.examples_digest}),
        examples=newest.examples,
        moved=tuple(releases_where(whole, ["test set"])),
        turns=tuple(_turns(mine)),
        remeasured=tuple(_remeasured(whole)),
        dropped=tuple(name for name in mine["scenario"].unique(maintain_order=True) if name not in names),
        unread=tuple(unread.select("release", "reason").iter_rows()),
    )


def _turns(mine: pl.DataFrame) -> list[Turn]:
    lines = mine.filter((pl.col("scenario") != "all") & pl.col("measured_as").is_not_null())
    before = {name: pl.col(name).shift(1).over("scenario", order_by="order") for name in ("was", "definition")}
    ordered = lines.with_columns(**{f"{name}_before": column for name, column in before.items()}).sort("order")
    changed = ordered.filter(
        pl.col("was_before").is_not_null()
        & ((pl.col("breaks").list.len() > 0) | pl.col("was").ne_missing(pl.col("was_before")))
    )
    return [turn for row in changed.iter_rows(named=True) for turn in _turn(row)]


def _turn(row: dict) -> list[Turn]:
    kinds = [kind for kind in row["breaks"] if kind in OF_SCENARIOS]
    if not kinds and row["was"] != row["was_before"]:
        kinds = ["renamed"]
    was, ends = tuple(row["was_before"]), (row["definition_before"], row["definition"])
    return [Turn(row["release"], kind, row["scenario"], was, *ends) for kind in kinds]


def _remeasured(whole: pl.DataFrame) -> list[tuple[str, str, str]]:
    known = whole.filter(pl.col("measured_as").is_not_null()).with_columns(before=pl.col("measured_as").shift(1))
    hit = known.filter(pl.col("breaks").list.contains("metric"))
    return list(hit.select("release", "before", "measured_as").iter_rows())
