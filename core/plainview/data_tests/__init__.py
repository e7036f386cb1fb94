"""Data tests: whether the test set is fit to judge with: missing values, duplicates, conflicting labels, leaks, class mix.

outcomes.py says what a test comes to, columns.py and sameness.py what is looked at, mix.py whether classes are mixed as
declared, counting.py lets Evidently count (reporting.py), running.py runs all of them and keeps what was found as an event.
"""

from plainview.data_tests.outcomes import OUTCOMES, DataTest, DataTests
from plainview.data_tests.running import KIND, SPLIT, data_tests_in, data_tests_of, run_data_tests, standing_tests
from plainview.data_tests.sameness import row_digests

__all__ = [
    "KIND",
    "OUTCOMES",
    "SPLIT",
    "DataTest",
    "DataTests",
    "data_tests_in",
    "data_tests_of",
    "row_digests",
    "run_data_tests",
    "standing_tests",
]
