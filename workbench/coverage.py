"""Coverage of requirements, overlap between frameworks, gaps and the rows of a Statement of Applicability. Pure.

Two requirements of different frameworks *share* a control when one control that counts serves both. All figures are
counts of requirements over a stated denominator; partial mappings never add up to a covered requirement.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Collection, Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache

import pandas as pd

from workbench.frameworks import framework, index
from workbench.interpretation import Project, frame_of, text_of
from workbench.model import (
    ISO2022,
    SOC2,
    ControlStatus,
    Coverage,
    Figure,
    MappingStatus,
    Relationship,
    Requirement,
)
from workbench.settings import CATEGORIES, Settings

COUNTING = frozenset({str(ControlStatus.IMPLEMENTED), str(ControlStatus.PARTIAL)})
"""Statuses of controls that cover something today."""
WHOLE = frozenset({str(Relationship.EQUAL), str(Relationship.SUPERSET), str(Relationship.UNSPECIFIED)})
"""Relationships of a control to a requirement that leave nothing of the requirement open."""
STATED_WHOLE = frozenset({str(Relationship.EQUAL), str(Relationship.SUPERSET)})
"""The same without bare ids: what the strict figures count."""

DIRECTIONS = {ISO2022: f"{SOC2}->{ISO2022}", SOC2: f"{ISO2022}->{SOC2}"}
"""Framework whose requirements are counted → direction of the figure."""
DENOMINATORS = {ISO2022: ("applicable", "93", "93 + clauses"), SOC2: ("in-scope", "33", "61")}
STRICTNESS = ("as mapped", "strict")
STATUSES = ("accepted", "with suggestions")
OTHER = {ISO2022: SOC2, SOC2: ISO2022}

Pair = tuple[str, str]


def requirements_of(framework_id: str) -> tuple[Requirement, ...]:
    """The assessable requirements of a built-in framework, in its own order."""
    return tuple(entry for entry in framework(framework_id).requirements if entry.assessable)


# --- what is in scope ----------------------------------------------------------------------------------------------


def categories_in_scope(project: Project, settings: Settings) -> tuple[str, ...]:
    """The SOC 2 categories in scope: as the settings say, else the Profile, else those that the workbook cites.

    Security is always among them.
    """
    stated = stated_categories(project, settings)
    said = _cited_categories(project) if stated is None else stated
    wanted = {category.casefold() for category in said} | {"security"}
    return tuple(category for category in CATEGORIES if category.casefold() in wanted)


def stated_categories(project: Project, settings: Settings) -> Collection[str] | None:
    """The categories that the settings or the Profile put in scope; None where neither says."""
    return settings.soc2_categories if settings.soc2_categories is not None else _profile_categories(project) or None


def _profile_categories(project: Project) -> list[str]:
    written = text_of(project.profile.get("SOC 2 categories in scope", (None, "", ""))[0])
    names = {category.casefold(): category for category in CATEGORIES}
    names |= {
        "common criteria": "Security",
        "a": "Availability",
        "c": "Confidentiality",
        "pi": "Processing Integrity",
        "p": "Privacy",
    }
    pieces = [piece.strip().casefold() for piece in re.split(r"[,;/|&\n]|\band\b", written)]
    return [names[piece] for piece in pieces if piece in names]


def _cited_categories(project: Project) -> set[str]:
    known = index(SOC2)
    cited: set[str] = set()
    for end in ("source", "target"):
        frame = project.mappings
        of = zip(frame[end].tolist(), frame[f"{end}_framework"].tolist(), frame["status"].tolist(), strict=True)
        cited |= {name for name, owner, status in of if owner == SOC2 and status == MappingStatus.ACCEPTED}
    judged = project.assessments
    cited |= {name for name, owner in zip(judged["id"].tolist(), judged["framework"].tolist(), strict=True) if owner == SOC2}
    return {known[name].attributes["category"] for name in cited if name in known}


def excluded(project: Project) -> frozenset[str]:
    """The 2022 Annex A controls that the workbook excludes; where two rows disagree, the control stays applicable."""
    frame = project.applicability
    said: dict[str, set[str]] = {}
    for name, applicable in zip(frame["id"].tolist(), frame["applicable"].tolist(), strict=True):
        said.setdefault(name, set()).add(applicable)
    return frozenset(name for name, words in said.items() if name in index(ISO2022) and "no" in words and "yes" not in words)


def applicable(project: Project, settings: Settings) -> frozenset[str]:
    """The requirements of both frameworks that count: criteria in scope, controls not excluded, and the clauses."""
    scope = categories_in_scope(project, settings)
    out = excluded(project)
    criteria = {entry.id for entry in requirements_of(SOC2) if entry.attributes["category"] in scope}
    return frozenset(criteria | {entry.id for entry in requirements_of(ISO2022) if entry.id not in out})


# --- mappings that count -------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class _Links:
    """Mappings in force: control → {requirement: relationship}, and (SOC 2, ISO 2022) pair → relationship, SOC 2's view."""

    served: Mapping[str, Mapping[str, str]]
    crosswalk: Mapping[Pair, str]


