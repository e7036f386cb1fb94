"""Reading a specification: a file, a text, a mapping, or one that is read already."""

import math
import os
from collections.abc import Mapping
from datetime import date
from functools import lru_cache
from pathlib import Path
from typing import Any

import yaml
from pydantic import ValidationError

from plainview.exceptions import SpecificationError, nearest, spoken_path
from plainview.frames import class_name
from plainview.specification.checks import disagreements
from plainview.specification.faults import Fault, Origin, fail, validation_faults
from plainview.specification.models import Specification
from plainview.specification.sizes import too_many
from plainview.specification.types import spoken
from plainview.specification.yaml_positions import YamlFault, add_resolvers, read_yaml

MAX_BYTES = 5_000_000
KEPT_BYTES = 200_000  # of a text whose specification is kept for the next reader
MAX_WHOLE = 10**18  # in a mapping; what is longer is a name, and written as text
_UNNAMED = "specification"


def load_specification(source: Path | str | Mapping[str, Any] | Specification) -> Specification:
    """Read and check a specification.

    A text is a path where it names a file that exists, or ends in ``.yaml`` or ``.yml``; else it is YAML.
    Raises SpecificationError, which lists everything that is wrong, each with file, line, column and key.
    """
    if isinstance(source, Specification):
        return source
    if isinstance(source, Mapping):
        return _read(_written(source), Origin(_UNNAMED), placed=False)
    if isinstance(source, os.PathLike) or (isinstance(source, str) and _is_path(source)):
        path = Path(source)
        return _read(_decoded(path), Origin(str(path)))
    if not isinstance(source, str):
        raise SpecificationError(f"A path, YAML text or a mapping was expected; found {type(source).__name__}.")
    return _kept(source) if len(source) <= KEPT_BYTES else _read(source, Origin(_UNNAMED))


@lru_cache(maxsize=64)
def _kept(text: str) -> Specification:
    """The same text is the same specification: a store gives one for each release, and reading it costs 30 ms."""
    return _read(text, Origin(_UNNAMED))


def _is_path(text: str) -> bool:
    if "\n" in text or "\0" in text:
        return False
    try:
        return text.lower().endswith((".yaml", ".yml")) or Path(text).is_file()
    except OSError:  # a text too long to be a path
        return False


def _decoded(path: Path) -> str:
    """The text of a file, byte for byte."""
    try:
        size = path.stat().st_size
        data = path.read_bytes() if size <= MAX_BYTES else b""
    except OSError as error:
        known = [item.name for item in path.parent.iterdir() if item.is_file()] if path.parent.is_dir() else []
        advice = nearest(path.name, known)
        reason = f"{spoken_path(path)} could not be read: {error.strerror}."
        raise SpecificationError(f"{reason} {advice}" if advice.startswith("Did") else reason) from None
    if size > MAX_BYTES:
        raise SpecificationError(f"{path} has {size:,} bytes; a specification may have {MAX_BYTES:,}.")
    try:
        return data.decode("utf-8")
    except UnicodeDecodeError as error:
        if data[:2] in (b"\xff\xfe", b"\xfe\xff"):
            raise SpecificationError(f"{path} is UTF-16; save it as UTF-8.") from None
        line = data.count(b"\n", 0, error.start) + 1
        column = error.start - (data.rfind(b"\n", 0, error.start) + 1) + 1
        found = f"byte 0x{data[error.start]:02x} is not UTF-8"
        raise SpecificationError(f"{path}, line {line}, column {column}: {found}; save the file as UTF-8.") from None


def _read(text: str, origin: Origin, *, placed: bool = True) -> Specification:
    if len(text) > MAX_BYTES or len(text.encode("utf-8", "replace")) > MAX_BYTES:
        raise SpecificationError(f"{origin.name} has more than {MAX_BYTES:,} bytes.")
    try:
        document = read_yaml(text)
    except YamlFault as fault:
        raise SpecificationError(f"{origin.name}, {fault.place}: {fault.message}.") from None
    origin = Origin(origin.name, document) if placed else origin
    if not isinstance(document.data, Mapping):
        found = "nothing" if document.data is None else spoken(document.data)
        fail([Fault((), f"found {found}; expected a mapping with project, task, columns and metrics")], origin)
    fail(too_many(document.data), origin)
    specification = _validated(document.data, origin)
    fail(disagreements(specification, origin), origin)
    specification._text, specification._origin = text, origin
    return specification


def _validated(data: Mapping[str, Any], origin: Origin) -> Specification:
    positive = data.get("positive")
    given = {
        "task": data.get("task"),
        "positive": class_name(positive) if isinstance(positive, str | bool | int | float) else None,
    }
    try:
        return Specification.model_validate(data, context=given)
    except ValidationError as error:
        fail(validation_faults(error, Specification), origin)
        raise


class _Dumper(yaml.SafeDumper):
    """Writes YAML that ``read_yaml`` reads back as the same values."""

    yaml_implicit_resolvers: dict = {}  # noqa: RUF012 - PyYAML's own name for the table

    def ignore_aliases(self, data: Any) -> bool:
        """Write everything out."""
        return True


add_resolvers(_Dumper)


def _written(source: Mapping[str, Any]) -> str:
    """The YAML of a mapping."""
    try:
        plain = _plain(source, "")
    except RecursionError:
        raise SpecificationError(f"{_UNNAMED} is nested too deeply, or holds itself.") from None
    return yaml.dump(plain, Dumper=_Dumper, sort_keys=False, allow_unicode=True, width=120)


def _plain(value: Any, path: str) -> Any:
    """Values as YAML knows them: numpy's as Python's, dates as text."""
    if hasattr(value, "tolist"):
        value = value.tolist()
    if isinstance(value, Mapping):
        return {str(key): _plain(item, f"{path}.{key}") for key, item in value.items()}
    if isinstance(value, list | tuple | set | frozenset):
        return [_plain(item, f"{path}[{index}]") for index, item in enumerate(value)]
    value = value.isoformat() if isinstance(value, date) else value
    if value is None or isinstance(value, bool):
        return value
    for kind in (str, int, float):
        if isinstance(value, kind) and _can_be_written(value):
            return kind(value)
    found = repr(value)[:60] if isinstance(value, str | float) else type(value).__name__
    raise SpecificationError(f"{_UNNAMED} ({path.removeprefix('.')}): found {found}; expected text or a plain number.")


def _can_be_written(value: str | float) -> bool:
    """Not half of a surrogate pair, not infinite, not a number too long to be a quantity."""
    if isinstance(value, str):
        return not any(0xD800 <= ord(character) <= 0xDFFF for character in value)
    return abs(value) < MAX_WHOLE if isinstance(value, int) else math.isfinite(value)
