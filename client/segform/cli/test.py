"""`segform test`: example events against plans, filters and mappings, without a network."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

if TYPE_CHECKING:
    from collections.abc import Sequence

    from segform.workspace.fixtures import Fixture


@click.command("test")
@click.argument("paths", nargs=-1, type=click.Path(path_type=Path, exists=True))
@click.option(
    "--against",
    type=click.Path(path_type=Path, exists=True),
    multiple=True,
    help="Snapshots, or a plan (`terraform show -json`): the workspace that is tested.",
)
@click.option("--format", "form", type=click.Choice(("text", "json")), default="text")
@click.option("--junit", type=click.Path(path_type=Path), help="Write JUnit XML to a file, too.")
@click.option(
    "--catalog",
    type=click.Path(path_type=Path, exists=True, dir_okay=False),
    help="A catalogue from a file: which calls destinations take, and their actions' fields.",
)
@click.option("--quiet", is_flag=True, help="Show only what failed.")
def command(
    paths: tuple[Path, ...],
    against: tuple[Path, ...],
    form: str,
    junit: Path | None,
    catalog: Path | None,
    quiet: bool,
) -> None:
    """Send example events through a workspace, offline. PATHS: fixtures, and snapshots beside them.

    A fixture is an event and what is expected of it: that it keeps to its tracking plan, that a
    filter drops it, what a mapping makes of it. Exit code 0: all passed; 1: not.
    """
    from segform.workspace.documents import DocumentError
    from segform.workspace.testing import run

    try:
        fixtures, workspaces = _read(paths or (Path(),), against)
    except (DocumentError, ValueError) as bad:
        raise click.ClickException(str(bad)) from None
    if not fixtures:
        where = ", ".join(map(str, paths)) or "this folder"
        raise click.ClickException(
            f"there are no fixtures in {where}; a file of them has "
            '`"format": "segform.fixtures"` at its top'
        )
    if not workspaces:
        raise click.ClickException(
            "there is no workspace to test against: put a snapshot beside the fixtures, or name "
            "one, or a plan, with --against"
        )
    from segform.workspace.world import World

    from . import _catalog

    known = _catalog.at_hand(catalog, refresh=False)[0] if catalog else None
    results = run(fixtures, World(workspaces, known))
    if junit is not None:
        from segform.workspace.junit import junit as as_junit

        junit.write_text(f"{as_junit(results)}\n", encoding="utf-8")
    click.echo(_json(results) if form == "json" else _text(results, quiet=quiet))
    if any(one.outcome != "passed" for one in results):
        raise click.exceptions.Exit(1)


def _read(
    paths: Sequence[Path], against: Sequence[Path]
) -> tuple[list[Fixture], list[dict[str, Any]]]:
    from segform.workspace import documents, fixtures
    from segform.workspace import things as snapshot

    found: list[Fixture] = []
    workspaces: list[dict[str, Any]] = []
    for path, _ in documents.files([*paths, *against]):
        document = documents.read(path)
        if fixtures.is_fixtures(document.value):
            found += fixtures.fixtures(document)
        elif snapshot.is_snapshot(document.value):
            workspaces += [dict(one) for _, one in snapshot.workspaces(document.value)]
        elif path in against:
            from segform.report.planned import workspace_of

            workspaces.append(workspace_of(document.value))
    return found, workspaces


def _text(results: Sequence[Any], *, quiet: bool) -> str:
    from collections import Counter

    counts = Counter(one.outcome for one in results)
    lines = [str(one) for one in results if not (quiet and one.outcome == "passed")]
    words = {"passed": "passed", "failed": "failed", "error": "could not be run"}
    said = ", ".join(f"{counts[key]} {word}" for key, word in words.items() if counts[key])
    return "\n".join([*lines, said])


def _json(results: Sequence[Any]) -> str:
    import json

    document = {
        "format": "segform.results",
        "version": 1,
        "results": [
            {
                "file": str(one.fixture.file),
                "line": one.fixture.line,
                "name": one.fixture.name,
                "outcome": one.outcome,
                "failures": list(one.failures),
            }
            for one in results
        ],
    }
    return json.dumps(document, indent=2, ensure_ascii=True)
