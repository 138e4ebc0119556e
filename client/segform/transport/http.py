"""Sends one prepared request and says what came back.

The libraries underneath are imported when the first request is sent: a client that is made and
never used costs nothing.
"""

from __future__ import annotations

import os
import re
import ssl
import time
from collections.abc import Callable, Iterable, Mapping
from functools import lru_cache
from pathlib import Path
from typing import Final, TypeVar

from segform.errors import ConfigurationError

from . import light

with light.httpx_without_its_command():
    import httpx

from .answer import Fault, Reply
from .config import Config
from .connections import Spread
from .encode import Prepared
from .options import Patience
from .proxies import Tunnel, named
from .retry import Failure

T = TypeVar("T")

LARGEST_ANSWER: Final = 256 * 1024 * 1024
CONNECT_TIMEOUT: Final = 10.0
# A server that drips its answer never falls silent: the whole of it has to come in this many
# times the timeout.
WHOLE_ANSWER: Final = 10
_SLOWLY: Final = "the answer came too slowly"


def _context(config: Config) -> ssl.SSLContext:
    if config.url.startswith("https:"):
        # The usual authorities, or those of SSL_CERT_FILE and SSL_CERT_DIR.
        try:
            if file := os.environ.get("SSL_CERT_FILE"):
                Path(file).stat()  # some of httpx's versions pass over one that is not there
            return httpx.create_ssl_context()
        except OSError as error:  # those of TLS are of this kind too
            name = os.environ.get("SSL_CERT_FILE") or os.environ.get("SSL_CERT_DIR")
            raise ConfigurationError(
                f"The certificates of authorities in {name!r} (SSL_CERT_FILE, SSL_CERT_DIR) cannot "
                f"be read: {error.strerror or error}. It takes a file in PEM form."
            ) from None
    # Loopback without TLS; a context that trusts nobody spares loading every authority.
    return ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)


def _transport(
    config: Config,
    spread: Callable[[str, ssl.SSLContext, Tunnel | None], T],
    whole: Callable[..., T],
) -> T:
    """The way to the API: a spread of our connections; SOCKS is for a whole one of httpx's."""
    context, proxy = _context(config), None if config.loopback else named(config.url)
    if proxy is None or not proxy.url.scheme.startswith("socks"):
        return spread(config.url, context, Tunnel(proxy) if proxy else None)
    try:
        return whole(verify=context, proxy=proxy)
    except ImportError:
        raise ConfigurationError(
            "The environment names a SOCKS proxy, which needs a package more: pip install socksio. "
            "Or name a proxy in HTTPS_PROXY that speaks HTTP."
        ) from None


@lru_cache(maxsize=256)
def _address(url: str, target: str) -> httpx.URL:
    """Where a request goes, by its exact bytes: what is escaped stays escaped as it is."""
    base = httpx.URL(url)
    return base.copy_with(raw_path=base.raw_path.rstrip(b"/") + target.encode("ascii"))


def _headers(raw: Iterable[tuple[bytes, bytes]]) -> dict[str, str]:
    """Headers by their names in small letters; of one that comes twice, both."""
    found: dict[str, str] = {}
    for name, value in raw:
        key, text = name.lower().decode("latin-1"), value.decode("latin-1")
        found[key] = f"{found[key]}, {text}" if key in found else text
    return found


def _waits(silent: float) -> dict[str, float]:
    """How long each step may be silent, as httpx's transports read it."""
    connect = min(silent, CONNECT_TIMEOUT)
    return {"connect": connect, "read": silent, "write": silent, "pool": silent}


_NAME: Final = re.compile(r"[!#$%&'*+.^_`|~0-9A-Za-z-]+")


def _refuse_headers(headers: Mapping[str, str]) -> None:
    for name, value in headers.items():
        well = isinstance(name, str) and isinstance(value, str) and _NAME.fullmatch(name)
        if not well or not value.isascii() or not value.isprintable():
            raise ConfigurationError(
                f"The middleware set a header {name!r} that no request can carry; names and values "
                "are printable ASCII text."
            )


class _Requests:
    """Makes the requests of one client: httpx's, with the headers that all of them carry."""

    def __init__(self, config: Config) -> None:
        self._config = config
        with httpx.Client(transport=httpx.BaseTransport(), trust_env=False) as usual:
            encodings = usual.headers["Accept-Encoding"]  # those that httpx can read here
        self._always = {
            "Accept-Encoding": encodings,
            "Connection": "keep-alive",
            "User-Agent": config.user_agent,
        }
        # By what is accepted and sent; httpx copies its own headers faster than a mapping.
        self._known: dict[tuple[str, str], httpx.Headers] = {}

    def one(self, prepared: Prepared, allowed: Patience, until: float) -> httpx.Request:
        """A request, to be answered in whole `until` then; its headers stand above middleware's."""
        operation = prepared.operation
        sent = "" if prepared.body is None else operation.content_type
        headers = self._known.get((operation.accept, sent))
        if headers is None:
            made = {**self._always, "Accept": operation.accept}
            made |= {"Content-Type": sent} if sent else {}
            headers = self._known[operation.accept, sent] = httpx.Headers(made)
        if prepared.headers:
            _refuse_headers(prepared.headers)
            more = {k: v for k, v in prepared.headers.items() if k.lower() not in headers}
            headers = httpx.Headers({**more, **headers})
        request = httpx.Request(
            operation.method,
            _address(self._config.url, prepared.target),
            headers=headers,
            content=prepared.body,
            extensions={"timeout": _waits(allowed.silent), "until": until},
        )
        # Last, and into httpx's own headers, which hide it where they are shown: no mapping of
        # ours ever holds the token.
        request.headers["Authorization"] = f"Bearer {self._config.token.reveal()}"
        return request


