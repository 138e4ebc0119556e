"""A marker in every secret and in the token is in nothing that comes out."""

from __future__ import annotations

import logging
import secrets
import traceback
from pathlib import Path
from typing import Any

import pytest

from segform.errors import SegformError
from segform.resources import registry
from segform.resources.destination import Destination
from segform.resources.function import Function
from segform.resources.insert_function_instance import InsertFunctionInstance
from segform.resources.profiles_warehouse import ProfilesWarehouse
from segform.resources.source import Source
from segform.resources.transformation import Transformation
from segform.resources.warehouse import Warehouse
from segform.workspace import Desired
from tests.protocol.shop import SPACE

from .conftest import Desk

# Kinds that have a secret: what the definitions say, less what the service makes.
KINDS = {
    "destination",
    "insert_function_instance",
    "profiles_warehouse",
    "source",
    "transformation",
    "warehouse",
}
_FILE = """
from tests.cli.test_secrets import wanted
desired = wanted({marker!r}, {turn})
"""


def wanted(marker: str, turn: int) -> Desired:
    """One object of every kind that has a secret, each with a marker in it.

    A source's is the marker backwards: the API shows a source's settings as they are.
    """
    made = Desired()
    secret = f"{marker}-{turn}"
    web = Source(
        slug="web",
        name="Web",
        enabled=True,
        metadata={"id": "IqDTy1TpoU"},
        settings={"apiSecret": f"source-{secret[::-1]}"},
    )
    made.add(web)
    hook = Destination(
        name="Hook" if turn < 3 else "Theirs",
        enabled=True,
        source_id=web,
        metadata={"id": "614a3c7d791c91c41bae7599"},
        settings={"sharedSecret": secret},
    )
    made.add(hook, "hook")
    settings = {"hostname": "db.example", "password": secret}
    made.add(Warehouse(name="Main", metadata={"id": "55d3d3aea3c"}, settings=settings))
    made.add(
        ProfilesWarehouse(
            space_id=SPACE, metadata_id="55d3d3aea3c", name="People", settings=settings
        )
    )
    code = "async function onTrack(event) { return event }"
    field: Any = {
        "name": "key",
        "label": "Key",
        "description": "A key.",
        "type": "STRING",
        "required": False,
        "sensitive": True,
    }
    clean = Function(
        code=code, display_name="Clean", resource_type="INSERT_DESTINATION", settings=[field]
    )
    made.add(clean)
    made.add(
        InsertFunctionInstance(
            function_id=clean,
            integration_id=hook,
            name="Clean",
            enabled=True,
            settings={"key": secret},
        )
    )
    made.add(
        Transformation(
            source_id=web,
            name="Tidy",
            enabled=True,
            when='event = "a"',
            hash_properties_configuration={
                "algorithm": "HMAC-SHA256",
                "key": secret,
                "paths": ["properties.email"],
            },
        )
    )
    return made


def test_every_kind_with_a_secret_is_among_them() -> None:
    having = {
        name
        for name, kind in registry().items()
        if any(item.hides and item.settable for item in kind.attributes.values())
    }
    assert having == KINDS
    assert {one.kind for one in wanted("x", 1)} >= KINDS


