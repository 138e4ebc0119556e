"""The control plane below `/_emulator`: for tests and people, without a token.

| request | what it does |
|---|---|
| `POST /reset` | empty workspaces, no faults, no limits, no log |
| `POST /seed` | a snapshot as body, or sizes in the query: `?sources=50&plans=5&rules=40` |
| `GET /dump` | everything, as a snapshot |
| `GET /log`, `DELETE /log` | requests with counts by operation; DELETE forgets both |
| `GET /requests`, `DELETE /requests` | how many came, how many to write; DELETE counts anew |
| `GET`, `POST`, `DELETE /faults` | what goes wrong with requests that come; see `injection` |
| `GET`, `POST /limits` | `{"enforce": true, "default": 700, "operations": {"listSources": 3}}` |
| `GET`, `POST /consistency` | `{"seconds": 2}` until what was made or deleted is seen everywhere |
| `GET`, `POST /timestamps` | `{"form": "spaced"}` or `iso`: how times are written |
| `GET`, `POST`, `DELETE /spaces` | `{"name": …, "slug": …, "id": …}` makes, `?id=…` deletes one |
| `GET`, `POST /consent` | `{"on": true}`: the rule of Consent Management is in every plan |
| `GET`, `POST /features` | `{"Functions": false}`; `workspace` (slug, the first) |
| `GET`, `POST /clock` | `{"advance": 60}` seconds, `{"stopped": true}` |
| `POST /accept-invite` | `{"email": …}` becomes a user; `name`, `workspace` (slug, the first) |
| `POST /events` | `{"events": [...]}`: traffic that the volumes count; see `traffic` |
| `GET /tokens` | tokens by role |
| `GET /violations` | answers of the emulator that broke the contract, and how many were checked |
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from . import query
from .errors import Fault, bad_request
from .exact import dumps, loads
from .families import consent
from .families.spaces import make_space
from .moments import FORMS
from .people import accept
from .traffic import feed
from .trip import Answer, Request

if TYPE_CHECKING:
    from .core import Emulator
    from .workspace import Workspace

_JSON = {"Content-Type": "application/json"}
_DONE: dict[str, Any] = {"status": "SUCCESS"}


def control(emulator: Emulator, request: Request) -> Answer:
    """Answer a request of the control plane."""
    name = request.path.removeprefix("/_emulator").strip("/")
    try:
        _refuse_browsers(request)
        action = _ACTIONS.get((request.method, name))
        if action is None:
            known = ", ".join(f"{verb} /_emulator/{what}" for verb, what in _ACTIONS)
            raise Fault(404, "not-found", f"The control plane has: {known}")
        content = action(emulator, _given(request.body), query.parse(request.query))
    except Fault as fault:
        return Answer(fault.status, _JSON, dumps({"errors": [fault.item]}).encode())
    except Exception as defect:
        told = emulator.checks.defect(f"/_emulator/{name}", defect)
        item = {"type": "emulator-defect", "message": told}
        return Answer(500, _JSON, dumps({"errors": [item]}).encode())
    return Answer(200, _JSON, dumps(content).encode())


def _refuse_browsers(request: Request) -> None:
    """A page that somebody has open must not turn what a test relies on."""
    if "origin" in request.headers or "sec-fetch-site" in request.headers:
        raise Fault(403, "forbidden", "The control plane does not answer browsers.")


def _given(body: bytes) -> Any:
    try:
        given = loads(body) if body else {}
    except (ValueError, RecursionError) as problem:
        raise bad_request(f"The body is not JSON: {problem}") from None
    if not isinstance(given, dict):
        raise bad_request("The body has to be a JSON object.")
    return given


def _reset(emulator: Emulator, _given: Any, _query: Any) -> Any:
    emulator.reset()
    return _DONE


def _dump(emulator: Emulator, _given: Any, _query: Any) -> Any:
    return emulator.snapshots.dump()


def _seed(emulator: Emulator, given: Any, wanted: dict[str, Any]) -> Any:
    if given:
        emulator.snapshots.load(given)
        return _DONE
    sizes: dict[str, int] = {}
    for name, value in wanted.items():
        if not isinstance(value, str) or not re.fullmatch("[0-9]{1,7}", value):
            raise bad_request(f"{name} has to be a number up to 9,999,999.")
        sizes[name] = int(value)
    emulator.snapshots.made_up(sizes)
    return _DONE


def _read_log(emulator: Emulator, _given: Any, _query: Any) -> Any:
    return {"requests": list(emulator.recorder.entries), **emulator.recorder.summary()}


def _clear_log(emulator: Emulator, _given: Any, _query: Any) -> Any:
    emulator.recorder.clear()
    emulator.recorder.reset()
    return _DONE


def _count(emulator: Emulator, _given: Any, _query: Any) -> Any:
    return emulator.recorder.summary()


def _count_anew(emulator: Emulator, _given: Any, _query: Any) -> Any:
    emulator.recorder.reset()
    return _DONE


def _fault(emulator: Emulator, given: Any, _query: Any) -> Any:
    emulator.faults.add(given)
    return _DONE


def _faults(emulator: Emulator, _given: Any, _query: Any) -> Any:
    return {"faults": [one.told() for one in emulator.faults.waiting]}


def _no_faults(emulator: Emulator, _given: Any, _query: Any) -> Any:
    emulator.faults.clear()
    return _DONE


def _limits(emulator: Emulator, given: Any, _query: Any) -> Any:
    if given:
        try:
            emulator.limits.configure(given)
        except (TypeError, ValueError, AttributeError):
            raise bad_request(
                "limits are enforce, default, operations and by (token or address)"
            ) from None
    return emulator.limits.settings()


def _features(emulator: Emulator, given: Any, query: Any) -> Any:
    workspace = _workspace(emulator, {**query, **given})
    emulator.features.switch(
        workspace, {name: on for name, on in given.items() if name != "workspace"}
    )
    return {"workspace": workspace.slug, "features": emulator.features.of(workspace)}


def _consistency(emulator: Emulator, given: Any, _query: Any) -> Any:
    emulator.consistency.configure(given)
    return {"seconds": emulator.consistency.seconds}


def _timestamps(emulator: Emulator, given: Any, _query: Any) -> Any:
    form = given.get("form", emulator.timestamps)
    if form not in FORMS:
        raise bad_request(f"The form of timestamps is one of {', '.join(FORMS)}.")
    emulator.timestamps = form
    return {"form": form}


def _spaces(emulator: Emulator, given: Any, query: Any) -> Any:
    workspace = _workspace(emulator, {**query, **given})
    return {"spaces": list(workspace.more["spaces"].values())}


def _make_space(emulator: Emulator, given: Any, _query: Any) -> Any:
    workspace = _workspace(emulator, given)
    made = make_space(workspace, given, emulator.make)
    emulator.kept(workspace)
    return {"space": made}


def _drop_space(emulator: Emulator, given: Any, query: Any) -> Any:
    workspace = _workspace(emulator, {**query, **given})
    wanted = str(query.get("id", ""))
    workspace.one("spaces", wanted, "The space")
    workspace.drop("spaces", wanted)
    emulator.kept(workspace)
    return _DONE


def _consent(emulator: Emulator, given: Any, query: Any) -> Any:
    workspace = _workspace(emulator, {**query, **given})
    if "on" in given:
        if not isinstance(given["on"], bool):
            raise bad_request("on is true or false.")
        consent.switch(workspace, given["on"], emulator.clock)
        emulator.kept(workspace)
    return {"workspace": workspace.slug, "on": consent.is_on(workspace)}


def _clock(emulator: Emulator, given: Any, _query: Any) -> Any:
    try:
        if "advance" in given:
            emulator.clock.advance(float(given["advance"]))
        if "stopped" in given:
            emulator.clock.stop(bool(given["stopped"]))
    except (TypeError, ValueError, OverflowError):
        raise bad_request("advance is a number of seconds") from None
    return {"now": emulator.clock.now().isoformat()}


def _workspace(emulator: Emulator, given: Any) -> Workspace:
    """The workspace that a body names by its slug, or the first."""
    slug = given.get("workspace", emulator.workspaces[0].slug)
    for workspace in emulator.workspaces:
        if workspace.slug == slug:
            return workspace
    raise bad_request(f"There is no workspace {slug!r}.")


def _accept(emulator: Emulator, given: Any, _query: Any) -> Any:
    email, name = given.get("email"), given.get("name")
    if not isinstance(email, str) or not isinstance(name, str | None):
        raise bad_request("email and name are texts.")
    workspace = _workspace(emulator, given)
    user = accept(workspace, email, name, emulator.make)
    emulator.kept(workspace)
    return {"user": user}


def _feed(emulator: Emulator, given: Any, _query: Any) -> Any:
    workspace = _workspace(emulator, given)
    count = feed(workspace, given.get("events"), emulator.clock)
    emulator.kept(workspace)
    return {"count": count}


def _tokens(emulator: Emulator, _given: Any, _query: Any) -> Any:
    return {"tokens": emulator.tokens}


def _violations(emulator: Emulator, _given: Any, _query: Any) -> Any:
    return emulator.checks.told()


_ACTIONS = {
    ("POST", "reset"): _reset,
    ("GET", "dump"): _dump,
    ("POST", "seed"): _seed,
    ("GET", "log"): _read_log,
    ("DELETE", "log"): _clear_log,
    ("GET", "requests"): _count,
    ("DELETE", "requests"): _count_anew,
    ("GET", "faults"): _faults,
    ("POST", "faults"): _fault,
    ("DELETE", "faults"): _no_faults,
    ("GET", "limits"): _limits,
    ("POST", "limits"): _limits,
    ("GET", "features"): _features,
    ("POST", "features"): _features,
    ("GET", "consistency"): _consistency,
    ("POST", "consistency"): _consistency,
    ("GET", "timestamps"): _timestamps,
    ("POST", "timestamps"): _timestamps,
    ("GET", "spaces"): _spaces,
    ("POST", "spaces"): _make_space,
    ("DELETE", "spaces"): _drop_space,
    ("GET", "consent"): _consent,
    ("POST", "consent"): _consent,
    ("GET", "clock"): _clock,
    ("POST", "clock"): _clock,
    ("POST", "accept-invite"): _accept,
    ("POST", "events"): _feed,
    ("GET", "tokens"): _tokens,
    ("GET", "violations"): _violations,
}
