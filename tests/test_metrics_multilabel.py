"""Metrics of sets of classes: how sets are written, and values against scikit-learn's."""

import json

import numpy as np
import polars as pl
import pytest
import sklearn.metrics as sk
from hypothesis import given, settings
from hypothesis import strategies as st
from metric_cases import frames, measured, paired

from plainview.evaluation import evaluate
from plainview.exceptions import FrameError, SpecificationError
from plainview.kernel import sums
from plainview.metrics import metric_for
from plainview.publishing import publish
from plainview.specification import load_specification
from plainview.statistics import clusters
from plainview.store import open_store
from plainview.tasks import multilabel

CLASSES = ["maybe", "no", "yes"]
sets = st.frozensets(st.sampled_from(CLASSES))
rows_of = st.lists(st.tuples(sets, sets, st.integers(1, 9)), min_size=1, max_size=30)
weights = pytest.mark.parametrize("weighted", [False, True], ids=["rows", "weights"])


def _written(columns):
    return [json.dumps(sorted(names)) for names in columns]


def _indicator(columns):
    return np.array([[name in names for name in CLASSES] for names in columns], dtype=int)


def _value(key, label, prediction, **more):
    return measured("multilabel", key, _written(label), _written(prediction), **more)


@weights
@given(rows=rows_of)
@settings(max_examples=60, deadline=None)
@pytest.mark.filterwarnings("ignore")
def test_the_value_is_scikit_learns(weighted, rows):
    label, prediction, weight = (list(column) for column in zip(*rows, strict=True))
    y, p, weight = _indicator(label), _indicator(prediction), weight if weighted else None
    nan, keywords = {"zero_division": np.nan}, {"sample_weight": weight}
    expected = {
        "exact_match": sk.accuracy_score(y, p, **keywords),
        "micro_precision": sk.precision_score(y, p, average="micro", **nan, **keywords),
        "micro_recall": sk.recall_score(y, p, average="micro", **nan, **keywords),
        "micro_f1": sk.f1_score(y, p, average="micro", **nan, **keywords),
        "macro_f1": sk.f1_score(y, p, average="macro", **nan, **keywords),
        "jaccard_samples": sk.jaccard_score(y, p, average="samples", zero_division=1, **keywords),
        "precision[yes]": sk.precision_score(y[:, 2], p[:, 2], **nan, **keywords),
        "recall[yes]": sk.recall_score(y[:, 2], p[:, 2], **nan, **keywords),
        "f1[yes]": sk.f1_score(y[:, 2], p[:, 2], **nan, **keywords),
    }
    for key, value in expected.items():
        found = _value(key, label, prediction, weight=weight)
        assert found.value == (None if np.isnan(value) else pytest.approx(value, abs=1e-12)), key
        assert found.low is None or found.low - 1e-12 <= found.value <= found.high + 1e-12


@weights
@given(rows=rows_of)
@settings(max_examples=40, deadline=None)
def test_the_hamming_loss_counts_the_classes_that_are_listed(weighted, rows):
    label, prediction, weight = (list(column) for column in zip(*rows, strict=True))
    weight = np.array(weight, dtype=float) if weighted else None
    totals = _totals(label, prediction, weight)
    row = metric_for("hamming_loss", "multilabel")
    found = row.family.estimate(totals, name=None, classes=CLASSES, confidence=0.95)
    expected = sk.hamming_loss(_indicator(label), _indicator(prediction), sample_weight=weight)
    assert found.value[0] == pytest.approx(expected, abs=1e-12)
    assert np.isnan(found.low[0]) or found.low[0] <= found.value[0] + 1e-12
    without = row.family.estimate(totals, name=None, classes=(), confidence=0.95)
    assert np.isnan(without.value[0])
    assert without.reason == "the specification lists no classes to count"


