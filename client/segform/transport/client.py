"""The two clients without the families: `request` and `pages`, synchronous and asynchronous.

All that decides is in `exchange`; here it is only sent, waited for and repeated (by tenacity).
"""

from __future__ import annotations

import threading
import time
from collections.abc import AsyncIterator, Iterator, Mapping
from types import TracebackType
from typing import TYPE_CHECKING, Any, Self

from segform.contract import Operation, operation
from segform.errors import ConfigurationError, WorkspaceMismatchError

from .config import Config
from .encode import Prepared
from .exchange import Exchange, Session
from .paging import Walk

if TYPE_CHECKING:
    import httpx

    from .answer import Fault, Success
    from .http import AsyncWire, Wire

_WHO = "getWorkspace"


class _Base:
    """What both clients share: the configuration and what it was resolved to."""

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
    ) -> None:
        config = Config(
            token=token,
            url=url,
            region=region,
            workspace=workspace,
            read_only=read_only,
            timeout=timeout,
            requests_per_minute=requests_per_minute,
            user_agent_suffix=user_agent_suffix,
        )
        self._session = Session(config)
        self._closed = False
        self._pinned = config.workspace is None
        self._foreign: WorkspaceMismatchError | None = None

    @property
    def requests_sent(self) -> int:
        """How many requests this client has sent, repeats and the workspace check included."""
        return self._session.sent

    @property
    def url(self) -> str:
        """Where requests go."""
        return self._session.config.url

    @property
    def read_only(self) -> bool:
        """Whether only declared reads are sent."""
        return self._session.config.read_only

    def __repr__(self) -> str:
        return f"{type(self).__name__}({self._session.config!r})"

    def _exchange(
        self,
        op_id: str,
        path: Mapping[str, Any] | None = None,
        query: Mapping[str, Any] | None = None,
        body: Any = None,
    ) -> Exchange:
        if self._closed:
            raise ConfigurationError("This client is closed; make another one.")
        if self._foreign is not None:
            raise WorkspaceMismatchError(
                str(self._foreign), expected=self._foreign.expected, actual=self._foreign.actual
            )
        return Exchange(self._session, Prepared(_operation(op_id), path, query, body))

    def _check(self, data: dict[str, Any]) -> None:
        """Judge the answer to `GET /` once; a token of another workspace stays one."""
        try:
            self._session.check_workspace(data)
        except WorkspaceMismatchError as error:
            self._foreign = error
            raise
        self._pinned = True


def _operation(op_id: str) -> Operation:
    try:
        return operation(op_id)
    except KeyError as error:
        raise ConfigurationError(str(error.args[0])) from None


class Client(_Base):
    """Sends requests one at a time per thread; safe for any number of threads."""

    def __init__(
        self,
        token: str | None = None,
        *,
        transport: httpx.BaseTransport | None = None,
        **options: Any,
    ) -> None:
        super().__init__(token, **options)
        self._transport = transport
        self._wire: Wire | None = None
        self._lock = threading.Lock()
        self._pinning = threading.Lock()
        self._sleep = time.sleep

    def request(
        self,
        operation: str,
        *,
        path: Mapping[str, Any] | None = None,
        query: Mapping[str, Any] | None = None,
        body: Any = None,
    ) -> dict[str, Any]:
        """Send one operation by its id; the `data` of the answer as plain JSON values.

        * `path`, `query`, `body`: values by the API's own names; `NOT_GIVEN` ones are left out;
        * numbers with a fraction come back as Decimal, and Decimals are sent exactly.

        Raises `ReadOnlyError` before sending, `APIError` and its kinds for what went wrong, and
        `ConfigurationError` for a call that cannot be sent.
        """
        exchange = self._exchange(operation, path, query, body)
        if not self._pinned:
            if operation == _WHO:  # the answer is the check
                found = self._run(exchange)
                self._check(found)
                return found
            self._pin()
        return self._run(exchange)

    def pages(
        self,
        operation: str,
        *,
        path: Mapping[str, Any] | None = None,
        query: Mapping[str, Any] | None = None,
        count: int = 200,
    ) -> Iterator[list[dict[str, Any]]]:
        """The pages of a list, each asked for when it is reached.

        * `count`: entries a page, lowered to what the operation allows.

        Ends where the API gives no next cursor, or one it gave before.
        """
        walk = Walk(_operation(operation), query, count)
        while walk.query is not None:
            yield walk.take(self.request(operation, path=path, query=walk.query))

    def _pin(self) -> None:
        with self._pinning:  # one `GET /` for all threads that come at once
            if not self._pinned:
                self._check(self._run(self._exchange(_WHO)))

    def _run(self, exchange: Exchange) -> dict[str, Any]:
        from tenacity import Retrying, stop_never

        outcome: Success | Fault = Retrying(
            retry=lambda state: exchange.again(_result(state)),
            wait=lambda _: exchange.delay,
            stop=stop_never,  # `again` counts the attempts
            sleep=self._sleep,
        )(self._attempt, exchange)
        return exchange.finish(outcome)

    def _attempt(self, exchange: Exchange) -> Success | Fault:
        wire = self._wire or self._connect()
        from . import log

        wait = exchange.pause()
        if wait > 0:
            log.waits(exchange, wait, "the limits leave no earlier place")
            self._sleep(wait)
        exchange.starts()
        start = time.monotonic()
        outcome = exchange.absorb(wire.send(exchange.prepared))
        log.sent(exchange, outcome, time.monotonic() - start)
        return outcome

    def _connect(self) -> Wire:
        from . import log
        from .http import Wire

        with self._lock:
            if self._wire is None:
                log.switch_on(self._session.config)
                self._wire = Wire(self._session.config, self._transport)
            return self._wire

    def close(self) -> None:
        """Close the connections; the client sends nothing afterwards."""
        self._closed = True
        with self._lock:
            wire, self._wire = self._wire, None
        if wire is not None:
            wire.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()


