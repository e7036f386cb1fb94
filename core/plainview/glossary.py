"""The words of Plainview, each with its meaning: the glossary, and the help beside every figure, are read from here."""

from collections.abc import Mapping
from dataclasses import dataclass

from plainview.exceptions import nearest


@dataclass(frozen=True)
class Term:
    """A word, what it means, and what others call it."""

    name: str
    meaning: str
    others: tuple[str, ...] = ()
    page: str = ""  # where it is at work: "release/compare"

    def holds(self, text: str) -> bool:
        """Whether a text stands in the word, in what others call it, or in its meaning, whatever its capitals."""
        return any(text.casefold() in each.casefold() for each in (self.name, *self.others, self.meaning))


_TERMS = (
    Term(
        "Project",
        "One capability that is released and judged, such as a sentiment classifier.",
        ("product", "model card"),
    ),
    Term(
        "Specification",
        "The file that says what is demanded: behaviours, scenarios, metrics, margins, requirements. It has versions.",
        ("test plan", "contract"),
        "about/publish",
    ),
    Term(
        "Behaviour",
        "Something that the product does, in a product manager's words, such as “Understands negation”. It has scenarios.",
        ("capability", "skill"),
        "release/behaviours",
    ),
    Term(
        "Scenario",
        "A named part of the test set, chosen by a condition on its columns or by a list of examples.",
        ("slice", "segment", "cohort", "subgroup"),
        "release/behaviours",
    ),
    Term(
        "Example",
        "One row of the test set: something the product is asked, with the right answer.",
        ("sample", "instance"),
    ),
    Term(
        "Test set",
        "The examples, with their labels, that releases are judged on. Each version is kept and never changes.",
        ("evaluation data", "hold-out", "benchmark"),
        "evidence/trends",
    ),
    Term("Label", "The right answer to an example, as people decided it.", ("ground truth", "target", "annotation")),
    Term("Prediction", "What a release answered to an example.", ("output", "inference")),
    Term(
        "Score",
        "How strongly a release says an answer, where it says so.",
        ("confidence", "probability"),
        "evidence/thresholds",
    ),
    Term(
        "Release",
        "A named version of the model or system, with its date.",
        ("model version", "checkpoint"),
        "release/report",
    ),
    Term(
        "Evaluation",
        "The predictions of one release on one version of the test set, published once and never changed.",
        ("run", "experiment"),
    ),
    Term("Result", "One metric on one scenario: its value, its interval, and how many examples it is of."),
    Term(
        "Metric",
        "What is measured of answers, such as accuracy or mean absolute error.",
        ("measure", "KPI"),
        "about/methods",
    ),
    Term(
        "Interval",
        "Where the number may well lie on other examples like these: 95 of 100 such intervals hold the truth.",
        ("confidence interval", "error bar"),
        "about/methods",
    ),
    Term("Points", "Differences of percentages: from 80% to 84% is 4 points.", ("percentage points",)),
    Term(
        "Margin",
        "The smallest difference that matters, as the specification says. Within it, two releases count as the same.",
        ("tolerance", "practical significance"),
    ),
    Term(
        "Comparison",
        "Two releases, example by example, with one of five verdicts for each scenario.",
        ("A/B", "regression test"),
        "release/compare",
    ),
    Term(
        "Better, worse",
        "A test finds a difference, among all the tests of the comparison, and its interval excludes zero.",
    ),
    Term("Equivalent", "A difference as large as the margin is ruled out: it did not change.", ("no change",)),
    Term(
        "Inconclusive",
        "Too uncertain to tell: the examples neither show a difference nor rule one out.",
        ("not significant",),
        "evidence/planning",
    ),
    Term(
        "Not comparable", "The two releases were judged by other examples, labels or rules, so no difference is given."
    ),
    Term(
        "Without sacrificing",
        "Every other scenario of the behaviour rules out a loss as large as the margin.",
        ("non-inferiority",),
    ),
    Term(
        "Fixed, broke",
        "Wrong before and right now; right before and wrong now.",
        ("flips", "churn", "negative flips"),
        "release/compare",
    ),
    Term(
        "False discovery rate",
        "Among the differences that are named, the share of false ones that is tolerated: 5%.",
        ("multiple testing", "Benjamini and Hochberg"),
        "about/methods",
    ),
    Term(
        "Requirement",
        "A bar that a metric must clear on a scenario: met, not met, unproven, without evidence, or waived.",
        ("acceptance criterion", "threshold", "SLO"),
        "release/requirements",
    ),
    Term("Unproven", "The bar lies inside the interval: more examples would settle it.", (), "release/requirements"),
    Term(
        "Waived",
        "Someone answers for a requirement that is not met, with a reason and an end.",
        ("exception", "risk accepted"),
    ),
    Term(
        "No evidence", "Nothing was measured. A missing value is never zero, and never a pass.", ("unknown", "missing")
    ),
    Term(
        "Priority",
        "Whether a requirement must, should or could be met: a must that is not met stops a release.",
        ("severity",),
    ),
    Term(
        "Traffic",
        "A scenario's share of what the product is asked in use.",
        ("exposure", "prevalence"),
        "evidence/exposure",
    ),
    Term("Cluster", "Examples that belong together, such as those of one customer: they count as fewer than they are."),
    Term("Weight", "How much an example counts beside the others."),
    Term(
        "Boxes", "What a detector finds. Its numbers count boxes; boxes of one image are never taken to be independent."
    ),
    Term(
        "Threshold", "The score from which on a class is called.", ("cut-off", "operating point"), "evidence/thresholds"
    ),
    Term(
        "Incident",
        "Something that went wrong in use. A test case guards it from then on.",
        ("bug", "outage", "escaped defect"),
        "evidence/incidents",
    ),
    Term(
        "Gate",
        "Whether a release may go on: it passes, fails, or nothing is proven. The same in a pipeline and on a page.",
        ("quality gate", "release criteria"),
        "release/decision",
    ),
    Term("Test case", "A small scenario of pinned examples that guards an incident: problems are solved once."),
    Term("Check", "A test of robustness or of data: are answers kept where they must be, moved where they should be?"),
    Term("Drift", "Data in use that is no longer like the test set.", ("distribution shift", "data shift")),
    Term(
        "Decision",
        "Go, conditional go or no-go for a release, by whom and why, with the evidence it rests on.",
        ("sign-off",),
        "release/decision",
    ),
    Term(
        "Assessment",
        "Answers to the questions of a readiness framework.",
        ("audit", "questionnaire"),
        "readiness/portfolio",
    ),
    Term("Claimed, evidenced", "What a person answered; what artifacts in the store show today. They are never mixed."),
)

TERMS: Mapping[str, Term] = {term.name: term for term in _TERMS}


def meaning(name: str) -> str:
    """What a word means. Raises KeyError that names the nearest word."""
    if name not in TERMS:
        raise KeyError(f"The glossary has no {name!r}. {nearest(name, TERMS)}")
    return TERMS[name].meaning
