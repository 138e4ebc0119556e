"""Tours of the SDK's families around plans, functions and people. See `test_official_sdk`."""

from __future__ import annotations

from typing import Any

from tests.emulator.api import AMPLITUDE, Api

from .connections import ids
from .sdk import Sdk

SUCCESS = {"status": "SUCCESS"}
NEVER = "0001-01-01T00:00:00.000Z"


def tracking_plans(sdk: Sdk, api: Api) -> None:
    family = sdk.family("TrackingPlansApi")
    body = {"name": "Shop", "type": "LIVE", "description": "What the shop sends"}
    made = family.createTrackingPlan(body)["trackingPlan"]
    assert made["id"].startswith("tp_")
    assert {name: made[name] for name in body} == body
    assert family.getTrackingPlan(made["id"])["trackingPlan"] == made
    more = [
        family.createTrackingPlan({"name": "Lib", "type": kind})["trackingPlan"]
        for kind in ("RULE_LIBRARY", "PROPERTY_LIBRARY")
    ]
    assert family.pages("listTrackingPlans", "trackingPlans") == [made, *more]
    listed = family.listTrackingPlans({"count": 9}, "RULE_LIBRARY")["trackingPlans"]
    assert ids(listed) == [more[0]["id"]]
    # An update says that it was done, and no more.
    assert family.updateTrackingPlan(made["id"], {"name": "All shops"}) == SUCCESS
    changed = family.getTrackingPlan(made["id"])["trackingPlan"]
    assert (changed["name"], changed["description"]) == ("All shops", body["description"])
    _rules(sdk, made["id"])

    some = [api.source(slug) for slug in ("web", "app", "api")]
    for one in some:
        assert family.addSourceToTrackingPlan(made["id"], {"sourceId": one["id"]}) == SUCCESS
    linked = family.pages("listSourcesFromTrackingPlan", "sources", made["id"])
    assert ids(linked) == ids(some)
    assert family.removeSourceFromTrackingPlan(made["id"], some[0]["id"]) == SUCCESS
    linked = family.pages("listSourcesFromTrackingPlan", "sources", made["id"])
    assert ids(linked) == ids(some[1:])
    assert family.deleteTrackingPlan(made["id"]) == SUCCESS
    assert family.refused("getTrackingPlan", made["id"]).status == 404
    assert family.pages("listTrackingPlans", "trackingPlans") == more


def _rules(sdk: Sdk, plan_id: str) -> None:
    family = sdk.family("TrackingPlansApi")

    def names() -> list[tuple[str, int | float]]:
        rules = family.pages("listRulesFromTrackingPlan", "rules", plan_id)
        return [(rule.get("key"), rule["version"]) for rule in rules]

    schema = {"type": "object", "properties": {"properties": {"type": "object"}}}
    rules = [
        {"type": "TRACK", "key": key, "version": version, "jsonSchema": schema}
        for key, version in (("Order, Completed & paid [1]", 1), ("B", 1), ("B", 2))
    ]
    assert family.replaceRulesInTrackingPlan(plan_id, {"rules": rules}) == SUCCESS
    assert names() == [(rule["key"], rule["version"]) for rule in rules]
    identify = {"type": "IDENTIFY", "version": 1, "jsonSchema": schema}
    renamed = {**rules[1], "newKey": "C"}
    assert family.updateRulesInTrackingPlan(plan_id, {"rules": [identify, renamed]}) == SUCCESS
    assert sorted(names(), key=str) == sorted(
        [("Order, Completed & paid [1]", 1), ("B", 2), ("C", 1), (None, 1)], key=str
    )
    # In the query string: rules[0][type]=TRACK&rules[0][key]=…
    gone = [
        {"type": "TRACK", "key": "Order, Completed & paid [1]", "version": 1},
        {"type": "IDENTIFY", "version": 1},
    ]
    assert family.removeRulesFromTrackingPlan(plan_id, gone) == SUCCESS
    assert "rules%5B0%5D%5Btype%5D=TRACK" in sdk.last["sent"]
    assert sorted(names()) == [("B", 2), ("C", 1)]
    (one, _) = family.listRulesFromTrackingPlan(plan_id, {"count": 9})["rules"]
    assert one["jsonSchema"]["properties"]["properties"]["type"] == ["object"]
    assert one["deprecatedAt"] == NEVER


