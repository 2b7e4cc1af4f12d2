"""Reading: literal sheets in, what was read out; refused files; laws."""

import datetime as dt
import zipfile

import openpyxl
import pytest
import xlsxwriter
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from openpyxl.utils import get_column_letter

from workbench.model import ISO2013, ISO2022, ISO_UNDECIDED, SOC2, InputRefused, Layout
from workbench.reading import read_book, read_framework, read_pairs, read_texts
from workbench.reading.cells import Cells, decode, delimiter
from workbench.reading.facts import Facts, letter, number, scan_parser, scan_patterns
from workbench.reading.layouts import Found, recognize
from workbench.reading.recognized import recognize_sheet
from workbench.reading.shapes import Shape, shape
from workbench.reading.tables import build, oddities, report
from workbench.settings import Limits, Settings

LIBRARY, PAIRS, GRID, ASSESSMENT, REGISTER = (
    Layout.CONTROL_LIBRARY, Layout.PAIR_LIST, Layout.GRID, Layout.ASSESSMENT, Layout.REGISTER,
)  # fmt: skip


def table(text):
    """Rows of a table drawn with bars; blank is None, ``\\n`` a line break, 5.1 and 12 in braces are numbers."""
    rows = [[_cell(cell.strip()) for cell in line.split("|")] for line in text.strip("\n").splitlines()]
    width = max(map(len, rows))
    return [row + [None] * (width - len(row)) for row in rows]


def _cell(text):
    if text.startswith("{"):
        return float(text.strip("{}")) if "." in text else int(text.strip("{}"))
    return text.replace("\\n", "\n") or None


def write(path, sheets):
    """A workbook with the given tabs, each a table or a drawn one."""
    book = openpyxl.Workbook()
    book.remove(book.active)
    for tab, rows in sheets.items():
        sheet = book.create_sheet(tab)
        for row in table(rows) if isinstance(rows, str) else rows:
            sheet.append(row)
    book.save(path)
    return book


def read(tmp_path, tabs, *, only=(), **options):
    write(tmp_path / "book.xlsx", tabs)
    return read_book(tmp_path / "book.xlsx", Settings(**options), only=only)


def recognized(tab, text, merges=()):
    """(layout, Excel row of the heading, {column name: heading}, Excel rows of the data)."""
    found = recognize(tab, table(text), merges)
    assert isinstance(found, Found), found
    names = {entry.name or entry.heading: entry.heading for entry in found.columns}
    return found.layout, found.head + 1, names, [row + 1 for row in found.rows]


def columns(tab, text, merges=()):
    return recognized(tab, text, merges)[2]


def frameworks(tab, text, merges=()):
    found = recognize(tab, table(text), merges)
    return {entry.name or entry.heading: entry.framework for entry in found.columns if entry.framework}


def why_not(tab, text):
    found = recognize(tab, table(text))
    assert not isinstance(found, Found), found
    return found.because


# --- control libraries ---------------------------------------------------------------------------------------------


def test_the_articles_matrix_is_a_control_library():
    assert recognized("Matrix", """
        Control ID | Control Name           | SOC 2 Mapping | ISO 27001 Mapping | Implementation
        AC-001     | User Access Management | CC6.1, CC6.2  | A.9.1.1, A.9.2.1  | A single procedure document that covers both requirements
    """) == (LIBRARY, 1, {
        "id": "Control ID", "name": "Control Name", "soc2": "SOC 2 Mapping", "iso": "ISO 27001 Mapping", "description": "Implementation",
    }, [2])  # fmt: skip


@pytest.mark.parametrize("heading", [
    "SOC 2 TSC Mapping", "Trust Services Criteria (2017)", "Mapped SOC2 Criteria", "TSC ID", "CC Ref", "SOC 2", "AICPA\\nTSC 2017:2022 (used for SOC 2)",
    "Criteria", "Common Criteria", "TSC Ref. #", "SOC2_Criteria", "Foo", "",
])  # fmt: skip
def test_a_column_of_criteria_is_read_whatever_its_heading_says(heading):
    assert frameworks("Sheet1", f"""
        Control ID | Control name | {heading}
        AC-1       | Reviews      | CC6.1, CC6.2
        AC-2       | Backups      | A1.2
    """) == {"soc2": SOC2}  # fmt: skip


@pytest.mark.parametrize(("heading", "framework"), [
    ("ISO 27001:2022 Annex A Control(s)", ISO2022), ("ISO/IEC 27001:2013 ref.", ISO2013), ("ISO 27001", ISO_UNDECIDED), ("Annex A", ISO_UNDECIDED),
    ("ISO\\n27002\\nv2022", ISO2022), ("27001 (2013)", ISO2013), ("Foo", ISO_UNDECIDED), ("ISO 27001 2013/2022", ISO_UNDECIDED), ("SOC 2", ISO_UNDECIDED),
])  # fmt: skip
def test_the_edition_is_what_the_heading_says(heading, framework):
    assert frameworks("Sheet1", f"""
        Control ID | Control name | {heading}
        AC-1       | Reviews      | A.5.15
        AC-2       | Backups      | A.8.13; A.5.30
    """) == {"iso": framework}  # fmt: skip


@pytest.mark.parametrize("heading", ["ISO 27701", "NIST 800-53", "PCI DSS v4", "CIS v8", "ISO/IEC 27017:2015", "HIPAA"])
def test_a_column_of_another_framework_is_not_read(heading):
    assert columns("Controls", f"""
        Control ID | Control name | SOC 2  | {heading}
        AC-1       | Reviews      | CC6.1  | 5.15
        AC-2       | Backups      | CC6.2  | 8.2.1
    """) == {"id": "Control ID", "name": "Control name", "soc2": "SOC 2"}  # fmt: skip


def test_several_columns_for_one_framework_are_all_read():
    assert columns(
        "SCF",
        """
        SCF Domain | SCF Control | SCF # | Secure Controls Framework (SCF)\\nControl Description | AICPA\\nTSC 2017 | ISO\\n27001\\nv2022 | ISO\\n27002\\nv2022 | ISO\\n27701\\nv2019 | NIST\\n800-53
        Governance | Program     | GOV-01   | Mechanisms exist to facilitate the implementation of controls. | CC1.1\\nCC1.2 | 4.4\\n5.1 | 5.1 | 5.1.1 | PM-1
        Governance | Committee   | GOV-01.1 | Mechanisms exist to coordinate security by a steering committee. | CC1.3 | 5.3 | 5.2\\n5.4 |  |
        Identity   | Privilege   | IAC-21   | Mechanisms exist to use least privilege for each account there is. | CC6.1-POF3 | 7.5 | 8.2 |  | AC-6
    """,
    ) == {
        "name": "SCF Control",
        "id": "SCF #",
        "description": "Secure Controls Framework (SCF) Control Description",
        "soc2": "AICPA TSC 2017",
        "iso": "ISO 27001 v2022",
        "iso#2": "ISO 27002 v2022",
    }


def test_a_tools_export_with_both_frameworks_in_one_column_has_no_framework():
    found = recognize("Export", table("""
        Control ID | Control Name | Control Description | Frameworks            | Mapped Requirements
        DCF-1      | Source code  | Code is versioned   | SOC 2, ISO 27001:2022 | SOC 2: CC8.1; ISO 27001:2022: A.8.4, A.8.25
        DCF-2      | MFA          | MFA for everyone    | SOC 2                 | SOC 2: CC6.1
        DCF-3      | Training     | Every year          | ISO 27001:2022        | ISO 27001:2022: A.6.3
    """))  # fmt: skip
    assert (found.layout, [(one.name, one.framework) for one in found.columns]) == (
        LIBRARY,
        [("id", ""), ("name", ""), ("description", ""), ("soc2", "")],
    )
    assert found.unread == ((3, "Frameworks"),)


def test_controls_without_ids_are_a_library_and_the_missing_column_is_told(tmp_path):
    book = read(tmp_path, {"Unified control matrix": """
        Control        | Description                 | SOC 2 TSC Mapping | ISO 27001:2022 Annex A Control(s) | Owner
        Access reviews | Quarterly reviews of access | CC6.1, CC6.2      | A.5.18 | IT
        Backups        | Daily backups               | A1.2              | A.8.13 | IT
        Training       | Annual training             | CC1.4, CC2.2      | A.6.3  | HR
    """})  # fmt: skip
    assert [column.name for column in book.tables[0].columns] == ["name", "description", "soc2", "iso", "owner"]
    assert [(one.kind, one.cell, one.detail[:21]) for one in book.oddities] == [("missing column", "A1", "Control ID is missing")]


def test_controls_without_requirements_are_a_library_when_their_state_is_told():
    assert recognized("List of controls", """
        Control ID | Control name | Status      | Owner
        AC-1       | Reviews      | Implemented | IT
        AC-2       | Backups      | Planned     | IT
    """)[:3] == (LIBRARY, 1, {"id": "Control ID", "name": "Control name", "status": "Status", "owner": "Owner"})  # fmt: skip


def test_an_auditors_matrix_of_criteria_and_controls_is_a_library():
    assert recognized(
        "RACM",
        """
        TSC Criteria | Criteria Description | Control # | Control Activity           | Test Procedure | Result
        CC1.1        | Integrity            | CC1.1.1   | The code of conduct is signed | Inspected      | No exceptions
        CC1.1        | Integrity            | CC1.1.2   | Backgrounds are checked       | Inspected      | No exceptions
        CC1.2        | Board                | CC1.2.1   | The board meets               | Inspected      | No exceptions
    """,
    )[:3] == (
        LIBRARY,
        1,
        {
            "soc2": "TSC Criteria",
            "soc2_title": "Criteria Description",
            "id": "Control #",
            "name": "Control Activity",
        },
    )


