"""The many ways in which programs write the same workbook: dialects spell its parts otherwise, containers zip them otherwise."""

from __future__ import annotations

import re
from collections.abc import Callable

from handmade import COMPATIBILITY, DECLARATION, MAIN, MICROSOFT, OFFICE, SPREADSHEET
from packages import Member, zipped

Parts = dict[str, bytes]
_TAG = re.compile(r"""<[^!?](?:[^<>"']|"[^"]*"|'[^']*')*>""")


def _each(parts: Parts, change: Callable[[str], str], *, where: Callable[[str], bool] = lambda _: True) -> Parts:
    """The parts with the text of those XML parts changed that ``where`` picks by name."""
    return {
        name: change(content.decode()).encode() if name.endswith((".xml", ".rels")) and where(name) else content
        for name, content in parts.items()
    }


def _is_sheet(name: str) -> bool:
    return name.startswith("xl/worksheets/") and name.endswith(".xml")


def _is_first(name: str) -> bool:
    return name == "xl/worksheets/sheet1.xml"


def _is_main(name: str) -> bool:
    return name.startswith("xl/") and not name.endswith(".rels")


def _tags(text: str, change: Callable[[str], str]) -> str:
    return _TAG.sub(lambda found: change(found.group()), text)


def strict(parts: Parts) -> Parts:
    """ISO 29500 strict: other namespaces, other relationship types."""
    pairs = (
        (MAIN, "http://purl.oclc.org/ooxml/spreadsheetml/main"),
        (f"{OFFICE}/extended-properties", "http://purl.oclc.org/ooxml/officeDocument/relationships/extendedProperties"),
        (f"{OFFICE}/custom-properties", "http://purl.oclc.org/ooxml/officeDocument/relationships/customProperties"),
        (OFFICE, "http://purl.oclc.org/ooxml/officeDocument/relationships"),
        (
            "http://schemas.openxmlformats.org/officeDocument/2006/extended-properties",
            "http://purl.oclc.org/ooxml/officeDocument/extendedProperties",
        ),
        (
            "http://schemas.openxmlformats.org/officeDocument/2006/custom-properties",
            "http://purl.oclc.org/ooxml/officeDocument/customProperties",
        ),
        (
            "http://schemas.openxmlformats.org/officeDocument/2006/docPropsVTypes",
            "http://purl.oclc.org/ooxml/officeDocument/docPropsVTypes",
        ),
        (
            "http://schemas.openxmlformats.org/officeDocument/2006/customXml",
            "http://purl.oclc.org/ooxml/officeDocument/customXml",
        ),
        ("http://schemas.openxmlformats.org/drawingml/2006/", "http://purl.oclc.org/ooxml/drawingml/"),
    )

    def respell(text: str) -> str:
        for loose, exact in pairs:
            text = text.replace(f'"{loose}', f'"{exact}')
        return text.replace("<workbook ", '<workbook conformance="strict" ', 1)

    return _each(parts, respell)


def prefixed(parts: Parts) -> Parts:
    """The main namespace behind a prefix, as the Open XML SDK and ClosedXML write it."""

    def respell(text: str) -> str:
        if f'xmlns="{MAIN}"' not in text or text.count(" xmlns=") > 1:
            return text
        text = text.replace(f' xmlns="{MAIN}"', f' xmlns:x="{MAIN}"')
        return _tags(text, lambda tag: re.sub(r"^(</?)([A-Za-z]\w*)(?=[\s/>])", r"\1x:\2", tag))

    return _each(parts, respell, where=_is_main)


def single_quoted(parts: Parts) -> Parts:
    """Attributes in single quotes."""
    return _each(parts, lambda text: _tags(text, lambda tag: re.sub(r'="([^"\']*)"', r"='\1'", tag)))


def spaced(parts: Parts) -> Parts:
    """Every element on its own line, indented, as pretty-printers leave it."""
    return _each(parts, lambda text: re.sub(r"(?<!<t)(?<!<v)>(?=<(?!/t>|/v>))", ">\r\n  ", text))


def spaced_tags(parts: Parts) -> Parts:
    """White space and line breaks inside of tags."""
    return _each(
        parts,
        lambda text: _tags(
            text,
            lambda tag: (
                re.sub(r"\s*(/?>)$", r"\n \1", tag).replace(' r="', '\n\t r = "') if tag[1] != "/" else tag.replace(">", " >")
            ),
        ),
    )


def without_refs(parts: Parts) -> Parts:
    """Rows and cells that do not say where they are."""
    return _each(parts, lambda text: re.sub(r'(<(?:row|c)) r="[A-Z]*\d+"', r"\1", text), where=_is_first)


