"""The plugin process: handshake, socket, TLS, and an end when Terraform's is over.

What is imported before the handshake line is what every Terraform command waits for, several times;
so the provider's own modules come after it, when the first call arrives.
"""

from __future__ import annotations

import base64
import os
import shutil
import signal
import sys
import tempfile
import threading
from collections.abc import Callable, Iterator, Mapping
from concurrent import futures
from pathlib import Path
from typing import Any

import grpc

from .log import log

COOKIE = "d602bf8f470bc67ca7faa0386276bbdd4330efaf76d1a219cb4d6991ca9872b2"
PROTOCOL = "6"
# More than any `-parallelism`: reads that wait for a shared list must not keep others out.
THREADS = 128
# The longest path that a Unix socket can have, and what our part of it takes.
_SOCKET_PATH = 107
_PARENT_POLL = 0.2
# How long calls in flight may go on after Terraform is gone: a create has to learn its id.
_LAST_CALLS = 60.0

Handlers = Mapping[str, Callable[[Any], Any]]
_SERVICE = "/tfplugin6.Provider/"


def serve(load_handlers: Callable[[], Handlers]) -> None:
    """Serve the provider to the Terraform that started this process, until it is over."""
    refusal = _refusal()
    if refusal:
        sys.stderr.write(refusal + "\n")
        sys.exit(1)
    # Ctrl-C goes to the whole process group; Terraform then says itself when to stop.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    process = _Process(load_handlers)
    signal.signal(signal.SIGTERM, lambda *_: process.over.set())
    process.run()


def _refusal() -> str:
    """Why this process cannot serve, in words for whoever started it by hand."""
    if os.environ.get("TF_PLUGIN_MAGIC_COOKIE") != COOKIE:
        return (
            "This is a Terraform provider: Terraform starts it, people do not. Run `terraform "
            "init` and `terraform plan` in a folder that names it in `required_providers` "
            "(`segform provider link DIR` makes it findable there)."
        )
    versions = os.environ.get("PLUGIN_PROTOCOL_VERSIONS", PROTOCOL).split(",")
    if PROTOCOL not in versions:
        return (
            f"This provider speaks plugin protocol {PROTOCOL}; this Terraform speaks "
            f"{', '.join(versions)}. Use Terraform 1.0 or newer."
        )
    return ""


class _Process:
    """One server on one socket."""

    def __init__(self, load_handlers: Callable[[], Handlers]) -> None:
        self.over = threading.Event()
        self.calls = _Calls(load_handlers, self.over)
        self.folder = _socket_folder()
        self.parent = os.getppid()

    def run(self) -> None:
        """Say where the socket is, then wait for the end."""
        server = grpc.server(
            futures.ThreadPoolExecutor(max_workers=THREADS),
            options=[
                ("grpc.max_receive_message_length", -1),
                ("grpc.max_send_message_length", -1),
            ],
        )
        server.add_generic_rpc_handlers((self.calls,))
        address = self.folder / "s"
        certificate = self._listen(server, f"unix:{address}")
        server.start()
        sys.stdout.write(f"1|{PROTOCOL}|unix|{address}|grpc|{certificate}\n")
        sys.stdout.flush()
        threading.Thread(target=self._watch_parent, daemon=True).start()
        self.over.wait()
        self.calls.wait(_LAST_CALLS if os.getppid() != self.parent else 1.0)
        server.stop(grace=0.2).wait(1.0)
        shutil.rmtree(self.folder, ignore_errors=True)
        # Threads that still wait for an answer must not keep the process.
        os._exit(0)

    @staticmethod
    def _listen(server: Any, address: str) -> str:
        # Without a client's certificate Terraform was told not to use TLS.
        if not os.environ.get("PLUGIN_CLIENT_CERT"):
            server.add_insecure_port(address)
            return ""
        from .certificate import make

        key, pem, der = make()
        server.add_secure_port(address, grpc.ssl_server_credentials([(key, pem)]))
        return base64.b64encode(der).decode().rstrip("=")

    def _watch_parent(self) -> None:
        while not self.over.wait(_PARENT_POLL):
            if os.getppid() != self.parent:
                log("warn", "Terraform is gone; ending after the calls in flight")
                self.over.set()


