"""Signing in through a real browser and a real provider: the wanted page opens, roles count, and nothing leaks before."""

import http.client
import json
import os
import re
import subprocess
import sys
import time
from contextlib import closing
from urllib.parse import urlsplit

import pytest
from access_cases import ACCESS, CANARY, HIDDEN, OPEN, two_projects
from conftest import ROOT, _free_port, settled
from servers.identity import CLIENT, SECRET, Provider

COOKIE_SECRET = "canary-cookie-secret-0123456789abcdef"
CANARIES = (SECRET, COOKIE_SECRET, "canary-environment-secret-42")
PEOPLE = {
    name: {"email": f"{name}@example.org", "email_verified": verified}
    for name, verified in (("viewer", True), ("keeper", True), ("stranger", True), ("admin", False))
}


@pytest.fixture(scope="module")
def provider():
    with Provider(PEOPLE).running() as running:
        yield running


@pytest.fixture(scope="module")
def team(provider, tmp_path_factory):
    """``plainview serve`` with sign-in, as a team runs it; its address, and the folder with its log."""
    folder, url = tmp_path_factory.mktemp("team"), f"http://localhost:{(port := _free_port())}"
    two_projects(folder / "store")
    (folder / "access.yaml").write_text(ACCESS)
    (folder / "secrets.toml").write_text(
        f'[auth]\nredirect_uri = "{url}/oauth2callback"\ncookie_secret = "{COOKIE_SECRET}"\nclient_id = "{CLIENT}"\n'
        f'client_secret = "{SECRET}"\nserver_metadata_url = "{provider.url}/.well-known/openid-configuration"\n'
    )
    environment = {
        **os.environ,
        "PLAINVIEW_CACHE": str(folder / "cache"),
        "PLAINVIEW_ACCESS": str(folder / "access.yaml"),
        "PLAINVIEW_SECRETS": str(folder / "secrets.toml"),
        "AWS_SECRET_ACCESS_KEY": CANARIES[2],
    }
    command = [sys.executable, "-m", "plainview.cli", "serve", "--headless", "--port", str(port), "--log", "json"]
    command += ["--address", "0.0.0.0", "--store", str(folder / "store")]
    pipes = {"stdout": subprocess.PIPE, "text": True, "cwd": ROOT, "env": environment}
    with (folder / "log.txt").open("w") as log, subprocess.Popen(command, stderr=log, **pipes) as process:
        try:
            assert any(line.startswith("Ready: ") for line in process.stdout), (folder / "log.txt").read_text()
            yield url, folder
        finally:
            process.terminate()
            process.wait(30)


def sign_in(page, who: str) -> None:
    page.get_by_role("button", name="Sign in").click()
    page.get_by_role("link", name=who, exact=True).click()
    page.wait_for_function("!['Sign in', 'Who are you?'].includes(document.querySelector('h1')?.innerText)")
    settled(page)


def ask(url: str, path: str, **headers: str) -> tuple[int, dict[str, str], str]:
    """What a program gets that has not signed in."""
    with closing(http.client.HTTPConnection(urlsplit(url).netloc, timeout=30)) as connection:
        connection.request("GET", path, headers=headers)
        answer = connection.getresponse()
        found = {name.lower(): value for name, value in answer.getheaders()}
        return answer.status, found, answer.read().decode("latin-1")


def test_after_sign_in_the_wanted_page_opens_and_after_sign_out_nothing_is_left(team, open_page):
    url, _ = team
    page = open_page(f"{url}/behaviours?project={OPEN}&release=Quartz+1")
    assert page.locator("h1").inner_text() == "Sign in"
    assert "Quartz" not in page.locator("[data-testid=stApp]").inner_text()
    sign_in(page, "viewer")
    page.wait_for_function("document.querySelector('h1')?.innerText.includes('Quartz 1')")
    assert re.search(r"/behaviours\?project=open-project&release=Quartz", page.url)
    page.get_by_text(re.compile("Signed in as viewer")).wait_for()
    assert page.get_by_role("link", name="Log", exact=True).count() == 0
    page.goto(f"{url}/audit")
    page.wait_for_function("document.querySelector('h1')?.innerText === 'Your role does not open this page'")
    assert page.get_by_text("Page not found").count() == 0
    with page.expect_response(re.compile("/auth/logout")):
        page.get_by_role("button", name="Sign out").click()
    page.wait_for_load_state()
    page.wait_for_function("document.querySelector('h1')?.innerText === 'Sign in'")
    names = {each["name"] for each in page.context.cookies()}
    assert not names & {"plainview_session", "plainview_wanted", "_streamlit_user"}


