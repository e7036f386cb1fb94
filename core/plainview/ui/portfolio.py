"""The portfolio as one table: a row a project, with what is demanded, decided, claimed and evidenced."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

from plainview.narrative import metric_title
from plainview.narrative import portfolios as said
from plainview.portfolio import ProjectRow
from plainview.quantities import value
from plainview.readiness.overview import MATURITY, ROBUSTNESS, Gap, Overview
from plainview.records import Evaluation, Event
from plainview.texts import _
from plainview.ui import codes, components, tables
from plainview.ui.tables import MISSING

RANKS = {"Fail": 0, "No evidence": 1, "Watch": 2, "Pass": 3}


@dataclass(frozen=True)
class Entry:
    """One project. ``row`` is None where its latest release cannot be read, ``overview`` where its readiness cannot."""

    latest: Evaluation
    row: ProjectRow | None
    overview: Overview | None
    decision: Event | None  # the newest on the latest release

    @property
    def title(self) -> str:
        """What it is called."""
        return self.latest.title

    @property
    def owner(self) -> str:
        """Who answers for it; empty where nobody is named."""
        return (self.row.owner if self.row else None) or ""

    @property
    def state(self) -> str:
        """Pass, Watch, Fail, No evidence."""
        return self.row.state if self.row else "No evidence"

    def gap(self, framework: str = MATURITY) -> Gap | None:
        """Where it stands on a framework now."""
        return self.overview.now.get(framework) if self.overview else None

    @property
    def days(self) -> int | None:
        """How old its newest evidence is."""
        at = self.overview.evidence_at if self.overview else None
        return None if at is None else (datetime.now(UTC).date() - at.astimezone(UTC).date()).days


def _claims(entry: Entry) -> int:
    """How urgent its claims are: more than artifacts show, expired, never assessed, none of it."""
    gap = entry.gap()
    return 3 if gap is None else 0 if gap.inflated else 1 if gap.expired else 2 if not gap.answered else 3


def _evidenced(entry: Entry, framework: str) -> float:
    gap = entry.gap(framework)
    return -2.0 if gap is None or gap.evidenced.value is None else gap.evidenced.value


def _bare(entry: Entry) -> int:
    gap = entry.gap()
    return 0 if gap is None else -gap.unsupported


ORDERS = {
    "attention": (_("Needs attention first"), lambda each: (RANKS[each.state], _claims(each), each.title)),
    "name": (_("By name"), lambda each: (each.title,)),
    "maturity": (_("Least mature first, as evidenced"), lambda each: (_evidenced(each, MATURITY), each.title)),
    "robustness": (_("Lowest robustness first, as evidenced"), lambda each: (_evidenced(each, ROBUSTNESS), each.title)),
    "claims": (_("Most claims without evidence first"), lambda each: (_bare(each), each.title)),
    "age": (_("Oldest evidence first"), lambda each: (-(10**6 if each.days is None else each.days), each.title)),
}


def ordered(entries: Sequence[Entry], order: str) -> list[Entry]:
    """The entries in one of `ORDERS`."""
    return sorted(entries, key=ORDERS[order][1])


def narrowed(entries: Sequence[Entry], *, state: str | None, owner: str | None, text: str) -> list[Entry]:
    """The entries with a state, an owner, and a text in their name, title or owner."""
    wanted = text.casefold()
    return [
        each
        for each in entries
        if (state is None or each.state == state)
        and (owner is None or each.owner == owner)
        and wanted in f"{each.title} {each.latest.project} {each.owner}".casefold()
    ]


def cells(entry: Entry, quarters: tuple[str, str] | None) -> dict:
    """A row of the table; with two quarters, where it stood at the end of each, and what moved."""
    row = entry.row
    return {
        tables.PROJECT: entry.title,
        _("State"): components.marked(entry.state),
        _("Requirements met"): _("cannot be read")
        if row is None
        else _("{met} of {total}").format(met=row.met, total=row.requirements)
        if row.requirements
        else _("none set"),
        _("Decision"): said.decision_words(entry.decision),
        _("Maturity"): said.gap_words(entry.gap()) if entry.overview else _("cannot be read"),
        **(_compared(entry, *quarters) if quarters else {}),
        _("Robustness"): said.gap_words(entry.gap(ROBUSTNESS)) if entry.overview else _("cannot be read"),
        _("Weakest category"): _weakest(entry),
        tables.QUARTERS: _line(entry),
        _("Newest evidence"): said.age_words(entry.days),
        _("Not met"): ", ".join(f"{number} {codes.read(priority)}" for priority, number in row.not_met.items())
        or MISSING
        if row
        else MISSING,
        _("Latest release"): entry.latest.release,
        _("Headline metric"): f"{metric_title(row.metric)} {value(row.now, row.metric, row.unit)}" if row else MISSING,
        tables.TREND: list(row.trend) if row else [],
        _("Owner"): entry.owner,
    }


def _compared(entry: Entry, one: str, other: str) -> dict:
    both = [(entry.overview.quarter(name) or {}).get(MATURITY) if entry.overview else None for name in (one, other)]
    shown = {
        _("Maturity, {name}").format(name=name): said.gap_words(gap)
        for name, gap in zip((one, other), both, strict=True)
    }
    return {**shown, _("Evidenced moved"): said.moved_words(*both)}


def _weakest(entry: Entry) -> str:
    """Of the robustness score as claimed; nothing where nobody claimed anything."""
    gap = entry.gap(ROBUSTNESS)
    return gap.claimed.weakest if gap is not None and gap.answered else MISSING


def _line(entry: Entry) -> list[float]:
    """The evidenced level at the end of each quarter: 0 is below the lowest, 1 the lowest."""
    quarters = entry.overview.quarters if entry.overview else ()
    values = [gaps[MATURITY].evidenced.value for name, gaps in quarters]
    return [found + 1 for found in values if found is not None]


def spread(entries: Sequence[Entry], levels: Sequence[str]) -> Mapping[str, tuple[int, int]]:
    """How many projects are at each level, as claimed and as evidenced; not assessed and below the lowest first."""
    gaps = [gap for gap in (entry.gap() for entry in entries) if gap is not None]
    names = ["not assessed", f"below {levels[0]}", *levels]
    return {
        name: (sum(g.claimed.label == name for g in gaps), sum(g.evidenced.label == name for g in gaps))
        for name in names
    }
