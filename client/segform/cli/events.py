"""`segform events FOLDER`: the events of a plan as a page that people read."""

from __future__ import annotations

from pathlib import Path

import click


@click.command("events")
@click.argument("folder", type=click.Path(exists=True, file_okay=False, path_type=Path))
@click.option("--html", "as_html", is_flag=True, help="A page of HTML in place of Markdown.")
@click.option("--title", default="Events", show_default=True, help="Heading of the page.")
@click.option(
    "--output",
    type=click.Path(dir_okay=False, path_type=Path),
    help="File; the screen if left out.",
)
def command(folder: Path, as_html: bool, title: str, output: Path | None) -> None:
    """Render the event files in FOLDER as a catalogue for people.

    It says of each event what it is, why it is there, whose it is and for whom.
    """
    from segform.tracking.catalogue import markdown, page
    from segform.tracking.files import EventFileError, load_folder

    try:
        events = load_folder(folder)
    except (EventFileError, ImportError) as problem:
        raise click.ClickException(str(problem)) from None
    text = page(events, title) if as_html else markdown(events, title)
    if output is None:
        click.echo(text, nl=False)
    else:
        output.write_text(text, encoding="utf-8")
