"""The readiness report in Markdown: from the plain values of `readiness.report`, with what people wrote made inert."""

from collections.abc import Iterator, Mapping
from typing import Any

from plainview.escaping import markdown as inert
from plainview.quantities import count


def markdown_lines(report: Mapping[str, Any]) -> Iterator[str]:
    """The lines of the report."""
    yield f"# Readiness of {inert(report['project'])} {inert(report['release'])}"
    yield ""
    yield f"As of {report['at'][:10]}. *Claimed* is what people answered, *evidenced* what artifacts in the store show."
    yield ""
    yield "| framework | claimed | evidenced | claimed, not shown | expired |"
    yield "|---|---|---|---|---|"
    for each in report["frameworks"]:
        rows = each["questions"]
        bare = [row["code"] for row in rows if _unsupported(row)]
        expired = [row["code"] for row in rows if row["claimed"] == "evidence expired"]
        cells = (
            inert(each["title"]),
            _score(each["claimed"]),
            _score(each["evidenced"]),
            ", ".join(bare),
            ", ".join(expired),
        )
        yield f"| {' | '.join(cell or '–' for cell in cells)} |"
    for each in report["frameworks"]:
        yield from _framework(each)


def _framework(each: Mapping[str, Any]) -> Iterator[str]:
    yield ""
    yield f"## {inert(each['title'])}"
    yield ""
    yield inert(each["sentence"])
    for sentence in filter(None, (each["held_down_by"], *each["contradictions"], *each["at_once"])):
        yield f"- {inert(sentence)}"
    yield ""
    yield "| | question | claimed | evidenced | evidence |"
    yield "|---|---|---|---|---|"
    for row in each["questions"]:
        claimed = f"{row['claimed']} ({row['answer']})" if row["answer"] else row["claimed"]
        evidence = row["evidence"]
        shown = (evidence["outcome"], inert(evidence["sentence"])) if evidence else ("no artifact can show it", "")
        yield f"| {inert(row['code'])} | {inert(row['title'])} | {inert(claimed)} | {shown[0]} | {shown[1]} |"
    yield from _plan(each)
    yield ""
    yield f"What this does not say: {inert(each['says_not'])}"


def _plan(each: Mapping[str, Any]) -> Iterator[str]:
    plan = each["plan"] or each["next"]
    yield ""
    if plan is None:
        yield "The highest there is has been reached."
        return
    if plan["reason"]:
        yield inert(f"{plan['target']} cannot be reached: {plan['reason']}.")
        return
    effort = f"{plan['effort']:g} {'day' if plan['effort'] == 1 else 'days'}"
    yield f"Next, to {inert(plan['target'])}: {count(len(plan['steps']), 'step')}, about {effort} as declared."
    for step in plan["steps"]:
        yield f"1. {inert(step['code'])}, {inert(step['title'])} (to {inert(step['aim'])}). {inert(step['how'])}"


def _unsupported(row: Mapping[str, Any]) -> bool:
    return row["claimed"] == "met" and row["can_be_evidenced"] and row["evidenced"] != "met"


def _score(found: Mapping[str, Any]) -> str:
    return f"{found['label']} ({found['band'].lower()})" if found["band"] else found["label"]
