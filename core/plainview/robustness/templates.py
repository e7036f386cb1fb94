"""Templates with lexicons: ``"{name} is a happy person"``, filled with every name, and ``{a:job}`` with its article."""

import itertools
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from plainview.exceptions import nearest
from plainview.robustness.rows import generator

MOST = 2_000_000  # fillings that are counted through; beyond, places are drawn
_SLOT = re.compile(r"\{([^{}]*)\}")
_BRACES = re.compile(r"[{}]")


@dataclass(frozen=True)
class Filled:
    """One filling of a template: its text, and which words it took."""

    template: int
    text: str
    words: Mapping[str, str]


def slots(template: str) -> list[str]:
    """The lexicons that a template names, in order, each once."""
    return list(dict.fromkeys(_name(each) for each in _SLOT.findall(template)))


def _name(slot: str) -> str:
    return slot.removeprefix("a:").strip()


def faults_of(template: str, lexicons: Mapping[str, Sequence[str]]) -> Iterator[str]:
    """What is wrong with a template."""
    if _BRACES.search(_SLOT.sub("", template)):
        yield "a brace is not closed; a slot is written {name}"
    for name in slots(template):
        if name not in lexicons:
            yield f"there is no lexicon {name!r}. {nearest(name, lexicons)}"


def fill(template: str, words: Mapping[str, str]) -> str:
    """The text with these words; ``{a:job}`` becomes "an engineer"."""

    def word(match: re.Match) -> str:
        found = words[_name(match[1])]
        if not match[1].startswith("a:"):
            return found
        return f"{'an' if found[:1].lower() in 'aeiou' else 'a'} {found}"

    text = _SLOT.sub(word, template)
    return text[:1].upper() + text[1:] if template[:1] == "{" else text


def fillings(
    templates: Sequence[str],
    lexicons: Mapping[str, Sequence[str]],
    *,
    sample: int,
    seed: int,
    without: str | None = None,
) -> list[Filled]:
    """At most ``sample`` fillings of all templates, drawn by the seed where there are more; the slot ``without`` stays open."""
    found: list[Filled] = []
    each = -(-sample // len(templates))
    for number, template in enumerate(templates):
        names = [name for name in slots(template) if name != without]
        lists = [lexicons[name] for name in names]
        for chosen in _chosen(lists, each, seed, number):
            words = dict(zip(names, chosen, strict=True))
            text = template if without is not None else fill(template, words)
            found.append(Filled(number, text, words))
    return found[:sample]


def _chosen(lists: Sequence[Sequence[str]], most: int, seed: int, number: int) -> Iterator[tuple[str, ...]]:
    total = 1
    for words in lists:
        total *= len(words)
    if total <= most:
        yield from itertools.product(*lists)
        return
    random = generator(seed, "template", number)
    places = random.choice(total, most, replace=False) if total <= MOST else random.integers(0, MOST, most)
    for place in sorted(int(each) for each in set(places.tolist())):
        chosen = []
        for words in reversed(lists):
            place, at = divmod(place, len(words))
            chosen.append(words[at])
        yield tuple(reversed(chosen))
