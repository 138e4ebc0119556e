"""The synchronous client without the families: `request`, `pages`, `map`.

All that decides is in `exchange`; here it is only sent, waited for and repeated (by tenacity).
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterable, Iterator, Mapping
from types import TracebackType
from typing import TYPE_CHECKING, Any, ParamSpec, Self, TypeVar

from segform.errors import BulkError, ConfigurationError

from . import raw
from .answer import Fault, Reply
from .base import WHO, Base
from .options import DEADLINE, TIMEOUT, Options
from .paging import Walk
from .waiting import Gate

if TYPE_CHECKING:
    import httpx

    from .answer import Success
    from .encode import Prepared
    from .exchange import Exchange
    from .http import Wire
    from .masked import Secret
    from .options import Middleware

P = ParamSpec("P")
T = TypeVar("T")
A = TypeVar("A")


class _Link:
    """The connections of a client and of every view of it."""

    def __init__(self, transport: httpx.BaseTransport | None) -> None:
        self.transport = transport
        self.wire: Wire | None = None
        self.lock = threading.Lock()
        self.pinning = threading.Lock()
        self.closing = Gate()

    def sleep(self, seconds: float) -> None:
        """Wait, but no longer than until the client is closed, or a bulk call is given up."""
        from .bulk import wait

        wait(self.closing, seconds)


class Client(Base):
    """Sends requests one at a time per thread; safe for any number of threads."""

    def __init__(
        self,
        token: str | Secret | None = None,
        *,
        url: str | None = None,
        region: str | None = None,
        workspace: str | None = None,
        read_only: bool | None = None,
        timeout: float = TIMEOUT,
        deadline: float = DEADLINE,
        requests_per_minute: int | None = None,
        user_agent_suffix: str | None = None,
        middleware: Iterable[Middleware] = (),
        transport: httpx.BaseTransport | None = None,
    ) -> None:
        super().__init__(
            Options(timeout, deadline, middleware=tuple(middleware)),
            token=token,
            url=url,
            region=region,
            workspace=workspace,
            read_only=read_only,
            requests_per_minute=requests_per_minute,
            user_agent_suffix=user_agent_suffix,
        )
        self._link = _Link(transport)
        self._sleep: Callable[[float], None] = self._link.sleep

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
        if not self._session.pinned:
            if operation == WHO:  # the answer is the check
                found = self._run(exchange)
                self._session.check_workspace(found)
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
        limit: int | None = None,
    ) -> Iterator[list[dict[str, Any]]]:
        """The pages of a list, each asked for when it is reached.

        * `count`: entries a page, lowered to what the operation allows;
        * `limit`: entries in all; None for every one.

        Raises `PaginationError` where the API repeats a cursor or does not say how to go on. Of
        pages fetched at once, what fails fails when its page is reached.
        """
        facts = self._operation(operation)
        walk = Walk(facts, query, count, limit)

        def one(query: dict[str, Any]) -> dict[str, Any]:
            return self.request(operation, path=path, query=query)

        while queries := walk.due(self._options.ahead or 1):
            failed: Mapping[int, Exception] = {}
            if len(queries) == 1:
                answers = [one(queries[0])]
            else:
                try:
                    answers = self.map(one, queries, concurrency=len(queries))
                except BulkError as error:
                    answers, failed = error.results, error.errors
            for number, answer in enumerate(answers):
                if not walk.under_way:
                    break  # the list ended, or the others turned out not to be the next ones
                if number in failed:
                    raise failed[number]
                yield walk.take(answer)

    def map(self, call: Callable[[A], T], items: Iterable[A], *, concurrency: int = 16) -> list[T]:
        """`call` for every item, many at once; what each gave, in the items' order.

        * `call`: any function of one item, such as `client.sources.get`;
        * `concurrency`: calls under way at once; the limits of the API are kept all the same.

        Raises `BulkError` after all are done where some failed; it holds what the others gave. An
        interrupt waits for answers to what was sent; calls that wait for their place end unsent.
        """
        from .bulk import in_threads

        return in_threads(call, items, concurrency)

    def with_raw_response(
        self, method: Callable[P, T], *args: P.args, **kwargs: P.kwargs
    ) -> raw.RawResponse[T]:
        """What `method` gives, with the HTTP answer it came in.

        `client.with_raw_response(client.sources.get, "abc").headers`. Of several requests, the
        last one's answer. Raises ConfigurationError for a list, which sends when it is iterated.
        """
        with raw.keeping() as kept:
            result = method(*args, **kwargs)
        return raw.made(result, kept)

    def _pin(self) -> None:
        with self._link.pinning:  # one `GET /` for all threads that come at once
            if not self._session.pinned:
                self._session.check_workspace(self._run(self._exchange(WHO)))

    def _run(self, exchange: Exchange) -> dict[str, Any]:
        outcome = self._attempt(exchange)
        if exchange.again(outcome):  # most never are, and spare the machinery
            from tenacity import Retrying, stop_never

            self._sleep(exchange.delay)
            outcome = Retrying(
                retry=lambda state: exchange.again(result_of(state)),
                wait=lambda _: exchange.delay,
                stop=stop_never,  # `again` counts the attempts
                sleep=self._sleep,
            )(self._attempt, exchange)
        return exchange.finish(outcome)

    def _attempt(self, exchange: Exchange) -> Success | Fault:
        wire = self._link.wire or self._connect()
        from . import log

        wait = exchange.pause()
        late = exchange.too_late(wait)
        if late is not None:
            return late
        if wait > 0:
            log.waits(exchange, wait, "the limits leave no earlier place")
            self._sleep(wait)
        self._session.usable()
        exchange.starts()
        start = time.monotonic()
        try:
            came = self._through(exchange, wire)
        except RuntimeError:
            self._session.usable()  # closed by another thread while this one was sending
            raise
        seconds = time.monotonic() - start
        outcome = exchange.absorb(came, seconds)
        log.sent(exchange, outcome, seconds)
        return outcome

    def _through(self, exchange: Exchange, wire: Wire) -> Reply | Fault:
        """Send, through the hands of the middleware, the first outermost."""
        allowed = exchange.patience()

        def send(prepared: Prepared) -> Reply | Fault:
            return wire.send(prepared, allowed)

        for around in reversed(self._options.middleware):
            send = _wrapped(around, send)
        return send(exchange.prepared)

    def _connect(self) -> Wire:
        from . import log
        from .http import Wire

        link = self._link
        with link.lock:
            self._session.usable()
            if link.wire is None:
                log.switch_on(self._session.config)
                link.wire = Wire(self._session.config, link.transport)
            return link.wire

    def close(self) -> None:
        """Close the connections; nothing is sent afterwards, and what waits is woken to say so."""
        self._session.close()
        self._link.closing.open()
        with self._link.lock:
            wire, self._link.wire = self._link.wire, None
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


def _wrapped(around: Callable[..., Any], send: Callable[..., Any]) -> Callable[..., Any]:
    def wrapped(prepared: Prepared) -> Any:
        came = around(prepared, send)
        if not isinstance(came, (Reply, Fault)):
            raise ConfigurationError(
                f"The middleware {getattr(around, '__name__', around)!r} returned "
                f"{'nothing' if came is None else 'a ' + type(came).__name__}; it has "
                "to return what the function it was given returns."
            )
        return came

    return wrapped


def result_of(state: Any) -> Success | Fault:
    """What an attempt gave; raises what it raised, such as an interrupt."""
    outcome: Success | Fault = state.outcome.result()
    return outcome
