"""What people write about errors: reviews, tags and patterns, each checked, kept, and counted anew in every release."""

from datetime import UTC, datetime

import polars as pl
import pytest
import yaml
from page_stores import frame, publish, specification
from statsmodels.stats.proportion import proportion_confint
from verb_cases import demo, demo_store  # noqa: F401

from plainview import reviews
from plainview.errors.additions import Addition, group_yaml
from plainview.errors.judged import judge
from plainview.errors.patterns import document_pattern, pattern_standings, patterns_in, update_pattern
from plainview.errors.properties import properties_of
from plainview.errors.tags import keep_tag, remove_tag, tags_in
from plainview.exceptions import InputError
from plainview.narrative.patterns import pattern_sentence, patterns_answer, review_line, reviewed
from plainview.readiness.evidence import evidence_of
from plainview.readiness.facts import Facts
from plainview.specification import load_specification
from plainview.store import open_store


@pytest.fixture
def store(tmp_path):
    """Two releases: 60 of 240 answers are wrong, then 40 of them still are."""
    publish(tmp_path / "store", specification("texts"), frame(60, kinds=3), frame(40, kinds=3))
    return open_store(tmp_path / "store")


@pytest.fixture
def line(store):
    return store.releases("texts")


def wrong_ids(number):
    rows = frame(number, kinds=3)
    return rows.filter(pl.col("label") != pl.col("prediction"))["id"].to_list()


# Reviews


def test_a_review_of_mistakes_counts_what_was_seen_and_is_evidence(store, line):
    kept = reviews.keep_review(store, line[1], reviews.MISTAKES, ids=["0001", "0002"], note="Sarcasm.", actor="lena")
    assert (kept.count, kept.by, kept.release) == (2, "lena", "1.1")
    events = store.events("texts")
    assert reviews.reviews_in(events, reviews.MISTAKES) == [kept]
    assert reviews.reviews_in(events, reviews.MISTAKES, release="1.0") == []
    assert reviews.reviews_in(events, reviews.SUGGESTIONS) == []
    found = evidence_of(Facts(store, "texts"), "confident-mistakes")
    assert (found.outcome, found.count) == ("met", 2)
    assert "2 examples. Sarcasm." in review_line(kept, "example")
    assert reviewed([kept], "them").startswith("Seen by lena, last on ")


def test_reviews_of_suggestions_and_comparisons_are_evidence_too(store, line):
    reviews.keep_review(store, line[1], reviews.SUGGESTIONS, wheres=["kind = 1"])
    reviews.keep_review(store, line[1], reviews.COMPARISON, baseline="1.0", note="As expected.")
    facts = Facts(store, "texts")
    assert evidence_of(facts, "scenarios").outcome == "met"
    assert evidence_of(facts, "comparison").outcome == "met"


@pytest.mark.parametrize(
    ("subject", "given", "said"),
    [
        ("comparisons", {"baseline": "1.0"}, "Did you mean 'comparison'?"),
        (reviews.MISTAKES, {}, "Got nothing"),
        (reviews.COMPARISON, {"note": "fine"}, "Got nothing"),
        (reviews.COMPARISON, {"baseline": "1.0", "note": "x\x00"}, "control character"),
    ],
)
def test_a_review_of_nothing_is_not_kept(store, line, subject, given, said):
    with pytest.raises(InputError, match=said.replace("?", r"\?")):
        reviews.keep_review(store, line[1], subject, **given)
    assert store.events("texts") == []


# Tags


def test_the_latest_tag_of_a_name_holds_and_it_can_be_taken_away(store, line):
    keep_tag(store, line[0], "Odd ones", where="kind = 1")
    second = keep_tag(store, line[1], "Odd ones", ids=["0003", "0003", "0004"], note="By hand.", actor="tom")
    keep_tag(store, line[1], "Others", where="kind = 2")
    assert (second.count, second.group.ids) == (2, ("0003", "0004"))
    assert [each.name for each in tags_in(store.events("texts"))] == ["Odd ones", "Others"]
    assert tags_in(store.events("texts"))[0] == second
    remove_tag(store, "texts", "Odd ones")
    assert [each.name for each in tags_in(store.events("texts"))] == ["Others"]
    with pytest.raises(InputError, match=r"There is no tag 'Other'\. Did you mean 'Others'"):
        remove_tag(store, "texts", "Other")


@pytest.mark.parametrize(
    ("name", "given", "said"),
    [
        ("", {"where": "kind = 1"}, "The name of a tag: found empty text"),
        ("a", {}, "Got neither"),
        ("a", {"where": "kind = 1", "ids": ["0001"]}, "Got both"),
        ("a", {"where": "kinds = 1"}, "no column 'kinds'. Did you mean 'kind'"),
        ("a", {"where": "kind ="}, "Not complete"),
        ("a", {"ids": ["x001"]}, "no example 'x001'"),
        ("a", {"ids": map(str, range(2_000))}, "say what they share as a condition"),
    ],
)
def test_a_tag_that_cannot_be_used_is_an_error_and_is_not_kept(store, line, name, given, said):
    with pytest.raises(InputError, match=said):
        keep_tag(
            store, line[1], name, **{key: value if key == "where" else list(value) for key, value in given.items()}
        )
    assert store.events("texts") == []


