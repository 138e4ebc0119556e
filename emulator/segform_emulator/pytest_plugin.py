"""Fixtures for tests of code that talks to Segment: `pytest -p segform_emulator.pytest_plugin`."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

import pytest

from .core import Emulator

if TYPE_CHECKING:
    from segform import Segment


@pytest.fixture
def segment_emulator() -> Emulator:
    """A fresh emulator, in this process."""
    return Emulator()


@pytest.fixture
def segment_client(segment_emulator: Emulator) -> Iterator[Segment]:
    """A client of the first workspace of `segment_emulator`, as its owner."""
    from segform import Segment

    with Segment(segment_emulator.token, transport=segment_emulator.transport()) as client:
        yield client
