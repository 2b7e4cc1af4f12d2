"""What people decided of suggestions, and what is to be changed in their workbook for it, as values. Pure."""

from workbench.decisions.cells import Edit, Fixed, Spot, framework_of
from workbench.decisions.judging import Step, Verdict, judge, row_of, stated
from workbench.decisions.lists import NEW, NewRow
from workbench.decisions.placing import Revision, place
from workbench.decisions.reviews import Decided, Ends, Fault, Line, Pair, edited, read_decisions

__all__ = [
    "NEW",
    "Decided",
    "Edit",
    "Ends",
    "Fault",
    "Fixed",
    "Line",
    "NewRow",
    "Pair",
    "Revision",
    "Spot",
    "Step",
    "Verdict",
    "edited",
    "framework_of",
    "judge",
    "place",
    "read_decisions",
    "row_of",
    "stated",
]
