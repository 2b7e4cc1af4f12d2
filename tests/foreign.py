"""Workbooks as strangers make them: SoA templates, gap tools, readiness lists, exports, crosswalks, grids.

Every function below makes one workbook in a style met in practice, in our own words, with the faults such workbooks really have. Its
decorator says, as literals, what must become of it: ``sheets`` tab → (layout, heading row, data rows) or None for ignored, how many
``controls`` and distinct mapped ``pairs`` there are, how many of the 93 Annex A controls of 2022 the headline counts (``annex``), and
which findings of severity error or warning there are. Anything else at those severities is a false alarm. ``refused`` is what is said of a
workbook that holds nothing to read.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from examples import typed
from openpyxl import Workbook

from workbench.frameworks import framework
from workbench.model import ISO2013, ISO2022, SOC2

Row = Sequence[object]
Expected = tuple[str, int, int] | None


@dataclass(frozen=True, slots=True)
class Tab:
    """One sheet: its rows from row 1, merged ranges, number formats by cell, and whether it is hidden."""

    name: str
    rows: Sequence[Row]
    merged: Sequence[str] = ()
    formats: Mapping[str, str] = field(default_factory=dict)
    state: str = "visible"


@dataclass(frozen=True, slots=True)
class Foreign:
    """One workbook and what must become of it."""

    name: str
    tabs: Callable[[], Iterable[Tab]]
    sheets: Mapping[str, Expected]
    controls: int
    pairs: int
    annex: int
    faults: tuple[str, ...]
    encoding: str
    delimiter: str
    refused: str = ""

    def write(self, folder: Path) -> Path:
        """The file, written into ``folder``: xlsx, or csv where an encoding is given."""
        tabs = list(self.tabs())
        if self.encoding:
            return self._write_csv(folder / f"{self.name}.csv", tabs[0].rows)
        book = Workbook()
        book.remove(book.active)
        for tab in tabs:
            sheet = book.create_sheet(tab.name)
            for row in tab.rows:
                sheet.append(list(row))
            for span in tab.merged:
                sheet.merge_cells(span)
            for cell, form in tab.formats.items():
                sheet[cell].number_format = form
            sheet.sheet_state = tab.state
        path = folder / f"{self.name}.xlsx"
        book.save(path)
        return path

    def _write_csv(self, path: Path, rows: Iterable[Row]) -> Path:
        out = io.StringIO()
        csv.writer(out, delimiter=self.delimiter, lineterminator="\r\n").writerows(rows)
        path.write_bytes(out.getvalue().encode(self.encoding))
        return path


CORPUS: list[Foreign] = []


def foreign(
    sheets: Mapping[str, Expected],
    *,
    controls: int = 0,
    pairs: int = 0,
    annex: int = 0,
    faults: str = "",
    encoding: str = "",
    delimiter: str = ",",
    refused: str = "",
) -> Callable[[Callable[[], Iterable[Tab]]], Callable[[], Iterable[Tab]]]:
    """Adds the decorated maker of tabs to the corpus. ``faults`` is one ``RULE Sheet!Cell`` a line."""

    def add(tabs: Callable[[], Iterable[Tab]]) -> Callable[[], Iterable[Tab]]:
        told = tuple(line.strip() for line in faults.strip().splitlines() if line.strip())
        CORPUS.append(Foreign(tabs.__name__, tabs, sheets, controls, pairs, annex, told, encoding, delimiter, refused))
        return tabs

    return add


def table(text: str) -> list[list[object]]:
    """Rows from a pipe table as they are typed into Excel; ``⏎`` is a line break in a cell, a line of ``.`` an empty row."""
    lines = [line.strip() for line in text.strip().splitlines()]
    rows = [[] if line == "." else [typed(cell.strip()) for cell in line.split("|")] for line in lines]
    return [[cell.replace("⏎", "\n") if isinstance(cell, str) else cell for cell in row] for row in rows]


ANNEX = [(one.id, one.title) for one in framework(ISO2022).requirements if one.id.startswith("A.")]
OLD = [(one.id, one.title) for one in framework(ISO2013).requirements]
OLD_DOMAINS = [(one.id, one.title) for one in framework(ISO2013).groups if one.kind == "domain"]
CLAUSES = [(one.id.removeprefix("Clause "), one.title) for one in framework(ISO2022).requirements if one.kind == "clause"]
CRITERIA = [(one.id, one.title) for one in framework(SOC2).requirements]
COMMON = [(name, title) for name, title in CRITERIA if name.startswith("CC")]
THEMES = {"5": "Organizational controls", "6": "People controls", "7": "Physical controls", "8": "Technological controls"}

_WHY = (
    "contract {0} asks for it",
    "risk R-{0} of the register",
    "legal duty no. {0}",
    "follows from scenario {0}",
    "treats risk {0}",
)
_HOW = ("ticket queue {0}", "procedure P-{0}", "tool set-up {0}", "weekly routine {0}", "standard {0}")
REWORDED = {
    "A.5.1": "Infosec policies", "A.5.9": "Asset inventory", "A.5.15": "Access Control Policy", "A.5.18": "Provisioning and review of access rights",
    "A.5.23": "Cloud services security", "A.5.30": "ICT continuity readiness", "A.5.34": "Privacy & PII protection", "A.6.1": "Background screening",
    "A.6.3": "Awareness, education & training", "A.6.7": "Teleworking", "A.7.2": "Physical entry controls", "A.7.4": "Physical monitoring (CCTV)",
    "A.7.10": "Removable media", "A.8.1": "User endpoint devices", "A.8.8": "Vulnerability management", "A.8.9": "Config. management",
    "A.8.12": "DLP", "A.8.13": "Backup", "A.8.16": "Monitoring of activities", "A.8.17": "Clock synchronisation", "A.8.20": "Network security",
    "A.8.23": "Web filters", "A.8.24": "Cryptography", "A.8.25": "Secure SDLC", "A.8.31": "Separation of dev, test and prod", "A.8.32": "Change control",
}  # fmt: skip


def why(number: int) -> str:
    """A justification that no other row of the sheet has."""
    return f"Included: {_WHY[number % len(_WHY)].format(number)}"


def how(number: int) -> str:
    """How something is done, different in each row."""
    return f"Done by {_HOW[number % len(_HOW)].format(number)}"


def named(name: str, title: str) -> str:
    """The title as people write it: shortened or reworded for some."""
    return REWORDED.get(name, title)


def with_bands(rows: Iterable[Row], theme: Callable[[Row], str], bands: Mapping[str, str]) -> list[Row]:
    """The rows with a band row before the first of each theme."""
    out: list[Row] = []
    last = ""
    for row in rows:
        now = theme(row)
        if now != last:
            out.append([bands[now]])
        out.append(row)
        last = now
    return out


def theme_of(row: Row) -> str:
    """5 of A.5.1 or 5.1 in the first cell."""
    return str(row[0]).removeprefix("A.").split(".")[0]


# --- Statements of Applicability -----------------------------------------------------------------------------------


@foreign(
    {"Cover": None, "SoA": ("assessment", 6, 93), "Lists": None},
    faults="""
    SOA005 SoA!C6
    SOA004 SoA!D56
    MAP001 SoA!A58
    MAP011 SoA!A80
    """,
)
def soa_with_theme_bands() -> Iterator[Tab]:
    """2022 by theme, logo and title rows above, one justification column, reworded titles, one id that does not exist, one swapped title."""
    rows: list[list[object]] = []
    for number, (name, title) in enumerate(ANNEX):
        out = name in {"A.7.2", "A.8.30"}
        reason = {"A.7.2": "N/A", "A.8.30": "All development is done by our own staff"}.get(name, why(number))
        rows.append(
            [
                name,
                named(name, title),
                "No" if out else "Yes",
                reason,
                "" if out else "Implemented",
                f"POL-{number % 9}",
                f"EV-{number}",
                "CISO",
            ]
        )
    by_id = {str(row[0]): row for row in rows}
    by_id["A.7.4"][0] = "A.7.44"
    by_id["A.8.11"][1] = "Information deletion"
    head = ["Control ID", "Control Title", "Applicable (Yes/No)", "Justification for Inclusion / Exclusion", "Implementation Status",
            "Policy / Document Reference", "Evidence", "Owner"]  # fmt: skip
    above = [
        ["", "NORTHWIND ROBOTICS"],
        ["", "Statement of Applicability"],
        ["", "Version 3.1", "", "Classification: Confidential"],
        [],
        [],
    ]
    bands = {theme: f"{theme} {name}" for theme, name in THEMES.items()}
    yield Tab("Cover", [["Statement of Applicability"], ["Northwind Robotics"], ["Approved by", "CEO"]])
    yield Tab(
        "SoA", [*above, head, *with_bands(rows, theme_of, bands)], ("B1:H1", "B2:H2", "A7:H7", "A45:H45", "A54:H54", "A69:H69")
    )
    yield Tab("Lists", [["Yes"], ["No"], ["Implemented"], ["Planned"]])


@foreign({"SoA 2013": ("assessment", 4, 114)}, faults="SOA011 SoA 2013!A4")
def soa_of_2013() -> Iterator[Tab]:
    """The classic of 2013: bare three-part ids under a domain band, one justification column."""
    bands = {name.removeprefix("A."): f"A{name.removeprefix('A.')} {title}" for name, title in OLD_DOMAINS}
    rows = [
        [
            name.removeprefix("A."),
            title,
            "No" if name == "A.14.2.7" else "Yes",
            "Nothing is outsourced" if name == "A.14.2.7" else why(number),
        ]
        for number, (name, title) in enumerate(OLD)
    ]
    above = [["Statement of Applicability ISO/IEC 27001:2013"], ["Owner: Information Security Manager"], []]
    head = ["Section", "Information security control", "Applicable", "Justification"]
    yield Tab("SoA 2013", [*above, head, *with_bands(rows, theme_of, bands)])


@foreign({"Statement of Applicability": ("assessment", 4, 93)}, faults="SOA001 Statement of Applicability!H52")
def soa_with_reason_columns() -> Iterator[Tab]:
    """Two heading rows: 'Reason for selection' merged over LR, CO, BR/BP and RRA with x marks."""
    rows: list[list[object]] = []
    for number, (name, title) in enumerate(ANNEX):
        out = name in {"A.7.3", "A.8.21"}
        marks = ["" if out else "x" if number % 4 == column else "" for column in range(4)]
        excluded = "We rent nothing and own no network" if name == "A.8.21" else ""
        rows.append([name, title, "N" if out else "Y", *marks, excluded, how(number), "" if out else "Fully implemented"])
    first = [
        "Clause",
        "Title",
        "Applicable",
        "Reason for selection",
        "",
        "",
        "",
        "Justification for exclusion",
        "Overview of implementation",
        "Status",
    ]
    second = ["", "", "(Y/N)", "LR", "CO", "BR/BP", "RRA"]
    above = [
        ["ISO/IEC 27001:2022 Annex A"],
        ["LR: legal requirement, CO: contractual obligation, BR/BP: business, RRA: result of risk assessment"],
    ]
    yield Tab(
        "Statement of Applicability", [*above, first, second, *rows], ("A3:A4", "B3:B4", "D3:G3", "H3:H4", "I3:I4", "J3:J4")
    )


@foreign({"SOA": ("assessment", 5, 37)})
def soa_toolkit_with_current_controls() -> Iterator[Tab]:
    """A toolkit's SoA: 'Current controls', 'Selected controls and reasons for selection', remarks; the theme in a merged column at the left."""
    rows = [
        ["5 Organizational controls" if number == 0 else "", name.removeprefix("A."), title, how(number), "",
         "x" if number % 3 == 0 else "", "x" if number % 3 == 1 else "", "", "x" if number % 3 == 2 else "", f"Overview {number} of what is done"]
        for number, (name, title) in enumerate(ANNEX[:37])
    ]  # fmt: skip
    first = ["ISO/IEC 27001:2022 Annex A controls", "", "", "Current Controls", "Remarks (with justification for exclusions)",
             "Selected Controls and Reasons for Selection", "", "", "", "Remarks (overview of implementation)"]  # fmt: skip
    second = ["Clause", "Sec", "Control", "", "", "LR", "CO", "BR/BP", "RRA", ""]
    above = [["Statement of Applicability"], ["Legend: LR, CO, BR/BP, RRA"], []]
    yield Tab("SOA", [*above, first, second, *rows], ("A4:C4", "F4:I4", "D4:D5", "E4:E5", "J4:J5", "A6:A42"))