def _links(project: Project, *, proposed: bool = False, suggestions: pd.DataFrame | None = None) -> _Links:
    """Accepted mappings; with ``proposed`` also the proposed ones, and the open suggestions as unspecified."""
    wanted = {str(MappingStatus.ACCEPTED)} | ({str(MappingStatus.PROPOSED)} if proposed else set())
    stated: dict[Pair, list[str]] = {}
    frame = project.mappings
    columns = ("source", "source_framework", "target", "target_framework", "relationship", "status")
    for source, source_in, target, target_in, relationship, status in zip(
        *(frame[name].tolist() for name in columns), strict=True
    ):
        if status in wanted:
            _state(stated, (source, source_in), (target, target_in), relationship)
    if suggestions is not None:
        for source, target in zip(suggestions["source"].tolist(), suggestions["target"].tolist(), strict=True):
            ends = (source, _framework_of(source)), (target, _framework_of(target))
            _state(stated, *ends, str(Relationship.UNSPECIFIED))
    return _sorted_out(stated)


@lru_cache(maxsize=1)
def _accepted(project: Project) -> _Links:
    """The accepted mappings, which every figure of a project starts from."""
    return _links(project)


def _framework_of(name: str) -> str:
    return SOC2 if name in index(SOC2) else ISO2022 if name in index(ISO2022) else ""


def _state(stated: dict[Pair, list[str]], source: Pair, target: Pair, relationship: str) -> None:
    """Notes one statement; between requirements always from SOC 2's side, so that both directions of a crosswalk meet."""
    if source[1] == ISO2022 and target[1] == SOC2:
        source, target = target, source
        relationship = str(Relationship(relationship).inverse)
    stated.setdefault((source[0] if source[1] else f"\0{source[0]}", target[0]), []).append(relationship)


def _sorted_out(stated: Mapping[Pair, list[str]]) -> _Links:
    served: dict[str, dict[str, str]] = {}
    crosswalk: dict[Pair, str] = {}
    for (source, target), relationships in stated.items():
        best = relationships[0] if len(relationships) == 1 else strongest(relationships)
        if best == Relationship.NONE:
            continue
        if source.startswith("\0"):
            served.setdefault(source[1:], {})[target] = best
        elif source in index(SOC2) and target in index(ISO2022):
            crosswalk[(source, target)] = best
    return _Links(served, crosswalk)


def strongest(relationships: Iterable[str]) -> str:
    """What several statements about one pair amount to.

    A stated relationship goes before a bare id (it says more); among stated ones the most covering holds, so that no
    order of rows matters. What covers another and is covered by it, as rows in both directions of a crosswalk may say, equals it.
    """
    order = (Relationship.EQUAL, Relationship.SUPERSET, Relationship.SUBSET, Relationship.INTERSECTS, Relationship.UNSPECIFIED)
    said = set(relationships)
    if {Relationship.SUPERSET, Relationship.SUBSET} <= said:
        return str(Relationship.EQUAL)
    return str(next((word for word in order if word in said), Relationship.NONE))


@lru_cache(maxsize=1)
def _counting(project: Project) -> dict[str, str]:
    """Control → the status that figures use; of several rows with one id the furthest."""
    order = [str(ControlStatus.IMPLEMENTED), str(ControlStatus.PARTIAL), str(ControlStatus.PLANNED)]
    best: dict[str, str] = {}
    for name, status in zip(project.controls["control"].tolist(), project.controls["counts_as"].tolist(), strict=True):
        held = best.get(name, "")
        ranks = [order.index(word) if word in order else len(order) for word in (held, status)]
        best[name] = held if held and ranks[0] <= ranks[1] else status
    return best


