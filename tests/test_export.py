"""Reports to hand on: the same sentences as the pages in every format, the same bytes from the same store, inert names."""

import base64
import io
import json
import re
import zipfile
from dataclasses import replace
from datetime import date

import pytest
from export_cases import FORMATS, KINDS, PAPER, Elements, exported, seen
from page_stores import LIVE, kinds_store
from verb_cases import CLASSES, demo, demo_store, frame, put  # noqa: F401

from plainview.charts.estimates import estimates
from plainview.decisions import decide
from plainview.exceptions import InputError, NotFoundError
from plainview.export import extra, releases
from plainview.export.as_of import pins_of
from plainview.export.drawings import svg
from plainview.export.formats import format_of, kind_of
from plainview.export.pdf import pdf
from plainview.export.pptx import _size
from plainview.export.releases import export
from plainview.export.verifying import verify_file
from plainview.incidents import report_incident
from plainview.metrics import METRICS
from plainview.narrative.limits import limits
from plainview.report import release_report
from plainview.store import open_store
from plainview.waivers import waive

AFINN, RELEASE = "sentiment-afinn", "3.0.1"
EVERY = (
    "once",
    "bare",
    "crowded",
    "intents",
    "sets",
    "grades",
    "boxes",
    "silent",
    "moved",
    "hostile",
    "lengthy",
    "worldly",
)


@pytest.fixture(scope="module")
def kinds(tmp_path_factory):
    return kinds_store(tmp_path_factory.getbasetemp() / "page-stores")


def spaceless(text: str) -> str:
    """Lines of a page break anywhere, a PDF's within a long word too."""
    return re.sub(r"[\s\u200b]+", "", text)


# What they say


@pytest.mark.parametrize("file", PAPER)
def test_a_report_says_what_the_page_says(file, demo, demo_store):  # noqa: F811
    report = release_report(demo_store, AFINN, RELEASE)
    said = spaceless(seen(exported(demo, AFINN, RELEASE, file)))
    assert spaceless(report.headline) in said
    assert spaceless(report.standing) in said
    for sentence in limits(report):
        assert spaceless(sentence) in said
    for row in report.standings:
        if row.status != "met":
            assert spaceless(row.sentence) in said


@pytest.mark.parametrize("file", ["md", "html", "pdf"])
def test_every_scenario_stands_in_a_report_with_its_numbers(file, demo, demo_store):  # noqa: F811
    said = spaceless(seen(exported(demo, AFINN, RELEASE, file)))
    for row in release_report(demo_store, AFINN, RELEASE).results:
        if row.metric == "accuracy":
            name = "All examples" if row.scenario == "all" else row.scenario
            shown = f"{name}|{100 * row.value:.1f}%|{100 * row.low:.1f}% to {100 * row.high:.1f}%|{row.of:,.0f}|"
            assert spaceless(shown if file == "md" else shown.replace("|", "")) in said


@pytest.mark.parametrize("project", EVERY)
def test_no_document_is_without_what_it_cannot_tell(project, kinds):
    store = open_store(kinds)
    report = release_report(store, project, store.releases(project)[-1].release)
    assert len(limits(report)) >= 2
    for kind in KINDS:
        said = seen(exported(kinds, project, report.evaluation.release, "md", kind))
        assert "What this report cannot tell you" in said
        assert "misses it about 1 in 20 times" in said


def test_what_a_report_cannot_tell_names_what_is_open(kinds):
    store = open_store(kinds)
    said = {
        name: " ".join(limits(release_report(store, name, store.releases(name)[-1].release)))
        for name in ("once", "bare", "crowded", "silent", "moved")
    }
    assert "Whether 1.0 is better or worse than another release: it is the first on this test set." in said["once"]
    assert "Whether this release is good enough: no requirement says what that would be." in said["bare"]
    assert "300 scenarios are too uncertain to tell" in said["crowded"]
    assert "Whether 14 requirements hold: they are unproven" in said["crowded"]
    assert "What the answer would be to 120 examples that 1.1 left unanswered." in said["silent"]
    assert "Whether 1 requirement is met: nothing was measured that could show it." in said["silent"]
    assert "the two answered different examples" in said["moved"]


