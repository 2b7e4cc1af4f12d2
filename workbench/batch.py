"""Many workbooks: which, in what order, each on its own, and a record beside what was written."""

from __future__ import annotations

import datetime as dt
import hashlib
import json
import re
import traceback
import zipfile
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from functools import cache, partial
from importlib import resources
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

from workbench import reports
from workbench.analysis import Analysis, analyse
from workbench.frameworks import TITLES
from workbench.interpretation import interpret
from workbench.model import Figure, Finding, InputRefused, OutputError, Severity, SheetReport, UsageError, WorkbenchError
from workbench.reading import read_book
from workbench.reports import PortfolioRow
from workbench.rules import CATALOGUE, check
from workbench.settings import Settings, settings_for
from workbench.version import VERSION
from workbench.words import nearest
from workbench.writing import Workbook, Written, safe_name, write_bytes, write_workbook

if TYPE_CHECKING:
    from workbench.revising import Annotated, Restored

SUFFIXES = (".xlsx", ".xlsm", ".csv", ".tsv", ".xls", ".xlsb", ".ods")
"""The kinds of file that are looked for in a folder."""

DELIVERABLES: Mapping[str, Callable[[Analysis], Workbook]] = {
    "findings": reports.findings,
    "suggestions": reports.suggestions,
    "overlap": reports.overlap,
    "gap": reports.gap,
    "soa": reports.soa,
}
"""What the main job writes for each workbook, by the word at the end of its file name."""

RECORD = "run.json"
SUMMARY = "summary.xlsx"
_MARK = "Deliverable"

Progress = Callable[[int, int, str], None]
"""Told before each workbook, and at the end: how many are done, how many there are, the name of the next."""


@dataclass(frozen=True, slots=True)
class Failure:
    """Why a workbook could not be worked through, in one line. ``trace`` is where, and only a bug has one."""

    message: str
    exit_code: int
    trace: str = ""


@dataclass(frozen=True, slots=True)
class Checked:
    """One workbook checked: what became of its sheets, and what is wrong; or why it could not be.

    ``annotated`` and ``restored`` are what was done to the workbook itself, where that was asked for: findings put into it, or taken out of it (then it was not
    checked). A workbook that was checked and could not be annotated has findings and a failure.
    """

    workbook: str
    sheets: tuple[SheetReport, ...] = ()
    findings: tuple[Finding, ...] = ()
    failure: Failure | None = None
    annotated: Annotated | None = None
    restored: Restored | None = None


@dataclass(frozen=True, slots=True)
class Outcome:
    """One workbook of a run: what became of its sheets, its headline, its findings, and the files written; or why there are none.

    ``folder`` is where its deliverables are, or were to be. ``remarks`` say what could not be written as it was given. ``row`` is what the summary says.
    """

    workbook: str
    folder: Path
    sheets: tuple[SheetReport, ...] = ()
    headline: Figure | None = None
    findings: tuple[Finding, ...] = ()
    files: tuple[Path, ...] = ()
    remarks: tuple[str, ...] = ()
    failure: Failure | None = None
    row: PortfolioRow | None = None


@dataclass(frozen=True, slots=True)
class Job:
    """One workbook to work through, and all that decides what comes out."""

    path: Path
    folder: Path
    settings: Settings
    as_of: dt.date
    only: tuple[str, ...] = ()
    force: bool = False

    @property
    def targets(self) -> dict[str, Path]:
        """Deliverable → file."""
        return {name: self.folder / f"{self.folder.name}-{name}.xlsx" for name in DELIVERABLES}


T = TypeVar("T", Checked, Outcome)


def workbooks(paths: Sequence[Path]) -> list[Path]:
    """The workbooks that ``paths`` name: a file is itself, a folder the supported files in it, by name, each once.

    Left out of a folder are hidden files, the locks of open workbooks (``~$``) and what the workbench itself wrote.

    Raises:
        InputRefused: a folder holds none.
    """
    found = [file for path in paths for file in (_in_folder(path) if path.is_dir() else [path])]
    return list({file.resolve(): file for file in reversed(found)}.values())[::-1]


def _in_folder(folder: Path) -> list[Path]:
    files = sorted(file for file in folder.iterdir() if file.suffix.lower() in SUFFIXES and not file.name.startswith((".", "~$")))
    found = [file for file in files if file.is_file() and not deliverable(file)]
    if not found:
        only = "only workbooks that workbench itself wrote" if files else f"no workbook ({', '.join(SUFFIXES)})"
        raise InputRefused(f"{folder}: there is {only} in this folder; put your workbooks there, or name them")
    return found


