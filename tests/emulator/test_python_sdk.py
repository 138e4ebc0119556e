"""What the official Python SDK (73.2.0) sends, as raw requests on a socket.

It is not on PyPI; these forms were measured: pagination as JSON in one parameter, lists as a name
that repeats, `Accept` with the vendor type of the operation's most stable version, bodies by that
type where there is no stable version. It refuses answers that are not JSON, and answers without a
field that it requires.
"""

from __future__ import annotations

import http.client
import json
from collections.abc import Iterator
from typing import Any
from urllib.parse import quote, urlencode

import pytest

from segform_emulator import Emulator
from segform_emulator.contract import Operation, document, operations

from .api import AMPLITUDE, Api, track
from .test_people import permission

AGENT = "Public API SDK 73.2.0 (Python)"
MEDIA: dict[str, str] = document()["media_types"]


class Wire:
    """A connection as urllib3 keeps it: one for all requests."""

    def __init__(self, emulator: Emulator, port: int) -> None:
        self.api = Api(emulator)
        self.emulator = emulator
        self._connection = http.client.HTTPConnection("127.0.0.1", port, timeout=20)

    def send(
        self, method: str, target: str, body: Any = None, version: str = "stable"
    ) -> tuple[int, http.client.HTTPMessage, Any]:
        """Status, headers and content of an answer, which has to be JSON."""
        head = {
            "Accept": MEDIA[version],
            "Authorization": f"Bearer {self.emulator.token}",
            "User-Agent": AGENT,
        }
        if body is not None:
            head["Content-Type"] = "application/json" if version == "stable" else MEDIA[version]
        content = None if body is None else json.dumps(body).encode()
        self._connection.request(method, target, content, head)
        answer = self._connection.getresponse()
        assert answer.headers["Content-Type"].startswith("application/json")
        return answer.status, answer.headers, json.loads(answer.read())

    def data(self, method: str, target: str, body: Any = None, version: str = "stable") -> Any:
        """The `data` of an answer of success."""
        status, _, content = self.send(method, target, body, version)
        assert status in (200, 201), content
        return content["data"]

    def close(self) -> None:
        self._connection.close()


@pytest.fixture
def wire(emulator: Emulator) -> Iterator[Wire]:
    with emulator.serve() as server:
        made = Wire(emulator, server.port)
        yield made
        made.close()


def test_pages_are_json_in_one_parameter(wire: Wire) -> None:
    for number in range(5):
        wire.api.source(f"s{number}")
    first = wire.data("GET", "/sources?pagination=%7B%22count%22%3A%202%7D")
    cursor = first["pagination"]["next"]
    given = quote(json.dumps({"cursor": cursor, "count": 3}))
    rest = wire.data("GET", f"/sources?pagination={given}")
    found = first["sources"] + rest["sources"]
    assert [one["slug"] for one in found] == [f"s{number}" for number in range(5)]
    # As it was measured, to the letter.
    text = "pagination=%7B%22cursor%22%3A%20%22MA%3D%3D%22%2C%20%22count%22%3A%20200%7D"
    assert wire.data("GET", f"/sources?{text}")["sources"] == found


def test_lists_repeat_their_name(wire: Wire) -> None:
    api = wire.api
    emails = ["a+b@shop.example", "c@shop.example"]
    api.post("/invites", {"invites": [{"email": one} for one in [*emails, "d@shop.example"]]})
    gone = urlencode({"emails": emails}, doseq=True)
    assert wire.data("DELETE", f"/invites?{gone}") == {"status": "SUCCESS"}
    assert api.get("/invites")["invites"] == ["d@shop.example"]

    source = api.source()
    events = [{"source": source["id"], "type": "track", "event": "Paid", "count": 3}]
    api.control("POST", "events", {"events": events})
    now = api.emulator.clock.now().isoformat()
    query: dict[str, Any] = {"granularity": "DAY", "startTime": now[:10], "endTime": now}
    query |= {"groupBy": ["eventName", "source"], "eventType": ["track", "page"]}
    result = wire.data("GET", f"/events/volume?{urlencode(query, doseq=True)}")["result"]
    assert [(one["eventName"], one["total"]) for one in result] == [("Paid", 3)]


