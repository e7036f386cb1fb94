"""How far two samples of one column are apart: the distances that Evidently takes by default, and what they need.

Numbers: the first Wasserstein distance over the standard deviation of the reference, at least 0.001: 0.1 is a shift of the
whole column by a tenth of its own spread. Categories: the Jensen-Shannon distance, in nats: the square root of the mean
divergence of either side from their average (Lin 1991; Endres and Schindelin 2003). `tests/test_drift_distances.py` holds
both equal to Evidently's and to scipy's.
"""

import numpy as np

LEAST_SPREAD = 0.001  # below it a column counts as constant, as Evidently has it


def wasserstein(reference: np.ndarray, batch: np.ndarray) -> float:
    """The distance of two samples of numbers, shapes (n,) and (m,), in standard deviations of the reference."""
    everything = np.sort(np.concatenate([reference, batch]))
    at = everything[:-1]
    ours, theirs = (np.searchsorted(np.sort(side), at, "right") / len(side) for side in (reference, batch))
    return float((np.abs(ours - theirs) * np.diff(everything)).sum() / spread(reference))


def spread(reference: np.ndarray) -> float:
    """The standard deviation that distances are counted in."""
    return max(float(np.std(reference)), LEAST_SPREAD)


def of_positions(reference: np.ndarray, batch: np.ndarray, positions: np.ndarray) -> np.ndarray:
    """The Wasserstein distance of counts in cells, shape (…, cells), that stand at ``positions``; in the positions' unit."""
    ours, theirs = (
        np.cumsum(side, axis=-1)[..., :-1] / side.sum(axis=-1, keepdims=True) for side in (reference, batch)
    )
    return (np.abs(ours - theirs) * np.diff(positions)).sum(axis=-1)


def jensen_shannon(reference: np.ndarray, batch: np.ndarray) -> np.ndarray:
    """The distance of counts in cells, shape (…, cells): 0 where shares are equal, √ln 2 where nothing is in common."""
    ours, theirs = (side / side.sum(axis=-1, keepdims=True) for side in (reference, batch))
    middle = (ours + theirs) / 2
    return np.sqrt(np.maximum((_divergence(ours, middle) + _divergence(theirs, middle)) / 2, 0))


def _divergence(share: np.ndarray, middle: np.ndarray) -> np.ndarray:
    with np.errstate(divide="ignore", invalid="ignore"):
        return np.where(share > 0, share * np.log(share / middle), 0).sum(axis=-1)
