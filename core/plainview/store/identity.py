"""store.json: that there is a store here, in which format, and which one."""

from typing import Literal

from plainview.exceptions import DamagedError
from plainview.records import PLAIN, Record
from plainview.store.adapters import Adapter
from plainview.store.keys import STORE, is_id
from plainview.store.sealed import seal, unseal
from plainview.store.ulids import new_ulid


class Identity(Record):
    """The content of store.json, in the form of every record."""

    schema_version: int = PLAIN
    min_reader: int = 1
    format: Literal["plainview-store"] = "plainview-store"
    id: str  # ULID; caches are kept under it


def identity_of(adapter: Adapter) -> str | None:
    """The id of the store, or None where there is no store; DamagedError, NewerFormatError where it is unreadable."""
    try:
        data = adapter.get(STORE)
    except (FileNotFoundError, NotADirectoryError):
        return None
    identifier = unseal(data, Identity, key=STORE).id
    if not is_id(identifier):  # it becomes the name of a folder of caches
        raise DamagedError(f"{STORE} is damaged: {identifier!r:.60} is no id of a store.")
    return identifier


def new_identity(adapter: Adapter) -> tuple[str, bool]:
    """The id of the store that is here now, and whether this call made it."""
    if (there := identity_of(adapter)) is not None:
        return there, False
    adapter.initialise()
    identity = Identity(id=new_ulid())
    created = adapter.put_if_absent(STORE, seal(identity))
    return (identity.id, True) if created else (identity_of(adapter), False)
