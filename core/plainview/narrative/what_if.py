"""What there is to say of an example that was changed: whether the answer moved, and what that rests on."""

from collections.abc import Mapping, Sequence
from typing import Any

from plainview.narrative.names import quoted
from plainview.quantities import count, listed, plain, value

STANDING_IN = (
    "No live model is registered, so published examples stand in: the nearest ones by Gower's distance, the mean over columns "
    "of how far values are apart. They are other examples, and what the model would say of this one may differ."
)
OFF = (
    "A live model is registered by whoever runs the app: PLAINVIEW_PREDICT names a file with a function or an endpoint."
)
LONGEST = 60  # characters of a value in a sentence


def shown(found: Any) -> str:
    """A value as a sentence quotes it."""
    if found is None:
        return "nothing"
    text = f"{found:.6g}" if isinstance(found, float) else f"{found}"
    text = text if len(text) <= LONGEST else text[: LONGEST - 1].rstrip() + "…"
    return quoted(text) if isinstance(found, str) else text


def changes_phrase(changes: Mapping[str, tuple[Any, Any]]) -> str:
    """ "With Age 60 instead of 42 and Gender “Male” instead of “Female”"."""
    return "With " + listed([f"{name} {shown(new)} instead of {shown(old)}" for name, (old, new) in changes.items()])


def unchanged(example: str, release: str, answer: str | None, *, unit: str | None = None) -> str:
    """What is known before anything is changed; ``unit`` is that of numbers, None where answers are classes."""
    given = (
        f"answered {quoted(answer) if unit is None else f'{answer} {unit}'.rstrip()}" if answer else "gave no answer"
    )
    return f"To example {quoted(example)} {release} {given}. Change a value, and see whether the answer moves."


def live_answer(
    changes: Mapping[str, tuple[Any, Any]],
    release: str,
    before: str,
    after: str,
    *,
    numbers: bool = False,
    unit: str = "",
    scores: tuple[float, float, str] | None = None,
) -> str:
    """What a live model said; ``scores`` are a probability before and after, and the class that it is of."""
    how = changes_phrase(changes)
    if numbers:
        moved = f"moves from {before} to {after}" if before != after else f"stays {after}"
        return f"{how}, the answer of {release} {moved} {unit}".rstrip() + "."
    sure = ""
    if scores is not None:
        sure = (
            f" (probability of {quoted(scores[2])}: {value(scores[0], 'accuracy')} to {value(scores[1], 'accuracy')})"
        )
    if before == after:
        return f"{how}, the answer of {release} stays {quoted(after)}{sure}."
    return f"{how}, {release} answers {quoted(after)} instead of {quoted(before)}{sure}."


def near_answer(
    changes: Mapping[str, tuple[Any, Any]], release: str, answer: str | None, near: Sequence[Any], *, unit: str = ""
) -> str:
    """What stands in: the answers to the nearest published examples."""
    how, was = changes_phrase(changes), f"the example itself was answered {quoted(answer)}" if answer else ""
    known = [each for each in near if each is not None]
    if not known:
        return f"{how}: no published example with an answer stands in."
    if all(isinstance(each, int | float) for each in known):
        spread = f"{plain(min(known))} to {plain(max(known))} {unit}".rstrip()
        mean = f"{plain(sum(known) / len(known))} {unit}".rstrip()
        was = f"; the example itself was answered {answer} {unit}".rstrip() if answer else ""
        examples = count(len(known), "nearest published example")
        return f"{how}: {release} answered the {examples} with {mean} on average ({spread}){was}."
    top = max(dict.fromkeys(known), key=known.count)
    examples = count(len(known), "nearest published example")
    said = f"of the {examples}, {release} answered {known.count(top)} with {quoted(str(top))}"
    return f"{how}: {said}{'; ' + was if was else ''}."


def live_differs(release: str, published: str, now: str) -> str:
    """The live model does not answer the unchanged example as it was published."""
    return f"The live model answers {quoted(now)} to the unchanged example; published for {release} was {quoted(published)}."


def other_release(registered: str, release: str) -> str:
    """The live model is that of another release."""
    return f"The live model is that of {registered}, not of {release}, so published examples stand in."


def extended_sentence(made: int, kept: int) -> str:
    """What the next version of the test set would have more."""
    if made:
        return (
            f"The test set with {count(made, 'made-up example')} from kept analyses, each marked in the column origin."
        )
    were = count(kept, "analysis was", "analyses were")
    return f"{were} kept, none with the answer that would be right: without it an example judges nothing."
