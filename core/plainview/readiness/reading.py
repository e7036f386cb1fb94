"""Reading YAML that people write for readiness, with errors that name file, line, column and the nearest right name."""

import os
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import TypeVar

from pydantic import ValidationError

from plainview.exceptions import InputError, SpecificationError, spoken_path
from plainview.specification.faults import Fault, Origin, fail, validation_faults
from plainview.specification.types import Model, spoken
from plainview.specification.yaml_positions import YamlFault, read_yaml

MAX_BYTES = 1_000_000
Read = TypeVar("Read", bound=Model)


def read_model(text: str, model: type[Read], *, name: str, faults: Callable[[Read], Iterable[Fault]]) -> Read:
    """YAML as a model. ``name`` is what errors call the text; ``faults`` finds what the model alone cannot.

    Raises InputError, which lists everything that is wrong.
    """
    try:
        document = read_yaml(text)
    except YamlFault as fault:
        raise InputError(f"{name}, {fault.place}: {fault.message}.") from None
    origin = Origin(name, document)
    try:
        if not isinstance(document.data, dict):
            found = "nothing" if document.data is None else spoken(document.data)
            fail([Fault((), f"found {found}; expected a mapping with {', '.join(model.model_fields)}")], origin)
        read = model.model_validate(document.data)
        fail(faults(read), origin)
    except ValidationError as error:
        raise _as_input(validation_faults(error, model), origin) from None
    except SpecificationError as error:
        raise InputError(str(error)) from None
    return read


def _as_input(faults: list[Fault], origin: Origin) -> InputError:
    try:
        fail(faults, origin)
    except SpecificationError as error:
        return InputError(str(error))
    return InputError(f"{origin.name} cannot be read.")


def read_text(path: str | os.PathLike[str]) -> str:
    """The text of a file that people write; InputError where there is none, or it is too large or no UTF-8."""
    path = Path(path)
    try:
        size = path.stat().st_size
        data = path.read_bytes() if size <= MAX_BYTES else b""
    except (OSError, ValueError) as error:
        raise InputError(
            f"{spoken_path(path)} could not be read: {getattr(error, 'strerror', None) or error}."
        ) from None
    if size > MAX_BYTES:
        raise InputError(f"{path} has {size:,} bytes; at most {MAX_BYTES:,} were expected.")
    try:
        return data.decode("utf-8")
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        raise InputError(
            f"{path}, line {line}: byte 0x{data[error.start]:02x} is not UTF-8; save it as UTF-8."
        ) from None
