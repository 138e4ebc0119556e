"""Ids are typed: mypy and pyright refuse the id of another kind, and any text."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from importlib import util
from pathlib import Path
from typing import Any

import pytest

from segform.export import export, write
from segform.resources import registry
from segform.resources.definition import STRING
from segform_cdktf import generate
from segform_cdktf.run import node
from tests.workspace.conftest import Place
from tests.workspace.shop import shop

pytestmark = [
    pytest.mark.slow,
    pytest.mark.timeout(300),
    pytest.mark.skipif(
        not all(util.find_spec(name) for name in ("mypy", "pyright")),
        reason="no type checkers in this environment (make floors has none)",
    ),
]

MYPY = (sys.executable, "-m", "mypy", "--strict", "--config-file=")
CACHE = Path(__file__).resolve().parents[2] / ".mypy_cache" / "of_tests"

# As people write it. Lines with `# refused` are refused, and no other line is.
BY_HAND = """\
from typing import cast

from cdktf import TerraformOutput, TerraformStack, TerraformVariable
from segform_cdktf import (
    DataSource,
    Destination,
    DestinationFilter,
    InsertFunctionInstance,
    SegmentProvider,
    Source,
    SourceId,
    SourceTrackingPlanConnection,
    TrackingPlan,
    Warehouse,
)


def typed(stack: TerraformStack) -> None:
    SegmentProvider(stack, "segment")
    web = Source(stack, "web", slug="web", enabled=True, metadata_id="a", settings={})
    house = Warehouse(stack, "house", metadata_id="a", settings={})
    plan = TrackingPlan(stack, "plan", name="Shop", type="LIVE")
    variable = TerraformVariable(stack, "known", type="string")
    found = DataSource(stack, "found", id="a known id")
    given = SourceId(variable.string_value)
    for source_id in (web.id, found.id, given, SourceId("a known id")):
        tool = Destination(
            stack, "tool", enabled=True, source_id=source_id, metadata_id="a", settings={}
        )
    a = Destination(
        stack,
        "a",
        enabled=True,
        source_id=house.id,  # refused
        metadata_id="a",
        settings={},
    )
    Destination(
        stack,
        "b",
        enabled=True,
        source_id="a text",  # refused
        metadata_id="a",
        settings={},
    )
    Destination(
        stack,
        "c",
        enabled=True,
        source_id=web.slug,  # refused
        metadata_id="a",
        settings={},
    )
    DestinationFilter(
        stack,
        "filter",
        source_id=a.source_id,
        destination_id=web.id,  # refused
        when="all",
        title="All",
        enabled=True,
        actions=[{"type": "DROP"}],
    )
    SourceTrackingPlanConnection(
        stack,
        "connection",
        source_id=web.id,
        tracking_plan_id=plan.id,
        schema_settings={"forwarding_violations_to": web.id},
    )
    SourceTrackingPlanConnection(
        stack,
        "other",
        source_id=web.id,
        tracking_plan_id=web.id,  # refused
        schema_settings={"forwarding_violations_to": plan.id},  # refused
    )
    InsertFunctionInstance(
        stack,
        "works",
        function_id=web.id,  # refused
        integration_id=a.id,
        name="a",
        enabled=True,
        settings={},
    )
    # An id is text for everybody else.
    TerraformOutput(stack, "out", value=web.id.upper() + f"{plan.id}")
    cast(str, tool.id)