@foreign({"Sheet1": ("assessment", 1, 93)}, faults="SOA001 Sheet1!D47\nMAP011 Sheet1!A66\nMAP011 Sheet1!A67")
def soa_with_bare_text_ids() -> Iterator[Tab]:
    """Ids without prefix, typed as text, on a sheet called Sheet1; the titles of 8.12 and 8.13's neighbours are swapped."""
    rows = [
        [name.removeprefix("A."), title, "No" if name == "A.7.1" else "Yes", "" if name == "A.7.1" else why(number)]
        for number, (name, title) in enumerate(ANNEX)
    ]
    rows[64][1], rows[65][1] = rows[65][1], rows[64][1]
    yield Tab("Sheet1", [["Clause", "Control", "Applicable", "Justification"], *rows])


_COLLAPSED = (
    "A.5.1",
    "A.5.2",
    "A.5.3",
    "A.5.10",
    "A.5.20",
    "A.5.30",
    "A.7.1",
    "A.7.10",
    "A.8.1",
    "A.8.2",
    "A.8.3",
    "A.8.10",
    "A.8.20",
    "A.8.30",
)


@foreign(
    {"SoA": ("assessment", 2, 93)},
    faults="\n".join(f"MAP002 SoA!A{3 + [name for name, _ in ANNEX].index(one)}" for one in _COLLAPSED) + "\nSOA005 SoA!C2",
)
def soa_with_numbers() -> Iterator[Tab]:
    """Ids typed as numbers: 5.10 is 5.1 now, and nobody can tell which is which but by the title."""
    rows = [[float(name.removeprefix("A.")), title, "Yes", why(number)] for number, (name, title) in enumerate(ANNEX)]
    yield Tab("SoA", [["ISO 27001:2022 SoA"], ["No.", "Control name", "Applicable?", "Justification for selection"], *rows])


@foreign({"Annex A": ("assessment", 1, 86)}, faults="SOA005 Annex A!C1")
def soa_with_formatted_numbers() -> Iterator[Tab]:
    """Numbers again, but 5.10 and its like are formatted to show two decimals; the ids that would still be open are left out."""
    rows = [[float(name.removeprefix("A.")), title, "Yes", why(number)] for number, (name, title) in enumerate(ANNEX)]
    lost = {"A.5.1", "A.5.2", "A.5.3", "A.7.1", "A.8.1", "A.8.2", "A.8.3"}
    kept = [row for row, (name, _) in zip(rows, ANNEX, strict=True) if name not in lost]
    tens = {"A.5.10", "A.5.20", "A.5.30", "A.7.10", "A.8.10", "A.8.20", "A.8.30"}
    names = [name for name, _ in ANNEX if name not in lost]
    formats = {f"A{2 + names.index(name)}": "0.00" for name in tens}
    yield Tab(
        "Annex A", [["ISO 27001:2022 control", "Control title", "In scope", "Reason for inclusion"], *kept], formats=formats
    )


@foreign({"SoA": ("assessment", 3, 93), "Zusammenfassung": None}, faults="SOA013 SoA!E22")
def soa_in_german() -> Iterator[Tab]:
    """German headings, German titles for some controls, ja/nein, and an excluded control that is implemented."""
    german = {"A.5.1": "Informationssicherheitsrichtlinien", "A.5.9": "Inventar der Werte", "A.5.15": "Zugangssteuerung", "A.6.7": "Telearbeit",
              "A.8.7": "Schutz gegen Schadsoftware", "A.8.13": "Datensicherung", "A.8.15": "Protokollierung", "A.8.24": "Verwendung von Kryptographie"}  # fmt: skip
    rows = [
        [name, german.get(name, title), "nein" if name == "A.5.19" else "ja", f"Begründung {number}: siehe Risiko R-{number}",
         "umgesetzt" if number % 5 else "teilweise umgesetzt", "ISB"]
        for number, (name, title) in enumerate(ANNEX)
    ]  # fmt: skip
    head = ["Maßnahme", "Titel der Maßnahme", "Anwendbar", "Begründung", "Umsetzungsstatus", "Verantwortlich"]
    yield Tab("SoA", [["Erklärung zur Anwendbarkeit (SoA) ISO/IEC 27001:2022"], [], head, *rows])
    yield Tab("Zusammenfassung", [["Anzahl Maßnahmen", 93], ["umgesetzt", 74]])


@foreign(
    {"Document control": None, "SoA": ("assessment", 1, 95)},
    pairs=6,
    annex=4,
    faults="SOA006 SoA!A96",
)
def soa_with_criteria_and_own_controls() -> Iterator[Tab]:
    """A SoA with a SOC 2 column, one control from elsewhere, and A.8.34 twice."""
    criteria = {"A.5.15": "CC6.1, CC6.3", "A.5.7": "CC3.2", "A.8.13": "A1.2", "A.8.32": "CC8.1\nCC3.4"}
    rows = [
        [name, title, "Yes", "RRA", "Implemented", f"EV-{number}", criteria.get(name, "")]
        for number, (name, title) in enumerate(ANNEX)
    ]
    rows.insert(0, ["SA-01", "Customer data residency in the EU", "Yes", "CO", "Implemented", "EV-900", ""])
    rows.append(["A.8.34", "Protection of information systems during audit testing", "Yes", "CO", "Implemented", "EV-93", ""])
    head = ["Control ref", "Control", "Applicable", "Reason", "Implementation status", "Evidence", "SOC 2 TSC"]
    yield Tab("Document control", table("Organization | Lakeside AG\nVersion | 2.0\nApproved by | CEO"))
    yield Tab("SoA", [head, *rows])


# --- gap assessments and readiness ---------------------------------------------------------------------------------


@foreign(
    {
        "Instructions": None, "Dashboard": None, "Clauses 4-10": ("assessment", 2, 41), "Annex A": ("assessment", 2, 94), "Action plan": None, "Lists": None,
    },
    faults="""
    MAP001 Annex A!A96
    MAP011 Annex A!A82
    MAP011 Annex A!A83
    """,
)  # fmt: skip
def gap_tool() -> Iterator[Tab]:
    """Clauses and Annex A on their own tabs, maturity 0-5, a dashboard, an action plan and lists. A.8.23 and A.8.24 have each other's titles."""
    status = ("Compliant", "Partially compliant", "Not compliant", "Compliant")
    clauses = [
        [
            name,
            title,
            f"What we do about it, part {number}",
            number % 6,
            status[number % 4],
            f"Improve item {number}",
            "CISO",
            "High",
        ]
        for number, (name, title) in enumerate(CLAUSES)
    ]
    annex = [
        [name, named(name, title), f"Practice {number}", number % 6, status[number % 4], f"Improve {number}", "IT", "Low"]
        for number, (name, title) in enumerate(ANNEX)
    ]
    annex[80][1], annex[79][1] = "Web filtering", "Use of cryptography"
    annex.append(["A.5.38", "Supplier onboarding", "None", 0, "Not compliant", "Add", "IT", "High"])
    head = ["Ref", "Requirement", "Current state", "Maturity (0-5)", "Status", "Recommendation", "Owner", "Priority"]
    yield Tab("Instructions", [["How to use this workbook"], ["1", "Fill in the two sheets"], ["2", "Look at the dashboard"]])
    yield Tab(
        "Dashboard",
        table(
            "Theme | Compliant | Partial | Not compliant\nA.5 | 20 | 10 | 7\nA.6 | 4 | 2 | 2\nA.7 | 7 | 4 | 3\nA.8 | 17 | 9 | 8"
        ),
    )
    yield Tab("Clauses 4-10", [["Gap assessment: management system"], head, *clauses])
    yield Tab("Annex A", [["Gap assessment: Annex A (2022)"], head, *annex])
    yield Tab(
        "Action plan",
        table("Action ID | Action | Control | Owner | Due | Status\nACT-1 | Buy a filter | A.8.23 | IT | 2027-01-31 | Open"),
    )
    yield Tab("Lists", [["Compliant"], ["Partially compliant"], ["Not compliant"]])


@foreign({"Mandatory ISMS requirements": ("assessment", 1, 41), "Annex A controls": ("assessment", 1, 93), "Metrics": None})
def gap_tool_with_maturity_words() -> Iterator[Tab]:
    """A toolkit's tracker with a maturity word per row, from Nonexistent to Optimized, and '? Unknown'."""
    words = ("? Unknown", "Nonexistent", "Initial", "Limited", "Defined", "Managed", "Optimized", "Not applicable")
    head = ["Section", "ISO/IEC 27001 requirement", "Status", "Notes"]
    clauses = [[name, title, words[number % 8], f"Note {number}"] for number, (name, title) in enumerate(CLAUSES)]
    annex = [[name, title, words[number % 8], f"Note {number}"] for number, (name, title) in enumerate(ANNEX)]
    yield Tab("Mandatory ISMS requirements", [head, *clauses])
    yield Tab("Annex A controls", [["Section", "Information security control", "Status", "Notes"], *annex])
    yield Tab(
        "Metrics",
        table(
            "Status | Meaning | Proportion of ISMS requirements\nNonexistent | Nothing there | 0.2\nInitial | Just started | 0.1\nLimited | Progress | 0.1"
        ),
    )


@foreign({"Readiness": ("assessment", 3, 101)}, faults="MAP001 Readiness!A103")
def soc2_readiness_with_points_of_focus() -> Iterator[Tab]:
    """Criteria with two points of focus below each; the answers stand in the rows of the points. CC8.2 does not exist."""
    rows: list[list[object]] = []
    answers = ("Yes", "No", "Partial")
    for number, (name, title) in enumerate(COMMON):
        rows.append([name, f"{title}: the entity does what this asks for", answers[number % 3], "", "CISO"])
        rows += [
            ["", f"Point of focus {point} of number {number}", answers[(number + point) % 3], f"seen in {number}", ""]
            for point in (1, 2)
        ]
    rows[99:] = []
    rows += [["CC8.2", "Emergency changes are approved afterwards", "No", "", "CISO"], ["", "Point of focus 1", "No", "", ""]]
    head = ["TSC Ref.", "Criteria / Points of Focus", "In place? (Yes/No/Partial)", "Comments / evidence", "Responsible"]
    yield Tab("Readiness", [["SOC 2 Readiness Assessment"], [], head, *rows])


@foreign({"ISO 27001 Checklist": ("assessment", 1, 12)}, faults="MAP004 ISO 27001 Checklist!A9")
def audit_checklist() -> Iterator[Tab]:
    """Questions by clause and Annex A control, yes or no, one 2013 id among ids of 2022."""
    yield Tab("ISO 27001 Checklist", table("""
    Clause | Audit question | Compliant (Y/N) | Evidence seen | Remarks
    4.1 | Are internal and external issues known? | Y | Minutes 3 |
    4.2 | Are interested parties known? | Y | Register |
    6.1.2 | Is there a method for risk assessment? | N | | Draft only
    9.2 | Is there an audit programme? | Y | Programme 2026 |
    10.2 | Are nonconformities followed up? | Y | Log |
    A.5.1 | Are there policies? | Y | Policy set |
    A.5.15 | Is there a policy on access? | Y | AC policy |
    A.9.2.5 | Are access rights reviewed? | Y | Review 2 |
    A.6.3 | Do people get training? | N | | Planned for spring
    A.7.1 | Are there perimeters? | Y | Site plan |
    A.8.7 | Is there protection against malware? | Y | Console |
    A.8.13 | Are backups tested? | N | | Last test failed
    """))  # fmt: skip


