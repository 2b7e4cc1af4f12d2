"""The command line as somebody outside sees it: what is printed where, the JSON contracts, the exit codes."""

import json
import os
import re
import subprocess
import sys
from pathlib import Path

import pytest
from click.testing import CliRunner

import workbench
from workbench.cli import COMMANDS
from workbench.cli import workbench as command_line
from workbench.cli.printing import as_json, one_line, table

ROOT = Path(__file__).parents[1]
LIBRARY = """Control ID,Control name,Description,Status,SOC 2 criteria,ISO 27001
AC-001,User access management,"Access is granted on request, reviewed each quarter and removed at exit",Implemented,"CC6.1, CC6.2","A.9.1.1, A.9.2.1"
BK-001,Backups,Backups are made every night and restored in a test each quarter,Implemented,A1.2,A.12.3.1
"""
CLEAN = LIBRARY.replace('"A.9.1.1, A.9.2.1"', '"A.5.15, A.5.16"').replace("A.12.3.1", "A.8.13")
CATALOGUE = (
    "id,title,text\n{0}-1,Backups,Backups are made and restored\n{0}-2,Access,Access is granted on request and removed at exit\n"
)


@pytest.fixture
def here(tmp_path, monkeypatch):
    """An empty folder to work in."""
    monkeypatch.chdir(tmp_path)
    return tmp_path


@pytest.fixture
def acme(here):
    (here / "acme.csv").write_text(LIBRARY)
    return "acme.csv"


def call(*arguments):
    return CliRunner().invoke(command_line, [str(argument) for argument in arguments])


def data(*arguments):
    done = call(*arguments, "--format", "json")
    assert done.exit_code in {0, 1}, done.stderr
    return json.loads(done.stdout)


def refused(done, code):
    """One line on stderr, nothing on stdout, that exit code."""
    assert (done.exit_code, done.stdout) == (code, ""), done.output
    assert done.stderr.startswith("workbench: ")
    assert done.stderr.count("\n") == 1
    assert "Traceback" not in done.stderr
    return done.stderr.removeprefix("workbench: ").rstrip("\n")


# --- help ----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", [*COMMANDS, ""])
def test_every_help_shows_an_example(name):
    done = call(*([name] if name else []), "--help")
    assert done.exit_code == 0
    assert re.search(rf"Example:\n +workbench {name}", done.stdout)
    assert "\b" not in done.stdout


@pytest.mark.parametrize("name", COMMANDS)
def test_the_summary_in_the_list_of_commands_is_the_first_line_of_the_commands_help(name):
    first = next(line for line in call(name, "--help").stdout.splitlines() if line.startswith("  "))
    assert COMMANDS[name][1].startswith(first.strip())


def test_the_list_of_commands_has_every_command():
    done = call("--help")
    assert re.findall(r"^  ([a-z][a-z-]*) {2,}[A-Z]", done.stdout, re.MULTILINE) == list(COMMANDS)


@pytest.mark.parametrize("arguments", [["--help"], ["check", "--help"], ["--version"], ["explain", "A.9.2.1"], ["chekc"]])
def test_what_is_heavy_is_not_loaded_for_what_is_light(arguments):
    code = f"import sys; sys.argv[1:] = {arguments}\ntry:\n    from workbench.cli import main; main()\nfinally:\n    print(*sys.modules)"
    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=False)
    heavy = {"pandas", "numpy", "openpyxl", "xlsxwriter", "python_calamine", "rapidfuzz"}
    assert heavy & set(done.stdout.splitlines()[-1].split()) == set()


def test_help_of_the_whole_loads_no_command_and_no_vocabulary():
    code = "import sys; sys.argv[1:] = ['--help']\ntry:\n    from workbench.cli import main; main()\nfinally:\n    print(*sys.modules)"
    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=False)
    assert [name for name in done.stdout.splitlines()[-1].split() if name.startswith("workbench")] == [
        "workbench",
        "workbench.cli",
    ]


