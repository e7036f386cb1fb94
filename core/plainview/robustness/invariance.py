"""Invariance checks, also called augmentation or perturbation: copies with a small change must get the same answer.

What may be changed is in three tables: `texts.TEXTS`, `cells.CELLS`, `pictures.PICTURES`; templates may vary one slot.
"""

from collections.abc import Callable, Mapping
from typing import Annotated, Any, ClassVar

import numpy as np
from pydantic import AfterValidator, BeforeValidator, Field, model_validator

from plainview.exceptions import InputError, nearest
from plainview.robustness.cells import CELLS, Options
from plainview.robustness.copies import Copy, arrow, stayed
from plainview.robustness.ground import Ground
from plainview.robustness.models import Check, TestType
from plainview.robustness.outcomes import Outcomes
from plainview.robustness.pictures import PICTURES
from plainview.robustness.rows import generator
from plainview.robustness.slots import vary_slot
from plainview.robustness.templates import slots
from plainview.robustness.texts import TEXTS
from plainview.specification.types import Count, Name, Number, Positive, Prose, spoken

KNOWN = (*TEXTS, *CELLS, *PICTURES)
STRENGTH = 0.1
TRIES = 4  # until a copy that differs from its example and from the other copies is given up


def _several(value: Any) -> Any:
    return (value,) if isinstance(value, str) else value


def _known(names: tuple[str, ...]) -> tuple[str, ...]:
    for name in names:
        if name not in KNOWN:
            raise ValueError(f"found {spoken(name)}. {nearest(name, KNOWN)}")
    kinds = {kind for kind in ("text", "table", "image") if any(_medium(name) == kind for name in names)}
    if len(kinds) > 1:
        raise ValueError(f"found changes of {' and '.join(sorted(kinds))} in one check; write one check for each")
    return names


def _medium(name: str) -> str:
    return "text" if name in TEXTS else "table" if name in CELLS else "image"


Changes = Annotated[tuple[Name, ...], Field(min_length=1), AfterValidator(_known), BeforeValidator(_several)]
Columns = Annotated[tuple[Name, ...], Field(min_length=1), BeforeValidator(_several)]


