"""An Office file as its zip holds it: what is not changed is copied as the bytes that are there.

The archive is read record by record (PKWARE APPNOTE 6.3, sections 4.3 and 4.4), because a zip library would write the untouched members anew.
"""

from __future__ import annotations

import zlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from workbench.editing.archive import Archive, Member, moved, written
from workbench.editing.refusals import PartMissing, WorkbookRefused
from workbench.editing.xml import Splice, spliced

_GRACE, _MOST_RATIO, _MOST_SIZE = 1 << 20, 200, 1 << 29
_MOST_KNOWN = 96 << 20


@dataclass(frozen=True, slots=True)
class PartChange:
    """What was done to one part: ``edited``, ``added`` or ``removed``. ``steps`` are the splices of an edit, each against the outcome of the one before."""

    part: str
    kind: str
    steps: tuple[tuple[Splice, ...], ...] = ()

    def undone(self, data: bytes) -> bytes:
        """``data``, the part as edited, with every splice taken back."""
        for step in reversed(self.steps):
            data = _undone(data, step)
        return data


def _undone(data: bytes, step: Sequence[Splice]) -> bytes:
    back, shift = [], 0
    for splice in step:
        back.append(Splice(splice.start + shift, splice.new, splice.old))
        shift += len(splice.new) - len(splice.old)
    return spliced(data, back)


def folded(name: str) -> str:
    """A part name as it is compared: OPC ignores case, and some writers use backslashes or a slash in front."""
    return name.replace("\\", "/").lstrip("/").lower()


