"""Rules about mappings: duplicates, contradictions, unknown words, ends that do not exist, decisions that disagree."""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator

from workbench.frameworks import index, predecessors, successors
from workbench.model import ISO2013, ISO2022, SOC2, Decision, Layout, MappingStatus, Relationship, Severity
from workbench.rules.context import (
    WORDS_ALIKE,
    Cited,
    Context,
    Mapped,
    blank,
    did_you_mean,
    folded,
    grouped,
    listed,
    nearest,
    shortened,
)
from workbench.rules.rule import Hit, rule
from workbench.rules.titles import disagreement, foreign
from workbench.words import WORDS

SET_WORDS = ("equal", "equiv", "subset", "superset", "intersect", "⊂", "⊆", "⊃", "⊇", "=", "∩")
"""What the words of set theory contain. Only they say the same in both directions; "Full" and "Partial" grade one direction."""


def _hit(mapped: Mapped, message: str, fix: str = "", topic: str = "") -> Hit:
    return Hit(mapped.sheet, mapped.cell, message, fix, topic)


def _at(context: Context, mapped: Mapped, field: str, message: str, topic: str = "") -> Hit:
    """A hit at the mapping's own cell in a grid, at its row's ``field`` in a list."""
    cell = mapped.cell if mapped.via == "grid" else context.cell(mapped.table, mapped.row, field)
    return Hit(mapped.sheet, cell, message, topic=topic)


def _place(mapped: Mapped) -> str:
    return f"{mapped.sheet}!{mapped.cell}"


def _ends(mapped: Mapped) -> tuple[str, str, str, str]:
    return mapped.source, mapped.source_framework, mapped.target, mapped.target_framework


def _listed(context: Context) -> list[Mapped]:
    """The mappings of pair lists and grids that nobody rejected, without those that were rolled up from points of focus."""
    rolled = {(cited.table, cited.row) for cited in context.remarked.get("point of focus", ())}
    headed = {(cited.table, cited.column) for cited in context.remarked.get("point of focus", ()) if cited.role == "heading"}
    return [
        mapped
        for mapped in context.mappings
        if mapped.via in {"pair", "grid"}
        and mapped.status != MappingStatus.REJECTED
        and (mapped.table, mapped.row) not in rolled
        and (mapped.via == "pair" or (mapped.table, f"cell:{mapped.cell.rstrip('0123456789')}") not in headed)
    ]


@rule("MAP003", Severity.WARNING)
def duplicate_mapping(context: Context) -> Iterator[Hit]:
    """The same mapping is stated twice in one cell or one list.

    It counts once, but somebody will change one of the two and not the other.

    Fix: Delete one of them.

    Fails:
        Controls
        Control ID | Control name   | SOC 2 criteria
        AC-001     | Access reviews | CC6.2, CC6.3, CC6.2

    Passes:
        Controls
        Control ID | Control name   | SOC 2 criteria
        AC-001     | Access reviews | CC6.2, CC6.3
        AC-002     | Badge reviews  | CC6.2
    """
    yield from _twice_in_a_cell(context)
    for same in grouped(_listed(context), lambda mapped: (mapped.table, *_ends(mapped), mapped.relationship)).values():
        for mapped in same[1:]:
            if mapped.row != same[0].row and not _under_heading(context, mapped):
                strengths = {one.strength_written for one in (same[0], mapped)}
                other = ", with another strength" if len(strengths) > 1 else ""
                words = f"{mapped.source} is already mapped to {mapped.target} in {_place(same[0])}{other}"
                yield _hit(mapped, words, topic="twice")


def _under_heading(context: Context, mapped: Mapped) -> bool:
    """Whether a row has its source from the row above: a part of it, such as a point of focus, that may be mapped to the same."""
    return any(
        (mapped.row, column.name) in context.tables[mapped.table].filled
        for column in context.tables[mapped.table].named("source")
    )


def _twice_in_a_cell(context: Context) -> Iterator[Hit]:
    read = [cited for cited in context.citations if cited.id and cited.remark != "point of focus" and cited.role != "heading"]
    for same in grouped(read, lambda cited: (cited.table, cited.row, cited.column, cited.framework, cited.id)).values():
        if len(same) > 1:
            times = "twice" if len(same) == 2 else f"{len(same)} times"
            yield Hit(same[0].sheet, same[0].cell, f"{same[0].id} is cited {times} in this cell")


