"""The audit trail's other end: each write that was carried out leaves an event.

Which events an operation may leave is in the contract (documented); of several, the one that fits
is taken, and for an operation of which nothing is said a name of the same form is made (inferred).
The service may leave more than one event for a write; here it is one for each object (unknown).
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import cache
from typing import TYPE_CHECKING, Any, NamedTuple

from .contract import Operation, document
from .query import listed
from .workspace import Object, Table, Workspace

if TYPE_CHECKING:
    from .families.call import Call

# The newest are kept. How far back the service's trail reaches depends on the plan.
KEPT = 10_000

# Family, or family and part, -> what its objects are called, and the table that they are in.
_KINDS: dict[str, tuple[str, str]] = {
    "activations": ("Activation", "activations"),
    "activations.destinations": ("Audience", "audiences"),
    "audiences": ("Audience", "audiences"),
    "audiences.previews": ("Audience Preview", ""),
    "audiences.schedules": ("Audience Schedule", "audience_schedules"),
    "computed_traits": ("Computed Trait", "computed_traits"),
    "credentials": ("Credential", "credentials"),
    "customer_insights": ("Download", ""),
    "dbt": ("dbt Model Sync", ""),
    "deletion_and_suppression": ("Regulation", "regulations"),
    "deletion_and_suppression.cloud_sources": ("Regulation", "regulations"),
    "deletion_and_suppression.sources": ("Regulation", "regulations"),
    "destination_filters": ("Destination Filter", "filters"),
    "destinations": ("Destination", "destinations"),
    "destinations.subscriptions": ("Destination Subscription", "subscriptions"),
    "functions": ("Function", "functions"),
    "functions.insert_instances": ("Insert Function Instance", "insert_instances"),
    "groups": ("User Group", "groups"),
    "labels": ("Label", ""),
    "live_plugins": ("Live Plugin", ""),
    "profiles_sync": ("Profiles Sync Warehouse", "profiles_warehouses"),
    "reverse_etl": ("Model", "models"),
    "reverse_etl.syncs": ("Reverse ETL Sync", "syncs"),
    "selective_sync": ("Warehouse", "warehouses"),
    "sources": ("Source", "sources"),
    "space_filters": ("Space Filter", "space_filters"),
    "spaces": ("Space", "spaces"),
    "tracking_plans": ("Tracking Plan", "plans"),
    "tracking_plans.sources": ("Source", "sources"),
    "transformations": ("Transformation", "transformations"),
    "users": ("User", "users"),
    "users.invites": ("Invite", "invites"),
    "warehouses": ("Warehouse", "warehouses"),
}
# Operations whose object is named elsewhere than the rest of their kind name theirs.
_PARAMETERS = {
    "addDestinationToAudience": "audienceId",
    "updateDestinationForAudience": "audienceId",
    "removeDestinationFromAudience": "audienceId",
    "replaceMessagingSubscriptionsInSpaces": "spaceId",
}
# In a body or a query: one object, or several.
_FIELDS = {
    "addSourceToTrackingPlan": "sourceId",
    "removeSourceFromTrackingPlan": "sourceId",
    "deleteUsers": "userIds",
    "deleteInvites": "emails",
}
_DONE = {
    "create": "Created",
    "delete": "Deleted",
    "delete_code": "Deleted",
    "remove": "Deleted",
    "update": "Modified",
    "replace": "Modified",
    "add": "Modified",
    "deploy": "Deployed",
}
_NONE: Table[Any, Any] = Table()
_NAMES = ("name", "title", "displayName", "slug", "email")


class Kind(NamedTuple):
    """What is known of an operation before it is called.

    * `name`: what its objects are called; `table`: where they are;
    * `parameter`: the path parameter that names one, empty where the answer does;
    * `field`: the parameter of body or query that does;
    * `types`: the events of the contract; `made`: the one to leave where none of them fits.
    """

    name: str
    table: str
    parameter: str
    field: str
    types: tuple[str, ...]
    made: str


@cache
def kind_of(operation_id: str) -> Kind:
    """The kind of a write."""
    facts = document()["operations"][operation_id]
    part, _, verb = facts["call"].rpartition(".")
    own = f"{facts['family']}.{part}"
    # A part without a kind of its own, such as the rules of a plan, changes what it is part of.
    whole = bool(part) and own not in _KINDS
    name, table = _KINDS[facts["family"] if whole or not part else own]
    parameters = [
        step[1:-1] for step in facts["path"].split("/") if step[:1] == "{" and step != "{spaceId}"
    ]
    if operation_id in _PARAMETERS:
        parameter = _PARAMETERS[operation_id]
    elif not parameters or (verb == "create" and not whole):
        parameter = ""
    else:
        parameter = parameters[0] if whole else parameters[-1]
    done = "Modified" if whole else _DONE.get(verb, verb.replace("_", " ").title())
    return Kind(
        name,
        table,
        parameter,
        _FIELDS.get(operation_id, ""),
        tuple(facts.get("audit", ())),
        f"{name} {done}",
    )


def carried_out(
    operation: Operation, call: Call, handler: Callable[[Call], dict[str, Any]]
) -> dict[str, Any]:
    """Do what a call asks for; the `data` of its answer. A write leaves its events."""
    if operation.reads:
        return handler(call)
    kind = kind_of(operation.id)
    before = {wanted: _before(kind, call, wanted) for wanted in _named(kind, call)}
    data = handler(call)
    if not before:
        before = {wanted: {} for wanted in _made(call, data)}
    found = _object(data)
    for wanted, held in before.items():
        one = {**held, **found} if len(before) == 1 else held
        _leave(call, kind, wanted, held, one)
    return data


def _named(kind: Kind, call: Call) -> list[str]:
    """The ids that a request names."""
    if kind.field:
        given = call.body.get(kind.field) or call.query.get(kind.field)
        return [str(one) for one in listed(given)]
    if "key" in call.path and kind.name == "Label":
        return [f"{call.path['key']}:{call.path['value']}"]
    return [call.path[kind.parameter]] if kind.parameter else []


def _before(kind: Kind, call: Call, wanted: str) -> Object:
    """What an object was before the write: what its event needs of it."""
    if not kind.table:
        return {}
    # `get` of a table does not mark the object as touched.
    held = _table(call.workspace, kind.table).get(wanted) or {}
    kept = (*_NAMES, "enabled", "sourceId", "settings", "destinationId")
    return {name: held[name] for name in kept if name in held}


def _table(workspace: Workspace, name: str) -> Table[Any, Any]:
    found: Table[Any, Any] = workspace.more.get(name) or getattr(workspace, name, None) or _NONE
    return found


def _made(call: Call, data: dict[str, Any]) -> list[str]:
    """The ids that an answer names; the workspace's where it names none."""
    found = _object(data)
    if "id" in found:
        return [str(found["id"])]
    if "key" in found and "value" in found:
        return [f"{found['key']}:{found['value']}"]
    if isinstance(data.get("emails"), list):
        return list(data["emails"])
    return [str(data.get("regulateId", call.workspace.id))]


