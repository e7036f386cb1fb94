"""What there is to say of checks: one of them, all of a release, and what became of them since the release before."""

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from plainview.narrative.names import quoted
from plainview.quantities import bar, count, ends, listed, plain, signed, span, value

if TYPE_CHECKING:
    from plainview.robustness.moved import Moved
    from plainview.robustness.reading import ReleaseChecks
    from plainview.robustness.results import CheckResult

_SHARE = "accuracy"  # shares of failing copies are read as any share is
# What fails, where a check fails: of its kind, after "in 12 of 400 copies".
FAILS = {
    "confidence": "the model is not as sure as it should be",
    "adversarial": "a change within the range flips the answer",
    "counterfactual": "another value alone changes the answer",
    "invariance": "the answer changes although it should not",
    "augmentation": "the answer changes although it should not",
    "perturbation": "the answer changes although it should not",
    "directional": "the answer moves the wrong way",
    "unit": "the answer is not the known one",
}
TYPES = {
    "MFT": "The answer is known",
    "INV": "The answer must stay",
    "DIR": "The answer must move one way",
}
METHOD = (
    "Copies of one example are not independent, so the interval rests on how many examples there are, not only on copies. "
    "A check is met where its whole interval lies within what may fail, not met where all of it lies above, else unproven."
)


def check_sentence(result: "CheckResult") -> str:
    """One check: how it stands, how often it fails and how sure that is, and what failing means."""
    said = f"{result.name}: {_standing(result)}"
    said += f"{_of(result)} ({_interval(result)}) {FAILS.get(result.check, 'it fails')}"
    if result.bar is not None:
        may = "none may" if result.bar == 0 else f"at most {bar(result.bar, _SHARE)} may"
        said += f"; {may}"
    why = f"; {result.reason}" if result.status == "unproven" and result.reason else ""
    return f"{said}{why}."


def _standing(result: "CheckResult") -> str:
    return "" if result.status == "no bar" else f"{result.status}, "


def _of(result: "CheckResult") -> str:
    """In how many copies of how many examples."""
    if result.tested == result.cases:
        return f"in {result.failed:,} of {count(result.tested, 'example')}"
    copies = count(result.tested, "copy", "copies")
    return f"in {result.failed:,} of {copies} of {count(result.cases, 'example')}"


def _interval(result: "CheckResult") -> str:
    share = value(result.rate, _SHARE)
    if result.rule == "point":
        return share
    if result.low is None or result.high is None:
        return f"{share}, without an interval"
    return f"{share}, 95% interval about {span(result.low, result.high, _SHARE)}"


def measured_sentences(result: "CheckResult") -> list[str]:
    """What a check measured besides: how sure the model is on average, and from which value on an answer flips."""
    measures = result.measures
    mean, low, high = (_number(measures.get(name)) for name in ("mean", "mean_low", "mean_high"))
    said = []
    if mean is not None:
        around = f" (95% interval about {span(low, high, _SHARE)})" if low is not None and high is not None else ""
        label = quoted(str(measures.get("label", "")))
        said.append(f"On average the probability of {label} is {value(mean, _SHARE)}{around}.")
    thresholds = measures.get("thresholds")
    for column, found in (thresholds if isinstance(thresholds, dict) else {}).items():
        said += _threshold(str(column), found, str(measures.get("target", "")))
    if result.left_out:
        said.append(f"{count(result.left_out, 'example')} left out: the check does not apply to them.")
    return said


def _threshold(column: str, found: Any, target: str) -> list[str]:
    """From which value of a column on the answer becomes the target, where it was the column alone."""
    if not isinstance(found, dict) or not isinstance(found.get("flips"), int):
        return []
    flips = f"{column} alone turns {count(found['flips'], 'answer')} into {quoted(target)}"
    low, middle, high = (_number(found.get(name)) for name in ("lower", "median", "upper"))
    if middle is not None and low is not None and high is not None:
        half = f", and half of them lie between {plain(low)} and {plain(high)}" if found["flips"] > 3 else ""
        return [f"{flips}; the median threshold is {plain(middle)}{half}."]
    values = found.get("values")
    if isinstance(values, dict) and values:
        each = [f"{name} {count(times, 'time')}" for name, times in values.items()]
        return [f"{flips}: {listed(each)}."]
    return [f"{flips}."]


