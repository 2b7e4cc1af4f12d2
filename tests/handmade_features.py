"""What a workbook may hold, each as a function that adds it to a hand-made ``Pack``: the things that no Python library writes.

``feature`` registers a function under its name. Its words say what it adds; ``refuses`` names the edits that must be refused on the sheet
``Controls`` ("cell" is the text in D4).
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from handmade import DECLARATION, MAIN, MICROSOFT, SPREADSHEET, X14, XM, Pack
from packages import place

VML = "application/vnd.openxmlformats-officedocument.vmlDrawing"


@dataclass(frozen=True, slots=True)
class Feature:
    """Something to add to a workbook, and the edits that it forbids."""

    name: str
    why: str
    add: Callable[[Pack], None]
    refuses: frozenset[str]


FEATURES: dict[str, Feature] = {}


def feature(refuses: str = "") -> Callable[[Callable[[Pack], None]], Callable[[Pack], None]]:
    """Registers the decorated function."""

    def register(add: Callable[[Pack], None]) -> Callable[[Pack], None]:
        FEATURES[add.__name__] = Feature(add.__name__, (add.__doc__ or "").strip(), add, frozenset(refuses.split()))
        return add

    return register


def whole(name: str, body: str, namespaces: str = f'xmlns="{MAIN}"') -> str:
    """An XML part."""
    return f"{DECLARATION}<{name} {namespaces}>{body}</{name}>"


def vml(pack: Pack, shapes: str, slot: str = "legacyDrawing", number: int = 1) -> str:
    """A VML drawing on the sheet; its part name."""
    part = f"xl/drawings/vmlDrawing{number}.vml"
    head = 'xmlns:v="urn:schemas-microsoft-com:vml" xmlns:o="urn:schemas-microsoft-com:office:office" xmlns:x="urn:schemas-microsoft-com:office:excel"'
    layout = '<o:shapelayout v:ext="edit"><o:idmap v:ext="edit" data="1"/></o:shapelayout>'
    pack.add(part, f"<xml {head}>{layout}{shapes}</xml>", VML)
    pack.sheet.put(slot, f'<{slot} r:id="{pack.relate(pack.sheet.part, "vmlDrawing", f"/{part}")}"/>')
    return part


def note_shape(row: int, column: int, number: int) -> str:
    """The VML shape of a note, as Excel writes it: attributes without a closing slash style of ours, no line breaks."""
    return (
        f'<v:shape id="_x0000_s{1024 + number}" type="#_x0000_t202" style="position:absolute;margin-left:59pt;margin-top:1pt;width:108pt;height:59pt;'
        f'z-index:{number};visibility:hidden" fillcolor="#ffffe1" o:insetmode="auto"><v:fill color2="#ffffe1"/><v:textbox><div style="text-align:left">'
        f'</div></v:textbox><x:ClientData ObjectType="Note"><x:MoveWithCells/><x:SizeWithCells/><x:AutoFill>False</x:AutoFill><x:Row>{row}</x:Row>'
        f"<x:Column>{column}</x:Column></x:ClientData></v:shape>"
    )


def comments(pack: Pack, written: dict[str, str], author: str = "Ann", number: int = 1) -> None:
    """Notes with their part and shapes."""
    body = "".join(
        f'<comment ref="{ref}" authorId="0"><text><r><t xml:space="preserve">{text}</t></r></text></comment>'
        for ref, text in written.items()
    )
    part = f"xl/comments{number}.xml"
    pack.add(
        part,
        whole("comments", f"<authors><author>{author}</author></authors><commentList>{body}</commentList>"),
        f"{SPREADSHEET}comments+xml",
    )
    pack.relate(pack.sheet.part, "comments", f"/{part}")
    shapetype = '<v:shapetype id="_x0000_t202" coordsize="21600,21600" o:spt="202" path="m,l,21600r21600,l21600,xe"><v:stroke joinstyle="miter"/></v:shapetype>'
    shapes = "".join(note_shape(place(ref)[0] - 1, place(ref)[1] - 1, n) for n, ref in enumerate(written, start=1))
    vml(pack, shapetype + shapes)


# --- on the sheet ---------------------------------------------------------------------------------------------------


@feature()
def nothing(pack: Pack) -> None:
    """The sheet of controls alone."""


@feature()
def notes(pack: Pack) -> None:
    """Notes on two cells, with VML shapes; another cell can have one more."""
    comments(pack, {"B3": "Which tool?", "F8": " Ask &amp; confirm "})


@feature("note")
def threads(pack: Pack) -> None:
    """A threaded comment with a reply on D4, its persons and its legacy copy."""
    thread, reply, person = (
        "{0AB8F2C4-0001-4E6C-9B3A-000000000001}",
        "{0AB8F2C4-0001-4E6C-9B3A-000000000002}",
        "{3B1D2C8A-0001-4E6C-9B3A-00000000000A}",
    )
    comments(pack, {"D4": "[Threaded comment]&#10;Comment: 2013 id?"}, author=f"tc={thread}")
    space = f'xmlns="{MICROSOFT}/spreadsheetml/2018/threadedcomments"'
    body = (
        f'<threadedComment ref="D4" dT="2026-03-01T10:00:00.00" personId="{person}" id="{thread}"><text>2013 id?</text></threadedComment>'
        f'<threadedComment ref="D4" dT="2026-03-02T10:00:00.00" personId="{person}" id="{reply}" parentId="{thread}"><text>Yes</text></threadedComment>'
    )
    pack.add(
        "xl/threadedComments/threadedComment1.xml",
        whole("ThreadedComments", body, space),
        "application/vnd.ms-excel.threadedcomments+xml",
    )
    pack.relate(
        pack.sheet.part, f"{MICROSOFT}/2017/10/relationships/threadedComment", "/xl/threadedComments/threadedComment1.xml"
    )
    people = f'<person displayName="Ann Lee" id="{person}" userId="S::ann@example.com::1" providerId="AD"/>'
    pack.add(
        "xl/persons/person.xml",
        whole("personList", people, space),
        "application/vnd.ms-excel.person+xml",
        f"{MICROSOFT}/2017/10/relationships/person",
    )


@feature()
def merges(pack: Pack) -> None:
    """Merged cells beside and below the table."""
    pack.sheet.cell("H2", "<v>1</v>")
    pack.sheet.put("mergeCells", '<mergeCells count="2"><mergeCell ref="H2:J4"/><mergeCell ref="H6:H9"/></mergeCells>')


@feature("cell highlight note")
def merged_block(pack: Pack) -> None:
    """D3:D5 is one merged cell: D4 is inside of it."""
    pack.sheet.put("mergeCells", '<mergeCells count="1"><mergeCell ref="D3:D5"/></mergeCells>')
    for ref in ("D4", "D5"):
        pack.sheet.cell(ref, "", ' s="2"')


@feature()
def conditional_formats(pack: Pack) -> None:
    """Classic conditional formats over the table's columns, one over two ranges, one over whole columns."""
    pack.sheet.put("conditionalFormatting", (
        '<conditionalFormatting sqref="F2:F9"><cfRule type="containsText" dxfId="0" priority="3" operator="containsText" text="Planned">'
        '<formula>NOT(ISERROR(SEARCH("Planned",F2)))</formula></cfRule></conditionalFormatting>'
        '<conditionalFormatting sqref="A2:A9 E2:E9"><cfRule type="duplicateValues" dxfId="1" priority="2"/></conditionalFormatting>'
        '<conditionalFormatting sqref="C1:C1048576"><cfRule type="expression" dxfId="1" priority="1"><formula>LEN(C1)&gt;40</formula></cfRule>'
        "</conditionalFormatting>"
    ))  # fmt: skip