def test_python_dash_m_is_the_command():
    done = subprocess.run([sys.executable, "-m", "workbench", "--version"], cwd=ROOT, capture_output=True, text=True, check=True)
    assert done.stdout == f"workbench {workbench.__version__}\n"


# --- usage ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (["chekc"], "there is no command 'chekc'; did you mean 'check'?"),
        (["check"], "Missing argument 'PATH...'"),
        (["check", "a.csv", "--formt", "json"], "No such option '--formt'"),
        (["check", "a.csv", "--format", "xml"], "Invalid value for '--format'"),
        (["check", "a.csv", "--as-of", "yesterday"], "Invalid value for '--as-of'"),
        (["suggest"], "give a workbook, or --source and --target"),
        (["suggest", "a.csv", "--source", "soc2-2017"], "give a workbook, or --source and --target"),
        (["suggest", "--source", "soc2-2017"], "give a workbook, or --source and --target"),
        (["suggest", "--source", "soc2-2016", "--target", "iso27001-2022"], "soc2-2016 is no framework; did you mean soc2-2017?"),
        (["frameworks", "iso27001-2021"], "iso27001-2021 is no framework; did you mean iso27001-20"),
        (["explain", "MAP999"], "there is no rule MAP999; did you mean MAP0"),
        (["explain", "A.5.38"], "'A.5.38' is neither a rule nor one requirement; did you mean A.5."),
        (["explain", "what", "is", "this"], "'what is this' is neither a rule nor one requirement; `workbench frameworks`"),
        (["explain", "CC6.1, CC6.2"], "'CC6.1, CC6.2' is neither a rule nor one requirement; did you mean CC6.1, CC6.2?"),
        (["check", "a.csv", "--config", "none.toml"], "none.toml: cannot be read"),
        (["gap", "acme.csv", "-o", "gap.docx"], "gap.docx: what is written is an Excel workbook"),
    ],
)
def test_a_wrong_call_is_one_line_and_exit_code_2(acme, arguments, says):
    assert refused(call(*arguments), 2).startswith(says)


def test_wrong_settings_beside_the_workbook_are_exit_code_2(acme, here):
    (here / "workbench.toml").write_text("organisation = 'Acme'")
    assert refused(call("check", acme), 2) == "workbench.toml: there is no setting 'organisation'; did you mean 'organization'?"


def test_a_wrong_source_date_epoch_is_exit_code_2(acme, monkeypatch):
    monkeypatch.setenv("SOURCE_DATE_EPOCH", "today")
    assert refused(call("check", acme), 2).startswith("SOURCE_DATE_EPOCH is 'today'")


# --- bad input -----------------------------------------------------------------------------------------------------

HOSTILE = {
    "empty.xlsx": b"",
    "text.xlsx": b"this is no workbook",
    "page.xlsx": b"<!DOCTYPE html><html><body>sign in</body></html>",
    "truncated.xlsx": b"PK\x03\x04\x14\x00\x00\x00",
    "encrypted.xlsx": b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(2000),
    "other.csv": b"colour,taste\nred,sweet\n",
    "binary.csv": bytes(range(256)) * 20,
    "letter.docx": b"PK",
}


@pytest.mark.parametrize("name", HOSTILE)
@pytest.mark.parametrize("command", ["check", "run", "suggest", "overlap", "gap", "soa"])
def test_a_workbook_that_cannot_be_read_is_one_line_exit_code_3_and_nothing_written(here, command, name):
    (here / name).write_bytes(HOSTILE[name])
    done = call(command, name)
    assert done.exit_code == 3, done.output
    assert "Traceback" not in done.output
    assert done.stderr.count("\n") == 1
    assert name in done.stderr
    assert list(here.rglob("*")) == [here / name]


@pytest.mark.parametrize("command", ["check", "run", "suggest", "overlap", "gap", "soa"])
def test_a_missing_file_is_one_line_and_exit_code_3(here, command):
    done = call(command, "none.xlsx")
    assert (done.exit_code, done.stderr.count("\n")) == (3, 1)
    assert "none.xlsx" in done.stderr


