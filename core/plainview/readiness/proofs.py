"""The proofs, one function each: from what the store holds to what it shows. Nothing is computed that was not published."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime

from plainview.exceptions import NotFoundError, PlainviewError
from plainview.incidents.guards import guard_in
from plainview.incidents.reports import WITHDRAWN
from plainview.metrics import METRICS, split_key
from plainview.quantities import count
from plainview.readiness import sought
from plainview.readiness.facts import Facts
from plainview.readiness.scales import Outcome
from plainview.readiness.sought import Looked, Sought, look
from plainview.records import Evaluation, Event, Result
from plainview.requirements import Standing
from plainview.specification.models import ALL

_TAUGHT = frozenset({"train", "training"})


@dataclass(frozen=True)
class Found:
    """What a proof found, before it is said."""

    outcome: Outcome
    said: str = ""  # what was found, without release and age: "14 scenarios inspected"
    count: int = 0
    release: str | None = None  # the release that it is of
    at: datetime | None = None
    artifacts: tuple[str, ...] = ()


NOTHING = Found("not answered")


def events(wanted: Sought) -> Callable[[Facts], Found]:
    """The proof that a thing was written down for what is in the store now."""
    return lambda facts: _from_events(wanted, look(wanted, facts))


def _from_events(wanted: Sought, looked: Looked) -> Found:
    if looked.current:
        number = sum(map(wanted.amount, looked.current))
        return _of_events("met", f"{count(number, wanted.one, wanted.many)} {wanted.done}", number, looked.current)
    if looked.expired:
        newest = looked.expired[-1:]
        number = wanted.amount(newest[0])
        return _of_events("evidence expired", f"{count(number, wanted.one, wanted.many)} {wanted.done}", number, newest)
    return Found("not answered", f"no {wanted.one} was {wanted.done}")


def _of_events(outcome: Outcome, said: str, number: int, found: Sequence[Event]) -> Found:
    ids = tuple(event.id for event in found)
    return Found(outcome, said, number, found[-1].release, found[-1].at, ids)


def _of_evaluation(facts: Facts, outcome: Outcome, said: str, number: int, more: Sequence[str] = ()) -> Found:
    one = facts.evaluation
    return Found(outcome, said, number, one.release, one.published_at, (one.id, *more))


def split(facts: Facts) -> Found:
    """A split that is declared for the current test set, by an event or a column, without a shared example."""
    looked = look(sought.SPLIT, facts)
    if looked.current:
        latest = looked.current[-1]
        if shared := sought.whole(latest.body.get("shared")):
            said = f"{count(shared, 'example')} of the test set {'is' if shared == 1 else 'are'} in the training data"
            return _of_events("not met", said, 0, looked.current[-1:])
        return _from_events(sought.SPLIT, looked)
    if "split" in facts.evaluation.test_set.columns:
        return _split_column(facts)
    return _from_events(sought.SPLIT, looked)


def _split_column(facts: Facts) -> Found:
    names = facts.reading.column(facts.evaluation, "split")
    taught = sum(str(name).casefold() in _TAUGHT for name in names)
    if taught:
        said = f"{count(taught, 'example')} of the test set {'is' if taught == 1 else 'are'} marked as training data"
        return _of_evaluation(facts, "not met", said, 0)
    outcome = "partly met" if names.null_count() else "met"
    return _of_evaluation(facts, outcome, f"{count(len(names) - names.null_count(), 'example')} marked with a split", 1)


def evaluation(facts: Facts) -> Found:
    """The headline metric of the release over all examples has a value."""
    key = facts.specification.metric_keys[0]
    whole = next((row for row in facts.results if (row.scenario, row.metric) == (ALL, key)), None)
    if whole is None or whole.value is None:
        return _of_evaluation(facts, "not met", f"{key} has no value", 0)
    return _of_evaluation(facts, "met", f"{count(whole.examples, 'example')} measured", 1)


def class_requirements(facts: Facts) -> Found:
    """Results by class, and a requirement on at least one class."""
    measured = {row.metric for row in facts.results if _per_class(row.metric) and row.value is not None}
    demanded = [each.id for each in facts.specification.requirements if _per_class(each.metric.key)]
    if not measured:
        return Found("not answered", "no metric of a class was measured")
    said = f"{count(len(measured), 'metric of a class', 'metrics of classes')} measured, "
    said += f"{count(len(demanded), 'requirement')} on a class" if demanded else "no requirement on a class"
    return _of_evaluation(facts, "met" if demanded else "partly met", said, len(measured))


def _per_class(key: str) -> bool:
    return METRICS[split_key(key)[0]].per_class


def explanations(facts: Facts) -> Found:
    """Global explanations of the release, and at least one set of local ones."""
    both = [_from_events(each, look(each, facts)) for each in (sought.GLOBAL, sought.LOCAL)]
    there = [found for found in both if found.outcome == "met"]
    if not there:
        return next((found for found in both if found.outcome == "evidence expired"), both[0])
    said = ", ".join(found.said for found in both)
    newest = max(there, key=lambda found: found.at)
    ids = tuple(each for found in there for each in found.artifacts)
    outcome: Outcome = "met" if len(there) == len(both) else "partly met"
    return Found(outcome, said, sum(found.count for found in there), newest.release, newest.at, ids)


def scenario_results(facts: Facts) -> Found:
    """Scenarios of the release with enough examples to be judged."""
    enough = _measured(facts.results)
    if not enough:
        return Found("not answered", "no scenario was measured with enough examples")
    return _of_evaluation(facts, "met", f"{count(len(enough), 'scenario')} measured", len(enough))


def scenarios_inspected(facts: Facts) -> Found:
    """The same, and at least one suggested scenario that someone looked at."""
    results, reviews = scenario_results(facts), look(sought.SUGGESTED, facts)
    if results.outcome != "met":
        return results
    reviewed = _from_events(sought.SUGGESTED, reviews)
    if reviewed.outcome != "met":
        old = f" since {reviewed.release}" if reviewed.outcome == "evidence expired" else ""
        said = f"{results.said}, but no suggested scenario was reviewed{old}"
        return _of_evaluation(facts, "partly met", said, results.count)
    said = f"{count(results.count, 'scenario')} inspected, {reviewed.said}"
    return Found("met", said, results.count, results.release, reviewed.at, results.artifacts + reviewed.artifacts)


def _measured(results: Sequence[Result]) -> list[str]:
    found = (
        row.scenario for row in results if row.scenario != ALL and row.status == "measured" and row.value is not None
    )
    return list(dict.fromkeys(found))


def comparison(facts: Facts) -> Found:
    """A release before this one, and a review of what changed since."""
    if facts.before is None:
        return Found("not answered", f"there is no release before {facts.release} to compare with")
    found = _from_events(sought.COMPARISON, look(sought.COMPARISON, facts))
    if found.outcome != "met":
        return found
    ids = (facts.before.evaluation.id, facts.evaluation.id, *found.artifacts)
    said = f"{facts.before.release} and {facts.release} compared and reviewed"
    return Found("met", said, found.count, None, found.at, ids)


def requirements(facts: Facts) -> Found:
    """Requirements that say who answers for them and why."""
    demanded = facts.specification.requirements
    if not demanded:
        return Found("not answered", "no requirement is set")
    explained = sum(bool(each.owner and each.reason) for each in demanded)
    said = f"{explained} of {count(len(demanded), 'requirement')} with owner and reason"
    return _of_evaluation(facts, "met" if explained == len(demanded) else "partly met", said, explained)


def specification(facts: Facts) -> Found:
    """A specification with an owner, whose requirements have owners."""
    demanded, owned = facts.specification.requirements, facts.specification.owner
    with_owner = sum(bool(each.owner or owned) for each in demanded)
    said = f"{count(len(demanded), 'requirement')} specified, {with_owner} with an owner"
    outcome: Outcome = "met" if demanded and with_owner == len(demanded) else "partly met"
    return _of_evaluation(facts, outcome, said, len(demanded))


def slices(facts: Facts) -> Found:
    """Every requirement on a scenario is met."""
    return _judged(facts, [row for row in facts.standings if row.scenario != ALL], "requirement on a scenario")


def validated(facts: Facts) -> Found:
    """Every requirement that is a must is met."""
    return _judged(facts, [row for row in facts.standings if row.priority == "must"], "must requirement")


def _judged(facts: Facts, rows: Sequence[Standing], what: str) -> Found:
    if not rows:
        return Found("not answered", f"no {what} is set")
    met = sum(row.status == "met" for row in rows)
    failed = any(row.status == "not met" for row in rows)
    outcome: Outcome = "met" if met == len(rows) else "partly met" if met and not failed else "not met"
    first, rest = what.partition(" ")[::2]
    many = f"{first}s {rest}" if first == "requirement" else f"{what}s"
    return _of_evaluation(facts, outcome, f"{met} of {count(len(rows), what, many)} met", met)


def inclusion(facts: Facts) -> Found:
    """The scenarios that someone named as groups of people all have results with enough examples."""
    looked = look(sought.INCLUSION, facts)
    named = [name for event in looked.current[-1:] for name in _texts(event.body.get("scenarios"))]
    if not named:
        return Found("not answered", "no scenario was named as a group of people")
    enough = set(_measured(facts.results))
    there = [name for name in named if name in enough]
    said = f"{len(there)} of {count(len(named), 'group of people', 'groups of people')} measured"
    outcome: Outcome = "met" if len(there) == len(named) else "partly met" if there else "not met"
    return _of_evaluation(facts, outcome, said, len(there), [looked.current[-1].id])


def _texts(value: object) -> list[str]:
    return [each for each in value if isinstance(each, str)] if isinstance(value, list) else []


def simpler_model(facts: Facts) -> Found:
    """A published release that someone named as simpler was judged on the same test set, and this one is better."""
    looked = look(sought.SIMPLER, facts)
    if not looked.current:
        return Found("not answered", "no simpler model was named")
    event = looked.current[-1]
    name, project = str(event.body.get("release", "")), str(event.body.get("project", facts.project))
    try:
        other = facts.store.evaluation(project, name, test_set=facts.evaluation.test_set.name)
    except NotFoundError:
        return Found("not answered", "the simpler model that was named is not in the store")
    if other.test_set.examples_digest != facts.test_sets[0]:
        return Found(
            "evidence expired", "the simpler model was measured", 0, other.release, other.published_at, (other.id,)
        )
    key = facts.specification.metric_keys[0]
    ours, theirs = _whole(facts.results, key), _whole(facts.store.results(other), key)
    if ours is None or theirs is None:
        return Found("not answered", f"{key} has no value for both")
    ahead = _ahead(ours, theirs, facts.specification.direction_of(key))
    said = f"{other.release}, the simpler model, is {'not better' if ahead else 'as good or better'} on {key}"
    return _of_evaluation(facts, "met" if ahead else "not met", said, 1, [other.id, event.id])


def _whole(results: Sequence[Result], key: str) -> float | None:
    return next((row.value for row in results if (row.scenario, row.metric) == (ALL, key)), None)


def _ahead(ours: float, theirs: float, better: str) -> bool:
    if better == "zero":
        return abs(ours) < abs(theirs)
    return ours > theirs if better == "higher" else ours < theirs


def test_data(facts: Facts) -> Found:
    """Several versions of the test set over the releases, and scenarios with enough examples."""
    versions, enough = {one.test_set.examples_digest for one in facts.line}, _measured(facts.results)
    said = f"{count(len(versions), 'version')} of the test set, {count(len(enough), 'scenario')} with enough examples"
    return _of_evaluation(facts, "met" if len(versions) > 1 and enough else "partly met", said, len(versions))


def golden_set(facts: Facts) -> Found:
    """Several releases judged on the current test set."""
    judged = [one for one in facts.line if one.test_set.examples_digest == facts.test_sets[0]]
    said = f"{count(len(judged), 'release')} judged on this test set"
    return _of_evaluation(facts, "met" if len(judged) > 1 else "partly met", said, len(judged))


def knowledge_base(facts: Facts) -> Found:
    """Several releases in one store, and every version of their test sets can still be read."""
    versions = {one.test_set.digest: one for one in facts.evaluations}
    readable = sum(_readable(facts, one) for one in versions.values())
    releases = len({one.release for one in facts.evaluations})
    said = (
        f"{count(releases, 'release')} in the store, {readable} of {count(len(versions), 'test-set version')} readable"
    )
    outcome: Outcome = "met" if readable == len(versions) and releases > 1 else "partly met" if readable else "not met"
    return _of_evaluation(facts, outcome, said, releases)


def _readable(facts: Facts, one: Evaluation) -> bool:
    try:
        return len(facts.reading.column(one, facts.reading.specification(one).columns.id)) == one.test_set.examples
    except PlainviewError:
        return False


def incidents(facts: Facts) -> Found:
    """The examples of every incident are pinned by a scenario of the specification, the one that it names or another."""
    withdrawn = {str(event.body.get("incident")) for event in facts.written(WITHDRAWN)}
    reported = [event for event in look(sought.INCIDENT, facts).current if event.id not in withdrawn]
    if not reported:
        return Found("not answered", "no incident was reported")
    pinned = {each.name for each in facts.specification.scenarios if each.ids}
    guarded = [event for event in reported if str(event.body.get("scenario")) in pinned or _pinned(event, facts)]
    said = f"{len(guarded)} of {count(len(reported), 'incident')} guarded by a test case"
    outcome: Outcome = "met" if len(guarded) == len(reported) else "partly met" if guarded else "not met"
    return _of_evaluation(facts, outcome, said, len(guarded), [event.id for event in reported])


def _pinned(event: Event, facts: Facts) -> bool:
    return guard_in(facts.specification, _texts(event.body.get("ids"))) is not None
