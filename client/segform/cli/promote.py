"""`segform promote`: what one workspace has, made in another."""

from __future__ import annotations

from pathlib import Path

import click

from . import _doing, _events, _options, _place


@click.command("promote")
@click.argument("source", metavar="FROM")
@_options.policy_option
@_options.file_option
@click.option(
    "--from-bindings",
    type=click.Path(path_type=Path, exists=True, dir_okay=False),
    help="The bindings file of FROM: its addresses are those of the other workspace too.",
)
@click.option("--apply", "carry_out", is_flag=True, help="Do it; without, only plan.")
@click.option("--yes", "-y", is_flag=True, help="Do not ask.")
@click.option("--force", is_flag=True, help="Also where much would be changed or deleted.")
@click.option("--exit-code", is_flag=True, help="Exit with 2 if there is something to do.")
@click.option("--json", "as_json", is_flag=True, help="Print JSON: the plan, or events.")
@_options.let_go_option
@_options.terraform_option
@_options.bindings_option
@_options.profile_option
def command(
    source: str,
    policy: Path | None,
    file: Path | None,
    from_bindings: Path | None,
    carry_out: bool,
    yes: bool,
    force: bool,
    exit_code: bool,
    as_json: bool,
    let_go: tuple[str, ...],
    terraform: tuple[Path, ...],
    bindings: Path | None,
) -> None:
    """Bring what FROM has to the workspace of the token.

    FROM: a snapshot (file or folder), or Python that declares `desired`; one of a git revision,
    `v1.2:shop.json`; or `live:NAME`, the workspace of the token that is in the environment variable
    NAME (`live:@NAME`: of that profile). Ids are not carried, the bindings of each workspace say
    which object is which; secrets and write keys are never carried, and what has to be given is
    told. Users and groups stay out unless the policy says otherwise; its `differ` names values that
    may differ.
    """
    from segform.workspace import Bindings
    from segform.workspace.policy import Policy
    from segform.workspace.promoting import promoted

    with _place.told():
        snapshot = _place.snapshot_of(source, file)
        rules = _place.policy_of(policy) or Policy()
        known = Bindings(from_bindings)
    with _place.opened(
        bindings, let_go=let_go, terraform=terraform, read_only=not carry_out
    ) as engine:
        with _place.progress() as progress:
            live = engine.observe(progress=progress)
        wanted = promoted(snapshot, known, engine, live, rules)
        plan = engine.plan(wanted, live=live)
        if not as_json:
            _place.show(plan)
        elif not carry_out:
            click.echo(_place.as_json(plan.to_dict()))
        _place.remarks(plan)
        if plan.problems:
            raise click.exceptions.Exit(_place.REFUSED)
        if not carry_out:
            if exit_code and plan:
                raise click.exceptions.Exit(2)
            return
        engine.check(plan, force=force)
        events = _events.Events() if as_json else None
        _doing.carry_out(engine, plan, wanted, live, yes=yes, force=force, events=events)