# --- coverage of one framework --------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class _View:
    """Everything that the coverage of one framework is computed from."""

    links: _Links
    counting: Mapping[str, str]
    applicable: frozenset[str]
    evidence: Mapping[str, str]
    assessed: Mapping[str, tuple[str, str]]
    serving: Mapping[str, Mapping[str, str]]
    implied: Mapping[str, Mapping[str, str]]


def _view(project: Project, settings: Settings, framework_id: str) -> _View:
    links = _accepted(project)
    serving: dict[str, dict[str, str]] = {}
    for control, requirements in links.served.items():
        for requirement, relationship in requirements.items():
            serving.setdefault(requirement, {})[control] = relationship
    return _View(
        links=links,
        counting=_counting(project),
        applicable=applicable(project, settings),
        evidence=_told_by_controls(project)["evidence"],
        assessed=_assessed(project, framework_id),
        serving=serving,
        implied=_implied(links.crosswalk, framework_id),
    )


def _assessed(project: Project, framework_id: str) -> dict[str, tuple[str, str]]:
    """Requirement → (status, evidence) as an assessment sheet judges it; of several rows the furthest status."""
    order = [str(status) for status in ControlStatus]
    found: dict[str, tuple[str, str]] = {}
    frame = project.assessments
    columns = ("id", "framework", "status", "evidence")
    for name, owner, status, evidence in zip(*(frame[column].tolist() for column in columns), strict=True):
        held = found.get(name)
        if owner == framework_id and status and (held is None or order.index(status) < order.index(held[0])):
            found[name] = (status, evidence)
    return found


def _implied(crosswalk: Mapping[Pair, str], framework_id: str) -> dict[str, dict[str, str]]:
    """Requirement of the framework → {requirement of the other that implies it: relationship from the other's side}."""
    found: dict[str, dict[str, str]] = {}
    for (criterion, control), relationship in crosswalk.items():
        if framework_id == ISO2022:
            found.setdefault(control, {})[criterion] = relationship
        else:
            found.setdefault(criterion, {})[control] = str(Relationship(relationship).inverse)
    return found


def coverage(project: Project, framework_id: str, settings: Settings) -> pd.DataFrame:
    """How far each assessable requirement of ``soc2-2017`` or ``iso27001-2022`` is served.

    One row per requirement in the framework's order, RangeIndex. Columns: id, title, group, kind, level (a Coverage value),
    applicable (bool: False = excluded by the SoA, or a criterion out of scope), basis (controls, crosswalk, assessment, or ""),
    controls (tuple of control names as in ``Project.controls['control']`` that count), planned (tuple of those that do not
    count yet), crosswalk (tuple of requirements of the other framework that imply it), evidence (tuple),
    shared (tuple of in-scope requirements of the other framework that the same controls serve), missing (words, "" when covered).
    """
    view = _view(project, settings, framework_id)
    position = {name: place for place, name in enumerate(index(OTHER[framework_id]))}
    rows = [_coverage_row(view, entry, position) for entry in requirements_of(framework_id)]
    return frame_of({name: [row[name] for row in rows] for name in rows[0]}).astype({"applicable": bool})


def _coverage_row(view: _View, entry: Requirement, position: Mapping[str, int]) -> dict[str, object]:
    serving = view.serving.get(entry.id, {})
    counted = sorted(name for name in serving if view.counting.get(name) in COUNTING)
    planned = sorted(name for name in serving if name in view.counting and name not in counted)
    implied = {name: word for name, word in view.implied.get(entry.id, {}).items() if name in view.applicable}
    shared = {other for name in counted for other in view.links.served[name] if other in position and other in view.applicable}
    basis = _basis(view, entry.id, implied)
    level = _level(view, entry.id, basis, serving, implied)
    return {
        "id": entry.id,
        "title": entry.title,
        "group": entry.group,
        "kind": entry.kind,
        "level": str(level),
        "applicable": entry.id in view.applicable,
        "basis": basis,
        "controls": tuple(counted),
        "planned": tuple(planned),
        "crosswalk": tuple(sorted(implied, key=position.__getitem__)),
        "evidence": _evidence(view, counted, entry.id),
        "shared": tuple(sorted(shared, key=position.__getitem__)),
        "missing": _missing(view, entry.id, level, basis, counted, planned, implied),
    }


