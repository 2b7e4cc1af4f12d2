"""The drawing that shows a sheet's notes: VML (ISO/IEC 29500-4, 19), kept for Excel alone.

It is handled as text, because old programs leave it not well-formed: ``<br>`` and entities of HTML.
"""

from __future__ import annotations

import itertools
import re
from collections.abc import Container, Iterable, Iterator, Sequence
from dataclasses import dataclass

from workbench.editing.boxes import Box
from workbench.editing.refusals import EditRefused
from workbench.editing.xml import Splice, Splices

_SPACES = {
    "v": "urn:schemas-microsoft-com:vml",
    "o": "urn:schemas-microsoft-com:office:office",
    "x": "urn:schemas-microsoft-com:office:excel",
}
_TYPE = (
    '<v:shapetype{spaces} id="_x0000_t202" coordsize="21600,21600" o:spt="202" path="m,l,21600r21600,l21600,xe">'
    '<v:stroke joinstyle="miter"/><v:path gradientshapeok="t" o:connecttype="rect"/></v:shapetype>'
)
_SHAPE = (
    '<v:shape{spaces} id="_x0000_s{id}" type="#_x0000_t202" style="position:absolute;width:{width}pt;height:{height}pt;z-index:{order};'
    'visibility:hidden" fillcolor="#ffffe1" o:insetmode="auto"><v:fill color2="#ffffe1"/><v:shadow on="t" color="black" obscured="t"/>'
    '<v:path o:connecttype="none"/><v:textbox style="mso-direction-alt:auto"><div style="text-align:left"></div></v:textbox>'
    '<x:ClientData ObjectType="Note"><x:MoveWithCells/><x:SizeWithCells/><x:Anchor>{anchor}</x:Anchor><x:AutoFill>False</x:AutoFill>'
    "<x:Row>{row}</x:Row><x:Column>{column}</x:Column></x:ClientData></v:shape>"
)
SHAPES_PER_BLOCK = 1024
"""Numbers of shapes come in blocks of so many, and a drawing says which blocks are its own."""
_QUOTED = rb"""(?:[^<>"']|"[^"]*"|'[^']*')*"""
_ROOT = re.compile(rb"<xml(?=[\s/>])" + _QUOTED + rb">")
_END = re.compile(rb"</xml\s*>\s*\Z")
_SHAPE_TAG = re.compile(rb"<((?:[\w.-]+:)?)shape(?=[\s>])" + _QUOTED + rb">")
_MAP = re.compile(rb"""<(?:[\w.-]+:)?idmap\s[^<>]*?\bdata\s*=\s*["']([^"']*)["']""")
_ID = re.compile(rb"_x0000_s(\d{1,9})(?!\d)")
_ROW, _COLUMN = (re.compile(rb"<(?:\w+:)?" + word + rb"\s*>\s*(\d{1,9})\s*<") for word in (b"Row", b"Column"))
_NOTE = re.compile(rb"""ObjectType\s*=\s*["']Note["']""")


@dataclass(frozen=True, slots=True)
class _Shape:
    start: int
    end: int
    place: tuple[int, int] | None


def new_drawing(block: int) -> bytes:
    """A drawing without shapes, whose numbers are to come from that block."""
    spaces = "".join(f' xmlns:{prefix}="{uri}"' for prefix, uri in _SPACES.items())
    layout = f'<o:shapelayout v:ext="edit"><o:idmap v:ext="edit" data="{block}"/></o:shapelayout>'
    return f"<xml{spaces}>{layout}</xml>".encode()


