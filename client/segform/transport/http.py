"""The only module that knows httpx: sends one prepared request and says what came back.

The libraries underneath are imported when the first request is sent: a client that is made and
never used costs nothing.
"""

from __future__ import annotations

import ssl
import time
from collections.abc import Iterable, Mapping
from functools import lru_cache
from typing import TYPE_CHECKING, Any, Final
from urllib.request import getproxies

from . import light

with light.httpx_without_its_command():
    import httpx

from .answer import Fault, Reply
from .config import Config
from .encode import Prepared
from .options import Patience
from .retry import Failure

if TYPE_CHECKING:
    from collections.abc import Generator

# The provider sends from up to 128 threads: each can have its own connection.
CONNECTIONS: Final = 128
LARGEST_ANSWER: Final = 256 * 1024 * 1024
CONNECT_TIMEOUT: Final = 10.0
# A server that drips its answer never falls silent: the whole of it has to come in this many
# times the timeout.
WHOLE_ANSWER: Final = 10


class _Bearer(httpx.Auth):
    """Adds the token as the request leaves, so that no header mapping of ours ever holds it."""

    def __init__(self, config: Config) -> None:
        self._token = config.token

    def auth_flow(self, request: httpx.Request) -> Generator[httpx.Request, httpx.Response, None]:
        request.headers["Authorization"] = f"Bearer {self._token.reveal()}"
        yield request


class _NoCookies(httpx.Cookies):
    """The API sets none; none is read from answers, none is sent."""

    def extract_cookies(self, response: httpx.Response) -> None:
        """Nothing is kept."""


def _options(config: Config, *, tls: bool) -> dict[str, Any]:
    if tls and config.url.startswith("https:"):
        # The usual authorities, or those of SSL_CERT_FILE and SSL_CERT_DIR.
        context = httpx.create_ssl_context()
    else:
        # Loopback without TLS, or a transport of the caller's own; a context that trusts nobody
        # spares loading every authority.
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    return {
        "auth": _Bearer(config),
        "headers": {"User-Agent": config.user_agent},
        "limits": httpx.Limits(max_connections=CONNECTIONS, max_keepalive_connections=CONNECTIONS),
        "follow_redirects": False,
        "trust_env": not config.loopback,
        "verify": context,
    }


@lru_cache(maxsize=8)
def _parsed(url: str) -> httpx.URL:
    return httpx.URL(url)


def _headers(raw: Iterable[tuple[bytes, bytes]]) -> dict[str, str]:
    """Headers by their names in small letters; of one that comes twice, both."""
    found: dict[str, str] = {}
    for name, value in raw:
        key, text = name.lower().decode("latin-1"), value.decode("latin-1")
        found[key] = f"{found[key]}, {text}" if key in found else text
    return found


def _request(config: Config, prepared: Prepared, allowed: Patience) -> dict[str, Any]:
    operation = prepared.operation
    headers = {**prepared.headers, "Accept": operation.accept}
    if prepared.body is not None:
        headers["Content-Type"] = operation.content_type
    url = _parsed(config.url)
    prefix = url.raw_path.rstrip(b"/")
    return {
        "method": operation.method,
        # The exact bytes: what is escaped stays escaped as it is.
        "url": url.copy_with(raw_path=prefix + prepared.target.encode("ascii")),
        "headers": headers,
        "content": prepared.body,
        "timeout": httpx.Timeout(allowed.silent, connect=min(allowed.silent, CONNECT_TIMEOUT)),
    }


class _Reading:
    """The body as it arrives: its size and its time are limited."""

    def __init__(self, allowed: Patience) -> None:
        whole = min(allowed.silent * WHOLE_ANSWER, allowed.whole)
        self._deadline = time.monotonic() + whole
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
        elif time.monotonic() > self._deadline:
            self.stopped = Fault(Failure("timeout"), "the answer came too slowly")
        return self.stopped is None

    def done(self) -> Reply | Fault:
        """What was read."""
        return self.stopped or Reply(self.status, self.headers, b"".join(self._chunks))

    def broke(self, error: httpx.RequestError) -> Reply | Fault:
        """What to make of an error: how far the answer had come decides."""
        if self.status >= 300:  # the status is what counts, with as much of the body as came
            return self.done()
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
    """Sends from any number of threads over one pool of connections."""

    def __init__(self, config: Config, transport: httpx.BaseTransport | None = None) -> None:
        self._config = config
        self._client = httpx.Client(transport=transport, **_options(config, tls=transport is None))
        self._client._cookies = _NoCookies()

    def send(self, prepared: Prepared, allowed: Patience) -> Reply | Fault:
        """Send once; what came back, or why nothing did. Never raises for what the network does."""
        reading = _Reading(allowed)
        try:
            with self._client.stream(**_request(self._config, prepared, allowed)) as response:
                reading.head(response)
                for chunk in response.iter_bytes():
                    if not reading.take(chunk):
                        break
            return reading.done()
        except httpx.RequestError as error:
            return reading.broke(error)

    def close(self) -> None:
        """Close every connection."""
        self._client.close()


def _proxies() -> bool:
    """Whether the environment names proxies: httpx finds the way through them."""
    return bool(getproxies().keys() & {"http", "https", "all"})


def _direct(options: dict[str, Any]) -> httpx.AsyncBaseTransport:
    """A transport whose connections are asyncio's own, without what anyio adds to each request."""
    import httpcore

    from .streams import Backend

    limits: httpx.Limits = options["limits"]
    made = httpx.AsyncHTTPTransport(verify=options["verify"], trust_env=False, limits=limits)
    # httpx has no argument for it; nothing was connected yet, so nothing is left open.
    made._pool = httpcore.AsyncConnectionPool(
        ssl_context=options["verify"],
        max_connections=limits.max_connections,
        max_keepalive_connections=limits.max_keepalive_connections,
        keepalive_expiry=limits.keepalive_expiry,
        network_backend=Backend(),
    )
    return made


class AsyncWire:
    """Sends from one event loop over one pool of connections."""

    def __init__(self, config: Config, transport: httpx.AsyncBaseTransport | None = None) -> None:
        self._config = config
        options = _options(config, tls=transport is None)
        if transport is None and not (options["trust_env"] and _proxies()):
            transport = _direct(options)
        self._client = httpx.AsyncClient(transport=transport, **options)
        self._client._cookies = _NoCookies()

    async def send(self, prepared: Prepared, allowed: Patience) -> Reply | Fault:
        """As `Wire.send`, awaited."""
        reading = _Reading(allowed)
        try:
            async with self._client.stream(**_request(self._config, prepared, allowed)) as response:
                reading.head(response)
                async for chunk in response.aiter_bytes():
                    if not reading.take(chunk):
                        break
            return reading.done()
        except httpx.RequestError as error:
            return reading.broke(error)

    async def close(self) -> None:
        """Close every connection."""
        await self._client.aclose()