@feature()
def extended_formats(pack: Pack) -> None:
    """x14 conditional formats: a data bar with its classic half, an icon set, a formula over another sheet."""
    for row in range(2, 10):
        pack.sheet.cell(f"G{row}", f"<v>{row * 10}</v>")
    pack.sheet.cell("G1", f"<v>{pack.string('Score')}</v>", ' s="1" t="s"')
    identity = "{B5B0A1E2-0001-4C3D-8E9F-000000000001}"
    pack.sheet.put("conditionalFormatting", (
        '<conditionalFormatting sqref="G2:G9"><cfRule type="dataBar" priority="1"><dataBar><cfvo type="min"/><cfvo type="max"/><color rgb="FF638EC6"/>'
        f'</dataBar><extLst><ext xmlns:x14="{X14}" uri="{{B025F937-C7B1-47D3-B67F-A62EFF666E3E}}"><x14:id>{identity}</x14:id></ext></extLst></cfRule>'
        "</conditionalFormatting>"
    ))  # fmt: skip
    pack.sheet.extend("78C0D931-6437-407d-A8EE-F0AAD7539E65", (
        f'<x14:conditionalFormattings><x14:conditionalFormatting xmlns:xm="{XM}"><x14:cfRule type="dataBar" id="{identity}"><x14:dataBar minLength="0" '
        'maxLength="100" border="1"><x14:cfvo type="autoMin"/><x14:cfvo type="autoMax"/><x14:borderColor rgb="FF638EC6"/></x14:dataBar></x14:cfRule>'
        f'<xm:sqref>G2:G9</xm:sqref></x14:conditionalFormatting><x14:conditionalFormatting xmlns:xm="{XM}"><x14:cfRule type="iconSet" priority="2" '
        'id="{B5B0A1E2-0001-4C3D-8E9F-000000000002}"><x14:iconSet iconSet="3Stars"><x14:cfvo type="percent"><xm:f>0</xm:f></x14:cfvo><x14:cfvo '
        'type="percent"><xm:f>33</xm:f></x14:cfvo><x14:cfvo type="percent"><xm:f>67</xm:f></x14:cfvo></x14:iconSet></x14:cfRule><xm:sqref>G2:G9</xm:sqref>'
        "</x14:conditionalFormatting></x14:conditionalFormattings>"
    ))  # fmt: skip


