"""What checks found is kept as events with tables, once, and read back; outcomes from elsewhere are judged the same."""

import json

import polars as pl
import pytest
from checks_cases import PROJECT, RELEASE, ROWS, check, examples, fair, published, ran, unfair
from typer.testing import CliRunner

from plainview.cli import app
from plainview.exceptions import FrameError, NotFoundError
from plainview.readiness.evidence import evidence_of
from plainview.readiness.facts import Facts
from plainview.robustness import checks_of, publish_outcomes, run_checks
from plainview.robustness.reading import failing_of, movements, outcomes_of
from plainview.store import open_store

GENDER = check("counterfactual", "Gender", column="gender", capability="Fairness", why="The law", owner="risk")
INCOME = check("directional", "Income", column="income", add=[5], must="not fall", of="yes")


@pytest.fixture
def root(tmp_path):
    published(tmp_path / "store")
    return published(tmp_path / "store", release="1.1")


def test_each_check_is_an_event_and_they_share_the_tables_of_their_outcomes(root):
    found = ran(root, unfair, GENDER, INCOME, actor="ada")
    store = open_store(root)
    events = store.events(PROJECT, release=RELEASE, kind="check")
    assert [event.body["name"] for event in events] == ["Gender", "Income"]
    assert {event.actor for event in events} == {"ada"}
    assert len({event.tables["outcomes"].sha256 for event in events}) == 1
    read = checks_of(store, PROJECT, RELEASE)
    assert read.results == tuple(found.values())
    assert outcomes_of(store, read).height == 2 * ROWS
    failing = failing_of(store, read, ["Gender"])
    assert failing.height == found["Gender"].failed
    assert set(failing["expected"]) == {"the same answer"}
    assert (read.results[0].why, read.results[0].owner, read.results[0].definition["column"]) == (
        "The law",
        "risk",
        "gender",
    )


def test_the_same_again_is_not_kept_twice_and_other_outcomes_take_their_place(root):
    store = open_store(root)
    for _ in range(2):
        ran(root, unfair, GENDER)
    assert len(store.events(PROJECT, kind="check")) == 1
    ran(root, fair, GENDER)
    assert len(store.events(PROJECT, kind="check")) == 2
    assert [result.failed for result in checks_of(store, PROJECT, RELEASE).results] == [0]


def test_a_dry_run_and_an_unknown_release_write_nothing(root):
    ran(root, fair, GENDER, dry_run=True)
    with pytest.raises(NotFoundError, match=r"1\.1"):
        ran(root, fair, GENDER, release="1.2")
    assert open_store(root).events() == []


def test_examples_may_be_handed_over_in_the_frames_that_the_model_takes(root):
    kinds = []

    def noting(frame):
        kinds.append((type(frame).__module__.split(".")[0], "label" in list(frame.columns)))
        return (
            fair(frame) if not hasattr(frame, "column_names") else fair({"income": frame.column("income").to_numpy()})
        )

    for frames in ("pandas", "polars"):
        ran(root, noting, GENDER, frames=frames, frame=examples(), dry_run=True)
    assert set(kinds) == {("pandas", False), ("polars", False)}  # the label is not shown


def test_releases_are_compared_on_the_checks_that_both_have(root):
    ran(root, unfair, GENDER, INCOME)
    ran(root, fair, GENDER, {**INCOME, "add": [6]}, release="1.1")
    store = open_store(root)
    before, after = (checks_of(store, PROJECT, release) for release in ("1.0", "1.1"))
    checks, capabilities = movements(store, before, after)
    assert list(checks) == ["Gender"]  # the other is defined otherwise
    assert (checks["Gender"].verdict, checks["Gender"].fixed) == ("better", before.results[0].failed)
    assert capabilities["Fairness"].verdict == "better"


def test_a_check_is_evidence_for_readiness(root):
    ran(root, fair, GENDER, check("invariance", "Typos", perturb="typos"))
    facts = Facts(open_store(root), PROJECT, release=RELEASE)
    assert evidence_of(facts, "counterfactual").outcome == "met"
    assert evidence_of(facts, "perturbation").outcome == "met"
    assert evidence_of(facts, "adversarial").outcome == "not answered"


def test_events_that_say_nothing_are_counted_and_shown_to_nobody(root):
    store = open_store(root)
    for body in ({"check": "counterfactual"}, {"name": "x", "check": "unit", "tested": -1}, {"name": 3}):
        store.append_event("check", PROJECT, release=RELEASE, body=body)
    found = checks_of(store, PROJECT, RELEASE)
    assert (found.results, found.unreadable) == ((), 3)


SUITE = pl.DataFrame(
    {
        "check": ["words", "words", "words", "swap", "swap", "swap", "more", "more", "more", "more", "more", "more"],
        "capability": ["Vocabulary"] * 3 + ["Fairness"] * 3 + ["Vocabulary"] * 6,
        "test_type": ["MFT"] * 3 + ["INV"] * 3 + ["DIR"] * 6,
        "case": ["a", "b", "c", "a", "a", "a", "a", "a", "b", "b", "c", "c"],
        "variant": [0, 0, 0, 0, 1, 2, 0, 1, 0, 1, 0, 1],
        "text": [f"text {at}" for at in range(12)],
        "expected": ["good", "not bad", "not bad", "same", "same", "same", *["not weaker"] * 6],
        "answer": ["good", "neutral", "bad", "bad", "bad", "good", *["good"] * 6],
        "score": [1.0, 0.0, -1.0, -1.0, -1.0, 1.0, 1.0, 2.0, -1.0, -0.5, 0.0, 1.0],
    }
)


