"""One answer explained: which example, what it was answered, and what each column or word added to it."""

import polars as pl
import streamlit as st

from plainview.explanations.attributions import ATTRIBUTION, FEATURE
from plainview.narrative import explanations as said
from plainview.texts import _
from plainview.ui import cache, cached_explanations, components, links, states, tables
from plainview.ui.cached_explanations import Published
from plainview.ui.place import Place
from plainview.ui.plain import plain

MOST = 400  # examples to choose from
MOST_MARKS = 200  # words of one text that are marked
STRONG = 0.25  # of the largest weight in a text: below, a word is not marked


def show(place: Place, published: Published) -> None:
    """The part of the page that explains one answer; how to publish what it needs, where that is not there."""
    st.subheader(_("One answer"), anchor=False)
    local = published.local
    if local is None:
        sentence = _("Local explanations from any tool, a row an example and feature, are published with:")
        states.nothing(_("No answer is explained yet"), sentence)
        line = f"plainview explain {place.project} {place.release} --attributions FILE{cache.store_option()}"
        return components.code(line)
    evaluation = place.evaluation
    assert evaluation is not None
    examples, ids = cached_explanations.told(evaluation.id), cache.specification(evaluation.id).columns.id
    known = examples[ids].to_list()
    if not known:
        return states.nothing(_("No answer is explained"), _("What was published names no example of this test set."))
    states.check(place, example=known)
    example = place.own.get("example") or known[0]
    offered = known[:MOST] if example in known[:MOST] else [example, *known[: MOST - 1]]
    outcomes = dict(examples.select(ids, "outcome").iter_rows())
    links.picker(
        _("Example"),
        "example",
        offered,
        example,
        titles=lambda one: f"{one} · {_outcome(outcomes.get(one))}",
        placeholder=_("Choose"),
    )
    rows, sums = cached_explanations.one(evaluation.id, example)
    st.markdown(f"**{plain(said.local_sentence(example, rows, sums, published.unit))}**")
    if local.form == "words":
        st.markdown(marked(rows))
        st.caption(_("● pushed the answer up · ■ pushed it down; the strongest words of the text are marked."))
    drawing = cached_explanations.contributions(
        evaluation.id, example, unit=published.unit, ordered=local.form == "words"
    )
    components.chart(drawing, key="contributions")
    trust = [said.adds_up_sentence(local), said.foreign_sentence(local), _how(published.method)]
    st.caption(plain(" ".join(filter(None, trust))))
    with st.expander(_("The whole example")):
        found = examples.filter(pl.col(ids) == example).row(0, named=True)
        fields = tables.texts(_frame(found)).row(0, named=True)
        shown = pl.DataFrame([{_("Field"): name, _("Value"): _text(value)} for name, value in fields.items()])
        tables.plain_table(
            shown, key="whole_example", alt=_("Every field of example {example}.").format(example=example)
        )
    return None


def marked(rows: list[dict]) -> str:
    """The words of a text in order, as Markdown: those with the largest weights as badges, up and down by shape and colour."""
    largest = max((abs(row[ATTRIBUTION]) for row in rows), default=0.0)
    pieces = []
    for row in rows[:MOST_MARKS]:
        word, weight = plain(row[FEATURE], 80) or "·", row[ATTRIBUTION]
        strong = largest > 0 and abs(weight) >= STRONG * largest
        pieces.append(
            f":{'blue' if weight > 0 else 'orange'}-badge[{'●' if weight > 0 else '■'} {word}]" if strong else word
        )
    if len(rows) > MOST_MARKS:
        pieces.append(_("… and {count:,} more").format(count=len(rows) - MOST_MARKS))
    return " ".join(pieces)


def _how(method: str) -> str:
    if method == "shap":
        return _(
            "Made with SHAP: columns that move together share what they add in a way that the examples do not decide."
        )
    return _("Published by the owners of the release; how they were made is not known here.")


def _frame(row: dict) -> pl.DataFrame:
    return pl.DataFrame({name: [value] for name, value in row.items()})


def _text(value: object) -> str:
    return tables.MISSING if value is None else f"{value}"[: tables.LONGEST]


def _outcome(outcome: object) -> str:
    if isinstance(outcome, float):
        return _("off by {distance:,.4g}").format(distance=abs(outcome))
    return f"{outcome}"