def test_a_model_card_has_the_headings_of_model_cards_and_a_twin_that_says_the_same(demo, demo_store):  # noqa: F811
    report = release_report(demo_store, AFINN, RELEASE)
    text = exported(demo, AFINN, RELEASE, "md", "model card").decode()
    headings = re.findall(r"^(?:> )?## (.+)$", text, re.MULTILINE)
    assert headings[:6] == ["Model details", "Intended use", "Factors", "Metrics", "Data", "Quantitative analyses"]
    twin = json.loads(exported(demo, AFINN, RELEASE, "json", "model card"))
    assert twin["format"] == "plainview-model-card/1"
    assert twin["model_details"]["release"] == RELEASE
    assert twin["intended_use"]["description"] == report.specification.description
    assert [row["says"] for row in twin["metrics"]][:2] == [METRICS[n].sentence for n in ("accuracy", "macro_f1")]
    assert twin["limits"] == limits(report)
    found = {(row["scenario"], row["metric"]): row["value"] for row in twin["quantitative_analyses"]["results"]}
    assert found == {(row.scenario, row.metric): row.value for row in report.results}
    assert "{name}" not in text


def test_a_report_opens_with_the_latest_decision(tmp_path):
    put(frame(), tmp_path / "store", specification=CLASSES)
    store = open_store(tmp_path / "store")
    assert "Nobody has decided on 1.0." in seen(export(store, "reviews", "1.0", "md"))
    conditions = [{"condition": "Retrain in May", "owner": "ada", "until": "2999-05-31"}, {"condition": 7}, "x"]
    for decision, reason in (("no-go", "Too slow"), ("conditional go", "Faster now")):
        body = {"decision": decision, "reason": reason, "conditions": conditions}
        store.append_event("decision", "reviews", release="1.0", body=body, actor="ada")
    said = seen(export(store, "reviews", "1.0", "md"))
    assert "Decision: Go with conditions for 1.0, decided by ada on" in said.replace("**", "")
    assert "Faster now" in said
    assert "Retrain in May (owner: ada, until 31 May 2999)" in said
    overdue = seen(export(store, "reviews", "1.0", "md", today=date(2999, 6, 1)))
    assert "Retrain in May (owner: ada, was due on 31 May 2999)" in overdue
    assert "Too slow" not in said


def test_a_decision_whose_ground_has_moved_is_said_to_be_so(tmp_path):
    put(frame(), tmp_path / "store", specification=CLASSES)
    store = open_store(tmp_path / "store")
    decide(store, "reviews", "1.0", "go", reason="Good enough", actor="another")
    before = seen(export(store, "reviews", "1.0", "md"))
    put(frame(prediction=["yes"] * 60), tmp_path / "store", specification=CLASSES)
    after = seen(export(store, "reviews", "1.0", "md"))
    assert "Go for 1.0, decided by another on" in before
    assert "the evidence has moved since" not in before
    assert "the evidence has moved since" in after


def test_incidents_that_are_open_are_the_first_that_needs_attention(tmp_path):
    put(frame(), tmp_path / "store", specification=CLASSES)
    store = open_store(tmp_path / "store")
    wrong = [row["id"] for row in frame().to_dicts() if row["label"] != row["prediction"]][:2]
    given = {"ids": wrong, "happened": date(2024, 5, 3), "severity": "high", "release": "1.0", "actor": "ada"}
    given |= {"what": "A refund was refused.", "owner": "ada"}
    report_incident(store, "reviews", "Refund refused", **given)
    data = export(store, "reviews", "1.0", "md")
    report = release_report(store, "reviews", "1.0")
    [row] = report.incidents
    said = seen(data)
    assert "Refund refused" in row.sentence
    assert spaceless(row.sentence) in spaceless(said)
    assert verify_file(store, data).ok


