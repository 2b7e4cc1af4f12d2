"""The prepared side of a comparison: what the targets hold, built once and used for any number of sources."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache

import numpy as np

from workbench.matching.concepts import lexicon
from workbench.matching.stems import known_stems, stems
from workbench.matching.streams import (
    LETTER_COLUMNS,
    Floats,
    Ints,
    Postings,
    Singles,
    Stream,
    pieces_of,
    read,
    read_wordings,
    summed,
    table,
)
from workbench.matching.texts import Text

_SOURCE_FIELDS = (2.0, 1.0, 0.5, 0.3)
_TARGET_FIELDS = (3.0, 1.0, 1.0, 0.3)
"""What a word, and a concept, counts in the title, the text, the section and the longer text around it."""
_K1, _B = 1.6, 0.3
"""BM25: how late repetition stops counting, and how much long texts are held back (Robertson and Zaragoza, 2009)."""
_SATURATION = 8.0
"""How late repetition stops counting in the source."""
_LITTLE = 0.1
"""Where even the best target says less than this share of a source, being the best means less."""
_EXPANSION = 1.5
"""How many words a concept adds to a source that names it, spread over the words of the concept's phrases."""

_KEPT = 100_000
"""Pairs whose signals are kept."""

SPARSE = ("words", "depth", "concepts", "letters", "section")
"""The signals that are computed for every pair."""


@dataclass(frozen=True, slots=True, eq=False)
class Query:
    """n sources, read: ``words`` n × U weights of the stems ``used``, those of the lexicon first, and ``concepts`` n × K."""

    used: Ints
    words: Floats
    concepts: Floats


class Index:
    """T targets in the order of their ids (their texts decide between equal ids), and what they hold.

    Ordered so that the order in which targets are given changes nothing. ``total`` is T; ``stream`` their stems; ``rarity`` and ``concept_rarity`` say how much
    one stem and one concept tell among these targets; ``concepts`` is T × K with rows of length 1.
    """

    def __init__(self, targets: Sequence[Text]) -> None:
        self.texts = tuple(sorted(targets, key=lambda text: (text.id, text.title, text.text, text.section, text.extra)))
        self.total = len(self.texts)
        self.titles = [stems(text.title) for text in self.texts]
        self.stream = read(self.texts)
        row, stem, count = summed(*self.stream.weigh(_TARGET_FIELDS))
        self.rarity = _rarity(np.bincount(stem, minlength=len(known_stems())), self.total)
        self._words = self._weigh_words(row, stem, count)
        self._learn_pieces(row, stem)
        self._letters = unit(self._letter_table(row, stem, count, self.total))
        about = _about(self.stream, _TARGET_FIELDS)
        self.concept_rarity = _rarity((about > 0).sum(0), self.total)
        self.concepts = unit(np.log1p(about) * self.concept_rarity)
        names = sorted({text.section for text in self.texts})
        self._section = np.array([names.index(text.section) for text in self.texts], np.int64)
        self._sections = len(names)

    def _weigh_words(self, row: Ints, stem: Ints, count: Floats) -> Postings:
        length = np.bincount(row, count, minlength=self.total)
        relative = length / max(float(length.mean()) if self.total else 0.0, 1e-9)
        weight = count * (_K1 + 1) / (count + _K1 * (1 - _B + _B * relative[row]))
        return Postings(stem, row, weight * self.rarity[stem], self.total)

    def _learn_pieces(self, row: Ints, stem: Ints) -> None:
        """How much each piece of a stem tells, and which column it falls into; pieces that no target holds tell nothing."""
        piece, of = pieces_of(stem)
        _, piece, _ = summed(row[of], piece, np.ones(len(piece)))
        holders = np.bincount(piece, minlength=1)
        self._column, sign = pieces_of.columns(len(holders))
        self._tell = np.where(holders > 0, _rarity(holders, self.total) * sign, 0)

    def _letter_table(self, row: Ints, stem: Ints, count: Floats, rows: int) -> Floats:
        """Rows × columns of pieces."""
        piece, of = pieces_of(stem)
        held = piece < len(self._tell)
        piece, of = piece[held], of[held]
        return table(row[of], self._column[piece], np.log1p(count[of]) * self._tell[piece], (rows, LETTER_COLUMNS))

    def query(self, sources: Sequence[Text]) -> Query:
        """The sources, read for this index."""
        stream = read_wordings(sources)
        row, stem, weight = stream.weigh(_SOURCE_FIELDS)
        first = lexicon().words
        place = np.full(len(known_stems()), -1, np.int64)
        place[stem] = 0
        place[first] = -1
        used = np.concatenate([first, np.flatnonzero(place == 0)])
        place[used] = np.arange(len(used))
        words = table(row, place[stem], weight, (len(sources), len(used)))
        return Query(used, words, _about(stream, _SOURCE_FIELDS))

    def signals(self, query: Query) -> dict[str, Floats]:
        """The ``SPARSE`` signals of n sources, each n × T and within 0–1.

        words: BM25 of the words of the source and of its concepts, against the best target of that source. depth: the same
        against what a target that says all of it would get. concepts: cosine. letters: cosine of pieces of stems, against the
        best. section: mean of ``words`` over the targets in the same section.
        """
        words, depth = self._word_signals(query)
        return {
            "words": words,
            "depth": depth,
            "concepts": unit(np.log1p(query.concepts) * self.concept_rarity) @ self.concepts.T,
            "letters": self._letter_signal(query),
            "section": self._section_signal(words),
        }

    def rarity_of(self, stem: Ints) -> Floats:
        """How much each stem tells; most where no target holds it."""
        last = len(self.rarity) - 1
        unseen = float(_rarity(np.zeros(1, np.int64), self.total)[0])
        return np.where(stem <= last, self.rarity[np.minimum(stem, last)], unseen)

    def _word_signals(self, query: Query) -> tuple[Floats, Floats]:
        known = lexicon()
        named = np.minimum(query.concepts, 1)
        weight = query.words.copy()
        weight[:, : len(known.words)] += _EXPANSION * (named @ known.profile)
        weight /= weight + _SATURATION
        score = weight @ self._words.dense(query.used)
        most = (weight @ self.rarity_of(query.used)) * (_K1 + 1)
        depth = score / np.maximum(most, 1e-9)[:, None]
        return depth / np.maximum(depth.max(1, keepdims=True, initial=0), _LITTLE), depth

    def _letter_signal(self, query: Query) -> Floats:
        row, at = np.nonzero(query.words)
        own = self._letter_table(row, query.used[at], query.words[row, at], len(query.words))
        return _relative(np.maximum(own @ self._letters.T, 0))

    def _section_signal(self, words: Floats) -> Floats:
        if self._sections < 2:
            return np.zeros_like(words)
        member = np.zeros((self.total, self._sections))
        member[np.arange(self.total), self._section] = 1
        return np.asarray((words @ (member / member.sum(0)))[:, self._section])


