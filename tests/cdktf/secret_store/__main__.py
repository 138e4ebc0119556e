"""`python -m tests.cdktf.secret_store`: one type, `vault_kv_secret_v2`, kept in one file.

The file is the one that SECRET_STORE names. Served by the protocol layer of our own provider.
"""

from __future__ import annotations

import json
import os
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from segform_provider.protocol.serve import serve

TYPE = "vault_kv_secret_v2"
SHAPE = ["object", dict.fromkeys(("data_json", "id", "mount", "name", "path"), "string")]
COMPUTED = ("id", "path")


def attribute(name: str) -> dict[str, Any]:
    """An attribute of the schema: all are text."""
    return {
        "name": name,
        "type": b'"string"',
        "required": name not in COMPUTED,
        "computed": name in COMPUTED,
        "sensitive": name == "data_json",
    }


def secrets() -> dict[str, str]:
    """What the store holds: path -> data."""
    file = Path(os.environ["SECRET_STORE"])
    found: dict[str, str] = json.loads(file.read_text()) if file.exists() else {}
    return found


def keep(held: dict[str, str]) -> None:
    """Write the store."""
    Path(os.environ["SECRET_STORE"]).write_text(json.dumps(held))


def handlers() -> Mapping[str, Callable[[Any], Any]]:
    """The calls that this provider answers."""
    from segform.resources.values import UNKNOWN
    from segform_provider.protocol.codec import decode, encode
    from segform_provider.protocol.wire import message

    def response(name: str, **facts: Any) -> Any:
        return message(f"{name}.Response")(**facts)

    def schema(_request: Any) -> Any:
        schema_of = message("Schema")
        block = {"attributes": [attribute(name) for name in sorted(SHAPE[1])]}
        return response(
            "GetProviderSchema",
            provider=schema_of(block={}),
            resource_schemas={TYPE: schema_of(block=block)},
        )

    def plan(request: Any) -> Any:
        prior = decode(request.prior_state, SHAPE)
        planned = decode(request.proposed_new_state, SHAPE)
        if planned is not None and prior is None:
            planned.update(dict.fromkeys(COMPUTED, UNKNOWN))
        return response("PlanResourceChange", planned_state=encode(planned, SHAPE))

    def apply(request: Any) -> Any:
        prior = decode(request.prior_state, SHAPE)
        planned = decode(request.planned_state, SHAPE)
        held = secrets()
        if planned is None:
            del held[prior["path"]]
        else:
            path = f"{planned['mount']}/data/{planned['name']}"
            held[path] = planned["data_json"]
            planned.update(id=path, path=path)
        keep(held)
        return response("ApplyResourceChange", new_state=encode(planned, SHAPE))

    def read(request: Any) -> Any:
        state = decode(request.current_state, SHAPE)
        found = secrets().get(state["path"])
        state = None if found is None else {**state, "data_json": found}
        return response("ReadResource", new_state=encode(state, SHAPE))

    def upgrade(request: Any) -> Any:
        value = message("DynamicValue")(json=request.raw_state.json)
        return response("UpgradeResourceState", upgraded_state=value)

    def plain(name: str) -> Callable[[Any], Any]:
        return lambda _request: response(name)

    names = ("ValidateProviderConfig", "ValidateResourceConfig", "ConfigureProvider")
    return {
        "GetProviderSchema": schema,
        "PlanResourceChange": plan,
        "ApplyResourceChange": apply,
        "ReadResource": read,
        "UpgradeResourceState": upgrade,
        **{name: plain(name) for name in (*names, "StopProvider")},
    }


if __name__ == "__main__":
    serve(handlers)
