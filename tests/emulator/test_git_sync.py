"""What Segment's Git Sync finds in real workspaces, form by form: the emulator answers so too.

Git Sync writes what the API answers. What its files look like beyond that is terraform's part.
"""

from __future__ import annotations

import ast
import json
from pathlib import Path
from typing import Any

from segform_emulator import Emulator

from .api import AMPLITUDE, POSTGRES, WEBHOOK, Api, track
from .test_functions import function, setting
from .test_people import group, permission, user
from .test_subscriptions import model, subscription
from .test_transformations import transformation

ROOT = Path(__file__).resolve().parents[2]
HERE = "tests/emulator/test_git_sync.py"
FILES = "tests/terraform/test_git_sync.py"
WHOLE = "test_a_git_sync_folder_plans_as_imports_that_change_nothing"
BIGQUERY = "kwX50Df0hr"
BULLETS = "•" * 10

# Form -> file and name of the test that holds it.
FORMS = {
    "one folder a kind, one file an object, no files of connections": (FILES, WHOLE),
    "an import block, then the resource of the same name": (FILES, WHOLE),
    "every attribute is written, nulls and empty sets too, sets in any order": (FILES, WHOLE),
    "JSON as text with escapes, and as a call": (FILES, WHOLE),
    "sources: slugs with underscores and capitals": (HERE, "test_slugs_of_sources"),
    "destinations: contacts, ownership and regions, or none": (HERE, "test_facts_of_destinations"),
    "destinations: every option's value, secrets masked or empty": (HERE, "test_every_option"),
    "plans: rules without a key": (HERE, "test_rules_without_a_key"),
    "plans: types as lists, empty names, labels, ids": (HERE, "test_odd_schemas"),
    "plans: hundreds of KiB in one": (HERE, "test_a_heavy_plan"),
    "subscriptions: no model, directives in the mapping": (HERE, "test_mappings"),
    "transformations: empty lists, no destination": (HERE, "test_plain_transformations"),
    "warehouses: quotes in a name": (HERE, "test_quotes_in_the_name_of_a_warehouse"),
    "warehouses: an encrypted blob that changes by itself": (HERE, "test_encrypted_settings"),
    "functions: line ends, no name shown, sensitive flags": (HERE, "test_functions_as_written"),
    "reverse ETL: an empty schedule, a blank description": (HERE, "test_models_as_written"),
    "people: permissions on the workspace": (HERE, "test_permissions_on_the_workspace"),
    "people: the same role ids everywhere": (HERE, "test_the_same_roles_everywhere"),
    "labels: key and value, no description": (HERE, "test_labels_without_description"),
    "hundreds of objects": (HERE, "test_a_workspace_of_that_size"),
}


def test_the_table_is_complete() -> None:
    """Every form has its test, and every test here is of a form."""
    named: dict[str, set[str]] = {HERE: set(), FILES: set()}
    for file, name in FORMS.values():
        named[file].add(name)
    for file, names in named.items():
        tree = ast.parse((ROOT / file).read_text(encoding="utf-8"))
        there = {
            one.name
            for one in tree.body
            if isinstance(one, ast.FunctionDef) and one.name.startswith("test_")
        }
        assert names <= there
        if file == HERE:
            assert there - names == {"test_the_table_is_complete"}


def test_slugs_of_sources(api: Api) -> None:
    slugs = ["web_shop", "iOS-App", "ACME", "web-2.0"]
    made = [api.source(slug) for slug in slugs]
    listed = api.get("/sources")["sources"]
    assert [(one["slug"], one["name"]) for one in listed] == [(slug, slug) for slug in slugs]
    assert all(one["labels"] == [] and one["settings"] == {} for one in made)


def test_facts_of_destinations(api: Api) -> None:
    """Some entries tell of contacts and regions; what is not known is not made up."""
    entries = api.get("/catalog/destinations")["destinationsCatalog"]
    names = ("contacts", "partnerOwned", "regionEndpoints", "supportedRegions")
    assert any(name in entry for entry in entries for name in names)
    for entry in entries:
        assert all(entry[name] is not None for name in names if name in entry)
    source = api.source()
    for entry in entries:
        made = api.destination(source["id"], entry["id"])
        assert made["metadata"] == entry


def test_every_option(api: Api) -> None:
    made = api.destination(api.source()["id"], AMPLITUDE, settings={"secretKey": "0123456789"})
    settings = made["settings"]
    for option in made["metadata"]["options"]:
        if "defaultValue" in option:
            assert settings[option["name"]] == option["defaultValue"]
    assert settings["secretKey"] == BULLETS + "6789"
    assert settings["apiKey"] == ""