def test_tags_become_scenarios_of_the_same_examples(store, line):
    keep_tag(store, line[1], "Odd ones", ids=["0003", "0004"], note="By hand.")
    keep_tag(store, line[1], "Understands the first kind (0)", where="kind = 2")
    known = load_specification(store.specification_text(line[1]))
    chosen = [Addition(each.name, each.group, each.note) for each in tags_in(store.events("texts"))]
    behaviours = yaml.safe_load(group_yaml(chosen, known, behaviour="Tagged"))
    more = load_specification(specification("texts", behaviours=behaviours))
    assert [each.name for each in more.scenarios] == ["all", "Odd ones", "Understands the first kind (0) (2)"]
    assert more.scenarios[1].ids == ("0003", "0004")
    assert more.scenarios[2].where == "kind = 2"


def test_properties_are_what_they_say(demo_store):  # noqa: F811
    found = judge(demo_store, demo_store.evaluation("sentiment-afinn", "3.0.1"))
    texts, properties = found.rows["text"], {one.name: one for one in properties_of(found)}
    digits = texts.str.contains(r"[0-9]").to_numpy()
    other = texts.map_elements(lambda text: not text.isascii(), return_dtype=pl.Boolean).to_numpy()
    for name, mask in (("A digit in text", digits), ("Other characters than ASCII in text", other)):
        one = properties[name]
        assert (one.examples, one.errors) == (mask.sum(), found.events[mask].sum())
        assert (one.low, one.high) == pytest.approx(proportion_confint(one.errors, one.examples, method="wilson"))
        assert (one.group.mask(found.rows, found.specification) == mask).all()
    negated = properties["A negation in text"]
    words = texts.str.contains(r"(?i)(\b(not|no|never|nothing|nobody|none|neither|nor|without)\b|n't|n’t|cannot)").sum()
    assert 0.9 * words <= negated.examples <= words  # a negation that ends a sentence is not seen
    assert negated.difference[0] > 0
    shares = [one.share - one.elsewhere for one in properties.values()]
    assert shares == sorted(shares, reverse=True)


def test_confidence_and_what_is_missing_are_properties(tmp_path):
    rows = frame(60).with_columns(
        p=pl.int_range(240) / 240, gap=pl.when(pl.int_range(240) % 4 == 0).then(None).otherwise(pl.lit("there"))
    )
    columns = {"id": "id", "label": "label", "probabilities": {"yes": "p"}}
    publish(tmp_path / "store", specification("sure", columns=columns, positive="yes"), rows)
    store = open_store(tmp_path / "store")
    found = {one.name.split(" (")[0]: one for one in properties_of(judge(store, store.evaluation("sure", "1.0")))}
    assert found["No gap"].examples == 60
    assert found["No gap"].group.where == "gap IS NULL"
    assert len(found["Low confidence"].group.ids) == found["Low confidence"].examples
    assert found["High confidence"].share < found["Low confidence"].share or found["High confidence"].examples


# Patterns


def test_a_pattern_is_counted_anew_in_every_release(store, line):
    ids = wrong_ids(60)[:30]
    pattern = document_pattern(store, line[0], "Sarcasm", note="Praise that is none.", owner="language team", ids=ids)
    table = pattern_standings(store, [pattern], line)
    still = [len(set(ids) & set(wrong_ids(number))) for number in (60, 40)]
    assert table.select("release", "examples", "errors").rows() == [("1.0", 30, still[0]), ("1.1", 30, still[1])]
    for row in table.iter_rows(named=True):
        assert (row["low"], row["high"]) == pytest.approx(
            proportion_confint(row["errors"], 30, method="wilson"), abs=1e-9
        )
    said = pattern_sentence(pattern, table.row(1, named=True))
    assert said.startswith(f"{still[1]} of its 30 examples are still wrong in 1.1 (")
    assert said.endswith("; 30 were when it was documented, with 1.0.")
    assert evidence_of(Facts(store, "texts"), "patterns").outcome == "met"


def test_what_changed_of_a_pattern_is_laid_over_it_and_counts_as_no_other(store, line):
    made = document_pattern(store, line[0], "Odd", note="Kind 1.", owner="lena", where="kind = 1", link="BUG-1")
    update_pattern(store, "texts", "Odd", status="being worked on", owner="tom")
    now = update_pattern(store, "texts", made.id, status="fixed", note="Retrained.")
    [found] = patterns_in(store.events("texts"))
    assert found == now
    assert (found.status, found.owner, found.note, found.link, found.count) == (
        "fixed",
        "tom",
        "Retrained.",
        "BUG-1",
        made.count,
    )
    assert evidence_of(Facts(store, "texts"), "patterns").count == 1
    row = pattern_standings(store, [found], line).row(1, named=True)
    assert pattern_sentence(found, row).startswith("Marked fixed, but ")
    assert patterns_answer([found], [row], "1.1").endswith("1 that is marked fixed is still seen in 1.1.")


