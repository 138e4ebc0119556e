"""`segform pull`: the whole workspace as one readable snapshot."""

from __future__ import annotations

from contextlib import closing
from pathlib import Path

import click

from . import _options, _place


@click.command("pull")
@click.option(
    "--out",
    "-o",
    type=click.Path(path_type=Path),
    help="FILE.json, FILE.yaml, or a folder (a name without ending); default: standard output (-).",
)
@_options.bindings_option
@click.option("--bind", is_flag=True, help="Write the bindings of what was read.")
@click.option(
    "--resume-within",
    "minutes",
    type=click.FloatRange(min=0),
    default=15.0,
    show_default=True,
    metavar="MINUTES",
    help="Go on with a pull that was interrupted no longer ago; 0 begins anew.",
)
@_options.profile_option
def command(out: Path | None, bindings: Path | None, bind: bool, minutes: float) -> None:
    """Read the whole workspace into a snapshot. Writes nothing to Segment.

    The snapshot is what `plan` and `apply` take. Write keys and secrets are not in it. What the
    token may not see is told on stderr; exit code 0 all the same. A pull that was interrupted is
    gone on with, if the same token asks again soon; what is taken over of it is told.
    """
    from segform.workspace import files

    with _place.told():
        files.snapshot_name(out)
        files.writable(None if str(out) == "-" else out)
    with _place.opened(bindings) as engine, closing(engine.resume(minutes)) as kept:
        if kept.taken:
            _place.say(
                f"going on with a pull that was interrupted: "
                f"{_place.counted(kept.taken, 'answer')} of it, the oldest from "
                f"{_place.duration(kept.age)} ago, will be used again "
                "(--resume-within 0 begins anew)"
            )
        _place.foretold(engine)
        with _place.progress() as progress:
            found = engine.pull(progress, known=True)
        from segform.workspace.snapshot import text

        if out is None or str(out) == "-":
            click.echo(_place.escaped(text(found)), nl=False)
        else:
            files.write(found, out)
            _place.say(f"written: {out}")
        kept.done()
        if bind:
            plan = engine.plan(found, live=engine.seen)
            engine.adopt(plan)
            _place.say(f"written: {engine.bindings.path} ({len(engine.bindings)} objects)")
        _place.unseen(engine.unseen)
