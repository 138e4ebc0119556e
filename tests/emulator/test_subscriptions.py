"""Destination subscriptions: actions, the nested update, schedules of reverse ETL."""

from __future__ import annotations

from typing import Any

import pytest

from segform_emulator import Emulator

from .api import AMPLITUDE, WEBHOOK, Api

LOG_EVENT = "gA673j6ij2yCB8n9Fztpj9"
SEND = "nFPnRozhz1mh4Gbx4MLvT5"


def body(**more: Any) -> dict[str, Any]:
    return {
        "name": "Orders",
        "actionId": LOG_EVENT,
        "trigger": 'event = "Order Placed"',
        "enabled": True,
        **more,
    }


def subscription(api: Api, destination: Any, **more: Any) -> Any:
    path = f"/destinations/{destination['id']}/subscriptions"
    return api.post(path, body(**more))["destinationSubscription"]


def model(api: Api, source: Any, **more: Any) -> Any:
    given = {
        "sourceId": source["id"],
        "name": "Customers",
        "description": "",
        "enabled": True,
        "query": "SELECT id, email FROM customers",
        "queryIdentifierColumn": "id",
        **more,
    }
    return api.post("/reverse-etl-models", given)["reverseEtlModel"]


def path_of(made: Any) -> str:
    return f"/destinations/{made['destinationId']}/subscriptions/{made['id']}"


def update(api: Api, made: Any, **given: Any) -> Any:
    return api.patch(path_of(made), {"input": given})["subscription"]


def test_a_subscription_from_creation_to_deletion(api: Api) -> None:
    destination = api.destination(api.source()["id"])
    settings = {"user_id": {"@path": "$.userId"}, "price": 1.10, "nested": {"a": [1, None]}}
    path = f"/destinations/{destination['id']}/subscriptions"
    answer = api.send("POST", path, body(settings=settings))
    assert answer.status_code == 200
    made = answer.json()["data"]["destinationSubscription"]
    assert (made["actionSlug"], made["destinationId"]) == ("logEvent", destination["id"])
    assert made["settings"] == settings
    assert "modelId" not in made
    assert "reverseETLSchedule" not in made
    assert api.get(path_of(made))["subscription"] == api.get(path)["subscriptions"][0]
    assert api.delete(path_of(made)) == {"status": "SUCCESS"}
    assert api.refused("GET", path_of(made)).status == 404
    assert api.get(path)["subscriptions"] == []


def test_it_belongs_to_its_own_destination(api: Api) -> None:
    source = api.source()
    first, second = api.destination(source["id"]), api.destination(source["id"], WEBHOOK)
    made = subscription(api, first)
    assert api.refused("GET", path_of({**made, "destinationId": second["id"]})).status == 404
    assert api.refused("GET", path_of({**made, "destinationId": "none"})).status == 404
    wrong = api.refused("POST", f"/destinations/{second['id']}/subscriptions", body())
    assert (wrong.status, wrong.errors[0]["field"]) == (422, "actionId")
    assert api.refused("POST", "/destinations/none/subscriptions", body()).status == 404


@pytest.mark.parametrize("wrong", [{"name": ""}, {"trigger": " "}, {"settings": []}])
def test_wrong_input_is_refused(api: Api, wrong: dict[str, Any]) -> None:
    destination = api.destination(api.source()["id"])
    path = f"/destinations/{destination['id']}/subscriptions"
    assert api.refused("POST", path, body(**wrong)).status == 422
    made = subscription(api, destination)
    assert api.refused("PATCH", path_of(made), {"input": wrong}).status == 422


def test_an_update_is_in_input_and_merges_settings(api: Api) -> None:
    made = subscription(api, api.destination(api.source()["id"]), settings={"a": 1, "b": {"x": 1}})
    assert api.refused("PATCH", path_of(made), {"name": "Other"}).status == 422
    after = update(api, made, name="Other", settings={"a": None, "b": {"y": 2}})
    assert after == {**made, "name": "Other", "settings": {"b": {"y": 2}}}
    assert update(api, made, enabled=False, trigger='type = "page"')["enabled"] is False
    assert api.get(path_of(made))["subscription"]["trigger"] == 'type = "page"'


def test_password_fields_come_back_as_a_mask(api: Api) -> None:
    entries = api.emulator.catalog.entries["destinations"]
    [action] = entries[WEBHOOK]["actions"]
    field = {
        "id": "f1",
        "sortOrder": 0,
        "fieldKey": "signature",
        "label": "Signature",
        "type": "PASSWORD",
        "description": "",
        "required": False,
        "multiple": False,
        "dynamic": False,
        "allowNull": False,
    }
    # Another entry in its place: entries are shared by all emulators of a process.
    entries[WEBHOOK] = {**entries[WEBHOOK], "actions": [{**action, "fields": [field]}]}
    destination = api.destination(api.source()["id"], WEBHOOK)
    made = subscription(api, destination, actionId=SEND, settings={"signature": "0123secret"})
    assert made["settings"]["signature"] == "•" * 10 + "cret"
    directive = {"@path": "$.properties.signature"}
    after = update(api, made, settings={"signature": directive})
    assert after["settings"]["signature"] == directive


