"""Makes the workbooks of ``input_workbooks/``: six inputs as they arrive in practice. Same bytes on every run.

``python scripts/make_examples.py [FOLDER]``. The companies are invented, the words are our own. ``PLANTED`` lists every fault put into
the consultant's mess, by cell; the tests hold that each is found there and nothing else is.
"""

from __future__ import annotations

import csv
import datetime as dt
import sys
from collections.abc import Sequence
from pathlib import Path

import xlsxwriter
from xlsxwriter.format import Format
from xlsxwriter.workbook import Workbook
from xlsxwriter.worksheet import Worksheet

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from harbor import harbor  # noqa: E402

from workbench import frameworks  # noqa: E402
from workbench.model import ISO2022, SOC2  # noqa: E402

HERE = Path(__file__).resolve().parent / "examples"
CREATED = dt.datetime(2026, 1, 5)  # noqa: DTZ001
Cell = str | int | float | dt.date | None
Row = Sequence[Cell]


class Book:
    """A workbook as somebody's spreadsheet program would leave it: plain, but with a bold heading and sensible widths."""

    def __init__(self, path: Path) -> None:
        self.book: Workbook = xlsxwriter.Workbook(path, {"strings_to_formulas": False, "strings_to_urls": False})
        self.book.set_properties({"created": CREATED, "author": "", "title": path.stem})
        self.bold = self.format(bold=True, bg_color="#DDE5EE", text_wrap=True, valign="top", bottom=1)
        self.wrap = self.format(text_wrap=True, valign="top")
        self.day = self.format(num_format="yyyy-mm-dd", valign="top")

    def format(self, **properties: object) -> Format:
        """A cell format."""
        return self.book.add_format(properties)

    def sheet(self, name: str, heading: Row, rows: Sequence[Row], widths: Sequence[int], *, top: int = 0) -> Worksheet:
        """A sheet whose heading stands in row ``top`` (from 0) with the rows below it."""
        page = self.book.add_worksheet(name)
        for place, width in enumerate(widths):
            page.set_column(place, place, width)
        page.write_row(top, 0, heading, self.bold)
        for number, row in enumerate(rows, top + 1):
            for place, value in enumerate(row):
                self.put(page, number, place, value)
        page.freeze_panes(top + 1, 1)
        return page

    def put(self, page: Worksheet, row: int, place: int, value: Cell) -> None:
        """One cell, typed as Python has it."""
        if isinstance(value, dt.date):
            page.write_datetime(row, place, dt.datetime.combine(value, dt.time()), self.day)
        elif isinstance(value, str) and value:
            page.write_string(row, place, value, self.wrap)
        elif value not in {None, ""}:
            page.write(row, place, value, self.wrap)


# --- a well-kept company ---------------------------------------------------------------------------------------------

