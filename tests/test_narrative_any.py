"""Sentences, whatever the numbers: no word, no mark and no claim that the guide forbids."""

import re

from hypothesis import given, settings
from hypothesis import strategies as st
from narrative_cases import MEASURED, SPECIFICATION, change, result
from verb_cases import answers, paired_frame, specification

from plainview import narrative
from plainview.comparison import Comparison
from plainview.evaluation import evaluate

FORBIDDEN = re.compile(
    r"\b(significan\w+|proven?|proves|safe\w*|solved?|unbiased|guarantee\w*|slice|segment|cohort|suite|experiment"
    r"|nan|None|inf|null)\b"
)
BROKEN = re.compile(r"  | [,.;:)]|\( |,\.|\.\.|;\.|,,|\(\)|“”|\bsome 0\b")
share = st.floats(0, 1)
REASONS = st.sampled_from([None, "only 12 examples, 30 are needed"])
NEEDED = st.sampled_from([None, 1, 340, 10**6])
verdicts = st.sampled_from(["better", "worse", "equivalent", "inconclusive", "not comparable"])


@st.composite
def any_change(draw, scenario, behaviour, metric="accuracy"):
    verdict = draw(verdicts)
    if verdict == "not comparable":
        return change(scenario, verdict, behaviour=behaviour, metric=metric)
    scale = 1.0 if metric == "accuracy" else draw(st.sampled_from([1e-9, 1.0, 1e6]))
    size, width = draw(st.floats(1e-4, 1)) * scale, draw(share) * scale
    gain = {"better": size, "worse": -size, "equivalent": 0.001 * size}.get(
        verdict, draw(st.sampled_from([-1, 0, 1])) * size
    )
    difference = gain if metric == "accuracy" else -gain
    examples, known = draw(st.integers(1, 10**6)), draw(st.booleans())
    low, high = (difference - width, difference + width) if known else (None, None)
    before = draw(share) * scale
    flips = draw(st.sampled_from([(0, 0), (1, 0), (1234, 7), (None, None)]))
    return change(
        scenario, verdict, behaviour=behaviour, metric=metric, baseline=before, candidate=before + difference, low=low,
        high=high, difference=difference, fixed=flips[0], broke=flips[1], examples=examples,
        not_worse=verdict in ("better", "equivalent") or (verdict == "inconclusive" and draw(st.booleans())),
        reason=draw(REASONS) if verdict == "inconclusive" else None,
        more_examples_needed=draw(NEEDED) if verdict == "inconclusive" else None,
        missing=draw(st.sampled_from([0, 1, 1200])), margin=0.01 * scale,
    )  # fmt: skip


@st.composite
def any_comparison(draw):
    demanded, metric = draw(st.sampled_from([(SPECIFICATION, "accuracy"), (MEASURED, "mae")]))
    names = [(scenario.name, scenario.behaviour) for scenario in demanded.scenarios]
    rows = tuple(draw(any_change(name, behaviour, metric)) for name, behaviour in names)
    counts = st.sampled_from([0, 1, 1200])
    found = Comparison(
        "p", "1.0", "2.0", paired=draw(st.booleans()), examples=draw(st.integers(1, 10**6)), results=rows, margin=0.01,
        only_baseline=draw(counts), only_candidate=draw(counts), relabelled=draw(counts),
    )  # fmt: skip
    return found, demanded


def well_formed(sentence):
    assert not FORBIDDEN.search(sentence), sentence
    assert not BROKEN.search(sentence), sentence
    assert sentence.count("“") == sentence.count("”"), sentence
    assert sentence.count("(") == sentence.count(")"), sentence
    assert sentence.endswith("."), sentence
    assert sentence == sentence.strip()
    assert "e-" not in sentence, sentence


@given(any_comparison())
@settings(max_examples=150, deadline=None)
def test_no_sentence_about_any_comparison_is_broken_or_uses_a_forbidden_word(made):
    found, demanded = made
    well_formed(narrative.headline(found, demanded))
    for said in narrative.statements(found, demanded):
        well_formed(said)
    for row in found.results:
        well_formed(narrative.change_sentence(row, demanded))


@given(any_comparison())
@settings(max_examples=150, deadline=None)
def test_a_headline_claims_no_more_than_the_verdicts(made):
    found, demanded = made
    said, words = narrative.headline(found, demanded), {row.verdict for row in found.results}
    parts = found.results[1:]
    if "without sacrificing" in said:
        assert all(row.not_worse for row in found.results if row.verdict not in ("better", "not comparable"))
    if "worse" in words:
        assert "worse" in said
        assert "as good as" not in said
    if re.search(r"better than 1\.0", said.replace("better or worse than", "")):
        assert "better" in words
    if "did not change" in said or "as good as" in said:
        assert found.results[0].verdict == "equivalent"
    if "hides" in said:
        assert {"better", "worse"} <= {row.verdict for row in parts}
    if "cannot be compared" in said:
        assert words == {"not comparable"}


@given(any_comparison())
@settings(max_examples=150, deadline=None)
def test_nothing_is_said_to_be_shown_that_is_not_and_nothing_that_is_shown_is_denied(made):
    found, demanded = made
    said, words = narrative.headline(found, demanded), {row.verdict for row in found.results}
    if "nothing is shown to be better" in said:
        assert "better" not in words
    if "Nobody can tell" in said:
        assert not words & {"better", "worse"}
    if "no loss was found" in said or "no scenario lost" in said:
        assert "worse" not in words


@given(
    value=st.none() | share, width=share, of=st.integers(0, 10**6), missing=st.integers(0, 2000), known=st.booleans(),
    reason=st.sampled_from(["no example is no", "only 29 examples, 30 are needed"]),
    metric=st.sampled_from(["accuracy", "macro_f1", "recall[no]"]),
)  # fmt: skip
@settings(max_examples=100, deadline=None)
def test_no_sentence_about_a_result_is_broken(value, width, of, missing, known, reason, metric):
    ends = (
        {"low": max(0.0, value - width), "high": min(1.0, value + width)}
        if known and value is not None
        else {"low": None, "high": None}
    )
    row = result(
        value=value, of=of, missing=missing, metric=metric, reason=reason if value is None or of < 30 else None, **ends
    )
    well_formed(narrative.result_sentence(row, SPECIFICATION))


def test_real_results_are_told_without_a_broken_sentence():
    rows = paired_frame(50, 3, 2, 9)
    demanded = specification(
        "accuracy", "precision[no]", "f1[no]", scenarios={"A": "part = 'a'", "Nobody": "part = 'z'"}
    )
    for row in evaluate(rows, answers(rows, "after"), demanded):
        well_formed(narrative.result_sentence(row, demanded))
