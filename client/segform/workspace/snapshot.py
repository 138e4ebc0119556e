"""Snapshots: a workspace as one document, and a document as what is wanted.

The form is `contract/schemas/snapshot.schema.json`, which the emulator dumps and seeds too: objects
as in the API, a catalogue entry as its id, and what belongs to an object inside it: rules and
connected sources in a plan, schema settings in a source. Write keys are never in it.
"""

from __future__ import annotations

import copy
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

from segform.lifecycle.mapping import from_api, put, wire_name
from segform.resources import registry
from segform.resources.exact import dumps, loads, pretty
from segform.tracking.rules import rule_key

from .bindings import Bindings
from .desired import WORKSPACE, Desired, Ref, slugged
from .live import Found, Live

FORMAT, VERSION = "segform.snapshot", 1
# Where a snapshot has the objects of a kind. Edges are folded into what they connect.
FAMILIES = {
    "label": "labels",
    "source": "sources",
    "destination": "destinations",
    "destination_filter": "filters",
    "tracking_plan": "trackingPlans",
    "warehouse": "warehouses",
    "profiles_warehouse": "profilesWarehouses",
    "function": "functions",
    "insert_function_instance": "insertFunctionInstances",
    "transformation": "transformations",
    "destination_subscription": "subscriptions",
    "reverse_etl_model": "reverseEtlModels",
    "user": "users",
    "user_group": "groups",
}
# What a snapshot leaves out: the service makes it anew.
_LEFT_OUT = ("write_keys", "workspace_id", "rules", "rules_by_key", "is_invite")


def of_live(live: Live, workspace: Mapping[str, Any]) -> dict[str, Any]:
    """What was read, as a snapshot of one workspace."""
    made: dict[str, Any] = dict(workspace)
    for kind, family in FAMILIES.items():
        made[family] = [_written(found) for found in live.of(kind)]
    made.update({family: found for family, found in live.above.items() if found})
    invites = [one for one in made["users"] if "@" in str(one["id"])]
    made["users"] = [one for one in made["users"] if "@" not in str(one["id"])]
    made["invites"] = [{k: v for k, v in one.items() if k != "id"} for one in invites]
    _fold(live, made)
    # Parsed texts are shared within the process: whoever edits a snapshot gets one of their own.
    return {"format": FORMAT, "version": VERSION, "workspaces": [copy.deepcopy(made)]}


def _written(found: Found) -> dict[str, Any]:
    body: dict[str, Any] = {}
    for name, item in registry()[found.kind].attributes.items():
        value = found.values.get(name)
        if value is not None and name not in _LEFT_OUT and not item.write_only:
            put(body, item, value)
    for name in registry()[found.kind].about.in_settings:
        if name in body:
            body["settings"] = {**body.get("settings", {}), name: body.pop(name)}
    if found.kind == "tracking_plan":
        body["rules"] = [
            {
                "type": one["type"],
                **({"key": one["key"]} if one["key"] else {}),
                "version": one["version"],
                "jsonSchema": loads(one["json_schema"]),
            }
            for one in (found.values.get("rules_by_key") or {}).values()
        ]
    return body


def _fold(live: Live, made: dict[str, Any]) -> None:
    sources = {one["id"]: one for one in made["sources"]}
    plans = {one["id"]: one for one in made["trackingPlans"]}
    warehouses = {one["id"]: one for one in made["warehouses"]}
    for edge in live.of("source_tracking_plan_connection"):
        plan = plans.get(edge.values["tracking_plan_id"])
        if plan is not None:
            plan.setdefault("sourceIds", []).append(edge.values["source_id"])
        settings = edge.values.get("schema_settings")
        source = sources.get(edge.values["source_id"])
        if settings and source is not None:
            body: dict[str, Any] = {}
            item = registry()["source_tracking_plan_connection"].attributes["schema_settings"]
            put(body, item, settings)
            source["schemaSettings"] = body["schemaSettings"]
    for edge in live.of("source_warehouse_connection"):
        warehouse = warehouses.get(edge.values["warehouse_id"])
        if warehouse is not None:
            warehouse.setdefault("sourceIds", []).append(edge.values["source_id"])


def text(snapshot: Mapping[str, Any]) -> str:
    """A snapshot as JSON, for people and for `git diff`."""
    return pretty(snapshot) + "\n"


def load(path: Path) -> dict[str, Any]:
    """A snapshot from a JSON or YAML file. Raises ValueError with what is wrong."""
    written = path.read_text(encoding="utf-8")
    try:
        if path.suffix in (".yaml", ".yml"):
            from .yaml_form import parsed

            found = parsed(written)
        else:
            found = loads(written)
    except ImportError:
        raise ValueError(f"{path}: YAML needs PyYAML: pip install 'segform[tracking]'") from None
    except Exception as problem:
        raise ValueError(f"{path} cannot be read: {problem}") from None
    if not isinstance(found, dict) or found.get("format") != FORMAT:
        raise ValueError(f"{path} is no snapshot: its `format` has to be {FORMAT!r}")
    if found.get("version") != VERSION or not isinstance(found.get("workspaces"), list):
        raise ValueError(f"{path}: version {found.get('version')!r} is not known here")
    return found


def to_desired(
    snapshot: Mapping[str, Any], bindings: Bindings | None = None, *, adopting: bool = True
) -> Desired:
    """What a snapshot wants: its objects as addresses, its ids as references.

    `adopting`: whether everything in it becomes ours; to go back to it, nothing does.
    An object keeps the address that the bindings give its id, else it is named by itself.
    Raises ValueError where the snapshot has more than one workspace.
    """
    workspaces = snapshot.get("workspaces") or []
    if len(workspaces) != 1:
        raise ValueError(f"a snapshot of one workspace is wanted; this has {len(workspaces)}")
    made = _Reader(workspaces[0], bindings or Bindings()).desired()
    made.adopting = adopting
    return made


