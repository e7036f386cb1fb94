"""Requirements: what is demanded of the product, whether this release is shown to meet it, and who waived what."""

import polars as pl
import streamlit as st

from plainview import narrative
from plainview.charts.statuses import statuses
from plainview.quantities import difference, span, value
from plainview.requirements import STATUSES, RequirementHistory, Standing, ranked
from plainview.texts import _, plural
from plainview.ui import cache, cached_people, codes, commenting, components, links, states, tables
from plainview.ui.drawn import drawn
from plainview.ui.plain import plain

PER_PAGE, RELEASES = 10, 24  # requirements at a time; releases in their history
EXAMPLE = """requirements:
  - {id: REQ-1, scenario: all, metric: accuracy, at_least: 0.8, priority: must, owner: language team, reason: Support load}
  - {id: REQ-2, scenario: all, metric: accuracy, no_worse_than: previous, margin: 0.01, priority: should}
"""

place = links.here()
report = cache.report(place.evaluation.id, baseline=place.baseline)
specification, standings = report.specification, ranked(report.standings)
comments = cached_people.comments(place.project, "requirement")


def tiles() -> list[components.Tile]:
    """How many of each priority are met, and what became of the others."""
    made = []
    for priority in dict.fromkeys(row.priority for row in standings):
        mine = [row.status for row in standings if row.priority == priority]
        note = narrative.open_requirements(mine)
        made.append(
            components.Tile(
                _("{priority}: met").format(priority=codes.read(priority).capitalize()),
                _("{met} of {total}").format(met=mine.count("met"), total=len(mine)),
                note=note,
            )
        )
    waived = [row for row in standings if row.waivers]
    if waived:
        lapsed = sum(row.status != "waived" for row in waived)
        note = _("{lapsed} lapsed").format(lapsed=lapsed) if lapsed else ""
        made.append(components.Tile(_("Waived"), f"{len(waived) - lapsed}", note=note))
    return made


def chosen() -> list[Standing]:
    """The requirements that the reader wants to see."""
    owners = sorted({row.owner for row in standings if row.owner})
    there = {row.status for row in standings}
    options = {
        "status": (_("Status"), [status for status in STATUSES if status in there]),
        "priority": (_("Priority"), list(dict.fromkeys(row.priority for row in standings))),
        "owner": (_("Owner"), owners),
    }
    rows = standings
    columns = iter(st.columns(len(options)))
    for name, (label, known) in options.items():
        key = f"requirements_{name}"
        if st.session_state.get(key) not in known:
            st.session_state.pop(key, None)
        titles = components.marked if name == "status" else str
        with next(columns):
            wanted = st.selectbox(label, known, index=None, placeholder=_("Any"), key=key, format_func=titles)
        rows = [row for row in rows if wanted in (None, getattr(row, name))]
    return rows


def card(row: Standing) -> None:
    """One requirement: its status, the sentence with the numbers, who owns it and why, its waivers, and its examples."""
    with st.container(border=True):
        marks, said, more = st.columns([2, 10, 3], gap="small")
        marks.markdown(f"{components.status(row.status)} :gray-badge[{plain(codes.read(row.priority))}]")
        said.markdown(f"**{plain(row.id)}:** {plain(row.sentence, 1_200)}")
        for text in beneath(row):
            said.caption(plain(text))
        with more, st.container(horizontal=True, vertical_alignment="center", gap="xsmall"):
            links.link("release/behaviours", _("Examples"), scenario=row.scenario, metric=row.metric)
            commenting.thread(place.project, place.release, "requirement", row.id, comments.get(row.id, []))


def beneath(row: Standing) -> list[str]:
    """What stands beneath a requirement in small letters."""
    known = {_("Behaviour"): row.behaviour, _("Owner"): row.owner, _("Reason"): row.reason}
    rule = _("Judged by the estimate alone") if row.rule == "point" else _("Judged by the whole interval")
    said = [" · ".join([*(f"{name}: {text}" for name, text in known.items() if text), rule])]
    told = row.waiver if len(row.waivers) == 1 else None  # the sentence has said it
    for each in row.waivers if told is None else ():
        word = _("In force") if each.in_force else _("Lapsed")
        said.append(f"{word}: {narrative.waiver_words(each)}.")
    return said


