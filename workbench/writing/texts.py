"""Texts made safe and measured once each, however many cells hold them."""

from __future__ import annotations

import re
from collections.abc import Callable

from workbench.writing.look import extent

MAX_TEXT = 32_767
_FORMULA_STARTS = ("=", "+", "-", "@", "\t", "|")
_CONTROL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ud800-\udfff\ufffe\uffff]")
_MARKUP = re.compile("[\x00-\x1f\x7f&<>\ud800-\udfff\ufffe\uffff]")
_LITERAL_ESCAPE = re.compile("(?=_x[0-9A-Fa-f]{4}_)")


class Text:
    """One distinct text: its place among the workbook's shared strings, and what its cells need to know.

    ``paragraphs`` are their widths in average characters; ``width`` is the only one's, infinite where there are several. ``quoted``: it would become
    a formula when somebody edits its cell. ``problem``: what could not be written as it was given.
    """

    __slots__ = ("index", "paragraphs", "problem", "quoted", "width")

    def __init__(self, index: int, text: str, problem: str) -> None:
        self.index = index
        self.paragraphs = extent(text)
        self.width = self.paragraphs[0] if len(self.paragraphs) == 1 else float("inf")
        self.quoted = text.startswith(_FORMULA_STARTS)
        self.problem = problem


class Texts(dict[str, Text]):
    """Text as given → ``Text``, made on first use. ``plain`` are the texts that need no escaping."""

    def __init__(self, index_of: Callable[[str], int]) -> None:
        super().__init__()
        self.plain: set[str] = set()
        self._index_of = index_of

    def __missing__(self, raw: str) -> Text:
        if len(raw) < MAX_TEXT // 2 and _is_plain(raw):
            text, problem = raw, ""
            self.plain.add(raw)
        else:
            text, problem = safe_text(raw)
        entry = self[raw] = Text(self._index_of(text), text, problem)
        return entry


def _is_plain(text: str) -> bool:
    spaces = "  " in text or text[:1] == " " or text[-1:] == " "
    return not (spaces or "_x" in text or _MARKUP.search(text))


def safe_text(text: str) -> tuple[str, str]:
    """``text`` as a cell can hold it, and in words what had to change ("" for nothing).

    Control characters become their visible pictures (␀ ␁ …), halves of characters and non-characters become �; what is over
    Excel's 32,767 is cut, and the text says so at its end. Line ends are all written as Excel writes them.
    """
    problems = []
    text = text.replace("\r\n", "\n").replace("\r", "\n") if "\r" in text else text
    if _CONTROL.search(text):
        text = _CONTROL.sub(_visible, text)
        problems.append("control characters are shown as signs")
    units = len(text) if len(text) < MAX_TEXT // 2 else len(text.encode("utf-16-le")) // 2
    if units > MAX_TEXT:
        note = (
            f" … [cut here: Excel holds {MAX_TEXT:,} characters in a cell and the text has {units:,}; the input holds all of it]"
        )
        text = text.encode("utf-16-le")[: 2 * (MAX_TEXT - len(note))].decode("utf-16-le", "ignore") + note
        problems.append(f"the text of {units:,} characters is cut to {MAX_TEXT:,}")
    return text, "; ".join(problems)


def _visible(match: re.Match[str]) -> str:
    code = ord(match.group())
    if code == 0x7F:
        return "\u2421"
    return chr(0x2400 + code) if code < 0x20 else "\ufffd"


def shared_item(text: str) -> str:
    """The <si> element of a safe text. Always escaped: XlsxWriter itself would take "<r>…</r>" from a cell for its own XML."""
    text = _LITERAL_ESCAPE.sub("_x005F", text) if "_x" in text else text
    return f'<si><t xml:space="preserve">{xml_text(text)}</t></si>'


def xml_text(text: str) -> str:
    """``text`` as the content of an element."""
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
