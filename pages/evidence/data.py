"""Data: is the test set fit to judge with? What its tests found, in words, and the examples that are amiss."""

import polars as pl
import streamlit as st

from plainview.data_tests import DataTest
from plainview.exceptions import PlainviewError
from plainview.narrative import data_tests as said
from plainview.narrative import long_date
from plainview.quantities import count
from plainview.ui import cache, cached_data, components, links, states, tables
from plainview.ui.plain import plain

STATES = {"fail": "Fail", "not proven": "Watch", "no evidence": "No evidence", "pass": "Pass"}
MOST = 12  # tests that need attention and are named one by one

place = links.here()
evaluation = place.evaluation
title = f"Test set of {place.release}"
tested = cached_data.data_tests(evaluation.id)


def how() -> None:
    """The lines that test this test set."""
    st.caption("Test it from a shell; with the training data, leaks are looked for too:")
    line = f"plainview data-test --project {place.project} --release {place.release} --training training.csv"
    st.code(f"{line}{cache.store_option()}", language="bash", wrap_lines=True)


if tested.tests is None:
    components.heading(title, said.MOVED_ON if tested.moved_on else said.UNTESTED)
    states.nothing(
        "What would be tested",
        "Types, missing values, ranges, allowed values, duplicates, labels that contradict each other, examples that are in "
        "the training data too, and the mix of classes. The specification says what is demanded, under data.",
    )
    how()
    st.stop()
found, event = tested.tests, tested.event


def tiles() -> None:
    """How many tests came to what, and what is shared with the training data."""
    shown = [
        components.Tile("Fail", f"{found.count('fail')}", note=f"of {count(len(found.tests), 'data test')}"),
        components.Tile("Pass", f"{found.count('pass')}"),
        components.Tile("No verdict", f"{found.count('not proven') + found.count('no evidence')}"),
    ]
    leak = "not known" if found.shared is None else f"{found.shared:,}"
    taught = (
        "no training data given" if found.training_examples is None else f"of {found.training_examples:,} taught with"
    )
    shown.append(components.Tile("In the training data", leak, note=taught))
    components.tiles(shown)


def attention() -> None:
    """What fails or has no verdict, one by one."""
    st.subheader("What needs attention", anchor=False)
    amiss = [test for test in found.tests if test.outcome != "pass"]
    rows = [components.Attention(STATES[test.outcome], said.data_test_sentence(test)) for test in amiss[:MOST]]
    components.attention(rows, nothing="Every test passes.")
    if len(amiss) > MOST:
        st.caption(f"And {len(amiss) - MOST} more in the table below.")


def mix() -> None:
    """The mix of classes, where one is declared."""
    test = next((each for each in found.tests if each.test == "class mix" and each.shares), None)
    if test is not None:
        st.subheader("The mix of classes", anchor=False)
        components.chart(cached_data.mix(test.shares, event), key="mix")


def offending() -> None:
    """The rows that are amiss, of one test after the other, beside what the test set says of them."""
    rows = cached_data.amiss(event)
    if not rows.height:
        return
    st.subheader("The examples that are amiss", anchor=False)
    failed = [test for test in found.tests if rows.filter(_of(test)).height]
    if not failed:
        return
    names = {said.data_test_name(test): test for test in failed}
    asked = place.own.get("value")
    chosen = asked if asked in names else next(iter(names))
    links.picker("Of which test", "value", list(names), chosen)
    mine = rows.filter(_of(names[chosen]))
    shown = mine.select("id", pl.col("side").alias("where"), "group", pl.col("value").alias("found"))
    tables.examples(_beside(shown), key="amiss", alt=f"{count(mine.height, 'row')} that the test names.", name="amiss")


def _of(test: DataTest) -> pl.Expr:
    return (pl.col("test") == test.test) & pl.col("column").eq_missing(pl.lit(test.column, pl.String))


def _beside(rows: pl.DataFrame) -> pl.DataFrame:
    """The rows with the columns of the test set; without them where those cannot be read."""
    rows = rows.select(name for name in rows.columns if rows[name].null_count() < rows.height)
    try:
        examples = cache.examples(evaluation.id)
    except PlainviewError:
        return rows
    examples = examples.rename({examples.columns[0]: "id"}).drop(set(rows.columns) - {"id"}, strict=False)
    return rows.join(examples, on="id", how="left", maintain_order="left")


def everything() -> None:
    """All tests in a table."""
    st.subheader("Every test", anchor=False)
    rows = [
        {
            "Test": said.data_test_name(test),
            "Status": components.marked(STATES[test.outcome]),
            "What was found": said.data_test_sentence(test),
            "Counted by": test.method,
        }
        for test in found.tests
    ]
    tables.plain_table(pl.DataFrame(rows), key="tests", alt=f"{count(len(rows), 'data test')}, those that fail first.")


when = f"tested {long_date(event.at.date())} by {event.actor}"
context = f"{evaluation.test_set.name} · {count(found.examples, 'example')} · {when}"
components.heading(title, said.data_answer(found), context=context)
tiles()
attention()
mix()
offending()
everything()
st.caption(plain("Two examples are the same where all columns agree that the specification names under data: same."))
how()