@foreign({"CAIQ": None, "Mapping": ("control library", 2, 6)}, controls=6, pairs=18, annex=8, faults="MAP001 Mapping!D8")
def cloud_questionnaire() -> Iterator[Tab]:
    """A cloud questionnaire with a mapping tab: mapped ids, gap level and addendum per framework."""
    yield Tab("CAIQ", table("""
    Question ID | Question | CSP CAIQ Answer | SSRM Control Ownership | CSP Implementation Description
    A&A-01.1 | Are audit policies established? | Yes | CSP-owned | Policy set
    A&A-01.2 | Are they reviewed every year? | Yes | CSP-owned | Calendar
    IAM-01.1 | Are access policies established? | NA | Shared | Customer decides
    """))  # fmt: skip
    yield Tab("Mapping", table("""
    Control Domain | Control Title | Control ID | ISO/IEC 27001:2022 | ISO Gap Level | ISO Addendum | AICPA TSC 2017 | TSC Gap Level | TSC Addendum
    | | | Mapped IDs | | | Mapped IDs | |
    Audit & Assurance | Policy on audits | A&A-01 | A.5.1⏎A.5.35 | Partial Gap | Say who is independent | CC4.1⏎CC5.3 | No Gap |
    Audit & Assurance | Independent assessments | A&A-02 | A.5.35 | No Gap | | CC4.1 | No Gap |
    Identity | Access policy | IAM-01 | A.5.15⏎A.5.18 | No Gap | | CC6.1⏎CC6.2 | Partial Gap | Say how often
    Identity | Strong passwords | IAM-02 | A.5.17 | Partial Gap | | CC6.1 | No Gap |
    Logging | Log policy | LOG-01 | A.8.15⏎A.8.16 | No Gap | | CC7.2 | Partial Gap | Name the logs
    Logging | Clock | LOG-06 | A.8.17⏎A.8.35 | No Gap | | CC7.2⏎CC7.3 | Full Gap | Nothing said
    """))  # fmt: skip


# --- the organization's own controls -------------------------------------------------------------------------------


@foreign(
    {"Controls": ("control library", 1, 10)},
    controls=6,
    pairs=10,
    annex=0,
    faults="WBK005 Controls!A2:A4\nWBK005 Controls!A5:A7\nWBK005 Controls!A8:A9",
)
def soc2_controls_by_criterion() -> Iterator[Tab]:
    """A SOC 2 control list: the criterion once per merged block, control ids repeated from block to block."""
    yield Tab("Controls", table("""
    Criteria | Criteria description | Control # | Control activity specified by the organization | Test performed | Results
    CC6.1 | Logical access | AC-1 | Access is granted by role only | Inspected 25 requests | No exceptions noted
    | | AC-2 | Multi-factor login protects every console | Inspected set-up | No exceptions noted
    | | AC-3 | Managers review access every quarter | Inspected four reviews | One exception noted
    CC6.2 | Registration | AC-1 | Access is granted by role only | See CC6.1 | No exceptions noted
    | | HR-2 | Leavers lose access within a day | Inspected 10 leavers | No exceptions noted
    | | AC-3 | Managers review access every quarter | See CC6.1 | One exception noted
    CC6.3 | Change of roles | AC-3 | Managers review access every quarter | See CC6.1 | One exception noted
    | | HR-2 | Leavers lose access within a day | See CC6.2 | No exceptions noted
    CC7.2 | Monitoring | OP-1 | Alerts are triaged every day | Inspected 25 alerts | No exceptions noted
    CC8.1 | Changes | CH-1 | Changes are reviewed and tested before release | Inspected 40 changes | No exceptions noted
    """), ("A2:A4", "A5:A7", "A8:A9"))  # fmt: skip


@foreign(
    {"soc2_controls_blank_below": ("control library", 1, 7)},
    controls=5,
    pairs=6,
    faults="MAP001 soc2_controls_blank_below!A8",
    encoding="utf-8-sig",
)
def soc2_controls_blank_below() -> Iterator[Tab]:
    """The same in a CSV: the criterion stands in the first row of its block, and the rows below are blank there. CC6.9 does not exist."""
    yield Tab("export", table("""
    TSC | Criterion | Control ID | Control description
    CC5.2 | Technology controls | SEC-01 | A baseline is set for every server
    | | SEC-02 | Scans run every week
    CC6.6 | Boundaries | NET-01 | Firewalls deny by default
    | | NET-02 | Remote access needs a VPN
    | | SEC-01 | A baseline is set for every server
    CC6.7 | Transmission | NET-02 | Remote access needs a VPN
    CC6.9 | Sessions | NET-03 | Sessions end after an hour
    """))  # fmt: skip


@foreign(
    {"Unified Controls": ("control library", 3, 7), "Framework list": None},
    controls=7,
    pairs=34,
    annex=11,
    faults="""
    MAP005 Unified Controls!E3
    MAP001 Unified Controls!D6
    MAP004 Unified Controls!F7
    MAP001 Unified Controls!F10
    """,
)
def unified_matrix() -> Iterator[Tab]:
    """One column per framework, several ids per cell on lines of their own; a 2013 id in the 2022 column, CC6.9 and A.6.9."""
    yield Tab("Unified Controls", table("""
    Unified Control Framework
    .
    UCF ID | Control | Description | SOC 2 (TSC 2017) | ISO 27001:2013 | ISO 27001:2022 | NIST CSF 1.1 | HIPAA | PCI DSS 4.0 | GDPR
    UC-001 | Security policies | Policies are approved every year | CC1.1⏎CC5.3 | A.5.1.1⏎A.5.1.2 | A.5.1 | ID.GV-1 | 164.308(a)(1) | 12.1.1 | Art. 24
    UC-002 | Roles | Duties are written down | CC1.3⏎CC5.3 | A.6.1.1 | A.5.2⏎A.5.4 | ID.AM-6 | 164.308(a)(2) | 12.1.3 | Art. 37
    UC-003 | Access requests | Access needs a ticket | CC6.1⏎CC6.2⏎CC6.9 | A.9.2.1⏎A.9.2.2 | A.5.16⏎A.5.18 | PR.AC-1 | 164.312(a)(1) | 7.2.1 | Art. 32
    UC-004 | Strong login | Two factors everywhere | CC6.1 | A.9.4.2 | A.8.5⏎A.9.4.2 | PR.AC-7 | 164.312(d) | 8.4.2 | Art. 32
    UC-005 | Logging | Logs are kept for a year | CC7.2⏎CC7.3 | A.12.4.1⏎A.12.4.3 | A.8.15⏎A.8.16 | PR.PT-1 | 164.312(b) | 10.2.1 |
    UC-006 | Changes | Changes are reviewed | CC8.1 | A.12.1.2⏎A.14.2.2 | A.8.32 | PR.IP-3 | | 6.5.1 |
    UC-007 | Starters and leavers | Checks before, return after | CC1.4 | A.7.1.1⏎A.8.1.4 | A.6.1⏎A.5.11⏎A.6.9 | PR.IP-11 | 164.308(a)(3) | 12.7.1 |
    """))  # fmt: skip
    yield Tab(
        "Framework list",
        table("Framework | Version | Publisher\nSOC 2 | 2017 | AICPA\nISO 27001 | 2022 | ISO\nPCI DSS | 4.0 | PCI SSC"),
    )


@foreign({"grc_export_with_mixed_cell": ("control library", 1, 5)}, controls=5, pairs=16, annex=7, encoding="utf-8")
def grc_export_with_mixed_cell() -> Iterator[Tab]:
    """A tool's export: all frameworks in one cell, each with its name before its ids."""
    yield Tab("controls-export", table("""
    Control ID | Control | Description | Domain | Owner | Status | Mapped requirements
    VAN-12 | Access reviews | Managers review access every quarter | Access | IT | Implemented | SOC 2: CC6.1, CC6.2, CC6.3; ISO 27001:2022: A.5.15, A.5.18
    VAN-13 | Encryption at rest | Disks are encrypted | Crypto | IT | Implemented | SOC 2: CC6.1; ISO 27001:2022: A.8.24; HIPAA: 164.312(a)(2)(iv)
    VAN-20 | Incident plan | A plan is tested every year | Incidents | CISO | Implemented | SOC 2: CC7.4, CC7.5; ISO 27001:2022: A.5.24, A.5.26; GDPR: Art. 33
    VAN-31 | Vendor reviews | Vendors are reviewed every year | Vendors | CISO | In progress | SOC 2: CC9.2; ISO 27001:2022: A.5.19
    VAN-40 | Backups | Backups are tested | Operations | IT | Implemented | SOC 2: A1.2, A1.3; ISO 27001:2022: A.8.13
    """))  # fmt: skip


@foreign({"Controls": ("control library", 1, 5)}, controls=5, pairs=13, annex=6, faults="MAP001 Controls!F4\nCTL006 Controls!G5")
def grc_export_with_brackets() -> Iterator[Tab]:
    """Another tool's export: 'CC6.1 (SOC 2)' on lines of their own."""
    yield Tab("Controls", table("""
    Code | Name | Description | Status | Owners | Requirements | Evidence
    DCF-1 | Code of conduct | People sign it | Implemented | HR | CC1.1 (SOC 2)⏎A.5.4 (ISO 27001:2022)⏎A.6.2 (ISO 27001:2022) | signed list
    DCF-2 | Background checks | Checks before the first day | Implemented | HR | CC1.4 (SOC 2)⏎A.6.1 (ISO 27001:2022) | provider report
    DCF-7 | Asset list | Assets are listed | Implemented | IT | CC6.1 (SOC 2)⏎CC6.10 (SOC 2)⏎A.5.9 (ISO 27001:2022) | list
    DCF-8 | Training | People are trained each year | Implemented | HR | CC2.2 (SOC 2)⏎CC1.4 (SOC 2)⏎A.6.3 (ISO 27001:2022) |
    DCF-9 | Patching | Critical patches in a week | Implemented | IT | CC7.1 (SOC 2)⏎CC6.8 (SOC 2)⏎A.8.8 (ISO 27001:2022) | report
    """))  # fmt: skip


@foreign({"Linked requirements": ("control library", 1, 8)}, controls=4, pairs=8, annex=4)
def grc_export_in_long_form() -> Iterator[Tab]:
    """One row per control and requirement, the framework in a column of its own."""
    yield Tab("Linked requirements", table("""
    Framework | Requirement ID | Requirement name | Control ID | Control name
    SOC 2 | CC6.1 | Logical access security | AC-01 | Role based access
    ISO 27001:2022 | A.5.15 | Access control | AC-01 | Role based access
    SOC 2 | CC6.4 | Physical access | PH-01 | Badges
    ISO 27001:2022 | A.7.2 | Physical entry | PH-01 | Badges
    SOC 2 | CC7.2 | Monitoring of anomalies | LG-01 | Log monitoring
    ISO 27001:2022 | A.8.15 | Logging | LG-01 | Log monitoring
    SOC 2 | CC8.1 | Change management | CH-01 | Change approvals
    ISO 27001:2022 | A.8.32 | Change management | CH-01 | Change approvals
    """))  # fmt: skip


