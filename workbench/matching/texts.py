"""What is matched: the texts of controls and requirements."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from workbench.model import Framework


@dataclass(frozen=True, slots=True)
class Text:
    """What is matched: an id, its title, its text, and the section it stands in. Any of them may be "".

    ``extra`` is longer text around it (guidance, examples); it counts less. ``kind`` is the framework's own word for
    the requirement: ``clause`` is the one that matters (see ``workbench.matching.weights``).
    """

    id: str
    title: str = ""
    text: str = ""
    section: str = ""
    extra: str = ""
    kind: str = ""


def catalogue_texts(framework: Framework) -> list[Text]:
    """The assessable requirements of a framework: title, summary, the group they stand in, in the framework's order."""
    return [
        Text(entry.id, entry.title, entry.summary, entry.group, entry.attributes.get("extra", ""), entry.kind)
        for entry in framework.requirements
        if entry.assessable
    ]


def row_texts(rows: Iterable[Mapping[str, object]]) -> list[Text]:
    """Texts from rows with the columns id, title, text, and if there are any section, extra, kind; blank cells are "".

    Rows without an id are left out.
    """
    fields = ("id", "title", "text", "section", "extra", "kind")
    cells = ([_cell(row.get(field)) for field in fields] for row in rows)
    return [Text(*values) for values in cells if values[0]]


def _cell(value: object) -> str:
    return "" if value is None or value != value else str(value).strip()  # noqa: PLR0124 - NaN is no text
