"""Examples without an answer: whether they could undo a requirement that the answered ones meet."""

from collections.abc import Callable

from plainview.methods.proportions import Proportion
from plainview.metrics import metric_for
from plainview.narrative.gaps import WORTH_NAMING, undone
from plainview.records import Evaluation, Result
from plainview.specification import Specification


def unanswered(evaluation: Evaluation, result: Result) -> int:
    """How many examples of a result's scenario have a label and no answer; at most, where labels are missing too."""
    unlabelled = evaluation.test_set.missing_labels
    if not unlabelled:
        return result.missing
    return max(result.missing - unlabelled, min(result.missing, evaluation.missing_predictions))


def doubt(
    result: Result | None, missing: int, specification: Specification, clears: Callable[[float], bool]
) -> str | None:
    """Why a requirement that the answers meet is unproven all the same; None where it stays met.

    ``missing`` examples of the scenario have no answer. Up to 1% of them are let pass. Beyond that a proportion has to clear
    the bar with all of them wrong, which ``clears`` says of their share of what it counts (the worst-case bound of Manski
    1989); of other metrics no bound is known.
    """
    if result is None or missing <= WORTH_NAMING * (result.examples + missing):
        return None
    family = metric_for(result.metric, specification.task).family
    if (
        not isinstance(family, Proportion) or specification.task == "detection"
    ):  # there boxes count, and images are missing
        return undone(missing, specification.task, bounded=False)
    if clears(missing / (result.of + missing)):
        return None
    return undone(missing, specification.task, certain=family.shared and result.of == result.examples)