def _basis(view: _View, name: str, implied: Mapping[str, str]) -> str:
    if view.counting:
        return "controls"
    if name in view.assessed:
        return "assessment"
    return "crosswalk" if implied else ""


def _level(view: _View, name: str, basis: str, serving: Mapping[str, str], implied: Mapping[str, str]) -> Coverage:
    """The level by the basis: the best that any one control, judgement or implying requirement gives."""
    if name not in view.applicable:
        return Coverage.NOT_APPLICABLE
    if basis == "controls":
        levels = [_control_level(view.counting.get(control, ""), relationship) for control, relationship in serving.items()]
    elif basis == "assessment":
        levels = [_control_level(view.assessed[name][0], Relationship.UNSPECIFIED)]
    else:
        levels = [_control_level(ControlStatus.IMPLEMENTED, relationship) for relationship in implied.values()]
    order = list(Coverage)
    return min(levels, key=order.index, default=Coverage.NONE)


def _control_level(status: str, relationship: str) -> Coverage:
    if status == ControlStatus.IMPLEMENTED:
        return Coverage.COVERED if relationship in WHOLE else Coverage.PARTIAL
    if status == ControlStatus.PARTIAL:
        return Coverage.PARTIAL
    return Coverage.PLANNED if status == ControlStatus.PLANNED else Coverage.NONE


def _evidence(view: _View, controls: Sequence[str], name: str) -> tuple[str, ...]:
    written = [view.evidence.get(control, "") for control in controls] + [view.assessed.get(name, ("", ""))[1]]
    return tuple(dict.fromkeys(text for text in written if text))


def _missing(
    view: _View,
    name: str,
    level: Coverage,
    basis: str,
    counted: Sequence[str],
    planned: Sequence[str],
    implied: Mapping[str, str],
) -> str:
    """What keeps the requirement from being covered, in words."""
    if level in {Coverage.COVERED, Coverage.NOT_APPLICABLE}:
        return ""
    if basis == "assessment":
        return f"The assessment says: {view.assessed[name][0].lower()}."
    if level is Coverage.PARTIAL:
        return _why_partial(view, name, counted, implied)
    if planned:
        words = "; ".join(f"{control} is {view.counting[control].lower() or 'of unknown status'}" for control in planned)
        return f"No control that serves it is in place: {words}."
    return "No control is mapped to it." if basis == "controls" else "Nothing in the crosswalk reaches it."


def _why_partial(view: _View, name: str, counted: Sequence[str], implied: Mapping[str, str]) -> str:
    reasons = [
        f"{control} is only partially implemented" for control in counted if view.counting[control] == ControlStatus.PARTIAL
    ]
    stated = view.serving.get(name, {})
    reasons += [f"{control} {_verb(stated[control])} it" for control in counted if stated[control] not in WHOLE]
    reasons += [f"{other} {_verb(word)} it" for other, word in implied.items() if not counted and word not in WHOLE]
    return f"Only in part: {'; '.join(reasons)}."


def _verb(relationship: str) -> str:
    return "covers a part of" if relationship == Relationship.SUBSET else "intersects with"


# --- overlap -------------------------------------------------------------------------------------------------------


def bases(project: Project) -> tuple[str, ...]:
    """The bases that the workbook gives, the one of the headline first: controls where it has any, else crosswalk."""
    pairs = zip(project.mappings["source_framework"].tolist(), project.mappings["target_framework"].tolist(), strict=True)
    crosswalk = any({SOC2, ISO2022} == set(pair) for pair in pairs)
    controls = len(project.controls) > 0 or not crosswalk
    return tuple(name for name, there in (("controls", controls), ("crosswalk", crosswalk)) if there)


