"""Robustness checks: what must not change an answer, what must, and what is known; run against a model or published.

``models``      what a file of checks may say;  ``loading``  reading it
``kinds``       KINDS, the table: one file a kind of check
``texts``, ``cells``, ``pictures``   small changes that should not matter
``asking``      the one contract with a model: a frame in; labels, probabilities or numbers out
``rates``       how often copies fail, with an interval;  ``moved``  two releases on the same checks
``publishing``  the verbs: ``run_checks``, ``publish_outcomes``;  ``reading``  what was published, read back
"""

from plainview.robustness.loading import load_checks
from plainview.robustness.publishing import publish_outcomes, run_checks
from plainview.robustness.reading import ReleaseChecks, checks_of
from plainview.robustness.results import CheckResult

__all__ = ["CheckResult", "ReleaseChecks", "checks_of", "load_checks", "publish_outcomes", "run_checks"]
