"""XML as bytes with places: a tree that knows where in the text each element stands, and splices that change nothing else.

The tree is for small parts; a sheet's rows are scanned by ``workbench.editing.rows``.
"""

from __future__ import annotations

import io
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple
from xml.parsers import expat  # the scanner itself; DTDs are refused before anything of them is read

from workbench.editing.refusals import WorkbookRefused

_ATTRIBUTE = re.compile(rb"""\s+([^\s=>/]+)\s*=\s*("[^"]*"|'[^']*')""")
_START_TAG = re.compile(rb"""<[^\s/>]+(?:[^>"']|"[^"]*"|'[^']*')*>""")
_LARGE = 8 << 20
_MOST_ELEMENTS, _MOST_DEEP = 500_000, 200
"""Of a tree: some 400 MB, and far from what Python can walk through; rows are never made a tree."""
_XML_SPACE = "http://www.w3.org/XML/1998/namespace"


class Splice(NamedTuple):
    """At ``start`` stand the bytes ``old``; they become ``new``. A named tuple, because a new column makes a hundred thousand of them."""

    start: int
    old: bytes
    new: bytes


def spliced(data: bytes, splices: Sequence[Splice]) -> bytes:
    """``data`` with the splices, which ascend and do not overlap. ValueError where ``old`` is not what stands there."""
    written, at, view = io.BytesIO(), 0, memoryview(data)
    for splice in splices:
        end = splice.start + len(splice.old)
        if splice.start < at or (splice.old and view[splice.start : end] != splice.old) or end > len(data):
            raise ValueError(f"the splice at {splice.start} does not fit")
        written.write(view[at : splice.start])
        written.write(splice.new)
        at = end
    written.write(view[at:])
    return written.getvalue()


def holds(data: bytes, word: bytes, start: int = 0, stop: int | None = None) -> bool:
    """Whether ``word`` stands in ``data``. Single bytes are found ten times faster than words, and most sheets lack one of them."""
    end = len(data) if stop is None else stop
    return all(data.find(byte, start, end) >= 0 for byte in set(word)) and data.find(word, start, end) >= 0


@dataclass(slots=True, eq=False)
class Element:
    """An element and where it stands: its start tag from ``start`` to ``opened``, its end tag from ``closing`` to ``end``.

    ``name`` is the local name, ``space`` its namespace, ``prefix`` as written with its colon. ``attributes`` have the names as written. Where the element is written
    ``<a/>``, ``opened``, ``closing`` and ``end`` are equal.
    """

    name: str
    space: str
    prefix: str
    attributes: dict[str, str]
    start: int
    opened: int = 0
    closing: int = 0
    end: int = 0
    children: list[Element] = field(default_factory=list)
    text: str = ""
    spaces: dict[str, str] = field(default_factory=dict)

    @property
    def is_closed(self) -> bool:
        """Whether it is written ``<a/>``."""
        return self.opened == self.end

    def child(self, name: str) -> Element | None:
        """The first child of that local name in the element's own namespace."""
        return next(self.all(name), None)

    def all(self, name: str) -> Iterator[Element]:
        """The children of that local name in the element's own namespace."""
        return (child for child in self.children if child.name == name and child.space == self.space)

    def walk(self, name: str) -> Iterator[Element]:
        """All descendants of that local name, in any namespace, in document order."""
        for child in self.children:
            if child.name == name:
                yield child
            yield from child.walk(name)

    def get(self, name: str, space: str = "") -> str | None:
        """An attribute by its local name; ``space`` is its namespace, "" for none."""
        if not space:
            return self.attributes.get(name)
        for written, value in self.attributes.items():
            prefix, colon, local = written.partition(":")
            if colon and local == name and self.spaces.get(prefix) == space:
                return value
        return None


def parse(data: bytes, part: str = "the part") -> Element:
    """The tree of an XML part.

    Raises:
        WorkbookRefused: not well formed, not UTF-8, or with a document type.
    """
    builder = _Builder(data, part)
    parser = _parser(part)
    parser.StartElementHandler = builder.begin
    parser.EndElementHandler = builder.finish
    parser.CharacterDataHandler = builder.characters
    builder.parser = parser
    _run(parser, data, part)
    return builder.root[0]