def overlap_flags(project: Project, settings: Settings, suggestions: pd.DataFrame | None = None) -> pd.DataFrame:
    """Which requirements each overlap figure counts, so that a sheet can recount them.

    One row per assessable requirement, SOC 2 first, RangeIndex. Columns: id, framework, title, group (SOC 2 category; Annex A theme or
    clause heading), kind, applicable (bool), common (bool: a SOC 2 common criterion), one bool column per
    ``basis|strictness|status`` (for the bases of ``bases``), and shared (tuple of the other framework's in-scope requirements that it
    shares a control with or, on the crosswalk basis alone, is mapped to; as mapped, accepted).
    """
    counts = applicable(project, settings)
    flags: dict[str, frozenset[str]] = {}
    for status in STATUSES:
        more = status == STATUSES[1]
        links = _links(project, proposed=True, suggestions=suggestions) if more else _accepted(project)
        for basis in bases(project):
            for strictness in STRICTNESS:
                pairs = _pairs(links, basis, strictness, counts, _counting(project))
                flags[f"{basis}|{strictness}|{status}"] = pairs
                if (basis, strictness, status) == (bases(project)[0], STRICTNESS[0], STATUSES[0]):
                    partners = _partners(links, basis, counts, _counting(project))
    rows = [_flag_row(entry, counts, flags, partners) for name in (SOC2, ISO2022) for entry in requirements_of(name)]
    return pd.DataFrame(rows)


def _flag_row(
    entry: Requirement,
    counts: frozenset[str],
    flags: Mapping[str, frozenset[str]],
    partners: Mapping[str, set[str]],
) -> dict[str, object]:
    other = list(index(OTHER[entry.framework]))
    return {
        "id": entry.id,
        "framework": entry.framework,
        "title": entry.title,
        "group": entry.attributes.get("category", entry.group),
        "kind": entry.kind,
        "applicable": entry.id in counts,
        "common": entry.attributes.get("category") == "Security",
        **{name: entry.id in members for name, members in flags.items()},
        "shared": tuple(sorted(partners.get(entry.id, ()), key=other.index)),
    }


def _pairs(links: _Links, basis: str, strictness: str, counts: frozenset[str], counting: Mapping[str, str]) -> frozenset[str]:
    """The applicable requirements of both frameworks that share a control, or are mapped, with an applicable one of the other."""
    words = STATED_WHOLE if strictness == "strict" else frozenset(Relationship) - {Relationship.NONE}
    if basis == "crosswalk":
        inside = {pair: word for pair, word in links.crosswalk.items() if counts.issuperset(pair)}
        iso = {control for (_, control), word in inside.items() if word in words}
        return frozenset(iso | {criterion for (criterion, _), word in inside.items() if Relationship(word).inverse in words})
    found: set[str] = set()
    for control, served in links.served.items():
        if counting.get(control) in COUNTING:
            found |= _both_sides({name for name, word in served.items() if word in words} & counts)
    return frozenset(found)


def _both_sides(names: Collection[str]) -> set[str]:
    """The requirements that one control serves, if they are of both frameworks; else none."""
    criteria = {name for name in names if name in index(SOC2)}
    iso = {name for name in names if name in index(ISO2022)}
    return criteria | iso if criteria and iso else set()


def _partners(links: _Links, basis: str, counts: frozenset[str], counting: Mapping[str, str]) -> dict[str, set[str]]:
    pairs = list(links.crosswalk)
    if basis == "controls":
        pairs = [
            (criterion, control)
            for name, served in links.served.items()
            if counting.get(name) in COUNTING
            for criterion in served
            if criterion in index(SOC2)
            for control in served
            if control in index(ISO2022)
        ]
    found: dict[str, set[str]] = {}
    for criterion, control in pairs:
        if control in counts:
            found.setdefault(criterion, set()).add(control)
        if criterion in counts:
            found.setdefault(control, set()).add(criterion)
    return found


def counted(flags: pd.DataFrame, framework_id: str, denominator: str) -> pd.Series[bool]:
    """Which rows of ``overlap_flags`` a denominator counts; a figure's numerator never leaves it."""
    of = flags["framework"] == framework_id
    annex = of & (flags["kind"] == "control")
    return {
        "applicable": annex & flags["applicable"],
        "93": annex,
        "93 + clauses": of,
        "in-scope": of & flags["applicable"],
        "33": of & flags["common"],
        "61": of,
    }[denominator]


def figures_of(flags: pd.DataFrame) -> list[Figure]:
    """The overlap table counted from the flags, headline first."""
    names = [name for name in flags.columns if "|" in name]
    listed = list(dict.fromkeys(name.split("|")[0] for name in names))
    columns = {name: flags[name].to_numpy(dtype=bool) for name in names}
    figures: list[Figure] = []
    for basis in listed:
        for framework_id in (ISO2022, SOC2):
            for denominator in DENOMINATORS[framework_id]:
                rows = counted(flags, framework_id, denominator).to_numpy(dtype=bool)
                for strictness in STRICTNESS:
                    for status in STATUSES:
                        numerator = int((columns[f"{basis}|{strictness}|{status}"] & rows).sum())
                        labels = (DIRECTIONS[framework_id], basis, denominator, strictness, status)
                        figures.append(Figure(*labels, numerator=numerator, total=int(rows.sum())))
    return figures


