"""Many workbooks: which are taken, where each goes, that none stops another, and that nothing of anybody's is replaced."""

import datetime as dt
import json
import os
import zipfile
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from workbench import batch
from workbench.batch import Checked, Failure, exit_code, folder_names, workbooks
from workbench.model import Finding, InputRefused, OutputError, Severity, UsageError
from workbench.settings import Settings
from workbench.writing import Column, DataSheet, Workbook, safe_name

AS_OF = dt.date(2026, 6, 30)
ROWS = """Control ID,Control name,Description,Status,SOC 2 criteria,ISO 27001 controls
AC-001,User access management,Access is granted on request and removed at exit,Implemented,"CC6.1, CC6.2","A.5.15, A.5.16"
AC-002,Backups,Backups are made every night and restored in a test each quarter,Implemented,A1.2,A.8.13
"""


def small(title="Small"):
    return Workbook(title, "", (DataSheet("Data", "Data", "", (Column("A"),), [("x",)], table="tblData"),))


def library(path, text=ROWS):
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")
    return path


def finding(severity):
    return Finding("MAP004", severity, "m", "f", "a.xlsx", "Controls", "F2")


# --- which workbooks -----------------------------------------------------------------------------------------------


def test_a_folder_gives_its_workbooks_by_name_and_leaves_locks_and_hidden_files_out(tmp_path):
    for name in ("b.xlsx", "a.CSV", "c.ods", "~$b.xlsx", ".hidden.csv", "notes.txt", "d.docx"):
        (tmp_path / name).write_text("x")
    (tmp_path / "folder.xlsx").mkdir()
    assert [path.name for path in workbooks([tmp_path])] == ["a.CSV", "b.xlsx", "c.ods"]


def test_what_the_workbench_wrote_is_no_input_unless_it_is_named(tmp_path):
    gap = tmp_path / "acme-gap.xlsx"
    batch.write(gap, "gap", small(), AS_OF)
    project = tmp_path / "project.xlsx"
    batch.write(project, "", small(), AS_OF)
    assert workbooks([tmp_path]) == [project]
    assert workbooks([gap]) == [gap]


def test_a_workbook_named_twice_is_taken_once_where_it_first_stands(tmp_path):
    first, second = library(tmp_path / "b.csv"), library(tmp_path / "a.csv")
    assert workbooks([first, tmp_path, second]) == [first, second]


@pytest.mark.parametrize("ours", [False, True])
def test_a_folder_without_workbooks_is_refused(tmp_path, ours):
    if ours:
        batch.write(tmp_path / "acme-gap.xlsx", "gap", small(), AS_OF)
    with pytest.raises(InputRefused, match="only workbooks that workbench itself wrote" if ours else "there is no workbook"):
        workbooks([tmp_path])


# --- where each goes -----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("stem", "name"),
    [
        ("acme", "acme"),
        ("SOC 2 mapping (v3)", "SOC 2 mapping (v3)"),
        ("Übersicht", "Übersicht"),
        ("a:b*c?", "a-b-c-"),
        ("..", "workbook"),
        (".env", "env"),
        ("trailing. ", "trailing"),
        ("CON", "CON_"),
        ("nul.2024", "nul.2024_"),
        ("com1", "com1_"),
        ("console", "console"),
        ("a\nb\x1b", "a-b-"),
        ("", "workbook"),
    ],
)
def test_names_are_safe_on_every_system(stem, name):
    assert safe_name(stem) == name


@given(st.text(max_size=300))
def test_any_text_makes_a_name_that_stays_where_it_is_put(text):
    name = safe_name(text)
    assert Path(name).name == name
    assert len(name.encode()) <= 151
    assert safe_name(name) == name


def test_workbooks_of_one_name_get_folders_of_their_own():
    paths = [
        Path("/x/one/acme.xlsx"),
        Path("/x/two/ACME.xlsx"),
        Path("/x/two/acme.csv"),
        Path("/x/two/other.csv"),
        Path("/x/summary.xlsx.csv"),
    ]
    assert folder_names(paths) == ["acme", "two-ACME", "acme-2", "other", "x-summary.xlsx"]


# --- one by one ----------------------------------------------------------------------------------------------------


def run(paths, output, **more):
    return batch.run(paths, output, Settings(), AS_OF, **more)


@pytest.fixture
def clients(tmp_path):
    folder = tmp_path / "clients"
    library(folder / "a.csv")
    library(folder / "b.csv", "")
    library(folder / "c.csv")
    return folder