@pytest.mark.parametrize(
    ("who", "title"), [("stranger", "You have no role here yet"), ("admin", "Your address is not verified")]
)
def test_who_is_signed_in_and_has_no_role_or_no_verified_address_sees_nothing(team, open_page, who, title):
    page = open_page(f"{team[0]}/report?project={OPEN}")
    sign_in(page, who)
    assert page.locator("h1").inner_text() == title
    assert "Quartz" not in page.locator("[data-testid=stApp]").inner_text()


def test_a_file_that_was_handed_out_is_not_handed_to_whoever_knows_its_address(team, open_page):
    url, _ = team
    page = open_page(f"{url}/audit")
    sign_in(page, "keeper")
    page.wait_for_function("document.querySelector('h1')?.innerText.startsWith('Log')")
    with page.expect_response(re.compile(r"//[^/]+/media/")) as answered, page.expect_download():
        page.get_by_role("button", name="Download the log").click()
    assert answered.value.status == 200
    status, _, body = ask(url, urlsplit(answered.value.url).path)
    assert (status, body) == (403, "Sign in first")
    forged = "plainview_session=abc.def.ghi"
    assert ask(url, urlsplit(answered.value.url).path, Cookie=forged)[0] == 403


@pytest.mark.parametrize(
    "path", ["/report", f"/report?project={HIDDEN}", "/audit", "/_stcore/host-config", "/ready", "/health"]
)
def test_the_apps_own_addresses_say_nothing_of_a_project_without_signing_in(team, path):
    status, headers, body = ask(team[0], path)
    assert status == 200
    assert not re.search(f"{CANARY}|Quartz|{OPEN}", body)
    assert headers["x-content-type-options"] == "nosniff"
    assert headers["referrer-policy"] == "same-origin"
    assert "frame-ancestors 'none'" in headers["content-security-policy"]
    assert "http" not in headers["content-security-policy"]  # no other host


@pytest.mark.parametrize(
    "path",
    ["/_stcore/metrics", "/_stcore/script-health-check", "/_stcore/agent/openapi.json", "/_stcore/agent/interact"],
)
def test_what_is_of_the_server_is_for_its_own_machine_and_not_for_who_comes_through_a_proxy(team, path):
    assert ask(team[0], path, **{"X-Forwarded-For": "192.0.2.1"})[0] == 404


def test_headers_that_name_somebody_are_inert(browser, team):
    """Where readers sign in, no header names anybody, whoever sends it."""
    named = {"X-Forwarded-Email": "admin@example.org", "X-Email": "admin@example.org", "X-Plainview-Proxy": "x" * 40}
    context = browser.new_context(extra_http_headers=named)
    page = context.new_page()
    page.goto(f"{team[0]}/report?project={OPEN}")
    page.wait_for_selector("h1", timeout=60_000)
    assert page.locator("h1").inner_text() == "Sign in"
    context.close()


@pytest.mark.parametrize(
    "referer",
    [
        "http://evil.example/report",
        "//evil.example/",
        "http://{host}//evil.example/",
        "http://{host}/a\\b",
        "http://{host}/x?y=<>",
    ],
)
def test_nobody_is_sent_elsewhere_after_sign_in(team, referer):
    host = urlsplit(team[0]).netloc
    _, headers, _ = ask(team[0], "/auth/login?provider=x", Referer=referer.format(host=host))
    assert "plainview_wanted" not in headers.get("set-cookie", "")


def test_the_log_is_json_and_says_no_secret_whatever_goes_wrong(team):
    url, folder = team
    for path in (
        f"/oauth2callback?code={CANARIES[0]}&state={CANARIES[1]}",
        f"/oauth2callback?error={CANARIES[0]}&error_description={CANARIES[1]}",
        f"/auth/login?provider={CANARIES[0]}",
        f"/media/{CANARIES[2]}",
        "/auth/logout",
    ):
        _, headers, body = ask(url, path)
        assert not any(canary in body + str(headers) for canary in CANARIES)
    time.sleep(0.5)
    lines = (folder / "log.txt").read_text().splitlines()
    assert lines
    assert [line for line in lines if any(canary in line for canary in CANARIES)] == []
    assert [line for line in lines if not is_a_record(line)] == []


def is_a_record(line: str) -> bool:
    try:
        return {"time", "level", "logger", "message"} == set(json.loads(line))
    except ValueError:
        return False
