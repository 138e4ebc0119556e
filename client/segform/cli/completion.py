"""`segform completion`: names of commands, options, kinds and profiles at the press of a key."""

from __future__ import annotations

import click

_LINES = {
    "bash": 'eval "$(segform completion bash)"   # in ~/.bashrc',
    "zsh": 'eval "$(segform completion zsh)"    # in ~/.zshrc, after compinit',
    "fish": "segform completion fish > ~/.config/fish/completions/segform.fish",
}


@click.command("completion")
@click.argument("shell", type=click.Choice(tuple(_LINES)))
def command(shell: str) -> None:
    """Print the completion for a shell: bash, zsh or fish.

    \b
    bash   eval "$(segform completion bash)"   in ~/.bashrc
    zsh    eval "$(segform completion zsh)"    in ~/.zshrc, after compinit
    fish   segform completion fish > ~/.config/fish/completions/segform.fish
    """
    from click.shell_completion import get_completion_class

    from . import group

    found = get_completion_class(shell)
    if found is None:
        raise click.ClickException(f"there is no completion for {shell}")
    made = found(group, {}, "segform", "_SEGFORM_COMPLETE")
    click.echo(f"# {_LINES[shell]}")
    click.echo(made.source_template % made.source_vars())
