"""One emulator seen by both of our clients, in process or over a socket."""

from __future__ import annotations

from typing import Any

from segform import Segment
from segform.config_api import AsyncConfigAPI, ConfigAPI
from segform_emulator import Emulator

JS = "workspaces/acme/sources/js"
WEBHOOK = f"{JS}/destinations/actions-webhook"


def legacy(emulator: Emulator, role: str = "owner", **options: Any) -> ConfigAPI:
    """The legacy client, without a socket; it does not sleep."""
    options.setdefault("workspace", "acme")
    made = ConfigAPI(emulator.tokens[role], transport=emulator.config_api_transport(), **options)
    made._sleep = lambda _: None
    return made


def async_legacy(emulator: Emulator, **options: Any) -> AsyncConfigAPI:
    """The same for asyncio."""
    transport: Any = emulator.config_api_transport()

    async def at_once(_: float) -> None:
        return None

    made = AsyncConfigAPI(emulator.token, workspace="acme", transport=transport, **options)
    made._sleep = at_once
    return made


def public(emulator: Emulator) -> Segment:
    """The client of the Public API, without a socket."""
    return Segment(emulator.token, transport=emulator.transport())


def state(emulator: Emulator) -> dict[str, Any]:
    """What the first workspace holds."""
    found: dict[str, Any] = emulator.dump()["workspaces"][0]
    return found
