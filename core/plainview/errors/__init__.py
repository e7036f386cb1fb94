"""Where a release is wrong: suggested scenarios, confident mistakes, confusions, errors by class and by scenario.

``judged``       which examples count, and which of them are wrong (or large errors, or broke, or were fixed)
``conditions``   what can be said of one column: a value, a range, a length, a word, nothing there
``search``       how many errors each condition, and each pair of conditions, holds: bits and population counts
``passed``       which of them stand out, however many were tried
``overlap``      of many findings that tell the same story, the ones that tell it best
``suggestions``  the search from end to end, with its false discovery rate
``additions``    a suggestion as text to add to the specification
``mistakes``     the mistakes that a release was surest of
``confusions``   which class is taken for which; errors by class and by scenario
"""
