"""Intervals, tests and plans for every number the product says: numpy arrays in, numpy arrays out.

``levels``       confidence levels turned into quantiles
``intervals``    one estimate: Wilson, F1 through Jaccard, Student t, RMSE on the log scale
``paired``       two releases on the same examples: proportions, means, RMSE
``independent``  two releases on different examples
``combine``      an interval of a difference from the intervals of its parts; a p-value from any interval
``influence``    standard errors and correlations of anything that is a function of counts
``bootstrap``    intervals of anything that is a function of counts, by resampling the counts
``multiple``     many scenarios at once: the false discovery rate
``power``        how many more examples would settle it

Conventions: counts may be real (effective sample sizes); a difference is first minus second; an interval function takes
``confidence`` by keyword and returns ``(low, high)``; what is undefined (no examples) is NaN, without a warning.
"""