def test_rules_as_a_python_dict_are_refused_and_harm_nothing(wire: Wire) -> None:
    """`rules=[…]` goes out as `{'type': …}`, which no server could read."""
    plan = wire.api.plan()
    path = f"/tracking-plans/{plan['id']}/rules"
    wire.api.patch(path, {"rules": [track("A"), track("B")]})
    rules = [{"type": "TRACK", "key": one, "version": 1} for one in "AB"]
    query = "&".join(f"rules={quote(str(one))}" for one in rules)
    assert query.startswith("rules=%7B%27type%27%3A%20%27TRACK%27")
    for asked in (query, f"rules={quote(str(rules[0]))}"):
        status, _, content = wire.send("DELETE", f"{path}?{asked}")
        assert (status, content["errors"][0]["type"]) == (422, "input-validation")
    assert len(wire.api.get(path)["rules"]) == 2


def test_a_name_of_null_resets_it(wire: Wire) -> None:
    """`UpdateDestinationV1Input.from_dict({"enabled": True})` sends a null that nobody wrote."""
    destination = wire.api.destination(wire.api.source()["id"], name="Ours")
    path = f"/destinations/{destination['id']}"
    kept = wire.data("PATCH", path, {"enabled": False})["destination"]
    assert (kept["name"], kept["enabled"]) == ("Ours", False)
    reset = wire.data("PATCH", path, {"enabled": True, "name": None})["destination"]
    assert (reset["name"], reset["enabled"]) == (destination["metadata"]["name"], True)


def test_bodies_of_alpha_operations_have_the_vendor_type(wire: Wire) -> None:
    destination = wire.api.destination(wire.api.source()["id"])
    body = {"name": "All", "actionId": "gA673j6ij2yCB8n9Fztpj9", "trigger": "all", "enabled": True}
    path = f"/destinations/{destination['id']}/subscriptions"
    made = wire.data("POST", path, {**body, "trigger": 'type = "track"'}, "alpha")
    assert made["destinationSubscription"]["destinationId"] == destination["id"]
    # And without a body.
    source = wire.api.source("other")
    keys = wire.data("POST", f"/sources/{source['id']}/writekey", version="alpha")
    assert len(keys["source"]["writeKeys"]) == 2


@pytest.mark.parametrize("status", [404, 422, 429])
def test_errors_that_it_reads(wire: Wire, status: int) -> None:
    """Of these three it reads the body; each item needs a type."""
    if status == 429:
        wire.api.control("POST", "limits", {"enforce": True, "operations": {"listSources": 1}})
        wire.data("GET", "/sources")
    found: tuple[str, str, Any] = {
        404: ("GET", "/sources/none", None),
        422: ("POST", "/sources", {}),
        429: ("GET", "/sources", None),
    }[status]
    answered, headers, content = wire.send(*found)
    assert answered == status
    assert set(content) == {"errors"}
    assert all(isinstance(one["type"], str) for one in content["errors"])
    if status == 429:
        assert 0 < content["errors"][0]["data"]["msBeforeNext"] <= 60_000
        assert headers["X-RateLimit-Remaining"] == "0"


def test_no_header_of_it_is_refused(wire: Wire) -> None:
    """Every operation answers in the version and with the types that the SDK has for it."""
    for operation in operations().values():
        version = operation.stability
        body: Any = None if operation.body is None else {}
        status, headers, content = wire.send(operation.method, _any(operation), body, version)
        assert status in (200, 201, 400, 403, 404, 409, 422), (operation.id, content)
        message = content["errors"][0]["message"] if "errors" in content else ""
        assert "in the version" not in message, (operation.id, message)
        assert "X-RateLimit-Consumed" in headers, operation.id


def _any(operation: Operation) -> str:
    path = operation.path
    for name in operation.parameters:
        path = path.replace(f"{{{name}}}", "none")
    return path


def test_permissions_and_filters_arrive_as_they_were_sent(wire: Wire) -> None:
    """`if` is `var_if` in the SDK and `if` on the wire; models of models are plain JSON."""
    api = wire.api
    user_id = api.get("/users")["users"][0]["id"]
    body = {"permissions": [permission(api, "Source Admin")]}
    answer = wire.data("POST", f"/users/{user_id}/permissions", body)
    assert [one["roleName"] for one in answer["permissions"]][-1] == "Source Admin"
    destination = api.destination(api.source()["id"], AMPLITUDE)
    given = {
        "sourceId": destination["sourceId"],
        "if": "all",
        "actions": [{"type": "SAMPLE", "percent": 0.5, "path": "userId"}],
        "title": "Half",
        "enabled": True,
    }
    made = wire.data("POST", f"/destination/{destination['id']}/filters", given)["filter"]
    assert {name: made[name] for name in given} == given
