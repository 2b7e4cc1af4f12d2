"""The styles part: lists whose entries are referred to by their place, so that nothing may ever move and what is new goes to the ends.

What was appended is told in an extension of the part: how long the lists were, and of which format another is a variant. By it, ``shed`` takes away what
nobody uses any more, to the last byte. Excel drops extensions that it does not know together with unused formats whenever it saves.
"""

from __future__ import annotations

import posixpath
import re
from collections.abc import Container, Iterable, Mapping
from dataclasses import dataclass

from workbench.editing.dialects import MAIN, MAIN_STRICT
from workbench.editing.package import Package
from workbench.editing.refusals import EditRefused, WorkbookRefused
from workbench.editing.relations import content_type, declare, first, is_strict, main_part, relate, undeclare, unrelate
from workbench.editing.xml import Element, Splices, escaped, parse, whole

ITEMS = {
    "numFmts": "numFmt", "fonts": "font", "fills": "fill", "borders": "border", "cellStyleXfs": "xf", "cellXfs": "xf", "dxfs": "dxf",
}  # fmt: skip
"""The lists, and what their entries are called."""
_ORDER = (*list(ITEMS)[:6], "cellStyles", "dxfs", "tableStyles", "colors", "extLst")
DEFAULT_FORMAT = '<xf numFmtId="0" fontId="0" fillId="0" borderId="0"/>'
_LEAST = {
    "fonts": ('<font><sz val="11"/><name val="Calibri"/><family val="2"/></font>',),
    "fills": ('<fill><patternFill patternType="none"/></fill>', '<fill><patternFill patternType="gray125"/></fill>'),
    "borders": ("<border><left/><right/><top/><bottom/><diagonal/></border>",),
    "cellXfs": (DEFAULT_FORMAT,),
}
"""What stands first in a list whatever a file says: unformatted cells have the first of each, and Excel takes the first two fills to be these."""
_MOST_FORMATS = 65_490
_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.styles+xml"
_RECORD, _RECORD_SPACE = "{9E2C7B54-3F0D-4C8E-9A61-5D1F0B7A2E43}", "urn:workbook-editing:styles"
_COUNT = re.compile(rb"""\scount\s*=\s*["']([^"']*)["']""")
_DIGITS = re.compile(r"[0-9]{1,9}")
_BARE_TAG = re.compile(r"<(/?)(?=[A-Za-z])")


def _minimal(*, strict: bool) -> bytes:
    """The least that Excel takes for a styles part."""
    lists = {name: f'<{name} count="{len(least)}">{"".join(least)}</{name}>' for name, least in _LEAST.items()}
    base = f'<cellStyleXfs count="1">{DEFAULT_FORMAT}</cellStyleXfs>'
    named = '<cellStyles count="1"><cellStyle name="Normal" xfId="0" builtinId="0"/></cellStyles>'
    body = lists["fonts"] + lists["fills"] + lists["borders"] + base + lists["cellXfs"].replace("/>", ' xfId="0"/>') + named
    head = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
    return f'{head}<styleSheet xmlns="{MAIN_STRICT if strict else MAIN}">{body}</styleSheet>'.encode()


@dataclass(slots=True)
class _List:
    """``items`` as written; the first ``known`` of them are in the part."""

    element: Element | None
    items: list[bytes]
    known: int
    places: dict[bytes, int]


