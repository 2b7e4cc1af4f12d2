"""Saving and undoing: old or new file, whole, whatever fails at whichever step, and never two people's work in one slot."""

import datetime as dt
import errno
import io
import os
import stat
from pathlib import Path

import injection
import pytest
import xlsxwriter
from click.testing import CliRunner

import workbench
from workbench.batch import workbooks
from workbench.cli import workbench as command_line
from workbench.editing import disk, open_workbook, saving
from workbench.editing.package import Package
from workbench.editing.refusals import SaveFailed, WorkbookRefused
from workbench.editing.saving import backup_of, save, swap_with_backup
from workbench.editing.xml import Splice

SHEET = "xl/worksheets/sheet1.xml"
pytestmark = pytest.mark.skipif(os.name == "nt", reason="forks processes")


def book(text="before"):
    out = io.BytesIO()
    with xlsxwriter.Workbook(out, {"in_memory": True}) as made:
        sheet = made.add_worksheet("Controls")
        sheet.write_string(0, 0, text)
        made.add_worksheet("Other").write_number(0, 0, 1)
    return out.getvalue()


OLD = book()
OLDER = book("long ago")


def edited(raw=OLD, word=b"edited"):
    package = Package(raw)
    data = package.read(SHEET)
    package.splice(SHEET, [Splice(data.index(b"</sheetData>"), b"", b"<!--" + word + b"-->")])
    return package


NEW = edited().pack()


@pytest.fixture
def acme(tmp_path):
    path = tmp_path / "acme.xlsx"
    path.write_bytes(OLD)
    return path


def there(folder):
    """Every file of the folder by name: what it holds."""
    return {file.name: file.read_bytes() for file in folder.iterdir()}


def refused(call, says):
    with pytest.raises(WorkbookRefused, match=says) as error:
        call()
    assert "\n" not in error.value.reason


# --- what a save leaves ---------------------------------------------------------------------------------------------


def test_a_save_in_place_leaves_the_new_file_and_the_old_one_as_its_backup(acme):
    assert save(edited(), acme, source=acme) == backup_of(acme)
    assert there(acme.parent) == {"acme.xlsx": NEW, "acme.xlsx.bak": OLD}


def test_an_older_backup_is_replaced(acme):
    backup_of(acme).write_bytes(OLDER)
    save(edited(), acme, source=acme)
    assert there(acme.parent) == {"acme.xlsx": NEW, "acme.xlsx.bak": OLD}


def test_the_backup_and_the_file_do_not_change_together(acme):
    save(edited(), acme, source=acme)
    with acme.open("r+b") as file:  # as a program that writes in place
        file.truncate(0)
    assert backup_of(acme).read_bytes() == OLD


def test_without_links_the_backup_is_a_copy(acme, monkeypatch):
    monkeypatch.setattr(os, "link", lambda *_: (_ for _ in ()).throw(PermissionError(errno.EPERM, "no links here")))
    backup_of(acme).write_bytes(OLDER)
    save(edited(), acme, source=acme)
    assert there(acme.parent) == {"acme.xlsx": NEW, "acme.xlsx.bak": OLD}
    assert save(edited(), acme.with_name("new.xlsx"), source=acme) is None
    assert there(acme.parent)["new.xlsx"] == NEW


def test_without_a_backup_there_is_none(acme):
    assert save(edited(), acme, source=acme, backup=False) is None
    assert there(acme.parent) == {"acme.xlsx": NEW}


def test_nothing_is_written_where_nothing_was_changed(acme):
    acme.chmod(0o444)
    before = acme.stat()
    assert save(Package(OLD), acme, source=acme) is None
    assert acme.stat() == before
    assert there(acme.parent) == {"acme.xlsx": OLD}


def test_an_unchanged_workbook_saved_elsewhere_is_the_same_bytes(acme):
    save(Package(OLD), acme.with_name("copy.xlsx"), source=acme)
    assert there(acme.parent) == {"acme.xlsx": OLD, "copy.xlsx": OLD}


def test_a_new_file_is_written_and_the_source_left_alone(acme):
    assert save(edited(), acme.with_name("new.xlsx"), source=acme) is None
    assert there(acme.parent) == {"acme.xlsx": OLD, "new.xlsx": NEW}


