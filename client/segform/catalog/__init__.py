"""What Segment's catalogue says: options of settings, methods, platforms, modes, regions, counts.

Data in, answers out: a `Catalog` is made of entries as the Public API gives them (from a cache, a
file, an answer), and every question is asked of it without I/O. Where the catalogue is silent the
answer is "unknown" (None, or no problem), never a guess: its public form has no list of secrets,
no choices of an option, and often no options at all.

Operations behind the data: `getSourcesCatalog`, `getDestinationsCatalog`, `getWarehousesCatalog`.
"""

from __future__ import annotations

from .actions import check_action
from .entries import KINDS, Catalog, Entry, nearest
from .options import (
    SECRECY,
    SECRET_NAME,
    as_to_secrets,
    check_settings,
    secrets_in_clear,
    texts_in,
)
from .reach import (
    Reach,
    check_connection,
    check_status,
    instances_allowed,
    inventory,
    methods_of,
    modes_of,
    platform_of,
    regions_of,
)

__all__ = [
    "KINDS",
    "SECRECY",
    "SECRET_NAME",
    "Catalog",
    "Entry",
    "Reach",
    "as_to_secrets",
    "check_action",
    "check_connection",
    "check_settings",
    "check_status",
    "instances_allowed",
    "inventory",
    "methods_of",
    "modes_of",
    "nearest",
    "platform_of",
    "regions_of",
    "secrets_in_clear",
    "texts_in",
]