def test_a_header_without_rows_is_a_finding_and_still_gives_valid_outputs(here):
    (here / "empty.csv").write_text(LIBRARY.splitlines()[0] + "\n")
    assert call("run", "empty.csv").exit_code == 0
    assert data("check", "empty.csv") != []
    assert len(list((here / "output" / "empty").glob("*.xlsx"))) == 5


# --- check ---------------------------------------------------------------------------------------------------------


def test_check_says_what_was_detected_then_a_finding_a_line_then_their_number(acme):
    done = call("check", acme)
    lines = done.stdout.splitlines()
    assert lines[0] == "acme.csv"
    assert re.fullmatch(r"  .*: control library, headings in row 1, 2 rows: .+", lines[1])
    found = [re.fullmatch(r"(acme\.csv!\S+![A-Z]+\d+)  ([A-Z]{3}\d{3})  (.+)", line) for line in lines[2:-1]]
    assert all(found)
    old = [match for match in found if match[2] == "MAP004"]
    assert [match[1].rpartition("!")[2] for match in old] == ["F2", "F2", "F3"]
    assert all("2013" in match[3] for match in old)
    assert re.fullmatch(r"\d+ errors?, \d+ warnings?, \d+ notes?", lines[-1])
    assert (done.exit_code, done.stderr) == (1, "")


def test_check_json_is_a_list_of_findings_with_exactly_these_keys(acme):
    done = call("check", acme, "--format", "json")
    findings = json.loads(done.stdout)
    assert {tuple(finding) for finding in findings} == {("rule", "severity", "message", "fix", "workbook", "sheet", "cell")}
    assert {"rule": "MAP004", "severity": "error", "workbook": "acme.csv", "cell": "F2"}.items() <= next(
        finding for finding in findings if finding["rule"] == "MAP004"
    ).items()
    assert done.stderr.startswith("acme.csv\n")
    assert call("check", acme, "--format", "json", "--quiet").stderr == ""


def test_check_sarif_names_rules_levels_and_places(acme):
    log = data_of(call("check", acme, "--format", "sarif"))
    run = log["runs"][0]
    assert (log["version"], run["tool"]["driver"]["name"]) == ("2.1.0", "workbench")
    codes = [rule["id"] for rule in run["tool"]["driver"]["rules"]]
    assert len(codes) == len(set(codes))
    for result in run["results"]:
        assert codes[result["ruleIndex"]] == result["ruleId"]
        assert result["level"] in {"error", "warning", "note"}
    old = next(result for result in run["results"] if result["ruleId"] == "MAP004")
    place = old["locations"][0]
    assert place["physicalLocation"] == {"artifactLocation": {"uri": "acme.csv"}, "region": {"startLine": 2}}
    assert re.fullmatch(r"acme\.csv!.+!F2", place["logicalLocations"][0]["fullyQualifiedName"])


def data_of(done):
    assert done.exit_code in {0, 1}, done.stderr
    return json.loads(done.stdout)


def test_check_of_a_folder_takes_every_workbook_and_says_which_was_refused(here):
    (here / "clients").mkdir()
    (here / "clients" / "b.csv").write_text(CLEAN)
    (here / "clients" / "a.csv").write_text(LIBRARY)
    (here / "clients" / "c.xlsx").write_bytes(b"no")
    done = call("check", "clients", "--fail-on", "never")
    assert [line for line in done.stdout.splitlines() if re.fullmatch(r"\w\.csv", line)] == ["a.csv", "b.csv"]
    assert done.stderr.count("\n") == 1
    assert "c.xlsx" in done.stderr
    assert done.exit_code == 1


@pytest.mark.parametrize(("fail_on", "code"), [("error", 1), ("never", 0)])
def test_fail_on_decides_the_exit_code(acme, fail_on, code):
    assert call("check", acme, "--fail-on", fail_on).exit_code == code


