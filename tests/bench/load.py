"""`python -m tests.bench.load HOST:PORT SECONDS CONNECTIONS < requests`: requests a second.

Plain sockets and as little work as possible, so that what is measured is the server's. The requests
come as JSON on standard input (`[[method, target, body or null], …]`) and are sent round and round;
any status but 200 and 201 ends it. Prints the rate.
"""

from __future__ import annotations

import asyncio
import json
import sys
import time


def wire(method: str, target: str, body: object, host: str, token: str) -> bytes:
    """A request as bytes."""
    content = b"" if body is None else json.dumps(body).encode()
    head = (
        f"{method} {target} HTTP/1.1\r\nHost: {host}\r\nAuthorization: Bearer {token}\r\n"
        f"Content-Type: application/json\r\nContent-Length: {len(content)}\r\n\r\n"
    )
    return head.encode() + content


async def answer(reader: asyncio.StreamReader) -> int:
    """Read one answer whole; its size."""
    head = await reader.readuntil(b"\r\n\r\n")
    status = head[9:12]
    if status not in (b"200", b"201"):
        raise SystemExit(f"the server said {head[:200]!r}")
    lower = head.lower()
    at = lower.index(b"content-length:") + 15
    size = int(lower[at : lower.index(b"\r\n", at)])
    await reader.readexactly(size)
    return size


async def run(address: str, seconds: float, connections: int, asked: list[bytes]) -> float:
    """The rate over so many seconds."""
    host, port = address.rsplit(":", 1)
    end = time.perf_counter() + seconds
    done = 0

    async def one(number: int) -> None:
        nonlocal done
        reader, writer = await asyncio.open_connection(host, int(port), limit=2**22)
        at = number
        while time.perf_counter() < end and at < len(asked):
            writer.write(asked[at])
            await answer(reader)
            done += 1
            at += connections
        writer.close()

    started = time.perf_counter()
    await asyncio.gather(*(one(number) for number in range(connections)))
    return done / (time.perf_counter() - started)


def main() -> None:
    """Read what to ask for, ask for it, print the rate."""
    address, seconds, connections, token = sys.argv[1:5]
    given = json.load(sys.stdin)
    asked = [
        wire(method, path, body, host=address, token=token)
        for method, path, body in given["requests"]
    ]
    asked *= given.get("times", 1)
    print(asyncio.run(run(address, float(seconds), int(connections), asked)))


if __name__ == "__main__":
    main()
