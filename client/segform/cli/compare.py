"""`segform compare`: two workspaces side by side."""

from __future__ import annotations

from pathlib import Path

import click

from . import _options, _place


@click.command("compare")
@click.argument("a")
@click.argument("b")
@click.option("--json", "as_json", is_flag=True, help="Print JSON instead of words.")
@click.option("--exit-code", is_flag=True, help="Exit with 2 if something differs.")
@_options.policy_option
@_options.file_option
@click.option(
    "--without",
    multiple=True,
    metavar="KIND",
    shell_complete=_options.kinds,
    help="Leave a kind out; may be repeated.",
)
@click.option(
    "--bindings",
    nargs=2,
    type=click.Path(path_type=Path, exists=True, dir_okay=False),
    help="The bindings files of A and of B: an object keeps its address under another name.",
)
@_options.profile_option
def command(
    a: str,
    b: str,
    as_json: bool,
    exit_code: bool,
    policy: Path | None,
    file: Path | None,
    without: tuple[str, ...],
    bindings: tuple[Path, Path] | None,
) -> None:
    """Say what differs between A and B. Writes nothing to Segment.

    A and B: a snapshot (file or folder), or Python that declares `desired`; one of a git revision,
    `HEAD~1:shop.json`, or `HEAD~1` with --file shop.json; `live`, the workspace of the token; or
    `live:NAME`, the workspace of the token that is in the environment variable NAME (`live:@NAME`:
    of that profile). Objects are compared by address, not by id; write keys and secrets are not
    compared, nor is what the policy says may differ.
    """
    from segform.workspace import Bindings
    from segform.workspace.comparing import compare

    with _place.told():
        known = (Bindings(bindings[0]), Bindings(bindings[1])) if bindings else None
        allowed = _place.policy_of(policy)
        file = file or _place.declared()
        # A file or revision first: one that is not there is known without reading a workspace.
        if _place.is_live(a):
            other = _place.snapshot_of(b, file)
            one = _place.snapshot_of(a, file)
        else:
            one, other = _place.snapshot_of(a, file), _place.snapshot_of(b, file)
        found = compare(one, other, bindings=known, without=without, policy=allowed)
    if as_json:
        click.echo(_place.as_json(found.to_dict()))
    else:
        _place.show(found)
    if exit_code and found:
        raise click.exceptions.Exit(2)