def test_quiet_leaves_the_findings_and_nothing_else(acme):
    lines = call("check", acme, "--quiet").stdout.splitlines()
    assert all("!" in line for line in lines)
    assert len(lines) == len(data("check", acme))


def test_a_tab_that_is_not_named_is_not_read(here):
    import xlsxwriter

    with xlsxwriter.Workbook("two.xlsx") as book:
        for name in ("One", "Two"):
            sheet = book.add_worksheet(name)
            for row, line in enumerate((["Control ID", "Control name", "ISO 27001"], [f"{name}-1", "Access", "A.9.2.1"])):
                sheet.write_row(row, 0, line)
    assert {finding["sheet"] for finding in data("check", "two.xlsx", "--sheet", "Two") if finding["rule"] == "MAP004"} == {"Two"}
    assert {finding["sheet"] for finding in data("check", "two.xlsx") if finding["rule"] == "MAP004"} == {"One", "Two"}
    assert refused(call("check", "two.xlsx", "--sheet", "Three"), 3)


# --- the deliverables ----------------------------------------------------------------------------------------------


def test_suggest_json_has_exactly_these_keys_and_writes_nothing(acme, here):
    found = data("suggest", acme)
    assert {tuple(one) for one in found} == {("source", "target", "rank", "score", "confidence", "band", "reason", "signals")}
    assert all(abs(sum(one["signals"].values()) - one["score"]) < 1e-6 for one in found)
    assert list(here.iterdir()) == [here / acme]


def test_suggest_of_two_catalogues_ranks_them(here):
    for name in "ab":
        (here / f"{name}.csv").write_text(CATALOGUE.format(name.upper()))
    found = data("suggest", "--source", "a.csv", "--target", "b.csv", "--top", "1")
    assert [(one["source"], one["target"], one["rank"]) for one in found] == [("A-1", "B-1", 1), ("A-2", "B-2", 1)]
    assert tuple(found[0]) == ("source", "target", "rank", "score", "confidence", "band", "reason", "signals")
    text = call("suggest", "--source", "a.csv", "--target", "b.csv", "--top", "1").stdout.splitlines()
    assert text[0].split() == ["source", "target", "rank", "score", "confidence", "band", "reason"]
    assert text[-1] == "2 suggestions"


def test_suggest_learns_from_confirmed_pairs_and_does_not_propose_them_again(here):
    for name in "ab":
        (here / f"{name}.csv").write_text(CATALOGUE.format(name.upper()))
    (here / "pairs.csv").write_text("source,target\nA-1,B-1\n")
    found = data("suggest", "--source", "a.csv", "--target", "b.csv", "--confirmed", "pairs.csv")
    pairs = [(one["source"], one["target"]) for one in found]
    assert ("A-2", "B-2") in pairs
    assert ("A-1", "B-1") not in pairs


def test_confirmed_pairs_of_built_in_frameworks_may_be_written_as_people_write_them(here):
    arguments = ["suggest", "--source", "soc2-2017", "--target", "iso27001-2022", "--top", "1"]
    best = next(one for one in data(*arguments) if one["source"] == "CC6.1")
    (here / "pairs.csv").write_text(f"source,target\ncc 6.1,Annex {best['target'][0]} {best['target'][2:]}\n")
    again = next(one for one in data(*arguments, "--confirmed", "pairs.csv") if one["source"] == "CC6.1")
    assert again["target"] != best["target"]


def test_licensed_texts_that_the_settings_name_are_matched_and_never_printed(here):
    (here / "a.csv").write_text("id,title,text\nX-1,Zebra husbandry,Zebras graze on the northern meadow\n")
    arguments = ["suggest", "--source", "a.csv", "--target", "iso27001-2022", "--top", "1"]
    before = [one["target"] for one in data(*arguments)]
    (here / "texts.csv").write_text("id,text\nannex a 7.14,Zebras graze on the northern meadow after husbandry\n")
    (here / "workbench.toml").write_text("texts = 'texts.csv'\n")
    assert [one["target"] for one in data(*arguments)] == ["A.7.14"] != before
    assert "northern" not in call("frameworks", "iso27001-2022", "--format", "json").stdout


