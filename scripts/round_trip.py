"""The round trip on ``input_workbooks/harbor-payments.xlsx``: commands of the workbench, and between them what people do in Excel.

``python scripts/round_trip.py FOLDER`` plays it in a folder and prints every command with what it says. The tests hold what comes of it, the
README tells it, ``scripts/pictures.py`` draws it.
"""

from __future__ import annotations

import datetime as dt
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from workbench.editing import Value, open_workbook  # noqa: E402

TODAY = "2026-11-24"
NAME = "harbor-payments.xlsx"
MERGED = "harbor-payments-merged.xlsx"
DECISIONS: tuple[tuple[str, str, dict[str, Value]], ...] = (
    ("HP-04", "P6.6", {"I": "Reject", "K": "That is about breaches."}),
    ("HP-06", "A.5.8", {"I": "Accept", "J": "subset of", "K": "The risk sheet is one part of it."}),
    ("HP-10", "A.5.14", {"I": "Accept"}),
    ("HP-12", "A.5.16", {"I": "Accept"}),
    ("HP-15", "A.5.19", {"I": "Accept"}),
    ("HP-15", "A.5.22", {"I": "Accept"}),
    ("HP-16", "CC9.2", {"I": "Accept"}),
    ("HP-16", "A.5.23", {"I": "Accept", "J": "equal", "K": "Both ask for the same."}),
    ("HP-31", "A.7.10", {"D": "A.7.14", "I": "Accept", "K": "It is disposal that we do."}),
    ("HP-40", "A.8.33", {"I": "Defer"}),
)
"""(control, suggested requirement, cells by column) of what Joanna types into the review."""
DANA: dict[str, Value] = {
    "E10": "Implemented", "H10": "Risk sheets of 14 projects", "K10": 90, "N20": "Platform, by January", "E34": "Partially implemented",
}  # fmt: skip
DANAS_CONTROL: dict[str, Value] = {
    "A": "HP-41", "B": "Rate limits", "C": "The public interface refuses callers that ask too often.", "D": "Platform", "E": "Implemented",
    "F": "CC6.6", "G": "A.8.20", "H": "Gateway settings", "I": "Quarterly", "J": dt.date(2026, 11, 20), "K": 100, "L": 3,
}  # fmt: skip
TOM: dict[str, Value] = {"G7": "A.5.3", "G11": "A.5.9", "G21": "A.5.26", "N20": "Legal", "E34": "Implemented"}


def decide(path: Path) -> None:
    """Joanna decides on suggestions in the review sheet."""
    book = open_workbook(path)
    rows = [row.number for row in book.sheet("Suggestions").rows]
    places = {(book.value("Suggestions", f"A{row}"), book.value("Suggestions", f"D{row}")): row for row in rows}
    for control, requirement, typed in DECISIONS:
        row = places[control, requirement]
        for column, value in {**typed, "L": "Joanna Lind", "M": dt.date(2026, 11, 24)}.items():
            book.set_cell("Suggestions", f"{column}{row}", value)
    book.save()


def edit(path: Path, cells: dict[str, Value], added: Sequence[dict[str, Value]] = ()) -> None:
    """Somebody types into the sheet of controls, and adds controls below the last."""
    book = open_workbook(path)
    for ref, value in cells.items():
        book.set_cell("Controls", ref, value)
    book.append_rows("Controls", added)
    book.save()


def choose(path: Path) -> None:
    """Joanna finds Platform and Legal both right, and that Dana is."""
    book = open_workbook(path)
    for ref, text in {"J6": "other value", "K6": "Platform writes it, Legal reads it", "J7": "harbor-payments-Dana.xlsx"}.items():
        book.set_cell("Conflicts", ref, text)
    book.save()


def play(folder: Path, workbench: Callable[..., None]) -> Iterator[tuple[str, Path]]:
    """Play it in ``folder``, which is the current one; after each step its name and the workbook as it is then."""
    book, merged, copies = folder / NAME, folder / MERGED, folder / "review"
    shutil.copyfile(ROOT / "input_workbooks" / NAME, book)
    yield "begin", book
    workbench("check", NAME, "--annotate", "--as-of", TODAY)
    yield "annotate", book
    workbench("suggest", NAME, "--write", "--as-of", TODAY)
    yield "suggest", book
    decide(book)
    yield "decide", book
    workbench("accept", NAME, "--as-of", TODAY)
    yield "accept", book
    workbench("send-out", NAME, "--to", "Dana", "--to", "Tom", "-o", "review", "--as-of", TODAY)
    edit(copies / "harbor-payments-Dana.xlsx", DANA, [DANAS_CONTROL])
    edit(copies / "harbor-payments-Tom.xlsx", TOM)
    yield "send-out", book
    returned = ("review/harbor-payments-Dana.xlsx", "review/harbor-payments-Tom.xlsx")
    workbench("merge", "--find-base", NAME, *returned, "--as-of", TODAY)
    yield "merge", merged
    choose(merged)
    workbench("merge", "--resolve", MERGED, "--as-of", TODAY)
    yield "resolve", merged
    workbench("check", MERGED, "--clear")
    yield "clear", merged


def main(arguments: Sequence[str]) -> None:
    """Play it and print."""
    folder = Path(arguments[0])
    folder.mkdir(parents=True, exist_ok=True)

    def workbench(*words: str) -> None:
        print(f"\n$ workbench {' '.join(words)}", flush=True)
        command = [sys.executable, "-m", "workbench", *words]
        subprocess.run(command, cwd=folder, check=False, env={"PYTHONPATH": str(ROOT)})

    for step, path in play(folder, workbench):
        print(f"[{step}: {path.stat().st_size:,} bytes]", flush=True)


if __name__ == "__main__":
    main(sys.argv[1:])
