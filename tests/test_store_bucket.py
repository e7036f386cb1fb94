"""Stores in buckets, on real servers: large items, ranges, what others leave there, TLS, and errors that hold no secret."""

import multiprocessing
import os
import ssl

import boto3
import polars as pl
import pytest
import trustme
from polars.testing import assert_frame_equal
from servers.buckets import BUCKET
from servers.fixtures import BUCKETS, every
from servers.processes import free_port
from servers.proxy import Faults, between
from store_cases import draft, own_cache  # noqa: F401
from test_store_adapters import key_of
from test_store_addresses import CANARY, told

from plainview.exceptions import DamagedError, StoreError, StoreMissingError
from plainview.publishing import writable_store
from plainview.store import create_store, open_store
from plainview.store.adapters import adapter_for, clouds, keys_under
from plainview.store.keys import commit_key
from plainview.store.ulids import new_ulid
from plainview.store.verified import SMALL

LARGE = 9 << 20


@pytest.fixture
def impatient(monkeypatch):
    """Errors in a second, not in half a minute."""
    monkeypatch.setattr(clouds, "TIMEOUT", 2.0)
    monkeypatch.setattr(clouds, "RETRIES", 1)


def behind(place, monkeypatch, faults, **options):
    """A context with the place behind a proxy, and the variables set to reach it."""
    context = between(place, faults, **options)
    through, proxy = context.__enter__()
    for name, value in through.environment.items():
        monkeypatch.setenv(name, value)
    return context, through, proxy


def client_of(place):
    return boto3.client("s3", endpoint_url=place.endpoint)


@every("moto", "seaweedfs", "azurite")
def test_a_large_item_goes_and_comes_in_pieces(place):
    data = os.urandom(LARGE)
    adapter = adapter_for(place.url("store"))
    adapter.put(key_of(1), (data[start : start + 100_000] for start in range(0, LARGE, 100_000)))
    with adapter.staged() as path:
        path.write_bytes(data)
        adapter.put(key_of(2), path)
    for key in (key_of(1), key_of(2)):
        assert adapter.get(key) == data
        assert adapter.stat(key).bytes == LARGE
        with adapter.open(key) as stream:
            stream.seek(LARGE - 100)
            assert stream.read() == data[-100:]
            stream.seek(5 << 20)
            assert stream.read(10) == data[5 << 20 : (5 << 20) + 10]
            stream.seek(0)
            assert stream.read() == data


@every("moto", "azurite")
def test_an_item_whose_source_fails_is_not_there_at_all(place):
    def broken():
        yield os.urandom(9 << 20)
        raise ZeroDivisionError

    adapter = adapter_for(place.url("store"))
    with pytest.raises(ZeroDivisionError):
        adapter.put(key_of(1), broken())
    assert adapter.stat(key_of(1)) is None


@every(*BUCKETS)
def test_a_store_that_is_not_there_is_not_made_by_opening_it(place):
    with pytest.raises(StoreMissingError, match="There is no store at"):
        open_store(place.url("store"))
    create_store(place.url("other"))
    with pytest.raises(StoreMissingError):
        open_store(place.url("store"))
    with pytest.raises(FileNotFoundError):
        adapter_for(place.url("store")).list("commits/")


@every("moto", "azurite", "google")
def test_a_bucket_that_is_not_there_is_said_so_and_not_made(place):
    url = place.url("").replace(f"//{BUCKET}/", "//no-such-bucket/")
    with pytest.raises(StoreMissingError):
        open_store(url)
    with pytest.raises(StoreError, match=r"there is no (bucket|container) at .*create it first"):
        create_store(url)


@every("seaweedfs", "azurite", "postgres")
def test_publishing_makes_a_store_where_there_is_none(place):
    first = writable_store(place.url("store"))
    first.publish(draft())
    again = writable_store(place.url("store"))
    assert again.id == first.id
    assert [each.release for each in again.evaluations()] == ["1.0"]


@every("moto", "seaweedfs")
def test_what_others_keep_in_the_bucket_is_passed_over(place):
    store = create_store(place.url("store"))
    kept, _ = store.publish(draft())
    prefix = place.url("store").removeprefix(f"s3://{BUCKET}/")
    for name in ("commits/notes.txt", "commits/é %2F ?.json", "commits/.DS_Store", "commits/a/b.json", "README"):
        client_of(place).put_object(Bucket=BUCKET, Key=f"{prefix}/{name}", Body=b"x")
    assert open_store(place.url("store")).evaluations() == [kept]
    assert keys_under(adapter_for(place.url("store")), "commits/") == [commit_key(kept.id)]


@every("moto")
def test_a_name_that_no_key_can_have_is_said_to_stand_in_the_way(place):
    store = create_store(place.url("store"))
    prefix = place.url("store").removeprefix(f"s3://{BUCKET}/")
    client_of(place).put_object(Bucket=BUCKET, Key=f"{prefix}/commits/a//b.json", Body=b"x")
    with pytest.raises(StoreError, match="empty part in its name"):
        store.evaluations()


