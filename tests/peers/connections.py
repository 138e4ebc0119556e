"""Tours of the SDK's families around sources and destinations. See `test_official_sdk`."""

from __future__ import annotations

from typing import Any

from tests.emulator.api import AMPLITUDE, POSTGRES, PYTHON, WEB, WEBHOOK, Api

from .sdk import Sdk

BULLETS = "•" * 10
LOG_EVENT = "gA673j6ij2yCB8n9Fztpj9"


def slugs(found: list[Any]) -> list[str]:
    return [one["slug"] for one in found]


def ids(found: list[Any]) -> list[str]:
    return [one["id"] for one in found]


def sources(sdk: Sdk, api: Api) -> None:
    family = sdk.family("SourcesApi")
    made = family.createSource({"slug": "web", "enabled": True, "metadataId": WEB})["source"]
    assert (made["name"], made["metadata"]["slug"]) == ("web", "javascript")
    assert len(made["writeKeys"][0]) == 32
    assert family.getSource(made["id"])["source"] == made
    other = family.createSource({"slug": "shop", "enabled": False, "metadataId": PYTHON})["source"]
    third = family.createSource({"slug": "app", "enabled": True, "metadataId": PYTHON})["source"]
    found = family.pages("listSources", "sources")
    assert found == [made, other, third]
    assert "pagination[count]=2" in sdk.last["sent"].replace("%5B", "[").replace("%5D", "]")
    update = {"name": "Web shop", "slug": "web-shop", "enabled": False, "settings": {"a": [1]}}
    changed = family.updateSource(made["id"], update)["source"]
    assert changed == {**made, **update}
    assert family.getSource(made["id"])["source"] == changed

    api.post("/labels", {"label": {"key": "team", "value": "web"}})
    api.post("/labels", {"label": {"key": "stage", "value": "live"}})
    team, stage = {"key": "team", "value": "web"}, {"key": "stage", "value": "live"}
    assert family.addLabelsToSource(made["id"], {"labels": [team]})["labels"] == [team]
    assert family.addLabelsToSource(made["id"], {"labels": [stage]})["labels"] == [team, stage]
    assert family.replaceLabelsInSource(made["id"], {"labels": [stage]})["labels"] == [stage]
    assert family.getSource(made["id"])["source"]["labels"] == [stage]

    (first,) = made["writeKeys"]
    keys = family.createWriteKeyForSource(made["id"])["source"]["writeKeys"]
    assert keys[0] == first
    assert len(keys) == 2
    assert family.removeWriteKeyFromSource(made["id"], first) == {"status": "SUCCESS"}
    assert family.getSource(made["id"])["source"]["writeKeys"] == keys[1:]

    settings = family.listSchemaSettingsInSource(made["id"])["settings"]
    assert settings["track"]["allowUnplannedEvents"] is True
    wanted = {"track": {"allowUnplannedEvents": False}, "forwardingViolationsTo": other["id"]}
    after = family.updateSchemaSettingsInSource(made["id"], wanted)["settings"]
    assert after == {
        **settings,
        "track": {**settings["track"], "allowUnplannedEvents": False},
        "forwardingViolationsTo": other["id"],
    }
    assert family.listSchemaSettingsInSource(made["id"])["settings"] == after

    hooks = [api.destination(made["id"], WEBHOOK, name=f"hook {n}") for n in range(3)]
    linked = family.pages("listConnectedDestinationsFromSource", "destinations", made["id"])
    assert ids(linked) == ids(hooks)
    warehouse = api.post("/warehouses", {"metadataId": POSTGRES, "settings": {}})["warehouse"]
    linked = family.pages("listConnectedWarehousesFromSource", "warehouses", made["id"])
    assert ids(linked) == [warehouse["id"]]

    assert family.deleteSource(other["id"]) == {"status": "SUCCESS"}
    assert family.refused("getSource", other["id"]).status == 404
    assert slugs(family.pages("listSources", "sources")) == ["web-shop", "app"]


def destinations(sdk: Sdk, api: Api) -> None:
    family = sdk.family("DestinationsApi")
    source = api.source()
    body = {
        "sourceId": source["id"],
        "metadataId": WEBHOOK,
        "name": "Hook",
        "settings": {"sharedSecret": "0123456789abcdef"},
    }
    made = family.createDestination(body)["destination"]
    assert made["settings"]["sharedSecret"] == BULLETS + "cdef"
    # The whole entry comes with it; what the SDK makes of it lacks what it does not know.
    entry = api.get(f"/catalog/destinations/{WEBHOOK}")["destinationMetadata"]
    assert sdk.last["raw"]["data"]["destination"]["metadata"] == entry
    assert family.getDestination(made["id"])["destination"] == made
    second = family.createDestination({**body, "name": "Second"})["destination"]
    third = family.createDestination({**body, "name": "Third"})["destination"]
    assert family.pages("listDestinations", "destinations") == [made, second, third]
    # The SDK sends no name where none was given, so that it stays.
    changed = family.updateDestination(made["id"], {"enabled": False})["destination"]
    assert changed == {**made, "enabled": False}
    assert family.deleteDestination(second["id"]) == {"status": "SUCCESS"}
    assert family.refused("getDestination", second["id"]).status == 404
    assert ids(family.pages("listDestinations", "destinations")) == [made["id"], third["id"]]
    _subscriptions(sdk, api, source)
    summary = family.listDeliveryMetricsSummaryFromDestination(made["id"], source["id"])
    assert summary["deliveryMetricsSummary"]["sourceId"] == source["id"]


