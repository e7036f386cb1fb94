"""Designed states: nothing there yet, something unknown, something damaged. Each says what to do next."""

from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager

import streamlit as st

from plainview.demo import publish_demo
from plainview.exceptions import (
    AccessError,
    DamagedError,
    NewerFormatError,
    NotFoundError,
    PlainviewError,
    RowsElsewhereError,
    StoreMissingError,
)
from plainview.narrative.wholes import asked_for, left_out_sentence, rows_stay
from plainview.publishing import writable_store
from plainview.records import Evaluation
from plainview.store import DamagedItem
from plainview.texts import _
from plainview.ui import access, cache, codes, components, links
from plainview.ui.place import Place, Problem
from plainview.ui.plain import plain

FIRST_PAGE = "release/report"
OTHERS = 3  # releases that are offered where the one before cannot be compared with

_TITLES = {
    AccessError: _("You may not do this here"),
    StoreMissingError: _("Nothing is published yet"),
    DamagedError: _("What is stored is not what was published"),
    NewerFormatError: _("This was published by a newer Plainview"),
    NotFoundError: _("It is not there"),
    RowsElsewhereError: _("The rows are not in this store"),
}
_DAMAGED = _("A file that this page needs is damaged, so nothing is shown that could be wrong.")


def empty(address: str) -> object:
    """No evaluation yet that the reader may see: how to get one, for those who may publish."""
    st.title(_("Nothing is published yet"), anchor=False)
    if not access.everywhere("publish"):
        st.header(_("In the projects that you may see, nothing has been published."), anchor=False)
        return st.page_link("pages/about/publish.py", label=_("How to publish →"))
    st.header(_("Publish an evaluation, or look around with the demo first."), anchor=False)
    st.text(_("Real releases of real systems, on real data, in a few seconds:"))
    if st.button(_("Publish the demo")):
        _publish_demo(address)
    components.code(f"plainview demo{cache.store_option()}")
    st.text(_("Your own predictions, from a table with ids, labels and predictions:"))
    line = f"plainview publish FRAME --specification specification.yaml --release 1.0{cache.store_option()}"
    components.code(line)
    st.text(_("Evaluations are read from: {address}").format(address=address))
    return st.page_link("pages/about/publish.py", label=_("How to publish →"))


def _publish_demo(address: str) -> None:
    with st.status(_("Publishing the demo")) as status:

        def tell(done: int, total: int, what: str) -> None:
            status.update(
                label=_("Published {done} of {total}: {what}").format(done=done, total=total, what=plain(what))
            )

        publish_demo(writable_store(address), progress=tell)
    st.rerun()


def problem(found: Problem) -> None:
    """Something the address asks for is not there: the nearest name, and the way back."""
    st.title(plain(found.title), anchor=False)
    st.header(plain(found.sentence), anchor=False)
    if found.way_back:
        links.go(FIRST_PAGE, found.way_back, found.parameters)


def check(place: Place, **known: Iterable[str]) -> None:
    """Stop where the address asks for a metric or a scenario that is not among those of this release."""
    for kind, names in known.items():
        _known(kind, getattr(place, kind, place.own.get(kind)), list(names), place)


def _known(kind: str, asked: str | None, names: Sequence[str], place: Place) -> None:
    if asked and asked not in names:
        there = {"project": place.project, "release": place.release}
        problem(
            Problem(
                _("There is no such {kind}").format(kind=codes.read(kind)),
                asked_for(asked, names),
                _("Go to the report"),
                there,
            )
        )
        st.stop()


def nothing(title: str, sentence: str) -> None:
    """A part of a page that has nothing to show, and why: one release only, no requirements, no examples."""
    with st.container(border=True):
        st.markdown(f"**{plain(title)}**")
        st.text(sentence)


def not_comparable(place: Place) -> None:
    """The release cannot be compared with its baseline, as the page has said: the other releases, the nearest first."""
    ids = [one.id for one in place.line]
    at = ids.index(place.evaluation.id) if place.evaluation else 0
    others = [one for one in place.line if one.id not in (ids[at], place.before.id if place.before else None)]
    others.sort(key=lambda one: abs(ids.index(one.id) - at))
    nothing(
        _("Nothing can be compared, so nothing is drawn"),
        _("Compare it with another release.") if others else _("There is no other release on this test set."),
    )
    with st.container(horizontal=True, vertical_alignment="center"):
        for one in others[:OTHERS]:
            links.link("release/compare", _("Compare with {release}").format(release=one.release), baseline=one.release)


def rows_elsewhere(*evaluations: Evaluation) -> bool:
    """Say where the rows of an evaluation are, where those of any of these are not in the store; whether there is one."""
    away = next((one for one in evaluations if one.source is not None), None)
    if away is not None:
        nothing(_("The rows are not in this store"), rows_stay(away))
    return away is not None


def left_out(items: Sequence[DamagedItem]) -> None:
    """Records that cannot be used are named on every page: what is missing must not look as if it had never been."""
    if not items:
        return
    with st.expander(
        f"▲ {left_out_sentence(sum(not item.newer for item in items), sum(item.newer for item in items))}"
    ):
        for item in items[:20]:
            st.text(f"{item.key}: {item.reason} {item.what_to_do}")


@contextmanager
def explained() -> Iterator[None]:
    """Run a page; an error of Plainview's becomes a state that says what is wrong and what to do.

    Any other error is a fault of ours: the page says where the reason is, and the error goes on to the log.
    """
    try:
        yield
    except PlainviewError as error:
        title = next((title for kind, title in _TITLES.items() if isinstance(error, kind)), _("This cannot be shown"))
        st.title(title, anchor=False)
        st.header(_DAMAGED if isinstance(error, DamagedError) else plain(error), anchor=False)
        if isinstance(error, DamagedError):
            st.text(str(error))
            st.text(_("The other releases are not affected. What else is damaged, and what to do about it:"))
            components.code(f"plainview verify{cache.store_option()}")
        _ways_out()
    except Exception:
        st.title(_("This page could not be shown"), anchor=False)
        st.header(_("The reason is in the app's log. The other pages are not affected."), anchor=False)
        raise


def _ways_out() -> None:
    """To a release that may be read where this one cannot; never back to the same page."""
    place = links.here()
    if place.before is not None and place.evaluation is not None and place.before.id != place.evaluation.id:
        before = {"project": place.evaluation.project, "release": place.before.release}
        links.go(FIRST_PAGE, _("Go to {baseline}").format(baseline=place.before.release), before)
    links.go("readiness/portfolio", _("Every project"), {})