class Stylesheet:
    """The lists of the styles part of a workbook, which need not have one before something is appended."""

    def __init__(self, package: Package) -> None:
        """Read the part.

        Raises:
            WorkbookRefused: it is damaged.
        """
        self._package, self._workbook = package, main_part(package)
        found = first(package, self._workbook, "styles")
        self._part, self._relation = (found.target, found.id) if found else (self._unrelated(), "")
        self._load()

    def _load(self) -> None:
        self._data = self._package.read(self._part) if self._part else _minimal(strict=is_strict(self._package))
        self.root = parse(self._data, self._part or "styles")
        self._lists = {name: self._list(name) for name in ITEMS}
        self._before, self.variants = self._recorded()

    def _unrelated(self) -> str:
        """The styles part that lies where readers look for one by its name, but that the workbook does not point to; "" where there is none."""
        part = self._package.find(posixpath.join(posixpath.dirname(self._workbook), "styles.xml"))
        try:
            return part if part and parse(self._package.read(part), part).name == "styleSheet" else ""
        except WorkbookRefused:  # something else of that name
            return ""

    def _list(self, name: str) -> _List:
        element = self.root.child(name)
        items = [self._data[one.start : one.end] for one in element.all(ITEMS[name])] if element else []
        places: dict[bytes, int] = {}
        for index, item in enumerate(items):
            places.setdefault(item, index)
        return _List(element, items, len(items), places)

    # --- entries -----------------------------------------------------------------------------------------------------

    def items(self, name: str) -> list[bytes]:
        """The entries of a list as XML, appended ones included."""
        return self._lists[name].items

    def element(self, xml: bytes) -> Element:
        """The tree of an entry; its places are those in ``xml`` and 0 is where the entry begins."""
        spaces = (f'xmlns{prefix and ":"}{prefix}="{uri}"' for prefix, uri in self.root.spaces.items() if prefix != "xml")
        head = f"<w {' '.join(spaces)}>".encode()
        return parse(head + xml + b"</w>", self._part).children[0]

    def spelled(self, xml: str) -> bytes:
        """XML without prefixes as this part writes it."""
        return (_BARE_TAG.sub(rf"<\1{self.root.prefix}", xml) if self.root.prefix else xml).encode()

    def append(self, name: str, item: bytes, *, anew: bool = False) -> int:
        """The place of that entry: of the one with the same bytes where there is one (unless ``anew``), else at the end of the list.

        Raises:
            EditRefused: the workbook has as many cell formats as Excel can hold.
        """
        known = self._lists[name]
        for least in map(self.spelled, _LEAST.get(name, ())[len(known.items) :]):
            known.places.setdefault(least, len(known.items))
            known.items.append(least)
        if item in known.places and not anew:
            return known.places[item]
        if name == "cellXfs" and len(known.items) >= _MOST_FORMATS:
            raise EditRefused(f"the workbook has {_MOST_FORMATS:,} cell formats, as many as Excel can hold; no look can be added")
        known.places.setdefault(item, len(known.items))
        known.items.append(item)
        return len(known.items) - 1

    # --- flush -------------------------------------------------------------------------------------------------------

    def flush(self) -> None:
        """Put what was appended into the part, which is made where there was none."""
        if all(one.known == len(one.items) for one in self._lists.values()):
            return
        before = self._before or self._lengths()
        if not self._part:
            self._make()
            before["made"] = "1"
        elif not self._relation:
            self._relation = relate(self._package, self._workbook, "styles", self._part)
            before["related"] = "1"
            if content_type(self._package, self._part) != _TYPE:
                declare(self._package, self._part, _TYPE)
                before["declared"] = "1"
        splices, absent = Splices(self._data), dict[str, bytes]()
        for name, one in self._lists.items():
            new = b"".join(one.items[one.known :])
            if new and one.element:
                splices.append_child(one.element, new)
                self._count(splices, one.element, str(len(one.items)))
            elif new:
                absent[name] = self.spelled(f'<{name} count="{len(one.items)}">') + new + self.spelled(f"</{name}>")
        self._put_record(splices, absent, self._record(before, self.variants))
        self._insert(splices, absent)
        self._package.splice(self._part, splices.done())
        self._load()

    def _make(self) -> None:
        folder, numbers = posixpath.dirname(self._workbook), ("", *range(2, len(self._package.names) + 3))
        names = (posixpath.join(folder, f"styles{number}.xml") for number in numbers)
        self._part = next(name for name in names if not self._package.find(name))
        self._package.put(self._part, self._data)
        self._relation = relate(self._package, self._workbook, "styles", self._part)
        declare(self._package, self._part, _TYPE)

    def _insert(self, splices: Splices, absent: Mapping[str, bytes]) -> None:
        """Children that the part did not have, each in its place (ISO/IEC 29500-1, 18.8.39)."""
        ordered = [(name, absent[name]) for name in _ORDER if name in absent]
        if self.root.is_closed:
            splices.append_child(self.root, b"".join(new for _, new in ordered))
            return
        for name, new in ordered:
            earlier = _ORDER[: _ORDER.index(name)]
            before = [child for child in self.root.children if child.name in earlier]
            splices.insert(before[-1].end if before else self.root.opened, new)

    @staticmethod
    def _count(splices: Splices, element: Element, count: str) -> None:
        """The number of entries is said where it was said, in the quotes that are there."""
        said = _COUNT.search(splices.data, element.start, element.opened)
        if said:
            splices.replace(said.start(1), said.end(1), count.encode())

    # --- the record of what was appended -----------------------------------------------------------------------------

    def _lengths(self) -> dict[str, str]:
        """How many entries the lists of the part have, and what they say of it where that is something else."""
        lengths = {}
        for name, one in self._lists.items():
            if one.element:
                said = one.element.get("count")
                lengths[name] = str(one.known) if said in {None, str(one.known)} else f"{one.known} {said}"
        return lengths | ({"extLst": "1"} if self.root.child("extLst") else {})

    @property
    def _extension(self) -> Element | None:
        list_ = self.root.child("extLst")
        return next((one for one in list_.all("ext") if one.get("uri") == _RECORD), None) if list_ else None

    def _recorded(self) -> tuple[dict[str, str] | None, dict[int, int]]:
        record = self._extension
        if record is None:
            return None, {}
        before = next((dict(one.attributes) for one in record.children if one.name == "before"), None)
        said = [one.attributes for one in record.children if one.name == "variant"]
        numbers = [(one.get("xf", ""), one.get("of", "")) for one in said]
        variants = {int(xf): int(of) for xf, of in numbers if _DIGITS.fullmatch(xf) and _DIGITS.fullmatch(of)}
        return before, variants

    def _record(self, before: Mapping[str, str], variants: Mapping[int, int]) -> bytes:
        lengths = b"".join(_attribute(name, value) for name, value in before.items())
        told = b"".join(f'<e:variant xf="{xf}" of="{of}"/>'.encode() for xf, of in sorted(variants.items()))
        head = self.spelled("<ext") + _attribute("uri", _RECORD) + _attribute("xmlns:e", _RECORD_SPACE) + b">"
        return head + b"<e:before" + lengths + b"/>" + told + self.spelled("</ext>")

    def _put_record(self, splices: Splices, absent: dict[str, bytes], record: bytes) -> None:
        list_, extension = self.root.child("extLst"), self._extension
        if extension:
            splices.replace(extension.start, extension.end, record)
        elif list_:
            splices.append_child(list_, record)
        else:
            absent["extLst"] = self.spelled("<extLst>") + record + self.spelled("</extLst>")

    # --- taking away what is not used --------------------------------------------------------------------------------

    def shed(self, formats: Container[int], dxfs: Container[int]) -> None:
        """Take the appended entries away that nobody uses, from the ends of the lists; ``formats`` and ``dxfs`` are the cell formats and differential ones in use.

        Where all of them go, the part is what it was before the first was appended, and no part where there was none.
        """
        self.flush()
        before = self._before
        if before is None:
            return
        kept = self._kept(before, formats, dxfs)
        splices = Splices(self._data)
        for name, one in self._lists.items():
            if kept[name] < one.known:
                self._cut(splices, name, kept[name], before)
        if any(kept[name] > _length(before, name) for name in ITEMS):
            variants = {xf: of for xf, of in self.variants.items() if xf < kept["cellXfs"]}
            self._put_record(splices, {}, self._record(before, variants))
        elif before.get("made"):
            self._unmake()
            return
        else:
            self._drop_record(splices, before)
            if before.get("related"):
                unrelate(self._package, self._workbook, self._relation)
                self._relation = ""
            if before.get("declared"):
                undeclare(self._package, self._part)
        self._package.splice(self._part, splices.done())
        self._load()

    def _kept(self, before: Mapping[str, str], formats: Container[int], dxfs: Container[int]) -> dict[str, int]:
        """How many entries of each list stay."""
        kept = {"cellXfs": self._end("cellXfs", before, formats), "dxfs": self._end("dxfs", before, dxfs)}
        added = [item for name in kept for item in self.items(name)[_length(before, name) : kept[name]]]
        for name, attribute in (("fonts", b"fontId"), ("fills", b"fillId"), ("borders", b"borderId")):
            kept[name] = self._end(name, before, _numbers(attribute, added))
        codes = _numbers(b"numFmtId", added)
        used = [index for index, item in enumerate(self.items("numFmts")) if _numbers(b"numFmtId", [item]) & codes]
        return kept | {"numFmts": self._end("numFmts", before, used), "cellStyleXfs": len(self.items("cellStyleXfs"))}

    def _end(self, name: str, before: Mapping[str, str], used: Container[int]) -> int:
        end = self._lists[name].known
        while end > _length(before, name) and end - 1 not in used:
            end -= 1
        return end

    def _cut(self, splices: Splices, name: str, kept: int, before: Mapping[str, str]) -> None:
        element = self._lists[name].element
        if element is None:
            return
        splices.remove_children(element, list(element.all(ITEMS[name]))[kept:], whole=name not in before)
        if name in before or kept:
            said = before.get(name, "").split()
            self._count(splices, element, said[-1] if said and kept == int(said[0]) else str(kept))

    def _drop_record(self, splices: Splices, before: Mapping[str, str]) -> None:
        list_, extension = self.root.child("extLst"), self._extension
        if list_ and extension:
            splices.remove_children(list_, [extension], whole="extLst" not in before)

    def _unmake(self) -> None:
        self._package.remove(self._part)
        unrelate(self._package, self._workbook, self._relation)
        undeclare(self._package, self._part)
        self._part = ""
        self._load()


def _attribute(name: str, value: str) -> bytes:
    return f' {name}="'.encode() + escaped(value) + b'"'


def _length(before: Mapping[str, str], name: str) -> int:
    """How many entries the list had."""
    return whole(before.get(name, "0").partition(" ")[0])


def _numbers(attribute: bytes, items: Iterable[bytes]) -> set[int]:
    """The values of an attribute in these entries."""
    wanted = re.compile(attribute + rb"""\s*=\s*["'](\d+)["']""")
    return {whole(number) for item in items for number in wanted.findall(item)}
