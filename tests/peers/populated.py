"""A small workspace with one object of everything, and the ids of it."""

from __future__ import annotations

from typing import Any

from segform_emulator import Emulator
from tests.emulator.api import ADJUST, AMPLITUDE, POSTGRES, PYTHON, WEB, WEBHOOK, Api, track
from tests.emulator.test_functions import function, instance
from tests.emulator.test_people import group, permission, user
from tests.emulator.test_subscriptions import LOG_EVENT, model, subscription
from tests.emulator.test_transformations import transformation

FQL = ['type = "track" and event = "Order Placed"', "all", "type = 'identify'"]


def populated() -> tuple[dict[str, Any], dict[str, list[str]]]:
    """(snapshot, ids by the names under which paths, queries and bodies give them)."""
    api = Api(Emulator(ids=1))
    source, other = api.source(), api.source("other", metadataId=PYTHON)
    destination = api.destination(source["id"])
    hook = api.destination(other["id"], WEBHOOK)
    plan = api.plan()
    api.patch(f"/tracking-plans/{plan['id']}/rules", {"rules": [track("A"), track("B")]})
    warehouse = api.post("/warehouses", {"metadataId": POSTGRES, "settings": {}})["warehouse"]
    used = function(api, "INSERT_DESTINATION")
    version = api.get(f"/functions/{used['id']}/versions")["versions"][0]
    of = model(api, source)
    mapping = subscription(api, destination, modelId=of["id"])
    sync = {"sourceId": source["id"], "modelId": of["id"], "subscriptionId": mapping["id"]}
    started = api.post("/reverse-etl-syncs", sync)["reverseETLManualSync"]
    ann = user(api, "ann@shop.example")
    team = group(api, "Shop", "ann@shop.example")
    subjects = {"regulationType": "SUPPRESS_ONLY", "subjectType": "USER_ID", "subjectIds": ["a"]}
    roles = [one["id"] for one in api.get("/roles")["roles"]]
    label = {"key": "team", "value": "web"}
    api.post("/labels", {"label": label})
    api.put(f"/sources/{source['id']}/labels", {"labels": [label]})
    workspace_id = permission(api)["resources"][0]["id"]
    known = {
        **_of_a_space(api),
        "sourceId": [source["id"], other["id"]],
        "destinationId": [destination["id"], hook["id"]],
        "destinationConfigId": [destination["id"]],
        "filterId": [api.filter(destination)["id"]],
        "trackingPlanId": [plan["id"]],
        "warehouseId": [warehouse["id"]],
        "writeKey": source["writeKeys"],
        "functionId": [used["id"], used["id"].partition("_")[2]],
        "versionId": [version["id"]],
        "instanceId": [instance(api, used, destination["id"])["id"]],
        "CreateInsertFunctionInstanceAlphaInput.integrationId": [destination["id"], source["id"]],
        "transformationId": [transformation(api, source)["id"]],
        "modelId": [of["id"]],
        "reverseETLModelId": [of["id"]],
        "subscriptionId": [mapping["id"]],
        "syncId": [started["syncId"]],
        "userId": [ann["id"]],
        "userGroupId": [team["id"]],
        "regulateId": [api.post("/regulations", subjects)["regulateId"]],
        "roleId": roles,
        "email": ["ann@shop.example", "new@shop.example"],
        "key": [label["key"]],
        "value": [label["value"]],
        "id": [workspace_id],
        "destinations.id": [mapping["id"]],
        "CreateSourceV1Input.metadataId": [WEB, PYTHON],
        "CreateSourceAlphaInput.metadataId": [WEB, PYTHON],
        "CreateDestinationV1Input.metadataId": [AMPLITUDE, WEBHOOK],
        "metadataId": [POSTGRES],
        "sourceMetadataId": [WEB],
        "destinationMetadataId": [AMPLITUDE, ADJUST],
        "warehouseMetadataId": [POSTGRES],
        "actionId": [LOG_EVENT],
        "if": FQL,
        "fql": FQL,
        "trigger": FQL,
        "timezone": ["Europe/Vienna", "UTC"],
        "startTime": ["2026-11-20T00:00:00Z"],
        "endTime": ["2026-11-21T00:00:00Z"],
    }
    return api.emulator.dump(), known


def _of_a_space(api: Api) -> dict[str, list[str]]:
    """The same for what is in a space, and credentials."""
    space_id = api.control("POST", "spaces", {"name": "Shop"})["space"]["id"]
    below = f"/spaces/{space_id}"
    query = {"query": "event('Order Completed').count() >= 1"}
    body = {"name": "Buyers", "definition": query, "audienceType": "LINKED"}
    audience = api.post(f"{below}/audiences", body)["audience"]
    trait = api.post(
        f"{below}/computed-traits", {"name": "Orders", "definition": {**query, "type": "USERS"}}
    )["computedTrait"]
    daily = {"strategy": "PERIODIC", "config": {"interval": "24h"}}
    schedule = api.post(f"{below}/audiences/{audience['id']}/schedules", daily)["audienceSchedule"]
    preview = {"definition": query, "audienceType": "USERS"}
    previewed = api.post(f"{below}/audiences/previews", preview)["audiencePreview"]
    filtering = {"integrationId": space_id, "name": "None", "if": FQL[0], "drop": True}
    synced = {"metadataId": POSTGRES, "settings": {}}
    access = {"name": "Lake", "settings": {"type": "Snowflake", "password": "hush"}}
    return {
        "spaceId": [space_id],
        "audienceId": [audience["id"]],
        "audiences.id": [audience["id"], previewed["id"]],
        "computed_traits.id": [trait["id"]],
        "scheduleId": [schedule["id"]],
        "integrationId": [space_id],
        "space_filters.id": [api.post("/filters", filtering)["filter"]["id"]],
        "profiles_sync.warehouseId": [
            api.post(f"{below}/profiles-warehouses", synced)["profilesWarehouse"]["id"]
        ],
        "credentialId": [api.post("/credentials", access)["credential"]["id"]],
    }
