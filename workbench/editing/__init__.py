"""Edit xlsx and xlsm files and lose nothing: only the bytes of the named cells change, every other part is copied as it is.

It knows nothing of what the workbooks are for, and uses the standard library only.
"""

from workbench.editing.package import Package, PartChange
from workbench.editing.places import Area, area, areas, column_number, letters, name, place
from workbench.editing.refusals import EditRefused, SaveFailed, WorkbookRefused
from workbench.editing.values import Formula, Value
from workbench.editing.workbook import Changes, Workbook, open_workbook
from workbench.editing.xml import Splice

__all__ = [
    "Area", "Changes", "EditRefused", "Formula", "Package", "PartChange", "SaveFailed", "Splice", "Value", "Workbook", "WorkbookRefused",
    "area", "areas", "column_number", "letters", "name", "open_workbook", "place",
]  # fmt: skip
