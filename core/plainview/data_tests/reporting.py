"""One report of Evidently's: metrics over some columns, and what they come to.

Importing Evidently costs 4 to 6 seconds of processor time and 300 MB, so that happens here, where it is asked for, and
nowhere else; the app never comes here. What it and its libraries warn of is not for those who use Plainview.
"""

import warnings
from collections.abc import Callable, Mapping, Sequence
from types import ModuleType
from typing import Any

import polars as pl

from plainview.exceptions import PlainviewError

Columns = Mapping[str, pl.Series]


def evidently_values(
    metrics: Callable[[ModuleType], Sequence[Any]], columns: Columns, *, against: Columns | None = None, option: str
) -> list[tuple[Any, str]]:
    """What each of Evidently's metrics comes to, and its name with Evidently's version.

    ``metrics`` makes them from the module ``evidently.metrics``; ``columns`` are the values by the names that they use, and
    ``against`` the reference. Raises PlainviewError where Evidently is not installed, naming ``option``, which does without.
    """
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        try:
            import evidently
            from evidently import metrics as known
        except ImportError as error:
            raise PlainviewError(
                'Evidently is not installed. It comes with the extra "drift": pip install "plainview[drift]". '
                f"Plainview's own figures need nothing more: {option} plainview"
            ) from error
        asked = list(metrics(known))
        if not asked:
            return []
        now, then = (None if side is None else _dataset(side) for side in (columns, against))
        found = evidently.Report(asked).run(now, then).dict()["metrics"]
    names = [f"evidently {evidently.__version__} {type(metric).__name__}" for metric in asked]
    return [(each["value"], name) for each, name in zip(found, names, strict=True)]


def _dataset(columns: Columns) -> Any:
    """Columns as Evidently takes them: numbers as numbers, the others as names."""
    from evidently import DataDefinition, Dataset

    numbers = [name for name, column in columns.items() if column.dtype.is_numeric()]
    definition = DataDefinition(
        numerical_columns=numbers, categorical_columns=[name for name in columns if name not in numbers]
    )
    rows = pl.DataFrame([column.alias(name) for name, column in columns.items()]).to_pandas()
    return Dataset.from_pandas(rows, data_definition=definition)
