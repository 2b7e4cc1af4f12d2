"""How good the suggestions are on a crosswalk whose true pairs are known, beside plain rapidfuzz on the same texts. Pure."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass
from itertools import pairwise

import numpy as np
from rapidfuzz import fuzz, process

from workbench.matching.ranking import rank
from workbench.matching.texts import Text
from workbench.matching.weights import BANDS
from workbench.model import Suggestion
from workbench.settings import Settings

DEPTH = 50
"""Targets per source that are ranked; a true pair below counts as not found."""
SHOWN = 10
"""Suggestions per source whose confidence is compared with what was right."""
_FOLDS = 5
_CUTS = (0.0, 0.05, 0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 1.0)


@dataclass(frozen=True, slots=True)
class Scores:
    """Averages over the sources that have a true pair, each within 0–1.

    recall_at_N: the share of a source's true targets among its first N. hit_at_5: whether one of them is among the first five. mrr: 1 / the
    rank of the first. map: average precision over the first ``DEPTH``.
    """

    recall_at_1: float
    recall_at_5: float
    recall_at_10: float
    hit_at_5: float
    mrr: float
    map: float


@dataclass(frozen=True, slots=True)
class Calibration:
    """Suggestions with a confidence from ``least`` up to below ``most``: how many, what was predicted on average, what share was right."""

    least: float
    most: float
    count: int
    predicted: float
    right: float


@dataclass(frozen=True, slots=True)
class Evaluation:
    """What was measured. ``unknown``: pairs left out because one of their ids is in neither catalogue.

    ``warm``: with the true pairs of all other sources confirmed, in five folds by source. ``calibration`` and ``bands``
    are about the first ten suggestions of each source; ``calibration_error`` is the mean distance of predicted and right.
    """

    sources: int
    targets: int
    pairs: int
    unknown: int
    warm: bool
    engine: Scores
    rapidfuzz: Scores
    calibration: tuple[Calibration, ...]
    calibration_error: float
    bands: Mapping[str, Calibration]

    def as_dict(self) -> dict[str, object]:
        """The same as plain values, ready for JSON."""
        return asdict(self)

    def __str__(self) -> str:
        return "\n".join(_lines(self))


def evaluate(
    sources: Sequence[Text],
    targets: Sequence[Text],
    pairs: Collection[tuple[str, str]],
    settings: Settings,
    *,
    warm: bool = False,
) -> Evaluation:
    """How well ``rank`` finds the true ``pairs``, and how well plain token_set_ratio of title and text does."""
    ids = {text.id for text in sources}, {text.id for text in targets}
    true = {pair for pair in pairs if pair[0] in ids[0] and pair[1] in ids[1]}
    asked = sorted(
        {text.id: text for text in sources if text.id in {source for source, _ in true}}.values(), key=lambda text: text.id
    )
    found = _ranked_warm(sources, asked, targets, true, settings) if warm else rank(asked, targets, settings, top=DEPTH)
    shown = [(one, (one.source, one.target) in true) for one in found if one.rank <= SHOWN]
    table = _calibration(shown, list(pairwise(_CUTS)))
    tops = [*(band.least for band in BANDS), 1.0]
    ranges = [(band.least, tops[at - 1] if at else 1.0) for at, band in enumerate(BANDS)]
    return Evaluation(
        sources=len(asked),
        targets=len(ids[1]),
        pairs=len(true),
        unknown=len(set(pairs)) - len(true),
        warm=warm,
        engine=scores(_by_source(found), true),
        rapidfuzz=scores(_plain(asked, targets), true),
        calibration=tuple(table),
        calibration_error=_error(table),
        bands=dict(zip((band.word for band in BANDS), _calibration(shown, ranges), strict=True)),
    )


def _ranked_warm(
    sources: Sequence[Text], asked: Sequence[Text], targets: Sequence[Text], true: Collection[tuple[str, str]], settings: Settings
) -> list[Suggestion]:
    found: list[Suggestion] = []
    for fold in range(_FOLDS):
        held_out = asked[fold::_FOLDS]
        ids = {text.id for text in held_out}
        confirmed = {pair for pair in true if pair[0] not in ids}
        found += rank(held_out, targets, settings, top=DEPTH, confirmed=confirmed, known=sources)
    return found


def _by_source(found: Iterable[Suggestion]) -> dict[str, list[str]]:
    """Source → its targets, best first."""
    ranked: dict[str, list[str]] = {}
    for one in found:
        ranked.setdefault(one.source, []).append(one.target)
    return ranked


def _plain(sources: Sequence[Text], targets: Sequence[Text]) -> dict[str, list[str]]:
    """What rapidfuzz alone makes of it: token_set_ratio of lower-case title and text, ties by id."""
    ordered = sorted(targets, key=lambda text: text.id)
    if not sources or not ordered:
        return {}
    written = [[f"{text.title} {text.text}".lower() for text in side] for side in (sources, ordered)]
    alike = process.cdist(*written, scorer=fuzz.token_set_ratio, dtype=np.float64)
    best = np.argsort(-alike, axis=1, kind="stable")[:, :DEPTH]
    return {text.id: [ordered[at].id for at in row] for text, row in zip(sources, best.tolist(), strict=True)}


def scores(ranked: Mapping[str, Sequence[str]], true: Collection[tuple[str, str]]) -> Scores:
    """The averages for rankings (source → targets, best first) against the true pairs; all 0 when there are none."""
    wanted: dict[str, set[str]] = {}
    for source, target in true:
        wanted.setdefault(source, set()).add(target)
    rows = [_of_one(list(ranked.get(source, ())), wanted[source]) for source in sorted(wanted)]
    means = [round(sum(column) / len(rows), 4) for column in zip(*rows, strict=True)] if rows else [0.0] * 6
    return Scores(*means)


def _of_one(ranked: Sequence[str], wanted: set[str]) -> tuple[float, ...]:
    places = [rank for rank, target in enumerate(ranked, 1) if target in wanted]
    recall = [sum(place <= limit for place in places) / len(wanted) for limit in (1, 5, 10)]
    precision = sum(number / place for number, place in enumerate(places, 1)) / len(wanted)
    first = places[0] if places else None
    return (*recall, float(bool(first and first <= 5)), 1 / first if first else 0.0, precision)


def _calibration(shown: Sequence[tuple[Suggestion, bool]], ranges: Iterable[tuple[float, float]]) -> list[Calibration]:
    table = []
    for least, most in ranges:
        inside = [
            (one.confidence, right) for one, right in shown if least <= one.confidence < most or one.confidence == most == 1
        ]
        count = len(inside)
        means = [round(sum(column) / count, 4) for column in zip(*inside, strict=True)] if count else [0.0, 0.0]
        table.append(Calibration(least, most, count, *means))
    return table


def _error(table: Sequence[Calibration]) -> float:
    total = sum(row.count for row in table)
    return round(sum(row.count * abs(row.predicted - row.right) for row in table) / total, 4) if total else 0.0


def _lines(found: Evaluation) -> Iterable[str]:
    said = "with the other sources' pairs confirmed" if found.warm else "nothing confirmed"
    yield f"{found.sources} sources with {found.pairs} true pairs, {found.targets} targets; {said}."
    if found.unknown:
        yield f"{found.unknown} pairs left out: an id is in neither catalogue."
    yield ""
    yield f"{'':12}{'R@1':>8}{'R@5':>8}{'R@10':>8}{'hit@5':>8}{'MRR':>8}{'MAP':>8}"
    for name, averages in (("workbench", found.engine), ("rapidfuzz", found.rapidfuzz)):
        yield f"{name:12}" + "".join(f"{value:8.3f}" for value in asdict(averages).values())
    yield ""
    yield f"{'confidence':12}{'number':>8}{'said':>8}{'right':>8}"
    for row in found.calibration:
        if row.count:
            yield f"{f'{row.least:.2f}–{row.most:.2f}':12}{row.count:8}{row.predicted:8.2f}{row.right:8.2f}"
    yield f"Calibration error {found.calibration_error:.3f}"
    yield ""
    for word, row in found.bands.items():
        yield f"{word:12}{row.count:8}{row.predicted:8.2f}{row.right:8.2f}"
