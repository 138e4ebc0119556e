"""A way through a proxy, to a server with a certificate of one's own authority: both real."""

from __future__ import annotations

import asyncio
import socket
import ssl
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from segform import APIConnectionError, AsyncSegment, ConfigurationError, Segment

from .stub import TOKEN

HOST = "api.segment.test"
BODY = b'{"data":{"labels":[]}}'
ANSWER = b"HTTP/1.1 200 OK\r\nContent-Length: 22\r\nConnection: close\r\n\r\n" + BODY


def certificate(folder: Path, host: str = HOST, minutes: int = 60) -> tuple[Path, Path]:
    """An authority that vouches for itself as the host: certificate and key."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, host)])
    now = datetime.now(UTC)
    made = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(1)
        .not_valid_before(now - timedelta(hours=1))
        .not_valid_after(now + timedelta(minutes=minutes))
        .add_extension(x509.SubjectAlternativeName([x509.DNSName(host)]), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .sign(key, hashes.SHA256())
    )
    certificate, private = folder / "ca.pem", folder / "key.pem"
    certificate.write_bytes(made.public_bytes(serialization.Encoding.PEM))
    private.write_bytes(
        key.private_bytes(
            serialization.Encoding.PEM,
            serialization.PrivateFormat.PKCS8,
            serialization.NoEncryption(),
        )
    )
    return certificate, private


def head_of(connection: socket.socket) -> bytes:
    head = b""
    while not head.endswith(b"\r\n\r\n"):
        piece = connection.recv(1)
        if not piece:
            break
        head += piece
    return head


@contextmanager
def proxy(context: ssl.SSLContext) -> Iterator[tuple[str, list[bytes]]]:
    """A proxy that answers `CONNECT` and then is the host itself; what it heard."""
    heard: list[bytes] = []
    with socket.create_server(("127.0.0.1", 0)) as listener:
        listener.settimeout(10)

        def serve() -> None:
            try:
                connection, _ = listener.accept()
                with connection:
                    heard.append(head_of(connection))
                    connection.sendall(b"HTTP/1.1 200 Connection established\r\n\r\n")
                    with context.wrap_socket(connection, server_side=True) as secure:
                        heard.append(head_of(secure))
                        secure.sendall(ANSWER)
            except OSError:
                pass  # the client hung up: what it thought of it is its own test

        thread = threading.Thread(target=serve)
        thread.start()
        try:
            yield f"http://127.0.0.1:{listener.getsockname()[1]}", heard
        finally:
            thread.join(timeout=15)


def asked_by_asyncio() -> list[Any]:
    """The labels, by the awaited client."""

    async def run() -> list[Any]:
        async with AsyncSegment(TOKEN, url=f"https://{HOST}", timeout=10) as made:
            return await made.with_options(attempts=1).labels.list()

    return asyncio.run(run())


def asked() -> list[Any]:
    """The labels."""
    with Segment(TOKEN, url=f"https://{HOST}", timeout=10) as made:
        return made.with_options(attempts=1).labels.list()


@pytest.mark.parametrize("ask", [asked, asked_by_asyncio])
@pytest.mark.parametrize("trusted", [True, False])
def test_a_proxy_and_an_authority_of_ones_own(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, trusted: bool, ask: Callable[[], list[Any]]
) -> None:
    authority, key = certificate(tmp_path)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(authority, key)
    if trusted:
        monkeypatch.setenv("SSL_CERT_FILE", str(authority))
    with proxy(context) as (address, heard):
        monkeypatch.setenv("HTTPS_PROXY", address)
        for name in ("NO_PROXY", "no_proxy"):
            monkeypatch.delenv(name, raising=False)
        if not trusted:
            with pytest.raises(APIConnectionError, match=r"(?i)certificate"):
                ask()
        else:
            assert ask() == []
    assert heard[0].startswith(f"CONNECT {HOST}:443 ".encode())
    assert TOKEN.encode() not in heard[0]  # the proxy is not told
    if trusted:
        assert f"Bearer {TOKEN}".encode() in heard[1]


@pytest.mark.parametrize("ask", [asked, asked_by_asyncio])
@pytest.mark.parametrize("there", [True, False])
def test_authorities_that_cannot_be_read(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, there: bool, ask: Callable[[], list[Any]]
) -> None:
    file = tmp_path / "ca.pem"
    if there:
        file.write_text("no certificate")
    monkeypatch.setenv("SSL_CERT_FILE", str(file))
    with pytest.raises(ConfigurationError, match=r"ca\.pem.*SSL_CERT_FILE"):
        ask()
