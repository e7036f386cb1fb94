"""METRICS: every row of the table, held to scikit-learn and to its own properties."""

import numpy as np
import polars as pl
import pytest
import sklearn.metrics as sk
from hypothesis import given, settings
from hypothesis import strategies as st

from plainview.kernel import sums
from plainview.metrics import METRICS, metric_key, split_key
from plainview.tasks import classification, regression

CLASSES = ["no", "maybe", "yes"]
PER_CLASS = [name for name, row in METRICS.items() if row.per_class]
NUMBERS = [name for name, row in METRICS.items() if "regression" in row.tasks]
NAMES = [name for name, row in METRICS.items() if "classification" in row.tasks]


def _estimate(name, label, prediction, *, weight=None, of_class=None, classes=()):
    task = regression if name in NUMBERS else classification
    label, prediction = task.prepare(pl.Series("label", label)), task.prepare(pl.Series("prediction", prediction))
    weight = None if weight is None else np.asarray(weight, dtype=float)
    added = sums(task.contributions(label, prediction, weight), [np.ones(len(label), dtype=bool)])
    found = METRICS[name].family.estimate(added.totals(), name=of_class, classes=classes, confidence=0.95, seed=b"test")
    return found.value[0], found.low[0], found.high[0]


def _by_scikit_learn(name, label, prediction, *, weight=None, of_class=None, classes=None):
    keywords = {"sample_weight": weight}
    if name == "accuracy":
        return sk.accuracy_score(label, prediction, **keywords)
    one = np.array([value == of_class for value in label]), np.array([value == of_class for value in prediction])
    undefined = {"zero_division": np.nan}
    simple = {"precision": sk.precision_score, "recall": sk.recall_score, "f1": sk.f1_score}
    if name in simple:
        return simple[name](*one, **keywords, **undefined)
    if name == "specificity":
        return sk.recall_score(~one[0], ~one[1], **keywords, **undefined)
    if name == "false_positive_rate":
        return 1 - sk.recall_score(~one[0], ~one[1], **keywords, **undefined)
    average, base = name.split("_")
    if average == "weighted" and base == "precision" and not set(label) & set(prediction):
        return np.nan  # no labelled class was ever predicted: scikit-learn then averages without weights, and says 0
    return simple[base](label, prediction, average=average, labels=classes, **keywords, **undefined)


answers = st.lists(
    st.tuples(st.sampled_from(CLASSES), st.sampled_from(CLASSES), st.integers(1, 9)), min_size=1, max_size=40
)


@pytest.mark.parametrize("weighted", [False, True], ids=["rows", "weights"])
@pytest.mark.parametrize("name", NAMES)
@given(rows=answers)
@settings(max_examples=40, deadline=None)
@pytest.mark.filterwarnings("ignore")  # scikit-learn warns of what is undefined
def test_a_classification_metric_has_scikit_learns_value(name, weighted, rows):
    label, prediction, weight = (list(column) for column in zip(*rows, strict=True))
    weight = weight if weighted else None
    of_class = "yes" if METRICS[name].per_class else None
    expected = _by_scikit_learn(name, label, prediction, weight=weight, of_class=of_class)
    found, low, high = _estimate(name, label, prediction, weight=weight, of_class=of_class)
    if np.isnan(expected):
        assert np.isnan(found)
    else:
        assert found == pytest.approx(expected, abs=1e-12)
        assert np.isnan(low) or low - 1e-12 <= found <= high + 1e-12


@given(rows=answers)
@settings(max_examples=40, deadline=None)
@pytest.mark.filterwarnings("ignore")
def test_declared_classes_are_the_ones_averaged_over(rows):
    label, prediction, _ = (list(column) for column in zip(*rows, strict=True))
    expected = _by_scikit_learn("macro_f1", label, prediction, classes=["no", "yes"])
    found = _estimate("macro_f1", label, prediction, classes=["no", "yes"])[0]
    assert found == pytest.approx(expected, abs=1e-12, nan_ok=True)


measured = st.lists(
    st.tuples(st.floats(-1e6, 1e6, width=32), st.floats(-1e6, 1e6, width=32), st.integers(1, 9)),
    min_size=2,
    max_size=40,
)


@pytest.mark.parametrize("weighted", [False, True], ids=["rows", "weights"])
@given(rows=measured)
@settings(max_examples=60, deadline=None)
def test_a_regression_metric_has_scikit_learns_value(weighted, rows):
    label, prediction, weight = (np.array(column, dtype=float) for column in zip(*rows, strict=True))
    weight = weight if weighted else None
    expected = {
        "mae": sk.mean_absolute_error(label, prediction, sample_weight=weight),
        "rmse": sk.root_mean_squared_error(label, prediction, sample_weight=weight),
        "bias": np.average(prediction - label, weights=weight),
    }
    assert set(expected) == set(NUMBERS)
    for name, value in expected.items():
        assert _estimate(name, label, prediction, weight=weight)[0] == pytest.approx(value, rel=1e-12, abs=1e-9)


@pytest.mark.parametrize("name", METRICS)
def test_every_metric_says_what_it_is_in_plain_words(name):
    row = METRICS[name]
    assert row.name == name
    assert row.sentence.endswith(".")
    assert ("{name}" in row.title) == (row.per_class or row.per_column)
    assert row.family.method.rpartition("/")[2].isdigit()
    assert row.family.paired_method.rpartition("/")[2].isdigit()


@pytest.mark.parametrize("name", NAMES + NUMBERS)
def test_every_metric_is_undefined_and_not_zero_without_examples(name):
    empty = [None, None]
    task_values = pl.Series(empty, dtype=pl.Float64 if name in NUMBERS else pl.String)
    of_class = "yes" if METRICS[name].per_class else None
    assert np.isnan(_estimate(name, task_values, task_values, of_class=of_class)[0])


@pytest.mark.parametrize("name", NAMES + NUMBERS)
def test_missing_labels_and_predictions_are_left_out(name):
    if name in NUMBERS:
        whole, gaps = ([1.0, 2.0, 4.0], [1.5, 2.0, 3.0]), ([1.0, 2.0, None, 4.0, 7.0], [1.5, 2.0, 9.0, 3.0, None])
    else:
        whole = (["yes", "no", "yes"], ["yes", "yes", "no"])
        gaps = (["yes", "no", None, "yes", "no"], ["yes", "yes", "no", "no", None])
    of_class = "yes" if METRICS[name].per_class else None
    assert _estimate(name, *gaps, of_class=of_class) == _estimate(name, *whole, of_class=of_class)


def test_a_key_and_its_parts_are_the_same_thing():
    assert metric_key("recall", "very [bad]") == "recall[very [bad]]"
    assert split_key("recall[very [bad]]") == ("recall", "very [bad]")
    assert split_key("accuracy") == ("accuracy", None)
