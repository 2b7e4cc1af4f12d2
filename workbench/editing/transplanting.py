"""The parts of a sheet that XlsxWriter wrote, as they have to be in another workbook: its formats, strings, names and numbers are that one's."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from workbench.editing.outline import outline
from workbench.editing.references import mentioned, renamed, with_formulas
from workbench.editing.vml import SHAPES_PER_BLOCK, blocks
from workbench.editing.xml import Element, Splices, parse, spliced

_CELL = re.compile(rb"""<(row|c) r="(\w+)"((?: [\w:]+="[^"]*")*)(/?)>(?:<v>([^<]*)</v>)?""")
_STYLE = re.compile(rb' s="(\d+)"')
_TYPE = re.compile(rb' t="(\w+)"')
_METADATA = re.compile(rb' cm="\d+"')
"""Says that an array formula is a dynamic one; the part that it refers to is not carried along, and the formula is a plain array formula without."""
_INNER = re.compile(rb"^<si[^>]*?(?:/>|>(.*)</si>)$", re.DOTALL)
_DAYS_1904 = 1462
_SHAPE = re.compile(rb"(_x0000_s)(\d+)")
_IDMAP = re.compile(rb"""(<o:idmap\b[^>]*?\bdata\s*=\s*["'])([^"']*)""")


@dataclass(frozen=True, slots=True)
class Terms:
    """What is called otherwise in the new workbook.

    ``formats`` and ``dxfs``: cell and differential formats; ``strings``: the shared strings of the old one as ``si`` elements; ``sheets`` and ``names``
    (tables too): casefolded old name → new one; ``lists``: formulas of drop-downs that are written out; ``known``: the sheets that links may lead to,
    casefolded; ``days``: what is added to the number of a day in cells with a format of ``moments``.
    """

    formats: Mapping[int, int] = field(default_factory=dict)
    dxfs: Mapping[int, int] = field(default_factory=dict)
    strings: Sequence[bytes] = ()
    sheets: Mapping[str, str] = field(default_factory=dict)
    names: Mapping[str, str] = field(default_factory=dict)
    lists: Mapping[str, str] = field(default_factory=dict)
    known: frozenset[str] = frozenset()
    moments: frozenset[int] = frozenset()
    days: int = 0

    def formula(self, text: str) -> str:
        """A formula in the new terms."""
        return self.lists.get(text) or renamed(text, self.sheets, self.names)


def days_between(*, old_is_1904: bool, new_is_1904: bool) -> int:
    """What is added to the number of a day: the two calendars of Excel begin 1,462 days apart."""
    return _DAYS_1904 * (old_is_1904 - new_is_1904)


def sheet_xml(data: bytes, part: str, terms: Terms) -> bytes:
    """The worksheet part; its relationships keep their ids."""
    found = outline(data, part)
    splices = Splices(data)
    rows = data[found.data.opened : found.data.closing]
    splices.replace(found.data.opened, found.data.closing, _CELL.sub(_cells(terms), rows))
    for element in _all(found.root):
        _renumber(splices, element, terms)
    _unselect(splices, found.root)
    _links(splices, found.root, terms)
    _days(splices, found.root, terms)
    return with_formulas(spliced(data, splices.done()), terms.formula)


def _all(element: Element) -> Iterator[Element]:
    for child in element.children:
        yield child
        yield from _all(child)


def _cells(terms: Terms) -> Callable[[re.Match[bytes]], bytes]:
    """Rewrites the start of a row or cell, with its value where that follows. What stands behind the place is the same in many cells."""
    known: dict[bytes, tuple[bytes, bool, bool]] = {}
    inline = [b"<is>" + _INNER.sub(rb"\1", one) + b"</is>" for one in terms.strings]

    def change(match: re.Match[bytes]) -> bytes:
        tag, ref, rest, close, value = match.groups()
        if rest not in known:
            known[rest] = _rest(rest, terms)
        new, is_shared, is_moment = known[rest]
        head = b"<" + tag + b' r="' + ref + b'"' + new + close + b">"
        if value is None or tag == b"row":
            return head
        if is_shared:
            return head + inline[int(value)]
        if is_moment and terms.days:
            value = f"{float(value) + terms.days:.15g}".encode()
        return head + b"<v>" + value + b"</v>"

    return change


