"""The looks that an edit gave to cells, taken out of a sheet that was edited since."""

import pytest

from workbench.editing.unpicking import tightened, unpicked
from workbench.editing.xml import spliced

HEAD = '<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main">'


def sheet(rows, dimension="A1:C3"):
    return f'{HEAD}<dimension ref="{dimension}"/><sheetData>{rows}</sheetData></worksheet>'.encode()


ORIGINAL = sheet(
    '<row r="1"><c r=\'A1\' s=\'2\'><v>1</v></c><c r="B1"/><c r="C1" s="0"><v>3</v></c></row><row r="3" spans="1:1"/>'
)
LEFT = sheet(
    '<row r="1"><c r=\'A1\' s="7"><v>1</v></c><c r="B1" s="8"/><c r="C1" s="8"><v>3</v></c></row>'
    '<row r="2"><c r="A2" s="8"/></row><row r="3" spans="1:2"><c r="B3" s="8"/></row>',
    "A1:C4",
)


@pytest.mark.parametrize(
    ("now", "then"),
    [
        (LEFT, ORIGINAL),
        # a cell that was not edited got another value
        (LEFT.replace(b'</c></row><row r="2">', b'</c><c r="D1"><v>9</v></c></row><row r="2">'),
         ORIGINAL.replace(b"</c></row>", b'</c><c r="D1"><v>9</v></c></row>').replace(b"A1:C3", b"A1:D3")),
        # an edited cell got another value: it keeps the look, the others lose it
        (LEFT.replace(b"<v>3</v>", b"<v>4</v>"), ORIGINAL.replace(b's="0"><v>3</v>', b's="8"><v>4</v>')),
        # a cell that the edit added was filled in
        (LEFT.replace(b'<c r="A2" s="8"/>', b'<c r="A2" s="8"><v>5</v></c>'),
         ORIGINAL.replace(b'<row r="3"', b'<row r="2"><c r="A2" s="8"><v>5</v></c></row><row r="3"')),
        # a cell was added beside the one that the edit added
        (LEFT.replace(b'<c r="A2" s="8"/>', b'<c r="A2" s="8"/><c r="B2"><v>6</v></c>'),
         ORIGINAL.replace(b'<row r="3"', b'<row r="2"><c r="B2"><v>6</v></c></row><row r="3"')),
        # a row was taken away
        (LEFT.replace(b'<row r="2"><c r="A2" s="8"/></row>', b""), ORIGINAL),
        # the sheet has grown
        (LEFT.replace(b"A1:C4", b"A1:F9"), ORIGINAL.replace(b"A1:C3", b"A1:F9")),
    ],
)  # fmt: skip
def test_what_is_as_the_edit_left_it_becomes_what_it_was_and_everything_else_stays(now, then):
    assert taken_back(now) == then


def taken_back(now):
    bare = spliced(now, unpicked(ORIGINAL, LEFT, now, "sheet1.xml"))
    return spliced(bare, tightened(ORIGINAL, LEFT, bare, "sheet1.xml"))


def test_a_row_that_was_written_closed_is_only_closed_again_when_it_is_empty():
    now = LEFT.replace(b'<c r="B3" s="8"/>', b'<c r="B3" s="8"/><c r="C3"><v>1</v></c>')
    assert b'<row r="3" spans="1:3"><c r="C3"><v>1</v></c></row>' in taken_back(now)
