"""Each kind of check on models whose answers can be counted by hand: what fails, why, and what is kept of it."""

import numpy as np
import polars as pl
import pytest
from checks_cases import ROWS, check, examples, fair, published, ran, shouting, unfair
from statsmodels.stats.proportion import proportion_confint

from plainview.exceptions import InputError
from plainview.robustness.kinds import KINDS


@pytest.fixture(scope="module")
def root(tmp_path_factory):
    return published(tmp_path_factory.mktemp("checks") / "store")


def one(root, predict, *args, **more):
    [result] = ran(root, predict, check(*args[:1], **(args[1] if len(args) > 1 else {})), dry_run=True, **more).values()
    return result


def test_a_protected_column_that_decides_is_found_and_one_that_does_not_is_not(root):
    said = {"column": "gender", "swap": ["f", "m"]}
    good, bad = one(root, fair, "counterfactual", said), one(root, unfair, "counterfactual", said)
    assert (good.failed, good.status) == (0, "met")
    income = examples()["income"].to_numpy()
    flips = int(((income >= 50) & (income - 20 < 50)).sum())  # numpy's first largest: "no" at exactly a half
    assert abs(bad.failed - flips) <= int(((income == 50) | (income == 70)).sum())
    low, high = proportion_confint(bad.failed, ROWS, method="wilson")
    assert (bad.low, bad.high) == pytest.approx((low, high))
    assert (bad.status, bad.test_type, bad.capability) == ("not met", "INV", "Fairness")
    failing = bad.outcomes.filter(~pl.col("passed"))
    assert set(failing["changed"]) <= {"gender: f → m", "gender: m → f"}
    assert (failing["answer"] != failing["answer_before"]).all()


def test_every_other_value_of_a_column_is_tried_and_copies_of_one_example_count_for_less(root):
    def by_country(frame):
        return np.where(np.asarray(frame["country"]) == "de", "yes", "no")

    found = one(root, by_country, "counterfactual", {"column": "country"})
    assert (found.tested, found.cases) == (2 * ROWS, ROWS)
    plain = proportion_confint(found.failed, found.tested, method="wilson")
    assert found.high - found.low > plain[1] - plain[0]


def test_confidence_holds_where_the_probability_is_high_enough(root):
    found = one(root, fair, "confidence", {"label": "yes", "where": "income >= 70", "at_least": 0.8})
    rows = examples().filter(pl.col("income") >= 70)
    assert (found.tested, found.failed) == (rows.height, rows.filter(pl.col("income") < 80).height)
    assert found.measures["mean"] == pytest.approx(rows["income"].mean() / 100)


def test_confidence_needs_probabilities(root):
    with pytest.raises(InputError, match="Check 'it' watches a probability, and predict gives labels alone"):
        one(root, shouting, "confidence", {"label": "yes", "at_least": 0.5})


def test_the_threshold_at_which_an_answer_flips_is_found_with_its_counterfactual(root):
    found = one(root, fair, "adversarial", {"target": "yes", "vary": {"income": {"from": 0, "to": 60}}})
    asked = examples().filter(pl.col("income") <= 50)
    assert (found.tested, found.failed, found.left_out) == (asked.height, asked.height, ROWS - asked.height)
    threshold = found.measures["thresholds"]["income"]
    assert threshold["flips"] == asked.height
    assert threshold["median"] == pytest.approx(50, abs=0.1)
    assert all(row["answer"] == "yes" and row["changed"].startswith("income: ") for row in found.outcomes.to_dicts())


def test_what_is_out_of_reach_is_not_flipped_and_the_nearest_change_is_the_one_that_is_named(root):
    found = one(root, fair, "adversarial", {"target": "yes", "vary": {"income": {"by": 0.2}, "country": ["de", "fr"]}})
    income = examples().filter(pl.col("income") <= 50)["income"].to_numpy()
    assert found.failed == int((income * 1.2 > 50).sum())
    after = found.outcomes.filter(~pl.col("passed"))["after"].to_list()
    assert all(float(each.removeprefix("income ")) == pytest.approx(50, abs=0.2) for each in after)


def test_two_columns_may_move_together_where_one_is_not_enough(root):
    def both(frame):
        sure = 0.3 * (np.asarray(frame["income"], float) > 90) + 0.3 * (np.asarray(frame["age"], float) > 60)
        return {"no": 1 - sure, "yes": sure}

    said = {"target": "yes", "vary": {"income": {"from": 0, "to": 95}, "age": {"from": 20, "to": 65}}}
    where = {"where": "income < 80 AND age < 50"}
    alone = one(root, both, "adversarial", {**said, **where})
    together = one(root, both, "adversarial", {**said, **where, "together": 2})
    assert (alone.failed, together.failed) == (0, together.tested)
    assert all("income: " in each and "age: " in each for each in together.outcomes["changed"])


def test_capitals_that_matter_are_found(root):
    found = one(root, shouting, "invariance", {"perturb": "casing", "variants": 2})
    assert found.left_out == examples()["text"].null_count()
    failing = found.outcomes.filter(~pl.col("passed"))
    assert (failing["after"] != failing["after"].str.to_lowercase()).all()
    assert found.failed == found.outcomes.filter(pl.col("after") != pl.col("after").str.to_lowercase()).height > 0


