"""A gate as text, as Markdown for a summary or a comment, as JUnit XML, and as JSON. Names in it are text and nothing else."""

import json
from collections.abc import Callable, Mapping, Sequence

from plainview.escaping import markdown
from plainview.gate.findings import ORDER, Finding, Gate
from plainview.gate.junit import junit
from plainview.quantities import count

MARKS = {"fail": "■", "not proven": "▲", "report": "△", "pass": "●"}
HEADINGS = {"fail": "Fails", "not proven": "Not proven", "report": "To know", "pass": "Holds"}
LONGEST = 60_000  # characters of a comment; code hosts take 65,536
ROWS = 60  # of one heading in a comment


def text(gate: Gate) -> str:
    """The outcome, why, and every finding, a line each."""
    lines = [f"{MARKS[gate.outcome]} {gate.outcome.upper()}: {gate.sentence}", gate.headline, against(gate)]
    for follows in ORDER:
        rows = [row for row in gate.findings if row.follows == follows]
        lines += ["", HEADINGS[follows]] if rows else []
        lines += [f"  {MARKS[follows]} {line(row)}" for row in rows]
    return "\n".join(lines) + "\n"


def line(row: Finding) -> str:
    """One finding: what it is of, its priority, its sentence."""
    named = f"{row.name}: " if row.kind == "requirement" else ""
    return f"{named}{f'[{row.priority}] ' if row.priority else ''}{row.sentence}"


def against(gate: Gate) -> str:
    """What was judged, and against what."""
    than = f"held against {gate.baseline}" if gate.baseline else "nothing earlier to hold it against"
    return f"{gate.project} {gate.release} on {gate.test_set}, {count(gate.examples, 'example')}, {than}."


def as_markdown(gate: Gate) -> str:
    """A summary or a comment: the outcome, what decides in a table, the rest folded. Begins with a mark that no reader sees, by
    which a pipeline finds its last comment.
    """
    head = [
        f"<!-- plainview-gate {gate.project} -->",
        f"## {MARKS[gate.outcome]} {gate.outcome.capitalize()}: {markdown(f'{gate.title}, {gate.release}')}",
        "",
        markdown(gate.sentence, 1_200),
        "",
        markdown(gate.headline, 1_200),
        "",
        markdown(against(gate)),
        "",
    ]
    body: list[str] = []
    for follows in ORDER:
        rows = [row for row in gate.findings if row.follows == follows]
        if rows:
            body += _open(rows, follows) if follows in ("fail", "not proven") else _folded(rows, follows)
    return _cut("\n".join([*head, *body]))


def _open(rows: Sequence[Finding], follows: str) -> list[str]:
    return [f"### {HEADINGS[follows]}", "", *_table(rows, follows), ""]


def _folded(rows: Sequence[Finding], follows: str) -> list[str]:
    summary = f"<summary>{HEADINGS[follows]}: {len(rows):,}</summary>"
    return ["<details>", summary, "", *_table(rows, follows), "", "</details>", ""]


def _table(rows: Sequence[Finding], follows: str) -> list[str]:
    made = ["| | What | Status | Priority | Owner | |", "|---|---|---|---|---|---|"]
    for row in rows[:ROWS]:
        cells = [MARKS[follows], row.name, row.status, row.priority, row.owner, row.sentence]
        made.append("| " + " | ".join(markdown(cell, 400) for cell in cells) + " |")
    return [*made, "", f"and {len(rows) - ROWS:,} more."] if len(rows) > ROWS else made


def _cut(written: str) -> str:
    """As much as a comment may hold, whole lines; what is cut is said."""
    if len(written) <= LONGEST:
        return written
    kept = written[:LONGEST].rpartition("\n")[0]
    open_ones = kept.count("<details>") - kept.count("</details>")
    return kept + "\n\n</details>" * open_ones + "\n\nThe rest is left out: a comment may not be longer.\n"


def as_json(gate: Gate) -> str:
    """One JSON object on a line."""
    return json.dumps(gate.to_dict(), ensure_ascii=True, allow_nan=False) + "\n"


FORMATS: Mapping[str, Callable[[Gate], str]] = {
    "text": text,
    "markdown": as_markdown,
    "junit": junit,
    "json": as_json,
}
