"""A site of all reports: plain pages with plain links, which any web server can show to people without an account.

```
index.html                       every project: how it stands, its releases
<project>/index.html             its releases, the newest first, each with what changed
<project>/<release>-<id>.html    the report; beside it .pdf, .card.html and .card.json
```
Names are made from letters that are safe and from ids; no page has a script or asks another host for anything.
"""

import hashlib
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

from plainview import narrative
from plainview.comparison import Comparison, compare_if_readable
from plainview.exceptions import NotFoundError, PlainviewError, nearest, reason_of
from plainview.export.formats import FORMATS
from plainview.export.html import mark, page, text
from plainview.export.places import Place
from plainview.export.releases import Kind, export
from plainview.narrative.wholes import dated, lasting
from plainview.portfolio import state_of
from plainview.records import Evaluation
from plainview.report import Report, release_report
from plainview.store import Store

LONGEST = 40  # characters of a release's name in the name of a file


@dataclass(frozen=True)
class Entry:
    """A release on the site."""

    evaluation: Evaluation
    report: Report | None  # None: it cannot be read, and ``reason`` says why
    name: str  # of its files, without their endings
    reason: str = ""


@dataclass
class Written:
    """What was written."""

    projects: int = 0
    releases: int = 0
    files: list[str] = field(default_factory=list)
    failed: list[str] = field(default_factory=list)  # a sentence for each release that cannot be read


def write_site(
    store: Store,
    place: Place,
    *,
    projects: Sequence[str] | None = None,
    pdf: bool = True,
    address: str | None = None,
    step: Callable[[str], None] = lambda said: None,
) -> Written:
    """Write the pages of ``projects`` (default: all) to a place; with ``pdf`` also PDFs and model cards.

    NotFoundError for an unknown project, before anything is written. A release that cannot be read is named as such.
    """
    known = store.projects()
    for name in projects or ():
        if name not in known:
            raise NotFoundError(f"There is no project {name!r} in this store. {nearest(name, known)}")
    done, kinds = Written(), _kinds(pdf)
    site: dict[str, list[Entry]] = {}
    for project in sorted(set(projects or known)):
        compare = _kept(store)
        line = store.releases(project)
        site[project] = [_entry(store, one, compare) for one in line]
        for number, entry in enumerate(site[project], start=1):
            step(f"{project}: {number} of {len(line)}")
            _write_release(store, place, entry, site[project], kinds, compare, address, done)
        _put(place, done, f"{folder(project)}/index.html", _project_page(project, site[project], kinds))
        done.projects += 1
    _put(place, done, "index.html", _index(site))
    return done


def write_release(store: Store, place: Place, evaluation: Evaluation, *, address: str | None = None) -> list[str]:
    """Write the report of one evaluation as HTML, PDF and Markdown, and its model card; the names of the files."""
    compare, files = _kept(store), []
    for ending, _, file, kind in (*_kinds(True), ("md", "Markdown", "md", "report")):
        given = {"kind": kind, "test_set": evaluation.test_set.name, "address": address, "compare": compare}
        data = export(store, evaluation.project, evaluation.release, file, **given)
        files.append(f"{folder(evaluation.project)}/{file_of(evaluation)}.{ending}")
        place.write(files[-1], data, FORMATS[file].media_type)
    return files


def _kinds(pdf: bool) -> tuple[tuple[str, str, str, Kind], ...]:
    """The files of a release: ending, what it is called, format, kind."""
    more = (("pdf", "PDF", "pdf", "report"), ("card.html", "Model card", "html", "model card"))
    twin = (("card.json", "Model card as JSON", "json", "model card"),)
    return (("html", "Report", "html", "report"), *(more + twin if pdf else ()))  # type: ignore[return-value]


def _kept(store: Store) -> Callable[[Evaluation, Evaluation], Comparison]:
    """Comparisons, each made once for all files of a project."""
    made: dict[tuple[str, str], Comparison] = {}

    def compare(one: Evaluation, other: Evaluation) -> Comparison:
        key = (one.id, other.id)
        if key not in made:
            made[key] = compare_if_readable(store, one, other)
        return made[key]

    return compare


def folder(project: str) -> str:
    """The folder of a project: its name, which has safe letters alone, or where it has not, what is made of it."""
    return project if _safe(project, 64) == project else f"{_safe(project, LONGEST)}-{_short(project)}"


def file_of(evaluation: Evaluation) -> str:
    """The name of the files of an evaluation: its release, as far as it is safe, and the end of its id."""
    return f"{_safe(evaluation.release, LONGEST)}-{evaluation.id[-10:].lower()}"


def _safe(name: str, longest: int) -> str:
    """Small letters, digits, dots and hyphens; never a path, and never hidden."""
    found = re.sub(r"[^a-z0-9.]+", "-", name.lower().encode("ascii", "ignore").decode())
    return re.sub(r"\.{2,}", ".", found).strip("-.")[:longest].strip("-.") or "release"


def _short(name: str) -> str:
    return hashlib.sha256(name.encode()).hexdigest()[:10]