@foreign({"SCF": ("control library", 1, 6)}, controls=6, pairs=39, annex=10, faults="MAP005 SCF!I1\nMAP005 SCF!K1")
def wide_control_framework() -> Iterator[Tab]:
    """A wide framework of many columns: points of focus, ISO 27001 columns that hold clauses, ISO 27002 columns that hold bare controls."""
    yield Tab("SCF", table("""
    SCF Domain | SCF Control | SCF # | Control Description | SCF Control Question | Relative Control Weighting | AICPA TSC 2017:2022 (used for SOC 2) | COBIT 2019 | ISO 27001 v2013 | ISO 27001 v2022 | ISO 27002 v2013 | ISO 27002 v2022 | NIST CSF v2.0 | PCI DSS v4.0
    Governance | Program | GOV-01 | A program exists | Is there a program? | 10 | CC1.1⏎CC1.1-POF1⏎CC1.2 | APO13.01 | 4.4⏎5.1 | 4.1⏎4.4⏎5.1⏎6.1.1 | 5.1.1 | 5.1⏎5.4⏎5.37 | GV.RM-01 | 12.1
    Governance | Policies | GOV-02 | Policies are published | Are there policies? | 10 | CC5.3⏎CC5.3-POF1 | APO01.09 | 5.2⏎7.5.1 | 5.2⏎7.5.1⏎7.5.2 | 5.1.1⏎5.1.2 | "5.1" | GV.PO-01 | 12.1.1
    Access | Accounts | IAC-15 | Accounts are managed | Are accounts managed? | 9 | CC6.1⏎CC6.2-POF1⏎CC6.3 | DSS05.04 | | | 9.2.1⏎9.2.2 | 5.16⏎5.18 | PR.AA-01 | 8.2
    Access | Least privilege | IAC-21 | Rights are few | Are rights few? | 9 | CC6.1-POF7⏎CC6.3-POF2 | DSS05.04 | | | 9.1.2⏎9.2.3 | 8.2⏎8.3 | PR.AA-05 | 7.2.2
    Risk | Assessment | RSK-04 | Risks are assessed | Are risks assessed? | 10 | CC3.1⏎CC3.2-POF1 | APO12.02 | 6.1.2⏎8.2 | 6.1.2⏎8.2⏎9.3 | | "5.7" | ID.RA-05 | 12.3.1
    Operations | Backups | BCD-11 | Backups are kept | Are backups kept? | 8 | A1.2⏎A1.2-POF8 | DSS04.07 | | | 12.3.1 | 8.13⏎8.14 | PR.DS-11 |
    """))  # fmt: skip


@foreign({"Policies": ("register", 1, 4)}, faults="MAP004 Policies!E4")
def policy_list() -> Iterator[Tab]:
    """A list of policies with the requirements each answers."""
    yield Tab("Policies", table("""
    Policy ID | Policy name | Version | Owner | ISO 27001 reference | SOC 2 criteria | Link
    POL-01 | Information security policy | 4.0 | CISO | A.5.1, Clause 5.2 | CC5.3 | https://example.org/1
    POL-02 | Access policy | 2.1 | IT | A.5.15, A.5.18 | CC6.1 | https://example.org/2
    POL-03 | Crypto policy | 1.0 | IT | A.10.1.1 | CC6.7 | https://example.org/3
    POL-04 | Supplier policy | 1.3 | Procurement | A.5.19 - A.5.22 | CC9.2 | https://example.org/4
    """))  # fmt: skip


@foreign({"PBC": ("register", 3, 4), "Controls": ("control library", 1, 2)}, controls=2, pairs=4, annex=2)
def request_list() -> Iterator[Tab]:
    """An auditor's request list beside a small control list."""
    yield Tab("PBC", table("""
    SOC 2 Type II request list
    .
    Request ID | TSC Ref | PBC item | Period | Owner | Due date | Internal status | Auditor status
    R-01 | CC6.1 | List of users with admin rights | 2026 | IT | 2027-02-01 | Open | Requested
    R-02 | CC6.2, CC6.3 | Sample of 25 access requests | 2026 | IT | 2027-02-01 | Open | Requested
    R-03 | CC7.4 | Incident log | 2026 | CISO | 2027-02-01 | Sent | Received
    R-04 | A1.3 | Restore test | 2026 | IT | 2027-02-01 | Sent | Accepted
    """))  # fmt: skip
    yield Tab("Controls", table("""
    Control ID | Control name | SOC 2 | ISO 27001
    AC-1 | Access requests | CC6.2 | A.5.16
    IR-1 | Incident response | CC7.4 | A.5.26
    """))  # fmt: skip


@foreign(
    {
        "Control Matrix": ("control library", 2, 6),
        "Risk register": None,
        "RACI": None,
        "Roadmap": None,
        "Pivot": None,
        "Lists": None,
    },
    controls=6,
    pairs=18,
    annex=10,
    faults="MAP001 Control Matrix!F4\nMAP001 Control Matrix!G6",
)
def matrix_among_other_sheets() -> Iterator[Tab]:
    """One matrix among a risk register, a RACI, a roadmap, a pivot and lists, all of which mention ids."""
    yield Tab("Control Matrix", table("""
    Internal control matrix 2026
    Ref | Process | Control objective | Control activity | Control owner | SOC2 mapping | ISO27001:2022 mapping | Frequency | Type
    C01 | Access | Only the right people | Joiners get access by role | IT | CC6.2, CC6.3 | A.5.16, A.5.18 | Per event | Preventive
    C02 | Access | Strong login | Two factors for all staff | IT | CC6.1; C6.5.1 | A.8.5, A.5.17 | Continuous | Preventive
    C03 | Operations | Known weaknesses | Scan every week and fix | IT | CC7.1 | A.8.8 | Weekly | Detective
    C04 | Operations | Recover in time | Restore test each year | IT | A1.2, A1.3 | A.8.13, A.5.39 | Annual | Corrective
    C05 | People | Trusted staff | Screening before hire | HR | CC1.4 | A.6.1, A.6.2 | Per hire | Preventive
    C06 | Vendors | Safe suppliers | Reviews each year | Legal | CC9.2 | A.5.19, A.5.22 | Annual | Detective
    """))  # fmt: skip
    yield Tab("Risk register", table("""
    Risk ID | Risk | Likelihood | Impact | Rating | Treatment | Annex A control
    R-1 | Ransomware | 4 | 5 | 20 | Reduce | A.8.7, A.8.13
    R-2 | Leaver keeps access | 3 | 4 | 12 | Reduce | A.6.5
    R-3 | Supplier fails | 2 | 4 | 8 | Accept | A.5.19
    """))  # fmt: skip
    yield Tab(
        "RACI",
        table(
            "Activity | CISO | IT | HR | Legal\nAccess reviews | A | R | I | \nScreening | I | | A | C\nSupplier reviews | C | I | | A"
        ),
    )
    yield Tab(
        "Roadmap",
        table(
            "Quarter | Milestone | Owner\nQ1 2027 | Close A.8.8 | IT\nQ2 2027 | Stage 1 audit | CISO\nQ3 2027 | Stage 2 audit | CISO"
        ),
    )
    yield Tab(
        "Pivot", table("Row labels | Count of Control\nAccess | 2\nOperations | 2\nPeople | 1\nVendors | 1\nGrand total | 6")
    )
    yield Tab("Lists", table("Types | Frequencies\nPreventive | Daily\nDetective | Weekly\nCorrective | Annual"))


@foreign(
    {"german_semicolon_csv": ("control library", 1, 5)},
    controls=5,
    pairs=15,
    annex=6,
    faults="MAP004 german_semicolon_csv!F4",
    encoding="cp1252",
    delimiter=";",
)
def german_semicolon_csv() -> Iterator[Tab]:
    """German Excel's CSV: semicolons, cp1252, German headings and status words."""
    yield Tab("Tabelle1", table("""
    Kontroll-ID | Kontrolle | Beschreibung | Verantwortlich | SOC 2 | ISO 27001:2022 | Status
    K-01 | Zugriffsprüfung | Führungskräfte prüfen Zugriffe vierteljährlich | IT | CC6.2, CC6.3 | A.5.18 | umgesetzt
    K-02 | Verschlüsselung | Datenträger sind verschlüsselt | IT | CC6.1, CC6.7 | A.8.24 | umgesetzt
    K-03 | Lieferanten | Lieferanten werden jährlich geprüft | Einkauf | CC9.2 | A.5.19, A.15.1.1 | teilweise
    K-04 | Schulung | Alle Mitarbeitenden werden geschult | Personal | CC2.2 | A.6.3 | umgesetzt
    K-05 | Notfallplan | Der Plan wird jährlich geübt | IT | A1.3, CC7.5 | A.5.29, A.5.30 | umgesetzt
    """))  # fmt: skip


@foreign({"ids_in_prose": ("control library", 1, 4)}, controls=4, pairs=10, annex=4, encoding="utf-8")
def ids_in_prose() -> Iterator[Tab]:
    """Ids inside sentences."""
    yield Tab("prose", table("""
    Control | What we do | SOC 2 relevance | ISO 27001 relevance
    ACC-1 | Reviews of access | Supports CC6.1 and CC6.3 | Relates to Annex A 5.15 and A.5.18 (2022)
    ACC-2 | Physical access | Supports CC6.4 | Relates to A.7.2 Physical entry
    CHG-1 | Changes | Evidence for CC8.1 | See A.8.32
    PRV-1 | Privacy notice | Covers P1.1 and P2.1 | none
    """))  # fmt: skip


# --- crosswalks ----------------------------------------------------------------------------------------------------


@foreign(
    {"TSC to ISO": ("pair list", 3, 7), "ISO to TSC": ("pair list", 3, 6)},
    pairs=21,
    annex=11,
    faults="""
    MAP004 TSC to ISO!B8
    MAP011 TSC to ISO!B9
    MAP001 ISO to TSC!B7
    """,
)
def two_tab_crosswalk() -> Iterator[Tab]:
    """One tab per direction, a criterion with its text in the first cell, ISO references with titles on lines of their own."""
    yield Tab("TSC to ISO", table("""
    Crosswalk of the Trust Services Criteria to ISO/IEC 27001:2022
    .
    Trust Services Criteria | ISO 27001 reference
    CC1.1 The entity shows that it stands for integrity | A.5.4 Management responsibilities⏎A.6.2 Terms and conditions of employment
    CC3.2 The entity finds and analyses its risks | 6.1.2 Information security risk assessment⏎A.5.7 Threat intelligence
    CC6.1 The entity restricts logical access | A.5.15 Access control⏎A.8.5 Secure authentication
    CC6.2 The entity registers users before it gives them access | A.5.16 Identity management⏎A.5.18 Access rights
    CC6.4 The entity restricts physical access | A.7.2 Physical entry⏎A.11.1.2 Physical entry controls
    CC7.2 The entity watches for anomalies | A.8.15 Logging⏎A.8.16 Clock synchronization
    CC8.1 The entity controls changes | A.8.32 Change management
    """))  # fmt: skip
    yield Tab("ISO to TSC", table("""
    Crosswalk of ISO/IEC 27001:2022 to the Trust Services Criteria
    .
    ISO 27001 reference | Trust Services Criteria
    A.5.4 Management responsibilities | CC1.1 Integrity
    A.5.7 Threat intelligence | CC3.2 Risk analysis
    A.5.15 Access control | CC6.1 Logical access⏎CC6.3 Changes of access
    A.5.16 Identity management | CC6.2 Registration⏎CC6.9 Identities
    A.7.2 Physical entry | CC6.4 Physical access
    A.8.15 Logging | CC7.2 Anomalies⏎CC7.3 Evaluation of events
    """))  # fmt: skip


@foreign({"Crosswalk": ("pair list", 1, 8)}, pairs=11, annex=11, faults="MAP011 Crosswalk!C6\nMAP001 Crosswalk!C8")
def criteria_with_titles_beside() -> Iterator[Tab]:
    """The table of a blog: criterion, its title, ISO ids, their titles; one title of another control, A.5.38."""
    yield Tab("Crosswalk", table("""
    SOC 2 Criteria | SOC 2 Description | ISO 27001:2022 Control | ISO 27001 Control Name
    CC1.4 | Commitment to competence | A.6.3 | Security awareness and training
    CC2.1 | Quality information | A.5.9 | Inventory of assets
    CC3.2 | Identification of risks | A.5.7 | Threat intel
    CC6.1 | Logical access controls | A.5.15, A.5.16, A.8.2, A.8.3 | Access control, identity, privileged access, restrictions
    CC6.6 | Protection against outside threats | A.8.22 | Web filtering
    CC7.1 | Detection of vulnerabilities | A.8.8, A.8.9 | Vulnerabilities and configuration
    CC7.4 | Response to incidents | A.5.38 | Incident response
    CC7.4 | Response to incidents | A.5.26 | Incident response
    """))  # fmt: skip