def test_a_questionnaire_with_mappings_is_a_library():
    assert columns(
        "CAIQ",
        """
        Control Domain | Question ID | Control Specification                 | Answer | AICPA TSC 2017 | ISO/IEC 27001:2013   | PCI DSS v3.2
        Applications   | AIS-01.1    | Applications are designed for safety. | Yes    | CC7.1          | A.9.4.2\\nA.9.4.1    | 6.5
        Applications   | AIS-02.1    | Access is granted after an agreement. | Yes    | CC6.1          | A.9.1.1              |
    """,
    ) == {
        "id": "Question ID",
        "description": "Control Specification",
        "soc2": "AICPA TSC 2017",
        "iso": "ISO/IEC 27001:2013",
    }


def test_the_title_of_an_iso_control_is_no_id_and_no_control_name():
    assert columns(
        "Controls",
        """
        Control ID | ISO27001 Control | ISO27001 Control Title | Control name
        AC-1       | A.5.15           | Access control         | Reviews
        AC-2       | A.8.13           | Information backup     | Backups
    """,
    ) == {
        "id": "Control ID",
        "iso": "ISO27001 Control",
        "iso_title": "ISO27001 Control Title",
        "name": "Control name",
    }


def test_marks_under_a_framework_are_no_citations():
    assert columns("Controls", """
        Control ID | Control | SOC 2 | ISO 27001 | Owner
        C-1        | Reviews | X     | X         | IT
        C-2        | Backups | X     |           | IT
    """) == {"id": "Control ID", "name": "Control", "owner": "Owner"}  # fmt: skip


# --- pair lists ----------------------------------------------------------------------------------------------------


def test_the_articles_alignment_is_a_pair_list():
    assert recognized("Mapping", """
        SOC 2           | ISO 27001
        CC6.1           | A.9.1
        CC3.1           | A.8.1
        Availability    | A.17
        Confidentiality | A.8.2
        Privacy         | A.18
    """) == (PAIRS, 1, {"source": "SOC 2", "target": "ISO 27001"}, [2, 3, 4, 5, 6])  # fmt: skip


@pytest.mark.parametrize(("tab", "text", "expected"), [
    ("SOC2 to ISO Mapping", """
        SOC 2 Criteria | SOC 2 Description | ISO 27001:2022 Control | ISO Control Name | Mapping Type | Strength | Evidence Required
        CC1.1 | Integrity       | A.5.1        | Policies for information security | Direct  | Strong | Code of conduct
        CC1.2 | Board oversight | A.5.4, A.5.2 | Management responsibilities       | Partial | Medium | Minutes
     """, {"source": "SOC 2 Criteria", "source_title": "SOC 2 Description", "target": "ISO 27001:2022 Control", "target_title": "ISO Control Name",
           "relationship": "Mapping Type", "strength": "Strength"}),
    ("ISO to SOC2", """
        ISO 27001 Control | Control Name   | SOC 2 Criteria | Coverage Level | Notes
        A.5.1             | Policies       | CC1.1, CC5.3   | Full           | a
        A.5.15            | Access control | CC6.1          | Partial        | b
     """, {"source": "ISO 27001 Control", "source_title": "Control Name", "target": "SOC 2 Criteria", "relationship": "Coverage Level", "rationale": "Notes"}),
    ("2013 to 2022", """
        ISO 27001:2013 | Control name             | ISO 27001:2022 | Control name
        A.5.1.1        | Policies                 | A.5.1          | Policies
        A.5.1.2        | Review of the policies   | A.5.1          | Policies
        A.6.1.1        | Roles                    | A.5.2          | Roles
     """, {"source": "ISO 27001:2013", "source_title": "Control name", "target": "ISO 27001:2022", "target_title": "Control name"}),
    ("Both editions", """
        TSC ID | TSC      | ISO 27001:2013 | ISO 27001:2022 | Relationship
        CC6.1  | Logical  | A.9.1.1        | A.5.15         | Partial
        CC6.2  | Joiners  | A.9.2.1        | A.5.16         | Full
     """, {"source": "TSC ID", "source_title": "TSC", "target": "ISO 27001:2013", "target#2": "ISO 27001:2022", "relationship": "Relationship"}),
    ("STRM", """
        FDE #      | FDE Name      | STRM Rationale | STRM Relationship | SCF Control | SCF #  | Strength of Relationship (optional)
        CC1.1-POF1 | Sets the tone | Functional     | Intersects With   | Governance  | GOV-01 | 5
        CC1.1-POF2 | Standards     | Functional     | Subset Of         | Conduct     | HRS-05 | 10
     """, {"source": "FDE #", "source_title": "FDE Name", "rationale": "STRM Rationale", "relationship": "STRM Relationship", "target": "SCF #",
           "strength": "Strength of Relationship (optional)"}),
    ("mappings_content", """
        source_node_id | target_node_id | relationship | rationale  | strength_of_relationship
        cc6.1.1        | a.5.13         | intersect    |            |
        cc6.1.2        | a.5.15         | subset       | functional | 5
     """, {"source": "source_node_id", "target": "target_node_id", "relationship": "relationship", "rationale": "rationale",
           "strength": "strength_of_relationship"}),
    ("Mapping", """
        Source | Source title | Target | Target title   | Relationship | Strength | Rationale | Status   | Method | Reviewer | Date
        CC6.1  | Access       | A.5.15 | Access control | equal        | 8        | same      | Accepted | human  | me       | 2026-01-01
        CC6.2  | Joiners      | A.5.16 | Identities     | subset of    | 5        | part      | Proposed | human  | me       | 2026-01-01
     """, {"source": "Source", "source_title": "Source title", "target": "Target", "target_title": "Target title", "relationship": "Relationship",
           "strength": "Strength", "rationale": "Rationale", "status": "Status", "method": "Method", "reviewer": "Reviewer", "date": "Date"}),
    ("Domains", """
        Domain            | SOC 2 Criteria      | ISO 27001:2022         | Overlap | Notes
        Access control    | CC6.1, CC6.2, CC6.3 | A.5.15, A.5.16, A.5.18 | High    | x
        Change management | CC8.1               | A.8.32                 | High    | y
        Risk              | CC3.1, CC3.2        | Clause 6.1.2           | Medium  | z
     """, {"source": "SOC 2 Criteria", "target": "ISO 27001:2022", "strength": "Overlap", "rationale": "Notes"}),
    ("Export", """
        Control ID | Control Name | Framework | Requirement ID
        C-1        | Access       | SOC 2     | CC6.1
        C-1        | Access       | ISO 27001 | A.5.15
        C-1        | Access       | ISO 27001 | A.8.2
        C-2        | Backup       | SOC 2     | A1.2
        C-2        | Backup       | ISO 27001 | A.8.13
        C-2        | Backup       | ISO 27001 | A.5.30
     """, {"source": "Control ID", "source_title": "Control Name", "target": "Requirement ID"}),
])  # fmt: skip
def test_pair_lists(tab, text, expected):
    layout, head, names, rows = recognized(tab, text)
    assert (layout, head, {name: names[name] for name in expected}) == (PAIRS, 1, expected)
    assert len(rows) == len(table(text)) - 1 - (not table(text)[-1][0])


def test_the_frameworks_of_a_pair_list_are_those_of_its_headings():
    assert frameworks("x", """
        Old (ISO 27001:2013) | New (ISO 27001:2022)
        A.9.1.1              | A.5.15
        A.9.2.1              | A.5.16
    """) == {"source": ISO2013, "target": ISO2022}  # fmt: skip


def test_a_source_named_once_holds_for_the_rows_below(tmp_path):
    book = read(tmp_path, {"TSC to ISO": """
        TSC   | Criterion      | ISO 27001:2013
        CC1.1 | Integrity      | A.7.1.1 Screening
              | Sets the tone  | A.7.2.1
              | Standards      | A.7.2.2; A.7.2.3
        CC1.2 | Board          | A.6.1.1
              | Independence   | A.6.1.2
    """})  # fmt: skip
    found = book.tables[0]
    assert found.frame["source"].tolist() == ["CC1.1", "CC1.1", "CC1.1", "CC1.2", "CC1.2"]
    assert sorted(found.filled) == [(3, "source"), (4, "source"), (6, "source")]
    assert "blank cells in column A repeat the one above" in book.sheets[0].because


def test_a_single_blank_source_stays_blank(tmp_path):
    rows = [["SOC 2", "ISO 27001"], *([f"CC6.{n}", f"A.5.{n}"] for n in range(1, 9)), [None, "A.8.1"], ["CC7.1", "A.8.2"]]
    assert read(tmp_path, {"Mapping": rows}).tables[0].frame["source"].tolist()[8] is None


# --- grids ---------------------------------------------------------------------------------------------------------


def test_a_grid_below_a_title_and_a_band_of_themes():
    found = recognize("Matrix", table("""
        SOC 2 against ISO 27001:2022
                  |               | Organizational |       |        | Technological |
        Criteria  | Description   | A.5.1          | A.5.2 | A.5.15 | A.8.1         | A.8.2
                  |               | Policies       | Roles | Access | Devices       | Privileges
        CC6.1     | Logical access|                |       | X      | X             | X
        CC6.2     | Registration  |                |       | X      |               |
        CC1.1     | Integrity     | X              | X     |        |               |
        Total     |               | 1              | 1     | 2      | 1             | 1
    """))  # fmt: skip
    assert (found.layout, found.declaration, found.head, found.rows) == (GRID, "Grid", 2, (4, 5, 6))
    assert [(one.field, one.heading, one.framework) for one in found.columns] == [
        ("source", "Criteria", SOC2), ("source_title", "Description", ""), ("cell", "A.5.1", ISO2022), ("cell", "A.5.2", ISO2022),
        ("cell", "A.5.15", ISO2022), ("cell", "A.8.1", ISO2022), ("cell", "A.8.2", ISO2022),
    ]  # fmt: skip


def test_a_grid_the_other_way_round_with_titles_beside_its_ids():
    assert columns("ISO x SOC", """
        Control        | CC1.1 | CC1.2 | CC6.1 | CC6.2
        A.5.1 Policies | x     |       | P     |
        A.5.2 Roles    | x     |       |       | S
    """) == {"source": "Control", "CC1.1": "CC1.1", "CC1.2": "CC1.2", "CC6.1": "CC6.1", "CC6.2": "CC6.2"}  # fmt: skip


