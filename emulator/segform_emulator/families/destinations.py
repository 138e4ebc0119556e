"""Destinations: settings with the catalogue's defaults filled in, secrets shown as a mask."""

from __future__ import annotations

import re
from decimal import Decimal
from typing import Any

from segform_emulator.errors import bad_request
from segform_emulator.workspace import Object

from .call import SUCCESS, Call, Handler

MASK = "•" * 10
# The catalogue says of some options that they are passwords; the public form of it does not, and
# which others the service masks is not documented. These names are taken for secrets (inferred).
_SECRET = re.compile(r"secret|password|passphrase|token|private_?key|api_?key", re.IGNORECASE)
# What the public shape of the catalogue calls one instance for each source.
_SINGLE = ("0", "1", "NONE", "SINGLE")
_PASSWORDS: dict[int, tuple[Object, frozenset[str]]] = {}
_MOST_KNOWN = 4096
_TEXTS = ("string", "password", "select", "color")


def shown(call: Call, destination: Object) -> Object:
    """A destination as the API shows it: with its whole catalogue entry, secrets masked."""
    entry = call.catalog.get("destinations", destination["metadataId"]) or {}
    made = destination.copy()
    del made["metadataId"]
    made["metadata"] = entry
    made["settings"] = masked(destination["settings"], entry)
    return made


def passwords_of(entry: Object) -> frozenset[str]:
    """The names of the options that a catalogue entry says are secrets."""
    # By identity: an entry of the catalogue never changes, and may have hundreds of options.
    known = _PASSWORDS.get(id(entry))
    if known is None or known[0] is not entry:
        if len(_PASSWORDS) > _MOST_KNOWN:
            _PASSWORDS.clear()
        found = {one["name"] for one in entry.get("options", ()) if one["type"] == "password"}
        known = _PASSWORDS[id(entry)] = (entry, frozenset(found))
    return known[1]


def masked(settings: Object, entry: Object) -> Object:
    """Settings with a mask in place of each secret; an empty secret stays empty."""
    passwords = passwords_of(entry)
    return {
        key: concealed(value) if key in passwords else hidden(value) if _BY_NAME[key] else value
        for key, value in settings.items()
    }


class _ByName(dict[str, bool]):
    """Whether a setting is taken for a secret by its name, for the names that were met."""

    def __missing__(self, key: str) -> bool:
        if len(self) > _MOST_KNOWN:
            self.clear()
        found = self[key] = _SECRET.search(key) is not None
        return found


_BY_NAME = _ByName()


def is_secret(key: str) -> bool:
    """Whether a setting is taken for a secret by its name."""
    return _BY_NAME[key]


def concealed(value: Any) -> Any:
    """A mask for what is known to be a secret, numbers included; true and false tell nothing."""
    is_number = isinstance(value, (int, Decimal)) and not isinstance(value, bool)
    return MASK if is_number else hidden(value)


def hidden(value: Any) -> Any:
    """Ten bullets and the last four characters; nothing of a text that is hardly longer."""
    if isinstance(value, str) and value:
        return MASK + (value[-4:] if len(value) > 4 else "")
    if isinstance(value, list):
        return [hidden(one) for one in value]
    if isinstance(value, dict):
        return {key: hidden(one) for key, one in value.items()}
    return value


def completed(settings: Object, entry: Object) -> Object:
    """Settings with a value for every option: its default, or an empty text."""
    made: Object = {}
    for option in entry.get("options", ()):
        if "defaultValue" in option:
            made[option["name"]] = option["defaultValue"]
        elif option["type"] in _TEXTS:
            made[option["name"]] = ""
    return {**made, **{key: value for key, value in settings.items() if value is not None}}


def create(call: Call) -> dict[str, Any]:
    """`POST /destinations`."""
    body = call.body
    entry = call.entry("destinations", body["metadataId"])
    source = call.workspace.source(body["sourceId"])
    _room(call, entry, source["id"])
    destination = {
        "id": call.make.hexadecimal(),
        "name": body.get("name", entry["name"]),
        "enabled": body.get("enabled", True),
        "metadataId": entry["id"],
        "sourceId": source["id"],
        "settings": completed(body["settings"], entry),
    }
    call.workspace.destinations[destination["id"]] = destination
    return {"destination": shown(call, destination)}


def _room(call: Call, entry: Object, source_id: str) -> None:
    if entry["supportedFeatures"].get("cloudModeInstances") not in _SINGLE:
        return
    for other in call.workspace.destinations.values():
        if (other["sourceId"], other["metadataId"]) == (source_id, entry["id"]):
            raise bad_request("Multiple configurations of this destination type not supported.")


def every(call: Call) -> dict[str, Any]:
    """`GET /destinations`."""
    held = call.workspace.destinations
    return call.page(held.values(), "destinations", shown, held)


def get(call: Call) -> dict[str, Any]:
    """`GET /destinations/{destinationId}`."""
    found = call.workspace.destination(call.path["destinationId"])
    return {"destination": shown(call, found)}


def update(call: Call) -> dict[str, Any]:
    """`PATCH /destinations/{destinationId}`: settings are merged key by key, null means default.

    A mask that is sent back is stored like any other text: the secret is lost.
    """
    destination = call.workspace.destination(call.path["destinationId"])
    entry = call.catalog.get("destinations", destination["metadataId"]) or {}
    if "name" in call.body:
        name = call.body["name"]
        # As at its create: an empty one is a name.
        destination["name"] = entry.get("name", "") if name is None else name
    if "enabled" in call.body:
        destination["enabled"] = call.body["enabled"]
    settings = {**destination["settings"], **call.body.get("settings", {})}
    destination["settings"] = completed(settings, entry)
    return {"destination": shown(call, destination)}


def delete(call: Call) -> dict[str, Any]:
    """`DELETE /destinations/{destinationId}`: its filters go with it."""
    destination = call.workspace.destination(call.path["destinationId"])
    call.workspace.drop_destination(destination["id"])
    return SUCCESS


HANDLERS: dict[str, Handler] = {
    "createDestination": create,
    "listDestinations": every,
    "getDestination": get,
    "updateDestination": update,
    "deleteDestination": delete,
}
