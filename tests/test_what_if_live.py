"""What if: the nearest published examples, a model that the owner registers, and analyses that are kept."""

import http.server
import json
import threading
import time

import numpy as np
import polars as pl
import pytest
from checks_cases import LOANS, PROJECT, RELEASE, examples, fair, published
from hypothesis import given
from hypothesis import strategies as st

from plainview.exceptions import InputError
from plainview.publishing import publish
from plainview.readiness.evidence import evidence_of
from plainview.readiness.facts import Facts
from plainview.robustness.rows import Rows
from plainview.specification import load_specification
from plainview.store import open_store
from plainview.what_if.live import VARIABLE, Live, Registered, live, registry
from plainview.what_if.nearest import distances, nearest
from plainview.what_if.saved import Analysis, extended, save

SPECIFICATION = load_specification(LOANS)


# Nearest examples


def test_the_distance_is_gowers_of_the_columns():
    rows = pl.DataFrame(
        {"age": [20, 40, 60], "sex": ["f", "m", None], "note": ["x" * 40, "good food and good staff here", "bad"]}
    )
    far = distances(rows, {"age": 30, "sex": "m"})
    assert far == pytest.approx([(10 / 40 + 1) / 2, (10 / 40 + 0) / 2, (30 / 40 + 1) / 2])
    texts = pl.DataFrame({"note": ["good food and very good staff in here", "nothing of all that was ever in this"]})
    assert distances(texts, {"note": "good staff in here"}) == pytest.approx([1 - 4 / 7, 1 - 1 / 11])


@given(st.lists(st.tuples(st.integers(0, 9), st.sampled_from("ab")), min_size=1, max_size=20), st.data())
def test_an_example_is_nearest_to_itself_and_never_further_than_1(rows, data):
    frame = pl.DataFrame(rows, schema=["n", "c"], orient="row")
    at = data.draw(st.integers(0, len(rows) - 1))
    far = distances(frame, frame.row(at, named=True))
    assert far[at] == 0
    assert ((far >= 0) & (far <= 1)).all()
    found = nearest(frame, frame.row(at, named=True), most=5, but=[at])
    assert at not in found["place"].to_list()
    assert found["distance"].to_list() == sorted(np.delete(far, at))[:5]


# A live model


REGISTRY = """\
timeout: 2
allow: ["127.0.0.1:{port}"]
projects:
  loans: {{endpoint: "http://127.0.0.1:{port}/predict"}}
  churn: {{function: "checks_cases:fair", release: "1.0"}}
"""


def test_it_is_off_by_default_and_on_for_the_projects_of_the_file(tmp_path, monkeypatch):
    monkeypatch.delenv(VARIABLE, raising=False)
    assert live("churn") is None
    path = tmp_path / "predict.yaml"
    path.write_text(REGISTRY.format(port=8080))
    monkeypatch.setenv(VARIABLE, str(path))
    found = live("churn")
    assert (found.named, found.answers_for("1.0"), found.answers_for("1.1")) == ("checks_cases:fair", True, False)
    assert live("sentiment") is None
    monkeypatch.setenv(VARIABLE, str(tmp_path / "none.yaml"))
    with pytest.raises(InputError, match=r"none\.yaml, which could not be read"):
        live("churn")


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ('allow: ["127.0.0.1:80"]', "allow: []", "(projects.loans.endpoint): the host '127.0.0.1:80' is not in allow"),
        ("http://127", "file://127", "expected http:// or https:// with a host"),
        ("http://127", "http://me:secret@127", "no name or password"),
        ("function:", "functoin:", "Did you mean 'function'?"),
        ('function: "checks_cases:fair", ', "", "found neither of function and endpoint"),
        ("timeout: 2", "timeout: 600", "found 600; expected 60 or less"),
    ],
)  # fmt: skip
def test_what_is_wrong_with_the_file_is_said_where_it_stands(old, new, said):
    text = REGISTRY.format(port=80)
    assert old in text
    with pytest.raises(InputError) as caught:
        registry(text.replace(old, new), name="predict.yaml")
    assert said in str(caught.value)


def asked(how, **more):
    one = examples()[:2].with_columns(income=pl.Series([20.0, 80.0]))
    return Live(PROJECT, how, more.pop("timeout", 2.0)).ask(Rows(one), SPECIFICATION, RELEASE)


def slow(frame):
    time.sleep(1)
    return fair(frame)


def test_a_function_is_asked_and_its_faults_are_said():
    assert asked(Registered(function="checks_cases:fair")).said() == ["no", "yes"]
    with pytest.raises(InputError, match=r"gave no answer within 0\.2 seconds"):
        asked(Registered(function="test_what_if_live:slow"), timeout=0.2)
    with pytest.raises(InputError, match="could not be imported"):
        asked(Registered(function="nowhere:predict"))


