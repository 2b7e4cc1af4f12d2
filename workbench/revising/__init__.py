"""The edge that changes a user's own workbook, and only through the lossless editor."""

from workbench.revising.accept import Accepted, accept
from workbench.revising.annotate import Annotated, Restored, annotate, clear
from workbench.revising.folding import Ruling
from workbench.revising.merge import Merge, merge_files
from workbench.revising.opening import EDITABLE
from workbench.revising.resolve import Resolution, resolve
from workbench.revising.send_out import Sent, find_base, send_out
from workbench.revising.suggest import Proposed, write_suggestions

__all__ = [
    "EDITABLE",
    "Accepted",
    "Annotated",
    "Merge",
    "Proposed",
    "Resolution",
    "Restored",
    "Ruling",
    "Sent",
    "accept",
    "annotate",
    "clear",
    "find_base",
    "merge_files",
    "resolve",
    "send_out",
    "write_suggestions",
]