@feature()
def validations(pack: Pack) -> None:
    """Classic validations: a list over the status column, a text length over two ranges, one over a whole column."""
    pack.sheet.put("dataValidations", (
        '<dataValidations count="3"><dataValidation type="list" allowBlank="1" showInputMessage="1" showErrorMessage="1" sqref="F2:F9"><formula1>'
        '"Implemented,Partially implemented,Planned"</formula1></dataValidation><dataValidation type="textLength" operator="lessThan" sqref="C2:C9 D2:D9">'
        '<formula1>200</formula1></dataValidation><dataValidation type="list" sqref="E2:E1048576"><formula1>"IT,HR"</formula1></dataValidation>'
        "</dataValidations>"
    ))  # fmt: skip


@feature()
def extended_validations(pack: Pack) -> None:
    """An x14 validation whose list stands on another, very hidden sheet."""
    lists = pack.page("Lists", state="veryHidden")
    for row, text in enumerate(("Implemented", "Planned"), start=1):
        lists.cell(f"A{row}", f"<v>{pack.string(text)}</v>", ' t="s"')
    pack.sheet.extend("CCE6A557-97BC-4b89-ADB6-D9C93CAAB3DF", (
        f'<x14:dataValidations xmlns:xm="{XM}" count="1"><x14:dataValidation type="list" allowBlank="1" showErrorMessage="1"><x14:formula1><xm:f>'
        "Lists!$A$1:$A$2</xm:f></x14:formula1><xm:sqref>F2:F9</xm:sqref></x14:dataValidation></x14:dataValidations>"
    ))  # fmt: skip


@feature()
def sparklines(pack: Pack) -> None:
    """Sparklines in H2:H9."""
    lines = "".join(
        f"<x14:sparkline><xm:f>Controls!A{row}:F{row}</xm:f><xm:sqref>H{row}</xm:sqref></x14:sparkline>" for row in range(2, 10)
    )
    pack.sheet.extend("05C60535-1F16-4fd2-B633-F4F36F0B64E0", (
        f'<x14:sparklineGroups xmlns:xm="{XM}"><x14:sparklineGroup displayEmptyCellsAs="gap"><x14:colorSeries rgb="FF376092"/><x14:sparklines>{lines}'
        "</x14:sparklines></x14:sparklineGroup></x14:sparklineGroups>"
    ))  # fmt: skip


