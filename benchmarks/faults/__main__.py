"""Prints what every kind of store survives, beside the targets; exit code 1 where one is missed.

python -m benchmarks.faults [--adapter folder] [--adapter s3] … [--only ROW] [--long]

Adapters are folder, moto, seaweedfs, azurite, google, postgres; s3 is both of its servers. Default: all. With --long: 1,000
kills, 10,000 flips, every kind of fault at every call, a soak of ten minutes.
"""

import argparse
import contextlib
import os
import sys
import tempfile
import time
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path

from servers.fixtures import KINDS, STARTERS
from servers.processes import Place

from benchmarks.faults import calls, limits, lines, machine, power, rot, soak, tampering, traffic
from benchmarks.faults.figures import Figure

Found = Figure | Iterable[Figure] | None
ROWS: dict[str, Callable[[Place, bool], Found]] = {
    "load": lambda place, long: traffic.load(place),
    "races": lambda place, long: traffic.races(place, rounds=20 if long else 5),
    "kills": lambda place, long: traffic.kills(place, count=1_000 if long else 100),
    "calls": lambda place, long: calls.every_call(place, thorough=long or place.kind == "folder"),
    "rot": lambda place, long: rot.flips(place, 10_000 if long else 500),
    "limits": lambda place, long: limits.read_only(place),
    "lines": lambda place, long: lines.bad_lines(place, publishes=100 if long else 30),
    "machine": lambda place, long: machine.walks(place, examples=500 if long else 30, steps=20),
    "tampering": lambda place, long: tampering.attempts(place, 1_000 if long or place.kind == "folder" else 100),
    "soak": lambda place, long: soak.soak(place, seconds=600 if long else 60),
}
HERE: dict[str, Callable[[bool], Found]] = {  # on a disk of this machine
    "power": lambda long: power.losses(publishes=6, repeats=5 if long else 1),
    "limits": lambda long: [limits.full_disk(), limits.read_only_disk()],
}
SERVERS: dict[str, Callable[[Place, bool], Found]] = {"lines": lambda place, long: lines.full_server(place)}


@contextlib.contextmanager
def opened(kind: str, folder: Path) -> Iterator[Place | None]:
    """Somewhere for stores of a kind, with the variables set that lead there; None where its server cannot be started."""
    with contextlib.ExitStack() as stack:
        try:
            place = Place(kind, f"{folder}/") if kind == "folder" else stack.enter_context(STARTERS[kind](folder))
        except BaseException as absent:
            if isinstance(absent, KeyboardInterrupt):
                raise
            print(f"{kind} is left out: {absent}")
            place = None
        else:
            os.environ.update(place.environment)
        yield place


def figures(kind: str, place: Place, only: str, *, long: bool) -> Iterator[Figure]:
    """All lines of one kind of place."""
    tables = [{name: lambda each=each: each(place, long) for name, each in ROWS.items()}]
    if kind == "folder":
        tables.append({name: lambda each=each: each(long) for name, each in HERE.items()})
    elif place.endpoint:
        tables.append({name: lambda each=each: each(place, long) for name, each in SERVERS.items()})
    for table in tables:
        for name, row in table.items():
            if only in ("", name):
                found = row()
                yield from (each for each in ([found] if isinstance(found, Figure) else found or ()) if each)


def main() -> int:
    """Print the table; how it ended."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.faults", description=__doc__.splitlines()[0])
    parser.add_argument("--adapter", action="append", choices=[*KINDS, "s3"])
    parser.add_argument("--only", default="", choices=["", *sorted({*ROWS, *HERE})])
    parser.add_argument("--long", action="store_true")
    asked = parser.parse_args()
    kinds = [kind for each in asked.adapter or KINDS for kind in (("moto", "seaweedfs") if each == "s3" else (each,))]
    missed = 0
    for kind in kinds:
        with tempfile.TemporaryDirectory() as name, opened(kind, Path(name)) as place:
            os.environ["PLAINVIEW_CACHE"] = f"{name}/cache"
            started = time.perf_counter()
            for each in figures(kind, place, asked.only, long=asked.long) if place else ():
                spent, started = time.perf_counter() - started, time.perf_counter()
                said = "met" if each.met else "MISSED"
                print(f"{kind:10} {each.row:42} {said:7} {spent:6.1f} s  {each.found}  [{each.target}]", flush=True)
                missed += not each.met
    print("Every target is met." if not missed else f"{missed} targets are missed.")
    return 1 if missed else 0


if __name__ == "__main__":
    sys.exit(main())