def test_a_pattern_that_is_gone_is_said_to_be_so(store, line):
    ids = sorted(set(wrong_ids(60)) - set(wrong_ids(40)))
    pattern = document_pattern(store, line[0], "Gone", note="Was there.", owner="lena", ids=ids)
    row = pattern_standings(store, [pattern], line).row(1, named=True)
    assert pattern_sentence(pattern, row).startswith(f"None of its {len(ids)} examples is wrong in 1.1 (0.0%, ")
    assert patterns_answer([pattern], [row], "1.1").endswith("Of 1 open one no example is wrong in 1.1 any more.")


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ({"note": " "}, "has a note and an owner"),
        ({"owner": ""}, "The owner of an error pattern"),
        ({"status": "closed"}, "The status of an error pattern"),
        ({"ids": ["0001"]}, "None of these examples is wrong in 1.1"),
        ({"ids": ["nope"]}, "no example 'nope'"),
    ],
)
def test_a_pattern_that_cannot_be_used_is_an_error_and_is_not_kept(store, line, given, said):
    right = next(each for each in frame(40)["id"] if each not in wrong_ids(40))
    asked = {"note": "n", "owner": "o", "ids": wrong_ids(40)[:3]} | given
    asked["ids"] = [right] if asked["ids"] == ["0001"] else asked["ids"]
    with pytest.raises(InputError, match=said):
        document_pattern(store, line[1], "Name", **asked)
    assert store.events("texts") == []


def test_an_update_needs_a_pattern_and_something_to_say(store, line):
    with pytest.raises(InputError, match="There is no error pattern 'Sarcasm'"):
        update_pattern(store, "texts", "Sarcasm", status="fixed")
    document_pattern(store, line[1], "Sarcasm", note="n", owner="o", ids=wrong_ids(40)[:2])
    with pytest.raises(InputError, match="Got nothing"):
        update_pattern(store, "texts", "Sarcasm")
    with pytest.raises(InputError, match="Did you mean 'Sarcasm'"):
        update_pattern(store, "texts", "Sarcasme", status="fixed")


def test_of_numbers_the_bar_of_the_day_it_was_documented_stays(demo_store, tmp_path):  # noqa: F811
    first, second, *_ = demo_store.releases("flight-delay")
    found = judge(demo_store, first)
    from plainview.errors.groups import Group
    from plainview.errors.patterns import Pattern

    moment = datetime.now(UTC)
    pattern = Pattern(
        "1",
        "Far",
        "n",
        "o",
        "",
        "open",
        Group(where="distance >= 0"),
        502,
        found.bar,
        "lena",
        moment,
        first.release,
        moment,
    )
    table = pattern_standings(demo_store, [pattern], [first, second])
    assert table["errors"][0] == int(found.events.sum())
    rows, answers = demo_store.examples(second), demo_store.predictions(second)["prediction"]
    label = load_specification(demo_store.specification_text(second)).columns.label
    assert table["errors"][1] == int(((answers - rows[label]).abs() > found.bar).sum())
    assert "are still far off in" in pattern_sentence(pattern, table.row(1, named=True))


def test_where_nothing_can_be_counted_the_reason_is_said(store, line, tmp_path):
    pattern = document_pattern(store, line[0], "Odd", note="n", owner="o", where="kind = 1")
    bare = [each.drop("kind") for each in (frame(30), frame(20))]
    publish(tmp_path / "other", specification("texts", behaviours=[]), *bare)
    other = open_store(tmp_path / "other")
    row = pattern_standings(other, [pattern], other.releases("texts")).row(0, named=True)
    assert row["share"] is None
    assert pattern_sentence(pattern, row) == "Nothing can be said of it in 1.0: The test set has no column 'kind'."
    gone = pattern.__class__(**{**pattern.__dict__, "group": pattern.group.__class__(ids=("zzz",))})
    row = pattern_standings(other, [gone], other.releases("texts")).row(0, named=True)
    assert "none of its examples is in the test set" in pattern_sentence(gone, row)


def test_what_a_later_or_a_broken_tool_wrote_hides_nothing_else(store, line):
    keep_tag(store, line[1], "Fine", where="kind = 1")
    store.append_event("tag", "texts", body={"name": "Broken", "group": {"where": "(("}})
    store.append_event("tag", "texts", body={"name": "Later", "group": {"where": "kind = 2"}, "colour": "red"})
    store.append_event("pattern", "texts", release="1.1", body={"name": "…", "note": "…"})
    store.append_event("review", "texts", release="1.1", body={"subject": reviews.MISTAKES, "count": 25})
    events = store.events("texts")
    assert [each.name for each in tags_in(events)] == ["Fine", "Later"]
    [bare] = patterns_in(events)
    row = pattern_standings(store, [bare], line).row(1, named=True)
    assert pattern_sentence(bare, row) == "Nothing can be said of it in 1.1: it names no examples."
    assert [each.count for each in reviews.reviews_in(events, reviews.MISTAKES)] == [25]
