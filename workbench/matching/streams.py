"""Texts → arrays: streams of stem numbers, and who holds which feature. Nothing here knows what is matched."""

from __future__ import annotations

import zlib
from array import array
from bisect import bisect_left
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import chain, islice
from typing import Any

import numpy as np
import numpy.typing as npt

from workbench.matching.stems import folded, is_common, known_stems, placed_stems, stem_numbers
from workbench.matching.texts import Text

Ints = npt.NDArray[np.int64]
Floats = npt.NDArray[np.float64]
"""Double precision, so that the order of sums shows in no digit that is kept."""
Singles = npt.NDArray[np.float32]
"""Single precision, where nothing is added up any more or the sums are exact."""

FIELDS = ("title", "text", "section", "extra")
GAP = 6
"""Letters between two words from which they make no phrase; "review of access" is one."""
_GRAM = 4
"""Letters of a piece of a stem."""
LETTER_COLUMNS = 1024
"""Columns that the pieces share, with a sign each, so that those which meet in one cancel out on average (feature hashing)."""


@dataclass(frozen=True, slots=True, eq=False)
class Stream:
    """The stems of n texts, one after the other.

    ``numbers``: stem numbers. ``document``: beside each, 4 · text + field, fields in the order of ``FIELDS``.
    """

    numbers: Ints
    document: Ints
    texts: int

    def of_each(self, fields: Collection[str]) -> list[Ints]:
        """The stems of each text in some fields, in order."""
        wanted = np.array([field in fields for field in FIELDS])[self.document % len(FIELDS)]
        ends = np.searchsorted(self.document[wanted] // len(FIELDS), np.arange(1, self.texts))
        return np.split(self.numbers[wanted], ends)

    def weigh(self, weights: Sequence[float]) -> tuple[Ints, Ints, Floats]:
        """(text, stem number, weight of its field) per stem, those of weight 0 and common ones left out."""
        weight = np.array(weights)[self.document % len(FIELDS)]
        kept = (weight > 0) & ~np.array(is_common(), bool)[self.numbers]
        return self.document[kept] // len(FIELDS), self.numbers[kept], weight[kept]


@dataclass(frozen=True, slots=True, eq=False)
class Wording:
    """A text as it is written: its title and text, folded; the stems of both in order; where each begins and ends in ``written``."""

    written: str
    stems: array[int]
    begins: array[int]
    ends: array[int]
    of_title: int


@lru_cache(maxsize=4096)
def wording(text: Text) -> Wording:
    """The wording of a text; kept, as the same controls are compared with several catalogues and then explained."""
    title = folded(text.title)
    written = title + " " * GAP + folded(text.text)
    placed = placed_stems(written)
    stems, begins, ends = (array("q", [entry[part] for entry in placed]) for part in range(3))
    return Wording(written, stems, begins, ends, bisect_left(begins, len(title)))


def read(texts: Sequence[Text]) -> Stream:
    """The stream of some texts."""
    return _stream(
        [stem_numbers(piece) if piece else [] for text in texts for piece in (text.title, text.text, text.section, text.extra)]
    )


def read_wordings(texts: Sequence[Text]) -> Stream:
    """The same by way of ``wording``, for texts that will be explained."""
    pieces: list[Sequence[int]] = []
    for text in texts:
        said = wording(text)
        more = (stem_numbers(piece) if piece else [] for piece in (text.section, text.extra))
        pieces += (said.stems[: said.of_title], said.stems[said.of_title :], *more)
    return _stream(pieces)


def _stream(pieces: Sequence[Sequence[int]]) -> Stream:
    lengths = [len(piece) for piece in pieces]
    numbers = np.fromiter(chain.from_iterable(pieces), np.int64, sum(lengths))
    return Stream(numbers, np.repeat(np.arange(len(pieces)), lengths), len(pieces) // len(FIELDS))


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
    return np.asarray(flat, np.float64).reshape(shape)


def summed(rows: Ints, features: Ints, weights: Floats) -> tuple[Ints, Ints, Floats]:
    """The same with each (row, feature) once, its weights added up, by row and feature."""
    width = int(features.max(initial=0)) + 1
    keys, of = np.unique(rows * width + features, return_inverse=True)
    return keys // width, keys % width, np.asarray(np.bincount(of, weights, minlength=len(keys)), np.float64)


class Postings:
    """Which of T targets hold a feature, and how much it counts there. Features are small numbers."""

    def __init__(self, features: Ints, targets: Ints, weights: npt.NDArray[Any], total: int) -> None:
        order = np.lexsort((targets, features))
        self._targets, self._weights, self.total = targets[order], weights[order], total
        self._ends = np.cumsum(np.bincount(features, minlength=1))

    def dense(self, features: Ints) -> npt.NDArray[Any]:
        """len(features) × T. A feature that no target holds is a row of zeros."""
        out = np.zeros((len(features), self.total), self._weights.dtype)
        held = np.flatnonzero(features < len(self._ends))
        places, of = expand(self._ends, np.arange(len(self._targets)), features[held])
        out[held[of], self._targets[places]] = self._weights[places]
        return out


class _Pieces:
    """Stem number → its pieces of four letters, as columns and signs; grows with the stems that are met."""

    def __init__(self) -> None:
        self._ends = np.zeros(0, np.int64)
        self._pieces = np.zeros(0, np.int64)
        self._numbers: dict[str, int] = {}

    def __call__(self, stems: Ints) -> tuple[Ints, Ints]:
        """All pieces of ``stems``, as numbers, and beside each the place of its stem in ``stems``."""
        self._grow()
        return expand(self._ends, self._pieces, stems)

    def _grow(self) -> None:
        new = [_cut(stem) for stem in known_stems()[len(self._ends) :]]
        if new:
            numbers = [self._numbers.setdefault(piece, len(self._numbers)) for pieces in new for piece in pieces]
            ends = len(self._pieces) + np.cumsum([len(pieces) for pieces in new])
            self._pieces = np.concatenate([self._pieces, np.array(numbers, np.int64)])
            self._ends = np.concatenate([self._ends, ends])

    def columns(self, count: int) -> tuple[Ints, Floats]:
        """Of the first ``count`` pieces: the column each falls into, of ``LETTER_COLUMNS``, and its sign there."""
        sums = np.array([zlib.crc32(piece.encode()) for piece in islice(self._numbers, count)], np.int64)
        return sums % LETTER_COLUMNS, np.where(sums & 2**20, 1.0, -1.0)


def _cut(stem: str) -> list[str]:
    marked = f" {stem} "
    return [marked[at : at + _GRAM] for at in range(max(1, len(marked) - _GRAM + 1))]


pieces_of = _Pieces()