@rule("MAP012", Severity.ERROR)
def contradictory_mappings(context: Context) -> Iterator[Hit]:
    """One pair is related in two ways.

    Coverage depends on the relationship: with two of them it depends on which row is read first.

    Fix: Decide which one holds and delete the other.

    Fails:
        Mapping
        Source | Target | Relationship
        CC6.1  | A.5.15 | equal
        CC6.1  | A.5.15 | subset of

    Passes:
        Mapping
        Source | Target | Relationship
        CC6.1  | A.5.15 | subset of
        CC6.2  | A.5.15 | intersects with
    """
    stated = (mapped for mapped in _listed(context) if mapped.relationship != Relationship.UNSPECIFIED)
    for same in grouped(stated, lambda mapped: (mapped.table, *_ends(mapped))).values():
        if len({mapped.relationship for mapped in same}) > 1:
            for mapped in same:
                others = [one for one in same if one.relationship != mapped.relationship]
                said = listed(dict.fromkeys(f"'{one.relationship}' ({_place(one)})" for one in others))
                words = f"{mapped.source} → {mapped.target} is '{mapped.relationship}' here and {said}"
                yield _at(context, mapped, "relationship", words)


@rule("MAP013", Severity.ERROR)
def inconsistent_inverse(context: Context) -> Iterator[Hit]:
    """A pair and its inverse do not fit together.

    If A is a subset of B, then B is a superset of A; equal and intersecting are the same in both directions. Only words of set theory
    are compared: "Full" and "Partial" grade one direction and may differ in the other.

    Fix: Correct one of the two, or keep only one direction.

    Fails:
        Mapping
        Source | Target | Relationship
        CC6.1  | A.5.15 | subset of
        A.5.15 | CC6.1  | subset of

    Passes:
        Mapping
        Source | Target | Relationship
        CC6.1  | A.5.15 | subset of
        A.5.15 | CC6.1  | superset of
    """
    stated = [mapped for mapped in _listed(context) if _is_set_word(mapped)]
    first: dict[tuple[str, ...], Mapped] = {}
    for mapped in stated:
        inverse = first.get((*_ends(mapped)[2:], *_ends(mapped)[:2]))
        if inverse and Relationship(inverse.relationship).inverse != mapped.relationship:
            words = f"{mapped.source} is '{mapped.relationship}' {mapped.target}, but {_place(inverse)} says the inverse is '{inverse.relationship}'"
            yield _at(context, mapped, "relationship", words)
        first.setdefault(_ends(mapped), mapped)


def _is_set_word(mapped: Mapped) -> bool:
    written = mapped.relationship_written.casefold()
    stated = mapped.relationship not in {Relationship.UNSPECIFIED, Relationship.NONE}
    return stated and mapped.source != mapped.target and any(word in written for word in SET_WORDS)


@rule("MAP014", Severity.ERROR)
def unknown_relationship(context: Context) -> Iterator[Hit]:
    """The relationship of a mapping is a word that the table of words does not have.

    It was read as "unspecified", which counts as covering; if the word means less, a figure is too good.

    Fix: Use equal, subset of, superset of, intersects with or no relationship, or add your word to [words.relationship] in
    workbench.toml.

    Fails:
        Mapping
        Source | Target | Relationship
        CC6.1  | A.5.15 | intersekts
        CC6.2  | A.5.16 | intersects with

    Passes:
        Mapping
        Source | Target | Relationship
        CC6.1  | A.5.15 | partial
        CC6.2  | A.5.16 | intersects with
    """
    for mapped in _one_a_row(context):
        written = mapped.relationship_written
        if not blank(written) and not context.read("relationship", written):
            near = nearest(
                written, (word for ours, known in WORDS["relationship"].items() for word in (ours, *known)), WORDS_ALIKE
            )
            meant = context.read("relationship", near) if near else ""
            words = f"'{shortened(written)}' is no relationship that is known{did_you_mean([meant])}"
            yield _at(context, mapped, "relationship", words, topic=folded(written))


def _one_a_row(context: Context) -> Iterable[Mapped]:
    """The first mapping of each row of a pair list: the row says relationship, strength and rationale once for all of them."""
    first: dict[tuple[int, int], Mapped] = {}
    for mapped in context.mappings:
        if mapped.via == "pair":
            first.setdefault((mapped.table, mapped.row), mapped)
    return first.values()


@rule("MAP015", Severity.WARNING)
def impossible_strength(context: Context) -> Iterator[Hit]:
    """The strength of a mapping is not a whole number from 1 to 10, nor a word for one.

    Strengths are compared and sorted; on another scale they mislead.

    Fix: Write 1 to 10, or Weak, Medium, Strong.

    Fails:
        Mapping
        Source | Target | Relationship    | Strength
        CC6.1  | A.5.15 | intersects with | 5
        CC6.2  | A.5.16 | intersects with | 11

    Passes:
        Mapping
        Source | Target | Relationship    | Strength
        CC6.1  | A.5.15 | intersects with | 5
        CC6.2  | A.5.16 | intersects with | strong
    """
    for mapped in _one_a_row(context):
        written = mapped.strength_written
        if not blank(written) and not (1 <= mapped.strength <= 10 and mapped.strength == math.floor(mapped.strength)):
            words = f"'{shortened(written)}' is no strength from 1 to 10"
            yield _at(context, mapped, "strength", words, topic="scale")


