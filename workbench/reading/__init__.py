"""The only opener of users' files: preflight, then typed tables that remember their cells. What is not used is not loaded."""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from workbench.reading.books import read_book
    from workbench.reading.catalogues import read_framework, read_pairs, read_texts, with_texts

__all__ = ["read_book", "read_framework", "read_pairs", "read_texts", "with_texts"]


def __getattr__(name: str) -> Any:
    if name not in __all__:
        raise AttributeError(f"module 'workbench.reading' has no attribute {name!r}")
    return getattr(import_module(f"workbench.reading.{'books' if name == 'read_book' else 'catalogues'}"), name)
