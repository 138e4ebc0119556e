"""The control plane has no token, so it does not listen to pages that are open in a browser."""

from __future__ import annotations

import httpx
import pytest

from segform_emulator import Emulator


@pytest.mark.parametrize("header", ["Origin", "Sec-Fetch-Site"])
def test_browsers_are_refused(header: str) -> None:
    emulator = Emulator()
    emulator.seed(sources=1)
    with httpx.Client(transport=emulator.transport(), base_url="http://emulator.local") as client:
        answer = client.post("/_emulator/reset", headers={header: "http://elsewhere.example"})
        assert answer.status_code == 403
        assert len(client.get("/_emulator/dump").json()["workspaces"][0]["sources"]) == 1
