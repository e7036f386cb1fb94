"""The feed of a project: what happened, newest first, as any feed reader takes it, with nothing live in it."""

from datetime import datetime
from xml.etree import ElementTree

import pytest
from page_stores import LIVE, kinds_store
from typer.testing import CliRunner
from verb_cases import demo  # noqa: F401

from plainview.cli import app
from plainview.exceptions import InputError, NotFoundError
from plainview.feed import ATOM, feed
from plainview.incidents import report_incident
from plainview.report import release_report
from plainview.store import open_store

APP = "https://quality.example.com/plainview"


def read(xml: bytes) -> ElementTree.Element:
    return ElementTree.fromstring(xml)


def texts(root, name):
    return [node.text for node in root.iter(f"{{{ATOM}}}{name}")]


@pytest.fixture
def store(demo):  # noqa: F811
    return open_store(demo)


def test_every_release_is_there_with_its_headline_newest_first(store):
    root = read(feed(store, "sentiment-afinn"))
    feed_title, *titles = texts(root, "title")
    line = store.releases("sentiment-afinn")
    assert feed_title == line[-1].title
    expected = [f"{one.release}: {release_report(store, one.project, one.release).headline}" for one in reversed(line)]
    assert titles == expected
    updated = [datetime.fromisoformat(each) for each in texts(root, "updated")]
    assert updated[0] == max(updated)
    assert updated[1:] == sorted(updated[1:], reverse=True)


def test_what_people_decided_and_reported_is_there_with_who(tmp_path):
    store = open_store(kinds_store(tmp_path))
    store.append_event(
        "waiver", "once", body={"requirement": "R-1", "until": "2030-01-01", "reason": "Soon"}, actor="ada"
    )
    [example, *_] = store.examples(store.releases("once")[0])["id"]
    given = {"what": "Refunds were read as praise", "owner": "care team", "ids": [example], "actor": "bo"}
    report_incident(store, "once", "Refunds", **given)
    store.append_event("comment", "once", body={"text": "not followed"}, actor="ada")
    root = read(feed(store, "once"))
    assert "“R-1” waived until 2030-01-01" in texts(root, "title")
    assert "Incident: Refunds" in texts(root, "title")
    assert {"Soon", "Refunds were read as praise"} <= set(texts(root, "content"))
    assert "ada" in texts(root, "name")
    assert "not followed" not in str(feed(store, "once"))


def test_the_same_store_gives_the_same_bytes_and_ids_that_stay(store):
    first = feed(store, "sentiment-afinn", app=APP)
    assert feed(open_store(store.url), "sentiment-afinn", app=APP) == first
    ids = texts(read(first), "id")
    assert len(set(ids)) == len(ids)
    assert all(each.startswith(f"urn:plainview:{store.id}:") for each in ids)


def test_links_lead_to_the_release_in_the_app(store):
    root = read(feed(store, "sentiment-afinn", app=f"{APP}/"))
    links = [node.get("href") for node in root.iter(f"{{{ATOM}}}link")]
    assert f"{APP}/report?project=sentiment-afinn&release=5.0.2" in links


def test_hostile_names_are_text_and_what_xml_cannot_hold_is_replaced(tmp_path):
    store = open_store(kinds_store(tmp_path))
    body = {"requirement": f"{LIVE[0]} \x00\x1b", "until": "2030-01-01"}
    store.append_event("waiver", "hostile", body=body, actor=LIVE[0])
    xml = feed(store, "hostile")
    assert b"<script" not in xml
    assert any(LIVE[0] in text and "\ufffd" in text for text in texts(read(xml), "title"))


@pytest.mark.parametrize("address", ["javascript:alert(1)", "quality.example.com", "https://a b", 'https://x"onclick'])
def test_an_address_that_is_none_is_refused(store, address):
    with pytest.raises(InputError, match="must look like https://"):
        feed(store, "sentiment-afinn", app=address)


def test_the_command_writes_a_file_or_to_standard_output(store, tmp_path):
    target = tmp_path / "feeds" / "afinn.xml"
    options = ["feed", "sentiment-afinn", "--store", store.url]
    assert CliRunner().invoke(app, [*options, "--output", str(target)]).exit_code == 0
    assert target.read_bytes() == feed(store, "sentiment-afinn")
    assert CliRunner().invoke(app, options).stdout_bytes == target.read_bytes()


def test_an_unknown_project_is_named_with_the_nearest(store):
    with pytest.raises(NotFoundError, match="Did you mean"):
        feed(store, "sentiment-afin")
    done = CliRunner().invoke(app, ["feed", "sentiment-afin", "--store", store.url])
    assert (done.exit_code, "Did you mean" in done.stderr) == (2, True)
