"""Text from artifacts, made inert: it reads as it was written, whatever it says, and nothing in it is ever fetched."""

import re

JOINER = (
    "\u2060"  # has no width and no meaning; it only parts what would otherwise be taken for a directive or an address
)

# What Markdown reads anywhere; what begins a list or a rule; the number that begins a numbered list.
_MARKS = re.compile(r"([\\`*_\[\]<>#!|~$&^{}])|^([-+])(?=[-\s]|$)|^(\d+)(?=[.)](?:\s|$))")
# Emoji codes, coloured text, arrows, addresses, people and issues are recognised without their backslashes: parted.
_PARTED = re.compile(
    r"(?<=:)(?=[\w+/-]+[:\[]|//)|(?<=[<>=-])(?=[<>=-])|(?<=www)(?=\.)|(?<=@)(?=\S)|(?<=#)(?=\d)", re.IGNORECASE
)
_BREAKS = re.compile(r"[\r\n\t\v\f\u2028\u2029]+")
UNSEEN = (
    "[\x00-\x08\x0e-\x1f\x7f\u202a-\u202e\u2066-\u2069]"  # by nobody, and makes a text read as another; also for Polars
)
_CONTROLS = re.compile(UNSEEN)


def markdown(text: object, limit: int = 600) -> str:
    """Markdown that shows ``text`` literally, on one line, cut after ``limit`` characters; in the app and on code hosts.

    Nobody is called by their name in it, no issue is linked, nothing fetched. Direction overrides and control characters are
    dropped: they make a name read as another.
    """
    return _MARKS.sub(_escaped, _PARTED.sub(JOINER, one_line(text, limit)))


def one_line(text: object, limit: int = 600) -> str:
    """``text`` on one line, cut after ``limit`` characters, without direction overrides and control characters."""
    line = _BREAKS.sub(" ", _CONTROLS.sub("", str(text))).strip()
    return line if len(line) <= limit else line[: limit - 1].rstrip() + "…"


def _escaped(match: re.Match) -> str:
    """A backslash before the mark; after the number that would begin a list."""
    return match[3] + "\\" if match[3] else "\\" + match[0]


_NOT_XML = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def xml(text: object, limit: int = 2_000) -> str:
    """Text that XML 1.0 may hold, cut after ``limit`` characters; a writer of XML still escapes it."""
    line = _NOT_XML.sub("", _CONTROLS.sub("", str(text)))
    return line if len(line) <= limit else line[: limit - 1].rstrip() + "…"
