"""Every requirement of one release, against its own results and the releases that it is held to."""

from collections.abc import Callable, Sequence
from functools import cache, partial

from plainview.comparison import Comparison, compare_if_readable
from plainview.exceptions import StoreError, reason_of
from plainview.records import Evaluation, Result
from plainview.requirements.judging import Since, judge
from plainview.requirements.standing import Standing
from plainview.requirements.unanswered import unanswered
from plainview.specification import Requirement, Specification, load_specification
from plainview.store import Store
from plainview.verdicts import no_changes
from plainview.waivers import Waiver, laid_over

Compare = Callable[[Evaluation, Evaluation], Comparison]


def judge_release(
    store: Store,
    evaluation: Evaluation,
    line: Sequence[Evaluation],
    *,
    specification: Specification | None = None,
    compare: Compare | None = None,
    results_of: Callable[[Evaluation], Sequence[Result]] | None = None,
    waivers: Sequence[Waiver] = (),
) -> list[Standing]:
    """Where a release stands on every requirement of its specification, in its order.

    ``line`` is every release on the same test set, in order. ``compare`` and ``results_of`` replace the comparison of two
    evaluations and the reading of results, for callers that keep them. ``waivers`` are laid over what was measured.
    """
    specification = specification or load_specification(store.specification_text(evaluation))
    results_of = results_of or store.results
    compared = cache(lambda other: (compare or _compared(store))(other, evaluation))  # often asked for the same one
    values = cache(lambda one: {(row.scenario, row.metric): row.value for row in results_of(one)})
    names = [one.release for one in line]
    earlier = line[: names.index(evaluation.release)] if evaluation.release in names else ()

    def changes_from(name: str) -> Since:
        other = earlier[-1] if name == "previous" and earlier else next((e for e in line if e.release == name), None)
        return None if other is None else (other.release, compared(other).results)

    def best_so_far(requirement: Requirement) -> Since:
        try:
            best = _best([(one, values(one)) for one in earlier], requirement, specification)
        except StoreError as error:
            reason = f"an earlier release cannot be read: {reason_of(error)}"
            return "the best release so far", no_changes(specification, reason)
        return None if best is None else (best.release, compared(best).results)

    found = judge(
        specification,
        results_of(evaluation),
        changes_from,
        best_so_far,
        release=evaluation.release,
        unanswered=partial(unanswered, evaluation),
    )
    return laid_over(found, waivers, release=evaluation.release)


def _compared(store: Store) -> Compare:
    return lambda one, other: compare_if_readable(store, one, other)


Values = dict[tuple[str, str], float | None]


def _best(
    earlier: Sequence[tuple[Evaluation, Values]], requirement: Requirement, specification: Specification
) -> Evaluation | None:
    """Of the earlier releases the one with the best value of what is required; None where none has a value."""
    key = (requirement.scenario, requirement.metric.key)
    sign, around_zero = specification.sign_of(key[1]), specification.direction_of(key[1]) == "zero"
    there = [(values[key], one) for one, values in earlier if values.get(key) is not None]
    return max(there, key=lambda pair: sign * (abs(pair[0]) if around_zero else pair[0]), default=(None, None))[1]


def previous(line: Sequence[Evaluation], evaluation: Evaluation) -> Evaluation | None:
    """The release before this one in the order of releases; None for the first."""
    names = [one.release for one in line]
    position = names.index(evaluation.release) if evaluation.release in names else 0
    return line[position - 1] if position > 0 else None
