"""What is said of what is not there: answers that are missing, and examples that are too few."""

from collections.abc import Sequence
from typing import TYPE_CHECKING

from plainview.narrative.names import example_of, spoken_scenario
from plainview.quantities import count, rough
from plainview.specification import Specification

if TYPE_CHECKING:
    from plainview.verdicts import Change

WORTH_NAMING = 0.01  # a share of the examples; with fewer answers missing than that, little can change


def left_unanswered(
    release: str, missing: int, examples: int, task: str, *, before: int | None = None, most: float = WORTH_NAMING
) -> str:
    """That a release left examples unanswered, more than the one ``before`` or more than ``most`` of them; else empty."""
    if missing <= most * examples and (before is None or missing <= before):
        return ""
    return f"{release} left {missing:,} of {count(examples, *example_of(task))} unanswered"


def with_clause(sentence: str, clause: str) -> str:
    """A sentence with one more clause at its end; as it is where there is none."""
    return f"{sentence.removesuffix('.')}; {clause}." if clause else sentence


def undone(missing: int, task: str, *, bounded: bool = True, certain: bool = True) -> str:
    """Why what the answers show is not enough: "213 examples have no answer; with them as wrong it would not be met"."""
    said = f"{count(missing, *example_of(task))} {'has' if missing == 1 else 'have'} no answer"
    if not bounded:
        return f"{said}, and how much that hides is not known"
    return f"{said}; with {'it' if missing == 1 else 'them'} as wrong it {'would' if certain else 'might'} not be met"


def settling(more: int, counted: str = "", *, to_judge: bool, what: str = "it") -> str:
    """What would settle something: "about 340 more examples would settle it"; where it cannot be judged yet, what that needs.

    ``to_judge``: so many more only reach the minimum that judging needs.
    """
    how_many = f"at least {more:,} more" if to_judge else f"{rough(more)} more"
    them = f"{how_many} {counted}".rstrip()
    if to_judge:
        return f"{them} {'is' if more == 1 else 'are'} needed before {what} can be judged at all"
    return f"{them} would settle {what}"


def reaches_minimum(row: "Change", specification: Specification) -> bool:
    """Whether the examples that a change still needs would only make it one that can be judged."""
    return row.examples + (row.more_examples_needed or 0) <= specification.minimum_for(row.scenario)


def few_sentence(rows: Sequence["Change"], specification: Specification) -> str | None:
    """How many scenarios are too uncertain to tell, and what would settle the nearest of those where that can be said."""
    unsure = [row for row in rows if row.verdict == "inconclusive"]
    if not unsure:
        return None
    them = "1 scenario is" if len(unsure) == 1 else f"{count(len(unsure), 'scenario')} are"
    known = [row for row in unsure if row.more_examples_needed]
    if not known:
        return f"{them} too uncertain to tell; how many more examples would settle {_it(unsure)} cannot be said."
    near = min(known, key=lambda row: (reaches_minimum(row, specification), row.more_examples_needed))
    which = "them" if len(known) == len(unsure) else "those where it can be said"
    what = "it" if len(unsure) == 1 else f"the nearest of {which}, {spoken_scenario(near.scenario)},"
    counted = specification.counted_by(near.metric)[near.more_examples_needed != 1]
    more = settling(near.more_examples_needed, counted, to_judge=reaches_minimum(near, specification), what=what)
    return f"{them} too uncertain to tell; {more.removesuffix(',')}."


def _it(rows: Sequence["Change"]) -> str:
    return "it" if len(rows) == 1 else "them"