@rule("MAP016", Severity.ERROR)
def excluded_but_mapped(context: Context) -> Iterator[Hit]:
    """A control that the Statement of Applicability excludes is used in a mapping.

    What is excluded cannot be implemented as well. An auditor who finds both asks which of the two documents is wrong.

    Fix: Include it in the Statement of Applicability with a justification, or take it out of the mapping.

    Fails:
        Controls
        Control ID | Control name  | ISO 27001
        PH-001     | Badge readers | A.7.2

        Applicability
        ID    | Applicable | Justification for exclusion
        A.7.2 | No         | We rent no premises; everybody works from home

    Passes:
        Controls
        Control ID | Control name  | ISO 27001
        PH-001     | Screen locks  | A.7.7

        Applicability
        ID    | Applicable | Justification for exclusion
        A.7.2 | No         | We rent no premises; everybody works from home
    """
    out = {entry.id: entry for entry in context.entries if entry.applicable == "no" and entry.id and context.is_soa(entry.table)}
    for mapped in context.mappings:
        ours = not mapped.source_framework or mapped.via == "pair"
        if not (ours and mapped.counts):
            continue
        for end, other in ((mapped.target, mapped.source), (mapped.source, mapped.target)):
            if end in out:
                entry = out[end]
                where = f"{entry.sheet}!{context.cell(entry.table, entry.row, 'applicable', 'exclusion')}"
                yield _hit(mapped, f"{end} is excluded in {where}, but {other} is mapped to it")


@rule("MAP019", Severity.ERROR)
def unlisted_control(context: Context) -> Iterator[Hit]:
    """A mapping is about a control that the control library does not have.

    It counts as another control, one without a status, an owner or evidence.

    Fix: Correct the id, or add the control to the library.

    Fails:
        Controls
        Control ID | Control name   | SOC 2 criteria
        AC-001     | Access reviews | CC6.2
        AC-002     | Badge reviews  | CC6.4

        Mapping
        Source | Target
        AC-001 | A.5.18
        AC-01  | A.5.15
        AC-002 | A.7.2

    Passes:
        Controls
        Control ID | Control name   | SOC 2 criteria
        AC-001     | Access reviews | CC6.2
        AC-002     | Badge reviews  | CC6.4

        Mapping
        Source | Target
        AC-001 | A.5.18
        AC-002 | A.7.2
    """
    if not context.of_layout(Layout.CONTROL_LIBRARY):
        return
    known = context.control_ids
    ids = [control.id for control in known.values()]
    for mapped in context.mappings:
        if mapped.via not in {"pair", "grid"}:
            continue
        ends = (("source", mapped.source, mapped.source_framework), ("target", mapped.target, mapped.target_framework))
        for field, name, framework in ends:
            if not framework and folded(name) not in known:
                words = f"{shortened(name)} is not in the control library{did_you_mean([nearest(name, ids)])}"
                yield _at(context, mapped, field, words, topic="unlisted")


@rule("MAP020", Severity.ERROR)
def rejected_but_listed(context: Context) -> Iterator[Hit]:
    """A mapping was rejected, and the control still lists the requirement.

    The cell counts; the decision says that it should not.

    Fix: Take the id out of the control's cell, or change the decision.

    Fails:
        Controls
        Control ID | Control name   | SOC 2 criteria | ISO 27001
        AC-001     | Access reviews | CC6.2          | A.5.18, A.8.5

        Mapping
        Source | Target | Status
        AC-001 | A.8.5  | Rejected

    Passes:
        Controls
        Control ID | Control name   | SOC 2 criteria | ISO 27001
        AC-001     | Access reviews | CC6.2          | A.5.18

        Mapping
        Source | Target | Status
        AC-001 | A.8.5  | Rejected
    """
    decided = {(one.source, one.target): one for one in context.mappings if one.status == MappingStatus.REJECTED}
    refused = {pair: _place(one) for pair, one in decided.items()}
    for one in context.decisions:
        if one.decision == Decision.REJECT:
            refused.setdefault((one.source, one.target), f"{one.sheet}!{context.cell(one.table, one.row, 'decision')}")
    for mapped in context.mappings:
        where = refused.get((mapped.source, mapped.target))
        if where and mapped.via == "cell":
            yield _hit(mapped, f"{mapped.source} lists {mapped.target}, which was rejected in {where}")


