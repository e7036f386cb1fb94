"""Readiness that can be believed: what people claim beside what artifacts show, in every framework of the field.

`Readiness(store, project).standing("error-analysis")` is where a project stands; `.plan(…, "L2")` what it takes to get on.
A framework is one YAML file (`frameworks/`); `scales` maps their answers onto each other and `bank` says which of their
questions are the same. Answers are events (`answers`); evidence is found in artifacts whenever it is asked for (`evidence`).
"""

from plainview.readiness.answers import (
    Difference,
    Given,
    Reply,
    checked,
    differences,
    drafts_of,
    given_answers,
    keep_draft,
    newest_submission,
    own_answers,
    read_answers,
    submit,
)
from plainview.readiness.cards import Card, KeptCard, cards_of, keep_card, read_card
from plainview.readiness.evidence import PROOFS, Evidence
from plainview.readiness.facts import Facts, Reading
from plainview.readiness.framework import Framework, Question, Score, score
from plainview.readiness.history import QUARTERS, by_quarter, over_quarters, over_releases
from plainview.readiness.loading import NAMES, frameworks, load_framework, own_frameworks, read_framework
from plainview.readiness.planner import Plan, Step, smallest_plan, what_if
from plainview.readiness.scales import OUTCOMES, SCALES, Outcome
from plainview.readiness.standing import FrameworkStanding, QuestionStanding, Readiness

__all__ = [
    "NAMES",
    "OUTCOMES",
    "PROOFS",
    "QUARTERS",
    "SCALES",
    "Card",
    "Difference",
    "Evidence",
    "Facts",
    "Framework",
    "FrameworkStanding",
    "Given",
    "KeptCard",
    "Outcome",
    "Plan",
    "Question",
    "QuestionStanding",
    "Readiness",
    "Reading",
    "Reply",
    "Score",
    "Step",
    "by_quarter",
    "cards_of",
    "checked",
    "differences",
    "drafts_of",
    "frameworks",
    "given_answers",
    "keep_card",
    "keep_draft",
    "load_framework",
    "newest_submission",
    "over_quarters",
    "over_releases",
    "own_answers",
    "own_frameworks",
    "read_answers",
    "read_card",
    "read_framework",
    "score",
    "smallest_plan",
    "submit",
    "what_if",
]
