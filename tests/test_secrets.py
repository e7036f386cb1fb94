"""Secrets: one canary in fifty kinds of mistake, and in no error, output, log, record or report of any of them.

Refusals of real servers are in `test_store_bucket` and `test_store_postgres`, the log of a real sign-in in
`browser/test_sign_in`; every form of an address in `test_store_addresses`.
"""

import logging
import threading
from collections.abc import Callable
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest
from checks_cases import LOANS, PROJECT, RELEASE, examples
from cli_cases import files, publish, run  # noqa: F401
from page_reading import open_page, prose
from servers.processes import free_port
from test_deployment import HEADERS, SECRETS, settings
from test_drift_alerts import batch
from test_store_addresses import CANARY, told
from test_store_bucket import impatient  # noqa: F401

from plainview.access import load_access
from plainview.drift import send_alert
from plainview.exceptions import PlainviewError
from plainview.robustness.rows import Rows
from plainview.specification import load_specification
from plainview.store import open_store
from plainview.what_if.live import VARIABLE, live

TOKEN = f"{CANARY}-0123456789abcdef"  # long enough for whatever wants a long one


class Bench:
    """Where one mistake is made: a folder, the environment, and a server that repeats what it should not."""

    def __init__(self, folder: Path, monkeypatch: pytest.MonkeyPatch, server: str) -> None:
        self.folder, self.server, self._monkeypatch = folder, server, monkeypatch

    def env(self, **values: str) -> "Bench":
        """Set variables of the environment."""
        for name, value in values.items():
            self._monkeypatch.setenv(name, value)
        return self

    def file(self, name: str, text: str) -> Path:
        """A file with a text."""
        (self.folder / name).write_text(text)
        return self.folder / name

    @property
    def nobody(self) -> str:
        """A host and port that nobody listens at."""
        return f"127.0.0.1:{free_port()}"


class _Telling(BaseHTTPRequestHandler):
    """Answers each request with the status that its path ends in, and with the canary everywhere."""

    def _answer(self) -> None:
        last = self.path.split("?")[0].rsplit("/", 1)[-1]
        body = (f"<Error><Code>{CANARY}</Code><Message>{CANARY}</Message></Error>" if last != "json" else "{}").encode()
        self.send_response(int(last) if last.isdigit() else 200 if last == "json" else 403, CANARY)
        self.send_header("Location", f"http://{CANARY}@127.0.0.1/")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def __getattr__(self, name: str) -> Callable[[], None]:
        if name.startswith("do_"):  # whatever is asked
            return self._answer
        raise AttributeError(name)

    def do_POST(self) -> None:
        """As the others, once what was sent is read."""
        self.rfile.read(int(self.headers.get("Content-Length", 0)))
        self._answer()

    def log_message(self, *_: object) -> None:
        """Quiet."""


