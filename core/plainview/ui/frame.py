"""What every page lives in: the navigation, the pickers, and the states in which a page cannot be shown."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

import pandas  # noqa: F401  charts look for it: whole before the first reader's run, or a second one finds half of it
import streamlit as st
from streamlit import Page as StreamlitPage

from plainview.exceptions import StoreMissingError
from plainview.records import Evaluation
from plainview.texts import _
from plainview.ui import access, cache, cached_damage, gate, links, states
from plainview.ui.place import OWN, Listing, Place, resolve

HERE = Path(__file__).parent
WIDTH = 1160  # pixels: lines and charts stay readable on a wide screen


@dataclass(frozen=True)
class Page:
    """A row of the navigation table."""

    path: str  # "release/report": the file is pages/release/report.py, the address /report
    title: str
    help: str  # one line: the question that the page answers
    needs: Literal["release", "project", "nothing"] = "release"
    action: access.Action = "see"  # what one must be allowed in some project, or the page is not there

    @property
    def file(self) -> str:
        """The page's script, from app.py."""
        return f"pages/{self.path}.py"


Navigation = Mapping[str, Sequence[Page]]


def run(navigation: Navigation) -> None:
    """Show the page that the URL names, in its frame."""
    st.set_page_config(page_title="Plainview", page_icon=str(HERE / "icon.svg"), layout="wide")
    st.logo(str(HERE / "logo.svg"), size="large")
    listing = _listing()
    current, section, page = _chosen(navigation)
    navigation = _allowed(navigation, listing)
    with st.container(horizontal_alignment="center"), st.container(width=WIDTH):
        access.sign_in()
        links.move(page.path)
        place = resolve(st.query_params.to_dict(), listing)
        links.settle(place, page.path)
        if page not in navigation.get(section, ()):
            return _closed(navigation, section, page, current)
        st.set_page_config(page_title=" · ".join(filter(None, [page.title, place.release, place.project])))
        _head(navigation, section, page, current, listing)
        body = st.container()
        gate.who_reads()
        with body, states.explained():
            _body(current, page, place)


def _closed(navigation: Navigation, section: str, page: Page, current: StreamlitPage) -> None:
    """In the place of a page that the reader's role does not open: the frame, and that it is so. Nothing of it is run."""
    _head(navigation, section, page, current, {})
    gate.not_for_you()
    gate.who_reads()


def _listing() -> Listing:
    """What the reader may see; nothing where there is no store, and nothing of it before they are let in."""
    if access.reader().closed is not None:
        return {}
    try:
        return cache.listing()
    except StoreMissingError:
        return {}


def _allowed(navigation: Navigation, listing: Listing) -> Navigation:
    """The pages that the reader may open, in the sections that have any."""
    kept = {section: [page for page in pages if _may_open(page, listing)] for section, pages in navigation.items()}
    return {section: pages for section, pages in kept.items() if pages}


def _may_open(page: Page, listing: Listing) -> bool:
    return page.action == "see" or any(access.may(page.action, project) for project in ("", *listing))


def _chosen(navigation: Navigation) -> tuple[StreamlitPage, str, Page]:
    """The page that the URL names. The first page has two addresses, its own and the bare one; links name its own.

    Every page is registered for everyone: one that was not would be answered by Streamlit, with words of its own.
    """
    rows = [(section, page) for section, pages in navigation.items() for page in pages]
    known = [st.Page(page.file, title=page.title) for section, page in rows]
    home = st.Page(rows[0][1].file, title=rows[0][1].title, url_path="home", default=True)
    current = st.navigation([*known, home], position="hidden")
    section, page = rows[known.index(current) if current in known else 0]
    return current, section, page


def _head(navigation: Navigation, section: str, page: Page, current: StreamlitPage, listing: Listing) -> None:
    place = links.here()
    pages, pickers = st.columns([3, 2], vertical_alignment="bottom", gap="medium")
    with pages:
        with st.container(horizontal=True, gap="xsmall"):
            for name, shown in navigation.items():
                label = f"**{name}**" if name == section else name
                st.page_link(shown[0].file, label=label, query_params=_kept(place))
        with st.container(horizontal=True, gap="xsmall"):
            for each in navigation.get(section, ()):
                target = current if each is page else each.file
                st.page_link(target, label=each.title, help=each.help, query_params=_kept(place))
    if listing and page.needs != "nothing":
        with pickers:
            _pickers(page, place, listing)


def _kept(place: Place) -> dict[str, str]:
    """What the navigation carries: the place, or what the address asks for where that is not a place."""
    return place.parameters() if place.problem is None else {"project": place.project} if place.project else {}


def _pickers(page: Page, place: Place, listing: Listing) -> None:
    left, right = st.columns(2, wrap=False, gap="xsmall")
    with left:
        links.picker(
            _("Project"),
            "project",
            list(listing),
            place.project,
            titles=lambda name: listing[name][-1].title,
            forgets=(
                "release",
                "baseline",
                "scenario",
                "metric",
                "behaviour",
                *(name for name in OWN if name != "kind"),
            ),
            placeholder=_("Choose a project"),
        )
    if page.needs == "release" and place.project:
        newest_first = {found.release: found for found in reversed(listing[place.project])}
        with right:
            links.picker(
                _("Release"),
                "release",
                list(newest_first),
                place.release,
                titles=lambda name: dated(newest_first[name]),
                forgets=("baseline",),
                placeholder=_("Choose a release"),
            )


def dated(found: Evaluation) -> str:
    """A release with its date: "3.0.1 · 25 Feb 2019"."""
    return f"{found.release} · {found.released:%-d %b %Y}" if found.released else found.release


def _body(current: object, page: Page, place: Place) -> None:
    states.left_out(cached_damage.damaged() if place.problem is None or place.project else [])
    if page.needs != "nothing" and place.project is None and not st.query_params.get("project"):
        return states.empty(cache.store_address())
    blocking = place.problem is not None and (
        page.needs == "release" or (page.needs == "project" and not place.project)
    )
    return states.problem(place.problem) if blocking else current.run()
