"""One Delta table is kept to be exactly some frames, whatever their columns are and whoever else writes to it."""

import json

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as some

from plainview.exceptions import ConflictError
from plainview.exporters.delta_table import DeltaTables


def read(folder, name):
    return pl.read_delta(str(folder / name))


def test_lists_and_structs_become_json(tmp_path):
    rows = pl.DataFrame({"list": [["ü"], None], "struct": [{"a": 1, "b": None}] * 2})
    DeltaTables(tmp_path).keep("t", {"k": lambda: rows})
    table = read(tmp_path, "t")
    assert table["list"].to_list() == ['["ü"]', None]
    assert json.loads(table["struct"][1]) == {"a": 1, "b": None}


def test_a_column_of_nulls_alone_takes_the_type_that_others_have(tmp_path):
    nulls, values = pl.DataFrame({"id": ["a"], "n": [None]}), pl.DataFrame({"id": ["b"], "n": [7]})
    DeltaTables(tmp_path).keep("t", {"k": lambda: nulls})
    assert read(tmp_path, "t").columns == ["id"]
    DeltaTables(tmp_path).keep("t", {"k": lambda: nulls, "m": lambda: values})
    assert dict(read(tmp_path, "t").iter_rows()) == {"a": None, "b": 7}
    assert read(tmp_path, "t").schema["n"] == pl.Int64


@pytest.mark.parametrize("first", ["score", "Score"])
def test_names_that_differ_in_capitals_alone_are_one_column_unless_a_frame_has_both(tmp_path, first):
    one, two = pl.DataFrame({first: [1]}), pl.DataFrame({"Score": [2], "score": [3]})
    other = pl.DataFrame({"SCORE": [4]})
    DeltaTables(tmp_path).keep("t", {"a": lambda: one, "b": lambda: other, "c": lambda: two})
    table = read(tmp_path, "t")
    assert len({name.casefold() for name in table.columns}) == table.width == 2
    assert sorted(value for row in table.iter_rows() for value in row if value is not None) == [1, 2, 3, 4]
    assert set(table[first]) >= {1, 4}


VALUES = {
    pl.Int64: some.integers(-(2**40), 2**40),
    pl.Float64: some.floats(allow_nan=False, allow_infinity=False),
    pl.String: some.text(max_size=5),
    pl.Boolean: some.booleans(),
}


@some.composite
def frames(draw):
    """A frame with a few columns of drawn types."""
    height = draw(some.integers(0, 3))
    columns = draw(some.dictionaries(some.sampled_from(["a", "b", "c d"]), some.sampled_from(list(VALUES)), min_size=1))
    cells = {name: draw(some.lists(VALUES[kind], min_size=height, max_size=height)) for name, kind in columns.items()}
    return pl.DataFrame(cells, schema=columns)


@settings(max_examples=25, deadline=None)
@given(some.lists(some.sets(some.integers(0, 5)), max_size=4), some.lists(frames(), min_size=6, max_size=6))
def test_after_any_row_of_exports_a_table_holds_the_last(tmp_path_factory, rounds, contents):
    folder = tmp_path_factory.mktemp("lake")
    for wanted in [{0}, *rounds]:
        DeltaTables(folder).keep(
            "t", {f"k{n}": lambda n=n: contents[n].with_columns(key=pl.lit(n, pl.Int64)) for n in wanted}
        )
        table = read(folder, "t")
        assert table.height == sum(contents[n].height for n in wanted)
        for n in wanted:
            rows = table.filter(key=n)
            for name in contents[n].columns:
                kept = rows[name if name in rows.columns else next(c for c in rows.columns if c[:1] == name[:1])]
                assert kept.to_list() == contents[n][name].cast(kept.dtype).to_list()


def test_of_two_exports_at_once_the_second_fails_and_nothing_is_there_twice(tmp_path):
    rows = pl.DataFrame({"number": [1, 2]})
    DeltaTables(tmp_path).keep("t", {"a": lambda: rows})

    def slow():
        DeltaTables(tmp_path).keep("t", {"a": lambda: rows, "b": lambda: rows})
        return rows

    with pytest.raises(ConflictError, match=r"Another export wrote to .* at the same time\. Export again"):
        DeltaTables(tmp_path).keep("t", {"a": lambda: rows, "b": slow})
    assert read(tmp_path, "t").height == 4
