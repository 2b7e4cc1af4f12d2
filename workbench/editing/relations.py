"""How the parts of a package hang together: relationships and content types (ISO/IEC 29500-2), read and edited where they stand.

Parts are found by relationship, never by name: names are free, and every program has its own.
"""

from __future__ import annotations

import posixpath
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import count
from urllib.parse import quote, unquote
from weakref import WeakKeyDictionary

from workbench.editing.dialects import MAIN, MAIN_STRICT, STRICT, TRANSITIONAL
from workbench.editing.package import Package, folded
from workbench.editing.refusals import WorkbookRefused
from workbench.editing.xml import Element, Splices, escaped, parse

_PACKAGE = "http://schemas.openxmlformats.org/package/2006/relationships"
_TYPES = "[Content_Types].xml"
_RELATIONS_TYPE = "application/vnd.openxmlformats-package.relationships+xml"
_NEW_HEAD = f'<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n<Relationships xmlns="{_PACKAGE}">'.encode()
_NEW_TAIL = b"</Relationships>"
_OTHERS = {
    "sheet.binary": "a binary workbook (.xlsb); save it in Excel as .xlsx",
    "wordprocessingml": "a Word document",
    "ms-word": "a Word document",
    "presentationml": "a PowerPoint presentation",
    "ms-powerpoint": "a PowerPoint presentation",
    "visio": "a Visio drawing",
}


@dataclass(frozen=True, slots=True)
class Relation:
    """From one part to another. ``target`` is the member's name as the archive writes it, the resolved path where there is none, or what lies outside."""

    id: str
    type: str
    target: str
    external: bool

    @property
    def kind(self) -> str:
        """The last word of the type, the same for transitional, strict and Microsoft's own: ``worksheet``."""
        return self.type.rpartition("/")[2]


_TREES: WeakKeyDictionary[Package, dict[str, tuple[bytes, Element]]] = WeakKeyDictionary()


def tree(package: Package, part: str) -> Element:
    """A small XML part as it is now, parsed once however often it is asked for: relationships are followed all the time. KeyError where there is none.

    Raises:
        WorkbookRefused: it is damaged.
    """
    data, known = package.read(part), _TREES.setdefault(package, {})
    name = folded(part)
    if name not in known or known[name][0] is not data:
        known[name] = data, parse(data, part)
    return known[name][1]


def related(package: Package, part: str) -> tuple[Relation, ...]:
    """What the part points to, in the order written; part ``""`` is the package itself.

    Raises:
        WorkbookRefused: the relationships cannot be read.
    """
    rels = package.find(rels_name(part))
    if rels is None:
        return ()
    return tuple(_relation(package, part, node) for node in tree(package, rels).all("Relationship"))


def first(package: Package, part: str, *kinds: str) -> Relation | None:
    """The first relationship of one of these kinds that leads to a part which is there."""
    found = (one for one in related(package, part) if one.kind in kinds and not one.external)
    return next((one for one in found if package.find(one.target)), None)


def _relation(package: Package, part: str, node: Element) -> Relation:
    target, external = node.get("Target") or "", node.get("TargetMode") == "External"
    return Relation(
        node.get("Id") or "", node.get("Type") or "", target if external else _resolved(package, part, target), external
    )


def _resolved(package: Package, part: str, target: str) -> str:
    """Targets are references: relative to the part's folder, escaped or not, with either slash. Some archives keep the escapes in the name."""
    path = target.replace("\\", "/").partition("#")[0]
    if not path:
        return target
    for candidate in (path, unquote(path)):
        found = package.find(_joined(part, candidate))
        if found:
            return found
    return _joined(part, unquote(path))


def _joined(part: str, path: str) -> str:
    return posixpath.normpath("/" + (path if path.startswith("/") else beside(part, path))).lstrip("/")


def beside(part: str, path: str) -> str:
    """The name, with slashes, of what has that path from the folder of ``part``."""
    return posixpath.join(posixpath.dirname(part.replace("\\", "/").lstrip("/")), path)


def rels_name(part: str) -> str:
    """The part that holds the relationships of ``part``."""
    return beside(part, "_rels/" + posixpath.basename(part.replace("\\", "/")) + ".rels")


def is_strict(package: Package) -> bool:
    """Whether the package is of the strict kind of ISO/IEC 29500, whose names are others."""
    return any(one.kind == "officeDocument" and one.type.startswith(STRICT) for one in related(package, ""))


def relate(package: Package, part: str, kind: str, target: str, *, external: bool = False) -> str:
    """Add a relationship and return its id. ``kind`` is a word (``worksheet``), which becomes the package's own type of it, or a whole type.

    ``target`` is a part's name, or what lies outside where ``external``.
    """
    rels = package.find(rels_name(part))
    if rels is None:
        rels = rels_name(part)
        put_relations(package, rels, _NEW_HEAD + _NEW_TAIL)
    data = package.read(rels)
    root = tree(package, rels)
    taken = {(node.get("Id") or "").lower() for node in root.all("Relationship")}
    source = package.read(part) if package.find(part) else b""
    number = next(number for number in count(1) if f"rid{number}" not in taken and not _names(source, f"rId{number}"))
    type_ = kind if ":" in kind else f"{STRICT if is_strict(package) else TRANSITIONAL}/{kind}"
    mode = ' TargetMode="External"' if external else ""
    where = escaped(target if external else relative(part, target)).decode()
    node = f'<{root.prefix}Relationship Id="rId{number}" Type="{type_}" Target="{where}"{mode}/>'
    splices = Splices(data)
    splices.append_child(root, node.encode())
    package.splice(rels, splices.done())
    return f"rId{number}"


