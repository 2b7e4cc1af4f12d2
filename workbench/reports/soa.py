"""The Statement of Applicability of ISO/IEC 27001:2022, 6.1.3 d: what the team decided, what it has not decided yet, and nothing invented.

What the program derives from the controls stands in columns of its own, "Proposed wording" and "Proposed progress", which no reader of a
Statement of Applicability knows, ours included; all other cells are the team's word. The sheets Document control and SoA have the headings
of Profile and Applicability, so a Statement of Applicability that people went on editing can be read like the workbook it came from.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from workbench import sheets
from workbench.analysis import Analysis
from workbench.frameworks import TITLES, framework
from workbench.interpretation import text_of
from workbench.model import ISO2022, ControlStatus
from workbench.reports.frames import Record, records, theme
from workbench.reports.provenance import Document, document, facts, how_it_was_made, said
from workbench.words import BLANKS
from workbench.writing import (
    Cell,
    Chart,
    Column,
    DataSheet,
    Formula,
    Headline,
    Look,
    SummarySheet,
    Workbook,
    in_lines,
    quoted,
    signed,
)

TITLE = "Statement of Applicability"
ELSEWHERE = "Controls from elsewhere"
PROPOSED_WORDING, PROPOSED_PROGRESS = "Proposed wording", "Proposed progress"
"""Headings of what nobody has said yet. They resemble no heading that is read."""
_PROPOSALS = ("inclusion_proposal", "status_proposal")
STATUSES = (ControlStatus.IMPLEMENTED, ControlStatus.PARTIAL, ControlStatus.PLANNED, ControlStatus.NOT_IMPLEMENTED)
_ANNEX = 93
_YES, _NO = signed("Yes"), signed("No")


@dataclass(frozen=True, slots=True)
class _Parts:
    """What the sheets are made from: the analysis, the document settings and the entries."""

    analysis: Analysis
    about: Document
    entries: list[Record]

    @property
    def annex(self) -> list[Record]:
        """The entries of the 93 controls."""
        return [entry for entry in self.entries if entry["theme"] != ELSEWHERE]

    @property
    def undecided(self) -> list[Record]:
        """The entries of Annex A that nobody decided."""
        return [entry for entry in self.annex if not entry["decided"]]

    @property
    def approved(self) -> bool:
        """Whether all of Annex A is decided, and it is said who approved it when."""
        return not self.undecided and bool(self.about.approver and self.about.approval_date)


def soa(analysis: Analysis) -> Workbook:
    """Document control, SoA, Summary, Exclusions, Not decided yet, Change log, How it was made."""
    about = document(analysis.project, analysis.settings)
    entries = _entries(analysis)
    parts = _Parts(analysis, about, entries)
    table = _table(entries, about, approved=parts.approved)
    changes = _changes(parts)
    control = _control(parts, table, changes)
    rest = (_exclusions(parts), _undecided(parts, table), changes, how_it_was_made(analysis, _MEANINGS))
    return Workbook(
        title=TITLE,
        subject=f"{TITLES[ISO2022]}, 6.1.3 d: which controls {about.organization or 'the organization'} applies, and why",
        sheets=(control, table, _summary(parts, table, control, rest), *rest),
        organization=about.organization,
        version=about.version,
        state="Approved" if parts.approved else "Draft",
        classification=about.classification,
        custom={
            "Edition": about.edition,
            "Approver": about.approver,
            "Approval date": str(about.approval_date),
            "Input SHA-256": analysis.project.book.sha256,
        },
    )


def _entries(analysis: Analysis) -> list[Record]:
    """The rows of the statement; where the workbook lists no controls, with the SOC 2 criteria that are mapped to each."""
    entries = records(analysis.soa)
    if len(analysis.project.controls):
        return entries
    view = analysis.coverage[ISO2022]
    mapped = dict(zip(view["id"].tolist(), view["crosswalk"].tolist(), strict=True))
    return [{**entry, "soc2": entry["soc2"] or ", ".join(mapped.get(entry["id"], ()))} for entry in entries]


# --- the statement -------------------------------------------------------------------------------------------------------


def _table(entries: Sequence[Record], about: Document, *, approved: bool) -> DataSheet:
    """The statement itself. Proposals have columns only where there are any, and none in an approved document."""
    proposed = {name for name in _PROPOSALS if not approved and any(entry[name] for entry in entries)}
    columns = [(name, column) for name, column in _COLUMNS if name not in _PROPOSALS or name in proposed]
    proposals = (
        " Grey italics are proposals of the program, which nobody has said yet: decide in the tinted cells." if proposed else ""
    )
    return DataSheet(
        "SoA",
        f"{TITLE}{f': {about.organization}' if about.organization else ''}",
        f"One row is one of the 93 controls of Annex A ({about.edition}), below them controls from elsewhere.{proposals}",
        columns=tuple(column for _, column in columns),
        rows=[tuple(_cell(entry, name) for name, _ in columns) for entry in entries],
        table="tblSoA",
        freeze=2,
        protect=True,
    )


def _declared(name: str, width: float, *, editable: bool = True, look: Look | None = None) -> tuple[str, Column]:
    return name, replace(Column.declared(sheets.APPLICABILITY.column(name), editable=editable, look=look), width=width)


_COLUMNS: tuple[tuple[str, Column], ...] = (
    _declared("id", 9, editable=False),
    _declared("title", 26, editable=False),
    ("theme", Column("Theme", 15)),
    _declared("applicable", 12, look=Look.STATUS),
    _declared("reasons", 12),
    _declared("inclusion", 36),
    ("inclusion_proposal", Column(PROPOSED_WORDING, 30, Look.PROPOSAL, note="What the controls mapped to this row would justify. Nobody has said it yet; copy it to the left if it is right.")),
    _declared("exclusion", 30),
    _declared("status", 18, look=Look.STATUS),
    ("status_proposal", Column(PROPOSED_PROGRESS, 14, Look.PROPOSAL, note="How far the controls mapped to this row are implemented. Nobody has said it of this row yet.")),
    _declared("how", 36),
    _declared("controls", 15),
    _declared("soc2", 13, editable=False),
    _declared("policy", 18),
    _declared("evidence", 17),
    _declared("risk", 12),
    _declared("owner", 15),
    _declared("review_date", 12),
)  # fmt: skip
"""Field of the entries (``coverage.soa_entries``) → column. Headings are those of the Applicability sheet wherever it has the field."""


def _cell(entry: Record, name: str) -> Cell:
    value: Cell = entry[name]
    return theme(str(value)) if name == "theme" else value


def _exclusions(parts: _Parts) -> DataSheet:
    mapped = _mapped(parts)
    rows = [
        (
            entry["id"],
            entry["title"],
            entry["exclusion"],
            in_lines(mapped[entry["id"]], 24),
            "\n".join(_to_settle(entry, mapped[entry["id"]])),
        )
        for entry in parts.annex
        if entry["applicable"] == "No"
    ]
    return DataSheet(
        "Exclusions",
        "Excluded controls",
        "One row is one control of Annex A that the Statement of Applicability excludes."
        if rows
        else "No control of Annex A is excluded.",
        columns=(
            Column("ID", 10, Look.ID),
            Column("Title", 36),
            Column("Why it is excluded", 60, Look.LONG, note="6.1.3 d demands a justification for every exclusion."),
            Column("Controls still mapped", 24, Look.ID, note="Controls of the workbook that still claim to serve it."),
            Column("To settle", 50, Look.LONG),
        ),
        rows=rows,
        table="tblExclusions",
        freeze=2,
        protect=True,
    )


def _mapped(parts: _Parts) -> dict[str, tuple[str, ...]]:
    """Requirement → every control mapped to it, those that count first."""
    view = parts.analysis.coverage[ISO2022]
    columns = (view["id"].tolist(), view["controls"].tolist(), view["planned"].tolist())
    return {name: (*counting, *planned) for name, counting, planned in zip(*columns, strict=True)}


def _to_settle(entry: Record, mapped: Sequence[str]) -> Iterator[str]:
    if str(entry["exclusion"]).casefold() in BLANKS:
        yield "Write why it is not needed; without a justification it may not be excluded."
    if mapped:
        yield f"{', '.join(mapped)} {'are' if len(mapped) > 1 else 'is'} mapped to it: include it, or take the mapping away."


def _undecided(parts: _Parts, table: DataSheet) -> DataSheet:
    mapped = _mapped(parts)
    places = {entry["id"]: place for place, entry in enumerate(parts.entries)}
    rows = [
        (
            table.link(entry["id"], index=places[entry["id"]]), entry["title"], theme(entry["theme"]), in_lines(mapped[entry["id"]], 22),
            entry["inclusion_proposal"], entry["status_proposal"], _to_decide(entry, mapped[entry["id"]]),
        )
        for entry in parts.undecided
    ]  # fmt: skip
    return DataSheet(
        "Not decided yet",
        "Controls that nobody has decided yet",
        "One row is one control of Annex A without a Yes or No. Follow its id, and decide there."
        if rows
        else "All 93 controls are decided.",
        columns=(
            Column("ID", 10, Look.ID),
            Column("Title", 36),
            Column("Theme", 18),
            Column("Served by", 22, Look.ID),
            Column(PROPOSED_WORDING, 44, Look.PROPOSAL, note="Derived by the program; nobody has said it yet."),
            Column(PROPOSED_PROGRESS, 18, Look.PROPOSAL, note="Derived by the program; nobody has said it yet."),
            Column("What to do", 50, Look.LONG),
        ),
        rows=rows,
        table="tblUndecided",
        freeze=2,
        protect=True,
    )


def _to_decide(entry: Record, mapped: Sequence[str]) -> str:
    if entry["status_proposal"] in {ControlStatus.IMPLEMENTED, ControlStatus.PARTIAL}:
        return "A control serves it: include it, and write why."
    return f"Include it with a plan{' for ' + ', '.join(mapped) if mapped else ''}, or exclude it and write why it is not needed."


# --- the document ----------------------------------------------------------------------------------------------------------

_SETTINGS: tuple[tuple[str, bool, str], ...] = (
    ("Document", False, "Required by ISO/IEC 27001:2022, 6.1.3 d."),
    ("Organization", True, "As it will stand on the certificate."),
    ("ISMS scope", True, "In the words of the scope statement (clause 4.3)."),
    ("ISO edition", False, "The edition and amendment that the 93 controls are those of."),
    ("Document version", True, "The certificate will name it."),
    ("Status", False, "Approved as soon as 93 of 93 controls are decided and approver and approval date are given."),
    ("Decided", False, "Controls of Annex A with a Yes or a No."),
    ("Date", False, "The day this was written."),
    ("Owner", True, "The role that keeps this document current."),
    ("Approver", True, "Who approves it for top management and the risk owners."),
    ("Approval date", True, "A date, such as 2026-03-31."),
    ("Classification", True, "How this document may be passed on."),
    ("Risk assessment", True, "Title, version and date of the risk assessment that these decisions follow from (6.1.2)."),
    ("Risk treatment plan", True, "Title, version and date of the plan that puts them into effect (6.1.3 e)."),
    ("Change log", False, "What changed from version to version."),
)
"""Setting, whether somebody has to give it, what it is. Names are those of the Profile sheet wherever it has the setting."""


def _control(parts: _Parts, table: DataSheet, changes: DataSheet) -> DataSheet:
    """Document control; its Status follows from what is decided and typed, here and on the SoA."""
    blank = DataSheet(
        "Document control",
        TITLE if parts.approved else f"{TITLE}: DRAFT",
        f"What this document is, whose it is, and who approved it. {_standing(parts)}",
        columns=(
            Column("Setting", 22),
            Column("Value", 66, Look.LONG, editable=True),
            Column("State", 16, Look.STATUS, note="To be filled, as long as the value is blank."),
            Column("Notes", 62, Look.LONG),
        ),
        rows=(),
        table="tblDocument",
        protect=True,
    )
    cells = {name: blank.cell(place, "Value") for place, (name, _, _) in enumerate(_SETTINGS)}
    values = _values(parts, table, changes, cells)
    rows = [
        (name, values[name], _given(cells[name], values[name]) if wanted else None, f"{note}{_not_yet(parts, name)}")
        for name, wanted, note in _SETTINGS
    ]
    return replace(blank, rows=rows)


def _values(parts: _Parts, table: DataSheet, changes: DataSheet, cells: Mapping[str, str]) -> dict[str, Cell]:
    about, project = parts.about, parts.analysis.project
    return {
        "Document": TITLE,
        "Organization": about.organization,
        "ISMS scope": about.scope,
        "ISO edition": about.edition,
        "Document version": about.version,
        "Status": _status(parts, table, cells),
        "Decided": Formula(f'={_decided(table)}&" of {_ANNEX}"', f"{_ANNEX - len(parts.undecided)} of {_ANNEX}"),
        "Date": parts.analysis.as_of,
        "Owner": about.owner,
        "Approver": about.approver,
        "Approval date": about.approval_date,
        "Classification": about.classification,
        "Risk assessment": said(project, "Risk assessment"),
        "Risk treatment plan": said(project, "Risk treatment plan"),
        "Change log": changes.link(),
    }


def _status(parts: _Parts, table: DataSheet, cells: Mapping[str, str]) -> Formula:
    """DRAFT until everything is there; then Approved, or, where the file was written as a draft, what makes it the approved edition."""
    done = "Approved" if parts.approved else "Complete: run workbench soa on this file to write the approved edition"
    test = f'AND({_decided(table)}={_ANNEX},TRIM({cells["Approver"]})<>"",TRIM({cells["Approval date"]})<>"")'
    return Formula(f'=IF({test},"{done}","DRAFT")', "Approved" if parts.approved else "DRAFT")


def _given(cell: str, value: Cell) -> Formula:
    missing, given = signed("To be filled"), signed("Given")
    return Formula(f'=IF(TRIM({cell})="","{missing}","{given}")', given if value else missing)


def _not_yet(parts: _Parts, name: str) -> str:
    """What the Profile sheet says where it says no more than "TBD"."""
    written = text_of(parts.analysis.project.profile.get(name, (None, "", ""))[0])
    return f" The workbook says “{written}”." if written and not said(parts.analysis.project, name) else ""


def _standing(parts: _Parts) -> str:
    """Draft or approved, and why."""
    about = parts.about
    if parts.approved:
        return f"Approved by {about.approver} on {about.approval_date}."
    missing = [f"{len(parts.undecided)} of {_ANNEX} controls not decided"] if parts.undecided else []
    missing += [
        f"no {words}" for words, value in (("approver", about.approver), ("approval date", about.approval_date)) if not value
    ]
    return f"DRAFT: {', '.join(missing)}."


def _changes(parts: _Parts) -> DataSheet:
    decided, out = _ANNEX - len(parts.undecided), sum(1 for entry in parts.annex if entry["applicable"] == "No")
    name = parts.analysis.project.book.name
    made = f"Written from {name}: {decided} of {_ANNEX} controls decided, {out} of them excluded."
    approver = parts.about.approver if parts.approved else ""
    return DataSheet(
        "Change log",
        "Change log",
        "One row is one version, newest first: what changed, who did it, who approved it.",
        columns=(
            Column("Version", 12, Look.ID, editable=True),
            Column("Date", 12, Look.DATE, editable=True),
            Column("Author", 26, editable=True),
            Column("Change", 76, Look.LONG, editable=True),
            Column("Approved by", 26, editable=True),
        ),
        rows=[(parts.about.version, parts.analysis.as_of, "Mapping workbench", made, approver)],
        table="tblChanges",
        blank=9,
    )


_MEANINGS = (
    ("Yes, No", "The team's decision on a control; a blank is no decision, and so is every word that means open."),
    ("LR, CO, BR, RRA", "Reasons for inclusion: legal, contractual, business requirement, result of the risk assessment."),
    (
        PROPOSED_WORDING,
        "Derived by the program from the controls mapped to a row. It is never the team's word, and it is not read back as such.",
    ),
    (
        PROPOSED_PROGRESS,
        "The status of the controls mapped to a row. It is never the team's word, and it is not read back as such.",
    ),
    (
        "Implementing controls, Policy, Evidence, Owner",
        "As the row says; where it says nothing, from the controls mapped to it that count.",
    ),
    (
        "SOC 2 criteria",
        "The criteria in scope that the same controls serve; where the workbook lists no controls, those that it maps to the row.",
    ),
    ("DRAFT", "Not all of the 93 controls are decided, or approver or approval date is missing."),
)


# --- summary -----------------------------------------------------------------------------------------------------------------


def _summary(
    parts: _Parts, table: DataSheet, control: DataSheet, rest: tuple[DataSheet, DataSheet, DataSheet, DataSheet]
) -> SummarySheet:
    exclusions, undecided, changes, made = rest
    about = parts.about
    status = next(row[1] for row in control.rows if row[0] == "Status")
    place = [row[0] for row in control.rows].index("Status")
    live = Formula(f"={quoted(control.name)}!{control.cell(place, 'Value')}", status.value if isinstance(status, Formula) else "")
    return SummarySheet(
        f"{TITLE}{f': {about.organization}' if about.organization else ''}",
        f"Which of the 93 controls of Annex A {about.organization or 'the organization'} applies, why, and how far they are implemented; for "
        f"certification auditors, and for whoever approves it. {_standing(parts)}",
        facts=(("Status", live), *facts(parts.analysis), ("Edition", about.edition)),
        headlines=tuple(_headlines(parts, table)),
        charts=(_chart(parts, table),),
        links=(
            (control.link(), "version, owner, approver, and whether this is a draft"),
            (table.link(), "the statement itself: 93 controls of Annex A, and controls from elsewhere"),
            (exclusions.link(), f"the excluded controls ({len(exclusions.rows)}), and what each still wants"),
            (undecided.link(), f"the controls without a decision ({len(undecided.rows)})"),
            (changes.link(), "what changed from version to version"),
            (made.link(), "input, hashes, sheets read, settings, and what the words mean"),
        ),
    )


def _annex_only(table: DataSheet, *conditions: str) -> str:
    """COUNTIFS over the rows of Annex A; ``conditions`` alternate headings and criteria."""
    pairs = ("Theme", f"<>{ELSEWHERE}", *conditions)
    said_so = ",".join(
        f'{table.range(heading)},"{criterion}"' for heading, criterion in zip(pairs[::2], pairs[1::2], strict=True)
    )
    return f"COUNTIFS({said_so})"


def _decided(table: DataSheet) -> str:
    return f"({_annex_only(table, 'Applicable', _YES)}+{_annex_only(table, 'Applicable', _NO)})"


def _headlines(parts: _Parts, table: DataSheet) -> Iterator[Headline]:
    annex = parts.annex
    included = [entry for entry in annex if entry["applicable"] == "Yes"]
    excluded = [entry for entry in annex if entry["applicable"] == "No"]
    yes = Formula(f"={_annex_only(table, 'Applicable', _YES)}", len(included))
    no = Formula(f"={_annex_only(table, 'Applicable', _NO)}", len(excluded))
    yield Headline(
        "Controls decided", Formula(f"={_decided(table)}", len(included) + len(excluded)), _ANNEX,
        "of the controls of Annex A, with a Yes or a No; approval needs all of them",
    )  # fmt: skip
    yield Headline("Controls included", yes, _ANNEX, "of the controls of Annex A apply")
    bare = _annex_only(table, "Applicable", _YES, "Reasons for inclusion", "=", "Justification for inclusion", "=")
    reasoned = sum(1 for entry in included if entry["reasons"] or entry["inclusion"])
    yield Headline(
        "Included with a reason",
        Formula(f"={yes.text.removeprefix('=')}-{bare}", reasoned),
        yes,
        "of the included controls, as a code or in words",
    )
    justified = Formula(
        f"={_annex_only(table, 'Applicable', _NO, 'Justification for exclusion', '<>')}",
        sum(1 for entry in excluded if entry["exclusion"]),
    )
    yield Headline("Excluded with a justification", justified, no, "of the excluded controls; 6.1.3 d demands it of all of them")
    working = _annex_only(table, "Applicable", _YES, "Implementation status", signed(ControlStatus.IMPLEMENTED))
    implemented = sum(1 for entry in included if entry["status"] == ControlStatus.IMPLEMENTED)
    yield Headline(
        "Implemented", Formula(f"={working}", implemented), yes, "of the included controls, by what the team says of each"
    )


_SERIES = (*(str(status) for status in STATUSES), "Excluded", "Not stated")


def _chart(parts: _Parts, table: DataSheet) -> Chart:
    themes = [f"{group.id} {group.title}" for group in framework(ISO2022).groups if group.kind == "theme"]
    groups = [*themes, *([ELSEWHERE] if len(parts.annex) < len(parts.entries) else [])]
    counts = Counter((entry["theme"], _stated(entry)) for entry in parts.entries)
    rows = tuple((theme(group), _bars(table, theme(group), [counts[group, series] for series in _SERIES])) for group in groups)
    words = "; ".join(
        f"{group}: "
        + ", ".join(f"{value.value} {series.lower()}" for series, value in zip(_SERIES, values, strict=True) if value.value)
        for group, values in rows
    )
    title = "Implementation status by theme"
    return Chart(title, "Theme", _SERIES, rows, alt=f"{title}. {words}.")


def _stated(entry: Record) -> str:
    if entry["applicable"] == "No":
        return "Excluded"
    return str(entry["status"]) if entry["status"] in STATUSES else "Not stated"


def _bars(table: DataSheet, group: str, counts: Sequence[int]) -> tuple[Formula, ...]:
    """One live count per series; what is neither excluded nor has a status is not stated."""
    whole = f'COUNTIF({table.range("Theme")},"{group}")'

    def count(*conditions: str) -> str:
        pairs = ("Theme", group, *conditions)
        return (
            "COUNTIFS("
            + ",".join(
                f'{table.range(heading)},"{criterion}"' for heading, criterion in zip(pairs[::2], pairs[1::2], strict=True)
            )
            + ")"
        )

    stated = [count("Applicable", f"<>{_NO}", "Implementation status", signed(status)) for status in STATUSES]
    stated.append(count("Applicable", _NO))
    return tuple(Formula(f"={text}", value) for text, value in zip([*stated, "-".join([whole, *stated])], counts, strict=True))
