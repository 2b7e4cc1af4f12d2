"""The edge that changes a user's own workbook, and only through the lossless editor."""

from workbench.revising.accept import Accepted, accept
from workbench.revising.annotate import Annotated, Restored, annotate, clear
from workbench.revising.folding import Ruling
from workbench.revising.suggest import Proposed, write_suggestions

__all__ = [
    "Accepted",
    "Annotated",
    "Proposed",
    "Restored",
    "Ruling",
    "accept",
    "annotate",
    "clear",
    "write_suggestions",
]
