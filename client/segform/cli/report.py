"""`segform report`: a plan in words, for the reader of a pull request."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any

import click

_FORMATS = ("text", "markdown", "json")


@click.command("report")
@click.argument("file", type=click.Path(path_type=Path, allow_dash=True))
@click.option("--format", "form", type=click.Choice(_FORMATS), default="text", show_default=True)
@click.option("--output", "--out", type=click.Path(path_type=Path), help="Write to a file instead.")
@click.option(
    "--events",
    type=click.Path(path_type=Path, exists=True),
    multiple=True,
    help="Files or folders of example events: filters say how many they match.",
)
@click.option(
    "--snapshot",
    type=click.Path(path_type=Path, exists=True),
    help="The workspace, for a plan of segform: names all that uses what changes.",
)
@click.option(
    "--event-files",
    type=click.Path(path_type=Path, exists=True, file_okay=False),
    help="A folder of event files: their owners are named.",
)
@click.option("--exit-code", is_flag=True, help="2 where anything changes.")
def command(
    file: Path,
    form: str,
    output: Path | None,
    events: tuple[Path, ...],
    snapshot: Path | None,
    event_files: Path | None,
    exit_code: bool,
) -> None:
    """A plan or a workspace in words.

    FILE: a plan of segform, what `terraform show -json plan.bin` prints (- for stdin), or a
    snapshot (file or folder). A snapshot is told as what there is, where events go, and what is
    worth a look.

    Breaking changes come first, then what cannot be undone, then what changes for events. Secrets
    are not shown. Needs no network.
    """
    from segform.report import PlanError, render, review
    from segform.workspace.documents import DocumentError, read
    from segform.workspace.fixtures import events_of

    from ._place import plain

    found = None
    try:
        document = _document(file)
        if isinstance(document, dict) and document.get("format") == "segform.snapshot":
            text = _inventory(document, form)
        else:
            held = read(snapshot).value if snapshot else None
            changes = _changes(document, held, file)
            found = review(changes, events=events_of(events), owners=_owners(event_files))
            text = render(found, form)
    except (DocumentError, PlanError, ValueError, RecursionError) as bad:
        raise click.ClickException(plain(bad)) from None
    _write(text, output)
    if exit_code and found is not None and found.changes.changes:
        raise click.exceptions.Exit(2)


def _document(file: Path) -> Any:
    """What a file or standard input says. Raises ValueError."""
    from segform.resources.exact import loads
    from segform.workspace.documents import Document, read
    from segform.workspace.sound import sound

    if file.is_dir() or file.suffix.lower() in (".yaml", ".yml"):
        document = read(file)
        sound(document)
        return document.value
    # A plan of Terraform may be larger than a document of ours.
    name = _named(file)
    try:
        text = sys.stdin.read() if str(file) == "-" else file.read_text(encoding="utf-8-sig")
    except UnicodeDecodeError:
        raise ValueError(f"{name} is not UTF-8. Save it as UTF-8") from None
    except OSError as bad:
        raise ValueError(f"{name} cannot be read: {bad.strerror}") from None
    try:
        found = loads(text)
    except RecursionError:
        raise ValueError(f"{name} is nested too deeply to be read") from None
    except ValueError as bad:
        raise ValueError(f"{name} is not JSON: {bad}") from None
    sound(Document(file, text, found))
    return found


def _changes(document: Any, held: Any, file: Path) -> Any:
    """What a plan changes. Raises PlanError, which names the file."""
    from segform.report import PlanError, load

    try:
        return load(document, snapshot=held)
    except PlanError as bad:
        raise PlanError(f"{_named(file)}: {bad}") from None


def _named(file: Path) -> str:
    return "standard input" if str(file) == "-" else str(file)


def _inventory(snapshot: dict[str, Any], form: str) -> str:
    from segform.report.inventory import inventory, shown

    return shown(inventory(snapshot), form)


def _write(text: str, output: Path | None) -> None:
    if output is not None:
        output.write_text(f"{text}\n", encoding="utf-8")
    else:
        click.echo(text)


def _owners(folder: Path | None) -> dict[str, str]:
    """Key of an event's rule -> its owner. Raises ValueError for event files that are wrong."""
    if folder is None:
        return {}
    from segform.tracking.files import load_folder

    return {one.key: one.owner for one in load_folder(folder) if one.owner}
