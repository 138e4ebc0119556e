"""Segment's legacy Config API: the API before the Public API, still open to tokens made for it.

`ConfigAPI` and `AsyncConfigAPI` speak it; `names` builds and reads its resource names; `migrate`
turns a workspace as the legacy API tells it into a segform snapshot, and says what has no
counterpart. Segment makes no new tokens for it since 2024-02-01 and adds nothing to it: new work
belongs to `segform.Segment`. Nothing is imported before it is used.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from segform.lazily import public

if TYPE_CHECKING:
    from . import names as names
    from .client import AsyncConfigAPI as AsyncConfigAPI
    from .client import ConfigAPI as ConfigAPI
    from .elsewhere import NotInConfigAPI as NotInConfigAPI
    from .lookup import catalogue as catalogue
    from .migration import Migration as Migration
    from .migration import Note as Note
    from .migration import migrate as migrate
    from .migration import migrate_async as migrate_async

__all__ = [
    "AsyncConfigAPI",
    "ConfigAPI",
    "Migration",
    "NotInConfigAPI",
    "Note",
    "catalogue",
    "migrate",
    "migrate_async",
    "names",
]

# Public name -> the module that has it, imported when the name is first asked for (PEP 562).
_HOMES = {
    "AsyncConfigAPI": "client",
    "ConfigAPI": "client",
    "Migration": "migration",
    "NotInConfigAPI": "elsewhere",
    "Note": "migration",
    "catalogue": "lookup",
    "migrate": "migration",
    "migrate_async": "migration",
    "names": "",
}

__getattr__, __dir__ = public(__name__, _HOMES)
