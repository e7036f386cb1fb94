"""What there is to say of a test set that was tested: whether it is fit to judge with, and what is amiss."""

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING

from plainview.narrative.names import quoted
from plainview.quantities import count, listed

if TYPE_CHECKING:
    from plainview.data_tests import DataTest, DataTests

UNTESTED = "Nobody has tested this test set yet, so nothing is known of its missing values, duplicates and leaks."
MOVED_ON = "An earlier version of this test set was tested; this version was not."


def data_answer(found: "DataTests") -> str:
    """Whether the test set is fit to judge with, in one sentence."""
    tests, failed = count(len(found.tests), "data test"), [test for test in found.tests if test.outcome == "fail"]
    if failed:
        verb = "fails" if len(failed) == 1 else "fail"
        return f"Look at the test set before its numbers: {len(failed)} of {tests} {verb}: {_kinds(failed)}."
    open_ = [test for test in found.tests if test.outcome in ("not proven", "no evidence")]
    if found.outcome == "pass" and not open_:
        return f"The test set passes {'the one data test' if len(found.tests) == 1 else f'all {tests}'}."
    passed = found.count("pass")
    verb = "passes" if passed == 1 else "pass"
    return f"No data test fails: {passed} of {tests} {verb}, and there is no verdict on {_kinds(open_)}."


def _kinds(tests: "list[DataTest]") -> str:
    """Which tests they are: "missing values (Geography, Age), leak"."""
    columns: dict[str, list[str]] = {}
    for test in tests:
        columns.setdefault(test.test, []).extend([test.column] if test.column and test.test != "class mix" else [])
    return listed([f"{name} ({listed(of)})" if of else name for name, of in columns.items()], most=6)


def data_test_name(test: "DataTest") -> str:
    """A test by its name and column: "Missing values: Geography"."""
    name = test.test[:1].upper() + test.test[1:]
    return f"{name}: {test.column}" if test.column else name


def data_test_sentence(test: "DataTest") -> str:
    """What one test found, in a sentence."""
    if test.outcome == "no evidence" and not test.found:
        return test.reason or "There is nothing to test."
    return _SENTENCES[test.test](test)


def _schema(test: "DataTest") -> str:
    return f"The test set must have a column {quoted(test.column or '')}. {test.reason}".strip()


def _type(test: "DataTest") -> str:
    wanted = {"integer": "whole numbers", "number": "numbers", "boolean": "true and false", "date": "dates"}
    expected = wanted.get(test.expected, test.expected)
    if test.outcome == "pass":
        return f"{test.column} holds {expected}, as declared."
    return f"{test.column} should hold {expected}. {test.reason}"


def _missing(test: "DataTest") -> str:
    if not test.found:
        return f"Every example has a value of {test.column}."
    have = "has" if test.found == 1 else "have"
    may = {None: "nothing says how many may lack it", 0.0: "none may lack it"}
    allowed = may.get(test.allowed, f"up to {_percent(test.allowed or 0)} may lack it")
    return f"{_of(test, 'example')} {have} no value of {test.column}; {allowed}."


def _values(test: "DataTest") -> str:
    ranged = test.test == "range"
    if test.reason:
        return f"{test.column} must be {test.expected}. {test.reason}"
    if not test.found:
        return f"Every value of {test.column} is {test.expected}."
    verb = "is" if test.found == 1 else "are"
    alone = "" if ranged else ", which alone may stand there"
    return f"{_of(test, 'value')} of {test.column} {verb} not {test.expected}{alone}."


def _size(test: "DataTest") -> str:
    return f"The test set has {count(test.of, 'example')}; {test.expected} or more were declared."


def _duplicates(test: "DataTest") -> str:
    where = "training example" if "training" in test.test else "example"
    if not test.found:
        return f"No {where} repeats another one."
    verb = "repeats" if test.found == 1 else "repeat"
    return f"{_of(test, where)} {verb} another one, in {count(test.groups or 0, 'group')}{_may(test)}."


def _conflicts(test: "DataTest") -> str:
    if not test.found:
        return "No two examples that are the same have different labels."
    return (
        f"{_of(test, 'example')} stand in {count(test.groups or 0, 'group')} that are the same but for the label: "
        f"whatever a release answers there, some of it counts as wrong{_may(test)}."
    )


def _leak(test: "DataTest") -> str:
    if not test.found:
        return "No example of the test set is in the training data."
    verb = "is" if test.found == 1 else "are"
    return f"{_of(test, 'example')} {verb} in the training data too, so a right answer there may be remembered{_may(test)}."


def _mix(test: "DataTest") -> str:
    shares: Mapping = test.shares or {}
    within = f"give or take {_points(test.allowed or 0)}"
    name, worst = max(shares.items(), key=lambda row: abs(row[1]["share"] - row[1]["declared"]))
    span = f"{_percent(worst['low'])} to {_percent(worst['high'])}"
    found = f"{_percent(worst['share'])} of the examples are of class {quoted(name)} ({span})"
    if test.outcome == "pass":
        return f"The classes are mixed as declared, {within}."
    declared = f"{_percent(worst['declared'])} was declared, {within}"
    if test.outcome == "fail":
        return f"{found}, where {declared}."
    return f"There are too few examples to tell whether the classes are mixed as declared: {found}, where {declared}."


_SENTENCES: dict[str, Callable[["DataTest"], str]] = {
    "size": _size,
    "schema": _schema,
    "type": _type,
    "missing values": _missing,
    "range": _values,
    "allowed values": _values,
    "duplicates": _duplicates,
    "duplicates in the training data": _duplicates,
    "conflicting labels": _conflicts,
    "leak": _leak,
    "class mix": _mix,
}


def _of(test: "DataTest", noun: str) -> str:
    return f"{test.found:,} of {count(test.of, noun)}"


def _may(test: "DataTest") -> str:
    return f"; up to {_percent(test.allowed)} may" if test.allowed else ""


def _percent(share: float) -> str:
    return f"{100 * share:.1f}%".replace(".0%", "%")


def _points(share: float) -> str:
    text = f"{100 * share:.10g}"
    return f"{text} {'point' if text == '1' else 'points'}"