def overlap(project: Project, settings: Settings, suggestions: pd.DataFrame | None = None) -> list[Figure]:
    """The whole overlap table, headline first: direction × basis × denominator × strictness × status.

    ``suggestions`` (columns source, target) are the open ones; they count in status "with suggestions" only.
    """
    return figures_of(overlap_flags(project, settings, suggestions))


# --- gaps ----------------------------------------------------------------------------------------------------------

_URGENCY = {Coverage.NONE: 1, Coverage.PLANNED: 2, Coverage.PARTIAL: 3}


def gaps(views: Mapping[str, pd.DataFrame], nearest: Mapping[str, tuple[str, str]]) -> pd.DataFrame:
    """Every applicable requirement of both frameworks that is not covered, most urgent first, then in framework order.

    ``views`` are frames of ``coverage`` by framework id; ``nearest`` requirement → (control to extend, reason). Columns of ``coverage`` plus
    framework, priority (1 nothing in place, 2 planned, 3 in place in part), nearest, nearest_reason, action (words).
    """
    rows: list[dict[str, object]] = []
    for framework_id in (ISO2022, SOC2):
        for row in views[framework_id].to_dict("records"):
            level = Coverage(row["level"])
            if level in _URGENCY:
                control, reason = nearest.get(row["id"], ("", ""))
                more = {"framework": framework_id, "priority": _URGENCY[level], "nearest": control, "nearest_reason": reason}
                rows.append({**{str(key): value for key, value in row.items()}, **more, "action": _action(row, control)})
    rows.sort(key=lambda row: int(str(row["priority"])))
    return pd.DataFrame(rows, columns=[*views[ISO2022].columns, "framework", "priority", "nearest", "nearest_reason", "action"])


def _action(row: Mapping[Hashable, object], nearest: str) -> str:
    """What to do about a gap, in words."""
    level, planned, name = row["level"], row["planned"], row["id"]
    if level == Coverage.PARTIAL:
        return f"Close the open part: {str(row['missing']).removeprefix('Only in part: ')}"
    if planned:
        return f"Finish {', '.join(planned if isinstance(planned, tuple) else ())}, then map it to {name}."
    if row["basis"] == "assessment":
        return "Put in place what the assessment found missing."
    return f"See whether {nearest} can be extended to {name}, else add a control." if nearest else f"Add a control for {name}."


# --- Statement of Applicability --------------------------------------------------------------------------------------

_PROPOSED_STATUS = {
    Coverage.COVERED: ControlStatus.IMPLEMENTED,
    Coverage.PARTIAL: ControlStatus.PARTIAL,
    Coverage.PLANNED: ControlStatus.PLANNED,
    Coverage.NONE: ControlStatus.NOT_IMPLEMENTED,
}
_APPLICABLE = {"yes": "Yes", "no": "No"}


def soa_entries(project: Project, view: pd.DataFrame) -> pd.DataFrame:
    """The Statement of Applicability: 93 rows in Annex A order, then controls from elsewhere in the order written.

    ``view`` is the ``coverage`` frame of ISO/IEC 27001:2022. Columns: id, title, theme, applicable (Yes, No, ""), reasons, inclusion,
    inclusion_proposal, exclusion, exclusion_proposal, status, status_proposal, how, controls, soc2, policy, evidence, risk,
    owner, review_date (date or None), decided (bool), source ("sheet!row" or ""). A proposal is what the program
    derived and nobody has said; the field beside it is then "".
    """
    written = _written_entries(project)
    annex = [row for row in view.to_dict("records") if row["kind"] == "control"]
    told = _told_by_controls(project)
    nothing = dict.fromkeys(project.applicability.columns, "")
    rows = [_soa_row(row, written.get(str(row["id"])), nothing, told) for row in annex]
    rows += [_foreign_row(entry) for entry in project.applicability.to_dict("records") if not entry["id"]]
    return frame_of({name: [row[name] for row in rows] for name in rows[0]}).astype({"decided": bool})


