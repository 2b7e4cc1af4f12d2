"""Write docs/rules.md, and the table of rules in the README, from the rules: rules_page.py [--check].

With --check nothing is written; exit 1 when either is not what the rules say.
"""

from __future__ import annotations

import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from workbench.rules.pages import markdown_table, page  # noqa: E402

PAGE = ROOT / "docs" / "rules.md"
README = ROOT / "README.md"
BEGIN, END = "<!-- rules: written by scripts/rules_page.py -->\n", "<!-- end of rules -->\n"


def readme(text: str) -> str:
    """The README with the table of rules between its two marks."""
    before, rest = text.split(BEGIN)
    _, after = rest.split(END)
    return f"{before}{BEGIN}\n{markdown_table()}\n{END}{after}"


def main() -> int:
    """Write or check both; the exit code."""
    wanted = {PAGE: page(), README: readme(README.read_text(encoding="utf-8"))}
    stale = [path for path, text in wanted.items() if not path.is_file() or path.read_text(encoding="utf-8") != text]
    if "--check" in sys.argv[1:]:
        for path in stale:
            print(f"{path.name} is not what the rules say: run scripts/rules_page.py")
        return 1 if stale else 0
    for path in stale:
        path.write_text(wanted[path], encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
