"""Templates in which one slot takes every word of its lexicon: the answer must not hang on the word."""

from collections.abc import Sequence

import numpy as np
import polars as pl

from plainview.exceptions import InputError
from plainview.robustness.copies import Copy, copied, written
from plainview.robustness.ground import Ground
from plainview.robustness.outcomes import Outcomes
from plainview.robustness.rows import Rows
from plainview.robustness.templates import fill, fillings, slots


def vary_slot(ground: Ground, templates: Sequence[str], vary: str, *, tolerance: float | None) -> Outcomes:
    """Each filling of the other slots is one example; the first word of the varied slot is what the others are held to."""
    if ground.text is None:
        raise InputError(f"{ground.what}: nothing says which column takes the text: columns: {{text: …}}.")
    having = [each for each in templates if vary in slots(each)]
    if not having:
        raise InputError(f"{ground.what}: no template has the slot {{{vary}}}.")
    words = ground.lexicons[vary]
    if len(words) < 2:
        raise InputError(f"{ground.what}: the lexicon {vary!r} has one word; at least two were expected.")
    cases = fillings(having, ground.lexicons, sample=ground.sample, seed=ground.seed, without=vary)
    texts = [[fill(each.text, {**each.words, vary: word}) for word in words] for each in cases]
    table = ground.everything.table.clear(len(cases))
    ids = [f"template {each.template + 1}: {', '.join(each.words.values())}" for each in cases]
    table = table.with_columns(pl.Series(ground.id, ids, dtype=pl.String))
    stand = Ground(**{**ground.__dict__, "rows": Rows(table).replaced({ground.text: [each[0] for each in texts]})})
    copies = [
        Copy(at, variant, {ground.text: text}, f"{words[0]} → {words[variant]}", made[0], text)
        for at, made in enumerate(texts)
        for variant, text in enumerate(made[1:], start=1)
    ]
    before, after = ground.ask(stand.rows), ground.ask(copied(stand.rows, copies))
    was = before.take(np.array([copy.of for copy in copies]))
    return Outcomes(written(stand, copies, after.same(was, tolerance), was, after, "the same answer"))
