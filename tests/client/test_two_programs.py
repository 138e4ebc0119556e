"""Two programs under one limit, each with its own token, over real sockets and real minutes."""

from __future__ import annotations

import os
import subprocess
import sys
import time

import pytest

from segform_emulator import Emulator

CODE = """
from segform import Segment
with Segment() as client:
    found = client.map(lambda n: client.workspaces.get()["slug"], range(90))
print(len(found), client.requests_sent)
"""


@pytest.mark.full
@pytest.mark.timeout(400)
def test_both_finish_and_nothing_fails() -> None:
    emulator = Emulator()
    # Counted by address, as the service may: both come from this machine.
    emulator.limits.configure({"enforce": True, "default": 60, "by": "address"})
    tokens = (emulator.token, emulator.tokens["member"])
    with emulator.serve() as server:
        first = 60 - time.time() % 60
        began = time.monotonic()
        running = [
            subprocess.Popen(
                [sys.executable, "-c", CODE],
                env={**os.environ, "SEGMENT_API_TOKEN": token, "SEGMENT_API_URL": server.url},
                stdout=subprocess.PIPE,
                stderr=subprocess.PIPE,
                text=True,
            )
            for token in tokens
        ]
        try:
            said = [process.communicate(timeout=300) for process in running]
        finally:
            for process in running:
                process.kill()
    took = time.monotonic() - began
    assert [process.returncode for process in running] == [0, 0], said
    assert [out.split()[0] for out, _ in said] == ["90", "90"]
    # 180 calls at 60 a minute: what is left of this minute and one more before the last begins.
    assert took <= (first + 60) * 1.05 + 65
