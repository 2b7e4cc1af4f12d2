"""The foreign workbooks of ``foreign.py``: what each is read as, what it counts, and its faults, each at its cell and no other."""

from __future__ import annotations

import datetime as dt
from functools import cache
from pathlib import Path

import pytest
from foreign import CORPUS, Foreign

from workbench.coverage import overlap
from workbench.interpretation import Project, interpret
from workbench.model import InputRefused, MappingStatus, Relationship, Severity
from workbench.reading import read_book
from workbench.rules import check
from workbench.settings import Settings

PLAIN = Settings()
TODAY = dt.date(2026, 11, 24)
READABLE = [pytest.param(one, id=one.name) for one in CORPUS if not one.refused]


@pytest.fixture(scope="session")
def project_of(tmp_path_factory: pytest.TempPathFactory):
    """Foreign workbook → what it was understood as; each is written and read once."""
    folder: Path = tmp_path_factory.mktemp("foreign")

    @cache
    def understood(name: str) -> Project:
        one = next(one for one in CORPUS if one.name == name)
        return interpret(read_book(one.write(folder), PLAIN), PLAIN)

    return understood


@pytest.mark.parametrize("one", READABLE)
def test_each_sheet_is_read_as_what_it_is(one: Foreign, project_of) -> None:
    reports = project_of(one.name).book.sheets
    read = {report.sheet: (str(report.layout), report.heading_row, report.rows) if report.layout else None for report in reports}
    assert read == one.sheets


@pytest.mark.parametrize("one", READABLE)
def test_controls_mappings_and_shared_requirements_are_counted_right(one: Foreign, project_of) -> None:
    project = project_of(one.name)
    frame = project.mappings
    stated = zip(*(frame[name].tolist() for name in ("source", "target", "status", "relationship")), strict=True)
    pairs = {
        (source, target)
        for source, target, status, relationship in stated
        if status != MappingStatus.REJECTED and relationship != Relationship.NONE
    }
    figure = next(one for one in overlap(project, PLAIN) if one.denominator == "93" and one.direction.startswith("soc2"))
    assert (project.controls["control"].nunique(), len(pairs), figure.numerator) == (one.controls, one.pairs, one.annex)


@pytest.mark.parametrize("one", READABLE)
def test_its_faults_are_found_at_their_cells_and_nothing_else_is(one: Foreign, project_of) -> None:
    found = check(project_of(one.name), PLAIN, TODAY)
    told = sorted({f"{one.rule} {one.sheet}!{one.cell}" for one in found if one.severity != Severity.NOTE})
    assert told == sorted(one.faults)


@pytest.mark.parametrize("one", READABLE)
def test_notes_are_fewer_than_a_person_reads(one: Foreign, project_of) -> None:
    notes = [finding for finding in check(project_of(one.name), PLAIN, TODAY) if finding.severity == Severity.NOTE]
    assert len(notes) <= 12


@pytest.mark.parametrize("one", [pytest.param(one, id=one.name) for one in CORPUS if one.refused])
def test_what_holds_nothing_to_read_is_refused_in_words(one: Foreign, tmp_path: Path) -> None:
    with pytest.raises(InputRefused, match=one.refused):
        read_book(one.write(tmp_path), PLAIN)
