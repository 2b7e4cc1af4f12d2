"""One file, whole or not at all: the only way in which anything is written.

New content goes to a temporary file in the same folder, onto the disk, and only then, in one step, to its name. Whatever goes wrong before that step
leaves the old file as it was; whatever goes wrong after it leaves the new one.

Two processes that write the same file are kept apart by the kernel's lock on the file that is replaced (``flock``), not by a lock file of our own: it
ends with its process, however that ends, so that nothing stale is ever in anybody's way. Where there is none (Windows, some network drives) the
comparison right before the replacement still finds what the other wrote, but for the moment between the two.
"""

from __future__ import annotations

import errno
import os
import re
import shutil
import stat
import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import BinaryIO

from workbench.editing.refusals import WorkbookRefused

if sys.platform != "win32":
    import fcntl

MOST_BYTES = 1 << 30
"""A file that is larger is no workbook, and is not read."""
_CHUNK = 1 << 20
_ON_WINDOWS = sys.platform == "win32"
"""Where a file that is open can be neither moved nor replaced."""


def read_file(path: Path) -> bytes:
    """What the file holds.

    Raises:
        WorkbookRefused: nothing is there, or no regular file, or one that is too large or may not be read.
    """
    try:
        found = path.stat()
        if stat.S_ISDIR(found.st_mode):
            raise WorkbookRefused(f"{path} is a folder, not a workbook; name a file in it")
        if not stat.S_ISREG(found.st_mode):
            raise WorkbookRefused(f"{path} is no regular file")
        if found.st_size > MOST_BYTES:
            raise WorkbookRefused(f"{path} has {found.st_size:,} bytes; a workbook has at most {MOST_BYTES:,}")
        return path.read_bytes()
    except FileNotFoundError as problem:
        raise WorkbookRefused(f"{path} does not exist; check the name") from problem
    except (OSError, ValueError) as problem:
        said = problem.strerror if isinstance(problem, OSError) else problem
        raise WorkbookRefused(f"{path} cannot be read ({said}); check that you may open it") from problem


def replace_file(path: Path, content: bytes) -> None:
    """``path`` holds ``content``; whatever stood there stays whole until all of it is on the disk. Mode and attributes of a file that is replaced are kept.

    Raises:
        OSError: it could not be written. Nothing is left behind.
    """
    with written_beside(path, content, like=path) as temporary:
        temporary.replace(path)
    sync_folder(path)


@contextmanager
def written_beside(path: Path, content: bytes, *, like: Path | None = None) -> Iterator[Path]:
    """A temporary file beside ``path`` whose ``content`` is on the disk, with mode and attributes of ``like`` where that exists.

    It is gone when the block ends, unless the block has moved it. Temporary files that killed processes left there are removed first.

    Raises:
        OSError: it could not be written; FileExistsError where this process is writing to ``path`` already.
    """
    remove_abandoned(path)
    temporary = _temporary(path)
    model = like if like is not None and like.exists() else None
    ours = True
    try:
        try:
            file = _created(temporary, 0o600 if model else 0o666)
        except FileExistsError:
            ours = False
            raise
        with file:
            file.write(content)
            file.flush()
            if model:
                _dress(temporary, model)
            os.fsync(file.fileno())
            if _ON_WINDOWS:
                file.close()
            yield temporary
    finally:
        if ours:
            with suppress(OSError):
                temporary.unlink(missing_ok=True)


def _created(temporary: Path, mode: int) -> BinaryIO:
    """A new file, locked. Before it was locked another process may have taken it for abandoned and removed it; then it is made again."""
    while True:
        temporary.touch(mode, exist_ok=False)
        with suppress(FileNotFoundError):
            file = temporary.open("r+b")
            lock(file)
            with suppress(FileNotFoundError):
                if os.path.samestat(os.fstat(file.fileno()), temporary.stat()):
                    return file
            file.close()


def _temporary(path: Path) -> Path:
    """A hidden name for this process, cut so that a name of any length leaves room for more; its end tells a file's from its backup's."""
    return path.with_name(f".{_cut(path)}.{os.getpid()}.tmp")


def _cut(path: Path) -> str:
    return os.fsencode(path.name)[-100:].decode(errors="ignore")


def remove_abandoned(path: Path) -> None:
    """Remove temporary files for ``path`` that no process holds: those that wrote them were killed."""
    name = re.compile(rf"\.{re.escape(_cut(path))}\.\d+\.tmp")
    with suppress(OSError):
        for file in [file for file in path.parent.iterdir() if name.fullmatch(file.name)]:
            with suppress(OSError), file.open("r+b") as found:
                # what was opened may have been moved to its place meanwhile, and a newer one have its name
                abandoned = lock(found, wait=False) and os.path.samestat(os.fstat(found.fileno()), file.stat())
                if _ON_WINDOWS:
                    found.close()  # where a file that somebody writes cannot be removed anyway
                if abandoned:
                    file.unlink()


