"""The portfolio: every project at a glance, the most urgent first, with what is claimed beside what is evidenced."""

import polars as pl
import streamlit as st

from plainview import narrative
from plainview.exceptions import StoreMissingError
from plainview.narrative import portfolios as said
from plainview.narrative.wholes import not_met_answer
from plainview.quantities import count
from plainview.ui import cache, cached_portfolio, components, links, portfolio, states, tables
from plainview.ui.downloads import download

MEANINGS = {
    "Fail": "A requirement that is a must is shown not to be met.",
    "Watch": "Something else is open: not met but no must, unproven, or waived.",
    "No evidence": "Nothing is demanded, or nothing was measured. A missing value is never a pass.",
    "Pass": "Every requirement is met.",
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
        st.caption(f"{count(len(rows) - MOST, 'more project')} in the table.")


def demanded() -> list[components.Attention]:
    """What cannot be read, then what requirements say, the worst first."""
    unread = [
        components.Attention(
            "No evidence",
            f"{each.title}: release {each.latest.release} cannot be read, so nothing is known of it.",
            "release/report",
            "See what is wrong",
            there(each),
        )
        for each in entries
        if each.row is None
    ]
    return unread + [
        components.Attention(
            each.state, f"{each.title}: {each.row.attention}", "release/report", "Read the report", there(each)
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
            "See its maturity" if gap.inflated else "Assess",
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
    quarters = list(dict.fromkeys(name for each in entries if each.overview for name, _ in each.overview.quarters))
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
        text = links.text("Search", "search", placeholder="Name or owner")
    chosen = sum(value is not None for value in asked.values())
    label = "State, owner, order, quarters" + (f" ({chosen} chosen)" if chosen else "")
    # behind a button, and made when it is pressed: boxes that nobody has asked for cost more time to draw than the table
    filters = more.popover(label, icon=":material/tune:", width="stretch", key="filters", on_change="rerun")
    if filters.open:
        with filters:
            links.picker("State", "kind", options["kind"], asked["kind"], placeholder="Any", clears=True)
            links.picker("Owner", "owner", owners, asked["owner"], placeholder="Any", clears=True)
            links.picker("Order", "sort", options["sort"], order, titles=lambda name: portfolio.ORDERS[name][0])
            links.picker(
                "Compare quarter", "quarter", quarters, asked["quarter"], placeholder="No quarter", clears=True
            )
            links.picker("With", "until", quarters, until)
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
    "Portfolio",
    " ".join(filter(None, [narrative.portfolio_answer(found, urgent), not_met_answer(not_met)])),
    context="The latest release of each project, judged by its own requirements; its readiness, claimed beside evidenced.",
)
components.tiles(
    components.Tile(state, f"{found.count(state)}", state=state, help=meaning) for state, meaning in MEANINGS.items()
)
st.subheader("What needs attention", anchor=False)
attention(demanded(), nothing="Nothing: every requirement that is set is met.")
st.subheader("What readiness rests on", anchor=False)
st.text(said.readiness_answer([gap for gap in (each.gap() for each in entries) if gap is not None]))
attention(claimed(), nothing="Every project is assessed, and artifacts show what they could.")

st.subheader("Every project", anchor=False)
shown, quarters = asked()
table = [portfolio.cells(each, quarters) for each in shown]
if not table:
    states.nothing("No such project", "No project has all that is asked for above.")
else:
    chosen = tables.projects(table, key="portfolio")
    if chosen is not None:
        row, page = chosen
        st.switch_page(f"pages/{page}.py", query_params=links.carried(**there(shown[row])))
    taken = [each.latest.project for each in shown]
    download("Download as CSV", written, "portfolio.csv", "text/csv", project=taken)

drawing, sentence = cached_portfolio.spread(shown)
if drawing is not None:
    st.subheader("How mature these projects are", anchor=False)
    st.text(sentence)
    picture = st.expander("Claimed and evidenced, level by level", on_change="rerun", key="spread_shown")
    if picture.open:  # a chart's library is loaded for those who ask
        with picture:
            components.chart(drawing, key="spread")
            st.caption(said.NO_AVERAGE)
st.subheader("What this does not say", anchor=False)
st.text(
    "Projects are judged by their own requirements and their own answers. A row is no ranking of products or of people."
)
