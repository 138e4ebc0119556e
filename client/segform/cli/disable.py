"""`segform disable`: the emergency brake."""

from __future__ import annotations

from pathlib import Path

import click

from . import _place


@click.command("disable")
@click.argument("what", type=click.Choice(("source", "destination", "filter")))
@click.argument("name")
@click.option("--destination", metavar="ID", help="Of a filter: the destination that it is on.")
@click.option("--id", "by_id", is_flag=True, help="NAME is an id; it is not looked up.")
@_place.bindings_option
@_place.profile_option
def command(
    what: str, name: str, destination: str | None, by_id: bool, bindings: Path | None
) -> None:
    """Switch off one source, destination or filter.

    It takes at most two requests. NAME: an address or name in a bindings file here, or an id, slug
    or name among the first 200. A filter is named with --destination, or by its address in the
    bindings file. A filter that is off lets everything pass.
    """
    from segform.workspace.brake import disable

    with _place.told():
        bindings = bindings or _place.bound()
        files = [bindings] if bindings else sorted(Path().glob("*.bindings.json"))
        with _place.wire() as sender:
            done = disable(sender, what, name, destination=destination, by_id=by_id, files=files)
    click.echo(_place.plain(f"disabled: {what} {done.name} ({done.id})"))
    _place.say("The code does not know: `segform plan` will want it enabled again.")
