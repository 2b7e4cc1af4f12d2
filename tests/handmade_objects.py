"""What may float over a hand-made sheet: pictures, charts, controls, embedded objects."""

from __future__ import annotations

from handmade import COMPATIBILITY, DECLARATION, MICROSOFT, OFFICE, X14, Pack, Page
from handmade_features import feature, vml, whole

DRAWING = "application/vnd.openxmlformats-officedocument.drawing+xml"
A = "http://schemas.openxmlformats.org/drawingml/2006/main"
XDR = "http://schemas.openxmlformats.org/drawingml/2006/spreadsheetDrawing"
PNG = bytes.fromhex(
    "89504e470d0a1a0a0000000d49484452000000010000000108060000001f15c4890000000d49444154789c6360606060000000050001a5f645400000000049454e44ae426082"
)
ANCHOR = (
    "<xdr:from><xdr:col>7</xdr:col><xdr:colOff>0</xdr:colOff><xdr:row>1</xdr:row><xdr:rowOff>0</xdr:rowOff></xdr:from>"
    "<xdr:to><xdr:col>12</xdr:col><xdr:colOff>0</xdr:colOff><xdr:row>12</xdr:row><xdr:rowOff>0</xdr:rowOff></xdr:to>"
)


def drawing(pack: Pack, anchors: str, page: Page) -> str:
    """A drawing on a sheet; its part name."""
    part = "xl/drawings/drawing1.xml"
    pack.add(part, whole("xdr:wsDr", anchors, f'xmlns:xdr="{XDR}" xmlns:a="{A}" xmlns:r="{OFFICE}"'), DRAWING)
    page.put("drawing", f'<drawing r:id="{pack.relate(page.part, "drawing", f"/{part}")}"/>')
    return part


@feature()
def pictures(pack: Pack) -> None:
    """A picture, a text box and a group on the sheet, a background picture, a picture in the header."""
    shape = (
        '<xdr:sp macro="" textlink=""><xdr:nvSpPr><xdr:cNvPr id="3" name="Box"/><xdr:cNvSpPr txBox="1"/></xdr:nvSpPr><xdr:spPr><a:xfrm><a:off x="0" y="0"/>'
        '<a:ext cx="9" cy="9"/></a:xfrm><a:prstGeom prst="rect"><a:avLst/></a:prstGeom></xdr:spPr><xdr:txBody><a:bodyPr/><a:p><a:r><a:t>Legend</a:t></a:r></a:p>'
        "</xdr:txBody></xdr:sp>"
    )
    picture = (
        '<xdr:pic><xdr:nvPicPr><xdr:cNvPr id="2" name="Logo"/><xdr:cNvPicPr/></xdr:nvPicPr><xdr:blipFill><a:blip r:embed="rId1"/><a:stretch><a:fillRect/>'
        '</a:stretch></xdr:blipFill><xdr:spPr><a:prstGeom prst="rect"><a:avLst/></a:prstGeom></xdr:spPr></xdr:pic>'
    )
    anchors = anchored(picture) + anchored(shape)
    part = drawing(pack, anchors, pack.sheet)
    pack.add("xl/media/image1.png", PNG, "image/png")
    pack.relate(part, "image", "/xl/media/image1.png")
    pack.sheet.put("picture", f'<picture r:id="{pack.relate(pack.sheet.part, "image", "/xl/media/image1.png")}"/>')
    header = vml(
        pack,
        '<v:shape id="LH" style="width:10pt;height:10pt"><v:imagedata o:relid="rId1" o:title="x"/></v:shape>',
        "legacyDrawingHF",
    )
    pack.relate(header, "image", "/xl/media/image1.png")
    pack.sheet.put("headerFooter", "<headerFooter><oddHeader>&amp;L&amp;G</oddHeader></headerFooter>")


C, CX = "http://schemas.openxmlformats.org/drawingml/2006/chart", f"{MICROSOFT}/drawing/2014/chartex"
CHART = (
    '<c:chart><c:plotArea><c:layout/><c:barChart><c:barDir val="bar"/><c:grouping val="clustered"/><c:ser><c:idx val="0"/><c:order val="0"/><c:cat>'
    "<c:strRef><c:f>Controls!$A$2:$A$9</c:f></c:strRef></c:cat><c:val><c:numRef><c:f>Controls!$G$2:$G$9</c:f></c:numRef></c:val></c:ser>"
    '<c:axId val="1"/><c:axId val="2"/></c:barChart><c:catAx><c:axId val="1"/><c:scaling/><c:delete val="0"/><c:axPos val="l"/><c:crossAx val="2"/></c:catAx>'
    '<c:valAx><c:axId val="2"/><c:scaling/><c:delete val="0"/><c:axPos val="b"/><c:crossAx val="1"/></c:valAx></c:plotArea></c:chart>'
)


