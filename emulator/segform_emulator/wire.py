"""The server's side of HTTP/1.1: what is no request, and who is too slow, get an answer too.

uvicorn alone answers what is malformed with plain text, and waits without end for clients that
begin a request and never finish it.
"""

from __future__ import annotations

import asyncio
from typing import Any

import h11
from uvicorn.protocols.http.h11_impl import H11Protocol

from .errors import Fault
from .exact import dumps

# Request line and headers together; addresses above 16 KiB are refused by the service itself.
LONGEST_HEAD = 64 * 1024
# Seconds in which a request has to be complete, its head and its body each.
PATIENCE = 30.0


def too_slow() -> Fault:
    """408: the client began a request and did not finish it."""
    return Fault(408, "request-timeout", "The request was not complete in time.")


class Wire(H11Protocol):
    """uvicorn's protocol with the envelope of the service for its own answers."""

    patience = PATIENCE

    def __init__(self, *given: Any, **named: Any) -> None:
        super().__init__(*given, **named)
        self._waiting: asyncio.TimerHandle | None = None

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]  # as uvicorn itself narrows it
        """A connection; its first request has to come in time."""
        super().connection_made(transport)
        self._wait()

    def connection_lost(self, exc: Exception | None) -> None:
        """The connection is gone."""
        self._wait_no_more()
        super().connection_lost(exc)

    def data_received(self, data: bytes) -> None:
        """Part of a request, or several."""
        super().data_received(data)
        if self.conn.their_state is not h11.IDLE:
            self._wait_no_more()
        elif self._waiting is None and not self.transport.is_closing():
            self._wait()

    def _wait(self) -> None:
        self._waiting = self.loop.call_later(self.patience, self._give_up)

    def _wait_no_more(self) -> None:
        if self._waiting is not None:
            self._waiting.cancel()
            self._waiting = None

    def _give_up(self) -> None:
        self._waiting = None
        if self.conn.their_state is h11.IDLE and not self.transport.is_closing():
            self._refuse(too_slow())

    def send_400_response(self, msg: str) -> None:
        """What is no HTTP request: 400; a head that is too long: 414 or 431."""
        rest = self.conn.trailing_data[0]
        if len(rest) <= LONGEST_HEAD:
            fault = Fault(400, "bad-request", "This is not a valid HTTP request.")
        elif b"\n" not in rest:
            fault = Fault(414, "uri-too-long", "The address of the request is too long.")
        else:
            fault = Fault(431, "headers-too-large", "The headers of the request are too large.")
        self._refuse(fault)

    def _refuse(self, fault: Fault) -> None:
        body = dumps({"errors": [fault.item]}).encode()
        head = [
            ("Content-Type", "application/json"),
            ("Content-Length", str(len(body))),
            ("Connection", "close"),
        ]
        events = (
            h11.Response(status_code=fault.status, headers=head),
            h11.Data(data=body),
            h11.EndOfMessage(),
        )
        try:
            for event in events:
                self.transport.write(self.conn.send(event) or b"")
        except h11.LocalProtocolError:
            # An answer is on its way already: there is no room for another one.
            self.transport.abort()
        else:
            self.transport.close()


def patient(seconds: float) -> type[Wire]:
    """The protocol with another patience."""
    return type("Wire", (Wire,), {"patience": seconds})
