"""The two kinds of Office Open XML: transitional, which everybody writes, and strict, whose namespaces are others (ISO/IEC 29500-1 and -4)."""

from __future__ import annotations

from workbench.editing.xml import Element, Splices, spliced

TRANSITIONAL = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
STRICT = "http://purl.oclc.org/ooxml/officeDocument/relationships"
MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
MAIN_STRICT = "http://purl.oclc.org/ooxml/spreadsheetml/main"
_DRAWING = "http://schemas.openxmlformats.org/drawingml/2006/"
_STRICT_OF = {
    TRANSITIONAL: STRICT,
    MAIN: MAIN_STRICT,
    **{f"{_DRAWING}{word}": f"http://purl.oclc.org/ooxml/drawingml/{word}" for word in ("main", "chart", "spreadsheetDrawing")},
}


def as_strict(data: bytes, root: Element) -> bytes:
    """The part with strict namespaces; ``root`` is its tree, which may leave out what declares none."""
    splices = Splices(data)
    _strict_names(root, splices)
    return spliced(data, splices.done())


def _strict_names(element: Element, splices: Splices) -> None:
    for name, value in element.attributes.items():
        if (name == "xmlns" or name.startswith("xmlns:")) and value in _STRICT_OF:
            splices.attribute(element, name, _STRICT_OF[value])
    for child in element.children:
        _strict_names(child, splices)
