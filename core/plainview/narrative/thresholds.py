"""What there is to say of a threshold: what it gives, and what another one would."""

from collections.abc import Mapping, Sequence

from plainview.quantities import bar, span, value

Row = Mapping[str, float | None]  # a row of `thresholds.measures_at`
_TOLERANCE = 1e-12


def threshold_read(threshold: float) -> str:
    """A threshold as it is read: "0.50", "0.313", "12,500"."""
    return f"{threshold:.2f}" if round(threshold, 2) == threshold and abs(threshold) < 10 else f"{threshold:,.6g}"


def threshold_answer(
    release: str,
    of: str,
    at: Row,
    *,
    in_use: bool,
    rows: Sequence[Row],
    targets: tuple[float, float] = (0.9, 0.9),
) -> str:
    """What a threshold gives for a class; then what the recall that is aimed at would need, or else the precision.

    ``at`` is the row of the threshold, ``rows`` are all of them, the lowest threshold first; ``targets`` are the recall and
    the precision that are aimed at.
    """
    place = f"the threshold in use, {threshold_read(at['threshold'])}," if in_use else threshold_read(at["threshold"])
    place = place if in_use else f"a threshold of {place}"
    if at["recall"] is None:
        return f"At {place} nothing can be said of {release}: no example with a score is {of}."
    recall, precision = (value(at[name], name) for name in ("recall", "precision"))
    found = f"At {place} {release} finds {recall} of those that are {of} (recall)"
    right = f"and is right in {precision} of those it calls so (precision)"
    right = right if at["precision"] is not None else "and calls nothing so"
    return f"{found}, {right}. {_other(at, rows, *targets)}".strip()


def _other(at: Row, rows: Sequence[Row], recall: float, precision: float) -> str:
    """The other side of the bargain: the recall that is not reached yet, or else the precision."""
    if not _reaches(at, "recall", recall):
        enough = [row for row in rows if _reaches(row, "recall", recall)]
        if not enough:
            return f"No threshold gives a recall of {bar(recall, 'recall')}."
        cost = value(enough[-1]["precision"], "precision")
        needs = f"a threshold of at most {threshold_read(enough[-1]['threshold'])}"
        return f"Recall of {bar(recall, 'recall')} needs {needs}, at which precision is about {cost}."
    if not _reaches(at, "precision", precision):
        enough = [row for row in rows if _reaches(row, "precision", precision)]
        if not enough:
            return f"No threshold gives a precision of {bar(precision, 'precision')}."
        best = max(enough, key=lambda row: row["recall"] or 0.0)
        needs = f"a threshold of about {threshold_read(best['threshold'])}"
        cost = value(best["recall"], "recall")
        return f"Precision of {bar(precision, 'precision')} needs {needs}, at which recall is about {cost}."
    return ""


def _reaches(row: Row, measure: str, target: float) -> bool:
    return row[measure] is not None and row[measure] >= target - _TOLERANCE


def calibration_answer(of: str, rows: Sequence[Mapping[str, float]]) -> str:
    """Whether what is stated happens as often, from the bands of `thresholds.reliability`."""
    off = [row for row in rows if not row["happened_low"] <= row["stated"] <= row["happened_high"]]
    if not rows:
        return "No probability was stated."
    if not off:
        return f"In every band of probability, {of} happens about as often as is stated, as far as these examples tell."
    worst = max(off, key=lambda row: row["rows"] * abs(row["stated"] - row["happened"]))
    kinds = sorted({"less" if row["happened"] < row["stated"] else "more" for row in off})
    stated, happened = (value(worst[name], "recall") for name in ("stated", "happened"))
    within = span(worst["happened_low"], worst["happened_high"], "recall")
    return (
        f"In {len(off)} of {len(rows)} bands of probability {of} happens {' or '.join(kinds)} often than is stated: "
        f"where {stated} is stated on average, it is {happened} ({within})."
    )
