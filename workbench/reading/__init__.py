"""The only opener of users' files: preflight, then typed tables that remember their cells."""

from __future__ import annotations

from workbench.reading.books import read_book
from workbench.reading.catalogues import read_framework, read_pairs, read_texts, with_texts

__all__ = ["read_book", "read_framework", "read_pairs", "read_texts", "with_texts"]
