"""No variable of the machine's own reaches these tests."""

from __future__ import annotations

import pytest

NAMES = (
    "SEGMENT_CONFIG_API_TOKEN",
    "SEGMENT_CONFIG_API_URL",
    "SEGMENT_API_TOKEN",
    "SEGMENT_API_TOKEN_FILE",
    "PUBLIC_API_TOKEN",
    "SEGMENT_API_URL",
    "PUBLIC_API_URL",
    "SEGMENT_REGION",
    "SEGMENT_WORKSPACE",
    "SEGMENT_READ_ONLY",
    "SEGMENT_LOG",
)


@pytest.fixture(autouse=True)
def _clean_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in NAMES:
        monkeypatch.delenv(name, raising=False)
