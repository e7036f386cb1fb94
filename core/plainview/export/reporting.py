"""The report of a release as a document: the same sentences, charts and tables as the pages."""

from collections.abc import Callable
from dataclasses import asdict
from datetime import date
from functools import partial
from urllib.parse import urlencode

from plainview import narrative
from plainview.charts.estimates import estimates
from plainview.charts.forest import forest
from plainview.charts.rows import titled
from plainview.export.document import (
    Block,
    Chart,
    Column,
    Document,
    Fact,
    Facts,
    Paragraph,
    Row,
    Section,
    Statement,
    Statements,
    Table,
)
from plainview.narrative.decided import conditions, decision_sentence
from plainview.narrative.limits import limits, limits_answer, verdicts_answer
from plainview.narrative.moves import gain_of
from plainview.quantities import ends, span, value
from plainview.records import Event
from plainview.report import Report
from plainview.requirements import Standing, by_priority, ranked
from plainview.verdicts import Change

DRAWN, ON_SLIDE = 40, 16  # scenarios in a chart, and in one on a slide; the table has all of them
MISSING = "–"
URGENT = ("Fail", "No evidence", "Watch", "Pass", "Measured")
ORDER = ("worse", "better", "inconclusive", "equivalent", "not comparable")


def report_document(report: Report, decisions: list[Event], manifest: dict, *, address: str | None = None) -> Document:
    """The document of a report; ``decisions`` are the events on this release, oldest first; ``address`` is the app's."""
    evaluation, day = report.evaluation, date.fromisoformat(manifest["pins"]["day"])
    parts = (_attention, _changes, _requirements, _limits, _scenarios, _metrics)
    return Document(
        kind="report",
        title=f"{evaluation.title}, {evaluation.release}",
        context=narrative.about(report),
        conclusion=report.headline,
        lead=(
            *decided(decisions, report, day),
            Paragraph(report.standing),
            *_notes(report),
            _facts(report),
        ),
        sections=(*filter(None, (part(report) for part in parts)), made_from(report, manifest)),
        address=address_of(report, address),
        made=evaluation.published_at.replace(microsecond=0),
        manifest=manifest,
    )


def address_of(report: Report, address: str | None) -> str:
    """Where the app shows this report: whole where the app's ``address`` is known."""
    evaluation = report.evaluation
    place = {"project": evaluation.project, "release": evaluation.release}
    place |= {"baseline": report.baseline.release} if report.baseline else {}
    return f"{(address or '').rstrip('/')}/report?{urlencode(place)}"


def decided(decisions: list[Event], report: Report, day: date) -> tuple[Block, ...]:
    """The latest decision, or that there is none."""
    rows = [Statement(decision_sentence(decisions, report), name="Decision")]
    rows += [Statement(said, name="Condition") for said in conditions(decisions, day)]
    return (Statements(tuple(rows)),)


def _notes(report: Report) -> tuple[Block, ...]:
    notes = report.evaluation.notes
    return (Paragraph(f"Release notes: {notes}", quiet=True),) if notes else ()


def headline_changes(report: Report) -> list[Change]:
    """What changed in the headline metric, a row a scenario, ``all`` first."""
    metric = report.specification.metric_keys[0]
    return [row for row in report.comparison.results if row.metric == metric] if report.comparison else []


def _facts(report: Report) -> Facts:
    specification = report.specification
    metric = specification.metric_keys[0]
    unit = specification.unit_of(metric)
    overall = next(row for row in report.results if row.scenario == "all" and row.metric == metric)
    met = sum(row.status == "met" for row in report.standings)
    inside = (
        span(overall.low, overall.high, metric, unit) if overall.low is not None and overall.high is not None else ""
    )
    facts = [
        Fact(f"{narrative.metric_title(metric)}, all examples", value(overall.value, metric, unit), inside),
        Fact(
            "Requirements met",
            f"{met} of {len(report.standings)}" if report.standings else "none set",
            narrative.open_requirements([row.status for row in report.standings]),
        ),
    ]
    parts = [row for row in headline_changes(report) if row.scenario != "all"]
    if any(row.verdict != "not comparable" for row in parts):
        for verdict, label in (("better", "Better"), ("worse", "Worse"), ("inconclusive", "Too uncertain to tell")):
            found = sum(row.verdict == verdict for row in parts)
            facts.append(Fact(label, f"{found}", f"of {len(parts)} scenarios"))
    return Facts(tuple(facts))