RISKS = (
    "leak of patient data", "takeover of an account", "ransomware", "failure of a cloud region", "error in a release", "misuse by an insider",
    "loss of a device", "failure of a supplier", "breach of a contract", "breach of privacy law", "loss of key staff", "attack on the network",
    "weakness left unpatched", "incident noticed too late", "intrusion into the office", "loss of records", "fraud", "unclear duties",
    "misconfiguration of the cloud", "outdated procedures", "loss of trust of customers", "power or climate failure", "untrained staff",
    "leak of source code", "error in data processing", "unlicensed software", "untested recovery", "shadow IT", "weak cryptography", "exposed secrets",
)  # fmt: skip
POLICIES = (
    ("POL-01", "Code of conduct and security policy", "CC1.1, CC2.2, CC5.3", "A.5.1, Clause 5.2"),
    ("POL-02", "Governance charter", "CC1.2, CC1.3", "A.5.2, Clause 5.1, Clause 5.3"),
    ("POL-03", "People security policy", "CC1.4, CC1.5", "A.6.1, A.6.2, A.6.3"),
    ("POL-04", "Management system manual", "CC2.1, CC3.1, CC4.1, CC5.2", "Clause 4.3, Clause 6.2, Clause 8.1"),
    ("POL-05", "Risk management policy", "CC3.2, CC3.3, CC3.4, CC9.1", "Clause 6.1.2, Clause 6.1.3"),
    ("POL-06", "Audit and improvement procedure", "CC4.1, CC4.2", "Clause 9.2.1, Clause 9.3.1, Clause 10.2"),
    ("POL-07", "Access control policy", "CC6.1, CC6.2, CC6.3", "A.5.15, A.5.18, A.8.2"),
    ("POL-08", "Asset and information handling policy", "CC6.5, CC6.7, C1.1", "A.5.9, A.5.10, A.5.12"),
    ("POL-09", "Secure development policy", "CC8.1", "A.8.25, A.8.28, A.8.32"),
    ("POL-10", "Infrastructure and cryptography standard", "CC6.6, CC6.7", "A.8.9, A.8.20, A.8.24"),
    ("POL-11", "Operations and incident policy", "CC7.1, CC7.2, CC7.3, CC7.4", "A.5.24, A.8.8, A.8.15, A.8.16"),
    ("POL-12", "Physical security standard", "CC6.4", "A.7.1, A.7.2"),
    ("POL-13", "Supplier policy", "CC9.2", "A.5.19, A.5.20, A.5.22"),
    ("POL-14", "Legal and records policy", "C1.2, P4.2", "A.5.31, A.5.33"),
    ("POL-15", "Continuity and recovery policy", "A1.1, A1.2, A1.3", "A.5.29, A.5.30, A.8.13"),
    ("POL-16", "Privacy policy", "P1.1, P2.1, P5.1, P6.1", "A.5.34"),
)  # fmt: skip
PROFILE = (
    ("Organization", "Alder Health Analytics (invented)"),
    ("ISMS scope", "Development and operation of the Alder analytics service, its cloud platform and the head office"),
    ("SOC 2 system description", "The Alder analytics service as described in version 4 of the system description"),
    ("SOC 2 categories in scope", "Security, Availability, Confidentiality, Privacy"),
    ("ISO edition", "ISO/IEC 27001:2022 with Amendment 1:2024"),
    ("Document version", "1.2"),
    ("Owner", "Head of Security"),
    ("Approver", "Chief Executive Officer"),
    ("Approval date", dt.date(2026, 6, 30)),
    ("Classification", "Confidential"),
    ("SOC 2 period start", dt.date(2026, 1, 1)),
    ("SOC 2 period end", dt.date(2026, 12, 31)),
    ("ISO stage 1 audit", dt.date(2027, 1, 18)),
    ("ISO stage 2 audit", dt.date(2027, 3, 8)),
)
SCOPE = (
    ("Analytics platform", "Application", "Yes", "Yes", ""),
    ("Production cloud accounts", "Infrastructure", "Yes", "Yes", ""),
    ("Identity provider", "Service", "Yes", "Yes", ""),
    ("Ticket system", "Service", "Yes", "Yes", ""),
    ("Head office", "Location", "No", "Yes", "No part of the service runs there; its staff are in the ISMS."),
    ("Marketing website", "Application", "No", "No", "Holds no customer data."),
)
REASONS = ("RRA", "RRA, CO", "RRA, LR", "BR, RRA", "CO")


def alder(path: Path) -> None:
    """A company that keeps its library well: 120 controls, a decided SoA, registers of evidence, policies and scope."""
    controls = _alder_controls()
    book = Book(path)
    book.sheet("Profile", ("Setting", "Value"), PROFILE, (30, 70))
    heading = (
        "Control ID", "Control name", "Description", "Owner", "Status", "SOC 2 criteria", "ISO 27001 controls", "Policy", "Evidence",
        "Frequency", "Last tested", "Notes",
    )  # fmt: skip
    rows = [
        (
            entry["id"], entry["name"], entry["description"], entry["owner"], entry["status"], entry["soc2"], entry["iso"], entry["policy"],
            entry["evidence_id"], entry["frequency"], _tested(entry, number), "",
        )
        for number, entry in enumerate(controls)
    ]  # fmt: skip
    book.sheet("Controls", heading, rows, (12, 30, 70, 16, 20, 16, 18, 10, 10, 12, 12, 24))
    _alder_soa(book, controls)
    _alder_registers(book, controls)
    book.book.close()


