"""The looks of cells: variants of a cell's own format with one thing changed, and the way back.

A variant with a fill remembers the fill that the cell had: as a record in the styles part while nobody else saves the file, and beyond that in the background colour
of the fill, which nobody sees as long as the fill is solid, and which Excel keeps.
"""

from __future__ import annotations

import re
from collections.abc import Container, Iterator, Mapping
from dataclasses import dataclass, field
from types import MappingProxyType

from workbench.editing import formats
from workbench.editing.package import Package
from workbench.editing.relations import main_part, related
from workbench.editing.stylesheet import DEFAULT_FORMAT, ITEMS, Stylesheet
from workbench.editing.xml import Element, Splices, attributes_of, escaped, parse, spliced

_NONE: Mapping[str, str] = {"indexed": "64"}
"""The background that says "none": the system's own colour (ISO/IEC 29500-1, 18.8.27), which Excel writes where there is no other."""
_APPLIED = ("fillId", "applyFill")
_NUMBERED = ("numFmtId", "applyNumberFormat")
_USES_FORMAT = re.compile(rb"""\s(?:s|style)\s*=\s*["']\s*(\d+)""")
_USES_DXF = re.compile(rb"""[dD]xfId\s*=\s*["']\s*(\d+)""")
_BARE_TAG = re.compile(rb"""<[^\s/>]+(?:[^>"']|"[^"]*"|'[^']*')*>""")


@dataclass(frozen=True, slots=True)
class Fill:
    """``pattern`` is ``none``, ``solid``, another pattern, or ``gradient``. Colours have the attributes that the file gives them (rgb, theme, tint, indexed)."""

    pattern: str = "none"
    colour: Mapping[str, str] = field(default_factory=dict)
    background: Mapping[str, str] = field(default_factory=dict)

    @property
    def rgb(self) -> str | None:
        """RRGGBB of a solid fill that says its colour so."""
        said = self.colour.get("rgb", "") if self.pattern == "solid" else ""
        return said[-6:].upper() or None

    @property
    def can_be_remembered(self) -> bool:
        """Whether a background colour can tell it."""
        return self.pattern == "none" or (self.pattern == "solid" and bool(self.colour) and self.colour != _NONE)


