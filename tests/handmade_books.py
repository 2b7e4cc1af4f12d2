"""More of what a hand-made workbook may hold: pivots, slicers, other parts of the package, odd sheets, what programs leave."""

from __future__ import annotations

from handmade import COMPATIBILITY, DECLARATION, MAIN, MICROSOFT, OFFICE, PACKAGE, SPREADSHEET, X14, X15, XM, Pack
from handmade_features import NAMES, comments, extended_validations, feature, links, printed, table, validations, views, whole
from handmade_objects import CHART_ANCHOR, PNG, chart_part, drawing

CORE = f"{PACKAGE}/metadata/core-properties"
PROPERTIES = "http://schemas.openxmlformats.org/officeDocument/2006"
VT = f"{PROPERTIES}/docPropsVTypes"
SIX = '<x v="0"/>' * 6


# --- pivots and slicers ---------------------------------------------------------------------------------------------


def pivot_on(pack: Pack, source: str, *, records: bool = True) -> str:
    """A sheet with a pivot table over the controls; the pivot table's part."""
    page = pack.page("Pivot")
    for row, text in ((3, "Row Labels"), (4, "IT"), (5, "Grand Total")):
        page.cell(f"A{row}", f"<v>{pack.string(text)}</v>", ' t="s"')
    names = "".join(
        f'<cacheField name="{name}" numFmtId="0"><sharedItems count="1"><s v="IT"/></sharedItems></cacheField>' for name in NAMES
    )
    cache = "xl/pivotCache/pivotCacheDefinition1.xml"
    kept = 'r:id="rId1"' if records else 'saveData="0"'
    head = f'xmlns="{MAIN}" xmlns:r="{OFFICE}" {kept} refreshedBy="Ann" recordCount="8"'
    body = f'<cacheSource type="worksheet"><worksheetSource {source}/></cacheSource><cacheFields count="6">{names}</cacheFields>'
    identity = pack.add(
        cache, whole("pivotCacheDefinition", body, head), f"{SPREADSHEET}pivotCacheDefinition+xml", "pivotCacheDefinition"
    )
    if records:
        rows = f"<r>{SIX}</r>" * 8
        pack.add(
            "xl/pivotCache/pivotCacheRecords1.xml",
            whole("pivotCacheRecords", rows, f'xmlns="{MAIN}" count="8"'),
            f"{SPREADSHEET}pivotCacheRecords+xml",
            "pivotCacheRecords",
            cache,
        )
    fields = (
        '<pivotField axis="axisRow" showAll="0"><items count="2"><item x="0"/><item t="default"/></items></pivotField>'
        + '<pivotField showAll="0"/>' * 5
    )
    body = (
        f'<location ref="A3:A5" firstHeaderRow="1" firstDataRow="1" firstDataCol="1"/><pivotFields count="6">{fields}</pivotFields><rowFields count="1"><field '
        'x="0"/></rowFields><rowItems count="2"><i><x/></i><i t="grand"><x/></i></rowItems><pivotTableStyleInfo name="PivotStyleLight16" showRowHeaders="1" '
        'showColHeaders="1" showRowStripes="0" showColStripes="0" showLastColumn="1"/>'
    )
    part = "xl/pivotTables/pivotTable1.xml"
    pack.add(
        part,
        whole("pivotTableDefinition", body, f'xmlns="{MAIN}" name="Pivot1" cacheId="7" dataCaption="Values"'),
        f"{SPREADSHEET}pivotTable+xml",
        "pivotTable",
        page.part,
    )
    pack.relate(part, "pivotCacheDefinition", f"/{cache}")
    pack.book["pivotCaches"] = f'<pivotCaches><pivotCache cacheId="7" r:id="{identity}"/></pivotCaches>'
    return part


@feature()
def pivot(pack: Pack) -> None:
    """A pivot table over the range of the controls, with records."""
    pivot_on(pack, 'ref="A1:F9" sheet="Controls"')


@feature()
def pivot_of_table(pack: Pack) -> None:
    """A pivot table over the controls' table, without records."""
    table(pack, "A1:F9", NAMES)
    pivot_on(pack, 'name="Table1"', records=False)


