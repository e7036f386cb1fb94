"""Scored answers: judges, pass rates, word error rates, latency and cost, without labels and with a direction of their own."""

import numpy as np
import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import stats
from statsmodels.stats.proportion import proportion_confint

from plainview.comparison import compare
from plainview.evaluation import evaluate
from plainview.examples import examples_of
from plainview.exceptions import FrameError, SpecificationError
from plainview.publishing import publish
from plainview.report import release_report
from plainview.specification import load_specification
from plainview.store import open_store
from plainview.verdicts import paired_changes

numbers = st.floats(-1e6, 1e6, width=32)


def demanded(*metrics, scenarios=None, answers=("seconds", "errors"), **more):
    """A specification of scored answers: the prediction is a judge's number."""
    listed = [{"name": name, "where": where} for name, where in (scenarios or {}).items()]
    fields = {
        "project": "assistant",
        "task": "scored",
        "columns": {"id": "id", "prediction": "judge", "answers": answers},
    }
    behaviours = [{"name": "Answers well", "scenarios": listed}] if listed else []
    return load_specification({**fields, "metrics": list(metrics), "behaviours": behaviours, **more})


def rows(n=60, **columns) -> pl.DataFrame:
    """The test set alone: ids, who spoke, and how many words were said."""
    fields = {
        "id": [f"{number:03}" for number in range(n)],
        "speaker": [f"s{number % 12}" for number in range(n)],
        "words": [3 + number % 9 for number in range(n)],
    }
    return pl.DataFrame({**fields, **columns})


def answered(seed=0, n=60, better=0.0) -> pl.DataFrame:
    """What a release answered: grades, seconds and errors."""
    rng = np.random.default_rng(seed)
    return pl.DataFrame(
        {
            "prediction": rng.normal(3 + better, 1, n).round(2),
            "seconds": rng.lognormal(0 - better, 1, n).round(3),
            "errors": rng.poisson(1.5, n),
        }
    )


def measured(answers, *metrics, examples=None, **more):
    specification = demanded(*metrics, **more)
    found = evaluate(rows(answers.height) if examples is None else examples, answers, specification)
    return {row.metric: row for row in found if row.scenario == "all"}


def test_a_mean_is_that_of_the_column_and_without_one_of_the_prediction():
    answers = answered()
    found = measured(answers, "mean", "mean[judge]", "mean[seconds]", {"name": "mean", "column": "errors"})
    assert list(found) == ["mean", "mean[judge]", "mean[seconds]", "mean[errors]"]
    assert found["mean"].value == found["mean[judge]"].value == pytest.approx(answers["prediction"].mean())
    assert found["mean[seconds]"].value == pytest.approx(answers["seconds"].mean())
    assert found["mean[errors]"].value == pytest.approx(answers["errors"].mean())


def test_the_interval_of_a_mean_without_skew_is_students():
    values = np.tile([1.0, 2.0, 3.0, 4.0, 5.0], 12)
    row = measured(pl.DataFrame({"prediction": values}), "mean")["mean"]
    low, high = stats.t.interval(0.95, 59, values.mean(), stats.sem(values))
    assert (row.low, row.high) == (pytest.approx(low), pytest.approx(high))


@given(values=st.lists(st.tuples(numbers, st.integers(1, 9)), min_size=2, max_size=40))
@settings(max_examples=50, deadline=None)
def test_a_weighted_mean_is_numpys(values):
    values, weight = (np.array(column, dtype=float) for column in zip(*values, strict=True))
    examples = rows(len(values), weight=weight)
    columns = {"id": "id", "prediction": "judge", "weight": "weight"}
    row = measured(pl.DataFrame({"prediction": values}), "mean", examples=examples, columns=columns)["mean"]
    assert row.value == pytest.approx(np.average(values, weights=weight), rel=1e-9, abs=1e-6)


