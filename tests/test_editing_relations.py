"""Relationships and content types: found whatever they are called, edited without touching anything beside them."""

from __future__ import annotations

import pytest
from corpus import workbooks
from hypothesis import given, settings
from hypothesis import strategies as st
from packages import Member, zipped

from workbench.editing.package import Package
from workbench.editing.refusals import WorkbookRefused
from workbench.editing.relations import (
    Relation,
    content_type,
    declare,
    default,
    is_strict,
    main_part,
    relate,
    related,
    undeclare,
    unrelate,
)

OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
STRICT = "http://purl.oclc.org/ooxml/officeDocument/relationships"
RELATIONS = "http://schemas.openxmlformats.org/package/2006/relationships"
TYPES = "http://schemas.openxmlformats.org/package/2006/content-types"
SHEET_MAIN = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml"


def rels(*nodes: str) -> str:
    return f'<Relationships xmlns="{RELATIONS}">{"".join(nodes)}</Relationships>'


def node(number: int, kind: str, target: str, more: str = "", base: str = OFFICE) -> str:
    return f'<Relationship Id="rId{number}" Type="{base}/{kind}" Target="{target}"{more}/>'


def package(**parts: str) -> Package:
    """A package of a workbook part at ``odd/Book.xml`` and the parts given: ``root`` its relationships, ``book`` the workbook's."""
    named = {
        "[Content_Types].xml": f'<Types xmlns="{TYPES}"><Default Extension="xml" ContentType="{SHEET_MAIN}"/></Types>',
        "_rels/.rels": parts.pop("root", rels(node(1, "officeDocument", "odd/Book.xml"))),
        "odd/Book.xml": '<workbook xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"/>',
        "odd/_rels/Book.xml.rels": parts.pop("book", rels()),
        **parts,
    }
    return Package(zipped(Member.of(name, text.encode()) for name, text in named.items()))


@pytest.mark.parametrize(
    ("target", "member", "found"),
    [
        ("sheets/one.xml", "odd/sheets/one.xml", "odd/sheets/one.xml"),
        ("/odd/sheets/one.xml", "odd/sheets/one.xml", "odd/sheets/one.xml"),
        ("../other/./one.xml", "other/one.xml", "other/one.xml"),
        ("../../../one.xml", "one.xml", "one.xml"),
        ("sheets\\one.xml", "odd/sheets/one.xml", "odd/sheets/one.xml"),
        ("Sheets/ONE.xml", "odd/sheets/one.xml", "odd/sheets/one.xml"),
        ("sheets/one.xml", "odd\\sheets\\one.xml", "odd\\sheets\\one.xml"),
        ("sheet%201.xml", "odd/sheet 1.xml", "odd/sheet 1.xml"),
        ("sheet%201.xml", "odd/sheet%201.xml", "odd/sheet%201.xml"),
        ("gone%201.xml", "x.xml", "odd/gone 1.xml"),
        ("#Data!A1", "x.xml", "#Data!A1"),
    ],
)
def test_a_target_is_the_member_that_it_means(target: str, member: str, found: str) -> None:
    book = package(**{member: "<a/>", "book": rels(node(7, "worksheet", target))})
    assert related(book, "odd/Book.xml") == (Relation("rId7", f"{OFFICE}/worksheet", found, external=False),)


def test_what_lies_outside_is_told_as_written() -> None:
    book = package(book=rels(node(1, "hyperlink", "https://example.com/a%20b?x=1&amp;y", ' TargetMode="External"')))
    assert related(book, "odd/Book.xml") == (
        Relation("rId1", f"{OFFICE}/hyperlink", "https://example.com/a%20b?x=1&y", external=True),
    )


@pytest.mark.parametrize(
    ("base", "word"),
    [
        (OFFICE, "worksheet"),
        (STRICT, "worksheet"),
        ("http://schemas.microsoft.com/office/2017/10/relationships", "threadedComment"),
    ],
)
def test_a_kind_is_the_last_word_of_the_type(base: str, word: str) -> None:
    assert [one.kind for one in related(package(book=rels(node(1, word, "a.xml", base=base))), "odd/Book.xml")] == [word]


def test_a_part_without_relationships_has_none() -> None:
    assert related(package(), "odd/else.xml") == ()


def test_a_new_relationship_has_a_free_id_and_a_relative_target_and_nothing_else_changes() -> None:
    before = rels(node(1, "styles", "s.xml"), node(3, "theme", "t.xml"))
    book = package(book=before)
    assert relate(book, "odd/Book.xml", "worksheet", "odd/sheets/new 1.xml") == "rId2"
    assert relate(book, "odd/Book.xml", "image", "media/a.png") == "rId4"
    added = node(2, "worksheet", "sheets/new%201.xml") + node(4, "image", "../media/a.png")
    assert book.read("odd/_rels/Book.xml.rels").decode() == before.replace("</Relationships>", added + "</Relationships>")


def test_a_strict_package_gets_strict_types_and_a_whole_type_is_taken_as_it_is() -> None:
    book = package(root=rels(node(1, "officeDocument", "odd/Book.xml", base=STRICT)))
    relate(book, "odd/Book.xml", "worksheet", "odd/a.xml")
    relate(book, "odd/Book.xml", "http://schemas.microsoft.com/office/2011/relationships/person", "odd/p.xml")
    assert is_strict(book)
    assert [one.type for one in related(book, "odd/Book.xml")] == [
        f"{STRICT}/worksheet",
        "http://schemas.microsoft.com/office/2011/relationships/person",
    ]


