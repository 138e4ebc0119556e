"""`Segment` and `AsyncSegment`: the clients that users make."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ._families import AsyncFamilies, Families

if TYPE_CHECKING:
    import httpx


class Segment(Families):
    """A Segment workspace through its Public API; safe for any number of threads."""

    def __init__(
        self,
        token: str | None = None,
        *,
        url: str | None = None,
        region: str | None = None,
        workspace: str | None = None,
        read_only: bool | None = None,
        timeout: float = 30.0,
        requests_per_minute: int | None = None,
        user_agent_suffix: str | None = None,
        transport: httpx.BaseTransport | None = None,
    ) -> None:
        super().__init__(
            token,
            url=url,
            region=region,
            workspace=workspace,
            read_only=read_only,
            timeout=timeout,
            requests_per_minute=requests_per_minute,
            user_agent_suffix=user_agent_suffix,
            transport=transport,
        )


class AsyncSegment(AsyncFamilies):
    """As `Segment`, for asyncio: methods are awaited, lists are iterated with `async for`."""

    def __init__(
        self,
        token: str | None = None,
        *,
        url: str | None = None,
        region: str | None = None,
        workspace: str | None = None,
        read_only: bool | None = None,
        timeout: float = 30.0,
        requests_per_minute: int | None = None,
        user_agent_suffix: str | None = None,
        transport: httpx.AsyncBaseTransport | None = None,
    ) -> None:
        super().__init__(
            token,
            url=url,
            region=region,
            workspace=workspace,
            read_only=read_only,
            timeout=timeout,
            requests_per_minute=requests_per_minute,
            user_agent_suffix=user_agent_suffix,
            transport=transport,
        )
