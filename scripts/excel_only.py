"""What Excel puts into a workbook and XlsxWriter does not write: threads, pivot tables, slicers, labels, custom XML, lists on other sheets.

Each function adds its parts to a package that XlsxWriter wrote, with relationships and content types (ECMA-376 part 1; [MS-XLSX] for the newer ones).
"""

from __future__ import annotations

import datetime as dt
from collections import Counter
from dataclasses import dataclass
from uuid import NAMESPACE_URL, uuid5
from xml.sax.saxutils import escape, quoteattr

from xlsxwriter.format import Format
from xlsxwriter.utility import xl_range
from xlsxwriter.worksheet import Worksheet

from workbench.editing import Package, Splice
from workbench.editing.relations import declare, first, relate

MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
COMPATIBILITY = "http://schemas.openxmlformats.org/markup-compatibility/2006"
MICROSOFT = "http://schemas.microsoft.com/office"
X14 = f"{MICROSOFT}/spreadsheetml/2009/9/main"
SPREADSHEET = "application/vnd.openxmlformats-officedocument.spreadsheetml"
DECLARATION = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
WORKBOOK = "xl/workbook.xml"
CACHE_ID, CACHE_UID = 1, 1186041127
Value = str | int | dt.date | None


def add(package: Package, part: str, xml: str, content_type: str = "") -> None:
    """A new part."""
    package.put(part, (DECLARATION + xml).encode())
    if content_type:
        declare(package, part, content_type)


def replace(package: Package, part: str, old: str, new: str) -> None:
    """``old``, which stands in the part once, becomes ``new``."""
    data = package.read(part)
    if data.count(old.encode()) != 1:
        raise ValueError(f"{part} has {data.count(old.encode())} times {old}")
    package.splice(part, [Splice(data.index(old.encode()), old.encode(), new.encode())])


def extend(package: Package, part: str, uri: str, inside: str) -> None:
    """An extension at the end of a worksheet or of the workbook."""
    ext = f'<ext uri="{uri}" xmlns:x14="{X14}">{inside}</ext></extLst>'
    root = "workbook" if part == WORKBOOK else "worksheet"
    if b"</extLst>" in package.read(part).rpartition(b"</sheetData>")[2]:
        replace(package, part, f"</extLst></{root}>", f"{ext}</{root}>")
    else:
        replace(package, part, f"</{root}>", f"<extLst>{ext}</{root}>")


def identity(name: str) -> str:
    """A GUID as Excel writes it, the same on every run."""
    return f"{{{uuid5(NAMESPACE_URL, f'urn:workbench:{name}')}}}".upper()


# --- threads -----------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Thread:
    """A threaded comment on a cell: (who, when, what) of the comment and its replies."""

    ref: str
    said: tuple[tuple[str, str, str], ...]

    @property
    def id(self) -> str:
        """The thread's own."""
        return identity(f"thread {self.ref} 0")

    @property
    def legacy_author(self) -> str:
        """The author of the note that older programs show instead."""
        return f"tc={self.id}"

    @property
    def legacy_text(self) -> str:
        """What that note says."""
        lines = [f"{'Reply' if number else 'Comment'}:\n    {text}" for number, (_, _, text) in enumerate(self.said)]
        return "\n".join(["[Threaded comment]", "", *lines])


def _person(who: str, guid: str) -> str:
    return f'<person displayName={quoteattr(who)} id="{guid}" userId={quoteattr(who)} providerId="None"/>'


