"""What the tests of the gate share: small projects whose gates pass, fail and are not proven; and what JUnit XML must be."""

import shutil
from functools import cache
from pathlib import Path

import pytest
from lxml import etree
from page_stores import LIVE, bar, frame, publish, specification

PRESENT, PRIOR = "1.1", "1.0"
MUST = {"scenario": "all", "metric": "accuracy", "owner": "team a"}
PROJECTS = {  # of 240 answers 60 and then 40 are wrong: 75.0% and then 83.3%
    "passes": [{**MUST, "id": "R", "at_least": 0.7}],
    "fails": [{**MUST, "id": "R", "at_least": 0.95}],
    "unproven": [{**MUST, "id": "R", "at_least": 0.83}],
    "silent": [],
    "should": [{**MUST, "id": "R", "at_least": 0.7}, {**MUST, "id": "S", "at_least": 0.95, "priority": "should"}],
    "nothing-before": [{**MUST, "id": "R", "no_worse_than": "0.9"}],
}

# What the schemas of Ant (JUnit.xsd of Windy Road) and of Jenkins (junit-10.xsd) both accept, as a grammar.
_JUNIT = """
<element name="testsuites" xmlns="http://relaxng.org/ns/structure/1.0"
         datatypeLibrary="http://www.w3.org/2001/XMLSchema-datatypes">
  <oneOrMore><element name="testsuite">
    <attribute name="name"><data type="token"><param name="minLength">1</param></data></attribute>
    <attribute name="package"><data type="token"/></attribute>
    <attribute name="id"><data type="int"/></attribute>
    <attribute name="timestamp"><data type="dateTime"><param name="pattern">[0-9\\-]{10}T[0-9:]{8}</param></data></attribute>
    <attribute name="hostname"><data type="token"><param name="minLength">1</param></data></attribute>
    <attribute name="tests"><data type="int"/></attribute>
    <attribute name="failures"><data type="int"/></attribute>
    <attribute name="errors"><data type="int"/></attribute>
    <attribute name="skipped"><data type="int"/></attribute>
    <attribute name="time"><data type="decimal"/></attribute>
    <element name="properties"><zeroOrMore><element name="property">
      <attribute name="name"><data type="token"><param name="minLength">1</param></data></attribute>
      <attribute name="value"/>
    </element></zeroOrMore></element>
    <zeroOrMore><element name="testcase">
      <attribute name="name"><data type="token"/></attribute>
      <attribute name="classname"><data type="token"/></attribute>
      <attribute name="time"><data type="decimal"/></attribute>
      <optional><choice>
        <element name="skipped"><ref name="told"/></element>
        <element name="error"><ref name="told"/></element>
        <element name="failure"><ref name="told"/></element>
      </choice></optional>
    </element></zeroOrMore>
    <element name="system-out"><text/></element>
    <element name="system-err"><text/></element>
  </element></oneOrMore>
</element>
"""
_TOLD = '<attribute name="type"/><attribute name="message"/><text/>'
JUNIT = etree.RelaxNG(etree.fromstring(_JUNIT.replace('<ref name="told"/>', _TOLD)))


def junit_document(text: str):
    """The document, checked against the grammar and against its own counts."""
    document = etree.fromstring(text.encode())
    JUNIT.assertValid(document)
    [suite] = document
    assert int(suite.get("tests")) == len(suite.findall("testcase"))
    for attribute, tag in (("failures", "failure"), ("errors", "error"), ("skipped", "skipped")):
        assert int(suite.get(attribute)) == len(suite.findall(f"testcase/{tag}"))
    return document


@cache
def _projects(folder: Path) -> Path:
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("PLAINVIEW_CACHE", str(folder / "cache"))
        for project, demands in PROJECTS.items():
            publish(folder / "gates", specification(project, requirements=demands), frame(60), frame(40))
        hostile = [{**bar("all", 0.95), "owner": LIVE[0], "reason": LIVE[2], "id": f"{LIVE[1]} @octocat #1"}]
        publish(folder / "gates", specification("hostile", requirements=hostile, title=LIVE[3]), frame(60), frame(40))
    return folder / "gates"


@pytest.fixture
def gates(tmp_path_factory) -> Path:
    """A store with a project for each outcome, published once; nobody writes to it."""
    return _projects(tmp_path_factory.getbasetemp())


@pytest.fixture
def own_gates(gates, tmp_path) -> Path:
    """A copy of it to write to."""
    return shutil.copytree(gates, tmp_path / "gates")