@pytest.mark.parametrize("kind", [pl.Boolean, pl.Int64, pl.Float64])
def test_a_pass_rate_has_wilsons_interval_whether_truths_or_ones(kind):
    passed = pl.Series("prediction", [number % 4 > 0 for number in range(60)]).cast(kind)
    row = measured(passed.to_frame(), "pass_rate")["pass_rate"]
    low, high = proportion_confint(45, 60, method="wilson")
    assert (row.value, row.low, row.high) == (0.75, pytest.approx(low), pytest.approx(high))
    assert row.method == "wilson/1"


def test_a_word_error_rate_divides_the_sums_and_not_the_rates():
    answers, examples = answered(), rows()
    row = measured(answers, "ratio[errors/words]")["ratio[errors/words]"]
    value = answers["errors"].sum() / examples["words"].sum()
    assert row.value == pytest.approx(value)
    residual = (answers["errors"] - value * examples["words"]).to_numpy() / examples["words"].mean()
    error = residual.std(ddof=1) / np.sqrt(60)
    assert row.high - row.low == pytest.approx(2 * stats.t.ppf(0.975, 59) * error, rel=0.05)  # but for the skewness
    assert row.low < row.value < row.high


def test_two_word_error_rates_differ_as_the_delta_method_says():
    before, after, words = answered(1), answered(2), rows()["words"].to_numpy()
    change = changes(before, after, {"name": "ratio", "column": "errors/words", "better": "lower"})[
        "ratio[errors/words]"
    ]
    rates = [side["errors"].sum() / words.sum() for side in (before, after)]
    parts = [
        (side["errors"].to_numpy() - rate * words) / words.mean()
        for side, rate in zip((before, after), rates, strict=True)
    ]
    error = (parts[1] - parts[0]).std(ddof=1) / np.sqrt(60)
    assert change.difference == pytest.approx(rates[1] - rates[0])
    assert (change.high - change.low) / 2 == pytest.approx(stats.t.ppf(0.975, 59) * error)
    assert change.p_value == pytest.approx(2 * stats.t.sf(abs(change.difference) / error, 59))


def test_sentences_of_one_speaker_are_not_independent():
    """Twelve speakers who each make the same errors in all their sentences are worth twelve sentences."""
    errors = pl.Series("errors", [float(number % 12) for number in range(120)])
    answers = pl.DataFrame({"prediction": errors, "errors": errors})
    columns = {"id": "id", "prediction": "judge", "answers": ["errors"]}
    alone, together = (
        measured(
            answers, "mean[errors]", "ratio[errors/words]", examples=rows(120, words=[4] * 120), columns=columns | more
        )
        for more in ({}, {"cluster": "speaker"})
    )
    for metric in alone:
        assert together[metric].value == alone[metric].value
        assert together[metric].high - together[metric].low > 2.5 * (alone[metric].high - alone[metric].low)


@given(values=st.lists(numbers, min_size=1, max_size=60), level=st.sampled_from([50, 90, 95, 99]))
@settings(max_examples=60, deadline=None)
def test_a_quantile_is_numpys_below_zero_too(values, level):
    row = measured(pl.DataFrame({"prediction": pl.Series(values)}), f"p{level}")[f"p{level}"]
    assert row.value == pytest.approx(np.quantile(values, level / 100, method="averaged_inverted_cdf"))


def changes(before, after, *metrics, **more):
    return {row.metric: row for row in paired_changes(rows(before.height), before, after, demanded(*metrics, **more))}


def test_two_means_differ_as_the_paired_t_test_says():
    before, after = answered(1), answered(2, better=0.5)
    change = changes(before, after, "mean")["mean"]
    expected = stats.ttest_rel(after["prediction"], before["prediction"])
    interval = expected.confidence_interval(0.95)
    assert change.p_value == pytest.approx(expected.pvalue)
    assert (change.low, change.high) == (pytest.approx(interval.low), pytest.approx(interval.high))


