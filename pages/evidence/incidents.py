"""Incidents: what went wrong in use, what became of it release by release, and whether a test case guards it."""

from functools import partial
from statistics import median

import polars as pl
import streamlit as st

from plainview.incidents import Followed, test_case_yaml, urgent_first
from plainview.narrative.demands import long_date
from plainview.narrative.incidents import incidents_answer
from plainview.narrative.wholes import lasting
from plainview.quantities import count, listed
from plainview.ui import cache, cached_people, components, downloads, links, reporting, states, tables
from plainview.ui.plain import plain

PER_PAGE, RELEASES = 8, 24  # incidents at a time; releases in their history

place = links.here()
if place.evaluation is None:
    states.problem(place.problem)
    st.stop()
today = place.line[-1]
specification = cache.specification(today.id)
rows = urgent_first(cached_people.incidents(place.project))


def tiles() -> None:
    """How many stand how, and how long it takes until a test case guards one."""
    days = [row.days_to_guard for row in rows if row.days_to_guard is not None]
    unguarded = sum(row.guard is None for row in rows)
    components.tiles(
        [
            components.Tile("Came back", f"{sum(row.status == 'came back' for row in rows)}"),
            components.Tile("Open", f"{sum(row.status == 'open' for row in rows)}"),
            components.Tile("Without a test case", f"{unguarded}", note=f"of {len(rows)}"),
            components.Tile(
                "Time to guard", count(median(days), "day") if days else "none yet", note="median, from the report"
            ),
        ]
    )


def card(row: Followed) -> None:
    """One incident: how it stands, what happened, whose it is, and what to add to the specification."""
    one = row.incident
    with st.container(border=True):
        marks, said, more = st.columns([2, 11, 2], gap="small")
        marks.markdown(f"{components.state(row.state)} :gray-badge[{plain(one.severity)}]")
        said.markdown(f"**{plain(one.code)}:** {plain(row.sentence, 1_200)}")
        said.caption(plain(one.what, 1_200))
        told = [f"Owner: {one.owner}", f"reported by {one.by} on {long_date(one.at.date())}"]
        said.caption(plain(" · ".join([*told, f"{count(len(one.ids), 'example')}: {listed(list(one.ids))}"])))
        if row.guard is not None:
            with more:
                links.link("release/behaviours", "Examples", scenario=row.guard.scenario, release=today.release)
        with st.expander("Its test case, and what else can be done" if row.guard is None else "What else can be done"):
            beneath(row)


def beneath(row: Followed) -> None:
    """The test case, the rows that were handed over, and the way to withdraw it."""
    if row.guard is None:
        added = "Add its rows to the test set first. Then copy" if row.incident.new_rows else "Copy"
        st.caption(f"{added} this into the specification, and publish the next release with it.")
        st.code(test_case_yaml(row.incident, specification), language="yaml", wrap_lines=True)
    if row.incident.new_rows:
        frame = cached_people.new_rows(row.incident)
        alt = f"Rows that were handed over with {row.incident.code}."
        tables.plain_table(tables.texts(frame), key=f"rows_{row.incident.id}", alt=alt)
        name, key = f"{row.incident.code}.csv", f"csv_{row.incident.id}"
        make = partial(tables.safe_csv, frame)
        downloads.download("Download them", make, name, "text/csv", project=row.incident.project, key=key)
    reporting.withdraw_form(row.incident)


def over(shown: list[Followed]) -> list[dict]:
    """The answers of each release to the examples, for the chart."""
    return [
        {
            "id": row.incident.code,
            "title": row.incident.name,
            "release": step.release,
            "status": step.state,
            "read": f"{step.right:,} right, {step.wrong:,} wrong, {step.absent:,} not in the test set",
            "changed": "",
        }
        for row in shown
        for step in row.steps[-RELEASES:]
    ]


def table() -> None:
    """Every incident, a row each."""
    cells = [
        {
            "Incident": row.incident.code,
            "Name": row.incident.name,
            "Status": row.status,
            "Since": row.since or "",
            "Severity": row.incident.severity,
            "Happened": row.incident.happened,
            "Owner": row.incident.owner,
            "Test case": row.guard.scenario if row.guard else "none",
            "Guarded since": row.guard.release if row.guard else "",
            "Days to guard": row.days_to_guard,
            "Examples": len(row.incident.ids),
        }
        for row in rows
    ]
    alt = f"{count(len(cells), 'incident')} with status, severity, owner and test case."
    tables.plain_table(pl.DataFrame(cells, infer_schema_length=None), key="incidents", alt=alt)


components.heading(f"Incidents of {today.title}", incidents_answer(rows), context=lasting(place.line))
states.left_out(cached_people.unreadable_incidents(place.project))
releases = [one.release for one in reversed(place.line)]
if not rows:
    states.nothing("Nothing went wrong, or nobody wrote it down", "Report the next one with the examples that show it.")
    reporting.report_form(place.project, releases, specification)
    st.stop()
tiles()
st.subheader("Those that nothing guards first", anchor=False)
page = links.pages(-(-len(rows) // PER_PAGE))
shown = rows[(page - 1) * PER_PAGE : page * PER_PAGE]
for row in shown:
    card(row)
reporting.report_form(place.project, releases, specification)

st.subheader("Over the releases", anchor=False)
drawing = cached_people.answers_chart(over(shown), place.release)
components.chart(drawing, key="answers")
st.caption(plain(drawing[1]))
st.caption(
    "An incident is right in a release where every one of its examples is; the shaded column is "
    f"{plain(place.release)}."
)
with st.expander("Every incident in one table"):
    table()
