"""The roles that permissions are made of: a fixed set."""

from __future__ import annotations

from typing import Any

from segform_emulator.people import ROLES

from .call import Call, Handler


def every(call: Call) -> dict[str, Any]:
    """`GET /roles`."""
    return call.page(list(ROLES.values()), "roles")


HANDLERS: dict[str, Handler] = {"listRoles": every}