def add_thread(package: Package, sheet: str, thread: Thread) -> None:
    """The thread and its people; the sheet has the note with the thread's legacy author and text already."""
    people = {who: identity(f"person {who}") for who, _, _ in thread.said}
    space = f'xmlns="{MICROSOFT}/spreadsheetml/2018/threadedcomments" xmlns:x="{MAIN}"'
    persons = "".join(_person(who, guid) for who, guid in people.items())
    add(package, "xl/persons/person.xml", f"<personList {space}>{persons}</personList>", "application/vnd.ms-excel.person+xml")
    relate(package, WORKBOOK, f"{MICROSOFT}/2017/10/relationships/person", "xl/persons/person.xml")
    body = ""
    for number, (who, when, text) in enumerate(thread.said):
        parent = f' parentId="{thread.id}"' if number else ""
        ids = f'personId="{people[who]}" id="{identity(f"thread {thread.ref} {number}")}"{parent}'
        body += f'<threadedComment ref="{thread.ref}" dT="{when}" {ids}><text>{escape(text)}</text></threadedComment>'
    part = "xl/threadedComments/threadedComment1.xml"
    add(package, part, f"<ThreadedComments {space}>{body}</ThreadedComments>", "application/vnd.ms-excel.threadedcomments+xml")
    relate(package, sheet, f"{MICROSOFT}/2017/10/relationships/threadedComment", part)
    notes = first(package, sheet, "comments")
    if notes is None:
        raise ValueError(f"{sheet} has no notes")
    comment = f'<comment ref="{thread.ref}"'
    replace(package, notes.target, comment, f'{comment} shapeId="0" xr:uid="{thread.id}"')
    revision = f'xmlns:mc="{COMPATIBILITY}" mc:Ignorable="xr" xmlns:xr="{MICROSOFT}/spreadsheetml/2014/revision"'
    replace(package, notes.target, f'<comments xmlns="{MAIN}">', f'<comments xmlns="{MAIN}" {revision}>')


# --- drop-downs --------------------------------------------------------------------------------------------------------


def add_list_elsewhere(package: Package, sheet: str, area: str, source: str) -> None:
    """A drop-down whose choices stand on another sheet: Excel keeps those apart from the others."""
    rule = '<x14:dataValidation type="list" allowBlank="1" showInputMessage="1" showErrorMessage="1">'
    choices = f"<x14:formula1><xm:f>{escape(source)}</xm:f></x14:formula1><xm:sqref>{area}</xm:sqref></x14:dataValidation>"
    inside = f'<x14:dataValidations count="1" xmlns:xm="{MICROSOFT}/excel/2006/main">{rule}{choices}</x14:dataValidations>'
    extend(package, sheet, "{CCE6A557-97BC-4b89-ADB6-D9C93CAAB3DF}", inside)


# --- pivot tables ------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Field:
    """A column of the source, with its values."""

    name: str
    values: tuple[Value, ...]

    @property
    def items(self) -> list[str]:
        """The distinct texts, as they first appear."""
        return list(dict.fromkeys(str(value) for value in self.values if value is not None))

    def shared(self, *, listed: bool) -> str:
        """What the cache says of the values; with the texts themselves where the field is ``listed``."""
        if listed:
            return f'<sharedItems count="{len(self.items)}">{"".join(f"<s v={quoteattr(item)}/>" for item in self.items)}</sharedItems>'
        blank = ' containsBlank="1"' if None in self.values else ""
        days = [value for value in self.values if isinstance(value, dt.date)]
        if days:
            kind = 'containsSemiMixedTypes="0" ' if not blank else ""
            least, most = f"{min(days)}T00:00:00", f"{max(days) + dt.timedelta(days=1)}T00:00:00"
            return f'<sharedItems {kind}containsNonDate="0" containsDate="1" containsString="0"{blank} minDate="{least}" maxDate="{most}"/>'
        numbers = [value for value in self.values if isinstance(value, int)]
        if numbers:
            kind = 'containsSemiMixedTypes="0" containsString="0" containsNumber="1" containsInteger="1"'
            return f'<sharedItems {kind} minValue="{min(numbers)}" maxValue="{max(numbers)}"/>'
        return f"<sharedItems{blank}/>"

    def record(self, place: int, *, listed: bool) -> str:
        """One value as a record of the cache has it."""
        value = self.values[place]
        if value is None:
            return "<m/>"
        if listed:
            return f'<x v="{self.items.index(str(value))}"/>'
        if isinstance(value, dt.date):
            return f'<d v="{value}T00:00:00"/>'
        return f'<n v="{value}"/>' if isinstance(value, int) else f"<s v={quoteattr(value)}/>"


