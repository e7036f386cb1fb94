"""A gate as JUnit XML, in the part of the format that the schemas of Ant and of Jenkins have in common.

A finding is a test case: what fails is a failure, what is not proven an error (nobody can say whether it holds), what is only
told, and what is waived, is skipped with the reason.
"""

from collections.abc import Sequence
from typing import TYPE_CHECKING
from xml.etree import ElementTree

from plainview.escaping import xml

if TYPE_CHECKING:
    from plainview.gate.findings import Finding, Gate

_ELEMENTS = {"fail": "failure", "not proven": "error", "report": "skipped"}
NOTHING_ASKED = "No requirement is set, so nothing says whether this release is good enough."


def junit(gate: "Gate") -> str:
    """The whole document; its time is that of the evaluation, so the same release gives the same bytes."""
    root, cases = ElementTree.Element("testsuites"), [_case(gate, row) for row in gate.findings]
    if gate.outcome == "not proven" and not any(row.follows == "not proven" for row in gate.findings):
        cases.append(_nothing_asked(gate))
    suite = ElementTree.SubElement(
        root,
        "testsuite",
        {
            "name": _token(f"{gate.project} {gate.release}"),
            "package": gate.project,
            "id": "0",
            "timestamp": f"{gate.judged_at:%Y-%m-%dT%H:%M:%S}",
            "hostname": "localhost",
            "tests": str(len(cases)),
            "failures": _count(cases, "failure"),
            "errors": _count(cases, "error"),
            "skipped": _count(cases, "skipped"),
            "time": "0",
        },
    )
    properties = ElementTree.SubElement(suite, "properties")
    told = {"outcome": gate.outcome, "baseline": gate.baseline or "", "evaluation": gate.evaluation}
    for name, value in told.items():
        ElementTree.SubElement(properties, "property", {"name": name, "value": xml(value)})
    suite.extend(cases)
    ElementTree.SubElement(suite, "system-out").text = xml(f"{gate.sentence}\n{gate.headline}\n")
    ElementTree.SubElement(suite, "system-err")
    ElementTree.indent(root)
    return '<?xml version="1.0" encoding="UTF-8"?>\n' + ElementTree.tostring(root, encoding="unicode") + "\n"


def _case(gate: "Gate", row: "Finding") -> ElementTree.Element:
    named = row.name if row.title == row.name else f"{row.name}: {row.title}"
    case = _element(gate, row.kind, named)
    tag = "skipped" if row.status == "waived" and row.follows == "pass" else _ELEMENTS.get(row.follows)
    if tag:
        _tell(case, tag, row.status, row.sentence)
    return case


def _nothing_asked(gate: "Gate") -> ElementTree.Element:
    case = _element(gate, "requirement", "requirements")
    _tell(case, "error", "no evidence", NOTHING_ASKED)
    return case


def _element(gate: "Gate", kind: str, name: str) -> ElementTree.Element:
    classname = f"{gate.project}.{kind.replace(' ', '_')}"
    return ElementTree.Element("testcase", {"name": _token(name), "classname": classname, "time": "0"})


def _tell(case: ElementTree.Element, tag: str, kind: str, sentence: str) -> None:
    said = xml(sentence)
    ElementTree.SubElement(case, tag, {"type": kind, "message": said}).text = said


def _token(name: str) -> str:
    """A name without line breaks and runs of spaces, never empty."""
    return " ".join(xml(name, 300).split()) or "unnamed"


def _count(cases: Sequence[ElementTree.Element], tag: str) -> str:
    return str(sum(case.find(tag) is not None for case in cases))
