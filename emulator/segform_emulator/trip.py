"""One request on its way to its answer, whichever API it is of, and into the log."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, NamedTuple

from .errors import Dropped, Fault
from .injection import PAGE, Injection, Page, strike

if TYPE_CHECKING:
    from .contract import Operation
    from .core import Emulator

# What bodies and addresses may weigh is not documented; these are common limits (unknown).
LARGEST_BODY = 10 * 1024 * 1024
# Snapshots come through the control plane, and may be of whole workspaces.
LARGEST_SEED = 512 * 1024 * 1024
LONGEST_TARGET = 16 * 1024


class Request(NamedTuple):
    """A request as it arrived: `path` still percent-encoded, names of `headers` in lower case."""

    method: str
    path: str
    query: str
    headers: Mapping[str, str]
    body: bytes

    @property
    def host(self) -> str:
        """The host that it was sent to, in lower case, without the port."""
        return self.headers.get("host", "").partition(":")[0].lower()


class Answer(NamedTuple):
    """Status, headers and body; `delay` in seconds before it goes out; `dropped`: it never does."""

    status: int
    headers: dict[str, str]
    body: bytes
    delay: float = 0.0
    dropped: bool = False


class Trip:
    """A request, what was found out about it on the way, and the faults that strike it.

    An API says its `steps`, and how it tells a `fault`.
    """

    unknown = "unknown"

    def __init__(self, emulator: Emulator, request: Request) -> None:
        self.emulator = emulator
        self.request = request
        self.operation: Operation | None = None
        self.fault: Injection | None = None
        self.role_name = ""
        self.headers: dict[str, str] = {"Content-Type": "application/json"}

    def steps(self) -> tuple[int, bytes]:
        """Status and body of a request that is carried out. Raises `Fault` for one that is not."""
        raise NotImplementedError

    def told(self, fault: Fault) -> tuple[int, bytes]:
        """Status and body that tell of a fault."""
        raise NotImplementedError

    def answer(self) -> Answer:
        """Answer the request, and write it into the log."""
        made = self._go()
        entry: dict[str, Any] = {
            "operation": self.operation.id if self.operation else self.unknown,
            "method": self.request.method,
            "path": self.request.path,
            "query": self.request.query,
            "status": 0 if made.dropped else made.status,
            "bytes": len(self.request.body),
            "role": self.role_name,
            "at": self.emulator.clock.now().isoformat(timespec="milliseconds"),
        }
        if self.fault is not None:
            entry["fault"] = self.fault.kind
        self.emulator.recorder.add(entry, writes=self._writes())
        return made

    def _writes(self) -> bool:
        """Whether the request asks for a change; one of no operation does by its method."""
        if self.operation is None:
            return self.request.method not in ("GET", "HEAD", "OPTIONS")
        return not self.operation.reads

    def _go(self) -> Answer:
        """The answer, whatever happens on the way."""
        delay = 0.0
        try:
            status, body = self.steps()
        except Fault as fault:
            status, body = self.told(fault)
        except Page as page:
            return Answer(page.status, {**self.headers, "Content-Type": "text/html"}, PAGE)
        except Dropped:
            return Answer(0, {}, b"", dropped=True)
        except Exception as defect:
            # A defect of ours: told as one, in the form of the service, and never as a traceback.
            what = self.operation.id if self.operation else "a request"
            words = self.emulator.checks.defect(what, defect)
            status, body = self.told(Fault(500, "emulator-defect", words))
        if self.fault is not None:
            if self.fault.kind == "truncated":
                body = body[: len(body) // 2]
            if self.fault.kind == "slow":
                delay = self.fault.seconds
        return Answer(status, self.headers, body, delay)

    def weigh(self) -> None:
        """Raises `Fault` for an address or a body that is larger than the service takes."""
        request = self.request
        if len(request.path) + len(request.query) > LONGEST_TARGET:
            raise Fault(414, "uri-too-long", "The address of the request is too long.")
        if len(request.body) > LARGEST_BODY:
            raise Fault(413, "payload-too-large", "The body of the request is too large.")

    def known(self, operation: Operation) -> None:
        """Note what is asked for. Raises what a fault raises that strikes before anything else."""
        self.operation = operation
        self.fault = self.emulator.faults.take(self.request.method, self.request.path, operation.id)
        if self.fault is not None and self.fault.before:
            strike(self.fault)

    def done(self) -> None:
        """Raises what a fault raises that strikes once all is written."""
        if self.fault is not None and self.fault.kind == "drop_after_commit":
            raise Dropped
        if self.fault is not None and self.fault.kind == "error_after":
            strike(self.fault)
