"""Requirements: what was demanded, and whether the evidence shows that it holds.

`met` when the pessimistic end of the interval clears the bar, `not met` when the optimistic end fails it, `unproven` when
the bar lies inside the interval, `no evidence` when nothing was measured. With ``rule: point`` the estimate alone decides.
"No worse than" is a non-inferiority test: met when a loss as large as the margin is ruled out (one-sided 5%).
Where more than 1% of a scenario's labelled examples have no answer, `met` needs a proportion to clear the bar with all of
them as wrong; any other metric is then `unproven`.
`waived` is laid over what was measured and never replaces it: see ``plainview.waivers``.

A requirement's id is its identity: under it ``requirements_over`` follows it from release to release.
"""

from plainview.requirements.judging import BEST, Since, judge
from plainview.requirements.over import Judged, RequirementHistory, Step, histories, requirements_over
from plainview.requirements.releases import judge_release, previous
from plainview.requirements.standing import STATES, STATUSES, Standing, Status, by_priority, counts, ranked

__all__ = [
    "BEST",
    "STATES",
    "STATUSES",
    "Judged",
    "RequirementHistory",
    "Since",
    "Standing",
    "Status",
    "Step",
    "by_priority",
    "counts",
    "histories",
    "judge",
    "judge_release",
    "previous",
    "ranked",
    "requirements_over",
]
