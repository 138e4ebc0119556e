"""`segform drift`: what others changed, who, and when."""

from __future__ import annotations

from pathlib import Path

import click

from . import _options, _place


@click.command("drift")
@click.argument("file", required=False, type=click.Path(path_type=Path, exists=True))
@click.option(
    "--format",
    "form",
    type=click.Choice(("text", "json", "markdown")),
    default="text",
    show_default=True,
)
@click.option("--output", type=click.Path(path_type=Path, dir_okay=False), help="Write to a file.")
@click.option("--exit-code", is_flag=True, help="Exit with 2 if something drifted.")
@_options.python_option
@click.option(
    "--complete",
    multiple=True,
    metavar="KIND",
    shell_complete=_options.kinds,
    help="What there is of this kind and FILE has not is drift too, as it is with a snapshot; may "
    "be repeated.",
)
@_options.terraform_option
@_options.bindings_option
@_options.profile_option
def command(
    file: Path | None,
    form: str,
    output: Path | None,
    exit_code: bool,
    python: bool,
    complete: tuple[str, ...],
    terraform: tuple[Path, ...],
    bindings: Path | None,
) -> None:
    """Say where the workspace is no longer what FILE declares. Writes nothing to Segment.

    FILE as for `segform plan`. What a snapshot has not was added. What Python does not declare is
    only named, unless its kind is declared completely or it hangs below a declared object. Each
    change comes with who made it and when, from the audit trail. With --terraform-state code, state
    and workspace are compared, and each difference says which of them changed; FILE may be left out
    then.
    Exit code 0: looked; 2: with --exit-code, something drifted; 1: it could not be looked, or not
    at all of it: the token does not see everything that is declared.
    """
    file = file or _place.declared()
    if file is None and not terraform:
        raise click.UsageError("give FILE, or --terraform-state with what Terraform knows")
    from segform.workspace import files

    with _place.told():
        files.writable(output)
    with _place.opened(bindings, terraform=terraform) as engine:
        from segform.workspace import Desired

        wanted = Desired() if file is None else _place.desired_of(file, engine, python, complete)
        with _place.progress() as progress:
            # Of what a snapshot had none, somebody may have added one.
            live = engine.observe(engine.compared(wanted) | wanted.whole, progress)
        plan = engine.plan(wanted, live=live)
        from segform.workspace.drifting import drift

        found = drift(engine, wanted, plan)
        if form == "json":
            text = _place.as_json(found.to_dict())
        else:
            text = found.markdown().rstrip() if form == "markdown" else str(found)
        if output is None and form == "text":
            _place.show(text)
        elif output is None:
            click.echo(text)
        else:
            files.put(output, f"{text}\n")
        if form == "text":
            for note in found.notes:
                _place.say(note, "note: ")
        if exit_code and found:
            raise click.exceptions.Exit(2)
        if found.unseen:
            raise click.exceptions.Exit(1)
