"""The model card of a release, and its twin in JSON: details, intended use, factors, metrics, data, analyses, limits.

The headings are those of Mitchell et al., "Model Cards for Model Reporting", 2019. What nobody has written is said to be
missing, never made up.
"""

from datetime import date
from typing import Any

from plainview import narrative
from plainview.charts.rows import titled
from plainview.export.as_of import SPLIT
from plainview.export.document import (
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
from plainview.export.reporting import (
    MISSING,
    address_of,
    decided,
    estimates_chart,
    limits_box,
    made_from,
    metric_table,
    scenario_table,
)
from plainview.metrics import METRICS, split_key
from plainview.narrative.limits import limits
from plainview.quantities import count, margin
from plainview.records import Event
from plainview.report import Report
from plainview.specification import Specification

FORMAT = "plainview-model-card/1"
UNSAID = "Nobody has written this down in the specification."


def model_card(
    report: Report, events: list[Event], manifest: dict[str, Any], *, address: str | None = None
) -> Document:
    """The card of a release; ``events`` are what was decided and declared of it, oldest first."""
    evaluation, day = report.evaluation, date.fromisoformat(manifest["pins"]["day"])
    decisions = [event for event in events if event.kind != SPLIT]
    sections = (
        _details(report),
        _use(report.specification),
        _factors(report.specification),
        _metrics(report.specification),
        _data(report, events),
        _analyses(report),
        limits_box(report),
        made_from(report, manifest),
    )
    return Document(
        kind="model card",
        title=f"Model card: {evaluation.title}, {evaluation.release}",
        context=narrative.about(report),
        conclusion=report.standing,
        lead=(*decided(decisions, report, day), Paragraph(report.headline)),
        sections=sections,
        address=address_of(report, address),
        made=evaluation.published_at.replace(microsecond=0),
        manifest=manifest,
        twin=_twin(report, events, manifest),
    )


def _details(report: Report) -> Section:
    evaluation, specification = report.evaluation, report.specification
    rows = (
        Fact("Name", evaluation.title, evaluation.project),
        Fact("Release", evaluation.release, narrative.about(report).split(" · ")[0]),
        Fact("Owner", specification.owner or "not named"),
        Fact("Task", specification.task),
        Fact("Classes", _classes(specification)) if specification.classes else None,
        Fact("What is new", evaluation.notes or "not written down"),
        Fact("Source revision", evaluation.source_revision or "not given"),
    )
    return Section("Model details", (Facts(tuple(filter(None, rows)), listed=True),))


def _classes(specification: Specification, most: int = 20) -> str:
    names = list(specification.classes or ())
    return ", ".join(names[:most]) + (f" and {len(names) - most:,} more" if len(names) > most else "")


def _use(specification: Specification) -> Section:
    """What it is for: the description, and the behaviours that it is to have."""
    rows = [
        Statement(" ".join(filter(None, (each.why, _owned(each.owner)))), name=each.name)
        for each in specification.behaviours
    ]
    blocks = [Paragraph(specification.description or UNSAID)]
    if rows:
        blocks.append(Statements(tuple(rows)))
    outside = "What it is not for is not written down: nothing here says that it works for other uses or other people."
    return Section("Intended use", (*blocks, Paragraph(outside, quiet=True)))


def _owned(owner: str | None) -> str:
    return f"Owner: {owner}." if owner else ""


def _factors(specification: Specification) -> Section:
    """The scenarios, each with the condition that its examples meet."""
    columns = (Column("Scenario", width=2), Column("Which examples", width=3), Column("Behaviour", width=2))
    defined = [each for each in specification.scenarios if each.definition]
    rows = [Row((each.name, each.definition, each.behaviour or MISSING)) for each in defined]
    if not rows:
        return Section("Factors", (Paragraph("No scenario is defined: only the average over all examples is known."),))
    return Section("Factors", (Table("What performance was looked at by", columns, tuple(rows), slides=False),))


def _metrics(specification: Specification) -> Section:
    """Each metric, what it says, and the difference that matters."""
    columns = (Column("Metric", width=1.5), Column("What it says", width=4), Column("Margin", "number", 1))
    rows = []
    for key in specification.metric_keys:
        matters, unit = specification.margin_for(key), specification.unit_of(key)
        said = margin(matters, key, unit) if matters else MISSING
        rows.append(Row((narrative.metric_title(key), _says(key), said)))
    how = (
        f"Intervals are at {100 * specification.confidence:g}%. A scenario with fewer than "
        f"{count(specification.minimum_examples, 'example')} is not judged."
    )
    return Section(
        "Metrics", (Table("What was measured", columns, tuple(rows), slides=False), Paragraph(how, quiet=True))
    )


def _says(key: str) -> str:
    """What a metric says, of the class or the column that it is of."""
    name, of = split_key(key)
    return METRICS[name].sentence.format(name=of)


def _data(report: Report, events: list[Event]) -> Section:
    test_set, specification = report.evaluation.test_set, report.specification
    rows = (
        Fact("Evaluation data", test_set.name, f"SHA-256 {test_set.digest}"),
        Fact("Examples", f"{test_set.examples:,}", f"{test_set.missing_labels:,} without a label"),
        Fact("Columns", ", ".join(test_set.columns)),
        Fact("Examples that belong together", specification.columns.cluster or "none are said to"),
        Fact("Releases judged on it", f"{report.judged:,}"),
        Fact("Training data", _training(events)),
    )
    return Section("Data", (Facts(rows, listed=True),))


def _training(events: list[Event]) -> str:
    """What was declared of the training data; anyone may have written the event."""
    found = [event.body for event in events if event.kind == SPLIT]
    if not found:
        return "Not described in this store."
    trained, shared = (found[-1].get(name) for name in ("training_examples", "shared"))
    known = type(trained) is int and trained >= 0
    said = count(trained, "example") if known else "Declared, without a number of examples"
    return f"{said}, {shared:,} of them shared with the test set" if type(shared) is int and shared >= 0 else said


def _analyses(report: Report) -> Section:
    """The numbers: every metric over all examples, then the headline metric on each scenario."""
    how = "Scenarios may overlap: one that combines two conditions is listed where the specification names it."
    blocks = (metric_table(report), estimates_chart(report), scenario_table(report), Paragraph(how, quiet=True))
    return Section("Quantitative analyses", blocks, conclusion=report.headline)


def _twin(report: Report, events: list[Event], manifest: dict[str, Any]) -> dict[str, Any]:
    """The card for programs: the same facts under the same headings."""
    evaluation, specification, test_set = report.evaluation, report.specification, report.evaluation.test_set
    return {
        "format": FORMAT,
        "model_details": {
            "project": evaluation.project,
            "title": evaluation.title,
            "release": evaluation.release,
            "released": evaluation.released.isoformat() if evaluation.released else None,
            "owner": specification.owner,
            "task": specification.task,
            "classes": list(specification.classes or ()),
            "notes": evaluation.notes,
            "source_revision": evaluation.source_revision,
        },
        "intended_use": {
            "description": specification.description,
            "behaviours": [
                {"name": each.name, "why": each.why, "owner": each.owner} for each in specification.behaviours
            ],
            "out_of_scope": None,
        },
        "factors": [
            {"scenario": each.name, "where": each.definition, "behaviour": each.behaviour}
            for each in specification.scenarios
            if each.definition
        ],
        "metrics": [
            {
                "metric": key,
                "title": narrative.metric_title(key),
                "says": _says(key),
                "unit": specification.unit_of(key),
                "margin": specification.margin_for(key),
            }
            for key in specification.metric_keys
        ],
        "evaluation_data": {
            "test_set": test_set.name,
            "digest": test_set.digest,
            "examples": test_set.examples,
            "missing_labels": test_set.missing_labels,
            "columns": list(test_set.columns),
            "releases_judged_on_it": report.judged,
        },
        "training_data": _training(events),
        "quantitative_analyses": {
            "headline": report.headline,
            "standing": report.standing,
            "confidence": specification.confidence,
            "results": [row.model_dump() | {"title": titled(row.scenario)} for row in report.results],
            "requirements": [
                {"id": row.id, "title": row.title, "status": row.status, "sentence": row.sentence}
                for row in report.standings
            ],
        },
        "limits": limits(report),
        "decisions": [event.body | {"by": event.actor} for event in events if event.kind != SPLIT],
        "manifest": manifest,
    }
