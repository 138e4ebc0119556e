"""Rules of the service that hold over families: statuses, updates, ids, times, consistency."""

from __future__ import annotations

import base64
import re
from typing import Any

import pytest

from segform_emulator import Emulator
from segform_emulator.contract import operations

from .api import AMPLITUDE, POSTGRES, WEBHOOK, Api, track
from .test_credentials import credential
from .test_functions import function, instance
from .test_reverse_etl import model
from .test_spaces import audience, space, space_filter, trait
from .test_subscriptions import subscription
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


# Eventual consistency


def test_what_was_made_is_not_found_at_once_when_asked_for(api: Api) -> None:
    api.control("POST", "clock", {"stopped": True})
    old, plan = api.source("old"), api.plan()
    assert api.control("POST", "consistency", {"seconds": 5}) == {"seconds": 5}
    new = api.source("new")
    path = f"/tracking-plans/{plan['id']}/sources"
    refused = api.refused("POST", path, {"sourceId": new["id"]})
    assert (refused.status, refused.type) == (404, "not-found")
    assert api.refused("GET", f"/sources/{new['id']}").status == 404
    assert [one["slug"] for one in api.get("/sources")["sources"]] == ["old"]
    assert api.post(path, {"sourceId": old["id"]})
    api.control("POST", "clock", {"advance": 6})
    assert api.post(path, {"sourceId": new["id"]}) == {"status": "SUCCESS"}
    assert [one["slug"] for one in api.get("/sources")["sources"]] == ["old", "new"]


def test_what_was_deleted_is_still_listed_for_a_while_when_asked_for(api: Api) -> None:
    api.control("POST", "clock", {"stopped": True})
    api.source("stays")
    gone = api.source("gone")
    api.control("POST", "consistency", {"seconds": 5})
    api.delete(f"/sources/{gone['id']}")
    assert {one["slug"] for one in api.get("/sources")["sources"]} == {"stays", "gone"}
    assert api.refused("GET", f"/sources/{gone['id']}").status == 404
    api.control("POST", "clock", {"advance": 6})
    assert [one["slug"] for one in api.get("/sources")["sources"]] == ["stays"]


def test_consistency_is_strong_until_asked_for_and_after_a_reset(api: Api) -> None:
    assert api.control("GET", "consistency") == {"seconds": 0}
    api.control("POST", "consistency", {"seconds": 3600})
    api.control("POST", "reset")
    assert api.get(f"/sources/{api.source()['id']}")
    api.control("POST", "consistency", {"seconds": 3600})
    made = api.source("new")
    api.control("POST", "consistency", {"seconds": 0})
    assert api.get(f"/sources/{made['id']}")


# Limits and quotas


def test_a_quota_of_a_day_is_the_workspaces(emulator: Emulator, api: Api) -> None:
    api.control("POST", "clock", {"stopped": True})
    api.control("POST", "limits", {"enforce": True})
    headers = {"accept": "application/vnd.segment.v1alpha+json"}
    body = _example("createDownload")
    answers = [
        api.send("POST", "/customer-insights/download", body, headers=headers) for _ in range(121)
    ]
    assert [one.status_code for one in answers] == [200] * 120 + [429]
    assert answers[0].headers["x-ratelimit-remaining"] == "119"
    data = answers[-1].json()["errors"][0]["data"]
    assert data["consumedPoints"] == 121
    other = Api(emulator, "other_workspace")
    assert (
        other.send("POST", "/customer-insights/download", body, headers=headers).status_code == 200
    )
    api.control("POST", "clock", {"advance": 3600})
    assert (
        api.send("POST", "/customer-insights/download", body, headers=headers).status_code == 429
        or data["msBeforeNext"] <= 3_600_000
    )
    api.control("POST", "clock", {"advance": 86_400})
    assert api.send("POST", "/customer-insights/download", body, headers=headers).status_code == 200


def _example(operation: str) -> Any:
    from segform_emulator.example import body

    return body(operations()[operation])


