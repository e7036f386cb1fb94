"""Incidents, solved once: what went wrong in use, with its examples, becomes a test case, and every release is held to it.

An incident is an event in the store that names examples: ids of the test set, or new rows that are still to be added to it. It
is guarded once a scenario of the specification pins them. Its status follows from the answers that releases gave to exactly
these examples, pinned or not: open until every one is right, fixed from then on, and back where one is wrong again.
"""

from collections.abc import Sequence

from plainview.incidents.following import Followed, Step, followed
from plainview.incidents.guards import Guard, guard_in
from plainview.incidents.pinning import test_case_yaml
from plainview.incidents.reports import (
    KINDS,
    SEVERITIES,
    Incident,
    incidents_of,
    new_examples,
    report_incident,
    withdraw,
)

__all__ = [
    "KINDS",
    "SEVERITIES",
    "Followed",
    "Guard",
    "Incident",
    "Step",
    "followed",
    "guard_in",
    "incidents_of",
    "new_examples",
    "report_incident",
    "test_case_yaml",
    "urgent_first",
    "withdraw",
]


def urgent_first(rows: Sequence[Followed]) -> list[Followed]:
    """Unguarded ones before guarded ones; then what came back, what is open, and the most severe, the oldest first."""
    ranks = ("came back", "open", "not tested", "not reproduced", "fixed")
    return sorted(
        rows,
        key=lambda row: (
            row.guard is not None,
            ranks.index(row.status),
            SEVERITIES.index(row.incident.severity),
            row.incident.at,
        ),
    )
