"""The record of an edit: with it a file becomes, to the last byte, what it was before."""

import io
import zipfile

import pytest
from hypothesis import given
from hypothesis import strategies as st

from workbench.editing import undo
from workbench.editing.package import Package
from workbench.editing.xml import Splice, spliced

TYPES = b'<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"><Default Extension="xml" ContentType="application/xml"/></Types>'
RELATIONS = b'<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"></Relationships>'


class Pipe(io.RawIOBase):
    """A stream that cannot seek: zipfile then writes sizes behind the data, as one workbook in 25 has it."""

    def __init__(self):
        super().__init__()
        self.data = b""

    def writable(self):
        return True

    def write(self, data):
        self.data += bytes(data)
        return len(data)


def archive(parts, *, stored=(), streamed=False, comment=b""):
    out = Pipe() if streamed else io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as packed:
        for name, data in {"[Content_Types].xml": TYPES, "_rels/.rels": RELATIONS, **parts}.items():
            packed.writestr(zipfile.ZipInfo(name, (2026, 2, 3, 4, 5, 6)), data, zipfile.ZIP_STORED if name in stored else None)
        packed.comment = comment
    return out.data if streamed else out.getvalue()


def edited(raw, edits):
    """The file with the edits and their record."""
    package = Package(raw)
    for edit in edits:
        edit(package)
    undo.embed(package)
    return package.pack()


def whole(raw):
    package = Package(raw)
    return undo.record(package).whole(package)


names = st.sampled_from(["a.xml", "b.xml", "xl/c.xml", "xl/d.xml"])
texts = st.binary(max_size=60)


@st.composite
def edits(draw):
    """Edits of random parts, as functions of a package."""
    what, name, data = draw(st.sampled_from(["splice", "put", "remove"])), draw(names), draw(texts)

    def edit(package):
        if what == "put":
            package.put(name, data)
        elif package.find(name) and what == "remove":
            package.remove(name)
        elif package.find(name):
            old = package.read(name)
            at = len(data) % (len(old) + 1)
            package.splice(name, [Splice(at, old[at : at + 3], data)])

    return edit


@given(
    parts=st.dictionaries(names, texts),
    stored=st.sets(names),
    streamed=st.booleans(),
    comment=st.binary(max_size=9).filter(lambda text: b"PK" not in text),
    done=st.lists(edits(), max_size=6),
)
def test_whatever_was_edited_the_record_gives_the_file_back(parts, stored, streamed, comment, done):
    raw = archive(parts, stored=stored, streamed=streamed, comment=comment)
    after = edited(raw, done)
    assert after != raw
    assert whole(after) == raw


@given(
    original=st.binary(min_size=1, max_size=40),
    done=st.lists(st.tuples(st.integers(0, 60), st.integers(0, 9), texts), max_size=6),
)
def test_steps_become_one(original, done):
    now, steps = original, []
    for start, length, new in done:
        at = start % (len(now) + 1)
        steps.append([Splice(at, now[at : at + length], new)])
        now = spliced(now, steps[-1])
    assert spliced(original, undo.in_one_step(original, steps)) == now


def test_the_record_says_what_the_edit_did_and_holds_only_what_it_touched():
    raw = archive({"a.xml": b"<a>one</a>", "b.xml": b"<b/>" * 9000, "c.xml": b"<c/>"})
    after = edited(
        raw,
        [
            lambda package: package.splice("a.xml", [Splice(3, b"one", b"two")]),
            lambda package: package.put("d.xml", b"<d/>"),
            lambda package: package.remove("c.xml"),
        ],
    )
    record = undo.record(Package(after))
    assert {(part.name, part.kind): part.original for part in record.parts} == {
        ("[Content_Types].xml", "edited"): TYPES,
        ("_rels/.rels", "edited"): RELATIONS,
        ("a.xml", "edited"): b"<a>one</a>",
        ("c.xml", "removed"): b"<c/>",
        ("d.xml", "added"): None,
    }
    assert next(part for part in record.parts if part.name == "a.xml").splices == (Splice(3, b"one", b"two"),)
    assert b"b.xml" not in Package(after).read("undo.bin").replace(b'"b.xml"', b"")


@pytest.mark.parametrize("name", ["a.xml", "b.xml", "d.xml", "[Content_Types].xml"])
def test_a_file_that_was_changed_since_is_not_given_back(name):
    after = edited(
        archive({"a.xml": b"<a>one</a>", "b.xml": b"<b/>"}),
        [lambda package: package.put("a.xml", b"<a>two</a>"), lambda package: package.put("d.xml", b"<d/>")],
    )
    later = Package(after)
    later.splice(name, [Splice(1, later.read(name)[1:2], b"X")])
    assert whole(later.pack()) is None


def test_a_part_that_was_added_since_is_not_lost():
    later = Package(edited(archive({"a.xml": b"<a/>"}), [lambda package: package.put("a.xml", b"<b/>")]))
    later.put("e.xml", b"<e/>")
    assert whole(later.pack()) is None


def test_a_dropped_record_leaves_nothing_behind():
    raw = archive({"a.xml": b"<a/>"})
    package = Package(raw)
    undo.embed(package)
    undo.drop(package)
    assert package.pack() == raw


def test_there_is_one_record():
    package = Package(archive({}))
    undo.embed(package)
    with pytest.raises(ValueError, match="already"):
        undo.embed(package)


@pytest.mark.parametrize("spoiled", [b"", b"PK", b"not a record"])
def test_a_record_that_cannot_be_read_is_none(spoiled):
    package = Package(edited(archive({"a.xml": b"<a/>"}), [lambda package: package.put("a.xml", b"<b/>")]))
    package.put("undo.bin", spoiled)
    assert undo.record(package) is None


def test_what_the_caller_has_to_remember_is_kept():
    package = Package(archive({}))
    undo.embed(package, {"styles": {"7": 3}, "words": "é ✓"})
    assert undo.record(Package(package.pack())).about == {"styles": {"7": 3}, "words": "é ✓"}