class Package:
    """The parts of an Office file, by name."""

    def __init__(self, raw: bytes) -> None:
        """Read the directory of the archive, and nothing else.

        Raises:
            WorkbookRefused: not a zip (says what it is), damaged, encrypted, two parts of one name, a name that leads outside.
        """
        self.raw = raw
        self._archive = Archive(raw)
        self._members: dict[str, Member] = {}
        for member in self._archive.members:
            if self._members.setdefault(folded(member.name), member) is not member:
                raise WorkbookRefused(f"two parts have the name {member.name}; open the file in Excel and save it anew")
        self._now: dict[str, bytes | None] = {}
        self._added: dict[str, str] = {}
        self._steps: dict[str, list[tuple[Splice, ...]]] = {}
        self._known: dict[str, bytes] = {}
        """Unpacked parts as the file has them: a workbook is looked at part by part several times before it is written."""

    @property
    def names(self) -> tuple[str, ...]:
        """Every part there is now: those of the file in its order, then the added ones."""
        kept = (member.name for key, member in self._members.items() if self._now.get(key, b"") is not None)
        return (*kept, *self._added.values())

    def find(self, name: str) -> str | None:
        """``name`` as the archive writes it, or None."""
        key = folded(name)
        if key in self._added:
            return self._added[key]
        member = self._members.get(key)
        return member.name if member and self._now.get(key, b"") is not None else None

    def read(self, name: str) -> bytes:
        """The part as it is now, edits included. PartMissing where there is none.

        Raises:
            WorkbookRefused: the part is damaged, or far larger than a workbook's.
        """
        key = folded(name)
        if key in self._now:
            now = self._now[key]
            if now is None:
                raise PartMissing(name)
            return now
        return self._unpacked(self._member(name))

    def original(self, name: str) -> bytes:
        """The part as the file has it. PartMissing where it has none."""
        return self._unpacked(self._member(name))

    def segment(self, name: str) -> bytes:
        """The part's local header, packed data and what follows up to the next member, as the file has them. PartMissing where it has none."""
        member = self._member(name)
        return self.raw[member.start : member.end]

    def splice(self, name: str, splices: Sequence[Splice]) -> None:
        """Change the part where the splices say, in ascending order; nothing where there are none."""
        changed = tuple(one for one in splices if one.old != one.new)
        if not changed:
            return
        key = folded(name)
        self._now[key] = spliced(self.read(name), changed)
        if key in self._members:
            self._steps.setdefault(key, []).append(changed)

    def put(self, name: str, data: bytes) -> None:
        """The part holds ``data``, whether it was there or is new (then it is the last of the archive)."""
        key = folded(name)
        if key in self._members:
            now = self._now.get(key)
            old = self.original(name) if now is None else now
            self._steps.setdefault(key, []).append((Splice(0, old, data),))
        else:
            self._added.setdefault(key, name)
        self._now[key] = data

    def remove(self, name: str) -> None:
        """The part is left out. PartMissing where there is none."""
        key = folded(name)
        if self.find(name) is None:
            raise PartMissing(name)
        if key in self._members:
            self._now[key] = None
            self._steps.pop(key, None)
        else:
            del self._added[key], self._now[key]

    def changes(self) -> tuple[PartChange, ...]:
        """What differs from the file, in the order of the archive."""
        return tuple(self._changes())

    def _changes(self) -> Iterator[PartChange]:
        for key in (*(key for key in self._members if key in self._now), *self._added):
            now, member = self._now[key], self._members.get(key)
            if member is None:
                yield PartChange(self._added[key], "added")
            elif now is None:
                yield PartChange(member.name, "removed")
            elif now != self._unpacked(member):
                yield PartChange(member.name, "edited", tuple(self._steps[key]))

    def pack(self) -> bytes:
        """The archive: untouched members byte for byte and in their places; the very file where nothing was changed."""
        touched = {folded(change.part) for change in self._changes()}
        if not touched:
            return self.raw
        pieces = [self.raw[: self._archive.first]]
        offset = self._archive.first
        records: dict[str, bytes] = {}
        for key, member in sorted(self._members.items(), key=lambda item: item[1].start):
            if key not in touched:
                segment, records[key] = self.raw[member.start : member.end], moved(member, offset)
            else:
                now = self._now[key]
                if now is None:
                    continue
                segment, records[key] = written(member.name, now, offset, like=member)
            pieces.append(segment)
            offset += len(segment)
        for key, name in self._added.items():
            segment, records[key] = written(name, self._now[key] or b"", offset)
            pieces.append(segment)
            offset += len(segment)
        directory = b"".join(records[key] for key in (*self._members, *self._added) if key in records)
        return b"".join((*pieces, directory, self._archive.closing(len(records), len(directory), offset)))

    def size(self, name: str) -> int:
        """How large the part is in the file, unpacked, by its own account. PartMissing where the file has none."""
        return self._member(name).size

    def chunks(self, name: str) -> Iterator[bytes]:
        """The part as the file has it, piece by piece, so that a part of any size costs little memory. PartMissing where it has none.

        Raises:
            WorkbookRefused: the part is damaged, or far larger than a workbook's; at the latest after the last piece.
        """
        member = self._member(name)
        known = self._known.get(member.name)
        return iter((known,)) if known is not None else self._chunks(member)

    def _chunks(self, member: Member) -> Iterator[bytes]:
        if member.size > _MOST_SIZE or (member.size > _GRACE and member.size > _MOST_RATIO * max(1, member.packed)):
            raise WorkbookRefused(
                f"{member.name} unpacks to {member.size:,} bytes from {member.packed:,}; that is no normal workbook"
            )
        size, checksum = 0, 0
        kept: list[bytes] | None = [] if sum(map(len, self._known.values())) + member.size <= _MOST_KNOWN else None
        for chunk in self._archive.chunks(member):
            size, checksum = size + len(chunk), zlib.crc32(chunk, checksum)
            if kept is not None:
                kept.append(chunk)
            yield chunk
        if size != member.size or checksum != member.crc:
            raise WorkbookRefused(f"{member.name} is damaged (its checksum is wrong); open the file in Excel, repair and save it")
        if kept is not None:
            self._known[member.name] = b"".join(kept)

    def _member(self, name: str) -> Member:
        member = self._members.get(folded(name))
        if member is None:
            raise PartMissing(name)
        return member

    def _unpacked(self, member: Member) -> bytes:
        return self._known.get(member.name) or b"".join(self._chunks(member))
