"""The command line: parse, call the API, print, exit code. A command's module is loaded when the command is called.

Exit codes: 0 fine, 1 findings at or above --fail-on or some workbooks of several failed, 2 usage, 3 an input was refused, 4 an output could
not be written, 5 a bug, 130 interrupted.
"""

from __future__ import annotations

import gc
import os
import sys
from importlib import import_module
from typing import NoReturn

import click

COMMANDS = {
    "init": ("projects", "Make a fresh, formatted project workbook."),
    "run": ("projects", "The main job: check, suggest, overlap, gap and SoA for every workbook."),
    "check": ("projects", "Say what is wrong with workbooks, and in which cell."),
    "suggest": ("deliverables", "Propose mappings, with a reason each."),
    "accept": ("deciding", "Fold what people decided of suggestions into the workbook."),
    "overlap": ("deliverables", "Count how much of one framework the other's controls serve."),
    "gap": ("deliverables", "List what is not covered, and what to do about it."),
    "soa": ("deliverables", "Write the Statement of Applicability."),
    "diff": ("versions", "Say what changed from one version of a workbook to another."),
    "send-out": ("merging", "Make copies of a workbook for other people to edit."),
    "merge": ("merging", "Merge edited copies of a workbook into it."),
    "textconv": ("versions", "Print a workbook as text, a cell a line, for git to compare."),
    "undo": ("undoing", "Take the last change to a workbook back."),
    "frameworks": ("catalogues", "Show what is built in: SOC 2, ISO/IEC 27001:2022 and 2013."),
    "rules": ("catalogues", "List every rule that a workbook is checked by."),
    "explain": ("catalogues", "Explain a rule or a requirement."),
    "evaluate": ("catalogues", "Measure the suggestions against known pairs."),
}
"""Command → its module, and the first line of its help: all that ``workbench --help`` needs."""


class Commands(click.Group):
    """The commands, loaded one by one; every failure of theirs ends as one line and an exit code."""

    def list_commands(self, ctx: click.Context) -> list[str]:  # noqa: ARG002  click's signature
        """The commands in the order of a day's work."""
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:  # noqa: ARG002  click's signature
        """The command of that name, loaded now; None when there is none."""
        if cmd_name not in COMMANDS:
            return None
        module = import_module(f"{__name__}.{COMMANDS[cmd_name][0]}")
        command: click.Command = getattr(module, cmd_name.replace("-", "_"))
        return command

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:  # noqa: ARG002  click's signature
        """The list of commands, without loading any."""
        with formatter.section("Commands"):
            formatter.write_dl([(name, summary) for name, (_, summary) in COMMANDS.items()])

    def resolve_command(self, ctx: click.Context, args: list[str]) -> tuple[str | None, click.Command | None, list[str]]:
        """The command that ``args`` begin with; of one that does not exist, the nearest is named."""
        if args[0] in COMMANDS or args[0].startswith("-"):
            return super().resolve_command(ctx, args)
        from workbench.words import nearest

        near = nearest(args[0], COMMANDS)
        raise click.UsageError(
            f"there is no command {args[0]!r}; " + (f"did you mean {near!r}?" if near else "see workbench --help"), ctx
        )

    def invoke(self, ctx: click.Context) -> object:
        """Run the command; whatever goes wrong becomes one line and an exit code."""
        try:
            return super().invoke(ctx)
        except (click.exceptions.Exit, click.exceptions.NoArgsIsHelpError, BrokenPipeError):
            raise  # click ends each of them quietly
        except KeyboardInterrupt:
            _end(ctx, "interrupted", 130)
        except click.UsageError as error:
            place = error.ctx.command_path if error.ctx else "workbench"
            _end(ctx, f"{error.format_message().rstrip('.')} ({place} --help shows how)", error.exit_code)
        except Exception as error:  # noqa: BLE001  a traceback is nothing to show to a compliance team
            _end(ctx, *_failure(error))


def _end(ctx: click.Context, line: str, code: int) -> NoReturn:
    click.echo(f"workbench: {' '.join(line.split())}", err=True)
    ctx.exit(code)


def _failure(error: Exception) -> tuple[str, int]:
    """The line and the exit code that an exception ends with."""
    from workbench.cli.options import told
    from workbench.model import WorkbenchError

    if isinstance(error, WorkbenchError):
        return str(error), error.exit_code
    if told("debug"):
        import traceback

        click.echo("".join(traceback.format_exception(error)), err=True)
    what = f"{type(error).__name__}: {error}" if str(error) else type(error).__name__
    return f"this is a bug, not a fault of yours ({what}); please report it, with what --debug prints", WorkbenchError.exit_code


def _version(ctx: click.Context, _: click.Parameter, wanted: bool) -> None:
    if wanted:
        from workbench.version import VERSION

        click.echo(f"workbench {VERSION}")
        ctx.exit()


@click.group(cls=Commands, context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 110})
@click.option("--version", is_flag=True, is_eager=True, expose_value=False, callback=_version, help="Show the version.")
def workbench() -> None:
    """Control mapping workbooks for SOC 2 and ISO/IEC 27001: check, suggest, overlap, gap and Statement of Applicability.

    \b
    Example:
      workbench init acme                  # input_workbooks/acme.xlsx, ready to be filled in
      workbench run                        # every workbook of input_workbooks/ into output/
      workbench explain A.9.2.1            # what an id means, and what became of it
    """


def main() -> None:
    """The ``workbench`` command."""
    # Our matrices are small: threads cost a third of a second and gain nothing, and one thread always adds up in the same order.
    os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
    # Tables are many small objects without cycles: looking for cycles after every 700 of them finds nothing and costs time.
    gc.set_threshold(100_000, 50, 50)
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):  # a console that cannot show a sign shows its number instead of ending the command
            stream.reconfigure(errors="backslashreplace")
    workbench(prog_name="workbench")