def _alder_controls() -> list[dict[str, str]]:
    with (HERE / "alder_controls.psv").open(encoding="utf-8", newline="") as file:
        controls = list(csv.DictReader(file, delimiter="|"))
    for number, entry in enumerate(controls, 1):
        entry["id"], entry["evidence_id"] = f"AH-{number:03d}", f"EV-{number:03d}"
    return controls


def _tested(entry: dict[str, str], number: int) -> dt.date | None:
    """When the control was last tested: lately for frequent ones, within the year for yearly ones."""
    if entry["status"] in {"Planned", "Not implemented"}:
        return None
    lately = entry["frequency"] not in {"Annual", "Semi-annual", "On event"}
    return dt.date(2026, 11, 1 + number % 20) if lately else dt.date(2026, 7 + number % 4, 1 + number % 27)


def _alder_soa(book: Book, controls: Sequence[dict[str, str]]) -> None:
    serving: dict[str, list[dict[str, str]]] = {}
    for entry in controls:
        for name in entry["iso"].split(", "):
            serving.setdefault(name, []).append(entry)
    annex = [entry for entry in frameworks.framework(ISO2022).requirements if entry.kind == "control"]
    rows = [_soa_row(entry.id, entry.title, serving.get(entry.id, []), number) for number, entry in enumerate(annex)]
    heading = (
        "ID", "Title", "Applicable", "Reasons for inclusion", "Justification for inclusion", "Justification for exclusion",
        "Implementation status", "Implementing controls", "Evidence", "Risk reference", "Owner", "Review date",
    )  # fmt: skip
    book.sheet("Applicability", heading, rows, (10, 40, 11, 12, 44, 44, 20, 18, 18, 10, 16, 12))


def _soa_row(name: str, title: str, serving: Sequence[dict[str, str]], number: int) -> Row:
    if name == "A.8.30":
        why = "All software is written by employees; no development is outsourced and the sourcing policy forbids it."
        return (name, title, "No", "", "", why, "Not applicable", "", "", "", "Head of Security", dt.date(2027, 6, 30))
    statuses = {entry["status"] for entry in serving}
    status = next((word for word in ("Implemented", "Partially implemented", "Planned") if word in statuses), "Not implemented")
    proof = ", ".join(entry["evidence_id"] for entry in serving if entry["status"] == "Implemented")
    risk = number % len(RISKS)
    why = f"Treats the risk of {RISKS[risk]} (R-{risk + 1:02d}) for {title[0].lower()}{title[1:]}."
    names = ", ".join(entry["id"] for entry in serving)
    owner = serving[0]["owner"] if serving else "Security"
    return (
        name,
        title,
        "Yes",
        REASONS[number % 5],
        why,
        "",
        status,
        names,
        proof,
        f"R-{risk + 1:02d}",
        owner,
        dt.date(2027, 6, 30),
    )


def _alder_registers(book: Book, controls: Sequence[dict[str, str]]) -> None:
    evidence = [
        (entry["evidence_id"], entry["evidence"], f"https://evidence.alder.example/{entry['evidence_id']}", entry["owner"], _tested(entry, number) or "", "", entry["id"])
        for number, entry in enumerate(controls)
    ]  # fmt: skip
    heading = ("Evidence ID", "Title", "File or link", "Owner", "Collected", "Valid until", "Controls")
    book.sheet("Evidence", heading, evidence, (12, 34, 42, 16, 12, 12, 12))
    policies = [
        (name, title, f"{1 + place % 4}.{place % 3}", "Head of Security", dt.date(2026, 2 + place % 8, 10), soc2, iso, f"https://policies.alder.example/{name}")
        for place, (name, title, soc2, iso) in enumerate(POLICIES)
    ]  # fmt: skip
    heading = ("Policy ID", "Title", "Version", "Owner", "Reviewed", "SOC 2 criteria", "ISO 27001 references", "File")
    book.sheet("Policies", heading, policies, (10, 38, 9, 18, 12, 24, 30, 42))
    heading = ("Component", "Kind", "In SOC 2 system description", "In ISMS scope", "Reason")
    book.sheet("Scope", heading, SCOPE, (30, 16, 16, 14, 60))


