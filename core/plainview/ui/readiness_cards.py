"""Readiness cards on a page: one a component of a system, the least ready first, and a form that writes one."""

import polars as pl
import streamlit as st

from plainview.exceptions import PlainviewError
from plainview.readiness import FrameworkStanding, keep_card, read_card
from plainview.readiness.cards import FRAMEWORK
from plainview.texts import _, plural
from plainview.ui import access, cached_readiness, tables, writing
from plainview.ui.plain import plain

TEXTS = {
    "intended_use": _("What it is for"),
    "unacceptable_use": _("What it must not be used for"),
    "data": _("Which data it stands on"),
}


def cards(standing: FrameworkStanding) -> None:
    """The cards of a system's components, where the framework has some."""
    if standing.framework.name != FRAMEWORK:
        return
    st.subheader(_("Components"), anchor=False)
    st.caption(
        _(
            "A system is as ready as its least ready component. A card holds the claimed level down, and never raises it."
        )
    )
    if standing.cards:
        rows = [
            {
                _("Component"): kept.card.component,
                _("Level"): kept.card.level,
                _("Owner"): kept.card.owner,
                _("Reviewers"): ", ".join(kept.card.reviewers),
                _("Intended use"): kept.card.intended_use,
                _("Unacceptable use"): kept.card.unacceptable_use,
                _("Data"): kept.card.data,
                _("Caveats"): "; ".join(kept.card.caveats),
                _("Debt gained"): "; ".join(kept.card.debt_gained),
                _("Debt paid"): "; ".join(kept.card.debt_paid),
                _("Written by"): f"{kept.by}, {kept.at:%-d %b %Y}",
            }
            for kept in standing.cards
        ]
        tables.plain_table(
            pl.DataFrame(rows),
            key="cards",
            alt=plural(
                "{count} component, the least ready first.", "{count} components, the least ready first.", len(rows)
            ),
        )
    else:
        st.text(_("No component has a card yet."))
    if access.may("contribute", standing.project):
        with st.expander(_("Write a card")):
            _form(standing)


def _form(standing: FrameworkStanding) -> None:
    with st.form("card", clear_on_submit=True, border=False):
        name, owner, level = st.columns([3, 3, 2])
        written: dict = {
            "component": name.text_input(_("Component"), max_chars=200),
            "owner": owner.text_input(_("Owner"), max_chars=200),
            "level": level.selectbox(
                _("Level"), range(10), format_func=lambda at: f"{at} · {standing.framework.sections[at].title}"
            ),
        }
        written |= {key: st.text_area(label, height=68) for key, label in TEXTS.items()}
        caveats = st.text_area(_("Caveats and debt, one a line"), height=68)
        if not st.form_submit_button(_("Keep the card")):
            return
    written["caveats"] = [line.strip() for line in caveats.splitlines() if line.strip()]
    try:
        card = read_card(_as_yaml(written), name=_("The card"))
        facts = cached_readiness.facts(standing.project, standing.release)
        writing.written(standing.project, lambda person: keep_card(facts, card, actor=person))
    except PlainviewError as error:
        st.error(plain(error), icon=None)
        return
    st.rerun()


def _as_yaml(written: dict) -> str:
    """As a file has it, so that one reader checks both; JSON is YAML."""
    import json

    return json.dumps(written)
