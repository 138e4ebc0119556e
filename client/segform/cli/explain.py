"""`segform explain`: why an event does or does not arrive, known without a network."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any

import click


@click.command("explain")
@click.argument(
    "event", type=click.Path(path_type=Path, exists=True, dir_okay=False, allow_dash=True)
)
@click.option("--destination", "-d", required=True, help="Id or name of the destination.")
@click.option(
    "--snapshot",
    "-s",
    type=click.Path(path_type=Path, exists=True),
    default=Path(),
    help="A snapshot or dump, or a folder with some (default: this one).",
)
@click.option("--source", help="Id, slug or name of the source, for destinations of one name.")
@click.option(
    "--catalog",
    type=click.Path(path_type=Path, exists=True, dir_okay=False),
    help="A catalogue from a file, in place of the cached one.",
)
@click.option("--json", "as_json", is_flag=True, help="Print JSON instead of text.")
@click.option("--exit-code", is_flag=True, help="Exit with 2 if the event does not arrive.")
def command(
    event: Path,
    destination: str,
    snapshot: Path,
    source: str | None,
    catalog: Path | None,
    as_json: bool,
    exit_code: bool,
) -> None:
    """Say step by step what becomes of an event on its way to a destination, offline.

    EVENT: a file with the event as JSON or YAML, - for JSON from standard input. Exit code 0
    whatever becomes of the event, unless --exit-code is given; 1: it could not be explained.
    """
    from segform.explain import ExplainError, explain

    from . import _catalog, _place

    given = _event(event)
    if not isinstance(given, dict):
        name = "standard input" if str(event) == "-" else str(event)
        raise click.ClickException(f"{name}: an event is an object with type, event, properties …")
    held = _snapshot(snapshot)
    known, notes = _catalog.at_hand(catalog, refresh=False)
    for note in notes:
        click.echo(note, err=True)
    try:
        found = explain(given, destination, held, known, source=source)
    except ExplainError as problem:
        raise click.ClickException(str(problem)) from None
    if as_json:
        from segform.explain.text import as_json as written

        click.echo(_place.escaped(written(found.to_json())))
    else:
        click.echo(found.to_text())
    if exit_code and found.arrives is False:
        raise click.exceptions.Exit(2)


def _event(path: Path) -> Any:
    if str(path) != "-":
        return _read(path)
    from segform.resources.exact import loads

    try:
        return loads(sys.stdin.read())
    except (ValueError, RecursionError) as problem:
        raise click.ClickException(f"standard input is no JSON: {problem}") from None


def _read(path: Path) -> Any:
    from segform.workspace.documents import DocumentError, read
    from segform.workspace.sound import sound

    try:
        document = read(path)
        sound(document)
        return document.value
    except DocumentError as problem:
        raise click.ClickException(str(problem)) from None


def _snapshot(path: Path) -> dict[str, Any]:
    """One snapshot, or all of a folder as one; other files of a folder are none of ours."""
    from segform.workspace import documents
    from segform.workspace.sound import sound

    if path.is_file():
        found = _read(path)
        if not isinstance(found, dict) or not ("workspaces" in found or "destinations" in found):
            raise click.ClickException(f"{path} is no snapshot: it has no `workspaces`")
        return found
    workspaces, unread = [], []
    for one, _ in documents.files([path]):
        try:
            document = documents.read(one)
            sound(document)
            found = document.value
        except documents.DocumentError as problem:
            unread.append(str(problem))
            continue
        if isinstance(found, dict) and isinstance(found.get("workspaces"), list):
            workspaces += found["workspaces"]
    if not workspaces:
        why = f" ({unread[0]})" if unread else ""
        raise click.ClickException(f"there is no snapshot in {path}: name one by --snapshot{why}")
    for words in unread:
        click.echo(f"left out: {words}", err=True)
    return {"workspaces": workspaces}