def _number(found: object) -> float | None:
    return float(found) if isinstance(found, int | float) and not isinstance(found, bool) else None


def checks_answer(checks: "ReleaseChecks") -> str:
    """The answer to "does it hold up?": how many checks are met, and which fails most often."""
    release, results = checks.release, checks.results
    if not results:
        return f"No robustness check was published for {release}, so nothing says whether it holds up."
    standing = {
        word: [each for each in results if each.status == word] for word in ("met", "not met", "unproven", "no bar")
    }
    barred = len(results) - len(standing["no bar"])
    worst = max(results, key=lambda each: each.rate)
    fails = f"{quoted(worst.name)} fails most often, in {value(worst.rate, _SHARE)} of {_copies(worst)}"
    if not barred:
        return f"{release} was put to {count(len(results), 'check')} without a bar; {fails}."
    said = f"{release} meets {len(standing['met'])} of {count(barred, 'check')}"
    if standing["not met"]:
        said += f", {len(standing['not met'])} {'is' if len(standing['not met']) == 1 else 'are'} not met"
    if standing["unproven"]:
        said += f" and {len(standing['unproven'])} {'is' if len(standing['unproven']) == 1 else 'are'} unproven"
    return f"{said}; {fails}." if worst.failed else f"{said}; no copy fails."


def _copies(result: "CheckResult") -> str:
    if result.tested == result.cases:
        return count(result.tested, "example")
    return count(result.tested, "copy", "copies")


def moved_sentence(row: "Moved", before: str, after: str, *, capability: bool = False) -> str:
    """What became of a check, or of the checks of a capability, since an earlier release."""
    name = f"The checks of {row.name}" if capability else row.name
    if row.difference is None or row.low is None or row.high is None:
        return f"{name}: not comparable, {before} and {after} have no copy in common."
    moves = f"{value(row.before, _SHARE)} to {value(row.after, _SHARE)}"
    evidence = (
        f"{moves}; {signed(row.difference, _SHARE)} points, 95% interval about {ends(row.low, row.high, _SHARE)}; "
        f"{row.fixed:,} fixed, {row.broke:,} broke"
    )
    if row.verdict == "inconclusive":
        them = "them" if capability else "it"
        return f"{name}: too uncertain to tell whether {after} fails {them} as often as {before} does ({evidence})."
    verb = "fail" if capability else "fails"
    often = {"equivalent": "as often in {} as in {}", "better": "less often in {} than in {}"}
    return f"{name} {verb} {often.get(row.verdict, 'more often in {} than in {}').format(after, before)} ({evidence})."


def moved_answer(rows: Sequence["Moved"], before: str, after: str) -> str:
    """What became of the capabilities since an earlier release, the largest change first; empty where nothing compares."""
    compared = [row for row in rows if row.difference is not None]
    if not compared:
        return ""
    better = sorted((row for row in compared if row.verdict == "better"), key=lambda row: row.difference or 0)
    worse = sorted((row for row in compared if row.verdict == "worse"), key=lambda row: -(row.difference or 0))
    if not better and not worse:
        if all(row.verdict == "equivalent" for row in compared):
            return f"Since {before} no capability changed by as much as a point."
        return f"Since {before} no capability is shown to have changed."
    parts = []
    if worse:
        parts.append(f"more often {_names(worse)}")
    if better:
        parts.append(f"less often {_names(better)}")
    return f"Since {before} it fails {' and '.join(parts)}."


def _names(rows: Sequence["Moved"]) -> str:
    return "on " + listed([f"{row.name} ({signed(row.difference or 0.0, _SHARE)} points)" for row in rows])


def not_compared(before: str) -> str:
    """Why nothing is compared with an earlier release."""
    return f"{before} has no check of the same definition on the same examples, so nothing is compared with it."


def no_checks(project: str, release: str) -> str:
    """How checks are published."""
    return f"plainview check {project} {release} --checks checks.yaml --predict module:function"