def slicer_on(pack: Pack, sheet: str, cache: str, *, of_table: bool) -> None:
    """A slicer part on the page that holds it, and its cache."""
    space = f'xmlns="{X14}" xmlns:mc="{COMPATIBILITY}" mc:Ignorable="x" xmlns:x="{MAIN}"'
    pack.add(
        "xl/slicers/slicer1.xml",
        whole("slicers", '<slicer name="Owner" cache="Slicer_Owner" caption="Owner" rowHeight="241300"/>', space),
        "application/vnd.ms-excel.slicer+xml",
    )
    identity = pack.relate(sheet, f"{MICROSOFT}/2007/relationships/slicer", "/xl/slicers/slicer1.xml")
    cache_id = pack.add(
        "xl/slicerCaches/slicerCache1.xml",
        whole("slicerCacheDefinition", cache, f'{space} name="Slicer_Owner" sourceName="Owner"'),
        "application/vnd.ms-excel.slicerCache+xml",
        f"{MICROSOFT}/2007/relationships/slicerCache",
    )
    page = next(one for one in pack.pages if one.part == sheet)
    uri, prefix, space = (
        ("3A4CF648-6AED-40f4-86FF-DC5316D8AED3", "x15", X15) if of_table else ("A8765BA9-456A-4dab-B4F3-ACF838C121DE", "x14", X14)
    )
    page.extend(uri, f'<x14:slicerList xmlns:x14="{X14}"><x14:slicer r:id="{identity}"/></x14:slicerList>', prefix, space)
    if of_table:
        inside = f'<x15:slicerCaches xmlns:x14="{X14}"><x14:slicerCache r:id="{cache_id}"/></x15:slicerCaches>'
        pack.book_extensions.append(f'<ext xmlns:x15="{X15}" uri="{{46BE6895-7355-4a93-B00E-2C351335B9C9}}">{inside}</ext>')
    else:
        inside = f'<x14:slicerCaches><x14:slicerCache r:id="{cache_id}"/></x14:slicerCaches>'
        pack.book_extensions.append(f'<ext xmlns:x14="{X14}" uri="{{BBE1A952-AA13-448e-AADC-164F8A28A991}}">{inside}</ext>')


@feature()
def table_slicer(pack: Pack) -> None:
    """A slicer on the controls' table."""
    table(pack, "A1:F9", NAMES)
    inside = f'<extLst><x:ext xmlns:x15="{X15}" uri="{{2F2917AC-EB37-4324-AD4E-5DD8C200BD13}}"><x15:tableSlicerCache tableId="1" column="5"/></x:ext></extLst>'
    slicer_on(pack, pack.sheet.part, inside, of_table=True)


@feature()
def pivot_slicer(pack: Pack) -> None:
    """A slicer and a timeline on a pivot table."""
    pivot_on(pack, 'ref="A1:F9" sheet="Controls"')
    page = pack.pages[-1]
    inside = '<pivotTables><pivotTable tabId="2" name="Pivot1"/></pivotTables><data><tabular pivotCacheId="7"><items count="1"><i x="0" s="1"/></items></tabular></data>'
    slicer_on(pack, page.part, inside, of_table=False)
    space = f'xmlns="{X15}"'
    pack.add(
        "xl/timelines/timeline1.xml",
        whole(
            "timelines", '<timeline name="Date" cache="NativeTimeline_Date" caption="Date" level="2" selectionLevel="2"/>', space
        ),
        "application/vnd.ms-excel.timeline+xml",
    )
    identity = pack.relate(page.part, f"{MICROSOFT}/2011/relationships/timeline", "/xl/timelines/timeline1.xml")
    page.extend(
        "7E03D99C-DC04-49d9-9315-930204A7B6E9",
        f'<x15:timelineRefs><x15:timelineRef r:id="{identity}"/></x15:timelineRefs>',
        "x15",
        X15,
    )
    body = '<pivotTables><pivotTable tabId="2" name="Pivot1"/></pivotTables><state minimalRefreshVersion="6" lastRefreshVersion="6" pivotCacheId="7" filterType="unknown"/>'
    pack.add(
        "xl/timelineCaches/timelineCache1.xml",
        whole("timelineCacheDefinition", body, f'{space} name="NativeTimeline_Date" sourceName="Date"'),
        "application/vnd.ms-excel.timelineCache+xml",
        f"{MICROSOFT}/2011/relationships/timelineCache",
    )


# --- the rest of the package ----------------------------------------------------------------------------------------


@feature()
def names(pack: Pack) -> None:
    """Names of the workbook and of sheets, hidden ones, constants, errors; local ones of the second sheet."""
    pack.page("Second & <last>")
    pack.name("AllIds", "Controls!$A$2:$A$9")
    pack.name("Rate", "0.19", ' comment="tax"')
    pack.name("Broken", "#REF!", ' hidden="1"')
    pack.name("Local", "'Second & <last>'!$A$1", ' localSheetId="1"')
    pack.name("_xlnm.Print_Area", "'Second & <last>'!$A$1:$B$2", ' localSheetId="1"')


