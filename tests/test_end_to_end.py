"""The main job on the shipped workbooks, through files and the command line."""

from __future__ import annotations

import datetime as dt
import os
import random
import subprocess
import sys
from pathlib import Path

import openpyxl
import pytest

import workbench
from workbench.analysis import Analysis

ROOT = Path(__file__).resolve().parent.parent
ALDER = ROOT / "input_workbooks" / "alder-health.xlsx"
TODAY = dt.date(2026, 11, 24)


def shuffled(path: Path, seed: int) -> Path:
    """The same workbook with the rows of every sheet, and the columns of all but the Profile, in another order."""
    chance = random.Random(seed)
    book = openpyxl.load_workbook(ALDER)
    for sheet in book:
        heading, *rows = [[cell.value for cell in row] for row in sheet.iter_rows()]
        order = list(range(len(heading)))
        chance.shuffle(rows)
        if sheet.title != "Profile":
            chance.shuffle(order)
        sheet.delete_rows(1, sheet.max_row + 1)
        for row in [heading, *rows]:
            sheet.append([row[place] for place in order])
    book.save(path)
    return path


@pytest.fixture(scope="module")
def alder() -> Analysis:
    return workbench.analyse(ALDER, as_of=TODAY)


@pytest.mark.parametrize("seed", [1, 2])
def test_the_order_of_rows_and_columns_changes_nothing(alder: Analysis, tmp_path: Path, seed: int) -> None:
    other = workbench.analyse(shuffled(tmp_path / ALDER.name, seed), as_of=TODAY)

    assert other.figures == alder.figures
    assert other.suggestions.equals(alder.suggestions)
    assert other.gaps.equals(alder.gaps)
    assert other.soa.drop(columns="source").equals(alder.soa.drop(columns="source"))
    assert [finding.rule for finding in other.findings] == [finding.rule for finding in alder.findings] == []


def test_signals_add_up_to_the_score_of_every_suggestion(alder: Analysis) -> None:
    rows = list(zip(alder.suggestions["signals"], alder.suggestions["score"], strict=True))

    assert len(rows) > 100
    assert [(round(sum(signals.values()), 6), score) for signals, score in rows] == [(score, score) for _, score in rows]


def run(output: Path, **environment: str) -> dict[str, bytes]:
    """Every file of a run over the shipped workbooks, by its path."""
    command = [
        sys.executable,
        "-m",
        "workbench",
        "run",
        str(ROOT / "input_workbooks"),
        "-o",
        str(output),
        "--as-of",
        "2026-11-24",
        "--quiet",
    ]
    subprocess.run(
        command, cwd=output.parent, check=True, capture_output=True, env={**os.environ, "PYTHONPATH": str(ROOT), **environment}
    )
    return {path.relative_to(output).as_posix(): path.read_bytes() for path in sorted(output.rglob("*")) if path.is_file()}


def test_two_runs_give_the_same_bytes_whatever_the_hash_seed_zone_and_locale(tmp_path: Path) -> None:
    one = run(tmp_path / "one", PYTHONHASHSEED="1", TZ="UTC", LC_ALL="C")
    other = run(tmp_path / "other", PYTHONHASHSEED="2", TZ="Pacific/Kiritimati", LC_ALL="C.UTF-8")

    assert len(one) == 6 * 6 + 1
    assert one == other
