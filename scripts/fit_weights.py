"""Fits the weights of the suggestion signals and the meaning of a score, and writes workbench/matching/data/weights.toml.

    python scripts/fit_weights.py --crosswalks DIR [--controls tests/data/company-controls.csv] [--output FILE]

DIR holds folders with sources.csv, targets.csv (id, title, text, section, extra) and pairs.csv (source, target). The controls are
our own development set: a company's controls with the SOC 2 criteria and ISO controls that each serves. Neither ships.

The weights are those of a logistic regression, none negative, with every set and every source counting the same, scaled
to add up to 1. What a score means is an isotonic regression of right or wrong on how far the score stands above the other scores of
its source (``weights.standing``), over the first ten suggestions of each source, with weights that were fitted without its set.
"""

from __future__ import annotations

import argparse
import csv
import re
import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from workbench.frameworks import framework  # noqa: E402
from workbench.matching import Text, catalogue_texts, row_texts  # noqa: E402
from workbench.matching.confirmed import Confirmed  # noqa: E402
from workbench.matching.index import SPARSE, Index  # noqa: E402
from workbench.matching.ranking import title_signal  # noqa: E402
from workbench.matching.weights import standing  # noqa: E402
from workbench.model import ISO2022, SOC2  # noqa: E402

Array = npt.NDArray[np.float64]

RIDGE = 1e-5
FOLDS = 5
SHOWN = 10
LEAST_HELD = 0.01
"""The share of all suggestions that a point of the table stands for at least."""
MOST = 0.97
"""No table promises more."""
SHARE = 0.5
"""The share of confirmed neighbours in a score, once there are any: of 0.3, 0.4 and 0.5 the best on all sets together."""
TITLE_LEAST = 0.04
"""The least weight of titles: one development set has numbered steps instead of titles, and would have none."""
CLAUSE_ODDS = 1.0
"""A clause is taken to be e times less likely than an Annex A control to be what a control of a company serves.

Reasoned, not fitted: of ten ids that company lists cite about nine are Annex A controls; there are 93 of them and
30 assessable clauses, so one clause has about a third of the odds of one Annex A control.
"""
BANDS = (("strong", 0.7), ("likely", 0.4), ("possible", 0.2), ("weak", 0.0))
NAMES = (*SPARSE, "title")


@dataclass(frozen=True, slots=True, eq=False)
class Set:
    """One labelled crosswalk: which family it belongs to, signals n × T × S, votes of confirmed neighbours n × T, truth n × T."""

    name: str
    family: str
    signals: Array
    votes: Array
    true: Array


