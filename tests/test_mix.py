"""Mix and model: the parts of a change add up to the whole, and each is what it says."""

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import plainview
from plainview.mix import mix

SPECIFICATION = {
    "project": "mix",
    "task": "classification",
    "columns": {"id": "id", "label": "label"},
    "metrics": ["accuracy", "macro_f1"],
    "behaviours": [{"name": "Sizes", "scenarios": [{"name": "Large", "where": "size > 2"}]}],
}
row = st.tuples(st.integers(0, 40), st.sampled_from("ab"), st.sampled_from("ab"), st.integers(0, 4))
rows = st.lists(row, min_size=1, max_size=25, unique_by=lambda each: each[0])


def _frame(chosen):
    ids, labels, predictions, sizes = zip(*chosen, strict=True)
    return pl.DataFrame({"id": ids, "label": labels, "prediction": predictions, "size": sizes})


def _mixed(folder, old, new):
    for release, frame in (("1", old), ("2", new)):
        plainview.publish(frame, specification=SPECIFICATION, release=release, store=folder)
    store = plainview.open_store(folder)
    return mix(store, store.evaluation("mix", "1"), store.evaluation("mix", "2"))


@given(old=rows, new=rows)
@settings(max_examples=25, deadline=None)
def test_the_parts_add_up_to_the_whole(tmp_path_factory, old, new):
    changed = _mixed(tmp_path_factory.mktemp("mix") / "store", _frame(old), _frame(new))
    ids = {each[0] for each in old}, {each[0] for each in new}
    assert (changed.common, changed.added, changed.removed) == (
        len(ids[0] & ids[1]),
        len(ids[1] - ids[0]),
        len(ids[0] - ids[1]),
    )
    for part in changed.parts:
        if part.reason is None:
            assert part.model + part.test_set + part.labels == pytest.approx(part.after - part.before, abs=1e-12)
        else:
            assert (part.model, part.test_set, part.labels) == (None, None, None)


def test_each_part_is_what_changed_alone(tmp_path):
    old = pl.DataFrame({"id": range(4), "label": list("aabb"), "prediction": list("aaaa"), "size": [1, 3, 1, 3]})
    overall = {}
    for what, new in {
        "model": old.with_columns(prediction=pl.Series(list("aabb"))),
        "labels": old.with_columns(label=pl.Series(list("aaab"))),
        "test_set": old.head(2),
    }.items():
        changed = _mixed(tmp_path / what, old, new)
        overall = {name: getattr(changed.parts[0], name) for name in ("model", "labels", "test_set")}
        assert [name for name, value in overall.items() if value] == [what]
    assert overall["test_set"] == 0.5
