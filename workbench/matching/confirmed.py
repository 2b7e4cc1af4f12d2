"""What people have confirmed sharpens the rest: a source gets the targets of the confirmed sources that it resembles."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import TypeVar

import numpy as np
import numpy.typing as npt

from workbench.matching.index import Index, Query, unit
from workbench.matching.streams import Floats, Ints, Postings, Singles, expand, grouped, table
from workbench.matching.texts import Text

Number = TypeVar("Number", np.int64, np.float32)
_NEIGHBOURS = 8
_DOUBT = 1.0
"""What the habit of all confirmed sources counts beside the neighbours: as much as one identical neighbour."""
_FEW = 20
"""Confirmed sources from which there is a habit to speak of."""
_RESEMBLES = 0.3
"""The similarity from which a neighbour is named as an example."""
_GRAIN = 2048
_STEP = 512


class Confirmed:
    """M confirmed sources and the targets of each.

    Confirming a mapping of one source never lowers that target's rank for an identical source: the newly confirmed source is then the
    nearest neighbour there can be, it displaces at most one that is farther, and nothing else in the score depends on confirmations.
    """

    def __init__(self, index: Index, sources: Sequence[Text], pairs: Collection[tuple[str, str]]) -> None:
        places: dict[str, list[int]] = {}
        for place, text in enumerate(index.texts):
            places.setdefault(text.id, []).append(place)
        texts = {text.id: text for text in sorted(sources, key=lambda text: (text.title, text.text, text.section), reverse=True)}
        known = sorted({(source, target) for source, target in pairs if source in texts and target in places})
        self.index = index
        self.ids = sorted({source for source, _ in known})
        row = {source: at for at, source in enumerate(self.ids)}
        targets = [(row[source], place) for source, target in known for place in places[target]]
        self._ends, self._targets = grouped(targets, len(self.ids))
        self.targets = [frozenset(part.tolist()) for part in np.split(self._targets, self._ends[:-1])]
        self._habit = np.bincount(self._targets, minlength=index.total) / (len(self.ids) + _FEW)
        self._words, self._concepts = self._vectors([texts[source] for source in self.ids])

    def _vectors(self, texts: Sequence[Text]) -> tuple[Postings, Singles]:
        """What the confirmed sources say, by stem, and what they are about."""
        stems, rows, values, concepts = [], [], [], [np.zeros((0, self.index.concepts.shape[1]), np.float32)]
        for start in range(0, len(texts), _STEP):
            query = self.index.query(texts[start : start + _STEP])
            words, about = self._directions(query)
            row, at = np.nonzero(words)
            stems.append(query.used[at])
            rows.append(row + start)
            values.append(words[row, at])
            concepts.append(about)
        held = Postings(_joined(stems, np.int64), _joined(rows, np.int64), _joined(values, np.float32), len(texts))
        return held, np.concatenate(concepts)

    def _directions(self, query: Query) -> tuple[Singles, Singles]:
        """What the sources say and what they are about, as rows of length 1."""
        words = np.log1p(query.words) * self.index.rarity_of(query.used)
        return _grained(unit(words)), _grained(unit(np.log1p(query.concepts) * self.index.concept_rarity))

    def near(self, query: Query, sources: Sequence[Text]) -> Near | None:
        """The nearest confirmed sources of each source but itself; None where nothing is confirmed."""
        if not self.ids:
            return None
        words, about = self._directions(query)
        said = np.flatnonzero(words.any(0))
        similar = (words[:, said] @ self._words.dense(query.used[said]) + about @ self._concepts.T).astype(np.float64) / 2
        own = {source: at for at, source in enumerate(self.ids)}
        for row, text in enumerate(sources):
            if text.id in own:
                similar[row, own[text.id]] = 0
        nearest = _lowest(np.arange(len(self.ids)) * 1e-9 - similar, _NEIGHBOURS)
        return Near(self, nearest, np.take_along_axis(similar, nearest, 1))

    def votes(self, nearest: Ints, similar: Floats) -> Floats:
        """Votes n × T within 0–1: how much the neighbours, and a little the habit of all, speak for each target."""
        place, of = expand(self._ends, self._targets, nearest.ravel())
        said = table(of // nearest.shape[1], place, similar.ravel()[of], (len(nearest), self.index.total))
        return np.asarray((said + _DOUBT * self._habit) / (similar.sum(1, keepdims=True) + _DOUBT))


def _lowest(keys: Floats, count: int) -> Ints:
    """The columns of the lowest keys of each row, lowest first; no two keys of a row are equal."""
    few = min(count, keys.shape[1])
    some = np.argpartition(keys, few - 1, axis=1)[:, :few]
    order = np.argsort(np.take_along_axis(keys, some, 1), axis=1)
    return np.asarray(np.take_along_axis(some, order, 1), np.int64)


def _grained(values: Floats) -> Singles:
    """Multiples of 1 / ``_GRAIN``: the sums of their products are exact in single precision, whatever the order they are added in."""
    return np.asarray((values * _GRAIN).round() / _GRAIN, np.float32)


def _joined(parts: Sequence[npt.NDArray[Number]], kind: type[Number]) -> npt.NDArray[Number]:
    return np.concatenate(parts) if parts else np.zeros(0, kind)


@dataclass(frozen=True, slots=True, eq=False)
class Near:
    """The nearest confirmed sources of n sources: n × k of them, and how similar each is (0–1)."""

    _of: Confirmed
    _nearest: Ints
    _similar: Floats

    def votes(self) -> Floats:
        """Votes n × T within 0–1: what is confirmed nearby, and a little what is confirmed often."""
        return self._of.votes(self._nearest, self._similar)

    def supporters(self, row: int, place: int) -> list[str]:
        """The ids of the neighbours of one source that map to the target at ``place``, nearest first."""
        pairs = zip(self._nearest[row].tolist(), self._similar[row].tolist(), strict=True)
        return [self._of.ids[at] for at, much in pairs if much >= _RESEMBLES and place in self._of.targets[at]]
