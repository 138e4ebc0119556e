"""The command line in a process in which every socket raises."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

_PROGRAM = """
import socket, sys

def shut(*arguments, **more):
    raise OSError("the network is shut")

socket.socket.connect = socket.socket.connect_ex = socket.socket.sendto = shut
socket.create_connection = socket.getaddrinfo = shut
sys.argv[0] = "segform"
from segform.cli import main
try:
    main()
finally:
    loaded = [name for name in ("httpx", "segform.api.client") if name in sys.modules]
    if loaded:
        print("LOADED", *loaded, file=sys.stderr)
"""


def run(*arguments: str | Path, cwd: Path, code: int = 0, **env: str) -> str:
    """What `segform` printed; nothing that speaks HTTP was even loaded."""
    kept = {k: v for k, v in os.environ.items() if not k.startswith(("SEGMENT_", "PUBLIC_API"))}
    done = subprocess.run(
        [sys.executable, "-c", _PROGRAM, *map(str, arguments)],
        cwd=cwd,
        env={**kept, "XDG_CACHE_HOME": str(cwd / ".cache"), **env},
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert done.returncode == code, (done.returncode, done.stdout, done.stderr)
    assert "LOADED" not in done.stderr
    return done.stdout + done.stderr
