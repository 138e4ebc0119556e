"""A gate in front of the emulator that tells of each request before and after it is answered."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import httpx

from segform_emulator import Emulator

# Called with the request's number (from 1), its line, and "before" or "after".
Watcher = Callable[[int, str, str], None]


class Gate:
    """One server; `watch` may be changed between runs, `count` starts anew with `restart`."""

    def __init__(self, emulator: Emulator) -> None:
        self._inner = httpx.Client(
            transport=emulator.transport(), base_url="http://emulator.local", timeout=30
        )
        self._lock = threading.Lock()
        self.watch: Watcher = lambda *_: None
        self.count = 0
        self.lines: list[str] = []
        # What the emulator itself could not answer; nothing should be.
        self.troubles: list[str] = []
        self.url = ""

    def restart(self, watch: Watcher = lambda *_: None) -> None:
        """Count from 1 again, and tell somebody else."""
        with self._lock:
            self.watch, self.count, self.lines = watch, 0, []

    def answer(
        self, method: str, target: str, headers: dict[str, str], body: bytes
    ) -> httpx.Response:
        """Let one request through."""
        with self._lock:
            self.count += 1
            number, watch = self.count, self.watch
            line = f"{method} {target.partition('?')[0]}"
            self.lines.append(line)
        watch(number, line, "before")
        kept = {k: v for k, v in headers.items() if k.lower() not in ("host", "content-length")}
        try:
            answer = self._inner.request(method, target, headers=kept, content=body)
        except Exception as problem:
            self.troubles.append(f"{line}: {problem!r}")
            raise
        watch(number, line, "after")
        return answer

    @contextmanager
    def open(self) -> Iterator[Gate]:
        """Serve while the context lasts."""
        gate = self

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def _any(self) -> None:
                length = int(self.headers.get("Content-Length") or 0)
                body = self.rfile.read(length)
                answer = gate.answer(self.command, self.path, dict(self.headers.items()), body)
                try:
                    self.send_response(answer.status_code)
                    self.send_header("Content-Type", answer.headers.get("Content-Type", ""))
                    self.send_header("Content-Length", str(len(answer.content)))
                    self.end_headers()
                    self.wfile.write(answer.content)
                except OSError:
                    return  # whoever asked is dead

            do_GET = do_POST = do_PUT = do_PATCH = do_DELETE = _any  # noqa: N815 - the names that http.server calls

            def log_message(self, *_: object) -> None:
                return

            def handle(self) -> None:
                try:
                    super().handle()
                except OSError:
                    return

        server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        server.daemon_threads = True
        server.handle_error = lambda *_: None  # type: ignore[method-assign]  # cut connections are the point
        thread = threading.Thread(target=server.serve_forever, args=(0.05,), daemon=True)
        thread.start()
        self.url = f"http://127.0.0.1:{server.server_port}"
        try:
            yield self
        finally:
            server.shutdown()
            server.server_close()
            thread.join(5)
            self._inner.close()