class Invariance(Check):
    """``perturb`` names what is changed, in turn where it names several; or ``templates`` in which the slot ``vary`` takes
    every word of its lexicon.
    """

    test_kind: ClassVar[TestType] = "INV"
    chapter: ClassVar[str] = "Robustness"

    perturb: Changes | None = None
    column: Columns | None = None  # None: the column of texts or images; of a table it must be named
    strength: Positive | None = None
    digits: Annotated[Count, Field(le=15)] = 2  # of rounding
    factor: Number = 1.0  # of units
    offset: Number = 0.0
    becomes: Mapping[Name, Any] = {}  # what other columns say then: {unit: cm}
    lexicon: Name | None = None  # of synonyms and names
    templates: Annotated[tuple[Prose, ...], Field(min_length=1)] | None = None
    vary: Name | None = None
    tolerance: Positive | None = None  # how far the probability, or the number, may move

    @model_validator(mode="after")
    def _fits(self) -> "Invariance":
        if (self.perturb is None) == (self.templates is None):
            raise ValueError(
                f"found {'both' if self.perturb else 'neither'} of perturb and templates; one was expected"
            )
        if self.templates is not None and self.vary is None:
            raise ValueError("templates need vary: the slot whose words must not matter")
        names = self.perturb or ()
        if any(_medium(name) == "table" for name in names) and self.column is None:
            raise ValueError(f"{names[0]} needs the columns that it may change: column: […]")
        if any(name in TEXTS and TEXTS[name].needs_words for name in names) and self.lexicon is None:
            raise ValueError("synonyms and names need the words that may stand for each other: lexicon: …")
        if "units" in names and self.factor == 1 and self.offset == 0:
            raise ValueError("units need factor or offset: how the numbers change")
        return self

    @property
    def invents(self) -> bool:
        """Templates are filled here."""
        return self.templates is not None

    @property
    def slots(self) -> list[str]:
        """The lexicons that it names."""
        words = [self.lexicon] if self.lexicon else []
        return words + [name for each in self.templates or () for name in slots(each)]

    def outcomes(self, ground: Ground) -> Outcomes:
        """One row a copy."""
        if self.templates is not None:
            return vary_slot(ground, self.templates, str(self.vary), tolerance=self.tolerance)
        copier = {"text": self._text, "table": self._table, "image": self._image}[_medium(self.perturb[0])]
        made = copier(ground)
        copies = []
        for at, case in enumerate(ground.cases):
            seen: set = set()
            for variant in range(1, ground.variants + 1):
                name = self.perturb[(variant - 1) % len(self.perturb)]
                copies += self._differing(made, at, variant, name, seen, ground, case)
        return stayed(
            ground, copies, tolerance=self.tolerance, what=f"no example has anything that {self.perturb[0]} changes"
        )

    def _differing(
        self, made: Callable, at: int, variant: int, name: str, seen: set, ground: Ground, case: str
    ) -> list[Copy]:
        """One copy, unless none can be made that differs."""
        for attempt in range(TRIES):
            random = generator(ground.seed, self.name, case, variant, attempt)
            copy, key = made(at, variant, name, random)
            if copy is not None and key not in seen:
                seen.add(key)
                return [copy]
        return []

    def _text(self, ground: Ground) -> Callable:
        columns = self.column or ((ground.text,) if ground.text else ())
        if len(columns) != 1:
            raise InputError(f"{ground.what}: name the one column that holds the text: column: …")
        [column] = columns
        ground.column(column)
        texts = ground.rows.table[column].to_list()
        words = ground.lexicons[self.lexicon] if self.lexicon else ()

        def make(at: int, variant: int, name: str, random: np.random.Generator) -> tuple[Copy | None, Any]:
            old = texts[at]
            new = TEXTS[name].change(str(old), random, self.strength or STRENGTH, words) if old else None
            if new is None or new == old:
                return None, None
            return Copy(at, variant, {column: new}, TEXTS[name].said, str(old), new), new

        return make

    def _table(self, ground: Ground) -> Callable:
        held = {name: ground.column(name) for name in self.column or ()}
        rows = {name: ground.rows.table[name].to_list() for name in held}
        options = Options(self.strength or STRENGTH, self.digits, self.factor, self.offset)
        for name, column in held.items():
            if column.dtype.is_numeric() != CELLS[self.perturb[0]].numbers:
                kind = "numbers" if CELLS[self.perturb[0]].numbers else "categories"
                raise InputError(f"{ground.what}: {self.perturb[0]} is for columns of {kind}; {name!r} is none.")

        def make(at: int, variant: int, name: str, random: np.random.Generator) -> tuple[Copy | None, Any]:
            old = {each: rows[each][at] for each in held if rows[each][at] is not None}
            new = {each: CELLS[name].change(value, held[each], random, options) for each, value in old.items()}
            moved = {each: value for each, value in new.items() if value != old[each]}
            if not moved:
                return None, None
            said = ", ".join(arrow(each, old[each], value) for each, value in moved.items())
            return Copy(at, variant, {**moved, **self.becomes}, said), tuple(moved.items())

        return make

    def _image(self, ground: Ground) -> Callable:
        column = self.column[0] if self.column else ground.image
        if column is None or column not in ground.rows.images:
            raise InputError(f"{ground.what}: nothing says which column holds the images: columns: {{image: …}}.")
        images = ground.rows.images[column]

        def make(at: int, variant: int, name: str, random: np.random.Generator) -> tuple[Copy | None, Any]:
            strength = self.strength or PICTURES[name].strength
            new = PICTURES[name].change(images[at], random, strength)
            said = f"{PICTURES[name].said}, {strength:g}"
            shape = "×".join(map(str, images[at].shape))
            return Copy(
                at, variant, {column: new}, said, f"an image of {shape}", f"the same with {said}"
            ), new.tobytes()

        return make
