"""What the command line takes out of a store leaves the line in its log that a download from a page leaves."""

from collections.abc import Iterable
from typing import TYPE_CHECKING

from plainview.cli.terminal import warn

if TYPE_CHECKING:
    from plainview.store import Store


def exported(store: "Store", projects: Iterable[str], what: str, *, release: str | None = None) -> None:
    """Keep that the user who runs this took ``what`` of these projects; a store that cannot be written to is a warning."""
    from plainview.audit import EXPORT
    from plainview.exceptions import StoreError

    try:
        for project in dict.fromkeys(projects):
            store.append_event(EXPORT, project, release=release, body={"file": what})
    except StoreError as error:
        warn(f"It is written, and the store's log does not say so: {error}")
