"""Rules of a tracking plan: 200 a request, and schemas that come back rewritten."""

from __future__ import annotations

from decimal import Decimal, InvalidOperation
from typing import Any

from segform_emulator.errors import bad_request, invalid
from segform_emulator.exact import number
from segform_emulator.query import listed
from segform_emulator.workspace import Object

from . import consent
from .call import SUCCESS, Call, Handler

MOST = 200
_DRAFT = "http://json-schema.org/draft-07/schema#"
_TYPES = ("COMMON", "GROUP", "IDENTIFY", "PAGE", "SCREEN", "TRACK")
_NAMELESS = ("COMMON", "GROUP", "IDENTIFY")
NEVER = "0001-01-01T00:00:00.000Z"

Identity = tuple[str, str | None, str]


def identity(rule: Object) -> Identity:
    """(type, key, version) of a rule; the version as text, so that 1 and 1.0 are one."""
    try:
        version = Decimal(str(rule["version"]))
    except InvalidOperation:
        version = Decimal("nan")
    if not version.is_finite():
        raise invalid("rules", '"version" must be a number')
    key = None if rule["type"] in _NAMELESS else rule.get("key") or None
    return rule["type"], key, number(version)


def every(call: Call) -> dict[str, Any]:
    """`GET …/rules`."""
    plan = call.workspace.plan(call.path["trackingPlanId"])
    return call.page(list(call.workspace.rules[plan["id"]].values()), "rules")


def replace(call: Call) -> dict[str, Any]:
    """`PUT …/rules`: the whole set; not for plans that hold more than fits a request."""
    plan = call.workspace.plan(call.path["trackingPlanId"])
    given = _given(call)
    there = call.workspace.rules[plan["id"]]
    if len(there) > MOST:
        raise bad_request(
            f"Can not replace more than {MOST} existing rules in the tracking plan. Please use "
            "DELETE and PATCH methods."
        )
    own = {key: rule for key, rule in there.items() if consent.managed(call.workspace, key)}
    call.workspace.rules[plan["id"]] = own
    for rule in given:
        _put(call, own, rule, there.get(identity(rule)))
    plan["updatedAt"] = call.clock.stamp()
    return SUCCESS


def update(call: Call) -> dict[str, Any]:
    """`PATCH …/rules`: each rule is added or takes the place of its like; `newKey` renames."""
    plan = call.workspace.plan(call.path["trackingPlanId"])
    there = call.workspace.rules[plan["id"]]
    for rule in _given(call):
        before = there.pop(identity(rule), None) if rule.get("newKey") else None
        named = {**rule, "key": rule["newKey"]} if rule.get("newKey") else rule
        _put(call, there, named, before or there.get(identity(named)))
    plan["updatedAt"] = call.clock.stamp()
    return SUCCESS


def remove(call: Call) -> dict[str, Any]:
    """`DELETE …/rules?rules=…`."""
    plan = call.workspace.plan(call.path["trackingPlanId"])
    given = listed(call.query.get("rules"))
    _few(given)
    if not given:
        raise invalid("rules", '"rules" is required')
    for index, one in enumerate(given):
        if not isinstance(one, dict):
            raise invalid(f"rules.{index}", f'"rules[{index}]" must be of type object')
        for name in ("type", "version"):
            if name not in one:
                raise invalid(f"rules.{index}.{name}", f'"rules[{index}].{name}" is required')
        if one["type"] not in _TYPES:
            raise invalid(f"rules.{index}.type", f'"rules[{index}].type" must be a known type')
    there = call.workspace.rules[plan["id"]]
    for key in [identity(one) for one in given]:
        # One that is gone already is no error: the request may be repeated.
        if not consent.managed(call.workspace, key):
            there.pop(key, None)
    plan["updatedAt"] = call.clock.stamp()
    return SUCCESS


def _given(call: Call) -> list[Object]:
    rules: list[Object] = call.body["rules"]
    _few(rules)
    for index, rule in enumerate(rules):
        if rule["type"] == "TRACK" and not rule.get("key"):
            raise invalid(f"rules.{index}.key", f'"rules.{index}.key" is required')
        if not isinstance(rule["jsonSchema"], dict):
            raise invalid(f"rules.{index}.jsonSchema", '"jsonSchema" has to be an object')
    return rules


def _few(rules: list[Any]) -> None:
    if len(rules) > MOST:
        raise invalid("rules", f"rules must contain less than or equal to {MOST} items")


def _put(call: Call, there: dict[Identity, Object], rule: Object, before: Object | None) -> None:
    now = call.clock.stamp()
    key = identity(rule)
    if consent.managed(call.workspace, key):
        return
    made: Object = {"type": rule["type"]}
    if key[1] is not None:
        made["key"] = key[1]
    made["version"] = rule["version"]
    made["jsonSchema"] = rewritten(rule["jsonSchema"])
    made["createdAt"] = before["createdAt"] if before else now
    made["updatedAt"] = now
    made["deprecatedAt"] = NEVER
    there[key] = made


def rewritten(schema: Object) -> Object:
    """A schema as the service stores it: notes of its own, and types as lists."""
    made: Object = _rewritten(schema, "")
    made.setdefault("$schema", _DRAFT)
    made.setdefault("labels", {})
    return made


def _rewritten(schema: Any, pointer: str) -> Any:
    if not isinstance(schema, dict):
        return schema
    made = dict(schema)
    if pointer and isinstance(made.get("type"), str):
        made["type"] = [made["type"]]
    properties = made.get("properties")
    if isinstance(properties, dict):
        made["properties"] = {
            name: _noted(_rewritten(inner, f"{pointer}/properties/{name}"), pointer, name)
            for name, inner in properties.items()
        }
    if isinstance(made.get("items"), dict):
        made["items"] = _rewritten(made["items"], f"{pointer}/items")
    return made


def _noted(schema: Any, pointer: str, name: str) -> Any:
    if not isinstance(schema, dict):
        return schema
    return {"id": f"{pointer}/properties/{name}", **schema}


HANDLERS: dict[str, Handler] = {
    "listRulesFromTrackingPlan": every,
    "replaceRulesInTrackingPlan": replace,
    "updateRulesInTrackingPlan": update,
    "removeRulesFromTrackingPlan": remove,
}