# --- the consultant's mess -------------------------------------------------------------------------------------------

MESS_HEADING = (
    "Ref.",
    "Control activity",
    "What we do",
    "Resp.",
    "Impl. state",
    "TSC ref",
    "ISO/IEC 27001:2022 ref",
    "Proof",
    "Tested on",
    "Comments",
)
MESS = (
    ("QL-01", "Access policy", "Access to the freight system follows a written policy.", "IT", "Done", "CC6.1;CC6.3", "A.5.15", "policy.pdf", dt.date(2026, 5, 4), ""),
    ("QL-02", "Joiners and movers", "New staff get access on a ticket.", "IT", "Done", "CC6.2", "A.9.2.1", "tickets", dt.date(2026, 5, 4), ""),
    ("QL-03", "Leavers", "Accounts are closed on the last day.", "IT", "In progress", "CC6.2 / CC6.3", "A.5.18 | A.6.5", "checklist", dt.date(2026, 5, 4), ""),
    ("QL-04", "Physical access", "Badges for warehouse and office.", "Facilities", "Done", "СC6.4", "A.7.2", "badge list", dt.date(2026, 6, 1), ""),
    ("QL-05", "Network protection", "Firewalls between office, warehouse and cloud.", "IT", "Done", "CC6.6", "A.8.20 and A.8.22", "rules", dt.date(2026, 6, 1), ""),
    ("QL-06", "Antivirus", "Endpoint protection on all scanners and laptops.", "IT", "Done", "CC6.8", "A.8.7", "report", dt.date(2026, 6, 1), ""),
    ("QL-07", "Information security policies", "Policies approved by management.", "CEO", "Done", "CC5.3", 5.1, "policies", dt.date(2026, 2, 2), "typed as a number"),
    ("QL-08", "Logging", "Logs are collected centrally.", "IT", "Done", "CC7.2", "A.8.15\nA.8.16", "SIEM", dt.date(2026, 6, 1), ""),
    ("QL-09", "Incident handling", "Incidents follow a plan.", "Security", "Done", "CC7.3-CC7.5", "A.5.24", "plan", dt.date(2026, 6, 1), ""),
    ("QL-10", "Change management", "Changes are reviewed and approved.", "IT", "kind of", "CC8.1", "A.8.32", "tickets", dt.date(2026, 6, 1), ""),
    ("QL-11", "Vendor management", "Carriers and software vendors are assessed.", "Procurement", "Done", "CC9.2", "A.5.19, A.5.38", "files", dt.date(2026, 6, 1), ""),
    ("QL-12", "Risk register", "Risks are assessed every year.", "Security", "Done", "CC3.2, CC3.9", "Clause 6.1.2", "register", dt.date(2026, 1, 9), ""),
    ("QL-12", "Asset list", "Scanners and laptops are inventoried.", "IT", "Done", "CC6.1", "A.5.9", "inventory", dt.date(2026, 6, 1), ""),
    ("QL-13", "Training", "All staff are trained.", "HR", "Done", "CC1.4", "CC2.2", "slides", dt.date(2026, 4, 7), "wrong column"),
    ("QL-14", "Background checks", "Drivers and office staff are checked.", "HR", "Done", "CC1.4", dt.date(2026, 1, 6), "files", dt.date(2026, 4, 7), "Excel made a date of 6.1"),
    ("QL-15", "Backups", "Daily backups, restored every quarter.", "IT", "Done", "A1.2", "A.8.13", "#REF!", dt.date(2026, 6, 1), ""),
    ("QL-16", "Encryption", "Disks and links are encrypted.", "IT", "Done", "CC6.7", "A.8.24", "", None, "formula never calculated"),
    ("QL-17", "Supplier contracts", "Contracts hold security clauses.", "Legal", "Done", "CC9.2", "see policy", "contracts", dt.date(2026, 6, 1), ""),
    ("QL-18", "Vulnerability scans", "Weekly scans.", "Security", "Done", "CC7.1-POF2", "A.8.8", "scans", dt.date(2027, 3, 1), "date in the future"),
    ("", "Visitors", "Visitors are escorted.", "Facilities", "Done", "CC6.4", "A.7.2", "log", dt.date(2026, 6, 1), ""),
    ("QL-20", "Disposal", "Scanners are wiped.", "IT", "Done", "CC6.5", "A.7.14", "certificates", dt.date(2026, 6, 1), "hidden row"),
    ("QL-21", "Access reviews", "Access is reviewed each quarter.", "IT", "Planned", "CC6.3, CC6.3", "A.5.18", "", None, ""),
    ("QL-22", "Key cabinet", "Keys are kept in a cabinet.", "Facilities", "N/A", "CC6.4", "A.7.2", "", None, "not applicable, yet mapped"),
)  # fmt: skip
MESS_TOP = 5
"""Excel row 6 holds the heading, so the first control stands in row 7."""
PLANTED = (
    ("G8", "MAP004"),  # A.9.2.1 under a heading that says 2022
    ("F10", "MAP007"),  # a Cyrillic letter in СC6.4
    ("G13", "MAP002"),  # 5.1 typed as a number
    ("F15", "MAP008"),  # CC7.3-CC7.5
    ("E16", "CTL004"),  # "kind of"
    ("G17", "MAP001"),  # A.5.38
    ("F18", "MAP001"),  # CC3.9
    ("A19", "CTL002"),  # QL-12 twice
    ("G20", "MAP017"),  # CC2.2 under ISO
    ("G21", "MAP006"),  # 6.1 became 6 January
    ("H22", "WBK004"),  # #REF!
    ("H23", "WBK003"),  # a formula that nothing has calculated
    ("G24", "MAP021"),  # "see policy"
    ("F25", "MAP018"),  # a point of focus
    ("I25", "CTL011"),  # tested in the future
    ("A26", "CTL001"),  # no id
    ("A27", "WBK006"),  # a hidden row
    ("F28", "MAP003"),  # CC6.3 twice in a cell
    ("E29", "CTL009"),  # not applicable, yet mapped
)
"""(cell of the matrix, rule) of every fault in the mess, notes included, in sheet order."""


