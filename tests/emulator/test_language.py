"""FQL in requests, and filters: what cannot be carried out is refused."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from segform_emulator import Emulator

from .api import Api
from .test_spaces import space
from .test_subscriptions import subscription


def test_filters_preview_what_they_make_of_a_payload(api: Api) -> None:
    payload = {"event": "A", "type": "track", "properties": {"a": 1, "b": 2}}

    def result(statement: str, *actions: Any) -> Any:
        body = {"filter": {"if": statement, "actions": list(actions)}, "payload": payload}
        found = api.post("/destination/filters/preview", body)
        assert found["inputPayload"] == payload
        return found["result"]

    assert result('event = "A"', {"type": "DROP"}) is None
    assert result('event = "B"', {"type": "DROP"}) == payload
    kept = {"type": "ALLOW_PROPERTIES", "fields": {"properties": ["a"]}}
    assert result("all", kept) == {**payload, "properties": {"a": 1}}
    wrong = {"filter": {"if": "a = = b", "actions": []}, "payload": payload}
    assert api.refused("POST", "/destination/filters/preview", wrong).status == 422
    assert api.get("/audit-events")["events"] == []


def test_a_destination_has_ten_filters_at_most(api: Api) -> None:
    destination = api.destination(api.source()["id"])
    made = [api.filter(destination) for _ in range(10)]
    body = {**made[0], "title": "Eleventh"}
    path = f"/destination/{destination['id']}/filters"
    assert api.refused("POST", path, body).status == 400
    api.delete(f"{path}/{made[3]['id']}")
    assert api.filter(destination)


@pytest.mark.parametrize(
    "statement",
    [
        "event = 'A",
        "event = ",
        "event == = 'A'",
        "(event = 'A'",
        "nothing(event)",
        "match(event)",
        "event = 'A' event = 'B'",
        " ",
        "event = '" + "x" * 6000 + "'",
        "(" * 5000,
        "!" * 5000 + "a",
    ],
    ids=lambda statement: statement[:20],
)
def test_fql_that_cannot_be_carried_out_is_422(api: Api, statement: str) -> None:
    source = api.source()
    destination = api.destination(source["id"])
    of = space(api)
    path = f"/destination/{destination['id']}/filters"
    body = {
        "sourceId": source["id"],
        "if": statement,
        "actions": [{"type": "DROP"}],
        "title": "T",
        "enabled": True,
    }
    refused = [api.refused("POST", path, body)]
    mine = {"name": "T", "sourceId": source["id"], "enabled": True, "if": statement}
    refused.append(api.refused("POST", "/transformations", mine))
    rule = {"integrationId": of["id"], "name": "T", "if": statement}
    refused.append(api.refused("POST", "/filters", rule))
    made = api.filter(destination)
    refused.append(api.refused("PATCH", f"{path}/{made['id']}", {"if": statement}))
    for one in refused:
        assert (one.status, one.type, one.errors[0]["field"]) == (422, "input-validation", "if")
    action = destination["metadata"]["actions"][0]
    mapping = {"name": "M", "actionId": action["id"], "trigger": statement, "enabled": True}
    answer = api.refused("POST", f"/destinations/{destination['id']}/subscriptions", mapping)
    assert (answer.status, answer.errors[0]["field"]) == (422, "trigger")


@pytest.mark.parametrize(
    "statement",
    [
        "all",
        "event = 'A' AND type = 'track'",
        "event == 'A' OR event == 'B'",
        "contains(properties.a, 'x') and !(userId = null)",
        "event = 'never' and event = 'both'",
        "length ( event ) > 3",
    ],
)
def test_fql_that_the_service_has_stored_is_taken(api: Api, statement: str) -> None:
    destination = api.destination(api.source()["id"])
    assert api.filter(destination, **{"if": statement})["if"] == statement


def test_the_triggers_of_the_catalogue_are_taken(api: Api) -> None:
    taken = 0
    source = api.source()
    for entry in api.get("/catalog/destinations?pagination[count]=1000")["destinationsCatalog"]:
        presets = [(one["actionId"], one["trigger"]) for one in entry["presets"]]
        defaults = [(one["id"], one["defaultTrigger"]) for one in entry["actions"]]
        wanted = [(action, trigger) for action, trigger in [*presets, *defaults] if trigger]
        known = {one["id"] for one in entry["actions"]}
        if not wanted:
            continue
        destination = api.destination(source["id"], entry["id"])
        for action, trigger in wanted:
            if action in known:
                subscription(api, destination, actionId=action, trigger=trigger)
                taken += 1
    assert taken > 20


def test_a_trigger_that_only_the_catalogue_would_write(tmp_path: Path) -> None:
    """Seen there: a comma between conditions. From anybody else it is no FQL."""
    odd = 'type = "track", event = "Paid"'
    action = {"id": "a1", "slug": "pay", "name": "Pay", "platform": "CLOUD", "defaultTrigger": odd}
    entry = {"id": "0" * 24, "name": "Own", "slug": "own", "options": [], "actions": [action]}
    file = tmp_path / "destinations.json"
    file.write_text(json.dumps([entry]), encoding="utf-8")
    api = Api(Emulator(catalog=[file]))
    made = api.destination(api.source()["id"], "0" * 24)
    path = f"/destinations/{made['id']}/subscriptions"
    body = {"name": "M", "actionId": "a1", "trigger": odd, "enabled": True}
    assert api.post(path, body)["destinationSubscription"]["trigger"] == odd
    assert api.refused("POST", path, {**body, "trigger": odd + " "}).status == 422
