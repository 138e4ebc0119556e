"""The fixtures that the emulator gives to the tests of others."""

from __future__ import annotations

import asyncio
from pathlib import Path
from typing import Any

import httpx
import pytest

from segform_emulator import Emulator
from segform_emulator.errors import Dropped
from segform_emulator.pytest_plugin import segment_client, segment_emulator

__all__ = ["segment_client", "segment_emulator"]


def test_the_client_and_the_emulator_belong_together(
    segment_client: Any, segment_emulator: Emulator
) -> None:
    assert segment_client.workspaces.get()["id"] == segment_emulator.dump()["workspaces"][0]["id"]
    segment_client.labels.create(key="environment", value="production")
    assert segment_emulator.recorder.counts["createLabel"] == 1


def test_each_test_starts_empty(segment_emulator: Emulator) -> None:
    assert segment_emulator.dump()["workspaces"][0]["labels"] == []


def test_it_is_an_asgi_application_in_process(segment_emulator: Emulator) -> None:
    async def ask() -> list[httpx.Response]:
        head = {"authorization": f"Bearer {segment_emulator.token}"}
        carried = httpx.ASGITransport(segment_emulator.app)
        async with httpx.AsyncClient(
            transport=carried, base_url="http://emulator", headers=head
        ) as client:
            body = {"label": {"key": "environment", "value": "production"}}
            made = await client.post("/labels", json=body)
            segment_emulator.fault("drop_after_commit", operation="listLabels")
            with pytest.raises(Dropped):
                await client.get("/labels")
            return [made, await client.get("/labels"), await client.get("/labels/a%2Fb")]

    made, found, none = asyncio.run(ask())
    assert (made.status_code, none.status_code) == (201, 404)
    assert found.json()["data"]["labels"] == [made.json()["data"]["label"]]


def test_a_fresh_workspace_reads_nothing_anew(monkeypatch: pytest.MonkeyPatch) -> None:
    """What makes the first one slow, catalogue and contract, is read once."""
    Emulator().seed(sources=1)

    def refuse(*_: Any, **__: Any) -> Any:
        raise AssertionError("a file was read")

    monkeypatch.setattr(Path, "read_text", refuse)
    emulator = Emulator()
    emulator.seed(sources=1)
    head = {"authorization": f"Bearer {emulator.token}"}
    with httpx.Client(
        transport=emulator.transport(), base_url="http://emulator", headers=head
    ) as client:
        assert len(client.get("/sources").json()["data"]["sources"]) == 1