def _industry(name: str, rows: str) -> Tab:
    head = "SOC 2 Criteria | Criteria description | ISO 27001 Control | ISO 27001 Description | Mapping type | Mapping strength | Evidence | Notes"
    return Tab(name, table(f"{head}\n{rows}"))


@foreign(
    {
        "README": None, "SOC2 to ISO27001": ("pair list", 1, 6), "ISO27001 to SOC2": ("pair list", 1, 3), "Healthcare": ("pair list", 1, 3),
        "Fintech": ("pair list", 1, 3), "Coverage dashboard": None, "Implementation roadmap": None,
    },
    pairs=23,
    annex=19,
    faults="MAP011 Healthcare!C4\nMAP004 Fintech!C5",
)  # fmt: skip
def copies_per_industry() -> Iterator[Tab]:
    """Both directions and a copy per industry, 'Direct / Partial / Indirect', 'Strong / Medium / Weak', ranges, a dashboard and a roadmap."""
    yield Tab("README", [["SOC 2 and ISO 27001 mapping"], ["How to read it", "Each row is one mapping"]])
    yield _industry("SOC2 to ISO27001", """
    CC1.1 | Integrity and ethics | A.5.1, A.5.4 | Policies, management duties | Direct | Strong | Code of conduct |
    CC2.2 | Internal communication | A.6.3 | Awareness and training | Partial | Medium | Training records |
    CC6.1 | Logical access | A.5.15-A.5.18 | Access and identities | Direct | Strong | Access lists |
    CC6.7 | Data in transit | A.5.14, A.8.24 | Transfer and cryptography | Direct | Strong | TLS reports |
    CC7.3 | Security events | A.5.25 | Assessing events | Complementary | Medium | Tickets |
    CC9.2 | Vendors | A.5.19 – A.5.22 | Suppliers | Indirect | Weak | Vendor files |
    """)  # fmt: skip
    yield Tab("ISO27001 to SOC2", table("""
    ISO 27001 Control | ISO 27001 Description | SOC 2 Criteria | Criteria description | Mapping type | Mapping strength | Evidence | Notes
    A.5.1 | Policies | CC1.1 | Integrity and ethics | Partial | Medium | Policies |
    A.6.3 | Training | CC2.2 | Internal communication | Direct | Strong | Records |
    A.8.24 | Use of cryptography | CC6.7 | Data in transit | Direct | Strong | Reports |
    """))  # fmt: skip
    yield _industry("Healthcare", """
    CC6.1 | Access to health records | A.8.3 | Information access restriction | Direct | Strong | Access lists | HIPAA 164.312(a)(1)
    CC6.5 | Disposal of media | A.7.14 | Equipment maintenance | Direct | Strong | Certificates | HIPAA 164.310(d)
    P4.1 | Use of personal information | A.5.34 | Privacy and PII | Partial | Medium | Notices |
    """)  # fmt: skip
    yield _industry("Fintech", """
    CC8.1 | Change management | A.8.32 | Change management | Direct | Strong | Tickets | PCI DSS 6.5
    PI1.2 | Complete inputs | A.8.26 | Application security | Indirect | Weak | Tests |
    CC6.8 | Malware | A.12.2.1 | Controls against malware | Direct | Strong | Console |
    """)  # fmt: skip
    yield Tab(
        "Coverage dashboard",
        table("Category | Criteria | Mapped | Coverage\nCC6 | 8 | 3 | 0.38\nCC7 | 5 | 1 | 0.2\nTotal | 33 | 9 | 0.27"),
    )
    yield Tab(
        "Implementation roadmap",
        table("Phase | Weeks | Activity | Output\n1 | 1-4 | Gap analysis of CC6.1 | Report\n2 | 5-12 | Close gaps | Evidence"),
    )


@foreign(
    {
        "library_meta": None,
        "mappings_meta": None,
        "mappings_content": ("pair list", 1, 8),
        "guidelines": None,
        "source": None,
        "target": None,
    },
    pairs=6,
    annex=6,
    faults="MAP001 mappings_content!A6\nMAP003 mappings_content!B9",
)
def tool_mapping_workbook() -> Iterator[Tab]:
    """A GRC tool's own exchange format: meta tabs of keys and values, lower-case ids at point-of-focus level, C6.5.1 for CC6.5.1."""
    yield Tab(
        "library_meta",
        table("type | library\nurn | urn:own:soc2-iso\nlocale | en\nref_id | mapping-soc2-iso27001\nname | SOC 2 to ISO 27001"),
    )
    yield Tab(
        "mappings_meta",
        table(
            "type | requirement_mapping_set\nsource_framework_urn | urn:own:soc2\ntarget_framework_urn | urn:own:iso27001-2022"
        ),
    )
    yield Tab("mappings_content", table("""
    source_node_id | target_node_id | relationship | rationale | strength_of_relationship
    cc6.1.1 | a.5.15 | intersect | |
    cc6.1.2 | a.8.3 | intersect | |
    cc6.2.1 | a.5.16 | subset | semantic | 7
    cc6.2 | a.5.18 | superset | |
    c6.5.1 | a.7.14 | intersect | |
    cc7.2 | a.8.15 | intersect | |
    cc8.1 | a.8.32 | equal | | 9
    cc7.2 | a.8.15 | intersect | |
    """))  # fmt: skip
    yield Tab("guidelines", [["Use equal, subset, superset or intersect"]])
    nodes = "assessable | urn | ref_id | name | description\nx | urn:own:cc6.1 | CC6.1 | Logical access |\nx | urn:own:cc6.2 | CC6.2 | Registration |"
    yield Tab("source", table(nodes))
    yield Tab(
        "target",
        table(
            "assessable | urn | ref_id | name | description\nx | urn:own:a.5.15 | A.5.15 | Access control |\nx | urn:own:a.5.16 | A.5.16 | Identity management |"
        ),
    )


@foreign({"STRM": ("pair list", 6, 7)}, controls=0, pairs=6, faults="MAP015 STRM!I13\nMAP001 STRM!A12")
def set_theory_sheet() -> Iterator[Tab]:
    """A set theory relationship mapping of the criteria to a control framework, with its preamble; strength 11 and CC9.3."""
    yield Tab("STRM", table("""
    Set Theory Relationship Mapping (STRM)
    Reference document: | Control framework 2025
    Focal document: | AICPA TSC 2017
    Published: | March 2026
    .
    FDE # | FDE Name | Focal Document Element (FDE) Description | STRM Rationale | STRM Relationship | SCF Control | SCF # | Control Description | Strength of Relationship | Notes
    CC1.1 | Integrity | The entity shows integrity | Functional | intersects with | Program | GOV-01 | There is a program | 5 |
    CC1.1-POF1 | Tone at the top | Leaders act so | Functional | subset of | Rules of behaviour | HRS-05 | Rules are signed | 8 |
    CC6.1 | Logical access | Access is restricted | Functional | superset of | Accounts | IAC-15 | Accounts are managed | 8 |
    CC6.1 | Logical access | Access is restricted | Semantic | intersects with | Least privilege | IAC-21 | Rights are few | 5 |
    CC7.1 | Vulnerabilities | Weaknesses are found | Functional | equal | Scans | VPM-06 | Scans run | 10 |
    CC9.3 | Partners | Partners are watched | Functional | intersects with | Third parties | TPM-01 | Third parties are managed | 3 |
    CC9.2 | Vendors | Vendors are managed | Functional | intersects with | Third parties | TPM-01 | Third parties are managed | 11 |
    """))  # fmt: skip


@foreign(
    {"Mapping": ("pair list", 1, 8)},
    pairs=7,
    annex=7,
    faults="MAP012 Mapping!E8\nMAP012 Mapping!E9\nMAP014 Mapping!E7\nMAP015 Mapping!F5",
)
def pair_list_with_coverage_words() -> Iterator[Tab]:
    """Full / Partial coverage, an 'Overlap %' column, one unknown word and a contradiction."""
    yield Tab("Mapping", table("""
    SOC 2 ID | SOC 2 title | ISO 27001:2022 ID | ISO title | Coverage | Strength | Overlap % | Comment
    CC1.4 | Competence | A.6.1 | Screening | Partial | Medium | 40% |
    CC2.2 | Communication | A.6.3 | Awareness | Full | Strong | 90% |
    CC6.4 | Physical access | A.7.2 | Entry | Full | Strong | 95% |
    CC6.5 | Disposal | A.7.14 | Disposal or re-use | Full | very much | 80% |
    CC6.8 | Malicious software | A.8.7 | Malware | Full | Strong | 85% |
    CC7.5 | Recovery | A.5.29 | Disruption | Loosely | Weak | 20% |
    CC8.1 | Changes | A.8.32 | Changes | Full | Strong | 90% |
    CC8.1 | Changes | A.8.32 | Changes | Partial | Strong | 60% |
    """))  # fmt: skip


@foreign(
    {"Transition": ("pair list", 3, 10)},
    pairs=10,
    faults="MAP023 Transition!C8\nMAP023 Transition!C11\nMAP001 Transition!A13",
)
def transition_table() -> Iterator[Tab]:
    """From 2013 to 2022: A.13.2.1 went to A.5.14 and not to A.8.14, nothing of 2013 became A.7.4, and A.18.3.1 never was."""
    yield Tab("Transition", table("""
    ISO/IEC 27001 transition
    .
    2013 control | 2013 title | 2022 control | 2022 title | Change
    A.5.1.1 | Policies for information security | A.5.1 | Policies for information security | Merged
    A.5.1.2 | Review of the policies for information security | A.5.1 | Policies for information security | Merged
    A.9.2.5 | Review of user access rights | A.5.18 | Access rights | Merged
    A.12.6.1 | Management of technical vulnerabilities | A.8.8 | Management of technical vulnerabilities | Merged
    A.13.2.1 | Information transfer policies and procedures | A.8.14 | Redundancy of information processing facilities | Renumbered
    A.14.2.1 | Secure development policy | A.8.25 | Secure development life cycle | Renamed
    A.18.2.3 | Technical compliance review | A.5.36, A.8.8 | Compliance; vulnerabilities | Split
    A.11.1.2 | Physical entry controls | A.7.4 | Physical security monitoring | Renamed
    A.16.1.5 | Response to information security incidents | A.5.26 | Response to information security incidents | Renumbered
    A.18.3.1 | Audit trails | A.8.15 | Logging | Renamed
    """))  # fmt: skip


@foreign({"Table B.1": ("pair list", 1, 6)}, pairs=10)
def correspondence_table() -> Iterator[Tab]:
    """2022 to 2013 with leading zeros and several old ids in a cell, 'New' where there is none."""
    yield Tab("Table B.1", table("""
    ISO/IEC 27002:2022 control identifier | Control name | ISO/IEC 27002:2013 control identifier
    "5.1" | Policies for information security | 05.1.1, 05.1.2
    "5.7" | Threat intelligence | New
    "5.9" | Inventory of information and other associated assets | 08.1.1, 08.1.2
    "5.18" | Access rights | 09.2.2, 09.2.5, 09.2.6
    "8.15" | Logging | 12.4.1, 12.4.2, 12.4.3
    "8.16" | Monitoring activities | New
    """))  # fmt: skip


