"""Requests of a refresh of a workspace of ordinary size, drift included.

The sizes are those for which the official provider sends 1,666 requests (one for each object, more
for links, groups and invitations) and sees no drift of rules, invitations and schema settings.
"""

from __future__ import annotations

import json
import re
from typing import Any

from segform import Segment
from segform.export import export, write
from segform.workspace import Workspace
from segform_emulator import Emulator
from tests.terraform.harness import Terraform

from .adopted import remember
from .figure import Figure
from .plans import workspace

OFFICIAL = 1666
_SIZES = {
    "sources": 100,
    "destinations": 400,
    "filters": 200,
    "plans": 20,
    "rules": 350,
    "warehouses": 5,
    "functions": 30,
    "transformations": 20,
    "subscriptions": 300,
    "models": 20,
    "invites": 1,
    "groups": 20,
}
# So many destinations have filters, and mappings.
_FILTERED, _MAPPED = 80, 100
_LABELS, _USERS, _INVITES, _INSTANCES = 40, 150, 10, 10
_IMPORT = re.compile(r'import \{\s*to\s*=\s*(\S+)\s*id\s*=\s*"([^"]+)"\s*\}')


def medium() -> Emulator:
    """The workspace: each source connected to a plan, with settings, loading into a warehouse."""
    made = Emulator(check=0)
    made.seed(None, **_SIZES)
    snapshot = made.snapshots.dump()
    held, *_ = snapshot["workspaces"]
    ids = [one["id"] for one in held["sources"]]
    for parents in (held["trackingPlans"], held["warehouses"]):
        for number, parent in enumerate(parents):
            parent["sourceIds"] = ids[number :: len(parents)]
    for source in held["sources"]:
        source["schemaSettings"] = {"track": {"allowUnplannedEvents": False}}
    _gather(held)
    held["labels"] += [{"key": "team", "value": f"team-{n}"} for n in range(_LABELS - 1)]
    # Terraform invites: what is open cannot be imported, as with the official provider.
    permissions = held.pop("invites")[0]["permissions"]
    held["users"] = [
        *held.get("users", ()),
        *(
            {
                "id": f"user{number:018d}",
                "name": f"Colleague {number}",
                "email": f"colleague{number}@shop.example",
                "permissions": permissions,
            }
            for number in range(_USERS)
        ),
    ]
    for number, group in enumerate(held["groups"]):
        group["permissions"] = permissions
        group["members"] = [f"colleague{number}@shop.example"]
    held["insertFunctionInstances"] = _instances(held)
    made.seed(snapshot)
    return made


def _gather(held: dict[str, Any]) -> None:
    """Filters and mappings on some of the destinations, several on each."""
    for number, one in enumerate(held["filters"]):
        destination = held["destinations"][number % _FILTERED]
        one |= {"destinationId": destination["id"], "sourceId": destination["sourceId"]}
    mappings = held["subscriptions"]
    for number, one in enumerate(mappings):
        like = mappings[number % _MAPPED]
        one |= {key: like[key] for key in ("destinationId", "actionId", "actionSlug")}


def _instances(held: dict[str, Any]) -> list[dict[str, Any]]:
    """Instances of two insert functions, which two of the functions are turned into."""
    functions = held["functions"][:2]
    for number, function in enumerate(functions):
        old, new = function["id"], f"ifnd_{number:022d}"
        function |= {"id": new, "resourceType": "INSERT_DESTINATION", "displayName": f"I {number}"}
        for version in held["functionVersions"]:
            if version["functionId"] == old:
                version["functionId"] = new
    return [
        {
            "id": f"instance{number:014d}",
            "name": f"Instance {number}",
            "integrationId": held["destinations"][number]["id"],
            "functionId": functions[number % 2]["id"],
            "classId": functions[number % 2]["id"].removeprefix("ifnd_"),
            "enabled": True,
            "createdAt": "2026-01-01T00:00:00.000Z",
            "updatedAt": "2026-01-01T00:00:00.000Z",
            "settings": {},
        }
        for number in range(_INSTANCES)
    ]


def adopted(tf: Terraform) -> int:
    """The configuration that an export writes, and the state of all of it; how many objects."""
    with Segment(tf.token, url=tf.url) as client:
        snapshot = Workspace(client, journal=False, folder=tf.folder).pull()
    files = export(snapshot, "hcl").files
    imports = [pair for text in files.values() for pair in _IMPORT.findall(text)]
    write({at: text for at, text in files.items() if not at.startswith("imports")}, tf.folder)
    tf.link()
    remember(tf, imports)
    role = snapshot["workspaces"][0]["groups"][0]["permissions"][0]["roleId"]
    invited = {
        f"invited{number}": {
            "email": f"invited{number}@shop.example",
            "permissions": [{"role_id": role}],
        }
        for number in range(_INVITES)
    }
    (tf.folder / "invited.tf.json").write_text(json.dumps({"resource": {"segment_user": invited}}))
    tf.apply()
    return len(imports) + _INVITES


def refresh() -> list[Figure]:
    """Requests of a plan of all of it, and that the drift the official provider misses shows."""
    with workspace(lambda _: medium()) as (emulator, tf, _):
        objects = adopted(tf)
        tf.requests()
        if tf.plan() != {}:
            raise RuntimeError("a plan of the medium workspace is not empty")
        sent = tf.requests()
        seen = drifted(emulator, tf)
    name = "provider: requests of a refresh, medium workspace"
    total = sum(sent.values())
    most = ", ".join(f"{operation} {count}" for operation, count in sent.most_common(3))
    told = f"{objects:,} objects, {_SIZES['rules']} rules a plan"
    note = f"{told}, drift seen of {', '.join(seen)}; most: {most}"
    return [Figure(name, total, OFFICIAL, "official", float(total), 450, "", note)]


def drifted(emulator: Emulator, tf: Terraform) -> list[str]:
    """Kinds of which an edit behind Terraform's back shows in a plan, of three that were edited."""
    snapshot = emulator.snapshots.dump()
    held, *_ = snapshot["workspaces"]
    held["trackingPlans"][3]["rules"][7]["jsonSchema"]["properties"]["added"] = {}
    held["invites"].pop()
    held["sources"][5]["schemaSettings"] = {"track": {"allowUnplannedEvents": True}}
    emulator.seed(json.loads(json.dumps(snapshot)))
    changed = {address.partition(".")[0].removeprefix("segment_") for address in tf.plan()}
    wanted = {"tracking_plan", "user", "source_tracking_plan_connection"}
    if changed != wanted:
        raise RuntimeError(f"drift seen of {sorted(changed)}, not of {sorted(wanted)}")
    return ["rules", "invites", "schema settings"]
