"""Makes the README's pictures: runs the main job on the shipped workbooks and lets LibreOffice and pdftoppm draw one page of each deliverable.

``python scripts/pictures.py`` (needs soffice and pdftoppm); the pictures go to ``docs/images/``.
"""

from __future__ import annotations

import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
IMAGES = ROOT / "docs" / "images"
PICTURES = {
    "findings": ("quay-logistics/quay-logistics-findings", 3),
    "suggestions": ("alder-health/alder-health-suggestions", 2),
    "overlap": ("alder-health/alder-health-overlap", 2),
    "gap": ("alder-health/alder-health-gap", 2),
    "soa": ("alder-health/alder-health-soa", 2),
    "summary": ("summary", 1),
}
"""Picture → (workbook of the run without its ending, page)."""


def main() -> None:
    """Run, draw, and keep the pages."""
    for program in ("soffice", "pdftoppm"):
        if shutil.which(program) is None:
            raise SystemExit(f"{program} is needed to draw the pictures")
    IMAGES.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        run = [
            sys.executable,
            "-m",
            "workbench",
            "run",
            "input_workbooks",
            "-o",
            str(folder / "output"),
            "--as-of",
            "2026-11-24",
            "--quiet",
        ]
        subprocess.run(run, cwd=ROOT, check=True, stdout=subprocess.DEVNULL)
        for picture, (workbook, page) in PICTURES.items():
            source = folder / "output" / f"{workbook}.xlsx"
            office = ["soffice", f"-env:UserInstallation={(folder / 'office').as_uri()}", "--headless", "--convert-to", "pdf"]
            subprocess.run(
                [*office, "--outdir", str(folder), str(source)], check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
            )
            draw = [
                "pdftoppm",
                "-r",
                "75",
                "-png",
                "-singlefile",
                "-f",
                str(page),
                "-l",
                str(page),
                str(folder / f"{source.stem}.pdf"),
            ]
            subprocess.run([*draw, str(IMAGES / picture)], check=True)
            print(IMAGES / f"{picture}.png")


if __name__ == "__main__":
    main()
