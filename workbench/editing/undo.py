"""How an edit is taken back exactly: a record in the package itself of what the edit replaced.

The record is a part of its own, found by a relationship from the package. It is an archive of the members that the edit touched, packed as they were, so that
the file can become, to the last byte, what it was before; with the splices of the edit, so that a part that somebody edited since can lose the edit
and keep the rest (``workbench.editing.unpicking``). Excel, LibreOffice and openpyxl leave such a part out when they save, which is right: the bytes
would be those of another file.
"""

from __future__ import annotations

import hashlib
import json
import struct
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import count
from typing import Any

from workbench.editing.archive import Archive, Member, moved, written
from workbench.editing.package import Package, PartChange, folded
from workbench.editing.refusals import WorkbookRefused
from workbench.editing.relations import declare, first, relate, undeclare, unrelate
from workbench.editing.xml import Splice, spliced

_KIND = "urn:workbench:undo"
_CONTENT_TYPE = "application/octet-stream"
_INDEX = "record.json"
_EDITED, _ADDED, _REMOVED = "edited", "added", "removed"


@dataclass(frozen=True, slots=True)
class Touched:
    """One part that the edit touched: ``left`` is the SHA-256 of what the edit made of it, and ``splices`` made it of ``original`` (None where it was added)."""

    name: str
    kind: str
    left: str = ""
    original: bytes | None = None
    splices: tuple[Splice, ...] = ()

    def is_as_left(self, package: Package) -> bool:
        """Whether nobody has changed the part since."""
        found = package.find(self.name)
        return found is None if self.kind == _REMOVED else found is not None and _sha256(package.read(found)) == self.left

    @property
    def edited(self) -> bytes:
        """What the edit made of a part that was there before."""
        return spliced(self.original or b"", self.splices)


@dataclass(frozen=True, slots=True)
class Record:
    """What an edit did, and all that it replaced.

    ``name`` is the part that says so. ``members`` are those of the file in their places, ``directory`` the order in which it lists them, ``closing`` what followed.
    ``kept`` is an archive of the touched ones.
    """

    name: str
    sha256: str
    members: tuple[str, ...]
    directory: tuple[int, ...]
    closing: bytes
    parts: tuple[Touched, ...]
    about: Mapping[str, Any]
    kept: bytes

    def whole(self, package: Package) -> bytes | None:
        """The file as it was before the edit, to the last byte, where nothing of ``package`` was changed since; else None."""
        if self._expected != set(map(folded, package.names)) or not all(part.is_as_left(package) for part in self.parts):
            return None
        content = self._assembled(package.raw)
        return content if _sha256(content) == self.sha256 else None

    @property
    def _expected(self) -> set[str]:
        """The parts that there are as long as nobody adds or removes one."""
        gone = {folded(part.name) for part in self.parts if part.kind == _REMOVED}
        new = {folded(part.name) for part in self.parts if part.kind == _ADDED}
        return ({*map(folded, self.members)} - gone) | new | {folded(self.name)}

    def _assembled(self, raw: bytes) -> bytes:
        now, before = _by_name(raw), _by_name(self.kept)
        offset = Archive(raw).first
        pieces, records = [raw[:offset]], []
        for name in map(folded, self.members):
            source, member = (self.kept, before[name]) if name in before else (raw, now[name])
            pieces.append(source[member.start : member.end])
            records.append(moved(member, offset))
            offset += member.end - member.start
        return b"".join((*pieces, *(records[place] for place in self.directory), self.closing))


def _by_name(raw: bytes) -> dict[str, Member]:
    return {folded(member.name): member for member in Archive(raw).members}


def embed(package: Package, about: Mapping[str, Any] | None = None) -> None:
    """Put the record of everything that was done to ``package`` into it: the last edit before it is packed. ``about`` is the caller's own, as JSON has it.

    Raises:
        ValueError: there is a record already.
    """
    if first(package, "", _KIND):
        raise ValueError("the package holds a record already")
    name = next(name for name in _names() if package.find(name) is None)
    package.put(name, b"")
    declare(package, name, _CONTENT_TYPE)
    relate(package, "", _KIND, name)
    package.put(name, _written(package, name, about or {}))


def _names() -> Iterator[str]:
    return (f"undo{number or ''}.bin" for number in count())


def record(package: Package) -> Record | None:
    """The record in the package; None where there is none, or none that can be read."""
    found = first(package, "", _KIND)
    if found is None:
        return None
    try:
        return _read(found.target, package.read(found.target))
    except (WorkbookRefused, ValueError, KeyError, TypeError):
        return None


def drop(package: Package) -> None:
    """Take the record out of the package, with whatever leads to it."""
    found = first(package, "", _KIND)
    if found:
        undeclare(package, found.target)
        unrelate(package, "", found.id)
        package.remove(found.target)


# --- the record as bytes ---------------------------------------------------------------------------------------------