def configured(workbook: Path, given: Settings | Path | str | None) -> Settings:
    """The settings for a workbook (see ``settings_for``).

    Raises:
        UsageError: they are wrong, or set the severity of a rule that does not exist.
    """
    settings = settings_for(workbook, given)
    unknown = next((code for code in settings.severities if code not in CATALOGUE), "")
    if unknown:
        near = nearest(unknown, CATALOGUE)
        raise UsageError(
            f"settings: severities.{unknown}: there is no such rule; "
            + (f"did you mean {near}?" if near else "`workbench rules` lists them")
        )
    return settings


def check_all(
    paths: Sequence[Path],
    settings: Settings | Path | str | None,
    as_of: dt.date,
    *,
    only: tuple[str, ...] = (),
    annotate: Callable[[Path, Sequence[Finding]], Annotated] | None = None,
    progress: Progress | None = None,
) -> list[Checked]:
    """Every workbook checked, in the order of ``workbooks``; one that fails says so and stops no other. ``annotate`` puts findings into a workbook.

    Raises:
        InputRefused: a folder holds no workbook.
        UsageError: the settings are wrong.
    """
    files = workbooks(paths)
    jobs = [Job(file, Path(), configured(file, settings), as_of, only) for file in files]
    work = _checked if annotate is None else partial(_annotated, annotate=annotate)
    return list(_each(jobs, work, _unchecked, progress))


def restore_all(
    paths: Sequence[Path], restore: Callable[[Path], Restored], as_of: dt.date, *, progress: Progress | None = None
) -> list[Checked]:
    """``restore`` takes the findings out of every workbook, in the order of ``workbooks``; one that fails says so and stops no other.

    Raises:
        InputRefused: a folder holds no workbook.
    """
    jobs = [Job(file, Path(), Settings(), as_of) for file in workbooks(paths)]
    return list(_each(jobs, lambda job: Checked(job.path.name, restored=restore(job.path)), _unchecked, progress))


def copies(files: Sequence[Path], output: Path | None) -> dict[Path, Path | None]:
    """Where a copy of each file goes: to ``output`` where that is no folder and it is the only one, else into that folder; None where there is none."""
    if output is None or (len(files) == 1 and not output.is_dir()):
        return dict.fromkeys(files, output)
    names = folder_names(files)
    return {file: output / f"{name}{file.suffix}" for file, name in zip(files, names, strict=True)}


def make_folders(copies: Mapping[Path, Path | None]) -> None:
    """The folder that several copies go to is there.

    Raises:
        OutputError: it cannot be made.
    """
    for folder in {target.parent for target in copies.values() if target} if len(copies) > 1 else ():
        _make_folder(folder)


def run(
    paths: Sequence[Path],
    output: Path,
    settings: Settings | Path | str | None,
    as_of: dt.date,
    *,
    only: tuple[str, ...] = (),
    force: bool = False,
    dry_run: bool = False,
    progress: Progress | None = None,
) -> list[Outcome]:
    """The main job for every workbook, each into a folder of its own below ``output``, and ``summary.xlsx`` over all unless all failed.

    Files of an earlier run are replaced; what somebody else wrote, or edited since, is only with ``force``. With ``dry_run`` nothing is
    read or written and the outcomes name the files.

    Raises:
        InputRefused: a folder holds no workbook.
        OutputError: the summary cannot be written.
        UsageError: the settings are wrong.
    """
    jobs = _jobs(workbooks(paths), output, settings, as_of, only, force=force)
    if dry_run:
        return [Outcome(job.path.name, job.folder, files=(*job.targets.values(), job.folder / RECORD)) for job in jobs]
    _refuse_foreign([output / SUMMARY], force=force)
    outcomes = list(_each(jobs, _delivered, lambda job, failure: Outcome(job.path.name, job.folder, failure=failure), progress))
    if not all(one.failure for one in outcomes):
        rows = [one.row or PortfolioRow(one.workbook, one.failure.message if one.failure else "") for one in outcomes]
        write(output / SUMMARY, "summary", reports.portfolio(rows), as_of)
    return outcomes


def write(path: Path, kind: str, declared: Workbook, as_of: dt.date) -> Written:
    """Write one deliverable, marked as such (see ``deliverable``), and the folders above it.

    Raises:
        OutputError: it cannot be written; whatever stood there is as it was.
    """
    _make_folder(path.parent)
    return write_workbook(path, replace(declared, custom={**declared.custom, _MARK: kind}), as_of=as_of)


def default_file(workbook: Path, name: str, output: Path) -> Path:
    """Where ``run`` puts one deliverable of a workbook when no other workbook has its name."""
    stem = safe_name(workbook.stem)
    return output / stem / f"{stem}-{name}.xlsx"