class _Reader:
    def __init__(self, workspace: Mapping[str, Any], bindings: Bindings) -> None:
        self.workspace = workspace
        self.bindings = bindings
        self.made = Desired()
        self.addresses: dict[tuple[str, str], str] = {}
        self.by_id: dict[str, Ref] = {}
        self.names: set[str] = set()

    def desired(self) -> Desired:
        found = [(kind, one) for kind in FAMILIES for one in self._objects(kind)]
        for kind, one in found:
            address = self._address(kind, one)
            self.addresses[kind, _id(kind, one)] = address
            # An open invitation has no id but its address, which is also one of its values.
            if "@" not in str(one.get("id", "@")):
                self.by_id[str(one["id"])] = Ref(address)
        for kind, one in found:
            values = self._values(kind, one)
            address = self.addresses[kind, _id(kind, one)]
            self.made.declare(address, values, known_id=_id(kind, one))
        self._edges()
        return self.made

    def _objects(self, kind: str) -> Iterable[dict[str, Any]]:
        yield from self.workspace.get(FAMILIES[kind]) or ()
        if kind == "user":
            for one in self.workspace.get("invites") or ():
                yield {"id": one["email"], **one}

    def _address(self, kind: str, one: Mapping[str, Any]) -> str:
        known = self.bindings.address_of(kind, _import_id(kind, one))
        if known:
            self.names.add(known)
            return known
        one = _unfolded(kind, one)
        title = next(
            (str(one[n]) for n in ("slug", "name", "title", "email", "displayName") if one.get(n)),
            f"{one['key']}-{one['value']}" if "key" in one else str(one.get("id", kind)),
        )
        base = f"{kind}.{slugged(title)}"
        address, count = base, 1
        while address in self.names:
            count += 1
            address = f"{base}-{count}"
        self.names.add(address)
        return address

    def _values(self, kind: str, one: Mapping[str, Any]) -> dict[str, Any]:
        one = _unfolded(kind, one)
        values: dict[str, Any] = {}
        for name, item in registry()[kind].attributes.items():
            if not item.settable or item.write_only or name in _LEFT_OUT:
                continue
            if item.flat:
                values[name] = {"id": one["metadataId"]} if "metadataId" in one else None
                continue
            raw = one.get(wire_name(item))
            if raw is None:
                continue
            value = from_api(item.type, raw)
            if item.reference and isinstance(value, str):
                value = self._ref(item.reference, value)
            values[name] = self._here(value)
        if kind == "tracking_plan":
            values["rules_by_key"] = {
                rule_key(rule["type"], rule.get("key"), rule["version"]): {
                    "json_schema": dumps(rule["jsonSchema"])
                }
                for rule in one.get("rules") or ()
            }
        return values

    def _here(self, value: Any) -> Any:
        """A value in which ids of the snapshot are references, the workspace's own among them."""
        if isinstance(value, dict):
            return {key: self._here(one) for key, one in value.items()}
        if isinstance(value, list):
            return [self._here(one) for one in value]
        if not isinstance(value, str):
            return value
        own = self.workspace.get("id")
        return Ref(WORKSPACE) if own and value == own else self.by_id.get(value, value)

    def _edges(self) -> None:
        schema = {one["id"]: one.get("schemaSettings") for one in self.workspace.get("sources", ())}
        item = registry()["source_tracking_plan_connection"].attributes["schema_settings"]
        for kind, attribute, edge in (
            ("tracking_plan", "tracking_plan_id", "source_tracking_plan_connection"),
            ("warehouse", "warehouse_id", "source_warehouse_connection"),
        ):
            for one in self.workspace.get(FAMILIES[kind]) or ():
                for source_id in one.get("sourceIds") or ():
                    source = self._ref("source", source_id)
                    parent = self._ref(kind, one["id"])
                    values: dict[str, Any] = {"source_id": source, attribute: parent}
                    if edge == "source_tracking_plan_connection" and schema.get(source_id):
                        values["schema_settings"] = from_api(item.type, schema[source_id])
                    ids = {"source_id": source_id, attribute: one["id"]}
                    known = self.bindings.address_of(
                        edge, registry()[edge].about.import_id.format(**ids)
                    )
                    name = f"{_short(source)}-{_short(parent)}"
                    self.made.declare(known or f"{edge}.{name}", values)

    def _ref(self, kind: str, object_id: str) -> Any:
        address = self.addresses.get((kind, object_id))
        return object_id if address is None else Ref(address)


def _unfolded(kind: str, one: Mapping[str, Any]) -> Mapping[str, Any]:
    """An object with the attributes beside its settings that a snapshot has among them."""
    names = registry()[kind].about.in_settings
    if not names:
        return one
    settings = dict(one.get("settings") or {})
    return {**one, **{name: settings.pop(name, None) for name in names}, "settings": settings}


def _id(kind: str, one: Mapping[str, Any]) -> str:
    return str(one["id"]) if "id" in one else _import_id(kind, one)


def _import_id(kind: str, one: Mapping[str, Any]) -> str:
    attributes = registry()[kind].attributes
    values = {name: one.get(wire_name(item)) for name, item in attributes.items()}
    return registry()[kind].about.import_id.format(**values)


def _short(value: Any) -> str:
    return slugged(value.address.partition(".")[2] if isinstance(value, Ref) else str(value))