@feature()
def links_elsewhere(pack: Pack) -> None:
    """A link to another workbook, with cached values."""
    part = "xl/externalLinks/externalLink1.xml"
    body = '<externalBook r:id="rId1"><sheetNames><sheetName val="S"/></sheetNames><sheetDataSet><sheetData sheetId="0"><row r="1"><cell r="A1"><v>1</v></cell></row></sheetData></sheetDataSet></externalBook>'
    identity = pack.add(
        part, whole("externalLink", body, f'xmlns="{MAIN}" xmlns:r="{OFFICE}"'), f"{SPREADSHEET}externalLink+xml", "externalLink"
    )
    pack.relate(part, "externalLinkPath", "file:///C:/Users/ann/other%20book.xlsx", external=True)
    pack.book["externalReferences"] = f'<externalReferences><externalReference r:id="{identity}"/></externalReferences>'
    pack.sheet.cell("H2", "<f>[1]S!$A$1</f><v>1</v>")


@feature()
def labelled(pack: Pack) -> None:
    """A sensitivity label, custom properties, core and extended properties, a thumbnail."""
    label = '<clbl:label id="{12345678-1234-1234-1234-123456789012}" enabled="1" method="Privileged" siteId="{12345678-1234-1234-1234-123456789013}" removed="0"/>'
    space = f'xmlns:clbl="{MICROSOFT}/2020/mipLabelMetadata"'
    pack.add(
        "docMetadata/LabelInfo.xml",
        whole("clbl:labelList", label, space),
        "application/vnd.ms-office.classificationlabels+xml",
        f"{MICROSOFT}/2020/02/relationships/classificationlabels",
        "",
    )
    text = '<property fmtid="{{D5CDD505-2E9C-101B-9397-08002B2CF9AE}}" pid="{0}" name="{1}"><vt:lpwstr>{2}</vt:lpwstr></property>'
    body = text.format(2, "MSIP_Label_1_Enabled", "true") + text.format(7, "Reviewed by", "Ann &amp; Bob")
    pack.add(
        "docProps/custom.xml",
        whole("Properties", body, f'xmlns="{PROPERTIES}/custom-properties" xmlns:vt="{VT}"'),
        "application/vnd.openxmlformats-officedocument.custom-properties+xml",
        "custom-properties",
        "",
    )
    titles = "".join(f"<vt:lpstr>{page.title}</vt:lpstr>" for page in pack.pages)
    pairs = f"<vt:variant><vt:lpstr>Worksheets</vt:lpstr></vt:variant><vt:variant><vt:i4>{len(pack.pages)}</vt:i4></vt:variant>"
    body = (
        f'<TotalTime>0</TotalTime><Application>Microsoft Excel</Application><HeadingPairs><vt:vector size="2" baseType="variant">{pairs}</vt:vector>'
        f'</HeadingPairs><TitlesOfParts><vt:vector size="{len(pack.pages)}" baseType="lpstr">{titles}</vt:vector></TitlesOfParts>'
    )
    pack.add(
        "docProps/app.xml",
        whole("Properties", body, f'xmlns="{PROPERTIES}/extended-properties" xmlns:vt="{VT}"'),
        "application/vnd.openxmlformats-officedocument.extended-properties+xml",
        "extended-properties",
        "",
    )
    body = '<dc:creator>Ann</dc:creator><dcterms:created xsi:type="dcterms:W3CDTF">2024-01-01T00:00:00Z</dcterms:created>'
    space = f'xmlns:cp="{CORE}" xmlns:dc="http://purl.org/dc/elements/1.1/" xmlns:dcterms="http://purl.org/dc/terms/" xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance"'
    pack.add(
        "docProps/core.xml",
        whole("cp:coreProperties", body, space),
        "application/vnd.openxmlformats-package.core-properties+xml",
        f"{PACKAGE}/relationships/metadata/core-properties",
        "",
    )
    pack.add("docProps/thumbnail.png", PNG, "image/png", f"{PACKAGE}/relationships/metadata/thumbnail", "")


