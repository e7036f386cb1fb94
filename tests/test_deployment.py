"""What is handed to those who run Plainview for a team: images, compose, proxy and service say what the documents say."""

import shutil
import subprocess
import sys
from pathlib import Path

import pytest
import yaml
from page_reading import ROOT

from plainview.access import load_access
from plainview.exceptions import InputError
from plainview.serving.settings import server_settings

DEPLOY = ROOT / "core" / "deploy"
COMPOSE = yaml.safe_load((DEPLOY / "compose.yaml").read_text())


def test_the_dockerfile_passes_its_linter_and_runs_as_nobody_in_particular():
    linter = Path(sys.executable).parent / "hadolint"
    if not linter.exists():
        pytest.skip("hadolint is not installed")
    done = subprocess.run([linter, DEPLOY / "Dockerfile"], capture_output=True, text=True)
    assert done.stdout == ""
    assert "\nUSER 10001\n" in (DEPLOY / "Dockerfile").read_text()


def test_what_the_image_copies_is_there_and_what_it_leaves_out_holds_the_secrets():
    lines = (DEPLOY / "Dockerfile").read_text().splitlines()
    copied = [word for line in lines if line.startswith("COPY ") for word in line.split()[1:-1]]
    assert [each for each in copied if not (ROOT / each).exists()] == []
    ignored = (DEPLOY / "Dockerfile.dockerignore").read_text().splitlines()
    assert ignored[0] == "**"
    assert not any("secrets" in line or line == "!.streamlit" for line in ignored)


def test_only_the_proxy_can_be_reached_and_no_secret_is_written_down():
    services = COMPOSE["services"]
    assert [name for name, service in services.items() if "ports" in service] == ["proxy"]
    assert all("outside" not in services[name]["networks"] for name in ("app", "objects"))
    assert services["app"]["read_only"]
    secret = {
        value
        for service in services.values()
        for name, value in service.get("environment", {}).items()
        if "KEY" in name
    }
    assert all(value.startswith("${") and ":?" in value for value in secret)
    files = [
        volume for service in services.values() for volume in service.get("volumes", []) if volume.startswith("./")
    ]
    shipped = {"./Caddyfile:/etc/caddy/Caddyfile:ro", "./access.yaml:/run/plainview/access.yaml:ro"}
    assert set(files) == shipped


def test_the_proxy_takes_away_what_only_a_proxy_may_say():
    text = (DEPLOY / "Caddyfile").read_text()
    assert "request_header -X-Plainview-Proxy" in text
    assert "/_stcore/metrics" in text


def test_the_service_is_sound():
    tool = shutil.which("systemd-analyze")
    if tool is None:
        pytest.skip("systemd is not installed")
    done = subprocess.run([tool, "verify", DEPLOY / "plainview.service"], capture_output=True, text=True)
    assert [line for line in done.stderr.splitlines() if "is not executable" not in line] == []


def test_the_example_of_access_can_be_read():
    assert load_access(DEPLOY / "example-access.yaml").projects


HEADERS = "sign_in: {by: headers, person: X-Email}"
SECRETS = """[auth]
redirect_uri = "https://quality.example.org/oauth2callback"
cookie_secret = "0123456789abcdef0123456789abcdef"
client_id = "plainview"
client_secret = "canary"
server_metadata_url = "https://id.example.org/.well-known/openid-configuration"
"""


def settings(folder: Path, address: str = "127.0.0.1", *, access: str = "", secrets: str | None = None, **environment):
    """The settings of a server as they would be."""
    if access:
        (folder / "access.yaml").write_text(access)
        environment["PLAINVIEW_ACCESS"] = str(folder / "access.yaml")
    if secrets is not None:
        (folder / "secrets.toml").write_text(secrets)
        environment["PLAINVIEW_SECRETS"] = str(folder / "secrets.toml")
    return server_settings(address, environment, folder=folder)


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ({"address": "0.0.0.0"}, "can be reached by others, and nobody would sign in. Set PLAINVIEW_ACCESS"),
        ({"address": "192.0.2.7"}, "can be reached by others"),
        ({"access": HEADERS}, "Set PLAINVIEW_PROXY_SECRET to a secret of 32 characters"),
        ({"access": HEADERS, "PLAINVIEW_PROXY_SECRET": "short"}, "Set PLAINVIEW_PROXY_SECRET"),
        ({"access": "sign_in: {by: oidc}"}, "secrets.toml is not there"),
        ({"access": "sign_in: {by: oidc}", "secrets": "canary ="}, "cannot be read as TOML"),
        (
            {"access": "sign_in: {by: oidc}", "secrets": "[auth]\n"},
            "redirect_uri, the app's address and /oauth2callback",
        ),
        (
            {"access": "sign_in: {by: oidc}", "secrets": SECRETS.replace("0123456789abcdef", "canary")},
            "cookie_secret, 32 random characters or more",
        ),
        ({"access": "sign_in: {by: oidc}", "secrets": SECRETS.replace("client_id", "id")}, "[auth] needs client_id"),
        ({"access": "sign_in: {by: oidcc}"}, "line 1, column 15"),
    ],
)
def test_what_could_not_be_safe_does_not_start_and_says_why_without_a_secret(tmp_path, given, said):
    with pytest.raises(InputError) as caught:
        settings(tmp_path, **given)
    assert said in str(caught.value)
    assert "canary" not in str(caught.value)


def test_a_team_that_signs_in_may_listen_to_others_and_believes_no_header(tmp_path):
    found = dict(settings(tmp_path, "0.0.0.0", access="sign_in: {by: oidc}", secrets=SECRETS))
    assert found["server.address"] == "0.0.0.0"
    assert "plainview_person" not in found["server.trustedUserHeaders"]


def test_ones_own_machine_answers_to_its_own_names_alone(tmp_path):
    found = settings(tmp_path)
    assert [value for name, value in found if name == "server.allowedHosts"] == ["127.0.0.1", "localhost", "::1"]
