"""What there is to say of how two releases answer otherwise, example by example."""

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from plainview.narrative.names import quoted
from plainview.quantities import count, ends, listed, margin, plain, span, value

if TYPE_CHECKING:
    from plainview.differences import Differences

NO_VERDICT = (
    "Whether a scenario is better or worse is said on the page Compare. Here it is counted how many answers moved, "
    "which can be many where the average stands still."
)
# What became of answers that moved, as it is read in a sentence: of answers that are right or wrong, and of numbers.
_BECAME = {
    False: {"fixed": "fixed", "broke": "broke", "wrong otherwise": "still wrong in another way"},
    True: {"fixed": "came closer", "broke": "went further off", "same": "as far off as before"},
}
READ = {
    "all": "All of them",
    "fixed": "Fixed",
    "broke": "Broke",
    "wrong otherwise": "Wrong in both, otherwise",
    "still wrong": "Wrong in both, alike",
    "still right": "Right in both",
    "same": "As good as before",
}
READ_NUMBERS = READ | {"fixed": "Closer", "broke": "Further off", "same": "As far off as before"}


def differences_answer(found: "Differences") -> str:
    """The answer to "where do the two answer differently?"."""
    one, other = found.candidate, found.baseline
    if not found.examples:
        return f"No example has a label and an answer of both {other} and {one}."
    if not found.different:
        return f"{one} answers all of {count(found.examples, 'example')} as {other} does{_apart(found)}."
    share = f"{found.different:,} of {count(found.examples, 'example')} ({value(found.churn, 'accuracy')})"
    became = _BECAME[found.task == "regression"]
    parts = [
        f"{found.outcomes[word]:,} {said}"
        for word, said in became.items()
        if found.outcomes.get(word) and word != "same"
    ]
    return f"{one} answers {share} otherwise than {other}{_apart(found)}" + (f": {listed(parts)}." if parts else ".")


def nothing_before(release: str, *, alone: bool) -> str:
    """That there is no other release to look back to, or none is chosen."""
    if alone:
        return f"{release} is the only release, so there is nothing that it could answer otherwise."
    return f"No release other than {release} is chosen: choose one to compare its answers with."


def _apart(found: "Differences") -> str:
    """What makes two numbers different answers."""
    return f", by more than {margin(found.margin, 'mae', found.unit)}" if found.margin else ""


def differences_context(found: "Differences") -> str:
    """The churn with its interval, and how many kinds of error moved."""
    low, high = found.interval
    if low is None:
        return ""
    said = [f"churn {value(found.churn, 'accuracy')} ({span(low, high, 'accuracy')})"]
    if found.kinds.height:
        tested = found.kinds["p"].is_not_null().sum()
        said.append(f"{count(found.kinds.height, 'kind')} of error, of which {tested:,} moved enough to be tested")
    return " · ".join(said)


def kind_sentence(row: Mapping[str, Any]) -> str:
    """What became of one kind of error: "“a” is no longer taken for “b”: 7 of 40 before, none now"."""
    pair, before, now, of = (
        f"{quoted(row['label'])} {{}} taken for {quoted(row['prediction'])}",
        *(row[key] for key in ("before", "now", "of")),
    )
    interval = "" if row["low"] is None else f" ({ends(row['low'], row['high'], 'accuracy')} points)"
    said = {
        "new": f"{pair.format('is now')}: {now:,} of {count(of, 'example')}, and none before",
        "gone": f"{pair.format('is no longer')}: {before:,} of {count(of, 'example')} before, and none now",
        "more frequent": f"{pair.format('is')} more often: {now:,} of {count(of, 'example')}, and {before:,} before",
        "rarer": f"{pair.format('is')} less often: {now:,} of {count(of, 'example')}, and {before:,} before",
        "cannot tell": f"{pair.format('is')} {now:,} times, and {before:,} before: too few moved to tell from chance",
    }
    return f"{said[row['change']]}{interval if row['change'] != 'cannot tell' else ''}."


def no_kinds(found: "Differences") -> str:
    """That no kind of error moved by more than chance, and what was looked at."""
    tested = int(found.kinds["p"].is_not_null().sum())
    return (
        f"Of {count(found.kinds.height, 'pair')} of classes that are confused, {count(tested, 'pair')} had enough moves to be "
        "tested; none came, went or changed by more than chance."
    )


def shift_sentence(row: Mapping[str, Any], found: "Differences") -> str:
    """How what is stated moved, over all examples."""
    if row["low"] is None:
        return f"Too few examples state it to say how the {found.shift_of} moved."
    if found.shift_of == "confidence":
        size, inside = f"{abs(100 * row['shift']):.1f} points", ends(row["low"], row["high"], "accuracy")
        more, less = "surer of its answers", "less sure of its answers"
    else:
        size, inside = f"{plain(abs(row['shift']))} {found.unit}".rstrip(), ends(row["low"], row["high"], "mae")
        more, less = "higher in its predictions", "lower in its predictions"
    if row["low"] <= 0 <= row["high"]:
        kind = "as sure of its answers" if found.shift_of == "confidence" else "as high in its predictions"
        return f"On average {found.candidate} is about {kind} as {found.baseline}: the shift is {inside}, which includes none."
    word = more if row["shift"] > 0 else less
    return f"On average {found.candidate} is {word} than {found.baseline} by {size} ({inside})."
