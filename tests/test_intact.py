"""The judge of edits can be trusted: it lets a right edit pass, and names each wrong one."""

from __future__ import annotations

import io
import re
import warnings
from dataclasses import replace

import openpyxl
import pytest
from corpus import workbooks
from faults import faults
from intact import Edits, judge
from packages import Member, area, members, place, repacked, root, tree, zipped

SHEET = "xl/worksheets/sheet1.xml"
SAMPLES = {sample.name: sample for sample in workbooks()}
BEFORE = SAMPLES["of-analysts"].data
CHAINED = SAMPLES["calculated"].data
MEANT = Edits("Controls", cells={"D4": "A.8.2"})


def part(name: str, data: bytes = BEFORE) -> bytes:
    return next(one.content for one in members(data) if one.name == name)


def respelled(name: str, old: str, new: str, data: bytes = BEFORE, **more: object) -> bytes:
    """The file with a piece of one part changed, once."""
    content = part(name, data).decode()
    assert old in content, f"{old} is not in {name}"
    return repacked(data, {name: content.replace(old, new, 1).encode()}, **more)


def written(ref: str, inside: str, data: bytes = BEFORE) -> bytes:
    """The file with the whole of a cell replaced."""
    content = part(SHEET, data).decode()
    return repacked(data, {SHEET: re.sub(rf'<c r="{ref}".*?</c>', lambda _: inside, content, count=1).encode()})


RIGHT = written("D4", '<c r="D4" s="2" t="inlineStr"><is><t>A.8.2</t></is></c>')


def test_a_right_edit_is_intact():
    assert judge(BEFORE, RIGHT, MEANT) == []


def test_a_right_edit_with_everything_around_it_is_intact():
    """A column and a row within a table, its notes and filters left alone; the ranges that end with the data reach further."""
    before = SAMPLES["validations"].data
    sheet = part(SHEET, before).decode()
    sheet = sheet.replace(
        "</row></sheetData>", '</row><row r="10"><c r="A10" t="inlineStr"><is><t>x</t></is></c></row></sheetData>'
    )
    sheet = (
        sheet.replace('ref="A1:F9"', 'ref="A1:F10"')
        .replace('sqref="F2:F9"', 'sqref="F2:F10"')
        .replace("C2:C9 D2:D9", "C2:C10 D2:D10")
    )
    assert (
        judge(before, repacked(before, {SHEET: sheet.encode()}), Edits("Controls", cells={"A10": "x"}, rows=range(10, 11))) == []
    )


def _saved_by_openpyxl(data: bytes) -> bytes:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        book = openpyxl.load_workbook(io.BytesIO(data))
    book["Controls"]["D4"].value = "A.8.2"
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def test_loading_and_saving_with_openpyxl_is_condemned():
    said = judge(BEFORE, _saved_by_openpyxl(BEFORE), MEANT)
    assert "xl/slicers/slicer1.xml: lost" in judge(
        SAMPLES["table-slicer"].data, _saved_by_openpyxl(SAMPLES["table-slicer"].data), MEANT
    )
    assert "xl/printersettings/printersettings1.bin: lost" in said
    assert any("worksheet/extLst" in one and "removed" in one for one in said)
    assert any(one.startswith("members stand in another order") for one in said)


SQREF = '<conditionalFormatting sqref="F2:F9"'
CELL = '<c r="B3" s="2" t="s"><v>13</v></c>'
TABLE = "xl/tables/table1.xml"
TYPES, BOOK, RELATIONS = "[Content_Types].xml", "xl/workbook.xml", "xl/_rels/workbook.xml.rels"

