"""What the synchronous and the asynchronous client share; no I/O."""

from __future__ import annotations

import copy
from collections.abc import Callable, Iterable, Mapping
from typing import TYPE_CHECKING, Any, Self

from segform.contract import Operation, operation
from segform.errors import ConfigurationError

from .config import Config
from .encode import Prepared
from .exchange import Exchange, Session
from .options import Options, checked

if TYPE_CHECKING:
    from .forecast import Calls

WHO = "getWorkspace"


class Base:
    """The configuration and what it was resolved to, and the options of this view of it."""

    def __init__(self, options: Options, **given: Any) -> None:
        self._options = checked(options)
        self._session = self._open(given)

    @property
    def requests_sent(self) -> int:
        """How many requests this client and its views have sent, repeats and checks included."""
        return self._session.sent

    def forecast(self, calls: Iterable[Calls], *, concurrency: int = 16) -> float:
        """Seconds that calls will take, about: by the limits that are known, and by the latency.

        * `calls`: one after the other, operations and how often each; or jobs by name
          (`segform.transport.forecast.Job`), of which some wait for others;
        * `concurrency`: how many are under way at once.
        """
        from .forecast import seconds

        session = self._session
        return seconds(
            session.pacer,
            calls,
            now=session.now(),
            latency=session.latency,
            workers=concurrency,
        )

    @property
    def url(self) -> str:
        """Where requests go."""
        return self._session.config.url

    @property
    def read_only(self) -> bool:
        """Whether only declared reads are sent."""
        return self._session.config.read_only or self._options.read_only

    def mark(self, salt: str) -> str:
        """A word that is the same for the same token and salt, and says nothing of the token."""
        import hashlib

        text = f"{salt}\n{self._session.config.token.reveal()}"
        return hashlib.sha256(text.encode()).hexdigest()[:32]

    def __repr__(self) -> str:
        return f"{type(self).__name__}({self._session.config!r})"

    def with_options(
        self,
        *,
        timeout: float | None = None,
        deadline: float | None = None,
        attempts: int | None = None,
        read_only: bool | None = None,
        ahead: int | None = None,
        middleware: Iterable[Callable[..., Any]] | None = None,
    ) -> Self:
        """A view of this client with other options; connections, limits and counts are shared.

        * `timeout`: seconds of silence allowed within one attempt;
        * `deadline`: seconds for a whole call from the moment it is first sent;
        * `attempts`: how often a call is sent at most: 1 for no repeats;
        * `read_only`: True to raise before any write; it cannot be lifted;
        * `ahead`: pages of a list fetched at once, where the API's cursors are offsets (1 to 32; by
          default 1, and for AsyncSegment up to 3 more than the one that is worked on);
        * `middleware`: more functions around every attempt, inside those there are.

        Raises ConfigurationError for a value that makes no sense. Closing a view closes all.
        """
        old = self._options
        made = copy.copy(self)
        made._options = checked(
            Options(
                timeout=old.timeout if timeout is None else timeout,
                deadline=old.deadline if deadline is None else deadline,
                attempts=old.attempts if attempts is None else attempts,
                read_only=old.read_only or bool(read_only),
                ahead=old.ahead if ahead is None else ahead,
                middleware=old.middleware + tuple(middleware or ()),
            )
        )
        return made

    def _open(self, given: dict[str, Any]) -> Session:
        """The hook for another API: where it is, as whom, and how its answers are judged."""
        return Session(Config(**given))

    def _operation(self, op_id: str) -> Operation:
        """The hook for another API: what an operation's id stands for."""
        try:
            return operation(op_id)
        except KeyError as error:
            raise ConfigurationError(str(error.args[0])) from None

    def _exchange(
        self,
        op_id: str,
        path: Mapping[str, Any] | None = None,
        query: Mapping[str, Any] | None = None,
        body: Any = None,
    ) -> Exchange:
        self._session.usable()
        return Exchange(
            self._session, Prepared(self._operation(op_id), path, query, body), self._options
        )
