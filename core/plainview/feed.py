"""A project as an Atom feed: each release with its headline, and what people decided, reported and waived, newest first.

The format is RFC 4287. The same store gives the same bytes.
"""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from urllib.parse import quote, urlencode
from xml.etree import ElementTree

from plainview.exceptions import PlainviewError, reason_of
from plainview.export.places import check_address
from plainview.narrative.names import quoted
from plainview.records import Evaluation, Event
from plainview.report import release_report
from plainview.store import Store

MOST = 20  # releases, and as many events: readers keep what they have seen
ATOM = "http://www.w3.org/2005/Atom"
_UNWRITABLE = re.compile(r"[^\t\n\r\u0020-\uD7FF\uE000-\uFFFD\U00010000-\U0010FFFF]")  # what XML 1.0 cannot hold


@dataclass(frozen=True)
class Entry:
    """One thing that happened."""

    id: str
    at: datetime
    title: str
    text: str
    by: str
    page: str  # of the app: "report"
    release: str | None


def _decided(event: Event) -> str:
    return f"{event.body.get('decision', 'Decided')} for {event.release}"


def _reported(event: Event) -> str:
    return f"Incident: {event.body.get('name', 'without a name')}"


def _waived(event: Event) -> str:
    return f"{quoted(str(event.body.get('requirement', '')))} waived until {event.body.get('until', 'an unknown day')}"


FOLLOWED: dict[str, tuple[str, Callable[[Event], str]]] = {  # kinds of events: the page they are read on, and the title
    "decision": ("decision", _decided),
    "incident": ("incidents", _reported),
    "waiver": ("requirements", _waived),
}


def entries(store: Store, project: str) -> list[Entry]:
    """What happened in a project, newest first. Raises NotFoundError."""
    releases = sorted(store.releases(project), key=lambda one: one.published_at)[-MOST:]
    events = [each for each in store.events(project) if each.kind in FOLLOWED][-MOST:]
    found = [*(_release(store, one) for one in releases), *map(_event, events)]
    return sorted(found, key=lambda entry: (entry.at, entry.id), reverse=True)


def _release(store: Store, one: Evaluation) -> Entry:
    try:
        report = release_report(
            store, one.project, one.release, test_set=one.test_set.name, today=one.published_at.date()
        )
        title, text = f"{one.release}: {report.headline}", report.standing
    except PlainviewError as error:
        title, text = f"{one.release} cannot be read", f"{reason_of(error)}."
    notes = f"\n\n{one.notes}" if one.notes else ""
    return Entry(one.id, one.published_at, title, f"{text}{notes}", one.actor, "report", one.release)


def _event(event: Event) -> Entry:
    page, title = FOLLOWED[event.kind]
    said = [event.body.get(name) for name in ("reason", "note", "what")]
    text = "\n\n".join(each for each in said if isinstance(each, str) and each)
    return Entry(event.id, event.at, title(event), text, event.actor, page, event.release)


def feed(store: Store, project: str, *, app: str | None = None) -> bytes:
    """The feed as XML in UTF-8. ``app`` is the address under which the app is read, for links.

    Raises NotFoundError, and InputError where ``app`` is no address.
    """
    check_address(app)
    found = entries(store, project)
    ElementTree.register_namespace("", ATOM)
    root = ElementTree.Element(f"{{{ATOM}}}feed")
    _add(root, "title", store.releases(project)[-1].title)
    _add(root, "id", f"urn:plainview:{store.id}:{quote(project, safe='')}")
    _add(root, "updated", _stamp(found[0].at))
    _add(root, "generator", "Plainview")
    for entry in found:
        _write(root, entry, store.id, list(_links(app, project, entry)))
    ElementTree.indent(root)
    return ElementTree.tostring(root, encoding="utf-8", xml_declaration=True) + b"\n"


def _write(root: ElementTree.Element, entry: Entry, store_id: str, links: list[str]) -> None:
    node = ElementTree.SubElement(root, f"{{{ATOM}}}entry")
    _add(node, "title", entry.title)
    _add(node, "id", f"urn:plainview:{store_id}:{entry.id}")
    _add(node, "updated", _stamp(entry.at))
    _add(ElementTree.SubElement(node, f"{{{ATOM}}}author"), "name", entry.by)
    for address in links:
        ElementTree.SubElement(node, f"{{{ATOM}}}link", rel="alternate", href=address)
    _add(node, "content", entry.text or entry.title).set("type", "text")


def _links(app: str | None, project: str, entry: Entry) -> Iterator[str]:
    if app is not None:
        yield page_address(app, entry.page, project, entry.release)


def page_address(app: str, page: str, project: str, release: str | None) -> str:
    """The address of a page ("report") of the app for a release. InputError where ``app`` is no address."""
    asked = {"project": project} | ({"release": release} if release else {})
    return f"{check_address(app)}/{page}?{urlencode(asked)}"


def _add(node: ElementTree.Element, name: str, text: str) -> ElementTree.Element:
    child = ElementTree.SubElement(node, f"{{{ATOM}}}{name}")
    child.text = _UNWRITABLE.sub("\N{REPLACEMENT CHARACTER}", text)
    return child


def _stamp(at: datetime) -> str:
    return f"{at.astimezone(UTC):%Y-%m-%dT%H:%M:%SZ}"
