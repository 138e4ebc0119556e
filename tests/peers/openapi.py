"""The contract as an OpenAPI document, for tools that read those: operations, types, links.

Nothing is added to what the contract says but two things that generators need: values that exist
(`known`, by name, or by family or schema and name), and links from what makes an object to all that
name it.
"""

from __future__ import annotations

import json
import re
from collections.abc import Collection, Iterator, Mapping, Sequence
from typing import Any

Known = Mapping[str, Sequence[str]]

# Operation that makes an object -> the path parameter that names it, and where its id is.
MADE = {
    "addActivationToAudience": ("id", "activation/id"),
    "addAudienceScheduleToAudience": ("scheduleId", "audienceSchedule/id"),
    "createAudience": ("audienceId", "audience/id"),
    "createAudiencePreview": ("id", "audiencePreview/id"),
    "createComputedTrait": ("id", "computedTrait/id"),
    "createCredential": ("credentialId", "credential/id"),
    "createDestination": ("destinationId", "destination/id"),
    "createDestinationSubscription": ("subscriptionId", "destinationSubscription/id"),
    "createFilterForDestination": ("filterId", "filter/id"),
    "createFilterForSpace": ("id", "filter/id"),
    "createFunction": ("functionId", "function/id"),
    "createInsertFunctionInstance": ("instanceId", "insertFunctionInstance/id"),
    "createProfilesWarehouse": ("warehouseId", "profilesWarehouse/id"),
    "createReverseEtlModel": ("modelId", "reverseEtlModel/id"),
    "createSource": ("sourceId", "source/id"),
    "createTrackingPlan": ("trackingPlanId", "trackingPlan/id"),
    "createTransformation": ("transformationId", "transformation/id"),
    "createUserGroup": ("userGroupId", "userGroup/id"),
    "createWarehouse": ("warehouseId", "warehouse/id"),
    "createWorkspaceRegulation": ("regulateId", "regulateId"),
}
ERRORS = (400, 401, 403, 404, 409, 413, 414, 422, 429)


# The one operation that answers with an unexpected error when it is asked to.
UNEXPECTED = "echo"


class Offers:
    """Values that exist: those beside any other, or `only` those in `path`, `query` or `body`."""

    def __init__(self, known: Known, only: Collection[str]) -> None:
        self._known = known
        self._only = only

    def schema(self, place: str, owner: str, name: str, given: Any) -> Any:
        """A schema with those for a name, if it is a text and there are some."""
        values = self._known.get(f"{owner}.{name}", self._known.get(name))
        if values is None or given.get("type") != "string" or "enum" in given:
            return given
        offered = {"enum": list(values)}
        return offered if place in self._only else {"anyOf": [offered, given]}


def document(
    contract: Mapping[str, Any], known: Known, only: Collection[str] = ()
) -> dict[str, Any]:
    """OpenAPI 3.1, all operations."""
    offers = Offers(known, only)
    text = json.dumps({**contract["$defs"], "Errors": _errors()})
    schemas = json.loads(text.replace("#/$defs/", "#/components/schemas/"))
    for name in _bodies(contract):
        _offer(schemas, name, offers)
    paths: dict[str, Any] = {}
    for op_id, facts in contract["operations"].items():
        paths.setdefault(facts["path"], {})[facts["method"].lower()] = _operation(
            contract, op_id, offers
        )
    scheme = {"type": "http", "scheme": "bearer"}
    return {
        "openapi": "3.1.0",
        "info": {"title": contract["api"], "version": contract["version"]},
        "servers": [{"url": "http://emulator"}],
        "security": [{"token": []}],
        "paths": paths,
        "components": {"schemas": schemas, "securitySchemes": {"token": scheme}},
    }


def _errors() -> dict[str, Any]:
    """A failure: `errors` and no `data`, at least one, each with its type."""
    return {
        "type": "object",
        "properties": {
            "errors": {
                "type": "array",
                "minItems": 1,
                "items": {"$ref": "#/$defs/RequestError"},
            }
        },
        "required": ["errors"],
        "additionalProperties": False,
    }


def _bodies(contract: Mapping[str, Any]) -> Iterator[str]:
    for facts in contract["operations"].values():
        yield from {facts["body"], *facts.get("bodies", {}).values()} if "body" in facts else ()