class Styles:
    """The cell formats of a workbook, by the numbers that cells refer to them with. What is new is in the file after ``flush``."""

    def __init__(self, package: Package) -> None:
        """Read the styles part, which need not be there.

        Raises:
            WorkbookRefused: it is damaged.
        """
        self._package, self._sheet = package, Stylesheet(package)
        self._forget()

    def _forget(self) -> None:
        """What was found out about formats; they never change but by ``shed``."""
        self._known: dict[tuple[int, str | None, str | None], int] = {}
        self._before: dict[int, int] = {}
        self._dates: dict[tuple[int, int], int] = {}
        self._locked: dict[int, bool] = {}
        self._fills: list[Fill] = []
        self._looks: dict[frozenset[tuple[str, str]] | None, list[int]] = {}
        self._codes: dict[int, str] = {}
        self._alike: dict[tuple[object, ...], dict[int, int]] = {}
        self._keyed = 0

    # --- what a cell looks like --------------------------------------------------------------------------------------

    def fill_of(self, xf: int | None) -> Fill:
        """The fill of cells with that format."""
        known, index = self._all_fills(), _number(self._attributes(xf), "fillId")
        return known[index] if index < len(known) else Fill()

    def remembers(self, xf: int | None) -> bool:
        """Whether the fill comes back after a variant with another, even where other programs saved the file in between: not a pattern or a gradient."""
        return self.fill_of(xf).can_be_remembered

    def number_format(self, xf: int | None) -> str:
        """The code of the number format."""
        number = _number(self._attributes(xf), "numFmtId")
        return self._all_codes().get(number) or formats.built_in(number) or "General"

    def is_date(self, xf: int | None) -> bool:
        """Whether numbers in cells with that format are dates or times."""
        return formats.shows_moment(self.number_format(xf))

    def locked(self, xf: int | None) -> bool:
        """Whether the protection of a sheet keeps cells with that format as they are."""
        if (xf or 0) not in self._locked:
            found = self._sheet.element(self._xf(xf)).child("protection")
            self._locked[xf or 0] = found is None or found.get("locked") not in {"0", "false"}
        return self._locked[xf or 0]

    # --- variants ----------------------------------------------------------------------------------------------------

    def clone(self, xf: int | None, *, fill: str | None = None, number_format: str | None = None) -> int:
        """The format that is ``xf`` but for its fill (solid, ``RRGGBB``) or number format (a code). Equal requests give the same one.

        Raises:
            EditRefused: the workbook has as many formats as Excel can hold.
        """
        request = (xf or 0, fill, number_format)
        if request not in self._known:
            changes = {} if fill is None else {"fillId": str(self._new_fill(xf, fill)), "applyFill": "1"}
            if number_format is not None:
                changes |= {"numFmtId": self._number_of(number_format), "applyNumberFormat": "1"}
            item = _with(self._xf(xf), changes)
            if fill is None:
                self._known[request] = self._sheet.append("cellXfs", item)
            else:
                self._known[request] = self._variant(item, xf or 0)
        return self._known[request]

    def _variant(self, item: bytes, of: int) -> int:
        """The format with these bytes that is recorded as a variant of ``of``. Formats that differ only in what the variant changes keep variants of their own."""
        items, recorded = self._sheet.items("cellXfs"), self._sheet.variants
        known = next((index for index, one in recorded.items() if one == of and items[index : index + 1] == [item]), None)
        if known is None:
            known = self._sheet.append("cellXfs", item, anew=True)
            recorded[known] = of
        return known

    def date(self, xf: int | None) -> int:
        """The format that shows a day: ``xf`` itself where it does, else ``xf`` with the built-in format of days."""
        return self._dated(xf, formats.DATE)

    def moment(self, xf: int | None) -> int:
        """As ``date``, with the built-in format of a day and its time."""
        return self._dated(xf, formats.MOMENT)

    def _dated(self, xf: int | None, number: int) -> int:
        request = (xf or 0, number)
        if request not in self._dates:
            changes = {"numFmtId": str(number), "applyNumberFormat": "1"}
            is_one = formats.shows_day(self.number_format(xf))
            self._dates[request] = xf or 0 if is_one else self._sheet.append("cellXfs", _with(self._xf(xf), changes))
        return self._dates[request]

    def unfilled(
        self, xf: int | None, fills: Container[str], told: Mapping[str, Mapping[str, str]] = MappingProxyType({})
    ) -> int | None:
        """The format with the fill that was there before ``clone`` gave it one of these; None where its fill is none of them.

        ``told`` are the colours (as a ``Fill`` has them, nothing for none) that some of ``fills`` stand over, where the caller knows: LibreOffice keeps no background.
        """
        fill = self.fill_of(xf)
        if xf is None or fill.rgb is None or fill.rgb not in fills:
            return None
        if xf not in self._before:
            self._before[xf] = self._former(xf, told.get(fill.rgb, fill.background))
        return self._before[xf]

    def _former(self, xf: int, background: Mapping[str, str]) -> int:
        recorded = self._sheet.variants.get(xf)
        if recorded is not None and self._is_of(xf, recorded):
            return recorded
        of = None if recorded is not None else self._dated_variant(xf)
        if of is not None:
            return self._sheet.append(
                "cellXfs", _with(self._xf(of), {name: self._attributes(xf).get(name) for name in _NUMBERED})
            )
        fills = self._looking_like(background)
        alike = self._same_but_fill(xf)
        found = next((alike[fill] for fill in fills if fill in alike), None)
        return self._sheet.append("cellXfs", _with(self._xf(xf), {"fillId": str(fills[0])})) if found is None else found

    def _dated_variant(self, xf: int) -> int | None:
        """The format whose recorded variant this is in all but its number format: a cell that had the variant was given a date."""
        alike = _key(self._xf(xf), but=_NUMBERED)
        variants = ((one, of) for one, of in self._sheet.variants.items() if max(one, of) < len(self._sheet.items("cellXfs")))
        return next((of for one, of in variants if _key(self._xf(one), but=_NUMBERED) == alike and self._is_of(one, of)), None)

    def flush(self) -> None:
        """Put what is new into the package."""
        self._sheet.flush()

    def shed(self) -> None:
        """Take the formats away that were appended and that no sheet uses any more; edits of cells must have been flushed. See ``Stylesheet.shed``."""
        self._sheet.flush()
        used, dxfs = set[int](), set[int]()
        for part in self._users():
            data = self._package.read(part)
            used.update(map(int, _USES_FORMAT.findall(data)))
            dxfs.update(map(int, _USES_DXF.findall(data)))
        self._sheet.shed(used, dxfs)
        self._forget()

    def _users(self) -> Iterator[str]:
        """The parts that refer to formats: sheets, their tables and pivot tables."""
        for sheet in related(self._package, main_part(self._package)):
            if sheet.external or not sheet.kind.endswith("sheet") or not self._package.find(sheet.target):
                continue
            yield sheet.target
            for one in related(self._package, sheet.target):
                if one.kind in {"table", "pivotTable"} and not one.external and self._package.find(one.target):
                    yield one.target

    # --- another workbook's formats ----------------------------------------------------------------------------------

    def adopt(self, other: bytes) -> tuple[dict[int, int], dict[int, int]]:
        """Append the formats of the styles part ``other``, which XlsxWriter wrote: its cell formats and differential formats → ours.

        Its first format, which unformatted cells have, is this workbook's first.

        Raises:
            EditRefused: the workbook has as many formats as Excel can hold.
        """
        theirs = _Theirs(other)
        codes = {said["numFmtId"]: self._number_of(said["formatCode"]) for said in map(_tag, theirs.items("numFmts"))}
        maps = {"numFmtId": codes} | {
            attribute: {str(index): str(self._placed(name, index, item)) for index, item in enumerate(theirs.items(name))}
            for name, attribute in (("fonts", "fontId"), ("fills", "fillId"), ("borders", "borderId"))
        }
        xfs = {index: self._adopted(item, maps) for index, item in enumerate(theirs.items("cellXfs"))}
        dxfs = {index: self._adopted_dxf(item) for index, item in enumerate(theirs.items("dxfs"))}
        return xfs | {0: 0}, dxfs

    def _placed(self, name: str, index: int, item: bytes) -> int:
        """The first two fills are the same in every workbook, however they are spelled."""
        return index if name == "fills" and index < 2 else self._append(name, item)

    def _append(self, name: str, item: bytes) -> int:
        return self._sheet.append(name, self._sheet.spelled(item.decode()))

    def _adopted(self, item: bytes, maps: Mapping[str, Mapping[str, str]]) -> int:
        said = _tag(item)
        changes: dict[str, str | None] = {
            name: known.get(said.get(name, "0"), said.get(name, "0")) for name, known in maps.items()
        }
        changes["xfId"] = "0" if self._sheet.items("cellStyleXfs") else None
        return self._append("cellXfs", _with(item, changes))

    def _adopted_dxf(self, item: bytes) -> int:
        """A differential format has its number format within itself, but Excel has one table of their numbers."""
        found = re.search(rb"<numFmt\s[^>]*>", item)
        if found:
            said = attributes_of(found[0])
            new = _with(found[0], {"numFmtId": self._number_of(said["formatCode"])})
            item = item[: found.start()] + new + item[found.end() :]
        return self._append("dxfs", item)

    # --- the lists ---------------------------------------------------------------------------------------------------

    def _xf(self, xf: int | None) -> bytes:
        known = self._sheet.items("cellXfs")
        return known[xf or 0] if (xf or 0) < len(known) else self._sheet.spelled(DEFAULT_FORMAT)

    def _attributes(self, xf: int | None) -> dict[str, str]:
        return _tag(self._xf(xf))

    def _all_fills(self) -> list[Fill]:
        items = self._sheet.items("fills")
        for index in range(len(self._fills), len(items)):
            fill = _fill(self._sheet.element(items[index]))
            self._fills.append(fill)
            if fill.pattern in {"none", "solid"}:
                self._looks.setdefault(frozenset(fill.colour.items()) if fill.pattern == "solid" else None, []).append(index)
        return self._fills

    def _new_fill(self, xf: int | None, rgb: str) -> int:
        old = self.fill_of(xf)
        return self._solid({"rgb": f"FF{rgb}"}, old.colour if old.pattern == "solid" and old.can_be_remembered else _NONE)

    def _solid(self, colour: Mapping[str, str], background: Mapping[str, str]) -> int:
        inner = f"<fgColor{_written(colour)}/><bgColor{_written(background)}/>"
        return self._append("fills", f'<fill><patternFill patternType="solid">{inner}</patternFill></fill>'.encode())

    def _looking_like(self, background: Mapping[str, str]) -> list[int]:
        """The fills that a background colour remembers; one is made where there is none."""
        self._all_fills()
        if not background or dict(background) == _NONE:
            return self._looks.get(None, [0])
        return self._looks.get(frozenset(background.items())) or [self._solid(background, _NONE)]

    def _is_of(self, xf: int, of: int) -> bool:
        """Whether the record still holds: ``xf`` is ``of`` but for the fill, whose background remembers the fill of ``of``."""
        if max(xf, of) >= max(1, len(self._sheet.items("cellXfs"))) or _key(self._xf(xf)) != _key(self._xf(of)):
            return False
        old, told = self.fill_of(of), self.fill_of(xf).background
        return told == (old.colour if old.pattern == "solid" and old.can_be_remembered else _NONE)

    def _same_but_fill(self, xf: int) -> Mapping[int, int]:
        """Fill → the first format with it that is ``xf`` in everything else."""
        items = self._sheet.items("cellXfs")
        for index in range(self._keyed, len(items)):
            self._alike.setdefault(_key(items[index]), {}).setdefault(_number(_tag(items[index]), "fillId"), index)
        self._keyed = len(items)
        return self._alike[_key(self._xf(xf))]

    def _all_codes(self) -> dict[int, str]:
        """Numbers of number formats → their codes."""
        items = self._sheet.items("numFmts")
        if len(self._codes) != len(items):
            self._codes = {_number(said, "numFmtId"): said.get("formatCode", "") for said in map(_tag, items)}
        return self._codes

    def _number_of(self, code: str) -> str:
        """The number of the format with that code; a new one where there is none."""
        known = self._all_codes()
        built_in = formats.number_of(code)
        found = next((number for number, one in known.items() if one == code), None)
        if found is None and built_in is not None and built_in not in known:
            found = built_in
        if found is None:
            found = max([formats.FIRST_CUSTOM - 1, *known]) + 1
            self._append("numFmts", f"<numFmt{_written({'numFmtId': str(found), 'formatCode': code})}/>".encode())
        return str(found)