def rows_without_refs(parts: Parts) -> Parts:
    """Rows that do not say where they are, with cells that do."""
    return _each(parts, lambda text: re.sub(r'<row r="\d+"', "<row", text), where=_is_first)


def without_spans(parts: Parts) -> Parts:
    """Rows without spans, no dimension."""
    return _each(parts, lambda text: re.sub(r' spans="[^"]*"|<dimension [^>]*/>', "", text), where=_is_sheet)


def lying_dimension(parts: Parts) -> Parts:
    """A dimension that says A1, as some exporters write it, and spans that are too narrow."""
    return _each(
        parts,
        lambda text: re.sub(r'<dimension ref="[^"]*"', '<dimension ref="A1"', text).replace('spans="1:6"', 'spans="1:1"'),
        where=_is_sheet,
    )


def marked(parts: Parts) -> Parts:
    """A byte order mark in front of every part."""
    return _each(parts, lambda text: "\ufeff" + text)


def undeclared(parts: Parts) -> Parts:
    """No XML declarations."""
    return _each(parts, lambda text: text.removeprefix(DECLARATION))


def lower_declared(parts: Parts) -> Parts:
    """Declarations in single quotes and lower case, a comment behind them."""
    return _each(
        parts,
        lambda text: text.replace(DECLARATION, "<?xml version='1.0' encoding='utf-8'?><!-- made by a program: a > b -->\r\n"),
    )


def remarked(parts: Parts) -> Parts:
    """Comments, instructions and CDATA among the rows and in the cells."""
    odd = '<!-- <row r="99"><c r="A99"/></row> --><?mark <c r="A1"> ?>'

    def respell(text: str) -> str:
        text = (
            text.replace("<sheetData>", f"<sheetData>{odd}")
            .replace('<row r="4"', f'{odd}<row r="4"')
            .replace("</sheetData>", f"{odd}</sheetData>")
        )
        return re.sub(r"<v>(\d+)</v>", r"<v><![CDATA[\1]]></v>", text, count=5).replace('<c r="C3"', '<!-- </row> --><c r="C3"')

    return _each(parts, respell, where=_is_sheet)


def sharp_attributes(parts: Parts) -> Parts:
    """``>`` and tags' look-alikes inside of attribute values, references instead of letters."""
    return _each(
        parts,
        lambda text: (
            text.replace("<sheetData>", '<sheetData xmlns:odd="urn:a>b/>&lt;/sheetData>">')
            .replace('r="D4"', 'r="&#68;&#x34;"')
            .replace(' t="s"', " t='s'", 3)
        ),
        where=_is_sheet,
    )


def self_closed(parts: Parts) -> Parts:
    """Rows and cells that are opened and closed at once or hold nothing, an empty row at the end."""
    return _each(
        parts,
        lambda text: text.replace(
            "</sheetData>",
            '<row r="10" ht="20" customHeight="1"/><row r="12"></row><row r="14"><c r="B14" s="2"/><c r="D14"></c></row></sheetData>',
        ),
        where=_is_first,
    )


def expanded(parts: Parts) -> Parts:
    """Nothing self-closed: ``<dimension ref="A1"></dimension>``."""
    return _each(
        parts, lambda text: _tags(text, lambda tag: re.sub(r"^<([^\s/>]+)(.*?)\s*/>$", r"<\1\2></\1>", tag, flags=re.DOTALL))
    )


def annotated(parts: Parts) -> Parts:
    """What Excel adds: mc:Ignorable, xr:uid, x14ac:dyDescent on every row."""
    head = (
        f'<worksheet xmlns:mc="{COMPATIBILITY}" mc:Ignorable="x14ac xr xr2 xr3" xmlns:x14ac="{MICROSOFT}/spreadsheetml/2009/9/ac" '
        f'xmlns:xr="{MICROSOFT}/spreadsheetml/2014/revision" xmlns:xr2="{MICROSOFT}/spreadsheetml/2015/revision2" '
        f'xmlns:xr3="{MICROSOFT}/spreadsheetml/2016/revision3" xr:uid="{{11111111-2222-4333-8444-555555555555}}" '
    )
    return _each(
        parts,
        lambda text: re.sub(r"<row ([^>]*?)(/?)>", r'<row \1 x14ac:dyDescent="0.25"\2>', text.replace("<worksheet ", head, 1)),
        where=_is_sheet,
    )


def inline(parts: Parts) -> Parts:
    """Every text in its cell, no table of shared strings."""
    table = re.findall(r"<si>(.*?)</si>", parts["xl/sharedStrings.xml"].decode(), re.DOTALL)

    def respell(text: str) -> str:
        return re.sub(r' t="s"><v>(\d+)</v>', lambda found: f' t="inlineStr"><is>{table[int(found.group(1))]}</is>', text)

    kept = {name: content for name, content in parts.items() if name != "xl/sharedStrings.xml"}
    return _without_mention(_each(kept, respell, where=_is_sheet), "sharedStrings")


