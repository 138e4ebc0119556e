"""How many requests a reading takes: the floor that the API sets, and at most 2 % more."""

from __future__ import annotations

import httpx
import pytest

from .conftest import Place
from .floor import floor
from .shop import shop

SIZES = [
    "sources=10&destinations=30&filters=20&plans=3&rules=40&functions=20",
    pytest.param(
        "sources=150&destinations=400&filters=300&plans=5&rules=100&functions=30",
        marks=pytest.mark.full,
    ),
]


@pytest.mark.parametrize("size", SIZES)
def test_pull_and_a_plan_without_changes(place: Place, size: str) -> None:
    transport = place.emulator.transport()
    with httpx.Client(base_url="https://emulator.example", transport=transport) as wire:
        wire.post(f"/_emulator/seed?{size}").raise_for_status()
    wanted = shop()
    engine = place.engine()
    engine.apply(engine.plan(wanted), wanted)
    least = floor(place.held())
    place.sent()
    snapshot = place.engine().pull()
    assert len(place.sent()) <= least * 1.02
    assert not place.engine().plan(snapshot)
    assert len(place.sent()) <= least * 1.02
