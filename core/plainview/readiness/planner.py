"""The planner: the smallest set of steps that reaches a level, a band or a number of points. Exact.

A step brings one practice to where its framework asks no more of it, and with it every question of the framework that asks
the same. Of all sets that reach the target those with the fewest steps are taken, and of these one with the least declared
effort. Afterwards no step asks for more than it takes.

Questions add their points up within a section, so for each section a table of "the best set for at least so many points" is
exact; where one practice counts in several sections, every choice of such practices is tried.
"""

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from itertools import combinations
from math import ceil

from plainview.readiness.bank import same_as
from plainview.readiness.framework import Framework, Question, Score, score
from plainview.readiness.scales import Mark

_Need = dict[int, float]  # by section (or 0 for all together), the points that are missing


@dataclass(frozen=True)
class Step:
    """One practice to bring further."""

    code: str
    codes: tuple[str, ...]  # every question of the framework that it moves, ``code`` first
    title: str
    asks: str
    now: str  # the mark that counts now; empty where none does
    aim: str  # the mark to reach
    means: str  # what that mark means
    effort: float  # days, as declared
    how: str = ""  # the page or command that produces its evidence, else what counts as evidence
    moves: tuple[str, ...] = ()  # questions of other frameworks that it answers too


@dataclass(frozen=True)
class Plan:
    """The smallest set of steps to a target."""

    framework: str
    target: str
    steps: tuple[Step, ...]
    effort: float
    before: str  # the score that the plan starts from
    after: str  # and the one that it reaches
    reason: str = ""  # why the target cannot be reached; empty where it can
    moves: tuple[tuple[str, str, str], ...] = ()  # of other frameworks that change: name, score before, score after

    def to_dict(self) -> dict:
        """The plan as plain values."""
        return asdict(self)


@dataclass(frozen=True)
class _Item:
    """One practice: the questions of the framework that ask for it, and what it would add to each section."""

    questions: tuple[Question, ...]
    gain: Mapping[int, float]
    effort: float


def smallest_plan(
    framework: Framework, have: Mapping[str, int], target: str, *, not_applicable: Collection[str] = ()
) -> Plan:
    """The plan from the steps (see `scales`) that ``have`` gives by code to ``target``, see `Framework.target`.

    What is not applicable can be no step. Raises InputError for a target that the framework does not have.
    """
    wanted, start = framework.target(target), score(framework, have)
    need = _needs(framework, have, wanted)
    items = [
        each for each in _items(framework, have, need) if not {q.code for q in each.questions} & set(not_applicable)
    ]
    chosen = _smallest(items, need)
    if chosen is None:
        blocked = [code for code in framework.questions if code in not_applicable]
        reason = f"{', '.join(blocked)} {'is' if len(blocked) == 1 else 'are'} said not to apply"
        return Plan(framework.name, target, (), 0.0, start.label, start.label, reason)
    aims = _no_more_than_needed(framework, have, chosen, wanted)
    after = score(framework, raised(framework, have, aims))
    steps = tuple(_step(framework, have, item, aims[item.questions[0].code]) for item in chosen)
    return Plan(framework.name, target, steps, sum(each.effort for each in steps), start.label, after.label)


def raised(framework: Framework, have: Mapping[str, int], aims: Mapping[str, int]) -> dict[str, int]:
    """The steps that count after each practice of ``aims`` (by the code of one of its questions) is at least that far."""
    found = dict(have)
    for code, step in aims.items():
        for each in practice(framework, code):
            found[each] = max(step, found.get(each, 0))
    return found


def what_if(framework: Framework, have: Mapping[str, int], aims: Mapping[str, int]) -> Score:
    """The score if these practices came that far."""
    return score(framework, raised(framework, have, aims))


def practice(framework: Framework, code: str) -> tuple[str, ...]:
    """The questions of a framework that ask the same as ``code``, itself first; ``code`` may be of another framework."""
    own = framework.questions.get(code)
    group = set(same_as(own.same_as if own and own.same_as else code)) | {code}
    others = (each.code for each in framework if {each.code, each.same_as} & group and each.code != code)
    return (*([code] if own else []), *others)


def _needs(framework: Framework, have: Mapping[str, int], wanted: float) -> _Need:
    """What is missing, section by section; under 0 where all sections add up."""
    now = score(framework, have)
    if framework.scoring == "levels":
        return {at: each.questions - each.met for at, each in enumerate(now.sections[: int(wanted) + 1])}
    if framework.scoring == "minimum":
        return {at: wanted - each.points for at, each in enumerate(now.sections)}
    return {0: wanted - sum(each.points for each in now.sections)}