@feature()
def links(pack: Pack) -> None:
    """Hyperlinks to the web, into the workbook and to a file, with odd characters."""
    web = pack.relate(pack.sheet.part, "hyperlink", "https://example.com/a?b=1&c=2", external=True)
    mail = pack.relate(pack.sheet.part, "hyperlink", "mailto:ann@example.com?subject=a%20b", external=True)
    pack.sheet.put("hyperlinks", (
        f'<hyperlinks><hyperlink ref="B3" r:id="{web}" location="x" tooltip="a &gt; b"/><hyperlink ref="E2:E3" r:id="{mail}"/>'
        "<hyperlink ref=\"C5\" location=\"'Controls'!A1\" display=\"up\"/></hyperlinks>"
    ))  # fmt: skip


@feature()
def filtered(pack: Pack) -> None:
    """An autofilter with a filter applied, hidden rows, a sort state and the hidden name that goes with it."""
    for row in (3, 5):
        pack.sheet.row(row, ' spans="1:6" hidden="1"')
    pack.sheet.put("sheetPr", '<sheetPr filterMode="1"/>')
    pack.sheet.put("autoFilter", (
        '<autoFilter ref="A1:F9"><filterColumn colId="5"><filters><filter val="Implemented"/><filter val="Planned"/></filters></filterColumn>'
        '<sortState ref="A2:F9"><sortCondition ref="A2:A9"/></sortState></autoFilter>'
    ))  # fmt: skip
    pack.name("_xlnm._FilterDatabase", "Controls!$A$1:$F$9", ' localSheetId="0" hidden="1"')


@feature()
def printed(pack: Pack) -> None:
    """Print area and titles, page breaks, headers and footers, printer settings."""
    pack.name("_xlnm.Print_Area", "Controls!$A$1:$F$9", ' localSheetId="0"')
    pack.name("_xlnm.Print_Titles", "Controls!$A:$A,Controls!$1:$1", ' localSheetId="0"')
    pack.add("xl/printerSettings/printerSettings1.bin", bytes(range(256)) * 2, f"{SPREADSHEET}printerSettings")
    printer = pack.relate(pack.sheet.part, "printerSettings", "/xl/printerSettings/printerSettings1.bin")
    pack.sheet.put("printOptions", '<printOptions horizontalCentered="1"/>')
    pack.sheet.put("pageSetup", f'<pageSetup paperSize="9" orientation="landscape" r:id="{printer}"/>')
    pack.sheet.put(
        "headerFooter",
        '<headerFooter><oddHeader>&amp;L&amp;"Arial"A &amp;&amp; B</oddHeader><oddFooter>&amp;P / &amp;N</oddFooter></headerFooter>',
    )
    pack.sheet.put("rowBreaks", '<rowBreaks count="1" manualBreakCount="1"><brk id="5" max="16383" man="1"/></rowBreaks>')
    pack.sheet.put("colBreaks", '<colBreaks count="1" manualBreakCount="1"><brk id="3" max="1048575" man="1"/></colBreaks>')


@feature()
def views(pack: Pack) -> None:
    """Frozen panes, selections, zoom, gridlines off, custom views, outlines."""
    pack.sheet.slots["sheetViews"] = (
        '<sheetViews><sheetView showGridLines="0" tabSelected="1" zoomScale="85" workbookViewId="0"><pane xSplit="2" ySplit="1" topLeftCell="C2" '
        'activePane="bottomRight" state="frozen"/><selection pane="topRight" activeCell="C1" sqref="C1"/><selection pane="bottomLeft"/><selection '
        'pane="bottomRight" activeCell="D4" sqref="D4"/></sheetView></sheetViews>'
    )
    pack.sheet.put(
        "sheetPr", '<sheetPr codeName="Sheet1"><tabColor theme="4" tint="0.4"/><outlinePr summaryBelow="0"/></sheetPr>'
    )
    pack.sheet.put("customSheetViews", (
        '<customSheetViews><customSheetView guid="{6A1B2C3D-0001-4C3D-8E9F-00000000000B}"><pageMargins left="1" right="1" top="1" bottom="1" header="0" '
        'footer="0"/><autoFilter ref="A1:F9"/></customSheetView></customSheetViews>'
    ))  # fmt: skip
    pack.book["customWorkbookViews"] = (
        '<customWorkbookViews><customWorkbookView name="mine" guid="{6A1B2C3D-0001-4C3D-8E9F-00000000000B}" windowWidth="1" windowHeight="1" activeSheetId="1"/>'
        "</customWorkbookViews>"
    )
    for row in (7, 8):
        pack.sheet.row(row, ' spans="1:6" outlineLevel="1"')