def _entry(store: Store, one: Evaluation, compare: Callable[[Evaluation, Evaluation], Comparison]) -> Entry:
    try:
        report = release_report(store, one.project, one.release, test_set=one.test_set.name, compare=compare)
    except PlainviewError as error:
        return Entry(one, None, file_of(one), reason_of(error))
    return Entry(one, report, file_of(one))


def _write_release(
    store: Store,
    place: Place,
    entry: Entry,
    line: Sequence[Entry],
    kinds: Sequence[tuple[str, str, str, Kind]],
    compare: Callable[[Evaluation, Evaluation], Comparison],
    address: str | None,
    done: Written,
) -> None:
    one = entry.evaluation
    if entry.report is None:
        done.failed.append(f"{one.project} {one.release} cannot be read: {entry.reason}.")
        return
    for ending, _, file, kind in kinds:
        links = _links(entry, line) if ending == "html" else ()
        given = {"kind": kind, "test_set": one.test_set.name, "address": address, "compare": compare, "links": links}
        data = export(store, one.project, one.release, file, **given)
        _put(place, done, f"{folder(one.project)}/{entry.name}.{ending}", data, FORMATS[file].media_type)
    done.releases += 1


def _links(entry: Entry, line: Sequence[Entry]) -> tuple[tuple[str, str], ...]:
    """From a report to all projects, to its project, and to the releases before and after it."""
    found = [("All projects", "../index.html"), (entry.evaluation.title, "index.html")]
    at = line.index(entry)
    for place, words in ((at - 1, "Before"), (at + 1, "After")):
        if 0 <= place < len(line) and line[place].report is not None:
            found.append((f"{words}: {line[place].evaluation.release}", f"{line[place].name}.html"))
    return tuple(found)


def _put(place: Place, done: Written, name: str, data: bytes, media_type: str = "text/html") -> None:
    place.write(name, data, f"{media_type}; charset=utf-8" if media_type.startswith("text/") else media_type)
    done.files.append(name)


def _index(site: dict[str, list[Entry]]) -> bytes:
    """Every project: the latest state of each, and all its releases."""
    latest = {name: next((e.report for e in reversed(entries) if e.report), None) for name, entries in site.items()}
    states = [state_of(report.standings) if report else "No evidence" for report in latest.values()]
    urgent = [site[name][-1].evaluation.title for name, state in zip(site, states, strict=True) if state == "Fail"]
    contents = [
        f'<li><a href="#{folder(name)}">{text(entries[-1].evaluation.title)}</a></li>' for name, entries in site.items()
    ]
    parts = [
        '<header><p class="brand">Plainview</p><h1>Reports</h1>',
        f'<p class="conclusion">{text(narrative.portfolio_answer(states, urgent))}</p></header>',
        f'<nav aria-label="Projects"><ul class="contents">{"".join(contents)}</ul></nav>',
    ]
    for (name, entries), state in zip(site.items(), states, strict=True):
        parts.append(_project_part(name, entries, latest[name], state))
    return page("Reports", "\n".join(parts))


def _project_part(name: str, entries: list[Entry], report: Report | None, state: str) -> str:
    title, base = text(entries[-1].evaluation.title), folder(name)
    said = text(report.headline if report else "No release of it can be read.")
    links = "".join(f"<li>{_release_link(entry, base + '/')}</li>" for entry in reversed(entries))
    return (
        f'<section class="project" id="{base}"><h2><a href="{base}/index.html">{title}</a></h2>'
        f'<p>{mark(state)}</p><p dir="auto">{said}</p><ul class="contents">{links}</ul></section>'
    )


def _release_link(entry: Entry, base: str = "") -> str:
    one = entry.evaluation
    said = text(f"{one.release}, {dated(one.released)}")
    return f'<a href="{base}{entry.name}.html">{said}</a>' if entry.report else f"{said} (cannot be read)"


def _project_page(project: str, entries: list[Entry], kinds: Sequence[tuple[str, str, str, Kind]]) -> bytes:
    """The releases of a project, the newest first."""
    title = entries[-1].evaluation.title
    parts = [
        '<nav><a href="../index.html">All projects</a></nav>',
        f'<header><p class="brand">Plainview</p><h1>{text(title)}</h1><p class="quiet">{text(project)} · ',
        f"{text(lasting([entry.evaluation for entry in entries]))}</p></header>",
        *(_release_part(entry, kinds) for entry in reversed(entries)),
    ]
    return page(title, "\n".join(parts))


def _release_part(entry: Entry, kinds: Sequence[tuple[str, str, str, Kind]]) -> str:
    one = entry.evaluation
    begun = f'<section class="project"><h2>{text(one.release)}</h2>'
    if entry.report is None:
        return f"{begun}<p>{mark('No evidence')} {text(f'It cannot be read: {entry.reason}.')}</p></section>"
    links = " · ".join(f'<a href="{entry.name}.{ending}">{called}</a>' for ending, called, _, _ in kinds)
    return (
        f'{begun}<p class="quiet">{text(narrative.about(entry.report))}</p>'
        f"<p>{mark(state_of(entry.report.standings))}</p>"
        f'<p dir="auto">{text(entry.report.headline)}</p><p dir="auto">{text(entry.report.standing)}</p>'
        f"<p>{links}</p></section>"
    )
