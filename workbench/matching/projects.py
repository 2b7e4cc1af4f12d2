"""Suggestions for a whole workbook: what its controls seem to serve and do not list, and which control is nearest to a gap."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache

import pandas as pd

from workbench.frameworks import children, framework, successors
from workbench.interpretation import Project
from workbench.matching.ranking import closest, rank
from workbench.matching.texts import Text, catalogue_texts
from workbench.matching.weights import weights
from workbench.model import ISO2013, ISO2022, SOC2, ControlStatus, Decision, Framework, MappingStatus, Relationship, Suggestion
from workbench.settings import Settings

COLUMNS = (
    "source", "source_title", "target", "target_framework", "target_title", "rank", "score", "confidence", "band", "reason",
    "signals", "decision",
)  # fmt: skip

Pair = tuple[str, str]

_LINEAGE = 0.5
"""What the transition table counts in a score. It is half, so that a successor stands above whatever only the text suggests."""
_SUCCESSOR, _OF_GROUP = 0.95, 0.35
"""The least confidence in the successor of a 2013 control that is cited, and of a 2013 objective or domain, which became many; judged, not measured."""


@dataclass(frozen=True, slots=True)
class _Ancestry:
    """The 2013 id that a successor comes from, and whether a group was cited instead of a control."""

    old: str
    group: bool


def suggest(
    project: Project,
    settings: Settings,
    frameworks: Sequence[Framework] | None = None,
    *,
    among: Collection[str] | None = None,
) -> pd.DataFrame:
    """The open suggestions, by source in the order of ids and by framework, best first; columns as ``Analysis.suggestions`` says.

    For every control (Not applicable ones left out) the requirements of each framework that it does not list, at most
    ``settings.suggestions`` each, none below the useful band; without controls, for every requirement of the workbook that has
    no mapping to the other framework. Successors of cited 2013 ids stand first and are never cut off. Rejected pairs
    are left out; what a person accepted or deferred stays until it is a mapping. ``among``: the requirement ids that may be
    suggested; None for all but the Annex A controls that the workbook excludes.
    """
    catalogues = tuple(frameworks) if frameworks else (framework(SOC2), framework(ISO2022))
    told = _told(project)
    controls = _control_texts(project)
    rows: list[tuple[object, ...]] = []
    for catalogue in catalogues:
        others = [text for other in catalogues if other.id != catalogue.id for text in catalogue_texts(other)]
        asked = controls if len(project.controls) else [text for text in others if text.id in told.unmapped]
        titles = {text.id: text.title for text in (*others, *controls)} | {one.id: one.title for one in catalogue.requirements}
        for one in _for_catalogue(told, among, asked, [*controls, *others], catalogue, settings):
            row = (
                one.source,
                titles[one.source],
                one.target,
                catalogue.id,
                titles[one.target],
                one.rank,
                one.score,
                one.confidence,
            )
            decision = told.decisions.get((one.source, one.target), "")
            rows.append((*row, one.band, one.reason, dict(one.signals), decision))
    rows.sort(key=lambda row: natural(str(row[0])))
    return pd.DataFrame(rows, columns=list(COLUMNS))


def natural(written: str) -> tuple[tuple[int, int, str], ...]:
    """A sort key for ids: runs of digits as numbers, so that AC-2 stands before AC-10."""
    pieces = re.findall(r"\d+|\D+", written)
    return tuple((0, int(piece), "") if piece.isdecimal() else (1, 0, piece) for piece in pieces)


class _Told:
    """What the workbook says about pairs: stated mappings, decisions, exclusions, and the 2013 ids it cites.

    ``closed``: stated with any status, or rejected. ``confirmed``: accepted, read from either end. ``unmapped``: requirements that are named
    as sources, or assessed, and mapped to nothing.
    """

    def __init__(self, project: Project) -> None:
        mapped = project.mappings
        ends = list(zip(mapped["source"].tolist(), mapped["target"].tolist(), strict=True))
        stated = list(zip(ends, mapped["status"].tolist(), mapped["relationship"].tolist(), strict=True))
        accepted = {pair for pair, word, how in stated if word == MappingStatus.ACCEPTED and how != Relationship.NONE}
        decided = project.decisions
        columns = (decided[name].tolist() for name in ("source", "target", "decision"))
        said = sorted(zip(*columns, strict=True))
        rejected = {(source, target) for source, target, word in said if word == Decision.REJECT}
        cited = _cited(project, {pair for pair, word, _ in stated if word == MappingStatus.REJECTED} - accepted)
        self.closed: set[Pair] = {*ends, *map(_turned, ends), *_below_groups(cited), *rejected}
        self.confirmed: set[Pair] = {*accepted, *map(_turned, accepted)}
        self.decisions = {(source, target): word for source, target, word in said if word in {Decision.ACCEPT, Decision.DEFER}}
        self.ancestry = _ancestry(cited)
        self.unmapped = _named(project) - {end for pair in ends for end in pair}
        self.excluded = _excluded(project)


@lru_cache(maxsize=1)
def _told(project: Project) -> _Told:
    """What is asked first for suggestions, then for gaps, of the same project."""
    return _Told(project)


def _turned(pair: Pair) -> Pair:
    return pair[1], pair[0]


def _for_catalogue(
    told: _Told,
    among: Collection[str] | None,
    asked: Sequence[Text],
    known: Sequence[Text],
    catalogue: Framework,
    settings: Settings,
) -> list[Suggestion]:
    """The suggestions for one catalogue, ranked per source: those ``asked``, and of all that are ``known`` those that cite 2013 ids."""
    targets = catalogue_texts(catalogue)
    may = {text.id for text in targets} & set(among) if among is not None else {text.id for text in targets} - told.excluded
    ids = {text.id for text in known}
    barred = {(source.id, text.id) for text in targets if text.id not in may for source in asked}
    confirmed = {pair for pair in told.confirmed if pair[0] in ids and pair[1] in may}
    ancestry = {pair: old for pair, old in told.ancestry.items() if pair[0] in ids and pair[1] in may and pair not in told.closed}
    decided = {pair for pair in told.decisions if pair[0] in ids and pair[1] in may and pair not in told.closed}
    shut = told.closed | barred
    ranked = rank(
        asked, targets, settings, top=settings.suggestions, confirmed=confirmed, rejected=shut, abstain=True, known=known
    )
    found = {(one.source, one.target): one for one in ranked}
    found |= _besides((ancestry.keys() | decided) - found.keys(), known, targets, settings, confirmed)
    found |= {pair: _inherited(found[pair], old) for pair, old in ancestry.items()}
    return list(_numbered(found.values(), settings.suggestions, ancestry.keys() | decided))


def _besides(
    wanted: Collection[Pair],
    known: Sequence[Text],
    targets: Sequence[Text],
    settings: Settings,
    confirmed: Collection[Pair],
) -> dict[Pair, Suggestion]:
    """Pairs that are shown though others rank before them."""
    asked = {source for source, _ in wanted}
    some = [text for text in known if text.id in asked]
    others = {(source, text.id) for source in asked for text in targets} - set(wanted)
    found = rank(some, targets, settings, top=len(targets), confirmed=confirmed, rejected=others, known=known)
    nothing = {pair: Suggestion(*pair, 1, 0.0, 0.0, weights().band(0), "nothing in common in words", {}) for pair in wanted}
    return nothing | {(one.source, one.target): one for one in found}


def _inherited(found: Suggestion, old: _Ancestry) -> Suggestion:
    """A suggestion that also follows from a 2013 id: half of the score is the transition table's, half the text's."""
    signals = {name: round(value * (1 - _LINEAGE), 6) for name, value in found.signals.items()} | {"lineage": _LINEAGE}
    confidence = max(_OF_GROUP if old.group else _SUCCESSOR, found.confidence)
    return replace(
        found,
        score=round(sum(signals.values()), 6),
        confidence=confidence,
        band=weights().band(confidence),
        reason=f"{old.old} (2013) became {found.target}" + (f"; {found.reason}" if found.score else ""),
        signals=signals,
    )


def _numbered(found: Iterable[Suggestion], limit: int, kept: Collection[Pair]) -> Iterator[Suggestion]:
    """At most ``limit`` per source, best first and ranks anew; those ``kept`` count, but are not cut off."""
    by_source: dict[str, list[Suggestion]] = {}
    for one in sorted(found, key=lambda one: (-one.score, one.target)):
        by_source.setdefault(one.source, []).append(one)
    for own in by_source.values():
        room = limit - sum((one.source, one.target) in kept for one in own)
        number = 0
        for one in own:
            needed = (one.source, one.target) in kept
            if needed or room > 0:
                room -= not needed
                number += 1
                yield one if one.rank == number else replace(one, rank=number)


# --- what the workbook says ----------------------------------------------------------------------------------------


@lru_cache(maxsize=1)
def _control_texts(project: Project) -> tuple[Text, ...]:
    """One text per control that applies: name, description, and its policy as context; several rows of one id are one text."""
    frame = project.controls
    columns = (frame[name].tolist() for name in ("control", "status", "name", "description", "policy"))
    rows: dict[str, list[tuple[str, str, str]]] = {}
    for control, status, *texts in zip(*columns, strict=True):
        if status != ControlStatus.NOT_APPLICABLE:
            rows.setdefault(control, []).append((texts[0], texts[1], texts[2]))
    return tuple(
        Text(control, _joined(row[0] for row in own), _joined(row[1] for row in own), extra=_joined(row[2] for row in own))
        for control, own in sorted(rows.items(), key=lambda item: natural(item[0]))
    )


def _joined(texts: Iterable[str]) -> str:
    return ". ".join(sorted({text for text in texts if text}))


def _named(project: Project) -> set[str]:
    """The ids that the workbook names as sources, or assesses."""
    cited = project.citations
    roles = zip(cited["id"].tolist(), cited["role"].tolist(), strict=True)
    return {name for name, role in roles if role in {"source", "requirement"}}


def _excluded(project: Project) -> frozenset[str]:
    """The Annex A controls that the workbook says do not apply, and of which no row says that they do."""
    frame = project.applicability
    said: dict[str, set[str]] = {}
    for name, applicable in zip(frame["id"].tolist(), frame["applicable"].tolist(), strict=True):
        said.setdefault(name, set()).add(applicable)
    return frozenset(name for name, words in said.items() if "no" in words and "yes" not in words)


def _cited(project: Project, rejected: Collection[Pair]) -> list[tuple[str, str, str]]:
    """(source, cited id, framework) for every id that is cited, groups included and rejected mappings left out, in the order of ids."""
    sources = _sources_by_row(project)
    frame = project.citations
    columns = (frame[name].tolist() for name in ("table", "row", "role", "id", "framework"))
    cited = {
        (source, name, owner)
        for table, row, role, name, owner in zip(*columns, strict=True)
        if name and role in {"target", "requirement"}
        for source in sources.get((table, row), ())
    }
    frame = project.mappings
    columns = (frame[name].tolist() for name in ("source", "source_framework", "target", "target_framework"))
    for source, source_in, target, target_in in zip(*columns, strict=True):
        cited |= {(source, target, target_in), (target, source, source_in)}
    return sorted(
        entry for entry in cited if entry[0] != entry[1] and entry[:2] not in rejected and _turned(entry[:2]) not in rejected
    )


def _sources_by_row(project: Project) -> dict[tuple[int, int], set[str]]:
    """(table, row) → the controls and requirements that the row is about."""
    sources: dict[tuple[int, int], set[str]] = {}
    cited = project.citations
    for frame, name in ((project.controls, "control"), (project.mappings, "source"), (cited[cited["role"] == "source"], "id")):
        for table, row, source in zip(frame["table"].tolist(), frame["row"].tolist(), frame[name].tolist(), strict=True):
            if source:
                sources.setdefault((table, row), set()).add(source)
    return sources


def _below_groups(cited: Sequence[tuple[str, str, str]]) -> set[Pair]:
    """Who cites a group (CC6, A.8) has said so of all its requirements."""
    return {(source, below) for source, name, owner in cited if owner in {SOC2, ISO2022} for below in children(owner, name)}


def _ancestry(cited: Sequence[tuple[str, str, str]]) -> dict[Pair, _Ancestry]:
    """(source, 2022 control) → the 2013 id that the source cites; a control goes before a group."""
    old = [(bool(children(ISO2013, name)), name, source) for source, name, owner in cited if owner == ISO2013]
    found: dict[Pair, _Ancestry] = {}
    for group, name, source in sorted(old):
        for new in successors(name):
            found.setdefault((source, new), _Ancestry(name, group))
    return found


# --- the control nearest to a gap ----------------------------------------------------------------------------------


def nearest_controls(project: Project, requirements: Collection[str]) -> dict[str, tuple[str, str]]:
    """Requirement → ("AC-001 User access management", why): the control that comes nearest to it and does not list it yet.

    Controls that do not apply, and pairs that a person rejected, are not looked at. Requirements that no control comes near to, by the
    useful band, are left out.
    """
    controls, closed = _control_texts(project), _told(project).closed
    found: dict[str, tuple[str, str]] = {}
    for name in (SOC2, ISO2022):
        nearest = closest(controls, catalogue_texts(framework(name)), closed)
        found |= {
            target: (f"{control.id} {control.title}".strip(), reason)
            for target, (control, reason) in nearest.items()
            if target in requirements
        }
    return found
