"""Reading many small items: several at once where each answer takes as long as the network."""

from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor

from plainview.store.adapters import Adapter

Fetched = tuple[str, bytes | OSError]


def fetched(adapter: Adapter, keys: Sequence[str]) -> Iterator[Fetched]:
    """Each key with its bytes, or with the error that came instead, in the order of ``keys``."""

    def fetch(key: str) -> Fetched:
        try:
            return key, adapter.get(key)
        except OSError as error:
            return key, error

    if adapter.at_once == 1 or len(keys) < 2:
        yield from map(fetch, keys)
        return
    with ThreadPoolExecutor(min(adapter.at_once, len(keys))) as threads:
        yield from threads.map(fetch, keys)