def test_a_file_that_exists_is_replaced_only_by_force_and_then_kept(acme):
    other = acme.with_name("other.xlsx")
    other.write_bytes(OLDER)
    refused(lambda: save(edited(), other, source=acme), "other.xlsx exists")
    assert there(acme.parent) == {"acme.xlsx": OLD, "other.xlsx": OLDER}
    assert save(edited(), other, source=acme, force=True) == backup_of(other)
    assert there(acme.parent) == {"acme.xlsx": OLD, "other.xlsx": NEW, "other.xlsx.bak": OLDER}


def test_a_workbook_of_no_file_needs_force_as_well(acme):
    refused(lambda: save(edited(), acme, source=None), "exists")
    save(edited(), acme, source=None, force=True)
    assert there(acme.parent) == {"acme.xlsx": NEW, "acme.xlsx.bak": OLD}


def test_a_file_that_somebody_makes_meanwhile_is_not_replaced(acme):
    new = acme.with_name("new.xlsx")
    refused(lambda: save(edited(), new, source=acme, expect=lambda _: new.write_bytes(OLDER) and None), "exists")
    assert there(acme.parent) == {"acme.xlsx": OLD, "new.xlsx": OLDER}


@pytest.mark.parametrize("mode", [0o600, 0o640, 0o666, 0o755])
def test_the_mode_of_the_file_is_kept(acme, mode):
    acme.chmod(mode)
    save(edited(), acme, source=acme)
    save(edited(), acme.with_name("new.xlsx"), source=acme)
    assert [stat.S_IMODE(file.stat().st_mode) for file in sorted(acme.parent.iterdir())] == [mode] * 3


def test_the_temporary_file_is_nobody_elses_to_read(acme):
    def look():
        steps.fault = lambda: None  # looking is a step as well
        seen.extend(stat.S_IMODE(file.stat().st_mode) for file in acme.parent.iterdir() if file.name.startswith("."))
        steps.fault = look

    seen, steps = [], injection.Steps(acme.parent, 0, look, lasting=True)
    with injection.watched(steps):
        save(edited(), acme, source=acme)
    assert set(seen[: seen.index(0o644)]) == {0o600}, "until it takes the mode of the file that it replaces"


def test_extended_attributes_are_kept(acme):
    try:
        os.setxattr(acme, "user.label", b"confidential")
    except OSError:
        pytest.skip("this file system has none")
    save(edited(), acme, source=acme)
    assert os.getxattr(acme, "user.label") == b"confidential"


@pytest.mark.skipif(os.name == "nt" or os.geteuid() != 0, reason="only root gives files away")
def test_the_owner_is_kept(acme):
    os.chown(acme, 1234, 4321)
    save(edited(), acme, source=acme)
    assert (acme.stat().st_uid, acme.stat().st_gid) == (1234, 4321)


def test_a_saved_file_is_dated_now_and_its_backup_as_it_was(acme):
    os.utime(acme, (1_000_000_000, 1_000_000_000))
    save(edited(), acme, source=acme)
    assert acme.stat().st_mtime > 1_000_000_000 == backup_of(acme).stat().st_mtime


# --- what is refused ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("change", "content"),
    [("another workbook", OLDER), ("one more byte", OLD + b"\0"), ("one less", OLD[:-1]), ("one other", OLD[:-1] + b"\1")],
)
def test_a_source_that_changed_since_it_was_read_is_not_replaced(acme, change, content):
    package, dates = edited(), acme.stat()
    acme.write_bytes(content)
    os.utime(acme, ns=(dates.st_atime_ns, dates.st_mtime_ns))
    refused(lambda: save(package, acme, source=acme), "has changed since it was read; nothing was written, run again")
    assert there(acme.parent) == {"acme.xlsx": content}


def test_a_source_that_somebody_saves_while_we_do_is_not_replaced(acme):
    refused(lambda: save(edited(), acme, source=acme, expect=lambda _: acme.write_bytes(OLDER) and None), "has changed")
    assert there(acme.parent) == {"acme.xlsx": OLDER}


