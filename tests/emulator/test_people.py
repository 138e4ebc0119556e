"""Users, invitations, groups and roles."""

from __future__ import annotations

from typing import Any
from urllib.parse import quote

import pytest

from segform_emulator import Emulator
from segform_emulator.exact import dumps

from .api import POSTGRES, Api

NOBODY = "nobody@shop.example"


def role(api: Api, name: str) -> str:
    """The id of a role."""
    found: str = next(one["id"] for one in api.get("/roles")["roles"] if one["name"] == name)
    return found


def permission(api: Api, name: str = "Source Admin", **resource: Any) -> dict[str, Any]:
    """A permission, on the workspace unless another resource is given."""
    workspace = {"id": api.get("/")["workspace"]["id"], "type": "WORKSPACE"}
    return {"roleId": role(api, name), "resources": [{**workspace, **resource}]}


def invite(api: Api, *emails: str, **more: Any) -> Any:
    """Invitations."""
    return api.post("/invites", {"invites": [{"email": email, **more} for email in emails]})


def user(api: Api, email: str, **more: Any) -> Any:
    """A user: invited, and accepted."""
    invite(api, email, **more)
    return api.control("POST", "accept-invite", {"email": email})["user"]


def group(api: Api, name: str = "Shop", *emails: str) -> Any:
    """A group with members."""
    made = api.post("/groups", {"name": name})["userGroup"]
    if emails:
        return api.put(f"/group/{made['id']}/users", {"emails": list(emails)})["userGroup"]
    return made


def emails(*wanted: str, name: str = "emails") -> str:
    """A query, as the Go SDK writes it."""
    return "&".join(f"{name}.{i}={quote(one)}" for i, one in enumerate(wanted))


def test_a_workspace_starts_with_its_owner(emulator: Emulator, api: Api) -> None:
    (owner,) = api.get("/users")["users"]
    assert owner["permissions"][0]["roleName"] == "Workspace Owner"
    assert owner["permissions"][0]["resources"] == [
        {"id": api.get("/")["workspace"]["id"], "type": "WORKSPACE"}
    ]
    assert api.get(f"/users/{owner['id']}")["user"] == owner
    other = Api(emulator, "other_workspace").get("/users")["users"][0]
    assert other["id"] != owner["id"]
    # It is the same one after a reset, and when a snapshot without users takes the place.
    api.control("POST", "reset")
    assert api.get("/users")["users"] == [owner]
    api.control("POST", "seed?sources=1")
    assert api.get("/users")["users"] == [owner]
    assert api.refused("GET", "/users/none").status == 404


def test_the_last_owner_stays(api: Api) -> None:
    (owner,) = api.get("/users")["users"]
    gone = f"/users?{emails(owner['id'], name='userIds')}"
    assert api.refused("DELETE", gone).status == 400
    path = f"/users/{owner['id']}/permissions"
    reader = {"permissions": [permission(api, "Source Read-only")]}
    assert api.refused("PUT", path, reader).status == 400
    user(api, "second@shop.example", permissions=[permission(api, "Workspace Owner")])
    assert api.put(path, reader)["permissions"][0]["roleName"] == "Source Read-only"
    assert api.delete(gone) == {"status": "SUCCESS"}
    assert [one["email"] for one in api.get("/users")["users"]] == ["second@shop.example"]


def test_a_user_appears_when_the_invitation_is_accepted(api: Api) -> None:
    answer = api.send(
        "POST",
        "/invites",
        {"invites": [{"email": "ann@shop.example", "permissions": [permission(api)]}]},
    )
    assert (answer.status_code, answer.json()["data"]) == (201, {"emails": ["ann@shop.example"]})
    assert api.get("/invites")["invites"] == ["ann@shop.example"]
    assert len(api.get("/users")["users"]) == 1
    made = api.control("POST", "accept-invite", {"email": "Ann@shop.example", "name": "Ann"})
    found = api.get(f"/users/{made['user']['id']}")["user"]
    assert (found["name"], found["email"]) == ("Ann", "ann@shop.example")
    assert found["permissions"][0]["roleName"] == "Source Admin"
    assert api.get("/invites")["invites"] == []
    assert len(api.get("/users")["users"]) == 2
    again = api.send("POST", "/_emulator/accept-invite", {"email": "ann@shop.example"})
    assert again.status_code == 404
    wrong = api.send("POST", "/_emulator/accept-invite", {"email": "x@y.example", "workspace": "?"})
    assert wrong.status_code == 400


