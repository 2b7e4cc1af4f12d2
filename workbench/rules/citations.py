"""Rules about requirement ids as they are written: unknown, ambiguous, repaired, of another edition, beside another title."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from workbench.frameworks import index, successors
from workbench.model import ISO2013, ISO2022, ISO_UNDECIDED, SOC2, Layout, Severity
from workbench.rules.context import Cited, Context, did_you_mean, grouped, listed, shortened
from workbench.rules.rule import Hit, rule
from workbench.rules.titles import disagreement, knows
from workbench.sheets import fold_heading

STANDARDS = {SOC2: "SOC 2", ISO2022: "ISO 27001:2022", ISO2013: "ISO 27001:2013"}
END_OF_2013 = "31 October 2025"


def _hit(cited: Cited, message: str, fix: str = "", topic: str = "") -> Hit:
    return Hit(cited.sheet, cited.cell, message, fix, topic)


def _readings(ids: Iterable[str]) -> str:
    """``CC6.8, or all of CC6 and CC7``: ids of several readings, with the edition where it is not the current one."""
    names = [name if name not in index(ISO2013) or name in index(ISO2022) else f"{name} (2013)" for name in ids]
    groups = [name for name in names if name in index(SOC2) and not index(SOC2)[name].assessable]
    singles = listed((name for name in names if name not in groups), "or")
    return ", or all of ".join(filter(None, (singles, listed(groups))))


def _pieces(cited: Iterable[Cited]) -> list[list[Cited]]:
    """Citations that were written as one piece of one cell (a range, a wildcard), together."""
    return list(grouped(cited, lambda one: (one.table, one.row, one.column, one.role, one.text)).values())


@rule("MAP001", Severity.ERROR)
def unknown_id(context: Context) -> Iterator[Hit]:
    """An id does not exist in its framework.

    It looks like a requirement but is none, so the mapping points nowhere and counts for nothing.

    Fix: Correct the id.

    Fails:
        Controls
        Control ID | Control name   | SOC 2 criteria
        AC-001     | Access reviews | CC6.9

    Passes:
        Controls
        Control ID | Control name   | SOC 2 criteria
        AC-001     | Access reviews | CC6.8
    """
    for cited in context.remarked.get("unknown", ()):
        standard = STANDARDS.get(cited.framework, "any framework")
        near = [name for name in cited.candidates if name]
        fix = f"Write {listed(near[:3], 'or')}, or remove it." if near else ""
        yield _hit(cited, f"{shortened(cited.text)} does not exist in {standard}{did_you_mean(near)}", fix)


@rule("MAP002", Severity.ERROR)
def number_for_id(context: Context) -> Iterator[Hit]:
    """An id was typed as a number, and two ids make the same number.

    To Excel 5.1 and 5.10 are one number. Seven pairs of Annex A ids fall together like that, and which one was meant cannot be
    recovered from the file.

    Fix: Format the column as text and type the id with its prefix: A.5.1 or A.5.10.

    Fails:
        Controls
        Control ID | Control name   | ISO 27001:2022
        AC-001     | Access policy  | A.5.15
        AC-002     | Acceptable use | 5.1

    Passes:
        Controls
        Control ID | Control name   | ISO 27001:2022
        AC-001     | Access policy  | A.5.15
        AC-002     | Acceptable use | A.5.10
    """
    for cited in context.remarked.get("number", ()):
        if not cited.id:
            fitting = [name for name in cited.candidates if _titled(name, cited.title)]
            fix = f"The title beside it is that of {fitting[0]}: type {fitting[0]} as text." if len(fitting) == 1 else ""
            words = f"{cited.text} was typed as a number; it can be {listed(cited.candidates, 'or')}"
            yield _hit(cited, words, fix)


def _titled(name: str, title: str) -> bool:
    entry = index(ISO2022).get(name)
    return entry is not None and bool(title) and entry.title.casefold() == title.strip().casefold()


@rule("MAP004", Severity.ERROR)
def old_edition_id(context: Context) -> Iterator[Hit]:
    """An id is of ISO 27001:2013 where the current edition is meant.

    The 2013 controls were merged and renumbered in 2022, and certificates to the old edition lost validity on 31 October 2025. An id
    of 2013 counts for no requirement of 2022 until somebody says which one it became.

    Fix: Replace it by the 2022 controls that still describe what is done.

    Fails:
        Controls
        Control ID | Control name           | SOC 2 criteria | ISO 27001
        AC-001     | User access management | CC6.1, CC6.2   | A.9.1.1, A.9.2.1

    Passes:
        Controls
        Control ID | Control name           | SOC 2 criteria | ISO 27001
        AC-001     | User access management | CC6.1, CC6.2   | A.5.15, A.5.16
    """
    meant = _columns_of_2013(context)
    soas = _old_assessments(context)
    old = (cited for cited in context.citations if cited.framework == ISO2013 and cited.id and cited.remark != "unknown")
    for piece in _pieces(old):
        cited = piece[0]
        column = (cited.table, "cell" if cited.role == "heading" else cited.column)
        if column not in meant and not (cited.role == "requirement" and cited.table in soas):
            yield _old(piece)


def _old(piece: list[Cited]) -> Hit:
    cited = piece[0]
    kind = index(ISO2013)[cited.id].kind
    if len(piece) > 1:
        name, what = shortened(cited.text), "is a range of ISO 27001:2013"
    else:
        name, what = cited.id, f"is an ISO 27001:2013 {'id' if kind == 'control' else kind}"
    current = ", ".join(_successors(piece))
    old = f"{cited.id} was '{index(ISO2013)[cited.id].title}'. " if len(piece) == 1 else ""
    return _hit(
        cited, f"{name} {what}; 2022: {current}", f"{old}Replace it by {current}, or by those of them that are really done."
    )


def _successors(piece: list[Cited]) -> list[str]:
    found = {new for cited in piece for new in successors(cited.id)}
    return [name for name in index(ISO2022) if name in found]


def _columns_of_2013(context: Context) -> frozenset[tuple[int, str]]:
    """Requirement columns that are 2013 on purpose: their heading or their cells say so, or a 2022 column stands beside them."""
    editions = context.project.editions
    current = {table for (table, _), edition in editions.items() if edition.framework == ISO2022}
    return frozenset(
        (table, name)
        for (table, name), edition in editions.items()
        if edition.framework == ISO2013 and (edition.said == ISO2013 or table in current or _cells_say_2013(context, table, name))
    )


def _cells_say_2013(context: Context, table: int, name: str) -> bool:
    rows = grouped(context.by_column.get((table, name), ()), lambda cited: cited.row)
    return 2 * sum(any("2013" in cited.text for cited in row) for row in rows.values()) > len(rows)


def _old_assessments(context: Context) -> frozenset[int]:
    """Assessments of Annex A whose own ids are those of 2013: SOA011 and MAP005 say it once for the sheet."""
    assessments = context.of_layout(Layout.ASSESSMENT)
    return frozenset(
        table
        for (table, name), edition in context.project.editions.items()
        if edition.framework == ISO2013 and name == "id" and table in assessments
    )


@rule("MAP005", Severity.WARNING)
def old_edition_column(context: Context) -> Iterator[Hit]:
    """A column holds ids of ISO 27001:2013 on purpose.

    Certificates to the 2013 edition lost validity on 31 October 2025. The column can explain where something came from; it says
    nothing about conformity today and counts in no figure.

    Fix: Keep it as history, and map the controls to the 2022 edition in a column of its own.

    Fails:
        Controls
        Control ID | Control name           | SOC 2 criteria | ISO 27001:2013
        AC-001     | User access management | CC6.1          | A.9.1.1, A.9.2.1

    Passes:
        Controls
        Control ID | Control name           | SOC 2 criteria | ISO 27001:2022
        AC-001     | User access management | CC6.1          | A.5.15, A.5.16
    """
    judged = {(table, "id") for table in _old_assessments(context)}
    for table, name in sorted(_columns_of_2013(context) | judged):
        if (name == "id" and context.is_soa(table)) or _converts(context, table):
            continue
        column = context.first_mark(table) if name == "cell" else name
        words = f"This column cites ISO 27001:2013, whose certificates lost validity on {END_OF_2013}"
        yield Hit(context.tables[table].sheet, context.heading(table, column), words)


def _converts(context: Context, table: int) -> bool:
    """Whether a list leads from one edition to the other: what is old in it is meant to be."""
    sides: dict[str, set[str]] = {}
    for name in context.requirement_columns(table):
        sides.setdefault(name.partition("#")[0], set()).add(context.project.editions[table, name].framework)
    ends = sides.get("source", set()), sides.get("target", set()) | sides.get("cell", set())
    return (ISO2013 in ends[0] and ISO2022 in ends[1]) or (ISO2022 in ends[0] and ISO2013 in ends[1])


@rule("MAP006", Severity.ERROR)
def date_for_id(context: Context) -> Iterator[Hit]:
    """Excel turned an id into a date.

    Typed into an ordinary cell, 5.10 becomes 5 October in many countries, and what is stored is the date. The id can only be guessed.

    Fix: Format the column as text and type the id with its prefix, which no Excel takes for a date.

    Fails:
        Controls
        Control ID | Control name   | ISO 27001:2022
        AC-001     | Access policy  | A.5.15
        AC-002     | Acceptable use | 2026-10-05

    Passes:
        Controls
        Control ID | Control name   | ISO 27001:2022
        AC-001     | Access policy  | A.5.15
        AC-002     | Acceptable use | A.5.10
    """
    for piece in _pieces(context.remarked.get("date", ())):
        cited = piece[0]
        near = _readings(cited.candidates)
        words = f"Excel made the date {cited.text} of an id" + (f"; it probably was {near}" if near else "")
        yield _hit(cited, words, f"Type {near} as text." if near else "")


@rule("MAP007", Severity.NOTE)
def repaired_id(context: Context) -> Iterator[Hit]:
    """An id was read although it is not written as it should be.

    A look-alike letter, an invisible character, a leading zero or a missing dot is read past here, but a filter, a lookup and other
    people's programs do not find such an id.

    Fix: Retype the id.

    Fails:
        Controls
        Control ID | Control name   | SOC 2 criteria
        AC-001     | Access reviews | CC6.2
        AC-002     | Login          | СС6.1

    Passes:
        Controls
        Control ID | Control name   | SOC 2 criteria
        AC-001     | Access reviews | CC6.2
        AC-002     | Login          | CC6.1
    """
    for cited in context.remarked.get("repaired", ()):
        yield _hit(cited, f"'{shortened(cited.text)}' was read as {cited.id}", f"Type {cited.id}.", topic="repaired")
    for cited in context.remarked.get("number", ()):
        if cited.id.endswith("0"):
            words = f"The number {cited.text} was read as {cited.id}, because that is how its format shows it"
            yield _hit(cited, words, f"Type {cited.id} as text.", topic="number")


@rule("MAP008", Severity.NOTE)
def expanded_ids(context: Context) -> Iterator[Hit]:
    """A range or wildcard was read as all the ids it covers.

    Everything in it counts as mapped. That is rarely what a control really does, and nobody sees it in the cell.

    Fix: If every one is meant, write them out; if not, name those that are.

    Fails:
        Controls
        Control ID | Control name   | SOC 2 criteria
        AC-001     | Access reviews | CC6.1-CC6.3

    Passes:
        Controls
        Control ID | Control name   | SOC 2 criteria
        AC-001     | Access reviews | CC6.1, CC6.2, CC6.3
    """
    for piece in _pieces(context.remarked.get("expanded", ())):
        ids = list(dict.fromkeys(cited.id for cited in piece))
        number = f" ({len(ids)})" if len(ids) > 3 else ""
        yield _hit(piece[0], f"{shortened(piece[0].text)} was read as {listed(ids, at_most=40)}{number}", topic="expanded")


@rule("MAP009", Severity.ERROR)
def unreadable_range(context: Context) -> Iterator[Hit]:
    """A range cannot be expanded.

    It crosses groups, runs backwards, or one of its ends does not exist, so what it covers is anybody's guess. None of it counts.

    Fix: Write the ids out.

    Fails:
        Controls
        Control ID | Control name   | SOC 2 criteria
        AC-001     | Access reviews | CC6.3-CC6.1

    Passes:
        Controls
        Control ID | Control name   | SOC 2 criteria
        AC-001     | Access reviews | CC6.1, CC6.3
    """
    for cited in context.remarked.get("range", ()):
        yield _hit(cited, f"{shortened(cited.text)} is no range that can be read{did_you_mean(cited.candidates)}")


@rule("MAP010", Severity.ERROR)
def ambiguous_id(context: Context) -> Iterator[Hit]:
    """An id without prefix can be read in several ways.

    6.1.1 is a clause of the standard and was a control of 2013; CC6-8 is one criterion or three series. Among Annex A controls nobody
    can tell which is meant, and a figure may count the wrong one.

    Fix: Write "Clause 6.1.1", or the Annex A control with its A.

    Fails:
        Controls
        Control ID | Control name    | SOC 2 criteria
        AC-001     | Access reviews  | CC6.2
        AC-002     | Malware defence | CC6-8

    Passes:
        Controls
        Control ID | Control name    | SOC 2 criteria
        AC-001     | Access reviews  | CC6.2
        AC-002     | Malware defence | CC6.8
    """
    for cited in context.remarked.get("ambiguous", ()):
        if context.is_row_id(cited) and not any(_assessable(name) for name in cited.candidates):
            continue
        near = _readings(cited.candidates)
        yield _hit(cited, f"{shortened(cited.text)} can be {near}", f"Write {near}.")
    for cited in context.remarked.get("bare", ()):
        old = [name for name in cited.candidates if name in index(ISO2013) and name not in index(ISO2022)]
        open_ = cited.framework == ISO2022 and cited.id.startswith("Clause") and old and not knows(cited.id, ISO2022, cited.title)
        if open_ and _among_controls(context, cited):
            near = _readings([cited.id, *old])
            yield _hit(cited, f"{shortened(cited.text)} can be {near}; it was read as {cited.id}", f"Write {near}.")


def _old_controls(cited: Cited) -> list[str]:
    """The controls of 2013 that an id may be."""
    return [name for name in cited.candidates if name in index(ISO2013) and index(ISO2013)[name].kind == "control"]


def _assessable(name: str) -> bool:
    return any(name in index(standard) and index(standard)[name].assessable for standard in STANDARDS)


def _among_controls(context: Context, cited: Cited) -> bool:
    """Whether the column that holds the id lists Annex A controls, and no clause that is surely one."""
    column = context.by_column[cited.table, cited.column]
    clauses = [one for one in column if one.id.startswith("Clause") and not _old_controls(one)]
    return not clauses and 2 * sum(one.id.startswith("A.") for one in column) > len(column)


@rule("MAP011", Severity.ERROR)
def title_of_another(context: Context) -> Iterator[Hit]:
    """The title beside an id is the title of another requirement.

    One of the two is wrong, and everybody who reads only the other will map, test and collect evidence for the wrong thing. Reworded,
    shortened and translated titles are no disagreement, nor is the title of the same requirement in another edition.

    Fix: Correct the id or the title.

    Fails:
        Mapping
        Source | Target | Target title
        CC3.2  | A.8.1  | Information security risk assessment

    Passes:
        Mapping
        Source | Target       | Target title
        CC3.2  | Clause 6.1.2 | Risk assessment process
        CC6.8  | A.8.1        | Laptops and phones
    """
    alone = grouped(context.citations, lambda cited: (cited.table, cited.row, cited.column))
    for cited in context.citations:
        if not cited.title or not cited.id:
            continue
        told = [one for one in alone[cited.table, cited.row, cited.column] if (one.title, one.text) == (cited.title, cited.text)]
        found = disagreement(cited.id, cited.framework, cited.title) if len(told) == 1 else None
        if found:
            edition = " of 2013" if found.other.framework == ISO2013 and cited.framework != ISO2013 else ""
            words = f"{cited.id} is '{found.own.title}'; '{shortened(cited.title)}' is {found.other.id}{edition}"
            fix = f"Write {found.other.id} if the title is right, or '{found.own.title}' if the id is."
            yield _hit(cited, words, fix if not edition else "")


@rule("MAP017", Severity.WARNING)
def id_in_wrong_column(context: Context) -> Iterator[Hit]:
    """An id stands in the column of another framework.

    It is read as what it is, but whoever filters the right column does not find it, and the heading says something else about it.

    Fix: Move it to its own column.

    Fails:
        Controls
        Control ID | Control name   | SOC 2 criteria | ISO 27001
        AC-001     | Access reviews | CC6.2          | A.5.18, CC6.3
        AC-002     | Badge reviews  | CC6.4          | A.7.2

    Passes:
        Controls
        Control ID | Control name   | SOC 2 criteria | ISO 27001
        AC-001     | Access reviews | CC6.2, CC6.3   | A.5.18
        AC-002     | Badge reviews  | CC6.4          | A.7.2
    """
    for (table, name), citations in context.by_column.items():
        column = context.column(table, name)
        heading = column.heading if column else ""
        said = _said(heading)
        for cited in citations if said else ():
            if (
                cited.id
                and cited.role != "heading"
                and cited.framework in STANDARDS
                and (cited.framework == SOC2) != (said == SOC2)
            ):
                words = f"{cited.id} is of {STANDARDS[cited.framework]}, but the column is headed '{shortened(heading)}'"
                yield _hit(cited, words, topic=f"{name} {cited.framework}")


def _said(heading: str) -> str:
    """The standard that a heading names; "" when it names none, or both."""
    words = fold_heading(heading)
    soc2 = re.search(r"\bsoc ?2\b|\btsc\b|trust services?", words)
    iso = re.search(r"\biso\b|2700[12]|annex a", words)
    if bool(soc2) == bool(iso):
        return ""
    return SOC2 if soc2 else ISO_UNDECIDED


@rule("MAP018", Severity.NOTE)
def point_of_focus(context: Context) -> Iterator[Hit]:
    """A point of focus is cited, and counted as its criterion.

    Points of focus guide; the criteria are what a SOC 2 report judges. Their numbering is not official and differs between tools.

    Fix: Nothing, if the criterion is meant. Otherwise cite the criterion that is.

    Fails:
        Controls
        Control ID | Control name   | SOC 2 criteria
        AC-001     | Access reviews | CC6.1-POF3

    Passes:
        Controls
        Control ID | Control name   | SOC 2 criteria
        AC-001     | Access reviews | CC6.1
    """
    for cited in context.remarked.get("point of focus", ()):
        yield _hit(cited, f"{shortened(cited.text)} is a point of focus; it counts as {cited.id}", topic=f"{cited.column} focus")


@rule("MAP021", Severity.WARNING)
def words_for_id(context: Context) -> Iterator[Hit]:
    """A text stands where an id should.

    "See policy" serves no requirement. The text is kept, and counts for nothing.

    Fix: Write the id that is meant, and put the words into the notes.

    Fails:
        Controls
        Control ID | Control name   | SOC 2 criteria
        AC-001     | Access reviews | CC6.2
        AC-002     | Badge reviews  | see policy

    Passes:
        Controls
        Control ID | Control name   | SOC 2 criteria
        AC-001     | Access reviews | CC6.2
        AC-002     | Badge reviews  | none
    """
    for cited in context.remarked.get("text", ()):
        if not context.is_row_id(cited) and cited.role != "heading":
            words = f"'{shortened(cited.text)}' is no id of a requirement"
            yield _hit(cited, words, topic=f"{cited.column} text")


@rule("MAP026", Severity.NOTE)
def group_for_requirement(context: Context) -> Iterator[Hit]:
    """A whole group is cited where one requirement is meant.

    "A.5" names 37 controls. It shows where to look but maps to none of them, and counts for nothing.

    Fix: Name the requirements, or write "CC6.x" if really all of them are meant.

    Fails:
        Controls
        Control ID | Control name   | SOC 2 criteria
        AC-001     | Access reviews | CC6.2
        AC-002     | Badge reviews  | CC6

    Passes:
        Controls
        Control ID | Control name   | SOC 2 criteria
        AC-001     | Access reviews | CC6.2
        AC-002     | Badge reviews  | CC6.4
    """
    groups = (cited for cited in context.remarked.get("group", ()) if cited.framework in {SOC2, ISO2022})
    for piece in _pieces(groups):
        cited = piece[0]
        if context.is_row_id(cited):
            continue
        names = listed(one.id if one.text != one.id else f"'{index(one.framework)[one.id].title}'" for one in piece)
        what = "a group" if cited.text == cited.id else "the group" if len(piece) == 1 else "the groups"
        yield _hit(cited, f"{shortened(cited.text)} names {what} {names}, not one requirement", topic=f"{cited.column} group")


@rule("MAP027", Severity.NOTE)
def bare_ids(context: Context) -> Iterator[Hit]:
    """Ids are written without their prefix.

    5.10 can only be read because of its heading. Copied elsewhere it is a clause, a number or a date.

    Fix: Write A.5.10, and format the column as text.

    Fails:
        Controls
        Control ID | Control name   | ISO 27001:2022
        AC-001     | Access policy  | "5.15"
        AC-002     | Access reviews | "5.18"

    Passes:
        Controls
        Control ID | Control name   | ISO 27001:2022
        AC-001     | Access policy  | A.5.15
        AC-002     | Access reviews | A.5.18
    """
    told = {(hit.sheet, hit.cell) for hit in ambiguous_id(context)}
    bare = [
        cited
        for cited in context.citations
        if cited.id
        and cited.remark in {"bare", "number"}
        and (cited.sheet, cited.cell) not in told
        and not _clause_by_heading(context, cited)
    ]
    for same in grouped(bare, lambda cited: (cited.table, cited.role == "heading" or cited.column)).values():
        more = f" (and {len(same) - 1} more)" if len(same) > 1 else ""
        words = f"{same[0].text} has no prefix{more}; it was read as {same[0].id}"
        yield _hit(same[0], words, f"Write {same[0].id}, and format the column as text.")


def _clause_by_heading(context: Context, cited: Cited) -> bool:
    """Whether the heading says the word that the id leaves out."""
    column = context.column(cited.table, cited.column)
    return cited.id.startswith("Clause") and column is not None and "clause" in fold_heading(column.heading)
