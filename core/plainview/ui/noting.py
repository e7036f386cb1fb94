"""Forms in which readers note something: written where they may, said again when it is kept; an error stays beside the form."""

from collections.abc import Callable, Sequence
from datetime import date

import streamlit as st

from plainview.exceptions import PlainviewError
from plainview.narrative.demands import long_date
from plainview.narrative.patterns import review_line, reviewed
from plainview.reviews import Review, keep_review, reviews_in
from plainview.texts import _
from plainview.ui import access, cache, codes, links
from plainview.ui.plain import plain
from plainview.ui.writing import written

_SAID = "plainview_noted"
SHOWN = 5  # reviews of a history that are shown


def may() -> bool:
    """Whether the reader may note something in this project."""
    return access.may("contribute", links.here().project)


def said() -> None:
    """Say what was just kept, once."""
    if words := st.session_state.pop(_SAID, ""):
        st.toast(plain(words), icon=":material/check:")


def keep(write: Callable[[str], object], words: str) -> None:
    """Let ``write`` keep something under the reader's name, and show the page anew; what is wrong is said here."""
    try:
        written(links.here().project, write)
    except PlainviewError as error:
        st.error(plain(error))
        return
    st.session_state[_SAID] = words
    st.rerun()


def key(name: str) -> str:
    """The key of a form: another one when something was written, so that it is empty again."""
    return f"{name}_{cache.events_key(links.here().project)[:12]}"


def review(
    subject: str,
    what: str,
    *,
    one: str = "",
    ids: Sequence[str] = (),
    wheres: Sequence[str] = (),
    baseline: str | None = None,
) -> None:
    """Who has looked at something of this release, and a form to say that one has; ``one`` is what is counted of it.

    ``what`` is what they looked at: "the suggestions". ``ids``, ``wheres`` or ``baseline`` say what it was, for the form.
    """
    place = links.here()
    made = reviews_in(cache.events(place.project, kind="review"), subject, release=place.release)
    if baseline:
        made = [each for each in made if each.baseline in (None, baseline)]
    with st.expander(plain(reviewed(made, what)), icon=":material/visibility:"):
        history(made, one)
        if may() and (ids or wheres or baseline):
            _form(subject, ids=ids, wheres=wheres, baseline=baseline, what=what)


def history(made: Sequence[Review], one: str) -> None:
    """The latest reviews, a line each."""
    for each in reversed(made[-SHOWN:]):
        st.text(review_line(each, one))
    if len(made) > SHOWN:
        st.caption(_("{count:,} earlier ones are kept in the store.").format(count=len(made) - SHOWN))


def _form(subject: str, *, what: str, **seen) -> None:
    place = links.here()
    with st.form(key(f"review_{subject}"), border=False):
        note = st.text_area(_("Note"), placeholder=_("What did you find?"), max_chars=2_000, height=80)
        if st.form_submit_button(_("I have looked at them") if what.endswith("s") else _("I have looked at it")):
            keep(
                lambda person: keep_review(cache.store(), place.evaluation, subject, note=note, actor=person, **seen),
                _("Kept on {date}: you have looked at {what}.").format(
                    date=long_date(date.today()), what=codes.read(what)
                ),
            )