def _attention(report: Report) -> Section:
    """What needs attention: what is demanded and not shown, then what got worse."""
    rows = [Statement(row.sentence, row.state) for row in report.incidents if row.status in ("came back", "open")]
    rows += [Statement(row.sentence, row.status) for row in by_priority(report.standings) if row.status != "met"]
    rows += [
        Statement(narrative.change_sentence(row, report.specification), "worse")
        for row in headline_changes(report)
        if row.verdict == "worse" and row.scenario != "all"
    ]
    if rows:
        return Section("What needs attention", (Statements(tuple(rows)),), conclusion=report.standing)
    met = "Every requirement is met" if report.standings else "No requirement is set"
    worse = "no scenario is shown to be worse" if report.comparison else "there is nothing to compare with"
    return Section("What needs attention", (Paragraph(f"{met}, and {worse}."),), conclusion=report.standing)


def _changes(report: Report) -> Section:
    """What changed, over all examples and by behaviour."""
    if report.comparison is None:
        return Section("What changed", (Paragraph("This is the first release on this test set."),), slides=False)
    specification, rows = report.specification, headline_changes(report)
    first, last = narrative.whole_statements(report.comparison, specification)
    blocks: list[Block] = [Statements(tuple(Statement(said) for said in (*first, *last)), slides=False)]
    if any(row.verdict != "not comparable" for row in rows):
        said = narrative.behaviour_statements(report.comparison, specification)
        told = sorted(said, key=lambda row: ORDER.index(row[1]))
        parts = verdicts_answer([row.verdict for row in rows if row.scenario != "all"])
        shown = [row for row in rows if row.scenario not in specification.test_cases]
        blocks.append(drawn(forest, [asdict(row) for row in shown], report, conclusion=first[0]))
        if len(shown) < len(rows):
            blocks.append(
                Paragraph(narrative.not_drawn(len(rows) - len(shown), "See below."), quiet=True, slides=False)
            )
        blocks.append(
            Statements(tuple(Statement(text.removeprefix(f"{name}: "), mark, name) for name, mark, text in told), parts)
        )
    return Section("What changed", tuple(blocks), conclusion=report.headline)


def drawn(chart: Callable[..., tuple[dict, str]], rows: list[dict], report: Report, *, conclusion: str = "") -> Chart:
    """A chart of the headline metric, and the one of fewer rows that a slide has room for."""
    metric = report.specification.metric_keys[0]
    draw = partial(chart, rows, metric=metric, unit=report.specification.unit_of(metric))
    return Chart(*draw(limit=DRAWN), conclusion, lambda: Chart(*draw(limit=ON_SLIDE)))


def _requirements(report: Report) -> Section | None:
    if not report.standings:
        return None
    columns = (
        Column("Status", "mark", 1.1),
        Column("Requirement", width=3.0),
        Column("Measured", "number", 1.3),
        Column(f"{level(report)} interval", "number", 1.9),
        Column("Priority", width=0.8),
        Column("Owner", width=1.2),
    )
    rows = []
    for row in ranked(report.standings):
        unit = report.specification.unit_of(row.metric)
        inside = span(row.low, row.high, row.metric, unit) if row.low is not None and row.high is not None else MISSING
        measured = MISSING if row.value is None else value(row.value, row.metric, unit)
        cells = (row.status, f"{row.id}: {row.title}", measured, inside, row.priority, row.owner or MISSING)
        rows.append(Row(cells))
    table = Table("Every requirement, the open ones first", columns, tuple(rows))
    return Section(
        "Requirements",
        (table,),
        conclusion=narrative.requirements_answer(ranked(report.standings), report.specification),
    )


def level(report: Report) -> str:
    """The confidence of intervals: "95%"."""
    return f"{100 * report.specification.confidence:g}%"


def _limits(report: Report) -> Section:
    return limits_box(report)


def limits_box(report: Report) -> Section:
    """The box that no document is without."""
    found = limits(report)
    rows = Statements(tuple(Statement(said) for said in found))
    return Section("What this report cannot tell you", (rows,), conclusion=f"{limits_answer(found)}.", boxed=True)


def _scenarios(report: Report) -> Section:
    """Every scenario with its value, and what became of it."""
    metric = report.specification.metric_keys[0]
    title = f"{narrative.metric_title(metric)}, scenario by scenario"
    chart = estimates_chart(report)
    conclusion = narrative.behaviours_answer(
        metric,
        [row.state for row in _worst(report).values()],
        sum(row.metric == metric for row in report.results),
        sum(row.metric == metric and row.status == "too few examples" for row in report.results),
    )
    return Section(title, (chart, scenario_table(report)), conclusion=conclusion)


def estimates_chart(report: Report) -> Chart:
    """The headline metric on each scenario."""
    return drawn(estimates, _estimated(report), report)


def _worst(report: Report) -> dict[str, Standing]:
    """Of the requirements on the headline metric the most urgent one for each scenario that has any."""
    metric, found = report.specification.metric_keys[0], {}
    for row in by_priority(report.standings):
        if row.metric == metric:
            found.setdefault(row.scenario, row)
    return found


