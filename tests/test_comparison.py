"""Compare: the known answers of real releases, and what is paired, left out, independent or not comparable."""

import dataclasses
import json

import polars as pl
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from verb_cases import CLASSES, NUMBERS, ROWS, demo, demo_store, frame, numbers, put  # noqa: F401

from plainview.comparison import Comparison, compare
from plainview.exceptions import NotFoundError
from plainview.publishing import publish
from plainview.store import create_store, open_store

OPPOSITE = {"better": "worse", "worse": "better"}


@pytest.fixture
def root(tmp_path):
    return tmp_path / "store"


def headline(found: Comparison) -> dict:
    """The changes of the headline metric, by scenario."""
    return {row.scenario: row for row in found.results if row.metric == found.results[0].metric}


def compared(root, before, after, demanded=CLASSES, older=None):
    """The comparison of two frames, published as releases 1 and 2."""
    put(before, root, specification=older or demanded, release="1", released="2024-01-01")
    put(after, root, specification=demanded, release="2", released="2024-02-01")
    project = "delays" if "delays" in demanded else "reviews"
    return compare(open_store(root), project, "1", "2")


# Known answers


def test_afinn_3_0_1_understands_negation_better_without_sacrificing_anything(demo_store):  # noqa: F811
    found = compare(demo_store, "sentiment-afinn", "2.1.0", "3.0.1")
    rows = headline(found)
    overall, negated = rows["all"], rows["With a negation"]
    assert (overall.baseline, overall.candidate) == (pytest.approx(0.6147, abs=5e-5), pytest.approx(0.6320, abs=5e-5))
    assert (overall.fixed, overall.broke, overall.examples, overall.verdict) == (75, 23, 3000, "better")
    assert (negated.baseline, negated.candidate) == (pytest.approx(0.372, abs=5e-4), pytest.approx(0.448, abs=5e-4))
    assert (negated.fixed, negated.broke, negated.examples, negated.verdict) == (74, 22, 686, "better")
    assert "negation" in found.headline
    assert "without sacrificing" in found.headline
    assert (found.paired, found.examples, found.relabelled) == (True, 3000, 0)
    assert rows["Without a negation"].verdict == "equivalent"
    assert not [row for row in found.results if row.verdict == "worse"]


@pytest.mark.parametrize(("baseline", "candidate"), [("4.2.0", "5.0.2"), ("3.0.1", "4.2.0")])
def test_where_nothing_changed_nobody_is_called_better_or_worse(demo_store, baseline, candidate):  # noqa: F811
    found = compare(demo_store, "sentiment-afinn", baseline, candidate)
    assert {row.verdict for row in found.results} <= {"equivalent", "inconclusive", "not comparable"}
    assert headline(found)["all"].verdict == "equivalent"


def test_vader_hears_emphasis_better_and_breaks_nothing_by_it(demo_store):  # noqa: F811
    rows = headline(compare(demo_store, "sentiment-vader", "3.2.1", "3.3.2"))
    loud = rows["With an exclamation mark"]
    assert (loud.fixed, loud.broke, loud.verdict) == (17, 0, "better")
    assert loud.difference == pytest.approx(0.0471, abs=5e-5)
    assert rows["Questions"].reason == "only 25 examples, 30 are needed"
    assert not rows["With a 'but'"].not_worse


def test_a_better_flight_forecast_hides_that_late_departures_got_worse(demo_store):  # noqa: F811
    found = compare(demo_store, "flight-delay", "2013.03", "2013.06")
    rows = headline(found)
    verdicts = {name: rows[name].verdict for name in ("all", "In the rain", "Left over an hour late", "United")}
    assert verdicts == {
        "all": "equivalent",
        "In the rain": "better",
        "Left over an hour late": "worse",
        "United": "worse",
    }
    assert rows["In the rain"].difference == pytest.approx(-1.879, abs=5e-4)
    assert rows["Left over two hours late"].difference == pytest.approx(11.049, abs=5e-4)
    assert "hides" in found.headline
    assert found.unit == "minutes"
    assert rows["Hawaiian"].reason == "only 9 examples, 30 are needed"