@feature()
def custom_parts(pack: Pack) -> None:
    """Custom XML with its properties, a ribbon, a task pane, XML maps, revision of nobody's business."""
    item = "customXml/item1.xml"
    pack.add(item, '<?xml version="1.0"?><b:data xmlns:b="urn:x">a<![CDATA[<b>]]></b:data>', "", "customXml", "xl/workbook.xml")
    body = (
        f'{DECLARATION}<ds:datastoreItem ds:itemID="{{1}}" xmlns:ds="{PROPERTIES}/customXml"><ds:schemaRefs/></ds:datastoreItem>'
    )
    pack.add(
        "customXml/itemProps1.xml",
        body,
        "application/vnd.openxmlformats-officedocument.customXmlProperties+xml",
        "customXmlProps",
        item,
    )
    pack.add(
        "customUI/customUI14.xml",
        f'<customUI xmlns="{MICROSOFT}/2009/07/customui"><ribbon/></customUI>',
        "",
        f"{MICROSOFT}/2007/relationships/ui/extensibility",
        "",
    )
    pane = f'<wetp:taskpanes xmlns:wetp="{MICROSOFT}/webextensions/taskpanes/2010/11"/>'
    pack.add(
        "xl/webextensions/taskpanes.xml",
        pane,
        "application/vnd.ms-office.webextensiontaskpanes+xml",
        f"{MICROSOFT}/2011/relationships/webextensiontaskpanes",
        "",
    )
    maps = '<Schema ID="S"/><Map ID="1" Name="m" RootElement="a" SchemaID="S" ShowImportExportValidationErrors="0" AutoFit="1" Append="0" PreserveSortAFLayout="1" PreserveFormat="1"/>'
    pack.add("xl/xmlMaps.xml", whole("MapInfo", maps, f'xmlns="{MAIN}" SelectionNamespaces=""'), "application/xml", "xmlMaps")


@feature()
def macros(pack: Pack) -> None:
    """A macro-enabled workbook: vbaProject.bin, its signature, code names."""
    pack.workbook_type = "application/vnd.ms-excel.sheet.macroEnabled.main+xml"
    pack.book["workbookPr"] = '<workbookPr codeName="ThisWorkbook"/>'
    part = "xl/vbaProject.bin"
    pack.add(
        part,
        b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1 a project",
        "application/vnd.ms-office.vbaProject",
        f"{MICROSOFT}/2006/relationships/vbaProject",
    )
    pack.add(
        "xl/vbaProjectSignature.bin",
        b"signed",
        "application/vnd.ms-office.vbaProjectSignature",
        f"{MICROSOFT}/2006/relationships/vbaProjectSignature",
        part,
    )


@feature()
def odd_order(pack: Pack) -> None:
    """A chart sheet and a very hidden sheet between the tabs, parts numbered against the order of tabs."""
    diagram = pack.page("Diagram", kind="chartsheet", number=9)
    diagram.put("sheetViews", '<sheetViews><sheetView workbookViewId="0"/></sheetViews>')
    drawing(pack, CHART_ANCHOR, diagram)
    chart_part(pack, "xl/drawings/drawing1.xml")
    pack.page("Secret", state="veryHidden", number=3).cell("A1", "<v>42</v>")
    pack.tabs = [pack.tabs[1], pack.tabs[2], pack.tabs[0]]
    pack.name("_xlnm.Print_Area", "Controls!$A$1:$F$9", ' localSheetId="2"')
    pack.book["bookViews"] = '<bookViews><workbookView activeTab="2" firstSheet="0"/></bookViews>'


@feature()
def odd_sheets(pack: Pack) -> None:
    """A dialog sheet and a sheet of old macros among the tabs."""
    pack.page("Dialog", kind="dialogsheet", number=7).put(
        "sheetViews", '<sheetViews><sheetView workbookViewId="0"/></sheetViews>'
    )
    macro = pack.page("Macro", kind="xm:macrosheet", number=5)
    macro.head = f' xmlns="{MAIN}" xmlns:r="{OFFICE}" xmlns:xm="{XM}"'
    macro.slots["sheetData"] = "<sheetData/>"
    pack.tabs = [pack.tabs[1], pack.tabs[0], pack.tabs[2]]
    pack.workbook_type = "application/vnd.ms-excel.sheet.macroEnabled.main+xml"


@feature()
def of_1904(pack: Pack) -> None:
    """Dates count from 1904."""
    pack.book["workbookPr"] = '<workbookPr date1904="1" defaultThemeVersion="166925"/>'
    pack.sheet.cell("H2", "<v>44620</v>", ' s="3"')