@every("moto")
def test_a_process_that_was_forked_is_told_instead_of_waiting_for_ever(place):
    adapter = adapter_for(place.url("store"))
    adapter.put(key_of(1), b"x")
    context = multiprocessing.get_context("fork")
    answers = context.Queue()

    def ask():
        try:
            answers.put(adapter.get(key_of(1)))
        except OSError as error:
            answers.put(str(error))

    child = context.Process(target=ask)
    child.start()
    assert "forked" in answers.get(timeout=20)
    child.join(timeout=20)
    assert adapter.get(key_of(1)) == b"x"


@every("azurite")
def test_azure_is_reached_by_its_connection_string(place, monkeypatch):
    names = ("AZURE_STORAGE_ACCOUNT_NAME", "AZURE_STORAGE_ACCOUNT_KEY", "AZURE_STORAGE_ENDPOINT")
    name, key, endpoint = (place.environment[each] for each in names)
    for each in names:
        monkeypatch.delenv(each)
    given = f"DefaultEndpointsProtocol=http;AccountName={name};AccountKey={key};BlobEndpoint={endpoint};"
    monkeypatch.setenv("AZURE_STORAGE_CONNECTION_STRING", given)
    assert create_store(place.url("store")).id == open_store(place.url("store")).id


@every("seaweedfs")
def test_a_certificate_of_ones_own_is_trusted_where_it_is_named(place, monkeypatch, tmp_path, impatient):
    authority, context = trustme.CA(), ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    authority.issue_cert("127.0.0.1").configure_cert(context)
    authority.cert_pem.write_to_path(str(tmp_path / "authority.pem"))
    proxy, through, _ = behind(place, monkeypatch, Faults(), tls=context)
    try:
        with pytest.raises(StoreError, match=r"certificate of 127.0.0.1:[0-9]+ is not trusted.*AWS_CA_BUNDLE"):
            create_store(through.url("store"))
        monkeypatch.setenv("AWS_CA_BUNDLE", str(tmp_path / "authority.pem"))
        assert create_store(through.url("store")).id == open_store(through.url("store")).id
    finally:
        proxy.__exit__(None, None, None)


ECHO = (
    "<Error><Code>{code}</Code><Message>canary-secret canary-key-id</Message><AWSAccessKeyId>canary-key-id</AWSAccessKeyId>"
    f"<StringToSign>{CANARY}</StringToSign></Error>"
)
REFUSALS = {
    "400 ExpiredToken": "answered 400 .ExpiredToken",
    "400 AuthorizationHeaderMalformed": "another region",
    "401 Unauthorized": "refused the credentials",
    "403 AccessDenied": "refused the credentials .* .AccessDenied",
    "403 SignatureDoesNotMatch": "the clock",
    "404 NoSuchBucket": "no store",
    "405 MethodNotAllowed": "answered 405",
    "408 RequestTimeout": "answered 408",
    "409 OperationAborted": "answered 409",
    "301 PermanentRedirect": "another region",
    "307 TemporaryRedirect": "another region",
    "418 canary-secret": "answered 418",
    "429 SlowDown": "answered 429 .SlowDown",
    "500 InternalError": "answered 500",
    "501 NotImplemented": "answered 501",
    "502 BadGateway": "answered 502",
    "503 SlowDown": "answered 503 .SlowDown",
    "507 InsufficientStorage": "full",
}


@pytest.mark.parametrize("answer", REFUSALS)
@every("moto")
def test_what_a_server_answers_is_said_without_what_it_repeats(place, answer, monkeypatch, impatient, capfd, caplog):
    status, code = answer.split()
    faults = Faults(refused=1.0, statuses=(int(status),), body=ECHO.format(code=code).encode())
    proxy, through, _ = behind(place, monkeypatch, faults)
    try:
        with pytest.raises(StoreError, match=REFUSALS[answer]) as caught:
            open_store(through.url("store"))
        assert_clean(caught.value, capfd, caplog)
    finally:
        proxy.__exit__(None, None, None)


def assert_clean(error, capfd, caplog):
    shown = told(error) + "".join(capfd.readouterr()) + caplog.text
    for secret in (CANARY, "canary-secret", "canary-key-id", "canary-password", "Eby8vdM0"):
        assert secret.lower() not in shown.lower()


UNREACHABLE = {
    "nobody listens": ({"AWS_ENDPOINT_URL": "http://127.0.0.1:{port}"}, "cannot be reached"),
    "no such server": ({"AWS_ENDPOINT_URL": "http://no-such-host.invalid"}, "no server called no-such-host.invalid"),
    "a secret in the endpoint": ({"AWS_ENDPOINT_URL": f"http://me:{CANARY}@127.0.0.1:{{port}}"}, "127.0.0.1"),
    "an endpoint that is none": ({"AWS_ENDPOINT_URL": f"{CANARY}"}, "AWS_ENDPOINT_URL.* holds no address"),
    "an endpoint with a broken port": (
        {"AWS_ENDPOINT_URL": f"http://127.0.0.1:{CANARY}"},
        "AWS_ENDPOINT_URL.* holds no address",
    ),
    "no TLS there": ({"AWS_ENDPOINT_URL": "https://{host}"}, "TLS"),
    "a bundle that is not there": ({"AWS_CA_BUNDLE": f"/{CANARY}.pem"}, "credentials or the endpoint"),
    "wrong secret": ({"AWS_SECRET_ACCESS_KEY": CANARY}, "refused the credentials .* .SignatureDoesNotMatch"),
    "wrong key": ({"AWS_ACCESS_KEY_ID": CANARY}, "refused the credentials .* .InvalidAccessKeyId"),
    "a token with a line break": ({"AWS_SESSION_TOKEN": f"{CANARY}\n"}, "AWS_SESSION_TOKEN"),
}