# Against itself, and the other way round


@pytest.mark.parametrize("project", ["sentiment-afinn", "sentiment-vader", "flight-delay"])
def test_a_release_against_itself_finds_nothing(demo_store, project):  # noqa: F811
    for evaluation in demo_store.releases(project):
        found = compare(demo_store, project, evaluation.release, evaluation.release)
        assert {row.verdict for row in found.results} <= {"equivalent", "inconclusive", "not comparable"}
        assert {(row.fixed, row.broke) for row in found.results} == {(0, 0)}
        assert {row.difference for row in found.results} <= {0.0, None}


@pytest.mark.parametrize("project", ["sentiment-afinn", "flight-delay"])
def test_swapping_the_releases_mirrors_every_verdict(demo_store, project):  # noqa: F811
    first, *_, last = (one.release for one in demo_store.releases(project))
    forth, back = (compare(demo_store, project, *pair) for pair in ((first, last), (last, first)))
    assert "better" in {row.verdict for row in forth.results}
    there = {(row.scenario, row.metric): row for row in back.results}
    both = [
        row for row in forth.results if (row.scenario, row.metric) in there
    ]  # the later release has a test case more
    assert len(both) == len(there)
    for one in both:
        other = there[one.scenario, one.metric]
        assert other.verdict == OPPOSITE.get(one.verdict, one.verdict)
        assert (other.fixed, other.broke, other.examples) == (one.broke, one.fixed, one.examples)


@given(
    answers=st.lists(
        st.tuples(*[st.sampled_from(["yes", "no", "maybe", None])] * 2, st.integers(0, 40)), min_size=3, max_size=50
    ),
    seed=st.integers(0, 99),
    limits=st.lists(st.integers(0, 40), min_size=1, max_size=3, unique=True),
)
@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_a_release_against_a_shuffled_copy_of_itself_finds_nothing(answers, seed, limits, tmp_path_factory):
    rows = pl.DataFrame(
        {
            "id": [f"e{number}" for number in range(len(answers))],
            "label": ["yes", "no", *(label or "yes" for label, _, _ in answers[2:])],
            "prediction": ["yes", *(answer for _, answer, _ in answers[1:])],
            "words": [words for *_, words in answers],
        }
    )
    scenarios = "".join(f'      - {{name: Over {limit}, where: "words > {limit}"}}\n' for limit in limits)
    demanded = CLASSES[: CLASSES.index("      - {name: Long")] + scenarios + "minimum_examples: 2\n"
    found = compared(
        tmp_path_factory.mktemp("s") / "store", rows, rows.sample(fraction=1.0, shuffle=True, seed=seed), demanded
    )
    assert {row.verdict for row in found.results} <= {"equivalent", "inconclusive", "not comparable"}
    assert {row.difference for row in found.results} <= {0.0, None}
    assert "better than" not in found.headline.removeprefix("Nobody can tell yet whether 2 is better or worse than 1")


# Other test sets


def test_examples_that_only_one_test_set_has_are_left_out_and_counted(root):
    whole = compared(root / "a", frame().slice(10), frame().slice(10))
    found = compared(root / "b", frame().slice(10), frame().head(50))
    assert (found.paired, found.examples, found.only_baseline, found.only_candidate) == (True, 40, 10, 10)
    assert headline(found)["all"].examples == 40 < headline(whole)["all"].examples
    assert any("20 examples that only one of the test sets has" in said for said in found.sentences)


def test_relabelled_examples_are_left_out_and_counted(root):
    relabelled = frame().with_columns(label=pl.when(pl.col("words") == 7).then(pl.lit("no")).otherwise("label"))
    changed = (relabelled["label"] != frame()["label"]).sum()
    found = compared(root, frame(), relabelled)
    assert (found.paired, found.examples, found.relabelled) == (True, ROWS - changed, changed)
    assert headline(found)["all"].examples == found.examples
    assert any("whose label changed" in said for said in found.sentences)


