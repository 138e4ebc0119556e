"""`segform apply`: carry out what a plan says, and nothing else."""

from __future__ import annotations

from pathlib import Path

import click

from . import _doing, _events, _options, _place


@click.command("apply")
@click.argument("file", required=False, type=click.Path(path_type=Path, exists=True))
@click.option(
    "--plan",
    "reviewed",
    type=click.Path(path_type=Path, exists=True, dir_okay=False),
    help="The plan that was reviewed (`plan --out`): do exactly this, or nothing (exit code 3).",
)
@click.option("--yes", "-y", is_flag=True, help="Do not ask.")
@click.option(
    "--force", is_flag=True, help="Also where much of the workspace would be changed or deleted."
)
@click.option("--json", "as_json", is_flag=True, help="Print a line of JSON for each event.")
@_options.wanting
def command(
    file: Path | None,
    to: Path | None,
    reviewed: Path | None,
    yes: bool,
    force: bool,
    as_json: bool,
    python: bool,
    target: tuple[str, ...],
    complete: tuple[str, ...],
    children: bool,
    let_go: tuple[str, ...],
    terraform: tuple[Path, ...],
    bindings: Path | None,
) -> None:
    """Make the workspace what FILE says. FILE as for `segform plan`.

    A snapshot is saved under .segform/snapshots before the first write: `segform plan --to` goes
    back to it. Ctrl-C and SIGTERM let the changes that are under way finish, and begin no others.

    Exit code 0: done; 1: something failed, and the next apply goes on; 3: refused, or the
    workspace is no longer what the plan was made from, and nothing was written; 130: interrupted.
    """
    from segform.workspace.documents import read
    from segform.workspace.plan import bound

    source = _place.one_of(file, to)
    with _place.told():
        review = read(reviewed).value if reviewed is not None else None
    with _place.opened(bindings, let_go=let_go, terraform=terraform, read_only=False) as engine:
        wanted = _place.desired_of(
            source,
            engine,
            python,
            complete,
            adopting=to is None,
            children=children,
            targets=target,
        )
        _place.foretold(engine)
        with _place.progress() as progress:
            # All kinds, for the snapshot; `plan` reads only those that it needs.
            live = engine.observe(progress=progress, known=True)
        found = engine.plan(wanted, live=live, targets=target)
        if reviewed is not None:
            bound(found, review, str(reviewed))
        if not as_json:
            _place.show(found)
        if to is not None:
            from segform.workspace.plan import irreversible

            found.warnings += irreversible(found)
        _place.remarks(found)
        if found.problems:
            _place.say("Refused, nothing was written.")
            raise click.exceptions.Exit(_place.REFUSED)
        engine.check(found, force=force)
        sure = yes or reviewed is not None
        _doing.carry_out(
            engine,
            found,
            wanted,
            live,
            yes=sure,
            force=force,
            events=_events.Events() if as_json else None,
        )
