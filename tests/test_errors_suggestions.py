"""Suggested scenarios: what was planted is found, what is not there is not, and every number is counted."""

import numpy as np
import polars as pl
import pytest
import yaml
from cli_cases import one_object, run
from errors_cases import demanded, judged, rows
from scipy.stats import fisher_exact
from statsmodels.stats.proportion import proportion_confint
from verb_cases import demo, demo_store  # noqa: F401

from plainview.errors.additions import scenario_yaml
from plainview.errors.suggestions import counts_of, suggest, suggested_scenarios
from plainview.exceptions import InputError
from plainview.narrative.suggestions import suggestion_notes, suggestion_sentence, suggestions_answer
from plainview.specification import load_specification


def columns_of(suggestion):
    return {one.column for one in suggestion.conditions}


def planted(seed, n=2_000, *, rate=0.6, base=0.15):
    random = np.random.default_rng(seed)
    frame = rows(random, n)
    bad = ((frame["c0"] == "a") & (frame["x0"] >= 0)).to_numpy()
    return judged(frame, random.random(n) < np.where(bad, rate, base))


def test_rows_without_structure_give_false_suggestions_no_more_often_than_stated():
    seen = 0
    for seed in range(60):
        random = np.random.default_rng(seed)
        frame = rows(random, 600)
        seen += bool(suggest(judged(frame, random.random(600) < 0.2), effect=1.0).found)
    assert seen <= 7  # a rate of 5% gives more than 7 of 60 in one of 100 cases


def test_a_planted_pair_is_found_as_itself_and_what_rides_along_is_rare():
    found = [suggest(planted(seed), effect=1.0).found for seed in range(12)]
    assert all(columns_of(one[0]) == {"c0", "x0"} for one in found)
    shown = [one for each in found for one in each]
    assert sum(not columns_of(one) <= {"c0", "x0"} for one in shown) <= 2


def test_a_bad_condition_alone_is_told_alone():
    random = np.random.default_rng(5)
    frame = rows(random, 2_000)
    bad = (frame["c1"] == "b").to_numpy()
    found = suggest(judged(frame, random.random(2_000) < np.where(bad, 0.5, 0.1))).found
    assert [one.where for one in found] == ["c1 = 'b'"]


def test_the_same_rows_under_two_names_are_one_suggestion():
    random = np.random.default_rng(6)
    frame = rows(random, 2_000).with_columns(pl.col("c1").str.to_uppercase().alias("copy"))
    bad = (frame["c1"] == "b").to_numpy()
    found = suggest(judged(frame, random.random(2_000) < np.where(bad, 0.5, 0.1))).found
    assert len(found) == 1
    assert found[0].merged >= 1


def test_the_numbers_are_those_of_counting_and_the_p_is_at_least_fishers():
    given = planted(3)
    found = suggest(given)
    for one in found.found:
        again = counts_of(given, [one.where]).row(0, named=True)
        assert (again["examples"], again["errors"]) == (one.examples, one.errors)
        low, high = proportion_confint(one.errors, one.examples, method="wilson")
        assert (one.low, one.high) == pytest.approx((low, high), abs=1e-9)
        table = [
            [one.errors, one.examples - one.errors],
            [one.elsewhere_errors, one.elsewhere_examples - one.elsewhere_errors],
        ]
        assert fisher_exact(table, alternative="greater").pvalue <= one.p <= 0.05
        assert one.more == pytest.approx(one.errors - one.examples * one.elsewhere)
    assert found.examples == 2_000
    assert found.errors == int(given.events.sum())
    assert [one.more for one in found.found] == sorted((one.more for one in found.found), reverse=True)


def test_the_sentence_says_what_was_counted():
    found = suggest(planted(3))
    one = found.found[0]
    said = suggestion_sentence(one, found)
    assert said.startswith(f"Of {one.examples:,} examples with ")
    assert f"{one.share:.1%} are wrong, against {one.elsewhere:.1%} elsewhere: {one.errors} errors, about " in said
    assert f"{found.errors:,} of 2,000 examples" in suggestions_answer(found, "1.0")
    assert "adjusted for all that was tried" in suggestion_notes(one)[2]


def test_too_small_and_too_slight_groups_are_not_suggested():
    given = planted(3)
    assert all(one.examples >= 300 for one in suggest(given, minimum=300).found)
    assert not suggest(given, effect=50.0).found
    assert suggest(given, depth=1).tried < suggest(given, depth=2).tried


def test_three_conditions_are_searched_if_asked():
    random = np.random.default_rng(8)
    frame = rows(random, 3_000).select("id", "label", "c0", "c1", "c2")
    bad = ((frame["c0"] == "a") & (frame["c1"] == "a") & (frame["c2"] == "a")).to_numpy()
    given = judged(frame, random.random(3_000) < np.where(bad, 0.9, 0.1))
    assert columns_of(suggest(given, depth=3, minimum=20).found[0]) == {"c0", "c1", "c2"}


def test_rows_of_one_cluster_are_not_evidence_by_their_number():
    random = np.random.default_rng(2)
    who = np.repeat(np.arange(60), 20)
    per_customer = rows(random, 60)[who].with_columns(
        pl.Series("id", [str(at) for at in range(1_200)]), pl.Series("who", who.astype(str))
    )
    wrong = random.random(1_200) < random.beta(0.4, 1.6, 60)[who]
    blind = suggest(judged(per_customer, wrong), columns=["c0", "c1", "c2", "c3", "x0", "x1", "x2", "x3"])
    aware = suggest(judged(per_customer, wrong, specification=demanded(cluster="who")))
    assert len(blind.found) > 0  # what counting rows as independent would have said
    assert not aware.found
    assert "who" not in aware.columns


