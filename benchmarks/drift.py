"""How often monitoring speaks when nothing has changed, and whether it finds what has: python -m benchmarks.drift [BATCHES]

Flights of one month are divided anew into a reference and a batch, so nothing has changed but by chance; likewise whole days,
whose flights share their weather. "alarm" is the share of batches in which any column is said to have moved; beside it what
comparing each column by itself would say: its p-value at 5%, and its distance alone. Then a column is moved by a known shift.
"""

import sys
import time
from pathlib import Path

import numpy as np
import polars as pl

from plainview.drift.judging import judge
from plainview.drift.sides import sides

FLIGHTS = Path(__file__).parent.parent / "data" / "demo" / "flights" / "flights.csv"
OUT = ("id", "month", "day", "flight", "air_time")


def main(batches: int) -> None:
    """Print the tables."""
    flights = pl.read_csv(FLIGHTS)
    columns = dict.fromkeys((name for name in flights.columns if name not in OUT), "column")
    print(f"{'nothing changed':34} {'rows':>5}  {'alarm':>6}  {'each by its p':>13}  {'each by its distance':>20}")
    for title, month, rows, by_day, clustered in (
        ("January, flights", 1, 200, False, False),
        ("January, flights", 1, 700, False, False),
        ("July, flights", 7, 700, False, False),
        ("January, days as clusters", 1, 10, True, True),
        ("January, days, clusters not told", 1, 10, True, False),
    ):
        found = [_shifts(flights, columns, month, rows, seed, by_day, clustered) for seed in range(batches)]
        alarm = np.mean([any(one.verdict == "moved" for one in each) for each in found])
        by_p = np.mean([any(one.p_value <= 0.05 for one in each) for each in found])
        by_distance = np.mean([any(one.distance >= one.threshold for one in each) for each in found])
        print(f"{title:34} {rows:5,}  {alarm:6.1%}  {by_p:13.1%}  {by_distance:20.1%}", flush=True)
    print(f"\n{'temp moved by, in deviations':34} {'rows':>5}  {'moved':>6}  {'as before':>13}  {'too few rows':>20}")
    for shift in (0.0, 0.05, 0.1, 0.2, 0.4):
        for rows in (200, 700):
            said = [_moved(flights, rows, shift, seed) for seed in range(batches)]
            shares = [np.mean([each == word for each in said]) for word in ("moved", "as before", "too few rows")]
            print(f"{shift:34g} {rows:5,}  {shares[0]:6.1%}  {shares[1]:13.1%}  {shares[2]:20.1%}", flush=True)


def _shifts(flights, columns, month: int, rows: int, seed: int, by_day: bool, clustered: bool) -> list:
    random = np.random.default_rng(seed)
    mine = flights.filter(pl.col("month") == month)
    key = mine["day"] if by_day else pl.Series(np.arange(mine.height))
    drawn = key.is_in(random.choice(key.unique().to_numpy(), rows, replace=False).tolist())
    batch, reference = mine.filter(drawn), mine.filter(~drawn)
    clusters = (reference["day"], batch["day"]) if clustered else None
    compared = [*sides(reference, batch, columns, task="regression")]
    return [each.shift for each in judge(compared, lambda _: 0.1, clusters=clusters)]


def _moved(flights, rows: int, shift: float, seed: int) -> str:
    """What is said of the temperature, when it moves, among all columns."""
    mine = flights.filter(pl.col("month").is_between(4, 6)).sample(fraction=1, shuffle=True, seed=seed)
    batch, reference = mine.head(rows), mine.tail(mine.height - rows)
    batch = batch.with_columns(pl.col("temp") + shift * mine["temp"].std())
    roles = dict.fromkeys(("temp", "wind_speed", "carrier", "origin", "distance"), "column")
    found = judge([*sides(reference, batch, roles, task="regression")], lambda _: 0.1)
    return next(each.shift.verdict for each in found if (each.shift.column, each.shift.aspect) == ("temp", "values"))


if __name__ == "__main__":
    started = time.process_time()
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 1_000)
    print(f"\n{time.process_time() - started:.0f} s of processor time")
