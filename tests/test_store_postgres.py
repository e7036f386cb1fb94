"""Stores in a real PostgreSQL: parts, transactions, connections that break, rights, and errors that hold no secret."""

import multiprocessing
import os
import socket
import threading
from collections import Counter
from urllib.parse import urlsplit

import psycopg
import pytest
import sqlalchemy
from servers.database_proxy import Losses, losing
from servers.fixtures import every
from servers.postgres import DATABASE, PASSWORD, USER
from servers.processes import HOST, free_port
from store_cases import draft, own_cache  # noqa: F401
from test_store_adapters import key_of
from test_store_addresses import CANARY
from test_store_bucket import assert_clean

from plainview.exceptions import StoreError, StoreMissingError
from plainview.store import create_store, open_store
from plainview.store.adapters import adapter_for
from plainview.store.adapters.postgres import PART

pytestmark = every("postgres")


def ask(place, statement, *, rows=False):
    """Run a statement as the owner of the server, beside the adapter."""
    parts = urlsplit(place.base)
    settings = {"host": HOST, "port": parts.port, "user": USER, "password": PASSWORD, "dbname": DATABASE}
    with psycopg.connect(**settings, autocommit=True) as connection:
        found = connection.execute(statement)
        return found.fetchall() if rows else None


@pytest.fixture
def role(place, monkeypatch):
    """A user with few rights; its name."""
    name = f"r{os.getpid()}_{threading.get_native_id()}"
    ask(place, f"CREATE ROLE {name} LOGIN PASSWORD 'canary-password'")
    yield name
    ask(place, f"DROP OWNED BY {name}; DROP ROLE {name}")


def as_role(place, name):
    return place.url("").replace(f"//{USER}@", f"//{name}@")


def test_a_large_item_is_kept_in_parts_and_read_from_the_middle(place):
    data = os.urandom(5 * PART + 17)
    create_store(place.url(""))
    adapter = adapter_for(place.url(""))
    for size in (0, 1, PART - 1, PART, PART + 1, len(data)):
        adapter.put(key_of(1), data[:size])
        assert adapter.get(key_of(1)) == data[:size]
        with adapter.open(key_of(1)) as stream:
            assert stream.read() == data[:size]
    with adapter.open(key_of(1)) as stream:
        stream.seek(PART - 5)
        assert stream.read(10) == data[PART - 5 : PART + 5]
    schema = place.base.rpartition("=")[2]
    assert ask(place, f"SELECT count(*) FROM {schema}.part WHERE key LIKE 'spec%'", rows=True) == [(6,)]


def test_opening_makes_no_schema_and_two_schemas_are_two_stores(place):
    with pytest.raises(StoreMissingError):
        open_store(place.url(""))
    schema = place.base.rpartition("=")[2]
    exists = f"SELECT count(*) FROM information_schema.schemata WHERE schema_name LIKE '{schema}%'"
    assert ask(place, exists, rows=True) == [(0,)]
    one, other = create_store(place.url("")), create_store(place.url("b"))
    one.publish(draft())
    assert (one.id != other.id, len(one.evaluations()), other.evaluations()) == (True, 1, [])
    assert ask(place, exists, rows=True) == [(2,)]


def test_of_many_that_create_the_store_one_does_and_all_see_it(place):
    found = []
    makers = [
        threading.Thread(target=lambda: found.append(create_store(place.url(""), exist_ok=True))) for _ in range(8)
    ]
    for maker in makers:
        maker.start()
    for maker in makers:
        maker.join()
    assert len({store.id for store in found}) == 1
    assert len(found) == 8


def test_a_connection_that_the_server_closed_is_replaced(place):
    store = create_store(place.url(""))
    for release in ("1.0", "1.1", "1.2"):
        store.publish(draft(release))
        ask(
            place,
            f"SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE pid <> pg_backend_pid() AND datname = '{DATABASE}'",
        )
    assert [each.release for each in store.evaluations()] == ["1.0", "1.1", "1.2"]


def test_acknowledgements_of_commits_that_are_lost_lose_nothing_and_repeat_nothing(place):
    losses = Losses()
    create_store(place.url(""))
    with losing(place, losses) as through:
        store = open_store(through.url(""))
        losses.share = 0.3
        acknowledged, refused = Counter(), 0
        for number in range(20):
            for _ in range(5):
                try:
                    acknowledged[store.publish(draft(str(number), seed=number))[0].id] += 1
                    break
                except StoreError:  # publishing again is always safe
                    refused += 1
        losses.share = 0.0
        del store
    print(f"\n{losses.counted} acknowledgements of commits lost, 20 publishes, {refused} tried again")
    assert losses.counted > 20
    seen = open_store(place.url(""))
    assert Counter(each.id for each in seen.evaluations()) == acknowledged
    assert len(acknowledged) == 20
    report = seen.verify()
    assert report.ok
    assert report.twins == ()


def test_a_reader_of_an_item_that_is_replaced_sees_one_or_the_other(place):
    create_store(place.url(""))
    adapter, stop, seen = adapter_for(place.url("")), threading.Event(), set()
    adapter.put(key_of(1), b"a" * PART * 2)

    def read():
        reader = adapter_for(place.url(""))
        while not stop.is_set():
            seen.add(reader.get(key_of(1)))

    thread = threading.Thread(target=read)
    thread.start()
    for letter in (b"b", b"a") * 5:
        adapter.put(key_of(1), letter * PART * 2)
    stop.set()
    thread.join()
    assert seen <= {b"a" * PART * 2, b"b" * PART * 2}


