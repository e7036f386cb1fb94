"""What there is to say of explanations: what errors and answers depend on, how far that can be trusted, what it is not."""

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

from plainview.narrative.names import quoted
from plainview.narrative.suggestions import group_phrase
from plainview.quantities import MINUS, count, listed, plain, size, span, value

if TYPE_CHECKING:
    from plainview.errors.suggestions import Suggestions
    from plainview.explanations.attributions import Attributions
    from plainview.explanations.permutation import Permutation
    from plainview.explanations.surrogate import Importance, Surrogate
    from plainview.explanations.words import Words

NOT_SAID = (
    "This says what goes together in these examples, not what causes what: changing a column in the world need not change "
    "the errors. A column can stand in for another that is not in the test set."
)
MOST = 0.5  # of all that is lost: from there on a column explains most of it


def explanations_answer(found: "Surrogate", groups: "Suggestions | None", release: str) -> str:
    """Where a release is wrong most often, and which column tells the most about it."""
    if found.reason:
        return f"What the errors of {release} depend on cannot be told: {found.reason}."
    if not found.tells:
        return (
            f"Nothing in the examples tells the errors of {release} from its right answers better than chance, so no column "
            "is said to explain them."
        )
    best = max(groups.found, key=lambda one: one.share, default=None) if groups else None
    named = [quoted(each.column) for each in found.telling]
    explains = _explains(found, named)
    if best is None:
        return f"{explains[:1].upper()}{explains[1:]}, though no group of examples stands out."
    how, share = "far off" if groups.numbers else "wrong", value(best.share, "accuracy")
    return f"{release} is {how} most often for examples {group_phrase(best.conditions)} ({share}); {explains}."


def _explains(found: "Surrogate", named: Sequence[str]) -> str:
    if not named:
        return "the columns together tell errors apart, and no single one is shown to"
    total = sum(each.value for each in found.columns if each.value > 0)
    share = found.telling[0].value / total if total else 0.0
    if share >= MOST:
        return f"{named[0]} explains most of what can be told of its errors"
    also = f", then {listed(list(named[1:3]))}" if named[1:] else ""
    return f"{named[0]} tells the most about its errors{also}"


def trust_of_errors(found: "Surrogate") -> str:
    """How far what is said of errors can be trusted."""
    if found.area is None:
        return f"Not looked for: {found.reason}."
    told = f"In {_of_hundred(found.area)} pairs of a wrong and a right answer it tells which one is wrong"
    how = f"{told} (area under the ROC curve {found.area:.2f}, interval {found.low:.2f} to {found.high:.2f}; chance is 0.50)."
    verdict = (
        "The rest of what makes answers wrong is not in these columns."
        if found.tells
        else "That is no better than chance can be."
    )
    some = f" Learnt from a sample of {count(found.examples, 'example')}." if found.sampled else ""
    return f"A small tree was taught which answers are wrong and asked about others. {how} {verdict}{some}"


def _of_hundred(share: float) -> str:
    return f"{100 * share:.0f} of 100"


def alike_sentence(pairs: Sequence[tuple[str, str, float]]) -> str:
    """Columns that move together share their importance; empty where there are none."""
    if not pairs:
        return ""
    said = [f"{quoted(one)} and {quoted(other)} ({how:+.2f})".replace("-", MINUS) for one, other, how in pairs[:3]]
    more = f"; and {count(len(pairs) - 3, 'more pair')}" if len(pairs) > 3 else ""
    return f"Columns that move together share what they are worth, and either may get it: {'; '.join(said)}{more}."


def answers_sentence(found: "Permutation", release: str, unit: str = "") -> str:
    """What the answers of a release depend on."""
    telling = [each for each in found.columns if each.shown]
    if not telling:
        return f"No column is shown to matter to the answers of {release}: shuffled, none makes them clearly worse."
    first, *rest = telling
    cost = _cost(first, found.metric, unit)
    unused = [each.column for each in found.columns if each.value == each.low == each.high == 0]
    then = (
        f" Then come {listed([quoted(each.column) for each in rest], most=3)}."
        if rest
        else " Nothing else is shown to."
    )
    none = f" {count(len(unused), 'column')} make no difference to it at all." if len(unused) > 1 else ""
    return (
        f"The answers of {release} depend most on {quoted(first.column)}: with its values shuffled {cost}.{then}{none}"
    )


