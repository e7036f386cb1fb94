"""Metrics of classification from counts: values against scikit-learn's."""

import numpy as np
import polars as pl
import pytest
import sklearn.metrics as sk
from hypothesis import given, settings
from hypothesis import strategies as st
from metric_cases import measured

from plainview.kernel import sums
from plainview.metrics import METRICS, metric_key
from plainview.tasks import classification

CLASSES = ["no", "maybe", "yes"]
FROM_COUNTS = [name for name, row in METRICS.items() if "classification" in row.tasks and not row.part]
PER_CLASS = {
    "precision": sk.precision_score,
    "recall": sk.recall_score,
    "f1": sk.f1_score,
    "jaccard": sk.jaccard_score,
}
AVERAGES = {f"{how}_{name}": (how, PER_CLASS[name]) for how in ("macro", "weighted") for name in list(PER_CLASS)[:3]}
rows_of = st.lists(
    st.tuples(st.sampled_from(CLASSES), st.sampled_from(CLASSES), st.integers(1, 9)), min_size=1, max_size=40
)


def _value(name, label, prediction, weight=None):
    key = metric_key(name, "yes" if METRICS[name].per_class else None)
    return measured("classification", key, label, prediction, weight=weight, columns={})


def _by_scikit_learn(name, label, prediction, weight=None, labels=None):
    keywords = {"sample_weight": weight}
    undefined = {"zero_division": np.nan}
    yes, said = np.array(label) == "yes", np.array(prediction) == "yes"
    if name in AVERAGES:
        how, function = AVERAGES[name]
        if name == "weighted_precision" and not set(label) & set(prediction):
            return (
                np.nan
            )  # no labelled class was ever predicted: scikit-learn then averages without weights, and says 0
        return function(label, prediction, average=how, labels=labels, **keywords, **undefined)
    if name == "jaccard":
        return sk.jaccard_score(yes, said, **keywords) if (yes | said).any() else np.nan
    if name in PER_CLASS:
        return PER_CLASS[name](yes, said, **keywords, **undefined)
    if name == "matthews_correlation" and min(len(set(label)), len(set(prediction))) < 2:
        return np.nan  # scikit-learn says 0
    return {
        "accuracy": lambda: sk.accuracy_score(label, prediction, **keywords),
        "specificity": lambda: sk.recall_score(~yes, ~said, **keywords, **undefined),
        "false_positive_rate": lambda: 1 - sk.recall_score(~yes, ~said, **keywords, **undefined),
        "balanced_accuracy": lambda: sk.balanced_accuracy_score(label, prediction, **keywords),
        "cohen_kappa": lambda: sk.cohen_kappa_score(label, prediction, **keywords),
        "matthews_correlation": lambda: sk.matthews_corrcoef(label, prediction, **keywords),
    }[name]()


@pytest.mark.parametrize("weighted", [False, True], ids=["rows", "weights"])
@pytest.mark.parametrize("name", FROM_COUNTS)
@given(rows=rows_of)
@settings(max_examples=30, deadline=None)
@pytest.mark.filterwarnings("ignore")  # scikit-learn warns of what is undefined
def test_the_value_is_scikit_learns(name, weighted, rows):
    label, prediction, weight = (list(column) for column in zip(*rows, strict=True))
    weight = weight if weighted else None
    expected, found = _by_scikit_learn(name, label, prediction, weight), _value(name, label, prediction, weight)
    if np.isnan(expected):
        assert (found.value, found.status) == (None, "undefined")
        assert found.reason
    else:
        assert found.value == pytest.approx(expected, abs=1e-12)
        assert found.low is None or found.low - 1e-12 <= found.value <= found.high + 1e-12


@given(rows=rows_of)
@settings(max_examples=40, deadline=None)
@pytest.mark.filterwarnings("ignore")
def test_declared_classes_are_the_ones_averaged_over(rows):
    label, prediction, _ = (list(column) for column in zip(*rows, strict=True))
    columns = [pl.Series(values) for values in (label, prediction)]
    added = sums(classification.contributions(*columns), [np.ones(len(label), dtype=bool)]).totals()
    found = METRICS["macro_f1"].family.estimate(added, name=None, classes=["no", "yes"], confidence=0.95).value[0]
    expected = _by_scikit_learn("macro_f1", label, prediction, labels=["no", "yes"])
    assert found == pytest.approx(expected, abs=1e-12, nan_ok=True)


@pytest.mark.parametrize("name", ["cohen_kappa", "matthews_correlation"])
def test_agreement_is_undefined_where_nothing_varies_and_negative_where_it_is_worse_than_chance(name):
    same = _value(name, ["yes"] * 30, ["yes"] * 30)
    assert (same.value, same.of) == (None, 0)
    assert "all of one class" in same.reason
    turned = _value(name, ["yes", "no"] * 20, ["no", "yes"] * 20)
    assert (turned.value, turned.low) == (-1.0, -1.0)
    assert -1 < turned.high < -0.7
    perfect = _value(name, ["yes", "no"] * 20, ["yes", "no"] * 20)
    assert (perfect.value, perfect.high) == (1.0, 1.0)
    assert 0.7 < perfect.low < 1
