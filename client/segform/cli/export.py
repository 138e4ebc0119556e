"""`segform export`: a workspace, or a snapshot of one, as code."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click

from . import _options, _place, why
from ._reading import reading

_FORMATS = ("hcl", "cdktf", "python")


@click.command("export")
@click.argument("snapshot", default="live")
@click.option("--format", "form", type=click.Choice(_FORMATS), required=True, help="What to write.")
@click.option(
    "--out",
    "-o",
    type=click.Path(file_okay=False, path_type=Path),
    default=Path("infrastructure"),
    show_default=True,
    help="Folder of the code.",
)
@click.option(
    "--by", metavar="LABEL", help="Key of the label that names a source's team: a file for each."
)
@click.option(
    "--kind",
    "kinds",
    multiple=True,
    shell_complete=_options.kinds,
    help="Only this kind; may be repeated.",
)
@click.option(
    "--merge",
    "merging",
    is_flag=True,
    help="Add what the folder does not have; touch no file that is there.",
)
@click.option("--events", is_flag=True, help="A file for each event of a plan (not for hcl).")
@_options.profile_option
def command(
    snapshot: str,
    form: str,
    out: Path,
    by: str | None,
    kinds: tuple[str, ...],
    merging: bool,
    events: bool,
) -> None:
    """Write SNAPSHOT (a file, or `live`: what there is now) as code that plans empty.

    Nothing is written to Segment. The folder's NOTES.md says which secrets are to be filled in,
    what is not in the code, and what comes next. Files that were edited since they were written
    are never touched: then nothing is written, exit code 3; with --merge objects that the folder
    does not have are added in files of their own, and what was not done is told.
    """
    from segform.errors import SegformError
    from segform.export import Edited, export, merge, write

    not_done: list[str] = []
    lacking: list[str] = []
    try:
        read = _snapshot(snapshot, lacking)
        if merging:
            exported, changed, not_done = merge(
                read, out, form, by=by, kinds=kinds, events=events, lacking=lacking
            )
        else:
            exported = export(read, form, by=by, kinds=kinds, events=events, lacking=lacking)
            changed = write(exported.files, out, exported.objects)
    except Edited as problem:
        _place.say(f"Refused, nothing was written: {problem}")
        raise click.exceptions.Exit(3) from None
    except OSError as problem:
        raise click.ClickException(_place.plain(why(problem))) from None
    except (SegformError, ValueError, ImportError) as problem:
        raise click.ClickException(_place.plain(problem)) from None
    if merging:
        _place.say(f"{out}: {len(exported.objects)} objects added, in {len(changed)} files")
    else:
        _place.say(f"{out}: {len(exported.files)} files, {len(changed)} of them new or changed")
    for words in not_done:
        _place.say(f"not done: {words}")
    if exported.secrets:
        number = _place.counted(len(exported.secrets), "secret")
        _place.say(f"{number} to fill in: see {out / 'NOTES.md'}")
    for words in exported.left_out:
        _place.say(f"not in the code: {words}")
    for words in exported.clicks:
        _place.say(f"in Segment's app: {words}")


def _snapshot(name: str, lacking: list[str]) -> dict[str, Any]:
    """The snapshot that is meant; what it does not hold is added to `lacking`."""
    if name != "live" or Path(name).exists():
        from segform.workspace import files

        if not Path(name).exists():
            raise ValueError(f"there is no file {name}; `live` is the workspace of the token")
        lacking += files.lacking(Path(name))
        return files.read(Path(name))
    with _place.wire(read_only=True) as client:
        engine = reading(client)
        found = engine.pull()
    _place.unseen(engine.unseen)
    return found