def test_one_bad_workbook_stops_no_other_and_says_why(clients, tmp_path):
    outcomes = run([clients], tmp_path / "out")
    assert [(one.workbook, one.failure is None) for one in outcomes] == [("a.csv", True), ("b.csv", False), ("c.csv", True)]
    assert outcomes[1].failure.exit_code == 3
    assert "\n" not in outcomes[1].failure.message
    assert sorted(path.name for path in (tmp_path / "out").iterdir()) == ["a", "c", "summary.xlsx"]
    assert exit_code(outcomes, "never") == 1


def test_a_bug_in_one_workbook_is_told_as_one_and_stops_no_other(clients, tmp_path, monkeypatch):
    real = batch.analyse

    def analyse(path, *rest, **more):
        if path.name == "a.csv":
            raise ZeroDivisionError("division by zero")
        return real(path, *rest, **more)

    monkeypatch.setattr(batch, "analyse", analyse)
    first, *_, last = run([clients], tmp_path / "out")
    assert first.failure.exit_code == 5
    assert first.failure.message.startswith(
        "a.csv: this is a bug in workbench, not a fault of yours (ZeroDivisionError: division by zero)"
    )
    assert "test_batch.py" in first.failure.trace
    assert last.failure is None


def test_the_outputs_are_the_five_deliverables_and_their_record(clients, tmp_path):
    outcome, *_ = run([clients / "a.csv"], tmp_path / "out")
    names = [f"a-{name}.xlsx" for name in ("findings", "suggestions", "overlap", "gap", "soa")]
    assert [path.name for path in outcome.files] == [*names, "run.json"]
    assert sorted(path.name for path in outcome.folder.iterdir()) == sorted([*names, "run.json"])


def test_the_record_names_every_input_and_output_with_its_hash(clients, tmp_path):
    import hashlib

    outcome, *_ = run([clients / "a.csv"], tmp_path / "out")
    record = json.loads((outcome.folder / "run.json").read_text(encoding="utf-8"))
    named = [(entry["name"], entry["size"], entry["sha256"]) for entry in (*record["inputs"], *record["outputs"])]
    files = [clients / "a.csv", *outcome.files[:-1]]
    assert named == [(file.name, file.stat().st_size, hashlib.sha256(file.read_bytes()).hexdigest()) for file in files]
    assert record["as_of"] == "2026-06-30"
    assert sorted(record) == ["as_of", "counts", "inputs", "outputs", "settings", "sheets", "versions"]
    assert record["counts"]["controls"] == 2
    assert [(sheet["layout"], sheet["heading_row"], sheet["rows"]) for sheet in record["sheets"]] == [("control library", 1, 2)]
    assert sorted(record["versions"]["catalogues"]) == ["iso27001-2013", "iso27001-2022", "soc2-2017"]
    assert str(tmp_path) not in json.dumps(record)


def test_the_same_input_settings_and_day_give_the_same_bytes(clients, tmp_path):
    for name in ("one", "two"):
        run([clients / "a.csv"], tmp_path / name)
    files = sorted(path.relative_to(tmp_path / "one") for path in (tmp_path / "one").rglob("*") if path.is_file())
    assert len(files) == 7
    assert [path for path in files if (tmp_path / "one" / path).read_bytes() != (tmp_path / "two" / path).read_bytes()] == []


def test_a_run_replaces_what_a_run_wrote(clients, tmp_path):
    run([clients / "a.csv"], tmp_path / "out")
    library(clients / "a.csv", ROWS + "AC-003,Logging,Logs are kept,Planned,CC7.2,A.8.15\n")
    outcome, *_ = run([clients / "a.csv"], tmp_path / "out")
    assert outcome.failure is None
    assert json.loads((outcome.folder / "run.json").read_text())["counts"]["controls"] == 3


def resave(path, when=b"2026-07-01T10:00:00Z"):
    """Save a workbook as Excel does: the same parts, another date."""
    with zipfile.ZipFile(path) as package:
        parts = {name: package.read(name) for name in package.namelist()}
    before, _, after = parts["docProps/core.xml"].partition(b'<dcterms:modified xsi:type="dcterms:W3CDTF">')
    parts["docProps/core.xml"] = before + _ + when + after[after.index(b"<") :]
    with zipfile.ZipFile(path, "w") as package:
        for name, content in parts.items():
            package.writestr(name, content)


@pytest.mark.parametrize("file", ["a-gap.xlsx", "a-suggestions.xlsx", "run.json"])
def test_a_file_of_somebody_else_in_the_way_is_refused_and_left_as_it_is(clients, tmp_path, file):
    mine = tmp_path / "out" / "a" / file
    mine.parent.mkdir(parents=True)
    mine.write_text("mine")
    outcome, *_ = run([clients / "a.csv"], tmp_path / "out")
    assert outcome.failure.exit_code == 4
    assert outcome.failure.message == f"{mine} was not written by workbench; move it away, or --force replaces it"
    assert [(path.name, path.read_text()) for path in mine.parent.iterdir()] == [(file, "mine")]
    assert run([clients / "a.csv"], tmp_path / "out", force=True)[0].failure is None


