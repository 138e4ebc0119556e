"""Rules of the service that hold over families: statuses, updates, ids, times."""

from __future__ import annotations

import base64
import re
from typing import Any

from segform_emulator.contract import operations

from .api import POSTGRES, WEBHOOK, Api, track
from .test_credentials import credential
from .test_functions import function, instance
from .test_spaces import audience, space, space_filter, trait
from .test_subscriptions import model, subscription
from .test_transformations import transformation

BIGQUERY = "kwX50Df0hr"
EIGHT = {
    "createCredential",
    "createInvites",
    "createLabel",
    "createReverseEtlModel",
    "createSource",
    "createProfilesWarehouse",
    "createWarehouse",
    "addConnectionFromSourceToWarehouse",
}


def warehouse(api: Api, metadata_id: str = POSTGRES, **settings: Any) -> Any:
    body = {"metadataId": metadata_id, "settings": settings}
    return api.post("/warehouses", body)["warehouse"]


def test_eight_operations_answer_201_and_all_others_200(api: Api) -> None:
    assert {one.id for one in operations().values() if one.status == 201} == EIGHT
    assert {one.status for one in operations().values()} == {200, 201}
    source = api.source()
    of = space(api)
    store = warehouse(api)
    api.delete(f"/warehouses/{store['id']}/connected-sources/{source['id']}")
    label = {"label": {"key": "a", "value": "b"}}
    api.send("POST", "/invites", {"invites": [{"email": "a@b.example"}]})
    named = {"name": "a", "settings": {"type": "x"}}
    query = {"name": "m", "sourceId": source["id"], "query": "1", "queryIdentifierColumn": "id"}
    sent = [
        api.send("POST", "/labels", label),
        api.send("POST", "/invites", {"invites": [{"email": "c@d.example"}]}),
        api.send("POST", "/credentials", named),
        api.send("POST", "/warehouses", {"metadataId": POSTGRES, "settings": {}}),
        api.send("POST", f"/warehouses/{store['id']}/connected-sources/{source['id']}"),
        api.send(
            "POST",
            f"/spaces/{of['id']}/profiles-warehouses",
            {"metadataId": POSTGRES, "settings": {}},
        ),
        api.send("POST", "/reverse-etl-models", {**query, "description": "", "enabled": True}),
        api.send("POST", "/sources", {"slug": "s", "enabled": True, "metadataId": "IqDTy1TpoU"}),
    ]
    assert [answer.status_code for answer in sent] == [201] * 8
    assert set(api.emulator.recorder.counts) >= EIGHT
    for path in ("/destinations", "/tracking-plans", "/groups", "/functions"):
        bodies = {
            "/destinations": {"sourceId": source["id"], "metadataId": WEBHOOK, "settings": {}},
            "/tracking-plans": {"name": "P", "type": "LIVE"},
            "/groups": {"name": "G"},
            "/functions": {"code": "", "displayName": "F", "resourceType": "SOURCE"},
        }
        assert api.send("POST", path, bodies[path]).status_code == 200
    assert api.send("DELETE", f"/sources/{source['id']}").status_code == 200


