"""The methods chosen for a difference between two releases on the same examples, with the figures that chose them."""

import numpy as np
from numpy.typing import ArrayLike

from plainview.statistics.arrays import Array, Interval, quiet
from plainview.statistics.combine import mover
from plainview.statistics.intervals import wilson
from plainview.statistics.paired import mcnemar


def paired_proportion_difference(
    both: ArrayLike, only_first: ArrayLike, only_second: ArrayLike, neither: ArrayLike, *, confidence: ArrayLike = 0.95
) -> Interval:
    """Square-and-add interval of a difference of paired proportions, over the two shares of flips. NaN for no examples.

    The difference is b/n - c/n, where b are right in the first only and c in the second only. The Wilson intervals of the
    two shares are added in quadrature (Zou and Donner 2008) with their multinomial correlation
    -sqrt(bc / ((n-b)(n-c))). Newcombe (1998) does the same with the two accuracies instead of the two flips.

    Chosen by simulation: n 30 to 5,000, flips 2 to 20% of examples, 50 to 100% of them one way, 864 cells. Length is relative
    to Newcombe's; "one-sided" is the worst error of the lower bound at 95%, which "no loss larger than the margin" rests on
    (nominal .05).

    ================  =======  =======  ======  =========
    method            mean     worst    length  one-sided
    ================  =======  =======  ======  =========
    this              .966     .941     1.04    .061
    Tango             .959     .930     1.03    .094
    Bonett and Price  .966     .931     .98     .105
    Newcombe          .964     .880     1       .137
    Wald              .911     .437     .80     .753
    unpaired z        .978     .579     1.48
    ================  =======  =======  ======  =========

    At 95% it agrees with the mid-p McNemar test in all but 0.3% of tables; Newcombe's in all but 1%, Tango's but 2%.
    """
    b, c = np.asarray(only_first, float), np.asarray(only_second, float)
    n = both + b + c + neither
    with quiet():
        scale = (n - b) * (n - c)
        related = np.where(scale > 0, -np.sqrt(b * c / scale), 0.0)
        first, second = (wilson(flips, n, confidence=confidence) for flips in (b, c))
        low, high = mover(b / n, *first, c / n, *second, related)
    return np.maximum(low, -1)[()], np.minimum(high, 1)[()]


def paired_proportion_p(only_first: ArrayLike, only_second: ArrayLike) -> Array:
    """The p-value of a difference of paired proportions: McNemar's, mid-p. See ``paired.mcnemar``."""
    return mcnemar(only_first, only_second)
