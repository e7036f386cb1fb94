"""What the baseline demanded and a release dropped without a word, and what it demands otherwise."""

from collections.abc import Iterator, Sequence

from plainview import narrative
from plainview.gate.findings import Finding
from plainview.narrative.gates import dropped_sentence, emptied_sentence, missing_sentence
from plainview.records import Result
from plainview.specification import GateRules, Specification


def missing_from(
    now: Specification,
    then: Specification,
    results: Sequence[Result],
    earlier: Sequence[Result],
    rules: GateRules,
    *,
    baseline: str,
) -> Iterator[Finding]:
    """Requirements by id and scenarios by name, or by what they were; and scenarios that have lost all their examples."""
    known = {each.id for each in now.requirements}
    why = rules.dropped_on_purpose("requirement")
    for each in then.requirements:
        if each.id not in known:
            title = narrative.demand(each, then)
            given = (each.id, title, baseline, why, rules, each.owner or "")
            yield _missing("requirement", *given)
    called = {name for each in now.scenarios for name in (each.name, *each.was)}
    why = rules.dropped_on_purpose("scenario")
    for each in then.scenarios:
        if each.name not in called:
            yield _missing("scenario", each.name, each.name, baseline, why, rules, owner_of(then, each.behaviour))
    had = {row.scenario for row in earlier if row.examples}
    empty = {row.scenario for row in results} - {row.scenario for row in results if row.examples or row.missing}
    for name in (each.name for each in now.scenarios if each.name in had & empty):
        said = emptied_sentence(name, baseline)
        owner = owner_of(now, now.scenario(name).behaviour)
        yield Finding("missing scenario", name, name, "missing", rules.missing, said, owner=owner)


def _missing(
    kind: str, name: str, title: str, baseline: str, why: dict[str, str], rules: GateRules, owner: str
) -> Finding:
    of = "missing requirement" if kind == "requirement" else "missing scenario"
    if name in why:
        said = dropped_sentence(kind, name, title, baseline, why[name])
        return Finding(of, name, title, "dropped on purpose", "report", said, owner=owner)
    return Finding(
        of, name, title, "missing", rules.missing, missing_sentence(kind, name, title, baseline), owner=owner
    )


def changed_demands(now: Specification, then: Specification, release: str) -> Iterator[Finding]:
    """Requirements that are demanded otherwise than of the baseline: told, never hidden behind the same id."""
    before = {each.id: each for each in then.requirements}
    for each in now.requirements:
        old = before.get(each.id)
        moved = narrative.demand_moved((old, then), (each, now), release) if old else ""
        if moved:
            title = narrative.demand(each, now)
            said = f"{each.id}, {title}: {moved}."
            yield Finding("changed demand", each.id, title, "changed", "report", said, each.priority, each.owner or "")


def owner_of(specification: Specification, behaviour: str | None) -> str:
    """Who answers for a behaviour, else for the project; empty where nobody does."""
    named = next((each for each in specification.behaviours if each.name == behaviour), None)
    return (named and named.owner) or specification.owner or ""
