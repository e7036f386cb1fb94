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
    change_sentence,
    evidence,
    headline,
    statements,
)
from plainview.narrative.standings import demand, first_release, result_sentence, standing, standing_sentence

__all__ = [
    "behaviour_sentence",
    "change_sentence",
    "demand",
    "evidence",
    "first_release",
    "headline",
    "result_sentence",
    "standing",
    "standing_sentence",
    "statements",
]