@foreign({"Mapping": ("pair list", 2, 9)}, pairs=13, annex=6, faults="MAP011 Mapping!D10")
def clauses_and_annex_a_apart() -> Iterator[Tab]:
    """A clause column and an Annex A column, both bare; the criterion once per block."""
    yield Tab("Mapping", table("""
    SOC 2 to ISO/IEC 27001:2022
    TSC | Criterion | ISO 27001 clause | Annex A control | Annex A title
    CC1.2 | Oversight | 5.1⏎9.3 | |
    CC1.3 | Structures | 5.3 | "5.2" | Information security roles and responsibilities
    CC2.1 | Information | 7.5 | "5.37" | Documented operating procedures
    CC3.1 | Objectives | 6.2 | |
    CC3.2 | Risks | 6.1.2⏎8.2 | "5.7" | Threat intelligence
    CC4.1 | Evaluations | 9.1⏎9.2 | "5.35" | Independent review of information security
    CC4.2 | Deficiencies | "10.2" | |
    CC6.4 | Physical access | | "7.2" | Secure authentication
    CC7.2 | Monitoring | | "8.16" | Monitoring activities
    """))  # fmt: skip


@foreign({"table_from_markdown": ("pair list", 1, 5)}, pairs=9, annex=8, faults="MAP004 table_from_markdown!C5", encoding="utf-8")
def table_from_markdown() -> Iterator[Tab]:
    """Born as a Markdown table: bold ids, back-ticks, <br> between ids."""
    yield Tab("in", table("""
    **TSC** | **Topic** | **ISO 27001:2022 Annex A**
    **CC6.1** | Logical access | `A.5.15`<br>`A.8.2`<br>`A.8.3`
    **CC6.6** | Boundaries | `A.8.20`<br>`A.8.22`
    **CC7.2** | Monitoring | `A.8.16`
    **CC7.4** | Response | `A.16.1.5`
    **CC8.1** | Changes | `A.8.32`<br>`8.4`
    """))  # fmt: skip


@foreign({"Sheet1": ("pair list", 1, 4)}, pairs=4, annex=4)
def titles_instead_of_ids() -> Iterator[Tab]:
    """A pair list whose ISO column holds titles only."""
    yield Tab("Sheet1", table("""
    SOC 2 Criteria | ISO 27001 Control
    CC6.1 | Access control
    CC6.4 | Physical entry
    CC7.2 | Monitoring activities
    CC8.1 | Change management
    """))  # fmt: skip


@foreign({"CSF": ("control library", 1, 4)}, controls=4, pairs=7, faults="WBK011 CSF!C1\nMAP005 CSF!D1")
def informative_references() -> Iterator[Tab]:
    """Another framework's subcategories with informative references of every kind in one cell."""
    yield Tab("CSF", table("""
    Function | Category | Subcategory | Informative references
    IDENTIFY | Asset management | ID.AM-1: Devices are listed | ISO/IEC 27001:2013 A.8.1.1, A.8.1.2⏎NIST SP 800-53 CM-8, PM-5
    IDENTIFY | Governance | ID.GV-1: A policy exists | ISO/IEC 27001:2013 A.5.1.1
    PROTECT | Access | PR.AC-1: Identities are managed | ISO/IEC 27001:2013 A.9.2.1, A.9.2.2, A.9.2.3⏎NIST SP 800-53 AC-1, AC-2
    PROTECT | Data | PR.DS-1: Data at rest is protected | ISO/IEC 27001:2013 A.8.2.3⏎CIS CSC 13
    """))  # fmt: skip


# --- grids ---------------------------------------------------------------------------------------------------------


@foreign({"Matrix": ("grid", 4, 5)}, pairs=8, annex=6, faults="MAP001 Matrix!I4")
def grid_with_bands() -> Iterator[Tab]:
    """Criteria down, controls across with their themes above and titles above that; x and ✓; A.8.35 across."""
    yield Tab("Matrix", table("""
    SOC 2 criteria against ISO/IEC 27001:2022 Annex A
    | | Organizational controls | | | Physical controls | Technological controls | |
    | | Policies | Access control | Access rights | Physical entry | Logging | Backup | Audit
    Criteria | Topic | A.5.1 | A.5.15 | A.5.18 | A.7.2 | A.8.15 | A.8.13 | A.8.35
    CC5.3 | Policies | x | | | | | |
    CC6.1 | Logical access | | x | x | | | | x
    CC6.4 | Physical access | | x | | ✓ | | |
    CC7.2 | Monitoring | | | | | ✓ | - |
    A1.2 | Recovery | x | | | | | ✓ |
    """), ("C2:E2", "G2:I2"))  # fmt: skip


@foreign({"ISO x SOC2": ("grid", 2, 6)}, pairs=10, annex=6)
def grid_of_grades() -> Iterator[Tab]:
    """ISO controls down, criteria across, H / M / L in the cells and 'N/A' where there is nothing; totals below and at the right."""
    yield Tab("ISO x SOC2", table("""
    Strength of the mapping (H high, M medium, L low)
    ISO 27001:2022 | Control | CC1.4 | CC2.2 | CC6.1 | CC6.2 | CC7.2 | Total
    A.5.15 | Access control | | | H | M | | 2
    A.5.16 | Identity management | | | M | H | | 2
    A.6.1 | Screening | H | | | | | 1
    A.6.3 | Awareness | M | H | | | N/A | 2
    A.8.15 | Logging | | | | L | H | 2
    A.8.17 | Clocks | N/A | N/A | N/A | N/A | L | 1
    Total | | 2 | 1 | 2 | 3 | 2 | 10
    """))  # fmt: skip


@foreign({"Coverage": ("grid", 1, 4)}, pairs=7, annex=6)
def grid_full_and_partial() -> Iterator[Tab]:
    """Full and Partial in the cells, None where there is nothing."""
    yield Tab("Coverage", table("""
    TSC | A.5.7 | A.5.24 | A.5.25 | A.5.26 | A.8.8 | A.8.16
    CC3.2 | Full | None | None | None | Partial | None
    CC7.1 | None | None | None | None | Full | None
    CC7.2 | None | None | Partial | None | None | Full
    CC7.4 | None | Partial | None | Full | None | None
    """))  # fmt: skip


@foreign({"Controls vs criteria": ("grid", 1, 4)}, controls=4, pairs=8)
def grid_of_own_controls() -> Iterator[Tab]:
    """The organization's own controls down, criteria across."""
    yield Tab("Controls vs criteria", table("""
    Control | Name | CC6.1 | CC6.2 | CC6.3 | CC7.1 | CC7.2 | CC8.1
    AC-01 | Role based access | 1 | 1 | 1 | | |
    AC-02 | Strong login | 1 | | | | |
    VM-01 | Scans | | | | 1 | 1 |
    CH-01 | Change approvals | | | | 1 | | 1
    """))  # fmt: skip


# --- what is no mapping --------------------------------------------------------------------------------------------


@foreign({"Annex A": ("assessment", 1, 93)})
def catalogue_only() -> Iterator[Tab]:
    """A workbook that only lists the 93 controls."""
    yield Tab(
        "Annex A", [["Control ID", "Control title", "Theme"], *([name, title, THEMES[theme_of([name])]] for name, title in ANNEX)]
    )


# --- more styles of the same ---------------------------------------------------------------------------------------


@foreign(
    {"2017 TSC to ISO": ("pair list", 4, 9), "ISO to 2017 TSC": ("pair list", 3, 5), "Notes": None},
    pairs=17,
    annex=8,
    faults="MAP001 2017 TSC to ISO!C14",
)
def crosswalk_by_points_of_focus() -> Iterator[Tab]:
    """A profession's crosswalk: band rows, a criterion with its principle, points of focus below it that carry the references."""
    yield Tab("2017 TSC to ISO", table("""
    Mapping of the Trust Services Criteria
    These mappings are for information only.
    .
    TSC Ref. # | Criteria and related points of focus | ISO 27001:2022 reference
    CONTROL ENVIRONMENT | |
    CC1.1 | COSO Principle 1: The entity shows that it stands for integrity. | A.5.1⏎A.5.4
    | Leaders act in the spirit of the rules—also when nobody looks. | A.5.4
    | Rules of conduct exist—and people know them. | A.6.2⏎Clause 7.3
    CC1.4 | COSO Principle 4: The entity looks for and keeps able people. | A.6.1⏎Clause 7.2
    LOGICAL AND PHYSICAL ACCESS | |
    CC6.1 | The entity restricts logical access. | A.5.15⏎A.8.3
    | Data at rest are protected—where the risk asks for it. | A.8.24
    | Keys are managed—over their whole life. | A.8.24
    | Points of access are managed—and known. | A.8.41
    CC6.4 | The entity restricts physical access. | A.7.2
    """), ("A5:C5", "A10:C10"))  # fmt: skip
    yield Tab("ISO to 2017 TSC", table("""
    Mapping of ISO/IEC 27001:2022
    .
    ISO 27001 | Control title | TSC Ref. #
    A.5.1 | Policies for information security | CC1.1⏎CC5.3
    A.5.4 | Management responsibilities | CC1.1
    A.6.1 | Screening | CC1.4
    A.8.24 | Use of cryptography | CC6.1⏎CC6.7
    7.2 | Competence | CC1.4
    """))  # fmt: skip
    yield Tab("Notes", [["Prepared by volunteers."], ["Comments are welcome."]])


@foreign({"OLIR": ("pair list", 5, 5)}, pairs=4, annex=3, faults="MAP013 OLIR!D10\nMAP001 OLIR!E9")
def informative_reference_template() -> Iterator[Tab]:
    """A template of informative references: focal and reference document elements, fulfilled by, group, comments."""
    yield Tab("OLIR", table("""
    Informative Reference Name | Own mapping
    Reference Version | 1.0
    Focal Document | SOC 2 TSC
    .
    Focal Document Element | Focal Document Element Description | Rationale | Relationship | Reference Document Element | Reference Document Element Description | Fulfilled By (Y/N) | Group Identifier | Comments | Strength of Relationship
    CC6.1 | Logical access | functional | superset of | A.5.15 | Access control | Y | | | 8
    CC6.4 | Physical access | functional | intersects with | A.7.2 | Physical entry | N | | | 6
    CC7.4 | Response | semantic | equal | A.5.26 | Response to incidents | Y | | | 9
    CC8.1 | Changes | semantic | subset of | A.8.39 | Change management | Y | | | 7
    A.5.15 | Access control | functional | superset of | CC6.1 | Logical access | Y | | | 8
    """))  # fmt: skip


@foreign({"Comparison": ("pair list", 1, 6)}, pairs=46, annex=19, faults="MAP001 Comparison!C6")
def comparison_by_area() -> Iterator[Tab]:
    """The table of a vendor's page: areas, with ranges of criteria and controls."""
    yield Tab("Comparison", table("""
    Control area | SOC 2 (TSC) | ISO 27001:2022
    Access control | CC6.1–CC6.3 | A.5.15–A.5.18, A.8.2–A.8.5
    Change management | CC8.1 | A.8.32
    Incident response | CC7.3 to CC7.5 | A.5.24 – A.5.28
    Physical security | CC6.4 | A.7.1, A.7.2
    Vendors | CC9.2 | A.5.19, A.5.22, A.5.91
    Training | CC1.4, CC2.2 | A.6.3
    """))  # fmt: skip


@foreign({"SoA": ("assessment", 4, 8)}, faults="SOA001 SoA!E8")
def soa_with_yes_and_no_columns() -> Iterator[Tab]:
    """'Applicable' merged over a Yes and a No column with x in them."""
    yield Tab("SoA", table("""
    Statement of Applicability ISO/IEC 27001:2022
    .
    Control | Title | Applicable | | Justification | Implemented | |
    | | Yes | No | | Yes | Partly | No
    A.5.1 | Policies for information security | x | | RRA | x | |
    A.5.2 | Information security roles and responsibilities | x | | RRA | | x |
    A.7.1 | Physical security perimeters | | x | No premises of our own | | |
    A.7.2 | Physical entry | | x | | | |
    A.8.1 | User end point devices | x | | RRA | x | |
    A.8.7 | Protection against malware | x | | RRA | x | |
    A.8.13 | Information backup | x | | CO | | | x
    A.8.15 | Logging | x | | CO | x | |
    """), ("A3:A4", "B3:B4", "C3:D3", "E3:E4", "F3:H3"))  # fmt: skip


