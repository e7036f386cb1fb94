"""Decisions on a release: go, conditional go or no-go, by someone who did not publish it, on evidence frozen by digest.

A decision is an event in the store, so it is never edited: who thinks otherwise later decides again, and the latest counts.
Where the evidence has moved since, the decision stays, and what moved is said beside it.
"""

from plainview.decisions.evidence import Evidence, evidence_of, moved
from plainview.decisions.making import decide
from plainview.decisions.records import CHOICES, KIND, Condition, Decision, approved, decisions_of, latest

__all__ = [
    "CHOICES",
    "KIND",
    "Condition",
    "Decision",
    "Evidence",
    "approved",
    "decide",
    "decisions_of",
    "evidence_of",
    "latest",
    "moved",
]