def test_a_grid_of_controls_against_both_frameworks():
    assert frameworks("Coverage", """
        Control ID | Control        | CC6.1 | CC6.2 | A.5.15 | A.5.16
        AC-01      | Access reviews | ✓     |       | ✓      |
        AC-02      | Joiners        | ✓     | ✓     |        | ✓
    """) == {"CC6.1": SOC2, "CC6.2": SOC2, "A.5.15": ISO_UNDECIDED, "A.5.16": ISO_UNDECIDED}  # fmt: skip


def test_a_grid_with_numbers_across(tmp_path):
    book = read(tmp_path, {"Matrix": """
              | {5.2} | {5.3} | {5.15} | {6.1} | {7.1} | {8.1} | {8.2} | {8.3}
        CC6.1 | x     |       |        | x     |       |       |       |
        CC6.2 |       |       | x      |       |       |       |       | x
    """})  # fmt: skip
    found = book.tables[0]
    assert (found.layout, [(one.name, one.heading) for one in found.columns][:3]) == (
        GRID, [("source", ""), ("cell:B", "5.2"), ("cell:C", "5.3")],
    )  # fmt: skip
    assert found.frame["cell:D"].tolist() == [None, "x"]


def test_a_pair_list_with_an_id_in_each_column_is_no_grid():
    found = recognize("Mapping", table("""
        SOC 2 | ISO 1  | ISO 2  | ISO 3  | ISO 4
        CC6.1 | A.5.15 | A.5.16 | A.5.17 | A.5.18
        CC6.2 | A.5.15 | A.5.16 | A.5.17 | A.8.2
        CC6.3 | A.5.15 | A.5.18 | A.8.2  | A.8.3
    """))  # fmt: skip
    assert (found.layout, [one.name for one in found.columns]) == (
        PAIRS,
        ["source", "target", "target#2", "target#3", "target#4"],
    )


# --- assessments ---------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("tab", "text", "head", "expected", "rows"), [
    ("SoA", """
        Acme Ltd - Statement of Applicability
        ISO/IEC 27001:2022
        Version | 1.2 | | Owner | CISO
         |
        Control | Control Title               | Applicable (Y/N) | Justification for inclusion | Justification for exclusion | Implementation Status | Evidence
        A.5     | Organizational controls     |   |     |           |             |
        A.5.1   | Policies for security       | Y | RRA |           | Implemented | ISP
        A.5.2   | Roles                       | Y | BR  |           | Partially   |
        A.5.3   | Segregation of duties       | N |     | Too small |             |
         |
        Total   | 3
        Note: reviewed annually
     """, 5, {"id": "Control", "title": "Control Title", "applicable": "Applicable (Y/N)", "inclusion": "Justification for inclusion",
              "exclusion": "Justification for exclusion", "status": "Implementation Status", "evidence": "Evidence"}, [7, 8, 9]),
    ("Statement of Applicability", """
        Section | Annex A Control           | Applicable | Justification | Status      | SOC 2 mapping
                | 5. Organizational         |            |               |             |
        5.1     | Policies                  | Yes        | RRA           | Implemented | CC5.3
        5.2     | Roles                     | Yes        | BR            | Implemented | CC1.3
        5.3     | Segregation               | No         | small team    |             |
                | 6. People                 |            |               |             |
        6.1     | Screening                 | Yes        |               | Implemented | CC1.4
     """, 1, {"id": "Section", "title": "Annex A Control", "applicable": "Applicable", "inclusion": "Justification", "status": "Status",
              "soc2": "SOC 2 mapping"}, [3, 4, 5, 7]),
    ("ISO 27001 Gap Analysis", """
        Ref   | Requirement             | Current State | Maturity (0-5) | Gap       | Action Required | Owner | Due Date
        4.1   | The organization        | Documented    | {3}            | Minor gap | Update          | CISO  | 2026-01-01
        4.2   | Interested parties      | Nothing yet   | {1}            | None      | Write           | CISO  |
        6.1.2 | Risk assessment         | Done          | {4}            | None      |                 | CISO  |
     """, 1, {"id": "Ref", "title": "Requirement", "how": "Current State", "owner": "Owner", "review_date": "Due Date"}, [2, 3, 4]),
    ("SOC 2 Readiness", """
        TSC Ref | Category            | Criteria                              | Control in place? | Status      | Owner | Evidence | Target Date
        CC1.1   | Control environment | The entity shows its commitment.      | Yes               | Complete    | HR    | Code     |
        CC1.2   | Control environment | The board oversees internal control.  | No                | Not started | CEO   |          |
     """, 1, {"id": "TSC Ref", "title": "Criteria", "status": "Status", "owner": "Owner", "evidence": "Evidence", "review_date": "Target Date"}, [2, 3]),
    ("Checklist", """
        #   | Section | Question             | ISO 27001 Ref | Yes/No | Comments
        {1} | Policy  | Is there a policy?   | A.5.1         | Yes    | ok
        {2} | Policy  | Are roles defined?   | A.5.2         | No     |
        {3} | People  | Is there screening?  | A.6.1         | Yes    |
     """, 1, {"title": "Question", "id": "ISO 27001 Ref", "status": "Yes/No", "how": "Comments"}, [2, 3, 4]),
    ("Annex A", """
        ISO 27001:2022 Annex A Control        | Applicable? | Reason | Implemented?
        A.5.1 Policies for security           | Yes         | Risk   | Yes
        A.5.2 Roles and responsibilities      | Yes         | Risk   | No
     """, 1, {"id": "ISO 27001:2022 Annex A Control", "applicable": "Applicable?", "reasons": "Reason", "status": "Implemented?"}, [2, 3]),
    ("Controls", """
        Control ID | Control Name | Owner | Status      | SOC 2 Criteria
        A.5.1      | Policies     | CISO  | Implemented | CC1.1
        A.5.2      | Roles        | CISO  | Planned     | CC1.3
     """, 1, {"id": "Control ID", "title": "Control Name", "owner": "Owner", "status": "Status", "soc2": "SOC 2 Criteria"}, [2, 3]),
    ("Annex A Controls", """
        Statement of Applicability
        Legend: LR - legal requirements, CO - contractual obligations
         | | Current Control | Remarks | Selected Controls and Reasons for selection
        ISO/IEC 27001:2013 Annex A Controls | | | | LR | CO | BR/BP | RRA | Remarks (Overview of implementation)
        Clause       | Sec   | Control Objective/Control | | | | | |
        5 Policies   | 5.1   | Management direction      | | | | | |
                     | 5.1.1 | Policies for security     | | | x | | | Policy
                     | 5.1.2 | Review of the policies    | | | x | | |
        6 Organising | 6.1   | Internal organisation     | | | | | |
                     | 6.1.1 | Roles                     | | | x | | |
     """, 5, {"id": "ISO/IEC 27001:2013 Annex A Controls Sec", "title": "ISO/IEC 27001:2013 Annex A Controls Control Objective/Control"},
     [6, 7, 8, 9, 10]),
])  # fmt: skip
def test_assessments(tab, text, head, expected, rows):
    layout, found_head, names, found_rows = recognized(tab, text)
    assert (layout, found_head, {name: names.get(name) for name in expected}, found_rows) == (ASSESSMENT, head, expected, rows)


def test_none_under_a_gap_heading_is_no_status():
    assert "status" not in columns("Gap", """
        Control | Title    | Gap  | Remediation
        A.5.1   | Policies | None | -
        A.5.2   | Roles    | Yes  | Define roles
    """)  # fmt: skip


# --- registers, and sheets that are not read -----------------------------------------------------------------------


@pytest.mark.parametrize(("tab", "text", "declaration", "names"), [
    ("Evidence", "Evidence ID | Title | Collected | Link | Owner\nEV-1 | Minutes | 2026-01-01 | x | IT", "Evidence",
     ["id", "title", "collected", "link", "owner"]),
    ("Policy Register", "Policy ID | Title | Version | Owner | SOC 2 criteria | ISO 27001 references\nPOL-1 | ISP | 1 | IT | CC5.3 | A.5.1", "Policies",
     ["id", "title", "version", "owner", "soc2", "iso"]),
    ("Scope", "Component | Kind | In SOC 2 system description | In ISMS scope | Reason\nApp | App | Yes | Yes | x", "Scope",
     ["component", "kind", "in_soc2", "in_isms", "reason"]),
    ("Profile", "Setting | Value | Notes\nOrganization | Acme |", "Profile", ["setting", "value", "notes"]),
    ("Calendar", "Event | Framework | Starts | Ends | Owner\nStage 1 | ISO 27001 | 2026-01-01 | | CISO", "Calendar",
     ["event", "framework", "starts", "ends", "owner"]),
    ("PBC", "Request ID | TSC ref | Control ID | PBC item | Owner | Due date | Internal status\nR-1 | CC6.1 | AC-1 | User list | IT | 2026-01-01 | Open",
     "Requests", ["id", "requirements", "text", "owner", "due", "internal_status"]),
    ("Suggestions", "Open suggestions\nControl | Suggested requirement | Score | Decision | Decided by\nAC-1 | A.5.15 | 0.7 | Accept | me", "Suggestions",
     ["source", "target", "score", "decision", "reviewer"]),
])  # fmt: skip
def test_registers(tab, text, declaration, names):
    found = recognize(tab, table(text))
    assert (found.layout, found.declaration, [one.name for one in found.columns]) == (REGISTER, declaration, names)


