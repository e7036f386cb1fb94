"""Readiness cards on a page: one a component of a system, the least ready first, and a form that writes one."""

import polars as pl
import streamlit as st

from plainview.exceptions import PlainviewError
from plainview.quantities import count
from plainview.readiness import FrameworkStanding, keep_card, read_card
from plainview.readiness.cards import FRAMEWORK
from plainview.ui import access, cached_readiness, tables, writing
from plainview.ui.plain import plain

TEXTS = {
    "intended_use": "What it is for",
    "unacceptable_use": "What it must not be used for",
    "data": "Which data it stands on",
}


def cards(standing: FrameworkStanding) -> None:
    """The cards of a system's components, where the framework has some."""
    if standing.framework.name != FRAMEWORK:
        return
    st.subheader("Components", anchor=False)
    st.caption(
        "A system is as ready as its least ready component. A card holds the claimed level down, and never raises it."
    )
    if standing.cards:
        rows = [
            {
                "Component": kept.card.component,
                "Level": kept.card.level,
                "Owner": kept.card.owner,
                "Reviewers": ", ".join(kept.card.reviewers),
                "Intended use": kept.card.intended_use,
                "Unacceptable use": kept.card.unacceptable_use,
                "Data": kept.card.data,
                "Caveats": "; ".join(kept.card.caveats),
                "Debt gained": "; ".join(kept.card.debt_gained),
                "Debt paid": "; ".join(kept.card.debt_paid),
                "Written by": f"{kept.by}, {kept.at:%-d %b %Y}",
            }
            for kept in standing.cards
        ]
        tables.plain_table(
            pl.DataFrame(rows), key="cards", alt=f"{count(len(rows), 'component')}, the least ready first."
        )
    else:
        st.text("No component has a card yet.")
    if access.may("contribute", standing.project):
        with st.expander("Write a card"):
            _form(standing)


def _form(standing: FrameworkStanding) -> None:
    with st.form("card", clear_on_submit=True, border=False):
        name, owner, level = st.columns([3, 3, 2])
        written: dict = {
            "component": name.text_input("Component", max_chars=200),
            "owner": owner.text_input("Owner", max_chars=200),
            "level": level.selectbox(
                "Level", range(10), format_func=lambda at: f"{at} · {standing.framework.sections[at].title}"
            ),
        }
        written |= {key: st.text_area(label, height=68) for key, label in TEXTS.items()}
        caveats = st.text_area("Caveats and debt, one a line", height=68)
        if not st.form_submit_button("Keep the card"):
            return
    written["caveats"] = [line.strip() for line in caveats.splitlines() if line.strip()]
    try:
        card = read_card(_as_yaml(written), name="The card")
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