def quay(path: Path) -> None:
    """A consultant's working copy: title rows, other headings, old ids, numbers, dates, hidden rows, a dashboard, a list."""
    book = Book(path)
    page = book.sheet("Matrix v3 FINAL", MESS_HEADING, MESS, (8, 24, 44, 14, 14, 16, 20, 16, 12, 24), top=MESS_TOP)
    page.write_string(0, 0, "Quay Logistics (invented): control matrix", book.format(bold=True, font_size=14))
    page.write_string(1, 0, "Working copy, please do not forward. Status words as agreed in the kick-off.")
    page.merge_range(3, 5, 3, 6, "Mapped to", book.bold)
    uncalculated = MESS_TOP + 1 + [row[0] for row in MESS].index("QL-16")
    page.write_formula(uncalculated, 7, "=VLOOKUP(A1,Z:Z,1,0)", book.wrap, "")
    page.write_formula(uncalculated - 1, 7, "=#REF!", book.wrap, "#REF!")
    page.set_row(MESS_TOP + 1 + [row[0] for row in MESS].index("QL-20"), None, None, {"hidden": True})
    dashboard = book.sheet("Dashboard", ("Theme", "Done", "Open"), (("Access", 4, 1), ("Operations", 7, 2)), (20, 8, 8))
    dashboard.write_string(5, 0, "Ask for the pivot if you need it.")
    words = book.sheet("Lists", ("Status words",), (("Done",), ("In progress",), ("Planned",), ("N/A",)), (20,))
    words.hide()
    book.book.close()


# --- a grid, a pair list, the article's case ---------------------------------------------------------------------------

