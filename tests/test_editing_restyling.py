"""Formats that were appended after an edit move up when the edit is taken out."""

import io
import zipfile

import openpyxl
import pytest
from openpyxl.styles import Font

from workbench.editing import open_workbook
from workbench.editing.package import Package
from workbench.editing.restyling import closed_up

STYLES = "xl/styles.xml"


def book():
    made = openpyxl.Workbook()
    made.active["A1"], made.active["A2"], made.active["A3"] = "one", "two", "three"
    made.active["A2"].font = Font(bold=True)
    out = io.BytesIO()
    made.save(out)
    return out.getvalue()


RAW = book()


def edited(raw, *steps):
    """The file after each step, which is a function of the open workbook."""
    for step in steps:
        opened = open_workbook(raw)
        step(opened)
        raw = opened.content()
    return raw


def colour(cell, fill):
    return lambda opened: opened.highlight("Sheet", cell, fill)


def number(cell, code):
    def step(opened):
        opened.set_style("Sheet", cell, opened.styles.clone(opened.sheet("Sheet").style(cell), number_format=code))

    return step


def without_first(raw, first, *later):
    """The file after all steps, the first of them taken out again."""
    once = edited(raw, first)
    package = Package(edited(once, *later))
    opened = open_workbook(package.pack())
    opened.set_style("Sheet", "A1", None)
    package = Package(opened.content())
    assert closed_up(package, Package(raw).read(STYLES), Package(once).read(STYLES), instead={})
    return package


@pytest.mark.parametrize(
    "later",
    [
        [colour("A2", "00FF00")],
        [number("A3", "0.000"), colour("A3", "0000FF")],
        [number("A2", "yyyy"), number("A3", '"x"0'), colour("A2", "112233")],
        [colour("A2", "FF0000")],
    ],
    ids=["a fill", "a number format, then a fill", "several", "the same fill"],
)
def test_what_was_appended_after_is_where_it_would_be_without_what_was_appended_before(later):
    found, wanted = without_first(RAW, colour("A1", "FF0000"), *later), Package(edited(RAW, *later))
    for part in (STYLES, "xl/worksheets/sheet1.xml"):
        assert found.read(part) == wanted.read(part)


def test_a_styles_part_that_another_program_wrote_since_is_left_alone():
    once = edited(RAW, colour("A1", "FF0000"))
    out = io.BytesIO()
    openpyxl.load_workbook(io.BytesIO(once)).save(out)
    package = Package(out.getvalue())
    assert closed_up(package, Package(RAW).read(STYLES), Package(once).read(STYLES), instead={}) is False
    assert package.pack() == out.getvalue()


def test_the_outcome_is_a_workbook_that_others_read():
    package = without_first(RAW, colour("A1", "FF0000"), colour("A2", "00FF00"), number("A3", "0.000"))
    with zipfile.ZipFile(io.BytesIO(package.pack())) as archive:
        assert archive.testzip() is None
    page = openpyxl.load_workbook(io.BytesIO(package.pack())).active
    assert [(page[cell].fill.fill_type, page[cell].font.b, page[cell].number_format) for cell in ("A1", "A2", "A3")] == [
        (None, False, "General"),
        ("solid", True, "General"),
        (None, False, "0.000"),
    ]