def _items(framework: Framework, have: Mapping[str, int], need: _Need) -> Iterator[_Item]:
    """Every practice that would add something where something is missing."""
    together = framework.scoring in ("sum", "coverage")
    place = {q.code: 0 if together else at for at, section in enumerate(framework.sections) for q in section.questions}
    seen: set[str] = set()
    for question in framework:
        if question.code in seen:
            continue
        codes = practice(framework, question.code)
        seen.update(codes)
        gain: dict[int, float] = {}
        for code in codes:
            more = _most(framework) - _points(framework, have.get(code))
            if more > 0 and need.get(place[code], 0) > 0:
                gain[place[code]] = gain.get(place[code], 0) + more
        if gain:
            asked = tuple(framework.questions[code] for code in codes)
            yield _Item(asked, gain, max(each.effort for each in asked))


def _points(framework: Framework, step: int | None) -> float:
    """What a question gives to its section."""
    if step is None:
        return 0.0
    mark = framework.answers.at(step)
    return mark.points if framework.scoring in ("sum", "minimum") else float(mark.outcome == "met")


def _most(framework: Framework) -> float:
    return framework.answers.top if framework.scoring in ("sum", "minimum") else 1.0


def _smallest(items: Sequence[_Item], need: _Need) -> list[_Item] | None:
    """The fewest items that cover every need, of these the least effort; None where all together do not."""
    need = {at: points for at, points in need.items() if points > 0}
    several = [item for item in items if len(item.gain) > 1]
    single = {at: [item for item in items if list(item.gain) == [at]] for at in need}
    best: tuple[int, float, list[_Item]] | None = None
    for size in range(len(several) + 1):
        for taken in combinations(several, size):
            left = {at: points - sum(item.gain.get(at, 0) for item in taken) for at, points in need.items()}
            parts = [_cheapest(single[at], points) for at, points in left.items()]
            if None in parts:
                continue
            chosen = [*taken, *(item for part in parts for item in part)]
            found = (len(chosen), sum(item.effort for item in chosen), chosen)
            if best is None or found[:2] < best[:2]:
                best = found
    if best is None:
        return None
    return [item for item in items if any(item is each for each in best[2])]  # in the order of the framework


def _cheapest(items: Sequence[_Item], need: float) -> list[_Item] | None:
    """The fewest items of one section that add up to ``need``, of these the least effort; None where they cannot."""
    if need <= 0:
        return []
    halves = ceil(2 * need - 1e-9)  # every scale counts in halves
    table: list[tuple[int, float, tuple[int, ...]] | None] = [(0, 0.0, ()), *[None] * halves]
    for at, item in enumerate(items):
        gain = round(2 * sum(item.gain.values()))
        for reached in range(halves, 0, -1):
            before = table[max(0, reached - gain)]
            if before is None:
                continue
            found = (before[0] + 1, before[1] + item.effort, (*before[2], at))
            if table[reached] is None or found[:2] < table[reached][:2]:
                table[reached] = found
    return None if table[halves] is None else [items[at] for at in table[halves][2]]


def _no_more_than_needed(
    framework: Framework, have: Mapping[str, int], chosen: Sequence[_Item], wanted: float
) -> dict[str, int]:
    """The lowest aim of each chosen practice with which the target is still reached; those of most effort lowered first."""
    aims = {item.questions[0].code: framework.answers.marks[-1].low for item in chosen}
    for item in sorted(chosen, key=lambda each: -each.effort):
        code = item.questions[0].code
        for mark in framework.answers.marks[:-1]:
            lower = {**aims, code: mark.low}
            if what_if(framework, have, lower).reaches(wanted):
                aims = lower
                break
    return aims


def _step(framework: Framework, have: Mapping[str, int], item: _Item, aim: int) -> Step:
    first = item.questions[0]
    mark = framework.answers.at(aim)
    counts_now: Mark | None = framework.answers.at(have[first.code]) if first.code in have else None
    return Step(
        code=first.code,
        codes=tuple(each.code for each in item.questions),
        title=first.title,
        asks=first.asks,
        now=counts_now.key if counts_now else "",
        aim=mark.key,
        means={each.key: words for each, words in framework.marks(first.code)}[mark.key],
        effort=item.effort,
        how=first.counts,
    )