# (operation of the update, what it sends, where the answer has the object)
def updates(api: Api) -> list[tuple[str, str, Any, str]]:
    """(GET path, PATCH path where it is another, a change, the object's name in the answer)."""
    source = api.source()
    destination = api.destination(source["id"])
    found = api.filter(destination, description="Why")
    of = space(api)
    used = function(api, "INSERT_DESTINATION")
    attached = instance(api, used, destination["id"])
    mapping = subscription(api, destination, settings={"a": 1})
    store = warehouse(api, a=1)
    made = audience(api, of, description="Why")
    return [
        (f"/sources/{source['id']}", "", {"name": "New"}, "source"),
        (f"/destinations/{destination['id']}", "", {"enabled": False}, "destination"),
        (
            f"/destination/{destination['id']}/filters/{found['id']}",
            "",
            {"title": "New"},
            "filter",
        ),
        (f"/warehouses/{store['id']}", "", {"settings": {"b": 2}}, "warehouse"),
        (f"/functions/{used['id']}", "", {"description": "New"}, "function"),
        (
            f"/insert-function-instances/{attached['id']}",
            "",
            {"name": "New", "settings": {}},
            "insertFunctionInstance",
        ),
        (
            f"/destinations/{destination['id']}/subscriptions/{mapping['id']}",
            "",
            {"input": {"name": "New"}},
            "subscription",
        ),
        (
            f"/transformations/{transformation(api, source)['id']}",
            "",
            {"name": "New"},
            "transformation",
        ),
        (f"/reverse-etl-models/{model(api, source)['id']}", "", {"name": "New"}, "reverseEtlModel"),
        (f"/credentials/{credential(api)['id']}", "", {"name": "New"}, "credential"),
        (f"/spaces/{of['id']}/audiences/{made['id']}", "", {"name": "New"}, "audience"),
        (
            f"/spaces/{of['id']}/computed-traits/{trait(api, of)['id']}",
            "",
            {"name": "New"},
            "computedTrait",
        ),
        (
            f"/filters/{space_filter(api, of)['id']}",
            "",
            {"integrationId": of["id"], "name": "New"},
            "filter",
        ),
        (f"/tracking-plans/{api.plan()['id']}", "", {"description": "New"}, "trackingPlan"),
    ]


def test_an_update_leaves_what_it_does_not_name(api: Api) -> None:
    """PATCH, family by family: what is left out stays, and an empty change changes nothing."""
    for path, _, change, name in updates(api):
        before = api.get(path)[name]
        api.patch(path, change)
        after = api.get(path)[name]
        sent = change.get("input", change)
        differing = {key for key in after if after[key] != before.get(key)}
        assert differing <= {*sent, "updatedAt", "updatedBy"}, path
        assert differing & set(sent), path
        assert set(before) <= set(after), path


def test_ids_have_the_documented_shapes(api: Api) -> None:
    base58 = r"[1-9A-HJ-NP-Za-km-z]{22}"
    source = api.source()
    destination = api.destination(source["id"])
    assert re.fullmatch(base58, api.get("/")["workspace"]["id"])
    assert re.fullmatch(base58, source["id"])
    assert re.fullmatch(base58, warehouse(api)["id"])
    assert re.fullmatch(r"[A-Za-z0-9]{32}", source["writeKeys"][0])
    assert re.fullmatch(r"[0-9a-f]{24}", destination["id"])
    assert re.fullmatch(f"tp_{base58}", api.plan()["id"])
    for kind, prefix in (
        ("SOURCE", "sfnc_"),
        ("DESTINATION", "dfn_"),
        ("INSERT_DESTINATION", "ifnd_"),
        ("INSERT_SOURCE", "ifns_"),
    ):
        assert function(api, kind)["id"].startswith(prefix)
    assert re.fullmatch(r"events/\d+", api.get("/audit-events")["events"][0]["id"])
    assert all(len(role["id"]) == 27 for role in api.get("/roles")["roles"])


def test_ids_are_never_used_again(api: Api) -> None:
    seen = set()
    for _ in range(20):
        made = api.source()
        seen.add(made["id"])
        api.delete(f"/sources/{made['id']}")
    api.control("POST", "reset")
    seen.add(api.source()["id"])
    assert len(seen) == 21


