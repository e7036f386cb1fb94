"""The one scorer: every level with every activity removed, every edge of every band, and what a file of a framework may say."""

from pathlib import Path

import pytest
from readiness_cases import ACTIVITIES, LEVELS

from plainview.exceptions import InputError
from plainview.readiness import NAMES, OUTCOMES, SCALES, frameworks, load_framework, read_framework, score
from plainview.readiness.bank import SHARED

MATURITY = load_framework("error-analysis")
ROBUSTNESS = load_framework("robustness")
TEST_SCORE = load_framework("test-score")
MLTRL = load_framework("mltrl")
SECTIONS = [[question.code for question in section.questions] for section in TEST_SCORE.sections]


def graded(framework, points):
    """Steps that add up to so many points of grades 0 to 4, every question answered."""
    codes = list(framework.questions)
    return {code: max(0, min(4, points - 4 * at)) for at, code in enumerate(codes)}


def automated(halves):
    """Steps with which every section has so many half points, every test answered."""
    return {
        code: 3 if 2 * at + 2 <= halves else 2 if 2 * at + 1 == halves else 0
        for section in SECTIONS
        for at, code in enumerate(section)
    }


# What the frameworks are


def test_the_frameworks_have_as_many_questions_as_their_sources():
    counts = {each.name: [len(section.questions) for section in each.sections] for each in frameworks()}
    assert counts["error-analysis"] == [2, 4, 2, 2, 3]
    assert (counts["robustness"], sum(counts["robustness"])) == ([3, 3, 4, 4, 4, 4], 22)
    assert counts["test-score"] == [7, 7, 7, 7]
    assert len(counts["mltrl"]) == 10
    assert set(counts["mltrl"]) <= {3, 4, 5}
    assert counts["qa-coverage"] == [6] * 7 + [9]
    assert counts["quality-culture"] == [5]
    assert tuple(counts) == NAMES


@pytest.mark.parametrize("framework", frameworks(), ids=lambda each: each.name)
def test_every_question_says_what_is_asked_why_it_matters_and_what_counts(framework):
    for question in framework:
        assert question.asks.endswith("?")
        assert question.why.endswith(".")
        assert question.counts.endswith(".")
        assert all(words for _, words in framework.marks(question.code))
    assert framework.source.link.startswith("https://")
    assert framework.says_not.endswith(".")


def test_no_code_is_used_twice_and_every_shared_one_exists():
    codes = [code for framework in frameworks() for code in framework.questions]
    assert len(codes) == len(set(codes))
    shared = [code for row in SHARED for code in row]
    assert set(shared) <= set(codes)
    assert len(shared) == len(set(shared))


def test_questions_that_ask_the_same_are_proved_by_the_same_or_by_nothing():
    proofs = {code: question.proof for framework in frameworks() for code, question in framework.questions.items()}
    apart = [row for row in SHARED if len({proofs[code] for code in row} - {None}) > 1]
    assert apart == [("EA9", "TM6")]  # looked at, and good enough: the store can tell them apart


# Levels


@pytest.mark.parametrize("level", LEVELS)
def test_a_level_holds_with_all_its_activities_and_all_lower_ones(level):
    names = list(LEVELS)
    codes = [code for name in names[: names.index(level) + 1] for code in LEVELS[name]]
    found = score(MATURITY, dict.fromkeys(codes, 3))
    assert (found.label, found.value, found.met) == (level, names.index(level), len(codes))
    assert len(codes) == {"L0": 2, "L1": 6, "L2": 8, "L3": 10, "L4": 13}[level]


@pytest.mark.parametrize("gone", ACTIVITIES)
@pytest.mark.parametrize("step", [None, 0, 1, 2])
def test_without_one_activity_the_level_is_the_one_below_it_whatever_else_is_done(gone, step):
    steps = dict.fromkeys(ACTIVITIES, 4) | {gone: step}
    found = score(MATURITY, {code: each for code, each in steps.items() if each is not None})
    names = list(LEVELS)
    level = next(at for at, codes in enumerate(LEVELS.values()) if gone in codes)
    expected = (names[level - 1], level - 1) if level else ("below L0", None)
    assert (found.label, found.value) == expected
    assert found.met == 12


def test_nothing_answered_is_not_assessed_and_everything_denied_is_below_the_lowest():
    assert (score(MATURITY, {}).label, score(MATURITY, {}).value) == ("not assessed", None)
    denied = score(MATURITY, dict.fromkeys(ACTIVITIES, 0))
    assert (denied.label, denied.value, denied.answered) == ("below L0", None, 13)


@pytest.mark.parametrize("level", range(10))
def test_a_readiness_level_needs_every_gate_of_it_and_below(level):
    gates = [[each.code for each in section.questions] for section in MLTRL.sections]
    steps = dict.fromkeys([code for section in gates[: level + 1] for code in section], 3)
    assert score(MLTRL, steps).label == f"Level {level}"
    for code in gates[level]:
        without = {each: step for each, step in steps.items() if each != code}
        if without:
            assert score(MLTRL, without).label == (f"Level {level - 1}" if level else "below Level 0")