def test_a_source_that_is_gone_is_not_made_anew(acme):
    package = edited()
    acme.unlink()
    refused(lambda: save(package, acme, source=acme), "is gone since it was read")
    assert there(acme.parent) == {}


def test_a_source_that_goes_while_we_write_is_not_made_anew(acme):
    refused(lambda: save(edited(), acme, source=acme, expect=lambda _: acme.unlink()), "is as it was")
    assert there(acme.parent) == {}


EXCEL = b"\x08Kim L\xe9e!" + b" " * 46 + b"\x08\0" + "Kim Lée!".encode("utf-16-le") + b" \0" * 46


@pytest.mark.parametrize(
    ("name", "sign", "says"),
    [
        ("~$acme.xlsx", EXCEL, r"is open in Excel \(by Kim Lée!\); close it there and run again\. .* delete ~\$acme.xlsx"),
        ("~$acme.xlsx", b"\x03Kim", r"open in Excel \(by Kim\)"),
        ("~$acme.xlsx", b"", r"open in Excel;"),
        ("~$acme.xlsx", b"\xff\n\x1b[2J" + b"x" * 5000, r"open in Excel \(by \[2Jx+\)"),
        (".~lock.acme.xlsx#", b",kim,host,24.11.2026 19:20,file:///home/kim;", r"LibreOffice \(by kim\); .* delete \.~lock\.acme\.xlsx#"),
        (".~lock.acme.xlsx#", "Kim Lée,kim,host,24.11.2026 19:20,file:///;".encode(), r"LibreOffice \(by Kim Lée\)"),
        (".~lock.acme.xlsx#", b"", "LibreOffice;"),
    ],
)  # fmt: skip
def test_a_workbook_that_is_open_is_not_replaced_and_we_say_by_whom(acme, name, sign, says):
    backup_of(acme).write_bytes(OLDER)
    acme.with_name(name).write_bytes(sign)
    before = there(acme.parent)
    refused(lambda: save(edited(), acme, source=acme), says)
    refused(lambda: swap_with_backup(acme), says)
    assert there(acme.parent) == before


def test_a_workbook_that_is_opened_while_we_write_is_not_replaced(acme):
    sign = acme.with_name("~$acme.xlsx")
    refused(lambda: save(edited(), acme, source=acme, expect=lambda _: sign.write_bytes(EXCEL) and None), "open in Excel")
    assert there(acme.parent) == {"acme.xlsx": OLD, "~$acme.xlsx": EXCEL}


def test_a_new_name_whose_lock_file_stands_there_is_refused(acme):
    acme.with_name("~$new.xlsx").write_bytes(b"\x03Kim")
    refused(lambda: save(edited(), acme.with_name("new.xlsx"), source=acme), "open in Excel")


@pytest.mark.parametrize("mode", [0o444, 0o400])
def test_a_read_only_file_is_not_replaced(acme, mode):
    acme.chmod(mode)
    backup_of(acme).write_bytes(OLDER)
    refused(lambda: save(edited(), acme, source=acme), "is read-only")
    refused(lambda: swap_with_backup(acme), "is read-only")
    assert there(acme.parent) == {"acme.xlsx": OLD, "acme.xlsx.bak": OLDER}


def test_links_folders_pipes_and_devices_are_never_written_to(acme):
    link, pipe = acme.with_name("link.xlsx"), acme.with_name("pipe.xlsx")
    link.symlink_to(acme)
    os.mkfifo(pipe)
    for path in (link, pipe, acme.parent, Path(os.devnull)):
        refused(lambda path=path: save(edited(), path, source=None, force=True), "is a link or no regular file")
        refused(lambda path=path: swap_with_backup(path), "is a link or no regular file")
    refused(lambda: save(edited(), link, source=link), "is a link")
    assert acme.read_bytes() == OLD


def test_another_ending_would_be_a_file_that_excel_does_not_open(acme):
    for name in ("new.xlsm", "new.txt", "new"):
        refused(lambda name=name: save(edited(), acme.with_name(name), source=acme), r"name it ….xlsx")
    assert there(acme.parent) == {"acme.xlsx": OLD}