def test_a_label_that_was_missing_and_is_there_now_counts_as_relabelled(root):
    holes = frame().with_columns(label=pl.when(pl.col("words") == 7).then(None).otherwise("label"))
    assert compared(root, holes, frame()).relabelled == 2


def test_where_every_label_changed_nothing_can_be_compared(root):
    turned = frame().with_columns(label=pl.col("label").replace({"yes": "no", "no": "yes"}))
    found = compared(root, frame(), turned)
    assert {row.verdict for row in found.results} == {"not comparable"}
    assert {row.reason for row in found.results} == {"the label of every example that both have was changed"}
    assert (found.examples, found.relabelled) == (0, ROWS)


def test_metadata_alone_changes_nothing_of_a_comparison(root):
    one = compared(root / "a", frame(), frame(prediction=["yes"] * ROWS))
    other = compared(root / "b", frame().drop("text"), frame(prediction=["yes"] * ROWS).rename({"text": "words_of_it"}))
    assert other.results == one.results
    assert (other.relabelled, other.only_baseline, other.only_candidate) == (0, 0, 0)


def test_without_an_example_in_common_the_samples_are_independent(root):
    other = frame(prediction=["yes"] * ROWS).with_columns(id=pl.format("other {}", "id"))
    found = compared(root, frame(), other)
    assert (found.paired, found.examples, found.only_baseline, found.only_candidate) == (False, 0, ROWS, ROWS)
    row = headline(found)["all"]
    assert (row.fixed, row.broke, row.examples) == (None, None, ROWS)
    assert row.baseline == (frame()["label"] == frame()["prediction"]).mean()
    assert row.candidate == (other["label"] == other["prediction"]).mean()
    assert any("different examples" in said for said in found.sentences)


def test_columns_that_were_named_otherwise_before_are_the_same_columns(root):
    renamed = {"id": "key", "label": "truth"}
    demanded = CLASSES.replace("{id: id, label: label}", "{id: key, label: truth}")
    later = frame(prediction=["yes"] * ROWS)
    one = compared(root / "a", frame(), later)
    other = compared(root / "b", frame(), later.rename(renamed), demanded, older=CLASSES)
    assert other.results == one.results
    apart = later.with_columns(id=pl.format("other {}", "id"))
    one, other = (
        compared(root / "c", frame(), apart), compared(root / "d", frame(), apart.rename(renamed), demanded, older=CLASSES),
    )  # fmt: skip
    assert other.results == one.results


@pytest.mark.parametrize("apart", [False, True], ids=["the same examples", "other examples"])
def test_scenarios_weights_and_clusters_may_be_new(apart, root):
    older = CLASSES[: CLASSES.index("behaviours")]
    demanded = CLASSES.replace("label: label}", "label: label, weight: w, cluster: c}")
    later = frame(prediction=["yes"] * ROWS, w=[2.0] * ROWS, c=[number % 20 for number in range(ROWS)])
    later = later.with_columns(id=pl.format("other {}", "id")) if apart else later
    found = compared(root, frame().drop("words") if apart else frame(), later, demanded, older=older)
    rows = headline(found)
    assert rows["all"].verdict == "inconclusive"
    assert rows["all"].baseline == pytest.approx((frame()["label"] == frame()["prediction"]).mean())
    assert rows["Long"].verdict == ("not comparable" if apart else "inconclusive")


def test_a_column_of_another_type_before_is_read_as_what_it_is_now(root):
    older = CLASSES.replace('"words > 20"', "\"words > '20'\"").replace('"words <= 20"', "\"words = 'x'\"")
    later = frame().with_columns(id=pl.format("other {}", "id"))
    found = compared(root, frame().with_columns(pl.col("words").cast(pl.String)), later, older=older)
    assert headline(found)["Long"].baseline == headline(found)["Long"].candidate


