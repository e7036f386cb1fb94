"""Addresses of stores: what they name, what is wrong with them, and that none with a secret in it is ever repeated."""

import builtins
import os
import subprocess
import sys
import traceback

import pytest

from plainview.exceptions import StoreError
from plainview.store import create_store, open_store
from plainview.store.adapters import adapter_for
from plainview.store.adapters.addresses import bucket_address, database_address

CANARY = "canary3xSECRET"
WITH_SECRETS = (
    f"s3://AKIA:{CANARY}@bucket/store",
    f"s3://{CANARY}@bucket/store",
    f"S3://AKIA:{CANARY}@bucket/store",
    f" s3://AKIA:{CANARY}@bucket/store",
    f"s3://AKIA:a/b{CANARY}@bucket/store",
    f"s3://bucket/store?AWS_SECRET_ACCESS_KEY={CANARY}",
    f"s3://bucket/store?{CANARY}",
    f"s3://bucket/store#{CANARY}",
    f"s3://bucket:{CANARY}/store",
    f"s3://bucket/store;secret={CANARY}",
    f"s3:/AKIA:{CANARY}@bucket",
    f"s3:AKIA:{CANARY}@bucket",
    f"s3a://AKIA:{CANARY}@bucket/store",
    f"gs://user:{CANARY}@bucket/store",
    f"gs://bucket/store?access_token={CANARY}",
    f"az://account:{CANARY}@container/store",
    f"az://container/store?sv=2024&sig={CANARY}",
    f"az://container?{CANARY}",
    f"abfss://container@account.dfs.core.windows.net/?sig={CANARY}",
    f"https://bucket.s3.amazonaws.com/store?X-Amz-Signature={CANARY}",
    f"https://user:{CANARY}@host/store",
    f"file://user:{CANARY}@host/store",
    f"mysql://user:{CANARY}@host/database",
    f"postgresql://user:{CANARY}@host/database",
    f"postgresql://:{CANARY}@host/database",
    f"postgresql://user:a@b{CANARY}@host/database",
    f"postgresql://user:a/b{CANARY}@host/database",
    f"postgresql://user:a?b{CANARY}@host/database",
    f"postgresql://user:a#b{CANARY}@host/database",
    f"postgresql://user:a:b{CANARY}@host/database",
    f"postgresql://user:%40{CANARY}@host/database",
    f"postgresql://user:[{CANARY}@host/database",
    f"postgresql://user:{CANARY}\uff0f@host/database",
    f"postgresql://user:{CANARY}\n@host/database",
    f"postgresql://host:{CANARY}/database",
    f"postgresql://host/database?password={CANARY}",
    f"postgresql://host/database?PassWord={CANARY}",
    f"postgresql://host/database?user=u&password={CANARY}",
    f"postgresql://host/database?sslpassword={CANARY}",
    f"postgresql://host/database?{CANARY}",
    f"postgresql://host/database?{CANARY}=1",
    f"postgresql://host/database?options={CANARY}",
    f"postgresql://host/database#{CANARY}",
    f"postgresql://host/database/{CANARY}",
    f"postgresql+psycopg://user:{CANARY}@host/database",
    f"postgres://user:{CANARY}@host/database",
    f"postgresql:user:{CANARY}@host",
    f"postgres:/user:{CANARY}@host",
    f"host=server user=plainview password={CANARY}",
    f"DefaultEndpointsProtocol=https;AccountName=a;AccountKey={CANARY}",
    f"postgresql://host/database?schema={CANARY}",
    f"postgresql://[{CANARY}/database",
)


def told(error: BaseException) -> str:
    """All that a log or a page could show of an error: its text, its causes, the whole traceback."""
    # The source lines of a traceback are the test's own, and it names the canary by a variable.
    return "".join(traceback.format_exception(error)) + repr(error) + str(error.args)


@pytest.mark.parametrize("url", WITH_SECRETS, ids=range(len(WITH_SECRETS)))
@pytest.mark.parametrize("do", [adapter_for, open_store, create_store])
def test_an_address_with_a_secret_is_refused_without_being_repeated(url, do, capfd, caplog):
    assert CANARY in url
    with pytest.raises(StoreError) as caught:
        do(url)
    shown = told(caught.value) + "".join(capfd.readouterr()) + caplog.text
    assert CANARY.lower() not in shown.lower()
    assert len(str(caught.value)) > 30


