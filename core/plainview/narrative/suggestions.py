"""What there is to say of groups of examples where a release is wrong more often than elsewhere."""

from collections.abc import Sequence
from datetime import date
from typing import TYPE_CHECKING

from plainview.narrative.names import quoted
from plainview.quantities import MINUS, count, ends, plain, rough, span, value

if TYPE_CHECKING:
    from plainview.errors.conditions import Condition
    from plainview.errors.suggestions import Suggestion, Suggestions

SEARCHED = (
    "What a search finds was picked for looking bad, and is a little less bad than it looks: add it to the specification, and "
    "the next test-set version tells."
)
# What happened to examples, to one of them, and the other way: to answers that are right or wrong, and to numbers.
_HAPPENED = {
    False: {"wrong": "are wrong", "broke": "broke", "fixed": "were fixed"},
    True: {"wrong": "are far off", "broke": "went further off", "fixed": "came closer"},
}
_ONE = {"wrong": "error", "broke": "broken answer", "fixed": "fixed answer"}
_ONE_NUMBER = {"wrong": "large error", "broke": "larger error", "fixed": "smaller error"}
_OPPOSITE = {"broke": "fixed", "fixed": "broke"}


def condition_phrase(condition: "Condition") -> str:
    """One condition, as it stands after "examples": "with Age 45 or more", "whose text mentions “refund”"."""
    column, bound = condition.column, condition.bound
    shown, dated = _shown(bound), isinstance(bound, date)
    return {
        "value": f"with {column} {quoted(bound) if isinstance(bound, str) else f'= {shown}'}",
        "true": f"with {column} {'true' if bound else 'false'}",
        "missing": f"without a value of {column}",
        "word": f"whose {column} holds {quoted(str(bound))}",
        "from": f"with {column} {shown} or {'later' if dated else 'more'}",
        "below": f"with {column} {'before' if dated else 'below'} {shown}",
        "longer": f"whose {column} has {shown} characters or more",
        "shorter": f"whose {column} has fewer than {shown} characters",
    }[condition.kind]


def _shown(bound: object) -> str:
    """A bound as it is read: 45, 150,000, 0.25."""
    if isinstance(bound, float) and bound.is_integer():
        bound = int(bound)
    large = isinstance(bound, int | float) and not isinstance(bound, bool) and abs(bound) >= 10_000
    return f"{bound:,}" if large else f"{bound}".replace("-", MINUS) if isinstance(bound, int | float) else f"{bound}"


def group_phrase(conditions: Sequence["Condition"]) -> str:
    """All conditions of a group: "with Geography “Germany” and with Age 45 or more"."""
    return " and ".join(condition_phrase(each) for each in conditions)


def suggestion_name(conditions: Sequence["Condition"]) -> str:
    """A name for the scenario, as people would read it in a list, at most 200 characters."""
    name = group_phrase(conditions)
    name = name[:1].upper() + name[1:]
    return name if len(name) <= 200 else name[:199] + "…"


def suggestion_sentence(one: "Suggestion", found: "Suggestions", *, large: str = "") -> str:
    """What stands out, against elsewhere; ``large`` is what a large error is, where answers are numbers."""
    event, names = found.event, _ONE_NUMBER if found.numbers else _ONE
    share, elsewhere = (value(each, "accuracy") for each in (one.share, one.elsewhere))
    happened = f"are off by more than {large}" if large else _HAPPENED[found.numbers][event]
    surplus = f"{count(one.errors, names[event])}, {rough(round(one.more))} more than expected"
    other = "" if one.against is None else f"; {one.against:,} {_HAPPENED[found.numbers][_OPPOSITE[event]]} there"
    group = group_phrase(one.conditions)
    return f"Of {count(one.examples, 'example')} {group}, {share} {happened}, against {elsewhere} elsewhere: {surplus}{other}."


def suggestion_notes(one: "Suggestion") -> list[str]:
    """How sure it is, and what else there is to know of it."""
    notes = [
        f"{value(one.share, 'accuracy')} ({span(one.low, one.high, 'accuracy')})",
        f"{ends(*one.difference, 'accuracy')} points against elsewhere",
        f"p {'below 0.0001' if one.p < 0.0001 else f'{one.p:.2g}'}, adjusted for all that was tried",
    ]
    notes += [f"{count(one.merged, 'similar group')} merged into it"] if one.merged else []
    return notes + ([f"nearly the same as the scenario {quoted(one.already)}"] if one.already else [])


def searched(found: "Suggestions") -> str:
    """What was looked through, and how many suggestions are false."""
    columns = count(len(found.columns), "column")
    return f"{count(found.tried, 'group')} over {columns} tried · on average at most {found.rate:.0%} of suggestions are chance"


def nothing_stands_out(found: "Suggestions") -> str:
    """What was tried, where nothing was found."""
    tried = f"{count(found.tried, 'group')} of {found.minimum:,} examples or more"
    columns = count(len(found.columns), "column")
    return f"{tried} were tried on {columns} of the test set; in none is it clearly more frequent than elsewhere."


def suggestions_answer(found: "Suggestions", release: str, *, baseline: str = "", large: str = "") -> str:
    """The answer to "where is this release wrong?", or where it broke or fixed most."""
    both = found.event != "wrong"
    if not found.examples:
        return f"No example has a label and an answer of {f'both {baseline} and ' if both else ''}{release}."
    first = _how_many(found, release, large) + (f", compared with {baseline}" if both else "")
    if not found.errors:
        return f"{first}, so there is nothing to search for."
    if not found.found:
        return f"{first}, and no group of examples stands out among the {found.tried:,} that were tried."
    best = found.found[0]
    errors = count(best.errors, (_ONE_NUMBER if found.numbers else _ONE)[found.event])
    return (
        f"{first}; what explains most of it are examples {group_phrase(best.conditions)}: {errors} in "
        f"{best.examples:,}, {rough(round(best.more))} more than expected."
    )


def _how_many(found: "Suggestions", release: str, large: str) -> str:
    of = f"{found.errors:,} of {count(found.examples, 'example')} ({value(found.errors / found.examples, 'accuracy')})"
    if found.event == "wrong":
        return f"{release} is {f'off by more than {large}' if large else 'wrong'} in {of}"
    if found.numbers:
        return f"{release} is {'further off' if found.event == 'broke' else 'closer'} in {of}"
    return f"{release} {found.event} {of}"


def large_error(bar: float | None, unit: str = "") -> str:
    """What a large error is: "12.4 minutes"; empty where answers are right or wrong."""
    return "" if bar is None else f"{plain(bar)} {unit}".rstrip()


def confusion_sentence(label: str, prediction: str, examples: int, share: float, back: int) -> str:
    """Which class is taken for which, and how often the other way round."""
    other = f"; the other way round {count(back, 'time')}" if back else ""
    taken = f"{quoted(label)} is taken for {quoted(prediction)} {count(examples, 'time')}"
    return f"{taken}, in {value(share, 'accuracy')} of its examples{other}."


def mistakes_order(by: str, releases: int) -> str:
    """What the list of mistakes is ordered by, and what that is worth."""
    if by == "error":
        return "The largest errors first."
    if by == "confidence":
        return "The surest first: by the probability that was stated of the answer that was given."
    if by == "size of the score":
        return "The surest first: by how far the score is from zero. It is no probability, so only the order means something."
    if releases > 1:
        longest = "those come first that have been wrong for the longest"
        return f"No confidence was published, so {longest}: the last {releases} releases are looked at."
    return "No confidence was published, so they stand in the order of their ids."
