"""The fewest requests that can read a workspace, computed from what it holds.

The API lists filters and mappings for one destination at a time, rules and sources for one plan,
schema settings for one source, profiles warehouses for one space, functions for one
type, instances for one insert function; a function's code comes singly.
"""

from __future__ import annotations

from typing import Any

_PAGE = 200
# Types of functions that are listed one by one.
_TYPES = 5


def _pages(count: int) -> int:
    return max(1, -(-count // _PAGE))


def floor(held: dict[str, Any]) -> int:
    """Requests to read all of it, `GET /` among them."""

    def of(family: str) -> list[dict[str, Any]]:
        found: list[dict[str, Any]] = held.get(family) or []
        return found

    found = 1
    for family in (
        "labels",
        "sources",
        "destinations",
        "trackingPlans",
        "warehouses",
        "spaces",
        "reverseEtlModels",
        "transformations",
        "users",
        "invites",
        "groups",
    ):
        found += _pages(len(of(family)))
    found += 2 * len(of("destinations"))
    for plan in of("trackingPlans"):
        connected = plan.get("sourceIds") or []
        found += _pages(len(plan.get("rules") or [])) + _pages(len(connected)) + len(connected)
    found += sum(_pages(len(one.get("sourceIds") or [])) for one in of("warehouses"))
    found += len(of("spaces"))
    functions = of("functions")
    inserts = [one for one in functions if str(one["resourceType"]).startswith("INSERT_")]
    found += _TYPES + len(functions) + len(inserts)
    return found + 2 * len(of("groups"))
