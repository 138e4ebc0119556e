"""`segform explain`: why an event does or does not arrive, known without a network."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import click


@click.command("explain")
@click.argument("event", type=click.File("r", encoding="utf-8"))
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
    help="A destination catalogue from a file: names, methods, fields of actions.",
)
@click.option("--json", "as_json", is_flag=True, help="Print JSON instead of text.")
@click.option("--exit-code", is_flag=True, help="Exit with 2 if the event does not arrive.")
def command(
    event: Any,
    destination: str,
    snapshot: Path,
    source: str | None,
    catalog: Path | None,
    as_json: bool,
    exit_code: bool,
) -> None:
    """Say step by step what becomes of an event on its way to a destination, offline.

    EVENT: a file with the event as JSON, - for standard input. Exit code 0 whatever becomes of the
    event, unless --exit-code is given; 1: it could not be explained.
    """
    from segform.explain import ExplainError, explain

    given = _parsed(event.read(), getattr(event, "name", "the event"))
    known = _entries(catalog) if catalog is not None else None
    try:
        found = explain(given, destination, _snapshot(snapshot), known, source=source)
    except ExplainError as problem:
        raise click.ClickException(str(problem)) from None
    if as_json:
        click.echo(json.dumps(found.to_json(), indent=2, ensure_ascii=False, default=str))
    else:
        click.echo(found.to_text())
    if exit_code and found.arrives is False:
        raise click.exceptions.Exit(2)


def _parsed(text: str, where: object) -> Any:
    try:
        return json.loads(text)
    except (ValueError, RecursionError) as problem:
        raise click.ClickException(f"{where} is no JSON: {problem}") from None


def _read(path: Path) -> Any:
    try:
        return _parsed(path.read_text(encoding="utf-8"), path)
    except (OSError, UnicodeDecodeError) as problem:
        raise click.ClickException(f"{path} cannot be read: {problem}") from None


def _snapshot(path: Path) -> dict[str, Any]:
    """One snapshot, or all of a folder as one."""
    if path.is_file():
        found = _read(path)
        if not isinstance(found, dict) or not ("workspaces" in found or "destinations" in found):
            raise click.ClickException(f"{path} is no snapshot: it has no `workspaces`")
        return found
    workspaces = [one for document in _documents(path) for one in document["workspaces"]]
    if not workspaces:
        raise click.ClickException(f"there is no snapshot in {path}: name one by --snapshot")
    return {"workspaces": workspaces}


def _documents(folder: Path) -> Iterator[dict[str, Any]]:
    """The snapshots of a folder; other files are none of ours."""
    for path in sorted(folder.glob("*.json")):
        try:
            found = json.loads(path.read_text(encoding="utf-8"))
        except (OSError, ValueError, RecursionError):
            continue
        if isinstance(found, dict) and isinstance(found.get("workspaces"), list):
            yield found


def _entries(path: Path) -> dict[str, Any]:
    """Entries of the destination catalogue, by id."""
    found = _read(path)
    several = found.get("destinations") if isinstance(found, dict) else found
    if not isinstance(several, list):
        raise click.ClickException(f"{path} is no catalogue: it has no `destinations`")
    return {str(one["id"]): one for one in several if isinstance(one, dict) and "id" in one}