def _offer(schemas: dict[str, Any], owner: str, offers: Offers) -> None:
    """Offer values that exist wherever a body names something that has to."""
    if schemas[owner].get("x-offered"):
        return
    schemas[owner]["x-offered"] = True
    waiting = [schemas[owner]]
    while waiting:
        schema = waiting.pop()
        if "$ref" in schema:
            _offer(schemas, schema["$ref"].rpartition("/")[2], offers)
        properties = schema.get("properties", {})
        for name, inner in properties.items():
            properties[name] = offers.schema("body", owner, name, inner)
            waiting.append(inner)
        waiting += [*schema.get("anyOf", ()), *schema.get("oneOf", ())]
        if isinstance(schema.get("items"), dict):
            waiting.append(schema["items"])


def _operation(contract: Mapping[str, Any], op_id: str, offers: Offers) -> dict[str, Any]:
    facts = contract["operations"][op_id]
    made: dict[str, Any] = {
        "operationId": op_id,
        "tags": [facts["family"]],
        "parameters": [*_path(contract, facts, offers), *_query(facts, offers)],
        "responses": _responses(contract, op_id),
    }
    media = contract["media_types"]
    if "body" in facts:
        schemas = {
            version: {"$ref": f"#/components/schemas/{facts.get('bodies', {}).get(version, name)}"}
            for name in [facts["body"]]
            for version in facts["versions"]
        }
        content = {media[version]: {"schema": one} for version, one in schemas.items()}
        content["application/json"] = {"schema": schemas[facts["stability"]]}
        made["requestBody"] = {"required": True, "content": content}
    return made


def _path(contract: Mapping[str, Any], facts: Any, offers: Offers) -> Iterator[dict[str, Any]]:
    for name in re.findall(r"{(\w+)}", facts["path"]):
        schema = offers.schema("path", facts["family"], name, dict(contract["path_parameter"]))
        yield {"name": name, "in": "path", "required": True, "schema": schema}


def _query(facts: Any, offers: Offers) -> Iterator[dict[str, Any]]:
    for name, given in facts.get("query", {}).items():
        text = json.dumps({k: v for k, v in given.items() if k != "required"})
        schema = json.loads(text.replace("#/$defs/", "#/components/schemas/"))
        made = {"name": name, "in": "query", "schema": schema}
        made["required"] = bool(given.get("required"))
        if "$ref" in schema:
            made |= {"style": "deepObject", "explode": True}
        made["schema"] = offers.schema("query", facts["family"], name, schema)
        yield made


def _responses(contract: Mapping[str, Any], op_id: str) -> dict[str, Any]:
    facts = contract["operations"][op_id]
    data = {"$ref": f"#/components/schemas/{facts['answer']}"} if "answer" in facts else {}
    whole = {
        "type": "object",
        "properties": {"data": data},
        "required": ["data"],
        "additionalProperties": False,
    }
    found = {str(facts.get("status", 200)): _answer(whole, "done")}
    errors = _answer({"$ref": "#/components/schemas/Errors"}, "refused")
    found |= {str(status): errors for status in ERRORS}
    if op_id == UNEXPECTED:
        found["500"] = errors
    links = dict(_links(contract, op_id))
    if links:
        found[str(facts.get("status", 200))]["links"] = links
    return found


def _answer(schema: Any, words: str) -> dict[str, Any]:
    return {"description": words, "content": {"application/json": {"schema": schema}}}


def _links(contract: Mapping[str, Any], op_id: str) -> Iterator[tuple[str, Any]]:
    """To every operation whose path the new object and the path of its creation fill."""
    if op_id not in MADE:
        return
    parameter, where = MADE[op_id]
    here = contract["operations"][op_id]["path"]
    own = {name: f"$request.path.{name}" for name in re.findall(r"{(\w+)}", here)}
    value = f"$response.body#/data/{where}"
    for other, facts in contract["operations"].items():
        names = re.findall(r"{(\w+)}", facts["path"])
        below = facts["path"].startswith((f"{here}/{{id}}", f"{here}/{{{parameter}}}"))
        name = "id" if facts["path"].startswith(f"{here}/{{id}}") else parameter
        if name not in names or (name == "id" and not below):
            continue
        filled = {**own, name: value}
        yield (
            f"{other} of {op_id}",
            {
                "operationId": other,
                "parameters": {f"path.{each}": filled[each] for each in names if each in filled},
            },
        )