@rule("MAP022", Severity.WARNING)
def mapping_to_itself(context: Context) -> Iterator[Hit]:
    """A requirement is mapped to itself.

    It says nothing, and is usually a slip of copy and paste in one of the two columns.

    Fix: Correct the end that is wrong, or delete the row.

    Fails:
        Mapping
        Source | Target
        CC6.1  | A.5.15
        A.5.16 | A.5.16

    Passes:
        Mapping
        Source | Target
        CC6.1  | A.5.15
        CC6.2  | A.5.16
    """
    pair_lists = context.of_layout(Layout.PAIR_LIST)
    for (table, _), cited in context.by_row.items():
        if table in pair_lists:
            sources = {(one.framework, one.id) for one in cited if one.role == "source" and one.id}
            for one in cited:
                if one.role == "target" and (one.framework, one.id) in sources:
                    yield Hit(one.sheet, one.cell, f"{one.id} is mapped to itself")


@rule("MAP023", Severity.ERROR)
def wrong_successor(context: Context) -> Iterator[Hit]:
    """A control of 2013 is mapped to a control of 2022 that it did not become.

    The correspondence is published with ISO/IEC 27002:2022, and public conversion tables hold plausible errors, such as A.13.2.1 → A.8.14.

    Fix: Use the published successor. If the mapping is meant as your own judgement, reject or delete it here and map your control.

    Fails:
        Mapping
        ISO 27001:2013 | ISO 27001:2022
        A.9.1.1        | A.5.15
        A.13.2.1       | A.8.14

    Passes:
        Mapping
        ISO 27001:2013 | ISO 27001:2022
        A.9.1.1        | A.5.15
        A.13.2.1       | A.5.14
    """
    for mapped in context.mappings:
        if not mapped.counts or {mapped.source_framework, mapped.target_framework} != {ISO2013, ISO2022}:
            continue
        forward = mapped.source_framework == ISO2013
        old, new = (mapped.source, mapped.target) if forward else (mapped.target, mapped.source)
        if new in index(ISO2022) and new.startswith("A.") and new not in successors(old):
            right = successors(old) if forward else (predecessors(new) or ("new in 2022, from no control of 2013",))
            words = f"{old} did not become {new}; {old if forward else new} is {'now' if forward else 'from'} {listed(right)}"
            yield _hit(mapped, words)


@rule("MAP024", Severity.NOTE)
def mapping_without_rationale(context: Context) -> Iterator[Hit]:
    """A relationship is stated and nobody said why.

    Two people rarely map alike; without a reason the next one starts from nothing. Only checked where the sheet has a column for it.

    Fix: Say in a sentence what the two have in common, and what is left over.

    Fails:
        Mapping
        Source | Target | Relationship    | Rationale
        CC6.1  | A.5.15 | intersects with | both ask for rules on who may access what
        CC6.2  | A.5.16 | intersects with |

    Passes:
        Mapping
        Source | Target | Relationship    | Rationale
        CC6.1  | A.5.15 | intersects with | both ask for rules on who may access what
        CC6.2  | A.5.16 |                 |
    """
    for mapped in _one_a_row(context):
        stated = mapped.relationship_written and mapped.relationship not in {Relationship.UNSPECIFIED, Relationship.NONE}
        if stated and blank(mapped.rationale) and context.has(mapped.table, "rationale") and mapped.counts:
            words = f"{mapped.source} → {mapped.target} is '{mapped.relationship}' without a rationale"
            yield _at(context, mapped, "rationale", words, topic="no rationale")


@rule("MAP025", Severity.ERROR)
def unknown_mark(context: Context) -> Iterator[Hit]:
    """A mark in a grid is not understood.

    The cell states no mapping until it is, so a figure may be too low.

    Fix: Use X, a relationship or a strength from 1 to 10, or add your mark to [words.relationship] in workbench.toml.

    Fails:
        Grid
              | A.5.15 | A.5.16 | A.5.17 | A.5.18
        CC6.1 | X      |        | X      | Q7
        CC6.2 |        | X      |        | X
        CC6.3 | X      |        |        | X
        CC6.6 |        |        | X      |

    Passes:
        Grid
              | A.5.15 | A.5.16 | A.5.17 | A.5.18
        CC6.1 | X      |        | X      | partial
        CC6.2 |        | X      |        | X
        CC6.3 | X      |        |        | X
        CC6.6 |        |        | X      |
    """
    for number in context.of_layout(Layout.GRID):
        table = context.tables[number]
        understood: dict[object, bool] = {}
        for column in table.columns:
            if column.field != "cell":
                continue
            for row, value in zip(table.frame.index.tolist(), table.frame[column.name].tolist(), strict=True):
                if value is None:
                    continue
                if value not in understood:
                    understood[value] = context.understands(value)
                if not understood[value]:
                    words = f"'{shortened(str(value))}' is no mark that is known"
                    yield Hit(table.sheet, f"{column.letter}{row}", words, topic=folded(str(value)))