def _subscriptions(sdk: Sdk, api: Api, source: Any) -> None:
    family = sdk.family("DestinationsApi")
    destination_id = api.destination(source["id"], AMPLITUDE)["id"]
    body = {
        "name": "Orders",
        "actionId": LOG_EVENT,
        "trigger": 'event = "Order Placed"',
        "enabled": True,
        "settings": {"user_id": {"@path": "$.userId"}},
    }
    answer = family.createDestinationSubscription(destination_id, body)
    made = answer["destinationSubscription"]
    assert made["actionSlug"] == "logEvent"
    assert {name: made[name] for name in body} == body
    more = [
        family.createDestinationSubscription(destination_id, {**body, "name": name})
        for name in ("A", "B")
    ]
    every = [made, *(one["destinationSubscription"] for one in more)]
    listed = family.pages("listSubscriptionsFromDestination", "subscriptions", destination_id)
    assert listed == every
    found = family.getSubscriptionFromDestination(destination_id, made["id"])["subscription"]
    assert found == made
    wanted = {"input": {"enabled": False, "name": "All orders"}}
    changed = family.updateSubscriptionForDestination(destination_id, made["id"], wanted)
    assert changed["subscription"] == {**made, **wanted["input"]}
    gone = family.removeSubscriptionFromDestination(destination_id, made["id"])
    assert gone == {"status": "SUCCESS"}
    refused = family.refused("getSubscriptionFromDestination", destination_id, made["id"])
    assert refused.status == 404
    listed = family.pages("listSubscriptionsFromDestination", "subscriptions", destination_id)
    assert listed == every[1:]


def filters(sdk: Sdk, api: Api) -> None:
    family = sdk.family("DestinationFiltersApi")
    destination = api.destination(api.source()["id"])
    body = {
        "sourceId": destination["sourceId"],
        "if": 'type = "identify"',
        "actions": [{"type": "DROP_PROPERTIES", "fields": {"traits": ["email"]}}],
        "title": "No addresses",
        "description": "",
        "enabled": True,
    }
    made = family.createFilterForDestination(destination["id"], body)["filter"]
    assert {name: made[name] for name in body} == body
    read = family.getFilterInDestination(destination["id"], made["id"])["filter"]
    assert read == made
    for title in ("A", "B"):
        family.createFilterForDestination(destination["id"], {**body, "title": title})
    listed = family.pages("listFiltersFromDestination", "filters", destination["id"])
    assert [one["title"] for one in listed] == ["No addresses", "A", "B"]
    wanted = {"title": "Fewer", "actions": [{"type": "SAMPLE", "percent": 0.25}]}
    changed = family.updateFilterForDestination(destination["id"], made["id"], wanted)["filter"]
    assert (changed["title"], changed["actions"][0]["percent"]) == ("Fewer", 0.25)
    assert changed["if"] == body["if"]
    gone = family.removeFilterFromDestination(destination["id"], made["id"])
    assert gone == {"status": "SUCCESS"}
    refused = family.refused("getFilterInDestination", destination["id"], made["id"])
    assert refused.status == 404
    preview = {
        "filter": {"if": 'type = "track"', "actions": body["actions"]},
        "payload": {"type": "track", "traits": {"email": "a@shop.example"}},
    }
    shown = family.previewDestinationFilter(preview)
    assert shown["inputPayload"] == preview["payload"]
    assert shown["result"] == {"type": "track", "traits": {}}


