"""`python -m tests.bench.walks ours|async URL [TOKEN]`: list a server's sources; print the seconds.

In a process of its own, as the peer is, so that neither lives in the other's heap.
"""

from __future__ import annotations

import asyncio
import sys
import time

from segform import AsyncSegment, Segment

from .canned import SOURCES


def ours(url: str, token: str) -> int:
    """One page after the other."""
    with Segment(token, url=url) as client:
        return sum(1 for source in client.sources.list() if source["id"])


def awaited(url: str, token: str) -> int:
    """The same, awaited."""

    async def run() -> int:
        async with AsyncSegment(token, url=url) as client:
            found = 0
            async for source in client.sources.list():
                found += bool(source["id"])
            return found

    return asyncio.run(run())


def main(kind: str, url: str, token: str = "x") -> None:
    """Once to warm up, once to be timed."""
    walk = {"ours": ours, "async": awaited}[kind]
    walk(url, token)
    start = time.perf_counter()
    found = walk(url, token)
    took = time.perf_counter() - start
    if found != SOURCES:
        raise SystemExit(f"{found} sources were listed, not {SOURCES}")
    print(took)


if __name__ == "__main__":
    main(*sys.argv[1:])