def test_licensed_texts_are_matched_with_a_workbooks_controls(here):
    (here / "acme.csv").write_text(LIBRARY + "ZB-001,Zebra husbandry,Zebras graze on the northern meadow,Implemented,CC1.1,\n")
    (here / "texts.csv").write_text("id,text\nA.7.14,Zebras graze on the northern meadow after husbandry\n")
    (here / "workbench.toml").write_text("texts = 'texts.csv'\n")
    assert ("ZB-001", "A.7.14") in [(one["source"], one["target"]) for one in data("suggest", "acme.csv")]


def test_suggest_ranks_a_built_in_framework(here):
    found = data("suggest", "--source", "iso27001-2022", "--target", "soc2-2017", "--top", "2")
    assert len({one["source"] for one in found}) > 93
    assert {one["rank"] for one in found} == {1, 2}


def test_overlap_json_has_exactly_these_keys_headline_first_and_writes_nothing(acme, here):
    figures = data("overlap", acme)
    keys = ("direction", "basis", "denominator", "strictness", "status", "numerator", "total", "percentage")
    assert {tuple(figure) for figure in figures} == {keys}
    assert figures[0] == {
        "direction": "soc2-2017->iso27001-2022",
        "basis": "controls",
        "denominator": "applicable",
        "strictness": "as mapped",
        "status": "accepted",
        "numerator": 0,
        "total": 93,
        "percentage": 0.0,
    }
    assert {figure["direction"] for figure in figures} == {"soc2-2017->iso27001-2022", "iso27001-2022->soc2-2017"}
    assert list(here.iterdir()) == [here / acme]


def test_overlap_text_begins_with_the_headline_and_writes_where_run_does(here):
    (here / "acme.csv").write_text(CLEAN)
    lines = call("overlap", "acme.csv").stdout.splitlines()
    assert lines[0].startswith("3 of 93 applicable Annex A controls (3.2 %)")
    assert lines[-1] == f"wrote {Path('output/acme/acme-overlap.xlsx')}"
    assert (here / "output" / "acme" / "acme-overlap.xlsx").is_file()


@pytest.mark.parametrize(
    ("command", "name"), [("suggest", "suggestions"), ("overlap", "overlap"), ("gap", "gap"), ("soa", "soa")]
)
def test_a_deliverable_is_written_where_it_is_wanted_and_never_over_a_file_without_force(acme, here, command, name):
    assert call(command, acme, "-o", "mine.xlsx").exit_code == 0
    before = (here / "mine.xlsx").read_bytes()
    assert before.startswith(b"PK")
    assert refused(call(command, acme, "-o", "mine.xlsx"), 4) == "mine.xlsx exists; --force replaces it"
    assert call(command, acme, "-o", "mine.xlsx", "--force").exit_code == 0
    done = call(command, acme, "--dry-run")
    assert done.stdout.splitlines()[-1] == f"would write {Path(f'output/acme/acme-{name}.xlsx')}"
    assert not (here / "output").exists()


def test_what_run_wrote_is_replaced_where_run_puts_it_and_what_somebody_made_there_is_not(acme, here):
    assert call("run", acme).exit_code == 0
    assert call("gap", acme).exit_code == 0
    mine = here / "output" / "acme" / "acme-gap.xlsx"
    mine.write_text("mine")
    assert refused(call("gap", acme), 4) == f"{Path('output/acme/acme-gap.xlsx')} exists; --force replaces it"
    assert mine.read_text() == "mine"


def test_the_input_is_never_overwritten_not_even_with_force(here):
    import xlsxwriter

    with xlsxwriter.Workbook("acme.xlsx") as book:
        sheet = book.add_worksheet("Controls")
        for row, line in enumerate((["Control ID", "Control name", "ISO 27001"], ["AC-1", "Access", "A.5.15"])):
            sheet.write_row(row, 0, line)
    before = (here / "acme.xlsx").read_bytes()
    assert (
        refused(call("gap", "acme.xlsx", "-o", "acme.xlsx", "--force"), 4) == "acme.xlsx is the input itself; name another output"
    )
    assert (here / "acme.xlsx").read_bytes() == before


