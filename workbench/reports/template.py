"""The project workbook that ``init`` makes: every sheet a team fills in, with headings, notes, drop-downs and a few examples.

It is the team's own file: nothing is locked or tinted but the values of the Profile. Examples carry ids that begin with EX-; they are ordinary
rows, which is said on the first sheet.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Mapping, Sequence

from workbench import sheets
from workbench.coverage import requirements_of
from workbench.frameworks import TITLES
from workbench.model import ISO2022, ControlStatus, MappingStatus, Relationship
from workbench.settings import Settings
from workbench.writing import Cell, Column, DataSheet, Link, SummarySheet, Workbook

READ_ME = "Read me"
PROFILE_NOTES: Mapping[str, str] = {
    "Organization": "As it will stand on the certificate and the report.",
    "ISMS scope": "In the words of the scope statement (ISO/IEC 27001, clause 4.3).",
    "SOC 2 system description": "What the SOC 2 report is about, in a sentence.",
    "SOC 2 categories in scope": "Security, and of Availability, Confidentiality, Processing Integrity, Privacy those that are examined. Blank: those you cite.",
    "ISO edition": "The edition and amendment that you are certified against.",
    "Document version": "Of the Statement of Applicability; the certificate will name it.",
    "Owner": "The role that keeps the documents current.",
    "Approver": "Who approves the Statement of Applicability. Until then it says DRAFT.",
    "Approval date": "A date, such as 2026-03-31.",
    "Classification": "Stands in the footer of everything that is written.",
    "SOC 2 period start": "First day of the examined period.",
    "SOC 2 period end": "Last day of the examined period.",
    "ISO stage 1 audit": "First day.",
    "ISO stage 2 audit": "First day.",
    "Risk assessment": "Title, version and date of the one that the Statement of Applicability follows from (6.1.2).",
    "Risk treatment plan": "Title, version and date of the plan that puts it into effect (6.1.3 e).",
}
"""What each setting of the Profile is for."""
_DERIVED = {"controls", "soc2", "iso", "policy", "evidence"}
"""Columns of a Statement of Applicability that follow from the controls, so that nobody has to fill them in."""
_FREEZE = {"Controls": 2, "Applicability": 2, "Evidence": 2, "Policies": 2}
_BLANK = {"Controls": 25, "Mapping": 25, "Evidence": 20, "Policies": 15, "Scope": 15, "Requests": 20, "Calendar": 12}
"""Empty rows ready to be filled, about what fits on the first page; in Excel a table grows by itself when somebody types below it."""


def template(settings: Settings, as_of: dt.date) -> Workbook:
    """Read me, then Profile, Controls, Mapping, Applicability, Evidence, Policies, Scope, Requests, Calendar.

    ``settings`` give organization and classification; ``as_of`` is the day that the examples' dates are near.
    """
    examples = _examples(as_of)
    filled = {"Profile": _profile(settings), "Applicability": [*_annex(), *examples.pop("Applicability")], **examples}
    declared = [sheet for sheet in sheets.SHEETS if sheet is not sheets.SUGGESTIONS]
    tables = [_sheet(sheet, filled[sheet.name]) for sheet in declared]
    return Workbook(
        title="Control mapping workbook",
        subject="Controls, and what they serve in SOC 2 and ISO/IEC 27001",
        sheets=(_read_me(settings, tables), *tables),
        organization=settings.organization,
        state="",
        classification=settings.classification,
    )


Rows = Sequence[Mapping[str, Cell]]
"""Cells by field."""


def _sheet(declared: sheets.Sheet, rows: Rows) -> DataSheet:
    fields = [column for column in declared.columns if declared is not sheets.APPLICABILITY or column.field not in _DERIVED]
    return DataSheet(
        declared.name,
        declared.name,
        f"One row is {declared.row}. {declared.note}",
        columns=tuple(Column.declared(column, quiet=(declared.name, column.field) != ("Profile", "value")) for column in fields),
        rows=[tuple(row.get(column.field) for column in fields) for row in rows],
        table=f"tbl{declared.name}",
        freeze=_FREEZE.get(declared.name, 1),
        blank=_BLANK.get(declared.name, 0),
    )


# --- what is filled in -----------------------------------------------------------------------------------------------------


def _profile(settings: Settings) -> Rows:
    known = {
        "Organization": settings.organization,
        "ISO edition": TITLES[ISO2022],
        "Document version": "0.1",
        "Classification": settings.classification,
        "SOC 2 categories in scope": ", ".join(settings.soc2_categories or ()),
    }
    return [{"setting": name, "value": known.get(name), "notes": PROFILE_NOTES[name]} for name in sheets.PROFILE_SETTINGS]


def _annex() -> Rows:
    return [{"id": entry.id, "title": entry.title} for entry in requirements_of(ISO2022) if entry.kind == "control"]


def _examples(as_of: dt.date) -> dict[str, Rows]:
    """Two or three rows a sheet that refer to each other as real ones do, dated near ``as_of``."""

    def day(days: int) -> dt.date:
        return as_of + dt.timedelta(days=days)

    return {"Controls": _controls(day(-30)), **_mappings(day), **_registers(day), **_dealings(day)}


Day = Callable[[int], dt.date]
"""So many days from today → the date."""


def _mappings(day: Day) -> dict[str, Rows]:
    return {
        "Mapping": [
            {
                "source": "EX-001", "source_title": "Access review", "target": "A.8.2", "target_title": "Privileged access rights",
                "relationship": str(Relationship.INTERSECTS), "strength": 5, "status": str(MappingStatus.ACCEPTED), "method": "human",
                "rationale": "Example: privileged accounts are reviewed too; granting them is not part of the control.",
                "reviewer": "Compliance", "date": day(-10),
            },
            {
                "source": "EX-002", "source_title": "Awareness training", "target": "Clause 7.3", "target_title": "Awareness",
                "relationship": str(Relationship.EQUAL), "strength": 9, "status": str(MappingStatus.PROPOSED), "method": "human",
                "rationale": "Example: the training is how staff learn what the policy asks of them. Somebody still has to accept this.",
            },
        ],
        "Applicability": [
            {
                "id": "EX-101", "title": "Example: a control from elsewhere, such as a card scheme", "applicable": "Yes", "reasons": "CO",
                "inclusion": "Example: the contract with the card scheme asks for it.", "status": str(ControlStatus.PLANNED),
                "how": "Example: card numbers are replaced by tokens at the gateway.", "owner": "Head of Engineering", "review_date": day(180),
            },
        ],
    }  # fmt: skip


def _registers(day: Day) -> dict[str, Rows]:
    return {
        "Evidence": [
            {
                "id": "EX-E1", "title": "Example: signed access review of the last quarter", "link": Link("https://example.com/access-review"),
                "owner": "IT Operations", "collected": day(-30), "valid_until": day(335), "controls": "EX-001",
            },
            {
                "id": "EX-E2", "title": "Example: completion report of the training", "link": Link("https://example.com/training"),
                "owner": "People Operations", "collected": day(-30), "valid_until": day(335), "controls": "EX-002",
            },
        ],
        "Policies": [
            {
                "id": "EX-P1", "title": "Example: Access Control Policy", "version": "1.0", "owner": "CISO", "reviewed": day(-60),
                "soc2": "CC6.1, CC6.2", "iso": "A.5.15, A.5.18", "file": Link("https://example.com/access-control-policy"),
            },
            {
                "id": "EX-P2", "title": "Example: Information Security Policy", "version": "2.1", "owner": "CISO", "reviewed": day(-60),
                "soc2": "CC5.3", "iso": "Clause 5.2, A.5.1", "file": Link("https://example.com/information-security-policy"),
            },
        ],
    }  # fmt: skip


def _dealings(day: Day) -> dict[str, Rows]:
    return {
        "Scope": [
            {"component": "Example: payment platform", "kind": "Application", "in_soc2": "Yes", "in_isms": "Yes"},
            {
                "component": "Example: office network", "kind": "Network", "in_soc2": "No", "in_isms": "Yes",
                "reason": "Example: the report is about the service only; the ISMS covers the offices where it is run.",
            },
        ],
        "Requests": [
            {
                "id": "EX-R1", "text": "Example: list of all access reviews in the period, with the lists signed by the owners",
                "requirements": "CC6.2, CC6.3", "period": f"12 months to {day(0).isoformat()}", "owner": "IT Operations", "due": day(30),
                "internal_status": "Ready", "auditor_status": "Requested", "evidence": "EX-E1",
            },
            {
                "id": "EX-R2", "text": "Example: training records of everybody who joined in the period", "requirements": "CC1.4",
                "period": f"12 months to {day(0).isoformat()}", "owner": "People Operations", "due": day(45),
                "internal_status": "In progress", "auditor_status": "Requested",
            },
        ],
        "Calendar": [
            {"event": "Example: internal audit", "framework": "ISO 27001", "starts": day(60), "ends": day(64), "owner": "Internal Audit"},
            {"event": "Example: management review", "framework": "ISO 27001", "starts": day(90), "ends": day(90), "owner": "CISO"},
        ],
    }  # fmt: skip


def _controls(tested: dt.date) -> Rows:
    return [
        {
            "id": "EX-001", "name": "Access review", "owner": "IT Operations", "status": str(ControlStatus.IMPLEMENTED),
            "description": "Example: every quarter the owner of each system goes through the list of its users, removes leavers and rights that are "
            "no longer needed, and signs the list.",
            "soc2": "CC6.2, CC6.3", "iso": "A.5.18", "policy": "EX-P1", "evidence": "EX-E1", "frequency": "Quarterly", "last_tested": tested,
            "notes": "This is an example: delete the row.",
        },
        {
            "id": "EX-002", "name": "Awareness training", "owner": "People Operations", "status": str(ControlStatus.PARTIAL),
            "description": "Example: everybody takes an online course on information security when they join and once a year, with a test at the end; "
            "completion is reported to managers.",
            "soc2": "CC1.4, CC2.2", "iso": "A.6.3", "policy": "EX-P2", "evidence": "EX-E2", "frequency": "Annual", "last_tested": tested,
            "notes": "This is an example: delete the row.",
        },
        {
            "id": "EX-003", "name": "Supplier review", "owner": "Procurement", "status": str(ControlStatus.PLANNED),
            "description": "Example: before the contract and once a year the security of every supplier that handles customer data is assessed from its "
            "reports and a questionnaire.",
            "soc2": "CC9.2", "iso": "A.5.19, A.5.22", "frequency": "Annual", "notes": "This is an example: delete the row.",
        },
    ]  # fmt: skip


# --- the first sheet -------------------------------------------------------------------------------------------------------

STEPS = (
    "1. Profile: type who you are, what is in scope, and which SOC 2 categories are examined.",
    "2. Controls: paste your controls, one row each, with the ids that each serves. If that is all you have, it is enough.",
    "3. Delete the examples: every row with an id that begins with EX- or a name that begins with Example. Select them, right-click, Delete, Table Rows. Until they are gone, they are checked and counted like your own.",
    "4. Run “workbench run” on this file. It says what is wrong and in which cell, what to map next, how much SOC 2 already gives you, and what is missing.",
    "5. Decide: “workbench suggest --write” puts the suggestions into this file; type Accept or Reject beside each, then “workbench accept” writes the ids for you. Type Yes or No into Applicability, and run again, until all 93 are decided and an approver is named.",
)
WORDS = (
    "Requirement: a SOC 2 criterion, an Annex A control or a clause of ISO/IEC 27001. Control: one of your own, such as AC-001.",
    "Mapping: a control serves a requirement. Relationship: equal or superset of when it serves all of it, subset of or intersects with when it serves a part.",
    "Coverage: how far a requirement is served. Covered by an implemented control; partial, planned or none otherwise. Partials never add up to covered.",
    "Statement of Applicability: which of the 93 Annex A controls apply, why, and how far they are implemented (6.1.3 d).",
    "Finding: something that is wrong in this workbook, with its cell. Suggestion: what the workbench proposes; it counts only once somebody accepts it.",
    "Evidence: what proves that a control works. Request: what an auditor asks for.",
)
HABITS = (
    "Add columns, sheets, colours and comments as you like, and move columns about: headings are found by their names, and whatever is not known is left alone.",
    "Write ids as text, several in a cell with a comma between: CC6.1, A.5.15, Clause 6.1.2. Columns for ids are set so that 5.10 does not become 5.1.",
    "Every heading has a note: rest the pointer on it. Cells with an arrow offer a list; pasting plain words works too.",
    "All sheets but Controls may stay empty. Suggestions and findings get sheets and files of their own when the workbench runs.",
)


def _read_me(settings: Settings, tables: Sequence[DataSheet]) -> SummarySheet:
    return SummarySheet(
        "Control mapping workbook" + (f": {settings.organization}" if settings.organization else ""),
        "Your controls, and what they serve in SOC 2 and ISO/IEC 27001: fill it in, mail it around, and let the workbench check it and write gap "
        "analysis, overlap and Statement of Applicability from it.",
        paragraphs=(
            ("Start in five steps", "\n".join(STEPS)),
            ("Words", "\n".join(WORDS)),
            ("Good to know", "\n".join(HABITS)),
        ),
        links=tuple((table.link(), sheets.BY_NAME[table.name].note) for table in tables),
        name=READ_ME,
    )
