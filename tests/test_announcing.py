"""Who asked to be told is told of a release and of a decision; whatever becomes of that, what was told of stands."""

import json
from datetime import date

import pytest
from cli_cases import run
from hook_cases import address, hook  # noqa: F401
from page_stores import bar, frame, publish, specification
from test_pages_decision import eve, visit  # noqa: F401

from plainview import webhooks
from plainview.decisions import decisions_of
from plainview.report import release_report
from plainview.store import open_store

APP = "https://quality.example.com/app"
SECRET = "token-of-the-channel"


@pytest.fixture
def store(tmp_path, monkeypatch):
    """One release, and the next one as a file with its specification."""
    monkeypatch.setenv("PLAINVIEW_STORE", str(tmp_path / "store"))
    demanded = specification("small", requirements=[bar("all", 0.95)])
    publish(tmp_path / "store", demanded, frame(60))
    frame(30).write_csv(tmp_path / "rows.csv")
    (tmp_path / "specification.yaml").write_text(json.dumps(demanded))
    return open_store(tmp_path / "store")


def publishing(store, tmp_path, *more):
    asked = ("publish", tmp_path / "rows.csv", "-s", tmp_path / "specification.yaml", "-r", "1.1")
    return run(*asked, *more, store=store.url)


def deciding(store, *more, by="eve"):
    return run("decide", "small", "1.0", "--no-go", "--reason", "Too many errors", "--by", by, *more, store=store.url)


def test_a_publish_tells_the_headline_of_its_report_once(store, hook, tmp_path):  # noqa: F811
    found = publishing(store, tmp_path, "--webhook", address(hook), "--app", f"{APP}/", "--json")
    assert (found.exit_code, found.stderr) == (0, "")
    assert json.loads(found.stdout)["created"] is True
    report = release_report(open_store(store.url), "small", "1.1")
    assert hook.told == [
        (
            "/hook",
            {
                "kind": "publish",
                "project": "small",
                "release": "1.1",
                "event": report.evaluation.id,
                "headline": report.headline,
                "standing": report.standing,
                "state": "Fail",
                "permalink": f"{APP}/report?project=small&release=1.1",
            },
        )
    ]
    assert publishing(store, tmp_path, "--webhook", address(hook)).exit_code == 0
    assert len(hook.told) == 1  # publishing the same again is no news


def test_a_decision_tells_what_was_decided_by_whom_and_why(store, hook):  # noqa: F811
    assert deciding(store, "--webhook", address(hook)).exit_code == 0
    [(_, told)] = hook.told
    [kept] = decisions_of(store, "small", "1.0")[0]
    assert {name: told[name] for name in told if name != "headline"} == {
        "kind": "decision",
        "project": "small",
        "release": "1.0",
        "event": kept.id,
        "decision": "no-go",
        "state": "Fail",
    }
    assert told["headline"].startswith("No-go for 1.0, decided by eve on ")


def test_nobody_is_told_of_a_decision_that_was_not_kept_or_that_was_only_read(store, hook):  # noqa: F811
    publisher = store.releases("small")[0].actor
    assert deciding(store, "--webhook", address(hook), by=publisher).exit_code == 2
    assert run("decide", "small", "1.0", "--webhook", address(hook), store=store.url).exit_code == 0
    assert hook.told == []


@pytest.mark.parametrize(
    ("wanted", "said"),
    [
        ("{hook}/broken", "answered 500; the release is published"),
        ("{hook}/nonsense", "what it answered is not HTTP; the release is published"),
        ("{hook}/slow", "no answer in 0.3 seconds; the release is published"),
        ("http://127.0.0.1:1/", "could not be told"),
        ("https://evil.example.com/", "not in PLAINVIEW_WEBHOOK_HOSTS"),
        ("nothing", "must be an address"),
    ],
)
def test_a_webhook_that_cannot_be_told_is_a_warning_and_the_release_is_published(
    wanted, said, store, hook, tmp_path, monkeypatch  # noqa: F811
):  # fmt: skip
    monkeypatch.setattr(webhooks, "PATIENCE", 0.3)
    wanted = wanted.format(hook=address(hook, "")) + f"?{SECRET}"
    found = publishing(store, tmp_path, "--webhook", wanted)
    assert found.exit_code == 0
    assert "Published: small 1.1" in found.stdout
    assert said in found.stderr
    assert SECRET not in found.stderr + found.stdout
    assert open_store(store.url).evaluation("small", "1.1")


def test_an_app_that_is_no_address_is_a_warning_too(store, hook, tmp_path):  # noqa: F811
    found = publishing(store, tmp_path, "--webhook", address(hook), "--app", "quality.example.com")
    assert (found.exit_code, hook.told) == (0, [])
    assert "The address of the app must look like" in found.stderr


def test_the_app_tells_of_a_decision_where_who_runs_it_asked_for_that(store, hook, eve, monkeypatch):  # noqa: F811
    monkeypatch.setenv("PLAINVIEW_WEBHOOK", address(hook, "/broken?of={project}"))
    monkeypatch.setenv("PLAINVIEW_ADDRESS", APP)
    monkeypatch.setenv("PLAINVIEW_APP", "/srv/plainview/app.py")  # as `plainview serve` hands the script on
    page = visit(project="small", release="1.0")
    next(each for each in page.text_area if each.label == "Why").set_value("We are ready")
    page.segmented_control[0].set_value("go")
    next(each for each in page.button if each.label == "Decide").click().run()
    assert not page.exception
    [(path, told)] = hook.told
    assert path == "/broken?of=small"
    assert (told["decision"], told["permalink"]) == ("go", f"{APP}/decision?project=small&release=1.0")
    [said] = page.success
    assert "answered 500; the decision is kept" in said.value
    [kept] = decisions_of(store, "small", "1.0")[0]
    assert kept.at.date() >= date(2026, 1, 1)