def test_gap_json_is_one_row_per_requirement_that_is_not_covered(acme):
    rows = data("gap", acme)
    assert {"id", "framework", "title", "level", "priority", "nearest", "action"} <= set(rows[0])
    assert "A.5.1" in {row["id"] for row in rows}
    assert {row["level"] for row in rows} <= {"partial", "planned", "none"}


def test_soa_json_has_the_93_controls_in_order(acme):
    rows = data("soa", acme)
    assert [row["id"] for row in rows][:2] == ["A.5.1", "A.5.2"]
    assert len(rows) == 93
    assert {"id", "title", "applicable", "inclusion", "exclusion", "status", "decided"} <= set(rows[0])


# --- run and init --------------------------------------------------------------------------------------------------


def test_run_takes_input_workbooks_into_output_and_prints_a_line_for_each(here):
    (here / "input_workbooks").mkdir()
    (here / "input_workbooks" / "acme.csv").write_text(CLEAN)
    done = call("run")
    assert done.exit_code == 0, done.stderr
    first, last = done.stdout.splitlines()
    assert re.fullmatch(
        r"acme\.csv: 3 of 93 applicable .*\(3\.2 %\).* \d+ errors?, \d+ warnings?, \d+ notes?\. output.acme", first
    )
    assert last == f"1 workbook done, 0 failed; summary in {Path('output/summary.xlsx')}"
    assert done.stderr == ""


def test_run_in_another_home_reads_and_writes_there(here, monkeypatch):
    (here / "project" / "input_workbooks").mkdir(parents=True)
    (here / "project" / "input_workbooks" / "acme.csv").write_text(CLEAN)
    monkeypatch.setenv("WORKBENCH_HOME", str(here / "project"))
    assert call("run").exit_code == 0
    assert (here / "project" / "output" / "acme" / "run.json").is_file()
    assert not (here / "output").exists()


def test_run_with_one_bad_workbook_does_the_rest_and_exits_with_1(here):
    (here / "clients").mkdir()
    (here / "clients" / "a.csv").write_text(CLEAN)
    (here / "clients" / "b.xlsx").write_bytes(b"no")
    done = call("run", "clients", "-o", "reports")
    assert done.exit_code == 1
    assert done.stdout.splitlines()[1:] == [
        "b.xlsx: failed; nothing was written",
        f"1 workbook done, 1 failed; summary in {Path('reports/summary.xlsx')}",
    ]
    assert done.stderr.count("\n") == 1


def test_run_json_is_a_list_of_outcomes(acme):
    (outcome,) = data("run", acme)
    assert {"workbook", "folder", "headline", "findings", "files", "failure"} == set(outcome)
    assert outcome["findings"]["error"] > 0
    assert outcome["headline"]["denominator"] == "applicable"


def test_run_exits_with_1_for_findings_only_when_told_to(acme):
    assert call("run", acme).exit_code == 0
    assert call("run", acme, "--fail-on", "error").exit_code == 1


def test_run_dry_lists_every_file_and_writes_none(acme, here):
    lines = call("run", acme, "--dry-run").stdout.splitlines()
    assert len(lines) == 7
    assert lines[-1] == f"would write {Path('output/summary.xlsx')}"
    assert list(here.iterdir()) == [here / acme]


def test_run_without_workbooks_says_where_to_put_them(here):
    assert refused(call("run"), 3).startswith("input_workbooks: there is no such folder here; name your workbooks")
    (here / "input_workbooks").mkdir()
    assert refused(call("run"), 3).startswith("input_workbooks: there is no workbook (.xlsx, ")