def check(data: bytes, part: str) -> None:
    """Refuse XML that is not well formed, not UTF-8, or has a document type.

    Of a large part only the letters are looked at: whoever edits it finds what is wrong where the edit is.

    Raises:
        WorkbookRefused: as above.
    """
    if len(data) < _LARGE:
        _run(_parser(part), data, part)
        return
    try:
        data.decode()
    except UnicodeDecodeError as error:
        raise WorkbookRefused(f"{part} is not UTF-8 at byte {error.start}; open the file in Excel and save it anew") from error


def _parser(part: str) -> expat.XMLParserType:
    parser = expat.ParserCreate()
    parser.buffer_text = True

    def doctype(*_: object) -> None:
        raise WorkbookRefused(f"{part} has a document type (DTD), which no Office file has; do not trust this file")

    def declared(_version: str, encoding: str | None, _standalone: int) -> None:
        if encoding and encoding.lower() not in {"utf-8", "utf8", "us-ascii", "ascii"}:
            raise WorkbookRefused(f"{part} is written in {encoding}, not in UTF-8; open the file in Excel and save it anew")

    parser.StartDoctypeDeclHandler = doctype
    parser.XmlDeclHandler = declared
    return parser


def _run(parser: expat.XMLParserType, data: bytes, part: str) -> None:
    if data[:2] in {b"\xff\xfe", b"\xfe\xff"}:
        raise WorkbookRefused(f"{part} is written in UTF-16, not in UTF-8; open the file in Excel and save it anew")
    try:
        parser.Parse(data, True)
    except expat.ExpatError as error:
        raise WorkbookRefused(f"{part} is damaged: {error}; open the file in Excel, repair and save it") from error


class _Builder:
    """Collects the elements while expat runs."""

    def __init__(self, data: bytes, part: str) -> None:
        self._data = data
        self._part = part
        self._open: list[Element] = []
        self._texts: list[list[str]] = []
        self._count = 0
        self.root: list[Element] = []
        self.parser: expat.XMLParserType

    def begin(self, tag: str, attributes: dict[str, str]) -> None:
        spaces = self._open[-1].spaces if self._open else {"xml": _XML_SPACE}
        declared = {
            name[6:] if name != "xmlns" else "": value
            for name, value in attributes.items()
            if name == "xmlns" or name.startswith("xmlns:")
        }
        spaces = {**spaces, **declared} if declared else spaces
        prefix, colon, local = tag.rpartition(":")
        start = self.parser.CurrentByteIndex
        match = _START_TAG.match(self._data, start)
        if match is None:
            raise WorkbookRefused(f"{self._part} is damaged at byte {start}; open the file in Excel, repair and save it")
        element = Element(local, spaces.get(prefix, ""), prefix + colon, attributes, start, match.end(), spaces=spaces)
        (self._open[-1].children if self._open else self.root).append(element)
        self._open.append(element)
        self._texts.append([])
        self._count += 1
        if len(self._open) > _MOST_DEEP or self._count > _MOST_ELEMENTS:
            raise WorkbookRefused(
                f"{self._part} has more than {_MOST_ELEMENTS:,} elements, or more than {_MOST_DEEP} within each other; that is no normal workbook"
            )

    def finish(self, _tag: str) -> None:
        element = self._open.pop()
        element.text = "".join(self._texts.pop())
        if self._data[element.opened - 2 : element.opened] == b"/>":
            element.closing = element.end = element.opened
            return
        element.closing = self.parser.CurrentByteIndex
        element.end = self._data.index(b">", element.closing) + 1

    def characters(self, text: str) -> None:
        self._texts[-1].append(text)