def main() -> int:
    """Fits, prints what was measured, writes."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--crosswalks", type=Path, required=True, metavar="DIR")
    parser.add_argument("--controls", type=Path, default=ROOT / "tests" / "data" / "company-controls.csv")
    parser.add_argument("--output", type=Path, default=ROOT / "workbench" / "matching" / "data" / "weights.toml")
    options = parser.parse_args()
    sets = [*read_crosswalks(options.crosswalks), *read_controls(options.controls)]
    weights, scale = fit(sets)
    held_out = [fit([other for other in sets if other.family != one.family])[0] for one in sets]
    cold = [one.signals @ other for one, other in zip(sets, held_out, strict=True)]
    warm = [(1 - SHARE) * score + SHARE * one.votes for one, score in zip(sets, cold, strict=True)]
    meanings = {name: meaning(sets, scores) for name, scores in (("cold", cold), ("warm", warm))}
    for one, *both in zip(sets, cold, warm, strict=True):
        print(f"{one.name:16} R@5 cold {recall(both[0], one.true):.3f} warm {recall(both[1], one.true):.3f}")
    options.output.write_text(written(weights, CLAUSE_ODDS / scale, meanings), encoding="utf-8")
    print(f"\n{dict(zip(NAMES, weights.round(3).tolist(), strict=True))}, scale {scale:.1f}\n{options.output}")
    return 0


def read_crosswalks(folder: Path) -> Iterator[Set]:
    """One set per folder that holds the three files."""
    for place in sorted(path.parent for path in folder.glob("*/pairs.csv")):
        sources, targets = (row_texts(_rows(place / f"{side}.csv")) for side in ("sources", "targets"))
        pairs = {(row["source"], row["target"]) for row in _rows(place / "pairs.csv")}
        yield measured(place.name, place.name, sources, targets, pairs)


def read_controls(path: Path) -> Iterator[Set]:
    """Our own controls against SOC 2 and against ISO; one family, as the controls are the same."""
    rows = _rows(path)
    for framework_id, column in ((SOC2, "soc2"), (ISO2022, "iso")):
        pairs = {(row["id"], name) for row in rows for name in re.findall(r"Clause \S+|\S+", row[column])}
        yield measured(framework_id, "controls", row_texts(rows), catalogue_texts(framework(framework_id)), pairs)


def _rows(path: Path) -> list[dict[str, str]]:
    csv.field_size_limit(10**7)
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def measured(name: str, family: str, sources: Sequence[Text], targets: Sequence[Text], pairs: set[tuple[str, str]]) -> Set:
    """All signals of all pairs of a set; sources without a true pair are left out."""
    index = Index(targets)
    asked = [text for text in sorted(sources, key=lambda text: text.id) if text.id in {source for source, _ in pairs}]
    signals = index.signals(index.query(asked))
    places = np.broadcast_to(np.arange(index.total), (len(asked), index.total))
    layers = [signals[layer] for layer in SPARSE] + [title_signal(index, asked, places)]
    true = np.array([[(source.id, target.id) in pairs for target in index.texts] for source in asked], np.float64)
    return Set(name, family, np.stack(layers, axis=2).astype(np.float64), _votes(index, asked, pairs), true)


def _votes(index: Index, asked: Sequence[Text], pairs: set[tuple[str, str]]) -> Array:
    votes = np.zeros((len(asked), index.total))
    for fold in range(FOLDS):
        held_out = asked[fold::FOLDS]
        ids = {text.id for text in held_out}
        confirmed = Confirmed(index, asked, {pair for pair in pairs if pair[0] not in ids})
        near = confirmed.near(index.query(held_out), held_out)
        if near is not None:
            votes[fold::FOLDS] = near.votes()
    return votes


def fit(sets: Sequence[Set]) -> tuple[Array, float]:
    """Weights that add up to 1, and what they were scaled by."""
    families = [one.family for one in sets]
    signals = np.concatenate([one.signals.reshape(-1, len(NAMES)) for one in sets])
    true = np.concatenate([one.true.ravel() for one in sets])
    each = [np.full(one.true.size, 1 / (len(one.true) * families.count(one.family))) for one in sets]
    found = logistic(signals, true, np.concatenate(each))
    scale = float(found.sum())
    shares = found / scale
    shares[-1] = max(shares[-1], TITLE_LEAST)
    return shares / shares.sum(), scale


def logistic(signals: Array, true: Array, counts: Array) -> Array:
    """Weights of the logistic regression with none negative, by projected Newton steps; the intercept is free and not returned."""
    columns = np.column_stack([signals, np.ones(len(signals))])
    counts = counts / counts.sum()
    ridge = np.append(np.full(signals.shape[1], RIDGE), 0)
    weights = np.append(np.zeros(signals.shape[1]), -3.0)

    def loss(at: Array) -> float:
        value = columns @ at
        return float((counts * (np.logaddexp(0, value) - true * value)).sum() + (ridge * at**2).sum() / 2)

    current = loss(weights)
    for _ in range(100):
        chance = 1 / (1 + np.exp(-columns @ weights))
        slope = columns.T @ (counts * (chance - true)) + ridge * weights
        bend = (columns * (counts * chance * (1 - chance))[:, None]).T @ columns + np.diag(ridge)
        free = (weights > 0) | (slope < 0)
        free[-1] = True
        move = np.zeros_like(weights)
        move[free] = -np.linalg.solve(bend[np.ix_(free, free)], slope[free])
        weights, better = _step(loss, weights, move, current)
        if current - better < 1e-10:
            break
        current = better
    return weights[:-1]


def _step(loss: Callable[[Array], float], weights: Array, move: Array, current: float) -> tuple[Array, float]:
    """The longest halved step that lowers the loss, back inside what is allowed; the same weights when there is none."""
    length = 1.0
    while length > 1e-6:
        there = weights + length * move
        there[:-1] = np.maximum(there[:-1], 0)
        value = loss(there)
        if value < current:
            return there, value
        length /= 2
    return weights, current


@dataclass(frozen=True, slots=True, eq=False)
class Meaning:
    """What scores mean: the scale, the table standing → share that was right, and what was seen: (standing, right, weight) per suggestion."""

    mean: float
    deviation: float
    standing: list[float]
    confidence: list[float]
    seen: Array


def meaning(sets: Sequence[Set], scores: Sequence[Array]) -> Meaning:
    """Calibrates on the first ten suggestions of each source; every set counts the same."""
    mean = float(np.mean([score.mean() for score in scores]))
    deviation = float(np.mean([score.std(axis=1).mean() for score in scores]))
    seen = []
    for one, score in zip(sets, scores, strict=True):
        best = np.argsort(-score.round(6), axis=1, kind="stable")[:, :SHOWN]
        stand = np.take_along_axis(standing(score, score, mean, deviation), best, 1).ravel()
        seen.append(np.column_stack([stand, np.take_along_axis(one.true, best, 1).ravel(), np.full(best.size, 1 / best.size)]))
    everything = np.concatenate(seen)
    return Meaning(mean, deviation, *isotonic(everything), everything)


def recall(score: Array, true: Array) -> float:
    """R@5, averaged over sources."""
    best = np.argsort(-score.round(6), axis=1, kind="stable")[:, :5]
    return float((np.take_along_axis(true, best, 1).sum(1) / true.sum(1)).mean())


def isotonic(seen: Array) -> tuple[list[float], list[float]]:
    """The rising table standing → share that was right, by pooling adjacent violators, as points to draw straight lines between."""
    blocks: list[Array] = []
    for stand, right, weight in seen[np.argsort(seen[:, 0], kind="stable")]:
        blocks.append(np.array([stand * weight, right * weight, weight]))
        while len(blocks) > 1 and blocks[-2][1] * blocks[-1][2] >= blocks[-1][1] * blocks[-2][2]:
            blocks[-2:] = [blocks[-2] + blocks[-1]]
    points: list[tuple[float, float]] = []
    held = np.zeros(3)
    for block in blocks:
        held = held + block
        if held[2] >= LEAST_HELD * seen[:, 2].sum() or block is blocks[-1]:
            points.append((round(float(held[0] / held[2]), 3), round(min(float(held[1] / held[2]), MOST), 3)))
            held = np.zeros(3)
    return [stand for stand, _ in points], [share for _, share in points]


def written(weights: Array, clause: float, meanings: Mapping[str, Meaning]) -> str:
    """The data file."""
    lines = ["# Written by scripts/fit_weights.py: what each signal counts, and what a score has meant.", "", "[signals]"]
    lines += [f"{name} = {value:.4f}" for name, value in zip(NAMES, weights, strict=True)]
    lines += [
        "",
        "# Taken off: a clause is less likely than an Annex A control (see the script).",
        "[kinds]",
        f"clause = {clause:.4f}",
    ]
    lines += [
        "",
        "# The share of a workbook's own confirmed mappings in the score, once there are any.",
        "[confirmed]",
        f"share = {SHARE}",
    ]
    for name, found in meanings.items():
        said = "Nothing confirmed" if name == "cold" else "Mappings of similar sources confirmed"
        lines += ["", f"# {said}: deviations above the average target of the source -> share that was right.", f"[{name}]"]
        lines += [f"mean = {found.mean:.4f}", f"deviation = {found.deviation:.4f}"]
        lines += [f"standing = {found.standing}", f"confidence = {found.confidence}"]
    for word, least, share in band_shares(meanings["cold"]):
        said = (
            f"about {round(10 * share)} in 10 like this were right" if share >= 0.1 else "fewer than 1 in 10 like this were right"
        )
        lines += ["", "[[band]]", f'word = "{word}"', f"least = {least}", f"measured = {share:.3f}", f'sentence = "{said}"']
    return "\n".join(lines) + "\n"


def band_shares(found: Meaning) -> Iterator[tuple[str, float, float]]:
    """Each band with the share that was right in it."""
    confidence = np.interp(found.seen[:, 0], found.standing, found.confidence)
    most = 1.1
    for word, least in BANDS:
        inside = (confidence >= least) & (confidence < most)
        right, weight = found.seen[inside, 1], found.seen[inside, 2]
        share = float((right * weight).sum() / weight.sum()) if inside.any() else least
        print(f"{word:10}{inside.sum():6} suggestions, right {share:.3f}")
        yield word, least, share
        most = least


if __name__ == "__main__":
    raise SystemExit(main())