def test_a_process_that_was_forked_has_connections_of_its_own(place):
    create_store(place.url(""))
    adapter = adapter_for(place.url(""))
    adapter.put(key_of(1), b"before")
    context = multiprocessing.get_context("fork")
    answers = context.Queue()

    def ask():
        adapter.put(key_of(2), b"child")
        answers.put(adapter.get(key_of(1)))

    child = context.Process(target=ask)
    child.start()
    assert answers.get(timeout=30) == b"before"
    child.join(timeout=30)
    assert child.exitcode == 0
    assert adapter.get(key_of(2)) == b"child"


def test_what_is_acknowledged_is_on_disk_whatever_the_server_is_set_to(place, role):
    create_store(place.url(""))
    ask(place, f"ALTER ROLE {role} SET synchronous_commit = off")
    database = adapter_for(as_role(place, role))._database
    shown = database.run(lambda connection: connection.scalar(sqlalchemy.text("SHOW synchronous_commit")))
    assert shown == "on"


def test_who_may_only_read_reads_and_is_told_why_nothing_is_written(place, role):
    create_store(place.url("")).publish(draft("1.0"))
    schema = place.base.rpartition("=")[2]
    with pytest.raises(StoreError, match="no right to this"):
        open_store(as_role(place, role))
    ask(place, f"GRANT USAGE ON SCHEMA {schema} TO {role}; GRANT SELECT ON ALL TABLES IN SCHEMA {schema} TO {role}")
    store = open_store(as_role(place, role))
    assert store.examples(store.evaluation("sentiment", "1.0")).height == 24
    with pytest.raises(StoreError, match=r"Cannot publish to the store .* no right to this in the schema"):
        store.publish(draft("1.1"))
    with pytest.raises(StoreError, match=r"Cannot create the store .* no right to this in the schema"):
        create_store(as_role(place, role) + "_own")


def silent_port():
    listening = socket.create_server((HOST, 0))
    return listening, listening.getsockname()[1]


WRONG = {
    "wrong password": ({"PGPASSWORD": CANARY}, {}, "refused the user or the password"),
    "no password": ({"PGPASSWORD": "", "PGPASSFILE": f"/{CANARY}"}, {}, "refused the user or the password"),
    "wrong user": ({}, {f"//{USER}@": f"//nobody_{CANARY}@"}, "refused the user or the password"),
    "nobody listens": ({}, {"{port}": "{free}"}, "cannot be reached"),
    "no such server": ({}, {HOST: "no-such-host.invalid"}, "no server called no-such-host.invalid"),
    "no TLS there": ({}, {"?": "?sslmode=require&"}, "do not agree on TLS"),
    "no such certificate": ({}, {"?": "?sslmode=verify-full&sslrootcert=/nowhere.pem&"}, "do not agree on TLS"),
    "no such mode": ({}, {"?": f"?sslmode={CANARY}&"}, "TLS|reported an error|broke"),
    "a service that is not there": ({"PGSERVICE": CANARY}, {}, "broke|reported|cannot"),
}


@pytest.mark.parametrize("what", WRONG)
def test_what_is_wrong_is_said_without_secrets(place, what, monkeypatch, capfd, caplog):
    settings, changes, expected = WRONG[what]
    url, port = place.url(""), str(urlsplit(place.base).port)
    for old, new in changes.items():
        url = url.replace(old.format(port=port), new.format(free=free_port()))
    for name, value in settings.items():
        monkeypatch.setenv(name, value)
    with pytest.raises(StoreError, match=expected) as caught:
        open_store(url)
    text = str(caught.value).replace(url, "")  # what the person wrote into the address is no secret
    assert CANARY not in text or "user" in what
    if "user" not in what and "mode" not in what:
        assert_clean(caught.value, capfd, caplog)


def test_a_database_that_is_not_there_is_said_so(place):
    url = place.url("").replace(f"/{DATABASE}?", "/nothing?")
    with pytest.raises(StoreMissingError):
        open_store(url)
    with pytest.raises(StoreError, match="has no such database"):
        create_store(url)


def test_a_server_that_says_nothing_is_given_up(place):
    listening, port = silent_port()
    with listening, pytest.raises(StoreError, match=r"does not answer in time|broke"):
        open_store(f"postgresql://{USER}@{HOST}:{port}/{DATABASE}?connect_timeout=2")


def test_limits_of_the_server_are_said(place, role):
    create_store(place.url(""))
    schema = place.base.rpartition("=")[2]
    ask(place, f"GRANT ALL ON SCHEMA {schema} TO {role}; GRANT ALL ON ALL TABLES IN SCHEMA {schema} TO {role}")
    ask(place, f"ALTER ROLE {role} SET default_transaction_read_only = on")
    store = open_store(as_role(place, role))
    with pytest.raises(StoreError, match="takes no changes now"):
        store.publish(draft())
    ask(place, f"ALTER ROLE {role} CONNECTION LIMIT 0")
    with pytest.raises(StoreError, match="too many connections"):
        open_store(as_role(place, role))
