"""`Segment` and `AsyncSegment`: the clients that users make."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ._families import AsyncFamilies, Families

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Iterable
    from typing import TypeAlias

    import httpx

    from segform.transport.answer import Fault, Reply
    from segform.transport.encode import Prepared
    from segform.transport.masked import Secret

    # Around every attempt: takes what is sent and the function that sends it on, and returns what
    # that function returned: a Reply, or a Fault where none came.
    Middleware: TypeAlias = Callable[[Prepared, Callable[[Prepared], Reply | Fault]], Reply | Fault]
    AsyncMiddleware: TypeAlias = Callable[
        [Prepared, Callable[[Prepared], Awaitable[Reply | Fault]]], Awaitable[Reply | Fault]
    ]


class Segment(Families):
    """A Segment workspace through its Public API; safe for any number of threads."""

    def __init__(
        self,
        token: str | Secret | None = None,
        *,
        url: str | None = None,
        region: str | None = None,
        workspace: str | None = None,
        read_only: bool | None = None,
        timeout: float = 30.0,
        deadline: float = 600.0,
        requests_per_minute: int | None = None,
        user_agent_suffix: str | None = None,
        middleware: Iterable[Middleware] = (),
        transport: httpx.BaseTransport | None = None,
    ) -> None:
        super().__init__(
            token,
            url=url,
            region=region,
            workspace=workspace,
            read_only=read_only,
            timeout=timeout,
            deadline=deadline,
            requests_per_minute=requests_per_minute,
            user_agent_suffix=user_agent_suffix,
            middleware=middleware,
            transport=transport,
        )


class AsyncSegment(AsyncFamilies):
    """As `Segment`, for asyncio: methods are awaited, lists are iterated with `async for`."""

    def __init__(
        self,
        token: str | Secret | None = None,
        *,
        url: str | None = None,
        region: str | None = None,
        workspace: str | None = None,
        read_only: bool | None = None,
        timeout: float = 30.0,
        deadline: float = 600.0,
        requests_per_minute: int | None = None,
        user_agent_suffix: str | None = None,
        middleware: Iterable[AsyncMiddleware] = (),
        transport: httpx.AsyncBaseTransport | None = None,
    ) -> None:
        super().__init__(
            token,
            url=url,
            region=region,
            workspace=workspace,
            read_only=read_only,
            timeout=timeout,
            deadline=deadline,
            requests_per_minute=requests_per_minute,
            user_agent_suffix=user_agent_suffix,
            middleware=middleware,
            transport=transport,
        )
