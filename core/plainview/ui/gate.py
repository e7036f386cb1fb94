"""What those see who are not let in: why, and what they can do about it. Nothing of the store is loaded or named here."""

import logging
from collections.abc import Mapping

import streamlit as st
from streamlit.errors import StreamlitAPIException

from plainview.texts import _
from plainview.ui import access
from plainview.ui.plain import plain

_LOG = logging.getLogger("plainview.access")
_SAID: dict[access.Closed, tuple[str, str]] = {  # title, sentence
    "sign in": (_("Sign in"), _("Who may see what is decided by project, so you are asked who you are.")),
    "expired": (_("Sign in again"), _("Your sign-in is too old to be believed.")),
    "unverified": (
        _("Your address is not verified"),
        _("Your identity provider has not verified your e-mail address yet."),
    ),
    "unnamed": (
        _("Nobody is named"),
        _("Your sign-in does not say who you are: the claim or header that names you is missing."),
    ),
    "not the proxy": (
        _("This address is not for readers"),
        _("Open Plainview through the address that your team uses."),
    ),
    "no role": (
        _("You have no role here yet"),
        _("You are signed in. An administrator can give you a role in a project."),
    ),
    "broken": (
        _("Nobody is let in"),
        _(
            "How readers sign in, or the file that says who may see what, is not right. The app's log says "
            "what, and where."
        ),
    ),
    "open": (
        _("Nobody is let in"),
        _(
            "This app listens to other machines, and nobody signs in to it. Set PLAINVIEW_ACCESS, or let it listen "
            "on 127.0.0.1."
        ),
    ),
    "elsewhere": (
        _("Open it under its own address"),
        _("Without sign-in this app is for its own machine: http://127.0.0.1."),
    ),
}
_AGAIN = ("sign in", "expired", "unverified", "unnamed", "no role")


def show(reader: access.Reader) -> None:
    """Why the reader is not let in, and the button that may help."""
    title, sentence = _SAID[reader.closed]
    st.title(title, anchor=False)
    st.header(sentence, anchor=False)
    if reader.name:
        st.text(_("Signed in as {name}").format(name=reader.name))
    rules = access.policy()
    if rules is not None and rules.sign_in.by == "oidc" and reader.closed in _AGAIN:
        _sign_in_buttons() if reader.closed in ("sign in", "expired") else _another()


def not_for_you() -> None:
    """What stands in the place of a page that the reader's role does not open: that it is so, and nothing of what is on it."""
    st.title(_("Your role does not open this page"), anchor=False)
    st.header(
        _("An administrator can give you one that does. Everything that is open to you is in the menu."), anchor=False
    )


def who_reads() -> None:
    """A small line that says who reads: on one's own machine that nobody signs in, else the name and the way out."""
    reader = access.reader()
    if reader.kind == "local":
        st.caption(_("On this machine only; nobody signs in."))
    elif reader.kind == "visitor":
        st.caption(_("Nobody is signed in, so nothing can be written."))
    else:
        with st.container(horizontal=True, vertical_alignment="center"):
            st.caption(_("Signed in as {name}").format(name=plain(reader.name)), width="content")
            _sign_out()


def _sign_in_buttons() -> None:
    for provider in _providers():
        label = _("Sign in with {provider}").format(provider=plain(provider)) if provider else _("Sign in")
        if st.button(label, key=f"sign_in_{provider}"):
            try:
                st.login(provider)
            except StreamlitAPIException as error:  # which says what of the secrets is missing, and not what they are
                _LOG.error("Sign-in is not set up: %s", error)
                st.text(_("Sign-in is not set up yet; the app's log says what is missing."))


def _another() -> None:
    if st.button(_("Sign in as somebody else")):
        st.logout()


def _sign_out() -> None:
    rules = access.policy()
    if rules is not None and rules.sign_in.by == "oidc":
        st.button(_("Sign out"), type="tertiary", on_click=st.logout)
    elif rules is not None and rules.sign_in.sign_out:
        words = _("Sign out")
        st.markdown(f"[{words}]({rules.sign_in.sign_out})")


def _providers() -> list[str | None]:
    """Those that the secrets name, or the one without a name."""
    try:
        auth = st.secrets.get("auth", {})
    except FileNotFoundError:
        auth = {}
    named = [name for name, value in auth.items() if isinstance(value, Mapping) and "server_metadata_url" in value]
    return named or [None]
