"""What follows from decisions: several about one pair put together, and held against what the workbook says already. Pure."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum

from workbench.decisions.reviews import CONTRADICTION, STILL_LISTED, Decided, Fault, Line, Pair
from workbench.interpretation import Project, text_of
from workbench.model import Decision, MappingStatus, Relationship


class Step(StrEnum):
    """What follows from a decision."""

    ACCEPT = "accept"
    REJECT = "reject"
    DEFER = "defer"
    KNOWN = "known"
    """The workbook says so already."""


@dataclass(frozen=True, slots=True)
class Verdict:
    """What follows for one pair, and all rows that say so (``decided`` is what they say together)."""

    step: Step
    decided: Decided
    lines: tuple[Line, ...]


@dataclass(frozen=True, slots=True)
class Stated:
    """What the workbook itself says of a pair, in one place. ``relationship`` is from the source's side."""

    status: str
    relationship: str
    rationale: str
    via: str
    table: int
    row: int
    cell: str
    """With its sheet: Mapping!B7."""
    turned: bool = False

    @property
    def holds(self) -> bool:
        """Whether it is a mapping in force."""
        return self.status == MappingStatus.ACCEPTED and self.relationship != Relationship.NONE

    @property
    def denied(self) -> bool:
        """Whether it says that there is no mapping."""
        return self.status == MappingStatus.REJECTED or (self.status == MappingStatus.ACCEPTED and not self.holds)


def stated(project: Project) -> dict[Pair, list[Stated]]:
    """Pair → what the workbook says of it, read from either end where both are requirements."""
    frame = project.mappings
    names = (
        "source", "source_framework", "target", "status", "relationship", "rationale", "via", "table", "row", "sheet", "cell",
    )  # fmt: skip
    found: dict[Pair, list[Stated]] = {}
    for values in zip(*(frame[name].tolist() for name in names), strict=True):
        source, source_in, target, status, relationship, rationale, via, table, row, sheet, cell = values
        found.setdefault((source, target), []).append(Stated(status, relationship, rationale, via, table, row, f"{sheet}!{cell}"))
        if source_in:
            inverse = str(Relationship(relationship).inverse)
            found.setdefault((target, source), []).append(
                Stated(status, inverse, rationale, via, table, row, f"{sheet}!{cell}", turned=True)
            )
    return found


# --- what follows -----------------------------------------------------------------------------------------------------------


def judge(project: Project, every: Sequence[Decided]) -> tuple[list[Verdict], list[Fault]]:
    """What follows for each pair, in the order in which they are decided, and which decisions contradict each other or the workbook.

    Of several rows about one pair a deferral yields to a decision; what only one of them gives (a relationship, a rationale) holds.
    """
    by_pair: dict[Pair, list[Decided]] = {}
    for one in every:
        by_pair.setdefault(one.pair, []).append(one)
    said = stated(project)
    faults = [fault for same in by_pair.values() for fault in (*_at_odds(same), *_against(same, said.get(same[0].pair, ())))]
    refused = {(fault.workbook, fault.sheet, row_of(fault.cell)) for fault in faults}
    verdicts = []
    for pair, same in by_pair.items():
        followed = [one for one in same if one.line not in refused]
        firm = [one for one in followed if one.decision != Decision.DEFER] or followed
        if firm:
            together = _together(firm)
            verdicts.append(
                Verdict(_step(together, said.get(pair, ())), together, tuple(dict.fromkeys(one.line for one in followed)))
            )
    return verdicts, faults


def row_of(cell: str) -> int:
    """The row of an A1 reference."""
    return int(cell.lstrip("ABCDEFGHIJKLMNOPQRSTUVWXYZ"))


def _at_odds(same: Sequence[Decided]) -> Iterable[Fault]:
    """Rows that say different things of one pair; each is told of another."""
    firm = [one for one in same if one.decision != Decision.DEFER]
    for one in firm:
        other = next((other for other in firm if other.decision != one.decision), None)
        if other is not None:
            yield _fault(one, f"{_named(one)} is {_past(one)} here and {_past(other)} in {_who(other)}")
            continue
        other = next(
            (other for other in firm if other.relationship and one.relationship and other.relationship != one.relationship), None
        )
        if other is not None:
            yield _fault(one, f"{_named(one)} is '{one.relationship}' here and '{other.relationship}' in {_who(other)}")


def _against(same: Sequence[Decided], said: Sequence[Stated]) -> Iterable[Fault]:
    """Rows that say the opposite of what the workbook says."""
    accepted = next((entry for entry in said if entry.holds), None)
    denied = next((entry for entry in said if entry.denied), None)
    for one in same:
        if one.decision == Decision.REJECT and accepted:
            yield _fault(one, f"{_named(one)} is rejected, but {accepted.cell} says that it is a mapping", STILL_LISTED)
        if one.decision == Decision.ACCEPT and denied and not accepted:
            how = "was rejected" if denied.status == MappingStatus.REJECTED else "has no relationship"
            yield _fault(one, f"{_named(one)} is accepted, but {denied.cell} says that it {how}")
        if one.decision == Decision.ACCEPT and accepted:
            other = next((entry for entry in said if entry.holds and _differs(one.relationship, entry)), None)
            if other:
                yield _fault(one, f"{_named(one)} is '{one.relationship}' here and '{other.relationship}' in {other.cell}")


def _differs(relationship: str, entry: Stated) -> bool:
    return bool(relationship) and entry.relationship not in {relationship, Relationship.UNSPECIFIED}


def _fault(one: Decided, message: str, rule: str = CONTRADICTION) -> Fault:
    return Fault(rule, one.workbook, one.sheet, one.cell, message)


def _named(one: Decided) -> str:
    return f"{one.source} → {one.target}"


def _past(one: Decided) -> str:
    return "accepted" if one.decision == Decision.ACCEPT else "rejected"


def _who(one: Decided) -> str:
    return f"{one.where} ({one.reviewer})" if one.reviewer else one.where


def _together(same: Sequence[Decided]) -> Decided:
    """What several rows say of one pair: everybody's reasons and names, the one relationship, the last day."""
    first = same[0]
    dates = sorted((text_of(one.date), number) for number, one in enumerate(same) if one.date is not None)
    return replace(
        first,
        relationship=next((one.relationship for one in same if one.relationship), ""),
        rationale="; ".join(dict.fromkeys(one.rationale for one in same if one.rationale)),
        reviewer=", ".join(dict.fromkeys(one.reviewer for one in same if one.reviewer)),
        date=same[dates[-1][1]].date if dates else None,
        proposed=any(one.proposed for one in same),
    )


def _step(one: Decided, said: Sequence[Stated]) -> Step:
    if one.decision == Decision.DEFER:
        return Step.DEFER
    if one.decision == Decision.REJECT:
        return Step.KNOWN if any(entry.denied for entry in said) else Step.REJECT
    accepted = [entry for entry in said if entry.holds]
    related = not one.relationship or any(entry.relationship == one.relationship for entry in accepted)
    explained = not one.rationale or any(entry.rationale for entry in accepted)
    return Step.KNOWN if accepted and related and explained else Step.ACCEPT


def dated(one: Decided, by: str, as_of: dt.date) -> Decided:
    """The decision with who and when, where the row does not say."""
    return replace(one, reviewer=one.reviewer or by, date=as_of if one.date is None else one.date)
