"""A fresh emulator for each test, and its owner."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from segform_emulator import Emulator

from .api import Api


@pytest.fixture
def emulator() -> Iterator[Emulator]:
    made = Emulator()
    yield made
    # No answer of any test may break the contract.
    assert made.checks.violations == []


@pytest.fixture
def api(emulator: Emulator) -> Api:
    return Api(emulator)
