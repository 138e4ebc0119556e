"""The way through a proxy that the environment names: a tunnel, in which all is as without it.

httpx finds such a way by itself, but over connections that keep no deadline and know nothing of
what comes after an answer. Here the tunnel is part of how a connection is opened.
"""

from __future__ import annotations

import base64
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from typing import Any
from urllib.parse import urlsplit
from urllib.request import getproxies, proxy_bypass

import httpcore
import httpx

from segform.errors import ConfigurationError

from .bound import Backend, Bound


def named(url: str) -> httpx.Proxy | None:
    """The proxy that the environment, or the system, names for a url.

    Raises ConfigurationError where that is no address of a proxy.
    """
    parts, found = urlsplit(url), getproxies()
    address = found.get(parts.scheme) or found.get("all")
    everywhere = "*" in (one.strip() for one in found.get("no", "").split(","))
    if not address or everywhere or proxy_bypass(parts.netloc):
        return None
    try:
        proxy = httpx.Proxy(address if "://" in address else f"http://{address}")
        if not proxy.url.host:
            raise ValueError(address)
    except (ValueError, httpx.InvalidURL):
        raise ConfigurationError(
            "What HTTPS_PROXY or ALL_PROXY holds is not the address of a proxy; write "
            "http://host:port, or name this API's host in NO_PROXY."
        ) from None
    return proxy


class Tunnel:
    """What a proxy is asked for, and what it answered; no I/O."""

    def __init__(self, proxy: httpx.Proxy) -> None:
        url = proxy.url
        self.origin = httpcore.URL(
            scheme=url.raw_scheme, host=url.raw_host, port=url.port, target=b"/"
        ).origin
        self.name = f"{url.host}:{self.origin.port}"
        self.host = self.origin.host.decode("ascii")
        self.encrypted = url.scheme == "https"
        self._headers = [(b"Accept", b"*/*")]
        if proxy.raw_auth is not None:
            word = base64.b64encode(b":".join(proxy.raw_auth))
            self._headers.append((b"Proxy-Authorization", b"Basic " + word))

    def request(self, host: str, port: int, timeout: float | None) -> httpcore.Request:
        """Asks for the way to a host."""
        target = (f"[{host}]:{port}" if ":" in host else f"{host}:{port}").encode("ascii")
        scheme, name, own = self.origin.scheme, self.origin.host, self.origin.port
        return httpcore.Request(
            b"CONNECT",
            httpcore.URL(scheme=scheme, host=name, port=own, target=target),
            headers=[(b"Host", target), *self._headers],
            extensions={"timeout": {"read": timeout, "write": timeout}},
        )

    def opened(self, answer: httpcore.Response) -> Any:
        """The stream through it. Raises ProxyError where the proxy says no."""
        if 200 <= answer.status <= 299:
            return answer.extensions["network_stream"]
        words = answer.extensions.get("reason_phrase", b"").decode("ascii", "replace")
        raise httpcore.ProxyError(f"{answer.status} {words}".rstrip())

    @contextmanager
    def asked(self) -> Iterator[None]:
        """Whatever goes wrong meanwhile, nothing was sent to the API yet."""
        try:
            yield
        except httpcore.TimeoutException as error:
            raise httpcore.ConnectTimeout(f"the proxy {self.name}: {error}") from error
        except (httpcore.NetworkError, httpcore.ProtocolError, httpcore.ProxyError) as error:
            raise httpcore.ProxyError(f"the proxy {self.name}: {error}") from error


class Through(Backend):
    """Opens streams through a proxy."""

    def __init__(self, bound: Bound, tunnel: Tunnel, context: Any) -> None:
        super().__init__(bound)
        self._tunnel = tunnel
        self._context = context

    def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,
        local_address: str | None = None,
        socket_options: Iterable[Any] | None = None,
    ) -> httpcore.NetworkStream:
        """As if the host had been connected to."""
        way = self._tunnel
        with way.asked():
            stream = super().connect_tcp(
                way.host, way.origin.port, timeout, local_address, socket_options
            )
            try:
                if way.encrypted:
                    stream = stream.start_tls(self._context, way.host, timeout)
                asking = httpcore.HTTP11Connection(way.origin, stream)
                opened = way.opened(asking.handle_request(way.request(host, port, timeout)))
            except BaseException:
                stream.close()
                raise
        self._bound.anew()
        through: httpcore.NetworkStream = opened
        return through