@dataclass(frozen=True, slots=True)
class Pivot:
    """How many rows of a sheet there are by two of its columns.

    place: (row from 1, column from 1) of its first cell. area: (row of the headings, number of columns) of the source, which begins in column A.
    down, across: the fields, counted from 0, that give its rows and its columns.
    """

    name: str
    sheet: str
    place: tuple[int, int]
    source: str
    area: tuple[int, int]
    fields: tuple[Field, ...]
    down: int
    across: int

    @property
    def counted(self) -> str:
        """The name of what is counted."""
        return f"Count of {self.fields[0].name}"

    def table(self) -> list[list[str | int | None]]:
        """The cells as Excel shows them."""
        down, across = self.fields[self.down], self.fields[self.across]
        rows, columns = sorted(down.items), sorted(across.items)
        counts = Counter(zip(down.values, across.values, strict=True))
        numbers = {row: [counts[row, column] for column in columns] for row in rows}
        numbers = {row: [*line, sum(line)] for row, line in numbers.items()}
        totals = [sum(line) for line in zip(*numbers.values(), strict=True)]
        body = [[row, *(number or None for number in line)] for row, line in numbers.items()]
        return [[self.counted, "Column Labels"], ["Row Labels", *columns, "Grand Total"], *body, ["Grand Total", *totals]]

    def write(self, page: Worksheet, head: Format, plain: Format) -> None:
        """The cells onto the sheet."""
        lines = self.table()
        for number, line in enumerate(lines):
            look = head if number < 2 or number == len(lines) - 1 else plain
            page.write_row(self.place[0] - 1 + number, self.place[1] - 1, line, look)

    @property
    def location(self) -> str:
        """The range it stands in."""
        lines = self.table()
        top, left = self.place[0] - 1, self.place[1] - 1
        return str(xl_range(top, left, top + len(lines) - 1, left + len(lines[1]) - 1))


def add_pivot(package: Package, sheet: str, pivot: Pivot) -> None:
    """The pivot table with its cache and records."""
    listed = {pivot.down, pivot.across}
    count = len(pivot.fields[0].values)
    cache, records = "xl/pivotCache/pivotCacheDefinition1.xml", "xl/pivotCache/pivotCacheRecords1.xml"
    part = "xl/pivotTables/pivotTable1.xml"
    rows = "".join(
        f"<r>{''.join(field.record(place, listed=number in listed) for number, field in enumerate(pivot.fields))}</r>"
        for place in range(count)
    )
    body = f'<pivotCacheRecords xmlns="{MAIN}" xmlns:r="{OFFICE}" count="{count}">{rows}</pivotCacheRecords>'
    add(package, records, body, f"{SPREADSHEET}.pivotCacheRecords+xml")
    fields = "".join(
        f'<cacheField name={quoteattr(field.name)} numFmtId="{15 if any(isinstance(value, dt.date) for value in field.values) else 0}">'
        f"{field.shared(listed=number in listed)}</cacheField>"
        for number, field in enumerate(pivot.fields)
    )
    source = xl_range(pivot.area[0] - 1, 0, pivot.area[0] - 1 + count, pivot.area[1] - 1)
    versions = 'createdVersion="6" refreshedVersion="6" minRefreshableVersion="3"'
    package.put(cache, b"")
    own = relate(package, cache, "pivotCacheRecords", records)
    add(
        package,
        cache,
        f'<pivotCacheDefinition xmlns="{MAIN}" xmlns:r="{OFFICE}" r:id="{own}" refreshedBy="Priya Nair" refreshedDate="46346" {versions} recordCount="{count}">'
        f'<cacheSource type="worksheet"><worksheetSource ref="{source}" sheet="{pivot.source}"/></cacheSource><cacheFields count="{len(pivot.fields)}">{fields}'
        f'</cacheFields><extLst><ext uri="{{725AE2AE-9491-48be-B2B4-4EB974FC3084}}" xmlns:x14="{X14}"><x14:pivotCacheDefinition pivotCacheId="{CACHE_UID}"/></ext>'
        "</extLst></pivotCacheDefinition>",
        f"{SPREADSHEET}.pivotCacheDefinition+xml",
    )
    add(package, part, _pivot_table(pivot), f"{SPREADSHEET}.pivotTable+xml")
    relate(package, part, "pivotCacheDefinition", cache)
    relate(package, sheet, "pivotTable", part)
    book = relate(package, WORKBOOK, "pivotCacheDefinition", cache)
    caches = f'<pivotCaches><pivotCache cacheId="{CACHE_ID}" r:id="{book}"/></pivotCaches>'
    replace(package, WORKBOOK, "</workbook>", f"{caches}</workbook>")


