"""The deliverables: one function each, from an analysis to the declaration of a workbook that ``workbench.writing`` writes. Pure."""

from workbench.reports.changes import changes_workbook
from workbench.reports.findings import findings
from workbench.reports.gap import gap
from workbench.reports.overlap import overlap
from workbench.reports.portfolio import PortfolioRow, portfolio, portfolio_row
from workbench.reports.soa import soa
from workbench.reports.suggestions import suggestions
from workbench.reports.template import template

__all__ = [
    "PortfolioRow",
    "changes_workbook",
    "findings",
    "gap",
    "overlap",
    "portfolio",
    "portfolio_row",
    "soa",
    "suggestions",
    "template",
]
