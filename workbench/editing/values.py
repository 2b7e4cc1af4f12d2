"""What a cell holds, as Python has it and as the sheet writes it."""

from __future__ import annotations

import datetime as dt
import math
import re
from collections.abc import Iterable
from dataclasses import dataclass
from numbers import Integral, Real

from workbench.editing.refusals import EditRefused
from workbench.editing.xml import Element, unescaped

LONGEST_TEXT, LONGEST_FORMULA = 32_767, 8_192
_DAY = dt.timedelta(days=1)
_CODE = re.compile(r"_x([0-9A-Fa-f]{4})_")
_LITERAL_CODE = re.compile(r"_(?=x[0-9A-Fa-f]{4}_)")
_UNWRITABLE = re.compile("[\x00-\x08\x0b-\x1f\ud800-\udfff\ufffe\uffff]")
_MARKUP = re.compile("[&<>]")
_ODD = re.compile("[&<>_\x00-\x08\x0b-\x1f\ud800-\udfff\ufffe\uffff]")
_NAMED = {"&": "&amp;", "<": "&lt;", ">": "&gt;"}


@dataclass(frozen=True, slots=True)
class Formula:
    """A formula, without the sign in front. ``value`` is what it last came to, where that is known."""

    text: str
    value: str | float | bool | None = None


Value = str | int | float | bool | dt.date | dt.datetime | Formula | None


def text_xml(text: str) -> str:
    """``text`` as the content of ``<t>``: what XML cannot hold, and what Excel would take for such a code, becomes ``_xHHHH_``.

    ISO/IEC 29500-1, 22.9.2.19 (ST_Xstring).
    """
    if not _ODD.search(text):
        return text
    text = _LITERAL_CODE.sub("_x005F_", text)
    text = _UNWRITABLE.sub(lambda match: f"_x{ord(match[0]):04X}_", text)
    return _MARKUP.sub(lambda match: _NAMED[match[0]], text)


def plain(text: str) -> str:
    """The text that ``_xHHHH_`` codes stand for."""
    if "_x" not in text:
        return text
    decoded = _CODE.sub(lambda match: chr(int(match[1], 16)), text)
    return decoded.encode("utf-16", "surrogatepass").decode("utf-16", "replace") if _UNWRITABLE.search(decoded) else decoded


def content(value: Value, prefix: str = "", *, date1904: bool = False) -> tuple[str, str]:
    """The type attribute of a cell ("" for none) and its content.

    Raises:
        EditRefused: a text or formula that is too long, a number that is none or would lose digits, a date that Excel does not have.
    """
    if isinstance(value, str):
        return "inlineStr", _inline(value, prefix)
    if value is None:
        return "", ""
    if isinstance(value, bool):
        return "b", _v(str(int(value)), prefix)
    if isinstance(value, Formula):
        return "", f"<{prefix}f>{text_xml(_computable(value.text))}</{prefix}f>"
    if isinstance(value, dt.date):
        return "", _v(_number(serial(value, date1904=date1904)), prefix)
    if not isinstance(value, Real):
        raise TypeError(f"a cell holds text, numbers, dates and truth values, and {value!r} is none")
    return "", _v(_number(value), prefix)


def refuse_values(values: Iterable[Value]) -> None:
    """Raises EditRefused where Excel cannot hold one of them."""
    for value in values:
        if not isinstance(value, str) or len(value) > LONGEST_TEXT // 2:
            content(value)


def _v(text: str, prefix: str) -> str:
    return f"<{prefix}v>{text}</{prefix}v>"


def _inline(text: str, prefix: str) -> str:
    if len(text) > LONGEST_TEXT // 2 and len(text.encode("utf-16-le", "surrogatepass")) > 2 * LONGEST_TEXT:
        raise EditRefused(f"a cell holds at most {LONGEST_TEXT:,} characters, not {len(text):,}; split the text")
    keep = ' xml:space="preserve"' if text != text.strip() or "\n" in text or "\t" in text or "  " in text else ""
    return f"<{prefix}is><{prefix}t{keep}>{text_xml(text)}</{prefix}t></{prefix}is>"


def _computable(formula: str) -> str:
    """The formula itself, where Excel opens a file that has it."""
    if not 0 < len(formula) <= LONGEST_FORMULA or formula.startswith("="):
        raise EditRefused(f"a formula has 1 to {LONGEST_FORMULA:,} characters and no = in front; this one has {len(formula):,}")
    return formula


def _number(value: float) -> str:
    """As Excel writes it. Numbers of numpy's are written as Python's, since their ``repr`` says more than the number."""
    value = int(value) if isinstance(value, Integral) else float(value)
    if isinstance(value, float) and not math.isfinite(value):
        raise EditRefused(f"a cell cannot hold {value}; write a text or leave it blank")
    if isinstance(value, int) and abs(value) >= 10**15:
        shown = value if abs(value) < 10**40 else "this one"
        raise EditRefused(f"Excel keeps 15 digits of a number, and {shown} has more; write it as text")
    if isinstance(value, float) and value.is_integer() and abs(value) < 10**15:
        return str(int(value))
    return repr(value)


def serial(day: dt.date, *, date1904: bool = False) -> float:
    """The number that Excel has for a date: days since the last day of 1899, and 1900 had a 29 February (or days since 1 January 1904).

    Raises:
        EditRefused: Excel has no such date, or a time with a time zone.
    """
    moment = day if isinstance(day, dt.datetime) else dt.datetime.combine(day, dt.time())
    if moment.tzinfo is not None:
        raise EditRefused("Excel knows no time zones; give the time without one")
    if date1904:
        days = (moment - dt.datetime(1904, 1, 1)) / _DAY  # noqa: DTZ001
    else:
        days = (moment - dt.datetime(1899, 12, 31)) / _DAY  # noqa: DTZ001
        days += days >= 60
    if days < (0 if date1904 else 1):
        raise EditRefused(f"Excel has no date before {1904 if date1904 else 1900}, such as {day}; write it as text")
    return days


def string_of(element: Element) -> str:
    """The text of an ``si`` or ``is``: its runs joined, phonetic guides left out."""
    pieces = []
    for child in element.children:
        if child.name == "t":
            pieces.append(child.text)
        elif child.name == "r":
            pieces += [run.text for run in child.children if run.name == "t"]
    return plain("".join(pieces))


def string_of_xml(xml: bytes) -> str:
    """As ``string_of``, from the bytes of an ``si``."""
    without = re.sub(rb"<(?:\w+:)?rPh[\s>].*?</(?:\w+:)?rPh>", b"", xml, flags=re.DOTALL)
    pieces = re.findall(rb"<(?:\w+:)?t(?:\s[^>]*)?>(.*?)</(?:\w+:)?t>", without, re.DOTALL)
    return plain("".join(unescaped(piece.decode()) for piece in pieces))