# Bands

EDGES = [
    (0, "Not ready"), (24, "Not ready"), (24.9, "Not ready"), (25, "Adequate"), (39, "Adequate"), (39.9, "Adequate"),
    (40, "Robust"), (60, "Robust"), (60.1, "Best in class"), (61, "Best in class"), (88, "Best in class"),
]  # fmt: skip
TEST_EDGES = [
    (0, "Research project"), (0.5, "Not untested"), (1.0, "Not untested"), (1.5, "First pass"), (2.0, "First pass"),
    (2.5, "Reasonably tested"), (3.0, "Reasonably tested"), (3.5, "Strongly tested"), (5.0, "Strongly tested"),
    (5.5, "Exceptional"), (7.0, "Exceptional"),
]  # fmt: skip


@pytest.mark.parametrize(("points", "band"), EDGES)
def test_the_bands_of_the_robustness_score_meet_without_gap_or_overlap(points, band):
    assert ROBUSTNESS.band(points).name == band
    if points == int(points):
        found = score(ROBUSTNESS, graded(ROBUSTNESS, int(points)))
        assert (found.value, found.band, found.label) == (points, band, f"{points} of 88")


@pytest.mark.parametrize(("points", "band"), TEST_EDGES)
def test_the_bands_of_the_test_score_are_open_on_the_left(points, band):
    assert TEST_SCORE.band(points).name == band
    found = score(TEST_SCORE, automated(int(2 * points)))
    assert (found.value, found.band) == (points, band)


@pytest.mark.parametrize("weak", range(4))
def test_the_test_score_is_the_lowest_of_four_sections_and_names_it(weak):
    steps = automated(14) | dict.fromkeys(SECTIONS[weak], 0) | {SECTIONS[weak][0]: 3}
    found = score(TEST_SCORE, steps)
    assert (found.value, found.band, found.weakest) == (1.0, "Not untested", TEST_SCORE.sections[weak].name)


def test_a_zero_in_one_category_is_bought_back_by_the_others_and_is_named_as_the_weakest():
    steps = graded(ROBUSTNESS, 88) | {f"RS{number}": 0 for number in range(19, 23)}
    found = score(ROBUSTNESS, steps)
    assert (found.value, found.band) == (72, "Best in class")
    assert found.weakest == "Security, failure handling and compliance"


def test_coverage_counts_what_is_met():
    culture = load_framework("quality-culture")
    found = score(culture, {"QC1": 3, "QC2": 2, "QC3": 4, "QC4": 0})
    assert (found.label, found.met, found.answered, found.band) == ("2 of 5", 2, 4, "")


@pytest.mark.parametrize("step", [-1, 5])
def test_a_step_that_does_not_exist_is_an_error(step):
    with pytest.raises(InputError, match="must be 0 to 4"):
        score(MATURITY, {"EA1": step})


# Scales


def test_the_scales_map_onto_each_other_as_the_table_says():
    rows = [[SCALES[name].at(step).key for name in ("grades", "activity", "automation", "gate")] for step in range(5)]
    assert rows == [
        ["0", "no", "0", "no"],
        ["1", "partly", "0", "no"],
        ["2", "partly", "0.5", "no"],
        ["3", "yes", "1", "yes"],
        ["4", "yes", "1", "yes"],
    ]
    assert {mark.outcome for scale in SCALES.values() for mark in scale.marks} == set(OUTCOMES[:3])


@pytest.mark.parametrize(
    ("scale", "written", "key"),
    [
        ("activity", "Yes", "yes"), ("activity", "true", "yes"), ("automation", ".5", "0.5"), ("automation", "1.0", "1"),
        ("grades", "3.0", "3"), ("gate", "NO", "no"), ("grades", "Not applicable", "not applicable"),
    ],
)  # fmt: skip
def test_an_answer_is_read_however_it_is_written(scale, written, key):
    assert SCALES[scale].read(written) == key


@pytest.mark.parametrize(
    ("scale", "written"), [("activity", "yep"), ("grades", "5"), ("grades", "nan"), ("gate", "partly")]
)
def test_an_answer_that_a_scale_does_not_offer_is_an_error(scale, written):
    with pytest.raises(ValueError, match="found"):
        SCALES[scale].read(written)


# Targets