def unstyled(parts: Parts) -> Parts:
    """No styles part, no theme, no cell with a style."""
    kept = {name: content for name, content in parts.items() if name not in {"xl/styles.xml", "xl/theme/theme1.xml"}}
    kept = _without_mention(_without_mention(kept, "styles"), "theme")
    return _each(kept, lambda text: re.sub(r'(<c r="[A-Z]+\d+") s="\d+"', r"\1", text), where=_is_sheet)


def _without_mention(parts: Parts, word: str) -> Parts:
    return _each(
        parts,
        lambda text: re.sub(rf"<(?:Relationship|Override) [^>]*?{word}[^>]*?/>", "", text),
        where=lambda name: name == "[Content_Types].xml" or name.endswith("workbook.xml.rels"),
    )


def absolute(parts: Parts) -> Parts:
    """Relationship targets from the root of the package."""
    return _each(
        parts,
        lambda text: re.sub(r'Target="(?!xl/|/|http|\.\./|mailto)([^"#:]+)"', r'Target="/xl/\1"', text).replace(
            'Target="xl/', 'Target="/xl/'
        ),
        where=lambda name: name in {"_rels/.rels", "xl/_rels/workbook.xml.rels"},
    )


def wandering(parts: Parts) -> Parts:
    """Relationship targets with ``./`` and ``../`` in them, ids that are words."""
    parts = _each(
        parts,
        lambda text: re.sub(r'Target="(worksheets/[^"]+)"', r'Target="./sub/../\1"', text).replace('"rId', '"R_x-'),
        where=lambda name: name == "xl/_rels/workbook.xml.rels",
    )
    return _each(parts, lambda text: text.replace('r:id="rId', 'r:id="R_x-'), where=lambda name: name == "xl/workbook.xml")


def other_case(parts: Parts) -> Parts:
    """Part names that differ in case from the targets that name them."""
    names = {
        "xl/worksheets/sheet1.xml": "xl/worksheets/Sheet1.XML",
        "xl/styles.xml": "xl/Styles.xml",
        "xl/sharedStrings.xml": "xl/SharedStrings.xml",
    }
    return {names.get(name, name): content for name, content in parts.items()}


def backslashed(parts: Parts) -> Parts:
    """Member names with backslashes."""
    return {name.replace("/", "\\"): content for name, content in parts.items()}


def elsewhere(parts: Parts) -> Parts:
    """The workbook part under another name in another folder, its sheets in the root."""
    names = {
        "xl/workbook.xml": "book/main.xml",
        "xl/_rels/workbook.xml.rels": "book/_rels/main.xml.rels",
        "xl/worksheets/sheet1.xml": "page-one.xml",
        "xl/worksheets/_rels/sheet1.xml.rels": "_rels/page-one.xml.rels",
    }
    parts = {names.get(name, name): content for name, content in parts.items()}

    def types(text: str) -> str:
        return text.replace("/xl/workbook.xml", "/book/main.xml").replace("/xl/worksheets/sheet1.xml", "/page-one.xml")

    parts = _each(parts, types, where=lambda name: name == "[Content_Types].xml")
    parts = _each(parts, lambda text: text.replace("xl/workbook.xml", "/book/main.xml"), where=lambda name: name == "_rels/.rels")
    parts = _each(
        parts, lambda text: text.replace('Target="../', 'Target="xl/'), where=lambda name: name == "_rels/page-one.xml.rels"
    )
    return _each(
        parts,
        lambda text: (
            text.replace('Target="worksheets/sheet1.xml"', 'Target="../page-one.xml"')
            .replace('Target="', 'Target="../xl/')
            .replace("../xl/../", "../")
        ),
        where=lambda name: name == "book/_rels/main.xml.rels",
    )


def by_default(parts: Parts) -> Parts:
    """Content types by extension: ``xml`` means worksheet, all else is listed."""

    def respell(text: str) -> str:
        text = text.replace(
            '<Default Extension="xml" ContentType="application/xml"/>',
            f'<Default Extension="xml" ContentType="{SPREADSHEET}worksheet+xml"/>',
        )
        return re.sub(r'<Override PartName="/xl/worksheets/[^>]*/>', "", text)

    return _each(parts, respell, where=lambda name: name == "[Content_Types].xml")