def _object(data: dict[str, Any]) -> Object:
    """The object of an answer that has one."""
    for value in data.values():
        if isinstance(value, dict):
            return value
    return {}


def _leave(call: Call, kind: Kind, wanted: str, before: Object, after: Object) -> None:
    events = call.workspace.more["audit_events"]
    number = next(reversed(events), 0) + 1
    event = {
        "id": f"events/{number}",
        "timestamp": call.clock.stamp(),
        "type": _type(kind, call, before),
        "actor": f"tokens/{call.role.name}",
        "resourceId": wanted,
        "resourceType": kind.name,
        "resourceName": _name(after, wanted),
    }
    source_id = _source(call, kind, wanted, after)
    if source_id:
        event["sourceId"] = source_id
    events[number] = event
    # Numbers have no gaps, so that the oldest is known without a look at the others.
    if number - KEPT in events:
        del events[number - KEPT]


def _name(one: Object, wanted: str) -> str:
    for name in _NAMES:
        if isinstance(one.get(name), str):
            return str(one[name])
    settings = one.get("settings")
    # A warehouse keeps its name there.
    named = settings.get("name") if isinstance(settings, dict) else None
    return named if isinstance(named, str) else wanted


def _source(call: Call, kind: Kind, wanted: str, one: Object) -> str:
    """The source below which an object is, for tokens that see some sources only."""
    if kind.name == "Source":
        return wanted
    destination_id = call.path.get("destinationId") or one.get("destinationId")
    destination = call.workspace.destinations.get(str(destination_id)) or {}
    found = call.path.get("sourceId") or one.get("sourceId") or destination.get("sourceId")
    return str(found or "") if kind.name != "Warehouse" else ""


def _type(kind: Kind, call: Call, before: Object) -> str:
    """The event that fits what a request asks for."""
    return next(_fitting(kind, call.body, before), kind.made)


def _fitting(kind: Kind, body: Object, before: Object) -> Iterator[str]:
    switched = "enabled" in body and before.get("enabled", body["enabled"]) != body["enabled"]
    if switched:
        word = "Enabled" if body["enabled"] else "Disabled"
        yield from (one for one in kind.types if one.endswith(word))
    if list(body) == ["settings"]:
        yield from (one for one in kind.types if "Settings" in one)
    for one in kind.types:
        if not one.endswith(("Enabled", "Disabled")) and "Settings Modified" not in one:
            yield one


def events(workspace: Workspace) -> list[Object]:
    """The events that are kept, the newest first."""
    return list(reversed(workspace.more["audit_events"].values()))