def _cost(one: "Importance", metric: str, unit: str) -> str:
    if metric == "mae":
        return f"they are off by {plain(one.value)} {unit or 'units'} more on average ({plain(one.low)} to {plain(one.high)})"
    more = f"{size(one.value, 'accuracy')} more of them are wrong"
    return f"{more} ({span(one.low, one.high, 'accuracy')})"


def trust_of_answers(found: "Permutation") -> str:
    """How far what is said of answers can be trusted."""
    said = f"Each column was shuffled {found.repeats} times among {count(found.examples, 'example')}; intervals are over them."
    if found.agrees is None:
        return said
    same = f"What was asked repeats {value(found.agrees, 'accuracy')} of the published answers"
    return (
        f"{said} {same}{'.' if found.agrees > 0.99 else ': it may be another model than the one that was published.'}"
    )


def words_sentence(found: "Words", release: str) -> str:
    """The words that errors go together with."""
    wrong = found.table.filter(found.table["about"] == "wrong").to_dicts()
    if not found.columns:
        return "No column of the test set is text."
    if not wrong:
        return (
            f"No word goes together with the errors of {release}; {found.tried:,} were held against answers and errors."
        )
    first = wrong[0]
    share, elsewhere = value(first["share"], "accuracy"), value(first["elsewhere"], "accuracy")
    more = f"; then {listed([quoted(row['word']) for row in wrong[1:4]])}" if len(wrong) > 1 else ""
    held = f"{share} of the {first['examples']:,} examples with it are wrong, against {elsewhere} elsewhere"
    return f"The word that goes together with errors most is {quoted(first['word'])}: {held}{more}."


def adds_up_sentence(found: "Attributions") -> str:
    """Whether attributions come to what they should."""
    if not found.checked:
        why = "no base value or no output was published with them"
        return f"Whether these explanations add up to the answers cannot be checked: {why}."
    share = f"{found.adds_up:,} of {count(found.checked, 'explanation')}"
    if found.adds_up == found.checked:
        return f"They add up: in all {found.checked:,} the base value and what the columns added come to the answer."
    gap = plain(found.largest_gap or 0.0)
    return f"Only {share} add up to the answer, and the largest gap is {gap}: the others explain something else."


def foreign_sentence(found: "Attributions") -> str:
    """Features that are no columns; empty where all are."""
    if not found.foreign:
        return ""
    few, are = listed([quoted(name) for name in found.foreign]), "is" if len(found.foreign) == 1 else "are"
    return f"{count(len(found.foreign), 'feature')} {are} no column of the test set: {few}."


def local_sentence(example: str, rows: Sequence[Mapping], sums: Mapping, unit: str = "") -> str:
    """What moved one answer, in words: from the base value to what was answered, and by which features most."""
    ordered = sorted(rows, key=lambda row: -abs(row["attribution"]))
    moved = [f"{_feature(row)} by {signed(row['attribution'])}" for row in ordered[:2] if row["attribution"]]
    if not moved:
        return f"Nothing moved the answer to {example}."
    from_to = ""
    if sums.get("base_value") is not None and sums.get("output") is not None:
        counted = f" {unit}" if unit else ""
        start, end = plain(sums["base_value"]), plain(sums["output"])
        from_to = f" from {start}, which is answered where nothing is known, to {end}{counted},"
    return f"The answer to {example} was moved{from_to} most of all by {listed(moved)}."


def _feature(row: Mapping) -> str:
    told = "" if row.get("value") is None else f" = {value_told(row['value'])}"
    return f"{quoted(row['feature'])}{told}"


def value_told(text: str) -> str:
    """What a feature was, as it is read: numbers with six digits at most, texts begun."""
    try:
        return f"{float(text):,.6g}" if len(text) > 7 else text.removesuffix(".0")
    except ValueError:
        return text if len(text) <= 60 else f"{text[:59]}…"


def signed(number: float) -> str:
    """A number with its sign: "+1.2"."""
    return f"{'+' if number > 0 else ''}{plain(number)}"


def moved_sentence(
    columns: Sequence[str], before: Mapping[str, float], after: Mapping[str, float], release: str
) -> str:
    """Which column became more or less important since the release before; empty where none did by much."""
    changes = sorted(columns, key=lambda name: -abs(after.get(name, 0.0) - before.get(name, 0.0)))
    if not changes or after.get(changes[0]) == before.get(changes[0]):
        return ""
    name = changes[0]
    word = "more" if after.get(name, 0.0) > before.get(name, 0.0) else "less"
    return f"What changed most since {release}: {quoted(name)} matters {word} than it did."
