"""What differs between two spellings of an XML part, element by element and byte by byte: nothing that changed goes untold.

Elements are paired by what identifies them (a cell by its place, a relationship by its id); what has no partner was added or removed; of
pairs every attribute, every run of text, every comment and every space is compared as it is written.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher

from packages import Node, cells, rows

_IDENTITY = {
    "Relationship": ("Id", "Type", "Target"),
    "Override": ("PartName",),
    "Default": ("Extension",),
    "sheet": ("name",),
    "definedName": ("name", "localSheetId"),
    "property": ("name",),
    "tableColumn": ("id",),
    "comment": ("ref",),
    "shape": ("id",),
    "ext": ("uri",),
    "numFmt": ("numFmtId",),
}
_WRITTEN = re.compile(rb"""([\w:.-]+)\s*=\s*(?:"[^"]*"|'[^']*')""")

Key = tuple[object, ...]


@dataclass(frozen=True, slots=True)
class Difference:
    """One difference. ``what`` is added, removed, text, spelling or the name of an attribute; ``at`` the cell or row it is in."""

    path: tuple[str, ...]
    what: str
    old: str
    new: str
    at: tuple[int, int] | None = None

    def __str__(self) -> str:
        where = "/".join(self.path) + (f" (row {self.at[0]}, column {self.at[1]})" if self.at else "")
        return f"{where}: {self.what}: {self.old[:90]!r} → {self.new[:90]!r}"


def differences(before: Node, after: Node) -> list[Difference]:
    """All differences of two documents."""
    places = {**_places(before), **_places(after)}
    return list(_compared(before, after, (), None, places))


def _places(document: Node) -> dict[int, tuple[int, int]]:
    """Where rows (column 0) and cells stand, by the identity of their nodes."""
    found = {id(node): (number, 0) for number, node in rows(document)}
    found.update({id(node): (row, column) for row, column, node in cells(document)})
    return found


def _compared(
    before: Node, after: Node, path: tuple[str, ...], at: tuple[int, int] | None, places: dict[int, tuple[int, int]]
) -> Iterator[Difference]:
    if before.written == after.written:
        return
    at = places.get(id(before), at)
    yield from _heads(before, after, path, at)
    if not before.children and not after.children:
        old, new = b"".join(map(_bytes, before.items)), b"".join(map(_bytes, after.items))
        if old != new:
            yield Difference(path, "text", old.decode(), new.decode(), at)
        return
    paired = list(_paired(before.items, after.items, places))
    moved = any(isinstance(one or other, Node) for one, other in paired if one is None or other is None)
    for one, other in paired:
        if isinstance(one, Node) and isinstance(other, Node):
            yield from _compared(one, other, (*path, one.name), at, places)
        elif one is None and other is not None and not (moved and _is_space(other)):
            yield _alone(other, "added", path, at, places)
        elif one is not None and other is None and not (moved and _is_space(one)):
            yield _alone(one, "removed", path, at, places)


def _is_space(item: Node | bytes) -> bool:
    """White space between elements, which goes and comes with them."""
    return isinstance(item, bytes) and not item.strip()


def _alone(
    item: Node | bytes, what: str, path: tuple[str, ...], at: tuple[int, int] | None, places: dict[int, tuple[int, int]]
) -> Difference:
    name = item.name if isinstance(item, Node) else "#text"
    where = places.get(id(item), at) if isinstance(item, Node) else at
    text = _bytes(item).decode()
    return Difference((*path, name), what, "" if what == "added" else text, text if what == "added" else "", where)


def _bytes(item: Node | bytes) -> bytes:
    return item.written if isinstance(item, Node) else item


def _heads(before: Node, after: Node, path: tuple[str, ...], at: tuple[int, int] | None) -> Iterator[Difference]:
    """Attributes that changed; ``spelling`` where those that did not are written otherwise."""
    if _opened(before) == _opened(after):
        return
    old, new = before.attributes, after.attributes
    changed = [name for name in dict.fromkeys([*old, *new]) if old.get(name) != new.get(name)]
    yield from (Difference(path, name, old.get(name, ""), new.get(name, ""), at) for name in changed)
    if _rest(before, changed) != _rest(after, changed):
        yield Difference(path, "spelling", before.head.decode(), after.head.decode(), at)


def _opened(node: Node) -> bytes:
    """The start tag, the same for ``<a/>`` and ``<a>``."""
    return re.sub(rb"\s*/?>$", b"", node.head)


def _rest(node: Node, changed: Sequence[str]) -> tuple[bytes, list[bytes]]:
    names = {name.encode() for name in changed}
    return node.head.split()[0].rstrip(b"/>"), [
        found.group() for found in _WRITTEN.finditer(node.head) if found.group(1) not in names
    ]


def _paired(
    before: Sequence[Node | bytes], after: Sequence[Node | bytes], places: dict[int, tuple[int, int]]
) -> Iterator[tuple[Node | bytes | None, Node | bytes | None]]:
    """Partners in order; None where there is none."""
    old, new = [_key(item, places) for item in before], [_key(item, places) for item in after]
    start = 0
    while start < min(len(old), len(new)) and old[start] == new[start]:
        start += 1
    end = 0
    while end < min(len(old), len(new)) - start and old[-1 - end] == new[-1 - end]:
        end += 1
    yield from zip(before[:start], after[:start], strict=True)
    matcher = SequenceMatcher(None, old[start : len(old) - end], new[start : len(new) - end], autojunk=False)
    for action, a, b, c, d in matcher.get_opcodes():
        if action == "equal":
            yield from zip(before[start + a : start + b], after[start + c : start + d], strict=True)
        else:
            yield from ((item, None) for item in before[start + a : start + b])
            yield from ((None, item) for item in after[start + c : start + d])
    yield from zip(before[len(before) - end :], after[len(after) - end :], strict=True)


def _key(item: Node | bytes, places: dict[int, tuple[int, int]]) -> Key:
    if isinstance(item, bytes):
        return ("#text", item)
    if id(item) in places:
        return (item.name, places[id(item)])
    return (item.name, *(item.get(name) for name in _IDENTITY.get(item.name, ())))