def _written_entries(project: Project) -> dict[str, dict[str, object]]:
    """Annex A id → what the team wrote; of several rows the first that decides. 2013 rows decide nothing of 2022."""
    found: dict[str, dict[str, object]] = {}
    for entry in project.applicability.to_dict("records"):
        name = str(entry["id"])
        held = found.get(name)
        if name in index(ISO2022) and (held is None or (not held["applicable"] and entry["applicable"])):
            found[name] = {str(key): value for key, value in entry.items()}
    return found


def _soa_row(
    row: Mapping[Hashable, object],
    written: Mapping[str, object] | None,
    nothing: Mapping[str, object],
    told: Mapping[str, Mapping[str, str]],
) -> dict[str, object]:
    said = written or nothing
    decision = _APPLICABLE.get(str(said["applicable"]), "")
    controls = row["controls"] if isinstance(row["controls"], tuple) else ()
    shared = row["shared"] if isinstance(row["shared"], tuple) else ()
    return {
        "id": row["id"],
        "title": row["title"],
        "theme": row["group"],
        "applicable": decision,
        "reasons": ", ".join(said["reasons"]) if isinstance(said["reasons"], tuple) else "",
        "inclusion": said["inclusion"] if decision != "No" else "",
        "inclusion_proposal": "" if said["inclusion"] or decision == "No" else _inclusion(controls, shared),
        "exclusion": _exclusion(said, decision),
        "exclusion_proposal": "",
        "status": said["status"],
        "status_proposal": "" if said["status"] or decision == "No" else _PROPOSED_STATUS.get(Coverage(str(row["level"])), ""),
        "how": said["how"],
        "controls": said["controls"] or ", ".join(controls),
        "soc2": ", ".join(shared),
        "policy": said["policy"] or _joined(told["policy"], controls),
        "evidence": said["evidence"] or _joined(told["evidence"], controls),
        "risk": said["risk"],
        "owner": said["owner"] or _joined(told["owner"], controls),
        "review_date": said["review_date"] if isinstance(said["review_date"], (dt.date, dt.datetime)) else None,
        "decided": bool(decision),
        "source": f"{written['sheet']}!{written['row']}" if written else "",
    }


def _exclusion(said: Mapping[str, object], decision: str) -> object:
    """The exclusion's justification; a sheet with one justification column serves both decisions."""
    return said["exclusion"] or (said["inclusion"] if decision == "No" else "")


def _inclusion(controls: Sequence[str], shared: Sequence[str]) -> str:
    if not controls:
        return ""
    verbs = ("are", "serve") if len(controls) > 1 else ("is", "serves")
    also = f" and already {verbs[1]} SOC 2 {', '.join(shared)}" if shared else ""
    return f"{', '.join(controls)} {verbs[0]} in place{also}."


def _told_by_controls(project: Project) -> dict[str, dict[str, str]]:
    """Column → control → its policy, evidence and owner; of several rows the first by its text, so that no order matters."""
    frame = project.controls
    told: dict[str, dict[str, str]] = {}
    for column in ("policy", "evidence", "owner"):
        pairs = zip(frame["control"].tolist(), frame[column].tolist(), strict=True)
        told[column] = {name: text for name, text in sorted(pairs, reverse=True) if text}
    return told


def _joined(told: Mapping[str, str], controls: Sequence[str]) -> str:
    """Distinct entries of some controls, in control order."""
    return "; ".join(dict.fromkeys(told[name] for name in controls if name in told))


def _foreign_row(entry: Mapping[object, object]) -> dict[str, object]:
    """A control from elsewhere than Annex A, as written."""
    said = {str(key): value for key, value in entry.items()}
    decision = _APPLICABLE.get(str(said["applicable"]), "")
    same = ("inclusion", "exclusion", "status", "how", "controls", "policy", "evidence", "risk", "owner")
    return {
        **{name: said[name] for name in same},
        "id": said["id_written"],
        "title": said["title"],
        "theme": "Controls from elsewhere",
        "applicable": decision,
        "reasons": ", ".join(said["reasons"]) if isinstance(said["reasons"], tuple) else "",
        "inclusion_proposal": "",
        "exclusion_proposal": "",
        "status_proposal": "",
        "soc2": "",
        "review_date": said["review_date"] if isinstance(said["review_date"], (dt.date, dt.datetime)) else None,
        "decided": bool(decision),
        "source": f"{said['sheet']}!{said['row']}",
    }