def test_a_workbook_whose_file_is_gone_meanwhile_can_be_saved_elsewhere(acme):
    opened, target = open_workbook(acme), acme.with_name("target.xlsx")
    opened.add_sheet("New", [["a"]])
    acme.unlink()
    refused(opened.save, "is gone since it was read")
    opened.save(target)
    assert open_workbook(target).value("New", "A1") == "a"


def test_a_missing_folder_is_one_line(acme):
    refused(lambda: save(edited(), acme.parent / "none" / "x.xlsx", source=acme), "No such file or directory")


def test_names_of_any_length_that_the_system_takes_are_written_and_longer_ones_refused(acme):
    fits, long = acme.with_name("é" * 123 + ".xlsx"), acme.with_name("x" * 250 + ".xlsx")
    for path in (fits, long):
        path.write_bytes(OLD)
    save(edited(), fits, source=fits)
    assert (fits.read_bytes(), backup_of(fits).read_bytes()) == (NEW, OLD)
    refused(lambda: save(edited(), long, source=long), "its name is too long; shorten it")
    refused(lambda: save(edited(), acme.with_name("x" * 300 + ".xlsx"), source=acme), "its name is too long")
    assert long.read_bytes() == OLD
    assert save(edited(), long, source=long, backup=False) is None
    assert long.read_bytes() == NEW
    assert len(there(acme.parent)) == 4


@pytest.mark.parametrize(
    ("problem", "says"),
    [
        (OSError(errno.ENOSPC, "No space left on device"), "the disk is full; free some space"),
        (OSError(errno.EROFS, "Read-only file system"), "the disk is read-only"),
        (PermissionError(errno.EACCES, "Permission denied"), "permission denied; close it where it is open in Excel"),
        (OSError(errno.EIO, "Input/output error"), "Input/output error; mend that"),
    ],
)
def test_a_save_that_fails_says_why_in_one_line(acme, monkeypatch, problem, says):
    monkeypatch.setattr(Path, "replace", lambda *_: (_ for _ in ()).throw(problem))
    refused(lambda: save(edited(), acme, source=acme), rf"acme.xlsx could not be written and is as it was: {says}")
    assert there(acme.parent) == {"acme.xlsx": OLD}


# --- what was written is what was meant -----------------------------------------------------------------------------


def test_a_disk_that_returns_other_bytes_than_were_written_is_found(acme, monkeypatch):
    def rot(file):
        os.pwrite(file, b"\0", 200)

    monkeypatch.setattr(os, "fsync", rot)
    refused(lambda: save(edited(), acme, source=acme), "the disk returned other bytes")
    assert there(acme.parent) == {"acme.xlsx": OLD}


def other_part(package):
    package.put("docProps/app.xml", b"<lost/>")


def lost_part(package):
    package.remove("docProps/app.xml")


def new_part(package):
    package.put("xl/new.xml", b"<new/>")


def other_edit(package):
    package.put(SHEET, b"<sheet/>")


@pytest.mark.parametrize(
    ("wrong", "says"),
    [
        (other_part, "docProps/app.xml is not what it was"),
        (lost_part, "its directory is not complete"),
        (new_part, "its directory is not complete"),
        (other_edit, "sheet1.xml is not what it should be"),
    ],
)
def test_a_package_that_is_packed_wrongly_is_found_before_it_replaces_anything(acme, monkeypatch, wrong, says):
    package = edited()
    broken = edited()
    wrong(broken)
    monkeypatch.setattr(package, "pack", broken.pack)
    refused(lambda: save(package, acme, source=acme), says)
    assert there(acme.parent) == {"acme.xlsx": OLD}


def test_what_else_is_expected_is_looked_at_in_what_was_written(acme):
    def look(package):
        assert b"edited" in package.read(SHEET)
        assert package.raw == NEW
        raise SaveFailed("the cell is not there")

    refused(lambda: save(edited(), acme, source=acme, expect=look), "^the cell is not there$")
    assert there(acme.parent) == {"acme.xlsx": OLD}


# --- undo -----------------------------------------------------------------------------------------------------------