def test_more_is_better_unless_the_specification_says_that_less_is():
    before, after = answered(1, n=400), answered(1, n=400).with_columns(pl.col("seconds") * 0.5)
    plain = changes(before, after, "mean[seconds]", "p50[seconds]")
    turned = changes(
        before,
        after,
        {"name": "mean", "column": "seconds", "better": "lower"},
        {"name": "p50", "column": "seconds", "better": "lower"},
    )
    for metric in plain:
        assert plain[metric].difference == turned[metric].difference < 0
        assert (plain[metric].verdict, turned[metric].verdict) == ("worse", "better")
        assert (plain[metric].better, turned[metric].better) == ("higher", "lower")
        assert (plain[metric].fixed, plain[metric].broke) == (turned[metric].broke, turned[metric].fixed) == (0, 400)


def test_an_answer_flips_when_it_moves_by_more_than_the_margin_of_its_own_metric():
    before = pl.DataFrame({"prediction": [1.0] * 40, "seconds": [1.0] * 40, "errors": [2.0] * 40})
    moved = [1.0 + step / 10 for step in (-2, -1, 0, 1, 2)] * 8
    after = pl.DataFrame({"prediction": moved, "seconds": moved, "errors": [2.0] * 40})
    found = changes(
        before,
        after,
        "mean",
        {"name": "mean", "column": "seconds", "margin": 0.05},
        "ratio[errors/seconds]",
        margin=0.15,
    )
    assert (found["mean"].margin, found["mean[seconds]"].margin, found["ratio[errors/seconds]"].margin) == (
        0.15,
        0.05,
        None,
    )
    assert (found["mean"].fixed, found["mean"].broke) == (8, 8)
    assert (found["mean[seconds]"].fixed, found["mean[seconds]"].broke) == (16, 16)
    assert (found["ratio[errors/seconds]"].fixed, found["ratio[errors/seconds]"].broke) == (16, 16)


def test_a_release_does_not_differ_from_itself():
    answers = answered(n=100)
    metrics = ("mean", "mean[seconds]", "ratio[errors/words]", "p50[seconds]", "p95[seconds]")
    for change in changes(answers, answers, *metrics, margin=0.1).values():
        assert (change.difference, change.p_value, change.fixed, change.broke) == (0, 1, 0, 0)
        assert change.verdict in ("equivalent", "inconclusive")


@pytest.mark.parametrize("used", [{}, {"weight": "words", "cluster": "speaker"}], ids=["rows", "weights and clusters"])
@given(order=st.permutations(range(60)), chunk=st.integers(1, 60))
@settings(max_examples=4, deadline=None)
def test_any_chunking_and_order_of_rows_gives_the_same_bytes(used, order, chunk):
    columns = {"id": "id", "prediction": "judge", "answers": ["seconds", "errors"], **used}
    metrics = ("mean", "ratio[errors/words]", "p50[seconds]", "p95[seconds]")
    specification = demanded(*metrics, scenarios={"long": "words > 6"}, columns=columns)
    frames = (rows(), answered(1), answered(2))
    moved = [frame[order] for frame in frames]
    assert repr(evaluate(*moved[:2], specification, chunk=chunk)) == repr(evaluate(*frames[:2], specification))
    assert repr(paired_changes(*moved, specification, chunk=chunk)) == repr(paired_changes(*frames, specification))


def test_a_missing_answer_is_left_out_of_its_own_metric_alone():
    answers = answered().with_columns(
        seconds=pl.Series([None] * 20 + [2.0] * 40), prediction=pl.Series([3.0] * 55 + [None] * 5)
    )
    found = measured(answers, "mean", "mean[seconds]", "ratio[errors/seconds]")
    assert [(row.of, row.missing) for row in found.values()] == [(55, 5), (40, 20), (40, 20)]
    nothing = measured(answers.with_columns(errors=pl.lit(0)), "ratio[seconds/errors]")["ratio[seconds/errors]"]
    assert (nothing.value, nothing.status, nothing.reason) == (None, "undefined", "no answers, or nothing to divide by")