def test_answers_of_a_suite_are_judged_by_what_was_expected(root):
    found = {one.name: one for one in publish_outcomes(root, PROJECT, RELEASE, outcomes=SUITE, may_fail=0.2)}
    counts = {name: (one.failed, one.tested, one.cases, one.left_out) for name, one in found.items()}
    assert counts == {"words": (1, 3, 3, 0), "swap": (1, 2, 1, 0), "more": (1, 2, 2, 1)}
    assert [found[name].check for name in counts] == ["unit", "invariance", "directional"]
    [failing] = failing_of(open_store(root), checks_of(open_store(root), PROJECT, RELEASE), ["swap"]).to_dicts()
    assert (failing["before"], failing["after"], failing["answer_before"], failing["answer"]) == (
        "text 3",
        "text 5",
        "bad",
        "good",
    )


def test_outcomes_that_were_judged_already_are_taken_as_they_are(root, tmp_path):
    path = tmp_path / "outcomes.csv"
    path.write_text("check,passed,may_fail\nfast,true,0.5\nfast,false,0.5\nslow,true,\n")
    found = publish_outcomes(root, PROJECT, RELEASE, outcomes=path)
    assert [(one.name, one.failed, one.tested, one.bar) for one in found] == [("fast", 1, 2, 0.5), ("slow", 0, 1, None)]


@pytest.mark.parametrize(
    ("frame", "said"),
    [
        (SUITE.drop("check"), "no column 'check'"),
        (SUITE.drop("expected"), "no column 'expected'. Each row says passed, or expected and answer."),
        (SUITE.rename({"answer": "anser"}), "expected and answer. Did you mean 'anser'?"),
        (SUITE.with_columns(case=pl.lit("a")), "Row 1: variant 0 of case 'a' of check 'words' is given twice"),
        (SUITE.filter(pl.col("variant") != 0), "has no variant 0, which its copies are held to"),
        (SUITE.drop("score"), "expects 'not weaker', which needs a column 'score'"),
        (SUITE.with_columns(test_type=pl.lit("INF")), "the test type 'INF' is none. Did you mean 'INV'?"),
        (SUITE.with_columns(kind=pl.lit("unitt")), "there is no kind 'unitt'. Did you mean 'unit'?"),
        (SUITE.with_columns(may_fail=pl.lit(3)), "may_fail is 3"),
        (SUITE.with_columns(capability="case"), "has several values of 'capability'"),
        (SUITE.with_columns(answer=pl.when(pl.col("score") < 1).then("answer")), "Row 1 has no value of 'answer'"),
    ],
)  # fmt: skip
def test_outcomes_that_cannot_be_used_are_named_and_nothing_is_written(root, frame, said):
    with pytest.raises(FrameError) as caught:
        publish_outcomes(root, PROJECT, RELEASE, outcomes=frame)
    assert said in str(caught.value)
    assert open_store(root).events() == []


def test_the_command_line_runs_publishes_and_exits_as_the_gate_does(root, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    written = "may_fail: 0.1\nchecks:\n  - {name: Gender, kind: counterfactual, column: gender}\n"
    (tmp_path / "checks.yaml").write_text(written)
    (tmp_path / "loose.yaml").write_text(written.replace("may_fail: 0.1\n", ""))

    def run(*more):
        return CliRunner().invoke(app, ["check", PROJECT, RELEASE, "--store", str(root), *more])

    ask = ("--checks", "checks.yaml", "--predict")
    done = run(*ask, "checks_cases:fair", "--json")
    assert done.exit_code == 0
    [kept] = json.loads(done.stdout)["checks"]
    assert kept["status"] == "met"
    assert kept["sentence"].startswith("Gender: met, in 0 of 120 examples (0.0%, 95% interval about 0.0% to 3.1%)")
    assert run(*ask, "checks_cases:unfair").exit_code == 1
    assert run("--checks", "loose.yaml", "--predict", "checks_cases:fair", "--dry-run").exit_code == 3
    for wrong in ((), ("--checks", "checks.yaml"), (*ask, "checks_cases:fare"), ("--outcomes", "none.csv")):
        before = len(open_store(root).events())
        assert run(*wrong).exit_code == 2
        assert len(open_store(root).events()) == before


def test_numbers_may_move_within_a_tolerance(tmp_path):
    from checks_cases import LOANS

    demanded = {**LOANS, "task": "regression", "metrics": ["mae"]}
    demanded.pop("classes")
    rows = examples().with_columns(label=pl.col("income"))
    from plainview.publishing import publish

    publish(rows.with_columns(prediction="income"), specification=demanded, release=RELEASE, store=tmp_path / "store")
    asked = {"kind": "invariance", "perturb": "rounding", "digits": 1, "column": "income"}
    checks = {"checks": [{"name": "strict", **asked}, {"name": "loose", "tolerance": 10, **asked}]}
    strict, loose = run_checks(
        tmp_path / "store", PROJECT, RELEASE, checks=checks, predict=lambda frame: frame["income"] * 1.0, dry_run=True
    )
    assert (strict.failed, loose.failed) == (strict.tested, 0)