def test_rules_without_a_key(api: Api) -> None:
    path = f"/tracking-plans/{api.plan()['id']}/rules"
    rules: list[Any] = [
        {"type": one, "version": 1, "jsonSchema": {}} for one in ("IDENTIFY", "GROUP")
    ]
    # Terraform's null is left out by some clients and sent by others.
    api.patch(path, {"rules": [*rules, {"type": "COMMON", "version": 1, "jsonSchema": {}}]})
    found = api.get(path)["rules"]
    assert sorted(one["type"] for one in found) == ["COMMON", "GROUP", "IDENTIFY"]
    assert all("key" not in one for one in found)


def test_odd_schemas(api: Api) -> None:
    path = f"/tracking-plans/{api.plan()['id']}/rules"
    properties = {
        "": {"type": ["string"], "description": "Nobody meant it"},
        "total": {"type": ["number", "null"], "id": "/properties/properties/total"},
        "a.b c/d~e": {"type": "string", "pattern": "^[0-9]+$", "description": ""},
        "anything": {},
    }
    schema = {"type": "object", "labels": {"owner": "web"}, "properties": properties}
    api.put(path, {"rules": [{**track("Odd"), "jsonSchema": schema}]})
    (rule,) = api.get(path)["rules"]
    stored = rule["jsonSchema"]
    assert set(stored["properties"]) == set(properties)
    assert stored["labels"] == {"owner": "web"}
    assert stored["properties"][""]["type"] == ["string"]
    assert stored["properties"]["total"]["id"] == "/properties/properties/total"
    assert stored["properties"]["a.b c/d~e"]["type"] == ["string"]
    # Written back as it was read, it stays.
    api.put(path, {"rules": [rule]})
    assert api.get(path)["rules"][0]["jsonSchema"] == stored


def test_a_heavy_plan(api: Api) -> None:
    path = f"/tracking-plans/{api.plan()['id']}/rules"
    properties = {f"property_{n}": {"type": "string", "description": "x" * 60} for n in range(25)}
    rules = [track(f"Event {n}", type="object", properties=properties) for n in range(150)]
    api.put(path, {"rules": rules})
    answer = api.send("GET", path)
    assert len(answer.content) > 400 * 1024
    assert len(answer.json()["data"]["rules"]) == 150


def test_mappings(api: Api) -> None:
    destination = api.destination(api.source()["id"])
    settings = {
        "user_id": {"@path": "$.userId"},
        "name": {"@template": "{{traits.first}} {{traits.last}}"},
        "device": {
            "@if": {
                "exists": {"@path": "$.context.device.id"},
                "then": {"@path": "$.context.device.id"},
                "else": {"@path": "$.anonymousId"},
            }
        },
        "products": {"@arrayPath": ["$.properties.products", {"id": {"@path": "$.product_id"}}]},
    }
    made = subscription(api, destination, settings=settings)
    path = f"/destinations/{destination['id']}/subscriptions/{made['id']}"
    found = api.get(path)["subscription"]
    assert found["settings"] == settings
    assert found.get("modelId") is None
    assert found.get("reverseETLSchedule") is None


def test_plain_transformations(api: Api) -> None:
    source = api.source()
    made = transformation(api, source)
    empty = ("propertyRenames", "propertyValueTransformations", "fqlDefinedProperties")
    assert all(made[name] == [] for name in empty)
    assert made.get("destinationMetadataId") is None
    assert made.get("newEventName") is None
    scoped = transformation(api, source, destinationMetadataId=AMPLITUDE)
    assert scoped["destinationMetadataId"] == AMPLITUDE


def test_quotes_in_the_name_of_a_warehouse(api: Api) -> None:
    name = 'The "big" one\\n'
    body = {"metadataId": POSTGRES, "name": name, "settings": {}}
    made = api.post("/warehouses", body)["warehouse"]
    assert made["settings"]["name"] == name
    assert api.get(f"/warehouses/{made['id']}")["warehouse"]["settings"]["name"] == name