class AsyncClient(_Base):
    """Sends requests from one event loop."""

    def __init__(
        self,
        token: str | None = None,
        *,
        transport: httpx.AsyncBaseTransport | None = None,
        **options: Any,
    ) -> None:
        super().__init__(token, **options)
        import asyncio

        self._transport = transport
        self._wire: AsyncWire | None = None
        self._pinning = asyncio.Lock()
        self._sleep = asyncio.sleep

    async def request(
        self,
        operation: str,
        *,
        path: Mapping[str, Any] | None = None,
        query: Mapping[str, Any] | None = None,
        body: Any = None,
    ) -> dict[str, Any]:
        """As `Client.request`, awaited."""
        exchange = self._exchange(operation, path, query, body)
        if not self._pinned:
            if operation == _WHO:
                found = await self._run(exchange)
                self._check(found)
                return found
            await self._pin()
        return await self._run(exchange)

    async def pages(
        self,
        operation: str,
        *,
        path: Mapping[str, Any] | None = None,
        query: Mapping[str, Any] | None = None,
        count: int = 200,
    ) -> AsyncIterator[list[dict[str, Any]]]:
        """As `Client.pages`, awaited page by page."""
        walk = Walk(_operation(operation), query, count)
        while walk.query is not None:
            yield walk.take(await self.request(operation, path=path, query=walk.query))

    async def _pin(self) -> None:
        async with self._pinning:
            if not self._pinned:
                self._check(await self._run(self._exchange(_WHO)))

    async def _run(self, exchange: Exchange) -> dict[str, Any]:
        from tenacity import AsyncRetrying, stop_never

        outcome: Success | Fault = await AsyncRetrying(
            retry=lambda state: exchange.again(_result(state)),
            wait=lambda _: exchange.delay,
            stop=stop_never,
            sleep=self._sleep,
        )(self._attempt, exchange)
        return exchange.finish(outcome)

    async def _attempt(self, exchange: Exchange) -> Success | Fault:
        wire = self._wire or self._connect()
        from . import log

        wait = exchange.pause()
        if wait > 0:
            log.waits(exchange, wait, "the limits leave no earlier place")
            await self._sleep(wait)
        exchange.starts()
        start = time.monotonic()
        outcome = exchange.absorb(await wire.send(exchange.prepared))
        log.sent(exchange, outcome, time.monotonic() - start)
        return outcome

    def _connect(self) -> AsyncWire:
        from . import log
        from .http import AsyncWire

        log.switch_on(self._session.config)
        self._wire = AsyncWire(self._session.config, self._transport)
        return self._wire

    async def close(self) -> None:
        """Close the connections; the client sends nothing afterwards."""
        self._closed = True
        wire, self._wire = self._wire, None
        if wire is not None:
            await wire.close()

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        await self.close()


def _result(state: Any) -> Success | Fault:
    """What an attempt gave; raises what it raised, such as an interrupt."""
    outcome: Success | Fault = state.outcome.result()
    return outcome