def _written(package: Package, own: str, about: Mapping[str, Any]) -> bytes:
    """An archive of the touched members as they were, and of what there is to say about them."""
    archive = Archive(package.raw)
    placed = sorted(archive.members, key=lambda member: member.start)
    places = {folded(member.name): place for place, member in enumerate(placed)}
    changes = [change for change in package.changes() if change.part != own]
    said = {
        "sha256": _sha256(package.raw),
        "members": [member.name for member in placed],
        "directory": [places[folded(member.name)] for member in archive.members],
        "closing": package.raw[_end(archive, package.raw) :].decode("latin-1"),
        "parts": [_said(package, change) for change in changes],
        "about": about,
    }
    before = [placed[places[folded(change.part)]] for change in changes if change.kind != _ADDED]
    return _archive(package.raw, before, json.dumps(said, separators=(",", ":")).encode())


def _end(archive: Archive, raw: bytes) -> int:
    """Where the directory ends."""
    records = b"".join(member.record for member in archive.members)
    return raw.index(records, max((member.end for member in archive.members), default=0)) + len(records)


def _said(package: Package, change: PartChange) -> dict[str, Any]:
    said: dict[str, Any] = {"name": change.part, "kind": change.kind}
    if change.kind != _REMOVED:
        said["left"] = _sha256(package.read(change.part))
    if change.kind == _EDITED:
        found = in_one_step(package.original(change.part), change.steps)
        said["splices"] = [(one.start, len(one.old), one.new.decode("latin-1")) for one in found]
    return said


def _archive(raw: bytes, members: Sequence[Member], index: bytes) -> bytes:
    pieces, records, offset = [], [], 0
    for member in members:
        pieces.append(raw[member.start : member.end])
        records.append(moved(member, offset))
        offset += member.end - member.start
    entry, last = written(_INDEX, index, offset)
    directory = b"".join((*records, last))
    closing = struct.pack(
        "<4sHHHHIIH", b"PK\x05\x06", 0, 0, len(members) + 1, len(members) + 1, len(directory), offset + len(entry), 0
    )
    return b"".join((*pieces, entry, directory, closing))


def _read(name: str, kept: bytes) -> Record:
    package = Package(kept)
    said = json.loads(package.read(_INDEX))
    return Record(
        name,
        said["sha256"],
        tuple(said["members"]),
        tuple(said["directory"]),
        said["closing"].encode("latin-1"),
        tuple(_touched(package, part) for part in said["parts"]),
        said["about"],
        kept,
    )


def _touched(package: Package, said: Mapping[str, Any]) -> Touched:
    original = None if said["kind"] == _ADDED else package.read(said["name"])
    splices = tuple(
        Splice(start, (original or b"")[start : start + length], new.encode("latin-1"))
        for start, length, new in said.get("splices", ())
    )
    return Touched(said["name"], said["kind"], said.get("left", ""), original, splices)


def _sha256(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()


# --- several steps as one --------------------------------------------------------------------------------------------

_Piece = tuple[int, int] | bytes
"""A stretch of the original, or something new."""


def in_one_step(original: bytes, steps: Sequence[Sequence[Splice]]) -> list[Splice]:
    """Splices of ``original`` that do what the steps do one after the other."""
    pieces: list[_Piece] = [(0, len(original))]
    for step in steps:
        pieces = list(_cut(pieces, step))
    splices, at, new = [], 0, b""
    for piece in [*pieces, (len(original), len(original))]:
        if isinstance(piece, bytes):
            new += piece
            continue
        start, end = piece
        if new or start > at:
            splices.append(_trimmed(Splice(at, original[at:start], new)))
        at, new = end, b""
    return splices


def _trimmed(splice: Splice) -> Splice:
    """Without what is the same at both ends."""
    old, new = splice.old, splice.new
    most = min(len(old), len(new))
    head = _same(old, new, most)
    tail = _same(old[::-1], new[::-1], most - head)
    return Splice(splice.start + head, old[head : len(old) - tail], new[head : len(new) - tail])


def _same(one: bytes, other: bytes, most: int) -> int:
    """How many bytes at the beginning are the same, at most ``most``."""
    low, high = 0, most
    while low < high:
        middle = (low + high + 1) // 2
        low, high = (middle, high) if one[low:middle] == other[low:middle] else (low, middle - 1)
    return low


def _cut(pieces: Sequence[_Piece], step: Sequence[Splice]) -> Iterator[_Piece]:
    """The pieces with a step's splices in them."""
    rest = list(reversed(pieces))
    at = 0
    for splice in step:
        yield from _taken(rest, splice.start - at)
        for _ in _taken(rest, len(splice.old)):
            pass
        yield splice.new
        at = splice.start + len(splice.old)
    yield from reversed(rest)


def _taken(rest: list[_Piece], length: int) -> Iterator[_Piece]:
    """The first ``length`` bytes, taken off ``rest``, whose first piece is its last."""
    while length:
        piece = rest.pop()
        size = len(piece) if isinstance(piece, bytes) else piece[1] - piece[0]
        if size > length:
            head, tail = _halves(piece, length)
            rest.append(tail)
            piece, size = head, length
        length -= size
        yield piece


def _halves(piece: _Piece, length: int) -> tuple[_Piece, _Piece]:
    if isinstance(piece, bytes):
        return piece[:length], piece[length:]
    start, end = piece
    return (start, start + length), (start + length, end)
