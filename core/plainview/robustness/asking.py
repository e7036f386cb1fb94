"""Asking a model: rows go to a predict function, and what comes back is labels, probabilities or numbers, checked."""

import importlib
import sys
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import polars as pl

from plainview.exceptions import InputError, cut, nearest, shown
from plainview.frames import class_text
from plainview.quantities import plain
from plainview.robustness.rows import Rows

Predict = Callable[[Any], Any]  # a frame in; labels, numbers, or probabilities out, a row for each row
AT_ONCE = 20_000  # rows in one call
SAME = 1e-9  # numbers that differ by less, relative to their size, are the same answer


@dataclass(frozen=True)
class Answers:
    """What was answered to n rows: ``labels`` as text or ``numbers``, each of shape (n,), and perhaps probabilities."""

    labels: np.ndarray | None = None
    numbers: np.ndarray | None = None
    probabilities: np.ndarray | None = None  # shape (n, classes)
    classes: tuple[str, ...] = ()

    def __len__(self) -> int:
        return len(self.labels if self.labels is not None else self.numbers)  # type: ignore[arg-type]

    def take(self, places: Any) -> "Answers":
        """The answers at these places."""
        parts = (self.labels, self.numbers, self.probabilities)
        return Answers(*(None if part is None else part[places] for part in parts), self.classes)

    def score(self, label: str | None, what: str) -> np.ndarray:
        """The probability of a label, or the number that was answered; shape (n,). InputError where there is neither."""
        if self.numbers is not None:
            return self.numbers
        if self.probabilities is None:
            raise InputError(
                f"{what} watches a probability, and predict gives labels alone: let it give probabilities."
            )
        if label not in self.classes:
            raise InputError(f"{what}: there is no class {label!r}. {nearest(str(label), self.classes)}")
        return self.probabilities[:, self.classes.index(label)]

    def sureness(self) -> np.ndarray:
        """The probability of what was answered, or the number; NaN where only labels are known."""
        if self.numbers is not None:
            return self.numbers
        return np.full(len(self), np.nan) if self.probabilities is None else self.probabilities.max(axis=1)

    def said(self) -> list[str]:
        """Each answer as people read it."""
        return [plain(each) for each in self.numbers] if self.numbers is not None else list(self.labels)  # type: ignore[union-attr,arg-type]

    def same(self, other: "Answers", tolerance: float | None = None) -> np.ndarray:
        """Which answers are those of another, row by row; booleans of shape (n,).

        Numbers may differ by ``tolerance``. Labels must be the same; with a tolerance the probability of the label may
        not differ by more either.
        """
        if self.numbers is not None:
            allowed = tolerance if tolerance is not None else SAME * np.maximum(np.abs(other.numbers), 1)
            return np.abs(self.numbers - other.numbers) <= allowed
        alike = self.labels == other.labels
        if tolerance is None or self.probabilities is None or other.probabilities is None:
            return alike
        mine = np.argmax(other.probabilities, axis=1)
        at = np.arange(len(alike))
        return alike & (np.abs(self.probabilities[at, mine] - other.probabilities[at, mine]) <= tolerance + 1e-12)


@dataclass(frozen=True)
class Asked:
    """A model that can be asked."""

    predict: Predict
    frames: str = "pandas"  # of `rows.FRAMES`
    numbers: bool = False  # whether it answers with numbers
    classes: tuple[str, ...] = ()  # the known ones; empty: any
    hidden: frozenset[str] = frozenset()  # columns that it does not see: the label

    def __call__(self, rows: Rows) -> Answers:
        """The answers to rows. InputError where it fails, or where what it gives are no answers."""
        table = rows.table.drop([name for name in self.hidden if name in rows.table.columns])
        seen = Rows(table, rows.images)
        parts = [self._once(seen.take(np.arange(start, min(start + AT_ONCE, seen.height)))) for start in _starts(seen)]
        return parts[0] if len(parts) == 1 else _joined(parts)

    def _once(self, rows: Rows) -> Answers:
        try:
            given = self.predict(rows.handed(self.frames))
        except InputError:
            raise
        except Exception as error:  # whatever a model raises is its owner's to read
            reason = cut(
                f"{type(error).__name__}: {str(error).strip().splitlines()[0] if str(error).strip() else ''}", 300
            )
            raise InputError(f"predict failed on {rows.height:,} rows: {reason}") from error
        answers = read_answers(given, numbers=self.numbers, classes=self.classes)
        if len(answers) != rows.height:
            raise InputError(
                f"predict gave {len(answers):,} answers to {rows.height:,} rows; one for each was expected."
            )
        return answers


def _starts(rows: Rows) -> range:
    return range(0, max(rows.height, 1), AT_ONCE)


