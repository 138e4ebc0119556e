"""The control plane below `/_emulator`: for tests and people, without a token."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from typing import TYPE_CHECKING, Any

from . import query
from .errors import Fault
from .exact import dumps, loads

if TYPE_CHECKING:
    from .core import Answer, Emulator


def control(emulator: Emulator, method: str, path: str, query_string: str, body: bytes) -> Answer:
    """Answer a request of the control plane."""
    from .core import Answer

    name = path.removeprefix("/_emulator").strip("/")
    try:
        action = _ACTIONS.get((method, name))
        if action is None:
            known = ", ".join(f"{verb} /_emulator/{what}" for verb, what in _ACTIONS)
            raise Fault(404, "not-found", f"The control plane has: {known}")
        given = loads(body) if body else {}
        with emulator.lock:
            content = action(emulator, given, query.parse(query_string))
            if emulator.store is not None and method != "GET":
                emulator.store.save(emulator)
    except Fault as fault:
        return Answer(fault.status, _JSON, dumps({"errors": [fault.item]}).encode())
    except (ValueError, KeyError, TypeError) as problem:
        item = {"type": "bad-request", "message": f"{type(problem).__name__}: {problem}"}
        return Answer(400, _JSON, dumps({"errors": [item]}).encode())
    return Answer(200, _JSON, dumps(content).encode())


_JSON = {"Content-Type": "application/json"}
_DONE: dict[str, Any] = {"status": "SUCCESS"}


def _reset(emulator: Emulator, _given: Any, _query: Any) -> Any:
    emulator.reset()
    emulator.faults.clear()
    emulator.log.clear()
    return _DONE


def _dump(emulator: Emulator, _given: Any, _query: Any) -> Any:
    return emulator.snapshots.dump()


def _seed(emulator: Emulator, given: Any, wanted: dict[str, Any]) -> Any:
    """A snapshot as body, or sizes in the query."""
    if given:
        emulator.snapshots.load(given)
    else:
        emulator.snapshots.made_up({name: int(value) for name, value in wanted.items()})
    return _DONE


def _read_log(emulator: Emulator, _given: Any, _query: Any) -> Any:
    counts = Counter(entry["operation"] for entry in emulator.log)
    return {"requests": list(emulator.log), "counts": dict(counts), "total": len(emulator.log)}


def _clear_log(emulator: Emulator, _given: Any, _query: Any) -> Any:
    emulator.log.clear()
    return _DONE


def _fault(emulator: Emulator, given: Any, _query: Any) -> Any:
    emulator.faults.order(given)
    return _DONE


def _no_faults(emulator: Emulator, _given: Any, _query: Any) -> Any:
    emulator.faults.clear()
    return _DONE


def _limits(emulator: Emulator, given: Any, _query: Any) -> Any:
    emulator.limits.set(given)
    return _DONE


def _clock(emulator: Emulator, given: Any, _query: Any) -> Any:
    """`{"advance": seconds}`."""
    emulator.clock.offset += dt.timedelta(seconds=float(given["advance"]))
    return {"now": emulator.clock.now().isoformat()}


_ACTIONS = {
    ("POST", "reset"): _reset,
    ("GET", "dump"): _dump,
    ("POST", "seed"): _seed,
    ("GET", "log"): _read_log,
    ("DELETE", "log"): _clear_log,
    ("POST", "faults"): _fault,
    ("DELETE", "faults"): _no_faults,
    ("POST", "limits"): _limits,
    ("POST", "clock"): _clock,
}