@pytest.fixture(scope="module")
def server():
    found = ThreadingHTTPServer(("127.0.0.1", 0), _Telling)
    threading.Thread(target=found.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{found.server_port}"
    found.shutdown()
    found.server_close()


Mistake = Callable[[Bench], object]


def listed(address: str, **environment: str) -> Mistake:
    """The command line is given the address of a store."""
    return lambda bench: run("list", store=address.format(nobody=bench.nobody), env=environment)


def opened(address: str, **environment: str) -> Mistake:
    """The library opens a store."""

    def mistake(bench: Bench) -> object:
        places = {"nobody": bench.nobody, "server": bench.server}
        bench.env(**{name: value.format(**places) for name, value in environment.items()})
        return open_store(address.format(**places))

    return mistake


def given(*arguments: str) -> Mistake:
    """The command line is given something else that holds a secret."""

    def mistake(bench: Bench) -> object:
        frame = bench.file("rows.csv", "id,label,prediction\n1,a,a\n2,b,a\n")
        demanded = bench.file(
            "specification.yaml", "project: p\ntask: classification\ncolumns: {id: id, label: label}\n"
        )
        names = {"rows": frame, "specification": demanded, "nobody": bench.nobody}
        return run(*(each.format(**names) for each in arguments), store=bench.folder / "store")

    return mistake


def alerted(address: str, hosts: str = "127.0.0.1,hooks.example.com") -> Mistake:
    """A webhook is told."""

    def mistake(bench: Bench) -> object:
        bench.env(PLAINVIEW_WEBHOOK_HOSTS=hosts)
        return send_alert(batch(), address.format(nobody=bench.nobody, server=bench.server))

    return mistake


def served(**wrong: str) -> Mistake:
    """A server is started."""
    return lambda bench: settings(bench.folder, **wrong)


def asked(how: str, *, more: str = "") -> Mistake:
    """A live model is registered, and asked."""

    def mistake(bench: Bench) -> object:
        host = bench.server.removeprefix("http://")
        places = {"nobody": bench.nobody, "server": bench.server, "host": host}
        text = "timeout: 2\nallow: ['{host}', '{nobody}']\n" + more + "projects: {{loans: {{" + how + "}}}}\n"
        bench.env(**{VARIABLE: str(bench.file("predict.yaml", text.format(**places)))})
        return live(PROJECT).ask(Rows(examples()[:2]), load_specification(LOANS), RELEASE)

    return mistake


def ruled(text: str) -> Mistake:
    """A file says who may do what."""
    return lambda bench: load_access(bench.file("access.yaml", text))


AWS = {"AWS_ACCESS_KEY_ID": "key", "AWS_SECRET_ACCESS_KEY": TOKEN, "AWS_REGION": "eu-west-1"}
AZURE = {"AZURE_STORAGE_ACCOUNT_NAME": "account"}
LIVE_OIDC = "sign_in: {by: oidc}"
KINDS: dict[str, Mistake] = {
    # Addresses of stores.
    "a bucket with its key": listed(f"s3://AKIA:{CANARY}@bucket/store"),
    "a bucket with a query": listed(f"s3://bucket/store?AWS_SECRET_ACCESS_KEY={CANARY}"),
    "a container with a signature": listed(f"az://container?sv=2024&sig={CANARY}"),
    "a signed address": listed(f"https://bucket.s3.amazonaws.com/store?X-Amz-Signature={CANARY}"),
    "a database with its password": listed(f"postgresql://user:{CANARY}@host/database"),
    "a database with a password as an option": listed(f"postgresql://host/database?password={CANARY}"),
    "another database": listed(f"mysql://user:{CANARY}@host/database"),
    "words for a driver": listed(f"host=server user=plainview password={CANARY}"),
    "a connection string": listed(f"DefaultEndpointsProtocol=https;AccountName=a;AccountKey={CANARY}"),
    "an address in the environment": lambda bench: run("list", env={"PLAINVIEW_STORE": f"s3://a:{CANARY}@bucket"}),
    # Buckets.
    "a bucket where nobody listens": opened("s3://bucket/store", **AWS, AWS_ENDPOINT_URL="http://{nobody}"),
    "a bucket that refuses": opened("s3://bucket/store", **AWS, AWS_ENDPOINT_URL="{server}"),
    "an endpoint with a name": opened("s3://bucket", **AWS, AWS_ENDPOINT_URL=f"http://me:{CANARY}@{{nobody}}"),
    "an endpoint that is none": opened("s3://bucket", **AWS, AWS_ENDPOINT_URL=CANARY),
    "an endpoint with a broken port": opened("s3://bucket", **AWS, AWS_ENDPOINT_URL=f"http://127.0.0.1:{CANARY}"),
    "a token with a line break": opened(
        "s3://bucket", **AWS, AWS_SESSION_TOKEN=f"{CANARY}\n", AWS_ENDPOINT_URL="{server}"
    ),
    "a bundle that is not there": opened("s3://bucket", **AWS, AWS_CA_BUNDLE=f"/{CANARY}.pem"),
    "a key of Google's that is not there": opened("gs://bucket", GOOGLE_APPLICATION_CREDENTIALS=f"/{CANARY}.json"),
    "a key of Google's that is no JSON": opened("gs://bucket", GOOGLE_SERVICE_ACCOUNT_KEY=f"{{{{{CANARY}"),
    "a key of Azure's that is none": opened("az://container", **AZURE, AZURE_STORAGE_ACCOUNT_KEY=f"%{CANARY}"),
    # Databases.
    "a database where nobody listens": opened("postgresql://me@{nobody}/quality", PGPASSWORD=CANARY),
    "a database that is no server": opened("postgresql://me@no-such-host.invalid/quality", PGPASSWORD=CANARY),
    "a service that is not there": opened("postgresql://me@{nobody}/quality", PGSERVICE=CANARY),
    "a file of passwords that is not there": opened("postgresql://me@{nobody}/quality", PGPASSFILE=f"/{CANARY}"),
    "an option that is not known": opened(f"postgresql://me@{{nobody}}/quality?{CANARY}=1"),
    # Whatever else the command line takes.
    "a frame at an address": given(
        "publish", f"s3://a:{CANARY}@bucket/rows.parquet", "-s", "{specification}", "-r", "1"
    ),
    "a frame in a database": given("publish", f"jdbc:x://h?password={CANARY}", "-s", "{specification}", "-r", "1"),
    "a specification at an address": given("publish", "{rows}", "-s", f"https://a:{CANARY}@host/s.yaml", "-r", "1"),
    "a master of Spark's": given(
        "publish", "t", "-s", "{specification}", "-r", "1", "--engine", f"sc://127.0.0.1:1/;token={CANARY}"
    ),
    "a site in a bucket": given("site", "--output", f"s3://a:{CANARY}@bucket/site"),
    "a report at an address": given("report", "p", "1", "--output", f"https://a:{CANARY}@host/report.md"),
    "an export at an address": given("export-delta", f"s3://a:{CANARY}@bucket/delta"),
    "a webhook of the command line": given(
        "monitor", "{rows}", "-p", "p", "--webhook", f"https://me:{CANARY}@hooks.example.com/"
    ),
    # Webhooks.
    "a webhook with a password": alerted(f"https://me:{CANARY}@hooks.example.com/"),
    "a webhook that is not allowed": alerted(f"https://hooks.example.com/services/{CANARY}", hosts=""),
    "a webhook that is not https": alerted(f"http://hooks.example.com/services/{CANARY}"),
    "a webhook where nobody listens": alerted(f"http://{{nobody}}/services/{CANARY}"),
    "a webhook that refuses": alerted(f"{{server}}/{CANARY}/500"),
    "a webhook that leads elsewhere": alerted(f"{{server}}/{CANARY}/302"),
    "a webhook with a broken port": alerted(f"http://127.0.0.1:{CANARY}/"),
    "a webhook with a broken host": alerted(f"https://[{CANARY}/"),
    "a webhook with a line break": alerted(f"http://127.0.0.1:1/{CANARY}\n/x"),
    # Signing in.
    "a secrets file that is none": served(access=LIVE_OIDC, secrets=f"{CANARY} ="),
    "a secrets file cut off": served(access=LIVE_OIDC, secrets=f'[auth]\nclient_secret = "{CANARY}'),
    "a cookie's secret too short": served(access=LIVE_OIDC, secrets=SECRETS.replace("0123456789abcdef", CANARY[:8])),
    "a provider without an id": served(access=LIVE_OIDC, secrets=SECRETS.replace("client_id", CANARY)),
    "a proxy's secret too short": served(access=HEADERS, PLAINVIEW_PROXY_SECRET=CANARY),
    "a secret among the rules": ruled(f"sign_in: {{by: oidc, client_secret: {CANARY}}}"),
    "rules that are no YAML": ruled(f"sign_in: {{by: oidc\nsecret: {CANARY}"),
    # Live models.
    "an endpoint of a model with a password": asked(f"endpoint: 'http://me:{CANARY}@{{host}}/'"),
    "an endpoint that is not allowed": asked(f"endpoint: 'http://elsewhere.invalid/?token={CANARY}'"),
    "an endpoint where nobody listens": asked(f"endpoint: 'http://{{nobody}}/?token={CANARY}'"),
    "an endpoint that refuses": asked(f"endpoint: '{{server}}/500?token={CANARY}'"),
    "an endpoint that leads elsewhere": asked(f"endpoint: '{{server}}/302?token={CANARY}'"),
    "an endpoint that says no JSON": asked(f"endpoint: '{{server}}/200?token={CANARY}'"),
    "an endpoint that says something else": asked(f"endpoint: '{{server}}/json?token={CANARY}'"),
    "an endpoint with a broken host": asked(f"endpoint: 'http://[{CANARY}/'"),
    "a model registered with a token": asked("function: 'checks_cases:fair', token: " + CANARY),
    "a token beside the models": asked("function: 'checks_cases:fair'", more=f"token: {CANARY}\n"),
}


@pytest.fixture
def bench(tmp_path, monkeypatch, server, impatient):  # noqa: F811
    for name in ("STORAGE_EMULATOR_HOST", "AWS_ENDPOINT_URL", "GOOGLE_APPLICATION_CREDENTIALS"):
        monkeypatch.delenv(name, raising=False)
    return Bench(tmp_path, monkeypatch, server)


def test_there_are_fifty_kinds():
    assert len(KINDS) >= 50


@pytest.mark.parametrize("kind", KINDS)
def test_no_mistake_repeats_a_secret(kind, bench, capfd, caplog):
    caplog.set_level(logging.DEBUG)
    try:
        found = KINDS[kind](bench)
    except PlainviewError as error:
        said = told(error)
    else:
        assert found.exit_code == 2, found.stdout
        said = found.stdout + found.stderr
    shown = said + "".join(capfd.readouterr()) + caplog.text
    assert len(said) > 30
    assert CANARY.lower() not in shown.lower()
    assert [path for path in bench.folder.rglob("*.json") if CANARY in path.read_text()] == []


def test_secrets_of_the_environment_are_in_no_record_report_or_output(files, bench, capfd, caplog):  # noqa: F811
    caplog.set_level(logging.DEBUG)
    names = (
        "AWS_SECRET_ACCESS_KEY",
        "PGPASSWORD",
        "AZURE_STORAGE_ACCOUNT_KEY",
        "PLAINVIEW_PROXY_SECRET",
        "GITHUB_TOKEN",
    )
    bench.env(**dict.fromkeys(names, TOKEN))
    root = files / "store"
    done = [publish(files, store=root, release=release) for release in ("1.0", "1.1")]
    project = open_store(root).projects()[0]
    done += [
        run("report", project, "1.1", "-o", files / f"report.{kind}", store=root) for kind in ("md", "html", "json")
    ]
    done += [run(*verb, store=root) for verb in (("list", "--json"), ("show", project, "1.1", "--json"), ("verify",))]
    assert [each.exit_code for each in done] == [0] * len(done)
    written = [path for path in files.rglob("*") if path.is_file() and CANARY.encode() in path.read_bytes()]
    assert written == []
    assert CANARY not in "".join(each.stdout + each.stderr for each in done) + "".join(capfd.readouterr()) + caplog.text


def test_a_page_and_what_is_kept_from_it_name_a_live_model_without_its_token(bench, monkeypatch):
    from checks_cases import published

    root = published(bench.folder / "store")
    host = bench.server.removeprefix("http://")
    text = f"allow: ['{host}']\nprojects: {{{PROJECT}: {{endpoint: '{bench.server}/500?token={CANARY}'}}}}\n"
    bench.env(**{VARIABLE: str(bench.file("predict.yaml", text)), "PLAINVIEW_STORE": str(root)})
    page = open_page("evidence/what_if", project=PROJECT, example="002", change="income=99.0")
    assert any("could not be asked" in each or "500" in each for each in prose(page))
    assert CANARY not in " ".join(prose(page))
    assert CANARY not in live(PROJECT).named