def test_where_more_was_fixed_than_broke_nothing_is_said_to_have_broken():
    random = np.random.default_rng(4)
    frame = rows(random, 2_000)
    moved = (frame["c0"] == "a").to_numpy()
    draw = random.random(2_000)
    broke, fixed = moved & (draw < 0.2), moved & (draw > 0.6)
    assert not suggest(judged(frame, broke, event="broke", against=fixed)).found
    found = suggest(judged(frame, fixed, event="fixed", against=broke)).found
    assert found[0].where == "c0 = 'a'"
    assert found[0].against == int(broke.sum())


def test_nothing_wrong_and_nothing_there_are_said_so():
    frame = rows(np.random.default_rng(0), 100)
    nothing = suggest(judged(frame, np.zeros(100, bool)))
    assert nothing.found == ()
    assert suggestions_answer(nothing, "1.0").endswith("so there is nothing to search for.")
    empty = suggest(judged(frame.head(0), np.zeros(0, bool)))
    assert empty.tried == 0
    assert suggestions_answer(empty, "1.0") == "No example has a label and an answer of 1.0."


def test_an_unknown_column_and_an_unknown_depth_are_errors_that_help():
    given = planted(3)
    with pytest.raises(InputError, match="Did you mean 'c0'"):
        suggest(given, columns=["c00"])
    with pytest.raises(InputError, match=r"must be 1, 2 or 3\. Got 4"):
        suggest(given, depth=4)


def test_the_yaml_is_a_specification_that_measures_the_same_rows():
    given = planted(3)
    found = suggest(given)
    written = scenario_yaml(found.found, given.specification, found, release="1.0")
    behaviours = yaml.safe_load(written)
    parts = {"id": "id", "label": "label"}
    more = load_specification(
        {"project": "x", "task": "classification", "columns": parts, "metrics": ["accuracy"], "behaviours": behaviours}
    )
    assert [scenario.where for scenario in more.scenarios[1:]] == [one.where for one in found.found]
    known = suggest(judged(given.rows, given.events, specification=more))
    assert [one.already for one in known.found] == [scenario.name for scenario in more.scenarios[1:]]
    twice = yaml.safe_load(scenario_yaml(found.found, more, found, release="1.0"))
    assert twice[0]["name"].endswith("(2)")
    assert twice[0]["scenarios"][0]["name"].endswith("(2)")


def test_what_learning_negation_fixed_is_found_in_the_demo(demo_store):  # noqa: F811
    before, after = (demo_store.evaluation("sentiment-afinn", name) for name in ("2.1.0", "3.0.1"))
    found = suggested_scenarios(demo_store, after, event="fixed", baseline=before)
    best = found.found[0]
    assert (best.where, best.examples, best.errors, best.against) == ("has_negation = 1", 686, 74, 22)
    assert best.already == "With a negation"
    wrong = suggested_scenarios(demo_store, after)
    assert wrong.found[0].already == "With a negation"


def test_numbers_are_searched_by_large_errors(demo_store):  # noqa: F811
    latest = demo_store.releases("flight-delay")[-1]
    found = suggested_scenarios(demo_store, latest)
    assert found.errors / found.examples == pytest.approx(0.1, abs=0.005)
    assert "Long haul" in [one.already for one in found.found]
    assert "off by more than" in suggestion_sentence(found.found[0], found, large="25 minutes")


def test_a_baseline_is_needed_to_tell_what_broke(demo_store):  # noqa: F811
    with pytest.raises(InputError, match="'baseline' parameter is needed"):
        suggested_scenarios(demo_store, demo_store.evaluation("sentiment-afinn", "3.0.1"), event="broke")


def test_the_command_line_says_the_same_and_prints_what_to_add(demo_store, demo):  # noqa: F811
    found = suggested_scenarios(demo_store, demo_store.evaluation("sentiment-afinn", "3.0.1"))
    printed = one_object(run("suggest", "sentiment-afinn", "3.0.1", "--json", store=demo))
    assert [each["where"] for each in printed["suggestions"]] == [one.where for one in found.found]
    assert printed["headline"] == suggestions_answer(found, "3.0.1")
    assert all(
        each["sentence"] in run("suggest", "sentiment-afinn", "3.0.1", store=demo).stdout
        for each in printed["suggestions"]
    )
    written = run("suggest", "sentiment-afinn", "3.0.1", "--yaml", store=demo).stdout
    assert written == printed["yaml"]
    assert [each["where"] for each in yaml.safe_load(written)[0]["scenarios"]] == [one.where for one in found.found]


def test_the_command_line_looks_back_to_the_release_before(demo):  # noqa: F811
    printed = one_object(run("suggest", "sentiment-afinn", "3.0.1", "--kind", "fixed", "--json", store=demo))
    assert printed["suggestions"][0]["where"] == "has_negation = 1"
    assert "3.0.1 fixed" in printed["headline"]
    first = run("suggest", "sentiment-afinn", "1.0.6", "--kind", "broke", store=demo)
    assert (first.exit_code, first.stdout) == (2, "")
    assert "Name another with --baseline" in first.stderr