@foreign(
    {name: ("assessment", 3, rows) for name, rows in (("CC1", 5), ("CC6", 9), ("A1", 3))} | {"Summary": None},
    faults="MAP001 CC6!A12\nMAP011 CC6!A5",
)
def one_tab_per_series() -> Iterator[Tab]:
    """A readiness workbook with a tab per series; CC6.9 was invented, and CC6.2 has the text of changes."""
    head = [
        "Criterion",
        "Criteria description",
        "Current state",
        "Gap?",
        "Gap description",
        "Remediation",
        "Owner",
        "Target date",
    ]
    for series in ("CC1", "CC6", "A1"):
        rows: list[list[object]] = [
            [name, title, f"State {number} of {series}", "Yes" if number % 2 else "No", "", "", "CISO", ""]
            for number, (name, title) in enumerate(CRITERIA)
            if name.startswith(f"{series}.")
        ]
        if series == "CC6":
            rows[1][1] = "Change management"
            rows.append(["CC6.9", "Session limits", "none", "Yes", "Missing", "Add", "IT", ""])
        yield Tab(series, [[f"SOC 2 readiness: {series}"], [], head, *rows])
    yield Tab("Summary", table("Series | Criteria | Gaps\nCC1 | 5 | 2\nCC6 | 8 | 4\nA1 | 3 | 1"))


@foreign({"audit_export": ("assessment", 1, 8)}, encoding="utf-8", faults="MAP001 audit_export!C9")
def audit_export() -> Iterator[Tab]:
    """A tool's export of one audit: urns, groups that are not assessable, results with underscores."""
    yield Tab("audit_export", table("""
    urn | assessable | ref_id | name | description | compliance_result | requirement_progress | observations
    urn:own:a.5 | | A.5 | Organizational controls | | | |
    urn:own:a.5.1 | x | A.5.1 | Policies for information security | | compliant | done | ok
    urn:own:a.5.2 | x | A.5.2 | Information security roles and responsibilities | | partially_compliant | in_progress |
    urn:own:a.5.3 | x | A.5.3 | Segregation of duties | | non_compliant | to_do |
    urn:own:a.6 | | A.6 | People controls | | | |
    urn:own:a.6.1 | x | A.6.1 | Screening | | not_applicable | done | no hires
    urn:own:a.6.2 | x | A.6.2 | Terms and conditions of employment | | not_assessed | to_do |
    urn:own:a.6.9 | x | A.6.9 | Exit interviews | | non_compliant | to_do |
    urn:own:a.8.1 | x | A.8.1 | User endpoint devices | | compliant | done |
    urn:own:a.8.2 | x | A.8.2 | Privileged access rights | | compliant | done |
    """))  # fmt: skip


@foreign({"ISO checklist": ("assessment", 3, 9)}, faults="MAP005 ISO checklist!A3")
def checklist_of_2013() -> Iterator[Tab]:
    """A 2013 checklist with domains and objectives between the controls."""
    yield Tab("ISO checklist", table("""
    ISO 27001:2013 CONTROLS CHECKLIST
    .
    ISO 27001 CONTROL | IMPLEMENTATION PHASE / TASK | IN COMPLIANCE? | NOTES
    "5" | Information security policies | |
    "5.1" | Management direction for information security | |
    "5.1.1" | Policies for information security | Yes | 2025 set
    "5.1.2" | Review of the policies for information security | No |
    "6" | Organization of information security | |
    "6.1" | Internal organization | |
    "6.1.1" | Information security roles and responsibilities | Yes |
    "6.1.2" | Segregation of duties | Partial |
    "9" | Access control | |
    "9.2" | User access management | |
    "9.2.1" | User registration and de-registration | Yes |
    "9.2.5" | Review of user access rights | No |
    """))  # fmt: skip


@foreign({"RCM": ("control library", 2, 6)}, controls=5, pairs=18, annex=9, faults="MAP001 RCM!F7\nCTL002 RCM!C8")
def risk_and_control_matrix() -> Iterator[Tab]:
    """A risk and control matrix: the risk in front, the control with its nature, references at the end. C-05 is used twice."""
    yield Tab("RCM", table("""
    Risk and control matrix, FY2026
    Process | Risk description | Control ID | Control description | Preventive / Detective | TSC | ISO 27001:2022 Annex A | Frequency | Control owner | Key control
    Access | Strangers get in | C-01 | New users need a ticket that their manager approved | P | CC6.2 | A.5.16; A.5.18 | Ad hoc | IT | Y
    Access | Rights pile up | C-02 | Managers review all rights every quarter | D | CC6.2; CC6.3 | A.5.18 | Quarterly | IT | Y
    Changes | Faulty releases | C-03 | Two people look at every change before release | P | CC8.1 | A.8.32; A.8.25 | Per change | Engineering | Y
    Operations | Data are lost | C-04 | Backups run daily and are restored once a year | C | A1.2; A1.3 | A.8.13 | Daily | IT | Y
    Vendors | A vendor fails | C-05 | Vendors are assessed before a contract | P | CC9.2; CC9.4 | A.5.19; A.5.20 | Per vendor | Legal | N
    Incidents | Slow reaction | C-05 | Incidents are handled by a tested plan | D | CC7.4 | A.5.26; A.5.24 | Per incident | CISO | Y
    """))  # fmt: skip


@foreign({"Mapping": ("pair list", 2, 10)}, pairs=25, annex=13, faults="MAP009 Mapping!B9\nMAP001 Mapping!B11")
def lists_as_people_write_them() -> Iterator[Tab]:
    """Separators, ranges, wildcards, spaces, a cross-group range and an invented id."""
    yield Tab("Mapping", table("""
    ISO 27001:2022 to SOC 2
    ISO control | SOC 2 criteria
    A.5.1 | CC 5.3
    A.5.15 | CC6.1, 6.2, 6.3
    A.5.24 | CC7.3 - CC7.5
    A.5.18 | CC6.2 / CC6.3
    A.5.19 | CC9.2 and CC3.2
    A.7.1 | cc6.4; CC6.5
    A.8.2 | CC6.1 - CC7.2
    A.8.8 | CC7.1 (vulnerabilities)
    A.8.32 | CC8.1 & CC8.2
    A.6.1, A.6.2, A.6.3, A.6.4, A.6.5 | CC1.4⏎CC1.5
    """))  # fmt: skip


@foreign({"ISO x series": ("grid", 1, 4)})
def grid_of_series() -> Iterator[Tab]:
    """Annex A controls down, whole series of criteria across: nothing that could be counted."""
    yield Tab("ISO x series", table("""
    ISO 27001 control | CC1 | CC2 | CC3 | CC4 | CC5 | CC6 | CC7 | CC8 | CC9
    A.5.1 | x | x | | | x | | | |
    A.5.15 | | | | | | x | | |
    A.8.8 | | | | | | | x | |
    A.8.32 | | | | | | | | x |
    """))  # fmt: skip


@foreign({"Matrice": ("pair list", 3, 5)}, pairs=7, annex=7, faults="MAP014 Matrice!D7")
def french_crosswalk() -> Iterator[Tab]:
    """French headings and words."""
    yield Tab("Matrice", table("""
    Correspondance SOC 2 / ISO 27001:2022
    .
    Critère SOC 2 | Intitulé | Mesure ISO 27001 | Relation | Commentaires
    CC6.1 | Accès logiques | A.5.15 ; A.8.3 | partiel |
    CC6.4 | Accès physiques | A.7.2 | complet |
    CC7.2 | Surveillance | A.8.16 ; A.8.15 | partiel |
    CC8.1 | Changements | A.8.32 | bizarre |
    CC9.2 | Fournisseurs | A.5.19 | partiel |
    """))  # fmt: skip


@foreign({"Plan": ("control library", 8, 4), "Legend": None}, controls=4, pairs=10, annex=4, faults="MAP001 Plan!F12")
def headings_far_down() -> Iterator[Tab]:
    """A preamble of seven rows, numbers in front, the references in the middle."""
    yield Tab("Plan", table("""
    Harbour Cloud Ltd | | | | Date | 2026-05-04
    Information Security | | | | Version | "1.4"
    Control framework
    This list is reviewed by the security board twice a year.
    Legend: P = preventive, D = detective
    .
    | | | | References |
    No. | Control | Type | Status | ISO 27001:2022 | SOC 2 | Last test
    1 | Badges open doors by role | P | Implemented | A.7.2 | CC6.4 | 2026-04-01
    2 | Laptops are encrypted | P | Implemented | A.8.24 | CC6.1, CC6.7 | 2026-04-01
    3 | Logs are watched | D | In progress | A.8.15, A.8.16 | CC7.2 |
    4 | Restores are tested | D | Planned | A.8.13 | A1.3, A1.4 |
    """))  # fmt: skip
    yield Tab("Legend", [["P", "preventive"], ["D", "detective"]])


@foreign({"Attributes": ("pair list", 1, 5)}, pairs=7, annex=5)
def controls_with_attributes() -> Iterator[Tab]:
    """ISO controls with their attributes as hash tags, criteria in the last column."""
    yield Tab("Attributes", table("""
    ISO/IEC 27002 control identifier | Control name | Control type | Information security properties | Cybersecurity concepts | Security domains | SOC 2
    "5.7" | Threat intelligence | #Preventive #Detective | #Confidentiality #Integrity | #Identify | #Defence | CC3.2
    "5.15" | Access control | #Preventive | #Confidentiality | #Protect | #Protection | CC6.1, CC6.3
    "7.4" | Physical security monitoring | #Detective | #Confidentiality | #Detect | #Protection | CC6.4
    "8.16" | Monitoring activities | #Detective | #Integrity | #Detect | #Defence | CC7.2
    "8.28" | Secure coding | #Preventive | #Integrity | #Protect | #Protection | CC8.1, CC7.1
    """))  # fmt: skip


@foreign({"Gap": ("assessment", 2, 6)}, pairs=7, annex=6, faults="MAP004 Gap!E6\nMAP001 Gap!E8")
def gap_sheet_with_iso_beside() -> Iterator[Tab]:
    """SOC 2 criteria judged, with the ISO control that would help beside each."""
    yield Tab("Gap", table("""
    SOC 2 gap assessment with ISO 27001 cross reference
    Criteria | Title | Status | Gap description | Related ISO 27001 control | Priority | Owner
    CC3.2 | Risk identification | Partial | No method on paper | A.5.7 | High | CISO
    CC5.3 | Policies | Met | | A.5.1, A.5.37 | Low | CISO
    CC6.1 | Logical access | Met | | A.5.15, A.8.5 | Low | IT
    CC6.6 | Boundaries | Not met | No firewall rules | A.13.1.1 | High | IT
    CC7.2 | Monitoring | Partial | Night shift missing | A.8.16 | Medium | IT
    CC8.1 | Changes | Met | | A.8.42 | Low | Engineering
    """))  # fmt: skip


@foreign({"List": ("pair list", 1, 8)}, pairs=8, annex=8, faults="MAP011 List!B5\nMAP011 List!B6")
def pairs_with_title_in_cell() -> Iterator[Tab]:
    """Id and title in one cell on both sides; two neighbours are swapped, the others reworded."""
    yield Tab("List", table("""
    SOC 2 | ISO/IEC 27001:2022
    CC6.1 - Logical access | A.5.15 - Access control policy
    CC6.2 - Provisioning | A.5.16 - Identities of users
    CC6.3 - Role changes | A.5.18 - User access rights reviews
    CC6.5 - Disposal | A.7.10 - Clear desk and clear screen
    CC6.7 - Media | A.7.7 - Storage media
    CC6.8 - Malware | A.8.7 - Anti-malware protection
    CC7.1 - Vulnerabilities | A.8.8 - Patch and vulnerability management
    CC7.5 - Recovery | A.8.13 - Back-ups
    """))  # fmt: skip


