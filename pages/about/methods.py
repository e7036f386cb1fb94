"""Methods: what every number means and how it is made, read from the same table that makes it."""

from pathlib import Path

import polars as pl
import streamlit as st

from plainview.metrics import METRICS
from plainview.ui import components, states, tables
from plainview.verdicts import RULE

FIGURES = Path(__file__).parents[2] / "benchmarks" / "calibration" / "FIGURES.md"  # what `make calibration` printed
DIRECTIONS = {"higher": "higher", "lower": "lower", "zero": "nearer to zero"}
UNITS = {"proportion": "percent", "label": "as predicted"}

components.heading(
    "Methods",
    "Every sentence is made to be true as often as it claims: differences carry intervals, "
    "and many tests share one error rate.",
)
st.subheader("Metrics", anchor=False)
for task in dict.fromkeys(task for row in METRICS.values() for task in row.tasks):
    st.text(f"{task.capitalize()}:")
    mine = [
        {
            "Metric": row.heading("a class"),
            "In a specification": f"{name}[class]" if row.per_class else name,
            "What it says": row.sentence.format(name="the class"),
            "Better": DIRECTIONS[row.direction],
            "Unit": UNITS[row.unit],
            "Interval": row.family.method,
            "Difference": row.family.paired_method,
        }
        for name, row in METRICS.items()
        if task in row.tasks
    ]
    alt = f"{len(mine)} metrics of {task} with what they say and how they are made."
    tables.plain_table(pl.DataFrame(mine), key=f"metrics_{task}", alt=alt)
st.subheader("Verdicts", anchor=False)
for word, meaning in RULE.items():
    components.explained(components.verdict(word), meaning)
st.text(
    "All tests of a comparison, over every scenario and metric, are one family: Benjamini and Hochberg's procedure holds the "
    "false discovery rate at 5%. Where an interval and its test disagree, no difference is claimed. “Without sacrificing” is "
    "said only when every other scenario rules out a loss as large as the margin (one-sided, 5%)."
)
st.subheader("Requirements", anchor=False)
for word, meaning in (
    ("Pass", "Met: the pessimistic end of the interval clears the bar."),
    ("Fail", "Not met: even the optimistic end misses the bar."),
    ("Watch", "Unproven: the bar lies inside the interval, or there are too few examples. Or it is waived."),
    ("No evidence", "Nothing was measured. A missing value is never a pass."),
):
    components.explained(components.state(word), meaning)
st.subheader("How often these statements are true", anchor=False)
st.text(
    "Simulations of known truths, repeated by `make calibration`: how often an interval holds the truth, how often a change "
    "is claimed where there is none. Beside ours, what other tools do on the same rows."
)
lines = [line for line in FIGURES.read_text().splitlines() if line.startswith("| ")] if FIGURES.is_file() else []
if lines:
    heads, *rows = ([cell.strip(" *") for cell in line.strip("|").split("|")] for line in lines)
    calibration = pl.DataFrame([dict(zip(("Figure", "Target", "Ours", "Others"), row, strict=True)) for row in rows])
    alt = f"{len(rows)} figures of calibration, each with its target and what other methods reach."
    tables.plain_table(calibration, key="calibration", alt=alt)
else:
    states.nothing("The figures are not installed", "They are in benchmarks/calibration of Plainview's repository.")
st.subheader("What these numbers cannot tell", anchor=False)
st.text(
    "They describe the examples of the test set, and examples like them. They say nothing of situations that no scenario "
    "covers, of labels that are wrong, or of a test set that releases were tuned to."
)
