"""The options that commands share, each declared once."""

from __future__ import annotations

import datetime as dt
import os
from collections.abc import Callable
from dataclasses import dataclass
from functools import wraps
from pathlib import Path
from typing import Any, TypedDict, TypeVar, cast

import click

F = TypeVar("F", bound=Callable[..., Any])


class Reading(TypedDict):
    """What decides how a workbook is read, by the names of the API's parameters."""

    settings: Path | None
    as_of: dt.date | None
    sheets: tuple[str, ...]


class Target(TypedDict):
    """Where a deliverable goes, by the names of the API's parameters."""

    output: Path | None
    force: bool
    dry_run: bool


@dataclass(frozen=True, slots=True)
class Place:
    """-o, --force, --dry-run of a command that writes one deliverable."""

    output: Path | None
    force: bool
    dry_run: bool

    def target(self, workbook: Path, deliverable: str, style: str) -> Target:
        """The file that -o names, else the one that ``run`` writes, which may be replaced as ``run`` replaces it.

        JSON without -o is for reading on: nothing is written.
        """
        from workbench.batch import default_file, untouched

        if self.output or style != "text":
            return Target(output=self.output, force=self.force, dry_run=self.dry_run)
        file = default_file(workbook, deliverable, home() / "output")
        return Target(output=file, force=self.force or untouched(file), dry_run=self.dry_run)


def home() -> Path:
    """The folder that holds input_workbooks/ and output/: here, unless WORKBENCH_HOME names another (scripts/run.py does)."""
    return Path(os.environ.get("WORKBENCH_HOME", ""))


def _remember(ctx: click.Context, option: click.Parameter, value: bool) -> None:
    ctx.meta[str(option.name)] = ctx.meta.get(str(option.name)) or value


def _date(_: click.Context, __: click.Parameter, value: dt.datetime | None) -> dt.date | None:
    return value.date() if value else None


def told(name: str) -> bool:
    """Whether --quiet or --debug was given, or WORKBENCH_QUIET or WORKBENCH_DEBUG is set."""
    return bool(click.get_current_context().meta.get(name) or os.environ.get(f"WORKBENCH_{name.upper()}"))


_DEBUG = click.option("--debug", is_flag=True, expose_value=False, callback=_remember, help="Show where a bug happened.")
_QUIET = click.option(
    "-q", "--quiet", is_flag=True, expose_value=False, callback=_remember, help="Print the result and nothing else."
)
_CONFIG = click.option(
    "--config",
    "settings",
    type=click.Path(path_type=Path),
    metavar="FILE",
    help="Settings, instead of the workbench.toml beside the workbook.",
)
AS_OF = click.option(
    "--as-of",
    type=click.DateTime(["%Y-%m-%d"]),
    callback=_date,
    metavar="DATE",
    help="The day that counts as today (2026-06-30). [default: SOURCE_DATE_EPOCH, else today]",
)
_SHEET = click.option("--sheet", "sheets", multiple=True, metavar="NAME", help="Read only this tab; repeat it for more.")

FORCE = click.option("--force", is_flag=True, help="Replace what exists.")
DRY_RUN = click.option("--dry-run", is_flag=True, help="Say what would be written, and write nothing.")
PATH = click.argument("path", type=click.Path(path_type=Path))


def output(kind: str, default: str) -> Callable[[F], F]:
    """-o, --output: the file or folder to write."""
    return click.option(
        "-o", "--output", type=click.Path(path_type=Path), metavar=kind, help=f"Where to write. [default: {default}]"
    )


def common(command: F) -> F:
    """--quiet, --debug."""
    return _QUIET(_DEBUG(command))


def configured(command: F) -> F:
    """--config and ``common``: a command that reads settings but no workbook."""
    return _CONFIG(common(command))


def reading(command: F) -> F:
    """``Reading`` as keyword arguments, and ``common``: a command that reads workbooks."""
    return AS_OF(_SHEET(configured(command)))


def writing(command: F) -> F:
    """``Place`` as the keyword argument ``place``: a command that writes one deliverable."""

    @wraps(command)
    def placed(*args: Any, output: Path | None, force: bool, dry_run: bool, **rest: Any) -> Any:
        return command(*args, place=Place(output, force, dry_run), **rest)

    return cast("F", output("FILE", "output/NAME/NAME-….xlsx, as run does")(FORCE(DRY_RUN(placed))))


def style(*more: str) -> Callable[[F], F]:
    """--format text, json or one of ``more``."""
    return click.option(
        "--format",
        "style",
        type=click.Choice(["text", "json", *more]),
        default="text",
        show_default=True,
        help="How to print the result.",
    )


def fail_on(default: str) -> Callable[[F], F]:
    """--fail-on: from which severity on findings make the exit code 1."""
    choice = click.Choice(["error", "warning", "note", "never"])
    return click.option(
        "--fail-on", type=choice, default=default, show_default=True, help="Exit with 1 when there is a finding as bad as this."
    )
