"""Links between pages, which carry the place along, and pickers, which move it."""

from collections.abc import Callable, Mapping, Sequence
from urllib.parse import urlencode

import streamlit as st

from plainview.ui.place import PARAMETERS, Place
from plainview.ui.plain import plain

_HERE = "plainview_place"
_ADDRESS = "plainview_address"
_CHOICE = "plainview_choice"


def settle(place: Place, page: str) -> None:
    """Keep the place of this run for the page and its fragments, and the address that it was shown at."""
    st.session_state[_HERE] = place
    st.session_state[_ADDRESS] = (page, st.query_params.to_dict())


def here() -> Place:
    """Where the reader is."""
    return st.session_state[_HERE]


def carried(**changes: str | None) -> dict[str, str]:
    """The place's parameters with changes; None takes one away."""
    wanted = {**here().parameters(), **changes}
    return {name: wanted[name] for name in PARAMETERS if wanted.get(name)}


def link(page: str, label: str, *, help: str | None = None, **changes: str | None) -> None:
    """A link to a page such as "release/compare" that carries the place, with changes: ``scenario="At night"``."""
    go(page, label, carried(**changes), help=help)


def go(page: str, label: str, parameters: Mapping[str, str], *, help: str | None = None) -> None:
    """A link to a page with exactly these parameters.

    One to the page itself is a button that moves the address: Streamlit's own link would show the other parameters'
    page and leave the address as it was.
    """
    text, wanted = f"{plain(label)} →", dict(parameters)
    if page != st.session_state[_ADDRESS][0]:
        st.page_link(f"pages/{page}.py", label=text, query_params=wanted, help=help)
    else:
        key = f"go_{label}_{urlencode(wanted)}"
        st.button(text, key=key, type="tertiary", on_click=st.query_params.from_dict, args=(wanted,), help=help)


def address(page: str, **changes: str | None) -> str:
    """The same as a URL within the app, for a link column of a table."""
    return f"/{page.rsplit('/', 1)[-1]}?{urlencode(carried(**changes))}"


def picker(
    label: str,
    parameter: str,
    options: Sequence[str],
    value: str | None,
    *,
    titles: Callable[[str], str] = str,
    forgets: Sequence[str] = (),
    placeholder: str | None = None,
    help: str | None = None,
) -> None:
    """A select box for one parameter of the URL; choosing makes a new entry of the browser's history.

    The box shows what the URL says, so Back and Forward are right. ``forgets`` names the parameters that make no
    sense with another value. A value that is no option leaves the box empty.
    """
    key = f"pick_{parameter}"
    known = value in options
    st.session_state[key] = value if known else None
    st.selectbox(
        label,
        options,
        index=0 if known else None,
        key=key,
        format_func=titles,
        on_change=_choose,
        args=(parameter, key, tuple(options), tuple(forgets)),
        placeholder=placeholder,
        help=help,
    )


def _choose(parameter: str, key: str, options: tuple[str, ...], forgets: tuple[str, ...]) -> None:
    """Keep the choice until the page is known: the address may have moved at the same time."""
    if st.session_state[key] in options:
        st.session_state[_CHOICE] = (parameter, st.session_state[key], forgets)


def move(page: str) -> None:
    """Write a choice to the address, in one assignment, so that it is one step of the browser's history.

    Where the page or its parameters are not those at which the boxes were last shown, the reader went there by other
    means (Back, pressed fast): the address counts, and what a box still held of the old one is not a choice.
    """
    choice = st.session_state.pop(_CHOICE, None)
    now = st.query_params.to_dict()
    if choice is None or st.session_state.get(_ADDRESS) != (page, now):
        return
    parameter, value, forgets = choice
    kept = {name: held for name, held in now.items() if name not in (parameter, *forgets)}
    st.query_params.from_dict({**kept, parameter: value})
