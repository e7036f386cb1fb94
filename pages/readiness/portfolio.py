"""The portfolio: every project at a glance, the most urgent first, with what is claimed beside what is evidenced."""

import polars as pl
import streamlit as st

from plainview import narrative
from plainview.exceptions import StoreMissingError
from plainview.narrative import portfolios as said
from plainview.narrative.wholes import not_met_answer
from plainview.texts import _, plural
from plainview.ui import cache, cached_portfolio, codes, components, links, portfolio, states, tables
from plainview.ui.downloads import download

MEANINGS = {
    "Fail": _("A requirement that is a must is shown not to be met."),
    "Watch": _("Something else is open: not met but no must, unproven, or waived."),
    "No evidence": _("Nothing is demanded, or nothing was measured. A missing value is never a pass."),
    "Pass": _("Every requirement is met."),
}
MOST = 3  # of what needs attention; the rest is in the table
# what belongs to the project that the reader came from
ELSEWHERE = {"baseline": None, "scenario": None, "metric": None, "behaviour": None}

try:
    listing = cache.listing()
except StoreMissingError:
    listing = {}
if not listing:
    states.empty(cache.store_address())
    st.stop()


def there(entry: portfolio.Entry) -> dict[str, str | None]:
    """The place of a project's latest release."""
    return {"project": entry.latest.project, "release": entry.latest.release} | ELSEWHERE


def attention(rows: list[components.Attention], *, nothing: str) -> None:
    """The first of these, and how many more the table has."""
    components.attention(rows[:MOST], nothing=nothing)
    if len(rows) > MOST:
        st.caption(
            plural("{count} more project in the table.", "{count} more projects in the table.", len(rows) - MOST)
        )


def demanded() -> list[components.Attention]:
    """What cannot be read, then what requirements say, the worst first."""
    unread = [
        components.Attention(
            "No evidence",
            _("{title}: release {release} cannot be read, so nothing is known of it.").format(
                title=each.title, release=each.latest.release
            ),
            "release/report",
            _("See what is wrong"),
            there(each),
        )
        for each in entries
        if each.row is None
    ]
    return unread + [
        components.Attention(
            each.state, f"{each.title}: {each.row.attention}", "release/report", _("Read the report"), there(each)
        )
        for each in entries
        if each.row and each.row.attention
    ]


def claimed() -> list[components.Attention]:
    """What claims rest on, the least believable first."""
    rows = [(each, each.gap()) for each in entries if each.gap() is not None]
    found = [(each, gap, said.claims_sentence(each.title, gap)) for each, gap in rows]
    return [
        components.Attention(
            "Watch" if gap.answered or gap.expired else "No evidence",
            sentence,
            "readiness/maturity" if gap.inflated else "readiness/assess",
            _("See its maturity") if gap.inflated else _("Assess"),
            there(each),
        )
        for each, gap, sentence in sorted(
            found, key=lambda row: (-row[1].unsupported, -row[1].expired, row[1].answered > 0)
        )
        if sentence
    ]


def asked() -> tuple[list[portfolio.Entry], tuple[str, str] | None]:
    """The entries that the reader asks for, in the order asked for; and two quarters to compare, where they are."""
    own = links.here().own
    owners = sorted({each.owner for each in entries if each.owner})
    quarters = list(dict.fromkeys(name for each in entries if each.overview for name, gaps in each.overview.quarters))
    quarters.sort(reverse=True)
    options = {
        "kind": list(MEANINGS),
        "owner": owners,
        "sort": list(portfolio.ORDERS),
        "quarter": quarters,
        "until": quarters,
    }
    asked = {name: own.get(name) if own.get(name) in known else None for name, known in options.items()}
    order = asked["sort"] or "attention"
    until = asked["until"] or quarters[0] if quarters else None
    box, more = st.columns([3, 2], vertical_alignment="bottom")
    with box:
        text = links.text(_("Search"), "search", placeholder=_("Name or owner"))
    chosen = sum(value is not None for value in asked.values())
    label = _("State, owner, order, quarters") + (" " + _("({chosen} chosen)").format(chosen=chosen) if chosen else "")
    # behind a button, and made when it is pressed: boxes that nobody has asked for cost more time to draw than the table
    filters = more.popover(label, icon=":material/tune:", width="stretch", key="filters", on_change="rerun")
    if filters.open:
        with filters:
            links.picker(
                _("State"), "kind", options["kind"], asked["kind"], titles=codes.read, placeholder=_("Any"), clears=True
            )
            links.picker(_("Owner"), "owner", owners, asked["owner"], placeholder=_("Any"), clears=True)
            links.picker(_("Order"), "sort", options["sort"], order, titles=lambda name: portfolio.ORDERS[name][0])
            links.picker(
                _("Compare quarter"), "quarter", quarters, asked["quarter"], placeholder=_("No quarter"), clears=True
            )
            links.picker(_("With"), "until", quarters, until)
    pair = (asked["quarter"], until) if asked["quarter"] and until else None
    kept = portfolio.narrowed(entries, state=asked["kind"], owner=asked["owner"], text=text)
    return portfolio.ordered(kept, order), pair


def written() -> bytes:
    """The table as it is shown, without its lines, as CSV."""
    return tables.safe_csv(
        pl.DataFrame([{name: cell for name, cell in each.items() if not isinstance(cell, list)} for each in table])
    )


entries = portfolio.ordered(cached_portfolio.entries(), "attention")
found = [each.state for each in entries]
urgent = [each.title for each in entries if each.state == "Fail"]
rows = [each.row for each in entries if each.row]
not_met = {priority: sum(row.not_met.get(priority, 0) for row in rows) for priority in ("must", "should", "could")}
components.heading(
    _("Portfolio"),
    " ".join(filter(None, [narrative.portfolio_answer(found, urgent), not_met_answer(not_met)])),
    context=_(
        "The latest release of each project, judged by its own requirements; its readiness, claimed beside evidenced."
    ),
)
components.tiles(
    components.Tile(codes.read(state), f"{found.count(state)}", state=state, help=meaning)
    for state, meaning in MEANINGS.items()
)
st.subheader(_("What needs attention"), anchor=False)
attention(demanded(), nothing=_("Nothing: every requirement that is set is met."))
st.subheader(_("What readiness rests on"), anchor=False)
st.text(said.readiness_answer([gap for gap in (each.gap() for each in entries) if gap is not None]))
attention(claimed(), nothing=_("Every project is assessed, and artifacts show what they could."))

st.subheader(_("Every project"), anchor=False)
shown, quarters = asked()
table = [portfolio.cells(each, quarters) for each in shown]
if not table:
    states.nothing(_("No such project"), _("No project has all that is asked for above."))
else:
    chosen = tables.projects(table, key="portfolio")
    if chosen is not None:
        row, page = chosen
        st.switch_page(f"pages/{page}.py", query_params=links.carried(**there(shown[row])))
    taken = [each.latest.project for each in shown]
    download(_("Download as CSV"), written, "portfolio.csv", "text/csv", project=taken)

drawing, sentence = cached_portfolio.spread(shown)
if drawing is not None:
    st.subheader(_("How mature these projects are"), anchor=False)
    st.text(sentence)
    picture = st.expander(_("Claimed and evidenced, level by level"), on_change="rerun", key="spread_shown")
    if picture.open:  # a chart's library is loaded for those who ask
        with picture:
            components.chart(drawing, key="spread")
            st.caption(said.NO_AVERAGE)
st.subheader(_("What this does not say"), anchor=False)
st.text(
    _(
        "Projects are judged by their own requirements and their own answers. A row is no ranking of products or of people."
    )
)
