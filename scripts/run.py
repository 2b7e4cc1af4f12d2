"""Run the main job: every workbook of input_workbooks/ into output/. Arguments go to `workbench run` (`--help` lists them)."""

import os
import sys

import bootstrap

if __name__ == "__main__":
    # Paths somebody types are relative to where they are; the two default folders are the project's.
    os.environ.setdefault("WORKBENCH_HOME", bootstrap.ROOT)
    bootstrap.start("requirements.lock", ["-m", "workbench", "run"] + sys.argv[1:])