def test_decisions_typed_into_an_output_are_never_replaced_by_a_run(clients, tmp_path):
    outcome, *_ = run([clients / "a.csv"], tmp_path / "out")
    edited = outcome.folder / "a-suggestions.xlsx"
    resave(edited)
    before = edited.read_bytes()
    again, *_ = run([clients / "a.csv"], tmp_path / "out")
    assert again.failure.message == f"{edited} was edited after the run that wrote it; move it away, or --force replaces it"
    assert edited.read_bytes() == before


def test_a_foreign_summary_is_refused_before_anything_is_written(clients, tmp_path):
    (tmp_path / "out").mkdir()
    (tmp_path / "out" / "summary.xlsx").write_text("mine")
    with pytest.raises(OutputError, match="was not written by workbench"):
        run([clients / "a.csv"], tmp_path / "out")
    assert [path.name for path in (tmp_path / "out").iterdir()] == ["summary.xlsx"]


def test_a_dry_run_names_the_files_and_writes_none(clients, tmp_path):
    outcomes = run([clients / "a.csv"], tmp_path / "out", dry_run=True)
    assert [path.name for path in outcomes[0].files][-1] == "run.json"
    assert not (tmp_path / "out").exists()


def test_an_output_folder_that_cannot_be_made_is_one_line(clients, tmp_path):
    (tmp_path / "out").write_text("a file")
    outcome, *_ = run([clients / "a.csv"], tmp_path / "out")
    assert outcome.failure.exit_code == 4
    assert "this folder cannot be made" in outcome.failure.message
    assert (tmp_path / "out").read_text() == "a file"


@pytest.mark.skipif(os.name == "nt" or os.geteuid() == 0, reason="root may write anywhere")
def test_an_output_that_cannot_be_written_leaves_nothing_half_done(clients, tmp_path):
    (tmp_path / "out" / "a").mkdir(parents=True)
    (tmp_path / "out" / "a").chmod(0o500)
    outcome, *_ = run([clients / "a.csv"], tmp_path / "out")
    assert outcome.failure.exit_code == 4
    assert list((tmp_path / "out" / "a").iterdir()) == []


def test_progress_is_told_before_each_workbook_and_at_the_end(clients, tmp_path):
    told = []
    batch.check_all([clients], Settings(), AS_OF, progress=lambda *what: told.append(what))
    assert told == [(0, 3, "a.csv"), (1, 3, "b.csv"), (2, 3, "c.csv"), (3, 3, "")]


def test_each_workbook_has_the_settings_beside_it(tmp_path):
    for name, severity in (("one", "off"), ("two", "error")):
        library(tmp_path / name / f"{name}.csv", ROWS.replace("A.5.15", "A.9.2.1"))
        (tmp_path / name / "workbench.toml").write_text(f'[severities]\nMAP004 = "{severity}"\n')
    first, second = batch.check_all([tmp_path / "one", tmp_path / "two"], None, AS_OF)
    assert "MAP004" not in {finding.rule for finding in first.findings}
    assert "MAP004" in {finding.rule for finding in second.findings}


def test_the_severity_of_a_rule_that_does_not_exist_is_a_usage_error_before_anything_is_read(tmp_path):
    library(tmp_path / "a.csv")
    with pytest.raises(UsageError, match=r"severities\.MAP044: there is no such rule; did you mean MAP0"):
        batch.check_all([tmp_path], Settings(severities={"MAP044": "off"}), AS_OF)


# --- exit codes ----------------------------------------------------------------------------------------------------

FINE, BAD = Checked("a"), Checked("b", failure=Failure("b is damaged", 3))


@pytest.mark.parametrize(
    ("results", "fail_on", "code"),
    [
        ([FINE], "error", 0),
        ([Checked("a", findings=(finding(Severity.ERROR),))], "error", 1),
        ([Checked("a", findings=(finding(Severity.WARNING),))], "error", 0),
        ([Checked("a", findings=(finding(Severity.WARNING),))], "warning", 1),
        ([Checked("a", findings=(finding(Severity.NOTE),))], "warning", 0),
        ([Checked("a", findings=(finding(Severity.NOTE),))], "note", 1),
        ([Checked("a", findings=(finding(Severity.ERROR),))], "never", 0),
        ([BAD], "never", 3),
        ([BAD, BAD], "error", 3),
        ([FINE, BAD], "never", 1),
        ([Checked("b", failure=Failure("bug", 5))], "never", 5),
    ],
)
def test_exit_codes(results, fail_on, code):
    assert exit_code(results, fail_on) == code
