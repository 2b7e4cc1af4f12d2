"""Make .venv, install the locked requirements into it, and start a command there.

Shared by run.py and test.py. Standard library only, and so plain that any Python can read it far enough to say that it is too old.
A stamp in .venv holds the hash of the lock file, so that every start but the first costs nothing.

The lock files are made from pyproject.toml, with uv, by:
    uv pip compile --universal --python-version 3.11 --generate-hashes --no-header pyproject.toml -o requirements.lock
    uv pip compile --universal --python-version 3.11 --generate-hashes --no-header --group dev pyproject.toml -o requirements-dev.lock
"""

import hashlib
import os
import sys

ROOT = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
VENV = os.path.join(ROOT, ".venv")
WINDOWS = os.name == "nt"
PYTHON = os.path.join(VENV, "Scripts", "python.exe") if WINDOWS else os.path.join(VENV, "bin", "python")
SET_UP_FAILED = 2


def start(lock, arguments):
    """Run the Python of .venv with ``arguments`` and end with its exit code; first make what is missing."""
    if sys.version_info < (3, 11):
        fail("Python 3.11 or newer is needed; this is %s (%s)" % (sys.version.split()[0], sys.executable))
    prepare(lock)
    environment = dict(os.environ, PYTHONPATH=os.pathsep.join(filter(None, [ROOT, os.environ.get("PYTHONPATH")])))
    sys.stdout.flush()
    command = [PYTHON, "-P"] + arguments
    if not WINDOWS:
        os.execve(PYTHON, command, environment)
    sys.exit(wait(command, env=environment))


def prepare(lock):
    """Make .venv hold what the lock file lists, unless its stamp says that it does."""
    path = os.path.join(ROOT, lock)
    stamp = os.path.join(VENV, ".installed-" + lock)
    with open(path, "rb") as stream:
        wanted = hashlib.sha256(stream.read()).hexdigest()
    hashed, _, interpreter = read(stamp).partition("\n")
    if not os.path.exists(PYTHON) or (interpreter and interpreter != os.path.realpath(PYTHON)):
        make_venv()
    elif hashed == wanted:
        return
    say("Installing what %s lists into .venv ..." % lock)
    install = ["-m", "pip", "install", "--require-hashes", "--disable-pip-version-check", "--no-input", "--quiet", "-r", path]
    if wait([PYTHON] + install, stdout=sys.stderr):
        fail("what %s lists could not be installed; the lines above say why (the first start needs a network)" % lock)
    with open(stamp, "w") as stream:
        stream.write(wanted + "\n" + os.path.realpath(PYTHON))


def make_venv():
    """A fresh .venv of the Python that runs this."""
    from importlib.util import find_spec

    for module in ("venv", "ensurepip"):
        if find_spec(module) is None:
            fail("%s lacks %s; install it (Debian, Ubuntu: apt install python3-venv) and start again" % (sys.executable, module))
    say("Making .venv ...")
    if wait([sys.executable, "-m", "venv", "--clear", VENV], stdout=sys.stderr):
        fail("%s could not be made; the lines above say why" % VENV)


def wait(command, **options):
    """Run a command to its end; its exit code."""
    import subprocess

    try:
        return subprocess.call(command, **options)
    except KeyboardInterrupt:
        sys.exit(130)


def read(path):
    """The text of a file, "" when there is none."""
    try:
        with open(path) as stream:
            return stream.read()
    except OSError:
        return ""


def say(line):
    """One line of progress, on stderr: stdout belongs to the command."""
    sys.stderr.write(line + "\n")


def fail(line):
    """One line that says what is wrong and what to do, and the end."""
    say("workbench: " + line)
    sys.exit(SET_UP_FAILED)