def warehouses(sdk: Sdk, api: Api) -> None:
    family = sdk.family("WarehousesApi")
    source = api.source()
    settings = {"name": "Main", "hostname": "db.shop.example", "password": "hush"}
    body = {"metadataId": POSTGRES, "settings": settings, "enabled": True}
    made = family.createWarehouse(body)["warehouse"]
    assert made["settings"]["name"] == "Main"
    assert "password" not in made["settings"]
    assert family.getWarehouse(made["id"])["warehouse"] == made
    more = [family.createWarehouse({**body, "name": f"w{n}"})["warehouse"] for n in range(2)]
    assert family.pages("listWarehouses", "warehouses") == [made, *more]
    changed = family.updateWarehouse(made["id"], {"settings": {}, "enabled": False})["warehouse"]
    assert changed == {**made, "enabled": False}
    renamed = family.updateWarehouse(made["id"], {"settings": {}, "name": "Old"})["warehouse"]
    assert renamed["settings"]["name"] == "Old"

    linked = family.pages("listConnectedSourcesFromWarehouse", "sources", made["id"])
    assert ids(linked) == [source["id"]]
    gone = family.removeSourceConnectionFromWarehouse(made["id"], source["id"])
    assert gone == {"status": "SUCCESS"}
    assert family.pages("listConnectedSourcesFromWarehouse", "sources", made["id"]) == []
    linked = family.addConnectionFromSourceToWarehouse(made["id"], source["id"])
    assert linked["status"] == "CONNECTED"

    valid = family.createValidationInWarehouse({"metadataId": POSTGRES, "settings": settings})
    assert valid["status"] in ("CONNECTED", "FAILED")
    state = family.getConnectionStateFromWarehouse(made["id"])
    assert state["connectionState"] in ("CONNECTED", "FAILED")
    assert family.keeps_state
    assert family.deleteWarehouse(made["id"]) == {"status": "SUCCESS"}
    assert family.refused("getWarehouse", made["id"]).status == 404
    assert family.pages("listWarehouses", "warehouses") == more


def reverse_etl(sdk: Sdk, api: Api) -> None:
    family = sdk.family("ReverseETLApi")
    source = api.source()
    body = {
        "sourceId": source["id"],
        "name": "Customers",
        "description": "",
        "enabled": True,
        "query": "SELECT id FROM customers",
        "queryIdentifierColumn": "id",
        # Of the day before schedules went to the subscription; ignored since.
        "scheduleStrategy": "MANUAL",
        "scheduleConfig": {},
    }
    made = family.createReverseEtlModel(body)["reverseEtlModel"]
    assert (made["name"], made["sourceId"]) == ("Customers", source["id"])
    assert family.getReverseEtlModel(made["id"])["reverseEtlModel"] == made
    more = [
        family.createReverseEtlModel({**body, "name": n})["reverseEtlModel"] for n in ("a", "b")
    ]
    assert family.pages("listReverseEtlModels", "models") == [made, *more]
    changed = family.updateReverseEtlModel(made["id"], {"enabled": False})["reverseEtlModel"]
    assert changed == {**made, "enabled": False}
    destination = api.destination(source["id"])
    path = f"/destinations/{destination['id']}/subscriptions"
    mapping = {"name": "All", "actionId": LOG_EVENT, "trigger": 'type = "track"', "enabled": True}
    one = api.post(path, {**mapping, "modelId": more[0]["id"]})["destinationSubscription"]
    started = family.createReverseETLManualSync(
        {"sourceId": source["id"], "modelId": more[0]["id"], "subscriptionId": one["id"]}
    )["reverseETLManualSync"]
    assert started["syncId"]
    assert family.deleteReverseEtlModel(made["id"]) == {"status": "SUCCESS"}
    assert family.refused("getReverseEtlModel", made["id"]).status == 404
    assert ids(family.pages("listReverseEtlModels", "models")) == ids(more)
    # Its path is there under another name (getReverseETLSyncStatus), with another envelope.
    asked = (more[0]["id"], started["syncId"])
    answer = sdk.answer("ReverseETLApi", "getReverseETLSyncFromModel", *asked)
    assert answer["raw"]["data"]["reverseETLSyncStatus"]["syncId"] == started["syncId"]


def selective_sync(sdk: Sdk, api: Api) -> None:
    family = sdk.family("SelectiveSyncApi")
    source = api.source()
    warehouse = api.post("/warehouses", {"metadataId": POSTGRES, "settings": {}})["warehouse"]
    where = (warehouse["id"], source["id"])
    for method, before in (
        ("listSyncsFromWarehouse", where[:1]),
        ("listSyncsFromWarehouseAndSource", where),
    ):
        assert getattr(family, method)(*before, {"count": 2})["pagination"]["current"]
    family.listSelectiveSyncsFromWarehouseAndSource(*where, {"count": 2})
    override = {"sourceId": source["id"], "collection": "tracks", "enabled": False}
    changed = family.updateSelectiveSyncForWarehouse(warehouse["id"], {"syncOverrides": [override]})
    assert changed["status"] in ("UPDATED", "UNCHANGED")
    times = [{"hourOfDay": 3, "enabled": True}]
    wanted = {"enabled": True, "schedule": {"times": times, "timezone": "Europe/Vienna"}}
    replaced = family.replaceAdvancedSyncScheduleForWarehouse(warehouse["id"], wanted)
    read = family.getAdvancedSyncScheduleFromWarehouse(warehouse["id"])
    assert read == replaced == wanted


TOURS = {
    "SourcesApi": sources,
    "DestinationsApi": destinations,
    "DestinationFiltersApi": filters,
    "WarehousesApi": warehouses,
    "ReverseETLApi": reverse_etl,
    "SelectiveSyncApi": selective_sync,
}
