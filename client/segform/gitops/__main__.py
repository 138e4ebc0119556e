"""`python -m segform.gitops`: the steps of the CI templates.

Exit codes: 0 done; 1 failed; 2 drift; 3 refused, nothing was written.
"""

from __future__ import annotations

import os
import re
import sys
from collections.abc import Callable
from pathlib import Path

import click

from segform.gitops import repository, reviewed
from segform.gitops.engines import CHANGES, DONE, FAILED, REFUSED, Engine, Segform, Terraform
from segform.gitops.forge import Forge, ForgeError, bounded, of_environment, summary

_FOLDER = Path(".segform") / "gitops"


def _name(_context: click.Context, _parameter: click.Parameter, value: str) -> str:
    if not re.fullmatch(r"[A-Za-z0-9][A-Za-z0-9_.-]{0,63}", value):
        raise click.BadParameter("letters, digits, dots, dashes and underscores, at most 64")
    return value


_Command = Callable[..., None]


def _shared(command: _Command) -> _Command:
    """The options of all commands."""
    for option in (
        click.option("--engine", type=click.Choice(("segform", "terraform")), default="segform"),
        click.option("--file", default="", help="segform: what is wanted, a snapshot or Python."),
        click.option("--folder", default=".", help="terraform: the folder of the configuration."),
        click.option(
            "--name", default="segment", callback=_name, help="Of this workspace, among several."
        ),
        click.option(
            "--argument", "more", multiple=True, help="One more for plan and apply, one a line."
        ),
    ):
        command = option(command)
    return command


@click.group()
def main() -> None:
    """Plan on a pull request, apply on merge, drift on a schedule."""


@main.command()
@_shared
def plan(engine: str, file: str, folder: str, name: str, more: tuple[str, ...]) -> None:
    """Plan, tell it in one comment, and keep the plan for the apply."""
    forge, way = of_environment(), _way(engine, file, folder, more)
    key = _key(way)
    outcome = way.plan()
    _tell(forge, f"<!-- segform plan: {name} -->", f"### {name}\n\n{outcome.words}")
    if outcome.plan and outcome.code == DONE:
        tree, kept = repository.tree(), _kept(name)
        reviewed.write(kept, reviewed.Reviewed(tree, way.name, outcome.plan), key)
        if forge is not None:
            forge.store(name, tree, kept)
    sys.exit(outcome.code)


@main.command()
@click.option("--name", default="segment", callback=_name)
def fetch(name: str) -> None:
    """Find the plan that was reviewed for these files. None: `apply` will refuse."""
    forge = of_environment()
    found = forge.fetch(name, repository.tree(), _kept(name)) if forge is not None else ""
    click.echo(f"reviewed plan: {found or 'none'}")


@main.command()
@_shared
@click.option("--branch", default="", help="Where bindings are pushed to.")
def apply(
    engine: str, file: str, folder: str, name: str, more: tuple[str, ...], branch: str
) -> None:
    """Do what was reviewed, or nothing (exit code 3); push the bindings."""
    way = _way(engine, file, folder, more)
    held = reviewed.read(_kept(name), _key(way), tree=repository.tree(), engine=way.name)
    try:
        outcome = way.apply(held)
    finally:
        # Also of an apply that ended in the middle: what was made has to be known to the next.
        if repository.keep_bindings(branch or _branch()):
            click.echo("bindings: pushed")
    done = {DONE: "Applied.", REFUSED: "Refused, nothing was written: plan again."}
    words = done.get(outcome.code, "The apply ended in the middle. The job's log says why.")
    summary(bounded(f"### {name}\n\n**{words}**\n\n{outcome.words}"))
    sys.exit(outcome.code)


@main.command()
@_shared
@click.option("--issue", type=int, help="An issue whose comment says what drifted.")
def drift(
    engine: str, file: str, folder: str, name: str, more: tuple[str, ...], issue: int | None
) -> None:
    """Say what is no longer as declared; exit code 2 where there is something."""
    outcome = _way(engine, file, folder, more).drift()
    forge = of_environment() if issue else None
    words = outcome.words if outcome.code == CHANGES else "Nothing drifted."
    text = outcome.words if outcome.code == FAILED else words
    _tell(forge, f"<!-- segform drift: {name} -->", f"### {name}\n\n{text}", issue)
    sys.exit(outcome.code)


def _way(engine: str, file: str, folder: str, more: tuple[str, ...]) -> Engine:
    arguments = [line.strip() for one in more for line in one.splitlines() if line.strip()]
    if engine == "terraform":
        return Terraform(folder, arguments, os.environ.get("SEGFORM_TERRAFORM", "terraform"))
    if not file:
        raise click.UsageError("--file is needed: a snapshot, or Python that declares `desired`")
    return Segform(file, arguments)


def _key(way: Engine) -> str:
    key = os.environ.get("SEGFORM_PLAN_KEY", "").strip()
    if not key and way.name == "terraform":
        raise click.UsageError(
            "SEGFORM_PLAN_KEY is not set: a plan of Terraform holds secrets, and is kept sealed. "
            "Make a random text of 32 characters a secret of the repository"
        )
    return key


def _kept(name: str) -> Path:
    return _FOLDER / name / "plan"


def _branch() -> str:
    for variable in ("GITHUB_REF_NAME", "CI_COMMIT_BRANCH"):
        if os.environ.get(variable):
            return os.environ[variable]
    return repository.git("branch", "--show-current")


def _tell(forge: Forge | None, mark: str, words: str, issue: int | None = None) -> None:
    """One comment where there is a place for it, and the page of the run. A comment that cannot
    be made is said in the log: the plan is what counts."""
    words = bounded(words)
    summary(words)
    try:
        where = forge.comment(mark, f"{mark}\n{words}\n", issue) if forge is not None else ""
    except ForgeError as problem:
        click.echo(f"the comment was not made: {problem}", err=True)
    else:
        click.echo(f"comment: {where or 'none'}")


def run() -> None:
    """The command, with errors in words."""
    try:
        main(prog_name="python -m segform.gitops")
    except reviewed.NotReviewedError as problem:
        click.echo(f"Refused, nothing was written: {problem}", err=True)
        sys.exit(REFUSED)
    except (repository.GitError, ForgeError, ModuleNotFoundError, ValueError, OSError) as problem:
        click.echo(f"Error: {problem}", err=True)
        sys.exit(FAILED)


if __name__ == "__main__":
    run()