GRID_MARKS = {
    "CC6.1": ("A.5.15", "A.5.17", "A.8.2", "A.8.3", "A.8.5", "A.8.24"), "CC6.2": ("A.5.16", "A.5.18", "A.6.5"), "CC6.3": ("A.5.3", "A.5.18", "A.8.2"),
    "CC6.4": ("A.7.1", "A.7.2", "A.7.4"), "CC6.5": ("A.7.14", "A.8.10"), "CC6.6": ("A.8.20", "A.8.22", "A.8.23"), "CC6.7": ("A.5.14", "A.7.10", "A.8.24"),
    "CC6.8": ("A.8.7", "A.8.19"), "CC7.1": ("A.8.8", "A.8.9"), "CC7.2": ("A.8.15", "A.8.16"), "CC7.3": ("A.5.25",), "CC7.4": ("A.5.24", "A.5.26"),
    "CC7.5": ("A.5.27", "A.5.29"), "CC8.1": ("A.8.25", "A.8.29", "A.8.31", "A.8.32"), "CC9.2": ("A.5.19", "A.5.20", "A.5.22"), "A1.2": ("A.8.13", "A.8.14"),
}  # fmt: skip
PARTLY = {("CC6.1", "A.8.24"), ("CC6.6", "A.8.23"), ("CC7.5", "A.5.29"), ("CC6.3", "A.5.3")}


def grid(path: Path) -> None:
    """Criteria down, Annex A controls across, X where one serves the other and P where only in part."""
    book = Book(path)
    across = [entry.id for entry in frameworks.framework(ISO2022).requirements if entry.kind == "control"]
    criteria = [
        entry for entry in frameworks.framework(SOC2).requirements if entry.attributes["category"] in {"Security", "Availability"}
    ]
    rows = [
        (entry.id, entry.title, *("Partial" if (entry.id, name) in PARTLY else "X" if name in GRID_MARKS.get(entry.id, ()) else "" for name in across))
        for entry in criteria
    ]  # fmt: skip
    page = book.sheet("Matrix", ("Criterion", "Title", *across), rows, (10, 40, *[6] * 93), top=2)
    page.write_string(
        0,
        0,
        "Lakeside Payments (invented): which criterion speaks to which Annex A control; X in full, Partial where only in part",
    )
    book.book.close()


PAIRS = (
    ("CC1.1", "A.6.2", "Intersects", 5, "Both ask that people know the rules they must keep."),
    ("CC1.4", "A.6.1", "Partial", 5, "Screening is one means of hiring able people."),
    ("CC1.4", "A.6.3", "Partial", 6, "Training keeps people able."),
    ("CC2.2", "A.6.3", "Partial", 5, "Awareness is a part of internal communication."),
    ("CC3.2", "Clause 6.1.2", "Direct", 9, "Both ask for identified and analysed risks."),
    ("CC3.2", "A.5.7", "Partial", 4, "Threat intelligence feeds the analysis."),
    ("CC4.1", "A.5.35", "Partial", 6, "An independent review is one kind of evaluation."),
    ("CC4.1", "Clause 9.2.1", "Partial", 7, "Internal audit is a separate evaluation."),
    ("CC4.2", "Clause 10.2", "Direct", 8, "Faults are communicated and corrected."),
    ("CC5.3", "A.5.1", "Direct", 8, "Policies that say what is expected."),
    ("CC5.3", "A.5.37", "Partial", 6, "Procedures put policies to work."),
    ("CC6.1", "A.5.15", "Partial", 7, "Rules for access are a part of logical access security."),
    ("CC6.1", "A.8.5", "Superset of", 8, "Authentication is one of the means the criterion expects."),
    ("CC6.1", "A.8.24", "Partial", 6, "Encryption protects stored information."),
    ("CC6.2", "A.5.16", "Superset of", 8, "Registration of users and credentials."),
    ("CC6.2", "A.5.18", "Partial", 8, "Granting and withdrawal of access."),
    ("CC6.3", "A.5.18", "Partial", 7, "Changes and reviews of access."),
    ("CC6.3", "A.5.3", "Superset of", 7, "Separation of duties."),
    ("CC6.4", "A.7.2", "Superset of", 9, "Entry to premises is controlled."),
    ("CC6.4", "A.7.1", "Partial", 6, "Perimeters are a means to that end."),
    ("CC6.5", "A.7.14", "Direct", 9, "Equipment is cleared before disposal."),
    ("CC6.6", "A.8.20", "Partial", 7, "Networks are protected against outsiders."),
    ("CC6.7", "A.5.14", "Direct", 8, "Rules for moving information."),
    ("CC6.8", "A.8.7", "Superset of", 9, "Malware is kept out and found."),
    ("CC7.1", "A.8.8", "Partial", 8, "Weaknesses are found."),
    ("CC7.2", "A.8.16", "Direct", 9, "Systems are watched for anomalies."),
    ("CC7.2", "A.8.15", "Partial", 7, "Logs are what is watched."),
    ("CC7.3", "A.5.25", "Direct", 9, "Events are judged."),
    ("CC7.4", "A.5.26", "Direct", 9, "Incidents are responded to."),
    ("CC7.5", "A.5.27", "Partial", 5, "Lessons are drawn."),
    ("CC8.1", "A.8.32", "Superset of", 9, "Changes are controlled."),
    ("CC8.1", "A.8.25", "Partial", 6, "Development is a source of change."),
    ("CC9.1", "A.5.29", "Partial", 5, "Disruption is prepared for."),
    ("CC9.2", "A.5.19", "Direct", 9, "Suppliers' risks are managed."),
    ("A1.1", "A.8.6", "Direct", 9, "Capacity is managed."),
    ("A1.2", "A.8.13", "Partial", 8, "Backups."),
    ("A1.3", "A.5.30", "Partial", 6, "Recovery is tested."),
    ("C1.1", "A.5.12", "Partial", 7, "Confidential information is identified."),
    ("C1.2", "A.8.10", "Direct", 8, "Confidential information is deleted."),
)


