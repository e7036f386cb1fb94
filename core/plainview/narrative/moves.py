"""How a move from one release to the next is spoken: of a whole metric, and of single answers."""

from typing import TYPE_CHECKING

from plainview.metrics import METRICS, split_key
from plainview.quantities import MINUS, difference

if TYPE_CHECKING:
    from plainview.verdicts import Change

Within = tuple[float, float] | None


def moved_by(number: float, metric: str, unit: str = "", *, better: str = "higher", within: Within = None) -> str:
    """A difference: "+7.6 points"; of a metric that is best at zero, of distances from it: "nearer to zero by 599"."""
    said = difference(number, metric, unit, within=within)
    if better != "zero" or not number:
        return said
    return f"{'nearer to' if number < 0 else 'further from'} zero by {said.lstrip('+' + MINUS)}"


def gain_of(row: "Change", unit: str, *, within: Within = None) -> str:
    """The difference of a change, as it is spoken."""
    return moved_by(row.difference or 0.0, row.metric, unit, better=row.better, within=within)


def flip_words(metric: str, better: str = "higher") -> tuple[str, str]:
    """What became of the answers that moved, the good first: ("fixed", "broke"), of numbers ("closer", "further off").

    Grades have no truth to be closer to: ("higher", "lower"), the other way round where lower is better.
    """
    row = METRICS[split_key(metric)[0]]
    if "regression" in row.tasks:
        return "closer", "further off"
    if "scored" not in row.tasks or row.unit == "proportion":
        return "fixed", "broke"
    return ("higher", "lower") if better == "higher" else ("lower", "higher")
