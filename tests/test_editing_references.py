"""Sheets, tables and names in formulas are told apart from texts, brackets, functions and other workbooks, and renamed."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from workbench.editing.references import formulas, mentioned, quoted, renamed, with_formulas

SHEETS, NAMES = {"old": "It's new", "über 1": "B"}, {"tblold": "tblNew"}


@pytest.mark.parametrize(
    ("formula", "found"),
    [
        ("A1+Old!B2", "A1+'It''s new'!B2"),
        ("'Über 1'!A:A", "'B'!A:A"),
        ("OLD!$A$1,tblOld[a]", "'It''s new'!$A$1,tblNew[a]"),
        ("SUM(Old:Last!A1)", "SUM('It''s new:Last'!A1)"),
        ("SUM('First:Old'!A1)", "SUM('First:It''s new'!A1)"),
        ("tblOld[[#This Row],[tblOld]]*tblold[tblOld]", "tblNew[[#This Row],[tblOld]]*tblNew[tblOld]"),
        ("tblOld[a'[tblOld]&tblOld", "tblNew[a'[tblOld]&tblNew"),
        ("Old!tblOld+Old!#REF!", "'It''s new'!tblNew+'It''s new'!#REF!"),
    ],
)
def test_names_are_renamed_where_they_stand(formula: str, found: str) -> None:
    assert renamed(formula, SHEETS, NAMES) == found


@pytest.mark.parametrize(
    "formula",
    ['"Old!A1 ""tblOld"""', "[1]Old!A1", "'[Book.xlsx]Old'!A1", "OldSheet!A1", "'Old sheet'!A1", "tblOld(1)", "tblOlder[a]", "#REF!A1", "x[tblOld]"],
)  # fmt: skip
def test_what_only_looks_like_a_name_stays(formula: str) -> None:
    assert renamed(formula, SHEETS, NAMES) == formula


def test_sheets_and_words_are_told_apart() -> None:
    assert list(mentioned("SUM('My ''a'':Z'!A1,tbl[x])+[0]Own!n&\"No!t\"&#REF!")) == [
        ("sheet", "My 'a'"),
        ("sheet", "Z"),
        ("name", "A1"),
        ("name", "tbl"),
        ("sheet", "Own"),
        ("name", "n"),
    ]


PART = (
    '<w xmlns:xm="m"><f>Old!A1&amp;"&lt;"</f><f t="shared" ref="A1">Old!B1</f><f/><v>Old!A1</v><xm:f>Old!C1</xm:f><formula1>Old!D1</formula1>'
    '<t>Old!A1</t><sp textlink="\'Old\'!E1"/><sp textlink=\'Old!F1\' name="Old!A1"/><worksheetSource ref="A1" sheet="Old"/><fold>Old!A1</fold></w>'
)


def test_formulas_are_found_in_whatever_holds_them() -> None:
    found = ['Old!A1&"<"', "Old!B1", "Old!C1", "Old!D1", "'Old'!E1", "Old!F1", "'Old'!A1"]
    assert list(formulas(PART.encode())) == found
    assert list(formulas(b"\x89PNG <f>Old!A1</f>")) == []


def test_only_formulas_change() -> None:
    changed = with_formulas(PART.encode(), lambda one: renamed(one, {"old": "B"})).decode()
    assert changed == (
        "<w xmlns:xm=\"m\"><f>'B'!A1&amp;&quot;&lt;&quot;</f><f t=\"shared\" ref=\"A1\">'B'!B1</f><f/><v>Old!A1</v><xm:f>'B'!C1</xm:f>"
        "<formula1>'B'!D1</formula1><t>Old!A1</t><sp textlink=\"'B'!E1\"/><sp textlink='&#39;B&#39;!F1' name=\"Old!A1\"/>"
        '<worksheetSource ref="A1" sheet="Old"/><fold>Old!A1</fold></w>'
    )


@given(st.text(st.characters(exclude_characters="[]:*?/\\", exclude_categories=("C",)), min_size=1, max_size=31))
def test_a_quoted_name_is_read_back(name: str) -> None:
    assert [word for kind, word in mentioned(f"1+{quoted(name)}!$A$1") if kind == "sheet"] == [name]
    assert renamed(f"{quoted(name)}!A1", {name.casefold(): "x"}) == "'x'!A1"