def _rest(rest: bytes, terms: Terms) -> tuple[bytes, bool, bool]:
    style, kind = _STYLE.search(rest), _TYPE.search(rest)
    number = int(style[1]) if style else 0
    new = _STYLE.sub(f' s="{terms.formats[number]}"'.encode(), rest) if style else rest
    new = _METADATA.sub(b"", new)
    is_shared = kind is not None and kind[1] == b"s"
    return new.replace(b' t="s"', b' t="inlineStr"') if is_shared else new, is_shared, kind is None and number in terms.moments


def _renumber(splices: Splices, element: Element, terms: Terms) -> None:
    """The formats of columns, of conditional formats, and of whatever else refers to a differential format."""
    for name, value in element.attributes.items():
        if name.lower().endswith("dxfid"):
            splices.attribute(element, name, str(terms.dxfs[int(value)]))
    if element.name == "col" and element.get("style"):
        splices.attribute(element, "style", str(terms.formats[int(element.attributes["style"])]))


def _unselect(splices: Splices, root: Element) -> None:
    """The sheet is not the one that Excel opens on, and no macro knows it."""
    for view in root.walk("sheetView"):
        splices.attribute(view, "tabSelected", None)
    for properties in root.all("sheetPr"):
        splices.attribute(properties, "codeName", None)


def _links(splices: Splices, root: Element, terms: Terms) -> None:
    """Links within the workbook lead to the sheets as they are called now; one to a sheet that is not there is none."""
    links = root.child("hyperlinks")
    gone = []
    for link in links.all("hyperlink") if links else ():
        where = link.get("location")
        if where is None:
            continue
        new = renamed(where, terms.sheets, terms.names)
        if all(name.casefold() in terms.known for kind, name in mentioned(new) if kind == "sheet"):
            if new != where:
                splices.attribute(link, "location", new)
        else:
            gone.append(link)
    if links and gone:
        if len(gone) < len(links.children):
            for link in links.all("hyperlink"):
                if link in gone:
                    splices.replace(link.start, link.end, b"")
        else:
            splices.replace(links.start, links.end, b"")


def _days(splices: Splices, root: Element, terms: Terms) -> None:
    """The days in the rules of what may be typed."""
    for rule in root.walk("dataValidation") if terms.days else ():
        for limit in rule.children if rule.get("type") == "date" else ():
            if re.fullmatch(r"\d+(\.\d+)?", limit.text):
                splices.replace(limit.opened, limit.closing, f"{float(limit.text) + terms.days:.15g}".encode())


def table_xml(data: bytes, part: str, terms: Terms, number: int) -> bytes:
    """A table with a number and a name that no other table of the workbook has."""
    root, splices = parse(data, part), Splices(data)
    splices.attribute(root, "id", str(number))
    for name in ("name", "displayName"):
        said = root.get(name)
        if said:
            splices.attribute(root, name, terms.names.get(said.casefold(), said))
    for element in (root, *_all(root)):
        _renumber(splices, element, terms)
    return with_formulas(spliced(data, splices.done()), terms.formula)


def vml_xml(data: bytes, first: int) -> bytes:
    """A VML drawing whose blocks of shape numbers begin with block ``first``."""
    own = blocks(data)
    shift = first - min(own, default=first)

    def shape(match: re.Match[bytes]) -> bytes:
        return match[1] + str(int(match[2]) + shift * SHAPES_PER_BLOCK).encode()

    def owned(match: re.Match[bytes]) -> bytes:
        return match[1] + ",".join(str(int(word) + shift) for word in re.findall(rb"\d+", match[2])).encode()

    return _IDMAP.sub(owned, _SHAPE.sub(shape, data))