class Endpoint(http.server.BaseHTTPRequestHandler):
    """A model behind HTTP; its path says how it misbehaves."""

    seen: list = []  # noqa: RUF012 - what was asked last

    def do_POST(self):
        sent = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        type(self).seen.append(sent)
        chance = [row["income"] / 100 for row in sent["rows"]]
        said = {"probabilities": [{"no": 1 - each, "yes": each} for each in chance]}
        if self.path == "/labels":
            said = {"predictions": ["yes" if each > 0.5 else "no" for each in chance]}
        if self.path == "/odd":
            said = {"answer": 42}
        if self.path == "/elsewhere":
            self.send_response(302)
            self.send_header("Location", "/predict")
            self.end_headers()
            return
        if self.path == "/slow":
            time.sleep(1)
        self.send_response(500 if self.path == "/broken" else 200)
        self.end_headers()
        self.wfile.write(b" " * 2_000_000 if self.path == "/huge" else json.dumps(said).encode())

    def log_message(self, *_):
        """Nothing on the screen."""


@pytest.fixture(scope="module")
def endpoint():
    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), Endpoint) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_port}"
        server.shutdown()


def test_an_endpoint_is_sent_the_examples_without_the_label(endpoint, monkeypatch):
    monkeypatch.setenv("http_proxy", "http://127.0.0.1:1")  # a proxy of the environment is not asked
    answers = asked(Registered(endpoint=f"{endpoint}/predict"))
    assert (answers.said(), answers.score("yes", "").tolist()) == (["no", "yes"], [0.2, 0.8])
    sent = Endpoint.seen[-1]
    assert (sent["project"], sent["release"], len(sent["rows"])) == (PROJECT, RELEASE, 2)
    assert "label" not in sent["rows"][0]
    assert asked(Registered(endpoint=f"{endpoint}/labels")).said() == ["no", "yes"]


@pytest.mark.parametrize(
    ("path", "said"),
    [
        ("/odd", "answered otherwise than agreed"),
        ("/huge", "answered with more than 1,000,000 bytes"),
        ("/broken", "could not be asked: HTTP Error 500"),
        ("/elsewhere", "could not be asked: HTTP Error 302"),
        ("/slow", "could not be asked: timed out"),
    ],
)
def test_an_endpoint_that_misbehaves_is_said_to(endpoint, path, said):
    with pytest.raises(InputError) as caught:
        asked(Registered(endpoint=f"{endpoint}{path}"), timeout=0.3 if path == "/slow" else 2.0)
    assert said in str(caught.value)


# Analyses that are kept


@pytest.fixture
def root(tmp_path):
    return published(tmp_path / "store")


def kept(root, label="yes", **more):
    store = open_store(root)
    evaluation = store.evaluation(PROJECT, RELEASE)
    rows = Rows(store.examples(evaluation)[[0, 0]]).replaced({"income": [0.0, 70.0]}).table
    found = Analysis("000", {"income": (0.0, 70.0)}, "no", "yes", "live", 0.0, 0.7, "checks_cases:fair")
    return save(store, evaluation, found, rows, label=label, note="Enough income", actor="ada", **more)


def test_an_analysis_is_evidence_of_its_release(root):
    event = kept(root)
    assert event.body["changes"] == {"income": [0.0, 70.0]}
    assert (event.body["label"], event.body["note"], event.release) == ("yes", "Enough income", RELEASE)
    assert open_store(root).attached(event, "rows")["income"].to_list() == [0.0, 70.0]
    assert evidence_of(Facts(open_store(root), PROJECT), "what-if").outcome == "met"


def test_nothing_changed_and_a_note_of_control_characters_are_not_kept(root):
    store = open_store(root)
    evaluation = store.evaluation(PROJECT, RELEASE)
    nothing = Analysis("000", {}, "no", "no", "live")
    with pytest.raises(InputError, match="Nothing is changed yet"):
        save(store, evaluation, nothing, store.examples(evaluation)[:2])
    with pytest.raises(InputError, match="which is no class"):
        kept(root, label="y\x07s")
    with pytest.raises(InputError, match=r"The right answer is 'yess', which is no class\. Did you mean 'yes'\?"):
        kept(root, label="yess")
    assert store.events() == []


def test_the_next_test_set_has_the_made_up_examples_marked_and_is_published_as_it_is(root, tmp_path):
    kept(root), kept(root, label="")
    store = open_store(root)
    evaluation = store.evaluation(PROJECT, RELEASE)
    frame, made = extended(store, evaluation, SPECIFICATION, store.events(PROJECT, kind="what-if"))
    assert made == 1  # what has no label judges nothing
    [row] = frame.filter(pl.col("origin") == "what-if").to_dicts()
    assert (row["label"], row["income"], row["prediction"]) == ("yes", 70.0, None)
    assert row["id"].startswith("000~")
    assert set(frame["origin"]) == {"collected", "what-if"}
    path = tmp_path / "next.parquet"
    frame.write_parquet(path)
    again = publish(path, specification=LOANS, release="1.1", store=root)
    assert again.test_set.examples == evaluation.test_set.examples + 1
    assert "origin" in again.test_set.columns
    assert again.missing_predictions == 1
    first, _ = extended(store, again, SPECIFICATION, [])
    assert first["origin"].to_list().count("what-if") == 1  # the mark stays
