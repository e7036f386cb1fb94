"""The frame of the app: sign-in, the table of pages, and what every page lives in.

A page is a file two folders deep, ``pages/<section>/<name>.py``: directly in ``pages/`` it would run without this frame.
Its address is its name. A new page is a new row.
"""

from plainview.ui.frame import Page, run

PAGES = {
    "Release": [
        Page("release/report", "Report", "What changed in this release, and what needs attention."),
        Page("release/behaviours", "Behaviours", "How well each behaviour works, scenario by scenario."),
        Page("release/requirements", "Requirements", "What is demanded, and whether the evidence shows that it holds."),
        Page("release/compare", "Compare", "What got better and what got worse, example by example."),
        Page("release/decision", "Decision", "Does it go out? Who decided that, and on what?"),
    ],
    "Errors": [
        Page("evidence/errors", "Errors", "Where is this release wrong, and what do its errors have in common?"),
        Page("evidence/patterns", "Error patterns", "Which kinds of mistakes are known, and are they still there?"),
        Page("evidence/differences", "Differences", "How do two releases answer otherwise, example by example?"),
        Page("evidence/explanations", "Explanations", "What do errors and answers depend on, and one answer?"),
        Page("evidence/robustness", "Robustness", "Do answers hold where they must, and move where they must?"),
        Page("evidence/what_if", "What if", "Would the answer be another if the example were?"),
        Page("evidence/incidents", "Incidents", "What went wrong, and whether it can come back.", needs="project"),
    ],
    "Evidence": [
        Page("evidence/trends", "Trends", "How each scenario moved from release to release.", needs="project"),
        Page("evidence/exposure", "Errors in use", "What errors come to in the traffic that the product sees."),
        Page("evidence/thresholds", "Thresholds", "What calling a class from another score on would give."),
        Page("evidence/planning", "How many examples", "Which scenarios can tell a change, and what the others need."),
        Page("evidence/data", "Data", "Is the test set fit to judge with?"),
        Page("evidence/monitoring", "Monitoring", "Is production still like the test set?"),
        Page("evidence/next_data", "What data next", "What should be collected and labelled next, how many, and why?"),
    ],
    "Readiness": [
        Page("readiness/portfolio", "Portfolio", "Every project at a glance, the most urgent first.", needs="nothing"),
        Page("readiness/maturity", "Maturity", "How systematically are errors looked for: claimed and evidenced."),
        Page("readiness/scorecards", "Scorecards", "Every readiness framework, claimed beside evidenced."),
        Page("readiness/assess", "Assess", "Answer the questions of a framework, for fifteen minutes or in parts."),
    ],
    "About": [
        Page("about/publish", "Publish", "How evaluations get here.", needs="nothing"),
        Page("about/methods", "Methods", "What every number means, and how it is made.", needs="nothing"),
        Page("about/glossary", "Glossary", "What every word means here, and what others call it.", needs="nothing"),
        Page("about/search", "Search", "Find a project, a release, a scenario or a requirement.", needs="nothing"),
        Page("about/audit", "Log", "Who wrote what, and who took what away.", needs="nothing", action="administer"),
    ],
}

run(PAGES)