def refuse_place(path: Path, source: Path | None = None, *, force: bool) -> None:
    """Nothing is overwritten by itself, and the input never.

    Raises:
        UsageError: ``path`` is no xlsx file.
        OutputError: ``path`` is ``source``, or it exists and ``force`` is not set.
    """
    if path.suffix.lower() != ".xlsx":
        raise UsageError(f"{path}: what is written is an Excel workbook; name it ….xlsx")
    if source is not None and path.resolve() == source.resolve():
        raise OutputError(f"{path} is the input itself; name another output")
    if path.exists() and not force:
        raise OutputError(f"{path} exists; --force replaces it")


def deliverable(path: Path) -> bool:
    """Whether the workbench wrote the workbook at ``path``, even if somebody has edited it since."""
    return f'name="{_MARK}"'.encode() in _part(path, "docProps/custom.xml")


def untouched(path: Path) -> bool:
    """Whether the workbook at ``path`` is a deliverable that nobody has saved since: Excel and its kin then date it anew."""
    dates = re.findall(rb"<dcterms:(?:created|modified)[^>]*>([^<]*)<", _part(path, "docProps/core.xml"))
    return deliverable(path) and len(dates) == 2 and dates[0] == dates[1]


def folder_names(paths: Sequence[Path]) -> list[str]:
    """A folder name for each workbook: its stem, made safe for every system; a second of one name gets its folder's or a number.

    Names differ by more than case. Safe is: no character that Windows forbids, none of its device names, no leading dot, no trailing dot
    or space, at most 150 bytes.
    """
    taken = {SUMMARY.casefold()}
    names = []
    for path in paths:
        name = next(name for name in _candidates(path) if name.casefold() not in taken)
        taken.add(name.casefold())
        names.append(name)
    return names


def _candidates(path: Path) -> Iterator[str]:
    stem = safe_name(path.stem)
    yield stem
    yield safe_name(f"{path.resolve().parent.name}-{stem}")
    number = 2
    while True:
        yield f"{stem}-{number}"
        number += 1


def exit_code(results: Sequence[Checked | Outcome], fail_on: str) -> int:
    """0 fine; 1 a finding at or above ``fail_on``, or some workbooks failed; when all failed, the code of the first failure."""
    failures = [result.failure for result in results if result.failure]
    if failures:
        return failures[0].exit_code if len(failures) == len(results) else 1
    order = list(Severity)
    bad = order[: order.index(Severity(fail_on)) + 1] if fail_on != "never" else []
    return int(any(finding.severity in bad for result in results for finding in result.findings))


def counted(findings: Sequence[Finding]) -> dict[str, int]:
    """Severity → how many findings, worst first, zeros included."""
    counts = Counter(finding.severity for finding in findings)
    return {str(severity): counts[severity] for severity in Severity}


def _jobs(
    files: Sequence[Path],
    output: Path,
    settings: Settings | Path | str | None,
    as_of: dt.date,
    only: tuple[str, ...],
    *,
    force: bool,
) -> list[Job]:
    names = folder_names(files)
    return [
        Job(file, output / name, configured(file, settings), as_of, only, force) for file, name in zip(files, names, strict=True)
    ]


def _each(
    jobs: Sequence[Job], work: Callable[[Job], T], failed: Callable[[Job, Failure], T], progress: Progress | None
) -> Iterator[T]:
    for number, job in enumerate(jobs):
        if progress:
            progress(number, len(jobs), job.path.name)
        try:
            yield work(job)
        except WorkbenchError as error:
            yield failed(job, Failure(str(error), error.exit_code))
        except Exception as error:  # noqa: BLE001  one bad workbook never stops the others, not even a bug that it brings to light
            yield failed(job, _bug(job.path, error))
    if progress:
        progress(len(jobs), len(jobs), "")


def _bug(path: Path, error: Exception) -> Failure:
    what = f"{type(error).__name__}: {error}" if str(error) else type(error).__name__
    message = f"{path.name}: this is a bug in workbench, not a fault of yours ({what}); please report it. --debug shows where"
    return Failure(message, WorkbenchError.exit_code, "".join(traceback.format_exception(error)))


def _checked(job: Job) -> Checked:
    book = read_book(job.path, job.settings, only=job.only)
    return Checked(book.name, book.sheets, tuple(check(interpret(book, job.settings), job.settings, job.as_of)))


def _unchecked(job: Job, failure: Failure) -> Checked:
    return Checked(job.path.name, failure=failure)


def _annotated(job: Job, annotate: Callable[[Path, Sequence[Finding]], Annotated]) -> Checked:
    """The workbook checked, and its findings in it. What is wrong with it is said even where they cannot be put there."""
    checked = _checked(job)
    try:
        return replace(checked, annotated=annotate(job.path, checked.findings))
    except WorkbenchError as error:
        return replace(checked, failure=Failure(str(error), error.exit_code))


