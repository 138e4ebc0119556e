"""What the tests of the client share: a server that takes its time."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest


@pytest.fixture
def slow_server() -> Iterator[str]:
    """A server on loopback: `/sources/slow` thinks, `/sources/drip` drips, all others answer."""

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"
        wbufsize = 65536  # an answer in one piece, or the other side waits to acknowledge the first

        def do_GET(self) -> None:
            body = b'{"data":{"source":{"id":"s"}}}'
            if self.path.endswith("slow"):
                stopping.wait(2)
            self.send_response(200)
            drips = self.path.endswith("drip")
            self.send_header("Content-Length", "1000" if drips else str(len(body)))
            self.end_headers()
            for _ in range(100 if drips else 0):
                self.wfile.write(b" ")
                self.wfile.flush()
                if stopping.wait(0.05):
                    return
            self.wfile.write(body)

        def log_message(self, *_: object) -> None:
            """Silent."""

    class Server(ThreadingHTTPServer):
        daemon_threads = True
        request_queue_size = 256

        def handle_error(self, request: object, client_address: object) -> None:
            """A client that hangs up is part of these tests."""

    stopping = threading.Event()
    with Server(("127.0.0.1", 0), Handler) as server:
        thread = threading.Thread(target=server.serve_forever, args=(0.01,))
        thread.start()
        try:
            yield f"http://127.0.0.1:{server.server_address[1]}"
        finally:
            stopping.set()
            server.shutdown()
            thread.join()