@feature()
def column_looks(pack: Pack) -> None:
    """Columns with widths and styles, hidden ones, one style for all columns to the right; rows with a style and a height."""
    pack.sheet.put("cols", (
        '<cols><col min="1" max="1" width="12.7109375" style="2" customWidth="1"/><col min="2" max="2" width="40" customWidth="1"/><col min="3" max="4" '
        'width="20" hidden="1" customWidth="1"/><col min="5" max="16384" width="11" style="5" customWidth="1"/></cols>'
    ))  # fmt: skip
    pack.sheet.row(6, ' spans="1:6" s="4" customFormat="1" ht="45.5" customHeight="1"')


@feature("cell column rows highlight note")
def locked(pack: Pack) -> None:
    """A protected sheet, every cell locked."""
    pack.sheet.put("sheetProtection", '<sheetProtection sheet="1" objects="1" scenarios="1"/>')


@feature("column rows highlight note")
def unlocked_column(pack: Pack) -> None:
    """A protected sheet with a password whose column D is open for typing."""
    for row in range(2, 10):
        pack.sheet.cell(f"D{row}", f"<v>{pack.string(f'A.5.{row}')}</v>", ' s="4" t="s"')
    pack.sheet.put("sheetProtection", (
        '<sheetProtection algorithmName="SHA-512" hashValue="AAAA" saltValue="BBBB" spinCount="100000" sheet="1" objects="1" scenarios="1"/>'
    ))  # fmt: skip
    pack.sheet.put("protectedRanges", '<protectedRanges><protectedRange sqref="F2:F9" name="Status"/></protectedRanges>')


@feature("sheet graft")
def locked_structure(pack: Pack) -> None:
    """A workbook whose structure is protected: no sheet may be added."""
    pack.book["workbookProtection"] = '<workbookProtection lockStructure="1"/>'


@feature()
def unprotected(pack: Pack) -> None:
    """Protection that is written but off."""
    pack.sheet.put("sheetProtection", '<sheetProtection sheet="0" objects="0" password="CC1A"/>')
    pack.book["workbookProtection"] = '<workbookProtection lockWindows="1" lockStructure="0"/>'


@feature()
def odds_and_ends(pack: Pack) -> None:
    """Scenarios, consolidation, cell watches, ignored errors, phonetics, custom sheet properties."""
    pack.sheet.put(
        "scenarios",
        '<scenarios current="0" show="0"><scenario name="best" count="1" user="Ann"><inputCells r="G20" val="1"/></scenario></scenarios>',
    )
    pack.sheet.put(
        "dataConsolidate",
        '<dataConsolidate><dataRefs count="1"><dataRef ref="A1:B2" sheet="Controls"/></dataRefs></dataConsolidate>',
    )
    pack.sheet.put("phoneticPr", '<phoneticPr fontId="2" type="noConversion"/>')
    pack.sheet.put("cellWatches", '<cellWatches><cellWatch r="B2"/></cellWatches>')
    pack.sheet.put("ignoredErrors", '<ignoredErrors><ignoredError sqref="A1:F9" numberStoredAsText="1"/></ignoredErrors>')
    pack.add("xl/customProperty1.bin", b"\x00\x01<not xml>", f"{SPREADSHEET}customProperty")
    binary = pack.relate(pack.sheet.part, "customProperty", "/xl/customProperty1.bin")
    pack.sheet.put("customProperties", f'<customProperties><customPr name="tool" r:id="{binary}"/></customProperties>')
    text = pack.rich('<t>東京</t><rPh sb="0" eb="2"><t>トウキョウ</t></rPh><phoneticPr fontId="2"/>')
    pack.sheet.cell("H2", f"<v>{text}</v>", ' t="s" ph="1"')


TABLE_TYPE = f"{SPREADSHEET}table+xml"
NAMES = ("Control ID", "Control name", "SOC 2 criteria", "ISO 27001:2022", "Owner", "Status")
NO_TOTALS = 'totalsRowShown="0"'


def plain_columns(names: Sequence[str]) -> str:
    """Table columns without anything special."""
    return "".join(f'<tableColumn id="{n}" name="{name}"/>' for n, name in enumerate(names, start=1))