def _fill(element: Element) -> Fill:
    pattern = element.child("patternFill")
    if pattern is None:
        return Fill("gradient" if element.child("gradientFill") else "none")
    colours = (pattern.child(name) for name in ("fgColor", "bgColor"))
    return Fill(pattern.get("patternType") or "none", *(one.attributes if one else {} for one in colours))


class _Theirs:
    """The lists of a styles part without prefixes."""

    def __init__(self, data: bytes) -> None:
        self._data, self._root = data, parse(data, "the styles of the new sheet")

    def items(self, name: str) -> list[bytes]:
        list_: Element | None = self._root.child(name)
        return [self._data[one.start : one.end] for one in list_.all(ITEMS[name])] if list_ else []


def _tag(item: bytes) -> dict[str, str]:
    """The attributes of an entry."""
    found = _BARE_TAG.match(item)
    return attributes_of(found[0]) if found else {}


def _number(said: Mapping[str, str], name: str) -> int:
    """The value of an attribute that refers to a list, 0 where it says none."""
    value = said.get(name, "0").strip()
    return int(value) if value.isascii() and value.isdigit() and len(value) < 10 else 0


def _written(attributes: Mapping[str, str]) -> str:
    return "".join(f' {name}="{escaped(value).decode()}"' for name, value in attributes.items())


def _with(item: bytes, changes: Mapping[str, str | None]) -> bytes:
    """An entry with attributes changed (None: left out), and nothing else."""
    found = _BARE_TAG.match(item)
    splices = Splices(item)
    for name, value in changes.items():
        splices.tag_attribute(0, found.end() if found else 0, name, value)
    return spliced(item, splices.done())


def _key(item: bytes, but: Container[str] = _APPLIED) -> tuple[object, ...]:
    """Equal for formats that differ in these attributes only, which are those of their fills."""
    found = _BARE_TAG.match(item)
    said = sorted((name, value) for name, value in _tag(item).items() if name not in but)
    inner = item[found.end() :] if found and not found[0].endswith(b"/>") else b""
    return (*said, inner)