def _delivered(job: Job) -> Outcome:
    targets = job.targets
    for target in (*targets.values(), job.folder / RECORD):
        if target.resolve() == job.path.resolve():
            raise OutputError(f"{target} is the input itself; name another output folder")
    _refuse_foreign([*targets.values(), job.folder / RECORD], force=job.force)
    analysis = analyse(job.path, job.settings, job.as_of, only=job.only)
    written = [write(target, name, DELIVERABLES[name](analysis), job.as_of) for name, target in targets.items()]
    write_bytes(job.folder / RECORD, _record(analysis, written))
    book = analysis.project.book
    files = {name: f"{job.folder.name}/{target.name}" for name, target in targets.items()}
    return Outcome(
        workbook=book.name,
        folder=job.folder,
        sheets=book.sheets,
        headline=analysis.figures[0],
        findings=analysis.findings,
        files=(*targets.values(), job.folder / RECORD),
        remarks=tuple(f"{one.path.name}: {remark}" for one in written for remark in one.remarks),
        row=reports.portfolio_row(analysis, files),
    )


def _refuse_foreign(paths: Sequence[Path], *, force: bool) -> None:
    for path in paths:
        ours = _is_record(path) if path.suffix == ".json" else untouched(path)
        if path.exists() and not ours and not force:
            since = "was edited after the run that wrote it" if deliverable(path) else "was not written by workbench"
            raise OutputError(f"{path} {since}; move it away, or --force replaces it")


def _make_folder(folder: Path) -> None:
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise OutputError(f"{folder}: this folder cannot be made ({error.strerror}); name another output") from error


def _part(path: Path, name: str) -> bytes:
    """The beginning of one part of an xlsx package; b"" when there is none. Bounded, because anything may stand there."""
    try:
        with zipfile.ZipFile(path) as package, package.open(name) as part:
            return part.read(65_536)
    except Exception:  # noqa: BLE001  zipfile stumbles over damaged packages in more ways than it says
        return b""


def _is_record(path: Path) -> bool:
    try:
        return "workbench" in json.loads(path.read_bytes())["versions"]
    except (OSError, ValueError, KeyError, TypeError, RecursionError):
        return False


def _record(analysis: Analysis, written: Sequence[Written]) -> bytes:
    """What was read, what was written and by what, so that anybody can tell later. No time, no folder: the same run gives the same bytes."""
    book = analysis.project.book
    record = {
        "as_of": analysis.as_of.isoformat(),
        "inputs": [{"name": book.name, "size": book.size, "sha256": book.sha256}, *_own_files(analysis.settings)],
        "outputs": [{"name": one.path.name, "size": one.size, "sha256": one.sha256} for one in written],
        "settings": {name: value for name, value in asdict(analysis.settings).items() if name != "base"},
        "versions": versions(),
        "counts": _counts(analysis),
        "sheets": [asdict(sheet) for sheet in book.sheets],
    }
    return (json.dumps(record, indent=2, ensure_ascii=False) + "\n").encode("utf-8", "backslashreplace")


def _own_files(settings: Settings) -> list[dict[str, Any]]:
    """The catalogues and texts of the team's own that the settings name: they decide what comes out, too."""
    named = [name for name in (*settings.frameworks.values(), settings.texts) if name]
    contents = {name: (settings.base / name).read_bytes() for name in named if (settings.base / name).is_file()}
    return [{"name": name, "size": len(content), "sha256": _sha256(content)} for name, content in contents.items()]


def _counts(analysis: Analysis) -> dict[str, Any]:
    project = analysis.project
    return {
        "controls": len(project.controls),
        "mappings": len(project.mappings),
        "suggestions": len(analysis.suggestions),
        "findings": counted(analysis.findings),
        "coverage": {
            name: {str(level): int(count) for level, count in sorted(Counter(view["level"].tolist()).items())}
            for name, view in analysis.coverage.items()
        },
        "headline": asdict(analysis.figures[0]) | {"percentage": analysis.figures[0].percentage},
    }


@cache
def versions() -> dict[str, Any]:
    """The program's version, and the beginning of a SHA-256 over the rule set and over each catalogue: what decided the results."""
    data = resources.files("workbench.frameworks") / "data"
    rules = "\n".join(f"{rule.code} {rule.severity} {rule.summary}" for rule in CATALOGUE.values())
    return {
        "workbench": VERSION,
        "rules": _sha256(rules.encode())[:12],
        "catalogues": {name: _sha256((data / f"{name}.csv").read_bytes())[:12] for name in TITLES},
    }


def _sha256(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()
