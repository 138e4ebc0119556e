"""Sources, with their labels, write keys and schema settings."""

from __future__ import annotations

from typing import Any

from segform_emulator.errors import conflict, invalid, not_found
from segform_emulator.workspace import Object

from .call import SUCCESS, Call, Handler
from .destinations import concealed, passwords_of
from .destinations import shown as destination_shown

# What a source starts with: nothing is dropped.
SCHEMA_DEFAULTS: dict[str, Any] = {
    "track": {
        "allowUnplannedEvents": True,
        "allowUnplannedEventProperties": True,
        "allowEventOnViolations": True,
        "allowPropertiesOnViolations": True,
        "commonEventOnViolations": "ALLOW",
    },
    "identify": {
        "allowUnplannedTraits": True,
        "allowTraitsOnViolations": True,
        "commonEventOnViolations": "ALLOW",
    },
    "group": {
        "allowUnplannedTraits": True,
        "allowTraitsOnViolations": True,
        "commonEventOnViolations": "ALLOW",
    },
}


def shown(call: Call, source: Object) -> Object:
    """A source as the API shows it: with its catalogue entry, keys only for source admins."""
    made = source.copy()
    del made["metadataId"]
    made["metadata"] = entry = call.catalog.get("sources", source["metadataId"]) or {}
    secret = passwords_of(entry)
    if secret:
        made["settings"] = {
            key: concealed(value) if key in secret else value
            for key, value in source["settings"].items()
        }
    if not call.role.source_admin:
        made["writeKeys"] = []
    return made


def create(call: Call) -> dict[str, Any]:
    """`POST /sources`. The stable version takes no name: it starts as the slug."""
    body = call.body
    call.entry("sources", body["metadataId"])
    _free(call, body["slug"])
    alpha = call.version == "alpha"
    source = {
        "id": call.make.base58(),
        "slug": body["slug"],
        "name": body.get("name", body["slug"]) if alpha else body["slug"],
        "metadataId": body["metadataId"],
        "workspaceId": call.workspace.id,
        "enabled": body["enabled"],
        "writeKeys": [call.make.write_key()],
        "settings": body.get("settings", {}),
        "labels": [],
    }
    call.workspace.sources[source["id"]] = source
    if not body.get("disconnectAllWarehouses"):
        for warehouse_id in call.workspace.warehouses:
            call.workspace.loads[warehouse_id, source["id"]] = True
    return {"source": shown(call, source)}


def _free(call: Call, slug: str, but: str = "") -> None:
    if not slug:
        raise invalid("slug", '"slug" is not allowed to be empty')
    other = call.workspace.sources.with_slug(slug)
    if other is not None and other["id"] != but:
        raise conflict(f"A source with the slug {slug!r} already exists.")


def every(call: Call) -> dict[str, Any]:
    """`GET /sources`."""
    held = call.workspace.sources
    return call.page(held.values(), "sources", shown, held)


def get(call: Call) -> dict[str, Any]:
    """`GET /sources/{sourceId}`."""
    source = call.workspace.source(call.path["sourceId"])
    return {
        "source": shown(call, source),
        "trackingPlanId": call.workspace.connected.get(source["id"]),
    }


def update(call: Call) -> dict[str, Any]:
    """`PATCH /sources/{sourceId}`: settings are merged key by key, null removes."""
    source = call.workspace.source(call.path["sourceId"])
    if "slug" in call.body:
        _free(call, call.body["slug"], source["id"])
        call.workspace.sources.rename(source["id"], call.body["slug"])
    for name in ("name", "enabled"):
        if name in call.body:
            source[name] = call.body[name]
    source["settings"] = merged(source["settings"], call.body.get("settings", {}))
    return {"source": shown(call, source)}


def merged(settings: Object, changes: Object) -> Object:
    """Settings after a PATCH."""
    made = {**settings, **changes}
    return {key: value for key, value in made.items() if value is not None}


def delete(call: Call) -> dict[str, Any]:
    """`DELETE /sources/{sourceId}`: its destinations and filters go with it."""
    source = call.workspace.source(call.path["sourceId"])
    call.workspace.drop_source(source["id"])
    return SUCCESS


