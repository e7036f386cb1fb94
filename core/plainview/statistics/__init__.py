"""Intervals, tests and plans for every number the product says: numpy arrays in, numpy arrays out.

``intervals``    one estimate: Wilson, F1 through Jaccard, Student's t, skewed means, RMSE
``fisher``       more often here than elsewhere, exactly, for many tables at once
``effective``    anything made of counts: Wilson's interval at the effective number of examples, and paired differences
``ranks``        areas under the ROC curve, average precision
``quantiles``    medians, p95: order statistics
``calibration``  stated probabilities against what happened
``moments``      functions of means: ratios of sums, R²
``differences``  the methods chosen for proportions of two releases on the same examples
``paired``       those and others: Newcombe, Tango, McNemar, paired t, RMSE
``clusters``     examples that come in clusters: how many of them count
``combine``      the interval of a difference from those of its parts; a p-value from any interval
``influence``    standard errors and correlations of any function of counts
``multiple``     many scenarios at once: the false discovery rate
``power``        how many more examples would settle it
``levels``       confidence levels as quantiles
``arrays``       the types that all share

Conventions: counts may be real (effective numbers of examples); a difference is first minus second; an interval function
takes ``confidence`` by keyword and returns ``(low, high)``; what is undefined (no examples) is NaN, without a warning.
Where two methods compete, both were measured, the better is used, and the figures stand beside the choice;
``python -m benchmarks.calibration`` repeats the measurements.
"""