@pytest.mark.timeout(120)
def test_a_marker_is_nowhere(
    desk: Desk, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    marker = f"marker{secrets.token_hex(8)}"
    monkeypatch.setenv("SEGMENT_LOG", "debug")
    # Everything that any library says, below debug too.
    caplog.set_level(1)
    for name in ("segform", "httpx", "httpcore", "tenacity"):
        caplog.set_level(1, logger=name)
    told: list[str] = []

    def run(*arguments: str, codes: tuple[int, ...] = (0,)) -> None:
        ended = desk.run(*arguments)
        assert ended.code in codes, (arguments, ended)
        told.append(ended.out + ended.err)

    declared = Path("wanted.py")
    for turn in (1, 2):
        declared.write_text(_FILE.format(marker=marker, turn=turn))
        run("plan", "wanted.py", "--out", "plan.json")
        run("plan", "wanted.py", "--json", "--exit-code", codes=(2,))
        for form in ("text", "markdown", "json"):
            run("report", "plan.json", "--format", form)
        run("apply", "wanted.py", "--plan", "plan.json", "--json")
    run("plan", "wanted.py", "--exit-code")
    # The service holds it, so the marker was everywhere that it could have come from.
    assert str(desk.place.emulator.dump()).count(f"{marker}-2") >= len(KINDS) - 1
    declared.write_text(_FILE.format(marker=marker, turn=3))
    for form in ("text", "json", "markdown"):
        run("drift", "wanted.py", "--format", form)
    run("pull", "--out", "now.json")
    run("pull", "--out", "now.yaml")
    run("check", "now.json", codes=(0, 1))
    run("compare", "live", "now.json")
    run("promote", "now.json")
    for form in ("hcl", "cdktf", "python"):
        run("export", "--format", form, "-o", form)
    run("disable", "destination", "hook")
    run("doctor", codes=(0, 1))
    # One that fails on its way.
    desk.place.emulator.fault("error_before", operation="updateDestination", count=100)
    run("apply", "wanted.py", "--yes", "--force", codes=(1,))
    declared.unlink()
    written = {
        path: path.read_text(errors="replace")
        for path in desk.folder.rglob("*")
        if path.is_file() and "__pycache__" not in path.parts
    }
    assert len(written) > 30
    logged = [record.getMessage() + str(record.__dict__) for record in caplog.records]
    assert logged
    for text in [*told, *written.values(), *logged, caplog.text]:
        assert marker not in text, _around(text, marker)
        assert desk.place.emulator.token not in text, _around(text, desk.place.emulator.token)
    # What the API shows in clear is in snapshots, and nowhere else.
    snapshots = {path for path in written if path.stem == "now" or "snapshots" in path.parts}
    for text in [*told, *logged, *(written[path] for path in written.keys() - snapshots)]:
        assert marker[::-1] not in text, _around(text, marker[::-1])


def _around(text: str, found: str) -> str:
    at = text.index(found)
    return text[max(0, at - 300) : at + 100]


def test_a_marker_is_in_no_repr_and_no_exception(desk: Desk) -> None:
    marker = f"marker{secrets.token_hex(8)}"
    place, made = desk.place, wanted(marker, 1)
    engine = place.engine()
    plan = engine.plan(made)
    applied = engine.apply(plan, made)
    later = wanted(marker, 2)
    again = place.engine()
    changes = again.plan(later)
    place.emulator.fault("error_before", method="PATCH", count=100)
    place.emulator.fault("error_before", method="POST", count=100)
    with pytest.raises(SegformError) as caught:
        again.apply(changes, later)
    shown = "".join(traceback.format_exception(caught.value))
    seen: list[object] = [
        made,
        *made,
        *(one for change in (*plan, *changes) for one in (change, *change.differences)),
        plan,
        applied,
        engine,
        engine.life,
        engine.client,
        *plan.live,
        plan.matching,
        again.memory,
        caught.value,
        caught.value.__dict__,
        Warehouse(name="a", metadata={"id": "b"}, settings={"password": marker}),
    ]
    texts = [shown, *map(repr, seen), *map(str, seen)]
    hidden = (marker, marker[::-1], place.emulator.token)
    assert not [text for text in texts if any(one in text for one in hidden)]
    logging.getLogger("segform").debug("%r", seen)


def test_write_keys_stay_where_they_are(desk: Desk) -> None:
    desk.has()
    keys = [key for one in desk.place.held()["sources"] for key in one["writeKeys"]]
    assert keys
    told = desk.run("pull").out + desk.run("pull", "--out", "a.yaml").err
    text = told + Path("a.yaml").read_text()
    assert not [key for key in keys if key in text]
