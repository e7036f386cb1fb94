"""The frame of the app: sign-in, the table of pages, and what every page lives in.

A page is a file two folders deep, ``pages/<section>/<name>.py``: directly in ``pages/`` it would run without this frame.
Its address is its name. A new page is a new row.
"""

from plainview.texts import _
from plainview.ui.frame import Page, run

# fmt: off
PAGES = {
    _("Release"): [
        Page("release/report", _("Report"), _("What changed in this release, and what needs attention.")),
        Page("release/behaviours", _("Behaviours"), _("How well each behaviour works, scenario by scenario.")),
        Page("release/requirements", _("Requirements"), _("What is demanded, and whether the evidence shows that it holds.")),
        Page("release/compare", _("Compare"), _("What got better and what got worse, example by example.")),
        Page("release/decision", _("Decision"), _("Does it go out? Who decided that, and on what?")),
    ],
    _("Errors"): [
        Page("evidence/errors", _("Errors"), _("Where is this release wrong, and what do its errors have in common?")),
        Page("evidence/patterns", _("Error patterns"), _("Which kinds of mistakes are known, and are they still there?")),
        Page("evidence/differences", _("Differences"), _("How do two releases answer otherwise, example by example?")),
        Page("evidence/explanations", _("Explanations"), _("What do errors and answers depend on, and one answer?")),
        Page("evidence/robustness", _("Robustness"), _("Do answers hold where they must, and move where they must?")),
        Page("evidence/what_if", _("What if"), _("Would the answer be another if the example were?")),
        Page("evidence/incidents", _("Incidents"), _("What went wrong, and whether it can come back."), needs="project"),
    ],
    _("Evidence"): [
        Page("evidence/trends", _("Trends"), _("How each scenario moved from release to release."), needs="project"),
        Page("evidence/exposure", _("Errors in use"), _("What errors come to in the traffic that the product sees.")),
        Page("evidence/thresholds", _("Thresholds"), _("What calling a class from another score on would give.")),
        Page("evidence/planning", _("How many examples"), _("Which scenarios can tell a change, and what the others need.")),
        Page("evidence/data", _("Data"), _("Is the test set fit to judge with?")),
        Page("evidence/monitoring", _("Monitoring"), _("Is production still like the test set?")),
        Page("evidence/next_data", _("What data next"), _("What should be collected and labelled next, how many, and why?")),
    ],
    _("Readiness"): [
        Page("readiness/portfolio", _("Portfolio"), _("Every project at a glance, the most urgent first."), needs="nothing"),
        Page("readiness/maturity", _("Maturity"), _("How systematically are errors looked for: claimed and evidenced.")),
        Page("readiness/scorecards", _("Scorecards"), _("Every readiness framework, claimed beside evidenced.")),
        Page("readiness/assess", _("Assess"), _("Answer the questions of a framework, for fifteen minutes or in parts.")),
    ],
    _("About"): [
        Page("about/publish", _("Publish"), _("How evaluations get here."), needs="nothing"),
        Page("about/methods", _("Methods"), _("What every number means, and how it is made."), needs="nothing"),
        Page("about/glossary", _("Glossary"), _("What every word means here, and what others call it."), needs="nothing"),
        Page("about/search", _("Search"), _("Find a project, a release, a scenario or a requirement."), needs="nothing"),
        Page("about/audit", _("Log"), _("Who wrote what, and who took what away."), needs="nothing", action="administer"),
    ],
}
# fmt: on

run(PAGES)
