"""The command line. Commands of other packages are found by entry point, when they are called."""

from __future__ import annotations

import sys
from importlib import import_module
from importlib.metadata import entry_points
from typing import NoReturn

import click

_GROUP = "segform.commands"
# Commands of this package -> the module with each, imported when it is called.
_OWN = {
    "apply": "apply",
    "compare": "compare",
    "disable": "disable",
    "doctor": "doctor",
    "drift": "drift",
    "plan": "plan",
    "promote": "promote",
    "pull": "pull",
}
# Other names of commands, which the help does not list.
_ALIASES: frozenset[str] = frozenset()


class Commands(click.Group):
    """Commands of the entry point group `segform.commands`, imported when they are called."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        """All commands that are installed, and those of this package."""
        others = (entry.name for entry in entry_points(group=_GROUP))
        return sorted({*super().list_commands(ctx), *_OWN, *others} - _ALIASES)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """One command; a missing extra is said in words."""
        own = super().get_command(ctx, cmd_name) or _own(cmd_name)
        found = next(iter(entry_points(group=_GROUP, name=cmd_name)), None)
        if own is not None or found is None:
            return own
        try:
            command: click.Command = found.load()
        except ModuleNotFoundError as problem:
            if (problem.name or "").startswith("segform"):
                raise
            extra = {"emulate": "emulator"}.get(cmd_name, cmd_name)
            raise click.ClickException(
                f"`segform {cmd_name}` needs the package {problem.name!r}: "
                f"pip install 'segform[{extra}]'"
            ) from None
        return command


def _own(name: str) -> click.Command | None:
    if name not in _OWN:
        return None
    found: click.Command = import_module(f"{__name__}.{_OWN[name]}").command
    return found


@click.group(cls=Commands, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(package_name="segform")
def group() -> None:
    """Segment workspaces as code: checks, tests and reviews, emulator, Terraform provider."""


def main() -> NoReturn:
    """The `segform` command. Exit codes: 0 done, 1 not, 130 interrupted; commands add theirs.

    click's own code for a wrong argument is 2, which here means "there are changes".
    """
    try:
        code = group(prog_name="segform", standalone_mode=False)
    except click.ClickException as problem:
        problem.show()
        code = 1
    except click.Abort:
        code = 130
    sys.exit(code if isinstance(code, int) else 0)