def test_an_invitation_grants_the_workspace_where_it_names_nothing(api: Api) -> None:
    label = {"key": "environment", "value": "production"}
    granted = {"roleId": role(api, "Source Admin"), "labels": [label]}
    made = user(api, "ann@shop.example", permissions=[granted])
    (found,) = api.get(f"/users/{made['id']}")["user"]["permissions"]
    assert found["resources"] == [{"id": api.get("/")["workspace"]["id"], "type": "WORKSPACE"}]
    assert found["labels"] == [label]


def test_an_invitation_is_known_by_its_address(api: Api) -> None:
    invite(api, "ann@shop.example", "bob@shop.example")
    for taken in ("ann@shop.example", "ANN@shop.example"):
        refused = api.refused("POST", "/invites", {"invites": [{"email": taken}]})
        assert refused.status == 409
    api.control("POST", "accept-invite", {"email": "ann@shop.example"})
    body = {"invites": [{"email": "new@shop.example"}, {"email": "ann@shop.example"}]}
    assert api.refused("POST", "/invites", body).status == 409
    # All or none.
    assert api.get("/invites")["invites"] == ["bob@shop.example"]
    gone = f"/invites?{emails('bob@shop.example', NOBODY)}"
    assert api.refused("DELETE", gone).status == 404
    assert api.get("/invites")["invites"] == ["bob@shop.example"]
    assert api.delete(f"/invites?{emails('bob@shop.example')}") == {"status": "SUCCESS"}
    assert api.get("/invites")["invites"] == []
    for wrong in ("", "ann", "a b@c", "@x"):
        refused = api.refused("POST", "/invites", {"invites": [{"email": wrong}]})
        assert (refused.status, refused.type) == (422, "input-validation")


def test_users_are_deleted_by_id_all_or_none(api: Api) -> None:
    ann, bob = user(api, "ann@shop.example"), user(api, "bob@shop.example")
    group(api, "Shop", "ann@shop.example", "bob@shop.example")
    for wrong in ("/users", "/users?userIds=", f"/users?{emails(ann['id'], '', name='userIds')}"):
        assert api.refused("DELETE", wrong).status == 422
    path = f"/users?userIds={ann['id']}&userIds=none"
    assert api.refused("DELETE", path).status == 404
    assert len(api.get("/users")["users"]) == 3
    api.delete(f"/users?userIds={ann['id']}&userIds={bob['id']}")
    assert len(api.get("/users")["users"]) == 1
    assert api.get("/groups")["userGroups"][0]["memberCount"] == 0


def test_permissions_of_a_user_are_added_or_replaced(api: Api) -> None:
    ann = user(api, "ann@shop.example", permissions=[permission(api)])
    path = f"/users/{ann['id']}/permissions"
    source = api.source()
    more = permission(api, "Source Admin", id=source["id"], type="SOURCE")
    (merged,) = api.post(path, {"permissions": [more]})["permissions"]
    assert [one["type"] for one in merged["resources"]] == ["WORKSPACE", "SOURCE"]
    both = api.post(path, {"permissions": [permission(api, "Functions Admin")]})["permissions"]
    assert [one["roleName"] for one in both] == ["Source Admin", "Functions Admin"]
    (one,) = api.put(path, {"permissions": [more]})["permissions"]
    assert one["resources"] == more["resources"]
    assert api.get(f"/users/{ann['id']}")["user"]["permissions"] == [one]
    assert api.put(path, {"permissions": []})["permissions"] == []


def test_a_permission_names_what_exists(api: Api) -> None:
    made = group(api)
    source = api.source()
    warehouse = api.post("/warehouses", {"metadataId": POSTGRES, "settings": {}})["warehouse"]
    label = {"key": "environment", "value": "production"}
    for fine in (
        permission(api, labels=[label]),
        permission(api, id=source["id"], type="SOURCE"),
        permission(api, id=warehouse["id"], type="WAREHOUSE"),
    ):
        path = f"/groups/{made['id']}/permissions"
        assert api.put(path, {"permissions": [fine]})["permissions"][0]["resources"]
    for wrong in (
        {"roleId": "none", "resources": []},
        permission(api, id="none"),
        permission(api, id="none", type="SOURCE"),
        permission(api, id=source["id"], type="WAREHOUSE"),
        permission(api, id="none", type="SPACE"),
        permission(api, id="none", type="FUNCTION"),
        permission(api, id=source["id"], type="OTHER"),
        permission(api, id=source["id"], type="SOURCE", labels=[label]),
    ):
        assert api.refused("PUT", path, {"permissions": [wrong]}).status == 422
        body = {"invites": [{"email": "ann@shop.example", "permissions": [wrong]}]}
        assert api.refused("POST", "/invites", body).status == 422


