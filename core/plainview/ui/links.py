"""Links between pages, which carry the place along, and pickers, which move it."""

from collections.abc import Callable, Sequence
from urllib.parse import urlencode

import streamlit as st

from plainview.ui.place import PARAMETERS, Place
from plainview.ui.plain import plain

_HERE = "plainview_place"
_ADDRESS = "plainview_address"


def settle(place: Place) -> None:
    """Keep the place of this run for the page and its fragments."""
    st.session_state[_HERE] = place
    st.session_state[_ADDRESS] = st.query_params.to_dict()


def here() -> Place:
    """Where the reader is."""
    return st.session_state[_HERE]


def carried(**changes: str | None) -> dict[str, str]:
    """The place's parameters with changes; None takes one away."""
    wanted = {**here().parameters(), **changes}
    return {name: wanted[name] for name in PARAMETERS if wanted.get(name)}


def link(page: str, label: str, *, help: str | None = None, **changes: str | None) -> None:
    """A link to a page such as "release/compare" that carries the place, with changes: ``scenario="At night"``."""
    st.page_link(f"pages/{page}.py", label=f"{plain(label)} →", query_params=carried(**changes), help=help)


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
        on_change=_move,
        args=(parameter, key, tuple(options), tuple(forgets)),
        placeholder=placeholder,
        help=help,
    )


def _move(parameter: str, key: str, options: tuple[str, ...], forgets: tuple[str, ...]) -> None:
    """Write what was chosen to the address, in one assignment, so that it is one step of the history.

    Where the address itself has moved since the page was shown (Back, pressed fast), it counts: what the box still
    held then is not a choice.
    """
    now, chosen = st.query_params.to_dict(), st.session_state[key]
    if now != st.session_state.get(_ADDRESS) or chosen not in options:
        return
    kept = {name: value for name, value in now.items() if name not in (parameter, *forgets)}
    st.query_params.from_dict({**kept, parameter: chosen})