def test_undo_puts_the_backup_back_byte_for_byte_and_twice_is_redo(acme):
    save(edited(), acme, source=acme)
    assert swap_with_backup(acme) == backup_of(acme)
    assert there(acme.parent) == {"acme.xlsx": OLD, "acme.xlsx.bak": NEW}
    swap_with_backup(acme)
    assert there(acme.parent) == {"acme.xlsx": NEW, "acme.xlsx.bak": OLD}


def test_a_dry_undo_checks_everything_and_does_nothing(acme):
    refused(lambda: swap_with_backup(acme, dry_run=True), "has no backup")
    backup_of(acme).write_bytes(OLDER)
    assert swap_with_backup(acme, dry_run=True) == backup_of(acme)
    assert there(acme.parent) == {"acme.xlsx": OLD, "acme.xlsx.bak": OLDER}


@pytest.mark.parametrize(
    ("backup", "says"),
    [(None, "has no backup"), (OLD, "the same as its backup"), (b"no workbook", "no whole workbook, so nothing was undone"), (OLDER[:900], "no whole")],
)  # fmt: skip
def test_without_a_backup_that_is_another_whole_workbook_nothing_is_undone(acme, backup, says):
    if backup is not None:
        backup_of(acme).write_bytes(backup)
    before = there(acme.parent)
    refused(lambda: swap_with_backup(acme), says)
    assert there(acme.parent) == before


def test_a_backup_that_is_a_link_is_not_put_back(acme):
    backup_of(acme).symlink_to(acme.with_name("other.xlsx"))
    acme.with_name("other.xlsx").write_bytes(OLDER)
    refused(lambda: swap_with_backup(acme), "link or no regular file")


def test_a_missing_workbook_is_not_undone(acme):
    acme.rename(backup_of(acme))
    refused(lambda: swap_with_backup(acme), "does not exist; where its backup does, rename that")


# --- every step fails in turn ---------------------------------------------------------------------------------------


def prepared(folder):
    """acme.xlsx with an older backup."""
    path = folder / "acme.xlsx"
    path.write_bytes(OLD)
    backup_of(path).write_bytes(OLDER)
    return path


def saving_in_place(path):
    save(edited(), path, source=path)


def saving_anew(path):
    save(edited(), path.with_name("new.xlsx"), source=path)


def saving_without_links(path):
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(os, "link", lambda *_: (_ for _ in ()).throw(PermissionError(errno.EPERM, "no links here")))
        save(edited(), path, source=path)


def replacing(path):
    disk.replace_file(path, NEW)


WORKS = {
    saving_in_place: ({"acme.xlsx": {OLD, NEW}, "acme.xlsx.bak": {OLDER, OLD}}, {"acme.xlsx": NEW, "acme.xlsx.bak": OLD}),
    saving_without_links: ({"acme.xlsx": {OLD, NEW}, "acme.xlsx.bak": {OLDER, OLD}}, {"acme.xlsx": NEW, "acme.xlsx.bak": OLD}),
    saving_anew: ({"acme.xlsx": {OLD}, "acme.xlsx.bak": {OLDER}, "new.xlsx": {None, NEW}}, {"acme.xlsx": OLD, "acme.xlsx.bak": OLDER, "new.xlsx": NEW}),
    swap_with_backup: ({"acme.xlsx": {OLD, OLDER}, "acme.xlsx.bak": {OLD, OLDER}}, {"acme.xlsx": OLDER, "acme.xlsx.bak": OLD}),
    replacing: ({"acme.xlsx": {OLD, NEW}, "acme.xlsx.bak": {OLDER}}, {"acme.xlsx": NEW, "acme.xlsx.bak": OLDER}),
}  # fmt: skip
"""What each may leave whatever happens (every version is a whole one), and what it leaves when it gets to its end."""
UNSURE = "acme.xlsx.und"
"""Where the backup waits within an undo that can be neither finished nor taken back."""


def leaves_whole_files(work, folder):
    """Whether every file is a whole version, and both versions of an undo are there."""
    found = there(folder)
    if UNSURE in found:
        return work is swap_with_backup and found["acme.xlsx"] in {OLD, OLDER} and {OLD, OLDER} <= set(found.values())
    return all(found.get(name) in whole for name, whole in WORKS[work][0].items())