def pair_list(path: Path) -> None:
    """A crosswalk in the words of its makers: Direct, Partial, Intersects."""
    titles = {entry.id: entry.title for name in (SOC2, ISO2022) for entry in frameworks.framework(name).requirements}
    book = Book(path)
    rows = [
        (source, titles[source], target, titles[target], word, strength, why) for source, target, word, strength, why in PAIRS
    ]
    heading = ("SOC 2 criterion", "Criterion title", "ISO 27001:2022", "ISO title", "Match", "Strength", "Rationale")
    book.sheet("Crosswalk", heading, rows, (12, 36, 14, 40, 14, 10, 60))
    book.book.close()


ARTICLE_PAIRS = (
    (
        "CC6.1",
        "Logical and physical access controls",
        "A.9.1",
        "Access control policy",
        "One access control policy can serve both.",
    ),
    ("CC3.1", "Entity identifies risks", "A.8.1", "Information security risk assessment", "One risk register can serve both."),
    ("Availability", "Availability requirements", "A.17", "Business continuity", "Overlaps."),
    ("Confidentiality", "Confidentiality controls", "A.8.2", "Information classification", "Mirrors."),
    ("Privacy", "Privacy considerations", "A.18", "Compliance with legal requirements", "Connects."),
)


def article(path: Path) -> None:
    """The case that the project started from: one control and five alignments, as an article gave them in 2026."""
    book = Book(path)
    heading = ("Control ID", "Control Name", "SOC 2 Mapping", "ISO 27001 Mapping", "Implementation")
    row = (
        "AC-001",
        "User Access Management",
        "CC6.1, CC6.2",
        "A.9.1.1, A.9.2.1",
        "One procedure document that serves both frameworks.",
    )
    book.sheet("Controls", heading, (row,), (12, 30, 18, 20, 60))
    heading = ("SOC 2", "SOC 2 topic", "ISO 27001", "ISO 27001 topic", "Why")
    book.sheet("Alignment", heading, ARTICLE_PAIRS, (16, 34, 12, 38, 40))
    book.book.close()


EXAMPLES = {
    "alder-health.xlsx": alder,
    "quay-logistics.xlsx": quay,
    "lakeside-grid.xlsx": grid,
    "crosswalk-pairs.xlsx": pair_list,
    "article-case.xlsx": article,
    "harbor-payments.xlsx": harbor,
}


def main(arguments: Sequence[str]) -> None:
    """Write all examples into a folder."""
    folder = Path(arguments[0]) if arguments else ROOT / "input_workbooks"
    folder.mkdir(parents=True, exist_ok=True)
    for name, make in EXAMPLES.items():
        make(folder / name)
        print(folder / name)


if __name__ == "__main__":
    main(sys.argv[1:])
