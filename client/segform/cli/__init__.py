"""The command line. Commands of other packages are found by entry point, when they are called."""

from __future__ import annotations

from importlib import import_module
from importlib.metadata import entry_points
from typing import Any

import click

_GROUP = "segform.commands"
# Commands of this package: name -> its module below `segform.cli`, imported when it is called.
_OWN = {"codeowners": "codeowners", "events": "events"}


class Commands(click.Group):
    """Commands of the entry point group `segform.commands`, imported when they are called."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        """All commands that are installed, and those of this package."""
        others = (entry.name for entry in entry_points(group=_GROUP))
        return sorted({*super().list_commands(ctx), *_OWN, *others})

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """One command; a missing extra is said in words."""
        if cmd_name in _OWN:
            found_here: click.Command = import_module(f"{__name__}.{_OWN[cmd_name]}").command
            return found_here
        own = super().get_command(ctx, cmd_name)
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


@click.group(cls=Commands, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(package_name="segform")
def group() -> None:
    """Segment workspaces as code: emulator, and the Terraform provider's installation."""


def main() -> Any:
    """The `segform` command."""
    return group(prog_name="segform")
