"""The deliverables: one function each, from an analysis to the declaration of a workbook that ``workbench.writing`` writes. Pure."""

from workbench.reports.findings import findings

__all__ = ["findings"]
