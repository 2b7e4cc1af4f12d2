"""The judge of edits: given a workbook before and after and what was meant to change, everything else that changed.

It shares no code with the editor. Members that no edit is about must lie in the file with the same compressed bytes, in the same order; in the
others every difference must be one that the edits declare (``_PERMITTED``); the values are read back by readers of others, and the
structure may have no new fault (``faults.py``).
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property, lru_cache

from differences import Difference, differences
from faults import faults
from packages import Member, Node, Package, area, cells, column_letters, members, place, root, tree
from readers import Values, by_openpyxl, calamine, read_with, values

Value = object


@dataclass(frozen=True, slots=True)
class Edits:
    """What was meant: cells of one sheet with their new values, a column and rows added to it, fills and notes, new sheets with their rows."""

    sheet: str
    cells: Mapping[str, Value] = field(default_factory=dict)
    column: str = ""
    rows: range = range(0)
    fills: Mapping[str, str] = field(default_factory=dict)
    notes: Mapping[str, str] = field(default_factory=dict)
    sheets: Mapping[str, Sequence[Sequence[Value]]] = field(default_factory=dict)
    removed: frozenset[str] = frozenset()
    properties: Mapping[str, str] = field(default_factory=dict)

    def named(self, at: tuple[int, int] | None) -> bool:
        """Whether a cell may change."""
        ref = f"{column_letters(at[1])}{at[0]}" if at else ""
        return at is not None and (ref in self.cells or ref in self.fills or at[0] in self.rows)

    @property
    def new_sheets(self) -> bool:
        """Whether sheets were added or taken out."""
        return bool(self.sheets or self.removed)


def judge(before: bytes, after: bytes, edits: Edits) -> list[str]:
    """Everything in ``after`` that the edits do not explain, one line each; nothing where the workbook is intact."""
    new_faults = [one for one in faults(after) if one not in _known_faults(before)]
    if any("not well-formed" in one for one in new_faults):
        return new_faults
    case = _Case(before, after, edits)
    return [*_members(case), *_parts(case), *_looks(case), *_read_back(case), *new_faults]


@lru_cache(maxsize=8)
def _known_faults(before: bytes) -> frozenset[str]:
    return frozenset(faults(before))


class _Case:
    """The two packages and what their parts are."""

    def __init__(self, before: bytes, after: bytes, edits: Edits) -> None:
        self.raw_before, self.raw_after, self.edits = before, after, edits
        self.before, self.after = Package(before), Package(after)
        self.old, self.new = set(self.before.parts), set(self.after.parts)
        self.sheet = self.before.sheets()[edits.sheet]
        self.kinds = self._kinds()

    def _kinds(self) -> dict[str, str]:
        """Part → what may change in it: the parts that hang on the workbook and on the edited sheet."""
        book, sheet = self.before.workbook, self.sheet
        kinds = {"[content_types].xml": "types", "_rels/.rels": "relations", book: "book", sheet: "sheet"}
        kinds |= {_relations_of(one): "relations" for one in (book, sheet)}
        for one in self.before.relationships(book):
            kinds.setdefault(one.target, {"styles": "styles", "pivotCacheDefinition": "pivot"}.get(one.kind, "other"))
        looks = self.after.target(self.after.workbook, "styles")  # which the workbook need not have pointed to
        kinds |= {looks: "styles"} if looks in self.old else {}
        for one in self.before.relationships(sheet):
            kinds.setdefault(one.target, {"table": "table", "comments": "comments", "vmlDrawing": "vml"}.get(one.kind, "other"))
        for one in self.before.relationships(""):
            kinds.setdefault(
                one.target, {"extended-properties": "summary", "extendedProperties": "summary"}.get(one.kind, one.kind)
            )
        return kinds

    @cached_property
    def totals(self) -> int:
        """The row of totals that the added rows pushed down; 0 where they did not."""
        edits = self.edits
        tables = [root(self.before.parts[one.target]) for one in self.before.relationships(self.sheet) if one.kind == "table"]
        pushed = (area(one.get("ref"))[2] for one in tables if int(one.get("totalsRowCount") or 0) and edits.rows)
        return next((row for row in pushed if row == edits.rows[0]), 0)

    def named(self, at: tuple[int, int] | None) -> bool:
        """Whether a cell may change: the edits name it, or totals moved there."""
        return self.edits.named(at) or bool(at and self.totals and at[0] == self.edits.rows[-1] + 1)

    @cached_property
    def touched_rows(self) -> set[int]:
        """Rows with a cell that may change."""
        edits = self.edits
        return (
            {place(ref)[0] for ref in (*edits.cells, *edits.fills)}
            | set(edits.rows)
            | ({edits.rows[-1] + 1} if self.totals else set())
        )

    @property
    def chain(self) -> str:
        """The chain of calculation, where an edit wrote over a formula."""
        part = self.before.target(self.before.workbook, "calcChain")
        lost = any(self.named((row, column)) and cell.first("f") for row, column, cell in cells(self.sheet_before))
        return part if lost or self.edits.new_sheets else ""

    @property
    def sheet_before(self) -> Node:
        """The edited sheet as it was."""
        return root(self.before.parts[self.sheet])


def _relations_of(part: str) -> str:
    folder, _, name = part.rpartition("/")
    return f"{folder}/_rels/{name}.rels" if folder else f"_rels/{name}.rels"


# --- members --------------------------------------------------------------------------------------------------------


def _members(case: _Case) -> Iterator[str]:
    before, after = members(case.raw_before), members(case.raw_after)
    later = {one.name: one for one in after}
    kept = [one.name for one in before if one.name in later]
    if [one.name for one in after if one.name in set(kept)] != kept:
        yield "members stand in another order"
    for one in before:
        other = later.get(one.name)
        if other is not None:
            yield from _same_member(one, other)
    gone = case.old - case.new - {case.chain}
    yield from (f"{name}: lost" for name in sorted(gone) if not case.edits.removed)
    yield from (f"{name}: added, and nothing declared it" for name in sorted(case.new - case.old) if not _declared(case, name))


def _same_member(one: Member, other: Member) -> Iterator[str]:
    if one.content == other.content and one.raw != other.raw:
        yield f"{one.name}: compressed anew"
    if one.content == other.content and (one.date, one.attributes, one.method, one.comment) != (
        other.date,
        other.attributes,
        other.method,
        other.comment,
    ):
        yield f"{one.name}: date, attributes, method or comment of the member changed"


def _declared(case: _Case, name: str) -> bool:
    """Whether a new part is a new sheet's, a note's, the first looks or the first properties."""
    edits = case.edits
    wanted = set()
    if edits.sheets:
        sheets = case.after.sheets()
        wanted |= {part for title in edits.sheets for part in _reached(case.after, sheets.get(title, ""))}
    if edits.notes:
        wanted |= {one.target for one in case.after.relationships(case.sheet) if one.kind in {"comments", "vmlDrawing"}} | {
            _relations_of(case.sheet)
        }
    if (edits.fills or edits.new_sheets or _has_dates(edits)) and "styles" not in case.kinds.values():
        wanted.add(case.after.target(case.after.workbook, "styles"))
    if edits.properties:
        wanted |= {one.target for one in case.after.relationships("") if one.kind in {"custom-properties", "customProperties"}}
    return name in wanted


def _reached(package: Package, part: str) -> set[str]:
    found = {part, _relations_of(part)}
    for one in package.relationships(part):
        if not one.external and one.target not in found:
            found |= _reached(package, one.target)
    return found


def _has_dates(edits: Edits) -> bool:
    return any(isinstance(value, dt.date) for value in edits.cells.values())


# --- what may differ in a part --------------------------------------------------------------------------------------


def _parts(case: _Case) -> Iterator[str]:
    for name in sorted(case.old & case.new):
        old, new = case.before.parts[name], case.after.parts[name]
        if old != new:
            permitted = _PERMITTED.get(case.kinds.get(name, "other"))
            if permitted is None:
                yield f"{name}: changed, and no edit is about it"
                continue
            yield from (f"{name}: {one}" for one in differences(tree(old), tree(new)) if not permitted(one, case))


def _in_sheet(one: Difference, case: _Case) -> bool:
    edits, path = case.edits, one.path
    if path[:4] == ("worksheet", "sheetData", "row", "c"):
        gone = one.what == "removed" and path[4:] == ()
        return case.named(one.at) and (not gone or bool(case.totals and one.at and one.at[0] == case.totals))
    if path[:3] == ("worksheet", "sheetData", "row"):
        pushed = bool(case.totals and one.at and one.at[0] == case.totals)
        return bool(one.at) and one.at[0] in case.touched_rows and (one.what in {"added", "spans"} or pushed)
    if path == ("worksheet", "dimension") and one.what == "ref":
        return _covers(one.new, one.old) or one.old == "A1"
    if path[1:] in {("legacyDrawing",), ("drawing",)} and one.what == "added":
        return bool(edits.notes)
    if path == ("worksheet",) and one.what.startswith("xmlns"):
        return not one.old and bool(edits.notes)
    return _is_growth(one, edits)


def _covers(new: str, old: str) -> bool:
    top, left, bottom, right = area(new)
    above, before, below, after = area(old)
    return top <= above and left <= before and below <= bottom and after <= right


def _is_growth(one: Difference, edits: Edits) -> bool:
    """A range that reaches as far as the added rows or the added column, and begins where it began."""
    if one.what not in {"ref", "sqref", "text"} or not (edits.rows or edits.column):
        return False
    old, new = (re.split(r"[\s,]+", re.sub(r"(?:'(?:[^']|'')*'|[^\s!,']+)!", "", text)) for text in (one.old, one.new))
    return len(old) == len(new) and all(_grew(a, b, edits) for a, b in zip(old, new, strict=True))


def _grew(old: str, new: str, edits: Edits) -> bool:
    if old == new:
        return True
    top, left, bottom, right = area(old)
    above, before, below, after = area(new)
    down = below == bottom or (edits.rows and below in {edits.rows[-1], edits.rows[-1] + 1} and below > bottom)
    across = after == right or (edits.column and after == place(edits.column)[1] == right + 1)
    return (above, before) == (top, left) and bool(down) and bool(across)


def _in_styles(one: Difference, case: _Case) -> bool:
    """Looks are added behind the others; no index of an old one moves (``_looks`` looks at that)."""
    if not (case.edits.fills or case.edits.new_sheets or case.edits.rows or _has_dates(case.edits)):
        return False
    group = one.path[1] if len(one.path) > 1 else ""
    if group == "extLst":
        return one.what == "added" and one.path[2:] in {(), ("ext",)}
    holders = {"fonts", "fills", "borders", "cellXfs", "numFmts", "dxfs", "cellStyleXfs", "cellStyles"}
    if group in holders and len(one.path) == 2:
        return one.what == "count" or (one.what == "added" and not one.old)
    return group in holders and len(one.path) == 3 and one.what == "added"


def _in_types(one: Difference, case: _Case) -> bool:
    if one.path not in {("Types", "Override"), ("Types", "Default")}:
        return False
    if one.what == "removed":
        gone = {f"/{name}" for name in (case.old - case.new) | {case.chain}}
        return root(one.old.encode()).get("PartName").lower() in gone
    return one.what == "added" and (bool(case.new - case.old) or "styles+xml" in one.new)


def _in_relations(one: Difference, case: _Case) -> bool:
    if one.path != ("Relationships", "Relationship"):
        return False
    return (one.what == "added" and (bool(case.new - case.old) or "/styles" in one.new)) or (
        one.what == "removed" and bool((case.old - case.new) or case.chain)
    )


def _in_book(one: Difference, case: _Case) -> bool:
    edits, path = case.edits, one.path[1:]
    if path[:1] == ("calcPr",) and one.what in {"added", "fullCalcOnLoad"}:
        return one.what == "added" or one.new in {"1", "true"}
    if path == ("definedNames", "definedName") and one.what == "text":
        return _is_growth(one, edits)
    if edits.new_sheets and path in {("sheets", "sheet"), ("definedNames",), ("definedNames", "definedName")}:
        return one.what == "added" or bool(edits.removed)
    return edits.new_sheets and path == () and one.what.startswith("xmlns") and not one.old


def _in_table(one: Difference, case: _Case) -> bool:
    path = one.path[1:]
    if path in {(), ("autoFilter",), ("sortState",), ("autoFilter", "sortState")}:
        return one.what == "ref" and _is_growth(one, case.edits)
    if not case.edits.column:
        return False
    return (path == ("tableColumns",) and one.what == "count") or (
        path == ("tableColumns", "tableColumn") and one.what == "added"
    )


def _in_comments(one: Difference, case: _Case) -> bool:
    wanted = one.path[1:] in {("authors", "author"), ("commentList", "comment")}
    return bool(case.edits.notes) and wanted and one.what == "added"


def _in_vml(one: Difference, case: _Case) -> bool:
    return bool(case.edits.notes) and one.what == "added" and one.path[1:] in {("shape",), ("shapetype",), ("#text",)}


def _in_pivot(one: Difference, case: _Case) -> bool:
    return one.path[-1:] == ("worksheetSource",) and one.what == "ref" and _is_growth(one, case.edits)


def _in_summary(one: Difference, case: _Case) -> bool:
    return case.edits.new_sheets and one.path[1:2] in {("HeadingPairs",), ("TitlesOfParts",)}


def _in_properties(one: Difference, case: _Case) -> bool:
    return bool(case.edits.properties) and one.path[1:2] == ("property",)


_PERMITTED: dict[str, Callable[[Difference, _Case], bool]] = {
    "sheet": _in_sheet, "styles": _in_styles, "types": _in_types, "relations": _in_relations, "book": _in_book, "table": _in_table,
    "comments": _in_comments, "vml": _in_vml, "pivot": _in_pivot, "summary": _in_summary, "custom-properties": _in_properties,
    "customProperties": _in_properties,
}  # fmt: skip


# --- looks ----------------------------------------------------------------------------------------------------------


def _looks(case: _Case) -> Iterator[str]:
    """Old looks keep their place; an edited cell keeps its look, but for the fill or the format of dates that the edit is about."""
    old, new = _stylesheet(case.before), _stylesheet(case.after)
    for group in ("fonts", "fills", "borders", "cellXfs", "dxfs", "cellStyleXfs"):
        was, now = _inside(old, group), _inside(new, group)
        if [one.written for one in was] != [one.written for one in now[: len(was)]]:
            yield f"styles: {group} that were there moved or changed"
    before, after = _look_of(case.sheet_before), _look_of(root(case.after.parts[case.sheet]))
    for ref, value in case.edits.cells.items():
        at = place(ref)
        meant = ref in case.edits.fills or isinstance(value, dt.date) or at[0] in case.edits.rows
        if at in before and not meant and before[at] != after.get(at):
            yield f"{ref}: has look {after.get(at)} instead of {before[at]}"
    for ref, fill in case.edits.fills.items():
        yield from _filled(new, ref, fill, before.get(place(ref), "0"), after.get(place(ref), "0"))


def _look_of(sheet: Node) -> dict[tuple[int, int], str]:
    return {(row, column): cell.get("s") or "0" for row, column, cell in cells(sheet)}


def _stylesheet(package: Package) -> Node | None:
    part = package.target(package.workbook, "styles")
    return root(package.parts[part]) if part in package.parts else None


def _inside(sheet: Node | None, group: str) -> list[Node]:
    found = next((one for one in sheet.children if one.name == group), None) if sheet else None
    return found.children if found else []


def _filled(styles: Node | None, ref: str, fill: str, before: str, after: str) -> Iterator[str]:
    looks, fills = _inside(styles, "cellXfs"), _inside(styles, "fills")
    if int(after) >= len(looks) or int(before) >= len(looks):
        yield f"{ref}: look {after} is not there"
        return
    old, new = looks[int(before)], looks[int(after)]
    same = {name: value for name, value in new.attributes.items() if name not in {"fillId", "applyFill"}}
    if same != {name: value for name, value in old.attributes.items() if name not in {"fillId", "applyFill"}}:
        yield f"{ref}: more than the fill of its look changed"
    if [one.written for one in old.children] != [one.written for one in new.children]:
        yield f"{ref}: more than the fill of its look changed"
    colour = fills[int(new.get("fillId"))].first("fgColor")
    if colour is None or colour.get("rgb")[-6:] != fill:
        yield f"{ref}: is not filled with {fill}"


# --- values ---------------------------------------------------------------------------------------------------------


def _read_back(case: _Case) -> Iterator[str]:
    yield from _own_values(case)
    for reader, read in (("python-calamine", calamine), ("openpyxl", by_openpyxl)):
        before = read_with(read, case.raw_before, case.edits.sheet)
        if before is None:
            continue
        after = read_with(read, case.raw_after, case.edits.sheet)
        if after is None:
            yield f"{reader} cannot read it any more"
            continue
        yield from _compared(reader, before, after, case)
        for title, wanted in case.edits.sheets.items():
            yield from _new_sheet(reader, read_with(read, case.raw_after, title) or {}, title, wanted)


def _own_values(case: _Case) -> Iterator[str]:
    yield from _compared("the judge", values(case.before, case.edits.sheet), values(case.after, case.edits.sheet), case)
    for title, wanted in case.edits.sheets.items():
        if title not in case.after.sheets():
            yield f"there is no sheet {title}"
        else:
            yield from _new_sheet("the judge", values(case.after, title), title, wanted)
    notes = _notes(case.after, case.sheet)
    yield from (f"{ref}: the note is {notes.get(ref)!r}" for ref, text in case.edits.notes.items() if notes.get(ref) != text)


def _notes(package: Package, sheet: str) -> dict[str, str]:
    part = next((one.target for one in package.relationships(sheet) if one.kind == "comments"), "")
    if part not in package.parts:
        return {}
    return {one.get("ref"): "".join(run.text for run in one.all("t")) for one in root(package.parts[part]).all("comment")}


def _compared(reader: str, before: Values, after: Values, case: _Case) -> Iterator[str]:
    for at in sorted(before.keys() | after.keys()):
        if not case.named(at) and repr(before.get(at)) != repr(after.get(at)):  # NaN is not NaN
            yield f"{reader} reads {after.get(at)!r} in row {at[0]}, column {at[1]} instead of {before.get(at)!r}"
    for ref, wanted in case.edits.cells.items():
        if not _is(after.get(place(ref)), wanted):
            yield f"{reader} reads {after.get(place(ref))!r} in {ref} instead of {wanted!r}"
    for row, column in before:
        at = (case.edits.rows[-1] + 1, column) if row == case.totals else None
        if at and not case.edits.named(at) and after.get(at) != before[row, column]:
            yield f"{reader} reads {after.get(at)!r} in the totals of column {column} instead of {before[row, column]!r}"


def _new_sheet(reader: str, read: Values, title: str, wanted: Sequence[Sequence[Value]]) -> Iterator[str]:
    for row, line in enumerate(wanted, start=1):
        for column, value in enumerate(line, start=1):
            if not _is(read.get((row, column)), value):
                yield f"{reader} reads {read.get((row, column))!r} in {title}!{column_letters(column)}{row} instead of {value!r}"


def _is(read: Value, wanted: Value) -> bool:
    if wanted is None or wanted == "":
        return read in {None, ""}
    if isinstance(wanted, dt.date):
        return isinstance(read, float | dt.date) and (isinstance(read, float) or str(read)[:10] == str(wanted)[:10])
    if isinstance(wanted, bool) or isinstance(read, bool):
        return read is wanted or (isinstance(read, bool) and read == wanted)
    return read == wanted
