"""An edited package onto the disk: checked before it replaces anything, with the version that it replaces kept beside it."""

from __future__ import annotations

import io
import os
import stat
import struct
import zipfile
import zlib
from collections.abc import Callable, Collection, Iterator
from contextlib import contextmanager
from pathlib import Path

from workbench.editing import disk
from workbench.editing.package import Package
from workbench.editing.refusals import SaveFailed, WorkbookRefused

_ENDINGS = {".xlsx", ".xlsm", ".xltx", ".xltm"}
_EXISTS = "{} exists; nothing was written, name another file or have it replaced"


def save(
    package: Package,
    path: Path,
    *,
    source: Path | None,
    held: bytes | None = None,
    backup: bool = True,
    force: bool = False,
    expect: Callable[[Package], None] | None = None,
) -> Path | None:
    """Write ``package`` to ``path``; returns the backup of the file that was replaced, None where none was.

    ``source`` is the file that the package was read from; ``held`` is what it held, where the package was read from something that was made of it.
    Where ``source`` is ``path``, it must still hold what was read, and nothing is written when nothing was changed; any other file is replaced only with
    ``force``. What was written is read back and compared with what was meant before it takes its place; ``expect`` may look at it too and raise.

    Raises:
        SaveFailed: the file is open elsewhere, has changed, is a link or read-only, or could not be written. It is as it was, and nothing is left beside it.
    """
    with _one_line(path):
        in_place = source is not None and path.exists() and source.exists() and path.samefile(source)
        content, before = package.pack(), package.raw if held is None else held
        if in_place and (content is before or (held is not None and content == held)):
            return None
        if source is not None and not path.exists() and path.absolute() == source.absolute():
            raise SaveFailed(f"{path} is gone since it was read; nothing was written, run again where it is now")
        _refuse_place(path, source, force=force or in_place)
        _settle(path)
        with disk.written_beside(path, content, like=path if path.exists() else source) as temporary:
            _compare(package, content, temporary, expect)
            kept = _replace(temporary, path, before if in_place else None, backup=backup, force=force or in_place)
        disk.sync_folder(path)
        return kept


def backup_of(path: Path) -> Path:
    """Where the backup of ``path`` stands: its ending makes sure that nobody takes it for one more workbook."""
    return path.with_name(f"{path.name}.bak")


def swap_with_backup(path: Path, *, dry_run: bool = False) -> Path:
    """Put the backup of ``path`` back, byte for byte; what stood there is the backup now, so that doing it twice changes nothing. Returns the backup's path.

    With ``dry_run`` everything is checked and nothing is done.

    Raises:
        WorkbookRefused: there is no file, no backup, or none that is another whole workbook.
        SaveFailed: the file is open elsewhere, a link or read-only, or could not be written.
    """
    with _one_line(path):
        _refuse_place(path, None, force=True)
        _refuse_backup(path, next((file for file in (_aside(path), backup_of(path)) if file.exists()), backup_of(path)))
        if not dry_run:
            _settle(path)
            _swap(path, backup_of(path))
            disk.sync_folder(path)
        return backup_of(path)


def _refuse_backup(path: Path, backup: Path) -> None:
    if not path.exists():
        raise WorkbookRefused(f"{path} does not exist; where its backup does, rename that")
    if not backup.exists():
        raise WorkbookRefused(f"{path} has no backup ({backup.name} beside it): there is nothing to undo")
    if backup.is_symlink() or not backup.is_file():
        raise WorkbookRefused(f"{backup} is a link or no regular file; nothing was undone")
    content = backup.read_bytes()
    try:
        Package(content)
    except WorkbookRefused as error:
        raise WorkbookRefused(f"{backup} is no whole workbook, so nothing was undone: {error.reason}") from error
    if content == path.read_bytes():
        raise WorkbookRefused(f"{path} is the same as its backup: there is nothing to undo")


def _swap(path: Path, backup: Path) -> None:
    """Three steps, because no system swaps two files in one; at any moment the file is whole and the backup has a name."""
    aside = _aside(path)
    with disk.held(path) as _:
        try:
            backup.replace(aside)
            disk.keep(path, backup)
            aside.replace(path)
        except BaseException:
            _settle(path)
            raise


def _aside(path: Path) -> Path:
    """Where the backup waits while an undo puts the file in its place."""
    return path.with_name(f"{path.name}.und")  # no longer than the backup's, so that where the one fits the other does


