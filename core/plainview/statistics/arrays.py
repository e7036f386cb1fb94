"""The array types of this package, and the error state in which undefined becomes NaN without a warning."""

from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float64]
Interval = tuple[Array, Array]
Statistic = Callable[[Array], Array]  # counts of shape (cells, columns) -> (columns,)


def quiet() -> np.errstate:
    """A context in which 0/0 is NaN and nothing is said; a new one each time, for numpy forbids sharing them."""
    return np.errstate(divide="ignore", invalid="ignore", over="ignore")
