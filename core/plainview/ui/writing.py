"""The one way from a page to the store: who writes is known, whether they may is asked, and what was kept is said again."""

import logging
from collections.abc import Callable
from typing import TypeVar

from plainview.access import WriteLimit
from plainview.exceptions import AccessError
from plainview.records import Event
from plainview.ui import access, cache

Kept = TypeVar("Kept")
LIMIT = WriteLimit(120, 60)
_LOG = logging.getLogger("plainview.access")


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
    """Let ``keep`` write under the reader's name, where they may; what the pages know is read anew.

    TooManyWritesError for one who writes as fast as a machine.
    """
    try:
        access.check(action, project)
        LIMIT.take(access.person())
    except AccessError:
        _LOG.warning("Refused: %r may not %s in %r", access.person(), action, project)
        raise
    kept = keep(access.person())
    cache.forget_events()
    return kept
