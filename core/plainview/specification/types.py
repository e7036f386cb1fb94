"""What a name, a text, a class or a number of a specification is, and the base of its models."""

import re
import unicodedata
from collections.abc import Mapping
from typing import Annotated, Any

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field, PlainValidator

from plainview.frames import class_name
from plainview.specification.yaml_positions import WrittenFloat

MAX_NAME = 200
MAX_PROSE = 5_000
SLUG = re.compile(r"[a-z0-9][a-z0-9._-]{0,63}", re.ASCII)
# Control, surrogate and private characters, line and paragraph separators; and what reverses the reading direction.
_BANNED_CATEGORIES = ("Cc", "Cs", "Co", "Zl", "Zp")
_BANNED = frozenset("\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")


class Model(BaseModel):
    """Base of everything in a specification: frozen, and closed to what it does not know."""

    model_config = ConfigDict(frozen=True, extra="forbid")


def _as_text(value: Any) -> str:
    """Text as it was written: a release called 2.10 stays 2.10."""
    if isinstance(value, WrittenFloat):
        return value.source
    return _as_class(value)


def _as_class(value: Any) -> str:
    """A class as the frames spell it: 1 and 1.0 are "1", true is "true"."""
    if not isinstance(value, str | bool | int | float):
        raise ValueError(f"found {spoken(value)}; expected text")
    return class_name(value)


def _one_line(text: str) -> str:
    text = text.strip()
    _check_characters(text, MAX_NAME, allowed="")
    return text


def _prose(text: str) -> str:
    text = text.strip()
    _check_characters(text, MAX_PROSE, allowed="\n\t")
    return text


def _check_characters(text: str, longest: int, *, allowed: str) -> None:
    if not text:
        raise ValueError("found empty text; expected at least one character")
    if len(text) > longest:
        raise ValueError(f"found {len(text):,} characters; expected at most {longest:,}")
    for number, character in enumerate(text, start=1):
        if character not in allowed and _is_banned(character):
            raise ValueError(f"found the control character U+{ord(character):04X} at character {number}; remove it")


def _is_banned(character: str) -> bool:
    if ord(character) & 0xFFFE == 0xFFFE:  # no character at all, and not allowed in XML
        return True
    return character in _BANNED or unicodedata.category(character) in _BANNED_CATEGORIES


def _slug(text: str) -> str:
    if SLUG.fullmatch(text):
        return text
    suggestion = re.sub(r"[^a-z0-9._-]+", "-", text.casefold()).strip("-._")[:64]
    advice = f" Did you mean {suggestion!r}?" if SLUG.fullmatch(suggestion) else ""
    raise ValueError(f"found {text!r}; expected a short name of a-z, 0-9, dots, hyphens and underscores.{advice}")


def _number(value: Any) -> float:
    if isinstance(value, bool) or not isinstance(value, int | float):
        raise ValueError(f"found {spoken(value)}; expected a number")
    return float(value)


def _margin(value: Any) -> float | dict[str, float] | None:
    if isinstance(value, Mapping):
        return {str(key): _positive(number) for key, number in value.items()}
    return None if value is None else _positive(value)


def _positive(value: Any) -> float:
    number = _number(value)
    if not 0 < number < float("inf"):
        raise ValueError(f"found {number:g}; expected a number above 0")
    return number


def spoken(value: Any) -> str:
    """A value as an error shows it: what it is, and the start of it."""
    if value is None:
        return "nothing"
    if isinstance(value, Mapping | list | tuple):
        return f"a {'mapping' if isinstance(value, Mapping) else 'list'} of {len(value)}"
    shown = value.source if isinstance(value, WrittenFloat) else str(value)
    shown = shown if len(shown) <= 60 else shown[:57] + "…"
    return repr(shown) if isinstance(value, str) else {"True": "true", "False": "false"}.get(shown, shown)


Name = Annotated[str, AfterValidator(_one_line), BeforeValidator(_as_text)]
Prose = Annotated[str, AfterValidator(_prose), BeforeValidator(_as_text)]
Class = Annotated[str, AfterValidator(_one_line), BeforeValidator(_as_class)]
Slug = Annotated[str, AfterValidator(_slug), BeforeValidator(_as_text)]
Number = Annotated[float, BeforeValidator(_number), Field(allow_inf_nan=False)]
Positive = Annotated[float, BeforeValidator(_positive)]
Share = Annotated[float, BeforeValidator(_number), Field(gt=0.5, lt=1)]
Part = Annotated[float, BeforeValidator(_number), Field(gt=0, le=1)]
Allowed = Annotated[float, BeforeValidator(_number), Field(ge=0, le=1)]
Count = Annotated[int, Field(strict=True, ge=1)]
Margin = Annotated[float | dict[str, float] | None, PlainValidator(_margin)]