def test_a_test_case_is_not_drawn_among_what_changed_and_that_is_said(demo):  # noqa: F811
    page = exported(demo, AFINN, "5.0.2", "html")
    changed, _ = (tags for name, tags in Elements(page).found if name == "img")
    drawn = base64.b64decode(changed["src"].partition("base64,")[2]).decode()
    assert "Yelp" in drawn
    assert "Wasn" not in drawn
    assert "1 test case is not drawn: " in seen(page)


# The same store gives the same bytes


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("file", FORMATS)
def test_the_same_store_gives_the_same_bytes(file, kind, demo):  # noqa: F811
    again = export(open_store(demo), AFINN, RELEASE, file, kind=kind, today=date(2031, 1, 1))
    assert again == exported(demo, AFINN, RELEASE, file, kind)


def test_a_report_changes_when_a_waiver_comes_and_when_it_lapses_and_not_from_day_to_day(tmp_path):
    demanded = CLASSES + "requirements: [{id: R, metric: accuracy, at_least: 0.99}]\n"
    put(frame(), tmp_path / "store", specification=demanded)
    store = open_store(tmp_path / "store")
    before = export(store, "reviews", "1.0", "md")
    given = {"owner": "ada", "reason": "Known", "until": "2999-01-31"}
    waive(store, "reviews", "1.0", "R", **given)
    first, later, lapsed = (
        export(store, "reviews", "1.0", "md", today=day)
        for day in (date(2998, 1, 1), date(2999, 1, 31), date(2999, 6, 1))
    )
    assert before != first == later != lapsed
    assert lapsed == export(store, "reviews", "1.0", "md", today=date(3001, 1, 1))
    assert "lapsed on 31 January 2999" in lapsed.decode()


# Each format keeps its own promises


def test_a_pdf_is_tagged_named_and_numbered_and_passes_the_check_for_readers_aloud(demo):  # noqa: F811
    import pypdf

    reader = pypdf.PdfReader(io.BytesIO(exported(demo, AFINN, RELEASE, "pdf")))  # typst refuses what breaks PDF/UA-1
    root = reader.trailer["/Root"]
    assert root["/MarkInfo"]["/Marked"]
    assert root["/Lang"].startswith("en")
    assert "pdfuaid:part>1<" in root["/Metadata"].get_data().decode()
    assert reader.metadata.title == "Sentiment of reviews, AFINN word list, 3.0.1"
    for number, page in enumerate(reader.pages, start=1):
        text = page.extract_text()
        assert f"Page {number} of {len(reader.pages)}" in text
        assert "project=sentiment-afinn&release=3.0.1" in text
    assert len([figure for figure in _figures(root["/StructTreeRoot"]) if figure.get("/Alt")]) == 2


def _figures(node):
    """Every picture in the tree of a PDF's tags."""
    node = node.get_object() if hasattr(node, "get_object") else node
    if isinstance(node, list):
        for each in node:
            yield from _figures(each)
    elif hasattr(node, "get"):
        if node.get("/S") == "/Figure":
            yield node
        if "/K" in node:
            yield from _figures(node["/K"])


def test_slides_have_conclusions_as_titles_and_alt_texts_on_pictures(demo, demo_store):  # noqa: F811
    from pptx import Presentation

    show = Presentation(io.BytesIO(exported(demo, AFINN, RELEASE, "pptx")))
    titles = [slide.shapes.title.text_frame.text for slide in show.slides]
    assert titles[0] == release_report(demo_store, AFINN, RELEASE).headline
    assert all(title.endswith(".") for title in titles)
    pictures = [shape for slide in show.slides for shape in slide.shapes if shape.shape_type == 13]
    assert len(pictures) == 2
    assert all("interval" in shape._element.nvPicPr.cNvPr.get("descr") for shape in pictures)
    edge = show.slide_height
    assert all(shape.top + shape.height <= edge for slide in show.slides for shape in slide.shapes)


def test_a_long_standing_of_a_release_is_set_smaller_so_that_it_ends_above_the_figures():
    sizes = [_size(["word " * number]) for number in (20, 130, 160, 200, 900)]
    assert sizes == sorted(sizes, reverse=True)
    assert (sizes[0], sizes[-1]) == (16, 10)