def test_init_writes_a_workbook_that_check_reads(here):
    done = call("init", "acme")
    assert (done.exit_code, done.stdout) == (0, f"wrote {Path('input_workbooks/acme.xlsx')}\n")
    assert refused(call("init", "acme"), 4).startswith(f"{Path('input_workbooks/acme.xlsx')} exists")
    assert call("init", "acme", "--force").exit_code == 0
    assert "Controls: control library" in call("check", "input_workbooks", "--fail-on", "never").stdout


@pytest.mark.parametrize("name", ["../../x", "a/b", "con", "x.xlsx"])
def test_init_stays_in_its_folder_whatever_the_name(here, name):
    assert call("init", name).exit_code == 0
    assert [path.parent for path in here.rglob("*.xlsx")] == [here / "input_workbooks"]


# --- catalogues ----------------------------------------------------------------------------------------------------


def test_frameworks_json_lists_the_three_catalogues_with_all_their_requirements():
    found = data("frameworks")
    assert [one["id"] for one in found] == ["soc2-2017", "iso27001-2022", "iso27001-2013"]
    assert all({"id", "title", "summary", "group", "kind"} <= set(entry) for one in found for entry in one["requirements"])
    assert sum(entry["kind"] == "control" for entry in found[1]["requirements"]) == 93


def test_frameworks_text_lists_them_and_one_in_full():
    lines = call("frameworks").stdout.splitlines()
    assert [line.split()[:2] for line in lines] == [
        ["id", "requirements"],
        ["soc2-2017", "61"],
        ["iso27001-2022", "123"],
        ["iso27001-2013", "114"],
    ]
    assert "    CC6.1         Logical" in call("frameworks", "soc2-2017").stdout


def test_frameworks_lists_those_of_the_settings(here):
    (here / "own.csv").write_text(CATALOGUE.format("X"))
    (here / "workbench.toml").write_text("[frameworks]\nown = 'own.csv'\n")
    assert [entry["id"] for entry in data("frameworks", "own")[0]["requirements"]] == ["X-1", "X-2"]
    assert data("frameworks")[-1]["id"] == "own"


def test_rules_json_and_text_have_every_rule():
    found = data("rules")
    assert {tuple(one) for one in found} == {("code", "name", "severity", "summary", "why", "fix", "fails", "passes")}
    assert [line.split()[0] for line in call("rules").stdout.splitlines()[1:]] == [one["code"] for one in found]


def test_explain_json_of_a_2013_id_names_its_successors():
    found = data("explain", "A.9.2.1")
    assert {"id", "framework", "title", "summary", "group", "successors", "predecessors"} <= set(found)
    assert (found["id"], found["framework"], found["successors"]) == ("A.9.2.1", "iso27001-2013", ["A.5.16"])


def test_explain_reads_ids_as_people_write_them_and_says_what_else_they_mean():
    assert data("explain", "annex", "a", "5.15")["id"] == "A.5.15"
    found = data("explain", "A.5.1")
    assert (found["framework"], found["predecessors"], found["successors"]) == ("iso27001-2022", ["A.5.1.1", "A.5.1.2"], [])
    assert [(other["id"], other["framework"]) for other in found["also"]] == [("A.5.1", "iso27001-2013")]
    assert "The id also means:" in call("explain", "A.5.1").stdout
    assert [other["id"] for other in data("explain", "5.1")["also"]] == ["A.5.1", "Clause 5.1"]


def test_explain_of_a_rule_says_why_and_what_to_do():
    found = data("explain", "map004")
    text = call("explain", "MAP004").stdout
    assert found["code"] == "MAP004"
    assert text.startswith(f"MAP004  {found['severity']}  {found['summary']}\n")
    assert "What to do: " in text
    assert "Fails:" in text


def test_evaluate_measures_known_pairs(here):
    for name in "ab":
        (here / f"{name}.csv").write_text(CATALOGUE.format(name.upper()))
    (here / "pairs.csv").write_text("source,target\nA-1,B-1\nA-2,B-2\n")
    done = call("evaluate", "--source", "a.csv", "--target", "b.csv", "--pairs", "pairs.csv")
    assert done.exit_code == 0, done.stderr
    assert done.stdout