def test_encrypted_settings(api: Api) -> None:
    """The secrets are in one blob, another one each time; the rest is in the clear."""
    clear = {"gc-project": "shop", "location": "EU"}
    settings = {**clear, "credentials": '{"private_key": "x"}'}
    body = {"metadataId": BIGQUERY, "settings": settings}
    made = api.post("/warehouses", body)["warehouse"]
    again = api.get(f"/warehouses/{made['id']}")["warehouse"]
    for shown in (made["settings"], again["settings"]):
        assert {name: shown[name] for name in clear} == clear
        assert shown["encrypted"] is True
        assert "credentials" not in shown
    assert made["settings"]["ciphertext"] != again["settings"]["ciphertext"]
    (listed,) = api.get("/warehouses")["warehouses"]
    (later,) = api.get("/warehouses")["warehouses"]
    assert listed["settings"]["ciphertext"] != later["settings"]["ciphertext"]
    # Sent back as it was read, it takes nothing away.
    api.patch(f"/warehouses/{made['id']}", {"settings": listed["settings"]})
    stored = api.emulator.at(0).warehouses[made["id"]]["settings"]
    assert stored["credentials"] == settings["credentials"]


def test_functions_as_written(api: Api) -> None:
    code = "async function onTrack(event) {\n\treturn event\r\n}\n// ünï\n"
    settings = [setting("apiKey", True), setting("region")]
    made = function(api, "DESTINATION", code=code, settings=settings, description="")
    found = api.get(f"/functions/{made['id']}")["function"]
    assert (found["code"], found["description"]) == (code, "")
    assert [one["sensitive"] for one in found["settings"]] == [True, False]
    plain = function(api, "SOURCE")
    assert api.get(f"/functions/{plain['id']}")["function"].get("description") in (None, "")


def test_models_as_written(api: Api) -> None:
    """A schedule is the subscription's: of the model, files have `{}` and an empty text."""
    made = model(api, api.source(), description=" ")
    found = api.get(f"/reverse-etl-models/{made['id']}")["reverseEtlModel"]
    assert found["description"] == " "
    assert not found.get("scheduleConfig")
    assert not found.get("scheduleStrategy")


def test_permissions_on_the_workspace(api: Api) -> None:
    workspace = {"id": api.get("/")["workspace"]["id"], "type": "WORKSPACE"}
    given = [permission(api), permission(api, "Source Read-only")]
    ann = user(api, "ann@shop.example", permissions=given)
    team = group(api, "Web", "ann@shop.example")
    api.put(f"/groups/{team['id']}/permissions", {"permissions": given})
    found = api.get(f"/groups/{team['id']}")["userGroup"]
    for one in (*api.get(f"/users/{ann['id']}")["user"]["permissions"], *found["permissions"]):
        (resource,) = one["resources"]
        assert {name: resource[name] for name in workspace} == workspace
        assert not resource.get("labels")


def test_the_same_roles_everywhere(emulator: Emulator) -> None:
    first, other = (Api(emulator, name).get("/roles")["roles"] for name in ("owner", "eu"))
    assert first == other
    assert Api(Emulator()).get("/roles")["roles"] == first


def test_labels_without_description(api: Api) -> None:
    label = {"key": "environment", "value": "dev"}
    made = api.post("/labels", {"label": label})["label"]
    assert made.get("description") in (None, "")
    listed = api.get("/labels")["labels"]
    assert [(one["key"], one["value"]) for one in listed] == [("environment", "dev")]


def test_a_workspace_of_that_size(api: Api) -> None:
    """136 destinations, 155 subscriptions, 30 transformations, 5 plans."""
    api.control("POST", "seed?sources=60&destinations=136&filters=40&plans=5&rules=30")
    sources = api.get("/sources")["sources"]
    for number in range(30):
        transformation(api, sources[number])
    hooks = [api.destination(one["id"], WEBHOOK, name="Mapped") for one in sources[:5]]
    mapping = {"actionId": "nFPnRozhz1mh4Gbx4MLvT5", "trigger": 'type = "track"'}
    for number in range(155):
        subscription(api, hooks[number % 5], name=f"S{number}", **mapping)
    found: list[Any] = []
    for hook in hooks:
        path = f"/destinations/{hook['id']}/subscriptions"
        found += api.get(path)["subscriptions"]
    sizes = {
        "subscriptions": len(found),
        "destinations": api.get("/destinations")["pagination"]["totalEntries"],
        "transformations": len(api.get("/transformations")["transformations"]),
        "plans": len(api.get("/tracking-plans")["trackingPlans"]),
    }
    assert sizes == {
        "subscriptions": 155,
        "destinations": 141,
        "transformations": 30,
        "plans": 5,
    }
    dump = api.control("GET", "dump")
    assert Emulator(seed=dump).dump() == json.loads(json.dumps(dump, default=float))
