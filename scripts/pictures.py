"""Makes the README's pictures: plays the main job and the round trip on the shipped workbooks and lets LibreOffice and pdftoppm draw one page of each.

``python scripts/pictures.py [PICTURE…]`` (needs soffice and pdftoppm); the pictures go to ``docs/images/``.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import round_trip

ROOT = Path(__file__).resolve().parent.parent
IMAGES = ROOT / "docs" / "images"
TODAY = "2026-11-24"


@dataclass(frozen=True, slots=True)
class Picture:
    """A page of a workbook, or a part of it: left, top, width and height in pixels at that resolution."""

    workbook: str
    page: int
    resolution: int = 75
    part: tuple[int, int, int, int] | None = None


PICTURES = {
    "findings": Picture("output/quay-logistics/quay-logistics-findings", 3),
    "suggestions": Picture("output/alder-health/alder-health-suggestions", 2),
    "overlap": Picture("output/alder-health/alder-health-overlap", 2),
    "gap": Picture("output/alder-health/alder-health-gap", 2),
    "soa": Picture("output/alder-health/alder-health-soa", 2),
    "summary": Picture("output/summary", 1),
    "annotated": Picture("trip/annotate", 1, 150, (80, 90, 1250, 640)),
    "review": Picture("trip/decide", 6, 170, (50, 50, 1850, 640)),
    "conflicts": Picture("trip/merge", 12, 190, (60, 60, 2100, 180)),
}


def main(arguments: Sequence[str]) -> None:
    """Run, draw, and keep the pages."""
    for program in ("soffice", "pdftoppm"):
        if shutil.which(program) is None:
            raise SystemExit(f"{program} is needed to draw the pictures")
    IMAGES.mkdir(parents=True, exist_ok=True)
    wanted = {name: PICTURES[name] for name in arguments or PICTURES}
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        if any(picture.workbook.startswith("output") for picture in wanted.values()):
            main_job(folder / "output")
        if any(picture.workbook.startswith("trip") for picture in wanted.values()):
            trip(folder / "trip")
        for title, picture in wanted.items():
            draw(folder, picture, IMAGES / title)


def main_job(output: Path) -> None:
    """The deliverables of all shipped workbooks."""
    workbench("run", "input_workbooks", "-o", str(output), "--as-of", TODAY, "--quiet", folder=ROOT)


def trip(folder: Path) -> None:
    """The workbook as it is after each step of the round trip, by the name of the step."""
    work = folder / "work"
    work.mkdir(parents=True)
    for step, path in round_trip.play(work, lambda *words: workbench(*words, folder=work)):
        shutil.copyfile(path, folder / f"{step}.xlsx")


def workbench(*words: str, folder: Path) -> None:
    """Run a command in a folder; findings and conflicts are no failure."""
    command, environment = [sys.executable, "-m", "workbench", *words], {**os.environ, "PYTHONPATH": str(ROOT)}
    done = subprocess.run(command, cwd=folder, env=environment, check=False, capture_output=True, text=True)
    if done.returncode > 1:
        raise SystemExit(done.stderr)


def draw(folder: Path, picture: Picture, target: Path) -> None:
    """Draw the page as ``target`` with the ending of a PNG."""
    source = folder / f"{picture.workbook}.xlsx"
    office = ["soffice", f"-env:UserInstallation={(folder / 'office').as_uri()}", "--headless", "--convert-to", "pdf"]
    subprocess.run([*office, "--outdir", str(folder), str(source)], check=True, capture_output=True)
    page = ["-f", str(picture.page), "-l", str(picture.page), "-r", str(picture.resolution)]
    part = [word for pair in zip(("-x", "-y", "-W", "-H"), picture.part or (), strict=False) for word in map(str, pair)]
    pdf = str(folder / f"{source.stem}.pdf")
    subprocess.run(["pdftoppm", "-png", "-singlefile", *page, *part, pdf, str(target)], check=True)
    print(f"{target}.png")


if __name__ == "__main__":
    main(sys.argv[1:])
