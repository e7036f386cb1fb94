"""Text from artifacts, made inert: it reads as it was written, whatever it says, and nothing in it is ever fetched."""

import re

JOINER = (
    "\u2060"  # has no width and no meaning; it only parts what would otherwise be taken for a directive or an address
)

# What Markdown reads anywhere; what begins a list or a rule; the number that begins a numbered list.
_MARKS = re.compile(r"([\\`*_\[\]<>#!|~$&^{}])|^([-+])(?=[-\s]|$)|^(\d+)(?=[.)](?:\s|$))")
# Emoji codes, coloured text, arrows and bare addresses are recognised after backslashes are gone: these are parted instead.
_PARTED = re.compile(r"(?<=:)(?=[\w+/-]+[:\[]|//)|(?<=[<>=-])(?=[<>=-])|(?<=www)(?=\.)|(?<=@)(?=\S)", re.IGNORECASE)
_BREAKS = re.compile(r"[\r\n\t\v\f\u2028\u2029]+")
_CONTROLS = re.compile(r"[\x00-\x08\x0e-\x1f\x7f\u202a-\u202e\u2066-\u2069]")


def plain(text: object, limit: int = 600) -> str:
    """Markdown that shows ``text`` literally, on one line, cut after ``limit`` characters.

    For titles, labels, badges and sentences; a block of text goes through ``st.text``, which knows no Markdown.
    Direction overrides and control characters are dropped: they make a name read as another.
    """
    line = _BREAKS.sub(" ", _CONTROLS.sub("", str(text))).strip()
    line = line if len(line) <= limit else line[: limit - 1].rstrip() + "…"
    return _MARKS.sub(_escaped, _PARTED.sub(JOINER, line))


def _escaped(match: re.Match) -> str:
    """A backslash before the mark; after the number that would begin a list."""
    return match[3] + "\\" if match[3] else "\\" + match[0]
