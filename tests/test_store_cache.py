"""The cache may be deleted, damaged, shared or refused at any time: the answers stay the same."""

import random
import sqlite3
import subprocess
import sys
import threading
from pathlib import Path

import pytest
from store_cases import draft, own_cache  # noqa: F401

from plainview.store import create_store, open_store
from plainview.store.cache import Cache, cache_folder
from plainview.store.ulids import new_ulid

RELEASES = [f"1.{number}" for number in range(5)]


@pytest.fixture
def root(tmp_path):
    store = create_store(tmp_path / "store")
    for release in RELEASES:
        store.publish(draft(release))
    store.append_event("comment", "sentiment", body={"text": "kept"})
    return tmp_path / "store"


def cache_file(root):
    return Cache(open_store(root).id).path


def seen(store):
    return [each.release for each in store.evaluations()], [each.body for each in store.events()], store.damaged()


EXPECTED = (RELEASES, [{"text": "kept"}], [])


def test_the_cache_lies_outside_the_store_under_its_id(root, tmp_path):
    assert cache_file(root).is_relative_to(tmp_path / "cache")
    assert cache_file(root).parent.name == open_store(root).id


@pytest.mark.parametrize(
    ("platform", "variables", "expected"),
    [
        ("linux", {"PLAINVIEW_CACHE": "/c"}, "/c"),
        ("linux", {"XDG_CACHE_HOME": "/x"}, "/x/plainview"),
        ("linux", {"HOME": "/h"}, "/h/.cache/plainview"),
        ("darwin", {"HOME": "/h"}, "/h/Library/Caches/plainview"),
        ("win32", {"LOCALAPPDATA": "/l"}, "/l/plainview"),
    ],
)
def test_where_caches_lie_is_said_or_is_the_custom_of_the_platform(monkeypatch, platform, variables, expected):
    for name in ("PLAINVIEW_CACHE", "XDG_CACHE_HOME", "LOCALAPPDATA"):
        monkeypatch.delenv(name, raising=False)
    for name, value in variables.items():
        monkeypatch.setenv(name, value)
    monkeypatch.setattr(sys, "platform", platform)
    assert cache_folder().as_posix() == expected


def test_a_new_process_reads_no_record_again(root, monkeypatch):
    seen(open_store(root))
    store, read = open_store(root), []
    get = store._adapter.get
    monkeypatch.setattr(store._adapter, "get", lambda key: (read.append(key), get(key))[1])
    assert seen(store) == EXPECTED
    assert read == []
    open_store(root).publish(draft("2.0"))
    store.evaluations()
    assert len(read) == 1


def test_the_cache_can_be_deleted_while_it_is_used(root):
    running = open_store(root)
    for _ in range(3):
        assert seen(running) == EXPECTED
        cache_file(root).unlink(missing_ok=True)
        assert seen(open_store(root)) == EXPECTED
    cache_file(root).unlink()
    running.publish(draft("2.0"))
    assert seen(open_store(root)) == ([*RELEASES, "2.0"], *EXPECTED[1:])


@pytest.mark.parametrize("content", [b"", b"not a database" * 500, b"SQLite format 3\x00" + bytes(4000)])
def test_a_file_that_is_no_cache_is_replaced(root, content):
    path = cache_file(root)
    path.write_bytes(content)
    assert seen(open_store(root)) == EXPECTED
    with sqlite3.connect(path) as connection:
        assert connection.execute("SELECT count(*) FROM record").fetchone() == (6,)
    connection.close()


def test_no_flipped_byte_in_the_cache_changes_an_answer(root):
    open_store(root).evaluations()
    path, chance = cache_file(root), random.Random(3)
    sound = path.read_bytes()
    for _ in range(150):
        data = bytearray(sound)
        for _ in range(chance.choice((1, 1, 20))):
            data[chance.randrange(len(data))] ^= 1 << chance.randrange(8)
        path.write_bytes(data[: chance.choice((len(data), len(data), chance.randrange(len(data))))])
        assert seen(open_store(root)) == EXPECTED


def test_rows_of_other_stores_or_of_deleted_records_are_not_shown(root):
    store = open_store(root)
    gone = store.evaluation("sentiment", "1.2")
    Cache(store.id).add_records([(f"commits/{new_ulid()}.json", b"0" * 64 + b"\n{}\n")])
    (root / "commits" / f"{gone.id}.json").unlink()
    assert seen(open_store(root))[0] == ["1.0", "1.1", "1.3", "1.4"]


@pytest.mark.parametrize("place", ["a file", "nowhere"])
def test_without_a_cache_all_is_read_again(root, tmp_path, monkeypatch, place):
    (tmp_path / "a file").write_text("in the way")
    monkeypatch.setenv("PLAINVIEW_CACHE", str(tmp_path / "a file" if place == "a file" else "/proc/nowhere"))
    assert seen(open_store(root)) == EXPECTED


def test_a_cache_that_another_process_locks_is_done_without(root, monkeypatch):
    monkeypatch.setattr("plainview.store.cache.PATIENCE", 0.01)
    with sqlite3.connect(cache_file(root), isolation_level=None) as connection:
        connection.execute("BEGIN EXCLUSIVE")
        assert seen(open_store(root)) == EXPECTED
        open_store(root).publish(draft("2.0"))
        connection.execute("ROLLBACK")
    connection.close()
    assert seen(open_store(root))[0] == [*RELEASES, "2.0"]


def test_threads_share_a_store_and_processes_share_a_cache(root):
    """A writer in another process, readers with and without memory here, and someone who deletes the cache."""
    code = (
        "import sys; sys.path.insert(0, sys.argv[2])\n"
        "from store_cases import draft\nfrom plainview.store import open_store\n"
        "store = open_store(sys.argv[1])\n"
        "for number in range(20): store.publish(draft(f'2.{number}', seed=number))\n"
    )
    writer = subprocess.Popen([sys.executable, "-c", code, str(root), str(Path(__file__).parent)])
    shared, failures = open_store(root), []

    def read(fresh):
        while writer.poll() is None:
            try:
                releases, _, damaged = seen(open_store(root) if fresh else shared)
                assert releases[:5] == RELEASES
                assert damaged == []
            except Exception as error:
                failures.append(error)

    threads = [threading.Thread(target=read, args=(number % 2 == 0,)) for number in range(4)]
    for thread in threads:
        thread.start()
    while writer.poll() is None:
        cache_file(root).unlink(missing_ok=True)
        threading.Event().wait(0.05)
    for thread in threads:
        thread.join()
    assert writer.returncode == 0
    assert failures == []
    assert len(shared.evaluations()) == len(open_store(root).evaluations()) == 25


def test_publishing_and_reading_load_nothing_heavy(root):
    """Arrow's conversions load pandas wherever it is installed, which costs more than the whole publish."""
    code = (
        "import sys; sys.path.insert(0, sys.argv[2])\n"
        "from store_cases import draft\nfrom plainview.store import open_store\n"
        "store = open_store(sys.argv[1])\n"
        "evaluation, _ = store.publish(draft('9', rows=0, results=2000))\n"
        "store.examples(evaluation); store.predictions(evaluation); store.results(evaluation); store.verify()\n"
        "print([name for name in ('pandas', 'pyarrow.dataset', 'scipy', 'streamlit') if name in sys.modules])\n"
    )
    command = [sys.executable, "-c", code, str(root), str(Path(__file__).parent)]
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"
