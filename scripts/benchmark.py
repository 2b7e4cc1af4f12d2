"""Speed and memory, as ratios against references that run in the same minutes on the same machine.

``python scripts/benchmark.py`` prints a table: what, workbench, reference, ratio, target. Times are CPU seconds of the whole process, imports
included (from bytecode, as they are for users), medians of ``--repeats`` runs that alternate with the reference's. ``--quick`` leaves out the
large cases.
"""

from __future__ import annotations

import argparse
import datetime as dt
import json
import os
import random
import statistics
import subprocess
import sys
import tempfile
import zipfile
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

import xlsxwriter

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from workbench import frameworks  # noqa: E402
from workbench.model import ISO2022, SOC2  # noqa: E402

OWNERS = ("IT operations", "Security", "People", "Legal", "Engineering", "Finance", "Facilities")
STATUSES = ("Implemented", "Implemented", "Implemented", "Partially implemented", "Planned", "Not implemented", "Not applicable")
FREQUENCIES = ("Annual", "Quarterly", "Monthly", "Continuous")
CONTROL_COLUMNS = (
    "Control ID", "Control name", "Description", "Owner", "Status", "SOC 2 criteria", "ISO 27001 controls", "Frequency", "Type",
    "Last tested", "Evidence", "Risk score", "Automated", "Notes", "Tags",
)  # fmt: skip


@dataclass(frozen=True)
class Spent:
    """CPU seconds and peak resident megabytes of one process."""

    seconds: float
    megabytes: float


def run(arguments: Sequence[str]) -> Spent:
    """Run a command to its end and say what it used."""
    environment = {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}
    process = subprocess.Popen(arguments, cwd=ROOT, env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE)
    complaint = process.stderr.read() if process.stderr else b""
    _, status, usage = os.wait4(process.pid, 0)
    if os.waitstatus_to_exitcode(status):
        raise SystemExit(f"{' '.join(arguments[:4])} … failed: {complaint.decode()[-2000:]}")
    return Spent(usage.ru_utime + usage.ru_stime, usage.ru_maxrss / 1024)


def catalogue() -> list[dict[str, str]]:
    """The requirements that both sides match against."""
    entries = [entry for name in (SOC2, ISO2022) for entry in frameworks.framework(name).requirements if entry.assessable]
    return [
        {"id": entry.id, "framework": entry.framework, "title": entry.title, "summary": entry.summary}
        for entry in entries
        if entry.kind != "clause"
    ]


