"""Tours of the SDK's families around spaces. See `test_official_sdk`.

The SDK is older than creating audiences and computed traits: plain requests make those.
"""

from __future__ import annotations

from typing import Any

from tests.emulator.api import POSTGRES, Api

from .connections import ids
from .sdk import Sdk

SUCCESS = {"status": "SUCCESS"}


def space(api: Api, name: str = "Shop") -> Any:
    """A space: no request of the service makes one."""
    return api.control("POST", "spaces", {"name": name})["space"]


def spaces(sdk: Sdk, api: Api) -> None:
    family = sdk.family("SpacesApi")
    made = [space(api, name) for name in ("Shop", "Test", "Dev")]
    listed = family.pages("listSpaces", "spaces")
    assert ids(listed)[-3:] == ids(made)
    assert family.getSpace(made[0]["id"])["space"] == listed[-3]
    assert family.refused("getSpace", "none").status == 404
    # Both ended on 2025-12-15; the emulator answers them from the contract.
    given = {"subscriptions": [{"key": "a@shop.example", "type": "EMAIL", "status": "SUBSCRIBED"}]}
    replaced = family.replaceMessagingSubscriptionsInSpaces(made[0]["id"], given)
    assert set(replaced) >= {"successes", "failures"}
    asked = {"subscriptions": [{"key": "a@shop.example", "type": "EMAIL"}]}
    found = family.batchQueryMessagingSubscriptionsForSpace(made[0]["id"], asked)
    assert set(found) >= {"successes", "failures", "errors"}
    assert not family.keeps_state


def audiences(sdk: Sdk, api: Api) -> None:
    family = sdk.family("AudiencesApi")
    where = space(api)["id"]
    other = space(api, "Other")["id"]
    body: dict[str, Any] = {
        "name": "Buyers",
        "definition": {"query": "event('Order Completed').count() >= 1"},
        "audienceType": "USERS",
    }
    made = [
        api.post(f"/spaces/{where}/audiences", {**body, "name": name})["audience"]
        for name in ("Buyers", "A", "B")
    ]
    assert ids(family.pages("listAudiences", "audiences", where)) == ids(made)
    assert family.pages("listAudiences", "audiences", other) == []
    read = family.getAudience(where, made[0]["id"])["audience"]
    assert read["definition"]["query"] == body["definition"]["query"]
    assert (read["key"], read["spaceId"]) == (made[0]["key"], where)
    changed = family.updateAudienceForSpace(where, made[0]["id"], {"enabled": False})["audience"]
    assert (changed["enabled"], changed["name"]) == (False, "Buyers")
    assert family.getAudience(where, made[0]["id"])["audience"]["enabled"] is False
    assert family.removeAudienceFromSpace(where, made[0]["id"]) == SUCCESS
    assert family.refused("getAudience", where, made[0]["id"]).status == 404
    assert ids(family.pages("listAudiences", "audiences", where)) == ids(made[1:])


def computed_traits(sdk: Sdk, api: Api) -> None:
    family = sdk.family("ComputedTraitsApi")
    where = space(api)["id"]
    body = {"definition": {"query": "event('Order Completed').count()", "type": "USERS"}}
    made = [
        api.post(f"/spaces/{where}/computed-traits", {**body, "name": name})["computedTrait"]
        for name in ("Orders", "A", "B")
    ]
    assert ids(family.pages("listComputedTraits", "computedTraits", where)) == ids(made)
    read = family.getComputedTrait(where, made[0]["id"])["computedTrait"]
    assert (read["name"], read["key"]) == ("Orders", made[0]["key"])
    wanted = {"enabled": False}
    changed = family.updateComputedTraitForSpace(where, made[0]["id"], wanted)["computedTrait"]
    assert (changed["enabled"], changed["name"]) == (False, "Orders")
    assert family.removeComputedTraitFromSpace(where, made[0]["id"]) == SUCCESS
    assert family.refused("getComputedTrait", where, made[0]["id"]).status == 404
    assert ids(family.pages("listComputedTraits", "computedTraits", where)) == ids(made[1:])


def profiles_sync(sdk: Sdk, api: Api) -> None:
    family = sdk.family("ProfilesSyncApi")
    where = space(api)["id"]
    body = {"metadataId": POSTGRES, "settings": {"hostname": "db.shop.example"}}
    made = [
        family.createProfilesWarehouse(where, {**body, "schemaName": name})["profilesWarehouse"]
        for name in ("one", "two", "three")
    ]
    assert (made[0]["spaceId"], made[0]["schemaName"]) == (where, "one")
    # No request reads a single one.
    listed = family.pages("listProfilesWarehouseInSpace", "profilesWarehouses", where)
    assert listed == made
    wanted = {"settings": {}, "enabled": False, "schemaName": "uno"}
    changed = family.updateProfilesWarehouseForSpaceWarehouse(where, made[0]["id"], wanted)
    assert changed["profilesWarehouse"] == {**made[0], "enabled": False, "schemaName": "uno"}

    override = {"collection": "id_graph_updates", "enabled": False}
    given = {"syncOverrides": [override], "enableEventTables": True}
    updated = family.updateSelectiveSyncForWarehouseAndSpace(where, made[0]["id"], given)
    assert updated["status"] == "UPDATED"
    page = (where, made[0]["id"], {"count": 50})
    synced = family.listSelectiveSyncsFromWarehouseAndSpace(*page)
    assert synced["enableEventTables"] is True
    off = [one["collection"] for one in synced["items"] if not one["enabled"]]
    assert off == ["id_graph_updates"]

    assert family.removeProfilesWarehouseFromSpace(where, made[0]["id"]) == SUCCESS
    listed = family.pages("listProfilesWarehouseInSpace", "profilesWarehouses", where)
    assert listed == made[1:]


TOURS = {
    "SpacesApi": spaces,
    "AudiencesApi": audiences,
    "ComputedTraitsApi": computed_traits,
    "ProfilesSyncApi": profiles_sync,
}