@pytest.mark.parametrize(("tab", "text", "because"), [
    ("ISO 27001", "Control ID | Title | Theme | Description\nA.5.1 | Policies | Organizational | a\nA.5.2 | Roles | Organizational | b",
     "it is a catalogue: it maps and judges nothing"),
    ("source", "node_id | assessable | urn | ref_id | name\ncc1 | | u | CC1 | Environment\ncc1.1 | x | u | CC1.1 | Integrity",
     "it is a catalogue: it maps and judges nothing"),
    ("Risk Register", "Risk ID | Risk | Likelihood | Annex A control | Owner | Status\nR-001 | Phishing | 3 | A.6.3, A.8.7 | IT | Open",
     "its rows are risks, not controls or requirements"),
    ("Progress", "Category | Total | Implemented | Partial\nCC1 Environment | {5} | {3} | {1}\nCC2 Communication | {3} | {3} | {0}",
     "it counts by groups of requirements"),
    ("Read me", "This workbook maps controls.\nAsk the CISO.", "no row of it looks like headings"),
    ("Empty", " | ", "it is empty"),
])  # fmt: skip
def test_sheets_that_are_not_read_say_why(tab, text, because):
    assert why_not(tab, text) == because


def test_a_summary_is_read_only_where_nothing_else_is(tmp_path):
    roadmap = "Phase | Action | SOC 2 | ISO 27001\n1 | Policies | CC5.3 | A.5.1\n2 | MFA | CC6.1 | A.8.5"
    mapping = "SOC 2 | ISO 27001\nCC6.1 | A.5.15"
    alone = read(tmp_path, {"Roadmap": roadmap})
    beside = read(tmp_path, {"Roadmap": roadmap, "Mapping": mapping})
    wanted = read(tmp_path, {"Roadmap": roadmap, "Mapping": mapping}, sheets={"Roadmap": "read"})
    assert [[one.sheet for one in book.tables] for book in (alone, beside, wanted)] == [
        ["Roadmap"],
        ["Mapping"],
        ["Roadmap", "Mapping"],
    ]
    assert beside.sheets[0].because.startswith("its name says that it sums up")


# --- what strangers do ---------------------------------------------------------------------------------------------


def test_rows_that_title_a_section_are_no_data():
    assert recognized("Controls", """
        Control ID | Control name | SOC 2 | ISO 27001
        Access
        AC-1       | Reviews      | CC6.1 | A.5.18
        AC-2       | Passwords    | CC6.1 | A.5.17
        Continuity
        BC-1       | Backups      | A1.2  | A.8.13
    """)[3] == [3, 4, 6]  # fmt: skip


def test_a_group_that_is_mapped_is_no_section():
    assert recognized("Mapping", """
        ISO 27001 | SOC 2
        A.17      | Availability
        A.8.2     | Confidentiality
        A.9.1     | CC6.1
    """)[3] == [2, 3, 4]  # fmt: skip


def test_a_second_line_of_headings_is_no_data():
    assert recognized(
        "Mapping",
        """
        Control Title | Control ID | ISO/IEC 27001:2022 | ISO Gap Level | AICPA TSC 2017 | TSC Gap Level
                      |            | Mapped IDs         |               | Mapped IDs     |
        Audit policy  | A&A-01     | A.5.1              | Partial Gap   | CC4.1          | No Gap
        Assessments   | A&A-02     | A.5.35             | No Gap        | CC4.1          | No Gap
    """,
    ) == (
        LIBRARY,
        2,
        {
            "name": "Control Title",
            "id": "Control ID",
            "iso": "ISO/IEC 27001:2022",
            "soc2": "AICPA TSC 2017",
        },
        [3, 4],
    )


def test_rows_below_the_last_id_stay_while_they_follow_directly():
    assert recognized("Readiness", """
        TSC Ref. | Criteria       | In place? | Comments
        CC1.1    | Integrity      | Yes       |
                 | A focus        | Partial   | seen
                 | Another focus  | No        | seen
                 |                |           |
                 | Signed by      | Jo        |
    """)[3] == [2, 3, 4]  # fmt: skip


def test_criteria_named_once_hold_for_the_controls_below(tmp_path):
    book = read(tmp_path, {"Tests": """
        TSC   | Criterion  | Control ID | Control description
        CC5.2 | Technology | SEC-01     | A baseline is set for every server
              |            | SEC-02     | Scans run every week
        CC6.6 | Boundaries | NET-01     | Firewalls deny by default
              |            | NET-02     | Remote access needs a tunnel
    """})  # fmt: skip
    assert book.tables[0].frame["soc2"].tolist() == ["CC5.2", "CC5.2", "CC6.6", "CC6.6"]


def test_ids_within_sentences_are_citations_where_the_heading_says_so():
    assert frameworks("Sheet", """
        Control | What we do      | SOC 2 relevance          | ISO 27001 relevance
        ACC-1   | Access reviews  | Supports CC6.1 and CC6.3 | Relates to Annex A 5.15 and A.5.18
        ACC-2   | Physical access | Supports CC6.4           | Relates to A.7.2 Physical entry
    """) == {"soc2": SOC2, "iso": ISO_UNDECIDED}  # fmt: skip


def test_titles_where_ids_belong_are_still_the_target():
    assert recognized("Sheet1", """
        SOC 2 Criteria | ISO 27001 Control
        CC6.1          | Access control
        CC6.4          | Physical entry
    """)[:3] == (PAIRS, 1, {"source": "SOC 2 Criteria", "target": "ISO 27001 Control"})  # fmt: skip


def test_lists_of_ids_are_the_target_wherever_they_stand():
    assert columns("ISO-SOC", """
        SOC 2 Criteria | ISO 27001 Control | ISO Control Title
        CC1.1, CC5.3   | A.5.1             | Policies
        CC6.1, CC6.2   | A.5.15            | Access
    """) == {"target": "SOC 2 Criteria", "source": "ISO 27001 Control", "source_title": "ISO Control Title"}  # fmt: skip


def test_a_german_assessment_is_read():
    assert recognized(
        "SoA",
        """
        Maßnahme | Titel der Maßnahme  | Anwendbar | Begründung     | Umsetzungsstatus    | Verantwortlich
        A.5.1    | Richtlinien         | ja        | siehe Risiko 1 | teilweise umgesetzt | ISB
        A.5.2    | Rollen              | nein      | zu klein       | umgesetzt           | ISB
    """,
    )[:3] == (
        ASSESSMENT,
        1,
        {
            "id": "Maßnahme",
            "title": "Titel der Maßnahme",
            "applicable": "Anwendbar",
            "inclusion": "Begründung",
            "status": "Umsetzungsstatus",
            "owner": "Verantwortlich",
        },
    )


def test_registers_and_catalogues_are_read_where_there_is_nothing_else(tmp_path):
    policies = read(tmp_path, {"Policies": "Policy ID | Policy name | Version\nPOL-1 | Access | 2"})
    catalogue = read(
        tmp_path,
        {"Annex A": "Control ID | Control title | Theme\nA.5.1 | Policies | Organizational\nA.5.2 | Roles | Organizational"},
    )
    assert [(book.sheets[0].layout, book.sheets[0].rows) for book in (policies, catalogue)] == [(REGISTER, 1), (ASSESSMENT, 2)]


# --- heading rows, extents, settings -------------------------------------------------------------------------------


def test_group_headings_in_the_row_above_are_joined_where_they_are_needed():
    text = """
        SOC 2  |                | ISO 27001:2022 |                | Notes
        Ref    | Criteria       | Ref            | Control        |
        CC6.1  | Logical access | A.5.15         | Access control | a
        CC6.2  | Registration   | A.5.16         | Identities     | b
    """
    assert columns("Crosswalk", text, [(0, 0, 0, 1), (0, 2, 0, 3)]) == {
        "source": "SOC 2 Ref", "source_title": "SOC 2 Criteria", "target": "ISO 27001:2022 Ref", "target_title": "ISO 27001:2022 Control",
        "rationale": "Notes",
    }  # fmt: skip


def test_two_heading_rows_with_cells_merged_downwards(tmp_path):
    book = write(tmp_path / "book.xlsx", {"Controls": """
        Control ID | Control name | Frameworks |           | Owner
                   |              | SOC 2      | ISO 27001 |
        AC-1       | Reviews      | CC6.1      | A.5.15    | IT
    """})  # fmt: skip
    for merge in ("A1:A2", "B1:B2", "C1:D1", "E1:E2"):
        book["Controls"].merge_cells(merge)
    book.save(tmp_path / "book.xlsx")
    found = read_book(tmp_path / "book.xlsx", Settings())
    assert [(one.name, one.letter) for one in found.tables[0].columns] == [
        ("id", "A"),
        ("name", "B"),
        ("soc2", "C"),
        ("iso", "D"),
        ("owner", "E"),
    ]
    assert (found.tables[0].heading_row, found.tables[0].frame.index.tolist()) == (2, [3])
    assert found.oddities == ()


def test_joined_headings_are_told_at_their_cell(tmp_path):
    book = read(tmp_path, {"Crosswalk": """
        SOC 2 |                | ISO 27001:2022 |
        Ref   | Criteria       | Ref            | Control
        CC6.1 | Logical access | A.5.15         | Access control
    """})  # fmt: skip
    assert [(one.kind, one.cell) for one in book.oddities] == [("two heading rows", "A2")]
    assert book.sheets[0].because == "headings SOC 2 Ref and ISO 27001:2022 Ref in row 2"


def test_repeated_headings_and_blank_rows_are_skipped():
    assert recognized("Mapping", """
        SOC 2 | ISO 27001
        CC6.1 | A.5.15
              |
        SOC 2 | ISO 27001
        CC6.2 | A.5.16
    """)[3] == [2, 5]  # fmt: skip


