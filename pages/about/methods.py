"""Methods: what every number means and how it is made, read from the same table that makes it."""

import sys
from pathlib import Path

import polars as pl
import streamlit as st

from plainview.metrics import Metric, metrics_of
from plainview.specification.models import TASKS
from plainview.texts import _
from plainview.ui import components, links, states, tables
from plainview.verdicts import RULE

FIGURES = Path(__file__).parents[2] / "benchmarks" / "calibration" / "FIGURES.md"  # what `make calibration` printed
DIRECTIONS = {"higher": _("higher"), "lower": _("lower"), "zero": _("nearer to zero")}
UNITS = {
    "proportion": _("percent"),
    "label": _("its own, else that of what is predicted"),
    "number": _("a bare number"),
}

components.heading(
    _("Methods"),
    _(
        "Every sentence is made to be true as often as it claims: differences carry intervals, "
        "and many tests share one error rate."
    ),
)


def spelled(row: Metric) -> tuple[str, str]:
    """What a metric is called, and how it is written in a specification."""
    if row.name == "ratio":
        return _("Ratio of two columns"), "ratio[errors/words]"
    kinds = (
        (row.per_class, _("a class"), "class"),
        (row.per_quantile, _("a quantile"), "0.9"),
        (row.per_column, _("a column"), "column"),
    )
    for holds, name, key in kinds:
        if holds:
            return row.heading(name), f"{row.name}[{key}]"
    return row.heading(), row.name


def metrics_table(task: str) -> None:
    """Every metric of a task, a row each."""
    rows = [
        {
            _("Metric"): spelled(row)[0],
            _("What it says"): row.sentence.format(name="the class"),
            _("Better"): DIRECTIONS[row.direction] if not row.per_column else _("as the specification says"),
            _("Counts"): row.counted[1],
            _("Unit"): UNITS[row.unit],
            _("Interval"): row.family.method,
            _("Difference"): row.family.paired_method,
            _("In a specification"): spelled(row)[1],
        }
        for row in metrics_of(task).values()
    ]
    alt = _("{count} metrics of {task} with what they say and how they are made.").format(count=len(rows), task=task)
    tables.plain_table(pl.DataFrame(rows), key=f"metrics_{task}", alt=alt)


def families() -> dict[str, tuple[str, list[str]]]:
    """Each file of methods: what it says of itself, and the metrics that it makes."""
    found: dict[str, tuple[str, list[str]]] = {}
    for task in TASKS:
        for row in metrics_of(task).values():
            module = sys.modules[type(row.family).__module__]
            names = found.setdefault(module.__name__, (module.__doc__ or "", []))[1]
            names.append(f"{spelled(row)[1]} ({task})")
    return found


st.subheader(_("Verdicts"), anchor=False)
for word, meaning in RULE.items():
    components.explained(components.verdict(word), meaning)
st.text(
    _(
        "All tests of a comparison, over every scenario and metric, are one family: Benjamini and Hochberg's procedure holds "
        "the false discovery rate at 5%. Where an interval and its test disagree, no difference is claimed. “Without "
        "sacrificing” is said only when every other scenario rules out a loss as large as the margin (one-sided, 5%)."
    )
)
st.subheader(_("Requirements"), anchor=False)
for word, meaning in (
    ("Pass", _("Met: the pessimistic end of the interval clears the bar.")),
    ("Fail", _("Not met: even the optimistic end misses the bar.")),
    ("Watch", _("Unproven: the bar lies inside the interval, or there are too few examples. Or it is waived.")),
    ("No evidence", _("Nothing was measured. A missing value is never a pass.")),
):
    components.explained(components.state(word), meaning)
st.subheader(_("How often these statements are true"), anchor=False)
st.text(
    _(
        "Simulations of known truths, repeated by “make calibration”: how often an interval holds the truth, how often a "
        "change is claimed where there is none. Beside ours, what other tools do on the same rows."
    )
)
lines = [line for line in FIGURES.read_text().splitlines() if line.startswith("| ")] if FIGURES.is_file() else []
if lines:
    heads, *rows = ([cell.strip(" *") for cell in line.strip("|").split("|")] for line in lines)
    calibration = pl.DataFrame(
        [dict(zip((_("Figure"), _("Target"), _("Ours"), _("Others")), row, strict=True)) for row in rows]
    )
    alt = _("{count} figures of calibration, each with its target and what other methods reach.").format(
        count=len(rows)
    )
    tables.plain_table(calibration, key="calibration", alt=alt)
else:
    states.nothing(
        _("The figures are not installed"), _("They are in benchmarks/calibration of Plainview's repository.")
    )
st.subheader(_("What these numbers cannot tell"), anchor=False)
st.text(
    _(
        "They describe the examples of the test set, and examples like them. They say nothing of situations that no scenario "
        "covers, of labels that are wrong, or of a test set that releases were tuned to."
    )
)
links.link("about/glossary", _("What every word means"))
st.subheader(_("Metrics"), anchor=False)
st.text(
    _("What each task measures. A method's name carries its version; every stored result names the one that made it.")
)
for tab, task in zip(st.tabs([task.capitalize() for task in TASKS]), TASKS, strict=True):
    with tab:
        metrics_table(task)
st.subheader(_("How intervals and differences are made, and how that was measured"), anchor=False)
for text, names in families().values():
    first, *rest = text.strip().split("\n\n")
    with st.expander(first.replace("\n", " ")):
        for paragraph in rest:
            st.text(paragraph.replace("\n- ", "\n\n- ").replace("\n", " ").replace("  - ", "\n- "))
        st.caption(_("Used by {names}").format(names=", ".join(names)))
