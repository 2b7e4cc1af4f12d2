"""Rules about the registers: evidence, scope, policies, and the profile of the project."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterator

from workbench.frameworks import index
from workbench.model import SOC2, Layout, Severity
from workbench.rules.context import (
    Artefact,
    Context,
    allowed_age,
    as_date,
    blank,
    date_readings,
    did_you_mean,
    folded,
    grouped,
    listed,
    nearest,
    pieces,
    shortened,
    skeleton,
)
from workbench.rules.rule import Hit, rule
from workbench.sheets import fold_heading

CATEGORIES = {
    "Security": ("security", "common criteria", "cc"),
    "Availability": ("availability", "a"),
    "Confidentiality": ("confidentiality", "c"),
    "Processing Integrity": ("processing integrity", "pi"),
    "Privacy": ("privacy", "p"),
}
"""SOC 2 category → how people write it."""
NEEDED = {
    "Organization": "the cover of every deliverable",
    "ISMS scope": "the Statement of Applicability",
    "Document version": "the footer of the Statement of Applicability; the certificate names it",
    "Approver": "the document control of the Statement of Applicability",
    "Classification": "the footer of every page",
}
"""Settings that a deliverable prints → where."""
_LOCAL = re.compile(r"^\s*(file:|[a-z]:[\\/]|\\\\|/(home|users|mnt|volumes|tmp|private|var|opt)/|~[\\/])", re.IGNORECASE)


def _artefact(context: Context, artefact: Artefact, field: str, message: str, topic: str = "") -> Hit:
    return Hit(artefact.sheet, context.cell(artefact.table, artefact.row, field), message, topic=topic)


def _name(artefact: Artefact) -> str:
    return artefact.id or f"The artefact in row {artefact.row}"


@rule("EVD001", Severity.ERROR)
def duplicate_evidence_id(context: Context) -> Iterator[Hit]:
    """Two artefacts have the same id.

    A control that cites the id gets the one that comes first, and an auditor may get the wrong file.

    Fix: Give one of them a new id and correct what refers to it.

    Fails:
        Controls
        Control ID | Control name   | SOC 2 criteria
        AC-001     | Access reviews | CC6.2

        Evidence
        Evidence ID | Title            | Controls
        EV-01       | Review minutes   | AC-001
        EV-01       | Export of badges | AC-001

    Passes:
        Controls
        Control ID | Control name   | SOC 2 criteria
        AC-001     | Access reviews | CC6.2

        Evidence
        Evidence ID | Title            | Controls
        EV-01       | Review minutes   | AC-001
        EV-02       | Export of badges | AC-001
    """
    for same in grouped((one for one in context.artefacts if one.id), lambda one: folded(one.id)).values():
        for artefact in same[1:]:
            where = f"{same[0].sheet}!{context.cell(same[0].table, same[0].row, 'id')}"
            yield _artefact(context, artefact, "id", f"{artefact.id} is already the id of {where}", topic="same id")


@rule("EVD002", Severity.WARNING)
def unregistered_evidence(context: Context) -> Iterator[Hit]:
    """A control cites evidence that the register does not have.

    Nobody will find the file when it is asked for. Only what looks like an id of the register is checked; evidence in words is fine.

    Fix: Register the artefact, or correct the id.

    Fails:
        Controls
        Control ID | Control name   | SOC 2 criteria | Evidence
        AC-001     | Access reviews | CC6.2          | EV-01, EV-07

        Evidence
        Evidence ID | Title            | Controls
        EV-01       | Review minutes   | AC-001

    Passes:
        Controls
        Control ID | Control name   | SOC 2 criteria | Evidence
        AC-001     | Access reviews | CC6.2          | EV-01, minutes of March

        Evidence
        Evidence ID | Title            | Controls
        EV-01       | Review minutes   | AC-001
    """
    known = {folded(artefact.id): artefact.id for artefact in context.artefacts if artefact.id}
    shapes = {_shape(name) for name in known}
    for control in context.controls:
        for piece in pieces(control.evidence) if known and control.evidence else ():
            if folded(piece) not in known and _shape(piece) in shapes:
                near = next((name for name in known.values() if skeleton(name) == skeleton(piece)), "")
                words = f"{piece} is not in the evidence register{did_you_mean([near])}"
                yield Hit(control.sheet, context.cell(control.table, control.row, "evidence"), words, topic="unregistered")


def _shape(written: str) -> str:
    """The letters of an id and whether digits follow: "ev9" for EV-0001 and EV-12, "" for what is no id."""
    shape = re.sub(r"\d+", "9", re.sub(r"[\s\-_.#/]+", "", written.casefold()))
    return shape if "9" in shape and len(written) <= 20 else ""


@rule("EVD003", Severity.WARNING)
def expired_evidence(context: Context) -> Iterator[Hit]:
    """An artefact is no longer valid.

    It proves what was, not what is.

    Fix: Collect it again and set the new date.

    Fails:
        Controls
        Control ID | Control name   | SOC 2 criteria
        AC-001     | Access reviews | CC6.2

        Evidence
        Evidence ID | Title          | Controls | Valid until
        EV-01       | Review minutes | AC-001   | 2026-06-30

    Passes:
        Controls
        Control ID | Control name   | SOC 2 criteria
        AC-001     | Access reviews | CC6.2

        Evidence
        Evidence ID | Title          | Controls | Valid until
        EV-01       | Review minutes | AC-001   | 2027-06-30
    """
    for artefact in context.artefacts:
        day = as_date(artefact.valid_until)
        if day and day < context.as_of:
            yield _artefact(context, artefact, "valid_until", f"{_name(artefact)} expired on {day}", topic="expired")


@rule("EVD004", Severity.WARNING)
def evidence_from_the_future(context: Context) -> Iterator[Hit]:
    """An artefact was collected on a day that has not come yet.

    It is a typing error, or the day on which it is to be collected; either way it is not there today.

    Fix: Correct the date.

    Fails:
        Controls
        Control ID | Control name   | SOC 2 criteria
        AC-001     | Access reviews | CC6.2

        Evidence
        Evidence ID | Title          | Controls | Collected
        EV-01       | Review minutes | AC-001   | 2062-03-31

    Passes:
        Controls
        Control ID | Control name   | SOC 2 criteria
        AC-001     | Access reviews | CC6.2

        Evidence
        Evidence ID | Title          | Controls | Collected
        EV-01       | Review minutes | AC-001   | 2026-10-31
    """
    for artefact in context.artefacts:
        day = as_date(artefact.collected)
        if day and day > context.as_of:
            words = f"{_name(artefact)} was collected on {day}, which is after {context.as_of}"
            yield _artefact(context, artefact, "collected", words)


@rule("EVD005", Severity.WARNING)
def ambiguous_date(context: Context) -> Iterator[Hit]:
    """A date is text, and can be read in two ways or in none.

    03/04/2026 is a day in March or in April, depending on who reads it. It is not used where a date matters.

    Fix: Type it as a date (2026-04-03), not as text.

    Fails:
        Controls
        Control ID | Control name   | SOC 2 criteria
        AC-001     | Access reviews | CC6.2

        Evidence
        Evidence ID | Title          | Controls | Collected
        EV-01       | Review minutes | AC-001   | "03/04/2026"

    Passes:
        Controls
        Control ID | Control name   | SOC 2 criteria
        AC-001     | Access reviews | CC6.2

        Evidence
        Evidence ID | Title          | Controls | Collected
        EV-01       | Review minutes | AC-001   | 2026-04-03
    """
    for sheet, cell, value in _dates(context):
        if isinstance(value, str) and not blank(value) and as_date(value) is None:
            readings = [str(day) for day in date_readings(value)]
            can_be = f"can be {listed(readings, 'or')}" if readings else "is no date that can be read"
            yield Hit(sheet, cell, f"'{shortened(value)}' {can_be}", topic="" if readings else "no date")


def _dates(context: Context) -> Iterator[tuple[str, str, object]]:
    """(sheet, cell, value) of every date that a rule or a figure reads."""
    for control in context.controls:
        yield control.sheet, context.cell(control.table, control.row, "last_tested"), control.last_tested
    for artefact in context.artefacts:
        for field in ("collected", "valid_until"):
            yield artefact.sheet, context.cell(artefact.table, artefact.row, field), getattr(artefact, field)
    for policy in context.policies:
        yield policy.sheet, context.cell(policy.table, policy.row, "reviewed"), policy.reviewed
    for entry in context.entries:
        yield entry.sheet, context.cell(entry.table, entry.row, "review_date"), entry.review_date


@rule("EVD006", Severity.NOTE)
def unused_evidence(context: Context) -> Iterator[Hit]:
    """An artefact serves no control.

    Either it can go, or the control it was collected for does not know of it.

    Fix: Name the control it belongs to, in the register or in the control's evidence.

    Fails:
        Controls
        Control ID | Control name   | SOC 2 criteria
        AC-001     | Access reviews | CC6.2

        Evidence
        Evidence ID | Title            | Controls
        EV-01       | Review minutes   | AC-001
        EV-02       | Export of badges |

    Passes:
        Controls
        Control ID | Control name   | SOC 2 criteria
        AC-001     | Access reviews | CC6.2

        Evidence
        Evidence ID | Title            | Controls
        EV-01       | Review minutes   | AC-001
    """
    libraries = context.of_layout(Layout.CONTROL_LIBRARY)
    if not libraries:
        return
    told = any(context.has(number, "evidence") for number in libraries)
    cited = {folded(piece) for control in context.controls for piece in pieces(control.evidence)}
    cited |= {folded(piece) for entry in context.entries for piece in pieces(entry.evidence)}
    for artefact in context.artefacts:
        named = pieces(artefact.controls)
        asked = told or context.has(artefact.table, "controls")
        if not asked or folded(artefact.id) in cited or any(folded(name) in context.control_ids for name in named):
            continue
        near = [nearest(name, (control.id for control in context.control_ids.values())) for name in named]
        words = f"{', '.join(named)}, which it serves, is no control{did_you_mean(near)}" if named else "serves no control"
        yield _artefact(
            context, artefact, "controls", f"{_name(artefact)}: {words}" if named else f"{_name(artefact)} {words}", "unused"
        )


@rule("EVD007", Severity.WARNING)
def local_path(context: Context) -> Iterator[Hit]:
    r"""A link goes to somebody's own disk or to a drive of the office network.

    It opens for one person. The auditor, and whoever takes over, gets an error.

    Fix: Put the file where the team shares its evidence and link to that, or name it relative to the workbook.

    Fails:
        Controls
        Control ID | Control name   | SOC 2 criteria
        AC-001     | Access reviews | CC6.2

        Evidence
        Evidence ID | Title          | Controls | File or link
        EV-01       | Review minutes | AC-001   | C:\Users\kim\Desktop\minutes.pdf

    Passes:
        Controls
        Control ID | Control name   | SOC 2 criteria
        AC-001     | Access reviews | CC6.2

        Evidence
        Evidence ID | Title          | Controls | File or link
        EV-01       | Review minutes | AC-001   | evidence/minutes.pdf
    """
    links = [(one.sheet, context.cell(one.table, one.row, "link"), one.link) for one in context.artefacts]
    links += [(one.sheet, context.cell(one.table, one.row, "file"), one.file) for one in context.policies]
    links += [(one.sheet, context.cell(one.table, one.row, "evidence"), one.evidence) for one in context.controls]
    links += [(one.sheet, context.cell(one.table, one.row, "evidence"), one.evidence) for one in context.entries]
    for sheet, cell, link in links:
        if link and _LOCAL.match(link):
            yield Hit(sheet, cell, f"'{shortened(link)}' opens on one computer or network only", topic="local")


@rule("EVD008", Severity.WARNING)
def stale_evidence(context: Context) -> Iterator[Hit]:
    """The newest evidence of a control is older than its frequency allows.

    A quarterly review whose last minutes are a year old has either stopped or leaves no record. One interval and a month of grace are
    allowed; controls that run more often than quarterly are judged by the quarter.

    Fix: Collect the evidence of the last run.

    Fails:
        Controls
        Control ID | Control name   | SOC 2 criteria | Frequency
        AC-001     | Access reviews | CC6.2          | Quarterly

        Evidence
        Evidence ID | Title          | Controls | Collected
        EV-01       | Review minutes | AC-001   | 2025-09-30

    Passes:
        Controls
        Control ID | Control name   | SOC 2 criteria | Frequency
        AC-001     | Access reviews | CC6.2          | Quarterly

        Evidence
        Evidence ID | Title          | Controls | Collected
        EV-01       | Review minutes | AC-001   | 2025-09-30
        EV-02       | Review minutes | AC-001   | 2026-09-30
    """
    newest: dict[str, tuple[dt.date, Artefact]] = {}
    for name, artefact in _proofs(context):
        day = as_date(artefact.collected)
        if day and (name not in newest or day > newest[name][0]):
            newest[name] = day, artefact
    for name, (day, artefact) in newest.items():
        control = context.control_ids[name]
        age = allowed_age(control.frequency)
        if age and (context.as_of - day).days > age:
            words = f"{_name(artefact)} of {day} is the newest evidence of {control.id} ({control.frequency})"
            yield _artefact(context, artefact, "collected", words, topic="stale")


def _proofs(context: Context) -> Iterator[tuple[str, Artefact]]:
    """(folded control id, artefact), by what the register says and by what the controls cite."""
    by_id = {folded(artefact.id): artefact for artefact in context.artefacts if artefact.id}
    known = context.control_ids
    for artefact in context.artefacts:
        yield from ((name, artefact) for name in map(folded, pieces(artefact.controls)) if name in known)
    for name, control in known.items() if by_id else ():
        yield from ((name, by_id[cited]) for cited in map(folded, pieces(control.evidence)) if cited in by_id)


@rule("SCP001", Severity.WARNING)
def in_one_scope_only(context: Context) -> Iterator[Hit]:
    """A component is in the SOC 2 system description or in the ISMS scope, not in both, and nobody said why.

    Evidence for one report does not serve the other there, and auditors of both will ask about the difference.

    Fix: Bring the scopes together, or give the reason.

    Fails:
        Controls
        Control ID | Control name   | SOC 2 criteria
        AC-001     | Access reviews | CC6.2

        Scope
        Component | In SOC 2 system description | In ISMS scope | Reason
        Platform  | Yes                         | Yes           |
        Warehouse | No                          | Yes           |

    Passes:
        Controls
        Control ID | Control name   | SOC 2 criteria
        AC-001     | Access reviews | CC6.2

        Scope
        Component | In SOC 2 system description | In ISMS scope | Reason
        Platform  | Yes                         | Yes           |
        Warehouse | No                          | Yes           | holds no customer data
    """
    for component in context.components:
        scopes = {context.read("applicable", component.in_soc2): "the SOC 2 system description"}
        scopes.setdefault(context.read("applicable", component.in_isms), "the ISMS scope")
        if {"yes", "no"} <= set(scopes) and blank(component.reason):
            words = f"{component.component} is in {scopes['yes']} only, without a reason"
            yield Hit(component.sheet, context.cell(component.table, component.row, "reason", "component"), words)


@rule("SCP002", Severity.ERROR)
def unknown_category(context: Context) -> Iterator[Hit]:
    """A SOC 2 category in the profile does not exist.

    There are five: Security, Availability, Confidentiality, Processing Integrity and Privacy. An unknown one is out of scope, and
    the denominators of all SOC 2 figures are too small.

    Fix: Correct the category.

    Fails:
        Profile
        Setting                   | Value
        SOC 2 categories in scope | Security, Avalability

        Controls
        Control ID | Control name   | SOC 2 criteria
        AC-001     | Access reviews | CC6.2

    Passes:
        Profile
        Setting                   | Value
        SOC 2 categories in scope | Security, Availability

        Controls
        Control ID | Control name   | SOC 2 criteria
        AC-001     | Access reviews | CC6.2
    """
    value, sheet, cell = context.project.profile.get("SOC 2 categories in scope", (None, "", ""))
    for piece in _categories(value):
        if not _category(piece):
            words = f"'{shortened(piece)}' is no SOC 2 category{did_you_mean([nearest(piece, CATEGORIES)])}"
            yield Hit(sheet, cell, words)


def _categories(value: object) -> list[str]:
    return [piece.strip() for piece in re.split(r"[,;/|&+\n]|\band\b", str(value or "")) if not blank(piece.strip())]


def _category(written: str) -> str:
    words = fold_heading(re.sub(r"\(.*?\)", "", written))
    return next((name for name, known in CATEGORIES.items() if words in known), "")


@rule("SCP003", Severity.NOTE)
def criterion_out_of_scope(context: Context) -> Iterator[Hit]:
    """A control cites a criterion of a category that is not in scope.

    It counts in no figure of this engagement. Perhaps the category was forgotten in the profile.

    Fix: Add the category to the profile, or leave the mapping for the day when it is in scope.

    Fails:
        Profile
        Setting                   | Value
        SOC 2 categories in scope | Security

        Controls
        Control ID | Control name   | SOC 2 criteria
        AC-001     | Access reviews | CC6.2
        BK-001     | Backups        | CC7.5, A1.2

    Passes:
        Profile
        Setting                   | Value
        SOC 2 categories in scope | Security, Availability

        Controls
        Control ID | Control name   | SOC 2 criteria
        AC-001     | Access reviews | CC6.2
        BK-001     | Backups        | CC7.5, A1.2
    """
    said = context.settings.soc2_categories
    if said is None:
        said = tuple(_categories(context.project.profile.get("SOC 2 categories in scope", (None, "", ""))[0]))
    scope = {_category(piece) for piece in said} - {""} | {"Security"}
    libraries = context.of_layout(Layout.CONTROL_LIBRARY)
    for cited in context.citations if said else ():
        if cited.framework == SOC2 and cited.id and cited.table in libraries:
            category = index(SOC2)[cited.id].attributes["category"]
            if category not in scope:
                yield Hit(cited.sheet, cited.cell, f"{cited.id} is of {category}, which is not in scope", topic=category)


@rule("SCP004", Severity.WARNING)
def component_listed_twice(context: Context) -> Iterator[Hit]:
    """A component of the system is listed twice.

    The two rows will say different things sooner or later.

    Fix: Delete one of them.

    Fails:
        Controls
        Control ID | Control name   | SOC 2 criteria
        AC-001     | Access reviews | CC6.2

        Scope
        Component | In SOC 2 system description | In ISMS scope
        Platform  | Yes                         | Yes
        platform  | Yes                         | Yes

    Passes:
        Controls
        Control ID | Control name   | SOC 2 criteria
        AC-001     | Access reviews | CC6.2

        Scope
        Component | In SOC 2 system description | In ISMS scope
        Platform  | Yes                         | Yes
        Website   | Yes                         | Yes
    """
    for same in grouped((one for one in context.components if one.component), lambda one: folded(one.component)).values():
        for component in same[1:]:
            where = f"{same[0].sheet}!{context.cell(same[0].table, same[0].row, 'component')}"
            words = f"{component.component} is already listed in {where}"
            yield Hit(component.sheet, context.cell(component.table, component.row, "component"), words)


@rule("POL001", Severity.WARNING)
def unregistered_policy(context: Context) -> Iterator[Hit]:
    """A control cites a policy that the register of policies does not have.

    Nobody knows its version, its owner, or when it was last reviewed. Checked where the workbook has a register.

    Fix: Register the policy, or correct the name.

    Fails:
        Controls
        Control ID | Control name   | SOC 2 criteria | Policy
        AC-001     | Access reviews | CC6.2          | POL-01
        AC-002     | Badge reviews  | CC6.4          | POL-07

        Policies
        Policy ID | Title                 | Reviewed
        POL-01    | Access control policy | 2026-05-31

    Passes:
        Controls
        Control ID | Control name   | SOC 2 criteria | Policy
        AC-001     | Access reviews | CC6.2          | POL-01
        AC-002     | Badge reviews  | CC6.4          | Access control policy, section 4

        Policies
        Policy ID | Title                 | Reviewed
        POL-01    | Access control policy | 2026-05-31
    """
    names = [name for policy in context.policies for name in (policy.id, policy.title) if name]
    known = [folded(name) for name in names]
    shapes = {_shape(policy.id) for policy in context.policies} - {""}
    for control in context.controls if known else ():
        for piece in pieces(control.policy):
            words = folded(piece)
            if any(name in words or (len(words) > 5 and words in name) for name in known):
                continue
            if _shape(piece) in shapes or any(word in words for word in ("policy", "procedure", "standard", "plan")):
                message = f"'{shortened(piece)}' is not in the register of policies{did_you_mean([nearest(piece, names)])}"
                yield Hit(control.sheet, context.cell(control.table, control.row, "policy"), message, topic="unregistered")


@rule("POL002", Severity.WARNING)
def policy_not_reviewed(context: Context) -> Iterator[Hit]:
    """The last review of a policy is more than a year old.

    Both auditors ask for a review at planned intervals, in practice once a year.

    Fix: Review it, and enter the date even if nothing changed.

    Fails:
        Controls
        Control ID | Control name   | SOC 2 criteria
        AC-001     | Access reviews | CC6.2

        Policies
        Policy ID | Title                 | Reviewed
        POL-01    | Access control policy | 2025-05-31

    Passes:
        Controls
        Control ID | Control name   | SOC 2 criteria
        AC-001     | Access reviews | CC6.2

        Policies
        Policy ID | Title                 | Reviewed
        POL-01    | Access control policy | 2026-05-31
    """
    for policy in context.policies:
        day = as_date(policy.reviewed)
        if day and (context.as_of - day).days > 366:
            words = f"{policy.id or policy.title} was last reviewed on {day}, more than a year ago"
            yield Hit(policy.sheet, context.cell(policy.table, policy.row, "reviewed"), words, topic="old")


@rule("PRO001", Severity.NOTE)
def missing_setting(context: Context) -> Iterator[Hit]:
    """The profile does not say something that a deliverable prints.

    The gap stays visible in the document: an SoA without version or approver is not finished. Checked where the workbook has a profile.

    Fix: Fill it in.

    Fails:
        Profile
        Setting          | Value
        Organization     | Acme Ltd
        ISMS scope       | The platform and those who run it
        Document version |
        Approver         | CISO
        Classification   | Confidential

        Controls
        Control ID | Control name   | SOC 2 criteria
        AC-001     | Access reviews | CC6.2

    Passes:
        Profile
        Setting          | Value
        Organization     | Acme Ltd
        ISMS scope       | The platform and those who run it
        Document version | 1.2
        Approver         | CISO
        Classification   | Confidential

        Controls
        Control ID | Control name   | SOC 2 criteria
        AC-001     | Access reviews | CC6.2
    """
    said = context.project.profile
    given = {"Organization": context.settings.organization}
    blanks = [setting for setting in NEEDED if setting in said and blank(said[setting][0]) and not given.get(setting)]
    for setting in blanks:
        yield Hit(*said[setting][1:], f"{setting} is not filled in; it is needed for {NEEDED[setting]}")
    absent = [setting for setting in NEEDED if setting not in said and not given.get(setting)]
    if len(absent) < len(NEEDED) / 2 and absent:
        number = next(number for number, table in enumerate(context.tables) if table.declaration == "Profile")
        words = f"There is no setting {listed(absent, 'or')}; deliverables print it"
        yield Hit(context.tables[number].sheet, context.heading(number, "setting"), words)


@rule("PRO002", Severity.ERROR)
def old_edition_in_profile(context: Context) -> Iterator[Hit]:
    """The profile says that the project is by ISO 27001:2013.

    Certificates to that edition lost validity on 31 October 2025; the Statement of Applicability and the gaps are by the 2022 edition
    with its Amendment 1:2024.

    Fix: Enter ISO/IEC 27001:2022.

    Fails:
        Profile
        Setting     | Value
        ISO edition | ISO/IEC 27001:2013

        Controls
        Control ID | Control name   | SOC 2 criteria
        AC-001     | Access reviews | CC6.2

    Passes:
        Profile
        Setting     | Value
        ISO edition | ISO/IEC 27001:2022

        Controls
        Control ID | Control name   | SOC 2 criteria
        AC-001     | Access reviews | CC6.2
    """
    value, sheet, cell = context.project.profile.get("ISO edition", (None, "", ""))
    if "2013" in str(value or "") and "2022" not in str(value):
        yield Hit(
            sheet, cell, f"The edition is given as '{shortened(str(value))}', whose certificates lost validity on 31 October 2025"
        )
