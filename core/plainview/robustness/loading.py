"""Reading a file of checks; everything that is wrong with it is named with its line, its column and the nearest right name."""

import os
from collections.abc import Iterator, Mapping
from typing import Any

from pydantic import ValidationError

from plainview.exceptions import InputError, nearest
from plainview.readiness.reading import read_model, read_text
from plainview.robustness.invariance import Invariance
from plainview.robustness.kinds import KINDS
from plainview.robustness.models import Check, Checks, ChecksFile
from plainview.robustness.templates import faults_of
from plainview.robustness.unit import Unit
from plainview.specification.faults import Fault, validation_faults
from plainview.specification.loading import _written
from plainview.specification.types import spoken


def load_checks(source: "str | os.PathLike[str] | Mapping[str, Any] | Checks", *, name: str | None = None) -> Checks:
    """Checks from the path of a YAML file, from YAML text, or from a mapping.

    Raises InputError, which lists everything that is wrong, each with file, line and column.
    """
    if isinstance(source, Checks):
        return source
    if isinstance(source, Mapping):
        return _read(_written(source), name or "checks")
    text = os.fspath(source)
    if "\n" in text:
        return _read(text, name or "checks")
    return _read(read_text(text), name or text)


def _read(text: str, name: str) -> Checks:
    found: list[Check] = []

    def faults(file: ChecksFile) -> Iterator[Fault]:
        names: dict[str, int] = {}
        for at, written in enumerate(file.checks):
            check, wrong = _check(written, ("checks", at))
            yield from wrong
            if check is None:
                continue
            if check.name in names:
                yield Fault(("checks", at, "name"), f"the name {check.name!r} is given twice")
            names[check.name] = at
            yield from _words(check, file, ("checks", at))
            found.append(check)

    file = read_model(text, ChecksFile, name=name, faults=faults)
    return Checks(file=file, checks=tuple(found))


def _check(written: Mapping[str, Any], path: tuple[str | int, ...]) -> tuple[Check | None, list[Fault]]:
    """One check by its kind, or what is wrong with it."""
    kind = written.get("kind")
    if kind is None:
        return None, [Fault(path, f"'kind' is missing. Known: {', '.join(KINDS)}.")]
    if not isinstance(kind, str) or kind not in KINDS:
        return None, [Fault((*path, "kind"), f"found {spoken(kind)}. {nearest(str(kind), KINDS)}")]
    try:
        return KINDS[kind].model_validate(dict(written)), []
    except ValidationError as error:
        faults = validation_faults(error, KINDS[kind]) or [Fault((), "it cannot be read")]
        return None, [Fault((*path, *fault.path), fault.message, key=fault.key) for fault in faults]


def _words(check: Check, file: ChecksFile, path: tuple[str | int, ...]) -> Iterator[Fault]:
    """What a check says of lexicons that are not there."""
    if not isinstance(check, Invariance | Unit):
        return
    for at, template in enumerate(check.templates or ()):
        for wrong in faults_of(template, file.lexicons):
            yield Fault((*path, "templates", at), wrong)
    if isinstance(check, Invariance):
        for key in ("lexicon", "vary"):
            said = getattr(check, key)
            if said is not None and said not in file.lexicons:
                yield Fault((*path, key), f"there is no lexicon {said!r}. {nearest(said, file.lexicons)}")


__all__ = ["InputError", "load_checks"]
