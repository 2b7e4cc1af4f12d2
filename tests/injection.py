"""Makes every step of a piece of code that touches the disk fail in turn, or be the last one of its process.

A step is a call to the system about a file of the watched folder: opening, listing, reading, writing, syncing, linking, moving, removing, locking, changing
attributes. Python's own audit events tell most of them, whatever function made the call; files and ``fsync``, which have none, are wrapped.
"""

from __future__ import annotations

import errno
import io
import os
import signal
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from unittest import mock

EVENTS = {"open", "os.rename", "os.link", "os.remove", "os.chmod", "os.chown", "os.utime", "os.listdir", "os.scandir",
          "os.setxattr", "os.listxattr", "os.truncate", "os.mkdir", "os.symlink", "fcntl.flock"}  # fmt: skip


@dataclass(slots=True)
class Steps:
    """The steps made so far in ``folder``; ``fault`` is called before step number ``at`` (from 0), and before all later ones where ``lasting``."""

    folder: Path
    at: int | None = None
    fault: Callable[[], None] = lambda: None
    lasting: bool = False
    made: list[str] = field(default_factory=list)

    def step(self, what: str) -> None:
        number = len(self.made)
        self.made.append(what)
        if self.at is not None and (number == self.at or (self.lasting and number > self.at)):
            self.fault()


_watching: Steps | None = None


def _audit(event: str, args: tuple[object, ...]) -> None:
    if _watching is None or event not in EVENTS:
        return
    where = args[0]
    if event == "fcntl.flock" or (isinstance(where, str | os.PathLike) and str(where).startswith(str(_watching.folder))):
        _watching.step(event)


sys.addaudithook(_audit)


class _File(io.FileIO):
    """A file whose reads and writes are steps; a write before which the process dies gets half of its bytes to the disk."""

    def write(self, data, /):
        if _watching and _watching.fault is kill and _watching.at == len(_watching.made):
            super().write(bytes(data)[: len(data) // 2])
        _step("write")
        return super().write(data)

    def readinto(self, buffer, /):
        _step("read")
        return super().readinto(buffer)

    def readall(self):
        _step("read")
        return super().readall()


def _step(what: str) -> None:
    if _watching:
        _watching.step(what)


def _open(path, mode="r", *_, **__):
    raw = _File(path, mode.replace("b", ""))
    return io.BufferedRandom(raw) if "+" in mode else io.BufferedReader(raw)


@contextmanager
def watched(steps: Steps) -> Iterator[Steps]:
    """Within the block, what happens in ``steps.folder`` is a step."""
    global _watching  # noqa: PLW0603  an audit hook cannot be taken away, only told to look elsewhere
    fsync = os.fsync

    def synced(file):
        _step("fsync")
        fsync(file)

    with mock.patch.object(Path, "open", _open), mock.patch.object(os, "fsync", synced):
        _watching = steps
        try:
            yield steps
        finally:
            _watching = None


def full() -> None:
    raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))


def denied() -> None:
    raise PermissionError(errno.EACCES, os.strerror(errno.EACCES))


def interrupt() -> None:
    raise KeyboardInterrupt


def kill() -> None:
    os.kill(os.getpid(), signal.SIGKILL)


def in_child(work: Callable[[], None]) -> int:
    """Runs ``work`` in a process of its own; its exit status, negative where a signal ended it."""
    child = os.fork()
    if child == 0:
        code = 70
        try:
            work()
            code = 0
        finally:
            os._exit(code)
    return os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])
