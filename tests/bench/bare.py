"""`python -m tests.bench.bare FILE`: the least that starlette and uvicorn can do: one answer.

The answer is the file's bytes, whatever is asked for. Prints its address and ends with its
standard input.
"""

from __future__ import annotations

import sys
import threading
from pathlib import Path

import uvicorn
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Mount
from starlette.types import Receive, Scope, Send

from segform_emulator.server import bind

BODY = Path(sys.argv[1]).read_bytes()


async def endpoint(scope: Scope, receive: Receive, send: Send) -> None:
    """Read the request, answer."""
    await Request(scope, receive).body()
    await Response(BODY, media_type="application/json")(scope, receive, send)


listening = bind(0)
server = uvicorn.Server(
    uvicorn.Config(
        Starlette(routes=[Mount("/", app=endpoint)]),
        log_level="critical",
        access_log=False,
        lifespan="off",
        http="h11",
        ws="none",
    )
)
thread = threading.Thread(target=server.run, kwargs={"sockets": [listening]}, daemon=True)
thread.start()
print(f"127.0.0.1:{listening.getsockname()[1]}", flush=True)
sys.stdin.read()
server.should_exit = True
thread.join(10)