def test_a_group_has_users_and_invited_members(api: Api) -> None:
    ann = user(api, "ann@shop.example")
    invite(api, "bob@shop.example")
    made = api.send("POST", "/groups", {"name": "Shop", "permissions": [], "emails": ["x"]})
    assert made.status_code == 200
    shop = made.json()["data"]["userGroup"]
    assert (shop["name"], shop["memberCount"], shop["permissions"]) == ("Shop", 0, [])
    body = {"emails": ["ann@shop.example", "Bob@shop.example", "bob@shop.example"]}
    assert api.post(f"/groups/{shop['id']}/users", body)["userGroup"]["memberCount"] == 2
    assert api.get(f"/groups/{shop['id']}/users")["users"] == [
        {name: ann[name] for name in ("id", "name", "email")}
    ]
    assert api.get(f"/groups/{shop['id']}/invites")["emails"] == ["bob@shop.example"]
    assert api.get(f"/users/{ann['id']}/groups")["groups"] == [{"id": shop["id"], "name": "Shop"}]
    api.control("POST", "accept-invite", {"email": "bob@shop.example"})
    assert len(api.get(f"/groups/{shop['id']}/users")["users"]) == 2
    assert api.get(f"/groups/{shop['id']}/invites")["emails"] == []
    path = f"/groups/{shop['id']}/users"
    assert api.refused("POST", path, {"emails": [NOBODY]}).status == 422
    # Writes that replace and remove are below the singular only.
    for method in ("PUT", "DELETE"):
        assert api.refused(method, path, {"emails": []}).status == 404
    assert api.refused("POST", f"/group/{shop['id']}/users", body).status == 404


def test_members_are_replaced_and_removed(api: Api) -> None:
    for name in ("ann", "bob", "cy"):
        invite(api, f"{name}@shop.example")
    shop = group(api, "Shop", "ann@shop.example", "bob@shop.example")
    path = f"/group/{shop['id']}/users"
    replaced = api.put(path, {"emails": ["bob@shop.example", "cy@shop.example"]})["userGroup"]
    assert replaced["memberCount"] == 2
    assert api.delete(f"{path}?{emails('cy@shop.example', NOBODY)}") == {"status": "SUCCESS"}
    assert api.get(f"/groups/{shop['id']}/invites")["emails"] == ["bob@shop.example"]
    api.delete(f"/invites?{emails('bob@shop.example')}")
    assert api.get(f"/groups/{shop['id']}")["userGroup"]["memberCount"] == 0
    api.put(path, {"emails": ["ann@shop.example"]})
    assert api.put(path, {"emails": []})["userGroup"]["memberCount"] == 0


def test_a_group_lives(api: Api) -> None:
    shop = group(api)
    assert api.patch(f"/groups/{shop['id']}", {"name": "Store"})["userGroup"]["name"] == "Store"
    assert [one["name"] for one in api.get("/groups")["userGroups"]] == ["Store"]
    path = f"/groups/{shop['id']}/permissions"
    api.post(path, {"permissions": [permission(api)]})
    both = api.post(path, {"permissions": [permission(api, "Functions Admin")]})["permissions"]
    assert len(both) == 2
    assert [one["roleName"] for one in api.get("/groups")["userGroups"][0]["permissions"]] == [
        "Source Admin",
        "Functions Admin",
    ]
    api.delete(f"/groups/{shop['id']}")
    assert api.refused("GET", f"/groups/{shop['id']}").status == 404
    assert api.refused("PATCH", f"/groups/{shop['id']}", {"name": "x"}).status == 404
    assert api.refused("POST", "/groups", {"name": " "}).status == 422
    assert api.refused("POST", "/groups", {}).message == '"name" is required'


def test_at_most_200_of_each(api: Api) -> None:
    many = [f"u{number}@shop.example" for number in range(201)]
    assert invite(api, *many[:200])["emails"] == many[:200]
    body = {"invites": [{"email": f"x{email}"} for email in many]}
    assert api.refused("POST", "/invites", body).status == 422
    shop = group(api, "Shop", *many[:200])
    assert shop["memberCount"] == 200
    invite(api, many[200])
    path = f"/groups/{shop['id']}/users"
    assert api.refused("POST", path, {"emails": many}).status == 422
    assert api.refused("POST", path, {"emails": many[200:]}).status == 422
    assert api.refused("PUT", f"/group/{shop['id']}/users", {"emails": many}).status == 422
    assert api.refused("DELETE", f"/invites?{emails(*many)}").status == 422
    assert api.refused("DELETE", f"/users?{emails(*many, name='userIds')}").status == 422
    rows = {"permissions": [permission(api)] * 201}
    refused = api.refused("PUT", f"/groups/{shop['id']}/permissions", rows)
    assert refused.message == '"permissions" must contain less than or equal to 200 items'
    wide = {**permission(api), "resources": permission(api)["resources"] * 201}
    path = f"/groups/{shop['id']}/permissions"
    assert api.refused("POST", path, {"permissions": [wide]}).status == 422
    # Pages: 200 where no count is given.
    assert "next" in api.get("/invites")["pagination"]
    assert len(api.get("/invites?pagination[count]=1000")["invites"]) == 201
    assert len(api.get(f"/groups/{shop['id']}/invites?pagination[count]=3")["emails"]) == 3