# --- failures ------------------------------------------------------------------------------------------------------


@pytest.fixture
def broken(monkeypatch):
    def fail(*_, **__):
        raise ZeroDivisionError("division by zero")

    monkeypatch.setattr("workbench.api.gap", fail)
    monkeypatch.setattr("workbench.batch.read_book", fail)


def test_a_bug_is_one_line_that_asks_to_report_it_and_exit_code_5(acme, broken):
    line = refused(call("gap", acme), 5)
    assert line.startswith("this is a bug, not a fault of yours (ZeroDivisionError: division by zero); please report it")
    assert refused(call("check", acme), 5).startswith("acme.csv: this is a bug in workbench")


@pytest.mark.parametrize("command", ["gap", "check"])
def test_debug_shows_where_a_bug_happened(acme, broken, command, monkeypatch):
    assert "Traceback" in call(command, acme, "--debug").stderr
    monkeypatch.setenv("WORKBENCH_DEBUG", "1")
    assert "Traceback" in call(command, acme).stderr


def test_ctrl_c_is_exit_code_130(acme, monkeypatch):
    def interrupt(*_, **__):
        raise KeyboardInterrupt

    monkeypatch.setattr("workbench.api.gap", interrupt)
    assert refused(call("gap", acme), 130) == "interrupted"


@pytest.mark.skipif(os.name == "nt", reason="pipes close otherwise there")
def test_a_closed_pipe_ends_quietly():
    done = subprocess.run(
        f"'{sys.executable}' -m workbench frameworks --format json | head -c 10",
        shell=True,
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    assert (len(done.stdout), done.stderr) == (10, "")


def test_a_console_that_cannot_show_a_sign_still_gets_the_result():
    done = subprocess.run(
        [sys.executable, "-m", "workbench", "run", "--help"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
        env={**os.environ, "PYTHONIOENCODING": "ascii:strict", "PYTHONUTF8": "0"},
    )
    assert (done.returncode, done.stderr) == (0, "")


def test_what_comes_from_a_cell_cannot_reach_the_terminal_or_make_a_second_line():
    assert one_line("a\nb\x1b[31mc\u202ed") == "a b\\u001b[31mc\\u202ed"


def test_tables_are_as_wide_as_their_cells():
    assert table(("id", "title"), [("A.5.15", "Access"), ("A", "B\nC")]) == ["id      title", "A.5.15  Access", "A       B C"]


def test_json_has_no_nan_and_no_letter_that_a_pipe_could_damage():
    assert as_json({"a": float("nan"), "b": ("é", None)}) == '{\n  "a": null,\n  "b": [\n    "\\u00e9",\n    null\n  ]\n}'


# --- the API -------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", workbench.__all__)
def test_every_public_name_exists_and_is_documented(name):
    value = getattr(workbench, name)
    assert isinstance(value, str) or (value.__doc__ or "").strip()
    assert name in dir(workbench)


def test_a_name_that_does_not_exist_is_an_attribute_error():
    with pytest.raises(AttributeError, match="no attribute 'nothing'"):
        workbench.nothing  # noqa: B018


@pytest.mark.parametrize("name", ["check", "suggest", "overlap", "gap", "soa", "run", "init", "undo", "explain", "evaluate"])
def test_every_command_is_a_function_of_the_api(name):
    assert callable(getattr(workbench, name))
    assert name in COMMANDS


def test_the_api_takes_paths_as_text_and_returns_what_its_docstring_says(acme):
    assert workbench.check(acme)[0].workbook == "acme.csv"
    assert workbench.overlap(acme)[0].direction == "soc2-2017->iso27001-2022"
    assert workbench.read(acme).controls["control"].tolist() == ["AC-001", "BK-001"]
    assert [outcome.failure for outcome in workbench.run(acme, "out")] == [None]
    with pytest.raises(workbench.InputRefused):
        workbench.check("none.xlsx")