def test_a_second_table_is_not_mixed_into_the_first(tmp_path):
    below = read(tmp_path, {"Controls": """
        Control ID | Control name | SOC 2 | ISO 27001
        AC-1       | Reviews      | CC6.1 | A.5.15
                   |
        Status      | Meaning | Owner | Notes
        Implemented | done    | x     | y
    """})  # fmt: skip
    legend = [["Implemented", "done"], ["Planned", "later"], *[[None, None]] * 8]
    rows = [[f"AC-{n}", "Reviews", "CC6.1", "A.5.15", None, *legend[n]] for n in range(10)]
    beside = read(
        tmp_path, {"Controls": [["Control ID", "Control name", "SOC 2", "ISO 27001", None, "Status", "Meaning"], *rows]}
    )
    assert [(len(book.tables[0].frame), [one.name for one in book.tables[0].columns]) for book in (below, beside)] == [
        (1, ["id", "name", "soc2", "iso"]), (10, ["id", "name", "soc2", "iso"]),
    ]  # fmt: skip
    assert below.sheets[0].because == (
        "headings Control ID, Control name, SOC 2 and ISO 27001 in row 1; another table from row 4 is not read"
    )
    assert beside.sheets[0].because.endswith("; another table from column F is not read")


def test_blank_columns_within_a_table_do_not_end_it():
    assert list(columns("Crosswalk", "TSC | Criteria | | ISO 27001 | Title\nCC6.1 | Access | | A.5.15 | Access control")) == [
        "source", "source_title", "target", "target_title",
    ]  # fmt: skip


def test_near_headings_are_read_and_told(tmp_path):
    book = read(tmp_path, {"Controls": """
        Contorl ID | Control name | Statsu      | SOC 2 criteria | Control type
        AC-1       | Reviews      | Implemented | CC6.1          | Manual
    """})  # fmt: skip
    assert [one.name for one in book.tables[0].columns] == ["id", "name", "status", "soc2"]
    assert [(one.cell, one.detail) for one in book.oddities if one.kind == "near heading"] == [
        ("A1", '"Contorl ID" was read as Control ID'), ("C1", '"Statsu" was read as Status'),
    ]  # fmt: skip
    assert book.tables[0].unread == (("E", "Control type"),)


def test_of_two_equal_headings_the_first_is_read_and_the_second_told(tmp_path):
    book = read(tmp_path, {"Controls": "Control ID | Control name | Owner | SOC 2 | Owner\nAC-1 | Reviews | IT | CC6.1 | HR"})
    assert (book.tables[0].frame["owner"].tolist(), [(one.kind, one.cell, one.detail) for one in book.oddities]) == (
        ["IT"], [("duplicate heading", "E1", "Owner")],
    )  # fmt: skip


def test_headings_without_rows_make_an_empty_table(tmp_path):
    book = read(tmp_path, {"Controls": "Control ID | Control name | SOC 2 criteria | ISO 27001 controls"})
    assert (len(book.tables[0].frame), list(book.tables[0].frame.columns)) == (0, ["id", "name", "soc2", "iso"])
    assert [(one.kind, one.cell) for one in book.oddities] == [("no rows", "A1")]


def test_settings_and_only_choose_sheets(tmp_path):
    sheets = {"One": "SOC 2 | ISO 27001\nCC6.1 | A.5.15", "Two": "SOC 2 | ISO 27001\nCC6.2 | A.5.16"}
    assert [one.sheet for one in read(tmp_path, sheets).tables] == ["One", "Two"]
    assert [one.sheet for one in read(tmp_path, sheets, sheets={"One": "ignore"}).tables] == ["Two"]
    assert [one.sheet for one in read(tmp_path, sheets, only=("One",)).tables] == ["One"]
    assert read(tmp_path, sheets, sheets={"One": "assessment"}).tables[0].layout == ASSESSMENT
    with pytest.raises(InputRefused, match=r"^book\.xlsx has no sheet called Three; it has One, Two$"):
        read(tmp_path, sheets, only=("Three",))


def test_a_sheet_named_controls_that_cannot_be_read_is_told(tmp_path):
    book = read(tmp_path, {"Controls": "Kontrolle | Ownr\nx | y", "Mapping": "SOC 2 | ISO 27001\nCC6.1 | A.5.15"})
    assert [(one.kind, one.sheet, one.detail) for one in book.oddities] == [
        ("missing column", "Controls", "Control ID is missing; found Kontrolle, Ownr"),
    ]  # fmt: skip


# --- cells ---------------------------------------------------------------------------------------------------------


def test_cells_keep_their_type_and_text(tmp_path):
    rows = [
        ["Control ID", "Control name", "Last tested", "SOC 2", "ISO 27001", "Notes"],
        ["AC-1", "Access\u00a0reviews\nquarterly", dt.date(2026, 3, 1), "CC6.1", 5.15, True],
        ["N/A", "  ", dt.datetime.fromisoformat("2026-03-01T12:30"), "CC6.2", 8, "null"],
        ["0010", "=not a formula", None, "CC6.3", "A.5.1", 7.0],
    ]
    book = xlsxwriter.Workbook(tmp_path / "book.xlsx", {"strings_to_formulas": False, "default_date_format": "yyyy-mm-dd hh:mm"})
    sheet = book.add_worksheet("Controls")
    sheet.write_row(0, 0, rows[0])
    for row, cells in enumerate(rows[1:], start=1):
        for column, cell in enumerate(cells):
            sheet.write(row, column, cell)
    book.close()
    assert read_book(tmp_path / "book.xlsx", Settings()).tables[0].frame.to_dict("index") == {
        2: {"id": "AC-1", "name": "Access\u00a0reviews\nquarterly", "last_tested": dt.date(2026, 3, 1), "soc2": "CC6.1", "iso": 5.15, "notes": True},
        3: {"id": "N/A", "name": None, "last_tested": dt.datetime.fromisoformat("2026-03-01T12:30"), "soc2": "CC6.2", "iso": 8, "notes": "null"},
        4: {"id": "0010", "name": "=not a formula", "last_tested": None, "soc2": "CC6.3", "iso": "A.5.1", "notes": 7},
    }  # fmt: skip


def test_number_formats_of_numeric_ids_are_kept(tmp_path):
    book = write(
        tmp_path / "book.xlsx",
        {"Controls": "Control ID | Name | ISO 27001\nAC-1 | a | {5.1}\nAC-2 | b | {5.1}\nAC-3 | c | A.5.1"},
    )
    book["Controls"]["C2"].number_format = "0.00"
    book["Controls"]["C3"].number_format = '0.0"x"'
    book.save(tmp_path / "book.xlsx")
    assert read_book(tmp_path / "book.xlsx", Settings()).tables[0].formats == {(2, "iso"): "0.00", (3, "iso"): '0.0"x"'}


def test_what_is_odd_about_cells_is_told_at_its_cell(tmp_path):
    book = write(tmp_path / "book.xlsx", {"Controls": [
        ["Title of the list"], [],
        ["Control ID", "Control name", "SOC 2", "ISO 27001", "Owner", "Score"],
        ["AC-1", "=A4", "CC6.1", "A.5.15", "IT", 1],
        ["AC-2", "Backups", "#N/A", "A.8.13", None, "=1/0"],
        ["AC-3", "y" * 32_767, "CC6.3", "A.8.2", None, 2],
        ["AC-4", "Training", "CC1.4", "A.6.3", "HR", 3],
    ], "Old": "SOC 2 | ISO 27001\nCC6.1 | A.5.15", "Lists": "a | b"})  # fmt: skip
    sheet = book["Controls"]
    sheet.merge_cells("A1:F1")
    sheet.merge_cells("E4:E6")
    sheet.row_dimensions[5].hidden = sheet.row_dimensions[7].hidden = True
    sheet.column_dimensions["D"].hidden = True
    book["Old"].sheet_state = "hidden"
    book["Lists"].sheet_state = "veryHidden"
    book.save(tmp_path / "book.xlsx")
    found = read_book(tmp_path / "book.xlsx", Settings())
    assert [(one.kind, one.sheet, one.cell, one.detail) for one in found.oddities] == [
        ("hidden sheet", "Old", "A1", "hidden, read as pair list"),
        ("hidden sheet", "Lists", "A1", "very hidden, not read"),
        ("hidden rows", "Controls", "A5", "2 rows are hidden: 5, 7"),
        ("hidden columns", "Controls", "D3", "column D is hidden"),
        ("merged", "Controls", "E4:E6", ""),
        ("formula without value", "Controls", "B4", ""),
        ("formula without value", "Controls", "F5", ""),
        ("error value", "Controls", "C5", "#N/A"),
        ("long text", "Controls", "B6", "32,767 characters"),
    ]
    table_read = found.tables[0]
    assert (table_read.frame["owner"].tolist(), sorted(table_read.filled)) == (
        ["IT", "IT", "IT", "HR"],
        [(5, "owner"), (6, "owner")],
    )
    assert table_read.frame["soc2"].tolist() == ["CC6.1", "#N/A", "CC6.3", "CC1.4"]


def test_a_band_across_the_table_is_no_merged_data(tmp_path):
    book = write(tmp_path / "book.xlsx", {"SoA": """
        Control | Title    | Applicable | Status
        A.5 Organizational controls | | |
        A.5.1   | Policies | Yes        | Implemented
    """})  # fmt: skip
    book["SoA"].merge_cells("A2:D2")
    book.save(tmp_path / "book.xlsx")
    found = read_book(tmp_path / "book.xlsx", Settings())
    assert found.oddities == ()
    assert found.tables[0].frame["applicable"].tolist() == ["Yes"]


def test_a_value_merged_over_two_requirement_columns_counts_for_both(tmp_path):
    book = write(tmp_path / "book.xlsx", {"Controls": """
        Control ID | Name    | SOC 2 | ISO 27001
        AC-1       | Reviews | CC6.1 | A.5.15
        AC-2       | Backups | TBD   |
    """})  # fmt: skip
    book["Controls"].merge_cells("C3:D3")
    book.save(tmp_path / "book.xlsx")
    found = read_book(tmp_path / "book.xlsx", Settings())
    assert (found.tables[0].frame["iso"].tolist(), [(one.kind, one.cell) for one in found.oddities]) == (
        ["A.5.15", "TBD"],
        [("merged", "C3:D3")],
    )