def _names(source: bytes, identity: str) -> bool:
    """Whether a part names that relationship: where it leads nowhere, it must not lead to something new."""
    return any(quoted.encode() in source for quoted in (f'"{identity}"', f"'{identity}'"))


def put_relations(package: Package, rels: str, data: bytes) -> None:
    """A part of relationships is there, with a content type; files that old versions of LibreOffice saved have none for all of them."""
    package.put(rels, data)
    if not content_type(package, rels):
        declare(package, rels, _RELATIONS_TYPE)


def relative(part: str, target: str) -> str:
    """The part ``target`` as a relationship of ``part`` names it."""
    here, path = (posixpath.join("/", name.replace("\\", "/").lstrip("/")) for name in (part, target))
    return quote(posixpath.relpath(path, posixpath.dirname(here)), safe="/!$&'()*+,;=:@%")


def unrelate(package: Package, part: str, relation: str) -> None:
    """Take the relationship of that id away, and the part that held it where it was ours and holds nothing else. WorkbookRefused where there is none."""
    rels = package.find(rels_name(part))
    data = package.read(rels) if rels else b""
    root = tree(package, rels) if rels else None
    node = next((one for one in root.all("Relationship") if one.get("Id") == relation), None) if root else None
    if rels is None or root is None or node is None:
        raise WorkbookRefused(
            f"the file is damaged: {part} has no relationship {relation!r}; open it in Excel, repair and save it"
        )
    splices = Splices(data)
    splices.remove_children(root, [node])
    package.splice(rels, splices.done())
    if package.read(rels) == _NEW_HEAD + _NEW_TAIL:
        package.remove(rels)
        undeclare(package, rels)


# --- content types ---------------------------------------------------------------------------------------------------


def content_type(package: Package, part: str) -> str:
    """What the list of content types says of the part; ``""`` where it says nothing."""
    root = _types(package)
    found = next(_overrides(root, part), None)
    if found is None:
        extension = _extension(part)
        found = next((node for node in root.all("Default") if (node.get("Extension") or "").lower() == extension), None)
    return (found.get("ContentType") or "") if found else ""


def declare(package: Package, part: str, content_type: str) -> None:
    """The part, and no other, has that content type."""
    name = quote("/" + part.replace("\\", "/").lstrip("/"), safe="/!$&'()*+,;=:@%")
    root, splices = _types(package), Splices(package.read(_TYPES))
    found = next(_overrides(root, part), None)
    if found:
        splices.attribute(found, "ContentType", content_type)
    else:
        attributes = b'PartName="' + escaped(name) + b'" ContentType="' + escaped(content_type) + b'"'
        splices.append_child(root, b"<" + root.prefix.encode() + b"Override " + attributes + b"/>")
    package.splice(_TYPES, splices.done())


def undeclare(package: Package, part: str) -> None:
    """Nothing is said of the part by itself any more."""
    root, splices = _types(package), Splices(package.read(_TYPES))
    splices.remove_children(root, list(_overrides(root, part)))
    package.splice(_TYPES, splices.done())


def default(package: Package, extension: str, content_type: str) -> None:
    """Parts with that extension have a content type: the one given, unless the package says another already."""
    root, splices = _types(package), Splices(package.read(_TYPES))
    if any((node.get("Extension") or "").lower() == extension.lower() for node in root.all("Default")):
        return
    attributes = b'Extension="' + escaped(extension) + b'" ContentType="' + escaped(content_type) + b'"'
    splices.append_child(root, b"<" + root.prefix.encode() + b"Default " + attributes + b"/>")
    package.splice(_TYPES, splices.done())


def _types(package: Package) -> Element:
    try:
        return tree(package, _TYPES)
    except KeyError:
        raise WorkbookRefused(
            "the file has no list of content types, so it is no workbook; open it in Excel and save it"
        ) from None


def _overrides(root: Element, part: str) -> Iterator[Element]:
    wanted = {folded(part), folded(unquote(part))}
    for node in root.all("Override"):
        name = node.get("PartName") or ""
        if folded(name) in wanted or folded(unquote(name)) in wanted:
            yield node


def _extension(part: str) -> str:
    return posixpath.basename(part.replace("\\", "/")).rpartition(".")[2].lower()


# --- the workbook ----------------------------------------------------------------------------------------------------


def main_part(package: Package) -> str:
    """The workbook part.

    Raises:
        WorkbookRefused: the file is no workbook (says what it is), or one that cannot be edited.
    """
    if package.find(_TYPES) is None and package.find("mimetype"):
        raise WorkbookRefused("the file is an OpenDocument file; save it in Excel or LibreOffice as .xlsx")
    _types(package)
    relation = first(package, "", "officeDocument")
    if relation is None:
        raise WorkbookRefused("the file names no workbook part; open it in Excel, repair and save it")
    kind = content_type(package, relation.target)
    other = next((what for word, what in _OTHERS.items() if word in kind), None)
    if other:
        raise WorkbookRefused(f"the file is no .xlsx workbook but {other}")
    root = tree(package, relation.target)
    if root.name != "workbook" or root.space not in {MAIN, MAIN_STRICT}:
        raise WorkbookRefused(f"the file is no .xlsx workbook: {relation.target} holds {root.name!r}")
    return relation.target
