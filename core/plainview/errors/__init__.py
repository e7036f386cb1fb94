"""Where a release is wrong: suggested scenarios, confident mistakes, confusions, tags, error patterns.

``judged``       which examples count, and which of them are wrong (or large errors, or broke, or were fixed)
``conditions``   what can be said of one column: a value, a range, a length, a word, nothing there
``search``       how many errors each condition, and each pair of conditions, holds: bits and population counts
``passed``       which of them stand out, however many were tried
``overlap``      of many findings that tell the same story, the ones that tell it best
``suggestions``  the search from end to end, with its false discovery rate
``properties``   what anyone would look at first: length, negation, digits, what is missing, how sure the release was
``groups``       examples that somebody named, by a condition or by pinned ids
``tags``         names of such groups; ``patterns``  kinds of mistakes, documented, and how they stand in each release
``additions``    any of them as text to add to the specification
``mistakes``     the mistakes that a release was surest of
``answered``     the examples that two releases both answered; ``kinds``  kinds of error that came or went between them
``confusions``   which class is taken for which; errors by class and by scenario
"""
