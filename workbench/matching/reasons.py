"""Why a pair is suggested, in words: shared concepts, shared phrases, and whose example it follows."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import pairwise

import numpy as np

from workbench.matching.concepts import lexicon
from workbench.matching.index import Index, Query
from workbench.matching.stems import placed_stems, stem_numbers
from workbench.matching.streams import Ints
from workbench.matching.texts import Text

_SHARED = 2
"""Concepts, and phrases, that are named at most."""
_CLEAR = 0.4
"""A second concept is named when it weighs at least this share of the first."""
_GAP = 5
"""Letters between two words that still make a phrase: "review of access"."""
_TOGETHER = 1.5
"""Two words next to each other tell more than the two alone."""


def shared_concepts(index: Index, query: Query, rows: Ints, places: Ints) -> list[list[str]]:
    """The concepts that source and target of each pair are both about, at most two, the most telling first."""
    names = lexicon().names
    weight = (np.log1p(query.concepts) * index.concept_rarity)[rows] * index.concepts[places]
    first = weight.argmax(1)
    most = np.take_along_axis(weight, first[:, None], 1)[:, 0]
    np.put_along_axis(weight, first[:, None], 0, 1)
    second = weight.argmax(1)
    next_most = np.take_along_axis(weight, second[:, None], 1)[:, 0]
    clear = (next_most > 0) & (next_most >= _CLEAR * most)
    return [
        [names[one], names[other]] if both else [names[one]] if some > 0 else []
        for one, other, both, some in zip(first.tolist(), second.tolist(), clear.tolist(), most.tolist(), strict=True)
    ]


Place = tuple[int, int]
"""Where a word or phrase begins and ends."""


@dataclass(frozen=True, slots=True)
class Wording:
    """One source as it is written: where each of its stems, and each pair of neighbouring stems, first stands in ``text``."""

    text: str
    words: Mapping[int, Place]
    pairs: Mapping[tuple[int, int], Place]

    def shared(self, index: Index, place: int) -> list[str]:
        """At most two phrases or words, as the source writes them, that the target at ``place`` has too, the most telling first."""
        held_words, held_pairs = _held(index)[place]
        tells = _tells(index)
        found = [(-tells[stem], self.words[stem], (stem, stem)) for stem in self.words.keys() & held_words]
        found += [(-_TOGETHER * (tells[two[0]] + tells[two[1]]), self.pairs[two], two) for two in self.pairs.keys() & held_pairs]
        phrases: list[str] = []
        used: set[int] = set()
        for _, (begin, end), stems in sorted(found):
            if not used.intersection(stems):
                used.update(stems)
                phrases.append(" ".join(self.text[begin:end].lower().split()))
                if len(phrases) == _SHARED:
                    break
        return phrases


@lru_cache(maxsize=4096)
def wording(text: Text) -> Wording:
    """The wording of a source's title and text."""
    written = f"{text.title}.\n\n\n\n\n{text.text}"
    placed = placed_stems(written)
    words = {stem: (begin, end) for stem, begin, end in reversed(placed)}
    near = [(one, two) for one, two in pairwise(placed) if two[1] - one[2] <= _GAP]
    return Wording(written, words, {(one[0], two[0]): (one[1], two[2]) for one, two in reversed(near)})


def sentence(concepts: Sequence[str], phrases: Sequence[str], followed: Sequence[str]) -> str:
    """The reason in words; never empty."""
    parts = []
    if followed:
        more = f" and {len(followed) - 2} more" if len(followed) > 2 else ""
        parts.append(f"as mapped for the similar {', '.join(followed[:2])}{more}")
    if concepts:
        parts.append(f"both about {' and '.join(concepts)}")
    if phrases:
        parts.append("shares " + ", ".join(f"'{phrase}'" for phrase in phrases))
    return "; ".join(parts) or "similar wording"


Held = tuple[frozenset[int], frozenset[tuple[int, int]]]


@lru_cache(maxsize=8)
def _held(index: Index) -> list[Held]:
    """Per target the stems that it holds, and the pairs of neighbouring stems."""
    texts = [stem_numbers(f"{text.title}. {text.text}. {text.extra}") for text in index.texts]
    return [(frozenset(numbers), frozenset(pairwise(numbers))) for numbers in texts]


@lru_cache(maxsize=8)
def _tells(index: Index) -> list[float]:
    """How much each stem that a target holds tells."""
    return [float(value) for value in index.rarity]
