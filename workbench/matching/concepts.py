"""The concept lexicon: which concepts a text is about, found by phrases of stems (``data/concepts.toml``)."""

from __future__ import annotations

import tomllib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from importlib import resources
from itertools import pairwise

import numpy as np

from workbench.matching.stems import known_stems, stem_numbers
from workbench.matching.streams import Floats, Ints, Stream, expand, grouped

_WINDOW = 3
"""Two words of a phrase may stand this many stems apart, in any order."""
_BROADER = 0.5
"""What a practice counts for the concept that it belongs to."""


@dataclass(frozen=True, slots=True, eq=False)
class Lexicon:
    """The concepts, K of them, and their phrases over L words.

    ``families``: concept → family. ``words``: stem number of each word. ``profile``: K × L, how much of a concept's phrases
    each word is; rows add up to 1. ``spread``: K × K, what one concept counts for another (1 for itself).
    """

    names: tuple[str, ...]
    families: tuple[str, ...]
    words: Ints
    profile: Floats
    spread: Floats
    _place: Ints
    _singles: tuple[Ints, Ints]
    _pairs: Ints
    _phrases: tuple[Ints, Ints]
    _needed: Ints
    _concept: Ints

    def find(self, stream: Stream) -> tuple[Ints, Ints]:
        """(document, concept) for every time that a document names a concept.

        A concept is named by a phrase of one word, or by one whose neighbouring words all stand near each other somewhere in
        the document.
        """
        place = self._places(stream.numbers)
        known = np.flatnonzero(place >= 0)
        alone, of = expand(*self._singles, place[known])
        document, phrase = self._find_phrases(stream.document, place)
        found = self._concept[phrase]
        return np.concatenate([stream.document[known][of], document]), np.concatenate([alone, found])

    def _places(self, numbers: Ints) -> Ints:
        last = len(self._place) - 1
        return np.where(numbers <= last, self._place[np.minimum(numbers, last)], -1)

    def _find_phrases(self, document: Ints, place: Ints) -> tuple[Ints, Ints]:
        """(document, phrase) for every phrase of several words that a document holds, each once."""
        count, phrases = len(self._phrases[0]), len(self._needed)
        keys = []
        for apart in range(1, _WINDOW):
            first, second = place[:-apart], place[apart:]
            near = (first >= 0) & (second >= 0) & (document[:-apart] == document[apart:])
            pair = self._pairs[first[near], second[near]]
            keys.append((document[:-apart][near] * count + pair)[pair >= 0])
        pairs = np.unique(np.concatenate(keys))
        phrase, of = expand(*self._phrases, pairs % count)
        seen, times = np.unique((pairs // count)[of] * phrases + phrase, return_counts=True)
        whole = seen[times == self._needed[seen % phrases]]
        return whole // phrases, whole % phrases


@cache
def lexicon() -> Lexicon:
    """The lexicon that ships with the package."""
    text = (resources.files("workbench.matching") / "data" / "concepts.toml").read_text(encoding="utf-8")
    families = tomllib.loads(text)
    broader = families.pop("broader")
    names = [name for concepts in families.values() for name in concepts]
    phrases = _phrases(names, [list(found) for concepts in families.values() for found in concepts.values()])
    words = sorted({number for _, phrase in phrases for number in phrase})
    place = np.full(len(known_stems()), -1, np.int64)
    place[words] = np.arange(len(words))
    pairs, needed, long_concept, members = _pairs([(c, [int(place[n]) for n in p]) for c, p in phrases if len(p) > 1], len(words))
    alone = [(int(place[phrase[0]]), concept) for concept, phrase in phrases if len(phrase) == 1]
    return Lexicon(
        names=tuple(names),
        families=tuple(family for family, concepts in families.items() for _ in concepts),
        words=np.array(words, np.int64),
        profile=_profile(phrases, place, (len(names), len(words))),
        spread=_spread(names, broader),
        _place=place,
        _singles=grouped(alone, len(words)),
        _pairs=pairs,
        _phrases=grouped(members, int(pairs.max()) + 1),
        _needed=np.array(needed, np.int64),
        _concept=np.array(long_concept, np.int64),
    )


def _phrases(names: Sequence[str], written: Sequence[list[str]]) -> list[tuple[int, tuple[int, ...]]]:
    """(concept, its stems in order, each once) per phrase; a phrase of stop words only says nothing."""
    found = {
        (concept, tuple(dict.fromkeys(stem_numbers(phrase))))
        for concept, (name, phrases) in enumerate(zip(names, written, strict=True))
        for phrase in (name, *phrases)
    }
    return sorted((concept, phrase) for concept, phrase in found if phrase)


def _pairs(phrases: Sequence[tuple[int, list[int]]], words: int) -> tuple[Ints, list[int], list[int], list[tuple[int, int]]]:
    """The table word × word → pair, and per longer phrase how many pairs it needs, its concept, and its pairs."""
    numbers: dict[tuple[int, int], int] = {}
    needed, members = [], []
    for at, (_, phrase) in enumerate(phrases):
        own = {numbers.setdefault((min(two), max(two)), len(numbers)) for two in pairwise(phrase)}
        needed.append(len(own))
        members += [(pair, at) for pair in own]
    table = np.full((words, words), -1, np.int64)
    for (first, second), number in numbers.items():
        table[first, second] = table[second, first] = number
    return table, needed, [concept for concept, _ in phrases], members


def _profile(phrases: Iterable[tuple[int, tuple[int, ...]]], place: Ints, shape: tuple[int, int]) -> Floats:
    counts = np.zeros(shape, np.float32)
    for concept, phrase in phrases:
        counts[concept, place[list(phrase)]] += 1
    return np.asarray(counts / counts.sum(1, keepdims=True), np.float32)


def _spread(names: Sequence[str], broader: Mapping[str, Sequence[str]]) -> Floats:
    spread = np.eye(len(names), dtype=np.float32)
    for concept, wider in broader.items():
        for name in wider:
            spread[names.index(concept), names.index(name)] = _BROADER
    return spread
