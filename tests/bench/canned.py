"""`python -m tests.bench.canned`: a server that answers lists of sources from memory.

It costs its clients next to nothing, so that what is measured is theirs. Prints its url, and ends
with its standard input.
"""

from __future__ import annotations

import asyncio
import json
import sys
from base64 import b64encode
from typing import Any, ClassVar

SOURCES = 10_000
PAGE = 200


def source(number: int) -> dict[str, Any]:
    """A source of ordinary size: catalogue entry with six options, two labels, a write key."""
    option = {
        "type": "string",
        "required": False,
        "description": "What the option does, in a sentence of ordinary length.",
        "defaultValue": "",
        "label": "Option",
    }
    return {
        "id": f"s{number:021d}",
        "slug": f"source-{number}",
        "name": f"Source {number}",
        "workspaceId": "w" * 22,
        "enabled": True,
        "writeKeys": [f"{number:032d}"],
        "metadata": {
            "id": "IqDTy1TpoU",
            "slug": "javascript",
            "name": "Javascript",
            "categories": ["Website"],
            "description": "Track events from a website, with all that belongs to them.",
            "logos": {"default": "https://cdn.example/js.svg", "alt": None, "mark": None},
            "options": [{"name": f"option{n}", **option} for n in range(6)],
            "isCloudEventSource": False,
            "status": "PUBLIC",
        },
        "settings": {"websiteUrl": "https://shop.example", "apiHost": "api.segment.io/v1"},
        "labels": [
            {"key": "environment", "value": "production"},
            {"key": "team", "value": f"team-{number % 7}"},
        ],
    }


def cursor(offset: int) -> str:
    """As the service writes it."""
    return b64encode(str(offset).encode()).decode()


def page(start: int, total: int = SOURCES) -> bytes:
    """The body of a page."""
    entries = [source(n) for n in range(start, min(start + PAGE, total))]
    pagination: dict[str, Any] = {"current": cursor(start), "totalEntries": total}
    if start + PAGE < total:
        pagination["next"] = cursor(start + PAGE)
    return json.dumps({"data": {"sources": entries, "pagination": pagination}}).encode()


class _Server(asyncio.Protocol):
    """Finds the cursor in the request's first line, however it is written."""

    answers: ClassVar[dict[bytes, bytes]] = {}

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = transport
        self._heard = b""

    def data_received(self, data: bytes) -> None:
        self._heard += data
        while b"\r\n\r\n" in self._heard:
            head, self._heard = self._heard.split(b"\r\n\r\n", 1)
            line = head.split(b"\r\n", 1)[0]
            # The longest: the cursor of 200 is the beginning of that of 2,000.
            name = max((one for one in self.answers if one in line), key=len)
            self._transport.write(self.answers[name])  # type: ignore[attr-defined]  # connected by then; the base type cannot write


async def _serve() -> None:
    for start in range(0, SOURCES, PAGE):
        body = page(start)
        head = f"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: {len(body)}"
        name = cursor(start).replace("=", "%3D").encode() if start else b""
        _Server.answers[name] = f"{head}\r\n\r\n".encode() + body
    server = await asyncio.get_running_loop().create_server(_Server, "127.0.0.1", 0)
    print(f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}", flush=True)
    await asyncio.to_thread(sys.stdin.read)
    server.close()


if __name__ == "__main__":
    asyncio.run(_serve())
