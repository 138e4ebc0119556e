"""Over real sockets on loopback: what a network does, and what becomes of it."""

from __future__ import annotations

import socket
import socketserver
import threading
from collections.abc import Iterator
from contextlib import contextmanager

import pytest

from segform import (
    APIConnectionError,
    APIError,
    APITimeoutError,
    ResponseDecodeError,
    Segment,
)

from .stub import TOKEN, Waits

BODY = b'{"data":{"labels":[]}}'
OK = b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: 22\r\n\r\n" + BODY


@contextmanager
def serving(*answers: bytes) -> Iterator[tuple[str, list[bytes]]]:
    """A server that gives each answer's bytes to one connection, then closes it."""
    left = list(answers)
    heard: list[bytes] = []

    class Handler(socketserver.StreamRequestHandler):
        def handle(self) -> None:
            head = b""
            while not head.endswith(b"\r\n\r\n"):
                line = self.rfile.readline()
                if not line:
                    return
                head += line
            heard.append(head)
            answer = left.pop(0) if len(left) > 1 else left[0]
            if answer == b"silence":
                self.rfile.read()  # until the client gives up
            self.wfile.write(answer)

    class Server(socketserver.ThreadingTCPServer):
        daemon_threads = True
        request_queue_size = 256

        def handle_error(self, request: object, client_address: object) -> None:
            """A client that hangs up is part of these tests."""

    with Server(("127.0.0.1", 0), Handler) as server:
        thread = threading.Thread(target=server.serve_forever, args=(0.01,))
        thread.start()
        try:
            yield f"http://127.0.0.1:{server.server_address[1]}", heard
        finally:
            server.shutdown()
            thread.join()


def made(url: str, timeout: float = 5.0) -> Segment:
    client = Segment(token=TOKEN, url=url, timeout=timeout)
    client._sleep = Waits()
    return client


def test_a_request_over_a_socket() -> None:
    with serving(OK) as (url, heard), made(url) as client:
        assert client.request("listLabels") == {"labels": []}
        assert heard[0].startswith(b"GET /labels HTTP/1.1\r\n")
        assert f"Bearer {TOKEN}".encode() in heard[0]


def test_a_connection_that_is_refused() -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))  # bound and not listening: nobody answers there
        url = f"http://127.0.0.1:{taken.getsockname()[1]}"
        with made(url) as client, pytest.raises(APIConnectionError) as caught:
            client.request("createLabel", body={"label": {}})
    assert not isinstance(caught.value, APITimeoutError)
    assert not caught.value.ambiguous
    assert caught.value.attempts == 6
    assert "127.0.0.1" in str(caught.value)


def test_a_connection_that_breaks_after_the_request() -> None:
    with serving(b"", OK) as (url, heard), made(url) as client:
        with pytest.raises(APIConnectionError) as caught:
            client.request("createLabel", body={"label": {}})
        assert caught.value.ambiguous
        assert client.request("listLabels") == {"labels": []}
        assert len(heard) == 2


def test_an_answer_that_is_cut_short() -> None:
    with serving(OK[:-5], OK) as (url, heard), made(url) as client:
        assert client.request("listLabels") == {"labels": []}
        assert len(heard) == 2
    with serving(OK[:-5]) as (url, _), made(url) as client:
        with pytest.raises(ResponseDecodeError, match="cut short") as caught:
            client.request("createLabel", body={"label": {}})
        assert caught.value.ambiguous


def test_a_server_that_says_nothing() -> None:
    with serving(b"silence") as (url, heard), made(url, timeout=0.1) as client:
        with pytest.raises(APITimeoutError) as caught:
            client.request("createLabel", body={"label": {}})
        assert caught.value.ambiguous
        assert len(heard) == 1


def test_what_does_not_speak_http() -> None:
    with serving(b"SSH-2.0-OpenSSH_9.9\r\n") as (url, _), made(url) as client:
        with pytest.raises(APIError) as caught:
            client.request("listLabels")
        assert "connection" in str(caught.value)


def test_a_redirect_to_another_host_is_not_followed() -> None:
    with serving(OK) as (other, heard_there):
        away = f"HTTP/1.1 307 Moved\r\nLocation: {other}/labels\r\nContent-Length: 0\r\n\r\n"
        with serving(away.encode()) as (url, heard), made(url) as client:
            with pytest.raises(APIError, match="redirect"):
                client.request("listLabels")
            assert len(heard) == 1
        assert heard_there == []


def test_many_threads_at_once() -> None:
    with serving(OK) as (url, heard), made(url) as client:
        failed: list[BaseException] = []

        def work() -> None:
            try:
                client.request("listLabels")
            except BaseException as error:
                failed.append(error)

        threads = [threading.Thread(target=work) for _ in range(64)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        assert failed == []
        assert len(heard) >= 64


def test_a_proxy_of_the_environment_is_not_used_for_loopback(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("HTTP_PROXY", "http://127.0.0.1:1")
    monkeypatch.setenv("ALL_PROXY", "http://127.0.0.1:1")
    with serving(OK) as (url, _), made(url) as client:
        assert client.request("listLabels") == {"labels": []}
