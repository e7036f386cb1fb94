"""A report against the store: whole, every number resolves; whatever was changed in it is found."""

import io
import json
import re
import zipfile
from contextlib import suppress
from dataclasses import replace

import pytest
from export_cases import FORMATS, KINDS, exported
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from page_stores import kinds_store
from verb_cases import CLASSES, demo, demo_store, frame, put  # noqa: F401

from plainview.exceptions import InputError, NotFoundError
from plainview.export import verifying
from plainview.export.markdown import AFTER, BEFORE
from plainview.export.numbers import as_text, digest_of
from plainview.export.pdf import pdf
from plainview.export.reading import read
from plainview.export.releases import document_of, export
from plainview.export.verifying import Pins, verify_file
from plainview.store import open_store
from plainview.waivers import waive

AFINN, RELEASE = "sentiment-afinn", "3.0.1"


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("file", FORMATS)
def test_a_file_as_it_was_written_resolves(file, kind, demo, demo_store):  # noqa: F811
    found = verify_file(demo_store, exported(demo, AFINN, RELEASE, file, kind))
    assert (found.ok, found.differences, found.remarks) == (True, (), ())
    assert found.numbers > 500
    assert found.sentence.startswith("Every number resolves: all ")


@pytest.mark.parametrize("project", ["hostile", "worldly", "lengthy", "boxes", "silent", "moved"])
@pytest.mark.parametrize("file", ["md", "pdf", "pptx"])
def test_files_of_every_kind_of_project_resolve(project, file, tmp_path_factory):
    folder = kinds_store(tmp_path_factory.getbasetemp() / "page-stores")
    store = open_store(folder)
    data = exported(folder, project, store.releases(project)[-1].release, file)
    assert verify_file(store, data).differences == ()


def _manifest(data: bytes) -> dict:
    return read(data).manifest


def _with_manifest(data: bytes, made: dict) -> bytes:
    body = data.decode().rpartition(BEFORE)[0]
    return f"{body}{BEFORE}{as_text(made)}{AFTER}\n".encode()


def _text_of(data: bytes) -> str:
    return data.decode().rpartition(BEFORE)[0]


@settings(max_examples=6, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.data())
def test_any_number_that_is_changed_in_the_text_is_found(demo, demo_store, data):  # noqa: F811
    whole = exported(demo, AFINN, RELEASE, "md").decode()
    places = [found.start() for found in re.finditer(r"\d", _text_of(whole.encode()))]
    at = data.draw(st.sampled_from(places))
    other = data.draw(st.sampled_from([digit for digit in "0123456789" if digit != whole[at]]))
    assert not verify_file(demo_store, (whole[:at] + other + whole[at + 1 :]).encode()).ok


@settings(max_examples=6, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.data())
def test_any_number_that_is_changed_in_the_manifest_is_found_by_its_name(demo, demo_store, data):  # noqa: F811
    whole = exported(demo, AFINN, RELEASE, "md")
    made = _manifest(whole)
    table = made["numbers"][data.draw(st.sampled_from(["results", "changes"]))]
    row = data.draw(st.sampled_from(table["rows"]))
    column = data.draw(st.sampled_from([n for n, value in enumerate(row) if type(value) in (int, float)]))
    row[column] += 1
    made["digest"] = digest_of(made)  # by someone who knows how
    found = verify_file(demo_store, _with_manifest(whole, made))
    assert any(f"{row[0]}, {row[1]}, {table['columns'][column]}" in each.where for each in found.differences)


def test_a_manifest_that_is_not_whole_is_found(demo, demo_store):  # noqa: F811
    whole = exported(demo, AFINN, RELEASE, "md")
    made = _manifest(whole)
    del made["numbers"]["results"]["rows"][3]
    found = verify_file(demo_store, _with_manifest(whole, made))
    assert {"digest of the manifest"} < {each.where for each in found.differences}


def test_a_sentence_that_was_changed_is_found_with_what_the_store_says(demo, demo_store):  # noqa: F811
    changed = exported(demo, AFINN, RELEASE, "html").replace(b"without sacrificing", b"without endangering", 1)
    found = verify_file(demo_store, changed)
    assert not found.ok
    assert "endangering" in found.differences[0].file
    assert "sacrificing" in found.differences[0].store


def test_a_changed_number_on_a_slide_is_found(demo, demo_store):  # noqa: F811
    made = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(exported(demo, AFINN, RELEASE, "pptx"))) as old, zipfile.ZipFile(made, "w") as new:
        for name in old.namelist():
            data = old.read(name)
            new.writestr(name, data.replace(b"63.2%", b"93.2%") if name == "ppt/slides/slide1.xml" else data)
    found = verify_file(demo_store, made.getvalue())
    assert any("93.2%" in each.file and "63.2%" in each.store for each in found.differences)


