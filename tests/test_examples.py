"""The shipped workbooks: made by their script, and read as what they are."""

from __future__ import annotations

import datetime as dt
import sys
from pathlib import Path

import pytest
from faults import faults

import workbench

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT / "scripts"))

import make_examples  # noqa: E402

SHIPPED = ROOT / "input_workbooks"
TODAY = dt.date(2026, 11, 24)


def found(name: str) -> list[tuple[str, str, str]]:
    return [(finding.sheet, finding.cell, finding.rule) for finding in workbench.check(SHIPPED / name, as_of=TODAY)]


@pytest.mark.parametrize("name", make_examples.EXAMPLES)
def test_the_shipped_workbook_is_what_the_script_makes(name: str, tmp_path: Path) -> None:
    make_examples.EXAMPLES[name](tmp_path / name)

    assert (tmp_path / name).read_bytes() == (SHIPPED / name).read_bytes()


def test_every_planted_fault_of_the_mess_is_found_at_its_cell_and_nothing_else() -> None:
    on_the_matrix = [(cell, rule) for sheet, cell, rule in found("quay-logistics.xlsx") if sheet == "Matrix v3 FINAL"]

    assert on_the_matrix == list(make_examples.PLANTED)
    assert [entry for entry in found("quay-logistics.xlsx") if entry[0] != "Matrix v3 FINAL"] == [("Lists", "A1", "WBK007")]


@pytest.mark.parametrize("name", ["alder-health.xlsx", "crosswalk-pairs.xlsx", "lakeside-grid.xlsx"])
def test_the_well_kept_ones_have_no_findings(name: str) -> None:
    assert found(name) == []


def test_the_lived_in_workbook_has_old_ids_and_slips_beside_what_only_excel_makes() -> None:
    assert found("harbor-payments.xlsx") == [
        ("Controls", "M4", "WBK013"),
        ("Controls", "G7", "MAP004"),
        ("Controls", "G11", "MAP004"),
        ("Controls", "G11", "MAP004"),
        ("Controls", "G16", "MAP004"),
        ("Controls", "F20", "CTL005"),
        ("Controls", "G21", "MAP004"),
        ("Controls", "E34", "CTL004"),
        ("Controls", "G36", "MAP004"),
        ("Controls", "H40", "CTL006"),
        ("Controls", "G42", "MAP003"),
        ("Controls", "G43", "MAP001"),
        ("Controls", "F44", "CTL005"),
        ("Lists", "A1", "WBK007"),
    ]
    assert faults((SHIPPED / "harbor-payments.xlsx").read_bytes()) == []
    assert (SHIPPED / "harbor-payments.xlsx").stat().st_size < 50_000


def test_the_article_is_told_what_became_of_its_ids_and_that_a_8_1_was_never_risk_assessment() -> None:
    said = [
        (finding.cell, finding.message)
        for finding in workbench.check(SHIPPED / "article-case.xlsx", as_of=TODAY)
        if finding.severity == "error"
    ]

    assert said == [
        ("D2", "A.9.1.1 is an ISO 27001:2013 id; 2022: A.5.15"),
        ("D2", "A.9.2.1 is an ISO 27001:2013 id; 2022: A.5.16"),
        ("C2", "A.9.1 is an ISO 27001:2013 objective; 2022: A.5.15"),
        ("C3", "A.8.1 is an ISO 27001:2013 objective; 2022: A.5.9, A.5.10, A.5.11"),
        ("C3", "A.8.1 is 'Responsibility for assets'; 'Information security risk assessment' is Clause 6.1.2"),
        ("C4", "A.17 is an ISO 27001:2013 domain; 2022: A.5.29, A.8.14"),
        ("C5", "A.8.2 is an ISO 27001:2013 objective; 2022: A.5.10, A.5.12, A.5.13"),
        ("C6", "A.18 is an ISO 27001:2013 domain; 2022: A.5.31, A.5.32, A.5.33, A.5.34, A.5.35, A.5.36, A.8.8"),
    ]


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("alder-health.xlsx", ("controls", 87, 92)),
        ("quay-logistics.xlsx", ("controls", 16, 93)),
        ("article-case.xlsx", ("controls", 0, 93)),
        ("crosswalk-pairs.xlsx", ("crosswalk", 34, 93)),
        ("lakeside-grid.xlsx", ("crosswalk", 40, 93)),
        ("harbor-payments.xlsx", ("controls", 27, 93)),
    ],
)
def test_the_headline_of_each_is_what_its_maker_put_in(name: str, expected: tuple[str, int, int]) -> None:
    headline = workbench.overlap(SHIPPED / name)[0]

    assert (headline.basis, headline.numerator, headline.total) == expected


def test_the_crosswalk_counts_distinct_annex_a_controls_and_no_clauses() -> None:
    targets = {target for _, target, *_ in make_examples.PAIRS}
    marks = {name for names in make_examples.GRID_MARKS.values() for name in names}

    assert len([name for name in targets if name.startswith("A.")]) == 34
    assert len(marks) == 40