def _estimated(report: Report) -> list[dict]:
    """The rows of the chart of estimates, as its page draws them: where not all have room, the most urgent first."""
    metric, demanded = report.specification.metric_keys[0], _worst(report)
    before = {row.scenario: row.baseline for row in headline_changes(report)}
    counted, rows = report.specification.counted_by(metric), []
    for row in (each for each in report.results if each.metric == metric):
        worst = demanded.get(row.scenario)
        state = worst.state if worst else "Measured" if row.value is not None else "No evidence"
        bar = worst.bar if worst else None
        rows.append(
            row.model_dump() | {"state": state, "bar": bar, "previous": before.get(row.scenario), "counted": counted}
        )
    return sorted(rows, key=lambda row: URGENT.index(row["state"])) if len(rows) > ON_SLIDE else rows


def scenario_table(report: Report) -> Table:
    """A row a scenario, under the behaviour it belongs to."""
    metric = report.specification.metric_keys[0]
    unit, (_, counted) = report.specification.unit_of(metric), report.specification.counted_by(metric)
    changes = {row.scenario: row for row in headline_changes(report)}
    columns = [
        Column("Scenario", width=2.3),
        Column(narrative.metric_title(metric), "number", 1.4),
        Column(f"{level(report)} interval", "number", 1.9),
        Column(counted.capitalize(), "number"),
    ]
    if changes:
        columns += [
            Column("Change", "number", 1.4),
            Column("Its interval", "number", 1.5),
            Column("Verdict", "mark", 1.6),
        ]
    rows, behaviour = [], None
    for row in report.results:
        if row.metric != metric:
            continue
        if row.behaviour != behaviour and (behaviour := row.behaviour):
            rows.append(Row((behaviour,), group=True))
        cells = (
            titled(row.scenario),
            MISSING if row.value is None else value(row.value, metric, unit),
            span(row.low, row.high, metric, unit) if row.low is not None and row.high is not None else MISSING,
            f"{row.of:,.0f}",
        )
        rows.append(Row(cells + (_moved(changes.get(row.scenario), unit) if changes else ())))
    return Table(f"Every scenario: {narrative.metric_title(metric)}", tuple(columns), tuple(rows), slides=False)


def _moved(row: Change | None, unit: str) -> tuple[str, str, str]:
    if row is None or row.difference is None:
        return MISSING, MISSING, row.verdict if row else "not comparable"
    within = (row.low, row.high) if row.low is not None and row.high is not None else None
    return gain_of(row, unit, within=within), ends(*within, row.metric) if within else MISSING, row.verdict


def _metrics(report: Report) -> Section | None:
    """Every metric over all examples, where there is more than the headline's."""
    rows = [row for row in report.results if row.scenario == "all"]
    if len(rows) < 2:
        return None
    return Section("Every metric, all examples", (metric_table(report),), slides=False)


def metric_table(report: Report) -> Table:
    """A row a metric."""
    columns = (
        Column("Metric", width=2),
        Column("Value", "number"),
        Column(f"{level(report)} interval", "number", 1.5),
        Column("From", "number", 1.2),
    )
    rows = []
    for row in (each for each in report.results if each.scenario == "all"):
        unit, (one, many) = report.specification.unit_of(row.metric), report.specification.counted_by(row.metric)
        inside = span(row.low, row.high, row.metric, unit) if row.low is not None and row.high is not None else MISSING
        shown = MISSING if row.value is None else value(row.value, row.metric, unit)
        rows.append(
            Row((narrative.metric_title(row.metric), shown, inside, f"{row.of:,.0f} {one if row.of == 1 else many}"))
        )
    return Table("Every metric over all examples", columns, tuple(rows))


def made_from(report: Report, manifest: dict) -> Section:
    """Which records it is of, and how to check it."""
    evaluation, before = report.evaluation, report.baseline
    facts = [
        Fact("Project", evaluation.project),
        Fact(
            "Evaluation",
            evaluation.id,
            f"published {evaluation.published_at:%-d %B %Y, %H:%M} UTC by {evaluation.actor}",
        ),
        Fact("Test set", evaluation.test_set.name, f"SHA-256 {evaluation.test_set.digest}"),
        Fact("Specification", "as published with it", f"SHA-256 {evaluation.specification.sha256}"),
        Fact("Compared with", before.release if before else "nothing", before.id if before else ""),
        Fact("Source revision", evaluation.source_revision or "not given"),
        Fact("Digest of this document's numbers", manifest["digest"]),
        Fact("Made by", f"Plainview {manifest['made_with'].get('plainview', '')}".strip()),
    ]
    how = (
        "Every number here is of the records above. The command plainview verify, given this file, finds the records in "
        "the store and says which numbers are not theirs."
    )
    return Section("What it is made from", (Paragraph(how), Facts(tuple(facts), listed=True)), slides=False)