def over(rows: list[Standing], found: dict[str, RequirementHistory]) -> tuple[dict, str]:
    """The chart of the requirements over the releases."""
    return drawn(
        statuses,
        [
            {
                "id": row.id,
                "title": row.title,
                "release": step.release,
                "status": step.status,
                "read": read(step.standing),
                "changed": step.change,
            }
            for row in rows
            for step in found[row.id].steps
        ],
        now=place.release,
    )


def read(row: Standing | None) -> str:
    """What a mark of the chart says of the value, and beside a waiver of what was measured."""
    if row is None:
        return _("nothing was demanded")
    return (
        _("{value}; measured: {measured}").format(value=measured(row), measured=row.measured)
        if row.measured
        else measured(row)
    )


def measured(row: Standing) -> str:
    """The value with its interval."""
    unit = specification.unit_of(row.metric)
    inside = f" ({span(row.low, row.high, row.metric, unit)})" if row.low is not None and row.high is not None else ""
    return f"{value(row.value, row.metric, unit)}{inside}"


def table(rows: list[Standing]) -> None:
    """Every chosen requirement, a row each."""
    cells = [
        {
            _("Requirement"): row.id,
            _("Status"): components.marked(row.status),
            _("Measured"): components.marked(row.measured) if row.measured else "",
            _("Priority"): codes.read(row.priority),
            _("Demanded"): row.title,
            _("Value"): measured(row),
            _("To the bar"): away(row),
            _("Errors to flip"): row.errors_to_flip if row.status == "met" else row.errors_to_meet,
            _("Owner"): row.owner or "",
            _("Reason"): row.reason or "",
            _("Waived until"): row.waiver.until if row.waiver else None,
            _("Judged by"): _("estimate") if row.rule == "point" else _("interval"),
        }
        for row in rows
    ]
    alt = plural(
        "{count} requirement with status, value, distance to the bar, owner and waiver.",
        "{count} requirements with status, value, distance to the bar, owner and waiver.",
        len(cells),
    )
    tables.plain_table(pl.DataFrame(cells, infer_schema_length=None), key="requirements", alt=alt)


def away(row: Standing) -> str:
    """How far the estimate lies inside the bar; negative outside."""
    unit = specification.unit_of(row.metric)
    return difference(row.distance, row.metric, unit) if row.distance is not None else ""


answer = narrative.requirements_answer(standings, specification)
components.heading(
    _("Requirements of {release}").format(release=place.release), answer, context=narrative.about(report)
)
states.left_out(cache.unreadable_waivers(place.project))
if not standings:
    states.nothing(
        _("No requirement is set"), _("Write them in the specification, and publish the next release with it:")
    )
    st.code(EXAMPLE, language="yaml", wrap_lines=True)
    st.stop()
components.tiles(tiles())
st.subheader(_("The open ones first"), anchor=False)
rows = chosen()
if not rows:
    states.nothing(_("No requirement is like this"), _("Choose another status, priority or owner."))
    st.stop()
pages = -(-len(rows) // PER_PAGE)
page = st.pagination(pages, key="requirements_page") if pages > 1 else 1
shown = rows[(page - 1) * PER_PAGE : page * PER_PAGE]
for row in shown:
    card(row)

st.subheader(_("Over the releases"), anchor=False)
found = {each.id: each for each in cache.requirement_histories(place.evaluation.id, most=RELEASES)}
drawing = over(shown, found)
components.chart(drawing, key="statuses")
st.caption(plain(drawing[1]))
moved = [f"{row.id}: {'; '.join(found[row.id].changes)}." for row in shown if found[row.id].changes]
stroke = " " + _("A stroke stands where what is demanded changed.") if moved else ""
st.caption(
    _("Each release is judged by its own specification on its own test set; the shaded column is {release}.").format(
        release=plain(place.release)
    )
    + stroke
)
if moved:
    components.statements(moved)
elsewhere = [each for each in found.values() if each.id not in {row.id for row in standings}]
for each in elsewhere[:PER_PAGE]:
    st.caption(
        plain(
            _("Not demanded of {release}: {id}, {title} ({changes}).").format(
                release=place.release, id=each.id, title=each.title, changes="; ".join(each.changes)
            )
        )
    )
with st.expander(
    _("Every requirement in one table") if len(rows) == len(standings) else _("These requirements in a table")
):
    table(rows)