def test_times_are_iso_or_as_the_older_examples_have_them(api: Api) -> None:
    iso = r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z"
    spaced = r"\d{4}-\d\d-\d\d \d\d:\d\d:\d\d\+00:00"
    plan = api.plan()
    rule = {**track("A"), "jsonSchema": {"startedAt": "2026-01-01T00:00:00.000Z"}}
    api.patch(f"/tracking-plans/{plan['id']}/rules", {"rules": [rule]})
    for form in (iso, spaced, iso):
        assert re.fullmatch(
            form, api.get(f"/tracking-plans/{plan['id']}")["trackingPlan"]["createdAt"]
        )
        (found,) = api.get(f"/tracking-plans/{plan['id']}/rules")["rules"]
        assert re.fullmatch(form, found["updatedAt"])
        # What is the user's is nobody else's to write otherwise.
        assert found["jsonSchema"]["startedAt"] == "2026-01-01T00:00:00.000Z"
        assert re.fullmatch(form, api.get("/audit-events")["events"][0]["timestamp"])
        other = "spaced" if form is iso else "iso"
        assert api.control("POST", "timestamps", {"form": other}) == {"form": other}
    api.control("POST", "reset")
    assert api.control("GET", "timestamps") == {"form": "iso"}


def test_bigquery_answers_its_secrets_as_a_blob_that_changes(api: Api) -> None:
    made = warehouse(api, BIGQUERY, **{"gc-project": "shop", "gc-credentials": '{"key": 1}'})
    path = f"/warehouses/{made['id']}"
    found = [api.get(path)["warehouse"]["settings"] for _ in range(2)]
    for settings in found:
        assert set(settings) == {"gc-project", "ciphertext", "encrypted"}
        assert (settings["gc-project"], settings["encrypted"]) == ("shop", True)
        assert len(base64.b64decode(settings["ciphertext"])) > 2000
    assert found[0]["ciphertext"] != found[1]["ciphertext"]
    # What the service made is not stored when it is sent back.
    api.patch(path, {"settings": found[0]})
    (held,) = api.control("GET", "dump")["workspaces"][0]["warehouses"]
    assert held["settings"] == {"gc-project": "shop", "gc-credentials": '{"key": 1}'}
    assert "ciphertext" not in warehouse(api, password="x")["settings"]


def test_a_warehouse_that_cannot_be_reached(api: Api) -> None:
    made = warehouse(api, hostname="db.example")
    path = f"/warehouses/{made['id']}"
    assert api.get(f"{path}/connection-state") == {"connectionState": "CONNECTED"}
    api.patch(path, {"settings": {"hostname": "db.invalid"}})
    assert api.get(f"{path}/connection-state") == {"connectionState": "FAILED"}
    body = {"metadataId": POSTGRES, "settings": {"hostname": "gone.invalid"}}
    assert api.post("/warehouses/validation", body) == {"status": "FAILED"}
    assert api.post("/warehouses/validation", {**body, "settings": {}}) == {"status": "CONNECTED"}
    assert api.refused("POST", "/warehouses/validation", {**body, "metadataId": "x"}).status == 422
    assert len(api.get("/warehouses")["warehouses"]) == 1


def test_the_consent_rule_is_the_services(api: Api) -> None:
    name = "Segment Consent Preference Updated"
    before = api.plan("Before")
    api.control("POST", "consent", {"on": True})
    after = api.plan("After")
    for plan in (before, after):
        path = f"/tracking-plans/{plan['id']}/rules"
        (rule,) = api.get(path)["rules"]
        assert (rule["type"], rule["key"], rule["version"]) == ("TRACK", name, 1)
        assert rule["jsonSchema"]["description"].startswith("DO NOT EDIT")
        api.put(path, {"rules": [track("Mine")]})
        assert [one["key"] for one in api.get(path)["rules"]] == [name, "Mine"]
        api.patch(path, {"rules": [track(name, title="Ours")]})
        api.delete(f"{path}?rules[0][type]=TRACK&rules[0][key]={name}&rules[0][version]=1")
        assert api.get(path)["rules"][0] == rule
    api.control("POST", "consent", {"on": False})
    api.put(path, {"rules": []})
    assert api.get(path)["rules"] == []
    assert api.control("GET", "consent") == {"workspace": "acme", "on": False}
