"""What the cells of a hand-made workbook may hold: values of every kind, formulas that own other cells, rich data."""

from __future__ import annotations

from handmade import MICROSOFT, SPREADSHEET, Pack
from handmade_features import feature, whole

DYNAMIC = (
    '<metadataTypes count="1"><metadataType name="XLDAPR" minSupportedVersion="120000" copy="1" pasteAll="1" cellMeta="1"/></metadataTypes>'
    f'<futureMetadata name="XLDAPR" count="1"><bk><extLst><ext uri="{{bdbb8cdc-fa1e-496e-a857-3c3f30c029c3}}"><xda:dynamicArrayProperties '
    f'xmlns:xda="{MICROSOFT}/spreadsheetml/2017/dynamicarray" fDynamic="1" fCollapsed="0"/></ext></extLst></bk></futureMetadata>'
    '<cellMetadata count="1"><bk><rc t="1" v="0"/></bk></cellMetadata>'
)


RICH = '<r><rPr><b/><sz val="11"/></rPr><t>A.5.15</t></r><r><t xml:space="preserve"> and more</t></r>'


@feature()
def kinds_of_cells(pack: Pack) -> None:
    """Numbers, booleans, errors, dates as ISO, formula strings, inline and rich strings, escapes, empty cells with a style."""
    kinds = (
        ("H2", "<v>1.5E-3</v>", ""),
        ("H3", "<v>1</v>", ' t="b"'),
        ("H4", "<v>#N/A</v>", ' t="e"'),
        ("H5", '<f>A2&amp;"&gt;"</f><v>AC-001&gt;</v>', ' t="str"'),
        ("H6", "<is><t> inline </t></is>", ' t="inlineStr"'),
        ("H7", f"<is>{RICH}</is>", ' t="inlineStr"'),
        ("H8", "<v>2026-03-01T00:00:00</v>", ' t="d" s="3"'),
        ("H9", "", ' s="5"'),
        ("I2", f"<v>{pack.string('_x000D_ and _x005F_x000D_')}</v>", ' t="s"'),
        ("I3", f"<v>{pack.rich(RICH)}</v>", ' t="s"'),
        ("I4", "<v/>", ""),
        ("I5", "<v>46082</v>", ' s="3"'),
        ("I6", f"<v>{pack.string('😀 é ü')}</v>", ' t="s"'),
    )
    for ref, content, attributes in kinds:
        pack.sheet.cell(ref, content, attributes)


@feature()
def rich_target(pack: Pack) -> None:
    """The text to edit has rich runs and phonetics."""
    text = pack.rich(
        '<r><rPr><b/></rPr><t>A.9</t></r><r><t>.2.5</t></r><rPh sb="0" eb="1"><t>ア</t></rPh><phoneticPr fontId="0"/>'
    )
    pack.sheet.cell("D4", f"<v>{text}</v>", ' s="2" t="s" ph="1"')


@feature()
def calculated(pack: Pack) -> None:
    """Plain formulas with cached values and the chain of their calculation."""
    for row in range(2, 10):
        pack.sheet.cell(f"G{row}", f"<f>LEN(D{row})</f><v>{row}</v>")
    chain = '<c r="G2" i="1" l="1"/>' + "".join(f'<c r="G{row}" i="1"/>' for row in range(3, 10))
    pack.add("xl/calcChain.xml", whole("calcChain", chain), f"{SPREADSHEET}calcChain+xml", "calcChain")
    pack.book["calcPr"] = '<calcPr calcId="191029" iterate="1"/>'


@feature()
def calculated_target(pack: Pack) -> None:
    """The cell to edit holds the only formula, so the chain of calculation goes with it."""
    pack.sheet.cell("D4", '<f>"A."&amp;9</f><v>A.9</v>', ' s="2" t="str"')
    pack.add("xl/calcChain.xml", whole("calcChain", '<c r="D4" i="1"/>'), f"{SPREADSHEET}calcChain+xml", "calcChain")


@feature("cell")
def shared_master(pack: Pack) -> None:
    """D4 is the master of a shared formula: the cells below live from it."""
    pack.sheet.cell("D4", '<f t="shared" ref="D4:D9" si="0">B4&amp;"x"</f><v>x</v>', ' s="2" t="str"')
    for row in range(5, 10):
        pack.sheet.cell(f"D{row}", '<f t="shared" si="0"/><v>x</v>', ' s="2" t="str"')


@feature()
def shared_child(pack: Pack) -> None:
    """D4 lives from the shared formula of D2: it may be overwritten."""
    pack.sheet.cell("D2", '<f t="shared" ref="D2:D9" si="3">B2&amp;"x"</f><v>x</v>', ' s="2" t="str"')
    for row in range(3, 10):
        pack.sheet.cell(f"D{row}", '<f t="shared" si="3"/><v>x</v>', ' s="2" t="str"')


