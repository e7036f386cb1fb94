"""What tools and people leave in the store as events, and how a proof finds it: one row a thing.

An event is of a release, of a version of the test set (``body["test_set"]``, its digest; else that of its release), or of the
project. What was written about an earlier release or test set is found too, and has expired.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

from plainview.readiness.facts import Facts
from plainview.records import Event


@dataclass(frozen=True)
class Sought:
    """One kind of thing that is looked for."""

    kind: str  # of the event
    one: str  # what it is called
    many: str
    done: str  # what was done with it: "reviewed", "published"
    where: Mapping[str, tuple[str, ...]] = field(default_factory=dict)  # keys of the body, and the values that count
    of: Literal["release", "test set", "project"] = "release"
    days: int | None = None  # how long it counts; None: until the release or the test set moves on
    counted: bool = False  # whether ``body["count"]`` says how many it is; else each event is one
    example: Mapping[str, Any] = field(default_factory=dict)  # more of a body, for the line that shows how to write one

    by: str = ""  # the command or the page that makes one; empty: a line of Python does

    def how(self) -> str:
        """The command, the page, or the line of Python that puts one into the store."""
        if self.by:
            return self.by
        body = {key: values[0] for key, values in self.where.items()} | dict(self.example)
        release = "" if self.of == "project" else ", release=release"
        return f"store.append_event({self.kind!r}, project{release}, body={body})"

    def matches(self, event: Event) -> bool:
        """Whether an event is one of these, whatever it is about; one that counts nothing is none."""
        if event.kind != self.kind or (self.counted and self.amount(event) < 1):
            return False
        return all(event.body.get(key) in values for key, values in self.where.items())

    def amount(self, event: Event) -> int:
        """How many an event is of."""
        return whole(event.body.get("count", 1)) if self.counted else 1

    def current(self, event: Event, facts: Facts) -> bool:
        """Whether an event is about what is in the store now."""
        if self.days is not None and facts.days_since(event.at) > self.days:
            return False
        if self.of == "release":
            return event.release == facts.release
        return self.of == "project" or facts.test_set_of(event) in facts.test_sets


def whole(value: object) -> int:
    """A number of things in a body that anyone may have written; 0 where it is none."""
    return value if isinstance(value, int) and not isinstance(value, bool) and value > 0 else 0


@dataclass(frozen=True)
class Looked:
    """What was found: the events that count now, and those that did once."""

    current: tuple[Event, ...]
    expired: tuple[Event, ...]


def look(sought: Sought, facts: Facts) -> Looked:
    """Look for a thing in a store."""
    found = [event for event in facts.events if sought.matches(event)]
    current = tuple(event for event in found if sought.current(event, facts))
    return Looked(current, tuple(event for event in found if event not in current))


SPLIT = Sought(
    "split", "split", "splits", "declared", of="test set", example={"training_examples": 9000, "shared": 0},
    by="plainview data-test --project PROJECT --release RELEASE --training FILE",
)  # fmt: skip
PATTERN = Sought(
    "pattern", "error pattern", "error patterns", "documented", of="test set", example={"name": "…", "note": "…"}
)
CONFIDENT = Sought(
    "review", "confident mistake", "confident mistakes", "reviewed", {"subject": ("confident mistakes",)}, counted=True,
    example={"count": 25},
)  # fmt: skip
SUGGESTED = Sought(
    "review", "suggested scenario", "suggested scenarios", "reviewed", {"subject": ("suggested scenarios",)}, counted=True,
    example={"count": 3},
)  # fmt: skip
COMPARISON = Sought("review", "comparison", "comparisons", "reviewed", {"subject": ("comparison",)})
INCLUSION = Sought(
    "review", "group", "groups", "named", {"subject": ("inclusion",)}, of="project", example={"scenarios": ["…"]}
)
MONITORING = Sought(
    "monitoring", "production batch", "production batches", "checked for drift", of="project", days=30,
    example={"drifted": False}, by="plainview monitor BATCH --project PROJECT",
)  # fmt: skip
_CHECK = "plainview check PROJECT RELEASE --checks checks.yaml --predict module:function, with a check of kind: {}"
COUNTERFACTUAL = Sought(
    "check", "counterfactual check", "counterfactual checks", "published", {"check": ("counterfactual", "label flip")},
    by=_CHECK.format("counterfactual"),
)  # fmt: skip
PERTURBATION = Sought(
    "check", "perturbation check", "perturbation checks", "published",
    {"check": ("invariance", "perturbation", "augmentation")}, by=_CHECK.format("invariance"),
)  # fmt: skip
ADVERSARIAL = Sought(
    "check", "adversarial check", "adversarial checks", "published", {"check": ("adversarial",)},
    by=_CHECK.format("adversarial"),
)  # fmt: skip
GLOBAL = Sought("explanation", "global explanation", "global explanations", "published", {"scope": ("global",)})
LOCAL = Sought(
    "explanation", "set of local explanations", "sets of local explanations", "published", {"scope": ("local",)}
)
WHAT_IF = Sought(
    "what-if", "what-if analysis", "what-if analyses", "saved", by="The page What if: change an example, then Keep it"
)
DATA_TESTS = Sought(
    "data tests", "run of data tests", "runs of data tests", "published", of="test set",
    by="plainview data-test --project PROJECT --release RELEASE",
)  # fmt: skip
DECISION = Sought(
    "decision", "decision", "decisions", "made", {"decision": ("go", "conditional go", "no-go")},
    example={"reason": "…"},
)  # fmt: skip
RUBRIC = Sought(
    "assessment", "review with a rubric", "reviews with a rubric", "submitted", {"framework": ("test-score",)}
)
INCIDENT = Sought("incident", "incident", "incidents", "reported", of="project", example={"scenario": "…"})
SIMPLER = Sought("simpler model", "simpler model", "simpler models", "named", of="project", example={"release": "…"})
