"""The command line. Commands of other packages are found by entry point, when they are called."""

from __future__ import annotations

import sys
from importlib import import_module
from importlib.metadata import entry_points
from typing import Any, NoReturn

import click

_GROUP = "segform.commands"
# Commands of this package -> the module with each, imported when it is called.
_OWN = {
    "apply": "apply",
    "check": "check",
    "codeowners": "codeowners",
    "compare": "compare",
    "completion": "completion",
    "disable": "disable",
    "doctor": "doctor",
    "drift": "drift",
    "events": "events",
    "explain": "explain",
    "export": "export",
    "plan": "plan",
    "promote": "promote",
    "pull": "pull",
    "report": "report",
    "test": "test",
    "validate": "check",
}
# What the list of commands says of each, so that it need not be imported for that. One that is not
# here is imported; `tests/cli/test_help.py` holds them against the commands' own words.
_WORDS = {
    "apply": "Make the workspace what FILE says.",
    "check": "Check snapshots and event files, offline.",
    "codeowners": "Write CODEOWNERS from the owners of the event files in FOLDER.",
    "compare": "Say what differs between A and B.",
    "completion": "Print the completion for a shell: bash, zsh or fish.",
    "disable": "Switch off one source, destination or filter.",
    "doctor": "Look at token, workspace, versions, Terraform, provider.",
    "drift": "Say where the workspace is no longer what FILE declares.",
    "emulate": "Serve an emulator of the Segment Public API on this machine.",
    "events": "Render the event files in FOLDER as a catalogue for people.",
    "explain": "Say step by step what becomes of an event on its way to a destination, offline.",
    "export": "Write SNAPSHOT (a file, or `live`: what there is now) as code that plans empty.",
    "plan": "Compare what FILE wants with the workspace.",
    "promote": "Bring what FROM has to the workspace of the token.",
    "provider": "Put the provider where Terraform finds it.",
    "pull": "Read the whole workspace into a snapshot.",
    "report": "A plan in words.",
    "test": "Send example events through a workspace, offline.",
}
# Other names of commands, which the help does not list.
_ALIASES = frozenset({"validate"})


class Commands(click.Group):
    """Commands of the entry point group `segform.commands`, imported when they are called."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        """All commands that are installed, and those of this package."""
        others = (entry.name for entry in entry_points(group=_GROUP))
        return sorted({*super().list_commands(ctx), *_OWN, *others} - _ALIASES)

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """The list of commands, without importing those whose words are known."""
        rows = []
        for name in self.list_commands(ctx):
            words = _WORDS.get(name)
            if words is None:
                command = self.get_command(ctx, name)
                words = command.get_short_help_str(80) if command else ""
            rows.append((name, words))
        with formatter.section("Commands"):
            formatter.write_dl(rows)

    def shell_complete(self, ctx: click.Context, incomplete: str) -> list[Any]:
        """Names of commands and options that begin so; no command is imported for it."""
        from click.shell_completion import CompletionItem

        found = [
            CompletionItem(name, help=_WORDS.get(name))
            for name in self.list_commands(ctx)
            if name.startswith(incomplete)
        ]
        return [*found, *click.Command.shell_complete(self, ctx, incomplete)]

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
@click.option(
    "--profile",
    metavar="NAME",
    help="The workspace's profile in segform.toml or pyproject.toml (default: SEGFORM_PROFILE).",
)
@click.pass_context
def group(context: click.Context, profile: str | None) -> None:
    """Segment workspaces as code: checks, tests and reviews, emulator, Terraform provider."""
    context.obj = profile


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