@feature()
def excel_of_today(pack: Pack) -> None:
    """What Excel writes around a workbook now: absolute path, revisions, compatibility, extensions, named views."""
    pack.book["fileVersion"] = '<fileVersion appName="xl" lastEdited="7" lowestEdited="7" rupBuild="28025"/>'
    pack.book["alternate"] = (
        f'<mc:AlternateContent xmlns:mc="{COMPATIBILITY}"><mc:Choice Requires="x15"><x15ac:absPath xmlns:x15ac="{MICROSOFT}/spreadsheetml/2010/11/ac" '
        'url="C:\\Users\\ann\\a &amp; b\\"/></mc:Choice></mc:AlternateContent>'
    )
    feature_list = f'<xcalcf:calcFeatures xmlns:xcalcf="{MICROSOFT}/spreadsheetml/2018/calcfeatures"><xcalcf:feature name="microsoft.com:RD"/></xcalcf:calcFeatures>'
    pack.book_extensions.append(f'<ext uri="{{B58B0392-4F1F-4190-BB64-5DF3571DCE5F}}">{feature_list}</ext>')
    view = '<namedSheetView name="mine" id="{1}"><nsvFilter filterId="{2}" ref="A1:F9" tableId="0"/></namedSheetView>'
    pack.add(
        "xl/namedSheetViews/namedSheetView1.xml",
        whole("namedSheetViews", view, f'xmlns="{MICROSOFT}/spreadsheetml/2019/namedsheetviews"'),
        "application/vnd.ms-excel.namedsheetviews+xml",
    )
    pack.relate(pack.sheet.part, f"{MICROSOFT}/2019/04/relationships/namedSheetView", "/xl/namedSheetViews/namedSheetView1.xml")
    pack.book["fileSharing"] = '<fileSharing readOnlyRecommended="1" userName="Ann"/>'
    pack.book["calcPr"] = '<calcPr calcId="191029" fullCalcOnLoad="1"/>'


@feature()
def of_google(pack: Pack) -> None:
    """As an online spreadsheet exports: an empty drawing on the sheet, its own data in an extension, more rows than data."""
    drawing(pack, "", pack.sheet)
    own = "http://customooxmlschemas.google.com/"
    identity = pack.add(
        "xl/metadata", b"\x0a\x03own", "application/binary", "http://customschemas.google.com/relationships/workbookmetadata"
    )
    data = f'<go:sheetsCustomData xmlns:go="{own}" r:id="{identity}" roundtripDataChecksum="x="/>'
    pack.book_extensions.append(f'<ext uri="GoogleSheetsCustomDataVersion2">{data}</ext>')
    for row in range(10, 30):
        pack.sheet.row(row, ' ht="15.75" customHeight="1"')


@feature()
def of_office_suites(pack: Pack) -> None:
    """As LibreOffice saves: filter privilege, widths for every column to the last, empty styled cells behind the data, explicit everything."""
    pack.sheet.put("sheetPr", '<sheetPr filterMode="false"><pageSetUpPr fitToPage="false"/></sheetPr>')
    pack.sheet.put(
        "cols",
        '<cols><col collapsed="false" customWidth="true" hidden="false" outlineLevel="0" max="1024" min="1" style="0" width="11.52"/></cols>',
    )
    for row in range(2, 10):
        pack.sheet.row(
            row, ' customFormat="false" ht="12.8" hidden="false" customHeight="false" outlineLevel="0" collapsed="false"'
        )
        pack.sheet.cell(f"G{row}", "", ' s="2"')
    pack.book["calcPr"] = '<calcPr iterateCount="100" refMode="A1" iterate="false" iterateDelta="0.0001"/>'
    pack.book_extensions.append(
        '<ext xmlns:loext="http://schemas.libreoffice.org/" uri="{7626C862-2A13-11E5-B345-FEFF819CDC9F}"><loext:extCalcPr stringRefSyntax="CalcA1"/></ext>'
    )


@feature()
def of_analysts(pack: Pack) -> None:
    """All at once, as an analyst's workbook is: table, formats of both kinds, validations, filter, notes, pivot, slicer."""
    table(pack, "A1:F9", NAMES)
    views(pack)
    links(pack)
    validations(pack)
    extended_validations(pack)
    comments(pack, {"B3": "Which tool?"})
    pack.sheet.put(
        "conditionalFormatting",
        '<conditionalFormatting sqref="F2:F9"><cfRule type="notContainsBlanks" dxfId="0" priority="1"><formula>LEN(TRIM(F2))&gt;0</formula></cfRule></conditionalFormatting>',
    )
    pivot_on(pack, 'name="Table1"')
    printed(pack)


@feature()
def next_to_nothing(pack: Pack) -> None:
    """Headings and one row, the text to edit in row 4 alone."""
    for row in (3, 5, 6, 7, 8, 9):
        del pack.sheet.rows[row]
    pack.sheet.slots.pop("dimension")
