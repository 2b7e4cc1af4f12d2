"""LibreOffice as a second opinion: what it computes from our formulas when it may not trust our cached values."""

from __future__ import annotations

import subprocess
from pathlib import Path

import openpyxl

_ALWAYS_RECALCULATE = """<?xml version="1.0" encoding="UTF-8"?>
<oor:items xmlns:oor="http://openoffice.org/2001/registry">
<item oor:path="/org.openoffice.Office.Calc/Formula/Load"><prop oor:name="OOXMLRecalcMode" oor:op="fuse"><value>0</value></prop></item>
</oor:items>
"""


def recalculated(path: Path, folder: Path) -> Path:
    """The workbook opened, recalculated and saved by LibreOffice below ``folder``."""
    user = folder / "profile" / "user"
    user.mkdir(parents=True, exist_ok=True)
    (user / "registrymodifications.xcu").write_text(_ALWAYS_RECALCULATE, encoding="utf-8")
    command = ["soffice", f"-env:UserInstallation={user.parent.as_uri()}", "--headless", "--convert-to", "xlsx"]
    subprocess.run([*command, "--outdir", str(folder), str(path)], check=True, capture_output=True, timeout=180)
    return folder / path.name


def formulas(path: Path) -> dict[tuple[str, str], object]:
    """(sheet, cell) → cached value of every formula in the workbook."""
    written, values = openpyxl.load_workbook(path), openpyxl.load_workbook(path, data_only=True)
    return {
        (page.title, cell.coordinate): values[page.title][cell.coordinate].value
        for page in written
        for row in page.iter_rows()
        for cell in row
        if cell.data_type == "f"
    }
