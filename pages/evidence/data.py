"""Data: is the test set fit to judge with? What its tests found, in words, and the examples that are amiss."""

import polars as pl
import streamlit as st

from plainview.data_tests import DataTest
from plainview.exceptions import PlainviewError
from plainview.narrative import data_tests as said
from plainview.narrative import long_date
from plainview.texts import _, plural
from plainview.ui import cache, cached_data, components, links, states, tables
from plainview.ui.plain import plain

STATES = {"fail": "Fail", "not proven": "Watch", "no evidence": "No evidence", "pass": "Pass"}
MOST = 12  # tests that need attention and are named one by one

place = links.here()
evaluation = place.evaluation
title = _("Test set of {release}").format(release=place.release)
tested = cached_data.data_tests(evaluation.id)


def how() -> None:
    """The lines that test this test set."""
    st.caption(_("Test it from a shell; with the training data, leaks are looked for too:"))
    line = f"plainview data-test --project {place.project} --release {place.release} --training training.csv"
    components.code(f"{line}{cache.store_option()}")


if tested.tests is None:
    components.heading(title, said.MOVED_ON if tested.moved_on else said.UNTESTED)
    states.nothing(
        _("What would be tested"),
        _(
            "Types, missing values, ranges, allowed values, duplicates, labels that contradict each other, examples that are "
            "in the training data too, and the mix of classes. The specification says what is demanded, under data."
        ),
    )
    how()
    st.stop()
found, event = tested.tests, tested.event


def tiles() -> None:
    """How many tests came to what, and what is shared with the training data."""
    shown = [
        components.Tile(
            _("Fail"),
            f"{found.count('fail')}",
            note=plural("of {count} data test", "of {count} data tests", len(found.tests)),
        ),
        components.Tile(_("Pass"), f"{found.count('pass')}"),
        components.Tile(_("No verdict"), f"{found.count('not proven') + found.count('no evidence')}"),
    ]
    leak = _("not known") if found.shared is None else f"{found.shared:,}"
    taught = (
        _("no training data given")
        if found.training_examples is None
        else _("of {examples:,} taught with").format(examples=found.training_examples)
    )
    shown.append(components.Tile(_("In the training data"), leak, note=taught))
    components.tiles(shown)


def attention() -> None:
    """What fails or has no verdict, one by one."""
    st.subheader(_("What needs attention"), anchor=False)
    amiss = [test for test in found.tests if test.outcome != "pass"]
    rows = [components.Attention(STATES[test.outcome], said.data_test_sentence(test)) for test in amiss[:MOST]]
    components.attention(rows, nothing=_("Every test passes."))
    if len(amiss) > MOST:
        st.caption(_("And {count} more in the table below.").format(count=len(amiss) - MOST))


def mix() -> None:
    """The mix of classes, where one is declared."""
    test = next((each for each in found.tests if each.test == "class mix" and each.shares), None)
    if test is not None:
        st.subheader(_("The mix of classes"), anchor=False)
        components.chart(cached_data.mix(test.shares, event), key="mix")


def offending() -> None:
    """The rows that are amiss, of one test after the other, beside what the test set says of them."""
    rows = cached_data.amiss(event)
    if not rows.height:
        return
    st.subheader(_("The examples that are amiss"), anchor=False)
    failed = [test for test in found.tests if rows.filter(_of(test)).height]
    if not failed:
        return
    names = {said.data_test_name(test): test for test in failed}
    asked = place.own.get("value")
    chosen = asked if asked in names else next(iter(names))
    links.picker(_("Of which test"), "value", list(names), chosen)
    mine = rows.filter(_of(names[chosen]))
    shown = mine.select("id", pl.col("side").alias("where"), "group", pl.col("value").alias("found"))
    tables.examples(
        _beside(shown),
        key="amiss",
        alt=plural("{count} row that the test names.", "{count} rows that the test names.", mine.height),
        name="amiss",
    )


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
    st.subheader(_("Every test"), anchor=False)
    rows = [
        {
            _("Test"): said.data_test_name(test),
            _("Status"): components.marked(STATES[test.outcome]),
            _("What was found"): said.data_test_sentence(test),
            _("Counted by"): test.method,
        }
        for test in found.tests
    ]
    tables.plain_table(
        pl.DataFrame(rows),
        key="tests",
        alt=plural(
            "{count} data test, those that fail first.", "{count} data tests, those that fail first.", len(rows)
        ),
    )


when = _("tested {date} by {actor}").format(date=long_date(event.at.date()), actor=event.actor)
context = " · ".join([evaluation.test_set.name, plural("{count} example", "{count} examples", found.examples), when])
components.heading(title, said.data_answer(found), context=context)
tiles()
attention()
mix()
offending()
everything()
st.caption(plain(_("Two examples are the same where all columns agree that the specification names under data: same.")))
how()
