"""Alerts: an allowed host is told what moved and nothing else; any other address is refused before anything is sent."""

import json
from datetime import date

import polars as pl
import pytest
from cli_cases import run
from hook_cases import address, hook  # noqa: F401

from plainview.drift import send_alert
from plainview.drift.batches import Batch
from plainview.drift.judging import Shift
from plainview.exceptions import InputError, PlainviewError
from plainview.publishing import publish

SECRET = "my card number is 4111"


def batch():
    shift = Shift(
        "note", "column", "values", "category", "moved", distance=0.4, threshold=0.1, adjusted_p=0.002, measure=SECRET,
        new=(SECRET,), then=0.1, now=0.3,
    )  # fmt: skip
    return Batch("loans", "1", SECRET, date(2026, 5, 31), 10, "the test set", 20, "0" * 64, (shift,))


def test_an_allowed_host_is_told_what_moved_and_no_value_of_any_column(hook):  # noqa: F811
    send_alert(batch(), address(hook))
    [(path, told)] = hook.told
    assert path == "/hook"
    assert (told["project"], told["outcome"], told["until"]) == ("loans", "alarm", "2026-05-31")
    assert [each["column"] for each in told["moved"]] == ["note"]
    assert SECRET not in json.dumps(told)


@pytest.mark.parametrize(
    ("wanted", "reason"),
    [
        ("https://evil.example.com/x", "not in PLAINVIEW_WEBHOOK_HOSTS"),
        ("https://hooks.example.com.evil.com/x", "not in PLAINVIEW_WEBHOOK_HOSTS"),
        ("http://hooks.example.com/x", "must be https"),
        ("https://user:secret@hooks.example.com/x", "must not hold a name or a password"),
        ("file:///etc/passwd", "must be an address"),
        ("hooks.example.com", "must be an address"),
        ("https://hooks.example.com:port/x", "must be an address"),
        ("https://[hooks.example.com/x", "must be an address"),
        ("https://hooks.example.com/a\nHost: evil", "must be an address"),
    ],
)
def test_any_other_address_is_refused(hook, wanted, reason):  # noqa: F811
    with pytest.raises(InputError, match=reason):
        send_alert(batch(), wanted)
    assert hook.told == []


def test_without_an_allowed_host_nobody_is_told(hook, monkeypatch):  # noqa: F811
    monkeypatch.delenv("PLAINVIEW_WEBHOOK_HOSTS")
    with pytest.raises(InputError, match="not in PLAINVIEW_WEBHOOK_HOSTS"):
        send_alert(batch(), address(hook))


@pytest.mark.parametrize(("path", "code"), [("/moved", 302), ("/broken", 500)])
def test_a_redirect_is_not_followed_and_a_failure_is_said(hook, path, code):  # noqa: F811
    with pytest.raises(PlainviewError, match=f"answered {code}; the batch is kept"):
        send_alert(batch(), address(hook, path))
    assert [each for each, _ in hook.told] == [path]


SPECIFICATION = """
project: loans
task: classification
columns: {id: id, label: label}
metrics: [accuracy]
data: {columns: {amount: {at_least: 0}}}
"""


@pytest.fixture
def files(tmp_path):
    """A published test set, a batch like it, one that moved, and one too small to tell."""
    rows = pl.DataFrame(
        {"id": range(3_000), "label": ["no", "yes"] * 1_500, "prediction": "yes", "amount": range(3_000)}
    )
    (tmp_path / "specification.yaml").write_text(SPECIFICATION)
    publish(rows, specification=tmp_path / "specification.yaml", release="1", store=tmp_path / "s")
    rows.write_csv(tmp_path / "rows.csv")
    rows.drop("label").write_csv(tmp_path / "same.csv")
    rows.with_columns(pl.col("amount") + 1_500).write_csv(tmp_path / "moved.csv")
    rows.sample(20, seed=1).drop("label").write_csv(tmp_path / "few.csv")
    return tmp_path


def monitor(files, batch, *more):
    return run("monitor", files / batch, "-p", "loans", "--measured-by", "plainview", *more, store=files / "s")


def test_the_exit_code_of_monitor_is_the_alarm(files, hook):  # noqa: F811
    same, few, moved = (monitor(files, name) for name in ("same.csv", "few.csv", "moved.csv"))
    assert (same.exit_code, few.exit_code, moved.exit_code) == (0, 3, 1)
    assert "amount rose" in moved.stdout
    told = monitor(files, "moved.csv", "--webhook", address(hook), "--json")
    assert (told.exit_code, len(hook.told)) == (1, 1)
    assert json.loads(told.stdout)["moved"] == ["amount"]
    assert monitor(files, "same.csv", "--webhook", address(hook)).exit_code == 0
    assert len(hook.told) == 1  # nobody is told that all is well


def test_a_webhook_that_fails_is_said_and_the_alarm_stands(files, hook):  # noqa: F811
    found = monitor(files, "moved.csv", "--webhook", address(hook, "/broken"))
    assert found.exit_code == 1
    assert "answered 500" in found.stderr


def test_bad_input_is_one_message_with_exit_code_2(files, hook):  # noqa: F811
    for found, reason in (
        (monitor(files, "none.csv"), "There is no file"),
        (monitor(files, "same.csv", "--webhook", "https://evil.example.com"), "PLAINVIEW_WEBHOOK_HOSTS"),
        (run("monitor", files / "same.csv", "-p", "loan", store=files / "s"), "Did you mean 'loans'"),
    ):
        assert found.exit_code == 2
        assert reason in found.stderr


def test_the_exit_code_of_data_test_is_the_outcome(files):
    def data_test(*more):
        return run("data-test", *more, "--counted-by", "plainview", store=files / "s")

    asked = (files / "rows.csv", "-s", files / "specification.yaml")
    assert data_test(*asked).exit_code == 0
    rows = pl.read_csv(files / "rows.csv")
    rows.with_columns(pl.col("amount") - 1).write_csv(files / "below.csv")
    failed = data_test(files / "below.csv", "-s", files / "specification.yaml", "--json")
    assert failed.exit_code == 1
    assert json.loads(failed.stdout)["outcome"] == "fail"
    mixed = SPECIFICATION.replace("data: {", "data: {class_mix: {no: 0.5, yes: 0.5}, ")
    (files / "mixed.yaml").write_text(mixed)
    rows.head(30).write_csv(files / "thirty.csv")
    assert data_test(files / "thirty.csv", "-s", files / "mixed.yaml").exit_code == 3
    assert data_test(files / "rows.csv").exit_code == 2
    assert data_test(files / "thirty.csv", "-s", files / "specification.yaml", "-r", "1").exit_code == 2
    kept = data_test("--project", "loans", "-r", "1", "--training", files / "rows.csv")
    assert kept.exit_code == 1
    assert "3,000 of 3,000 examples are in the training data too" in kept.stdout
