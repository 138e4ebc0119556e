"""The provider in this process, over an emulator without a socket."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import partial
from pathlib import Path
from typing import Any

import pytest

import segform
from segform_emulator import Emulator
from segform_provider.rpc import handlers
from segform_provider.session import Current

from .core import Core

Start = Callable[..., Core]


@pytest.fixture
def emulator() -> Emulator:
    """A fresh emulator."""
    return Emulator()


@pytest.fixture
def start(emulator: Emulator, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Start:
    """Makes a driver; the provider's own arguments are its."""
    monkeypatch.setenv("SEGFORM_JOURNAL", str(tmp_path / "journal"))
    client = partial(segform.Segment, transport=emulator.transport())
    monkeypatch.setattr(segform, "Segment", client)

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
