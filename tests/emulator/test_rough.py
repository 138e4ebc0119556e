"""Whatever is sent, the answer is one of the service's, and never an error of the emulator's."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from segform_emulator import Emulator
from segform_emulator.contract import Operation, document, operations
from segform_emulator.exact import dumps
from segform_emulator.families import HANDLERS

from .api import AMPLITUDE, WEB, Api, track
from .test_credentials import credential
from .test_functions import function, instance
from .test_service_rules import warehouse
from .test_spaces import audience, profiles_warehouse, space, space_filter, trait
from .test_subscriptions import model, subscription
from .test_transformations import transformation

ROUGH = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.decimals(allow_nan=False, allow_infinity=False)
    | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=2) | st.dictionaries(st.text(max_size=4), inner),
    max_leaves=4,
)
HANDLED = sorted((operations()[op_id] for op_id in HANDLERS), key=lambda operation: operation.id)


def values_of(schema: dict[str, Any], depth: int = 0) -> st.SearchStrategy[Any]:
    """Values that mostly keep to a schema, so that they get past the first check."""
    while "$ref" in schema:
        schema = document()["$defs"][schema["$ref"].rsplit("/", 1)[1]]
    if "enum" in schema:
        return st.sampled_from(schema["enum"])
    kind = schema.get("type")
    kind = kind[0] if isinstance(kind, list) else kind
    if kind == "array" and depth < 4:
        return st.lists(values_of(schema["items"], depth + 1), max_size=3)
    if kind == "object" and depth < 4 and schema.get("properties"):
        fields = {name: values_of(of, depth + 1) for name, of in schema["properties"].items()}
        needed = {name: fields.pop(name) for name in schema.get("required", ())}
        return st.fixed_dictionaries(needed, optional=fields)
    simple: dict[Any, st.SearchStrategy[Any]] = {
        "string": st.sampled_from([WEB, AMPLITUDE, "a", "", "•", "null"]) | st.text(max_size=5),
        "boolean": st.booleans(),
        "integer": st.integers(),
        "number": st.integers() | st.decimals(allow_nan=False, allow_infinity=False),
        "object": st.dictionaries(st.text(max_size=4), ROUGH, max_size=3),
    }
    return simple.get(kind, ROUGH)


def body_of(operation: Operation) -> st.SearchStrategy[Any]:
    if operation.body is None:
        return st.none()
    return values_of({"$ref": f"#/$defs/{operation.body}"}) | ROUGH


def further(api: Api, source: Any, destination: Any) -> dict[str, str]:
    """One object each of the further families, by the parameter that names it."""
    used = function(api, "INSERT_DESTINATION")
    version = api.get(f"/functions/{used['id']}/versions")["versions"][0]
    of = model(api, source)
    mapping = subscription(api, destination, modelId=of["id"])
    sync = {"sourceId": source["id"], "modelId": of["id"], "subscriptionId": mapping["id"]}
    return {
        "functionId": used["id"],
        "versionId": version["id"],
        "instanceId": instance(api, used, destination["id"])["id"],
        "transformationId": transformation(api, source)["id"],
        "modelId": of["id"],
        "subscription": mapping["id"],
        "subscriptionId": mapping["id"],
        "syncId": api.post("/reverse-etl-syncs", sync)["reverseETLManualSync"]["syncId"],
    }


# `{id}` in a path, by what stands before it.
IDS = {
    "/destinations/{destinationId}/subscriptions/": "subscription",
    "/spaces/{spaceId}/audiences/previews/": "preview",
    "/spaces/{spaceId}/audiences/": "audience",
    "/spaces/{spaceId}/computed-traits/": "trait",
    "/filters/": "filter",
}


def of_a_space(api: Api) -> dict[str, str]:
    """A space with one of each in it, and what warehouses and credentials need."""
    of = space(api)
    linked = audience(api, of, audienceType="LINKED")
    path = f"/spaces/{of['id']}/audiences"
    hourly = {"strategy": "PERIODIC", "config": {"interval": "1h"}}
    definition = {"definition": {"query": "1"}, "audienceType": "USERS"}
    scheduled = api.post(f"{path}/{linked['id']}/schedules", hourly)["audienceSchedule"]
    return {
        "spaceId": of["id"],
        "audience": linked["id"],
        "scheduleId": scheduled["id"],
        "preview": api.post(f"{path}/previews", definition)["audiencePreview"]["id"],
        "trait": trait(api, of)["id"],
        "filter": space_filter(api, of)["id"],
        "profiles": profiles_warehouse(api, of)["id"],
        "credentialId": credential(api)["id"],
        "warehouse": warehouse(api)["id"],
    }


def path_of(operation: Operation, names: dict[str, str]) -> str:
    """The path of an operation, with ids of what is there."""
    path = operation.path
    named = dict(names)
    for start, what in IDS.items():
        if path.startswith(f"{start}{{id}}"):
            named["id"] = names[what]
            break
    kind = "profiles" if "profiles-warehouses" in path else "warehouse"
    named["warehouseId"] = names[kind]
    for name in operation.parameters:
        path = path.replace(f"{{{name}}}", named.get(name, "none"))
    return path


@settings(max_examples=150, deadline=None, suppress_health_check=list(HealthCheck))
@given(data=st.data())
def test_no_request_breaks_the_emulator(data: st.DataObject) -> None:
    some_requests(data)


@pytest.mark.full
@pytest.mark.timeout(1_200)
@settings(max_examples=2_000, deadline=None, suppress_health_check=list(HealthCheck))
@given(data=st.data())
def test_no_request_breaks_the_emulator_in_thousands(data: st.DataObject) -> None:
    some_requests(data)


def some_requests(data: st.DataObject) -> None:
    """A workspace with one of everything, and requests that hardly make sense."""
    api = Api(Emulator(ids=1))
    source = api.source()
    destination = api.destination(source["id"])
    plan = api.plan()
    api.patch(f"/tracking-plans/{plan['id']}/rules", {"rules": [track("A")]})
    names = {
        "sourceId": source["id"],
        "destinationId": destination["id"],
        "filterId": api.filter(destination)["id"],
        "trackingPlanId": plan["id"],
        "writeKey": source["writeKeys"][0],
        **further(api, source, destination),
        **of_a_space(api),
        "destinationMetadataId": AMPLITUDE,
        "sourceMetadataId": WEB,
    }
    for _ in range(3):
        operation = data.draw(st.sampled_from(HANDLED))
        path = path_of(operation, names)
        query = {name: data.draw(st.text(max_size=4)) for name in operation.query}
        body = data.draw(body_of(operation))
        content = b"" if body is None else dumps(body).encode("utf-8", "replace")
        headers = {"accept": f"application/vnd.segment.{operation.versions[0]}+json"}
        answer = api.send(operation.method, path, content, params=query, headers=headers)
        assert answer.status_code in {200, 201, 400, 403, 404, 409, 422}, answer.text
        assert set(answer.json()) <= {"data", "errors"}
    dump: Any = api.control("GET", "dump")
    assert Emulator(seed=dump).dump() == dump