@pytest.mark.parametrize("what", UNREACHABLE)
@every("seaweedfs")
def test_what_cannot_be_reached_is_said_with_what_to_check(place, what, monkeypatch, impatient, capfd, caplog):
    settings, expected = UNREACHABLE[what]
    for name, value in settings.items():
        monkeypatch.setenv(name, value.format(port=free_port(), host=place.endpoint.removeprefix("http://")))
    with pytest.raises(StoreError, match=expected) as caught:
        open_store(place.url("store"))
    assert_clean(caught.value, capfd, caplog)


AZURE = {
    "wrong key": ({"AZURE_STORAGE_ACCOUNT_KEY": "Y2FuYXJ5M3hTRUNSRVQ="}, "refused the credentials"),
    "a key that is none": ({"AZURE_STORAGE_ACCOUNT_KEY": f"%{CANARY}"}, "credentials or the endpoint"),
    "another account": ({"AZURE_STORAGE_ACCOUNT_NAME": "canary-secret"}, "refused the credentials"),
}
GOOGLE = {
    "no file": ({"GOOGLE_APPLICATION_CREDENTIALS": f"/{CANARY}.json"}, "credentials or the endpoint"),
    "no JSON": ({"GOOGLE_SERVICE_ACCOUNT_KEY": f"{{{CANARY}"}, "credentials or the endpoint"),
}


@pytest.mark.parametrize("what", [*AZURE])
@every("azurite")
def test_wrong_credentials_for_azure_are_said_without_them(place, what, monkeypatch, impatient, capfd, caplog):
    settings, expected = AZURE[what]
    for name, value in settings.items():
        monkeypatch.setenv(name, value)
    with pytest.raises(StoreError, match=expected) as caught:
        open_store(place.url("store"))
    assert_clean(caught.value, capfd, caplog)


@pytest.mark.parametrize("what", [*GOOGLE])
def test_wrong_credentials_for_google_are_said_without_them(what, monkeypatch, impatient, capfd, caplog):
    settings, expected = GOOGLE[what]
    monkeypatch.delenv("STORAGE_EMULATOR_HOST", raising=False)
    for name, value in settings.items():
        monkeypatch.setenv(name, value)
    with pytest.raises(StoreError, match=expected) as caught:
        open_store("gs://bucket/store")
    assert_clean(caught.value, capfd, caplog)


@pytest.mark.parametrize(
    "faults", [Faults(silent=True), Faults(cut=True), Faults(lost=1.0)], ids=["silent", "cut", "lost"]
)
@every("moto")
def test_a_server_that_does_not_answer_is_given_up_and_nothing_is_taken_for_done(
    place, faults, monkeypatch, impatient, capfd, caplog
):
    store = create_store(place.url("store"))
    proxy, through, _ = behind(place, monkeypatch, faults)
    try:
        with pytest.raises(StoreError, match=r"does not answer in time|broke off") as caught:
            open_store(through.url("store"))
        assert_clean(caught.value, capfd, caplog)
        adapter = adapter_for(through.url("store"))
        with pytest.raises(OSError, match=r"127\.0\.0\.1"):
            adapter.put(commit_key(new_ulid()), b"x")
    finally:
        proxy.__exit__(None, None, None)
    assert store.evaluations() == []


@every("seaweedfs", "postgres")
def test_a_table_of_many_blocks_is_read_by_ranges_and_every_block_is_checked(place):
    rows = 60_000
    scores = [int.from_bytes(os.urandom(8)) / 2**64 for _ in range(2 * rows)]
    ids = [f"e{number:06}" for number in range(rows)]
    examples = pl.DataFrame({"id": ids, "label": ["negative", "positive"] * (rows // 2), "length": scores[:rows]})
    answers = pl.DataFrame({"prediction": ["positive"] * rows, "score": scores[rows:]})
    big = pl.DataFrame({**examples.to_dict(), "note": [os.urandom(60).hex() for _ in range(rows)]})
    store = create_store(place.url("store"))
    kept, _ = store.publish(draft(examples=big, predictions=answers))
    assert kept.examples_file.bytes > SMALL
    assert_frame_equal(open_store(place.url("store")).examples(kept), big)
    assert_frame_equal(open_store(place.url("store")).examples(kept, ["length"]), big.select("length"))
    adapter = adapter_for(place.url("store"))
    data = bytearray(adapter.get(kept.examples_file.key))
    data[len(data) // 2] ^= 1
    adapter.put(kept.examples_file.key, bytes(data))
    with pytest.raises(DamagedError, match="do not match their SHA-256"):
        store.examples(kept)