HOMES = {
    "CC3": "Clause 6.1.2", "CC3.1": "Clause 6.1.2", "CC3.2": "Clause 6.1.2", "CC7.4": "A.5.26", "CC8": "A.8.32", "CC8.1": "A.8.32",
}  # fmt: skip
"""SOC 2 criterion or series → the one requirement of ISO/IEC 27001 about the very same subject."""
_RISK = (
    "A.5.1",
    "A.5.4",
    "A.5.7",
    "A.5.8",
    "A.5.31",
    "A.5.35",
    "A.5.36",
    "A.8.8",
    "Clause 4",
    "Clause 5",
    "Clause 6",
    "Clause 8",
    "Clause 9",
)
_BESIDE = {
    "CC3": _RISK, "CC3.1": _RISK, "CC3.2": _RISK,
    "CC7.4": ("A.5.5", "A.5.6", "A.5.24", "A.5.25", "A.5.26", "A.5.27", "A.5.28", "A.5.29", "A.5.30", "A.6.8", "A.8.15", "A.8.16"),
    "CC8": ("A.5.8", "A.8.4", "A.8.9", "A.8.19", "A.8.2", "A.8.3", "Clause 6", "Clause 8"),
    "CC8.1": ("A.5.8", "A.8.4", "A.8.9", "A.8.19", "A.8.2", "A.8.3", "Clause 6", "Clause 8"),
}  # fmt: skip
"""The same → beginnings of ids that people map it to with good reason, though their words are others."""


@rule("MAP028", Severity.WARNING)
def mapping_past_the_subject(context: Context) -> Iterator[Hit]:
    """A criterion is mapped, but only to requirements about something else.

    Risk assessment is a matter of the clauses of ISO/IEC 27001, not of Annex A; A.8.1 was about assets in 2013 and is about devices
    today. Checked for risk assessment, incident response and change management, where both frameworks name the same subject, and only
    when nothing the criterion is mapped to speaks of it.

    Fix: Map the criterion to the requirement about its subject, and check the pair that is there.

    Fails:
        Mapping
        SOC 2 | ISO 27001
        CC6.1 | A.5.15
        CC6.2 | A.5.16
        CC3.1 | A.8.1

    Passes:
        Mapping
        SOC 2 | ISO 27001
        CC6.1 | A.5.15
        CC3.1 | Clause 6.1.2
        CC3.1 | A.8.1
    """
    for criterion, targets in _crosswalked(context).items():
        home = HOMES.get(criterion)
        if home is None:
            continue
        subject = index(ISO2022)[home].title
        first = targets[0]
        titled = disagreement(first.id, first.framework, first.title)
        if titled is None and not any(_beside(criterion, one) or not foreign(one.id, one.framework, subject) for one in targets):
            name = subject.lower().replace("information security ", "")
            title = index(first.framework)[first.id].title
            words = f"{criterion} is about {name}, which in ISO 27001 is {home}; {first.id} is '{title}'"
            yield Hit(first.sheet, first.cell, words)


def _beside(criterion: str, cited: Cited) -> bool:
    """Whether a requirement, or what a control of 2013 became, is next to the criterion's subject."""
    old = cited.framework == ISO2013 and index(ISO2013)[cited.id].kind == "control"
    return any(name.startswith(_BESIDE[criterion]) for name in (successors(cited.id) if old else (cited.id,)))


def _crosswalked(context: Context) -> dict[str, list[Cited]]:
    """Criterion → the ISO requirements and groups that stand beside it in a pair list."""
    lists = context.of_layout(Layout.PAIR_LIST)
    refused = {(mapped.table, mapped.row) for mapped in context.mappings if not mapped.counts}
    found: dict[str, list[Cited]] = {}
    for place, cited in context.by_row.items():
        if place[0] in lists and place not in refused:
            criteria = [one for one in cited if one.framework == SOC2 and one.id]
            others = [one for one in cited if one.framework in {ISO2013, ISO2022} and one.id]
            for criterion in criteria:
                found.setdefault(criterion.id, []).extend(one for one in others if one.role != criterion.role)
    return {criterion: others for criterion, others in found.items() if others}
