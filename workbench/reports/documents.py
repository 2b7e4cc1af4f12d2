"""The documents and records that ISO/IEC 27001:2022 demands, and what in a workbook seems to be them. Pure."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

import pandas as pd

from workbench.coverage import requirements_of
from workbench.frameworks.ids import parse
from workbench.interpretation import Project
from workbench.model import ISO2022, Requirement
from workbench.reports.clauses import DOCUMENT_WORDS
from workbench.reports.frames import natural

MOST = 3
"""How many candidates are named for one document."""


@dataclass(frozen=True, slots=True)
class Demanded:
    """One document or record, the clause that demands it, and what seems to be it: (label, reason), likeliest first."""

    name: str
    clause: Requirement
    candidates: tuple[tuple[str, str], ...]


def documented(clause: Requirement) -> list[str]:
    """The documents and records that a clause demands, each beginning with a capital."""
    return [name[:1].upper() + name[1:] for name in clause.documented.split("; ") if name]


def demanded(project: Project, serving: Mapping[str, Sequence[str]]) -> list[Demanded]:
    """Every document that a clause demands, in clause order; ``serving`` says which controls are mapped to a clause.

    A policy whose references name the clause goes first, then policies, evidence and controls by title, then controls mapped to the clause.
    """
    shelf = _Shelf(project)
    return [
        Demanded(name, clause, shelf.candidates(name, clause.id, serving.get(clause.id, ())))
        for clause in requirements_of(ISO2022)
        for name in documented(clause)
    ]


class _Shelf:
    """Policies, evidence and controls by their words."""

    def __init__(self, project: Project) -> None:
        policies, evidence = _labelled(project.policies, "id", "title"), _labelled(project.evidence, "id", "title")
        controls = _labelled(project.controls, "control", "name")
        entries = [*policies, *evidence, *controls]
        self._labels = [f"{name} {title}".strip() for name, title in entries]
        self._titles = [_words(title or name) for name, title in entries]
        self._holding: dict[str, set[int]] = {}
        for place, words in enumerate(self._titles):
            for word in words:
                self._holding.setdefault(word, set()).add(place)
        self._sorted = sorted(self._holding)
        self._citing = _policies_by_clause(project.policies)
        self._ends = (len(policies), len(policies) + len(evidence))
        self._control = {name: self._ends[1] + number for number, (name, _) in enumerate(controls)}

    def candidates(self, document: str, clause: str, serving: Iterable[str]) -> tuple[tuple[str, str], ...]:
        """(label, reason) of at most ``MOST`` entries; the order of rows decides nothing."""
        found: dict[int, str] = {}
        for place in self._in_order(self._citing.get(clause, ())):
            found.setdefault(place, f"its references name {clause}")
        for place in self._in_order(self._titled(document)):
            found.setdefault(place, "by its title")
        for control in serving:
            if control in self._control:
                found.setdefault(self._control[control], f"is mapped to {clause}")
        return tuple((self._labels[place], reason) for place, reason in found.items())[:MOST]

    def _in_order(self, places: Iterable[int]) -> list[int]:
        """Policies, evidence, controls, each by label."""
        return sorted(places, key=lambda place: (sum(place >= end for end in self._ends), natural(self._labels[place])))

    def _titled(self, document: str) -> list[int]:
        phrases = [phrase.split() for phrase in DOCUMENT_WORDS[document]]
        likely = {place for phrase in phrases for place in set.intersection(*map(self._beginning, phrase))}
        return [place for place in likely if any(_follows(phrase, self._titles[place]) for phrase in phrases)]

    def _beginning(self, prefix: str) -> set[int]:
        """The places of titles that have a word with this beginning."""
        found: set[int] = set()
        for word in self._sorted[bisect_left(self._sorted, prefix) :]:
            if not word.startswith(prefix):
                break
            found |= self._holding[word]
        return found


def _follows(phrase: Sequence[str], words: Sequence[str]) -> bool:
    """Whether the words begin as the phrase says, in its order, whatever stands between them."""
    rest = iter(words)
    return all(any(word.startswith(prefix) for word in rest) for prefix in phrase)


def _words(title: str) -> list[str]:
    return [word.strip(".,;:()[]") for word in title.casefold().replace("-", " ").replace("/", " ").split()]


def _labelled(register: pd.DataFrame, name: str, title: str) -> list[tuple[str, str]]:
    return list(zip(register[name].tolist(), register[title].tolist(), strict=True))


def _policies_by_clause(policies: pd.DataFrame) -> dict[str, list[int]]:
    """Clause → the places of the policies whose references name it."""
    found: dict[str, list[int]] = {}
    for place, references in enumerate(policies["iso"].tolist()):
        for citation in parse(references, ISO2022) if references else ():
            if citation.id.startswith("Clause "):
                found.setdefault(citation.id, []).append(place)
    return found
