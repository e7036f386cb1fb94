"""What there is to say of production against the test set: what moved, how far, and whether answers got worse."""

from collections.abc import Sequence
from datetime import date
from typing import TYPE_CHECKING

from plainview.narrative.demands import long_date
from plainview.narrative.names import quoted, spoken_metric, spoken_scenario
from plainview.quantities import MINUS, count, ends, listed, plain, value

if TYPE_CHECKING:
    from plainview.drift import Batch, Shift
    from plainview.specification import Specification
    from plainview.verdicts import Change

UNWATCHED = "No batch of production has been held against the test set yet, so nothing is known of what comes in today."
PROMISE = (
    "A batch raises an alarm where a column has moved by more than matters and by more than chance explains, after "
    "correction for every column that was looked at: where nothing has changed, at most 5 of 100 batches do."
)
_ROLES = {"prediction": "the predictions", "label": "the labels"}
NAMED = 2  # columns whose move the headline describes


def drift_answer(batch: "Batch", specification: "Specification") -> str:
    """What moved in a batch, in one sentence."""
    moved = _farthest(batch.moved)
    worse = _worse(batch, specification)
    if not moved:
        start = f"{_batch(batch)} is like {batch.reference} as far as can be told"
        if batch.outcome == "as before":
            start = f"{_batch(batch)} is like {batch.reference}: a shift that matters is ruled out in every column"
        elif not batch.shifts:
            start = f"Nothing in {_batch(batch)} can be held against {batch.reference}"
        open_ = len({shift.column for shift in batch.shifts if shift.verdict == "too few rows"})
        rest = f", but there are too few rows to rule out that {count(open_, 'column')} moved" if open_ else ""
        said = f"{start}{rest}{f'; {worse}' if worse else ''}."
        return said[:1].upper() + said[1:]
    said = listed([shift_phrase(shift) for shift in moved[:NAMED]])
    others = [shift.column for shift in moved[NAMED:]]
    more = f"; {listed(others)} moved too" if others else ""
    return f"In {_batch(batch)}, {said}, against {batch.reference}{more}{f'; {worse}' if worse else ''}."


def _batch(batch: "Batch") -> str:
    return f"the batch {quoted(batch.name)}"


def _farthest(moved: Sequence["Shift"]) -> list["Shift"]:
    """Each column once, by the aspect that moved most; what came in before what was answered."""
    once: dict[str, Shift] = {}
    for shift in moved:
        once.setdefault(shift.column, shift)
    return sorted(once.values(), key=lambda one: one.role not in ("column",))


def shift_phrase(shift: "Shift") -> str:
    """What a column did: "temp fell (median 64 to 37.9)"."""
    name = f"{_ROLES[shift.role]} ({shift.column})" if shift.role == "label" else _ROLES.get(shift.role, shift.column)
    verb = "are" if shift.role in _ROLES else "is"
    if shift.verdict == "not there":
        return f"{name} {verb} not there as in the test set"
    if shift.aspect == "missing":
        often = "more" if shift.now > shift.then else "less"
        return f"{name} {verb} missing {often} often ({_percent(shift.then)} of rows to {_percent(shift.now)})"
    if shift.kind == "category":
        often = "more" if shift.now > shift.then else "less"
        category = shift.measure if shift.measure == "other categories" else quoted(shift.measure)
        return f"{name} {verb} {category} {often} often ({_percent(shift.then)} to {_percent(shift.now)})"
    if shift.then == shift.now:
        return f"{name} spread differently around the same {shift.measure}"
    went = {"words": ("got longer", "got shorter"), "items": ("got more", "got fewer")}.get(
        shift.kind, ("rose", "fell")
    )
    unit = {"words": " words", "items": " items"}.get(shift.kind, "")
    return (
        f"{name} {went[shift.now < shift.then]} ({shift.measure} {_figure(shift.then)} to {_figure(shift.now)}{unit})"
    )


