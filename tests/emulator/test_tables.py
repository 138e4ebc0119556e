"""The further tables of a workspace: all of them in snapshots and in the folder."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path

from segform_emulator import Emulator
from segform_emulator.exact import dumps
from segform_emulator.tables import NAMES
from segform_emulator.workspace import Workspace

from .api import AMPLITUDE, Api
from .test_credentials import credential
from .test_functions import function, instance, setting
from .test_snapshot import SCHEMA, VALID
from .test_spaces import audience, profiles_warehouse, space, space_filter, trait
from .test_subscriptions import model, subscription
from .test_transformations import transformation

CHANGED = (
    "functions",
    "insertFunctionInstances",
    "transformations",
    "subscriptions",
    "reverseEtlModels",
    "reverseEtlSyncs",
)


def everything(emulator: Emulator) -> Api:
    """An object in every table: those of the families here by requests, the others as they are."""
    api = Api(emulator)
    source = api.source()
    destination = api.destination(source["id"])
    transformation(api, source, newEventName="Paid")
    secret = [setting("key", sensitive=True)]
    used = function(api, "INSERT_DESTINATION", settings=secret)
    instance(api, used, destination["id"], settings={"key": "0123secret"})
    of_function = function(api, "DESTINATION", settings=secret)["catalogId"]
    api.destination(source["id"], of_function, settings={"key": "0123secret"})
    of = model(api, source)
    mapping = subscription(api, destination, modelId=of["id"], settings={"n": 1})
    body = {"sourceId": source["id"], "modelId": of["id"], "subscriptionId": mapping["id"]}
    api.post("/reverse-etl-syncs", body)
    of_people = space(api)
    linked = audience(api, of_people, audienceType="LINKED")
    audiences = f"/spaces/{of_people['id']}/audiences"
    hourly = {"strategy": "PERIODIC", "config": {"interval": "1h"}}
    api.post(f"{audiences}/{linked['id']}/schedules", hourly)
    api.post(f"{audiences}/previews", {"definition": {"query": "1"}, "audienceType": "USERS"})
    trait(api, of_people)
    space_filter(api, of_people)
    profiles_warehouse(api, of_people)
    credential(api)
    held = emulator.workspaces[0].more
    empty = [name for name in Workspace.MORE if not held[name]]
    for number, table in enumerate([*empty, "users"]):
        field = "email" if table == "invites" else "id"
        held[table][f"{table}-1"] = {field: f"{table}-1", "version": Decimal("1.10")}
        held[table][number] = {"at": number}
        held[table][table, number] = [table, None]
    emulator.keep_all()
    return api


def test_every_table_comes_through_dump_reset_and_seed() -> None:
    api = everything(Emulator())
    dump = api.control("GET", "dump")
    first = dump["workspaces"][0]
    assert set(NAMES.values()) <= set(first)
    assert set(NAMES.values()) <= set(SCHEMA["$defs"]["workspace"]["properties"])
    assert VALID.is_valid(dump), next(VALID.iter_errors(dump)).message
    assert first["insertFunctionInstances"][0]["settings"] == {"key": "0123secret"}
    api.control("POST", "reset")
    assert not set(NAMES.values()) & set(api.control("GET", "dump")["workspaces"][0])
    api.send("POST", "/_emulator/seed", dumps(dump)).raise_for_status()
    assert api.control("GET", "dump") == dump
    # In the same process too, where numbers and keys are no text.
    assert Emulator(seed=api.emulator.dump()).dump() == api.emulator.dump()


def test_a_folder_keeps_every_table(tmp_path: Path) -> None:
    before = Emulator(data=tmp_path)
    dump = everything(before).emulator.dump()
    events = dict(before.workspaces[0].more["audit_events"])
    before.close()
    after = Emulator(data=tmp_path)
    assert after.dump() == dump
    assert dict(after.workspaces[0].more["audit_events"]) == events
    after.close()


def test_each_change_is_in_the_folder_at_once(tmp_path: Path) -> None:
    before = Emulator(data=tmp_path)
    api = everything(before)
    held = api.control("GET", "dump")["workspaces"][0]
    made, mapping = held["functions"][0], held["subscriptions"][0]
    path = f"/functions/{made['id']}"
    api.patch(path, {"code": "// two", "description": "Why"})
    [one] = held["insertFunctionInstances"]
    api.patch(f"/insert-function-instances/{one['id']}", {"enabled": True, "settings": {}})
    api.patch(f"/transformations/{held['transformations'][0]['id']}", {"drop": True})
    schedule = {"strategy": "PERIODIC", "config": {"interval": "1h"}}
    api.patch(
        f"/destinations/{mapping['destinationId']}/subscriptions/{mapping['id']}",
        {"input": {"name": "Other", "reverseETLSchedule": schedule}},
    )
    api.patch(f"/reverse-etl-models/{mapping['modelId']}", {"query": "SELECT 2"})
    [sync] = held["reverseEtlSyncs"]
    api.post(f"/reverse-etl-models/{mapping['modelId']}/syncs/{sync['id']}/cancel", {})
    api.post(f"/functions/{function(api)['id']}/deploy")
    dump = before.dump()
    for name in (*CHANGED, "functionVersions"):
        assert dump["workspaces"][0][name] != held[name]
    before.close()
    after = Emulator(data=tmp_path)
    assert after.dump() == dump
    Api(after).delete(path)
    Api(after).delete(f"/reverse-etl-models/{mapping['modelId']}")
    gone = after.dump()
    assert gone != dump
    after.close()
    again = Emulator(data=tmp_path)
    assert again.dump() == gone
    again.close()


def test_further_tables_written_by_hand_are_completed() -> None:
    mapping = {"id": "m", "destinationId": "d1", "actionId": "gA673j6ij2yCB8n9Fztpj9"}
    model_ = {"id": "r1", "sourceId": "s1", "query": "SELECT 1", "queryIdentifierColumn": "id"}
    rename = {"id": "t1", "name": "T", "sourceId": "s1", "enabled": True, "if": "all"}
    workspace = {
        "functions": [
            {"id": "ifnd_f", "resourceType": "INSERT_DESTINATION"},
            {"id": "sfnc_f", "resourceType": "SOURCE", "catalogId": "class"},
        ],
        "sources": [
            {"id": "s1", "slug": "web", "metadataId": "IqDTy1TpoU"},
            {"id": "s2", "slug": "own", "metadataId": "class"},
        ],
        "destinations": [{"id": "d1", "metadataId": AMPLITUDE, "sourceId": "s1"}],
        "subscriptions": [{**mapping, "trigger": "all", "modelId": "r1"}],
        "transformations": [rename],
        "reverseEtlModels": [model_],
        "insertFunctionInstances": [{"id": "i", "functionId": "ifnd_f", "integrationId": "d1"}],
    }
    snapshot = {"format": "segform.snapshot", "version": 1, "workspaces": [workspace]}
    assert VALID.is_valid(snapshot)
    api = Api(Emulator(seed=snapshot))
    assert api.get("/functions/sfnc_f")["function"]["settings"] == []
    assert api.get("/sources/s2")["source"]["metadata"]["id"] == "class"
    found = api.get("/destinations/d1/subscriptions/m")["subscription"]
    assert (found["actionSlug"], found["enabled"]) == ("logEvent", True)
    assert api.get("/transformations/t1")["transformation"]["propertyRenames"] == []
    assert api.get("/reverse-etl-models/r1")["reverseEtlModel"]["enabled"] is True
    used = api.get("/insert-function-instances/i")["insertFunctionInstance"]
    assert (used["classId"], used["settings"]) == ("f", {})
    for name, wrong in (
        ("subscriptions", {**mapping, "trigger": "all", "destinationId": "none"}),
        ("subscriptions", {**mapping, "trigger": "all", "actionId": "none"}),
        ("subscriptions", {**mapping, "trigger": "all", "modelId": "none"}),
        ("transformations", {**rename, "sourceId": "none"}),
        ("reverseEtlModels", {**model_, "sourceId": "none"}),
        ("insertFunctionInstances", {"id": "i", "functionId": "ifnd_f", "integrationId": "none"}),
        ("insertFunctionInstances", {"id": "i", "functionId": "none", "integrationId": "d1"}),
        ("reverseEtlSyncs", {"id": "y", "modelId": "none"}),
        ("functions", {"resourceType": "SOURCE"}),
        ("functions", "none"),
    ):
        broken = {**snapshot, "workspaces": [{**workspace, name: [wrong]}]}
        assert api.refused("POST", "/_emulator/seed", broken).status == 400, (name, wrong)
    assert api.get("/reverse-etl-models/r1")