FRAME = rows().with_columns(answered()["seconds", "errors"], judge=answered()["prediction"])
SPECIFICATION = """
project: assistant
task: scored
columns: {id: id, prediction: judge, answers: [seconds, errors]}
unit: points
margin: 0.1
metrics: [mean, {name: mean, column: seconds, better: lower, margin: 0.2}]
behaviours:
  - name: Answers long questions
    scenarios:
      - {name: Long, where: "words > 6"}
requirements:
  - {id: FAST, metric: "mean[seconds]", at_most: 3}
  - {id: STILL-FAST, metric: "mean[seconds]", no_worse_than: previous}
"""


def test_releases_without_labels_are_published_compared_and_shown(tmp_path):
    slower = FRAME.with_columns(pl.col("seconds") * 3, judge=pl.col("judge") + 1)
    for release, frame in (("1.0", FRAME), ("2.0", slower)):
        publish(frame, specification=SPECIFICATION, release=release, store=tmp_path / "store")
    store = open_store(tmp_path / "store")
    found = compare(store, "assistant", "1.0", "2.0")
    verdicts = {(row.scenario, row.metric): row.verdict for row in found.results}
    assert verdicts["all", "mean"] == verdicts["Long", "mean"] == "better"
    assert verdicts["all", "mean[seconds]"] == "worse"
    assert "+1.00 points" in found.headline
    report = release_report(store, "assistant", "2.0")
    assert [row.status for row in report.standings] == ["not met", "not met"]
    assert "Mean of seconds on all examples at most 3: not met" in report.standings[0].sentence
    assert "points" not in report.standings[0].sentence  # the unit is that of the prediction, not of seconds
    shown = examples_of(
        store, store.evaluation("assistant", "2.0"), "Long", baseline=store.evaluation("assistant", "1.0")
    )
    assert shown.columns[:4] == ["id", "1.0", "2.0", "outcome"]
    assert set(shown["outcome"]) == {"fixed"}


def test_a_column_of_scores_is_what_is_judged_where_no_prediction_is_named(tmp_path):
    text = "{project: p, task: scored, columns: {id: id, score: judge}, metrics: [mean]}"
    evaluation = publish(FRAME, specification=text, release="1.0", store=tmp_path / "store")
    (row,) = open_store(tmp_path / "store").results(evaluation)
    assert row.value == pytest.approx(FRAME["judge"].mean())


def test_what_passes_is_right_and_what_fails_is_wrong(tmp_path):
    text = "{project: p, task: scored, columns: {id: id, prediction: solved}, metrics: [pass_rate]}"
    solved = {"1.0": [True, True, False, False, None], "2.0": [True, False, True, False, True]}
    for release, values in solved.items():
        frame = pl.DataFrame({"id": list("abcde"), "solved": values})
        publish(frame, specification=text, release=release, store=tmp_path / "store")
    store = open_store(tmp_path / "store")
    before, after = (store.evaluation("p", release) for release in solved)
    assert examples_of(store, before)["outcome"].to_list() == ["right", "right", "wrong", "wrong", "no answer"]
    both = examples_of(store, after, baseline=before)["outcome"].to_list()
    assert both == ["still right", "broke", "fixed", "still wrong", "no answer"]
    (change,) = compare(store, "p", "1.0", "2.0").results
    assert (change.fixed, change.broke, change.missing, change.examples) == (1, 1, 1, 4)


@pytest.mark.parametrize(
    ("metric", "told"),
    [
        ("mean[second]", "column 'second' is not an answer; list it in columns.answers. Did you mean 'seconds'"),
        ("mean[words]", "column 'words' is not an answer"),
        ("ratio", "a ratio is of two columns"),
        ("ratio[errors]", "a ratio is of two columns"),
        ("ratio[words/errors]", "column 'words' is not an answer"),
        ("accuracy", "'accuracy' is not a metric of scored"),
        ({"name": "mean", "better": "more"}, "found 'more'. Known: higher, lower"),
    ],
)
def test_a_metric_of_no_answer_is_refused(metric, told):
    with pytest.raises(SpecificationError, match=told):
        demanded(metric)


