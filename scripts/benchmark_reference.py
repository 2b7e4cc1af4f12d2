"""What an analyst would script in an afternoon: pandas, openpyxl and rapidfuzz; a gap and an SoA workbook for each input.

The yardstick of ``scripts/benchmark.py``, which runs it in the same minutes as the workbench. Plain on purpose.

usage: benchmark_reference.py CATALOGUE.json OUTPUT_FOLDER client.xlsx [client.xlsx …]
"""

from __future__ import annotations

import json
import re
import sys
from pathlib import Path

import pandas as pd
from openpyxl import Workbook
from openpyxl.chart import BarChart, Reference
from openpyxl.formatting.rule import CellIsRule
from openpyxl.styles import Alignment, Border, Font, PatternFill, Side
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.datavalidation import DataValidation
from openpyxl.worksheet.worksheet import Worksheet
from rapidfuzz import fuzz, process

LINE = Side(style="thin", color="C0C0C0")
BOX = Border(left=LINE, right=LINE, top=LINE, bottom=LINE)
FILLS = {"Covered": "D6E6F4", "Partial": "FBE6C8", "Gap": "F6CFC0"}
SHAPES = {"SOC 2 criteria": r"(CC|A|C|PI|P)\d\.\d", "ISO 27001 controls": r"A\.[5-8]\.\d{1,2}"}


def ids(cell: object) -> list[str]:
    """The ids of a comma-separated cell."""
    return [piece.strip() for piece in str(cell).split(",") if piece.strip()] if pd.notna(cell) else []


def faults(controls: pd.DataFrame, known: set[str]) -> list[list[object]]:
    """Ids that are misspelt or unknown, and control ids used twice."""
    found: list[list[object]] = []
    for row, control in controls.iterrows():
        for column, shape in SHAPES.items():
            found += [
                [int(row) + 2, control["Control ID"], f"bad id {name}"]
                for name in ids(control[column])
                if not re.fullmatch(shape, name) or name not in known
            ]
    twice = controls["Control ID"][controls["Control ID"].duplicated()]
    return found + [[0, name, "id used twice"] for name in twice]


def sheet(page: Worksheet, heading: list[str], rows: list[list[object]], status: int, choices: list[str]) -> None:
    """A formatted table with a drop-down and colours on its status column."""
    page.append(heading)
    for row in rows:
        page.append(row)
    for cell in page[1]:
        cell.font, cell.fill, cell.border = Font(bold=True, color="FFFFFF"), PatternFill("solid", fgColor="1F3A5F"), BOX
    for row in page.iter_rows(min_row=2):
        for cell in row:
            cell.alignment, cell.border = Alignment(wrap_text=True, vertical="top"), BOX
    for place in range(1, len(heading) + 1):
        page.column_dimensions[get_column_letter(place)].width = 24
    page.freeze_panes, page.auto_filter.ref = "A2", page.dimensions
    area = f"{get_column_letter(status)}2:{get_column_letter(status)}{len(rows) + 1}"
    drop_down = DataValidation(type="list", formula1=f'"{",".join(choices)}"')
    page.add_data_validation(drop_down)
    drop_down.add(area)
    for word, fill in FILLS.items():
        rule = CellIsRule(operator="equal", formula=[f'"{word}"'], fill=PatternFill("solid", bgColor=fill))
        page.conditional_formatting.add(area, rule)


def job(path: Path, catalogue: list[dict[str, str]], output: Path) -> None:
    """Check, suggest, measure and write for one workbook."""
    controls = pd.read_excel(path, sheet_name="Controls", engine="openpyxl")
    evidence = set(pd.read_excel(path, sheet_name="Evidence", engine="openpyxl")["Evidence ID"])
    texts = [f"{entry['title']} {entry['summary']}" for entry in catalogue]
    suggestions: list[list[object]] = []
    serving: dict[str, list[tuple[str, str, str]]] = {}
    for _, control in controls.iterrows():
        text = f"{control['Control name']} {control['Description']}"
        best = process.extract(text, texts, scorer=fuzz.token_set_ratio, limit=3)
        suggestions.append(
            [control["Control ID"], *[part for _, score, place in best for part in (catalogue[place]["id"], round(score, 1))], ""]
        )
        for name in ids(control["SOC 2 criteria"]) + ids(control["ISO 27001 controls"]):
            serving.setdefault(name, []).append((control["Control ID"], control["Status"], control["Evidence"]))
    both = sum(bool(ids(row["SOC 2 criteria"]) and ids(row["ISO 27001 controls"])) for _, row in controls.iterrows())

    def level(name: str) -> str:
        found = serving.get(name, [])
        return "Gap" if not found else "Covered" if any(status == "Implemented" for _, status, _ in found) else "Partial"

    def gap_row(entry: dict[str, str]) -> list[object]:
        found = serving.get(entry["id"], [])
        proof = sorted({name for _, _, name in found if name in evidence})
        return [entry["id"], entry["framework"], entry["title"], entry["summary"], level(entry["id"]), ", ".join(name for name, _, _ in found), ", ".join(proof), len(found), "", "", ""]  # fmt: skip

    book = Workbook()
    levels = ["Covered", "Partial", "Gap"]
    book.active.title = "Gap"
    heading = ["Ref", "Framework", "Title", "Text", "Status", "Controls", "Evidence", "Count", "Owner", "Due", "Notes"]
    sheet(book.active, heading, [gap_row(entry) for entry in catalogue], 5, levels)
    heading = ["Control", "First", "Score", "Second", "Score", "Third", "Score", "Decision"]
    sheet(book.create_sheet("Suggestions"), heading, suggestions, 8, ["Accept", "Reject", "Defer"])
    page = book.create_sheet("Faults")
    for row in [["Row", "Control", "Fault"], *faults(controls, {entry["id"] for entry in catalogue})]:
        page.append(row)
    page = book.create_sheet("Summary")
    page.append(["Controls with both frameworks, %", round(100 * both / len(controls), 1)])
    for word in levels:
        page.append([word, sum(level(entry["id"]) == word for entry in catalogue)])
    chart = BarChart()
    chart.add_data(Reference(page, min_col=2, min_row=2, max_row=4))
    chart.set_categories(Reference(page, min_col=1, min_row=2, max_row=4))
    page.add_chart(chart, "D2")
    book.save(output / f"{path.stem}-gap.xlsx")
    book = Workbook()
    book.active.title = "SoA"
    annex = [entry for entry in catalogue if entry["id"].startswith("A.")]
    rows: list[list[object]] = [[entry["id"], entry["title"], entry["summary"], "Yes", "", level(entry["id"]), ", ".join(name for name, _, _ in serving.get(entry["id"], [])), ""] for entry in annex]  # fmt: skip
    sheet(
        book.active,
        ["Control", "Title", "Text", "Applicable", "Justification", "Status", "Implemented by", "Evidence"],
        rows,
        6,
        levels,
    )
    book.save(output / f"{path.stem}-soa.xlsx")


def main(arguments: list[str]) -> None:
    """Run the job on every workbook named."""
    catalogue = json.loads(Path(arguments[0]).read_text(encoding="utf-8"))
    output = Path(arguments[1])
    output.mkdir(parents=True, exist_ok=True)
    for name in arguments[2:]:
        job(Path(name), catalogue, output)


if __name__ == "__main__":
    main(sys.argv[1:])
