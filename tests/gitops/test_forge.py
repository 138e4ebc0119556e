"""The token of a forge goes to the forge alone."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest

from segform.gitops.forge import ForgeError, of_environment


@contextmanager
def served(status: int, headers: dict[str, str]) -> Iterator[tuple[str, list[str]]]:
    """A server that always answers so: its address, and the tokens that it was sent."""
    tokens: list[str] = []

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            tokens.append(self.headers.get("Authorization") or "")
            self.send_response(status)
            for name, value in headers.items():
                self.send_header(name, value)
            self.send_header("Content-Length", "2")
            self.end_headers()
            self.wfile.write(b"[]")

        def log_message(self, *_: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05})
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}", tokens
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


def github(url: str) -> dict[str, str]:
    return {
        "GITHUB_ACTIONS": "true",
        "GITHUB_API_URL": url,
        "GITHUB_REPOSITORY": "acme/segment",
        "GITHUB_TOKEN": "forge-token-marker",
    }


def test_a_redirect_is_not_followed() -> None:
    with (
        served(200, {}) as (elsewhere, there),
        served(302, {"Location": f"{elsewhere}/comments"}) as (url, here),
    ):
        forge = of_environment(github(url))
        assert forge is not None
        with pytest.raises(ForgeError, match="answered with 302") as raised:
            forge.comment("mark", "body", 5)
    assert here == ["Bearer forge-token-marker"]
    assert there == []
    assert "forge-token-marker" not in str(raised.value)


def test_a_token_does_not_travel_in_the_clear() -> None:
    with pytest.raises(ForgeError, match=r"http://forge\.example is not https"):
        of_environment(github("http://forge.example"))