def test_a_prefixed_part_gets_a_prefixed_element() -> None:
    book = package(book=f'<p:Relationships xmlns:p="{RELATIONS}"/>')
    relate(book, "odd/Book.xml", "worksheet", "odd/a.xml")
    expected = f'<p:Relationships xmlns:p="{RELATIONS}"><p:Relationship Id="rId1" Type="{OFFICE}/worksheet" Target="a.xml"/></p:Relationships >'
    assert book.read("odd/_rels/Book.xml.rels").decode() == expected
    unrelate(book, "odd/Book.xml", "rId1")
    assert book.changes() == ()


def test_a_part_of_relationships_is_made_and_goes_again_when_nothing_is_left_in_it() -> None:
    book = package()
    relate(book, "odd/a.xml", "table", "odd/t.xml")
    assert "odd/_rels/a.xml.rels" in book.names
    saved = Package(book.pack())
    for one in (book, saved):
        unrelate(one, "odd/a.xml", "rId1")
        assert "odd/_rels/a.xml.rels" not in one.names


def test_taking_away_what_is_not_there_is_refused_as_damage() -> None:
    for part in ("odd/Book.xml", "odd/none.xml"):
        with pytest.raises(WorkbookRefused, match=f"{part} has no relationship 'rId9'"):
            unrelate(package(), part, "rId9")


# --- content types ---------------------------------------------------------------------------------------------------


def test_content_types_go_by_part_then_by_extension_whatever_the_case() -> None:
    types = f'<Types xmlns="{TYPES}"><Default Extension="XML" ContentType="d"/><Override PartName="/odd/A%20b.xml" ContentType="o"/></Types>'
    book = package(**{"[Content_Types].xml": types})
    assert [content_type(book, name) for name in ("odd/a b.XML", "/odd/A%20b.xml", "odd/c.xml", "odd/c.bin", "xml/bin")] == [
        "o",
        "o",
        "d",
        "",
        "",
    ]


def test_a_declaration_is_added_changed_and_taken_away() -> None:
    book = package()
    before = book.read("[Content_Types].xml").decode()
    declare(book, "odd/new 1.xml", "a+xml")
    added = '<Override PartName="/odd/new%201.xml" ContentType="a+xml"/></Types>'
    assert book.read("[Content_Types].xml").decode() == before.replace("</Types>", added)
    declare(book, "odd/new 1.xml", "b+xml")
    assert content_type(book, "odd/new 1.xml") == "b+xml"
    undeclare(book, "odd/new 1.xml")
    assert book.changes() == ()


def test_an_extension_is_declared_once() -> None:
    book = package()
    default(book, "vml", "v")
    default(book, "VML", "w")
    assert content_type(book, "a.vml") == "v"
    assert book.read("[Content_Types].xml").count(b"vml") == 1


# --- the workbook ----------------------------------------------------------------------------------------------------


def test_the_workbook_is_found_by_its_relationship() -> None:
    assert main_part(package()) == "odd/Book.xml"


@pytest.mark.parametrize(
    ("kind", "said"),
    [
        ("application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml", "a Word document"),
        ("application/vnd.ms-powerpoint.presentation.macroEnabled.main+xml", "a PowerPoint presentation"),
        ("application/vnd.ms-excel.sheet.binary.macroEnabled.main", "a binary workbook"),
    ],
)
def test_what_is_no_workbook_is_called_by_what_it_is(kind: str, said: str) -> None:
    types = f'<Types xmlns="{TYPES}"><Default Extension="xml" ContentType="{kind}"/></Types>'
    with pytest.raises(WorkbookRefused, match=said):
        main_part(package(**{"[Content_Types].xml": types}))


def test_an_opendocument_file_and_a_zip_of_something_are_refused() -> None:
    with pytest.raises(WorkbookRefused, match="OpenDocument"):
        main_part(Package(zipped([Member.of("mimetype", b"application/vnd.oasis.opendocument.spreadsheet", stored=True)])))
    with pytest.raises(WorkbookRefused, match="workbook"):
        main_part(Package(zipped([Member.of("readme.txt", b"hello")])))


def test_a_part_that_holds_something_else_is_refused() -> None:
    with pytest.raises(WorkbookRefused, match="html"):
        main_part(package(**{"odd/Book.xml": "<html/>"}))


def test_a_package_without_a_workbook_is_refused() -> None:
    with pytest.raises(WorkbookRefused, match="no workbook part"):
        main_part(package(root=rels()))


# --- laws ------------------------------------------------------------------------------------------------------------


@given(st.sampled_from(workbooks()), st.permutations(["styles", "image", "table"]))
@settings(max_examples=60)
def test_what_was_added_and_taken_away_again_in_any_order_leaves_every_byte(sample, order: list[str]) -> None:
    book = Package(sample.data)
    part = main_part(book)
    ids = {kind: relate(book, part, kind, f"xl/new/{kind}.xml") for kind in ("image", "styles", "table")}
    for kind in ids:
        declare(book, f"xl/new/{kind}.xml", f"{kind}+xml")
    assert len(set(ids.values())) == 3
    saved = Package(book.pack())
    for one in (book, saved):
        for kind in order:
            unrelate(one, part, ids[kind])
            undeclare(one, f"xl/new/{kind}.xml")
    original = Package(sample.data)
    assert book.changes() == ()
    assert {name: saved.read(name) for name in saved.names} == {name: original.read(name) for name in original.names}