def test_the_hamming_loss_is_measured_of_what_is_published_where_the_specification_lists_the_classes(tmp_path):
    rng = np.random.default_rng(3)
    label, prediction = rng.random((2, 80, 3)) < 0.4
    frame = pl.DataFrame({
        "id": [str(row) for row in range(80)],
        **{name: ["|".join(np.array(CLASSES)[row]) or "[]" for row in sets]
           for name, sets in (("label", label), ("prediction", prediction))},
    })  # fmt: skip
    demanded = {"project": "tags", "task": "multilabel", "columns": {"id": "id", "label": "label"},
                "classes": CLASSES, "metrics": ["hamming_loss", "macro_f1"]}  # fmt: skip
    publish(frame, specification=demanded, release="1", store=tmp_path / "store")
    store = open_store(tmp_path / "store")
    found = {row.metric: row.value for row in store.results(store.evaluation("tags", "1"))}
    expected = {
        "hamming_loss": sk.hamming_loss(label, prediction),
        "macro_f1": sk.f1_score(label, prediction, average="macro"),
    }
    assert found == pytest.approx(expected, abs=1e-12)
    with pytest.raises(FrameError, match=r"Label 'yes' of example '\d+' is not one of the specification's classes"):
        publish(frame, specification=demanded | {"classes": CLASSES[:2]}, release="2", store=tmp_path / "store")
    with pytest.raises(
        SpecificationError, match="classes is for classification and multilabel; the task is regression"
    ):
        load_specification(demanded | {"task": "regression", "metrics": ["mae"]})


@weights
@given(rows=rows_of)
@settings(max_examples=30, deadline=None)
@pytest.mark.filterwarnings("ignore")
def test_macro_f1_is_of_the_classes_that_are_listed(weighted, rows):
    label, prediction, weight = (list(column) for column in zip(*rows, strict=True))
    weight = np.array(weight, dtype=float) if weighted else None
    examples, answers = frames(_written(label), _written(prediction), weight=weight)
    written = {
        "project": "p", "task": "multilabel", "classes": CLASSES[1:], "metrics": ["macro_f1"],
        "columns": {"id": "id", "label": "label"} | ({"weight": "weight"} if weighted else {}),
    }  # fmt: skip
    expected = sk.f1_score(
        _indicator(label)[:, 1:],
        _indicator(prediction)[:, 1:],
        average="macro",
        zero_division=np.nan,
        sample_weight=weight,
    )
    found = evaluate(examples, answers, load_specification(written))[0]
    assert found.value == (None if np.isnan(expected) else pytest.approx(expected, abs=1e-12))


def _totals(label, prediction, weight):
    examples, answers = frames(_written(label), _written(prediction))
    part = multilabel.parts(examples, answers, _Plain(), weight)[""]
    return sums(part.contributions, [np.ones(len(label), dtype=bool)]).totals()


class _Plain:
    """What the task reads of a specification that asks for metrics of the whole alone."""

    task, metric_keys = "multilabel", ("exact_match",)

    class columns:  # noqa: N801
        label = "label"


@pytest.mark.parametrize(
    ("written", "found"),
    [
        ('["cat", "dog"]', '["cat", "dog"]'),
        (' [ "dog","cat","dog" ]', '["cat", "dog"]'),
        ("dog|cat", '["cat", "dog"]'),
        (" dog | cat ", '["cat", "dog"]'),
        ("cat", '["cat"]'),
        ("[1, 2.0, true]", '["1", "2", "true"]'),
        ('["a|b"]', '["a|b"]'),
        ('["Äpfel"]', '["Äpfel"]'),
        ("[]", "[]"),
        ("", None),
        (None, None),
    ],
)
def test_a_set_is_a_json_list_or_names_between_bars(written, found):
    prepared = multilabel.prepare(pl.Series("label", [written], dtype=pl.String))
    assert prepared.to_list() == [found]
    assert multilabel.prepare(prepared).to_list() == [found]


@pytest.mark.parametrize(
    "written", ['["cat"', '{"cat": 1}|', "a||b", "|", '["a", null]', '[["a"]]', '["a", ""]', '["a"] x']
)
def test_what_is_no_set_is_refused_with_its_row(written):
    column = pl.Series("tags", ["cat", None, written, written])
    if written == '{"cat": 1}|':
        written = written[:-1] + "||"
        column = pl.Series("tags", ["cat", None, written])
    with pytest.raises(FrameError, match=r"Column 'tags' holds .* in row 3: a JSON list of names"):
        multilabel.prepare(column)


names = st.text(st.sampled_from('ab é"\\,|[]\x1f\u00a0日'), max_size=4)


@given(held=st.lists(st.lists(names, max_size=4), min_size=1, max_size=6))
@settings(max_examples=200, deadline=None)
def test_sets_that_were_published_are_read_again_as_they_are(held):
    """However they are spelled, sorted or not: what `prepare` knows at sight is what it would have written."""
    for dumps in (json.dumps, lambda value: json.dumps(value, ensure_ascii=False)):
        for each in held:
            expected = sorted({name.strip() for name in each})
            column = pl.Series("tags", [dumps(each)], dtype=pl.String)
            if "" in expected:
                with pytest.raises(FrameError, match="a JSON list of names"):
                    multilabel.prepare(column)
                continue
            prepared = multilabel.prepare(column)
            assert prepared.to_list() == [json.dumps(expected, ensure_ascii=False)]
            assert multilabel.prepare(prepared).to_list() == prepared.to_list()