def _pivot_table(pivot: Pivot) -> str:
    fields = "".join(_pivot_field(pivot, number) for number in range(len(pivot.fields)))
    down, across = (len(pivot.fields[number].items) for number in (pivot.down, pivot.across))
    apply = " ".join(f'apply{what}Formats="0"' for what in ("Number", "Border", "Font", "Pattern", "Alignment"))
    return (
        f'<pivotTableDefinition xmlns="{MAIN}" name="{pivot.name}" cacheId="{CACHE_ID}" {apply} applyWidthHeightFormats="1" dataCaption="Values" updatedVersion="6" '
        'minRefreshableVersion="3" useAutoFormatting="1" itemPrintTitles="1" createdVersion="6" indent="0" outline="1" outlineData="1" multipleFieldFilters="0">'
        f'<location ref="{pivot.location}" firstHeaderRow="1" firstDataRow="2" firstDataCol="1"/><pivotFields count="{len(pivot.fields)}">{fields}</pivotFields>'
        f'<rowFields count="1"><field x="{pivot.down}"/></rowFields>{_lines("rowItems", down)}<colFields count="1"><field x="{pivot.across}"/></colFields>'
        f'{_lines("colItems", across)}<dataFields count="1"><dataField name="{pivot.counted}" fld="0" subtotal="count" baseField="0" baseItem="0"/></dataFields>'
        '<pivotTableStyleInfo name="PivotStyleLight16" showRowHeaders="1" showColHeaders="1" showRowStripes="0" showColStripes="0" showLastColumn="1"/>'
        "</pivotTableDefinition>"
    )


def _pivot_field(pivot: Pivot, number: int) -> str:
    if number == 0:
        return '<pivotField dataField="1" showAll="0"/>'
    if number not in {pivot.down, pivot.across}:
        return '<pivotField showAll="0"/>'
    items = pivot.fields[number].items
    places = "".join(f'<item x="{items.index(item)}"/>' for item in sorted(items))
    axis = "axisRow" if number == pivot.down else "axisCol"
    inside = f'<items count="{len(items) + 1}">{places}<item t="default"/></items>'
    return f'<pivotField axis="{axis}" showAll="0">{inside}</pivotField>'


def _lines(name: str, count: int) -> str:
    lines = "".join(f'<i><x v="{number}"/></i>' if number else "<i><x/></i>" for number in range(count))
    return f'<{name} count="{count + 1}">{lines}<i t="grand"><x/></i></{name}>'


# --- slicers -----------------------------------------------------------------------------------------------------------


def add_slicer(package: Package, sheet: str, pivot: Pivot, *, field: int, sheet_id: int, corner: tuple[int, int]) -> None:
    """A slicer of the pivot table by one of its listed fields; ``corner`` is the (row, column), from 0, of the cell below its upper left corner."""
    caption = pivot.fields[field].name
    cache, own = f"Slicer_{caption}", "xl/slicers/slicer1.xml"
    space = f'xmlns="{X14}" xmlns:mc="{COMPATIBILITY}" mc:Ignorable="x" xmlns:x="{MAIN}"'
    slicer = f'<slicer name="{caption}" cache="{cache}" caption="{caption}" rowHeight="241300"/>'
    add(package, own, f"<slicers {space}>{slicer}</slicers>", "application/vnd.ms-excel.slicer+xml")
    on_sheet = relate(package, sheet, f"{MICROSOFT}/2007/relationships/slicer", own)
    shown = f'<x14:slicerList><x14:slicer r:id="{on_sheet}"/></x14:slicerList>'
    extend(package, sheet, "{A8765BA9-456A-4dab-B4F3-ACF838C121DE}", shown)
    items = "".join(f'<i x="{pivot.fields[field].items.index(item)}" s="1"/>' for item in sorted(pivot.fields[field].items))
    data = f'<data><tabular pivotCacheId="{CACHE_UID}"><items count="{len(pivot.fields[field].items)}">{items}</items></tabular></data>'
    tables = f'<pivotTables><pivotTable tabId="{sheet_id}" name="{pivot.name}"/></pivotTables>'
    part = "xl/slicerCaches/slicerCache1.xml"
    body = f'<slicerCacheDefinition {space} name="{cache}" sourceName="{caption}">{tables}{data}</slicerCacheDefinition>'
    add(package, part, body, "application/vnd.ms-excel.slicerCache+xml")
    book = relate(package, WORKBOOK, f"{MICROSOFT}/2007/relationships/slicerCache", part)
    caches = f'<x14:slicerCaches><x14:slicerCache r:id="{book}"/></x14:slicerCaches>'
    extend(package, WORKBOOK, "{BBE1A952-AA13-448e-AADC-164F8A28A991}", caches)
    replace(package, WORKBOOK, "</definedNames>", f'<definedName name="{cache}">#N/A</definedName></definedNames>')
    drawing = first(package, sheet, "drawing")
    if drawing is None:
        raise ValueError(f"{sheet} has no drawing")
    replace(package, drawing.target, "</xdr:wsDr>", f"{_slicer_shape(caption, corner)}</xdr:wsDr>")


