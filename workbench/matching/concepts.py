"""The concept lexicon: which concepts a text is about, found by phrases of stems (``data/concepts.txt``)."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from importlib import resources
from itertools import pairwise

import numpy as np
import numpy.typing as npt

from workbench.matching.stems import known_stems, stem_numbers
from workbench.matching.streams import Floats, Ints, Stream, expand, grouped

_WINDOW = 4
"""Two words of a phrase may stand this many stems apart, in any order."""
_BROADER = 0.5
"""What a practice counts for the concept that it belongs to."""


@dataclass(frozen=True, slots=True, eq=False)
class Lexicon:
    """The concepts, K of them, and their phrases over L words.

    ``words``: stem number of each word. ``profile``: K × L, how much of a concept's phrases
    each word is; rows add up to 1. ``spread``: K × K, what one concept counts for another (1 for itself).
    """

    names: tuple[str, ...]
    words: Ints
    profile: Floats
    spread: Floats
    _place: Ints
    _singles: tuple[Ints, Ints]
    _pairs: npt.NDArray[np.int16]
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
            pair = self._pairs[first[near], second[near]].astype(np.int64)
            keys.append((document[:-apart][near] * count + pair)[pair >= 0])
        pairs = np.unique(np.concatenate(keys))
        phrase, of = expand(*self._phrases, pairs % count)
        seen, times = np.unique((pairs // count)[of] * phrases + phrase, return_counts=True)
        whole = seen[times == self._needed[seen % phrases]]
        return whole // phrases, whole % phrases


@cache
def lexicon() -> Lexicon:
    """The lexicon that ships with the package."""
    text = (resources.files("workbench.matching") / "data" / "concepts.txt").read_text(encoding="utf-8")
    entries = list(_entries(text))
    names = [entry.name for entry in entries]
    phrases = _phrases(entries)
    words = sorted({number for _, phrase in phrases for number in phrase})
    place = np.full(len(known_stems()), -1, np.int64)
    place[words] = np.arange(len(words))
    placed = [(concept, [int(place[number]) for number in phrase]) for concept, phrase in phrases]
    longer = [(concept, phrase) for concept, phrase in placed if len(phrase) > 1]
    pairs, needed, members = _pairs([phrase for _, phrase in longer], len(words))
    return Lexicon(
        names=tuple(names),
        words=np.array(words, np.int64),
        profile=_profile(placed, (len(names), len(words))),
        spread=_spread(names, entries),
        _place=place,
        _singles=grouped([(phrase[0], concept) for concept, phrase in placed if len(phrase) == 1], len(words)),
        _pairs=pairs,
        _phrases=grouped(members, int(pairs.max()) + 1),
        _needed=np.array(needed, np.int64),
        _concept=np.array([concept for concept, _ in longer], np.int64),
    )


@dataclass(frozen=True, slots=True)
class Entry:
    """One concept as it is written down: its family, its name, the names of what it belongs to, and its phrases."""

    family: str
    name: str
    broader: tuple[str, ...]
    phrases: tuple[str, ...]


def _entries(text: str) -> Iterator[Entry]:
    family = ""
    for line in text.splitlines():
        if line.startswith("["):
            family = line.strip("[]")
        elif line and not line.startswith("#"):
            head, _, phrases = line.partition(": ")
            name, _, broader = head.partition(" < ")
            yield Entry(family, name, tuple(broader.split(", ")) if broader else (), tuple(phrases.split(", ")))


def _phrases(entries: Sequence[Entry]) -> list[tuple[int, tuple[int, ...]]]:
    """(concept, its stems in order, each once) per phrase; a phrase of stop words only says nothing."""
    found = {
        (concept, tuple(dict.fromkeys(stem_numbers(phrase))))
        for concept, entry in enumerate(entries)
        for phrase in (entry.name, *entry.phrases)
    }
    return sorted((concept, phrase) for concept, phrase in found if phrase)


def _pairs(phrases: Sequence[list[int]], words: int) -> tuple[npt.NDArray[np.int16], list[int], list[tuple[int, int]]]:
    """The table word × word → pair or -1, and of longer phrases how many pairs each needs, and which: (pair, phrase)."""
    numbers: dict[tuple[int, int], int] = {}
    needed, members = [], []
    for at, phrase in enumerate(phrases):
        own = {numbers.setdefault((min(two), max(two)), len(numbers)) for two in pairwise(phrase)}
        needed.append(len(own))
        members += [(pair, at) for pair in own]
    table = np.full((words, words), -1, np.int16)
    first, second = np.array(list(numbers), np.int64).T
    table[first, second] = table[second, first] = np.arange(len(numbers))
    return table, needed, members


def _profile(phrases: Iterable[tuple[int, list[int]]], shape: tuple[int, int]) -> Floats:
    places = [(concept, word) for concept, phrase in phrases for word in phrase]
    counts = np.zeros(shape)
    np.add.at(counts, tuple(np.array(places).T), 1)
    return np.asarray(counts / counts.sum(1, keepdims=True))


def _spread(names: Sequence[str], entries: Iterable[Entry]) -> Floats:
    at = {name: number for number, name in enumerate(names)}
    spread = np.eye(len(names))
    for entry in entries:
        spread[at[entry.name], [at[name] for name in entry.broader]] = _BROADER
    return spread
