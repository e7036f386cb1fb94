"""What data next: what to collect and label, ranked, with how many and why; and what the last list brought."""

import polars as pl
import streamlit as st

from plainview.collecting import kept
from plainview.collecting.wants import CHECK, COLLECT
from plainview.narrative import collecting as said
from plainview.quantities import plain
from plainview.texts import _, plural
from plainview.ui import cache, cached_collecting, components, links, noting, states, tables
from plainview.ui.downloads import download
from plainview.ui.plain import plain as inert

place = links.here()
wanted, last = cached_collecting.wanted(place.evaluation.id), cached_collecting.last(place.evaluation.id)
noting.said()


def tiles() -> None:
    """How much there is to collect and to check."""
    sums = {action: [each for each in wanted.wants if each.action == action] for action in (COLLECT, CHECK)}
    mute = [each for each in wanted.wants if each.kind == "too few"]
    examples = {action: f"{sum(each.examples for each in found):,}" for action, found in sums.items()}
    shown = [
        components.Tile(
            _("Examples to collect"),
            examples[COLLECT],
            note=plural("for {count} thing", "for {count} things", len(sums[COLLECT])),
        ),
        components.Tile(_("Labels to check"), examples[CHECK], note=_("of examples there")),
        components.Tile(_("Without a verdict"), f"{len(mute)}", note=_("scenarios")),
    ]
    components.tiles(shown)


def the_list() -> None:
    """The list, and the ways to take it along and to keep it."""
    st.subheader(_("The list"), anchor=False)
    if not wanted.wants:
        return states.nothing(_("Nothing is wanted"), said.wanted_answer((), place.release))
    found = kept.rows(wanted)
    shown = pl.DataFrame(
        {
            "": found["rank"],
            _("Kind"): [said.KINDS[kind] for kind in found["kind"]],
            _("What"): found["what"],
            _("Examples"): found["examples"],
            _("Do"): found["action"],
            _("Why"): found["why"],
            _("At stake"): [plain(each) for each in found["at_stake"]],
        }
    )
    tables.plain_table(
        shown,
        key="wanted",
        alt=plural(
            "{count} thing that are wanted, the most important first.",
            "{count} things that are wanted, the most important first.",
            found.height,
        ),
    )
    st.caption(inert(said.ranked_by(wanted.unit)))
    with st.container(horizontal=True, vertical_alignment="center"):
        take = {"project": place.project, "release": place.release, "key": "wanted_csv"}
        download(_("Download the list"), lambda: tables.safe_csv(found), "wanted.csv", "text/csv", **take)
        if noting.may() and not cached_collecting.is_kept(place.evaluation.id):
            if st.button(_("Keep this list"), help=_("The next version of the test set then says what it brought.")):
                noting.keep(lambda person: kept.keep_list(cache.store(), wanted, actor=person), _("The list is kept."))
        elif cached_collecting.is_kept(place.evaluation.id):
            st.caption(_("A list of this release is kept; the next version of the test set says what it brought."))
    return None


def labels() -> None:
    """The examples whose labels to check, one by one."""
    if not wanted.check.height:
        return
    st.subheader(_("Labels to check"), anchor=False)
    found = wanted.check
    shown = pl.DataFrame(
        {
            _("Id"): found["id"],
            _("Label"): found["label"],
            _("More likely"): found["suggested"].fill_null(""),
            _("The label is believed"): [
                tables.MISSING if each is None else f"{100 * each:.1f}%" for each in found["believed"]
            ],
            _("Why"): [said.KINDS[kind] for kind in found["kind"]],
            _("Group"): found["group"],
        }
    )
    tables.examples(
        shown,
        key="labels",
        alt=plural("{count} example whose label is doubted.", "{count} examples whose label is doubted.", found.height),
        name="labels",
    )


def the_last() -> None:
    """What the last list brought."""
    st.subheader(_("What the last list brought"), anchor=False)
    if last is None:
        sentence = _(
            "Keep a list, collect, and publish the next version of the test set: then it is said here what came of it."
        )
        return states.nothing(_("No list of an earlier test set was kept"), sentence)
    st.text(said.brought_answer(last))
    rows = [
        {
            _("Kind"): said.KINDS.get(row.want.kind, row.want.kind),
            _("What"): row.want.what,
            _("Wanted"): row.want.examples,
            _("Came"): row.arrived,
            _("There now"): row.now,
            _("What it allows"): said.brought_note(row),
        }
        for row in last.rows
    ]
    return tables.plain_table(
        pl.DataFrame(rows, infer_schema_length=None),
        key="brought",
        alt=plural(
            "What came of {count} thing that were wanted.", "What came of {count} things that were wanted.", len(rows)
        ),
    )


context = _("{examples:,} examples in the test set").format(examples=place.evaluation.test_set.examples)
components.heading(_("What data next"), said.wanted_answer(wanted.wants, place.release), context=context)
tiles()
the_list()
labels()
for each in wanted.not_looked_for.items():
    st.caption(inert(said.not_looked_for(*each)))
the_last()
st.caption(said.NOT_SAID)
links.link("evidence/planning", _("How many examples each scenario needs"))
