"""Incidents: what went wrong in use, what became of it release by release, and whether a test case guards it."""

from functools import partial
from statistics import median

import polars as pl
import streamlit as st

from plainview.incidents import Followed, test_case_yaml, urgent_first
from plainview.narrative.demands import long_date
from plainview.narrative.incidents import incidents_answer
from plainview.narrative.wholes import lasting
from plainview.quantities import listed
from plainview.texts import _, plural
from plainview.ui import cache, cached_people, codes, components, downloads, links, reporting, states, tables
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
            components.Tile(_("Came back"), f"{sum(row.status == 'came back' for row in rows)}"),
            components.Tile(_("Open"), f"{sum(row.status == 'open' for row in rows)}"),
            components.Tile(_("Without a test case"), f"{unguarded}", note=_("of {count}").format(count=len(rows))),
            components.Tile(
                _("Time to guard"),
                plural("{count} day", "{count} days", median(days)) if days else _("none yet"),
                note=_("median from report"),
            ),
        ]
    )


def card(row: Followed) -> None:
    """One incident: how it stands, what happened, whose it is, and what to add to the specification."""
    one = row.incident
    with st.container(border=True):
        marks, said, more = st.columns([2, 11, 2], gap="small")
        marks.markdown(f"{components.state(row.state)} :gray-badge[{plain(codes.read(one.severity))}]")
        said.markdown(f"**{plain(one.code)}:** {plain(row.sentence, 1_200)}")
        said.caption(plain(one.what, 1_200))
        told = [
            _("Owner: {owner}").format(owner=one.owner),
            _("reported by {by} on {date}").format(by=one.by, date=long_date(one.at.date())),
        ]
        examples = plural("{count} example: {ids}", "{count} examples: {ids}", len(one.ids), ids=listed(list(one.ids)))
        said.caption(plain(" · ".join([*told, examples])))
        if row.guard is not None:
            with more:
                links.link("release/behaviours", _("Examples"), scenario=row.guard.scenario, release=today.release)
        with st.expander(
            _("Its test case, and what else can be done") if row.guard is None else _("What else can be done")
        ):
            beneath(row)


def beneath(row: Followed) -> None:
    """The test case, the rows that were handed over, and the way to withdraw it."""
    if row.guard is None:
        first = _(
            "Add its rows to the test set first. Then copy this into the specification, and publish the next release with it."
        )
        copied = _("Copy this into the specification, and publish the next release with it.")
        st.caption(first if row.incident.new_rows else copied)
        st.code(test_case_yaml(row.incident, specification), language="yaml", wrap_lines=True)
    if row.incident.new_rows:
        frame = cached_people.new_rows(row.incident)
        alt = _("Rows that were handed over with {code}.").format(code=row.incident.code)
        tables.plain_table(tables.texts(frame), key=f"rows_{row.incident.id}", alt=alt)
        name, key = f"{row.incident.code}.csv", f"csv_{row.incident.id}"
        make = partial(tables.safe_csv, frame)
        downloads.download(_("Download them"), make, name, "text/csv", project=row.incident.project, key=key)
    reporting.withdraw_form(row.incident)


def over(shown: list[Followed]) -> list[dict]:
    """The answers of each release to the examples, for the chart."""
    return [
        {
            "id": row.incident.code,
            "title": row.incident.name,
            "release": step.release,
            "status": step.state,
            "read": _("{right:,} right, {wrong:,} wrong, {absent:,} not in the test set").format(
                right=step.right, wrong=step.wrong, absent=step.absent
            ),
            "changed": "",
        }
        for row in shown
        for step in row.steps[-RELEASES:]
    ]


def table() -> None:
    """Every incident, a row each."""
    cells = [
        {
            _("Incident"): row.incident.code,
            _("Name"): row.incident.name,
            _("Status"): codes.read(row.status),
            _("Since"): row.since or "",
            _("Severity"): codes.read(row.incident.severity),
            _("Happened"): row.incident.happened,
            _("Owner"): row.incident.owner,
            _("Test case"): row.guard.scenario if row.guard else _("none"),
            _("Guarded since"): row.guard.release if row.guard else "",
            _("Days to guard"): row.days_to_guard,
            _("Examples"): len(row.incident.ids),
        }
        for row in rows
    ]
    alt = plural(
        "{count} incident with status, severity, owner and test case.",
        "{count} incidents with status, severity, owner and test case.",
        len(cells),
    )
    tables.plain_table(pl.DataFrame(cells, infer_schema_length=None), key="incidents", alt=alt)


components.heading(
    _("Incidents of {title}").format(title=today.title), incidents_answer(rows), context=lasting(place.line)
)
states.left_out(cached_people.unreadable_incidents(place.project))
releases = [one.release for one in reversed(place.line)]
if not rows:
    states.nothing(
        _("Nothing went wrong, or nobody wrote it down"), _("Report the next one with the examples that show it.")
    )
    reporting.report_form(place.project, releases, specification)
    st.stop()
tiles()
st.subheader(_("Those that nothing guards first"), anchor=False)
page = links.pages(-(-len(rows) // PER_PAGE))
shown = rows[(page - 1) * PER_PAGE : page * PER_PAGE]
for row in shown:
    card(row)
reporting.report_form(place.project, releases, specification)

st.subheader(_("Over the releases"), anchor=False)
drawing = cached_people.answers_chart(over(shown), place.release)
components.chart(drawing, key="answers")
st.caption(plain(drawing[1]))
st.caption(
    _("An incident is right in a release where every one of its examples is; the shaded column is {release}.").format(
        release=plain(place.release)
    )
)
with st.expander(_("Every incident in one table")):
    table()