def test_a_changed_number_in_a_pdf_is_found(demo, demo_store):  # noqa: F811
    pins = Pins.from_dict(_manifest(exported(demo, AFINN, RELEASE, "pdf"))["pins"])
    document = document_of(demo_store, pins, "pdf")
    found = verify_file(demo_store, pdf(replace(document, conclusion=document.conclusion.replace("7.6", "9.6"))))
    assert any("9.6" in each.file and "7.6" in each.store for each in found.differences)


def test_a_picture_that_was_changed_is_found(demo, demo_store):  # noqa: F811
    whole = exported(demo, AFINN, RELEASE, "html").decode()
    start = whole.index("base64,") + 400
    changed = whole[:start] + ("A" if whole[start] != "A" else "B") + whole[start + 1 :]
    assert [each.where for each in verify_file(demo_store, changed.encode()).differences] == ["pictures or layout"]


def test_a_report_by_another_version_is_compared_by_its_numbers(demo, demo_store, monkeypatch):  # noqa: F811
    whole = exported(demo, AFINN, RELEASE, "md")
    made = _manifest(whole)
    made["made_with"]["plainview"] = "0.0.9"
    made["digest"] = digest_of(made)
    other = _with_manifest(whole.replace(b"2.1.0", b"2.1.0", 1), made).decode()
    other = other.replace(_manifest(whole)["digest"], made["digest"]).replace("without sacrificing", "and did not hurt")
    monkeypatch.setattr(verifying, "versions", lambda: {"plainview": "0.2.0"})
    found = verify_file(demo_store, other.replace("Plainview 0.0.9", "Plainview 0.1.0").encode())
    assert [each.where for each in found.differences if each.where != "text"] == []
    assert any("another version" in remark for remark in found.remarks)
    assert not verify_file(demo_store, other.replace("63.2%", "83.2%").encode()).ok


def test_what_came_since_is_said_and_is_no_difference(tmp_path):
    demanded = CLASSES + "requirements: [{id: R, metric: accuracy, at_least: 0.99}]\n"
    put(frame(), tmp_path / "store", specification=demanded)
    store = open_store(tmp_path / "store")
    data = export(store, "reviews", "1.0", "md")
    waive(store, "reviews", "1.0", "R", owner="ada", reason="Known", until="2999-01-31")
    put(frame(prediction=["yes"] * 60), tmp_path / "store", specification=demanded)
    put(frame(), tmp_path / "store", specification=demanded, release="1.1")
    found = verify_file(store, data)
    assert found.ok
    said = " ".join(found.remarks)
    assert "published again: this is of the earlier revision" in said
    assert "something was decided, waived or reported on 1.0" in said


def test_a_file_of_another_store_is_said_to_be_so(demo, tmp_path):  # noqa: F811
    put(frame(), tmp_path / "store")
    with pytest.raises(NotFoundError, match="sentiment-afinn"):
        verify_file(open_store(tmp_path / "store"), exported(demo, AFINN, RELEASE, "md"))


NOT_ONE = {
    "empty": b"",
    "a text": b"# Report\n\nAccuracy 84.1%\n",
    "a page": b"<!DOCTYPE html><html><body>84.1%</body></html>",
    "a broken PDF": b"%PDF-1.7\n%%EOF",
    "a broken package": b"PK\x03\x04rest",
    "JSON": b'{"accuracy": 0.841}',
    "a list": b"[1]",
    "a manifest that is no JSON": b"x <!-- plainview-manifest {oops -->",
    "a manifest of nothing": b'x <!-- plainview-manifest {"format": "plainview-report/1", "kind": "report"} -->',
    "a manifest of another kind": b'x <!-- plainview-manifest {"format": "other/1"} -->',
    "deep JSON": b'{"manifest": ' + b"[" * 200_000,
}


@pytest.mark.parametrize("data", NOT_ONE.values(), ids=NOT_ONE)
def test_what_is_no_report_is_an_error_that_says_so(data, demo_store):  # noqa: F811
    with pytest.raises(InputError):
        verify_file(demo_store, data)


@pytest.mark.parametrize("field", ["project", "evaluation", "line", "day", "events"])
@pytest.mark.parametrize("value", [None, 7, ["x", 1], {"a": 1}, "../../etc/passwd"])
def test_a_manifest_with_wrong_pins_is_an_error_and_never_a_crash(field, value, demo, demo_store):  # noqa: F811
    whole = exported(demo, AFINN, RELEASE, "md")
    made = json.loads(as_text(_manifest(whole)))
    made["pins"][field] = value
    with suppress(InputError, NotFoundError):
        assert not verify_file(demo_store, _with_manifest(whole, made)).ok
