"""What there is to say of plans: examples that are needed, errors that are to be expected, and why a change is what it is."""

from collections.abc import Sequence
from typing import TYPE_CHECKING

from plainview.narrative.names import spoken_metric, spoken_scenario
from plainview.quantities import count, difference, margin, plain, rough, value

if TYPE_CHECKING:
    from plainview.exposure import Exposure
    from plainview.mix import TestSetChange
    from plainview.planning import Plan


def planning_answer(plans: Sequence["Plan"], metric: str, unit: str, counted: str = "examples") -> str:
    """How many scenarios could tell a change today, and what the nearest of the others needs; ``counted`` is what of."""
    if not plans:
        return "No margin is set, so nothing says which change matters. Name one here, or in the specification."
    short = [row for row in plans if not row.enough]
    margins = {row.margin for row in plans}
    size = (
        f"a change of {margin(margins.pop(), metric, unit)}" if len(margins) == 1 else "a change as large as its margin"
    )
    if not short:
        return f"Every scenario has enough {counted} to tell {size}."
    mute = [row for row in short if row.mute]
    nearest = min((row for row in short if row.more), key=lambda row: row.more or 0, default=None)
    have = "has" if len(short) == 1 else "have"
    said = f"{len(short)} of {count(len(plans), 'scenario')} {have} too few {counted} to tell {size}"
    if nearest is not None:
        whom = "it needs" if len(short) == 1 else f"the nearest, {spoken_scenario(nearest.scenario)}, needs"
        said += f"; {whom} {rough(nearest.more or 0)} more"
    if not mute:
        return f"{said}."
    few = "has" if len(mute) == 1 else "have"
    return f"{said}. {len(mute)} of them {few} too few for any verdict at all."


def exposure_answer(rows: Sequence["Exposure"], metric: str, unit: str) -> str:
    """What errors come to among 10,000 requests."""
    total = next((row for row in rows if row.scenario == "together"), rows[0] if len(rows) == 1 else None)
    if not rows:
        return "What errors come to in use is not known: no scenario names its share of the traffic."
    if total is None or total.errors is None:
        why = next((row.reason for row in rows if row.errors is None and row.reason), "a scenario has no value")
        return f"What errors come to in use is not known: {why}."
    what = "errors" if not unit else f"{unit} off in all"
    said = f"About {plain(total.errors)} {what} are to be expected among 10,000 requests"
    if total.errors_low is not None and total.errors_high is not None:
        said += f" (interval about {plain(total.errors_low)} to {plain(total.errors_high)})"
    if total.cost is not None:
        said += f", at a cost of about {plain(total.cost)}"
    rest = 1 - total.traffic
    return f"{said}." + (f" {rest:.0%} of the traffic is in none of these scenarios." if rest > 0.005 else "")


def mix_answer(change: "TestSetChange", metric: str, unit: str) -> str | None:
    """How the change over all examples splits into model, test set and labels; None where the test set did not change."""
    if not (change.added or change.removed or change.relabelled):
        return None
    whole = next(row for row in change.parts if row.scenario == "all" and row.metric == metric)
    added = count(change.added, "example was", "examples were")
    moved = f"{added} added, {change.removed:,} removed, {change.relabelled:,} relabelled"
    if whole.model is None or whole.test_set is None or whole.labels is None:
        return f"The test set changed ({moved}); the change cannot be split, for {whole.reason}."
    went = f"{value(whole.before, metric, unit)} to {value(whole.after, metric, unit)}"
    parts = ((whole.model, "from the model"), (whole.test_set, "from the test set"), (whole.labels, "from the labels"))
    said = ", ".join(f"{difference(part, metric, unit)} {source}" for part, source in parts)
    return f"The test set changed ({moved}). Of {spoken_metric(metric)} going from {went}, {said}."
