"""Kills over a workspace of all kinds: on local state, on PostgreSQL, with the journal, without it.

With the journal the next run makes it whole: nothing is lost, nothing is there twice. With the
journal lost the promise is weaker: nothing is there twice where the service keeps the key unique,
and elsewhere there is at most one orphan for each object that was being made; `segform drift` lists
them all, and the error that the next run ends with has the import block for each.
`make test` takes a sample, `make test-full` every write.
"""

from __future__ import annotations

import json
import re
import shutil
import subprocess
import sys
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from segform.resources import registry
from tests.protocol.shop import shop
from tests.terraform.harness import Failed
from tests.terraform.postgres import Postgres, postgres

from .runs import Run

pytestmark = [pytest.mark.terraform, pytest.mark.postgres]
DRIFT = (sys.executable, "-m", "segform", "drift", "--format", "json", "--terraform-state")
VICTIMS, MOMENTS = ("terraform", "provider"), ("after", "before")
# Who is killed, at which write, before or after it was carried out.
Case = tuple[str, int, str]
WANTED = Counter(address.partition(".")[0].removeprefix("segment_") for address in shop())
# Kind -> where a dump has its objects.
FAMILIES = {
    name: kind.about.open_family or kind.about.family
    for name, kind in registry().items()
    if kind.about.family
}


@pytest.fixture(scope="module")
def server() -> Iterator[Postgres]:
    """One PostgreSQL for all tests of this file; each has a schema of its own."""
    with postgres() as made:
        yield made


def _counts(run: Run) -> Counter[str]:
    held = run.emulator.snapshots.dump()["workspaces"][0]
    return Counter({kind: len(held.get(family) or ()) for kind, family in FAMILIES.items()})


def _wanted() -> Counter[str]:
    return Counter({kind: WANTED[kind] for kind in FAMILIES})


def _whole(run: Run) -> None:
    """The next run makes it whole, and each object is there once."""
    run.tf.apply()
    assert run.tf.tainted() == []
    assert run.tf.plan() == {}
    assert _counts(run) == _wanted()


def _weaker(run: Run) -> None:
    """The next run without the journal; then what its errors say, until it is whole."""
    shutil.rmtree(run.folder / ".segform", ignore_errors=True)
    for _ in range(8):
        printed = run.tf.run("apply", "-auto-approve", "-no-color", "-input=false", code=(0, 1))
        assert run.tf.tainted() == []
        there, orphans = _counts(run), _orphans(run)
        for kind in FAMILIES:
            most = WANTED[kind] if registry()[kind].about.key_unique else 2 * WANTED[kind]
            assert there[kind] <= most, (kind, there[kind])
        assert orphans <= _drift(run), (orphans, printed)
        if "Apply complete!" in printed:
            break
        _import_what_is_there(run, printed)
    assert run.tf.plan() == {}
    for kind in FAMILIES:
        if registry()[kind].about.key_unique:
            assert _counts(run)[kind] == WANTED[kind], kind


def _orphans(run: Run) -> set[str]:
    """Ids of objects that the workspace has and the state does not."""
    held = run.emulator.snapshots.dump()["workspaces"][0]
    known = {str(values.get("id")) for values in run.tf.state().values()}
    ids = {
        str(one["id"])
        for kind, family in FAMILIES.items()
        for one in held.get(family) or ()
        if "id" in one and kind != "user"
    }
    return ids - known


def _drift(run: Run) -> set[str]:
    """The ids that `segform drift` says are in no state."""
    state = run.folder / "pulled.tfstate"
    state.write_text(run.tf.run("state", "pull") or '{"version": 4, "resources": []}')
    done = subprocess.run(
        [*DRIFT, str(state)],
        cwd=run.folder,
        env=run.tf.env,
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    notes = [one for one in json.loads(done.stdout)["notes"] if one.startswith("in no state")]
    return {one.rpartition(":")[2] for note in notes for one in re.findall(r"\(([^()\s]+)\)", note)}


def _import_what_is_there(run: Run, printed: str) -> None:
    """Import what the errors name, as they say."""
    done = 0
    for block in re.sub(r"[│╷╵]", " ", printed).split("Error: ")[1:]:
        address = re.search(r"with (segment_[\w.]+),", block)
        import_id = re.search(r'to = segment_\w+\.<name>\s+id = "([^"]+)"', block)
        if address and import_id:
            run.tf.run("import", "-no-color", "-input=false", address[1], import_id[1])
            done += 1
    assert done, printed


def _swept(folder: Path, terraform: str, backend: Any, case: Case, *, lost: bool) -> bool:
    """One run that is killed and what comes after it; False where there were fewer writes."""
    victim, number, moment = case
    run = Run(folder, terraform)
    with run.gate.open():
        run.prepare_all(backend)
        struck = run.apply_killed(victim, number, moment, writes=True)
        try:
            (_weaker if lost else _whole)(run)
        except (AssertionError, Failed) as problem:
            pytest.fail(f"{victim} killed {moment} write {number}: {problem}")
        run.tf.close()
    return struck


SAMPLE = [
    ("local", "kept", ("terraform", 9, "after")),
    ("pg", "kept", ("terraform", 14, "after")),
    ("pg", "lost", ("terraform", 12, "after")),
    ("local", "lost", ("provider", 17, "after")),
]


@pytest.mark.timeout(300)
@pytest.mark.parametrize(("where", "journal", "case"), SAMPLE)
def test_a_sample_of_kills(
    tmp_path: Path,
    terraform: str,
    server: Postgres,
    where: str,
    journal: str,
    case: Case,
) -> None:
    backend = server.arguments() if where == "pg" else None
    assert _swept(tmp_path / "a shop", terraform, backend, case, lost=journal == "lost")


@pytest.mark.full
@pytest.mark.timeout(7200)
@pytest.mark.parametrize("journal", ["kept", "lost"])
@pytest.mark.parametrize("where", ["local", "pg"])
def test_every_write_of_all_kinds(
    tmp_path: Path, terraform: str, server: Postgres, where: str, journal: str
) -> None:
    number, struck = 0, True
    while struck:
        number += 1
        # Each write is struck once; who is killed and when changes from one to the next.
        case = (VICTIMS[number % 2], number, MOMENTS[number // 2 % 2])
        backend = server.arguments() if where == "pg" else None
        folder = tmp_path / f"shop {number}"
        struck = _swept(folder, terraform, backend, case, lost=journal == "lost")
    assert number > sum(WANTED.values()), "all kinds take more writes than that"