@feature("cell")
def array_target(pack: Pack) -> None:
    """D4 is inside of an array formula over D2:D9."""
    pack.sheet.cell("D2", '<f t="array" ref="D2:D9">B2:B9&amp;"x"</f><v>x</v>', ' s="2" t="str"')
    for row in range(3, 10):
        pack.sheet.cell(f"D{row}", "<v>x</v>", ' s="2" t="str"')


@feature()
def arrays(pack: Pack) -> None:
    """An array formula, a data table and a dynamic array beside the controls."""
    pack.sheet.cell("H2", '<f t="array" ref="H2:H3">ROW(A2:A3)</f><v>2</v>')
    pack.sheet.cell("H3", "<v>3</v>")
    pack.sheet.cell("I2", '<f t="dataTable" ref="I2:I4" dt2D="0" dtr="0" r1="G1"/><v>1</v>')
    for row in (3, 4):
        pack.sheet.cell(f"I{row}", "<v>1</v>")
    pack.sheet.cell("J2", '<f t="array" ref="J2:J3">_xlfn._xlws.SORT(A2:A3)</f><v>AC-001</v>', ' t="str" cm="1"')
    pack.sheet.cell("J3", "<v>AC-002</v>", ' t="str"')
    pack.add("xl/metadata.xml", whole("metadata", DYNAMIC), f"{SPREADSHEET}sheetMetadata+xml", "sheetMetadata")


@feature("cell")
def dynamic_target(pack: Pack) -> None:
    """D4 holds a dynamic array that spills into D5."""
    pack.sheet.cell("D4", '<f t="array" ref="D4:D5">_xlfn._xlws.SORT(A2:A3)</f><v>AC-001</v>', ' s="2" t="str" cm="1"')
    pack.sheet.cell("D5", "<v>AC-002</v>", ' s="2" t="str"')
    pack.add("xl/metadata.xml", whole("metadata", DYNAMIC), f"{SPREADSHEET}sheetMetadata+xml", "sheetMetadata")


@feature()
def rich_values(pack: Pack) -> None:
    """D4 holds a picture in a cell: vm, metadata and the parts of rich data."""
    pack.sheet.cell("D4", "<v>#VALUE!</v>", ' s="2" t="e" vm="1"')
    body = (
        '<metadataTypes count="1"><metadataType name="XLRICHVALUE" minSupportedVersion="120000"/></metadataTypes><futureMetadata name="XLRICHVALUE" count="1">'
        f'<bk><extLst><ext uri="{{3e2802c4-a4d2-4d8b-9148-e3be6c30e623}}"><xlrd:rvb xmlns:xlrd="{MICROSOFT}/spreadsheetml/2017/richdata" i="0"/></ext>'
        '</extLst></bk></futureMetadata><valueMetadata count="1"><bk><rc t="1" v="0"/></bk></valueMetadata>'
    )
    pack.add("xl/metadata.xml", whole("metadata", body), f"{SPREADSHEET}sheetMetadata+xml", "sheetMetadata")
    space = f'xmlns="{MICROSOFT}/spreadsheetml/2017/richdata"'
    values = '<rv s="0"><v>0</v><v>5</v></rv>'
    pack.add(
        "xl/richData/rdrichvalue.xml",
        whole("rvData", values, f'{space} count="1"'),
        "application/vnd.ms-excel.rdrichvalue+xml",
        f"{MICROSOFT}/2017/06/relationships/rdRichValue",
    )
    keys = '<s t="_localImage"><k n="_rvRel:LocalImageIdentifier" t="i"/><k n="CalcOrigin" t="i"/></s>'
    kind = f"{MICROSOFT}/2017/06/relationships/rdRichValueStructure"
    pack.add(
        "xl/richData/rdrichvaluestructure.xml",
        whole("rvStructures", keys, f'{space} count="1"'),
        "application/vnd.ms-excel.rdrichvaluestructure+xml",
        kind,
    )


@feature()
def tick_boxes(pack: Pack) -> None:
    """Booleans shown as tick boxes: the feature property bag."""
    pack.sheet.cell("G2", "<v>1</v>", ' t="b"')
    body = '<bag type="Checkbox"/><bag type="XFControls"><bagId k="CellControl">0</bagId></bag>'
    space = f'xmlns="{MICROSOFT}/spreadsheetml/2022/featurepropertybag"'
    kind = f"{MICROSOFT}/2022/11/relationships/FeaturePropertyBag"
    pack.add(
        "xl/featurePropertyBag/featurePropertyBag.xml",
        whole("FeaturePropertyBags", body, space),
        "application/vnd.ms-excel.featurepropertybag+xml",
        kind,
    )
