"""Write docs/rules.md from the rules: rules_page.py [--check].

With --check nothing is written; exit 1 when the page is not what the rules say.
"""

from __future__ import annotations

import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from workbench.rules.pages import page  # noqa: E402

PAGE = ROOT / "docs" / "rules.md"


def main() -> int:
    """Write or check the page; the exit code."""
    wanted = page()
    if "--check" in sys.argv[1:]:
        same = PAGE.is_file() and PAGE.read_text(encoding="utf-8") == wanted
        print(f"{PAGE.name} is {'up to date' if same else 'not what the rules say: run scripts/rules_page.py'}")
        return 0 if same else 1
    PAGE.write_text(wanted, encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
