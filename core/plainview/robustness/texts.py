"""Small changes of texts that should not matter: one function each, ``(text, random, strength, words) -> text or None``.

None: the text has nothing to change. ``strength`` is the part of the words that is touched.
"""

import re
import string
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

Lexicon = Mapping[str, Sequence[str]] | Sequence[str]
Change = Callable[[str, np.random.Generator, float, Sequence[str]], str | None]

_WORD = re.compile(r"[^\W\d_]{4,}")
_ROWS = ("qwertyuiop", "asdfghjkl", "zxcvbnm")
_NEAR = {
    letter: row[max(at - 1, 0) : at] + row[at + 1 : at + 2] for row in _ROWS for at, letter in enumerate(row)
}  # the keys beside it
_SHORT = {
    "is not": "isn't", "are not": "aren't", "was not": "wasn't", "were not": "weren't", "do not": "don't",
    "does not": "doesn't", "did not": "didn't", "can not": "can't", "cannot": "can't", "will not": "won't",
    "would not": "wouldn't", "could not": "couldn't", "should not": "shouldn't", "have not": "haven't",
    "has not": "hasn't", "i am": "I'm", "it is": "it's", "i have": "I've", "i will": "I'll",
}  # fmt: skip
_BOTH_WAYS = {**_SHORT, **{short.lower(): long for long, short in _SHORT.items()}}
_SHORTENED = re.compile(rf"\b({'|'.join(map(re.escape, sorted(_BOTH_WAYS, key=len, reverse=True)))})\b", re.IGNORECASE)


@dataclass(frozen=True)
class TextChange:
    """A row of `TEXTS`."""

    change: Change
    said: str  # what was done, in words
    needs_words: bool = False  # whether a lexicon must be named


def typos(text: str, random: np.random.Generator, strength: float, words: Sequence[str]) -> str | None:
    """In some words of four letters or more two letters are swapped, one is dropped, doubled, or hit beside its key."""
    places = [match.span() for match in _WORD.finditer(text)]
    if not places:
        return None
    count = max(1, round(strength * len(places)))
    chosen = sorted(random.choice(len(places), min(count, len(places)), replace=False).tolist(), reverse=True)
    for at in chosen:
        start, end = places[at]
        text = text[:start] + _mistyped(text[start:end], random) + text[end:]
    return text


def _mistyped(word: str, random: np.random.Generator) -> str:
    at = int(random.integers(1, len(word) - 1))
    letter, following = word[at], word[at + 1]
    near = _NEAR.get(letter.lower(), "")
    made = [
        word[:at] + following + letter + word[at + 2 :],
        word[:at] + word[at + 1 :],
        word[:at] + letter + word[at:],
        *(word[:at] + key + word[at + 1 :] for key in near),
    ]
    other = [each for each in made if each != word]
    return other[int(random.integers(len(other)))]


def casing(text: str, random: np.random.Generator, strength: float, words: Sequence[str]) -> str | None:
    """All small letters, all capitals, or a capital for each word."""
    other = [each for each in (text.lower(), text.upper(), string.capwords(text)) if each != text]
    return other[int(random.integers(len(other)))] if other else None


def punctuation(text: str, random: np.random.Generator, strength: float, words: Sequence[str]) -> str | None:
    """The marks at the end go, another one comes, or all marks but apostrophes go."""
    bare = text.rstrip(".!?… ")
    marks = re.sub(r"[^\w\s'’]", "", text)
    other = [each for each in (bare, f"{bare}.", f"{bare}!", f"{bare} .", marks) if each != text and each.strip()]
    return other[int(random.integers(len(other)))] if other else None


def spacing(text: str, random: np.random.Generator, strength: float, words: Sequence[str]) -> str | None:
    """A second space between words, one before, or one after."""
    other = [each for each in (text.replace(" ", "  "), f" {text}", f"{text} ") if each != text]
    return other[int(random.integers(len(other)))] if text.strip() else None


def contractions(text: str, random: np.random.Generator, strength: float, words: Sequence[str]) -> str | None:
    """ "is not" becomes "isn't", and the other way round."""

    def turned(match: re.Match) -> str:
        new = _BOTH_WAYS[match[0].lower()]
        return new[:1].upper() + new[1:] if match[0][:1].isupper() else new

    made = _SHORTENED.sub(turned, text)
    return made if made != text else None


def synonyms(text: str, random: np.random.Generator, strength: float, words: Sequence[str]) -> str | None:
    """One word of a lexicon becomes another of it. In a lexicon of synonyms all words mean the same."""
    present = [match for word in words for match in re.finditer(rf"\b{re.escape(word)}\b", text, re.IGNORECASE)]
    if not present or len(words) < 2:
        return None
    chosen = present[int(random.integers(len(present)))]
    others = [word for word in words if word.lower() != chosen[0].lower()]
    new = others[int(random.integers(len(others)))]
    new = new[:1].upper() + new[1:] if chosen[0][:1].isupper() else new
    return re.sub(rf"\b{re.escape(chosen[0])}\b", lambda _: new, text)


TEXTS: dict[str, TextChange] = {
    "typos": TextChange(typos, "typing errors"),
    "casing": TextChange(casing, "other capitals"),
    "punctuation": TextChange(punctuation, "other punctuation"),
    "spacing": TextChange(spacing, "other spaces"),
    "contractions": TextChange(contractions, "other contractions"),
    "synonyms": TextChange(synonyms, "a word of the same meaning", needs_words=True),
    "names": TextChange(synonyms, "another name", needs_words=True),
}
