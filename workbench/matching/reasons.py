"""Why a pair is suggested, in words: shared concepts, shared phrases, and whose example it follows."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

import numpy as np

from workbench.matching.concepts import lexicon
from workbench.matching.index import Index, Query
from workbench.matching.stems import is_common
from workbench.matching.streams import GAP, Floats, Ints, Wording

_SHARED = 2
"""Concepts, and phrases, that are named at most."""
_CLEAR = 0.4
"""A second concept is named when it weighs at least this share of the first."""
_AT_ONCE = 10_000
"""Pairs that are worked on at once; bounds the memory."""
_FIRST = 2**32
_TOGETHER = 1.5
"""Two words next to each other tell more than the two alone."""


@dataclass(frozen=True, slots=True)
class Held:
    """What one target holds: stems, and pairs of stems that follow each other, two as one number: the first · 2³² + the second."""

    words: frozenset[int]
    pairs: frozenset[int]


def shared_concepts(index: Index, query: Query, rows: Ints, places: Ints) -> list[list[str]]:
    """The concepts that source and target of each pair are both about, at most two, the most telling first."""
    about = np.log1p(query.concepts) * index.concept_rarity
    named: list[list[str]] = []
    for start in range(0, len(rows), _AT_ONCE):
        some = slice(start, start + _AT_ONCE)
        named += _two_largest(about[rows[some]] * index.concepts[places[some]])
    return named


def _two_largest(weight: Floats) -> list[list[str]]:
    """The names of the one or two concepts that weigh most in each row."""
    names = lexicon().names
    best = np.argpartition(-weight, 1, axis=1)[:, :2]
    values = np.take_along_axis(weight, best, 1)
    order = np.argsort(-values, axis=1, kind="stable")
    best, values = np.take_along_axis(best, order, 1), np.take_along_axis(values, order, 1)
    clear = (values > 0) & (values >= _CLEAR * values[:, :1])
    return [
        [names[at] for at, kept in zip(*pair, strict=True) if kept] for pair in zip(best.tolist(), clear.tolist(), strict=True)
    ]


def shared_phrases(said: Wording, held: Held, tells: Sequence[float]) -> list[str]:
    """At most two phrases or words that source and target share, as the source writes them, the most telling first.

    ``tells``: how much each stem tells (``tells_of``). No stem is named twice.
    """
    words, pairs = _places(said)
    found = [(-tells[stem], words[stem], (stem, stem)) for stem in held.words.intersection(words) if tells[stem]]
    for two in held.pairs.intersection(pairs):
        first, second = divmod(two, _FIRST)
        found.append((-_TOGETHER * (tells[first] + tells[second]), pairs[two], (first, second)))
    phrases: list[str] = []
    used: set[int] = set()
    for _, (begin, end), stems in sorted(found):
        if used.isdisjoint(stems):
            used.update(stems)
            phrases.append(" ".join(said.written[begin:end].split()))
            if len(phrases) == _SHARED:
                break
    return phrases


Place = tuple[int, int]
"""Where a word or phrase begins and ends."""


@lru_cache(maxsize=1024)
def _places(said: Wording) -> tuple[dict[int, Place], dict[int, Place]]:
    """Where each stem first stands in a source, and each two stems that follow each other closely, as ``Held`` numbers them."""
    words: dict[int, Place] = {}
    pairs: dict[int, Place] = {}
    after, starts = -1, len(said.written) + GAP
    for stem, begin, end in zip(reversed(said.stems), reversed(said.begins), reversed(said.ends), strict=True):
        words[stem] = (begin, end)
        if starts - end < GAP:
            pairs[stem * _FIRST + after] = (begin, words[after][1])
        after, starts = stem, begin
    return words, pairs


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
    return [Held(frozenset(stems.tolist()), frozenset((stems[:-1] * _FIRST + stems[1:]).tolist())) for stems in texts]


@lru_cache(maxsize=8)
def tells_of(index: Index) -> list[float]:
    """How much each stem that a target holds tells; 0 for common ones."""
    return [0.0 if common else value for value, common in zip(index.rarity.tolist(), is_common(), strict=False)]