PLANTED: dict[str, tuple[bytes, str]] = {
    "another cell": (respelled(SHEET, '<c r="E4" s="2"', '<c r="E4" s="1"', RIGHT), "worksheet/sheetData/row/c (row 4, column 5): s: '2' → '1'"),
    "another text": (respelled("xl/sharedStrings.xml", "<t>Screening</t>", "<t>Screened</t>", RIGHT), "xl/sharedstrings.xml: changed, and no edit is about it"),
    "the wrong value": (written("D4", '<c r="D4" s="2" t="inlineStr"><is><t>A.8.20</t></is></c>'), "python-calamine reads 'A.8.20' in D4 instead of 'A.8.2'"),
    "the look of the cell": (written("D4", '<c r="D4" t="inlineStr"><is><t>A.8.2</t></is></c>'), "D4: has look 0 instead of 2"),
    "a cell gone": (written("B3", "", RIGHT), "worksheet/sheetData/row/c (row 3, column 2): removed"),
    "quotes": (respelled(SHEET, 'workbookViewId="0"', "workbookViewId='0'", RIGHT), "sheetView: spelling"),
    "order of attributes": (respelled(SHEET, '<pageSetup paperSize="9" orientation="landscape"', '<pageSetup orientation="landscape" paperSize="9"', RIGHT), "pageSetup: spelling"),
    "a space": (respelled(SHEET, "<sheetData>", "<sheetData> ", RIGHT), "worksheet/sheetData/#text: added: '' → ' '"),
    "a comment": (respelled(SHEET, "<sheetData>", "<sheetData><!-- x -->", RIGHT), "worksheet/sheetData/#text: added: '' → '<!-- x -->'"),
    "a range that no edit extends": (respelled(SHEET, SQREF, SQREF.replace("F9", "F10"), RIGHT), "conditionalFormatting: sqref: 'F2:F9' → 'F2:F10'"),
    "an extension lost": (respelled(SHEET, "<xm:sqref>F2:F9</xm:sqref>", "", RIGHT), "worksheet/extLst/ext/dataValidations/dataValidation/sqref: removed"),
    "a style in the way": (respelled("xl/styles.xml", '<cellXfs count="7">', '<cellXfs count="8"><xf numFmtId="0"/>', RIGHT), "xl/styles.xml: styleSheet/cellXfs: count"),
    "a count": (respelled("xl/styles.xml", '<cellXfs count="7">', '<cellXfs count="9">', RIGHT), "xl/styles.xml: cellXfs counts 9, holds 7"),
    "a style that is not there": (written("D4", '<c r="D4" s="70" t="inlineStr"><is><t>A.8.2</t></is></c>'), "xl/worksheets/sheet1.xml: D4 has style 70"),
    "cells out of order": (respelled(SHEET, CELL, CELL + CELL.replace("B3", "A3"), RIGHT), "cells are not ascending at row 3 column 1"),
    "a row twice": (respelled(SHEET, '<row r="3"', '<row r="2"/><row r="3"', RIGHT), "rows are not ascending"),
    "a column of the table": (respelled(TABLE, 'name="Owner"', 'name="Owners"', RIGHT), "xl/tables/table1.xml: column 'Owners' below the heading 'Owner'"),
    "the range of the table": (respelled(TABLE, 'ref="A1:F9"', 'ref="A1:G9"', RIGHT), "xl/tables/table1.xml: 6 columns in A1:G9"),
    "elements out of order": (respelled(SHEET, "<sheetData>", "<mergeCells><mergeCell ref='H1:I2'/></mergeCells><sheetData>", RIGHT), "elements are out of order"),
    "not well-formed": (respelled(SHEET, "</sheetData>", "</sheetdata>", RIGHT), "xl/worksheets/sheet1.xml: not well-formed"),
    "an undeclared namespace": (respelled(SHEET, "<sheetData>", '<sheetData x14ac:dyDescent="1">', RIGHT), "xl/worksheets/sheet1.xml: not well-formed, unbound prefix"),
    "a part lost": (repacked(RIGHT, {}, dropped=["xl/comments1.xml"]), "xl/comments1.xml: lost"),
    "a part added": (repacked(RIGHT, {}, added={"xl/extra.xml": b"<a/>"}), "xl/extra.xml: added, and nothing declared it"),
    "no content type": (respelled(TYPES, '<Default Extension="bin"', '<Default Extension="bim"', RIGHT), "xl/printersettings/printersettings1.bin: no content type"),
    "a content type of nothing": (respelled(TYPES, "</Types>", '<Override PartName="/xl/x.xml" ContentType="a/b"/></Types>', RIGHT), "[content_types].xml: /xl/x.xml is not there"),
    "a relationship id twice": (respelled(RELATIONS, 'Id="rId2"', 'Id="rId1"', RIGHT), "xl/_rels/workbook.xml.rels: rId1 twice"),
    "a relationship into nowhere": (respelled(RELATIONS, "worksheets/sheet2.xml", "worksheets/sheet8.xml", RIGHT), "which is not there"),
    "a sheet's name": (respelled(BOOK, 'name="Lists"', 'name="controls"', RIGHT), "workbook: sheet controls twice"),
    "a sheet's id": (respelled(BOOK, 'sheetId="2"', 'sheetId="1"', RIGHT), "workbook: sheetId 1 twice"),
    "a name": (respelled(BOOK, "Controls!$A$1:$F$9", "Controls!$A$1:$F$8", RIGHT), "workbook/definedNames/definedName: text"),
    "compressed anew": (zipped([Member.of(one.name, one.content, stored=True) for one in members(RIGHT)]), "xl/theme/theme1.xml: compressed anew"),
    "dates of members": (zipped([replace(one, date=(2026, 1, 1, 0, 0, 0)) for one in members(RIGHT)]), "xl/styles.xml: date, attributes, method or comment"),
    "another order": (zipped([*members(RIGHT)[1:], members(RIGHT)[0]]), "members stand in another order"),
    "a member twice": (zipped([*members(RIGHT), members(RIGHT)[3]]), "twice"),
}  # fmt: skip


@pytest.mark.parametrize("fault", PLANTED)
def test_a_planted_fault_is_named(fault):
    after, wanted = PLANTED[fault]
    assert any(wanted in one for one in judge(BEFORE, after, MEANT)), judge(BEFORE, after, MEANT)


def test_the_chain_of_calculation_may_name_no_cell_without_a_formula():
    after = written("G4", '<c r="G4"><v>7</v></c>', CHAINED)
    assert judge(CHAINED, after, Edits("Controls", cells={"G4": 7})) == ["xl/calcchain.xml: G4 of sheet 1 has no formula"]


def test_every_workbook_of_the_corpus_is_sound_before_it_is_edited():
    assert {name: found for name, sample in SAMPLES.items() if (found := faults(sample.data))} == {}


def test_the_corpus_holds_hundreds_of_different_workbooks():
    assert len({sample.data for sample in workbooks()}) == len(workbooks()) > 300


def test_a_tree_is_every_byte_of_its_document():
    xml = "\ufeff<?xml version='1.0'?><!-- a > b --><x:a b='>' c=\"'\"><![CDATA[</x:a>]]>&#65;<d/>\n<e ></e ></x:a >\n".encode()
    top = tree(xml)
    assert b"".join(item if isinstance(item, bytes) else item.written for item in top.items) == xml
    assert (root(xml).text.strip(), root(xml).get("b"), [one.name for one in root(xml).children]) == ("</x:a>A", ">", ["d", "e"])


def test_places_and_areas():
    assert [place("A1"), place("$XFD$1048576"), place("aa10")] == [(1, 1), (1048576, 16384), (10, 27)]
    assert [area("B2"), area("A:C"), area("$2:3")] == [(2, 2, 2, 2), (1, 1, 1048576, 3), (2, 1, 3, 16384)]
