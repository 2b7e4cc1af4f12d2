"""Copies of a workbook for other people, which know what they were made of; and the base of a merge, found by that."""

from __future__ import annotations

import datetime as dt
import hashlib
from collections.abc import Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from workbench.editing import Workbook, WorkbookRefused, open_workbook
from workbench.model import Finding, InputRefused, OutputError, Severity, UsageError
from workbench.revising.opening import EDITABLE, in_our_words, open_own
from workbench.writing import safe_name, write_bytes

SHA256, NAME, TO, DAY = "Workbench base SHA-256", "Workbench base", "Workbench sent to", "Workbench sent on"
"""The custom document properties of a copy: the fingerprint and name of the workbook that it was made of, for whom, and when."""


@dataclass(frozen=True, slots=True)
class Sent:
    """What was made: the workbook as it was, to merge on, and a copy for each person."""

    base: Path
    copies: Mapping[str, Path]


@dataclass(frozen=True, slots=True)
class Stamp:
    """What a copy says of the workbook that it was made of."""

    sha256: str
    name: str


def send_out(path: Path, to: Sequence[str], folder: Path, as_of: dt.date, *, force: bool = False, dry_run: bool = False) -> Sent:
    """A copy of the workbook at ``path`` for each name of ``to``, in ``folder``, and the workbook itself beside them as the base of the merge to come.

    The copies are the workbook byte for byte, but for four custom document properties, which Excel and its kin keep when they save.

    Raises:
        UsageError: no name is given, or two names give one file name.
        InputRefused: the workbook cannot be edited.
        OutputError: a file exists already (without ``force``), or cannot be written.
    """
    names = [name for name in dict.fromkeys(map(str.strip, to)) if name]
    sent = Sent(
        folder / f"{path.stem}-base{path.suffix}",
        {name: folder / f"{path.stem}-{safe_name(name)}{path.suffix}" for name in names},
    )
    _refuse_places(path, sent, force=force)
    own = open_own(path)
    copies = {name: _stamped(own.package.raw, path, name, as_of) for name in names}
    if not dry_run:
        _make_folder(folder)
        write_bytes(sent.base, own.package.raw)
        for name, copy in copies.items():
            with in_our_words(sent.copies[name]):
                copy.save(sent.copies[name], force=force)
    return sent


def _refuse_places(path: Path, sent: Sent, *, force: bool) -> None:
    files = [sent.base, *sent.copies.values()]
    if not sent.copies:
        raise UsageError("name at least one person to send a copy to (--to)")
    if len({file.name.casefold() for file in files}) < len(files):
        raise UsageError(f"{', '.join(sent.copies)}: two of them give the same file name, or one is called base; tell them apart")
    for file in files:
        if file.resolve() == path.resolve():
            raise OutputError(f"{file} is the workbook itself; name another folder with -o")
        if file.exists() and not force:
            raise OutputError(f"{file} exists; --force replaces it")


def _make_folder(folder: Path) -> None:
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as problem:
        raise OutputError(f"{folder} could not be made: {problem.strerror or problem}; name another folder with -o") from problem


def _stamped(raw: bytes, path: Path, name: str, as_of: dt.date) -> Workbook:
    """The copy for one person."""
    book = open_workbook(raw)
    stamp = {SHA256: hashlib.sha256(raw).hexdigest(), NAME: path.name, TO: name, DAY: as_of.isoformat()}
    with in_our_words(path):
        for key, text in stamp.items():
            book.set_property(key, text)
    return book


# --- the way back --------------------------------------------------------------------------------------------------------------------


def find_base(ours: Path, theirs: Sequence[Path]) -> Path:
    """The workbook that all of ``theirs`` were made of, by what they say themselves: ours, or a file in the folder of one of them.

    Raises:
        InputRefused: a copy does not say it, they were made of different workbooks, or there is no such file.
    """
    stamps = {path: _stamp(path) for path in theirs}
    first, stamp = next(iter(stamps.items()))
    for path, other in stamps.items():
        if other.sha256 != stamp.sha256:
            raise InputRefused(f"{first.name} and {path.name} were made of different workbooks; merge one after the other")
    found = next((path for path in _candidates(ours, theirs, stamp) if _sha256(path) == stamp.sha256), None)
    if found is None:
        raise InputRefused(
            f"the copies were made of {stamp.name} (SHA-256 {stamp.sha256[:12]}…), and no such file lies beside {ours.name} or them; "
            "name it: workbench merge BASE OURS THEIRS"
        )
    return found


def of_another_base(base: Path, theirs: Sequence[Path]) -> Iterator[Finding]:
    """A finding for each copy that says itself that it was made of another workbook than ``base``."""
    sha256 = _sha256(base)
    for path in theirs:
        try:
            stamp = _stamp(path)
        except InputRefused:
            continue  # it does not say: a copy that nobody sent out with us, or no workbook of Excel
        if stamp.sha256 != sha256:
            yield Finding(
                "", Severity.WARNING,
                f"{path.name} says that it was made of {stamp.name} (SHA-256 {stamp.sha256[:12]}…), and {base.name} is another file",
                "Merge it on the workbook that it was made of (--find-base looks for it).", path.name, "", "A1",
            )  # fmt: skip


def _stamp(path: Path) -> Stamp:
    try:
        said = open_workbook(path).properties
    except WorkbookRefused as problem:
        raise InputRefused(f"{path.name}: {problem.reason}") from problem
    if not said.get(SHA256):
        raise InputRefused(
            f"{path.name} does not say which workbook it was made of (send-out writes that); name it: workbench merge BASE OURS THEIRS"
        )
    return Stamp(said[SHA256], said.get(NAME, "the base"))


def _candidates(ours: Path, theirs: Sequence[Path], stamp: Stamp) -> Iterator[Path]:
    """Files that may be the base, likeliest first."""
    yield ours
    folders = list(dict.fromkeys(path.resolve().parent for path in (ours, *theirs)))
    named = Path(stamp.name)
    for folder in folders:
        yield folder / f"{named.stem}-base{named.suffix}"
        yield folder / named.name
    for folder in folders:
        with suppress(OSError):
            yield from sorted(path for path in folder.iterdir() if path.suffix.lower() in EDITABLE)


def _sha256(path: Path) -> str:
    try:
        with path.open("rb") as file:
            return hashlib.file_digest(file, "sha256").hexdigest()
    except OSError:
        return ""
