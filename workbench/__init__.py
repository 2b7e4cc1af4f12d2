"""The mapping workbench: control mapping workbooks for SOC 2 and ISO/IEC 27001.

In a notebook::

    import workbench

    workbench.check("acme.xlsx")             # what is wrong, and in which cell
    workbench.suggest("acme.xlsx")           # what to map next
    workbench.overlap("acme.xlsx")[0]        # what SOC 2 already buys for ISO 27001
    workbench.gap("acme.xlsx")               # what is missing, as a frame
    workbench.soa("acme.xlsx")               # the Statement of Applicability, as a frame
    workbench.run(["clients/"], "output")    # all of it, as workbooks, for every workbook of a folder

The commands of the same names do nothing else. Every name below is loaded when it is first used, so that importing the package costs nothing.
"""

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from workbench.analysis import Analysis
    from workbench.api import (
        accept,
        analyse,
        annotate,
        check,
        check_all,
        diff,
        evaluate,
        gap,
        init,
        merge,
        overlap,
        rank,
        read,
        resolve,
        restore,
        run,
        send_out,
        soa,
        suggest,
        undo,
        write_suggestions,
    )
    from workbench.batch import Checked, Outcome
    from workbench.interpretation import Project
    from workbench.lookup import Explanation, explain, framework, list_frameworks, list_rules
    from workbench.merging.changes import Change, Changes
    from workbench.model import (
        Figure,
        Finding,
        Framework,
        InputRefused,
        OutputError,
        Requirement,
        Severity,
        Suggestion,
        UsageError,
        WorkbenchError,
    )
    from workbench.revising import Accepted, Annotated, Merge, Proposed, Resolution, Restored, Ruling, Sent
    from workbench.rules import Rule
    from workbench.settings import Settings, find_settings, read_settings

    __version__: str

__all__ = [
    "Accepted",
    "Analysis",
    "Annotated",
    "Change",
    "Changes",
    "Checked",
    "Explanation",
    "Figure",
    "Finding",
    "Framework",
    "InputRefused",
    "Merge",
    "Outcome",
    "OutputError",
    "Project",
    "Proposed",
    "Requirement",
    "Resolution",
    "Restored",
    "Rule",
    "Ruling",
    "Sent",
    "Settings",
    "Severity",
    "Suggestion",
    "UsageError",
    "WorkbenchError",
    "__version__",
    "accept",
    "analyse",
    "annotate",
    "check",
    "check_all",
    "diff",
    "evaluate",
    "explain",
    "find_settings",
    "framework",
    "gap",
    "init",
    "list_frameworks",
    "list_rules",
    "merge",
    "overlap",
    "rank",
    "read",
    "read_settings",
    "resolve",
    "restore",
    "run",
    "send_out",
    "soa",
    "suggest",
    "undo",
    "write_suggestions",
]

_HOMES = {
    "Accepted": "revising",
    "Analysis": "analysis",
    "Annotated": "revising",
    "Change": "merging.changes",
    "Changes": "merging.changes",
    "Checked": "batch",
    "Merge": "revising",
    "Outcome": "batch",
    "Project": "interpretation",
    "Proposed": "revising",
    "Resolution": "revising",
    "Restored": "revising",
    "Rule": "rules",
    "Ruling": "revising",
    "Sent": "revising",
    "Settings": "settings",
    "find_settings": "settings",
    "read_settings": "settings",
    **dict.fromkeys(("Explanation", "explain", "framework", "list_frameworks", "list_rules"), "lookup"),
    **dict.fromkeys(
        (
            "Figure",
            "Finding",
            "Framework",
            "InputRefused",
            "OutputError",
            "Requirement",
            "Severity",
            "Suggestion",
            "UsageError",
            "WorkbenchError",
        ),
        "model",
    ),
}


def __getattr__(name: str) -> Any:
    if name not in __all__:
        raise AttributeError(f"module 'workbench' has no attribute {name!r}")
    if name == "__version__":
        return import_module("workbench.version").VERSION
    return getattr(import_module(f"workbench.{_HOMES.get(name, 'api')}"), name)


def __dir__() -> list[str]:
    return __all__