@pytest.mark.parametrize("project", ["hostile", "worldly", "crowded"])
@pytest.mark.parametrize("kind", KINDS)
def test_a_page_has_no_script_no_style_of_an_element_and_nothing_from_elsewhere(project, kind, kinds):
    release = open_store(kinds).releases(project)[-1].release
    elements = Elements(exported(kinds, project, release, "html", kind)).found
    assert not {tag for tag, _ in elements} & {"script", "iframe", "object", "embed", "link", "form", "svg", "base"}
    for tag, given in elements:
        assert not {name for name in given if name.startswith("on") or name == "style"}
        assert tag != "img" or given["src"].startswith("data:image/svg+xml;base64,")
        assert not str(given.get("href", "")).startswith("http")
    [policy] = [given["content"] for _, given in elements if given.get("http-equiv") == "Content-Security-Policy"]
    assert policy.startswith("default-src 'none'; img-src data:; style-src 'sha256-")


@pytest.mark.parametrize("file", PAPER)
def test_names_that_would_come_alive_stand_as_they_were_written(file, kinds):
    release = open_store(kinds).releases("hostile")[-1].release
    data = exported(kinds, "hostile", release, file)
    said = spaceless(seen(data))
    for name in LIVE[:4]:
        assert spaceless(name) in said or file == "md"
    if file == "md":
        body = data.decode().rpartition("<!-- plainview-manifest")[0]
        assert not re.search(r"(?<!\\)(<script|!\[|\]\(http|\$x|`code)|:red\[x|:smile:", body)
        assert "<!--" not in body
    if file == "pptx":
        with zipfile.ZipFile(io.BytesIO(data)) as package:
            links = "".join(package.read(name).decode() for name in package.namelist() if name.endswith(".rels"))
        assert "outside.invalid" not in links
        assert 'TargetMode="External"' not in links
    if file == "pdf":
        assert b"/URI" not in data
        assert b"/JavaScript" not in data


def test_a_chart_asks_for_nothing_and_holds_names_as_text():
    row = {"scenario": LIVE[0], "value": 0.5, "low": 0.4, "high": 0.6, "state": "Pass"}
    drawn = svg(estimates([row], metric="accuracy")[0])
    assert "<script" not in drawn
    assert "href" not in drawn
    assert "&lt;script&gt;" in drawn


@pytest.mark.parametrize("project", ["worldly", "lengthy", "hostile"])
def test_letters_of_any_script_do_not_break_a_pdf(project, kinds):
    release = open_store(kinds).releases(project)[-1].release
    assert exported(kinds, project, release, "pdf").startswith(b"%PDF")


def test_what_no_font_has_stands_as_a_square(kinds):
    store = open_store(kinds)
    pins = pins_of(store, "once", "1.0")
    document = replace(releases.document_of(store, pins, "pdf"), title="One \U0001fbff two")
    assert "One □ two" in seen(pdf(document))


# Names, and what is not there


def test_the_name_of_the_file_says_what_it_is():
    assert [format_of(name) for name in ("a.md", "b.card.HTML", "c.d.pptx")] == ["md", "html", "pptx"]
    assert [kind_of(name) for name in ("a.md", "b.card.HTML", "card.pdf")] == ["report", "model card", "report"]
    with pytest.raises(InputError, match=r"Did you mean 'pptx'\?"):
        format_of("slides.ppt")


def test_what_is_not_in_the_store_is_an_error_that_names_the_nearest(demo_store):  # noqa: F811
    with pytest.raises(NotFoundError, match="Did you mean 'sentiment-afinn'"):
        export(demo_store, "sentiment-afin", "3.0.1", "md")
    with pytest.raises(NotFoundError, match=r"3\.0\.2"):
        export(demo_store, AFINN, "3.0.2", "md")


def test_without_the_extra_the_error_says_what_to_install(monkeypatch):
    def absent(name):
        raise ImportError(name)

    monkeypatch.setattr(extra, "import_module", absent)
    with pytest.raises(InputError, match=r"needs typst.*pip install 'plainview\[export\]'"):
        extra.needed("typst")
