"""scripts/run.py and scripts/test.py: they make their environment once, from anywhere, and say in one line what is missing."""

import ast
import hashlib
import io
import os
import shutil
import subprocess
import sys
import tokenize
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
SCRIPTS = ("bootstrap.py", "run.py", "test.py")
PYTHON = Path("Scripts/python.exe") if os.name == "nt" else Path("bin/python")
ECHO = """
import os, sys
print(sys.argv[1:], os.environ["WORKBENCH_HOME"], os.getcwd(), sep="|")
"""


@pytest.fixture
def project(tmp_path):
    """A project of the scripts alone: nothing to install, and a workbench that says how it was started."""
    root = tmp_path / "a project"
    (root / "scripts").mkdir(parents=True)
    for name in SCRIPTS:
        shutil.copy(ROOT / "scripts" / name, root / "scripts" / name)
    for lock in ("requirements.lock", "requirements-dev.lock"):
        (root / lock).write_text("# nothing\n")
    (root / "workbench").mkdir()
    (root / "workbench" / "__init__.py").touch()
    (root / "workbench" / "__main__.py").write_text(ECHO)
    return root


def installed(root):
    """Give the project a .venv whose stamp says that the locked requirements are in it."""
    python = root / ".venv" / PYTHON
    python.parent.mkdir(parents=True)
    python.symlink_to(sys.executable)
    wanted = hashlib.sha256((root / "requirements.lock").read_bytes()).hexdigest()
    (root / ".venv" / ".installed-requirements.lock").write_text(f"{wanted}\n{python.resolve()}")


def start(script, *arguments, cwd):
    return subprocess.run([sys.executable, script, *arguments], cwd=cwd, capture_output=True, text=True, check=False)


def test_the_first_start_makes_the_environment_and_the_second_does_nothing_but_start(project, tmp_path):
    first = start(project / "scripts" / "run.py", "clients/", "--force", cwd=tmp_path)
    expected = f"['run', 'clients/', '--force']|{project}|{tmp_path}\n"
    assert (first.returncode, first.stdout) == (0, expected), first.stderr
    assert "Making .venv" in first.stderr
    second = start(project / "scripts" / "run.py", "clients/", "--force", cwd=tmp_path)
    assert (second.returncode, second.stdout, second.stderr) == (0, expected, "")


@pytest.mark.skipif(os.name == "nt", reason="makes a .venv by a symbolic link")
def test_a_module_of_the_same_name_where_the_user_stands_is_not_taken_for_the_project(project, tmp_path):
    installed(project)
    (tmp_path / "workbench.py").write_text("raise SystemExit('the wrong one')")
    done = start(project / "scripts" / "run.py", cwd=tmp_path)
    assert (done.returncode, done.stdout) == (0, f"['run']|{project}|{tmp_path}\n"), done.stderr


@pytest.mark.skipif(os.name == "nt", reason="makes a .venv by a symbolic link")
def test_another_lock_file_is_installed_at_the_next_start(project):
    installed(project)
    (project / "requirements.lock").write_text("no-such-package @ file:///nowhere\n")
    done = start(project / "scripts" / "run.py", cwd=project)
    assert done.returncode == 2
    assert done.stderr.splitlines()[-1].startswith("workbench: what requirements.lock lists could not be installed")
    assert done.stdout == ""


@pytest.mark.parametrize("name", SCRIPTS)
def test_any_python_can_read_the_scripts_far_enough_to_say_that_it_is_too_old(name):
    source = (ROOT / "scripts" / name).read_text(encoding="ascii")
    ast.parse(source, feature_version=(3, 7))
    tokens = list(tokenize.generate_tokens(io.StringIO(source).readline))
    newer = [
        token.string for token in tokens if token.string.lower().startswith(("f'", 'f"')) or token.string in {"nonlocal", "->"}
    ]
    assert newer == []


@pytest.mark.parametrize(
    ("before", "says"),
    [
        ("sys.version_info = (3, 10, 9)", "workbench: Python 3.11 or newer is needed; this is 3."),
        ("importlib.util.find_spec = lambda name: None", f"workbench: {sys.executable} lacks venv; install it"),
        (
            "found = importlib.util.find_spec; importlib.util.find_spec = lambda name: None if name == 'ensurepip' else found(name)",
            f"workbench: {sys.executable} lacks ensurepip; install it",
        ),
    ],
)
def test_what_is_missing_is_said_in_one_line(project, before, says):
    code = f"import importlib.util, sys; {before}; import bootstrap; bootstrap.start('requirements.lock', [])"
    done = subprocess.run([sys.executable, "-c", code], cwd=project / "scripts", capture_output=True, text=True, check=False)
    assert done.returncode == 2
    assert done.stderr.startswith(says)
    assert done.stderr.count("\n") == 1


def test_the_ci_script_can_be_started_and_runs_every_check():
    script = ROOT / ".ci" / "run"
    assert os.access(script, os.X_OK)
    checks = [line for line in script.read_text(encoding="utf-8").splitlines() if line.startswith("check ")]
    assert [" ".join(line.split()[1:3]) for line in checks] == [
        "python3 scripts/test.py",
        ".venv/bin/ruff check",
        ".venv/bin/ruff format",
        ".venv/bin/mypy",
        ".venv/bin/lint-imports",
    ]


def test_every_locked_requirement_has_hashes_and_the_tests_use_what_runs():
    def pins(name):
        blocks = (ROOT / name).read_text(encoding="utf-8").replace("\\\n", "").splitlines()
        return {line.split(" --hash")[0].strip(): line.count("--hash=sha256:") for line in blocks if "==" in line}

    run, dev = pins("requirements.lock"), pins("requirements-dev.lock")
    assert all(hashes > 0 for hashes in (*run.values(), *dev.values()))
    assert set(run) <= set(dev)
