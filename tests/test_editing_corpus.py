"""Every workbook of the corpus is edited in every way, and the judge finds nothing that was not meant."""

from __future__ import annotations

import hashlib
import shutil
import subprocess
from collections.abc import Iterable, Sequence
from dataclasses import replace
from pathlib import Path

import pytest
from corpus import Sample, workbooks
from edits import DO, FILL, TEXT, edited, worked_on
from intact import Edits, judge
from packages import members
from refused import REFUSED

from workbench.editing import Changes, Splice, WorkbookRefused, open_workbook


def _untold(before: bytes, after: bytes, changes: Changes) -> list[str]:
    """Members that differ without being told, or whose splices, taken back, do not give what was there."""
    old, new = ({one.name: one.content for one in members(data)} for data in (before, after))
    told = {one.part: one for one in changes.parts}
    differ = {name for name in old.keys() | new.keys() if old.get(name) != new.get(name)}
    wrong = [
        name for name in differ & told.keys() & old.keys() & new.keys() if _taken_back(new[name], told[name].steps) != old[name]
    ]
    return sorted([*differ.symmetric_difference(told), *wrong])


def _taken_back(data: bytes, steps: Iterable[Sequence[Splice]]) -> bytes:
    for step in reversed(list(steps)):
        shift, pieces, at = 0, [], 0
        for start, old, new in step:
            pieces += [data[at : start + shift], old]
            at = start + shift + len(new)
            shift += len(new) - len(old)
        data = b"".join([*pieces, data[at:]])
    return data


SAMPLES = [pytest.param(sample, id=sample.name) for sample in workbooks()]


@pytest.mark.parametrize("sample", SAMPLES)
def test_a_workbook_that_nobody_edited_stays_as_it_is(sample):
    assert open_workbook(sample.data).content() == sample.data


@pytest.mark.parametrize("sample", SAMPLES)
def test_a_cell_is_edited_and_nothing_else(sample):
    after, edits = edited(sample, ("cell",))
    assert judge(sample.data, after, edits) == []


@pytest.mark.parametrize("sample", SAMPLES)
def test_everything_is_edited_and_nothing_else_and_what_changed_is_told(sample):
    book, edits = worked_on(sample)
    after = book.content()
    assert judge(sample.data, after, edits) == []
    assert _untold(sample.data, after, book.changes()) == []


@pytest.mark.parametrize(
    "name", ["of-analysts", "of-analysts-wide-streamed", "macros", "nothing-strict", "of-analysts-backslashed"]
)
def test_a_file_is_saved_in_place_with_what_it_was_beside_it(name, tmp_path):
    sample = next(one for one in workbooks() if one.name == name)
    path = tmp_path / "book.xlsm"
    path.write_bytes(sample.data)
    book = open_workbook(path)
    edits = DO["cell"](book, sample, Edits(sample.sheet))
    book.save()
    assert judge(sample.data, path.read_bytes(), edits) == []
    assert {one.name: one.read_bytes() == sample.data for one in tmp_path.iterdir()} == {
        "book.xlsm": False,
        "book.xlsm.bak": True,
    }


def _edit_in_place(path: Path) -> None:
    book = open_workbook(path)
    book.set_cell("Controls", "D4", TEXT)
    book.highlight("Controls", "D4", FILL)
    book.save()


@pytest.mark.parametrize("sample", [pytest.param(one, id=one.name) for one in REFUSED])
def test_what_must_not_be_edited_is_refused_in_one_line_and_left_alone(sample, tmp_path):
    path = tmp_path / "book.xlsx"
    path.write_bytes(sample.make())
    before = hashlib.sha256(path.read_bytes()).digest()
    with pytest.raises(WorkbookRefused) as told:
        _edit_in_place(path)
    assert "\n" not in told.value.reason
    assert 10 < len(told.value.reason) < 300
    assert any(word in told.value.reason for word in sample.says), told.value.reason
    assert hashlib.sha256(path.read_bytes()).digest() == before
    assert [one.name for one in tmp_path.iterdir()] == ["book.xlsx"]


