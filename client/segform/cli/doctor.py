"""`segform doctor`: whether everything that is needed is there, and what to do."""

from __future__ import annotations

import click

from . import _options, _place


@click.command("doctor")
@click.option("--json", "as_json", is_flag=True, help="Print JSON instead of words.")
@_options.profile_option
def command(as_json: bool) -> None:
    """Look at token, workspace, versions, Terraform, provider.

    Region, role, journal, bindings and Node too; nothing is written.
    Exit code 0: all that is needed is there; 1: something is not, and each line says what to do.
    """
    from segform.workspace import examination

    found = [*_place.profiled(), *examination.examine(_place.wire, _place.bound())]
    if as_json:
        lines = {"format": "segform.doctor", "version": 1, "checks": [x._asdict() for x in found]}
        click.echo(_place.as_json(lines))
    else:
        for one in found:
            click.echo(_place.plain(f"{one.state:<7} {one.what:<12} {one.found}"))
            if one.mend:
                click.echo(_place.plain(f"{'':<20} -> {one.mend}"))
    if any(one.state == "wrong" for one in found):
        raise click.exceptions.Exit(1)