def _slicer_shape(caption: str, corner: tuple[int, int]) -> str:
    """The slicer on the drawing, and the box that programs without slicers show."""
    row, column = corner
    ends = [("from", column, row), ("to", column + 2, row + 7)]
    anchor = "".join(
        f"<xdr:{name}><xdr:col>{x}</xdr:col><xdr:colOff>0</xdr:colOff><xdr:row>{y}</xdr:row><xdr:rowOff>0</xdr:rowOff></xdr:{name}>"
        for name, x, y in ends
    )
    slicer = f'<sle:slicer xmlns:sle="{MICROSOFT}/drawing/2010/slicer" name="{caption}"/>'
    nothing = '<a:off x="0" y="0"/><a:ext cx="0" cy="0"/>'
    frame = (
        f'<xdr:graphicFrame macro=""><xdr:nvGraphicFramePr><xdr:cNvPr id="9" name="{caption}"/><xdr:cNvGraphicFramePr/></xdr:nvGraphicFramePr><xdr:xfrm>{nothing}'
        f'</xdr:xfrm><a:graphic><a:graphicData uri="{MICROSOFT}/drawing/2010/slicer">{slicer}</a:graphicData></a:graphic></xdr:graphicFrame>'
    )
    box = (
        '<xdr:sp macro="" textlink=""><xdr:nvSpPr><xdr:cNvPr id="0" name=""/><xdr:cNvSpPr/></xdr:nvSpPr><xdr:spPr><a:xfrm><a:off x="0" y="0"/><a:ext cx="1828800" '
        'cy="1333500"/></a:xfrm><a:prstGeom prst="rect"><a:avLst/></a:prstGeom><a:solidFill><a:prstClr val="white"/></a:solidFill><a:ln w="1"><a:solidFill><a:prstClr '
        'val="green"/></a:solidFill></a:ln></xdr:spPr><xdr:txBody><a:bodyPr/><a:p><a:r><a:rPr lang="en-GB" sz="1100"/><a:t>A slicer, for Excel 2010 and later.</a:t>'
        "</a:r></a:p></xdr:txBody></xdr:sp>"
    )
    choice = f'<mc:Choice xmlns:a14="{MICROSOFT}/drawing/2010/main" Requires="a14">{frame}</mc:Choice>'
    both = f'<mc:AlternateContent xmlns:mc="{COMPATIBILITY}">{choice}<mc:Fallback>{box}</mc:Fallback></mc:AlternateContent>'
    return f"<xdr:twoCellAnchor>{anchor}{both}<xdr:clientData/></xdr:twoCellAnchor>"


# --- the file ----------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Label:
    """A sensitivity label: its id, and that of the organization's tenant."""

    id: str
    site: str


def add_label(package: Package, label: Label) -> None:
    """The file's sensitivity label."""
    part, space = "docMetadata/LabelInfo.xml", f"{MICROSOFT}/2020/mipLabelMetadata"
    ids = f'id="{{{label.id}}}" siteId="{{{label.site}}}"'
    one = f'<clbl:label {ids} enabled="1" method="Privileged" contentBits="2" removed="0"/>'
    labels = f'<clbl:labelList xmlns:clbl="{space}">{one}</clbl:labelList>'
    add(package, part, labels, "application/vnd.ms-office.classificationlabels+xml")
    relate(package, "", f"{MICROSOFT}/2020/02/relationships/classificationlabels", part)


def add_custom_xml(package: Package, xml: str, guid: str) -> None:
    """Data that some add-in keeps in the file."""
    item, properties = "customXml/item1.xml", "customXml/itemProps1.xml"
    add(package, item, xml)
    store = f"{OFFICE.rpartition('/')[0]}/customXml"
    body = f'<ds:datastoreItem ds:itemID="{guid}" xmlns:ds="{store}"><ds:schemaRefs/></ds:datastoreItem>'
    add(package, properties, body, "application/vnd.openxmlformats-officedocument.customXmlProperties+xml")
    relate(package, item, "customXmlProps", properties)
    relate(package, WORKBOOK, "customXml", item)
