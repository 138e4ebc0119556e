"""The provider in this process, over an emulator without a socket."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import pytest

import segform
from segform.lifecycle import creating
from segform.lifecycle.hooks import connection
from segform_emulator import Emulator
from segform_provider.rpc import handlers
from segform_provider.session import Current

from .core import Core
from .defects import Ring
from .shop import with_space

Start = Callable[..., Core]


@pytest.fixture
def emulator() -> Emulator:
    """A fresh emulator, with the space of the configuration."""
    return with_space(Emulator())


@pytest.fixture
def pauses() -> list[float]:
    """The seconds that the client would have waited, one entry each time."""
    return []


@pytest.fixture
def start(
    emulator: Emulator, monkeypatch: pytest.MonkeyPatch, tmp_path: Path, pauses: list[float]
) -> Start:
    """Makes a driver; the provider's own arguments are its."""
    monkeypatch.setenv("SEGFORM_JOURNAL", str(tmp_path / "journal"))
    real = segform.Segment

    def client(*arguments: Any, **options: Any) -> segform.Segment:
        found = real(*arguments, **options, transport=emulator.transport())
        found._sleep = pauses.append
        return found

    monkeypatch.setattr(segform, "Segment", client)
    # What waits for a real service waits for nothing here.
    monkeypatch.setattr(creating, "_LOOKS", (0.0, 0.0, 0.0))
    monkeypatch.setattr(connection, "_PAUSE", 0.0)

    def process() -> Mapping[str, Callable[[Any], Any]]:
        Current.session = None
        return handlers()

    def made(**provider: Any) -> Core:
        given = {"token": emulator.token, "url": "https://emulator.example", **provider}
        return Core(process, given)

    monkeypatch.setattr(Current, "session", None)
    return made


@pytest.fixture
def core(start: Start) -> Core:
    """A driver with nothing but a token."""
    return start()


@pytest.fixture
def ring(core: Core, emulator: Emulator, pauses: list[float]) -> Ring:
    """What the checks of `defects` work with."""
    return Ring(core, emulator, pauses)