@pytest.mark.parametrize(
    ("framework", "target", "least"),
    [
        (MATURITY, "L3", 3), (MATURITY, "l0", 0), (MATURITY, "2", 2), (ROBUSTNESS, "Not ready", 0),
        (ROBUSTNESS, "Adequate", 25),
        (ROBUSTNESS, "Robust", 40), (ROBUSTNESS, "Best in class", 61), (ROBUSTNESS, "41.5", 41.5),
        (TEST_SCORE, "Not untested", 0.5), (TEST_SCORE, "First pass", 1.5), (TEST_SCORE, "Exceptional", 5.5),
        (load_framework("qa-coverage"), "12 of 51", 12),
    ],
)  # fmt: skip
def test_a_target_is_the_least_score_of_its_level_or_band(framework, target, least):
    assert framework.target(target) == least


@pytest.mark.parametrize(
    ("framework", "target", "said"),
    [
        (MATURITY, "L7", "'L"), (MATURITY, "2.5", "L2"), (MATURITY, "nan", "L0"), (ROBUSTNESS, "Robst", "'Robust'"),
        (TEST_SCORE, "8", "Research"),
    ],
)  # fmt: skip
def test_a_target_that_is_none_names_the_nearest(framework, target, said):
    with pytest.raises(InputError, match=said):
        framework.target(target)


# A team's own


OWN = """
name: our-rules
title: Our rules
source: {title: The handbook, link: "https://example.org/handbook"}
says_not: It does not say that the product is good.
scoring: sum
scale: automation
bands:
  - {name: Low, below: 1, says: little is done}
  - {name: High, says: much is done}
sections:
  - name: Rules
    why: We learned it the hard way.
    counts: The ticket.
    questions:
      - {code: OR1, title: Reviews, asks: Is every release reviewed?, same_as: EA12, proof: comparison}
      - {code: OR2, title: Canary, asks: Is there a canary?, anchors: {"0.5": sometimes}}
"""


def test_a_team_adds_a_framework_as_one_file(tmp_path):
    (tmp_path / "ours.yaml").write_text(OWN)
    own = load_framework(tmp_path / "ours.yaml")
    assert own.question("OR1").why == "We learned it the hard way."
    assert [words for _, words in own.marks("OR2")] == ["not done", "sometimes", "run automatically and repeatedly"]
    assert score(own, {"OR1": 2, "OR2": 2}).band == "High"


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("scoring: sum", "scoring: summ", "line 6, column 10 (scoring): found 'summ'. Did you mean 'sum'?"),
        ("scale: automation", "scale: automatic", "Did you mean 'automation'?"),
        ("proof: comparison", "proof: comparisons", "there is no proof 'comparisons'. Did you mean 'comparison'?"),
        ("same_as: EA12", "same_as: EA99", "there is no question 'EA99'. Did you mean 'EA9'?"),
        ("code: OR2", "code: OR1", "line 17, column 16 (sections[0].questions[1].code): the code 'OR1' is given twice"),
        ("code: OR2", "code: EA2", "'EA2' is a question of error-analysis"),
        ("name: our-rules", "name: robustness", "comes with Plainview"),
        ("below: 1, ", "", "has 0 ends; expected exactly one of below and up_to"),
        ("{name: High,", "{name: High, below: 0.5,", "neither below nor up_to"),
        ('{"0.5": sometimes}', '{"0.7": sometimes}', "'0.7' is no answer of this scale"),
        ("    why: We learned it the hard way.\n", "", "'why' is missing"),
        ("title: Reviews,", "titel: Reviews,", "unknown key 'titel'. Did you mean 'title'?"),
        ("https://example.org", "javascript:alert(1)//", "expected an address that begins with https://"),
        ("scoring: sum", "scoring: levels", "bands belong to the scorings sum and minimum"),
        ("asks: Is there a canary?", "asks: 'a\x01b'", "does not allow"),
        ("name: our-rules", "name: our-rules\nname: again", "the key 'name' is given twice"),
    ],
)
def test_a_fault_in_a_framework_names_the_place_and_the_nearest_name(old, new, said):
    assert old in OWN
    with pytest.raises(InputError) as caught:
        read_framework(OWN.replace(old, new, 1), name="ours.yaml")
    assert said in str(caught.value)
    assert "ours.yaml, line " in str(caught.value)


@pytest.mark.parametrize(
    ("name", "said"), [("robustnes", "'robustness'"), ("none.yaml", "could not be read"), ("\0.yaml", "could not")]
)
def test_an_unknown_framework_names_the_nearest(name, said):
    with pytest.raises(InputError, match=said):
        load_framework(name)


def test_the_framework_of_the_guide_is_one():
    guide = (Path(__file__).parent.parent / "core" / "READINESS.md").read_text()
    found = read_framework(guide.split("```yaml\n")[1].split("```")[0])
    assert (found.scoring, [section.name for section in found.sections]) == ("minimum", ["Before", "After"])
    assert found.band(score(found, {"H1": 3, "H2": 3, "H3": 2, "H4": 2}).value).name == "Not yet"


def test_an_unknown_question_names_the_nearest():
    with pytest.raises(InputError, match="EA1"):
        MATURITY.question("EA111")
