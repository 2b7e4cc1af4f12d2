"""Why a pair is suggested, in words: shared concepts, shared phrases, and whose example it follows."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

import numpy as np

from workbench.matching.concepts import lexicon
from workbench.matching.index import Index, Query
from workbench.matching.stems import is_common
from workbench.matching.streams import Ints, Wording

_SHARED = 2
"""Concepts, and phrases, that are named at most."""
_CLEAR = 0.4
"""A second concept is named when it weighs at least this share of the first."""
_TOGETHER = 1.5
"""Two words next to each other tell more than the two alone."""


@dataclass(frozen=True, slots=True)
class Held:
    """What one target holds: stems, and pairs of stems that follow each other, as ``streams.pair`` makes one number of two."""

    words: frozenset[int]
    pairs: frozenset[int]


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


def shared_phrases(said: Wording, held: Held, tells: Sequence[float]) -> list[str]:
    """At most two phrases or words that source and target share, as the source writes them, the most telling first.

    ``tells``: how much each stem tells (``tells_of``). No stem is named twice.
    """
    found = [(-tells[stem], said.words[stem], (stem, stem)) for stem in held.words.intersection(said.words) if tells[stem]]
    for two in held.pairs.intersection(said.pairs):
        first, second = divmod(two, 1 << 32)
        found.append((-_TOGETHER * (tells[first] + tells[second]), said.pairs[two], (first, second)))
    phrases: list[str] = []
    used: set[int] = set()
    for _, (begin, end), stems in sorted(found):
        if used.isdisjoint(stems):
            used.update(stems)
            phrases.append(" ".join(said.written[begin:end].split()))
            if len(phrases) == _SHARED:
                break
    return phrases


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


@lru_cache(maxsize=8)
def held_by(index: Index) -> list[Held]:
    """What each target holds."""
    texts = index.stream.of_each(("title", "text", "extra"))
    return [Held(frozenset(stems.tolist()), frozenset((stems[:-1] << 32 | stems[1:]).tolist())) for stems in texts]


@lru_cache(maxsize=8)
def tells_of(index: Index) -> list[float]:
    """How much each stem that a target holds tells; 0 for common ones."""
    return [0.0 if common else value for value, common in zip(index.rarity.tolist(), is_common(), strict=False)]