class _Reading:
    """The body as it arrives: its size and its time are limited."""

    def __init__(self, allowed: Patience) -> None:
        whole = min(allowed.silent * WHOLE_ANSWER, allowed.whole)
        self.deadline = time.monotonic() + whole
        self._chunks: list[bytes] = []
        self._size = 0
        self.status = 0
        self.headers: Mapping[str, str] = {}
        self.stopped: Fault | None = None

    def head(self, response: httpx.Response) -> None:
        """The status and the headers are here."""
        self.status = response.status_code
        self.headers = _headers(response.headers.raw)

    def take(self, chunk: bytes) -> bool:
        """One more piece; False when enough is enough."""
        self._chunks.append(chunk)
        self._size += len(chunk)
        if self._size > LARGEST_ANSWER:
            detail = f"it is larger than {LARGEST_ANSWER // 2**20} MiB"
            self.stopped = Fault(Failure("garbled", self.status), detail)
        elif time.monotonic() > self.deadline:
            self.stopped = Fault(Failure("timeout"), _SLOWLY)
        return self.stopped is None

    def done(self) -> Reply | Fault:
        """What was read."""
        return self.stopped or Reply(self.status, self.headers, b"".join(self._chunks))

    def late(self) -> Reply | Fault:
        """What to make of an answer that is not whole in time."""
        if self.status >= 300:  # the status is what counts, with as much of the body as came
            return self.done()
        return Fault(Failure("timeout"), _SLOWLY)

    def broke(self, error: httpx.RequestError) -> Reply | Fault:
        """What to make of an error: how far the answer had come decides."""
        if self.status >= 300 or (self.status and time.monotonic() >= self.deadline):
            return self.late()
        if self.status:
            detail = f"it was cut short ({type(error).__name__})"
            return Fault(Failure("garbled", self.status), detail)
        return _fault(error)


def _fault(error: httpx.RequestError) -> Fault:
    detail = f"{type(error).__name__}: {error}".rstrip(": ")
    if isinstance(error, (httpx.ConnectTimeout, httpx.PoolTimeout)):
        return Fault(Failure("unreached"), detail)
    if isinstance(error, (httpx.ConnectError, httpx.ProxyError, httpx.UnsupportedProtocol)):
        return Fault(Failure("connection"), detail)
    if isinstance(error, httpx.TimeoutException):
        return Fault(Failure("timeout"), detail)
    return Fault(Failure("broken"), detail)


class Wire:
    """Sends from any number of threads, over connections that are kept.

    Straight to httpx's transports: what its client adds above them (cookies, redirects, events,
    logins) is not wanted here, and costs as much as the rest.
    """

    def __init__(self, config: Config, transport: httpx.BaseTransport | None = None) -> None:
        self._requests = _Requests(config)
        if transport is None:
            transport = _transport(config, Spread, httpx.HTTPTransport)
        self._send, self._shut = transport.handle_request, transport.close

    def send(self, prepared: Prepared, allowed: Patience) -> Reply | Fault:
        """Send once; what came back, or why nothing did. Never raises for what the network does."""
        reading = _Reading(allowed)
        try:
            response = self._send(self._requests.one(prepared, allowed, reading.deadline))
            try:
                reading.head(response)
                for chunk in response.iter_bytes():
                    if not reading.take(chunk):
                        break
            finally:
                response.close()
            return reading.done()
        except httpx.RequestError as error:
            return reading.broke(error)

    def close(self) -> None:
        """Close every connection."""
        self._shut()


class AsyncWire:
    """As `Wire`, from one event loop."""

    def __init__(self, config: Config, transport: httpx.AsyncBaseTransport | None = None) -> None:
        from .aio_connections import AsyncSpread, before

        self._requests = _Requests(config)
        if transport is None:
            transport = _transport(config, AsyncSpread, httpx.AsyncHTTPTransport)
        self._send, self._shut = transport.handle_async_request, transport.aclose
        # Others' transports keep no deadline by themselves.
        self._before = None if isinstance(transport, AsyncSpread) else before

    async def send(self, prepared: Prepared, allowed: Patience) -> Reply | Fault:
        """As `Wire.send`, awaited."""
        reading = _Reading(allowed)
        if self._before is None:
            return await self._sent(prepared, allowed, reading)
        try:
            async with self._before(reading.deadline):
                return await self._sent(prepared, allowed, reading)
        except TimeoutError:
            return reading.late()

    async def _sent(
        self, prepared: Prepared, allowed: Patience, reading: _Reading
    ) -> Reply | Fault:
        try:
            response = await self._send(self._requests.one(prepared, allowed, reading.deadline))
            try:
                reading.head(response)
                async for chunk in response.aiter_bytes():
                    if not reading.take(chunk):
                        break
            finally:
                await response.aclose()
            return reading.done()
        except httpx.RequestError as error:
            return reading.broke(error)

    async def close(self) -> None:
        """Close every connection."""
        await self._shut()
