"""An incident as a test case: the YAML to add to the specification, so that every release is held to it. No file is touched."""

from collections.abc import Sequence

import yaml

from plainview.incidents.reports import Incident
from plainview.specification import Specification

BEHAVIOUR = "Solved once"  # under which the scenarios of incidents are listed

# For each task the metrics that are 1 exactly where every pinned answer is right. Of numbers and grades their mean is held
# to the bar; the incident's own status holds each of them to it.
_DEMANDS = {
    "classification": (("accuracy", "at_least"),),
    "multilabel": (("exact_match", "at_least"),),
    "detection": (("micro_recall", "at_least"), ("micro_precision", "at_least")),
}


def test_case_yaml(incident: Incident, specification: Specification) -> str:
    """What to add under ``behaviours:`` and under ``requirements:``. Its examples are few and chosen, so the estimate alone
    decides, and one wrong answer is not met. Where new rows were handed over, they must be in the test set first.
    """
    scenario = {
        "name": incident.scenario,
        "ids": list(incident.ids),
        "why": f"{incident.code}, {incident.happened.isoformat()}: {incident.what}",
        "minimum_examples": len(incident.ids),
    }
    known = any(each.name == BEHAVIOUR for each in specification.behaviours)
    behaviour = [{"name": BEHAVIOUR, "owner": incident.owner, "scenarios": [scenario]}]
    demands = list(_demands(incident, specification))
    for number, each in enumerate(demands, start=1):
        each["id"] = incident.code if len(demands) == 1 else f"{incident.code}.{number}"
    ordered = [{"id": each.pop("id"), **each} for each in demands]
    head = f"# under behaviours: {BEHAVIOUR}: scenarios:" if known else "# under behaviours:"
    first = _written([scenario] if known else behaviour, 6 if known else 2)
    return f"  {head}\n{first}  # under requirements:\n{_written(ordered, 2)}"


def _demands(incident: Incident, specification: Specification) -> Sequence[dict]:
    task = specification.task
    if task == "regression":
        bars: list[tuple[str, str, float | None]] = [("mae", "at_most", incident.bar)]
    elif task == "scored":
        headline = specification.headline.key
        lower = specification.direction_of(headline) == "lower"
        bars = [(headline, "at_most" if lower else "at_least", incident.bar if incident.bar is not None else 1.0)]
    else:
        bars = [(metric, kind, 1.0) for metric, kind in _DEMANDS[task]]
    return [
        {
            "scenario": incident.scenario,
            "metric": metric,
            kind: bar,
            "rule": "point",
            "priority": "must",
            "owner": incident.owner,
            "reason": f"{incident.name} ({incident.code})",
        }
        for metric, kind, bar in bars
    ]


def _written(value: list, indent: int) -> str:
    text = yaml.safe_dump(value, sort_keys=False, allow_unicode=True, width=10_000)
    return "".join(f"{' ' * indent}{line}\n" for line in text.splitlines())