def _socket_folder() -> Path:
    """A folder that only we can enter, with a path short enough for a socket."""
    wanted = os.environ.get("PLUGIN_UNIX_SOCKET_DIR") or None
    folder = Path(tempfile.mkdtemp(prefix="segform-", dir=wanted))
    if len(os.fsencode(folder)) + 2 <= _SOCKET_PATH:
        return folder
    folder.rmdir()
    return Path(tempfile.mkdtemp(prefix="segform-", dir="/tmp"))


class _Calls(grpc.GenericRpcHandler):
    """Every call that Terraform makes, to the provider and to the plugin's own services."""

    def __init__(self, load_handlers: Callable[[], Handlers], over: threading.Event) -> None:
        self._load = load_handlers
        self._over = over
        self._handlers: Handlers | None = None
        self._methods: dict[str, Any] = {}
        self._lock = threading.Lock()
        self._idle = threading.Condition()
        self._running = 0

    def service(self, handler_call_details: Any) -> Any:
        """The handler of one call, or None for what is not implemented."""
        method = handler_call_details.method
        if method.startswith(_SERVICE):
            return self._provider(method.removeprefix(_SERVICE))
        return self._plugin(method)

    def _provider(self, name: str) -> Any:
        with self._lock:
            if self._handlers is None:
                self._handlers = self._load()
            if name not in self._methods:
                self._methods[name] = self._method(name, self._handlers.get(name))
            return self._methods[name]

    def _method(self, name: str, handler: Callable[[Any], Any] | None) -> Any:
        """What grpcio calls for one of the provider's RPCs."""
        if handler is None:
            return None
        from .wire import message

        def answer(request: Any, context: Any) -> Any:
            with self._idle:
                self._running += 1
            try:
                return handler(request)
            except Exception as problem:
                _report(name, problem)
                context.abort(grpc.StatusCode.INTERNAL, _sorry(name, problem))
            finally:
                with self._idle:
                    self._running -= 1
                    self._idle.notify_all()

        return grpc.unary_unary_rpc_method_handler(
            answer,
            request_deserializer=message(_message_name(name, "Request")).FromString,
            response_serializer=lambda made: made.SerializeToString(),
        )

    def _plugin(self, method: str) -> Any:
        """The services of the plugin mechanism: ending, health, and streams that stay empty."""
        if method == "/plugin.GRPCController/Shutdown":
            return grpc.unary_unary_rpc_method_handler(self._shutdown)
        if method == "/grpc.health.v1.Health/Check":
            # The message {status: SERVING}.
            return grpc.unary_unary_rpc_method_handler(lambda _request, _context: b"\x08\x01")
        if method == "/plugin.GRPCStdio/StreamStdio":
            return grpc.unary_stream_rpc_method_handler(self._silence)
        if method == "/plugin.GRPCBroker/StartStream":
            return grpc.stream_stream_rpc_method_handler(self._silence)
        return None

    def _shutdown(self, _request: bytes, _context: Any) -> bytes:
        self._over.set()
        return b""

    @staticmethod
    def _silence(_request: Any, _context: Any) -> Iterator[bytes]:
        return iter(())

    def wait(self, seconds: float) -> None:
        """Wait until no call of the provider is running, but not longer than this."""
        with self._idle:
            self._idle.wait_for(lambda: self._running == 0, timeout=seconds)


def _message_name(call: str, part: str) -> str:
    return f"{call}.{part}"


def _report(name: str, problem: Exception) -> None:
    import traceback

    # Without the message, which may hold values; where it happened is what is needed.
    frames = "".join(traceback.format_tb(problem.__traceback__))
    log("error", f"{name} failed with {type(problem).__name__}", trace=frames)


def _sorry(name: str, problem: Exception) -> str:
    return (
        f"segform failed in {name}: {type(problem).__name__}. This is a fault of the provider, not "
        "of the configuration. Run again with TF_LOG_PROVIDER=error and report the trace."
    )