def transformations(sdk: Sdk, api: Api) -> None:
    family = sdk.family("TransformationsApi")
    source = api.source()
    body = {
        "name": "Rename",
        "sourceId": source["id"],
        "destinationMetadataId": AMPLITUDE,
        "enabled": True,
        "if": "event='Order Placed'",
        "newEventName": "Paid",
        "propertyRenames": [{"oldName": "properties.a", "newName": "properties.b"}],
        "hashPropertiesConfiguration": {
            "algorithm": "sha256",
            "paths": ["properties.email"],
            "encoding": "HEX",
        },
    }
    made = family.createTransformation(body)["transformation"]
    assert {name: made[name] for name in body} == body
    assert family.getTransformation(made["id"])["transformation"] == made
    plain = {"name": "x", "sourceId": source["id"], "enabled": False, "if": "type='track'"}
    more = [family.createTransformation(plain)["transformation"] for _ in range(2)]
    assert family.pages("listTransformations", "transformations") == [made, *more]
    wanted = {"enabled": False, "propertyRenames": []}
    changed = family.updateTransformation(made["id"], wanted)["transformation"]
    assert changed == {**made, **wanted}
    assert family.deleteTransformation(made["id"]) == SUCCESS
    assert family.refused("getTransformation", made["id"]).status == 404
    assert family.pages("listTransformations", "transformations") == more


def functions(sdk: Sdk, api: Api) -> None:
    family = sdk.family("FunctionsApi")
    setting = {
        "name": "apiKey",
        "label": "Key",
        "description": "",
        "type": "STRING",
        "required": True,
        "sensitive": True,
    }
    body = {
        "code": "// one",
        "displayName": "Mine",
        "resourceType": "SOURCE",
        "settings": [setting],
        "description": "Mine too",
        "logoUrl": "https://shop.example/logo.png",
    }
    made = family.createFunction(body)["function"]
    assert {name: made[name] for name in body} == body
    assert family.getFunction(made["id"])["function"] == made
    more = [family.createFunction({**body, "displayName": name}) for name in ("a", "b")]
    every = [made["id"], *(one["function"]["id"] for one in more)]
    # Here the page comes before the type.
    page = family.listFunctions({"count": 2}, "SOURCE")
    following = {"count": 2, "cursor": page["pagination"]["next"]}
    rest = family.listFunctions(following, "SOURCE")["functions"]
    assert ids(page["functions"] + rest) == every
    changed = family.updateFunction(made["id"], {"code": "// two"})["function"]
    assert (changed["code"], changed["displayName"]) == ("// two", "Mine")
    assert family.createFunctionDeployment(made["id"])["functionDeployment"]

    versions = family.listFunctionVersions(made["id"], {"count": 9})["versions"]
    first = next(one for one in versions if one["code"] == "// one")
    read = family.getFunctionVersion(made["id"], first["id"])
    assert read["version"] == first
    family.restoreFunctionVersion(made["id"], {"versionId": first["id"]})
    assert family.getFunction(made["id"])["function"]["code"] == "// one"
    _insert_instances(sdk, api)
    assert family.deleteFunction(made["id"]) == SUCCESS
    assert family.refused("getFunction", made["id"]).status == 404
    assert made["id"] not in ids(family.listFunctions({"count": 9}, "SOURCE")["functions"])


def _insert_instances(sdk: Sdk, api: Api) -> None:
    family = sdk.family("FunctionsApi")
    body = {"code": "// x", "displayName": "Insert", "resourceType": "INSERT_DESTINATION"}
    function_id = family.createFunction(body)["function"]["id"].removeprefix("ifnd_")
    source = api.source()
    where = [api.destination(source["id"], AMPLITUDE) for _ in range(1)]
    given = {
        "functionId": function_id,
        "integrationId": where[0]["id"],
        "name": "At work",
        "enabled": True,
        "settings": {"region": "eu"},
    }
    made = family.createInsertFunctionInstance(given)["insertFunctionInstance"]
    assert (made["name"], made["integrationId"]) == ("At work", where[0]["id"])
    assert family.getInsertFunctionInstance(made["id"])["insertFunctionInstance"] == made
    listed = family.listInsertFunctionInstances({"count": 9}, function_id)
    assert listed["instances"] == [made]
    wanted = {"settings": {}, "enabled": False}
    changed = family.updateInsertFunctionInstance(made["id"], wanted)["insertFunctionInstance"]
    assert (changed["enabled"], changed["settings"]) == (False, {"region": "eu"})
    assert family.deleteInsertFunctionInstance(made["id"]) == SUCCESS
    assert family.refused("getInsertFunctionInstance", made["id"]).status == 404


def labels(sdk: Sdk, _api: Api) -> None:
    family = sdk.family("LabelsApi")
    before = family.listLabels()["labels"]
    label = {"key": "team", "value": "web-1", "description": "Of the web team"}
    assert family.createLabel({"label": label})["label"] == label
    assert family.listLabels()["labels"] == [*before, label]
    assert family.refused("createLabel", {"label": label}).status in (400, 409)
    assert family.deleteLabel("team", "web-1") == SUCCESS
    assert family.listLabels()["labels"] == before
    assert family.refused("deleteLabel", "team", "web-1").status == 404


