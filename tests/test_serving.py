"""What stands before the app: deep links that stay in the app, doors, readiness, and a log without secrets."""

import asyncio
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
import streamlit

from plainview.access.policy import SignIn
from plainview.serving.deep_links import wanted
from plainview.serving.doors import Doors, Keys
from plainview.serving.health import Health
from plainview.serving.logs import Redaction, secrets_of
from plainview.serving.shell import DRAWN_WITH, SCRIPT, Shell, ahead


async def page(scope, receive, send) -> None:
    """What lies behind: it says that it was reached."""
    await send({"type": "http.response.start", "status": 200, "headers": []})
    await send({"type": "http.response.body", "body": b"reached"})


def ask(app, path: str, client: str = "192.0.2.1", **headers: str) -> tuple[int, str]:
    """One request; its status and its text."""
    said = []

    async def send(message) -> None:
        said.append(message)

    given = [(name.replace("_", "-").lower().encode(), value.encode()) for name, value in headers.items()]
    scope = {"type": "http", "method": "GET", "path": path, "headers": given, "client": (client, 1), "scheme": "http"}
    with ThreadPoolExecutor(1) as pool:  # a browser of another test may have a loop of its own in this thread
        pool.submit(lambda: asyncio.run(app(scope, None, send))).result()
    return said[0]["status"], b"".join(message["body"] for message in said[1:]).decode()


@pytest.mark.parametrize(
    ("referer", "kept"),
    [
        ("https://quality.example/report?project=a&release=2.0%20b", "/report?project=a&release=2.0%20b"),
        ("https://quality.example/team/report", "/team/report"),
        ("https://quality.example/", ""),
        ("https://elsewhere.example/report", ""),
        ("https://quality.example.evil/report", ""),
        ("https://quality.example//evil.example", ""),
        ("https://quality.example/\\evil.example", ""),
        ("https://quality.example/a?b=c\r\nSet-Cookie: x", ""),
        ("https://[quality.example/report", ""),
        ("https://quality.example/report?" + "x" * 3000, ""),
        ("", ""),
    ],
)
def test_the_wanted_page_is_a_path_of_this_app_or_nothing(referer, kept):
    assert wanted(referer, "quality.example") == kept


SECRET = "s" * 32


def doors(by: str | None) -> Doors:
    rules = SignIn(by=by, person="X-Email") if by else None
    return Doors(page, keys=Keys(lambda: rules, lambda: SECRET, lambda: SECRET))


@pytest.mark.parametrize(
    ("by", "path", "given", "status"),
    [
        (None, "/media/a.csv", {}, 200),
        ("oidc", "/media/a.csv", {}, 403),
        ("oidc", "/_stcore/upload_file/a/b", {}, 403),
        ("oidc", "/media/a.csv", {"cookie": "plainview_session=x.y.z"}, 403),
        ("oidc", "/report", {}, 200),
        ("headers", "/report", {}, 403),
        ("headers", "/report", {"x_plainview_proxy": "s" * 31}, 403),
        ("headers", "/report", {"x_plainview_proxy": SECRET}, 200),
        ("headers", "/media/a.csv", {"x_email": "admin@example.org"}, 403),
        (None, "/_stcore/metrics", {}, 404),
        (None, "/_stcore/metrics", {"client": "127.0.0.1"}, 200),
        (None, "/_stcore/metrics", {"client": "127.0.0.1", "x_forwarded_for": "192.0.2.1"}, 404),
        (None, "/_stcore/agent/interact", {"client": "127.0.0.1"}, 404),
    ],
)
def test_each_door_opens_for_whom_it_should(by, path, given, status):
    assert ask(doors(by), path, **given)[0] == status


def test_ready_says_what_is_amiss_in_a_word_and_health_does_not_ask():
    asked = []
    app = Health(page, amiss=lambda: asked.append(1) or "store")
    assert ask(app, "/health") == (200, "alive\n")
    assert asked == []
    assert ask(app, "/ready") == (503, "not ready: store\n")
    assert ask(app, "/ready")[0] == 503
    assert asked == [1]  # a finding stands for some seconds, however often it is asked for
    assert ask(Health(page, amiss=lambda: None), "/ready") == (200, "ready\n")
    assert ask(app, "/report") == (200, "reached")


@pytest.mark.parametrize(
    "text",
    [
        "could not open postgresql://ana:canary42@db/x",
        "GET /oauth2callback?code=canary42&state=canary42",
        "{'client_secret': 'canary42'}",
        'cookie_secret = "canary42"',
        "Authorization: Bearer canary42canary42",
        "id_token=canary42; path=/",
        "https://b.example/o?X-Amz-Signature=canary42&X-Amz-Credential=canary42",
        "password: canary42",
        "AWS said: the key known-value is not valid",
    ],
)
def test_no_secret_reaches_the_log(text):
    said = Redaction(lambda: ["known-value"])(text)
    assert "canary" not in said
    assert "known-value" not in said


def test_what_is_no_secret_stays_as_it_was():
    text = "Not ready: s3://quality/store could not be read: the key commits/01J.json is missing, code 404."
    assert Redaction(list)(text) == text


def test_secrets_of_the_environment_are_known_by_their_names():
    given = {
        "AWS_SECRET_ACCESS_KEY": "aaaaaaaa",
        "PGPASSWORD": "bbbbbbbb",
        "PATH": "/usr/bin:/bin",
        "PLAINVIEW_STORE": "data",
    }
    assert set(secrets_of(given.items())) == {"aaaaaaaa", "bbbbbbbb"}


def html(base: str, files=()):
    """A server whose pages all begin with the same HTML, below ``base``."""

    async def answers(scope, receive, send) -> None:
        kind = b"text/html; charset=utf-8" if not scope["path"].endswith("/health") else b"text/plain"
        body = b"<html><head></head></html>"
        headers = [(b"content-type", kind), (b"content-length", b"%d" % len(body))]
        await send({"type": "http.response.start", "status": 200, "headers": headers})
        await send({"type": "http.response.body", "body": body[:9], "more_body": True})
        await send({"type": "http.response.body", "body": body[9:]})

    return Shell(answers, base=lambda: base, files=files)


@pytest.mark.parametrize(
    ("base", "path", "own"),
    [
        ("", "/", "/"),
        ("", "/report", "/report"),
        ("quality", "/quality/report", "/report"),
        ("/quality/", "/quality/what_if", "/what_if"),
        ("quality", "/elsewhere/report", None),
        ("", "/_stcore/health", None),
        ("", "/a/b", None),
        ("", '/"><script>alert(1)</script>', None),
        ("", "/é", None),
    ],
)
def test_a_page_is_told_which_part_of_its_address_is_its_own_and_nothing_else_is(base, path, own):
    status, text = ask(html(base), path)
    assert status == 200
    assert (f'<head><script data-at="{own}">{SCRIPT}</script>' in text) == (own is not None)
    assert text.count("<script") == (own is not None)


def test_what_a_page_is_drawn_with_is_loaded_ahead_from_files_that_streamlit_has():
    static = Path(streamlit.__file__).parent / "static"
    files = ahead(static)
    assert {Path(file).name.partition(".")[0] for file in files} == set(DRAWN_WITH)
    assert all((static / file).is_file() for file in files)
    status, text = ask(html("", files), "/report")
    assert status == 200
    assert all(f'="./{file}"' in text for file in files)
    assert text.index(files[0]) > text.index(SCRIPT)
    assert ask(html("", files), "/_stcore/health")[1].count("<script") == 0
