"""The command line: what `publish` says of what it did, and where to see what can be asked for."""

import json
import re
import subprocess
import sys

import polars as pl
from cli_cases import files, one_object, publish, run  # noqa: F401
from verb_cases import AFINN, CLASSES, SENTENCES, frame

from plainview.metrics import metrics_of
from plainview.store import open_store
from plainview.tasks import TASKS


def test_publish_says_what_was_published_and_what_comes_next(files):  # noqa: F811
    found = publish(files, store=files / "store")
    assert (found.exit_code, found.stderr) == (0, "")
    assert "Published: reviews 1.0, 60 examples." in found.stdout
    assert "Next: plainview show reviews 1.0" in found.stdout
    again = publish(files, store=files / "store")
    assert "Already published: reviews 1.0" in again.stdout


def test_publish_never_says_that_content_is_published_which_is_not_current(files):  # noqa: F811
    store, one = files / "store", frame()
    assert "replaces" not in publish(files, store=store).stdout
    one.with_columns(prediction=pl.lit("no")).write_csv(files / "rows.csv")
    assert re.search(
        r"It replaces the revision of \d{4}-\d\d-\d\d \d\d:\d\d UTC, which is kept", publish(files, store=store).stdout
    )
    one.write_csv(files / "rows.csv")
    back = publish(files, store=store).stdout
    assert "Published: reviews 1.0" in back
    assert "It replaces the revision of" in back
    assert "Already published: reviews 1.0" in publish(files, store=store).stdout
    assert open_store(store).predictions(open_store(store).evaluation("reviews", "1.0"))["prediction"].to_list() == (
        one["prediction"].to_list()
    )
    assert "Revisions" in run("list", store=store).stdout
    assert one_object(run("list", "--json", store=store))["evaluations"][0]["revisions"] == 3


def test_publish_says_which_answers_are_no_class(files):  # noqa: F811
    (files / "specification.yaml").write_text(CLASSES.replace("task:", "classes: [yes, no]\ntask:"))
    frame().with_columns(prediction=pl.lit("leav")).write_csv(files / "rows.csv")
    said = "60 answers are none of the classes, such as 'leav': they count as wrong."
    assert said in publish(files, store=files / "store").stdout
    assert one_object(publish(files, "--json", store=files / "store"))["remarks"] == [said]


def test_publish_as_json_is_the_evaluation_and_whether_it_is_new(files):  # noqa: F811
    said = (
        "--json",
        "--released",
        "2024-05-01",
        "--notes",
        "new rules",
        "--source-revision",
        "abc",
        "--test-set",
        "hard",
    )
    found = one_object(publish(files, *said, store=files / "store"))
    kept = open_store(files / "store").evaluation("reviews", "1.0")
    assert (found.pop("created"), found.pop("replaces"), found.pop("remarks")) == (True, None, [])
    assert found.pop("written") == []  # no report was asked for
    assert found == json.loads(kept.model_dump_json(exclude={"results"}))
    assert (kept.notes, kept.source_revision, kept.test_set.name, str(kept.released)) == (
        "new rules",
        "abc",
        "hard",
        "2024-05-01",
    )
    assert one_object(publish(files, *said, store=files / "store"))["created"] is False


def test_publish_counts_what_is_missing_in_words(files):  # noqa: F811
    frame().with_columns(prediction=frame()["prediction"].set(frame()["words"] == 3, None)).write_csv(
        files / "rows.csv"
    )
    assert "2 examples have no prediction, and cannot count." in publish(files, store=files / "store").stdout


def test_publish_takes_one_column_of_a_wide_frame(tmp_path):
    found = run(
        "publish",
        SENTENCES,
        "-s",
        AFINN,
        "-r",
        "3.0.1",
        "--prediction",
        "afinn_3.0.1",
        "--score",
        "afinn_3.0.1_score",
        store=tmp_path / "s",
    )
    assert "Published: sentiment-afinn 3.0.1, 3,000 examples." in found.stdout


def test_metrics_lists_every_key_with_what_it_says_and_needs():
    listed = one_object(run("metrics", "--json"))["metrics"]
    assert [(row["task"], row["key"].partition("[")[0]) for row in listed] == [
        (task, name) for task in TASKS for name in metrics_of(task)
    ]
    assert not any("{" in text or not row["sentence"] for row in listed for text in row.values())
    needs = {row["key"]: row["needs"] for row in listed}
    assert needs["roc_auc[CLASS]"] == "`score` or `probabilities`"
    assert needs["interval_coverage"] == "`lower` and `upper`"
    scored = run("metrics", "scored").stdout
    assert "p95[COLUMN]" in scored
    assert "macro_f1" not in scored
    wrong = run("metrics", "detecton")
    assert (wrong.exit_code, wrong.stdout) == (2, "")
    assert "Did you mean 'detection'?" in wrong.stderr


def test_python_m_plainview_is_the_command_line():
    found = subprocess.run([sys.executable, "-m", "plainview", "--version"], capture_output=True, text=True, check=True)
    assert found.stdout.strip() == run("--version").stdout.strip()
