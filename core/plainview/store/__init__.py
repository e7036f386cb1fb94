"""Where evaluations are kept: immutable, content-addressed, in a folder, a bucket or a PostgreSQL database."""

from pathlib import Path

from plainview.exceptions import ConflictError, StoreMissingError
from plainview.store.adapters import Adapter, adapter_for
from plainview.store.drafts import Draft
from plainview.store.faults import DamagedItem, explained
from plainview.store.identity import identity_of, new_identity
from plainview.store.store import Store, who

__all__ = ["DamagedItem", "Draft", "Store", "create_store", "open_store", "who"]


def create_store(url: str | Path, *, exist_ok: bool = False) -> Store:
    """A new, empty store in a folder (made if need be) or at a URL.

    Only this creates. ConflictError where there is a store already, unless ``exist_ok``, or where other files lie.
    """
    adapter = adapter_for(url)
    with explained("create", adapter.url):
        identifier, created = new_identity(adapter)
    if not created and not exist_ok:
        raise ConflictError(f"There is a store at {adapter.url} already. Open it with open_store.")
    return Store(adapter, identifier)


def open_store(url: str | Path) -> Store:
    """The store in a folder or at a URL. StoreMissingError where there is none: opening never creates one."""
    adapter = adapter_for(url)
    with explained("open", adapter.url):
        identifier = identity_of(adapter)
    if identifier is None:
        raise StoreMissingError(_missing(adapter))
    return Store(adapter, identifier)


def _missing(adapter: Adapter) -> str:
    how = f"plainview.store.create_store({adapter.url!r})"
    return f"There is no store at {adapter.url}. Check the address; or create one: publish to it, or {how}."