def test_another_task_is_not_comparable_and_says_so(root):
    measured = NUMBERS.replace("delays", "reviews")
    found = compared(root / "a", frame(), numbers(), measured, older=CLASSES)
    assert {row.verdict for row in found.results} == {"not comparable"}
    assert {row.reason for row in found.results} == {"the task was classification, and is regression"}
    assert "cannot be compared: the task was classification, and is regression" in found.headline
    back = compared(root / "b", numbers(), frame(), CLASSES, older=measured)
    assert {row.reason for row in back.results} == {"the task was regression, and is classification"}


# Missing answers, test sets by name, names


def test_examples_that_one_release_did_not_answer_are_left_out_of_both(root):
    silent = frame().with_columns(prediction=pl.when(pl.col("words") < 5).then(None).otherwise("prediction"))
    found = compared(root, silent, frame(prediction=["yes"] * ROWS))
    row = headline(found)["all"]
    assert (row.examples, row.missing, found.examples) == (50, 10, 50)
    known = frame().filter(pl.col("words") >= 5)
    assert row.baseline == pytest.approx((known["label"] == known["prediction"]).mean())
    assert any("10 examples" in said and "left out" in said for said in found.sentences)


def test_releases_are_compared_on_a_test_set_that_both_were_judged_on(root):
    store = create_store(root)
    judged = {("1", "default"): 60, ("1", "hard"): 40, ("2", "hard"): 40, ("2", "new"): 9}
    for (release, name), size in judged.items():
        rows = frame().head(size)
        publish(rows, specification=CLASSES, release=release, test_set=name, store=store)
    assert compare(store, "reviews", "1", "2").examples == 40
    assert compare(store, "reviews", "2", "1").examples == 40
    with pytest.raises(NotFoundError, match="'new'"):
        compare(store, "reviews", "1", "2", test_set="new")
    publish(frame(), specification=CLASSES, release="2", store=store)
    assert compare(store, "reviews", "1", "2").examples == ROWS


def test_an_unknown_name_is_an_error_that_names_the_nearest(demo_store):  # noqa: F811
    for names, match in (
        (("sentiment-afin", "2.1.0", "3.0.1"), r"no project 'sentiment-afin'.*Did you mean 'sentiment-afinn'\?"),
        (("sentiment-afinn", "2.1", "3.0.1"), r"no release '2.1' of sentiment-afinn.*Did you mean '2.1.0'\?"),
        (("sentiment-afinn", "2.1.0", "x"), r"no release 'x' of sentiment-afinn. Known: 1.0.6, 2.1.0"),
    ):
        with pytest.raises(NotFoundError, match=match):
            compare(demo_store, *names)


def test_numbers_that_hardly_differ_can_be_spoken_of(root):
    jitter = numbers().with_columns(pl.col("prediction") + 1e-13)
    found = compared(root, numbers(), jitter, NUMBERS)
    assert {row.verdict for row in found.results if row.scenario == "all"} == {"equivalent"}
    perfect = numbers().with_columns(prediction=pl.col("label"))
    found = compared(root / "perfect", numbers(), perfect, NUMBERS)
    assert headline(found)["all"].verdict == "better"


def test_a_comparison_as_plain_values_is_itself_and_is_json(demo_store):  # noqa: F811
    found = compare(demo_store, "sentiment-afinn", "2.1.0", "3.0.1")
    plain = json.loads(json.dumps(found.to_dict(), allow_nan=False))
    assert plain["headline"] == found.headline
    assert plain["sentences"] == list(found.sentences)
    assert [row["verdict"] for row in plain["results"]] == [row.verdict for row in found.results]
    assert plain["results"][0]["p_value"] == found.results[0].p_value
    assert set(plain) == {field.name for field in dataclasses.fields(found)}