@lru_cache(maxsize=8)
def prepare(targets: tuple[Text, ...]) -> Index:
    """The index of some targets, kept for the next workbook."""
    return Index(targets)


@lru_cache(maxsize=2)
def query_of(index: Index, sources: tuple[Text, ...]) -> Query:
    """The sources, read for an index; the last are kept."""
    return index.query(sources)


def signals_of(index: Index, sources: tuple[Text, ...]) -> Mapping[str, Singles]:
    """The signals of some sources, kept where they are few: the same controls are ranked, and then looked through for the nearest."""
    few = len(sources) * index.total <= _KEPT
    return _kept_signals(index, sources) if few else _signals(index, sources)


def _signals(index: Index, sources: tuple[Text, ...]) -> Mapping[str, Singles]:
    return {name: value.astype(np.float32) for name, value in index.signals(query_of(index, sources)).items()}


_kept_signals = lru_cache(maxsize=16)(_signals)


def _rarity(holders: Ints, total: int) -> Floats:
    """Inverse document frequency, never negative."""
    return np.asarray(np.log(1 + (total - holders + 0.5) / (holders + 0.5)))


def _about(stream: Stream, fields: Sequence[float]) -> Floats:
    """Times (texts × K) that each text names each concept, or one that belongs to it."""
    known = lexicon()
    document, concept = known.find(stream)
    weight = np.array(fields)[document % len(fields)]
    direct = table(document // len(fields), concept, weight, (stream.texts, len(known.names)))
    return np.asarray(direct @ known.spread)


def unit(values: Floats) -> Floats:
    """Each row at length 1; a row of zeros stays one."""
    return np.asarray(values / np.maximum(np.linalg.norm(values, axis=1, keepdims=True), 1e-9))


def _relative(values: Floats) -> Floats:
    """Each row against its largest value; a row of zeros stays one."""
    return np.asarray(values / np.maximum(values.max(1, keepdims=True, initial=0), 1e-9))
