"""What the provider says of itself, its own configuration and what it cannot do."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from segform_provider.protocol.wire import message
from segform_provider.rpc import handlers

from .conftest import Start
from .core import Core, DiagnosticsError
from .six import six


def test_the_names_are_those_of_the_schema(core: Core) -> None:
    told = handlers()["GetMetadata"](message("GetMetadata.Request")())
    assert {one.type_name for one in told.resources} == set(core.schemas.resource_schemas)
    assert {one.type_name for one in told.data_sources} == set(core.schemas.data_source_schemas)
    assert {one.name for one in told.functions} == set(core.schemas.functions)
    assert told.server_capabilities == core.schemas.server_capabilities
    assert core.schemas.server_capabilities.move_resource_state


def test_a_kind_that_is_none_cannot_be_protected(start: Start) -> None:
    with pytest.raises(
        DiagnosticsError, match="'sorce' is not a kind that this provider manages"
    ) as e:
        start(protect=["source", "sorce"])
    assert e.value.paths == ["protect"]


def test_that_the_journal_cannot_be_written_is_said_once_at_the_start(
    core: Core, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    blocked = tmp_path / "blocked"
    blocked.write_text("")
    monkeypatch.setenv("SEGFORM_JOURNAL", str(blocked))
    said: list[str] = []
    real = core.call

    def call(rpc: str, **fields: object) -> object:
        answer = real(rpc, **fields)
        said.extend(one.summary for one in answer.diagnostics if rpc == "ConfigureProvider")
        return answer

    monkeypatch.setattr(core, "call", call)
    core.apply(six())
    # Once for the plan, once for the apply: a process each.
    assert said == ["The journal is not written"] * 2


def test_that_the_journal_can_be_written_no_longer_is_said_with_the_next_object(
    core: Core, monkeypatch: pytest.MonkeyPatch
) -> None:
    changes = core.plan(six())
    core.restart()

    def full(handle: int, data: bytes) -> int:
        raise OSError(28, "No space left on device")

    said: list[str] = []
    real = core._handlers["ApplyResourceChange"]

    def apply(request: object) -> object:
        answer = real(request)
        said.extend(one.summary for one in answer.diagnostics)
        return answer

    monkeypatch.setattr(os, "write", full)
    monkeypatch.setattr(core, "_handlers", {**core._handlers, "ApplyResourceChange": apply})
    for change in changes:
        core._write(change, six())
    assert said == ["The journal is not written"]
