"""Packages written by hand, part by part: for what no library makes, and for the many ways programs spell the same workbook.

A ``Pack`` is a workbook with a sheet of controls in A1:F9 (headings in row 1, a text to edit in D4). Features add to it
(``handmade_features.py``); a dialect respells its parts (strict, prefixed, single quotes, no ``r`` …); a container zips them its own way.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from xml.sax.saxutils import escape, quoteattr

from packages import column_letters

MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
PACKAGE = "http://schemas.openxmlformats.org/package/2006"
COMPATIBILITY = "http://schemas.openxmlformats.org/markup-compatibility/2006"
SPREADSHEET = "application/vnd.openxmlformats-officedocument.spreadsheetml."
MICROSOFT = "http://schemas.microsoft.com/office"
X14 = f"{MICROSOFT}/spreadsheetml/2009/9/main"
XM = f"{MICROSOFT}/excel/2006/main"
X15 = f"{MICROSOFT}/spreadsheetml/2010/11/main"
DECLARATION = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'

ORDER = (
    "sheetPr dimension sheetViews sheetFormatPr cols sheetData sheetCalcPr sheetProtection protectedRanges "
    "scenarios autoFilter sortState dataConsolidate customSheetViews mergeCells phoneticPr conditionalFormatting "
    "dataValidations hyperlinks printOptions pageMargins pageSetup headerFooter rowBreaks colBreaks "
    "customProperties cellWatches ignoredErrors smartTags drawing legacyDrawing legacyDrawingHF drawingHF picture "
    "oleObjects controls webPublishItems tableParts "
)
BOOK_ORDER = (
    "fileVersion fileSharing workbookPr alternate workbookProtection bookViews sheets functionGroups "
    "externalReferences definedNames calcPr oleSize customWorkbookViews pivotCaches webPublishing fileRecoveryPr "
)
HEADINGS = ("Control ID", "Control name", "SOC 2 criteria", "ISO 27001:2022", "Owner", "Status")
CONTROLS = (
    ("AC-001", "User access management", "CC6.1, CC6.2", "A.5.15, A.5.18", "IT", "Implemented"),
    ("AC-002", "Privileged access", "CC6.1; CC6.3", "A.8.2", "IT", "Implemented"),
    ("AC-003", "Access reviews", "CC6.2", "A.9.2.5", "Security", "Planned"),
    ("CH-001", "Change management", "CC8.1", "A.8.32", "Engineering", "Partially implemented"),
    ("LG-001", "Logging & monitoring", "CC7.2", "A.8.15\nA.8.16", "Security", "Implemented"),
    ("BC-001", "Backups <daily>", "A1.2", "A.8.13", "IT", "Implemented"),
    ("VM-001", "Vendor reviews", "CC9.2", "A.5.19–A.5.22", "Legal", "Planned"),
    ("HR-001", "Screening", "CC1.4", "A.6.1", "HR", "Implemented"),
)
STYLES = f"""{DECLARATION}<styleSheet xmlns="{MAIN}"><numFmts count="1"><numFmt numFmtId="164" formatCode="yyyy\\-mm\\-dd"/></numFmts><fonts \
count="3"><font><sz val="11"/><color theme="1"/><name val="Calibri"/><family val="2"/><scheme val="minor"/></font><font><b/><sz val="11"/>\
<color rgb="FFFFFFFF"/><name val="Calibri"/><family val="2"/></font><font><i/><sz val="9"/><color indexed="23"/><name val="Arial"/></font></fonts>\
<fills count="3"><fill><patternFill patternType="none"/></fill><fill><patternFill patternType="gray125"/></fill><fill><patternFill \
patternType="solid"><fgColor rgb="FF1F3A5F"/><bgColor indexed="64"/></patternFill></fill></fills><borders count="2"><border><left/><right/>\
<top/><bottom/><diagonal/></border><border><left/><right/><top/><bottom style="hair"><color auto="1"/></bottom><diagonal/></border></borders>\
<cellStyleXfs count="1"><xf numFmtId="0" fontId="0" fillId="0" borderId="0"/></cellStyleXfs><cellXfs count="7"><xf numFmtId="0" fontId="0" \
fillId="0" borderId="0" xfId="0"/><xf numFmtId="0" fontId="1" fillId="2" borderId="0" xfId="0" applyFont="1" applyFill="1"/><xf numFmtId="0" \
fontId="0" fillId="0" borderId="1" xfId="0" applyBorder="1" applyAlignment="1"><alignment vertical="top" wrapText="1"/></xf><xf numFmtId="164" \
fontId="0" fillId="0" borderId="1" xfId="0" applyNumberFormat="1" applyBorder="1"/><xf numFmtId="0" fontId="0" fillId="0" borderId="1" xfId="0" \
applyBorder="1" applyProtection="1"><protection locked="0"/></xf><xf numFmtId="9" fontId="2" fillId="0" borderId="0" xfId="0" \
applyNumberFormat="1" applyFont="1"/><xf numFmtId="49" fontId="0" fillId="0" borderId="0" xfId="0" quotePrefix="1" applyNumberFormat="1"/></cellXfs>\
<cellStyles count="1"><cellStyle name="Normal" xfId="0" builtinId="0"/></cellStyles><dxfs count="2"><dxf><font><color rgb="FF9C0006"/></font>\
<fill><patternFill><bgColor rgb="FFFFC7CE"/></patternFill></fill></dxf><dxf><fill><patternFill><bgColor rgb="FFC6EFCE"/></patternFill></fill></dxf>\
</dxfs><tableStyles count="0" defaultTableStyle="TableStyleMedium2" defaultPivotStyle="PivotStyleLight16"/></styleSheet>"""
THEME_COLOURS = "".join(
    f'<a:{name}><a:srgbClr val="{value}"/></a:{name}>'
    for name, value in zip(
        ["dk1", "lt1", "dk2", "lt2", "accent1", "accent2", "accent3", "accent4", "accent5", "accent6", "hlink", "folHlink"],
        ["000000", "FFFFFF", "1F497D", "EEECE1", "4F81BD", "C0504D", "9BBB59", "8064A2", "4BACC6", "F79646", "0000FF", "800080"],
        strict=True,
    )
)
_FONT = '<a:latin typeface="Calibri"/><a:ea typeface=""/><a:cs typeface=""/>'
_FILL = '<a:solidFill><a:schemeClr val="phClr"/></a:solidFill>'
_LINE = f'<a:ln w="9525">{_FILL}</a:ln>'
_EFFECT = "<a:effectStyle><a:effectLst/></a:effectStyle>"
THEME = (
    f'{DECLARATION}<a:theme xmlns:a="http://schemas.openxmlformats.org/drawingml/2006/main" name="Office"><a:themeElements><a:clrScheme name="Office">'
    f'{THEME_COLOURS}</a:clrScheme><a:fontScheme name="Office"><a:majorFont>{_FONT}</a:majorFont><a:minorFont>{_FONT}</a:minorFont></a:fontScheme>'
    f'<a:fmtScheme name="Office"><a:fillStyleLst>{_FILL * 3}</a:fillStyleLst><a:lnStyleLst>{_LINE * 3}</a:lnStyleLst><a:effectStyleLst>{_EFFECT * 3}'
    f"</a:effectStyleLst><a:bgFillStyleLst>{_FILL * 3}</a:bgFillStyleLst></a:fmtScheme></a:themeElements></a:theme>"
)


@dataclass(slots=True)
class Page:
    """A sheet: its elements by name, its rows as attributes and cells."""

    title: str
    part: str
    kind: str = "worksheet"
    state: str = ""
    head: str = f' xmlns="{MAIN}" xmlns:r="{OFFICE}"'
    slots: dict[str, str] = field(default_factory=dict)
    rows: dict[int, tuple[str, dict[str, str]]] = field(default_factory=dict)
    extensions: list[str] = field(default_factory=list)
    tables: list[str] = field(default_factory=list)
    between: dict[int, str] = field(default_factory=dict)

    def put(self, slot: str, xml: str) -> None:
        """Adds to the elements of one name."""
        self.slots[slot] = self.slots.get(slot, "") + xml

    def extend(self, uri: str, xml: str, prefix: str = "x14", namespace: str = X14) -> None:
        """Adds an extension at the end of the sheet."""
        self.extensions.append(f'<ext xmlns:{prefix}="{namespace}" uri="{{{uri}}}">{xml}</ext>')

    def cell(self, ref: str, content: str, attributes: str = "") -> None:
        """Sets the whole content of a cell: ``<v>1</v>``."""
        row = int(re.sub(r"\D", "", ref))
        self.rows.setdefault(row, ("", {}))[1][ref] = (
            f'<c r="{ref}"{attributes}>{content}</c>' if content else f'<c r="{ref}"{attributes}/>'
        )

    def row(self, number: int, attributes: str) -> None:
        """Gives a row its attributes."""
        self.rows[number] = (attributes, self.rows.get(number, ("", {}))[1])

    def xml(self) -> str:
        """The part."""
        if self.kind == "worksheet" and "sheetData" not in self.slots:
            self.slots["sheetData"] = (
                f"<sheetData>{''.join(map(self._row, sorted(self.rows)))}</sheetData>" if self.rows else "<sheetData/>"
            )
        if self.tables:
            parts = "".join(f'<tablePart r:id="{one}"/>' for one in self.tables)
            self.slots["tableParts"] = f'<tableParts count="{len(self.tables)}">{parts}</tableParts>'
        body = "".join(self.slots.get(name, "") for name in ORDER.split())
        tail = f"<extLst>{''.join(self.extensions)}</extLst>" if self.extensions else ""
        return f"{DECLARATION}<{self.kind}{self.head}>{body}{tail}</{self.kind}>"

    def _row(self, number: int) -> str:
        attributes, cells = self.rows[number]
        inside = "".join(cells[ref] for ref in sorted(cells, key=lambda ref: (len(ref), ref)))
        row = f'<row r="{number}"{attributes}>{inside}</row>' if inside else f'<row r="{number}"{attributes}/>'
        return row + self.between.get(number, "")


class Pack:
    """A workbook under construction."""

    def __init__(self, title: str = "Controls") -> None:
        self.parts: dict[str, str | bytes] = {}
        self.types: dict[str, str] = {}
        self.defaults = {"rels": "application/vnd.openxmlformats-package.relationships+xml", "xml": "application/xml"}
        self.relations: dict[str, list[str]] = {}
        self.pages: list[Page] = []
        self.tabs: list[str] = []
        self.names: list[str] = []
        self.book: dict[str, str] = {"workbookPr": "<workbookPr/>", "bookViews": "<bookViews><workbookView/></bookViews>"}
        self.book_extensions: list[str] = []
        self.strings: list[str] = []
        self.workbook = "xl/workbook.xml"
        self.workbook_type = f"{SPREADSHEET}sheet.main+xml"
        self.sheet = self.page(title)
        self._controls()
        self.add("xl/theme/theme1.xml", THEME, "application/vnd.openxmlformats-officedocument.theme+xml", "theme")
        self.add("xl/styles.xml", STYLES, f"{SPREADSHEET}styles+xml", "styles")

    def _controls(self) -> None:
        page = self.sheet
        page.put("dimension", '<dimension ref="A1:F9"/>')
        page.put("sheetViews", '<sheetViews><sheetView workbookViewId="0"/></sheetViews>')
        page.put("sheetFormatPr", '<sheetFormatPr defaultRowHeight="15"/>')
        page.put("pageMargins", '<pageMargins left="0.7" right="0.7" top="0.75" bottom="0.75" header="0.3" footer="0.3"/>')
        for number, row in enumerate((HEADINGS, *CONTROLS), start=1):
            page.row(number, ' spans="1:6"')
            for column, text in enumerate(row, start=1):
                page.cell(
                    f"{column_letters(column)}{number}", f"<v>{self.string(text)}</v>", f' s="{1 if number == 1 else 2}" t="s"'
                )

    def string(self, text: str) -> int:
        """The index of a shared string."""
        space = ' xml:space="preserve"' if text != text.strip() or "\n" in text else ""
        return self.rich(f"<t{space}>{escape(text)}</t>")

    def rich(self, xml: str) -> int:
        """The index of a shared string written as XML."""
        if xml not in self.strings:
            self.strings.append(xml)
        return self.strings.index(xml)

    def page(self, title: str, *, kind: str = "worksheet", state: str = "", part: str = "", number: int | None = None) -> Page:
        """A new sheet behind the others, with its relationship and tab."""
        folder = {
            "worksheet": "worksheets",
            "chartsheet": "chartsheets",
            "dialogsheet": "dialogsheets",
            "xm:macrosheet": "macrosheets",
        }[kind]
        number = number or len(self.pages) + 1
        page = Page(title, part or f"xl/{folder}/sheet{number}.xml", kind, state)
        content = {"xm:macrosheet": "application/vnd.ms-excel.macrosheet+xml"}.get(kind, f"{SPREADSHEET}{kind}+xml")
        uri = f"{MICROSOFT}/2006/relationships/xlMacrosheet" if kind == "xm:macrosheet" else kind
        self.pages.append(page)
        self.types[page.part] = content
        identity = self.relate(self.workbook, uri, page.part.removeprefix("xl/"))
        hidden = f' state="{state}"' if state else ""
        self.tabs.append(f'<sheet name={quoteattr(title)} sheetId="{number}"{hidden} r:id="{identity}"/>')
        return page

    def add(self, part: str, content: str | bytes, content_type: str = "", kind: str = "", source: str | None = None) -> str:
        """A part, with its content type and its relationship (from the workbook unless ``source`` says from where); the relationship's id."""
        self.parts[part] = content
        extension = part.rpartition(".")[2] if "." in part else ""
        if content_type and (extension in {"", "xml"} or self.defaults.setdefault(extension, content_type) != content_type):
            self.types[part] = content_type
        return self.relate(self.workbook if source is None else source, kind, f"/{part}") if kind else ""

    def relate(self, source: str, kind: str, target: str, *, external: bool = False) -> str:
        """A relationship; the target as it is to be written, but made relative to the source where it begins with a slash."""
        uri = kind if kind.startswith("http") else f"{OFFICE}/{kind}"
        if target.startswith("/") and not external:
            depth = source.count("/")
            folder = source.rpartition("/")[0] + "/" if depth else ""
            target = target[1:].removeprefix(folder) if target[1:].startswith(folder) else "../" * depth + target[1:]
        written = self.relations.setdefault(source, [])
        identity = f"rId{len(written) + 1}"
        mode = ' TargetMode="External"' if external else ""
        written.append(f'<Relationship Id="{identity}" Type="{uri}" Target={quoteattr(target)}{mode}/>')
        return identity

    def name(self, name: str, formula: str, attributes: str = "") -> None:
        """A defined name."""
        self.names.append(f'<definedName name="{name}"{attributes}>{escape(formula)}</definedName>')

    def workbook_xml(self) -> str:
        """The workbook part."""
        slots = {**self.book, "sheets": f"<sheets>{''.join(self.tabs)}</sheets>"}
        if self.names:
            slots["definedNames"] = f"<definedNames>{''.join(self.names)}</definedNames>"
        body = "".join(slots.get(name, "") for name in BOOK_ORDER.split())
        tail = f"<extLst>{''.join(self.book_extensions)}</extLst>" if self.book_extensions else ""
        return f'{DECLARATION}<workbook xmlns="{MAIN}" xmlns:r="{OFFICE}">{body}{tail}</workbook>'

    def build(self) -> dict[str, bytes]:
        """The parts in the order of a package that Excel wrote."""
        parts = dict(self.parts)
        if self.strings:
            items = "".join(f"<si>{one}</si>" for one in self.strings)
            table = (
                f'{DECLARATION}<sst xmlns="{MAIN}" count="{len(self.strings)}" uniqueCount="{len(self.strings)}">{items}</sst>'
            )
            self.add("xl/sharedStrings.xml", table, f"{SPREADSHEET}sharedStrings+xml", "sharedStrings")
            parts["xl/sharedStrings.xml"] = table
        pages = {page.part: page.xml() for page in self.pages}
        self.types[self.workbook] = self.workbook_type
        self.relations[""] = [
            f'<Relationship Id="rId1" Type="{OFFICE}/officeDocument" Target="{self.workbook}"/>',
            *(one.replace('Id="rId', 'Id="rId9') for one in self.relations.get("", [])),
        ]
        relations = {_relations_part(source): _relations(written) for source, written in self.relations.items()}
        ordered = {
            "[Content_Types].xml": self._types(),
            "_rels/.rels": relations.pop("_rels/.rels"),
            self.workbook: self.workbook_xml(),
            **relations,
            **pages,
            **parts,
        }
        return {name: content if isinstance(content, bytes) else content.encode() for name, content in ordered.items()}

    def _types(self) -> str:
        defaults = "".join(f'<Default Extension="{name}" ContentType="{kind}"/>' for name, kind in self.defaults.items())
        overrides = "".join(f'<Override PartName="/{name}" ContentType="{kind}"/>' for name, kind in self.types.items())
        return f'{DECLARATION}<Types xmlns="{PACKAGE}/content-types">{defaults}{overrides}</Types>'


def _relations_part(source: str) -> str:
    folder, _, name = source.rpartition("/")
    return f"{folder}/_rels/{name}.rels" if folder else f"_rels/{name}.rels"


def _relations(written: list[str]) -> str:
    return f'{DECLARATION}<Relationships xmlns="{PACKAGE}/relationships">{"".join(written)}</Relationships>'
