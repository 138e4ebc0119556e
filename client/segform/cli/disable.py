"""`segform disable`: the emergency brake."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

import click

from . import _options, _place


@click.command("disable")
@click.argument("what", type=click.Choice(("source", "destination", "filter")))
@click.argument("name")
@click.option("--destination", metavar="ID", help="Of a filter: the destination that it is on.")
@click.option("--id", "by_id", is_flag=True, help="NAME is an id; it is not looked up.")
@click.option("--json", "as_json", is_flag=True, help="Print JSON instead of words.")
@_options.bindings_option
@_options.profile_option
def command(
    what: str, name: str, destination: str | None, by_id: bool, as_json: bool, bindings: Path | None
) -> None:
    """Switch off one source, destination or filter.

    It takes at most two requests; a pinned workspace is asked for with one more where NAME has to
    be looked up. NAME: an address or name in a bindings file here, or an id, slug or name among the
    first 200. A filter is named with --destination, or by its address in the bindings file. A
    filter that is off lets everything pass.
    """
    from segform.workspace.brake import disable

    with _place.told():
        bindings = bindings or _place.bound()
        files = [bindings] if bindings else _readable(Path().glob("*.bindings.json"))
        with _place.wire() as sender:
            done = disable(sender, what, name, destination=destination, by_id=by_id, files=files)
    if as_json:
        head = {"format": "segform.disabled", "version": 1}
        click.echo(_place.as_json({**head, "what": what, "name": done.name, "id": done.id}))
    else:
        click.echo(_place.plain(f"disabled: {what} {done.name} ({done.id})"))
    _place.say("The code does not know: `segform plan` will want it enabled again.")


def _readable(files: Iterable[Path]) -> list[Path]:
    """The bindings files here; one that is broken, and that nobody named, is in nobody's way."""
    from segform.workspace import Bindings

    found = []
    for file in sorted(files):
        try:
            Bindings(file)
        except (ValueError, OSError) as problem:
            _place.say(f"left out: {problem}")
        else:
            found.append(file)
    return found