def table(pack: Pack, ref: str, names: Sequence[str], columns: str = "", attributes: str = NO_TOTALS, filtered: str = "") -> str:
    """A table on the sheet named Controls; its part name."""
    number = sum(part.startswith("xl/tables/") for part in pack.parts) + 1
    part = f"xl/tables/table{number}.xml"
    body = (
        f'<autoFilter ref="{filtered or ref}"/><tableColumns count="{len(names)}">{columns or plain_columns(names)}</tableColumns><tableStyleInfo '
        'name="TableStyleMedium2" showFirstColumn="0" showLastColumn="0" showRowStripes="1" showColumnStripes="0"/>'
    )
    head = f'xmlns="{MAIN}" id="{number}" name="Table{number}" displayName="Table{number}" ref="{ref}" {attributes}'
    pack.add(part, whole("table", body, head), TABLE_TYPE)
    pack.sheet.tables.append(pack.relate(pack.sheet.part, "table", f"/{part}"))
    return part


@feature()
def a_table(pack: Pack) -> None:
    """The controls are an Excel table."""
    table(pack, "A1:F9", NAMES)


@feature()
def table_with_formulas(pack: Pack) -> None:
    """A table with a calculated column."""
    formula = "LEN(Table1[[#This Row],[Control name]])"
    pack.sheet.cell("G1", f"<v>{pack.string('Length')}</v>", ' s="1" t="s"')
    for row in range(2, 10):
        pack.sheet.cell(f"G{row}", f"<f>{formula}</f><v>{row}</v>")
    extra = f'<tableColumn id="9" name="Length" dataDxfId="0"><calculatedColumnFormula>{formula}</calculatedColumnFormula></tableColumn>'
    table(pack, "A1:G9", (*NAMES, "Length"), plain_columns(NAMES) + extra)


@feature()
def table_with_totals(pack: Pack) -> None:
    """A table with a totals row in row 10."""
    pack.sheet.cell("A10", f"<v>{pack.string('Total')}</v>", ' s="1" t="s"')
    pack.sheet.cell("F10", "<f>SUBTOTAL(103,Table1[Status])</f><v>8</v>", ' s="1"')
    columns = (
        plain_columns(NAMES)
        .replace('"Control ID"', '"Control ID" totalsRowLabel="Total"')
        .replace('"Status"', '"Status" totalsRowFunction="count"')
    )
    table(pack, "A1:F10", NAMES, columns, 'totalsRowCount="1"', "A1:F9")


@feature("column rows")
def query_table(pack: Pack) -> None:
    """A table that a query fills, with its connection."""
    columns = "".join(
        f'<tableColumn id="{n}" uniqueName="{n}" name="{name}" queryTableFieldId="{n}"/>' for n, name in enumerate(NAMES, start=1)
    )
    part = table(pack, "A1:F9", NAMES, columns, 'tableType="queryTable" totalsRowShown="0"')
    fields = "".join(f'<queryTableField id="{n}" name="{name}" tableColumnId="{n}"/>' for n, name in enumerate(NAMES, start=1))
    body = f'<queryTableRefresh nextId="7"><queryTableFields count="6">{fields}</queryTableFields></queryTableRefresh>'
    head = f'xmlns="{MAIN}" name="ExternalData_1" connectionId="1"'
    pack.add("xl/queryTables/queryTable1.xml", whole("queryTable", body, head), f"{SPREADSHEET}queryTable+xml")
    pack.relate(part, "queryTable", "/xl/queryTables/queryTable1.xml")
    body = '<connection id="1" keepAlive="1" name="Query - Controls" type="5" refreshedVersion="8"><dbPr connection="Provider=x" command="SELECT"/></connection>'
    pack.add("xl/connections.xml", whole("connections", body), f"{SPREADSHEET}connections+xml", "connections")


@feature()
def table_aside(pack: Pack) -> None:
    """Two more tables on the sheet: right of the controls with one column between, and far below."""
    for ref, text in (
        ("H1", "Code"),
        ("I1", "Meaning"),
        ("H2", "IT"),
        ("I2", "Information technology"),
        ("A30", "Log"),
        ("A31", "first"),
    ):
        pack.sheet.cell(ref, f"<v>{pack.string(text)}</v>", ' t="s"')
    table(pack, "H1:I2", ("Code", "Meaning"))
    table(pack, "A30:A31", ("Log",))
