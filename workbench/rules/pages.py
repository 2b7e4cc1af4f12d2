"""What is printed of the rules: one table of all, and a page that explains each."""

from __future__ import annotations

from collections.abc import Iterator

from workbench.rules import CATALOGUE, FAMILIES, Rule

_INTRODUCTION = (
    "Written by `scripts/rules_page.py` from the rules themselves. The examples are run by the tests.",
    "An **error** makes a figure or a deliverable wrong, a **warning** probably does, or an auditor will ask; a **note** is worth knowing.",
    '`[severities]` in `workbench.toml` changes them (`MAP018 = "off"`); `workbench explain MAP004` prints one rule.',
)


def markdown_table() -> str:
    """All rules as a Markdown table: code, severity, name, summary."""
    rows = [f"| [{rule.code}]({_link(rule)}) | {rule.severity} | {rule.name} | {rule.summary} |" for rule in CATALOGUE.values()]
    return "\n".join(["| rule | severity | name | what is wrong |", "| --- | --- | --- | --- |", *rows]) + "\n"


def page() -> str:
    """The page ``docs/rules.md``: every rule with its reason, what to do, and a failing and a passing example."""
    parts = ["# Rules", *_INTRODUCTION]
    for letters, title in FAMILIES.items():
        parts += [f"## {title}", *(_section(rule) for rule in CATALOGUE.values() if rule.code.startswith(letters))]
    return "\n\n".join(parts) + "\n"


def _section(rule: Rule) -> str:
    return "\n\n".join(
        [
            f"### {rule.code} {rule.name}",
            f"*{rule.severity}* · {rule.summary}",
            rule.why,
            f"**Do:** {rule.fix}",
            "Fails:",
            _example(rule.fails),
            "Passes:",
            _example(rule.passes),
        ]
    )


def _example(text: str) -> str:
    return f"```text\n{text}\n```"


def _link(rule: Rule) -> str:
    return f"docs/rules.md#{rule.code.lower()}-{rule.name}"


def examples(text: str) -> Iterator[tuple[str, list[list[str]]]]:
    """The sheets of an example: (first line, rows of cells as written)."""
    for block in text.split("\n\n"):
        first, *rows = block.splitlines()
        yield first.strip(), [[cell.strip() for cell in row.split("|")] for row in rows]
