"""Settings: what a file says is what the value holds, and whatever is wrong with it is named in one line."""

import re
from contextlib import suppress
from dataclasses import fields
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from workbench.model import UsageError
from workbench.settings import FILE_NAME, Limits, Settings, find_settings, read_settings, settings_for

FULL = """
organization = "Acme"
classification = "Internal"
texts = "texts.csv"
soc2_categories = ["availability", "Privacy"]

[severities]
MAP004 = "note"
SOA010 = "OFF"

[words.relationship]
"Direct" = "equal"

[words.mapping_status]
"signed off" = "Accepted"

[words.strength]
"critical" = 10

[sheets]
"Old mapping" = "ignore"
"Tabelle1" = "control library"

[suggestions]
per_control = 5
floor = 0.25

[limits]
rows = 1000

[frameworks]
pci = "catalogues/pci.csv"
"""


def write(folder: Path, text: str, encoding: str = "utf-8") -> Path:
    path = folder / FILE_NAME
    path.write_text(text, encoding=encoding)
    return path


def test_every_section_is_read(tmp_path):
    assert read_settings(write(tmp_path, FULL)) == Settings(
        organization="Acme",
        classification="Internal",
        texts="texts.csv",
        soc2_categories=("Availability", "Privacy"),
        severities={"MAP004": "note", "SOA010": "off"},
        words={
            "relationship": {"Direct": "equal"},
            "mapping status": {"signed off": "Accepted"},
            "strength": {"critical": "10"},
        },
        sheets={"Old mapping": "ignore", "Tabelle1": "control library"},
        suggestions=5,
        floor=0.25,
        limits=Limits(rows=1000),
        frameworks={"pci": "catalogues/pci.csv"},
        base=tmp_path,
    )


def test_an_empty_file_gives_the_defaults(tmp_path):
    assert read_settings(write(tmp_path, "")) == Settings(base=tmp_path)


def test_a_byte_order_mark_is_no_part_of_the_first_key(tmp_path):
    assert read_settings(write(tmp_path, 'organization = "Acmé"\n', "utf-8-sig")).organization == "Acmé"


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ('organisation = "Acme"', "workbench.toml: there is no setting 'organisation'; did you mean 'organization'?"),
        ("[limits]\nrowz = 1", "workbench.toml: limits: there is no setting 'rowz'; did you mean 'rows'?"),
        ("[words.relation]\nx = 'equal'", "workbench.toml: words: there is no setting 'relation'; did you mean 'relationship'?"),
        ("base = '.'", "workbench.toml: there is no setting 'base'; there are "),
        ("organization = 5", "workbench.toml: organization must be text in quotes, not 5"),
        ('soc2_categories = "Privacy"', "workbench.toml: soc2_categories must be a list in [brackets], not 'Privacy'"),
        ('soc2_categories = ["Privat"]', "workbench.toml: soc2_categories is 'Privat'; use Security, Availability, "),
        ('severities = "error"', "workbench.toml: severities must be a [table] of its own, not 'error'"),
        ('[severities]\nMAP004 = "loud"', "workbench.toml: severities.MAP004 is 'loud'; use error, warning, note, off"),
        ('[sheets]\nX = "skip"', "workbench.toml: sheets.X is 'skip'; use control library, pair list, grid, assessment, "),
        ("[suggestions]\nfloor = 2", "workbench.toml: suggestions.floor must be a number from 0 to 1, not 2"),
        ("[suggestions]\nper_control = -1", "workbench.toml: suggestions.per_control must be a whole number, 0 or more, not -1"),
        ("[limits]\nrows = true", "workbench.toml: limits.rows must be a whole number, 0 or more, not True"),
        ("[words.strength]\nhuge = 11", "workbench.toml: words.strength.huge must be a strength from 1 to 10, not 11"),
        ("[words.relationship]\nDirect = 'same-ish'", "workbench.toml: words.relationship.Direct is 'same-ish'; use equal, "),
        (
            "[frameworks]\n'soc2-2017' = 'x.csv'",
            "workbench.toml: frameworks.soc2-2017: that id is built in; give your catalogue another",
        ),
    ],
)
def test_what_is_wrong_is_named_with_its_key(tmp_path, text, message):
    with pytest.raises(UsageError, match=re.escape(message)):
        read_settings(write(tmp_path, text))


@pytest.mark.parametrize("content", [b"= 3", b"\xff\xfe\x00", b"a = " + b"[" * 5000, b"a = " + b"9" * 5000, b"a = 1\na = 2"])
def test_a_file_that_is_not_toml_is_refused_in_one_line(tmp_path, content):
    path = tmp_path / FILE_NAME
    path.write_bytes(content)
    with pytest.raises(UsageError) as refused:
        read_settings(path)
    assert str(path) in str(refused.value)
    assert "\n" not in str(refused.value)


@given(st.text(alphabet=st.characters(codec="utf-8"), max_size=60))
def test_no_text_whatever_raises_anything_but_a_usage_error(tmp_path_factory, text):
    path = tmp_path_factory.getbasetemp() / "any.toml"
    path.write_bytes(text.encode())
    with suppress(UsageError):
        read_settings(path)


def test_the_nearest_file_above_the_workbook_is_found(tmp_path):
    (tmp_path / "clients" / "acme").mkdir(parents=True)
    write(tmp_path, 'organization = "Us"')
    workbook = tmp_path / "clients" / "acme" / "controls.xlsx"
    assert find_settings(workbook).organization == "Us"
    write(tmp_path / "clients", 'organization = "Clients"')
    assert find_settings(workbook).organization == "Clients"
    assert find_settings(tmp_path).organization == "Us"


def test_without_a_file_the_defaults_hold(tmp_path):
    assert find_settings(tmp_path) == Settings()


def test_settings_are_given_as_a_value_or_a_file_or_found(tmp_path):
    path = write(tmp_path, 'organization = "Us"')
    assert settings_for(tmp_path / "x.xlsx", Settings(organization="Them")).organization == "Them"
    assert settings_for(tmp_path.parent / "x.xlsx", str(path)).organization == "Us"
    assert settings_for(tmp_path / "x.xlsx").organization == "Us"


def test_every_setting_is_in_the_documented_example(tmp_path):
    page = Path(__file__).parents[1] / "docs" / "settings.md"
    example = "".join(re.findall(r"```toml\n(.*?)```", page.read_text(encoding="utf-8"), re.DOTALL))
    documented = read_settings(write(tmp_path, example))
    defaults = Settings()
    unset = {field.name for field in fields(Settings) if getattr(documented, field.name) == getattr(defaults, field.name)}
    assert unset == set()
    assert all(f"{limit.name} = " in example for limit in fields(Limits))
