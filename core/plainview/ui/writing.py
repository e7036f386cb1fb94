"""The one way from a page to the store: who writes is known, whether they may is asked, and what was kept is said again."""

from collections.abc import Callable
from typing import TypeVar

from plainview.records import Event
from plainview.ui import access, cache

Kept = TypeVar("Kept")


def write(
    kind: str, project: str, *, body: dict, release: str | None = None, action: access.Action = "contribute"
) -> Event:
    """Keep an event of the reader's; raises AccessError, InputError, StoreError."""
    return written(
        project,
        lambda person: cache.store().append_event(kind, project, body=body, release=release, actor=person),
        action=action,
    )


def written(project: str, keep: Callable[[str], Kept], *, action: access.Action = "contribute") -> Kept:
    """Let ``keep`` write under the reader's name, where they may; what the pages know is read anew."""
    access.check(action, project)
    kept = keep(access.person())
    cache.forget_events()
    return kept