def test_a_direction_that_is_not_open_is_refused():
    fields = {"project": "p", "task": "classification", "columns": {"id": "id", "label": "label"}}
    with pytest.raises(SpecificationError, match="found 'lower'; of accuracy, higher is better"):
        load_specification({**fields, "metrics": [{"name": "accuracy", "better": "lower"}]})
    assert (
        load_specification({**fields, "metrics": [{"name": "accuracy", "better": "higher"}]}).sign_of("accuracy") == 1
    )


def test_what_is_below_a_ratio_must_be_a_column(tmp_path):
    text = SPECIFICATION.replace("metrics: [mean", 'metrics: ["ratio[errors/word]", mean')
    with pytest.raises(
        SpecificationError, match=r"metric 'ratio' needs column 'word', which is not there\. Did you mean 'words'"
    ):
        publish(FRAME, specification=text, release="1.0", store=tmp_path / "store")


@pytest.mark.parametrize(
    ("column", "values", "metric", "told"),
    [
        ("judge", ["good"] * 60, "mean", "Column 'judge' holds string values; scored answers are numbers"),
        ("judge", [1e80] * 60, "mean", "Column 'judge' holds 1e[+]80 in row 1"),
        ("seconds", ["slow"] * 60, "mean[seconds]", "Column 'seconds' holds string values"),
        ("words", ["few"] * 60, "ratio[errors/words]", "Column 'words' holds string values"),
        ("judge", [0.5] * 60, "pass_rate", "pass_rate needs true and false, or 1 and 0; example '000' has 0.5"),
    ],
)
def test_an_answer_that_is_no_number_is_refused(tmp_path, column, values, metric, told):
    frame = FRAME.with_columns(pl.Series(column, values))
    with pytest.raises(FrameError, match=told):
        publish(frame, specification=demanded(metric), release="1.0", store=tmp_path / "store")


DRIFT = """
project: primes
task: scored
columns: {id: id, prediction: score, answers: [latency]}
metrics: [pass_rate, {name: mean, column: latency, better: lower, margin: 0.5}]
margin: 0.02
behaviours:
  - name: Tells primes
    scenarios:
      - {name: Primes, where: "ref_answer = 'yes'"}
      - {name: Composites, where: "ref_answer = 'No'"}
"""


@pytest.fixture(scope="module")
def drift(cases, tmp_path_factory):
    folder = tmp_path_factory.mktemp("drift")
    table = pl.read_csv(cases / "llm_drift" / "prime_full.csv", infer_schema_length=None)
    for model in table["model"].unique(maintain_order=True):
        mine = table.filter(pl.col("model") == model).select("id", "ref_answer", "score", "latency")
        family, month = model.rsplit("-", 1)
        text = DRIFT.replace("project: primes", f"project: {family}")
        publish(mine, specification=text, release=month, released=f"2023-{month[:2]}-{month[2:]}", store=folder)
    return open_store(folder)


def test_gpt_4_became_worse_at_primes_and_better_at_composites_and_both_are_named(drift):
    found = compare(drift, "gpt-4", "0314", "0613")
    rows = {row.scenario: row for row in found.results if row.metric == "pass_rate"}
    assert (rows["all"].baseline, rows["all"].candidate, rows["all"].verdict) == (0.84, 0.511, "worse")
    assert (rows["Primes"].baseline, rows["Primes"].candidate, rows["Primes"].verdict) == (0.976, 0.024, "worse")
    assert (rows["Composites"].baseline, rows["Composites"].candidate) == (0.704, 0.998)
    assert rows["Composites"].verdict == "better"
    for said in (found.headline, next(one for one in found.sentences if one.startswith("Tells primes"))):
        for part in ("“Primes” ", "−95.2 points", "“Composites” ", "+29.4 points"):
            assert part in said


def test_gpt_3_5_became_better_overall(drift):
    found = compare(drift, "gpt-3.5-turbo", "0301", "0613")
    rows = {row.scenario: row for row in found.results if row.metric == "pass_rate"}
    assert (rows["all"].baseline, rows["all"].candidate, rows["all"].verdict) == (0.529, 0.761, "better")
    assert rows["Composites"].verdict == "worse"
    assert "Composites" in found.headline