def places(work, folder):
    """For every step that ``work`` takes: its number, its name, and a folder prepared for it."""
    path = prepared(folder)
    with injection.watched(injection.Steps(folder)) as steps:
        work(path)
    assert set(steps.made) >= {"open", "os.link" if work in {saving_anew, swap_with_backup} else "os.rename", "os.remove"}
    assert work is swap_with_backup or {"write", "fsync"} <= set(steps.made)
    for at, step in enumerate(steps.made):
        place = folder / str(at)
        place.mkdir()
        yield at, step, prepared(place)


@pytest.mark.parametrize("lasting", [False, True], ids=["once", "from then on"])
@pytest.mark.parametrize("fault", [injection.full, injection.denied, injection.interrupt])
@pytest.mark.parametrize("work", WORKS)
def test_whatever_step_fails_files_are_whole_and_nothing_is_left_beside_them(tmp_path, work, fault, lasting):
    for at, step, path in places(work, tmp_path):
        said = None
        try:
            with injection.watched(injection.Steps(path.parent, at, fault, lasting)):
                work(path)
        except (SaveFailed, OSError, KeyboardInterrupt) as error:
            said = error
        found = there(path.parent)
        assert leaves_whole_files(work, path.parent), (at, step)
        if not lasting and step != "os.remove":  # what cannot be removed stays until the next save
            assert [name for name in found if name.startswith(".") or name == UNSURE] == [], (at, step)
        if said is None:
            assert {name: found.get(name) for name in WORKS[work][1]} == WORKS[work][1], (at, step)
        elif fault is injection.interrupt:
            assert isinstance(said, KeyboardInterrupt)
        else:
            assert found["acme.xlsx"] == OLD, (at, step)
            assert work is replacing or (isinstance(said, SaveFailed) and "\n" not in said.reason)


@pytest.mark.parametrize("work", WORKS)
def test_a_process_that_is_killed_at_any_step_leaves_whole_files_and_the_next_save_clears_up(tmp_path, work):
    for at, step, path in places(work, tmp_path):

        def killed(path=path, at=at):
            with injection.watched(injection.Steps(path.parent, at, injection.kill)):
                work(path)

        assert injection.in_child(killed) == -9, (at, step)
        assert leaves_whole_files(work, path.parent), (at, step)
        for file in {path, path.with_name("new.xlsx") if work is saving_anew else path}:
            now = file.read_bytes() if file.exists() else OLD
            save(edited(now, b"next"), file, source=file if file.exists() else path)
        assert [name for name in there(path.parent) if name.startswith(".") or name == UNSURE] == [], (at, step)


@pytest.mark.parametrize("finishing", [swap_with_backup, saving_in_place])
def test_an_undo_that_was_killed_is_taken_back_before_anything_else(tmp_path, finishing):
    path = prepared(tmp_path)
    backup_of(path).replace(saving._aside(path))
    if finishing is saving_in_place:
        save(edited(), path, source=path)
        assert there(tmp_path) == {"acme.xlsx": NEW, "acme.xlsx.bak": OLD}
    else:
        swap_with_backup(path)
        assert there(tmp_path) == {"acme.xlsx": OLDER, "acme.xlsx.bak": OLD}


# --- two at a time --------------------------------------------------------------------------------------------------


def test_temporary_files_of_killed_processes_are_removed_and_those_of_living_ones_left(acme):
    dead, alive = acme.with_name(".acme.xlsx.999999.tmp"), acme.with_name(".acme.xlsx.1.tmp")
    backup = acme.with_name(f".acme.xlsx.bak.{os.getpid()}.tmp")
    foreign = acme.with_name(".acme.xlsx.notes.tmp")
    for file in (dead, alive, foreign, backup):
        file.write_bytes(b"half")
    with alive.open("r+b") as held:
        assert disk.lock(held)
        save(edited(), acme, source=acme)
    assert set(there(acme.parent)) == {"acme.xlsx", "acme.xlsx.bak", alive.name, foreign.name}


