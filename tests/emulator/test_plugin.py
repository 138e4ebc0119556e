"""The fixtures that the emulator gives to the tests of others."""

from __future__ import annotations

from typing import Any

from segform_emulator import Emulator
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
