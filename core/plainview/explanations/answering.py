"""Something that answers: a Python function that takes examples and gives the answers of a release, named ``module:function``.

It is called in the process of who explains or checks, never by the app, and nothing of it is kept in the store.
"""

import importlib
import sys
from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager, nullcontext
from pathlib import Path
from typing import Any

import numpy as np
import polars as pl

from plainview.exceptions import InputError, PlainviewError, nearest
from plainview.frames import class_text
from plainview.specification import Specification

Predict = Callable[
    [Any], Any
]  # a pandas frame of the test set's columns → answers, shape (n,), or of each class, (n, classes)


def load_predict(named: str) -> Predict:
    """The function that ``module:function`` names; the working directory is looked in first.

    Raises InputError where it is written otherwise, the module cannot be imported, or it has no such function.
    """
    module, _, function = named.partition(":")
    if not module or not function.isidentifier():
        raise InputError(
            f"What answers must be named module:function, such as churn.model:predict. Got {named!r} instead."
        )
    here = str(Path.cwd())
    sys.path.insert(0, here)
    try:
        found = importlib.import_module(module)
    except Exception as error:  # whatever the module does when it is imported
        raise InputError(f"The module {module!r} of {named!r} cannot be imported: {_said(error)}.") from error
    finally:
        sys.path.remove(here)
    if not callable(getattr(found, function, None)):
        known = [name for name in vars(found) if callable(getattr(found, name)) and not name.startswith("_")]
        raise InputError(f"The module {module!r} has no function {function!r}. {nearest(function, known)}")
    return getattr(found, function)


def answers_of(
    predict: Predict, rows: pl.DataFrame, specification: Specification, classes: Sequence[str]
) -> np.ndarray:
    """What it answers to n examples: numbers, or one row of chances for each, shape (n, classes).

    Of a classification that gives classes alone, the chance of what is answered is 1. ``classes`` is what the columns of
    chances mean, in order. Raises InputError where the answers are not one for each example.
    """
    given = np.asarray(_called(predict, rows))
    n = rows.height
    if specification.task == "regression":
        return _numbers(given, n)
    if given.ndim == 2:
        if given.shape != (n, len(classes)):
            expected = f"a row of {len(classes)} chances ({', '.join(classes[:5])}) for each of {n:,} examples"
            raise InputError(f"What answers must give {expected}. Got an array of shape {given.shape}.")
        return given.astype(float)
    if given.shape != (n,):
        raise InputError(
            f"What answers must give one answer for each of {n:,} examples. Got an array of shape {given.shape}."
        )
    said = class_text(pl.Series(given.tolist())).to_numpy()
    return (said[:, None] == np.array(classes)[None, :]).astype(float)


def _called(predict: Predict, rows: pl.DataFrame) -> Any:
    try:
        import pandas  # noqa: F401  the frame is one of pandas, as scikit-learn's pipelines take it
    except ImportError as error:
        raise PlainviewError(
            'What answers is given a frame of pandas, which is not installed: pip install "plainview[explain]"'
        ) from error
    try:
        with _one_thread():
            return predict(rows.to_pandas())
    except Exception as error:  # whatever it does with the examples
        raise InputError(f"What answers failed on {rows.height:,} examples: {_said(error)}.") from error


def _one_thread() -> AbstractContextManager:
    """Many calls of little work each: on several threads they are slower, and much slower on a busy machine."""
    try:
        from threadpoolctl import threadpool_limits  # scikit-learn depends on it
    except ImportError:
        return nullcontext()
    return threadpool_limits(1)


def _numbers(given: np.ndarray, n: int) -> np.ndarray:
    if given.shape != (n,):
        raise InputError(
            f"What answers must give one number for each of {n:,} examples. Got an array of shape {given.shape}."
        )
    try:
        return given.astype(float)
    except (TypeError, ValueError) as error:
        raise InputError(f"What answers must give numbers. Got {given.dtype}.") from error


def _said(error: Exception) -> str:
    return f"{type(error).__name__}: {str(error).splitlines()[0] if str(error) else 'no reason given'}"[:300].rstrip(
        "."
    )
