"""The readiness report of a release: every framework, claimed beside evidenced, as plain values and as Markdown."""

from collections.abc import Mapping, Sequence
from typing import Any

from plainview.readiness.framework import Framework
from plainview.readiness.loading import frameworks as shipped
from plainview.readiness.planner import Plan
from plainview.readiness.standing import FrameworkStanding, Readiness

SCHEMA = 1  # of the JSON; readers may rely on its fields, and later versions may add some


def readiness_report(readiness: Readiness, frameworks: Sequence[str | Framework] = ()) -> dict[str, Any]:
    """The report of a release on some frameworks (default: all that come with Plainview), each with its next plan."""
    standings = [readiness.standing(each) for each in frameworks or shipped()]
    plans = {
        each.framework.name: readiness.plan(each.framework, each.next_plan.target) if each.next_plan else None
        for each in standings
    }
    return report_of(standings, plans)


def report_of(standings: Sequence[FrameworkStanding], plans: Mapping[str, Plan | None]) -> dict[str, Any]:
    """The report of some standings of one release; ``plans`` by the name of the framework."""
    first = standings[0]
    return {
        "schema": SCHEMA,
        "project": first.project,
        "release": first.release,
        "at": first.at.isoformat(),
        "frameworks": [
            {**each.to_dict(), "plan": plan.to_dict() if (plan := plans.get(each.framework.name)) else None}
            for each in standings
        ],
    }


def as_markdown(report: Mapping[str, Any]) -> str:
    """A readiness report in Markdown; whatever people wrote stays text."""
    from plainview.narrative.readiness_report import markdown_lines

    return "\n".join(markdown_lines(report)) + "\n"
