"""Which evaluation is meant: revisions, the order of releases, the nearest name. Plain functions over records."""

from collections.abc import Iterable, Sequence
from datetime import date, datetime

from plainview.exceptions import NotFoundError, nearest
from plainview.records import Evaluation

DEFAULT_TEST_SET = "default"


def without_twins(evaluations: Sequence[Evaluation]) -> dict[str, Evaluation]:
    """By publish key. Of several with one key, which racing publishers can leave, the one with the lowest id.

    ``evaluations`` come sorted by id.
    """
    return {each.publish_key: each for each in reversed(evaluations)}


def in_order(evaluations: Iterable[Evaluation]) -> list[Evaluation]:
    """By project; then releases by their date, then by first publication; then test sets; then revisions, oldest first.

    A release without a date stands at the day of its first publication, so that a new revision does not move it.
    """
    published = sorted(evaluations, key=_age)
    first: dict[tuple[str, str], datetime] = {}
    released: dict[tuple[str, str], date] = {}
    for each in published:
        first.setdefault((each.project, each.release), each.published_at)
        if each.released is not None:
            released[each.project, each.release] = each.released  # the newest word counts

    def place(each: Evaluation) -> tuple:
        release = (each.project, each.release)
        return (
            each.project,
            released.get(release, first[release].date()),
            first[release],
            each.release,
            each.test_set.name,
        )

    return sorted(published, key=place)


def names_of(evaluation: Evaluation) -> tuple[str, str, str]:
    """Project, release and test-set name: evaluations that share them are revisions of one."""
    return evaluation.project, evaluation.release, evaluation.test_set.name


def later_revisions(evaluations: Iterable[Evaluation], one: Evaluation) -> list[Evaluation]:
    """The revisions of the same release and test set that came after ``one``, oldest first."""
    later = (each for each in evaluations if names_of(each) == names_of(one) and _age(each) > _age(one))
    return sorted((each for each in later if each.publish_key != one.publish_key), key=_age)


def earlier_revision(evaluations: Iterable[Evaluation], one: Evaluation) -> Evaluation | None:
    """The revision of the same release and test set whose place ``one`` took."""
    earlier = (each for each in evaluations if names_of(each) == names_of(one) and _age(each) < _age(one))
    return max(earlier, key=_age, default=None)


def _age(evaluation: Evaluation) -> tuple[datetime, str]:
    return evaluation.published_at, evaluation.id


def newest_revisions(evaluations: Iterable[Evaluation]) -> list[Evaluation]:
    """Per project, release and test-set name, the newest one, in order."""
    newest = {names_of(each): each for each in in_order(evaluations)}
    return list(newest.values())


def of_project(evaluations: Iterable[Evaluation], project: str) -> list[Evaluation]:
    """Those of one project; NotFoundError with the nearest name where there are none."""
    evaluations = list(evaluations)
    found = [each for each in evaluations if each.project == project]
    if not found:
        known = sorted({each.project for each in evaluations})
        raise NotFoundError(f"There is no project {project!r} in this store. {nearest(project, known)}")
    return found


def of_release(evaluations: Iterable[Evaluation], project: str, release: str) -> list[Evaluation]:
    """Those of one release, in order; NotFoundError with the nearest name where there are none."""
    inside = in_order(of_project(evaluations, project))
    found = [each for each in inside if each.release == release]
    if not found:
        known = dict.fromkeys(each.release for each in inside)
        raise NotFoundError(f"There is no release {release!r} of {project}. {nearest(release, known)}")
    return found


def choose(revisions: list[Evaluation], *, test_set: str | None) -> Evaluation:
    """The newest revision on ``test_set``; without a name on "default", else on the one last published."""
    names = [each.test_set.name for each in revisions]
    if test_set is None:
        newest = max(revisions, key=_age)
        test_set = DEFAULT_TEST_SET if DEFAULT_TEST_SET in names else newest.test_set.name
    if test_set not in names:
        one = revisions[0]
        known = nearest(test_set, dict.fromkeys(names))
        raise NotFoundError(f"{one.project} {one.release} was not evaluated on a test set {test_set!r}. {known}")
    return max((each for each in revisions if each.test_set.name == test_set), key=_age)
