"""Numbers become sentences. Every sentence that the product says about a release is made here.

The wording guide:
- Say what happened to people first (the behaviour), the metric second, then the number with its interval and examples.
- *better*, *worse*: only for the verdict of that name. *did not change*: only for equivalent. Everything else is "cannot tell".
- *without sacrificing*: only where every other scenario rules out a loss as large as the margin.
- "Not shown" is not "not there": where examples are too few, say so, and about how many more would settle it.
- Points for differences of percentages; an estimate is called "about"; never significant, proven, safe, solved, unbiased.
- Names written by people stand as they are; a behaviour that begins with a verb is spoken as one.
- One sentence, one statement. No sentence says less bad news than the numbers do.
"""

from plainview.narrative.changes import (
    behaviour_sentence,
    behaviour_statements,
    change_sentence,
    evidence,
    headline,
    statements,
    whole_statements,
)
from plainview.narrative.demands import demand, demand_moved, lapsed, long_date, waived_sentence, waiver_words
from plainview.narrative.differences import differences_answer
from plainview.narrative.gaps import left_unanswered, with_clause
from plainview.narrative.histories import continuity_statements, not_followed, since_first, underneath
from plainview.narrative.names import metric_title, spoken_metric, spoken_scenario
from plainview.narrative.plans import exposure_answer, mix_answer, planning_answer
from plainview.narrative.standings import (
    first_release,
    open_requirements,
    requirements_answer,
    result_sentence,
    standing,
    standing_sentence,
)
from plainview.narrative.wholes import (
    about,
    behaviours_answer,
    compared,
    not_drawn,
    portfolio_answer,
    reuse_sentence,
    trend_answer,
)

__all__ = [
    "about",
    "behaviour_sentence",
    "behaviour_statements",
    "behaviours_answer",
    "change_sentence",
    "compared",
    "continuity_statements",
    "demand",
    "demand_moved",
    "differences_answer",
    "evidence",
    "exposure_answer",
    "first_release",
    "headline",
    "lapsed",
    "left_unanswered",
    "long_date",
    "metric_title",
    "mix_answer",
    "not_drawn",
    "not_followed",
    "open_requirements",
    "planning_answer",
    "portfolio_answer",
    "requirements_answer",
    "result_sentence",
    "reuse_sentence",
    "since_first",
    "spoken_metric",
    "spoken_scenario",
    "standing",
    "standing_sentence",
    "statements",
    "trend_answer",
    "underneath",
    "waived_sentence",
    "waiver_words",
    "whole_statements",
    "with_clause",
]