def shift_sentence(shift: "Shift") -> str:
    """One column in a sentence, whatever came of it."""
    phrase = shift_phrase(shift)
    if shift.verdict == "not there":
        return f"{shift.reason}"
    if shift.verdict == "moved":
        more = f" New: {listed([quoted(name) for name in shift.new])}." if shift.new else ""
        return f"{phrase[:1].upper()}{phrase[1:]}.{more}" if shift.role in _ROLES else f"{phrase}.{more}"
    if shift.verdict == "as before":
        return "A shift that matters is ruled out."
    return f"Too few rows to tell: chance alone may have taken it as far, or it may have moved by up to {plain(shift.at_most)}."


def _worse(batch: "Batch", specification: "Specification") -> str:
    """What became of the metrics, the headline metric on all examples first."""
    whole = next((c for c in batch.changes if (c.scenario, c.metric) == ("all", specification.headline.key)), None)
    if whole is not None and whole.verdict in ("worse", "better"):
        return performance_phrase(whole, specification)
    if batch.worse:
        first, more = batch.worse[0], len(batch.worse) - 1
        rest = f", as {'is' if more == 1 else 'are'} {count(more, 'other value')}" if more else ""
        return f"{spoken_metric(first.metric)} on {spoken_scenario(first.scenario)} is worse than in {batch.reference}{rest}"
    if whole is not None and whole.verdict == "equivalent":
        return f"{spoken_metric(whole.metric)} did not change"
    return ""


def performance_phrase(change: "Change", specification: "Specification") -> str:
    """A metric on the batch against the test set: "mean absolute error is worse: 13.8 to 15.2 minutes (+0.6 to +2.3)"."""
    metric, unit = change.metric, specification.unit_of(change.metric)
    where = "" if change.scenario == "all" else f" on {spoken_scenario(change.scenario)}"
    said = {"worse": "is worse", "better": "is better", "equivalent": "did not change"}.get(
        change.verdict, "is too uncertain to tell"
    )
    moved = f"{value(change.baseline, metric, unit)} to {value(change.candidate, metric, unit)}"
    distance = " of its distance from zero" if change.better == "zero" else ""
    sure = ""
    if change.low is not None and change.high is not None:
        sure = f", change{distance} {ends(change.low, change.high, metric)}"
    return f"{spoken_metric(metric)}{where} {said}: {moved}{sure}"


def performance_sentence(batch: "Batch", specification: "Specification") -> str:
    """What is known of the answers in the batch, in a sentence."""
    if not batch.changes:
        return batch.unlabelled or "No metric was measured."
    whole = next(
        (c for c in batch.changes if (c.scenario, c.metric) == ("all", specification.headline.key)), batch.changes[0]
    )
    phrase = performance_phrase(whole, specification)
    return f"Of {count(batch.rows, 'row')}, {batch.labels:,} have a label: {phrase}."


def about_batch(batch: "Batch") -> str:
    """Of what, until when, against what."""
    rows = f"{count(batch.rows, 'row')} until {long_date(batch.until)}"
    against = f"held against {batch.reference} ({batch.reference_rows:,} rows)"
    return f"{batch.name} · {rows} · answered by {batch.release} · {against}"


def history_sentence(outcomes: Sequence[str], until: date) -> str:
    """How the batches so far came out."""
    alarms = sum(outcome == "alarm" for outcome in outcomes)
    if len(outcomes) == 1:
        return "This is the first batch."
    raised = "none raised" if not alarms else "all of them raised" if alarms == len(outcomes) else f"{alarms} raised"
    return f"Of {len(outcomes)} batches until {long_date(until)}, {raised} an alarm."


def _percent(share: float | None) -> str:
    percent = 100 * (share or 0)
    return "under 0.1%" if 0 < percent < 0.05 else f"{percent:.1f}%"


def _figure(number: float) -> str:
    """A number of a column: whole ones without decimals."""
    return f"{number:,.0f}".replace("-", MINUS) if float(number).is_integer() and abs(number) < 1e12 else plain(number)
