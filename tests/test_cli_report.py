"""The verbs that hand a release on: report, site, verify of a report, and publishing with a report."""

import pytest
from cli_cases import files, one_object, publish, run  # noqa: F401
from page_stores import frame, specification
from page_stores import publish as publish_frames
from verb_cases import demo, demo_store, listing  # noqa: F401

from plainview.audit import EXPORT
from plainview.exceptions import StoreError
from plainview.export import extra
from plainview.export.releases import export
from plainview.store import Store, open_store, who

AFINN = "sentiment-afinn"


@pytest.mark.parametrize("name", ["r.md", "r.html", "r.pdf", "r.pptx", "r.card.json", "r.CARD.md"])
def test_report_writes_what_the_name_asks_for_and_verify_finds_it_right(name, demo, demo_store, tmp_path):  # noqa: F811
    path = tmp_path / "deep" / name
    found = run("report", AFINN, "3.0.1", "--output", path, store=demo)
    kind = "model card" if "card" in name.lower() else "report"
    assert f"Wrote the {kind} of {AFINN} 3.0.1" in " ".join(found.stdout.split())
    assert path.read_bytes() == export(demo_store, AFINN, "3.0.1", name.rsplit(".", 1)[1], kind=kind)
    checked = run("verify", path, store=demo)
    assert (checked.exit_code, "Every number resolves" in checked.stdout) == (0, True)


def test_format_says_what_to_write_whatever_the_name(demo, tmp_path):  # noqa: F811
    made = one_object(
        run("report", AFINN, "3.0.1", "-o", tmp_path / "x.md", "--format", "model-card", "--json", store=demo)
    )
    assert (made["kind"], made["format"]) == ("model card", "md")
    assert (tmp_path / "x.md").read_text().startswith("# Model card: ")


def test_verify_ends_with_1_where_a_report_was_changed_and_says_what(demo, tmp_path):  # noqa: F811
    path = tmp_path / "r.md"
    run("report", AFINN, "3.0.1", "-o", path, store=demo)
    path.write_text(path.read_text().replace("63.2%", "83.2%"))
    found = run("verify", path, store=demo)
    assert found.exit_code == 1
    assert "83.2%" in found.stdout
    assert "63.2%" in found.stdout
    as_json = run("verify", path, "--json", store=demo)
    assert as_json.exit_code == 1
    assert '"ok": false' in as_json.stdout


@pytest.fixture
def small(tmp_path):
    """A store of two projects, which may be written to."""
    for project in ("one", "two"):
        publish_frames(tmp_path / "small", specification(project), frame(40), releases=("1.0",))
    return tmp_path / "small"


TAKEN = (  # what is asked for, and what the log then says of which project and release
    (("report", "one", "1.0", "-o", "taken.md"), [("one", "1.0", "taken.md")]),
    (("site", "-o", "public", "--no-pdf", "--project", "two"), [("two", None, "site")]),
    (("export-delta", "lake"), [("one", None, "Delta tables"), ("two", None, "Delta tables")]),
)


@pytest.mark.parametrize(("arguments", "logged"), TAKEN)
def test_what_is_taken_out_of_a_store_leaves_the_line_that_a_download_leaves(
    arguments, logged, small, tmp_path, monkeypatch
):
    monkeypatch.chdir(tmp_path)
    assert run(*arguments, store=small).exit_code == 0
    left = open_store(small).events(kind=EXPORT)
    assert sorted((each.project, each.release, each.body["file"]) for each in left) == logged
    assert {each.actor for each in left} == {who()}


@pytest.mark.parametrize(("arguments", "logged"), TAKEN)
def test_a_store_that_cannot_be_written_to_is_taken_from_all_the_same(arguments, logged, small, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)

    def full(*_, **__):
        raise StoreError("The store cannot be written to.")

    monkeypatch.setattr(Store, "append_event", full)
    found = run(*arguments, store=small)
    assert found.exit_code == 0
    assert "the store's log does not say so: The store cannot be written to." in found.stderr
    assert any((tmp_path / name).exists() for name in ("taken.md", "public", "lake"))
    assert open_store(small).events(kind=EXPORT) == []


def test_what_could_not_be_written_was_not_taken(small, tmp_path):
    (tmp_path / "file").write_text("in the way")
    assert run("report", "one", "1.0", "-o", tmp_path / "file" / "r.md", store=small).exit_code == 2
    assert open_store(small).events(kind=EXPORT) == []


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("report", AFINN, "3.0.1", "-o", "r.ppt"), "Did you mean 'pptx'?"),
        (("report", AFINN, "3.0.2", "-o", "r.md"), "no release '3.0.2'"),
        (("report", AFINN, "3.0.1", "-o", "r.md", "--baseline", "9"), "no release '9'"),
        (("report", AFINN, "3.0.1", "-o", "r.md", "--app", "example.com"), "must look like https://"),
        (("site", "-o", "site", "--project", "nobody"), "no project 'nobody'"),
        (("site", "-o", "ftp://x"), "ftp://"),
        (("verify", "nothing.md"), "cannot be read"),
    ],
)
def test_bad_input_ends_with_2_and_writes_nothing(arguments, said, demo, tmp_path, monkeypatch):  # noqa: F811
    monkeypatch.chdir(tmp_path)
    found = run(*arguments, store=demo)
    assert (found.exit_code, found.stdout) == (2, "")
    assert said in " ".join(found.stderr.split())
    assert listing(tmp_path) == {}


def test_site_writes_the_projects_asked_for(demo, tmp_path):  # noqa: F811
    made = one_object(
        run("site", "-o", tmp_path / "site", "--project", "flight-delay", "--no-pdf", "--json", store=demo)
    )
    assert made["releases"] == 3
    assert sorted(made["files"]) == sorted(listing(tmp_path / "site"))


def test_publish_hands_on_the_report_of_what_it_published(files, tmp_path):  # noqa: F811
    found = publish(files, "--report", tmp_path / "out", "--json", store=tmp_path / "store")
    made = one_object(found)["written"]
    assert sorted(listing(tmp_path / "out")) == sorted(made)
    assert {name.split(".", 2)[2] for name in made} == {"html", "pdf", "md", "card.html", "card.json"}
    [pdf] = (tmp_path / "out" / "reviews").glob("*.pdf")
    assert run("verify", pdf, store=tmp_path / "store").exit_code == 0


def test_publish_says_before_it_publishes_that_a_report_cannot_be_written(files, tmp_path, monkeypatch):  # noqa: F811
    found = publish(files, "--report", "ftp://x", store=tmp_path / "store")
    assert found.exit_code == 2
    monkeypatch.setattr(extra, "find_spec", lambda name: None)
    found = publish(files, "--report", tmp_path / "out", store=tmp_path / "store")
    assert found.exit_code == 2
    assert "pip install 'plainview[export]'" in " ".join(found.stderr.split())
    assert not (tmp_path / "store").exists()