def test_a_quota_of_a_month_is_the_spaces_and_the_minute_counts_too(api: Api) -> None:
    api.control("POST", "clock", {"stopped": True})
    one, other = space(api), space(api, "Other")
    api.control("POST", "limits", {"enforce": True})
    body = {"definition": {"query": "1"}, "audienceType": "USERS"}
    codes: list[int] = []
    for _ in range(141):
        for _ in range(5):
            path = f"/spaces/{one['id']}/audiences/previews"
            codes.append(api.send("POST", path, body).status_code)
        api.emulator.clock.advance(60)
    assert codes[:700] == [200] * 700
    assert codes[700:] == [429] * 5
    path = f"/spaces/{other['id']}/audiences/previews"
    codes = [api.send("POST", path, body).status_code for _ in range(6)]
    assert codes == [200] * 5 + [429]


# Faults by chance


def test_a_fault_strikes_by_chance_the_same_way_each_run(api: Api) -> None:
    def run(**more: Any) -> list[int]:
        api.control("DELETE", "faults")
        fault = {"kind": "error_before", "status": 503, "count": 0, "probability": 0.3, **more}
        api.control("POST", "faults", fault)
        return [api.send("GET", "/").status_code for _ in range(200)]

    first = run()
    assert 30 <= first.count(503) <= 90
    assert run() == first
    assert run(random=1) != first
    assert set(run(probability=0)) == {200}
    assert run(probability=0.5, count=3).count(503) == 3


# What roles see


def test_a_role_for_a_label_reaches_nothing_beyond_its_sources(
    emulator: Emulator, api: Api
) -> None:
    api.post("/labels", {"label": {"key": "environment", "value": "production"}})
    mine, other = api.source("mine"), api.source("other")
    label = {"labels": [{"key": "environment", "value": "production"}]}
    api.put(f"/sources/{mine['id']}/labels", label)
    made = {source["slug"]: api.destination(source["id"]) for source in (mine, other)}
    renamed = {source["slug"]: transformation(api, source) for source in (mine, other)}
    models = {source["slug"]: model(api, source) for source in (mine, other)}
    scoped = Api(emulator, "label_scoped")
    assert [one["id"] for one in scoped.get("/sources")["sources"]] == [mine["id"]]
    assert [one["id"] for one in scoped.get("/destinations")["destinations"]] == [
        made["mine"]["id"]
    ]
    assert [one["id"] for one in scoped.get("/transformations")["transformations"]] == [
        renamed["mine"]["id"]
    ]
    assert [one["id"] for one in scoped.get("/reverse-etl-models")["models"]] == [
        models["mine"]["id"]
    ]
    for slug, status in (("mine", 200), ("other", 403)):
        for path in (
            f"/destinations/{made[slug]['id']}",
            f"/transformations/{renamed[slug]['id']}",
            f"/reverse-etl-models/{models[slug]['id']}",
        ):
            assert scoped.send("GET", path).status_code == status, path
    body = {"metadataId": AMPLITUDE, "settings": {}}
    assert scoped.refused("POST", "/destinations", {**body, "sourceId": other["id"]}).status == 403
    assert scoped.post("/destinations", {**body, "sourceId": mine["id"], "metadataId": WEBHOOK})


# Seeds


def test_a_seed_of_one_size_is_always_the_same() -> None:
    from segform_emulator.making import PARTS

    sizes = dict.fromkeys(PARTS, 7)
    one, other, third = (Emulator(ids=5) for _ in range(3))
    one.seed(**sizes)
    other.seed(**sizes)
    assert one.dump() == other.dump()
    third.seed(**sizes, ids=1)
    assert third.dump() != one.dump()
    held = one.dump()["workspaces"][0]
    counts = {name: len(held[name]) for name in held if isinstance(held[name], list)}
    assert set(counts.values()) == {1, 7}
    # Nothing that it made is answered wrongly, and nothing that is made later has one of its ids.
    api = Api(one)
    for path in (
        "/sources",
        "/destinations",
        "/warehouses",
        "/tracking-plans",
        "/transformations",
        "/reverse-etl-models",
        "/credentials",
        "/groups",
        "/invites",
        "/spaces",
        "/functions?resourceType=SOURCE",
    ):
        assert api.get(path)
    assert api.source("new")["id"] not in {source["id"] for source in held["sources"]}
    assert one.checks.violations == []
    assert Emulator(seed=one.dump()).dump() == one.dump()
