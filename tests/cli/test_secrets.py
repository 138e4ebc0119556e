"""A marker in every secret and in the token is in nothing that comes out."""

from __future__ import annotations

import secrets
from pathlib import Path

import pytest

from .conftest import Desk

_SHOP = """
from segform.resources.destination import Destination
from segform.resources.source import Source
from segform.resources.warehouse import Warehouse
from segform.workspace import Desired

desired = Desired()
web = Source(slug="web", name="Web", enabled=True, metadata={{"id": "IqDTy1TpoU"}}, settings={{}})
desired.add(web)
desired.add(
    Destination(
        name="{name}",
        enabled=True,
        source_id=web,
        metadata={{"id": "614a3c7d791c91c41bae7599"}},
        settings={{"sharedSecret": "{marker}-{turn}"}},
    ),
    "hook",
)
desired.add(
    Warehouse(
        name="Main",
        metadata={{"id": "55d3d3aea3c"}},
        settings={{"hostname": "db.example", "password": "{marker}-{turn}"}},
    )
)
"""


def test_a_marker_is_nowhere(desk: Desk, monkeypatch: pytest.MonkeyPatch, caplog: object) -> None:
    marker = f"marker{secrets.token_hex(8)}"
    monkeypatch.setenv("SEGMENT_LOG", "debug")
    told: list[str] = []

    def run(*arguments: str, codes: tuple[int, ...] = (0,)) -> None:
        ended = desk.run(*arguments)
        assert ended.code in codes, ended
        told.append(ended.out + ended.err)

    wanted = Path("wanted.py")
    for turn in (1, 2):
        wanted.write_text(_SHOP.format(marker=marker, turn=turn, name="Hook"))
        run("plan", "wanted.py", "--out", "plan.json")
        run("plan", "wanted.py", "--json", "--exit-code", codes=(2,))
        run("apply", "wanted.py", "--plan", "plan.json", "--json")
    run("plan", "wanted.py", "--exit-code")
    wanted.write_text(_SHOP.format(marker=marker, turn=3, name="Theirs"))
    for form in ("text", "json", "markdown"):
        run("drift", "wanted.py", "--format", form)
    run("pull", "--out", "now.json")
    run("pull", "--out", "now.yaml")
    run("compare", "live", "now.json")
    run("promote", "now.json")
    run("disable", "destination", "hook")
    run("doctor")
    # One that fails on its way.
    desk.place.emulator.fault("error_before", operation="updateDestination", count=100)
    run("apply", "wanted.py", "--yes", codes=(1,))
    wanted.unlink()
    written = [
        path.read_text(errors="replace") for path in desk.folder.rglob("*") if path.is_file()
    ]
    assert len(written) > 5
    token = desk.place.emulator.token
    for text in [*told, *written, str(getattr(caplog, "text", ""))]:
        assert marker not in text
        assert token not in text


def test_write_keys_stay_where_they_are(desk: Desk) -> None:
    desk.has()
    keys = [key for one in desk.place.held()["sources"] for key in one["writeKeys"]]
    assert keys
    told = desk.run("pull").out + desk.run("pull", "--out", "a.yaml").err
    text = told + Path("a.yaml").read_text()
    assert not [key for key in keys if key in text]
