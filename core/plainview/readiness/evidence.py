"""Evidence: what the store proves today, evaluated from artifacts whenever it is asked for, and never kept.

A row of `PROOFS` is something that artifacts can show. It comes to one of these outcomes:

- *met*, *partly met*, *not met*: artifacts are there, and say so ("not met" is bad news, never just silence);
- *evidence expired*: it was there for an earlier release or test set, or is older than it may be;
- *not answered*: nothing is there.

How far a practice has come (see `scales`) follows: partly met is step 1, met is 2 (done, and documented in the store), and 3
where the release before had it too and both name the source revision that they were built from, which pipelines do. No
artifact shows step 4. Where the question is only whether something is done, "met" is enough.
"""

from collections.abc import Callable
from dataclasses import asdict, dataclass, replace
from datetime import datetime

from plainview.exceptions import PlainviewError, reason_of
from plainview.narrative.readiness import evidence_sentence, unreadable_evidence
from plainview.readiness import proofs, sought
from plainview.readiness.facts import Facts
from plainview.readiness.proofs import Found
from plainview.readiness.scales import Outcome, Scale

AD_HOC, BY_HAND, AUTOMATED = 1, 2, 3  # steps of `scales`


@dataclass(frozen=True)
class Proof:
    """Something that artifacts can show."""

    name: str
    check: Callable[[Facts], Found]
    how: str  # the command, or line of Python, that produces its evidence


@dataclass(frozen=True)
class Evidence:
    """What a proof found for one release."""

    proof: str
    outcome: Outcome
    sentence: str  # "14 scenarios inspected with 3.0.1, 12 days ago."
    count: int  # how many things it found that count now
    release: str | None  # the release that it is of
    at: datetime | None  # when the newest of its artifacts was written
    artifacts: tuple[str, ...]  # ids of evaluations and events
    repeated: bool = False  # the release before had it too, and both were built from a named source revision

    def step_on(self, scale: Scale) -> int | None:
        """How far the practice has come, on the steps of `scales`; None where nothing counts."""
        if self.outcome == "not met":
            return 0
        if self.outcome == "partly met":
            return AD_HOC
        if self.outcome != "met":
            return None
        asks_whether = scale.name in ("activity", "gate")
        return AUTOMATED if asks_whether or self.repeated else BY_HAND

    def to_dict(self) -> dict:
        """The evidence as plain values."""
        return asdict(self) | {"at": self.at and self.at.isoformat()}


def evidence_of(facts: Facts, proof: str) -> Evidence:
    """What a proof of the table finds at this moment; an artifact that cannot be read proves nothing, and is named."""
    found = _found(facts, PROOFS[proof])
    repeated = found.outcome == "met" and _automatic(facts, PROOFS[proof])
    days = facts.days_since(found.at) if found.at is not None else None
    return Evidence(
        proof=proof,
        outcome=found.outcome,
        sentence=evidence_sentence(found, days),
        count=found.count if found.outcome in ("met", "partly met") else 0,
        release=found.release,
        at=found.at,
        artifacts=found.artifacts,
        repeated=repeated,
    )


def _found(facts: Facts, proof: Proof) -> Found:
    try:
        return proof.check(facts)
    except PlainviewError as error:
        return replace(proofs.NOTHING, said=unreadable_evidence(reason_of(error)))


def _automatic(facts: Facts, proof: Proof) -> bool:
    """Whether the release before had it too, and both were built from a revision that they name."""
    before = facts.before
    if before is None or not (facts.evaluation.source_revision and before.evaluation.source_revision):
        return False
    return _found(before, proof).outcome == "met"


PUBLISH = "plainview publish FRAME --specification FILE --release NAME"
_DEMAND = f"Write it under requirements in the specification, then: {PUBLISH}"
_SCENARIO = f"Add scenarios to the specification, then: {PUBLISH}"


def _events(name: str, wanted: sought.Sought) -> Proof:
    return Proof(name, proofs.events(wanted), wanted.how())


def _on_a_page(name: str, wanted: sought.Sought, first: str) -> Proof:
    """As `_events`; readers write it on a page, programs as an event."""
    return Proof(name, proofs.events(wanted), f"{first}, or: {wanted.how()}")


PROOFS = {
    proof.name: proof
    for proof in (
        Proof("split", proofs.split, f"Give the test set a column split, or: {sought.SPLIT.how()}"),
        Proof("evaluation", proofs.evaluation, PUBLISH),
        _on_a_page("patterns", sought.PATTERN, "Document one on the app's page Error patterns"),
        _on_a_page("confident-mistakes", sought.CONFIDENT, "Say what you have seen on the app's page Errors"),
        Proof("class-requirements", proofs.class_requirements, _DEMAND),
        _events("monitoring", sought.MONITORING),
        _events("counterfactual", sought.COUNTERFACTUAL),
        Proof("explanations", proofs.explanations, "plainview explain PROJECT RELEASE --predict module:function"),
        Proof("scenario-results", proofs.scenario_results, _SCENARIO),
        Proof(
            "scenarios", proofs.scenarios_inspected, f"{_SCENARIO}; and review its suggestions on the app's page Errors"
        ),
        _events("what-if", sought.WHAT_IF),
        _events("perturbation", sought.PERTURBATION),
        _events("adversarial", sought.ADVERSARIAL),
        Proof(
            "comparison", proofs.comparison, f"Review it on the app's page Differences, or: {sought.COMPARISON.how()}"
        ),
        _events("data-tests", sought.DATA_TESTS),
        Proof("requirements", proofs.requirements, _DEMAND),
        Proof("specification", proofs.specification, _DEMAND),
        Proof("slices", proofs.slices, _DEMAND),
        Proof("validated", proofs.validated, _DEMAND),
        Proof("inclusion", proofs.inclusion, sought.INCLUSION.how()),
        Proof("simpler-model", proofs.simpler_model, f"Publish it as a release, then: {sought.SIMPLER.how()}"),
        Proof("test-data", proofs.test_data, f"Add examples to the test set, then: {PUBLISH}"),
        Proof("golden-set", proofs.golden_set, f"Judge the next release on the same test set: {PUBLISH}"),
        Proof("knowledge-base", proofs.knowledge_base, PUBLISH),
        Proof(
            "incidents",
            proofs.incidents,
            "plainview incident PROJECT NAME --ids …, and pin its examples as it says",
        ),
        Proof("decision", proofs.events(sought.DECISION), "plainview decide PROJECT RELEASE --go --reason …"),
        Proof("rubric", proofs.events(sought.RUBRIC), "plainview assess PROJECT --framework test-score --answers FILE"),
    )
}