@pytest.mark.parametrize("who", ["member", "no_source_admin", "source_admin", "label_scoped"])
def test_only_owners_write_about_people(emulator: Emulator, api: Api, who: str) -> None:
    ann = user(api, "ann@shop.example")
    shop = group(api, "Shop", "ann@shop.example")
    invite(api, "bob@shop.example")
    weak = Api(emulator, who)
    people = {"permissions": [permission(api)]}
    for method, path, body in (
        ("POST", "/invites", {"invites": [{"email": "new@shop.example"}]}),
        ("DELETE", f"/invites?{emails('bob@shop.example')}", None),
        ("DELETE", f"/users?{emails(ann['id'], name='userIds')}", None),
        ("POST", f"/users/{ann['id']}/permissions", people),
        ("PUT", f"/users/{ann['id']}/permissions", people),
        ("POST", "/groups", {"name": "New"}),
        ("PATCH", f"/groups/{shop['id']}", {"name": "New"}),
        ("DELETE", f"/groups/{shop['id']}", None),
        ("POST", f"/groups/{shop['id']}/permissions", people),
        ("PUT", f"/groups/{shop['id']}/permissions", people),
        ("POST", f"/groups/{shop['id']}/users", {"emails": []}),
        ("PUT", f"/group/{shop['id']}/users", {"emails": []}),
        ("DELETE", f"/group/{shop['id']}/users?{emails('ann@shop.example')}", None),
    ):
        assert weak.refused(method, path, body).status == 403, path
    # They read all of it.
    assert weak.get("/invites")["invites"] == ["bob@shop.example"]
    assert len(weak.get("/users")["users"]) == 2
    assert weak.get("/groups")["userGroups"][0]["memberCount"] == 1
    assert weak.get(f"/groups/{shop['id']}/users")["users"]
    assert weak.get("/roles")["roles"] == api.get("/roles")["roles"]


def test_pages_shift_and_miss_people_on_request(emulator: Emulator, api: Api) -> None:
    invite(api, "ann@shop.example", "bob@shop.example")
    shop, store = group(api, "Shop", "ann@shop.example"), group(api, "Store")
    emulator.fault("shifted_page", operation="listUserGroups")
    assert [one["id"] for one in api.get("/groups")["userGroups"]] == [store["id"]]
    assert api.refused("GET", f"/groups/{shop['id']}").status == 404
    emulator.fault("shifted_page", operation="listInvites")
    assert api.get("/invites")["invites"] == ["bob@shop.example"]
    emulator.fault("missing_from_page", operation="listInvites")
    assert api.get("/invites")["invites"] == []
    assert api.get("/invites")["invites"] == ["bob@shop.example"]


def test_roles_are_the_same_everywhere(emulator: Emulator, api: Api) -> None:
    roles = api.get("/roles")["roles"]
    assert roles == Api(Emulator(), "eu").get("/roles")["roles"]
    assert len({one["id"] for one in roles}) == len(roles)
    assert {"Workspace Owner", "Source Admin", "Tracking Plan Read-only"} <= {
        one["name"] for one in roles
    }
    assert len(api.get("/roles?pagination[count]=2")["roles"]) == 2


def test_people_are_part_of_a_snapshot(api: Api) -> None:
    assert "users" not in api.control("GET", "dump")["workspaces"][0]
    user(api, "ann@shop.example", permissions=[permission(api)])
    invite(api, "bob@shop.example")
    group(api, "Shop", "ann@shop.example", "bob@shop.example")
    source = api.source("web")
    body = {"regulationType": "SUPPRESS_ONLY", "subjectType": "USER_ID", "subjectIds": ["cy"]}
    api.post(f"/regulations/sources/{source['id']}", body)
    api.control("POST", "events", {"events": [{"source": "web", "type": "track"}]})
    dump = api.control("GET", "dump")
    other = Api(Emulator())
    assert other.send("POST", "/_emulator/seed", dumps(dump)).status_code == 200
    assert other.control("GET", "dump") == dump
    for path in ("/users", "/invites", "/groups", "/suppressions"):
        assert other.get(path) == api.get(path)
    assert other.get("/groups")["userGroups"][0]["memberCount"] == 2
    assert other.get("/audit-events")["events"] == []
