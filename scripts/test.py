"""Run the tests. Arguments go to pytest, relative to the project: `python3 scripts/test.py tests/test_cli.py -k exit`."""

import os
import sys

import bootstrap

if __name__ == "__main__":
    os.chdir(bootstrap.ROOT)
    bootstrap.start("requirements-dev.lock", ["-m", "pytest"] + sys.argv[1:])
