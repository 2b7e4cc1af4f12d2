"""Ranking: sparse signals for every pair, the best fifty kept, titles compared on those, and a reason for what is left."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from rapidfuzz import fuzz, process

from workbench.matching.confirmed import Confirmed, Near
from workbench.matching.index import Index, prepare, query_of, signals_of
from workbench.matching.reasons import held_by, sentence, shared_concepts, shared_phrases, tells_of
from workbench.matching.stems import stems
from workbench.matching.streams import Floats, Ints, wording
from workbench.matching.texts import Text
from workbench.matching.weights import Weights, weights
from workbench.model import Suggestion
from workbench.settings import Settings

SHORTLIST = 50
"""Targets per source that are looked at closely."""
_CELLS = 1_000_000
"""Pairs that are worked on at once; bounds the memory."""
_ROWS = 512
_DIGITS = 6
_TIE = 1e-12
"""What a place in the index takes off a score, so that equals stand in the order of ids; far below the last digit."""
_SPARE = 8
"""Targets beyond those asked for that are put in order by their rounded contributions, which the title may move."""
_UNLIKE = 50
"""Titles that are less alike than this (token_set_ratio, 0–100) are not alike at all."""

Pairs = Collection[tuple[str, str]]


def rank(
    sources: Sequence[Text],
    targets: Sequence[Text],
    settings: Settings,
    *,
    top: int = 10,
    confirmed: Pairs = (),
    rejected: Pairs = (),
    abstain: bool = False,
    known: Sequence[Text] = (),
) -> list[Suggestion]:
    """The best targets of each source, by source in the order given, rank 1 first.

    Ties are broken by target id; the order of ``sources`` and ``targets`` changes no score. ``rejected`` pairs are left out. ``confirmed``
    pairs sharpen the rest and are themselves still ranked (callers drop them). With ``abstain`` those below the useful band, or below
    ``settings.floor``, are left out. A target that has nothing in common with the source is no suggestion. ``known``: texts of confirmed
    sources that are not among ``sources``.
    """
    if not sources or not targets or top < 1:
        return []
    index = prepare(tuple(targets))
    chosen = weights()
    call = _Call(
        index=index,
        weights=chosen,
        confirmed=Confirmed(index, [*sources, *known], confirmed),
        rejected=_places(index, rejected),
        top=top,
        least=max(chosen.useful, settings.floor) if abstain else 0.0,
    )
    step = _step(len(targets))
    return [found for start in range(0, len(sources), step) for found in _rank(call, tuple(sources[start : start + step]))]


@dataclass(frozen=True, slots=True, eq=False)
class _Call:
    """What is the same for all sources of one call. ``rejected``: source id → places of targets."""

    index: Index
    weights: Weights
    confirmed: Confirmed
    rejected: Mapping[str, list[int]]
    top: int
    least: float


@dataclass(frozen=True, slots=True, eq=False)
class _Shortlist:
    """n × C targets by place, best first; ``contributions`` n × C × S by signal, ``scores`` their sums, ``confidences``."""

    places: Ints
    names: tuple[str, ...]
    contributions: Floats
    scores: Floats
    confidences: Floats


def _places(index: Index, pairs: Pairs) -> dict[str, list[int]]:
    """Source id → places of its targets in the index."""
    targets: dict[str, list[int]] = {}
    for place, text in enumerate(index.texts):
        targets.setdefault(text.id, []).append(place)
    found: dict[str, list[int]] = {}
    for source, target in pairs:
        found.setdefault(source, []).extend(targets.get(target, ()))
    return found


def _rank(call: _Call, sources: tuple[Text, ...]) -> Iterator[Suggestion]:
    index, query = call.index, query_of(call.index, sources)
    near = call.confirmed.near(query, sources)
    short = _shorten(call, sources, near)
    chosen = list(_choose(call, short))
    rows, at, places = (np.array([pick[part] for pick in chosen], np.int64) for part in range(3))
    concepts = shared_concepts(index, query, rows, places)
    signals = short.contributions[rows, at].tolist()
    scores, confidences = short.scores[rows, at].tolist(), short.confidences[rows, at].tolist()
    held, tells = held_by(index), tells_of(index)
    for (row, _, place, number), *values in zip(chosen, concepts, signals, scores, confidences, strict=True):
        about, parts, score, confidence = values
        yield Suggestion(
            source=sources[row].id,
            target=index.texts[place].id,
            rank=number,
            score=score,
            confidence=confidence,
            band=call.weights.band(confidence),
            reason=sentence(
                about, shared_phrases(wording(sources[row]), held[place], tells), near.supporters(row, place) if near else ()
            ),
            signals={name: value for name, value in zip(short.names, parts, strict=True) if value},
        )


def _choose(call: _Call, short: _Shortlist) -> Iterator[tuple[int, int, int, int]]:
    """(row, position in the shortlist, place, rank) of what is suggested; of targets with the same id only the best."""
    enough = (short.scores > 0) & (short.confidences >= call.least)
    texts = call.index.texts
    for row, (places, good) in enumerate(zip(short.places.tolist(), enough.tolist(), strict=True)):
        seen: set[str] = set()
        for at, place in enumerate(places):
            if good[at] and texts[place].id not in seen:
                seen.add(texts[place].id)
                yield row, at, place, len(seen)
                if len(seen) == call.top:
                    break


def closest(sources: Sequence[Text], targets: Sequence[Text], barred: Pairs) -> dict[str, tuple[Text, str]]:
    """Target id → the source that comes nearest to it by all signals but the title, and why; ``barred`` pairs do not count.

    Targets that no source comes near to, by the useful band, are left out. Of equally near sources the first given.
    """
    index, chosen = prepare(tuple(targets)), weights()
    closed = _places(index, barred)
    best: dict[int, tuple[float, float, Text]] = {}
    step = _step(len(targets))
    for start in range(0, len(sources) if targets else 0, step):
        some = tuple(sources[start : start + step])
        total = _total(_weighted(index, some, chosen.signals), _taken_off(index, chosen))
        ranked = _closed(total, some, closed).round(_DIGITS)
        rows, scores = ranked.argmax(0), ranked.max(0)
        sure = chosen.confidence(scores[:, None], total[rows], warm=False)[:, 0]
        for place, (row, score, confidence) in enumerate(zip(rows.tolist(), scores.tolist(), sure.tolist(), strict=True)):
            if score > best.get(place, (0.0,))[0]:
                best[place] = (score, confidence, some[row])
    near = [(place, text) for place, (_, confidence, text) in sorted(best.items()) if confidence >= chosen.useful]
    return {index.texts[place].id: (text, why) for (place, text), why in zip(near, _reasons(index, near), strict=True)}


def _reasons(index: Index, pairs: Sequence[tuple[int, Text]]) -> Iterator[str]:
    """Why each source is near to the target at its place."""
    sources = [text for _, text in pairs]
    places = np.array([place for place, _ in pairs], np.int64)
    held, tells = held_by(index), tells_of(index)
    concepts = shared_concepts(index, index.query(sources), np.arange(len(pairs)), places)
    for (place, text), about in zip(pairs, concepts, strict=True):
        yield sentence(about, shared_phrases(wording(text), held[place], tells), ())


def _step(targets: int) -> int:
    return max(1, min(_ROWS, _CELLS // max(targets, 1)))


def _weighted(index: Index, sources: tuple[Text, ...], signals: Mapping[str, float], share: float = 1.0) -> dict[str, Floats]:
    """What each sparse signal contributes, n × T, where the text has that ``share`` of the score."""
    found = signals_of(index, sources)
    return {name: signals[name] * share * value.astype(np.float64) for name, value in found.items()}


def _total(parts: Mapping[str, Floats], taken: Floats) -> Floats:
    """Sums of contributions, n × T, less what is taken off."""
    return np.maximum(sum(parts.values()) - taken, 0)


def _closed(total: Floats, sources: Sequence[Text], closed: Mapping[str, list[int]]) -> Floats:
    """The same with -1 where the pair is closed."""
    ranked = total.copy()
    for row, text in enumerate(sources):
        ranked[row, closed.get(text.id, [])] = -1
    return ranked


def _shorten(call: _Call, sources: tuple[Text, ...], near: Near | None) -> _Shortlist:
    """The best targets of each source by all signals but the title, then put in order by all."""
    share = call.weights.confirmed if near else 0.0
    parts = _weighted(call.index, sources, call.weights.signals, 1 - share)
    if near:
        parts["confirmed"] = share * near.votes()
    taken = _taken_off(call.index, call.weights)
    total = _total(parts, taken)
    ranked = _closed(total, sources, call.rejected)
    places = _best(ranked, max(SHORTLIST, call.top))
    titles = call.weights.signals["title"] * (1 - share) * title_signal(call.index, sources, places)
    first = _in_order(np.take_along_axis(ranked, places, 1) + titles, places)[:, : call.top + _SPARE]
    places = np.take_along_axis(places, first, 1)
    picked = {name: np.take_along_axis(part, places, 1) for name, part in parts.items()}
    picked["title"] = np.take_along_axis(titles, first, 1)
    picked["kind"] = -np.minimum(taken[places], sum(picked.values()))
    shown: Floats = np.stack(list(picked.values()), axis=2).round(_DIGITS)
    scores: Floats = shown.sum(2).round(_DIGITS)
    scores[np.take_along_axis(ranked, places, 1) < 0] = -1
    order = _in_order(scores, places)
    scores = np.take_along_axis(scores, order, 1)
    return _Shortlist(
        places=np.take_along_axis(places, order, 1),
        names=tuple(picked),
        contributions=np.take_along_axis(shown, order[:, :, None], 1),
        scores=scores,
        confidences=call.weights.confidence(scores, total, warm=bool(near)),
    )


def _in_order(scores: Floats, places: Ints) -> Ints:
    """The order of each row by score, the best first, and by place among equals."""
    return np.argsort(places * _TIE - scores.round(_DIGITS), axis=1, kind="stable")


def _taken_off(index: Index, chosen: Weights) -> Floats:
    """What each target loses for its kind."""
    return np.array([chosen.kinds.get(text.kind, 0.0) for text in index.texts])


def _best(total: Floats, count: int) -> Ints:
    """The places of the ``count`` largest of each row, in no order; among equals the first places."""
    ranked = total.round(_DIGITS) - np.arange(total.shape[1]) * _TIE
    if count >= total.shape[1]:
        return np.broadcast_to(np.arange(total.shape[1]), total.shape)
    return np.argpartition(-ranked, count, axis=1)[:, :count]


def title_signal(index: Index, sources: Sequence[Text], places: Ints) -> Floats:
    """How alike the titles are (token_set_ratio of their stems), 0–1, for targets at n × C places.

    Titles that share no stem are not compared: what they share then is letters, and those have their own signal.
    """
    out = np.zeros(places.shape)
    titles = [stems(text.title) for text in sources]
    vocabulary = {stem: at for at, stem in enumerate(sorted({stem for title in titles for stem in title}))}
    if not vocabulary:
        return out
    own, other = _membership(titles, vocabulary), _membership(index.titles, vocabulary)
    row, at = np.nonzero(np.take_along_axis(own @ other.T, places, 1))
    mine = [" ".join(titles[r]) for r in row.tolist()]
    theirs = [" ".join(index.titles[p]) for p in places[row, at].tolist()]
    alike = process.cpdist(mine, theirs, scorer=fuzz.token_set_ratio, dtype=np.float64)
    out[row, at] = np.maximum(alike - _UNLIKE, 0) / (100 - _UNLIKE)
    return out


def _membership(titles: Sequence[Sequence[str]], vocabulary: Mapping[str, int]) -> Floats:
    out = np.zeros((len(titles), len(vocabulary)))
    for row, title in enumerate(titles):
        out[row, [vocabulary[stem] for stem in title if stem in vocabulary]] = 1
    return out
