"""Where errors are: which class is taken for which, by class and by scenario, and by simple properties of examples."""

import polars as pl
import streamlit as st

from plainview.charts.rows import titled
from plainview.errors.judged import Event
from plainview.errors.properties import Property
from plainview.errors.tags import keep_tag
from plainview.narrative import patterns as noted
from plainview.narrative import suggestions as said
from plainview.narrative.names import lower_first
from plainview.quantities import ends, span, value
from plainview.texts import _, plural
from plainview.ui import cache, cached_errors, codes, components, links, noting, tables
from plainview.ui.plain import plain

FIRST = 3  # confusions that are said in a sentence


def show(event: Event, before: str | None, *, what: str) -> None:
    """Confusions, then errors by class and by scenario, then by simple properties; ``what`` is counted: "Wrong answers"."""
    counts = cached_errors.counts(links.here().evaluation.id, event, before)
    if event == "wrong" and counts.confusions.height:
        _confusions(counts.confusions)
        st.subheader(_("By class"), anchor=False)
        _shares(counts.by_class, "class", event, before, what)
    st.subheader(_("By scenario"), anchor=False)
    _shares(counts.by_scenario, "scenario", event, before, what)
    if event == "wrong":
        _properties(what)


def _shares(frame: pl.DataFrame, of: str, event: Event, before: str | None, what: str) -> None:
    """The chart, and the table of what it draws. One row alone is no chart."""
    place = links.here()
    drawn = frame["share"].is_not_null().sum() > 1
    if drawn:
        drawing = cached_errors.shares_drawing(place.evaluation.id, event, before, of, lower_first(what))
        components.chart(drawing, key=f"shares_{of}")
    rows = [
        {
            codes.read(of).capitalize(): titled(row[of]) if of == "scenario" else row[of],
            _("Examples"): row["examples"],
            what: row["errors"],
            _("Share"): value(row["share"], "accuracy"),
            _("Interval"): "" if row["low"] is None else span(row["low"], row["high"], "accuracy"),
        }
        | ({_("Others taken for it"): row["taken"]} if "taken" in row else {})
        for row in frame.iter_rows(named=True)
    ]
    table = pl.DataFrame(rows, infer_schema_length=None)
    if of == "class":
        alt = plural("{what} of {count} class.", "{what} of {count} classes.", frame.height, what=what)
    else:
        alt = plural("{what} of {count} scenario.", "{what} of {count} scenarios.", frame.height, what=what)
    with st.expander(_("The same as a table"), expanded=not drawn):
        tables.plain_table(table, key=f"by_{of}", alt=alt)


def _confusions(found: pl.DataFrame) -> None:
    """The pairs of classes, in sentences with a way to their examples, and in a table."""
    st.subheader(_("Which class is taken for which"), anchor=False)
    rows = [*found.iter_rows(named=True)]
    for at, row in enumerate(rows[:FIRST]):
        with st.container(horizontal=True, vertical_alignment="center"):
            columns = ("label", "prediction", "examples", "share", "back")
            st.markdown(plain(said.confusion_sentence(*(row[name] for name in columns))), width="stretch")
            asked = {"label": row["label"], "prediction": row["prediction"]}
            look = {"type": "tertiary", "on_click": links.choose_all, "args": (asked,)}
            st.button(_("Show them below ↓"), key=f"confusion_{at}", **look)
    table = [
        {
            _("Label"): row["label"],
            _("Taken for"): row["prediction"],
            _("Examples"): row["examples"],
            _("Share of the label"): value(row["share"], "accuracy"),
            _("Interval"): "" if row["low"] is None else span(row["low"], row["high"], "accuracy"),
            _("The other way round"): row["back"],
            _("First ids"): ", ".join(row["ids"]),
        }
        for row in rows
    ]
    alt = plural(
        "{count} pair of classes that are confused, the most frequent first.",
        "{count} pairs of classes that are confused, the most frequent first.",
        len(rows),
    )
    tables.plain_table(pl.DataFrame(table), key="confusions", alt=alt)


def _properties(what: str) -> None:
    """Simple properties of examples, each against the others, to keep as tags."""
    found = cached_errors.properties(links.here().evaluation.id)
    if not found:
        return
    st.subheader(_("By simple properties"), anchor=False)
    table = [
        {
            _("Examples with"): one.name,
            _("Examples"): one.examples,
            what: one.errors,
            _("Share"): value(one.share, "accuracy"),
            _("Interval"): span(one.low, one.high, "accuracy"),
            _("The others"): value(one.elsewhere, "accuracy"),
            _("Difference, points"): ends(*one.difference, "accuracy"),
        }
        for one in found
    ]
    alt = plural(
        "{count} property of examples, {what} with each and without it.",
        "{count} properties of examples, {what} with each and without it.",
        len(found),
        what=lower_first(what),
    )
    tables.plain_table(pl.DataFrame(table), key="properties", alt=alt)
    st.caption(noted.EACH_FOR_ITSELF)
    if noting.may():
        with st.popover(_("Keep one as a tag"), icon=":material/sell:"):
            _keep({one.name: one for one in found if one.group})


def _keep(found: dict[str, Property]) -> None:
    place = links.here()
    with st.form(noting.key("property"), border=False):
        one = found[st.selectbox(_("Property"), list(found))]
        name = st.text_input(_("Name of the tag"), placeholder=one.name, max_chars=200)
        if st.form_submit_button(_("Keep it as a tag")):
            given = {"name": name.strip() or one.name, **one.group.scenario()}
            noting.keep(
                lambda who: keep_tag(cache.store(), place.evaluation, actor=who, **given),
                _("Tagged: {name}").format(name=given["name"]),
            )
