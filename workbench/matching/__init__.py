"""Suggestions: which requirements a control seems to serve, with signals, a reason and a confidence. Pure."""

from __future__ import annotations

from workbench.matching.evaluation import Evaluation, evaluate
from workbench.matching.projects import nearest_controls, suggest
from workbench.matching.ranking import rank
from workbench.matching.texts import Text, catalogue_texts, row_texts
from workbench.matching.weights import BANDS, Band

__all__ = [
    "BANDS",
    "Band",
    "Evaluation",
    "Text",
    "catalogue_texts",
    "evaluate",
    "nearest_controls",
    "rank",
    "row_texts",
    "suggest",
]
