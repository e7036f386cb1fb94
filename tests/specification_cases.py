"""Two specifications that are right, and what the tests do to them."""

from pathlib import Path
from typing import Any

import pytest

from plainview.exceptions import SpecificationError
from plainview.specification import Specification, load_specification

TEXT = """\
project: sentiment
title: Sentiment of customer reviews
task: classification
columns: {id: id, label: label, prediction: prediction, score: score, cluster: customer}
metrics: [accuracy, macro_f1, {name: recall, class: negative}]
margin: 0.01
minimum_examples: 30
behaviours:
  - name: Understands negation
    why: A third of complaints contain one.
    owner: language team
    scenarios:
      - {name: With a negation, where: "has_negation = 1"}
      - {name: Long and negated, where: "has_negation = 1 AND words > 20"}
  - name: Known incidents
    scenarios:
      - {name: The June outage, ids: [a1, 007, 12], why: It must not happen again., minimum_examples: 3, margin: 0.05}
requirements:
  - {id: REQ-1, behaviour: Understands negation, scenario: With a negation, metric: accuracy, at_least: 0.45}
  - {id: REQ-2, scenario: all, metric: accuracy, no_worse_than: previous, margin: 0.01, priority: must}
  - {id: REQ-3, metric: "precision[positive]", at_most: 0.99, rule: point, priority: could, owner: me, reason: Why not}
"""
REGRESSION = """\
project: delays
task: regression
columns: {id: flight, label: delay}
metrics: [mae, bias, {name: rmse, margin: 2.5, title: Large errors}]
unit: minutes
margin: 0.5
behaviours:
  - name: Short hops
    scenarios: [{name: Under an hour, where: "minutes < 60", margin: {rmse: 9}}]
"""


def refusal(source: Any) -> str:
    with pytest.raises(SpecificationError) as caught:
        load_specification(source)
    return str(caught.value)


def demands(specification: Specification) -> dict:
    """All that a specification says, whatever it was read from."""
    return specification.model_dump(by_alias=True)


def changed(old: str, new: str, text: str = TEXT) -> str:
    assert text.count(old) >= 1, old
    return text.replace(old, new, 1)


def written(folder: Path, content: str | bytes, name: str = "specification.yaml") -> Path:
    path = folder / name
    path.write_bytes(content.encode() if isinstance(content, str) else content)
    return path
