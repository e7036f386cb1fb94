"""How the errors of a specification read: file, line, column, key, what was found, what was expected."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, get_args

from pydantic import BaseModel, ValidationError

from plainview.exceptions import SpecificationError, cut, nearest
from plainview.specification.types import spoken
from plainview.specification.yaml_positions import Document, Path, Place

MAX_SHOWN = 20
MAX_MESSAGE, MAX_KEY = 600, 60  # characters of one fault, and of one key in the path to it
# What pydantic's kinds of error mean to the person who wrote the file.
_EXPECTED = {
    "string_type": "text",
    "bool_type": "true or false",
    "int_type": "a whole number",
    "int_from_float": "a whole number",
    "finite_number": "a number that is not infinite",
    "tuple_type": "a list",
    "too_short": "a list that is not empty",
    "model_type": "a mapping of keys to values",
    "greater_than": "more than {gt:g}",
    "greater_than_equal": "{ge:g} or more",
    "less_than": "less than {lt:g}",
    "less_than_equal": "{le:g} or less",
}


@dataclass(frozen=True)
class Fault:
    """One thing that is wrong, and the path to it; ``key`` where the key itself is wrong rather than its value."""

    path: Path
    message: str
    key: bool = False


@dataclass(frozen=True)
class Origin:
    """Where a specification came from: a file or text with places, or a mapping without."""

    name: str
    document: Document | None = None

    def place(self, fault: Fault) -> Place:
        """Where the fault stands; the start where there are no places."""
        return self.document.place(fault.path, key=fault.key) if self.document else Place(1, 1)

    def line(self, path: Path) -> str:
        """`` in line 4``, or nothing where there are no places."""
        return f" in line {self.document.place(path).line}" if self.document else ""

    def describe(self, fault: Fault) -> str:
        """The fault as one line of a message."""
        where = [self.name, str(self.place(fault))] if self.document else [self.name]
        at = f" ({dotted(fault.path)})" if fault.path else ""
        return f"{', '.join(where)}{at}: {cut(fault.message, MAX_MESSAGE)}"


def fail(faults: Iterable[Fault], origin: Origin) -> None:
    """Raise one SpecificationError that lists every fault in the order of the file; nothing where there are none."""
    ordered = sorted(faults, key=origin.place)
    if not ordered:
        return
    lines = [origin.describe(fault) for fault in ordered[:MAX_SHOWN]]
    if len(ordered) > MAX_SHOWN:
        lines.append(f"… and {len(ordered) - MAX_SHOWN:,} more.")
    if len(ordered) > 1:
        lines.insert(0, f"{len(ordered):,} errors in {origin.name}:")
    raise SpecificationError("\n".join(lines))


def dotted(path: Path) -> str:
    """``behaviours[0].scenarios[1].where``."""
    text = "".join(f"[{part}]" if isinstance(part, int) else f".{cut(part, MAX_KEY)}" for part in path)
    return text.removeprefix(".")


def validation_faults(error: ValidationError, model: type[BaseModel]) -> list[Fault]:
    """Pydantic's errors in our words; ``model`` is the one that was validated."""
    return [_fault(item, model) for item in error.errors(include_url=False) if not _is_echo(item)]


def _is_echo(item: Any) -> bool:
    """Whether a list is called too short only because its items were wrong, which is said of each of them."""
    return item["type"] == "too_short" and len(item["input"]) > 0


def _fault(item: Any, model: type[BaseModel]) -> Fault:
    path, kind, context = item["loc"], item["type"], item.get("ctx", {})
    if kind == "missing":
        return Fault(path[:-1], f"{path[-1]!r} is missing")
    if kind == "extra_forbidden":
        return Fault(
            path, f"unknown key {spoken(path[-1])}. {nearest(str(path[-1]), _keys_at(model, path[:-1]))}", key=True
        )
    if kind == "value_error":
        return Fault(path, str(context["error"]))
    if kind == "literal_error":
        known = context["expected"].replace(" or ", ", ").replace("'", "").split(", ")
        return Fault(path, f"found {spoken(item['input'])}. {nearest(str(item['input']), known)}")
    expected = _EXPECTED.get(kind)
    message = expected.format(**context) if expected else item["msg"]
    return Fault(path, f"found {spoken(item['input'])}; expected {message}")


def _keys_at(model: type[BaseModel], path: Path) -> list[str]:
    """The keys that the model at a path knows."""
    for part in path:
        if isinstance(part, str):
            fields = {field.alias or name: field for name, field in model.model_fields.items()}
            model = (part in fields and _model_in(fields[part].annotation)) or model  # else the key of a mapping
    return [field.alias or name for name, field in model.model_fields.items()]


def _model_in(annotation: Any) -> type[BaseModel] | None:
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        return annotation
    return next((found for part in get_args(annotation) if (found := _model_in(part))), None)
