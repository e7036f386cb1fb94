"""The one way to a file: what is downloaded is made when it is pressed, for who asked, and leaves a line in the log."""

from collections.abc import Callable, Sequence

import streamlit as st

from plainview.audit import EXPORT
from plainview.exceptions import StoreError
from plainview.ui import access, cache, writing


def download(
    label: str,
    make: Callable[[], bytes | str],
    name: str,
    mime: str,
    *,
    project: str | Sequence[str],
    release: str | None = None,
    key: str | None = None,
    help: str | None = None,
) -> None:
    """A button that downloads what ``make`` returns as the file ``name``.

    Pressed, it asks again whether the reader may see the project, or all of these, and keeps who took what away; where that
    cannot be kept there is no file, but on one's own machine.
    """
    reader, projects = access.reader(), [project] if isinstance(project, str) else list(project)
    st.download_button(
        label,
        lambda: _made(reader, make, name, projects, release),
        name,
        mime,
        key=key,
        help=help,
        on_click="ignore",
    )


def _made(
    reader: access.Reader, make: Callable[[], bytes | str], name: str, projects: Sequence[str], release: str | None
) -> bytes | str:
    with access.acting_as(reader):
        for project in projects:
            access.check("see", project)
        made = make()
        writing.LIMIT.take(reader.name)
        try:
            for project in projects:
                cache.store().append_event(EXPORT, project, release=release, body={"file": name}, actor=reader.name)
        except StoreError:
            if reader.kind != "local":
                raise
        return made