CANNOT = ("wide", "backslashed", "other-case", "wandering", "many-columns")
"""What LibreOffice 7.4 does not read, edited or not: 64-bit zip records, names with backslashes or in other case, targets with dots.
A cell in the last row and one in the last column would be a CSV of 17 thousand million cells."""
TO_CSV = "csv:Text - txt - csv (StarCalc):44,34,76,1,,0,false,true,false,false,false,-1"


def _expected(sample: Sample) -> list[str]:
    shown = {"cell": "A.8.2, A.5.18 & <more>", "column": "Finding <1>", "rows": "ZZ-002", "sheet": "=1+1", "graft": "<AC-002>"}
    return [text for edit, text in shown.items() if edit not in sample.refuses]


@pytest.mark.rendering
def test_libreoffice_opens_every_edited_workbook_and_shows_the_edits(tmp_path):
    """A few starts of LibreOffice, which takes some 250 files at a time, write every sheet of every file as CSV."""
    readable = [sample for sample in workbooks() if not any(word in sample.name for word in CANNOT)]
    for number, sample in enumerate(readable):
        (tmp_path / f"{number:03}.xlsx").write_bytes(edited(sample)[0])
    command = ["soffice", f"-env:UserInstallation={(tmp_path / 'profile').as_uri()}", "--headless", "--convert-to", TO_CSV]
    files = sorted(str(path) for path in tmp_path.glob("*.xlsx"))
    for start in range(0, len(files), 200):
        some = files[start : start + 200]
        subprocess.run([*command, "--outdir", str(tmp_path / "csv"), *some], check=True, capture_output=True, timeout=300)
    lost = {}
    for number, sample in enumerate(readable):
        shown = "".join(path.read_text(encoding="utf-8") for path in sorted((tmp_path / "csv").glob(f"{number:03}-*.csv")))
        if missing := [text for text in _expected(sample) if text not in shown]:
            lost[sample.name] = missing
    assert lost == {}


OTHERS = (
    "nothing", "of-analysts", "notes", "extended-formats", "charts", "pictures", "merges", "filtered", "printed", "kinds-of-cells", "xlsxwriter-table-with-totals",
    "xlsxwriter-analysts-own", "xlsxwriter-conditional-formats", "xlsxwriter-rich-formats", "xlsxwriter-formulas", "openpyxl-looks", "openpyxl-values",
)  # fmt: skip


def _resaved_is_intact(sample: Sample, path: Path) -> list[str]:
    own = replace(sample, name=f"{sample.name} of another program", make=path.read_bytes)
    after, edits = edited(own)
    return judge(own.data, after, edits)


@pytest.mark.rendering
def test_what_libreoffice_saved_is_edited_and_nothing_else(tmp_path):
    chosen = [sample for sample in workbooks() if sample.name in OTHERS]
    for sample in chosen:
        (tmp_path / f"{sample.name}.xlsx").write_bytes(sample.data)
    command = ["soffice", f"-env:UserInstallation={(tmp_path / 'profile').as_uri()}", "--headless", "--convert-to", "xlsx"]
    files = sorted(str(path) for path in tmp_path.glob("*.xlsx"))
    subprocess.run([*command, "--outdir", str(tmp_path / "saved"), *files], check=True, capture_output=True, timeout=300)
    wrong = {sample.name: _resaved_is_intact(sample, tmp_path / "saved" / f"{sample.name}.xlsx") for sample in chosen}
    assert {name: said for name, said in wrong.items() if said} == {}
    assert len(chosen) == len(OTHERS)


@pytest.mark.skipif(shutil.which("ssconvert") is None, reason="gnumeric (ssconvert) is not installed")
def test_what_gnumeric_saved_is_edited_and_nothing_else(tmp_path):
    chosen = [sample for sample in workbooks() if sample.name in OTHERS[:9]]
    for sample in chosen:
        path = tmp_path / f"{sample.name}.xlsx"
        path.write_bytes(sample.data)
        saved = tmp_path / f"{sample.name}-saved.xlsx"
        subprocess.run(
            ["ssconvert", "--export-type=Gnumeric_Excel:xlsx2", str(path), str(saved)],
            check=True,
            capture_output=True,
            timeout=60,
        )
        assert _resaved_is_intact(sample, saved) == []