def roles(sdk: Sdk, _api: Api) -> None:
    found = sdk.family("IAMRolesApi").pages("listRoles", "roles")
    assert len({one["id"] for one in found}) == len(found)
    assert {"Workspace Owner", "Source Admin"} <= {one["name"] for one in found}


def _permission(api: Api, name: str) -> dict[str, Any]:
    role = next(one["id"] for one in api.get("/roles")["roles"] if one["name"] == name)
    workspace = {"id": api.get("/")["workspace"]["id"], "type": "WORKSPACE"}
    return {"roleId": role, "resources": [workspace]}


def users(sdk: Sdk, api: Api) -> None:
    family = sdk.family("IAMUsersApi")
    emails = ["ann@shop.example", "bob@shop.example", "cy@shop.example"]
    reader = _permission(api, "Source Read-only")
    invites = [{"email": one, "permissions": [reader]} for one in emails]
    assert family.createInvites({"invites": invites})["emails"] == emails
    assert family.pages("listInvites", "invites") == emails
    assert family.deleteInvites(emails[1:]) == SUCCESS
    assert family.pages("listInvites", "invites") == emails[:1]
    user = api.control("POST", "accept-invite", {"email": emails[0]})["user"]
    read = family.getUser(user["id"])["user"]
    assert (read["email"], read["permissions"][0]["roleName"]) == (emails[0], "Source Read-only")
    listed = family.pages("listUsers", "users")
    assert user["id"] in ids(listed)
    added = {"permissions": [_permission(api, "Source Admin")]}
    answer = family.addPermissionsToUser(user["id"], added)["permissions"]
    assert [one["roleName"] for one in answer] == ["Source Read-only", "Source Admin"]
    answer = family.replacePermissionsForUser(user["id"], added)["permissions"]
    assert [one["roleName"] for one in answer] == ["Source Admin"]
    group = api.post("/groups", {"name": "Shop"})["userGroup"]
    api.post(f"/groups/{group['id']}/users", {"emails": emails[:1]})
    assert ids(family.pages("listUserGroupsFromUser", "groups", user["id"])) == [group["id"]]
    assert family.deleteUsers([user["id"]]) == SUCCESS
    assert family.refused("getUser", user["id"]).status == 404
    assert user["id"] not in ids(family.pages("listUsers", "users"))


def groups(sdk: Sdk, api: Api) -> None:
    family = sdk.family("IAMGroupsApi")
    made = family.createUserGroup({"name": "Shop"})["userGroup"]
    assert made["memberCount"] == 0
    assert family.getUserGroup(made["id"])["userGroup"] == made
    more = [family.createUserGroup({"name": name})["userGroup"] for name in ("a", "b")]
    assert ids(family.pages("listUserGroups", "userGroups")) == ids([made, *more])
    changed = family.updateUserGroup(made["id"], {"name": "Shops"})["userGroup"]
    assert changed["name"] == "Shops"

    emails = ["ann@shop.example", "bob@shop.example", "cy@shop.example"]
    api.post("/invites", {"invites": [{"email": one} for one in emails]})
    user = api.control("POST", "accept-invite", {"email": emails[0]})["user"]
    added = family.addUsersToUserGroup(made["id"], {"emails": emails[:2]})["userGroup"]
    assert added["memberCount"] == 2
    assert ids(family.pages("listUsersFromUserGroup", "users", made["id"])) == [user["id"]]
    assert family.pages("listInvitesFromUserGroup", "emails", made["id"]) == emails[1:2]
    replaced = family.replaceUsersInUserGroup(made["id"], {"emails": emails[1:]})["userGroup"]
    assert replaced["memberCount"] == 2
    assert family.pages("listInvitesFromUserGroup", "emails", made["id"]) == emails[1:]
    assert family.removeUsersFromUserGroup(made["id"], emails[2:]) == SUCCESS
    assert family.pages("listInvitesFromUserGroup", "emails", made["id"]) == emails[1:2]

    owner, admin = _permission(api, "Workspace Owner"), _permission(api, "Source Admin")
    answer = family.addPermissionsToUserGroup(made["id"], {"permissions": [owner]})
    assert [one["roleName"] for one in answer["permissions"]] == ["Workspace Owner"]
    answer = family.replacePermissionsForUserGroup(made["id"], {"permissions": [admin]})
    assert [one["roleName"] for one in answer["permissions"]] == ["Source Admin"]
    assert family.deleteUserGroup(made["id"]) == SUCCESS
    assert family.refused("getUserGroup", made["id"]).status == 404
    assert ids(family.pages("listUserGroups", "userGroups")) == ids(more)


TOURS = {
    "TrackingPlansApi": tracking_plans,
    "TransformationsApi": transformations,
    "FunctionsApi": functions,
    "LabelsApi": labels,
    "IAMRolesApi": roles,
    "IAMUsersApi": users,
    "IAMGroupsApi": groups,
}
