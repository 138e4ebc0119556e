"""`segform plan`: what would have to be done, and what speaks against it."""

from __future__ import annotations

import os
from pathlib import Path

import click

from . import _options, _place


@click.command("plan")
@click.argument("file", required=False, type=click.Path(path_type=Path, exists=True))
@click.option("--out", type=click.Path(path_type=Path, dir_okay=False), help="Write the plan.")
@click.option("--json", "as_json", is_flag=True, help="Print the plan as JSON instead of words.")
@click.option("--exit-code", is_flag=True, help="Exit with 2 if there is something to do.")
@_options.wanting
def command(
    file: Path | None,
    to: Path | None,
    out: Path | None,
    as_json: bool,
    exit_code: bool,
    python: bool,
    target: tuple[str, ...],
    complete: tuple[str, ...],
    children: bool,
    let_go: tuple[str, ...],
    terraform: tuple[Path, ...],
    bindings: Path | None,
) -> None:
    """Compare what FILE wants with the workspace. Writes nothing to Segment.

    FILE: a snapshot (JSON, YAML, a folder), or Python that declares `desired`. Deleted is only
    what the bindings file knows and FILE no longer has, kinds named by --complete, and with
    --children what hangs below declared objects.

    Exit code 0: planned; 2: with --exit-code, there is something to do; 3: refused.
    """
    from segform.workspace import files

    source = _place.one_of(file, to)
    with _place.told():
        files.writable(out)
    with _place.opened(bindings, let_go=let_go, terraform=terraform) as engine:
        wanted = _place.desired_of(
            source,
            engine,
            python,
            complete,
            adopting=to is None,
            children=children,
            targets=target,
        )
        _place.foretold(engine, wanted)
        with _place.progress() as progress:
            live = engine.observe(engine.compared(wanted), progress, known=True)
        found = engine.plan(wanted, live=live, targets=target)
        from segform.workspace.plan import irreversible

        if to is not None:
            found.warnings += irreversible(found)
        if out is not None:
            files.put(out, _place.as_json(found.to_dict()) + "\n")
        if as_json:
            click.echo(_place.as_json(found.to_dict()))
        else:
            _place.show(found)
        _place.remarks(found)
        if out is not None and not found.problems and not os.environ.get("CI"):
            # In CI whoever runs this knows what becomes of the plan.
            given = f"--to {to}" if to is not None else str(source)
            _place.say(
                f"written: {out}; `segform apply {given} --plan {out}`, with the same options, "
                "does exactly this"
            )
        if found.problems:
            raise click.exceptions.Exit(_place.REFUSED)
        if exit_code and found:
            raise click.exceptions.Exit(2)
