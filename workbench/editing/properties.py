"""Custom document properties (ISO/IEC 29500-1, 22.3): what a program may write into a workbook about it, and Excel shows under File, Info."""

from __future__ import annotations

from workbench.editing.package import Package
from workbench.editing.refusals import EditRefused
from workbench.editing.relations import declare, first, is_strict, relate, undeclare, unrelate
from workbench.editing.xml import Element, Splices, escaped, parse, whole

_KINDS = ("custom-properties", "customProperties")
_TYPE = "application/vnd.openxmlformats-officedocument.custom-properties+xml"
_SPACES = {
    False: ("http://schemas.openxmlformats.org/officeDocument/2006/custom-properties",
            "http://schemas.openxmlformats.org/officeDocument/2006/docPropsVTypes"),
    True: ("http://purl.oclc.org/ooxml/officeDocument/customProperties", "http://purl.oclc.org/ooxml/officeDocument/docPropsVTypes"),
}  # fmt: skip
_USER_DEFINED = "{D5CDD505-2E9C-101B-9397-08002B2CF9AE}"
_LONGEST = 255


def properties(package: Package) -> dict[str, str]:
    """Name → text of every custom property; numbers and dates as the file writes them."""
    part = _part(package)
    if part is None:
        return {}
    return {one.get("name") or "": _text(one) for one in parse(package.read(part), part).all("property")}


def _text(element: Element) -> str:
    return next((child.text for child in element.children), "")


def set_property(package: Package, name: str, text: str | None) -> None:
    """The property holds ``text``; None takes it away. Case does not count in names.

    Raises:
        EditRefused: a text of more than 255 characters, which Excel cuts, or with characters that no file can hold.
    """
    if text is None:
        _remove(package, name)
        return
    if not name or not (name + text).isprintable() or max(len(name), len(text.encode("utf-16-le")) // 2) > _LONGEST:
        raise EditRefused(f"property {name!r} has one line of at most {_LONGEST} characters, and its value has {len(text)}")
    part = _part(package) or _new(package)
    data = package.read(part)
    root, splices = parse(data, part), Splices(data)
    value, prefix, close = _value(root, text)
    known = _named(root, name)
    if known is not None:
        splices.replace(known.opened, known.closing, value)
    else:
        number = max([1, *(whole(one.get("pid")) for one in root.all("property"))]) + 1
        tag = f'<{prefix}property fmtid="{_USER_DEFINED}" pid="{number}" name="{escaped(name).decode()}">'
        splices.append_child(root, tag.encode() + value + close)
    package.splice(part, splices.done())


def _value(root: Element, text: str) -> tuple[bytes, str, bytes]:
    """A value as XML, its namespace declared where the part declares none; the prefix of properties, and their end tag."""
    types = {space for _, space in _SPACES.values()}
    prefix = next((prefix for prefix, space in root.spaces.items() if space in types and prefix), "vt")
    declared = "" if root.spaces.get(prefix) in types else f' xmlns:vt="{_SPACES[root.space == _SPACES[True][0]][1]}"'
    value = f"<{prefix}:lpwstr{declared}>".encode() + escaped(text) + f"</{prefix}:lpwstr>".encode()
    return value, root.prefix, f"</{root.prefix}property>".encode()


def _remove(package: Package, name: str) -> None:
    part = _part(package)
    if part is None:
        return
    data = package.read(part)
    root, splices = parse(data, part), Splices(data)
    known = _named(root, name)
    if known is None:
        return
    splices.remove_children(root, [known])
    package.splice(part, splices.done())
    if package.read(part) == _empty(package):
        _drop(package, part)


def _named(root: Element, name: str) -> Element | None:
    return next((one for one in root.all("property") if (one.get("name") or "").casefold() == name.casefold()), None)


def _part(package: Package) -> str | None:
    found = first(package, "", *_KINDS)
    return found.target if found else None


def _empty(package: Package) -> bytes:
    """The part as we make it, before anything is in it; it goes when it is so again."""
    space, types = _SPACES[is_strict(package)]
    head = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
    return f'{head}<Properties xmlns="{space}" xmlns:vt="{types}"></Properties>'.encode()


def _new(package: Package) -> str:
    part, number = "docProps/custom.xml", 1
    while package.find(part):
        number += 1
        part = f"docProps/custom{number}.xml"
    package.put(part, _empty(package))
    declare(package, part, _TYPE)
    strict = is_strict(package)
    kind = "http://purl.oclc.org/ooxml/officeDocument/relationships/customProperties" if strict else _KINDS[0]
    relate(package, "", kind, part)
    return part


def _drop(package: Package, part: str) -> None:
    relation = first(package, "", *_KINDS)
    if relation:
        unrelate(package, "", relation.id)
    undeclare(package, part)
    package.remove(part)
