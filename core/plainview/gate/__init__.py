"""The gate: whether a release may go on, for pipelines and people. Three outcomes: pass, fail, and not proven.

A finding is one thing that was looked at: a requirement, something the baseline had and this release dropped, an incident, a
scenario that is worse. What follows from it is said by the specification's key ``gate:`` (`specification.gating`). The
worst of what follows is the outcome; without a single requirement nothing was asked, so nothing is proven.
"""

from plainview.gate.findings import EXIT_CODES, Finding, Gate
from plainview.gate.formats import FORMATS
from plainview.gate.judging import release_gate
from plainview.gate.testing import assert_release

__all__ = ["EXIT_CODES", "FORMATS", "Finding", "Gate", "assert_release", "release_gate"]
