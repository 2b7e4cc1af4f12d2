"""What each signal counts, and what a score means: the numbers of ``data/weights.toml``, which ``scripts/fit_weights.py`` fits."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib import resources
from typing import Any

import numpy as np

from workbench.matching.streams import Floats

_BORROWED = 50
"""Targets' worth of the development sets that every standing is computed with."""


@dataclass(frozen=True, slots=True)
class Band:
    """A word for a range of confidence: from ``least`` up to the band above. ``measured``: the share that was right in it; ``sentence`` says so."""

    word: str
    least: float
    measured: float
    sentence: str


@dataclass(frozen=True, slots=True)
class Meaning:
    """What scores have meant. ``mean`` and ``deviation`` are of all scores measured; the table goes from standing to confidence."""

    mean: float
    deviation: float
    standing: tuple[float, ...]
    confidence: tuple[float, ...]


@dataclass(frozen=True, slots=True, eq=False)
class Weights:
    """Weights and calibration.

    ``signals``: what each signal counts; they add up to 1. ``kinds``: what is taken off for a kind of requirement. ``confirmed``: the share of
    the score that a workbook's own confirmed mappings have, once there are any. ``bands``: best first; the last begins at 0.
    """

    signals: Mapping[str, float]
    kinds: Mapping[str, float]
    confirmed: float
    bands: tuple[Band, ...]
    cold: Meaning
    warm: Meaning

    def confidence(self, score: Floats, among: Floats, *, warm: bool) -> Floats:
        """The share of suggestions that were right where they stood as far above the scores ``among`` all targets of their source.

        ``score`` is n × C, ``among`` n × T. Rounded to four places; within a source it never falls as the score rises.
        """
        known = self.warm if warm else self.cold
        return np.round(np.interp(standing(score, among, known.mean, known.deviation), known.standing, known.confidence), 4)

    def band(self, confidence: float) -> str:
        """The word for a confidence."""
        for band in self.bands:
            if confidence >= band.least:
                return band.word
        return self.bands[-1].word

    @property
    def useful(self) -> float:
        """The confidence below which a suggestion is noise: where the last band ends."""
        return self.bands[-2].least


def standing(score: Floats, among: Floats, mean: float, deviation: float) -> Floats:
    """How many standard deviations each score (n × C) stands above the average of its row of ``among`` (n × T).

    A target that is right stands out among the others, whatever the level of the scores: this carries over from one crosswalk to another
    where the score itself does not. ``mean`` and ``deviation`` stand in for ``_BORROWED`` targets, so that few targets give no extremes.
    """
    count = among.shape[1]
    average = (among.sum(1) + _BORROWED * mean) / (count + _BORROWED)
    spread = ((among - average[:, None]) ** 2).sum(1) + _BORROWED * deviation**2
    return np.asarray((score - average[:, None]) / np.sqrt(spread / (count + _BORROWED))[:, None])


@cache
def weights() -> Weights:
    """The weights that ship with the package."""
    text = (resources.files("workbench.matching") / "data" / "weights.toml").read_text(encoding="utf-8")
    return read_weights(text)


def read_weights(text: str) -> Weights:
    """The weights written in a TOML text."""
    said = tomllib.loads(text)
    return Weights(
        signals=said["signals"],
        kinds=said["kinds"],
        confirmed=said["confirmed"]["share"],
        bands=tuple(Band(**band) for band in said["band"]),
        cold=_meaning(said["cold"]),
        warm=_meaning(said["warm"]),
    )


def _meaning(said: Mapping[str, Any]) -> Meaning:
    return Meaning(said["mean"], said["deviation"], tuple(said["standing"]), tuple(said["confidence"]))


BANDS: tuple[Band, ...] = weights().bands
"""The four bands, best first: word, least confidence, the share measured, and the sentence people are shown."""
