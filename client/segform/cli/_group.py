"""The group of commands: what is behind each name, imported when it is called."""

from __future__ import annotations

from importlib import import_module
from typing import Any

import click

from . import _ALIASES, _GROUP, _OWN, _WORDS


class Commands(click.Group):
    """Commands of the entry point group `segform.commands`, imported when they are called."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        """All commands that are installed, and those of this package."""
        from importlib.metadata import entry_points

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

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        """What is meant by the arguments; a name that is none is told with the nearest."""
        try:
            return super().resolve_command(ctx, args)
        except click.UsageError as problem:
            from difflib import get_close_matches

            near = get_close_matches(args[0], self.list_commands(ctx), n=1)
            if not near or f"{args[0]!r}" not in problem.message:
                raise
            words = f"No such command {args[0]!r}. Did you mean {near[0]!r}?"
            raise click.UsageError(words, ctx) from None

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """One command; a missing extra is said in words."""
        own = super().get_command(ctx, cmd_name) or _own(cmd_name)
        if own is not None:
            return own
        from importlib.metadata import entry_points

        found = next(iter(entry_points(group=_GROUP, name=cmd_name)), None)
        if found is None:
            return None
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
    found: click.Command = import_module(f".{_OWN[name]}", __package__).command
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
    """Segment workspaces as code: pull, plan, apply, drift, promote; checks, reviews, emulator."""
    context.obj = profile