def _joined(parts: Sequence[Answers]) -> Answers:
    held = [
        None if any(part is None for part in each) else np.concatenate(each)
        for each in ([getattr(part, name) for part in parts] for name in ("labels", "numbers", "probabilities"))
    ]
    return Answers(*held, parts[0].classes)


def read_answers(given: Any, *, numbers: bool, classes: Sequence[str]) -> Answers:
    """What a predict function gave, as answers: one label or number a row; or the probability of each class a row, as a
    mapping or frame of columns named by class, or as an array whose columns are ``classes``, in order.
    """
    if hasattr(given, "to_dict") and hasattr(given, "columns"):
        given = {str(name): np.asarray(given[name]) for name in given.columns}
    if isinstance(given, Mapping):
        names = tuple(str(name) for name in given)
        return _probable(np.column_stack([np.asarray(given[name]) for name in given]), names, classes)
    array = np.asarray(given, dtype=object if isinstance(given, list | tuple) else None)
    if array.ndim == 2 and array.shape[1] == 1:
        array = array[:, 0]
    if array.ndim == 2:
        return _probable(array, tuple(classes), classes)
    if array.ndim != 1:
        raise InputError(
            f"predict gave {type(given).__name__} of {array.ndim} dimensions; a list of answers was expected."
        )
    return Answers(numbers=_numbers(array)) if numbers else _labels(array, classes)


def _numbers(array: np.ndarray) -> np.ndarray:
    try:
        found = array.astype(float)
    except (TypeError, ValueError):
        raise InputError(f"predict gave {shown(array[0])}; a number was expected.") from None
    if not np.isfinite(found).all():
        raise InputError(f"predict gave no number for {int((~np.isfinite(found)).sum()):,} rows.")
    return found


def _labels(array: np.ndarray, classes: Sequence[str]) -> Answers:
    try:
        texts = class_text(pl.Series(array.tolist(), strict=True))
    except (TypeError, pl.exceptions.PolarsError):
        raise InputError(f"predict gave {shown(array[0])} among others; labels of one kind were expected.") from None
    if texts.null_count():
        raise InputError(f"predict gave no label for {texts.null_count():,} rows.")
    unknown = sorted(set(texts.unique()) - set(classes)) if classes else []
    if unknown:
        hint = " For probabilities, give a column for each class." if _is_fraction(unknown[0]) else ""
        raise InputError(f"predict gave {unknown[0]!r}, which is no class. {nearest(unknown[0], classes)}{hint}")
    return Answers(labels=texts.to_numpy().astype(object))


def _is_fraction(text: str) -> bool:
    try:
        return 0 < float(text) < 1
    except ValueError:
        return False


def _probable(array: np.ndarray, names: tuple[str, ...], classes: Sequence[str]) -> Answers:
    """Probabilities, and the most probable class as the label."""
    if len(names) != array.shape[1]:
        known = f"the classes {', '.join(names[:8])}" if names else "no classes"
        raise InputError(
            f"predict gave {array.shape[1]} columns of probabilities, and there are {known}. Name the columns by class."
        )
    unknown = [name for name in names if classes and name not in classes]
    if unknown:
        raise InputError(f"predict gave a column {unknown[0]!r}, which is no class. {nearest(unknown[0], classes)}")
    found = _numbers(array)
    if (found < -1e-6).any() or (found > 1 + 1e-6).any():
        raise InputError(f"predict gave {found.min():g} to {found.max():g} as probabilities; 0 to 1 was expected.")
    return Answers(np.array(names, dtype=object)[found.argmax(axis=1)], None, found, names)


def load_predict(path: str) -> Predict:
    """The function that ``module:function`` names, from the working directory or what is installed; InputError."""
    module, _, name = path.partition(":")
    if not module or not name or not all(part.isidentifier() for part in [*module.split("."), *name.split(".")]):
        raise InputError(
            f"A predict function is named module:function, such as serving.model:predict; found {shown(path)}."
        )
    if str(Path.cwd()) not in sys.path:
        sys.path.insert(0, str(Path.cwd()))
    try:
        found: Any = importlib.import_module(module)
    except Exception as error:  # whatever a module raises while it is loaded
        raise InputError(f"{module} could not be imported: {type(error).__name__}: {cut(str(error), 300)}") from error
    for part in name.split("."):
        if not hasattr(found, part):
            raise InputError(
                f"{module} has no {name!r}. {nearest(part, [each for each in dir(found) if each[0] != '_'])}"
            )
        found = getattr(found, part)
    if not callable(found):
        raise InputError(f"{path} is a {type(found).__name__}; a function was expected.")
    return found