def frame(number: int, namespace: str, inside: str) -> str:
    """What holds a chart in a drawing."""
    return (
        f'<xdr:graphicFrame macro=""><xdr:nvGraphicFramePr><xdr:cNvPr id="{number}" name="Chart {number}"/><xdr:cNvGraphicFramePr/></xdr:nvGraphicFramePr>'
        f'<xdr:xfrm><a:off x="0" y="0"/><a:ext cx="0" cy="0"/></xdr:xfrm><a:graphic><a:graphicData uri="{namespace}">{inside}</a:graphicData></a:graphic>'
        "</xdr:graphicFrame>"
    )


def anchored(inside: str) -> str:
    """What holds anything in a drawing."""
    return f"<xdr:twoCellAnchor>{ANCHOR}{inside}<xdr:clientData/></xdr:twoCellAnchor>"


CHART_ANCHOR = anchored(frame(2, C, f'<c:chart xmlns:c="{C}" r:id="rId1"/>'))


def chart_part(pack: Pack, part: str) -> None:
    """The chart of ``CHART_ANCHOR`` in the drawing."""
    kind = "application/vnd.openxmlformats-officedocument.drawingml.chart+xml"
    pack.add(
        "xl/charts/chart1.xml",
        whole("c:chartSpace", CHART, f'xmlns:c="{C}" xmlns:a="{A}" xmlns:r="{OFFICE}"'),
        kind,
        "chart",
        part,
    )


@feature()
def charts(pack: Pack) -> None:
    """A chart with a style part, and one of the newer kinds behind mc:AlternateContent."""
    newer = frame(3, CX, f'<cx:chart xmlns:cx="{CX}" r:id="rId2"/>')
    choice = f'<mc:AlternateContent xmlns:mc="{COMPATIBILITY}"><mc:Choice xmlns:cx1="{CX}" Requires="cx1">{newer}</mc:Choice><mc:Fallback/></mc:AlternateContent>'
    part = drawing(pack, CHART_ANCHOR + anchored(choice), pack.sheet)
    chart_part(pack, part)
    body = "<cx:chartData/><cx:chart><cx:plotArea/></cx:chart>"
    pack.add(
        "xl/charts/chartEx1.xml",
        whole("cx:chartSpace", body, f'xmlns:cx="{CX}"'),
        "application/vnd.ms-office.chartex+xml",
        f"{MICROSOFT}/2014/relationships/chartEx",
        part,
    )
    style = whole("cs:chartStyle", "", f'xmlns:cs="{MICROSOFT}/drawing/2012/chartStyle" id="201"')
    pack.add(
        "xl/charts/style1.xml",
        style,
        "application/vnd.ms-office.chartstyle+xml",
        f"{MICROSOFT}/2011/relationships/chartStyle",
        "xl/charts/chart1.xml",
    )


@feature()
def controls(pack: Pack) -> None:
    """A form control: mc:AlternateContent in the sheet, ctrlProps and a VML shape."""
    vml(
        pack,
        '<v:shape id="_x0000_s1025" type="#_x0000_t201" style="position:absolute"><x:ClientData ObjectType="Checkbox"><x:Checked>1</x:Checked></x:ClientData></v:shape>',
    )
    pack.add(
        "xl/ctrlProps/ctrlProp1.xml",
        f'{DECLARATION}<formControlPr xmlns="{X14}" objectType="CheckBox" checked="Checked" lockText="1" noThreeD="1"/>',
        "application/vnd.ms-excel.controlproperties+xml",
    )
    control = pack.relate(pack.sheet.part, "ctrlProp", "/xl/ctrlProps/ctrlProp1.xml")
    inner = (
        f'<mc:AlternateContent xmlns:mc="{COMPATIBILITY}"><mc:Choice Requires="x14"><control shapeId="1025" r:id="{control}" name="Box 1"><controlPr defaultSize="0" '
        f'autoFill="0"><anchor moveWithCells="1">{ANCHOR.replace("xdr:from", "from").replace("xdr:to", "to")}</anchor></controlPr></control></mc:Choice></mc:AlternateContent>'
    )
    pack.sheet.put("controls", (
        f'<mc:AlternateContent xmlns:mc="{COMPATIBILITY}"><mc:Choice xmlns:x14="{X14}" xmlns:xdr="{XDR}" Requires="x14"><controls>{inner}</controls></mc:Choice></mc:AlternateContent>'
    ))  # fmt: skip


@feature()
def embedded(pack: Pack) -> None:
    """An embedded object with its picture and VML shape."""
    vml(
        pack,
        '<v:shape id="_x0000_s1025" type="#_x0000_t75" style="position:absolute"><x:ClientData ObjectType="Pict"/></v:shape>',
    )
    pack.add(
        "xl/embeddings/oleObject1.bin",
        b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1 an object",
        "application/vnd.openxmlformats-officedocument.oleObject",
    )
    thing = pack.relate(pack.sheet.part, "oleObject", "/xl/embeddings/oleObject1.bin")
    pack.sheet.put("oleObjects", f'<oleObjects><oleObject progId="Word.Document.12" shapeId="1025" r:id="{thing}"/></oleObjects>')