def blocks(data: bytes) -> set[int]:
    """The blocks whose numbers the drawing has or may give to shapes."""
    return {*_declared(data), *(number // SHAPES_PER_BLOCK for number in _used(data))}


def has_shapes(data: bytes) -> bool:
    """Whether anything is drawn."""
    return _SHAPE_TAG.search(data) is not None


def check_drawing(data: bytes, part: str) -> None:
    """Raises EditRefused where nothing can be added."""
    if not _END.search(data) or not _ROOT.search(data):
        raise EditRefused(f"{part}, which draws the notes of the sheet, is damaged; open the file in Excel, repair and save it")


def with_boxes(data: bytes, boxes: Sequence[Box], fresh: int) -> list[Splice]:
    """Splices that draw these boxes, hidden until one points at their cells. From ``fresh`` on, blocks are free in the whole workbook."""
    end = _END.search(data)
    if not end or not boxes:
        return []
    spaces, drawn = _undeclared(data), sum(1 for _ in _shapes(data))
    declared = _declared(data)
    numbers = list(itertools.islice(_free(_used(data), declared or sorted(blocks(data)), fresh), len(boxes)))
    type_ = "" if b"_x0000_t202" in data else _TYPE.format(spaces=spaces)
    shapes = (
        _shape(box, number, drawn + order, spaces) for order, (box, number) in enumerate(zip(boxes, numbers, strict=True), 1)
    )
    splices = Splices(data)
    splices.insert(end.start(), (type_ + "".join(shapes)).encode())
    _declare(splices, [*declared, *sorted({number // SHAPES_PER_BLOCK for number in numbers} - set(declared))])
    return splices.done()


def without_notes(data: bytes, places: Container[tuple[int, int]]) -> list[Splice]:
    """Splices that leave out the boxes of the notes on these cells (row and column from 1), and what only they needed."""
    shapes = list(_shapes(data))
    gone, kept = [one for one in shapes if one.place in places], [one for one in shapes if one.place not in places]
    splices = Splices(data)
    for shape in gone:
        splices.replace(shape.start, shape.end, b"")
    if gone:
        left = b"".join(data[shape.start : shape.end] for shape in kept)
        _drop_type(splices, left)
        _undeclare(splices, b"".join(data[shape.start : shape.end] for shape in gone), left)
    return splices.done()


def _shapes(data: bytes) -> Iterator[_Shape]:
    at = 0
    while tag := _SHAPE_TAG.search(data, at):
        end = None if tag[0].endswith(b"/>") else re.compile(rb"</" + tag[1] + rb"shape\s*>").search(data, tag.end())
        at = end.end() if end else tag.end()
        yield _Shape(tag.start(), at, _place(data[tag.end() : at]))


def _place(inner: bytes) -> tuple[int, int] | None:
    """The cell of a note; None for anything else that is drawn."""
    row, column = _ROW.search(inner), _COLUMN.search(inner)
    return (int(row[1]) + 1, int(column[1]) + 1) if row and column and _NOTE.search(inner) else None


def _shape(box: Box, number: int, order: int, spaces: str) -> str:
    return _SHAPE.format(
        spaces=spaces, id=number, order=order, width=box.width * 0.75, height=box.height * 0.75,
        anchor=", ".join(map(str, box.anchor)), row=box.row - 1, column=box.column - 1,
    )  # fmt: skip


def _undeclared(data: bytes) -> str:
    """Declarations for those of our prefixes that the drawing binds to nothing, or to something else."""
    root = _ROOT.search(data)
    tag = root[0].decode(errors="replace") if root else ""
    return "".join(
        f' xmlns:{prefix}="{uri}"'
        for prefix, uri in _SPACES.items()
        if not re.search(rf"""\sxmlns:{prefix}\s*=\s*["']{re.escape(uri)}["']""", tag)
    )


def _used(data: bytes) -> set[int]:
    return {int(number) for number in _ID.findall(data)}


def _declared(data: bytes) -> list[int]:
    found = _MAP.search(data)
    return [int(word) for word in found[1].split(b",") if re.fullmatch(rb"\s*\d{1,9}\s*", word)] if found else []


def _free(used: Container[int], own: Iterable[int], fresh: int) -> Iterator[int]:
    for block in itertools.chain(own, itertools.count(fresh)):
        first = block * SHAPES_PER_BLOCK
        yield from (number for number in range(first + 1, first + SHAPES_PER_BLOCK) if number not in used)


def _declare(splices: Splices, wanted: list[int]) -> None:
    """The drawing's own blocks are said where they were said."""
    found = _MAP.search(splices.data)
    if found and wanted != _declared(splices.data):
        splices.replace(found.start(1), found.end(1), ",".join(map(str, wanted)).encode())


def _undeclare(splices: Splices, gone: bytes, left: bytes) -> None:
    """Blocks at the end of the list that only the boxes used which are gone; the first always stays."""
    declared = _declared(splices.data)
    freed = {number // SHAPES_PER_BLOCK for number in _used(gone)} - {number // SHAPES_PER_BLOCK for number in _used(left)}
    while len(declared) > 1 and declared[-1] in freed:
        declared.pop()
    _declare(splices, declared)


def _drop_type(splices: Splices, left: bytes) -> None:
    """The kind of shape that notes are, where it is ours and nothing is of that kind any more."""
    type_ = _TYPE.format(spaces=_undeclared(splices.data)).encode()
    start = splices.data.find(type_)
    if start >= 0 and b"#_x0000_t202" not in left:
        splices.replace(start, start + len(type_), b"")