def test_an_id_formula_with_a_stored_zero_was_never_calculated(tmp_path):
    book = xlsxwriter.Workbook(tmp_path / "book.xlsx")
    sheet = book.add_worksheet("Controls")
    sheet.write_row(0, 0, ["Control ID", "Control name", "SOC 2", "ISO 27001"])
    for row in (1, 2):
        sheet.write_row(row, 0, [f"AC-{row}", "Reviews", "CC6.1", "A.5.15"])
    sheet.write_formula(2, 2, "=C2")
    sheet.write_formula(2, 1, "=B2", None, "Reviews again")
    book.close()
    found = read_book(tmp_path / "book.xlsx", Settings())
    assert found.tables[0].frame.loc[3].tolist() == ["AC-2", "Reviews again", None, "A.5.15"]
    assert [(one.kind, one.cell) for one in found.oddities] == [("formula without value", "C3")]


def test_control_characters_are_kept_and_told(tmp_path):
    book = xlsxwriter.Workbook(tmp_path / "book.xlsx")
    sheet = book.add_worksheet("Mapping")
    sheet.write_row(0, 0, ["SOC 2", "ISO 27001", "Notes"])
    sheet.write_row(1, 0, ["CC6.1", "A.5.15", "a\x01b"])
    book.close()
    found = read_book(tmp_path / "book.xlsx", Settings())
    assert found.tables[0].frame["rationale"].tolist() == ["a\x01b"]
    assert [(one.kind, one.cell, one.detail) for one in found.oddities] == [("control character", "C2", "U+0001")]


def test_what_is_odd_about_the_file_is_told(tmp_path):
    rows = "<row r='1'>" + "".join(
        f"<c r='{at}1' t='inlineStr'><is><t>{text}</t></is></c>" for at, text in zip("AB", ("SOC 2", "ISO 27001"), strict=True)
    )
    package(tmp_path / "book.xlsm", f"{rows}</row>", {"xl/vbaProject.bin": "x", "xl/externalLinks/externalLink1.xml": "<x/>"})
    (tmp_path / "~$book.xlsm").write_text("me")
    (tmp_path / ".~lock.book.xlsm#").write_text("me")
    assert [(one.kind, one.sheet, one.cell, one.detail) for one in read_book(tmp_path / "book.xlsm", Settings()).oddities] == [
        ("macros", "", "A1", ""),
        ("external links", "", "A1", "1 linked workbook"),
        ("open elsewhere", "", "A1", "~$book.xlsm lies beside it"),
        ("open elsewhere", "", "A1", ".~lock.book.xlsm# lies beside it"),
        ("no rows", "Sheet", "A1", ""),
    ]


# --- text files ----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "cp1252"])
@pytest.mark.parametrize("mark", [",", ";", "\t", "|"])
def test_csv_in_many_dialects(tmp_path, encoding, mark):
    lines = [
        ["Control ID", "Control name", "SOC 2", "ISO 27001"],
        ["AC-1", '"Prüfung, für ""alle"";\nund | mehr"', "CC6.1", "A.5.15"],
        ["AC-2", "b", "CC6.2"],
    ]
    (tmp_path / "list.csv").write_bytes("\r\n".join(mark.join(line) for line in lines).encode(encoding))
    book = read_book(tmp_path / "list.csv", Settings())
    assert book.tables[0].frame.to_dict("split")["data"] == [
        ["AC-1", 'Prüfung, für "alle";\nund | mehr', "CC6.1", "A.5.15"], ["AC-2", "b", "CC6.2", None],
    ]  # fmt: skip
    assert (book.tables[0].sheet, book.tables[0].frame.index.tolist()) == ("list", [2, 3])
    assert [one.kind for one in book.oddities] == (["encoding"] if encoding == "cp1252" else [])


def test_text_and_delimiter_of_a_file():
    assert decode(b"\xef\xbb\xbfa;b") == ("a;b", "utf-8-sig")
    assert decode(b"caf\xe9") == ("café", "windows-1252")
    assert [delimiter(text) for text in ("a,b\n1,2", "a;b\n1,5;2", 'a\tb\n"x,y,z"\t2', "sep=|\na|b", "one")] == [
        ",",
        ";",
        "\t",
        "|",
        ",",
    ]


# --- refusals ------------------------------------------------------------------------------------------------------

_MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
_OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_RELS = "http://schemas.openxmlformats.org/package/2006/relationships"
_TYPES = "http://schemas.openxmlformats.org/package/2006/content-types"


def package(path, rows, parts=None, *, before="", after=""):
    """The smallest xlsx there is, with the given sheet data and further parts."""
    workbook = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml"
    whole = {
        "[Content_Types].xml": f'<Types xmlns="{_TYPES}"><Default Extension="xml" ContentType="application/xml"/>'
        f'<Override PartName="/xl/workbook.xml" ContentType="{workbook}"/></Types>',
        "_rels/.rels": f'<Relationships xmlns="{_RELS}"><Relationship Id="rId1" Type="{_OFFICE}/officeDocument" Target="xl/workbook.xml"/></Relationships>',
        "xl/workbook.xml": f'<workbook xmlns="{_MAIN}" xmlns:r="{_OFFICE}"><sheets><sheet name="Sheet" sheetId="1" r:id="rId1"/></sheets></workbook>',
        "xl/_rels/workbook.xml.rels": f'<Relationships xmlns="{_RELS}"><Relationship Id="rId1" Type="{_OFFICE}/worksheet" '
        'Target="worksheets/sheet1.xml"/></Relationships>',
        "xl/worksheets/sheet1.xml": f'{before}<worksheet xmlns="{_MAIN}"><sheetData>{rows}</sheetData>{after}</worksheet>',
    } | (parts or {})
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, text in whole.items():
            archive.writestr(name, text)


def outcome(path):
    """What the refusal says, "" where the file is read."""
    try:
        read_book(path, Settings())
    except InputRefused as refused:
        return str(refused)
    return ""


def refusal(path, **limits):
    with pytest.raises(InputRefused) as caught:
        read_book(path, Settings(limits=Limits(**limits)))
    message = str(caught.value)
    assert "\n" not in message
    return message


_OLE = bytes.fromhex("d0cf11e0a1b11ae1") + bytes(504)


@pytest.mark.parametrize(("name", "data", "message"), [
    ("a.xlsx", b"", "a.xlsx is empty (0 bytes); open it in Excel and save it again or restore a copy"),
    ("a.xlsx", b"<html><body><table>", "a.xlsx is not a workbook but an HTML page; save it as an Excel workbook (.xlsx)"),
    ("a.csv", b"<!DOCTYPE html><html>", "a.csv is not a workbook but an HTML page; save it as an Excel workbook (.xlsx)"),
    ("a.xlsx", b"Control ID,Name\n", "a.xlsx is not a workbook but plain text; rename it to .csv if it is a table"),
    ("a.xlsx", b"%PDF-1.7", "a.xlsx is not a workbook but a PDF; save it as an Excel workbook (.xlsx)"),
    ("a.xlsx", b"\x00\x01\x02", "a.xlsx is not a workbook but of an unknown kind; save it as an Excel workbook (.xlsx)"),
    ("a.xlsx", _OLE + "EncryptedPackage".encode("utf-16-le"),
     "a.xlsx is encrypted; remove the password in Excel (File, Info, Protect Workbook) and save it again"),
    ("a.xlsx", _OLE + "WordDocument".encode("utf-16-le"), "a.xlsx is not a workbook but an old Word document; save it as an Excel workbook (.xlsx)"),
    ("a.xls", _OLE + "Workbook".encode("utf-16-le"), "a.xls is damaged; open it in Excel and save it again"),
    ("a.xlsx", b"PK\x03\x04 and nothing more", "a.xlsx is damaged (its zip directory cannot be read); open it in Excel and save it again"),
])  # fmt: skip
def test_what_is_no_workbook_is_refused_by_what_it_is(tmp_path, name, data, message):
    (tmp_path / name).write_bytes(data)
    assert refusal(tmp_path / name).startswith(message)


def test_missing_files_and_folders_are_refused(tmp_path):
    assert refusal(tmp_path / "none.xlsx") == f"{tmp_path / 'none.xlsx'} does not exist; check the name"
    assert refusal(tmp_path) == f"{tmp_path} is a folder, not a workbook; name a file in it"


