"""What the tests of sentences share: a specification, and changes and results whose numbers go with their verdicts."""

from verb_cases import NUMBERS

from plainview.records import Result
from plainview.specification import load_specification
from plainview.verdicts import Change

SPECIFICATION = load_specification(
    """
project: reviews
task: classification
columns: {id: id, label: label}
metrics: [accuracy]
behaviours:
  - name: Understands negation
    scenarios:
      - {name: Negated, where: "a = 1"}
      - {name: Long and negated, where: "b = 1"}
  - name: Short texts
    scenarios:
      - {name: Short, where: "c = 1"}
"""
)
MEASURED = load_specification(NUMBERS)
BETTER = {
    "difference": 0.076,
    "low": 0.048,
    "high": 0.103,
    "fixed": 74,
    "broke": 22,
    "examples": 686,
    "baseline": 0.372,
    "candidate": 0.448,
}
WORSE = {
    "difference": -0.054,
    "low": -0.08,
    "high": -0.021,
    "fixed": 10,
    "broke": 40,
    "examples": 555,
    "baseline": 0.8,
    "candidate": 0.746,
}
STILL = {
    "difference": 0.001,
    "low": -0.004,
    "high": 0.006,
    "fixed": 3,
    "broke": 2,
    "examples": 1000,
    "baseline": 0.841,
    "candidate": 0.842,
}
UNSURE = {
    "difference": 0.02,
    "low": -0.05,
    "high": 0.09,
    "fixed": 9,
    "broke": 8,
    "examples": 41,
    "baseline": 0.61,
    "candidate": 0.63,
}
NUMBERS_OF = {"better": BETTER, "worse": WORSE, "equivalent": STILL, "inconclusive": UNSURE}
NOTHING = dict.fromkeys(("baseline", "candidate", "difference", "low", "high", "fixed", "broke"))


def change(scenario, verdict, *, metric="accuracy", behaviour=None, **numbers):
    """A change of that verdict, with numbers that go with it."""
    fields = NUMBERS_OF.get(verdict, NOTHING | {"examples": 0, "reason": "no examples with a label and a prediction"})
    needed = 340 if verdict == "inconclusive" else None
    fields = {"reason": None, "p_value": None, "more_examples_needed": needed, "margin": 0.01} | fields
    sure = {"not_worse": verdict in ("better", "equivalent")}
    return Change(scenario=scenario, behaviour=behaviour, metric=metric, verdict=verdict, **(fields | sure | numbers))


def result(**fields):
    return Result(
        **(
            {
                "scenario": "all",
                "metric": "accuracy",
                "value": 0.632,
                "low": 0.6146,
                "high": 0.6491,
                "examples": 3000,
                "of": 3000,
                "method": "wilson/1",
            }
            | fields
        )
    )