def replace_labels(call: Call) -> dict[str, Any]:
    """`PUT /sources/{sourceId}/labels`."""
    source = call.workspace.source(call.path["sourceId"])
    source["labels"] = _labels(call, call.body["labels"])
    return {"labels": source["labels"]}


def add_labels(call: Call) -> dict[str, Any]:
    """`POST /sources/{sourceId}/labels`: a key that is there already gets the new value."""
    source = call.workspace.source(call.path["sourceId"])
    new = _labels(call, call.body["labels"])
    keys = {label["key"] for label in new}
    source["labels"] = [label for label in source["labels"] if label["key"] not in keys] + new
    return {"labels": source["labels"]}


def _labels(call: Call, given: list[Object]) -> list[Object]:
    made: list[Object] = []
    for label in given:
        key = (label["key"], label["value"])
        if key not in call.workspace.labels:
            raise invalid("labels", f"The label {key[0]}:{key[1]} does not exist.")
        if any(other["key"] == label["key"] for other in made):
            raise invalid("labels", f"The label key {label['key']} is given more than once.")
        made.append({"key": key[0], "value": key[1]})
    return made


def schema(call: Call) -> dict[str, Any]:
    """`GET /sources/{sourceId}/settings`."""
    source = call.workspace.source(call.path["sourceId"])
    return {"sourceId": source["id"], "settings": _schema(call, source["id"])}


def _schema(call: Call, source_id: str) -> Object:
    own = call.workspace.schema.get(source_id, {})
    made: Object = {part: {**facts, **own.get(part, {})} for part, facts in SCHEMA_DEFAULTS.items()}
    made.update({name: value for name, value in own.items() if name not in SCHEMA_DEFAULTS})
    return made


def update_schema(call: Call) -> dict[str, Any]:
    """`PATCH /sources/{sourceId}/settings`: what is not given stays."""
    source = call.workspace.source(call.path["sourceId"])
    for name in ("forwardingViolationsTo", "forwardingBlockedEventsTo"):
        target = call.body.get(name)
        if name in call.body and target not in call.workspace.sources:
            raise invalid(name, f'"{name}" has to be the id of a source')
    own = dict(call.workspace.schema.get(source["id"], {}))
    for name, value in call.body.items():
        own[name] = {**own.get(name, {}), **value} if isinstance(value, dict) else value
    call.workspace.schema[source["id"]] = own
    return {"sourceId": source["id"], "settings": _schema(call, source["id"])}


def destinations(call: Call) -> dict[str, Any]:
    """`GET /sources/{sourceId}/connected-destinations`."""
    source = call.workspace.source(call.path["sourceId"])
    mine = [d for d in call.workspace.destinations.values() if d["sourceId"] == source["id"]]
    return call.page(mine, "destinations", destination_shown)


def create_write_key(call: Call) -> dict[str, Any]:
    """`POST /sources/{sourceId}/writekey`."""
    source = call.workspace.source(call.path["sourceId"])
    source["writeKeys"].append(call.make.write_key())
    return {"source": shown(call, source)}


def remove_write_key(call: Call) -> dict[str, Any]:
    """`DELETE /sources/{sourceId}/writekey/{writeKey}`."""
    source = call.workspace.source(call.path["sourceId"])
    if call.path["writeKey"] not in source["writeKeys"]:
        raise not_found("The write key")
    source["writeKeys"].remove(call.path["writeKey"])
    return SUCCESS


HANDLERS: dict[str, Handler] = {
    "createSource": create,
    "listSources": every,
    "getSource": get,
    "updateSource": update,
    "deleteSource": delete,
    "replaceLabelsInSource": replace_labels,
    "addLabelsToSource": add_labels,
    "listSchemaSettingsInSource": schema,
    "updateSchemaSettingsInSource": update_schema,
    "listConnectedDestinationsFromSource": destinations,
    "createWriteKeyForSource": create_write_key,
    "removeWriteKeyFromSource": remove_write_key,
}
