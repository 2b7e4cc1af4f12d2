"""The sheets of a project workbook, each declared once.

A declaration drives reading (headings and aliases), checking, drop-downs, widths, notes, templates and the docs.
Aliases are compared as ``fold_heading`` leaves them: lower case, single spaces, no punctuation.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass

from workbench.model import (
    ISO_UNDECIDED,
    SOC2,
    ControlStatus,
    Decision,
    Kind,
    MappingStatus,
    Relationship,
)


@dataclass(frozen=True, slots=True)
class Column:
    """One declared column: ``heading`` as we write it, ``aliases`` as people write it.

    ``choices`` make a drop-down, strict unless ``open_choices``. ``width`` is in Excel's characters.
    ``framework`` says which framework a requirement column cites unless its heading says more.
    """

    field: str
    heading: str
    kind: Kind = Kind.TEXT
    aliases: tuple[str, ...] = ()
    choices: tuple[str, ...] = ()
    open_choices: bool = False
    width: int = 16
    note: str = ""
    required: bool = False
    framework: str = ""


@dataclass(frozen=True, slots=True)
class Sheet:
    """One declared sheet: ``name`` is the tab, ``row`` what one row is, ``key`` the field that identifies a row."""

    name: str
    row: str
    columns: tuple[Column, ...]
    key: str = ""
    aliases: tuple[str, ...] = ()
    note: str = ""

    def column(self, field: str) -> Column:
        """The declaration of ``field``; KeyError when the sheet has none."""
        for column in self.columns:
            if column.field == field:
                return column
        raise KeyError(field)


def fold_heading(text: str) -> str:
    """A heading as it is compared: NFKC, lower case, punctuation and white space folded to single spaces."""
    folded = unicodedata.normalize("NFKC", text).replace("\u200b", "").replace("\ufeff", "").casefold()
    return re.sub(r"[^\w#%]+", " ", folded).replace("_", " ").strip()


_SOC2_WORDS = (
    "soc 2", "soc2", "soc 2 mapping", "soc 2 criteria", "soc 2 criterion", "soc2 criteria", "soc 2 reference",
    "soc 2 ref", "soc 2 controls", "soc 2 control", "trust services criteria", "trust service criteria",
    "tsc", "tsc ref", "tsc reference", "tsc criteria", "criteria", "common criteria", "aicpa tsc", "soc 2 tsc",
)  # fmt: skip
_ISO_WORDS = (
    "iso", "iso 27001", "iso27001", "iso 27001 mapping", "iso 27001 controls", "iso 27001 control", "iso 27001 annex a",
    "iso iec 27001", "iso 27001 reference", "iso ref", "iso 27001 ref", "annex a", "annex a control", "annex a controls",
    "iso control", "iso controls", "iso 27002", "iso 27001 2022", "iso 27001 2013", "iso iec 27001 2022",
    "iso iec 27001 2013",
)  # fmt: skip
_OWNER = Column(
    "owner", "Owner", width=18,
    aliases=("control owner", "responsible", "responsibility", "resp", "accountable", "assigned to", "owner role", "team", "verantwortlich"),
    note="The role that answers for this row; a role outlives a name.",
)  # fmt: skip
_NOTES = Column(
    "notes",
    "Notes",
    width=40,
    aliases=("note", "comments", "comment", "remarks", "remark"),
)
_STATUS_ALIASES = (
    "implementation status", "control status", "status of implementation", "implemented", "implementation", "state",
    "current status", "compliance status", "implementation state", "umsetzungsstatus", "umsetzungsgrad", "statut", "estado",
)  # fmt: skip

PROFILE = Sheet(
    "Profile", "a setting", key="setting", aliases=("document control",),
    note="What the documents say of you: organization, scope, version, approver, dates.",
    columns=(
        Column("setting", "Setting", Kind.ID, width=30, required=True, aliases=("field", "item", "key", "property"), note="The names are fixed; the order is yours."),
        Column("value", "Value", width=60, aliases=("answer", "entry", "content"), note="Yours. A blank is shown as to be filled."),
        Column("notes", "Notes", width=40, aliases=("note", "what it is for", "explanation")),
    ),
)  # fmt: skip

PROFILE_SETTINGS = (
    "Organization", "ISMS scope", "SOC 2 system description", "SOC 2 categories in scope", "ISO edition",
    "Document version", "Owner", "Approver", "Approval date", "Classification", "SOC 2 period start",
    "SOC 2 period end", "ISO stage 1 audit", "ISO stage 2 audit", "Risk assessment", "Risk treatment plan",
)  # fmt: skip

CONTROLS = Sheet(
    "Controls", "a control", key="id",
    aliases=("control library", "control matrix", "controls", "control list", "control mapping matrix", "master controls"),
    note="Your own controls, and the ids of what each serves. The only sheet that is needed.",
    columns=(
        Column("id", "Control ID", Kind.ID, width=12, required=True,
               aliases=("control", "id", "control no", "control number", "control ref", "control reference", "ref", "ctrl id", "control #", "#", "no", "internal control id", "ref no", "kontroll id", "kontrollnummer", "maßnahmen id", "maßnahmen nr", "nr", "id du contrôle", "id control", "código"),
               note="Stable and unique: other sheets refer to it."),
        Column("name", "Control name", width=28,
               aliases=("name", "control title", "title", "control", "control objective", "short name", "activity", "control activity", "internal control", "kontrolle", "bezeichnung", "maßnahme", "titel", "nom du contrôle", "nombre del control"),
               note="A short name that people recognize."),
        Column("description", "Description", width=60,
               aliases=("control description", "control activity", "control statement", "details", "text", "control text", "what we do", "implementation", "control wording", "control specification", "beschreibung", "descripción"),
               note="Who does what, how often, and which record it leaves. Suggestions are made from these words."),
        _OWNER,
        Column("status", "Status", Kind.CHOICE, choices=tuple(ControlStatus), width=20, aliases=_STATUS_ALIASES, note="Implemented covers, Partially implemented covers in part, Planned counts later."),
        Column("soc2", "SOC 2 criteria", Kind.REQUIREMENTS, framework=SOC2, width=18, aliases=_SOC2_WORDS,
               note="Ids such as CC6.1; several separated by comma, semicolon or line break."),
        Column("iso", "ISO 27001 controls", Kind.REQUIREMENTS, framework=ISO_UNDECIDED, width=18, aliases=_ISO_WORDS,
               note="Annex A controls such as A.5.15, clauses as Clause 6.1.2."),
        Column("policy", "Policy", width=24, aliases=("policies", "policy reference", "policy ref", "policy procedure", "document", "richtlinie", "politique", "política"), note="A Policy ID of the sheet Policies, or a title."),
        Column("evidence", "Evidence", width=24, aliases=("evidence id", "evidence reference", "evidence ref", "proof", "artefacts", "artifacts", "evidence link", "nachweis", "nachweise", "preuve", "preuves", "evidencia", "evidencias"), note="Evidence IDs of the sheet Evidence, or titles; several separated by semicolon."),
        Column("frequency", "Frequency", Kind.CHOICE, open_choices=True, width=14,
               choices=("Continuous", "Daily", "Weekly", "Monthly", "Quarterly", "Semi-annual", "Annual", "On event"),
               aliases=("control frequency", "cadence", "how often", "periodicity", "häufigkeit", "turnus", "fréquence", "frecuencia"),
               note="How often it runs; what was tested or collected too long ago is judged by it."),
        Column("last_tested", "Last tested", Kind.DATE, width=12, aliases=("last test", "tested on", "test date", "last review", "last reviewed", "date tested", "letzte prüfung", "zuletzt geprüft"), note="The day somebody last checked that it works."),
        _NOTES,
    ),
)  # fmt: skip

MAPPING = Sheet(
    "Mapping", "a mapping", aliases=("mappings", "crosswalk", "pairs", "control mapping"),
    note="Mappings that say more than an id in a cell can: how the two relate, how strongly, why, who decided.",
    columns=(
        Column("source", "Source", Kind.ID, width=14, required=True,
               aliases=("from", "source id", "source control", "focal element", "focal document element", "fde #", "source node id", "source requirement", "control id", "control", "requirement", "quelle"),
               note="A Control ID, or a requirement; from requirement to requirement the row is part of a crosswalk."),
        Column("source_title", "Source title", width=30, aliases=("source name", "fde name", "source description", "from title")),
        Column("target", "Target", Kind.REQUIREMENTS, width=14, required=True,
               aliases=("to", "target id", "target control", "reference element", "reference document element", "reference element id", "scf #", "scf id", "target node id", "target requirement", "mapped to", "maps to", "mapped control", "mapped controls", "mapping", "ziel"),
               note="The requirement that the source serves, such as CC6.1, A.5.15 or Clause 6.1.2."),
        Column("target_title", "Target title", width=30, aliases=("target name", "target description", "to title")),
        Column("relationship", "Relationship", Kind.CHOICE, choices=tuple(Relationship), width=16,
               aliases=("relation", "relationship type", "strm relationship", "mapping type", "match", "match type", "type of mapping", "mapping relationship", "alignment", "coverage", "degree of coverage", "coverage level", "overlap", "overlap level", "alignment level", "gap level", "beziehung", "art der zuordnung"),
               note="equal, superset of: the source covers all of the target. subset of, intersects with: a part of it."),
        Column("strength", "Strength", Kind.NUMBER, width=10,
               aliases=("strength of relationship", "strength of mapping", "mapping strength", "relationship strength", "confidence", "confidence level", "weight", "coverage level", "overlap", "overlap level", "alignment level"),
               note="From 1 (hardly) to 10 (fully), as you judge it."),
        Column("rationale", "Rationale", width=50,
               aliases=("why", "reason", "justification", "mapping rationale", "strm rationale", "explanation", "comment", "comments", "notes", "begründung", "bemerkung"),
               note="What the two have in common, and what is left over."),
        Column("status", "Status", Kind.CHOICE, choices=tuple(MappingStatus), width=12, aliases=("mapping status", "decision", "review status"), note="Accepted counts in every figure, Proposed only in those with suggestions, Rejected is never proposed again. Blank: Accepted."),
        Column("method", "Method", Kind.CHOICE, choices=("human", "automation", "hybrid"), width=12, aliases=("mapping method", "provenance"), note="Who found it: a human, a program, or both."),
        Column("reviewer", "Reviewer", width=16, aliases=("reviewed by", "decided by", "author", "mapped by"), note="Who decided."),
        Column("date", "Date", Kind.DATE, width=12, aliases=("reviewed on", "decided on", "date reviewed", "mapping date")),
    ),
)  # fmt: skip

APPLICABILITY = Sheet(
    "Applicability", "an Annex A control (or a control from elsewhere)", key="id",
    aliases=("soa", "statement of applicability", "annex a", "annex a controls"),
    note="The decisions of the Statement of Applicability: each of the 93 Annex A controls is included or excluded, with a reason.",
    columns=(
        Column("id", "ID", Kind.REQUIREMENTS, width=10, required=True, framework=ISO_UNDECIDED,
               aliases=("control id", "control", "annex a control", "annex a", "ref", "reference", "iso control", "control no", "control number", "clause", "section", "requirement", "criteria", "criterion", "requirement id", "iso 27001", "iso 27001 control", "soc 2", "tsc", "no", "#", "maßnahme", "referenz", "abschnitt", "mesure", "référence", "referencia"),
               note="An Annex A control such as A.5.15, or the id of a control from elsewhere."),
        Column("title", "Title", width=30, aliases=("control title", "control name", "name", "requirement title", "control objective", "requirement name", "titel", "titel der maßnahme", "bezeichnung", "titre", "título")),
        Column("applicable", "Applicable", Kind.CHOICE, choices=("Yes", "No"), width=11,
               aliases=("applicability", "anwendbar", "applies", "in scope", "applicable yes no", "applicable y n", "selected", "included", "is applicable", "control applicable", "anwendbarkeit", "aplicable", "aplicabilidad", "applicabilité", "applied", "applicable to organization", "applicable to the organization", "applicable to us", "scope yes no", "scope y n", "scope", "in scope yes no", "relevant"),
               note="Yes or No for each of the 93; a blank is no decision."),
        Column("reasons", "Reasons for inclusion", Kind.CHOICE, open_choices=True, choices=("LR", "CO", "BR", "RRA"), width=14,
               aliases=("reason", "reason for inclusion", "reason code", "inclusion reason", "reasons", "selection reason", "reason for selection", "drivers"),
               note="LR legal, CO contractual, BR business requirement, RRA result of risk assessment; several allowed."),
        Column("inclusion", "Justification for inclusion", width=44,
               aliases=("inclusion justification", "justification", "begründung", "justification for selection", "reason for applicability", "justification of inclusion", "begründung für aufnahme", "begründung der anwendbarkeit", "justificación", "rationale", "reason", "reasons", "reason for inclusion", "reason for selection", "reason for inclusion exclusion", "reason for inclusion or exclusion", "reason for selection or exclusion", "reason for selection exclusion", "reason for inclusion or non inclusion", "justification for inclusion exclusion", "justification for inclusion or exclusion", "justification for selection or exclusion", "justification for applicability", "justification comments", "reason justification"),
               note="Why it is needed here, in your words."),
        Column("exclusion", "Justification for exclusion", width=44,
               aliases=("exclusion justification", "reason for exclusion", "justification if excluded", "exclusions", "justification for non applicability", "justification of exclusion", "begründung für ausschluss", "begründung des ausschlusses", "remarks with justification for exclusions", "remarks justification for exclusion", "justification de l exclusion", "justificación de la exclusión"),
               note="Why it is not needed here; demanded where Applicable is No. “N/A” is no reason."),
        Column("status", "Implementation status", Kind.CHOICE, choices=tuple(ControlStatus), width=20,
               aliases=("status", *_STATUS_ALIASES, "gap status", "compliant", "compliance", "in place", "control in place", "yes no", "y n", "answer", "response", "met", "covered", "coverage", "coverage status", "maturity", "assessment", "result", "gap"),
               note="How far it is implemented today."),
        Column("how", "How implemented", width=50,
               aliases=("implementation details", "implementation description", "how it is implemented", "description", "control implementation", "current state", "implementation notes", "overview of implementation", "comments", "remarks", "remarks overview of implementation", "current controls", "umsetzung", "beschreibung der umsetzung"),
               note="A sentence or two that an auditor can follow."),
        Column("controls", "Implementing controls", width=20, aliases=("internal controls", "our controls", "mapped internal controls", "control ids")),
        Column("soc2", "SOC 2 criteria", Kind.REQUIREMENTS, framework=SOC2, width=18, aliases=_SOC2_WORDS),
        Column("iso", "ISO 27001 controls", Kind.REQUIREMENTS, framework=ISO_UNDECIDED, width=18, aliases=_ISO_WORDS),
        Column("policy", "Policy", width=24, aliases=("policy procedure", "policy reference", "document", "documentation", "reference document")),
        Column("evidence", "Evidence", width=24, aliases=("evidence link", "evidence reference", "records", "evidence id", "nachweis", "nachweise", "preuve", "preuves", "evidencia")),
        Column("risk", "Risk reference", width=16, aliases=("risk ref", "risk id", "risks", "risk", "risk treatment", "risk treatment plan"), note="The risks of your risk register that it treats."),
        _OWNER,
        Column("review_date", "Review date", Kind.DATE, width=12, aliases=("next review", "review by", "reviewed", "last review", "target date", "due", "due date"), note="When this decision is looked at again."),
    ),
)  # fmt: skip

EVIDENCE = Sheet(
    "Evidence", "an artefact", key="id", aliases=("evidence register", "evidence index", "evidence log"),
    note="What proves that controls work, and until when.",
    columns=(
        Column("id", "Evidence ID", Kind.ID, width=12, required=True, aliases=("id", "evidence", "evidence no", "ref", "evidence ref", "artefact id"), note="Stable and unique: Controls and Requests refer to it."),
        Column("title", "Title", width=36, aliases=("name", "evidence title", "evidence name", "description", "artefact")),
        Column("link", "File or link", Kind.LINK, width=36, aliases=("file", "link", "url", "location", "path", "file name", "evidence link"), note="Where it can be opened by whoever needs it; better a link than a path on your computer."),
        _OWNER,
        Column("collected", "Collected", Kind.DATE, width=12, aliases=("date", "date collected", "collected on", "collection date", "obtained")),
        Column("valid_until", "Valid until", Kind.DATE, width=12, aliases=("expires", "expiry", "expiry date", "valid to", "expiration"), note="The day from which a newer one is needed."),
        Column("controls", "Controls", width=24, aliases=("control", "control id", "control ids", "related controls", "supports"), note="The Control IDs that it proves, separated by semicolon."),
        Column("sha256", "SHA-256", width=20, aliases=("hash", "sha256", "checksum"), note="The fingerprint of the file; may stay blank."),
    ),
)  # fmt: skip

POLICIES = Sheet(
    "Policies", "a document", key="id", aliases=("policy register", "policies", "documents", "document register"),
    note="Policies and other documents, and the requirements that they answer.",
    columns=(
        Column("id", "Policy ID", Kind.ID, width=12, required=True, aliases=("id", "policy", "document id", "policy no", "ref"), note="Stable and unique: Controls refer to it."),
        Column("title", "Title", width=36, aliases=("name", "policy name", "document title", "policy title", "document")),
        Column("version", "Version", width=10, aliases=("rev", "revision")),
        _OWNER,
        Column("reviewed", "Reviewed", Kind.DATE, width=12, aliases=("last reviewed", "review date", "approved", "approval date", "last review"), note="The day of the latest review or approval."),
        Column("soc2", "SOC 2 criteria", Kind.REQUIREMENTS, framework=SOC2, width=20, aliases=_SOC2_WORDS),
        Column("iso", "ISO 27001 references", Kind.REQUIREMENTS, framework=ISO_UNDECIDED, width=20, aliases=_ISO_WORDS),
        Column("file", "File", Kind.LINK, width=36, aliases=("link", "location", "path", "file name", "url")),
    ),
)  # fmt: skip

SCOPE = Sheet(
    "Scope", "a system component", key="component", aliases=("scope", "scoping", "system components", "in scope systems"),
    note="What is part of the SOC 2 system, what is in the scope of the ISMS, and why the two differ.",
    columns=(
        Column("component", "Component", Kind.ID, width=30, required=True, aliases=("system", "system component", "asset", "name", "application")),
        Column("kind", "Kind", width=16, aliases=("type", "category", "component type")),
        Column("in_soc2", "In SOC 2 system description", Kind.CHOICE, choices=("Yes", "No"), width=16, aliases=("soc 2 scope", "in soc 2 scope", "soc 2", "in soc 2", "soc2 scope"), note="Whether the system description of the SOC 2 report covers it."),
        Column("in_isms", "In ISMS scope", Kind.CHOICE, choices=("Yes", "No"), width=14, aliases=("isms scope", "in iso scope", "iso 27001 scope", "isms", "iso scope"), note="Whether the scope of the ISMS covers it."),
        Column("reason", "Reason", width=44, aliases=("why", "rationale", "justification", "comment"), note="Why it is in the one and not in the other."),
    ),
)  # fmt: skip

REQUESTS = Sheet(
    "Requests", "an auditor's request", key="id", aliases=("pbc", "pbc list", "request list", "audit requests", "prepared by client"),
    note="What auditors ask for (PBC list), who answers it, and how far it is.",
    columns=(
        Column("id", "Request ID", Kind.ID, width=12, required=True, aliases=("id", "request", "pbc id", "request no", "item", "request #", "pbc #", "ref"), note="As the auditor numbers it; never used for anything else."),
        Column("text", "Text", width=60, aliases=("request text", "description", "pbc item", "request description", "item description", "document requested"), note="In the auditor's words."),
        Column("requirements", "Requirement references", Kind.REQUIREMENTS, width=20, aliases=("tsc ref", "criteria", "reference", "requirement", "control reference", "framework ref", "requirements"), note="The criteria or controls that it is about."),
        Column("period", "Period", width=18, aliases=("audit period", "time frame", "date range")),
        _OWNER,
        Column("due", "Due", Kind.DATE, width=12, aliases=("due date", "deadline", "needed by")),
        Column("internal_status", "Internal status", Kind.CHOICE, open_choices=True, choices=("Open", "In progress", "Ready", "Sent"), width=14, aliases=("our status", "client status", "status"), note="How far you are."),
        Column("auditor_status", "Auditor status", Kind.CHOICE, open_choices=True, choices=("Requested", "Received", "Accepted", "Returned"), width=14, aliases=("status auditor", "review status", "auditor"), note="What the auditor says."),
        Column("evidence", "Evidence", width=24, aliases=("evidence id", "evidence link", "attachment", "response"), note="The Evidence IDs that answer it."),
    ),
)  # fmt: skip

CALENDAR = Sheet(
    "Calendar", "an audit or review event", key="event", aliases=("audit calendar", "calendar", "audit plan"),
    note="Audits, reviews and periods, so that everybody plans with the same dates.",
    columns=(
        Column("event", "Event", Kind.ID, width=36, required=True, aliases=("activity", "audit", "milestone", "name")),
        Column("framework", "Framework", width=16, aliases=("standard",), note="SOC 2, ISO 27001, or both."),
        Column("starts", "Starts", Kind.DATE, width=12, aliases=("start", "start date", "from", "date")),
        Column("ends", "Ends", Kind.DATE, width=12, aliases=("end", "end date", "to", "until")),
        _OWNER,
    ),
)  # fmt: skip

SUGGESTIONS = Sheet(
    "Suggestions", "a suggestion and what was decided of it", aliases=("suggestions",),
    note="What the workbench suggests; a decision typed here is read back.",
    columns=(
        Column("source", "Control", Kind.ID, width=12, required=True, aliases=("control id", "source")),
        Column("source_title", "Control name", width=20),
        Column("target", "Suggested requirement", Kind.ID, width=12, required=True, aliases=("target", "suggestion", "requirement", "requirement id", "suggested", "suggested id")),
        Column("target_title", "Requirement title", width=22),
        Column("decision", "Decision", Kind.CHOICE, choices=tuple(Decision), width=12, required=True, aliases=("accept reject defer", "accept reject", "your decision", "decided", "verdict", "entscheidung", "décision", "decisión")),
        Column("relationship", "Relationship", Kind.CHOICE, choices=tuple(Relationship), width=16, aliases=("relation", "how it relates", "beziehung")),
        Column("rationale", "Rationale", width=40, aliases=("comment", "comments", "why", "note", "justification", "begründung")),
        Column("reviewer", "Decided by", width=16, aliases=("reviewer", "by", "reviewed by", "who", "decider")),
        Column("date", "Decided on", Kind.DATE, width=12, aliases=("date", "on", "when", "decision date", "reviewed on")),
        Column("score", "Score", Kind.NUMBER, width=8, note="The sum of the signals beside it, from 0 to 1."),
    ),
)  # fmt: skip

SHEETS = (
    PROFILE, CONTROLS, MAPPING, APPLICABILITY, EVIDENCE, POLICIES, SCOPE, REQUESTS, CALENDAR, SUGGESTIONS,
)  # fmt: skip

BY_NAME = {sheet.name: sheet for sheet in SHEETS}