def test_numbers_may_be_rounded_in_other_units_or_noisy(root):
    rounding = one(root, fair, "augmentation", {"perturb": "rounding", "digits": 1, "column": "income"})
    rows = examples()["income"]
    moved = [(each, round(each, -1) if each >= 10 else each) for each in rows]
    flips = sum((old > 50) != (new > 50) for old, new in moved if old != new)
    assert (rounding.failed, rounding.tested) == (flips, sum(old != new for old, new in moved))
    units = one(root, fair, "perturbation", {"perturb": "units", "factor": 0.001, "column": ["income"]})
    assert units.failed == sum(rows > 50)
    noise = one(root, fair, "invariance", {"perturb": "noise", "strength": 0.01, "column": "income", "variants": 3})
    assert noise.tested == 3 * ROWS
    assert noise.rate < 0.1
    swapped = one(root, fair, "invariance", {"perturb": "category swap", "column": "country"})
    assert (swapped.failed, swapped.tested) == (0, swapped.cases * 2)  # two other countries, and no copy twice


def test_more_of_something_must_not_lower_an_answer(root):
    good = one(root, fair, "directional", {"column": "income", "add": [5, 10], "must": "not fall", "of": "yes"})
    bad = one(root, fair, "directional", {"column": "income", "add": [5], "must": "not rise", "of": "yes"})
    assert (good.failed, good.tested, good.test_type) == (0, 2 * ROWS, "DIR")
    assert bad.failed == ROWS
    steps = one(root, fair, "directional", {"column": "income", "values": [10, 40, 90], "must": "rise", "of": "yes"})
    assert (steps.failed, steps.tested) == (0, 2 * ROWS)
    assert set(steps.outcomes["changed"]) == {"income: 10 → 40", "income: 40 → 90"}


def test_a_text_that_is_added_must_move_the_answer_its_way(root):
    def sour(frame):
        sure = np.array([0.2 if "awful" in str(text) else 0.7 for text in frame["text"]])
        return {"no": 1 - sure, "yes": sure}

    said = {"append": ["It was awful."], "must": "fall", "of": "yes"}
    assert one(root, sour, "directional", said).failed == 0
    assert one(root, fair, "directional", said).rate == 1.0


def test_known_values_must_have_their_answer(root):
    rows = [{"income": 99}, {"income": 1}]
    exact = one(root, fair, "unit", {"rows": rows, "expect": "yes"})
    assert (exact.failed, exact.tested, exact.bar, exact.rule, exact.status) == (1, 2, 0.1, "point", "not met")
    ranges = one(
        root, fair, "unit", {"given": {"income": {"from": 60, "to": 90}, "country": ["de", "fr"]}, "expect": "yes"}
    )
    assert (ranges.failed, ranges.tested, ranges.cases) == (0, 3 * ROWS, ROWS)
    other = one(root, fair, "unit", {"given": {"income": 99}, "expect_not": "yes"})
    assert other.failed == other.tested


def test_templates_are_filled_with_every_word_and_must_not_hang_on_one(root):
    words = {"person": ["Anna", "Boris", "Chen"], "mood": ["happy", "sad"]}

    def dislikes(frame):
        return ["no" if "Boris" in text else "yes" for text in frame["text"]]

    templates = {"templates": ["{person} is {a:mood} person"]}
    known = one(root, dislikes, "unit", {**templates, "expect": "yes"}, lexicons=words)
    assert (known.tested, known.failed) == (6, 2)
    assert "Anna is a happy person" in known.outcomes["after"].to_list()
    stays = one(root, dislikes, "invariance", {**templates, "vary": "person"}, lexicons=words)
    assert (stays.tested, stays.failed, stays.cases) == (4, 2, 2)
    assert stays.outcomes.filter(~pl.col("passed"))["changed"].to_list() == ["Anna → Boris"] * 2


def test_images_are_changed_and_handed_over_as_arrays(tmp_path):
    pandas = pytest.importorskip("pandas")
    random = np.random.default_rng(0)
    images = [random.integers(40 + 100 * (at % 2), 90 + 100 * (at % 2), (16, 16), dtype=np.uint8) for at in range(40)]
    frame = pandas.DataFrame({"id": [f"{at}" for at in range(40)], "photo": images})

    def bright(rows):
        assert all(each.dtype == np.uint8 and each.shape == (16, 16) for each in rows["photo"])
        return ["yes" if each.mean() > 115 else "no" for each in rows["photo"]]

    def corner(rows):
        return ["yes" if each[0, 0] % 2 else "no" for each in rows["photo"]]

    root = published(tmp_path / "store")
    changes = ["contrast", "blur", "pixel noise", "rotation"]
    asked = [check("invariance", perturb, perturb=perturb) for perturb in changes]
    given = {"frame": frame, "columns": {"image": "photo"}, "dry_run": True}
    assert {result.failed for result in ran(root, bright, *asked, **given).values()} == {0}
    assert all(result.failed for result in ran(root, corner, *asked, **given).values())
    [dark] = ran(root, bright, check("invariance", perturb="brightness", strength=0.5), **given).values()
    assert dark.failed > 0


def test_the_same_seed_draws_the_same_and_another_draws_others(root):
    def drawn(seed):
        found = one(root, fair, "invariance", {"perturb": "typos", "seed": seed, "sample": 20})
        return found.outcomes.select("case", "after").rows()

    assert drawn(1) == drawn(1) != drawn(2)


def test_every_kind_is_in_the_table_with_a_type_and_a_sentence():
    from plainview.narrative.robustness import FAILS, TYPES

    assert set(FAILS) == set(KINDS)
    assert {kind.test_kind for kind in KINDS.values()} == set(TYPES)
