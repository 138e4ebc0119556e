"""`segform codeowners FOLDER`: CODEOWNERS from the owners of event files."""

from __future__ import annotations

from pathlib import Path

import click

_HOMES = (".github/CODEOWNERS", "CODEOWNERS", "docs/CODEOWNERS")


@click.command("codeowners")
@click.argument("folder", type=click.Path(exists=True, file_okay=False, path_type=Path))
@click.option(
    "--root",
    type=click.Path(exists=True, file_okay=False, path_type=Path),
    help="Root of the repository; where .git is, if left out.",
)
@click.option(
    "--output",
    type=click.Path(dir_okay=False, path_type=Path),
    help="File to write; the repository's CODEOWNERS if left out, `-` for the screen.",
)
@click.option("--check", is_flag=True, help="Write nothing; exit 1 where the file would change.")
def command(folder: Path, root: Path | None, output: Path | None, check: bool) -> None:
    """Write CODEOWNERS from the owners of the event files in FOLDER.

    Who a team is to the code host stands in [tool.segform.owners] of pyproject.toml. The rest of
    the file is left as it is.
    """
    from segform.tracking.files import EventFileError, load_folder
    from segform.tracking.owners import OwnersError, codeowners, merged, read_owners

    base = root or _root(folder)
    try:
        block = codeowners(load_folder(folder), base, read_owners(folder))
    except (EventFileError, OwnersError, ImportError) as problem:
        raise click.ClickException(str(problem)) from None
    if str(output) == "-":
        click.echo(block, nl=False)
        return
    target = output or _target(base)
    before = target.read_text(encoding="utf-8") if target.exists() else ""
    after = merged(before, block)
    if check:
        if before != after:
            raise click.ClickException(f"{target} is not up to date: segform codeowners {folder}")
    elif before != after:
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_text(after, encoding="utf-8")
        click.echo(f"{target} written", err=True)


def _root(folder: Path) -> Path:
    start = folder.resolve()
    for parent in (start, *start.parents):
        if (parent / ".git").exists():
            return parent
    raise click.ClickException(f"{folder} is in no git repository; give --root")


def _target(root: Path) -> Path:
    found = next((root / home for home in _HOMES if (root / home).exists()), None)
    return found or root / _HOMES[0]
