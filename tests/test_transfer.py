"""Sums as bytes: what comes back is what was sent, and equal sums have equal bytes."""

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from plainview.evaluation import measure, results, totals_of
from plainview.exceptions import DamagedError
from plainview.specification import load_specification
from plainview.transfer import from_bytes, to_bytes

CLASSES = {
    "project": "p",
    "task": "classification",
    "columns": {"id": "id", "label": "label", "probabilities": {"a": "pa", "b": "pb"}},
    "metrics": ["accuracy", "macro_f1", "log_loss", {"name": "roc_auc", "class": "a"}],
    "behaviours": [
        {"name": "B", "scenarios": [{"name": "Large", "where": "x > 0"}, {"name": "None", "where": "x > 99"}]}
    ],
}
NUMBERS = {
    "project": "p",
    "task": "regression",
    "columns": {"id": "id", "label": "x", "cluster": "label"},
    "metrics": ["mae", "bias", "median_absolute_error"],
}


def _frames(rows):
    label, other, x, p = (pl.Series(column, strict=False) for column in zip(*rows, strict=True))
    examples = pl.DataFrame({"id": [str(n) for n in range(len(rows))], "label": label, "x": x})
    probabilities = {"probability[a]": p, "probability[b]": 1 - p}
    return examples, {
        "classification": pl.DataFrame({"prediction": other, **probabilities}),
        "regression": pl.DataFrame({"prediction": p}),
    }


rows = st.lists(
    st.tuples(st.sampled_from(["a", "b", None]), st.sampled_from(["a", "b"]), st.floats(-5, 5), st.floats(0.01, 0.99)),
    min_size=1,
    max_size=40,
).filter(lambda chosen: any(label for label, *_ in chosen))


@pytest.mark.parametrize("demanded", [CLASSES, NUMBERS], ids=["classes", "numbers"])
@given(chosen=rows, chunk=st.integers(1, 50))
@settings(max_examples=40, deadline=None)
def test_what_was_sent_comes_back_and_has_the_same_bytes_in_any_chunking(demanded, chosen, chunk):
    specification = load_specification(demanded)
    examples, answers = _frames(chosen)
    predictions = answers[specification.task]
    whole = measure(examples, predictions, specification)
    sent = to_bytes(whole)
    assert to_bytes(measure(examples, predictions, specification, chunk=chunk)) == sent
    back = from_bytes(sent)
    assert to_bytes(back) == sent
    assert results(totals_of(back), specification) == results(totals_of(whole), specification)


@pytest.mark.parametrize("keep", [0, 1, 7, 8, 30, -1])
def test_bytes_that_are_cut_short_are_refused(keep):
    examples, answers = _frames([("a", "a", 1.0, 0.5), ("b", "a", -1.0, 0.6)])
    sent = to_bytes(measure(examples, answers["classification"], load_specification(CLASSES)))
    with pytest.raises(DamagedError, match="not sums"):
        from_bytes(sent[:keep])