def listed(parts: Parts) -> Parts:
    """Every part of relationships has its own content type and the extension has none, as old versions of LibreOffice write it."""
    kind = "application/vnd.openxmlformats-package.relationships+xml"
    each = "".join(f'<Override PartName="/{name}" ContentType="{kind}"/>' for name in parts if name.endswith(".rels"))

    def respell(text: str) -> str:
        return text.replace(f'<Default Extension="rels" ContentType="{kind}"/>', "").replace("</Types>", f"{each}</Types>")

    return _each(parts, respell, where=lambda name: name == "[Content_Types].xml")


def bare(parts: Parts) -> Parts:
    """No prefix for relationships on the roots: where one is used, it is declared there and then, and called something else."""

    def respell(text: str) -> str:
        text = text.replace(f' xmlns:r="{OFFICE}"', "", 1)
        return re.sub(r"\br:(id|embed|link)=", rf'xmlns:odd="{OFFICE}" odd:\1=', text)

    return _each(parts, respell, where=lambda name: name == "xl/workbook.xml" or _is_sheet(name))


def prefixed_package(parts: Parts) -> Parts:
    """Content types and relationships behind a prefix, in single quotes, one a line."""

    def respell(text: str) -> str:
        text = text.replace(" xmlns=", " xmlns:p=").replace("/>", "/>\n")
        return _tags(text, lambda tag: re.sub(r"^(</?)(?=[A-Z])", r"\1p:", tag))

    return _each(parts, respell, where=lambda name: name.endswith(".rels") or name == "[Content_Types].xml")


def percent_names(parts: Parts) -> Parts:
    """Part names with characters that must be escaped in targets, and rels beside them."""
    parts = {name.replace("sheet1.xml", "%C3%9Cbersicht%201.xml"): content for name, content in parts.items()}
    return _each(
        parts,
        lambda text: text.replace("worksheets/sheet1.xml", "worksheets/%C3%9Cbersicht%201.xml"),
        where=lambda name: name in {"[Content_Types].xml", "xl/_rels/workbook.xml.rels"},
    )


def empty_styles(parts: Parts) -> Parts:
    """A styles part that holds nothing."""
    kept = unstyled({**parts})
    return {**parts, **kept, "xl/styles.xml": f'<styleSheet xmlns="{MAIN}"></styleSheet>'.encode()} | {
        name: parts[name] for name in ("[Content_Types].xml", "xl/_rels/workbook.xml.rels")
    }


def unrelated_styles(parts: Parts) -> Parts:
    """A styles part that holds nothing, that nothing points to and whose content type nobody says, as small exporters leave it."""
    return _without_mention(empty_styles(parts), "styles")


# --- containers: the same parts, zipped otherwise -------------------------------------------------------------------


def plain(parts: Parts) -> bytes:
    """As Excel zips."""
    return zipped(Member.of(name, content) for name, content in parts.items())


def stored(parts: Parts) -> bytes:
    """Nothing compressed."""
    return zipped(Member.of(name, content, stored=True) for name, content in parts.items())


def streamed(parts: Parts) -> bytes:
    """Sizes behind the data, as programs zip that cannot go back."""
    return zipped((Member.of(name, content) for name, content in parts.items()), descriptors=True)


def wide(parts: Parts) -> bytes:
    """64-bit records although nothing is large."""
    return zipped((Member.of(name, content) for name, content in parts.items()), zip64=True)


def wide_streamed(parts: Parts) -> bytes:
    """64-bit records and sizes behind the data."""
    return zipped((Member.of(name, content) for name, content in parts.items()), zip64=True, descriptors=True)


def reversed_order(parts: Parts) -> bytes:
    """Content types last, every third member stored."""
    return zipped(
        Member.of(name, content, stored=number % 3 == 0) for number, (name, content) in enumerate(reversed(parts.items()))
    )


def with_folders(parts: Parts) -> bytes:
    """Entries for folders among the members, a comment at the end."""
    folders = [Member.of("xl/", b"", stored=True), Member.of("xl/worksheets/", b"", stored=True)]
    return zipped([*folders, *(Member.of(name, content) for name, content in parts.items())], comment=b"zipped by hand")


def dated(parts: Parts) -> bytes:
    """Dates and attributes as zip programs on disks leave them."""
    return zipped(
        Member(one.name, one.raw, one.method, one.crc, one.size, (2024, 2, 29, 23, 59, 58), 0o100644 << 16, b"a comment")
        for one in (Member.of(name, content) for name, content in parts.items())
    )


def sorted_directory(parts: Parts) -> bytes:
    """The directory in another order than the entries."""
    return zipped((Member.of(name, content) for name, content in parts.items()), shuffled=True)


def unsigned_descriptors(parts: Parts) -> bytes:
    """Sizes behind the data without the signature that most programs put before them."""
    return zipped((Member.of(name, content) for name, content in parts.items()), descriptors=True, signed=False)