class Splices:
    """Splices of one part, gathered in any order. Insertions at one place keep the order in which they came."""

    def __init__(self, data: bytes) -> None:
        """``data`` is the part that they change."""
        self.data = data
        self._found: list[Splice] = []

    def replace(self, start: int, end: int, new: bytes) -> None:
        """The bytes from ``start`` to ``end`` become ``new``."""
        self._found.append(Splice(start, self.data[start:end], new))

    def insert(self, at: int, new: bytes) -> None:
        """``new`` stands before what is at ``at``."""
        self.replace(at, at, new)

    def append_child(self, parent: Element, new: bytes) -> None:
        """``new`` is the last thing within ``parent``, which is opened where it was written ``<a/>``. Once for each parent.

        The space in the end tag of what was opened lets ``remove_children`` close it again.
        """
        if not parent.is_closed:
            self.insert(parent.closing, new)
            return
        self.replace(parent.opened - 2, parent.opened, b">" + new + b"</" + (parent.prefix + parent.name).encode() + b" >")

    def remove_children(self, parent: Element, gone: Sequence[Element], *, whole: bool = False) -> None:
        """These children are not there. Where nothing is left, a ``<a/>`` that ``append_child`` opened is closed again, and any other goes too if ``whole``."""
        left = b"".join(self.data[start:end] for start, end in self._between(parent, gone))
        if not left.strip() and self.data[parent.closing : parent.end].endswith(b" >"):
            self.replace(parent.opened - 1, parent.end, b"/>")
        elif not left.strip() and whole:
            self.replace(parent.start, parent.end, b"")
        else:
            for child in gone:
                self.replace(child.start, child.end, b"")

    @staticmethod
    def _between(parent: Element, gone: Sequence[Element]) -> Iterator[tuple[int, int]]:
        at = parent.opened
        for child in gone:
            yield at, child.start
            at = child.end
        yield at, parent.closing

    def attribute(self, element: Element, name: str, value: str | None) -> None:
        """The attribute (name as written) has that value; None takes it away."""
        self.tag_attribute(element.start, element.opened, name, value)

    def tag_attribute(self, start: int, opened: int, name: str, value: str | None) -> None:
        """As ``attribute``, for the start tag from ``start`` to ``opened``."""
        wanted = name.encode()
        for match in _ATTRIBUTE.finditer(self.data, start, opened):
            if match[1] == wanted:
                if value is None:
                    self.replace(match.start(), match.end(), b"")
                else:
                    quote, new = match[2][:1], escaped(value)
                    self.replace(match.start(2) + 1, match.end(2) - 1, new.replace(b"'", b"&#39;") if quote == b"'" else new)
                return
        if value is not None:
            end = opened - (2 if self.data[opened - 2 : opened] == b"/>" else 1)
            while self.data[end - 1 : end].isspace():
                end -= 1
            self.insert(end, b" " + wanted + b'="' + escaped(value) + b'"')

    def done(self) -> list[Splice]:
        """The splices in ascending order."""
        return sorted(self._found, key=lambda one: (one.start, len(one.old)))


def attributes_of(tag: bytes) -> dict[str, str]:
    """The attributes of a start tag as written; references are resolved where there are any."""
    return {match[1].decode(): unescaped(match[2][1:-1].decode()) for match in _ATTRIBUTE.finditer(tag)}


def escaped(text: str) -> bytes:
    """``text`` for XML, fit for elements and attributes alike."""
    text = text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;").replace('"', "&quot;")
    return text.replace("\t", "&#9;").replace("\n", "&#10;").replace("\r", "&#13;").encode()


def strings(data: bytes) -> list[bytes]:
    """The ``si`` elements of a shared strings part, as they are written."""
    return [match[0] for match in _STRING.finditer(data)]


_STRING = re.compile(rb"<(?P<tag>(?:[\w.-]+:)?si)(?:\s[^>]*)?(?:/>|>.*?</(?P=tag)\s*>)", re.DOTALL)
_WHOLE = re.compile(r"\s*([+-]?[0-9]{1,15})\s*")


def whole(said: str | bytes | None, otherwise: int = 0) -> int:
    """The whole number that an attribute says; ``otherwise`` where it says nothing.

    Raises:
        WorkbookRefused: it says something else.
    """
    text = said.decode(errors="replace") if isinstance(said, bytes) else said
    if not text:
        return otherwise
    found = _WHOLE.fullmatch(text)
    if found is None:
        raise WorkbookRefused(
            f"the file is damaged: {text[:40]!r} stands for a whole number; open it in Excel, repair and save it"
        )
    return int(found[1])


_ENTITY = re.compile(r"&(#x[0-9A-Fa-f]+|#[0-9]+|amp|lt|gt|quot|apos);")
_NAMED = {"amp": "&", "lt": "<", "gt": ">", "quot": '"', "apos": "'"}


def unescaped(text: str) -> str:
    """Text of well-formed XML without its references."""
    return _ENTITY.sub(_character, text) if "&" in text else text


def _character(match: re.Match[str]) -> str:
    name = match[1]
    if not name.startswith("#"):
        return _NAMED[name]
    return chr(int("0" + name[1:], 0) if name[1] == "x" else int(name[1:]))
