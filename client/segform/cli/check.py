"""`segform check`: what is wrong with files, known without a network."""

from __future__ import annotations

from pathlib import Path

import click

_FORMATS = ("text", "json", "sarif")


@click.command("check")
@click.argument("paths", nargs=-1, type=click.Path(path_type=Path, exists=True))
@click.option("--format", "form", type=click.Choice(_FORMATS), default="text", show_default=True)
@click.option("--output", type=click.Path(path_type=Path), help="Write to a file instead.")
@click.option(
    "--catalog",
    type=click.Path(path_type=Path, exists=True, dir_okay=False),
    help="A catalogue from a file, in place of the cached one.",
)
@click.option("--refresh", is_flag=True, help="Ask the API for the catalogue first, and keep it.")
@click.option("--strict", is_flag=True, help="Warnings count as errors.")
def command(
    paths: tuple[Path, ...],
    form: str,
    output: Path | None,
    catalog: Path | None,
    refresh: bool,
    strict: bool,
) -> None:
    """Check snapshots and event files, offline. PATHS: files and folders (default: this one).

    Runs what the provider runs at plan time: definitions, FQL, mappings, rules of tracking plans,
    settings against the catalogue where it was fetched before. Exit code 0: no error; 1: errors.
    """
    from segform.workspace.checking import check
    from segform.workspace.findings import FORMATS

    from . import _catalog

    known, notes = _catalog.at_hand(catalog, refresh=refresh)
    found = check(list(paths) or [Path()], catalog=known)
    text = FORMATS[form](found.findings, [*notes, *found.notes])
    if output is not None:
        output.write_text(f"{text}\n", encoding="utf-8")
    else:
        click.echo(text)
    if form == "text" and output is None:
        from ._place import counted

        click.echo(f"{counted(found.objects, 'object')} in {counted(found.files, 'file')}")
    bad = {"error", "warning"} if strict else {"error"}
    if any(one.severity in bad for one in found.findings):
        raise click.exceptions.Exit(1)
