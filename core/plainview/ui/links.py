"""Links between pages, which carry the place along, and pickers, which move it."""

from collections.abc import Callable, Mapping, Sequence
from urllib.parse import urlencode

import streamlit as st

from plainview.charts.rows import titled
from plainview.texts import _
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
    clears: bool = False,
) -> None:
    """A select box for one parameter of the URL; choosing makes a new entry of the browser's history.

    The box shows what the URL says, so Back and Forward are right. ``forgets`` names the parameters that make no
    sense with another value. A value that is no option leaves the box empty; with ``clears`` the reader may empty it too.
    """
    key = f"pick_{parameter}"
    known = value in options
    st.session_state[key] = value if known else None
    st.selectbox(
        label,
        options,
        index=0 if known and not clears else None,
        key=key,
        format_func=titles,
        on_change=_choose,
        args=(parameter, key, (*options, None) if clears else tuple(options), tuple(forgets)),
        placeholder=placeholder,
        help=help,
    )


def scenarios(names: Sequence[str], value: str | None) -> None:
    """A select box for the scenario; empty is all of them."""
    picker(_("Scenario"), "scenario", names, value, titles=titled, placeholder=_("All of them"), clears=True)


def kinds(
    label: str, options: Mapping[str, str], default: str, *, parameter: str = "kind", forgets: Sequence[str] = ()
) -> str:
    """One of a few kinds to look at, side by side, as the URL says; ``options`` maps each to how it is read."""
    asked = here().own.get(parameter)
    key, now = f"{parameter}_{'_'.join(options)}", asked if asked in options else default
    st.session_state[key] = now
    st.segmented_control(
        label,
        list(options),
        format_func=options.get,
        required=True,
        key=key,
        on_change=_choose,
        args=(parameter, key, tuple(options), tuple(forgets)),
    )
    return now


def pages(total: int) -> int:
    """Which of so many pages of a list the URL asks for, with buttons to turn them where there is more than one."""
    asked = here().own.get("page", "1")
    now = min(max(int(asked), 1), max(total, 1)) if asked.isdecimal() and len(asked) < 10 else 1
    if total > 1:
        st.session_state["turn_page"] = now
        st.pagination(total, key="turn_page", on_change=_choose, args=("page", "turn_page"))
    return now


def steps(
    label: str, parameter: str, value: float, options: Sequence[float], *, titles: Callable[[float], str] = str
) -> None:
    """A slider over some numbers, ``value`` one of them; where it is left goes to the URL."""
    key = f"slide_{parameter}"
    st.session_state[key] = value
    st.select_slider(label, options, format_func=titles, key=key, on_change=_choose, args=(parameter, key))


def number(label: str, parameter: str, *, placeholder: str) -> float | None:
    """A number of 0 or more, as the URL says, or none; where it is typed it goes to the URL."""
    key, asked = f"number_{parameter}", here().own.get(parameter, "")
    try:
        now = float(asked) if asked and 0 <= float(asked) < float("inf") else None
    except ValueError:
        now = None
    st.session_state[key] = now
    args = (parameter, key)
    st.number_input(label, 0.0, value=None, placeholder=placeholder, key=key, on_change=_choose, args=args)
    return now


def text(label: str, parameter: str, *, placeholder: str = "") -> str:
    """A line of text, as the URL says, or none; where it is typed it goes to the URL."""
    key = f"text_{parameter}"
    st.session_state[key] = now = here().own.get(parameter, "")
    st.text_input(label, placeholder=placeholder, key=key, max_chars=200, on_change=_typed, args=(parameter, key))
    return now.strip()


def _typed(parameter: str, key: str) -> None:
    choose(parameter, st.session_state[key].strip() or None)


def choose(parameter: str, value: str | None) -> None:
    """Keep a value for the URL that is made of several boxes; called when one of them changes."""
    choose_all({parameter: value})


def choose_all(values: Mapping[str, str | None]) -> None:
    """Keep several values for the URL at once, one step of the browser's history; None takes one away."""
    st.session_state[_CHOICE] = (dict(values), ())


def _choose(parameter: str, key: str, options: Sequence[str | None] | None = None, forgets: Sequence[str] = ()) -> None:
    """Keep the choice until the page is known: the address may have moved at the same time."""
    chosen = st.session_state[key]
    if options is None or chosen in options:
        st.session_state[_CHOICE] = ({parameter: chosen if chosen is None else f"{chosen}"}, forgets)


def move(page: str) -> None:
    """Write a choice to the address, in one assignment, so that it is one step of the browser's history.

    Where the page or its parameters are not those at which the boxes were last shown, the reader went there by other
    means (Back, pressed fast): the address counts, and what a box still held of the old one is not a choice.
    """
    choice = st.session_state.pop(_CHOICE, None)
    now = st.query_params.to_dict()
    if choice is None or st.session_state.get(_ADDRESS) != (page, now):
        return
    values, forgets = choice
    kept = {name: held for name, held in now.items() if name not in (*values, "page", *forgets)}
    st.query_params.from_dict(kept | {name: value for name, value in values.items() if value is not None})
