"""Suggestions for a whole workbook: what its controls seem to serve and do not list, and which control is nearest to a gap."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace

import pandas as pd

from workbench.frameworks import children, framework, successors
from workbench.interpretation import Project
from workbench.matching.ranking import closest, rank
from workbench.matching.texts import Text, catalogue_texts
from workbench.matching.weights import weights
from workbench.model import ISO2013, ISO2022, SOC2, ControlStatus, Decision, Framework, MappingStatus, Suggestion
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
    told = _Told(project, among)
    sources = _control_texts(project) or _unmapped_requirements(project, catalogues)
    heirs = {source for source, _ in told.ancestry} - {text.id for text in sources}
    named = [text for catalogue in catalogues for text in catalogue_texts(catalogue) if text.id in heirs]
    rows: list[tuple[object, ...]] = []
    for catalogue in catalogues:
        own = {entry.id for entry in catalogue.requirements}
        asked = [text for text in sources if text.id not in own]
        titles = {entry.id: entry.title for entry in catalogue.requirements}
        names = {text.id: text.title for text in (*asked, *named)}
        for found in _for_catalogue(told, asked, [text for text in named if text.id not in own], catalogue, settings):
            title = names.get(found.source, "")
            fields = (found.source, title, found.target, catalogue.id, titles[found.target], found.rank, found.score)
            more = (
                found.confidence,
                found.band,
                found.reason,
                dict(found.signals),
                told.decisions.get((found.source, found.target), ""),
            )
            rows.append((*fields, *more))
    rows.sort(key=lambda row: natural(str(row[0])))
    return pd.DataFrame(rows, columns=list(COLUMNS))


def natural(written: str) -> tuple[tuple[int, int, str], ...]:
    """A sort key for ids: runs of digits as numbers, so that AC-2 stands before AC-10."""
    pieces = re.findall(r"\d+|\D+", written)
    return tuple((0, int(piece), "") if piece.isdecimal() else (1, 0, piece) for piece in pieces)


class _Told:
    """What the workbook says about pairs: stated mappings, decisions, exclusions, and the 2013 ids it cites."""

    def __init__(self, project: Project, among: Collection[str] | None) -> None:
        frame = project.mappings
        ends = list(zip(frame["source"].tolist(), frame["target"].tolist(), strict=True))
        accepted = [status == MappingStatus.ACCEPTED for status in frame["status"].tolist()]
        cited = _cited(project)
        self.stated: set[Pair] = {*ends, *((target, source) for source, target in ends), *_group_pairs(cited)}
        self.confirmed = {pair for pair, good in zip(ends, accepted, strict=True) if good}
        self.confirmed |= {(target, source) for source, target in self.confirmed}
        decided = project.decisions
        columns = (decided[name].tolist() for name in ("source", "target", "decision"))
        said = {(source, target): word for source, target, word in zip(*columns, strict=True)}
        self.rejected = {pair for pair, word in said.items() if word == Decision.REJECT}
        self.decisions = {pair: word for pair, word in said.items() if word in {Decision.ACCEPT, Decision.DEFER}}
        self.ancestry = _ancestry(cited)
        self._excluded = _excluded(project)
        self._among = among

    def allowed(self, target: str) -> bool:
        """Whether a requirement may be suggested at all."""
        return target not in self._excluded if self._among is None else target in self._among


def _for_catalogue(
    told: _Told, sources: Sequence[Text], named: Sequence[Text], catalogue: Framework, settings: Settings
) -> list[Suggestion]:
    """The suggestions for one catalogue, ranked per source; ``named``: requirements of which only 2013 ids are followed."""
    targets = catalogue_texts(catalogue)
    open_ids = {text.id for text in targets if told.allowed(text.id)}
    asked = {text.id for text in sources}
    closed = told.stated | told.rejected
    barred = {(source, text.id) for text in targets if text.id not in open_ids for source in asked}
    confirmed = {pair for pair in told.confirmed if pair[0] in asked and pair[1] in open_ids}
    followed = asked | {text.id for text in named}
    ancestry = {
        pair: old for pair, old in told.ancestry.items() if pair[0] in followed and pair[1] in open_ids and pair not in closed
    }
    decided = {pair for pair in told.decisions if pair[1] in open_ids and pair[0] in asked and pair not in closed}
    found = rank(
        sources, targets, settings, top=settings.suggestions, confirmed=confirmed, rejected=closed | barred, abstain=True
    )
    known = {(one.source, one.target): one for one in found}
    known |= _besides((ancestry.keys() | decided) - known.keys(), [*sources, *named], targets, settings, confirmed)
    known |= {pair: _inherited(known[pair], old) for pair, old in ancestry.items()}
    return list(_numbered(known.values(), settings.suggestions, ancestry.keys() | decided))


def _besides(
    wanted: Collection[Pair],
    sources: Sequence[Text],
    targets: Sequence[Text],
    settings: Settings,
    confirmed: Collection[Pair],
) -> dict[Pair, Suggestion]:
    """Pairs that are shown though others rank before them."""
    asked = {source for source, _ in wanted}
    some = [text for text in sources if text.id in asked]
    others = {(source, text.id) for source in asked for text in targets} - set(wanted)
    found = rank(some, targets, settings, top=len(targets), confirmed=confirmed, rejected=others, known=sources)
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
                yield replace(one, rank=number)


# --- what the workbook says ----------------------------------------------------------------------------------------


def _control_texts(project: Project) -> list[Text]:
    """One text per control that applies: name, description, and its policy as context; several rows of one id are one text."""
    frame = project.controls
    columns = (frame[name].tolist() for name in ("control", "status", "name", "description", "policy"))
    rows: dict[str, list[tuple[str, str, str]]] = {}
    for control, status, *texts in zip(*columns, strict=True):
        if status != ControlStatus.NOT_APPLICABLE:
            rows.setdefault(control, []).append((texts[0], texts[1], texts[2]))
    return [
        Text(control, _joined(row[0] for row in own), _joined(row[1] for row in own), extra=_joined(row[2] for row in own))
        for control, own in sorted(rows.items(), key=lambda item: natural(item[0]))
    ]


def _joined(texts: Iterable[str]) -> str:
    return ". ".join(sorted({text for text in texts if text}))


def _unmapped_requirements(project: Project, catalogues: Sequence[Framework]) -> list[Text]:
    """The requirements that the workbook names as sources and maps to nothing, where it has no controls."""
    if len(project.controls):
        return []
    frame = project.mappings
    mapped = {*frame["source"].tolist(), *frame["target"].tolist()}
    cited = project.citations
    named = {
        name
        for name, role in zip(cited["id"].tolist(), cited["role"].tolist(), strict=True)
        if role in {"source", "requirement"} and name not in mapped
    }
    return [text for catalogue in catalogues for text in catalogue_texts(catalogue) if text.id in named]


def _excluded(project: Project) -> frozenset[str]:
    """The Annex A controls that the workbook says do not apply, and of which no row says that they do."""
    frame = project.applicability
    said: dict[str, set[str]] = {}
    for name, applicable in zip(frame["id"].tolist(), frame["applicable"].tolist(), strict=True):
        said.setdefault(name, set()).add(applicable)
    return frozenset(name for name, words in said.items() if "no" in words and "yes" not in words)


def _cited(project: Project) -> list[tuple[str, str, str]]:
    """(source, cited id, framework) for every id that is cited as a target, groups included, in the order of ids."""
    sources: dict[tuple[int, int], set[str]] = {}
    for frame, name in ((project.controls, "control"), (project.mappings, "source")):
        for table, row, source in zip(frame["table"].tolist(), frame["row"].tolist(), frame[name].tolist(), strict=True):
            sources.setdefault((table, row), set()).add(source)
    cited = project.citations
    columns = (cited[name].tolist() for name in ("table", "row", "role", "id", "framework"))
    written = [entry for entry in zip(*columns, strict=True) if entry[3]]
    for table, row, role, name, _ in written:
        if role == "source":
            sources.setdefault((table, row), set()).add(name)
    return sorted(
        {
            (source, name, owner)
            for table, row, role, name, owner in written
            if role in {"target", "requirement"}
            for source in sources.get((table, row), ())
            if source != name
        }
    )


def _group_pairs(cited: Sequence[tuple[str, str, str]]) -> set[Pair]:
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
    controls, told = _control_texts(project), _Told(project, None)
    found: dict[str, tuple[str, str]] = {}
    for name in (SOC2, ISO2022):
        nearest = closest(controls, catalogue_texts(framework(name)), told.stated | told.rejected)
        found |= {
            target: (f"{control.id} {control.title}".strip(), reason)
            for target, (control, reason) in nearest.items()
            if target in requirements
        }
    return found