def _dress(file: Path, model: Path) -> None:
    """Owner, group, mode and extended attributes of ``model``, as far as the system lets us: who could open it before can do so afterwards."""
    with suppress(OSError, AttributeError):  # no chown on Windows
        found = model.stat()
        os.chown(file, found.st_uid, found.st_gid)
    with suppress(OSError):
        shutil.copystat(model, file)
        os.utime(file)


def lock(file: BinaryIO, *, wait: bool = True) -> bool:
    """Whether this process now holds the kernel's lock on ``file``, which ends when the file is closed; False where the file system knows no locks."""
    if sys.platform == "win32":
        return True
    try:
        fcntl.flock(file, fcntl.LOCK_EX if wait else fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        return False
    return True


@contextmanager
def held(path: Path, expected: bytes | None = None) -> Iterator[bool]:
    """The file at ``path``, locked; whether it still holds ``expected`` (None: whatever it holds)."""
    with path.open("rb") as file:
        lock(file)
        unchanged = os.path.samestat(os.fstat(file.fileno()), path.stat()) and (expected is None or _holds(file, expected))
        if _ON_WINDOWS:
            file.close()
        yield unchanged


def _holds(file: BinaryIO, expected: bytes) -> bool:
    """Byte for byte: a comparison that no date and no equal size can deceive, and cheaper than a hash."""
    view, at = memoryview(expected), 0
    while chunk := file.read(_CHUNK):
        if view[at : at + len(chunk)] != chunk:
            return False
        at += len(chunk)
    return at == len(view)


def keep(path: Path, name: Path) -> None:
    """``name`` is what ``path`` is now, in one step, whatever ``name`` was: a second link where the file system has links, else a copy.

    Raises:
        OSError: it could not be made; ``name`` is what it was.
    """
    link = _temporary(name)
    try:
        try:
            os.link(path, link)
            link.replace(name)
        finally:
            with suppress(OSError):
                link.unlink(missing_ok=True)  # a link to what ``name`` is already is not moved
    except OSError:
        with written_beside(name, path.read_bytes(), like=path) as copy:
            copy.replace(name)


def place(file: Path, path: Path) -> None:
    """Move ``file`` to ``path``, where nothing stands.

    Raises:
        OSError: it could not be moved; FileExistsError where something stands there.
    """
    try:
        os.link(file, path)  # which, unlike a move, replaces nothing that another process put there just now
    except FileExistsError:
        raise
    except OSError:  # a file system without links
        if path.exists():
            raise FileExistsError(errno.EEXIST, os.strerror(errno.EEXIST), str(path)) from None
        file.replace(path)


def sync_folder(path: Path) -> None:
    """The folder of ``path`` on the disk, so that a power cut does not take the new name away; where folders cannot be synced, the system does it."""
    with suppress(OSError):
        folder = os.open(path.parent, os.O_RDONLY)
        try:
            os.fsync(folder)
        finally:
            os.close(folder)


def opened_elsewhere(path: Path) -> tuple[str, Path] | None:
    """The program that has ``path`` open, with the user's name where it tells, and the file beside it that says so."""
    for name, program, user in ((f"~${path.name}", "Excel", _excel_user), (f".~lock.{path.name}#", "LibreOffice", _office_user)):
        sign = path.with_name(name)
        if os.path.lexists(sign):
            who = ""
            with suppress(OSError), sign.open("rb") as file:
                who = "".join(character for character in user(file.read(2048)) if character.isprintable()).strip()[:60]
            return (f"{program} (by {who})" if who else program), sign
    return None


def _excel_user(data: bytes) -> str:
    """Length and name, padded to 54 or 55 bytes; then length and name again in UTF-16."""
    length = data[0] if data else 0
    for at in (54, 55):
        if data[at : at + 2] == length.to_bytes(2, "little"):
            return data[at + 2 : at + 2 + 2 * length].decode("utf-16-le", "ignore")
    return data[1 : 1 + length].decode("latin-1")


def _office_user(data: bytes) -> str:
    """User, login, host and more, by commas."""
    fields = data.decode(errors="ignore").split(",")
    return next((field.strip() for field in fields[:2] if field.strip()), "")


def why(problem: OSError) -> str:
    """What happened and what to do, in a few words."""
    if problem.errno in {errno.ENOSPC, errno.EDQUOT}:
        return "the disk is full; free some space and run again"
    if problem.errno == errno.EROFS:
        return "the disk is read-only; copy the file elsewhere and work there"
    if problem.errno == errno.ENAMETOOLONG:
        return "its name is too long; shorten it"
    if isinstance(problem, PermissionError):
        return "permission denied; close it where it is open in Excel, or check that you may write to its folder"
    return f"{problem.strerror or type(problem).__name__}; mend that and run again"