def _settle(path: Path) -> None:
    """Clear up after processes that were killed: an undo that did not get to its end is taken back."""
    disk.remove_abandoned(backup_of(path))
    if os.path.exists(_aside(path)):  # noqa: PTH110  False, and no error, for a name that is too long
        _aside(path).replace(backup_of(path))


@contextmanager
def _one_line(path: Path) -> Iterator[None]:
    try:
        yield
    except FileExistsError as problem:
        raise SaveFailed(
            f"{path} is being written by another process; nothing was changed, run again when that is done"
        ) from problem
    except OSError as problem:
        raise SaveFailed(f"{path} could not be written and is as it was: {disk.why(problem)}") from problem


def _refuse_place(path: Path, source: Path | None, *, force: bool) -> None:
    if path.is_symlink() or (path.exists() and not path.is_file()):
        raise SaveFailed(f"{path} is a link or no regular file; nothing was written, name the file itself")
    endings = {path.suffix.lower(), source.suffix.lower()} if source is not None else set()
    if len(endings) == 2 and source is not None and source.suffix.lower() in _ENDINGS:
        raise SaveFailed(f"{path}: Excel opens no {source.suffix} file under another ending; name it …{source.suffix}")
    _refuse_open(path)
    if path.exists():
        if not force:
            raise SaveFailed(_EXISTS.format(path))
        if not path.stat().st_mode & stat.S_IWUSR or not os.access(path, os.W_OK):
            raise SaveFailed(f"{path} is read-only; nothing was written, allow writing or save to another file")


def _refuse_open(path: Path) -> None:
    if found := disk.opened_elsewhere(path):
        program, sign = found
        raise SaveFailed(
            f"{path} is open in {program}; close it there and run again. Where nobody has it open, delete {sign.name} beside it"
        )


def _compare(package: Package, content: bytes, written: Path, expect: Callable[[Package], None] | None) -> None:
    """What is on the disk is what was meant: the bytes, the directory, every untouched member as the source has it, every touched part."""
    found = written.read_bytes()
    if found != content:
        raise _unlike("the disk returned other bytes than were written")
    again = Package(found)
    if again.names != package.names:
        raise _unlike("its directory is not complete")
    touched = {change.part for change in package.changes()}
    for name in again.names:
        if name not in touched and again.segment(name) != package.segment(name):
            raise _unlike(f"{name} is not what it was")
    _compare_independently(package, found, touched)
    if expect:
        expect(again)


def _compare_independently(package: Package, found: bytes, touched: Collection[str]) -> None:
    """As above for the directory and the touched parts, by a reader that shares nothing with our writer."""
    try:
        with zipfile.ZipFile(io.BytesIO(found)) as archive:
            infos = archive.infolist()
            if [info.orig_filename for info in infos] != list(package.names):
                raise _unlike("its directory is not complete")
            for info in infos:
                if info.orig_filename in touched and not _holds(archive, info, package.read(info.orig_filename)):
                    raise _unlike(f"{info.orig_filename} is not what it should be")
    except (
        zipfile.BadZipFile,
        zipfile.LargeZipFile,
        zlib.error,
        ValueError,
        struct.error,
        EOFError,
        NotImplementedError,
    ) as error:
        raise _unlike(f"another program could not read it: {error}") from error


def _holds(archive: zipfile.ZipFile, info: zipfile.ZipInfo, data: bytes) -> bool:
    """Whether the member is ``data``; looked at piece by piece, because a sheet may be large."""
    at, view = 0, memoryview(data)
    with archive.open(info) as member:
        while piece := member.read(1 << 20):
            if view[at : at + len(piece)] != piece:
                return False
            at += len(piece)
    return at == len(data)


def _unlike(what: str) -> SaveFailed:
    return SaveFailed(f"what was written is not what was meant ({what}); nothing was changed, please report this")


def _replace(temporary: Path, path: Path, expected: bytes | None, *, backup: bool, force: bool) -> Path | None:
    """The step itself, with the file that is replaced held: still what was read, still closed, kept as the backup."""
    if not force or (expected is None and not path.exists()):
        try:
            disk.place(temporary, path)
        except FileExistsError as problem:
            raise SaveFailed(_EXISTS.format(path)) from problem
        return None
    with disk.held(path, expected) as unchanged:
        if not unchanged:
            raise SaveFailed(f"{path} has changed since it was read; nothing was written, run again")
        _refuse_open(path)
        if backup:
            disk.keep(path, backup_of(path))
        temporary.replace(path)
    return backup_of(path) if backup else None
