"""Coverage of requirements, overlap between frameworks, gaps and SoA rows (design of the figures: README, "The figures"). Pure."""

from __future__ import annotations

from typing import TYPE_CHECKING

from workbench.interpretation import Project
from workbench.model import Figure
from workbench.settings import Settings

if TYPE_CHECKING:
    import pandas as pd


def coverage(project: Project, framework_id: str, settings: Settings) -> pd.DataFrame:
    """How far each assessable requirement of a framework is served.

    One row per requirement in the framework's order, RangeIndex. Columns: id, title, group, kind, level (a Coverage value),
    applicable (bool: False = excluded by the SoA, or a criterion out of scope), basis (controls, crosswalk, assessment, or ""),
    controls (tuple of control names as in ``Project.controls['control']`` that count), planned (tuple of those that do not
    count yet), crosswalk (tuple of requirements of the other framework that imply it), evidence (tuple),
    shared (tuple of in-scope requirements of the other framework that the same controls serve), missing (words, "" when covered).
    """
    raise NotImplementedError


def overlap(project: Project, settings: Settings, suggestions: pd.DataFrame | None = None) -> list[Figure]:
    """The whole overlap table, headline first.

    Rows: direction × basis × denominator × strictness × status. ``suggestions`` (columns source, target) are the open ones;
    they count in status "with suggestions" only.
    """
    raise NotImplementedError


def gaps(project: Project, settings: Settings, suggestions: pd.DataFrame | None = None) -> pd.DataFrame:
    """Every requirement of both frameworks that is not covered, most urgent first.

    Columns of ``coverage`` plus framework, priority (1 high – 3 low), nearest (control to extend: "AC-001 User access management"),
    nearest_reason, action (what to do, in words).
    """
    raise NotImplementedError


def soa_entries(project: Project, settings: Settings, suggestions: pd.DataFrame | None = None) -> pd.DataFrame:
    """The Statement of Applicability: 93 rows in Annex A order, then controls from elsewhere in the order written.

    Columns: id, title, theme, applicable (Yes, No, ""), reasons, inclusion, inclusion_proposal, exclusion, exclusion_proposal, status,
    status_proposal, how, controls, soc2, policy, evidence, risk, owner, review_date (date or None), decided (bool), source
    ("sheet!row" or ""). A proposal is what the program derived and nobody has said; the field beside it is then "".
    """
    raise NotImplementedError