def test_numbers_and_truths_are_sets_of_one():
    assert multilabel.prepare(pl.Series([1, None, 3])).to_list() == ['["1"]', None, '["3"]']
    assert multilabel.prepare(pl.Series([True, False])).to_list() == ['["true"]', '["false"]']


def test_an_empty_set_is_an_answer_and_a_missing_one_is_none():
    label, prediction = ["[]", "[]", None, "yes", "yes", None], ["[]", None, "[]", "[]", None, None]
    found = measured("multilabel", "exact_match", label, prediction)
    assert (found.value, found.of, found.missing) == (0.5, 2, 4)
    assert measured("multilabel", "jaccard_samples", label, prediction).value == 0.5
    assert measured("multilabel", "micro_recall", label, prediction).value == 0.0
    nothing = measured("multilabel", "micro_precision", label, prediction)
    assert (nothing.value, nothing.reason) == (None, "nothing was predicted")


def test_flips_are_by_exact_match_and_of_one_class_for_metrics_of_a_class():
    label = ["yes|no"] * 10 + ["no"] * 10
    examples, baseline = frames(label, ["yes"] * 10 + ["no"] * 10)
    candidate = frames(label, ["yes|no"] * 5 + ["no"] * 5 + ["no|yes"] * 3 + ["no"] * 7)[1]
    keys = ("exact_match", "micro_f1", "macro_f1", "recall[no]", "recall[yes]", "precision[yes]")
    found = {
        change.metric: (change.fixed, change.broke)
        for change in paired("multilabel", examples, baseline, candidate, *keys)
    }
    assert found == {
        "exact_match": (5, 3),
        "micro_f1": (5, 3),
        "macro_f1": (5, 3),
        "recall[no]": (10, 0),
        "recall[yes]": (0, 5),
        "precision[yes]": (0, 8),
    }


def test_decisions_about_one_example_go_together():
    """The design effect is that of clusters.py with an example for a cluster."""
    rng = np.random.default_rng(2)
    wrong = np.repeat(rng.random(200) < 0.3, 3).reshape(200, 3)
    wrong = wrong ^ (rng.random((200, 3)) < 0.05)
    label = [frozenset(CLASSES)] * 200
    prediction = [frozenset(np.array(CLASSES)[~row]) for row in wrong]
    found = _value("micro_recall", label, prediction)
    hits = (~wrong).sum(axis=1)
    effect = clusters.design_effect_of_proportion(hits[:, None], np.full((200, 1), 3.0))[0]
    assert effect > 2
    share = hits.sum() / 600
    z = 1.959964
    centre, size = share, 600 / effect
    middle = (centre + z**2 / (2 * size)) / (1 + z**2 / size)
    spread = z * np.sqrt(centre * (1 - centre) / size + z**2 / (4 * size**2)) / (1 + z**2 / size)
    assert (found.low, found.high) == pytest.approx((middle - spread, middle + spread), rel=1e-5)


def test_a_cluster_of_examples_widens_the_interval_of_every_metric():
    rng = np.random.default_rng(6)
    bad = np.repeat(rng.random(40) < 0.4, 10)
    label = [frozenset(CLASSES[:2])] * 400
    prediction = [frozenset(["yes"]) if row else frozenset(CLASSES[:2]) for row in bad]
    cluster = np.repeat(np.arange(40), 10).astype(str)
    for key in (
        "exact_match",
        "micro_f1",
        "micro_precision",
        "micro_recall",
        "macro_f1",
        "jaccard_samples",
        "recall[no]",
    ):
        alone, together = _value(key, label, prediction), _value(key, label, prediction, cluster=cluster)
        assert together.value == pytest.approx(alone.value, abs=1e-12)
        assert together.high - together.low > 2 * (alone.high - alone.low)


def test_sets_with_a_class_that_is_not_declared_are_found():
    label = multilabel.prepare(pl.Series(["yes|no", "[]", None, "bird|yes"]))
    assert multilabel.undeclared(label, CLASSES).to_list() == [None, None, None, "bird"]
