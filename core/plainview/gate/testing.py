"""A gate inside a test: an assertion whose message says what fails."""

import unittest
from datetime import date
from typing import Literal

from plainview.gate.findings import Gate
from plainview.gate.formats import MARKS, line
from plainview.gate.judging import release_gate
from plainview.specification import GateRules
from plainview.store import Store, open_store

SHOWN = 20  # findings in a message


def assert_release(
    store: Store | str,
    project: str,
    release: str,
    *,
    baseline: str | None = None,
    test_set: str | None = None,
    rules: GateRules | None = None,
    not_proven: Literal["fail", "skip", "pass"] = "fail",
    today: date | None = None,
) -> Gate:
    """Assert that a release passes its gate; the gate where it does.

    ``store`` is an open store or its address. AssertionError says what fails; ``not_proven`` says what becomes of a release
    that is neither shown to hold nor shown to fail: an AssertionError too, unittest.SkipTest (pytest skips it), or
    nothing. The rest is as `release_gate`, and so are its errors.
    """
    __tracebackhide__ = True  # pytest shows the caller's line
    opened = store if isinstance(store, Store) else open_store(store)
    found = release_gate(opened, project, release, baseline=baseline, test_set=test_set, rules=rules, today=today)
    if found.outcome == "fail" or (found.outcome == "not proven" and not_proven == "fail"):
        raise AssertionError(message(found))
    if found.outcome == "not proven" and not_proven == "skip":
        raise unittest.SkipTest(found.sentence)
    return found


def message(gate: Gate) -> str:
    """The sentence, and what decides, a line each."""
    rows = [row for row in gate.findings if row.follows in ("fail", "not proven")]
    more = [f"  and {len(rows) - SHOWN:,} more"] if len(rows) > SHOWN else []
    return "\n".join([gate.sentence, *(f"  {MARKS[row.follows]} {line(row)}" for row in rows[:SHOWN]), *more])
