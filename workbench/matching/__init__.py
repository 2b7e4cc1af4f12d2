"""Suggestions: which requirements a control seems to serve, with signals, a reason and a confidence. Pure."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from workbench.model import Suggestion

if TYPE_CHECKING:
    from workbench.settings import Settings


@dataclass(frozen=True, slots=True)
class Text:
    """What is matched: an id, its title, its text, and the section it stands in. Any of them may be ""."""

    id: str
    title: str = ""
    text: str = ""
    section: str = ""


def rank(
    sources: Sequence[Text],
    targets: Sequence[Text],
    settings: Settings,
    *,
    top: int = 10,
    confirmed: Collection[tuple[str, str]] = (),
    rejected: Collection[tuple[str, str]] = (),
    abstain: bool = False,
) -> list[Suggestion]:
    """The best targets of each source, by source in the order given, rank 1 first.

    Ties are broken by target id; the order of ``sources`` and ``targets`` changes no score. ``rejected`` pairs are left out. ``confirmed``
    pairs sharpen the rest and are themselves still ranked (callers drop them). With ``abstain`` those below the useful band are left out.
    """
    raise NotImplementedError