def client(path: Path, count: int, seed: int) -> None:
    """A client's workbook: ``count`` controls whose texts paraphrase requirements, and a register of evidence."""
    chance = random.Random(seed)  # noqa: S311
    entries = catalogue()
    book = xlsxwriter.Workbook(path)
    book.set_properties({"created": dt.datetime(2025, 1, 1)})  # noqa: DTZ001
    day = book.add_format({"num_format": "yyyy-mm-dd"})
    page = book.add_worksheet("Controls")
    page.write_row(0, 0, CONTROL_COLUMNS)
    for row in range(1, count + 1):
        page.write_row(row, 0, control(chance, entries, row, count))
        page.write_datetime(row, 9, dt.datetime(2025, 1, 1) + dt.timedelta(days=chance.randint(0, 600)), day)  # noqa: DTZ001
    page = book.add_worksheet("Evidence")
    page.write_row(0, 0, ["Evidence ID", "Title", "Collected", "File or link", "Owner"])
    for row in range(1, count // 2 + 1):
        page.write_row(row, 0, [f"EV-{row:04d}", f"Record {row}", "", f"https://example.invalid/{row}", chance.choice(OWNERS)])
        page.write_datetime(row, 2, dt.datetime(2025, 1, 1) + dt.timedelta(days=chance.randint(0, 600)), day)  # noqa: DTZ001
    book.close()


def control(chance: random.Random, entries: list[dict[str, str]], row: int, count: int) -> list[object]:
    """One row of a control library."""
    about, other = chance.sample(entries, 2)
    words = about["summary"].split()
    chance.shuffle(words)
    text = " ".join(words[: chance.randint(12, 30)] + other["summary"].split()[: chance.randint(5, 20)])
    soc2 = chance.sample([entry["id"] for entry in entries if entry["framework"] == SOC2], chance.choice([0, 1, 1, 2, 3]))
    iso = chance.sample([entry["id"] for entry in entries if entry["framework"] == ISO2022], chance.choice([0, 1, 2, 2, 3]))
    return [
        f"CTL-{row:04d}", about["title"], text, chance.choice(OWNERS), chance.choice(STATUSES), ", ".join(soc2), ", ".join(iso),
        chance.choice(FREQUENCIES), chance.choice(["Preventive", "Detective", "Corrective"]), "", f"EV-{chance.randint(1, max(1, count // 2)):04d}",
        chance.randint(0, 100), chance.choice(["yes", "no"]), " ".join(other["summary"].split()[:12]), chance.choice(OWNERS),
    ]  # fmt: skip


def compare(ours: Callable[[], Spent], theirs: Callable[[], Spent], repeats: int) -> tuple[Spent, Spent]:
    """Medians of alternating runs."""
    runs = [(ours(), theirs()) for _ in range(repeats)]
    return tuple(
        Spent(statistics.median(pair[side].seconds for pair in runs), statistics.median(pair[side].megabytes for pair in runs))
        for side in (0, 1)
    )  # type: ignore[return-value]


def job(folder: Path, clients: int, controls: int, repeats: int) -> tuple[Spent, Spent]:
    """The main job on ``clients`` workbooks of ``controls`` controls, and the reference's."""
    inputs = folder / f"{clients}x{controls}"
    inputs.mkdir()
    for number in range(clients):
        client(inputs / f"client{number:03d}.xlsx", controls, number)
    (folder / "catalogue.json").write_text(json.dumps(catalogue()), encoding="utf-8")
    paths = sorted(str(path) for path in inputs.iterdir())
    ours = [sys.executable, "-m", "workbench", "run", str(inputs), "-o", str(folder / "ours"), "--as-of", "2026-01-01"]
    theirs = [sys.executable, "scripts/benchmark_reference.py", str(folder / "catalogue.json"), str(folder / "theirs"), *paths]
    return compare(lambda: run(ours), lambda: run(theirs), repeats)


# --- the round trip ----------------------------------------------------------------------------------------------------

LARGE = (50_000, 15)
"""Rows and columns of the sheet that is edited."""
VERSIONS = (5_000, 20)
"""Of the workbooks that are compared and merged."""


def large(path: Path) -> int:
    """A sheet of texts, numbers and dates; the bytes of its part."""
    chance = random.Random(1)  # noqa: S311
    book = xlsxwriter.Workbook(path)
    day = book.add_format({"num_format": "yyyy-mm-dd"})
    page = book.add_worksheet("Controls")
    page.write_row(0, 0, [f"Column {place}" for place in range(1, LARGE[1] + 1)])
    for row in range(1, LARGE[0] + 1):
        texts = [f"text {chance.randint(1, 3000)}" for _ in range(LARGE[1] - 5)]
        page.write_row(row, 0, [f"CTL-{row:05d}", *texts, chance.randint(0, 100), chance.random() * 1000, row % 7])
        page.write_number(row, LARGE[1] - 1, 45_000 + row % 900, day)
    book.close()
    with zipfile.ZipFile(path) as package:
        return package.getinfo("xl/worksheets/sheet1.xml").file_size


def version(path: Path, change: Callable[[list[list[object]]], None] | None = None) -> None:
    """A library of controls, after a change."""
    chance, entries = random.Random(1), catalogue()  # noqa: S311
    more = [f"More {place}" for place in range(1, VERSIONS[1] - len(CONTROL_COLUMNS) + 1)]
    rows = [
        [*control(chance, entries, row, VERSIONS[0]), *(chance.choice(OWNERS) for _ in more)] for row in range(1, VERSIONS[0] + 1)
    ]
    if change:
        change(rows)
    book = xlsxwriter.Workbook(path)
    page = book.add_worksheet("Controls")
    for place, row in enumerate([[*CONTROL_COLUMNS, *more], *rows]):
        page.write_row(place, 0, row)
    book.close()


def ours_changed(rows: list[list[object]]) -> None:
    """What we did to our copy: statuses."""
    for row in rows[::50]:
        row[4] = "Planned"


def theirs_changed(rows: list[list[object]]) -> None:
    """What they did to theirs: ids, and a control more."""
    for row in rows[7::60]:
        row[6] = f"{row[6]}, A.5.1" if row[6] else "A.5.1"
    rows.append(["CTL-9001", "New", *[""] * (VERSIONS[1] - 2)])


def round_trip(folder: Path, repeats: int) -> None:
    """Measure and print edits of a large sheet, and the difference and merge of versions."""
    script = [sys.executable, "scripts/benchmark_edits.py"]
    sheet, base, ours, theirs, out = (str(folder / f"{name}.xlsx") for name in ("sheet", "base", "ours", "theirs", "out"))
    part = large(Path(sheet)) / 2**20
    for job, what in (("cell", "edit a cell"), ("column", "append a full column")):
        spent, reference = compare(
            lambda job=job: run([*script, job, sheet, out]), lambda: run([*script, "read", sheet, out]), repeats
        )  # type: ignore[misc]
        say(f"{what}, 50,000 x 15", spent, reference, spent.seconds / reference.seconds, "at most 1.5 times calamine and a copy")
        print(
            f"{'  peak memory, MB, against the part':44}{spent.megabytes:12.0f}{part:12.0f}{spent.megabytes / part:8.1f}  under 6 times"
        )
    version(Path(base))
    version(Path(ours), ours_changed)
    version(Path(theirs), theirs_changed)
    workbench = [sys.executable, "-m", "workbench"]
    spent, reference = compare(
        lambda: run([*workbench, "diff", base, theirs]), lambda: run([*script, "compare", base, theirs, out]), repeats
    )
    say("diff, 5,000 x 20", spent, reference, spent.seconds / reference.seconds, "under 3 s (reference: pandas)")
    spent, reference = compare(
        lambda: run([*workbench, "merge", base, ours, theirs, "-o", out, "--force"]),
        lambda: run([*script, "join", base, ours, theirs, str(folder / "joined.xlsx")]),
        repeats,
    )
    say("merge of three, 5,000 x 20", spent, reference, spent.seconds / reference.seconds, "under 3 s (reference: pandas)")


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--repeats", type=int, default=3)
    parser.add_argument("--quick", action="store_true")
    parser.add_argument("--round-trip", action="store_true", help="only edits, diff and merge")
    options = parser.parse_args()
    print(f"{'what':44}{'workbench':>12}{'reference':>12}{'ratio':>8}  target")
    with tempfile.TemporaryDirectory() as name:
        if not options.round_trip:
            main_job(Path(name), options.repeats, quick=options.quick)
        if not options.quick:
            round_trip(Path(name), options.repeats)


def main_job(folder: Path, repeats: int, *, quick: bool) -> None:
    """Measure and print the start and the main job."""
    bare = [sys.executable, "-c", "import click"]
    ours, theirs = compare(lambda: run([sys.executable, "-m", "workbench", "--help"]), lambda: run(bare), 7)
    say("workbench --help, against a bare import click", ours, theirs, ours.seconds / theirs.seconds, "at most 1.5 times")
    cases = [(1, 300, 1.0), (1, 3000, 3.0), (30, 300, 3.0)]
    for clients, controls, target in cases[:1] if quick else cases:
        ours, theirs = job(folder, clients, controls, repeats)
        what = f"main job, {clients} x {controls} controls"
        say(what, ours, theirs, theirs.seconds / ours.seconds, f"at least {target:g} times faster")
        if controls == 3000:
            print(f"{'  peak memory, MB':44}{ours.megabytes:12.0f}{theirs.megabytes:12.0f}{'':8}  under 300")


def say(what: str, ours: Spent, theirs: Spent, ratio: float, target: str) -> None:
    """One line of the table; times in CPU seconds."""
    print(f"{what:44}{ours.seconds:10.2f} s{theirs.seconds:10.2f} s{ratio:8.2f}  {target}", flush=True)


if __name__ == "__main__":
    main()
