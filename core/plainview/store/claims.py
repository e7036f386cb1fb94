"""Under which id a content is published: said once, before the commit, so that no publisher has to list the store.

Racing publishers of one content find each other's claim and commit under one id. A claim is no evaluation and no truth:
where it is lost, or a bucket gave two, the same content may be kept twice, and readers show the first.
"""

from plainview.exceptions import DamagedError, NewerFormatError
from plainview.records import PLAIN, Record
from plainview.store.adapters import Adapter
from plainview.store.commit import create_record
from plainview.store.index import read_record
from plainview.store.keys import claim_key, is_id
from plainview.store.sealed import seal
from plainview.store.ulids import new_ulid


class Claim(Record):
    """That the content of a publish key is, or is about to be, published under one id."""

    schema_version: int = PLAIN
    min_reader: int = 1
    id: str  # the publish key
    evaluation: str  # ULID


def claimed(adapter: Adapter, publish_key: str) -> str | None:
    """The id under which a content was published, or was about to be; None where nobody said so.

    DamagedError or NewerFormatError where the claim cannot be read.
    """
    key = claim_key(publish_key)
    try:
        found = read_record(adapter, key, Claim).evaluation
    except FileNotFoundError:
        return None
    if not is_id(found):  # it becomes the name of a record
        raise DamagedError(f"{key} is damaged: {found!r:.60} is no id of an evaluation.")
    return found


def claim(adapter: Adapter, publish_key: str) -> str:
    """The id to publish a content under: a new one, or the one of whoever came first. It is there for good on return."""
    mine = Claim(id=publish_key, evaluation=new_ulid())
    key = claim_key(publish_key)
    if create_record(adapter, key, mine):
        return mine.evaluation
    try:
        return claimed(adapter, publish_key) or mine.evaluation
    except DamagedError:
        adapter.put(key, seal(mine))
    except NewerFormatError:
        pass  # not ours to replace: at worst the content is there twice
    return mine.evaluation