"""


def by_definition() -> Iterator[str]:
    """Each reference of each kind: with the right id, with another kind's, with a text."""
    ids = {kind: generate.id_type(kind) for kind in generate.kinds_with_ids()}
    references = [
        (definition.__name__, item.name, kinds, others_of(definition, item.name))
        for definition in registry().values()
        for item in definition.attributes.values()
        if item.type == STRING and (kinds := (item.reference,) if item.reference else item.either)
    ]
    assert len(references) >= 15
    constructs = sorted({name for name, *_ in references} | set(ids.values()))
    yield "from typing import Any"
    yield ""
    yield "from cdktf import TerraformStack"
    yield f"from segform_cdktf import {', '.join(constructs)}"
    parameters = ", ".join(f"{kind}: {ids[kind]}" for kind in ids)
    yield ""
    yield f"def every(stack: TerraformStack, any: Any, text: str, {parameters}) -> None:"
    for name, attribute, kinds, others in references:
        rest = "".join(f", {other}=any" for other in others)
        for value in (*ids, "text"):
            mark = "" if value in kinds else "  # refused"
            yield f'    {name}(stack, "x", {attribute}={value}{rest}){mark}'


def others_of(definition: Any, name: str) -> list[str]:
    """The other arguments that a construct must have."""
    python = definition.python_names()
    return [
        item.flat or python[item.name]
        for item in definition.attributes.values()
        if item.required and item.name != name
    ]


@pytest.fixture(scope="module")
def snippets(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("typed")
    (folder / "by_hand.py").write_text(BY_HAND)
    (folder / "by_definition.py").write_text("\n".join(by_definition()) + "\n")
    return folder


def marked(folder: Path) -> set[tuple[str, int]]:
    return {
        (path.name, at)
        for path in folder.glob("*.py")
        for at, line in enumerate(path.read_text().splitlines(), 1)
        if "# refused" in line
    }


def mypy(folder: Path) -> list[dict[str, Any]]:
    done = subprocess.run(
        [*MYPY, "--output", "json", "."],
        cwd=folder,
        env={**os.environ, "MYPY_CACHE_DIR": str(CACHE)},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode in (0, 1), done.stderr or done.stdout
    found = [json.loads(line) for line in done.stdout.splitlines() if line.startswith("{")]
    assert bool(found) == bool(done.returncode), done.stdout
    return [one for one in found if one["severity"] == "error"]


def pyright(folder: Path) -> list[dict[str, Any]]:
    (folder / "pyrightconfig.json").write_text(json.dumps({"typeCheckingMode": "strict"}))
    bundled = node()
    path = [str(bundled.parent)] if bundled else []
    done = subprocess.run(
        [sys.executable, "-m", "pyright", "--outputjson", "--pythonpath", sys.executable],
        cwd=folder,
        env={**os.environ, "PATH": os.pathsep.join([*path, os.environ["PATH"]])},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode in (0, 1), done.stderr or done.stdout
    return [
        one for one in json.loads(done.stdout)["generalDiagnostics"] if one["severity"] == "error"
    ]


def test_mypy_refuses_the_ids_of_other_kinds(snippets: Path) -> None:
    found = mypy(snippets)
    assert {(Path(one["file"]).name, one["line"]) for one in found} == marked(snippets)
    assert {one["code"] for one in found} == {"arg-type"}


def test_pyright_refuses_the_ids_of_other_kinds(snippets: Path) -> None:
    found = pyright(snippets)
    lines = {(Path(one["file"]).name, one["range"]["start"]["line"] + 1) for one in found}
    assert lines == marked(snippets)
    assert {one["rule"] for one in found} == {"reportArgumentType"}


def test_an_exported_app_type_checks(tmp_path: Path) -> None:
    """Ids that the export cannot resolve are written as ids of their kind."""
    place = Place(tmp_path / "place")
    wanted = shop()
    engine = place.engine()
    engine.apply(engine.plan(wanted), wanted)
    snapshot = place.engine().pull()
    [workspace] = snapshot["workspaces"]
    workspace["functions"] = []
    workspace["sources"][0]["schemaSettings"]["forwardingViolationsTo"] = "elsewhere"
    folder = tmp_path / "app"
    write(export(snapshot, "cdktf").files, folder)
    texts = [path.read_text() for path in folder.glob("*.py")]
    assert any('"forwarding_violations_to": SourceId("elsewhere")' in text for text in texts)
    assert any('function_id=FunctionId("' in text for text in texts)
    assert mypy(folder) == []
