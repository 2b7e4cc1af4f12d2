"""Texts → arrays: streams of stem numbers, and who holds which feature. Nothing here knows what is matched."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import chain

import numpy as np
import numpy.typing as npt

from workbench.matching.stems import known_stems, stem_numbers
from workbench.matching.texts import Text

Ints = npt.NDArray[np.int64]
Floats = npt.NDArray[np.float32]
Doubles = npt.NDArray[np.float64]

FIELDS = ("title", "text", "section", "extra")
_GRAM = 4
"""Letters of a piece of a stem."""


@dataclass(frozen=True, slots=True, eq=False)
class Stream:
    """The stems of n texts, one after the other.

    ``numbers``: stem numbers. ``document``: beside each, 4 · text + field, fields in the order of ``FIELDS``.
    """

    numbers: Ints
    document: Ints
    texts: int

    def weigh(self, weights: Sequence[float]) -> tuple[Ints, Ints, Floats]:
        """(text, stem number, weight of its field) per stem, those of weight 0 left out."""
        weight = np.array(weights, np.float32)[self.document % len(FIELDS)]
        kept = weight > 0
        return self.document[kept] // len(FIELDS), self.numbers[kept], weight[kept]


@lru_cache(maxsize=4)
def read(texts: tuple[Text, ...]) -> Stream:
    """The stream of some texts; the last few are kept, as the same controls are compared with several catalogues."""
    pieces = [
        stem_numbers(piece) if piece else [] for text in texts for piece in (text.title, text.text, text.section, text.extra)
    ]
    lengths = [len(piece) for piece in pieces]
    numbers = np.fromiter(chain.from_iterable(pieces), np.int64, sum(lengths))
    return Stream(numbers, np.repeat(np.arange(len(pieces)), lengths), len(texts))


def grouped(pairs: Iterable[tuple[int, int]], groups: int) -> tuple[Ints, Ints]:
    """(group, member) pairs → where each group ends, and the members by group."""
    ordered = np.array(sorted(pairs), np.int64).reshape(-1, 2)
    return np.cumsum(np.bincount(ordered[:, 0], minlength=groups)), ordered[:, 1]


def expand(ends: Ints, members: Ints, groups: Ints) -> tuple[Ints, Ints]:
    """The members of each of ``groups``, and beside each member the place in ``groups`` that it came from."""
    starts = np.concatenate([[0], ends[:-1]])[groups]
    lengths = ends[groups] - starts
    of = np.repeat(np.arange(len(groups)), lengths)
    offset = np.arange(len(of)) - np.repeat(np.cumsum(lengths) - lengths, lengths)
    return members[starts[of] + offset], of


def table(rows: Ints, columns: Ints, weights: Floats, shape: tuple[int, int]) -> Floats:
    """The sums of ``weights`` by row and column."""
    flat = np.bincount(rows * shape[1] + columns, weights, minlength=shape[0] * shape[1])
    return flat.astype(np.float32).reshape(shape)


def summed(rows: Ints, features: Ints, weights: Floats) -> tuple[Ints, Ints, Floats]:
    """The same with each (row, feature) once, its weights added up, by row and feature."""
    width = int(features.max(initial=0)) + 1
    keys, of = np.unique(rows * width + features, return_inverse=True)
    return keys // width, keys % width, np.bincount(of, weights, minlength=len(keys)).astype(np.float32)


class Postings:
    """Which of T targets hold a feature, and how much it counts there. Features are small numbers."""

    def __init__(self, features: Ints, targets: Ints, weights: Floats, total: int) -> None:
        order = np.lexsort((targets, features))
        self._targets, self._weights, self.total = targets[order], weights[order], total
        self._ends = np.cumsum(np.bincount(features, minlength=1))

    def dense(self, features: Ints) -> Floats:
        """len(features) × T. A feature that no target holds is a row of zeros."""
        out = np.zeros((len(features), self.total), np.float32)
        held = np.flatnonzero(features < len(self._ends))
        places, of = expand(self._ends, np.arange(len(self._targets)), features[held])
        out[held[of], self._targets[places]] = self._weights[places]
        return out

    def spread(self, features: Ints, rows: Ints, weights: Floats, total: int) -> Floats:
        """Total × T: the sums over the features of each row, each at its weight."""
        held = np.flatnonzero(features < len(self._ends))
        places, of = expand(self._ends, np.arange(len(self._targets)), features[held])
        of = held[of]
        return table(rows[of], self._targets[places], self._weights[places] * weights[of], (total, self.total))


class _Grams:
    """Stem number → numbers of its pieces of four letters; grows with the stems that are met."""

    def __init__(self) -> None:
        self._numbers: dict[str, int] = {}
        self._of: list[list[int]] = []

    def __call__(self, stems: Ints) -> tuple[Ints, Ints]:
        """All pieces of ``stems``, and beside each the place of its stem in ``stems``."""
        for stem in known_stems()[len(self._of) :]:
            self._of.append([self._numbers.setdefault(piece, len(self._numbers)) for piece in _pieces(stem)])
        own = [self._of[number] for number in stems.tolist()]
        lengths = [len(pieces) for pieces in own]
        flat = np.fromiter(chain.from_iterable(own), np.int64, sum(lengths))
        return flat, np.repeat(np.arange(len(own)), lengths)


def _pieces(stem: str) -> list[str]:
    marked = f" {stem} "
    return [marked[at : at + _GRAM] for at in range(max(1, len(marked) - _GRAM + 1))]


grams = _Grams()