def test_a_schedule_is_for_subscriptions_with_a_model(api: Api) -> None:
    source = api.source()
    made = subscription(api, api.destination(source["id"]))
    manual = {"strategy": "MANUAL"}
    refused = api.refused("PATCH", path_of(made), {"input": {"reverseETLSchedule": manual}})
    assert (refused.status, refused.errors[0]["field"]) == (422, "input.reverseETLSchedule")
    unknown = {"input": {"reverseETLModelId": "none"}}
    assert api.refused("PATCH", path_of(made), unknown).status == 404
    of = model(api, source)
    after = update(api, made, reverseETLModelId=of["id"], reverseETLSchedule=manual)
    assert (after["modelId"], after["reverseETLSchedule"]) == (of["id"], manual)
    direct = subscription(api, {"id": made["destinationId"]}, modelId=of["id"])
    assert direct["modelId"] == of["id"]
    path = f"/destinations/{made['destinationId']}/subscriptions"
    assert api.refused("POST", path, body(modelId="none")).status == 404


TIMES = {"days": [0, 6], "hours": [0, 23], "timezone": "UTC"}


@pytest.mark.parametrize(
    ("strategy", "config"),
    [
        ("MANUAL", None),
        ("PERIODIC", {"interval": "10m"}),
        ("PERIODIC", {"interval": "3h25m30s"}),
        ("SPECIFIC_DAYS", TIMES),
        ("CRON", {"spec": "0,15,30,45 * * * 1-5", "timezone": "America/Los_Angeles"}),
        ("CRON", {"spec": "*/15 8-18/2 * * *", "timezone": "UTC"}),
        ("CRON", {"spec": "7 3 1 * *", "timezone": "UTC"}),
        ("DBT_CLOUD", {"jobId": "1", "accountId": "2"}),
    ],
)
def test_schedules_of_every_strategy(api: Api, strategy: str, config: Any) -> None:
    source = api.source()
    made = subscription(api, api.destination(source["id"]), modelId=model(api, source)["id"])
    schedule = {"strategy": strategy, "config": config}
    assert update(api, made, reverseETLSchedule=schedule)["reverseETLSchedule"] == schedule


@pytest.mark.parametrize(
    ("strategy", "config"),
    [
        ("HOURLY", None),
        ("MANUAL", {"interval": "1h"}),
        ("PERIODIC", None),
        ("PERIODIC", TIMES),
        ("PERIODIC", {"interval": "9m59s"}),
        ("PERIODIC", {"interval": "168h"}),
        ("PERIODIC", {"interval": "1 hour"}),
        ("SPECIFIC_DAYS", {**TIMES, "days": [7]}),
        ("SPECIFIC_DAYS", {**TIMES, "hours": [24]}),
        ("SPECIFIC_DAYS", {**TIMES, "hours": [1.5]}),
        ("SPECIFIC_DAYS", {**TIMES, "days": []}),
        ("SPECIFIC_DAYS", {**TIMES, "timezone": ""}),
        ("CRON", {"spec": "* * * * *", "timezone": "UTC"}),
        ("CRON", {"spec": "*/10 * * * *", "timezone": "UTC"}),
        ("CRON", {"spec": "0,50 * * * *", "timezone": "UTC"}),
        ("CRON", {"spec": "0 0 * *", "timezone": "UTC"}),
        ("CRON", {"spec": "sixty 0 * * *", "timezone": "UTC"}),
        ("CRON", {"spec": "60 0 * * *", "timezone": "UTC"}),
        ("DBT_CLOUD", {"jobId": "", "accountId": "2"}),
    ],
)
def test_schedules_that_are_none(api: Api, strategy: str, config: Any) -> None:
    source = api.source()
    made = subscription(api, api.destination(source["id"]), modelId=model(api, source)["id"])
    schedule = {"strategy": strategy, "config": config}
    refused = api.refused("PATCH", path_of(made), {"input": {"reverseETLSchedule": schedule}})
    assert refused.status == 422
    assert refused.errors[0]["field"].startswith("input.reverseETLSchedule")
    assert "reverseETLSchedule" not in api.get(path_of(made))["subscription"]


def test_subscriptions_go_with_destination_source_and_model(api: Api) -> None:
    source = api.source()
    first, second = api.destination(source["id"]), api.destination(source["id"], AMPLITUDE)
    of = model(api, source)
    subscription(api, first)
    subscription(api, second, modelId=of["id"])

    def held() -> int:
        dump = api.control("GET", "dump")["workspaces"][0]
        return len(dump.get("subscriptions", ()))

    assert held() == 2
    api.delete(f"/reverse-etl-models/{of['id']}")
    assert held() == 1
    api.delete(f"/destinations/{first['id']}")
    assert held() == 0
    subscription(api, second, modelId=model(api, source)["id"])
    api.delete(f"/sources/{source['id']}")
    assert held() == 0


def test_writes_have_limits_of_their_own(emulator: Emulator, api: Api) -> None:
    destination = api.destination(api.source()["id"])
    emulator.clock.stop(True)
    emulator.limits.configure({"enforce": True})
    for _ in range(5):
        subscription(api, destination)
    path = f"/destinations/{destination['id']}/subscriptions"
    refused = api.refused("POST", path, body())
    assert (refused.status, refused.type) == (429, "RequestError")
    emulator.clock.advance(60)
    assert subscription(api, destination)


def test_a_concurrent_delete_shifts_the_pages_that_follow(emulator: Emulator, api: Api) -> None:
    destination = api.destination(api.source()["id"])
    names = [subscription(api, destination, name=f"S{index}")["name"] for index in range(4)]
    path = f"/destinations/{destination['id']}/subscriptions?pagination.count=2"
    first = api.get(path)
    emulator.fault("shifted_page")
    cursor = first["pagination"]["next"]
    second = api.get(f"{path}&pagination.cursor={cursor}")
    assert [one["name"] for one in second["subscriptions"]] == names[3:]
