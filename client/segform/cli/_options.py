"""Options that several commands have, so that each means the same everywhere."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import click

from . import _profiles


def kinds(_context: click.Context, _option: click.Parameter, begun: str) -> list[Any]:
    """The kinds that begin so, for the completion of a shell."""
    from click.shell_completion import CompletionItem

    from segform.resources import registry

    return [CompletionItem(name) for name in registry() if name.startswith(begun)]


Decorated = Callable[[Callable[..., None]], Callable[..., None]]

bindings_option: Decorated = click.option(
    "--bindings",
    type=click.Path(path_type=Path, dir_okay=False),
    help="The bindings file (default: SLUG.bindings.json here).",
)
python_option: Decorated = click.option(
    "--python", is_flag=True, help="FILE is Python and declares `desired` (any .py file does)."
)
complete_option: Decorated = click.option(
    "--complete",
    multiple=True,
    metavar="KIND",
    shell_complete=kinds,
    help="Delete what the workspace has of this kind and FILE has not; may be repeated.",
)
children_option: Decorated = click.option(
    "--children",
    is_flag=True,
    help="Delete filters, mappings and the like of declared objects that FILE has not.",
)
target_option: Decorated = click.option(
    "--target", multiple=True, metavar="ADDRESS", help="Only this, and what it refers to."
)
let_go_option: Decorated = click.option(
    "--let-go",
    multiple=True,
    metavar="KIND:KEY",
    help="An object that may be deleted or replaced although its kind is protected.",
)
policy_option: Decorated = click.option(
    "--policy",
    type=click.Path(path_type=Path, exists=True, dir_okay=False),
    help='JSON or YAML: {"differ": ["source.*.enabled"], "leave": ["user"]}.',
)
profile_option: Decorated = _profiles.option
file_option: Decorated = click.option(
    "--file",
    type=click.Path(path_type=Path),
    help="The file that is meant where a git revision stands alone.",
)
terraform_option: Decorated = click.option(
    "--terraform-state",
    "terraform",
    multiple=True,
    type=click.Path(path_type=Path, dir_okay=False, exists=True, allow_dash=True),
    help="What this state owns is not written: a state file, or what `terraform show -json` or "
    "`terraform state pull` prints (- for stdin); may be repeated.",
)


def wanting(command: Callable[..., None]) -> Callable[..., None]:
    """What `plan` and `apply` take alike: what is wanted, how much of it, and where."""
    to = click.option(
        "--to",
        type=click.Path(path_type=Path, exists=True),
        help="In place of FILE: go back to this snapshot; what cannot come back is told.",
    )
    options = (
        to,
        python_option,
        target_option,
        complete_option,
        children_option,
        let_go_option,
        terraform_option,
        bindings_option,
        profile_option,
    )
    for option in reversed(options):
        command = option(command)
    return command
