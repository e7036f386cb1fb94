"""Which rows each scenario holds, as bits: 64 rows a word, so that counting is a population count."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Self

import numpy as np


@dataclass(frozen=True)
class Masks(Sequence):
    """As a sequence: one boolean array of shape (rows,) for each of S scenarios.

    ``words`` has shape (S, ⌈rows/64⌉), uint64, little-endian: the first row is the lowest bit, and what is left over is 0.
    """

    words: np.ndarray
    rows: int

    @classmethod
    def none(cls, scenarios: int, rows: int) -> Self:
        """Scenarios without a row; `octets` is where to write those that are there."""
        return cls(np.zeros((scenarios, -(-rows // 64)), dtype="<u8"), rows)

    @classmethod
    def packed(cls, booleans: Iterable[np.ndarray], rows: int) -> Self:
        """From booleans, each of shape (rows,)."""
        given = [np.packbits(one, bitorder="little") for one in booleans]
        masks = cls.none(len(given), rows)
        for octets, bits in zip(masks.octets, given, strict=True):
            octets[: len(bits)] = bits
        return masks

    @property
    def octets(self) -> np.ndarray:
        """The same memory as bytes, shape (S, 8·⌈rows/64⌉)."""
        return self.words.view(np.uint8)

    def trimmed(self) -> Self:
        """Itself, with the bits beyond the last row cleared."""
        if self.rows % 64:
            self.words[:, -1] &= np.uint64((1 << self.rows % 64) - 1)
        return self

    def __len__(self) -> int:
        return len(self.words)

    def __getitem__(self, scenario: int) -> np.ndarray:
        return np.unpackbits(self.octets[scenario], count=self.rows, bitorder="little").view(bool)

    def counts(self, codes: np.ndarray, size: int) -> np.ndarray:
        """The rows of each scenario that have each of ``size`` codes, shape (S, size); ``codes`` has shape (rows,)."""
        found = np.empty((len(self), size))
        cells = Masks.packed((codes == code for code in range(size)), self.rows).words
        for code, cell in enumerate(cells):
            found[:, code] = np.bitwise_count(self.words & cell).sum(axis=1)
        return found

    def by_row(self) -> np.ndarray:
        """The scenarios of each row, bits packed from the highest: shape (rows, ⌈S/8⌉), uint8."""
        return np.packbits(np.array([*self]).reshape(len(self), self.rows).T, axis=1)