def test_the_refusal_says_where_the_secret_belongs():
    for url, instead in {
        "s3://key:x@bucket": "AWS_SECRET_ACCESS_KEY",
        "gs://key:x@bucket": "GOOGLE_APPLICATION_CREDENTIALS",
        "az://container?sig=x": "AZURE_STORAGE_ACCOUNT_KEY",
        "postgresql://me:x@host/database": "PGPASSWORD",
    }.items():
        with pytest.raises(StoreError, match=instead):
            adapter_for(url)


def test_a_bucket_has_a_name_and_perhaps_folders():
    found = bucket_address("s3://bucket/team/store/")
    assert (found.text, found.bucket, found.prefix) == ("s3://bucket/team/store", "bucket", "team/store")
    assert bucket_address("az://container").prefix == ""
    for url in (
        "s3://",
        "s3:///store",
        "s3://b/..",
        "s3://b/../c",
        "s3://b//c",
        "s3://b/a b",
        "s3://b/%2e%2e",
        "s3://é/x",
    ):
        with pytest.raises(StoreError, match="s3://bucket/folder"):
            bucket_address(url)


def test_a_database_may_be_named_without_a_host_and_with_a_schema():
    found = database_address("postgres://me@host:5433/quality?sslmode=require&schema=team_a")
    assert found.text == "postgresql://me@host:5433/quality?sslmode=require&schema=team_a"
    assert found.without_schema == "postgresql+psycopg://me@host:5433/quality?sslmode=require"
    assert found.schema == "team_a"
    assert database_address("postgresql:///quality").schema == "plainview"
    for url in (
        "postgresql://host/a/b",
        "postgresql://host:port/a",
        "postgresql://host/a?schema=A;B",
        "postgresql://h/d?x",
    ):
        with pytest.raises(StoreError):
            database_address(url)
    with pytest.raises(StoreError, match="Did you mean 'sslmode'"):
        database_address("postgresql://host/quality?ssl_mode=require")


def test_an_unknown_scheme_names_the_nearest_and_a_missing_slash_is_said():
    for url, hint in {"s3a://bucket": "'s3'", "postgre://host": "'postgresql'", "s3:/bucket": "two slashes"}.items():
        with pytest.raises(StoreError, match=hint):
            adapter_for(url)


@pytest.mark.parametrize(
    ("url", "needed", "extra"), [("s3://bb", "obstore", "bucket"), ("postgresql://h/d", "sqlalchemy", "postgres")]
)
def test_a_missing_extra_is_named_with_the_command_that_installs_it(url, needed, extra, monkeypatch):
    real = builtins.__import__

    def without(name, *arguments, **options):
        if name.split(".")[0] == needed:
            raise ImportError(name)
        return real(name, *arguments, **options)

    for name in [name for name in sys.modules if name.split(".")[0] == needed or name.endswith("adapters.database")]:
        monkeypatch.delitem(sys.modules, name)
    monkeypatch.setattr(builtins, "__import__", without)
    with pytest.raises(StoreError, match=rf"pip install 'plainview\[{extra}\]'"):
        adapter_for(url)


def test_a_folder_is_opened_without_either_extra():
    code = (
        "import sys, tempfile; from plainview.store import create_store; create_store(tempfile.mkdtemp() + '/store')\n"
        "assert not {'obstore', 'sqlalchemy', 'psycopg'} & set(sys.modules)"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True)
    assert done.returncode == 0, done.stderr


def test_the_command_line_shows_no_secret_of_a_wrong_address():
    settings = {**os.environ, "PLAINVIEW_STORE": f"postgresql://me:{CANARY}@host/database"}
    for arguments in (["list"], ["list", "--help"], ["verify", "--json"]):
        command = [sys.executable, "-m", "plainview.cli", *arguments]
        done = subprocess.run(command, env=settings, capture_output=True, text=True)
        assert CANARY not in done.stdout + done.stderr
        assert "--help" in arguments or (done.returncode == 2 and "PGPASSWORD" in done.stderr)
