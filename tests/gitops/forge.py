"""What the templates ask of GitHub and GitLab, answered on loopback: comments, plans that wait.

It stands in for the real ones, which tests cannot reach: it knows the requests that we believe to
be right, and answers 404 to all others.
"""

from __future__ import annotations

import json
import re
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, urlsplit

TOKEN = "forge-token-marker"
# What GitHub and GitLab say of a comment that was made with the job's token.
OURS: dict[str, Any] = {
    "user": {"type": "Bot", "login": "github-actions[bot]"},
    "author_association": "NONE",
    "author": {"id": 99},
}
# A comment of GitHub holds no more characters.
MOST = 65_536


class Forge:
    """Comments by pull request or issue, artifacts, packages, and what was asked."""

    def __init__(self) -> None:
        self.comments: dict[str, list[dict[str, Any]]] = {}
        self.artifacts: list[dict[str, Any]] = []
        self.packages: dict[str, bytes] = {}
        self.asked: list[str] = []
        self.url = ""

    def artifact(self, name: str, run: int, *, fork: bool = False) -> None:
        """An artifact of a run of this repository, or of a fork's."""
        self.artifacts.append(
            {
                "name": name,
                "expired": False,
                "created_at": f"2026-01-01T00:00:{len(self.artifacts):02}Z",
                "workflow_run": {
                    "id": run,
                    "repository_id": 1,
                    "head_repository_id": 2 if fork else 1,
                },
            }
        )

    def answer(self, method: str, path: str, query: dict[str, list[str]], body: bytes) -> Any:
        """The JSON (or bytes) that answers a request; None is 404."""
        listed = re.fullmatch(
            r"/repos/acme/segment/issues/(\d+)/comments|"
            r"/api/v4/projects/7/(?:merge_requests|issues)/(\d+)/notes",
            path,
        )
        if listed and method in ("GET", "POST"):
            held = self.comments.setdefault(listed[1] or listed[2], [])
            if method == "GET":
                size, page = int(query["per_page"][0]), int(query["page"][0])
                return held[(page - 1) * size : page * size]
            made = {"id": sum(map(len, self.comments.values())) + 1, **json.loads(body), **OURS}
            if len(made["body"]) > MOST:
                return None
            held.append(made)
            return made
        one = re.fullmatch(r"/repos/acme/segment/issues/comments/(\d+)", path)
        note = re.fullmatch(r"/api/v4/projects/7/(?:merge_requests|issues)/\d+/notes/(\d+)", path)
        edited = one if method == "PATCH" else note if method == "PUT" else None
        if edited:
            wanted = int(edited[1])
            [found] = [c for held in self.comments.values() for c in held if c["id"] == wanted]
            found.update(json.loads(body))
            return found
        if path == "/api/v4/user" and method == "GET":
            return OURS["author"]
        if path == "/repos/acme/segment/actions/artifacts" and method == "GET":
            return {"artifacts": [a for a in self.artifacts if a["name"] == query["name"][0]]}
        if re.fullmatch(r"/api/v4/projects/7/packages/generic/[\w.-]+/[0-9a-f]{40}/plan", path):
            if method == "PUT":
                self.packages[path] = body
                return {"message": "201 Created"}
            return self.packages.get(path)
        return None

    @contextmanager
    def serve(self) -> Iterator[Forge]:
        """Answer on a free port of loopback."""
        forge = self

        class Handler(BaseHTTPRequestHandler):
            def _do(self) -> None:
                parts = urlsplit(self.path)
                body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
                forge.asked.append(f"{self.command} {parts.path}")
                given = self.headers.get("Authorization") or self.headers.get("PRIVATE-TOKEN") or ""
                found: Any = None
                if given.removeprefix("Bearer ") == TOKEN:
                    found = forge.answer(self.command, parts.path, parse_qs(parts.query), body)
                content = found if isinstance(found, bytes) else json.dumps(found).encode()
                self.send_response(404 if found is None else 200)
                self.send_header("Content-Length", str(len(content)))
                self.end_headers()
                self.wfile.write(content)

            do_GET = do_POST = do_PATCH = do_PUT = _do  # noqa: N815 - the names that http.server calls

            def log_message(self, *args: Any) -> None:
                pass

        server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05})
        thread.start()
        self.url = f"http://127.0.0.1:{server.server_port}"
        try:
            yield self
        finally:
            server.shutdown()
            thread.join()
            server.server_close()
