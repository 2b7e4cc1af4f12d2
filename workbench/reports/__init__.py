"""The deliverables: one function each, from an analysis to the declaration of a workbook that ``workbench.writing`` writes. Pure."""

from workbench.reports.findings import findings
from workbench.reports.gap import gap
from workbench.reports.overlap import overlap
from workbench.reports.suggestions import suggestions

__all__ = ["findings", "gap", "overlap", "suggestions"]