def test_a_damaged_workbook_is_refused_by_its_part(tmp_path):
    path = tmp_path / "a.xlsx"
    write(path, {"Mapping": "SOC 2 | ISO 27001\nCC6.1 | A.5.15"})
    data = path.read_bytes()
    path.write_bytes(data[: len(data) // 2])
    assert refusal(path) == "a.xlsx is damaged (its zip directory cannot be read); open it in Excel and save it again"
    at = data.index(b"xl/worksheets/sheet1.xml") + 50
    path.write_bytes(data[:at] + bytes([data[at] ^ 255]) + data[at + 1 :])
    assert refusal(path) == "a.xlsx is damaged (in its part xl/worksheets/sheet1.xml); open it in Excel and save it again"


@pytest.mark.parametrize(("parts", "message"), [
    ({"../evil.xml": "x"}, "a.xlsx is refused: its part '../evil.xml' has an unsafe name"),
    ({"/evil.xml": "x"}, "a.xlsx is refused: its part '/evil.xml' has an unsafe name"),
    ({"XL/Workbook.xml": "x"}, "a.xlsx is refused: it holds the part XL/Workbook.xml twice"),
    ({"xl/media/zeros.bin": "0" * 3_000_000}, "a.xlsx: the part xl/media/zeros.bin has a compression ratio of "),
    ({"docProps/core.xml": "<!DOCTYPE x [<!ENTITY a 'b'>]><x/>"}, "a.xlsx is refused: its part docprops/core.xml holds a DOCTYPE"),
])  # fmt: skip
def test_hostile_packages_are_refused(tmp_path, parts, message):
    package(tmp_path / "a.xlsx", "", parts)
    assert refusal(tmp_path / "a.xlsx").startswith(message)


def test_a_part_that_unpacks_to_more_than_it_declares_is_refused(tmp_path):
    package(tmp_path / "a.xlsx", "<row r='1'/>" + " " * 5_000)
    data = bytearray((tmp_path / "a.xlsx").read_bytes())
    at = data.rindex(b"PK\x01\x02")
    data[at + 24 : at + 28] = (100).to_bytes(4, "little")
    (tmp_path / "a.xlsx").write_bytes(data)
    assert "is damaged (in its part xl/worksheets/sheet1.xml)" in refusal(tmp_path / "a.xlsx")


def test_overlapping_parts_are_refused(tmp_path):
    package(tmp_path / "a.xlsx", "")
    data = bytearray((tmp_path / "a.xlsx").read_bytes())
    first = data.index(b"PK\x01\x02")
    second = data.index(b"PK\x01\x02", first + 4)
    data[second + 42 : second + 46] = data[first + 42 : first + 46]
    (tmp_path / "a.xlsx").write_bytes(data)
    assert "overlaps another one" in refusal(tmp_path / "a.xlsx")


_FAR = "<row r={q}1{q}><c r={q}A1{q}><v>1</v></c></row><row r={q}{row}{q}><c r={q}{column}{row}{q}><v>1</v></c></row>"


@pytest.mark.parametrize("quote", ['"', "'"])
@pytest.mark.parametrize(("column", "row", "message"), [
    ("XFD", 1_048_576, "a.xlsx, sheet Sheet has a cell in row 1,048,576, the limit is 200,000; delete what is not needed or raise limits.rows in workbench.toml"),
    ("XFD", 1, "a.xlsx, sheet Sheet has a cell in column XFD (16,384), the limit is 1,000; delete what is not needed or raise limits.columns in workbench.toml"),
    ("ALK", 150_000, "a.xlsx, sheet Sheet has cells spread over 149,850,000 positions, the limit is 8,000,000; delete what is not needed or raise limits.cells in workbench.toml"),
    ("ZZ", 60_000, "a.xlsx, sheet Sheet has cells spread over 42,120,000 positions, the limit is 8,000,000; delete what is not needed or raise limits.cells in workbench.toml"),
])  # fmt: skip
def test_far_away_cells_are_refused_before_they_are_allocated(tmp_path, quote, column, row, message):
    package(tmp_path / "a.xlsx", _FAR.format(q=quote, row=row, column=column))
    assert refusal(tmp_path / "a.xlsx") == message


_ODS = (
    '<office:document-content xmlns:office="urn:oasis:names:tc:opendocument:xmlns:office:1.0" xmlns:table="urn:oasis:names:tc:opendocument:xmlns:table:1.0" '
    'xmlns:text="urn:oasis:names:tc:opendocument:xmlns:text:1.0"><office:body><office:spreadsheet><table:table table:name="Mapping">{rows}</table:table>'
    "</office:spreadsheet></office:body></office:document-content>"
)


def ods(path, rows, blank="", times=1):
    """The smallest ods there is; the last cell of each row is repeated ``times`` times."""
    cell = '<table:table-cell office:value-type="string"{}><text:p>{}</text:p></table:table-cell>'
    repeated = f' table:number-columns-repeated="{times}"'
    lines = ["".join(cell.format(repeated if at == len(row) - 1 else "", text) for at, text in enumerate(row)) for row in rows]
    content = "".join(f"<table:table-row>{line}</table:table-row>" for line in lines) + blank
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("mimetype", "application/vnd.oasis.opendocument.spreadsheet")
        archive.writestr("content.xml", _ODS.format(rows=content))
        archive.writestr(
            "META-INF/manifest.xml", '<manifest:manifest xmlns:manifest="urn:oasis:names:tc:opendocument:xmlns:manifest:1.0"/>'
        )


def test_an_ods_is_read_and_its_blank_rows_do_not_count(tmp_path):
    blank = '<table:table-row table:number-rows-repeated="1048000"><table:table-cell table:number-columns-repeated="16384"/></table:table-row>'
    ods(tmp_path / "a.ods", [["SOC 2", "ISO 27001"], ["CC6.1", "A.5.15"]], blank)
    assert read_book(tmp_path / "a.ods", Settings()).tables[0].frame.to_dict("list") == {
        "source": ["CC6.1"],
        "target": ["A.5.15"],
    }


def test_an_ods_that_repeats_a_cell_without_end_is_refused(tmp_path):
    ods(tmp_path / "a.ods", [["SOC 2", "ISO 27001"]], times=16_384)
    assert refusal(tmp_path / "a.ods").startswith("a.ods has a cell in column XFE (16,385), the limit is 1,000")


def test_an_xlsb_is_measured_before_it_is_read(tmp_path):
    row = bytes([0, 4]) + (1_048_575).to_bytes(4, "little")
    cell = bytes([5, 16]) + (2).to_bytes(4, "little") + bytes(12)
    with zipfile.ZipFile(tmp_path / "a.xlsb", "w") as archive:
        archive.writestr("xl/workbook.bin", b"")
        archive.writestr("xl/worksheets/sheet1.bin", bytes([0x81, 0x01, 0]) + row + cell)
    assert refusal(tmp_path / "a.xlsb").startswith("a.xlsb has a cell in row 1,048,576, the limit is 200,000")


def test_blank_rows_far_away_do_not_count(tmp_path):
    texts = "".join(
        f'<c r="{at}" t="inlineStr"><is><t>{text}</t></is></c>' for at, text in (("A1", "SOC 2"), ("B1", "ISO 27001"))
    )
    package(tmp_path / "a.xlsx", f'<row r="1">{texts}</row><row r="1048576" s="1"><c r="XFD1048576" s="1"/></row>')
    assert read_book(tmp_path / "a.xlsx", Settings()).sheets[0].layout == PAIRS


def test_merged_ranges_and_sheets_have_limits(tmp_path):
    merges = "".join(f'<mergeCell ref="A{row}:B{row}"/>' for row in range(1, 12))
    package(tmp_path / "a.xlsx", '<row r="1"/>', after=f"<mergeCells>{merges}</mergeCells>")
    assert "has 11 merged ranges, the limit is 10" in refusal(tmp_path / "a.xlsx", merges=10)
    write(tmp_path / "b.xlsx", {"One": "a", "Two": "a"})
    assert "b.xlsx has 2 sheets, the limit is 1" in refusal(tmp_path / "b.xlsx", sheets=1)


def test_a_workbook_without_anything_to_read_names_what_it_has(tmp_path):
    write(
        tmp_path / "acme.xlsx",
        {"Sheet1": "Foo | Contrl ID | Bar\n1 | 2 | 3", "Controls": "Kontrolle | Ownr\nx | y", "Void": [[None]]},
    )
    assert refusal(tmp_path / "acme.xlsx") == (
        "no sheet of acme.xlsx looks like controls, mappings, a grid or an assessment; Sheet1 has Foo, Contrl ID (did you mean Control ID?), Bar; "
        "Controls has Kontrolle, Ownr (did you mean Owner?), but not Control ID; Void is left out: it is empty"
    )


# --- laws ----------------------------------------------------------------------------------------------------------

_TEXTS = st.text(st.characters(blacklist_categories=("Cs", "Cc"), max_codepoint=0xFFFD), min_size=1, max_size=30)
_VALUES = st.one_of(
    st.none(), _TEXTS.filter(lambda text: not text.isspace() and not text.startswith("=") and "_x" not in text), st.booleans(),
    st.integers(-(10**9), 10**9), st.integers(-(10**9), 10**9).map(lambda value: value / 1024).filter(lambda value: not value.is_integer()),
    st.datetimes(dt.datetime.fromisoformat("1905-01-01"), dt.datetime.fromisoformat("2090-01-01")).map(lambda moment: moment.replace(microsecond=0, hour=12)),
)  # fmt: skip
_ERRORS = {"#N/A", "#NULL!", "#DIV/0!", "#VALUE!", "#REF!", "#NAME?", "#NUM!"}


@settings(max_examples=40, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(rows=st.lists(st.tuples(_VALUES, _VALUES, _VALUES), min_size=1, max_size=8))
def test_reading_gives_back_every_cell(tmp_path, rows):
    head = ["Control ID", "Control name", "Notes", "SOC 2", "Frequency"]
    written = [[f"AC-{at}", name, notes, "CC6.1", often] for at, (name, notes, often) in enumerate(rows)]
    found = read(tmp_path, {"Controls": [head, *written]}).tables[0]
    letters = {column.heading: column.name for column in found.columns}
    assert found.frame.index.tolist() == list(range(2, len(written) + 2))
    for column, heading in enumerate(head):
        if heading in letters:
            read_back = found.frame[letters[heading]].tolist()
            for cell, (got, row) in enumerate(zip(read_back, written, strict=True)):
                assert (type(got), got) == (type(row[column]), row[column]), (heading, cell)
    assert {"Control ID", "SOC 2"} <= set(letters)


_COLUMNS = {
    "Control ID": ["AC-1", "AC-2", "AC-3"], "Control name": ["Reviews", "Backups", "Training"], "Owner": ["IT", "IT", "HR"],
    "Status": ["Implemented", "Planned", None], "SOC 2": ["CC6.1", "A1.2", "CC1.4"], "ISO 27001": ["A.5.15", "A.8.13", "A.6.3"],
    "Whatever": ["a", None, "b"],
}  # fmt: skip


@settings(max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    order=st.permutations(list(_COLUMNS)).filter(
        lambda order: order.index("Control ID") < order.index("ISO 27001") > order.index("Control ID")
    )
)
def test_the_order_of_columns_changes_nothing_but_letters(tmp_path, order):
    rows = [order, *map(list, zip(*(_COLUMNS[name] for name in order), strict=True))]
    found = read(tmp_path, {"Controls": rows}).tables[0]
    assert (found.layout, {column.name: found.frame[column.name].tolist() for column in found.columns}) == (LIBRARY, {
        "id": _COLUMNS["Control ID"], "name": _COLUMNS["Control name"], "owner": _COLUMNS["Owner"], "status": _COLUMNS["Status"],
        "soc2": _COLUMNS["SOC 2"], "iso": _COLUMNS["ISO 27001"],
    })  # fmt: skip
    assert found.letters() == {column.name: get_column_letter(order.index(column.heading) + 1) for column in found.columns}


_POOL = st.sampled_from([
    None, None, None, "Control ID", "SOC 2", "ISO 27001:2022", "Title", "Status", "Applicable", "Source", "Target", "Relationship", "Evidence ID", "CC6.1",
    "CC6.2", "A.5.1", "A.5.15", "A.9.2.1", "AC-1", "x", "Yes", "Implemented", "N/A", "Total", 5.1, 12, True, dt.date(2026, 1, 1), "²", "５.１", "CC6",
    "Clause 6.1.2", "words that go on and on until nobody could take them for a name or for a heading",
])  # fmt: skip
_SPANS = st.lists(st.tuples(st.integers(1, 9), st.integers(1, 6), st.integers(0, 3), st.integers(0, 3)), max_size=3)


@settings(max_examples=150)
@given(
    rows=st.integers(1, 7).flatmap(
        lambda width: st.lists(st.lists(_POOL, min_size=width, max_size=width), min_size=1, max_size=9)
    ),
    spans=_SPANS,
    tab=st.sampled_from(["S", "Controls", "SoA", "Mapping", "Evidence"]),
    force=st.sampled_from([None, *Layout]),
)
def test_nothing_on_a_sheet_stops_reading(rows, spans, tab, force):
    merges = tuple((top, left, top + down, left + right) for top, left, down, right in spans)
    facts = Facts(
        merges=merges,
        errors={(2, 2): "#N/A"},
        uncached=frozenset({(3, 1)}),
        zero_formulas=frozenset({(4, 2)}),
        hidden_rows=frozenset({3}),
    )
    sheet = recognize_sheet(Cells(tab, rows, 2, 3, facts=facts), force)
    if isinstance(sheet.found, Found):
        found = build(sheet)
        list(oddities(sheet, found))
        assert report(sheet).rows == len(found.frame)
        assert len({column.name for column in found.columns}) == len(found.columns) == len(found.frame.columns)
        assert all(row > found.heading_row for row in found.frame.index)


_ASSESSED = {
    "Control": ["A.5.1", "A.5.2", "A.5.3"], "Control title": ["Policies", "Roles", "Duties"], "Applicable": ["Yes", "Yes", "No"],
    "Justification for exclusion": [None, None, "small"], "Implementation status": ["Implemented", "Planned", None], "SOC 2": ["CC5.3", "CC1.3, CC2.2", None],
    "Evidence": ["a", None, None],
}  # fmt: skip
_PAIRED = {
    "Source": ["CC6.1", "CC6.2", "CC6.3"], "Source title": ["a", "b", "c"], "Target": ["A.5.15", "A.5.16", "A.5.18"], "Target title": ["d", "e", "f"],
    "Relationship": ["equal", "subset of", "equal"], "Strength": [8, 3, 9],
}  # fmt: skip


@pytest.mark.parametrize(("layout", "cells"), [(ASSESSMENT, _ASSESSED), (PAIRS, _PAIRED)])
def test_columns_may_stand_in_any_order(layout, cells):
    orders = [list(cells), list(reversed(cells)), sorted(cells), sorted(cells, key=lambda name: name[::-1])]
    read_as = []
    for order in orders:
        found = recognize("Sheet1", [order, *map(list, zip(*(cells[name] for name in order), strict=True))])
        read_as.append((found.layout, {entry.name: entry.heading for entry in found.columns}))
    assert read_as == [(layout, read_as[0][1])] * len(orders)
    assert len(read_as[0][1]) == len(cells)


_CELLS = st.sampled_from([
    "", "<v>1</v>", "<f>A1</f>", "<f>A1</f><v/>", "<f>A1</f><v></v>", "<f>A1</f><v>0</v>", '<f t="shared" si="0"/><v>2</v>', '<f t="shared" si="0"/>',
    "<is><t>x</t></is>",
])  # fmt: skip
_TYPED = st.sampled_from(["", ' t="str"', ' t="e"', ' s="3"', ' s="3" t="b"'])


@given(
    grid=st.lists(st.lists(st.tuples(_TYPED, _CELLS), min_size=1, max_size=30), min_size=1, max_size=4),
    hidden=st.booleans(),
    tail=st.sampled_from(["", '<mergeCells count="1"><mergeCell ref="A1:B2"/></mergeCells>']),
)
def test_patterns_and_parser_find_the_same_facts(grid, hidden, tail):
    rows = "".join(
        f'<row r="{row}"{" hidden=" + chr(34) + "1" + chr(34) if hidden and row % 2 else ""}>'
        + "".join(f'<c r="{letter(column)}{row}"{kind}>{inner}</c>' for column, (kind, inner) in enumerate(cells, start=1))
        + "</row>"
        for row, cells in enumerate(grid, start=1)
    )
    cols = '<cols><col min="2" max="3" width="9" hidden="1"/></cols>'
    xml = f'<worksheet xmlns="{_MAIN}">{cols}<sheetData>{rows}</sheetData>{tail}</worksheet>'.encode()
    fast, slow = scan_patterns(xml, "here", Limits()), scan_parser(xml)
    names = ("uncached", "zero_formulas", "hidden_rows", "hidden_columns", "merges")
    assert [getattr(fast, name) for name in names] == [getattr(slow, name) for name in names]
    assert {place: text for place, text in slow.errors.items() if text} == {
        place: text for place, text in fast.errors.items() if text
    }
    assert (fast.bottom >= slow.bottom, fast.right >= slow.right) == (True, True)


@given(st.integers(1, 16_384))
def test_letters_and_numbers_of_columns_are_inverse(column):
    assert (number(letter(column)), letter(column)) == (column, get_column_letter(column))


@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(at=st.integers(0, 10**6), byte=st.integers(0, 255), cut=st.integers(0, 3))
def test_no_damage_gives_anything_but_a_refusal(tmp_path, at, byte, cut):
    path = tmp_path / "a.xlsx"
    if not path.exists():
        write(path, {"Mapping": "SOC 2 | ISO 27001\nCC6.1 | A.5.15"})
    data = bytearray(path.read_bytes())
    data[at % len(data)] = byte
    (tmp_path / "b.xlsx").write_bytes(data[: len(data) - cut * 7] if cut else data)
    message = outcome(tmp_path / "b.xlsx")
    assert "\n" not in message


# --- shapes --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("value", "expected"), [
    ("CC6.1", Shape.SOC2), ("cc6.1.1", Shape.SOC2), ("CC1.1-POF3", Shape.SOC2), ("A1.2", Shape.SOC2), ("P6.1", Shape.SOC2), ("CC6", Shape.SOC2 | Shape.GROUP),
    ("A.5.15", Shape.ANNEX), ("A5.15", Shape.ANNEX), ("Annex A 5.15", Shape.ANNEX), ("Annex A: 5.1", Shape.ANNEX), ("ISO 27001:2022 A.5.1", Shape.ANNEX),
    ("A.9.2.1", Shape.LEGACY | Shape.DEEP), ("A.17", Shape.LEGACY | Shape.GROUP), ("Clause 6.1.2", Shape.CLAUSE | Shape.DEEP), ("5.10", Shape.BARE),
    ("5.1 Policies", Shape.BARE | Shape.TITLED), (5.1, Shape.BARE), ("CC6.1, A.5.15", Shape.SOC2 | Shape.ANNEX | Shape.LIST), ("A.5.15, Clause 6.3", Shape.ANNEX | Shape.LIST), ("AC-001", Shape.OWN),
    ("x", Shape.MARK), (True, Shape.MARK), ("N/A", Shape.NONE), (None, Shape.NONE), (12, Shape.WHOLE), ("Access control policy", Shape.OTHER),
    ("10.05.2024", Shape.OTHER), ("Reviews as in A.5.15", Shape.OTHER | Shape.CITES),
])  # fmt: skip
def test_shapes_of_cells(value, expected):
    assert shape(value) == expected


# --- catalogues ----------------------------------------------------------------------------------------------------


def test_a_teams_own_catalogue(tmp_path):
    (tmp_path / "house.csv").write_text(
        "Ref,Name,Description,Domain,extra\nH-1,Doors,Doors are locked.,Site,x\nH-2,Keys,Keys are counted.,,y\n,Nobody,,,\n"
    )
    framework = read_framework(tmp_path / "house.csv")
    assert (framework.id, [(one.id, one.title, one.summary, one.group) for one in framework.requirements]) == ("house", [
        ("H-1", "Doors", "Doors are locked.", "Site"), ("H-2", "Keys", "Keys are counted.", ""),
    ])  # fmt: skip
    assert [one.attributes["extra"] for one in framework.requirements] == ["x", "y"]


def test_pairs_and_texts(tmp_path):
    write(tmp_path / "pairs.xlsx", {"x": "Notes\n\nsource | target\nCC6.1 | A.5.15\nCC6.2 | \nCC6.3 | {5.2}"})
    write(tmp_path / "texts.xlsx", {"x": "id | text\nCC6.1 | our words"})
    assert read_pairs(tmp_path / "pairs.xlsx") == [("CC6.1", "A.5.15"), ("CC6.3", "5.2")]
    assert read_texts(tmp_path / "texts.xlsx", Settings()) == {"CC6.1": "our words"}


@pytest.mark.parametrize(("text", "message"), [
    ("a,b\n1,2\n", "c.csv needs columns id; it has a, b"),
    ("id,title\nH-1,a\nH-1,b\n", "c.csv: H-1 stands in rows 2 and 3; an id may occur only once"),
    ("id,other\nH-1,a\n", "c.csv has ids, but no title or text beside them; name a column title or text"),
])  # fmt: skip
def test_a_catalogue_that_cannot_be_used_is_refused(tmp_path, text, message):
    (tmp_path / "c.csv").write_text(text)
    with pytest.raises(InputRefused) as caught:
        read_framework(tmp_path / "c.csv")
    assert str(caught.value) == message