def test_a_file_that_this_process_is_writing_already_is_said_so(acme):
    with disk.written_beside(acme, NEW):
        refused(lambda: save(edited(), acme, source=acme), "is being written by another process")
    assert there(acme.parent) == {"acme.xlsx": OLD}


def test_no_edit_is_lost_when_two_processes_save_the_same_workbook_again_and_again(acme):
    def work(word):
        for number in range(8):
            while True:
                try:
                    save(edited(acme.read_bytes(), b"%s%d" % (word, number)), acme, source=acme)
                    break
                except SaveFailed as error:
                    assert "changed since it was read" in error.reason or "written by another process" in error.reason  # noqa: PT017

    children = []
    for word in (b"a", b"b"):
        child = os.fork()
        if child == 0:
            code = 70
            try:
                work(word)
                code = 0
            finally:
                os._exit(code)
        children.append(child)
    assert [os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) for child in children] == [0, 0]
    text = Package(acme.read_bytes()).read(SHEET)
    assert all(b"<!--%s%d-->" % (word, number) in text for word in (b"a", b"b") for number in range(8))
    assert set(there(acme.parent)) == {"acme.xlsx", "acme.xlsx.bak"}


# --- the command ----------------------------------------------------------------------------------------------------


def undo(*arguments):
    return CliRunner().invoke(command_line, ["undo", *map(str, arguments)])


def test_the_command_puts_the_backup_back_and_says_what_it_did(acme, monkeypatch):
    monkeypatch.chdir(acme.parent)
    backup_of(acme).write_bytes(OLDER)
    os.utime(backup_of(acme), (1_790_000_000, 1_790_000_000))
    day = f"{dt.datetime.fromtimestamp(1_790_000_000):%Y-%m-%d %H:%M}"  # noqa: DTZ006  as the reader's clock shows it
    dry = undo("acme.xlsx", "--dry-run")
    assert (dry.exit_code, dry.stdout) == (0, f"would put acme.xlsx.bak of {day} back as acme.xlsx\n")
    assert there(acme.parent) == {"acme.xlsx": OLD, "acme.xlsx.bak": OLDER}
    done = undo("acme.xlsx")
    assert (done.exit_code, done.stderr) == (0, "")
    assert done.stdout == (
        f"acme.xlsx is again the file of {day}; what it replaced is kept as acme.xlsx.bak, and undo brings it back\n"
    )
    assert there(acme.parent) == {"acme.xlsx": OLDER, "acme.xlsx.bak": OLD}


@pytest.mark.parametrize(
    ("name", "content", "code", "says"),
    [
        ("other", b"", 3, "has no backup (acme.xlsx.bak beside it): there is nothing to undo"),
        ("acme.xlsx.bak", b"half", 3, "is no whole workbook, so nothing was undone"),
        ("~$acme.xlsx", b"\x03Kim", 4, "is open in Excel (by Kim)"),
    ],
)
def test_an_undo_that_cannot_be_done_is_one_line_and_changes_nothing(acme, name, content, code, says):
    acme.with_name(name).write_bytes(content)
    before = there(acme.parent)
    done = undo(acme)
    assert (done.exit_code, done.stdout, done.stderr.count("\n")) == (code, "", 1)
    assert says in done.stderr
    assert there(acme.parent) == before


def test_an_undo_of_a_file_that_does_not_exist_is_an_input_that_is_refused(tmp_path):
    with pytest.raises(workbench.InputRefused, match="does not exist"):
        workbench.undo(tmp_path / "none.xlsx")


def test_a_backup_is_no_workbook_of_its_folder(acme):
    backup_of(acme).write_bytes(OLDER)
    assert workbooks([acme.parent]) == [acme]


def test_what_was_made_of_a_file_takes_its_place_when_the_file_is_told(tmp_path):
    path = tmp_path / "acme.xlsx"
    path.write_bytes(NEW)
    assert save(Package(OLD), path, source=path, held=NEW) == backup_of(path)
    assert (path.read_bytes(), backup_of(path).read_bytes()) == (OLD, NEW)
    assert save(Package(OLD), path, source=path, held=OLD) is None
    with pytest.raises(SaveFailed, match="has changed since"):
        save(Package(OLDER), path, source=path, held=NEW)