@foreign({"Blank template": ("assessment", 1, 93)})
def empty_template() -> Iterator[Tab]:
    """A SoA template that nobody has filled in yet: not 93 complaints, but one."""
    yield Tab("Blank template", [["Control", "Title", "Applicable", "Justification for inclusion", "Justification for exclusion", "Status"],
                                 *([name, title] for name, title in ANNEX)])  # fmt: skip


@foreign({}, refused="looks like controls")
def only_risks_and_assets() -> Iterator[Tab]:
    """A workbook of registers that are none of ours."""
    yield Tab("Risks", table("Risk ID | Risk | Likelihood | Impact\nR-1 | Fire | 2 | 5\nR-2 | Flood | 1 | 5"))
    yield Tab("Assets", table("Asset ID | Asset | Owner | Value\nAS-1 | Server | IT | High\nAS-2 | Laptop | IT | Low"))


@foreign(
    {"Controls": ("control library", 1, 4), "Requirement mapping": ("pair list", 2, 7)},
    controls=4,
    pairs=6,
    annex=2,
    faults="MAP019 Requirement mapping!B9\nMAP001 Requirement mapping!A8",
)
def requirements_to_controls() -> Iterator[Tab]:
    """The mapping the other way round: requirements of both frameworks, each with the control that answers it, beside the library."""
    yield Tab("Controls", table("""
    Control ID | Control name | Status
    AC-001 | Access reviews | Implemented
    PH-001 | Badge readers | Implemented
    CH-001 | Change approvals | Planned
    LG-001 | Log reviews | Implemented
    """))  # fmt: skip
    yield Tab("Requirement mapping", table("""
    Which control answers which requirement
    Requirement | Control ID | Relationship
    CC6.2 | AC-001 | subset of
    A.5.18 | AC-001 | equal
    CC6.4 | PH-001 | equal
    A.7.2 | PH-001 | superset of
    CC8.1 | CH-001 | equal
    A.8.45 | LG-001 | equal
    A.8.15 | LG-01 | equal
    """))  # fmt: skip


@foreign(
    {"CCF": ("control library", 4, 6), "Change log": None},
    controls=6,
    pairs=23,
    annex=0,
    faults="MAP005 CCF!F4\nMAP001 CCF!E8",
)
def common_controls_framework() -> Iterator[Tab]:
    """A company's published common controls: domain bands, one column per framework, clauses and controls of 2013 in one cell."""
    yield Tab("CCF", table("""
    Common Controls Framework, open edition
    Each control applies to all products.
    .
    CCF ID | Control Name | Control Activity | Theme | AICPA TSC Criteria | ISO/IEC 27001:2013 | ISO/IEC 27017:2015 | ISO 22301:2019 | PCI DSS v3.2.1 | FedRAMP Moderate
    Asset Management
    AM-01 | Inventory | An inventory of devices is kept | Basis | CC6.1 | A.8.1.1⏎A.8.1.2 | "8.1.1" | | 2.4 | CM-8
    AM-02 | Handling of media | Media are labelled and locked away | Media | CC6.1⏎CC6.5 | A.8.2.2⏎A.8.2.3⏎A.8.3.1 | "8.2.2" | | 9.6 | MP-4
    AM-03 | Disposal | Media are wiped before they leave | Media | CC6.5⏎CC6.10 | A.8.3.2⏎A.11.2.7 | | | 9.8 | MP-6
    Business Continuity
    BC-01 | Plan | A continuity plan is reviewed each year | Plan | A1.2⏎CC7.5⏎CC9.1 | A.17.1.1⏎A.17.1.2 | | "8.4.1" | 12.10.1 | CP-2
    BC-02 | Tests | The plan is tested each year | Plan | A1.3 | A.17.1.3⏎Cl. 9.2 | | "8.5" | 12.10.2 | CP-4
    Human Resources
    HR-01 | Screening | Checks before the first day | Hiring | CC1.1⏎CC1.4 | A.7.1.1⏎A.7.1.2⏎Cl. 7.2 b) | | | 12.7 | PS-3
    """), ("A5:J5", "A9:J9", "A12:J12"))  # fmt: skip
    yield Tab(
        "Change log", table("Version | Date | Change\n4.0 | 2025-02-01 | New theme column\n4.1 | 2025-09-01 | Typing errors")
    )


@foreign(
    {"Overview": None, "All CIS Controls & Safeguards": ("pair list", 3, 8)},
    controls=0,
    pairs=5,
    faults="MAP001 All CIS Controls & Safeguards!G7",
)
def benchmark_to_iso() -> Iterator[Tab]:
    """Another body's safeguards, numbered 1.1 and 3.10, with relationship words, groups and A5.9 without a dot; some are unmapped."""
    yield Tab("Overview", [["Mapping of the safeguards to ISO/IEC 27001:2022 Annex A"], ["Equivalent, Subset, Superset"]])
    yield Tab("All CIS Controls & Safeguards", table("""
    Mapping methodology: see the first tab
    .
    CIS Control | CIS Safeguard | Asset Type | Security Function | Title | Relationship | ISO 27001:2022 Control # | Control Title
    "1" | | | | Inventory of assets | | |
    "1" | "1.1" | Devices | Identify | Keep an inventory of devices | Subset | A5.9 | Inventory of information and other associated assets
    "1" | "1.2" | Devices | Respond | Deal with unknown devices | | |
    "3" | "3.1" | Data | Identify | Have a process for data | Superset | A5.101 | Acceptable use of information
    "3" | "3.10" | Data | Protect | Encrypt data in transit | Subset | A8.24 | Use of cryptography
    "8" | "8.1" | Network | Protect | Have a process for logs | Equivalent | A8.15 | Logging
    "8" | "8.4" | Network | Protect | Keep clocks in step | Equivalent | A8.17 | Clock synchronization
    "17" | "17.1" | N/A | Respond | Name people for incidents | Subset | A5.24 | Information security incident management planning and preparation
    """))  # fmt: skip


@foreign({"800-53 to ISO": ("pair list", 2, 5), "ISO to 800-53": None}, controls=0, pairs=14)
def catalogue_of_another_body() -> Iterator[Tab]:
    """Another body's controls to clauses and Annex A: clauses bare, controls with A, an asterisk where it covers only in part."""
    yield Tab("800-53 to ISO", table("""
    An asterisk (*) says that the control does not fully satisfy the intent.
    NIST SP 800-53 control | Control name | ISO/IEC 27001:2022 control
    AC-1 | Access control policy | 5.2, 5.3, 7.5.1, A.5.1, A.5.15
    AC-2 | Account management | A.5.16, A.5.18, A.8.2
    AU-8 | Time stamps | A.8.17
    CP-9 | Backup | A.5.29*, A.8.13*
    RA-3 | Risk assessment | 6.1.2, 8.2, A.5.7*
    """))  # fmt: skip
    yield Tab("ISO to 800-53", table("""
    Other direction
    ISO/IEC 27001:2022 requirement or control | NIST SP 800-53 controls
    5.2 Policy | All XX-1 controls
    6.1.2 Information security risk assessment | RA-3
    A.5.15 Access control | AC-1, AC-3
    A.8.13 Information backup | CP-9
    A.8.17 Clock synchronization | AU-8
    """))  # fmt: skip


@foreign({"Matrix": ("grid", 1, 5)}, pairs=6, annex=4)
def grid_of_booleans() -> Iterator[Tab]:
    """TRUE and FALSE from a web sheet's tick boxes."""
    yield Tab("Matrix", [
        ["TSC", "Description", "A.5.15", "A.5.18", "A.7.2", "A.8.15", "A.8.32"],
        ["CC6.1", "Logical access", True, True, False, False, False],
        ["CC6.2", "Registration", True, True, False, False, False],
        ["CC6.4", "Physical access", False, False, True, False, False],
        ["CC7.2", "Monitoring", False, False, False, True, False],
        ["CC8.1", "Changes", False, False, False, False, False],
    ])  # fmt: skip


@foreign({"Heat map": ("grid", 3, 4)}, pairs=6, annex=4)
def grid_of_numbers() -> Iterator[Tab]:
    """0 to 10 for how much two requirements have in common."""
    yield Tab("Heat map", table("""
    Overlap of SOC 2 and ISO 27001:2022, 0 none to 10 same
    .
    | CC6.1 | CC6.4 | CC7.2 | CC8.1
    A.5.15 Access control | 8 | 2 | 0 | 0
    A.7.2 Physical entry | 1 | 9 | 0 | 0
    A.8.15 Logging | 0 | 0 | 7 | 0
    A.8.32 Change management | 0 | 0 | 0 | 10
    """))  # fmt: skip


@foreign({"Policy mapping": ("register", 1, 5)}, faults="MAP004 Policy mapping!C5")
def policies_by_name() -> Iterator[Tab]:
    """Policies without ids, with the requirements that each answers."""
    yield Tab("Policy mapping", table("""
    Policy | SOC 2 TSC | ISO 27001:2022
    Information security policy | CC1.1, CC5.3 | A.5.1, Clause 5.2
    Access control policy | CC6.1, CC6.2, CC6.3 | A.5.15, A.5.18
    Acceptable use policy | CC1.1 | A.5.10
    Backup policy | A1.2 | A.12.3.1, A.8.13
    Supplier policy | CC9.2 | A.5.19, A.5.20, A.5.22
    """))  # fmt: skip


@foreign({"Evidence list": ("pair list", 2, 5)}, pairs=10, annex=7, faults="MAP001 Evidence list!D5")
def evidence_requests() -> Iterator[Tab]:
    """A list of evidence to collect, numbered, with the criteria and controls that each piece serves."""
    yield Tab("Evidence list", table("""
    Evidence for both audits
    # | Evidence item | Owner | SOC 2 | ISO 27001:2022 Annex A | Frequency
    1 | Organization chart | HR | CC1.3 | A.5.2, A.5.4 | Annual
    2 | Screening reports | HR | CC1.4 | A.6.1 | Per hire
    3 | Training records | HR | CC2.2, CC1.6 | A.6.3 | Annual
    4 | Access review | IT | CC6.2, CC6.3 | A.5.18 | Quarterly
    5 | Penetration test | Security | CC4.1, CC7.1 | A.8.8, A.8.29 | Annual
    """))  # fmt: skip


@foreign({"PCI to ISO": ("pair list", 1, 4)}, pairs=6)
def payment_standard_to_iso() -> Iterator[Tab]:
    """Requirements of a payment standard, numbered 1.2.1 and 8.3.6, to Annex A: their numbers are none of ISO's."""
    yield Tab("PCI to ISO", table("""
    PCI DSS 4.0 Requirement | PCI DSS description | ISO 27001:2022 Annex A
    "1.2.1" | Standards for network controls | A.8.20, A.8.22
    "8.3.6" | Length of passwords | A.5.17
    "10.2.1" | Audit logs | A.8.15
    "12.6.1" | Awareness program | A.6.3, A.5.1
    """))  # fmt: skip


@foreign({"Coverage": ("grid", 3, 6)}, pairs=7, annex=5, faults="MAP001 Coverage!A8")
def grid_below_series() -> Iterator[Tab]:
    """Annex A down, criteria across with their series above; P for primary, S for secondary; A.8.36 down."""
    yield Tab("Coverage", table("""
    P primary, S secondary
    | | CC6 | | CC7 | | CC8
    ISO 27001:2022 | Title | CC6.1 | CC6.3 | CC7.1 | CC7.2 | CC8.1
    A.5.15 | Access control | P | S | | |
    A.5.18 | Access rights | S | P | | |
    A.8.8 | Technical vulnerabilities | | | P | |
    A.8.16 | Monitoring | | | | P |
    A.8.36 | Releases | | | | | P
    A.8.32 | Change management | | | | | P
    """), ("C2:D2", "E2:F2"))  # fmt: skip
