"""The operations of this face: method, path, function, and their counterpart in the Public API.

The counterpart decides which role may use an operation. Everything else below `/v1beta` is not
implemented here, and says so.
"""

from __future__ import annotations

from functools import cache
from typing import Any, NamedTuple

from segform_emulator.contract import Operation, operations

from . import (
    catalog,
    destinations,
    filters,
    functions,
    people,
    regulations,
    schema_config,
    sources,
    tracking_plans,
    workspaces,
)
from .context import Handler
from .errors import unimplemented

PREFIX = "/v1beta"
_W = "/workspaces/{workspace}"
_S = f"{_W}/sources/{{source}}"
_D = f"{_S}/destinations/{{destination}}"
_P = f"{_W}/tracking-plans/{{plan}}"
_C = f"{_P}/source-connections"

_TABLE: tuple[tuple[str, str, str, Handler, str], ...] = (
    ("listWorkspaces", "GET", "/workspaces", workspaces.every, "getWorkspace"),
    ("getWorkspace", "GET", _W, workspaces.get, "getWorkspace"),
    ("listSources", "GET", f"{_W}/sources", sources.every, "listSources"),
    ("createSource", "POST", f"{_W}/sources", sources.create, "createSource"),
    ("getSource", "GET", _S, sources.get, "getSource"),
    ("deleteSource", "DELETE", _S, sources.delete, "deleteSource"),
    (
        "getSchemaConfig",
        "GET",
        f"{_S}/schema-config",
        schema_config.get,
        "listSchemaSettingsInSource",
    ),
    (
        "updateSchemaConfig",
        "PATCH",
        f"{_S}/schema-config",
        schema_config.update,
        "updateSchemaSettingsInSource",
    ),
    (
        "listDestinations",
        "GET",
        f"{_S}/destinations",
        destinations.every,
        "listConnectedDestinationsFromSource",
    ),
    (
        "createDestination",
        "POST",
        f"{_S}/destinations",
        destinations.create,
        "createDestination",
    ),
    ("getDestination", "GET", _D, destinations.get, "getDestination"),
    ("updateDestination", "PATCH", _D, destinations.update, "updateDestination"),
    ("deleteDestination", "DELETE", _D, destinations.delete, "deleteDestination"),
    (
        "listDestinationFilters",
        "GET",
        f"{_D}/filters",
        filters.every,
        "listFiltersFromDestination",
    ),
    (
        "getDestinationFilter",
        "GET",
        f"{_D}/filters/{{filter}}",
        filters.get,
        "getFilterInDestination",
    ),
    (
        "listTrackingPlans",
        "GET",
        f"{_W}/tracking-plans",
        tracking_plans.every,
        "listTrackingPlans",
    ),
    (
        "createTrackingPlan",
        "POST",
        f"{_W}/tracking-plans",
        tracking_plans.create,
        "createTrackingPlan",
    ),
    ("getTrackingPlan", "GET", _P, tracking_plans.get, "getTrackingPlan"),
    ("updateTrackingPlan", "PATCH", _P, tracking_plans.update, "updateTrackingPlan"),
    ("updateTrackingPlan", "PUT", _P, tracking_plans.update, "updateTrackingPlan"),
    ("deleteTrackingPlan", "DELETE", _P, tracking_plans.delete, "deleteTrackingPlan"),
    (
        "listSourceConnections",
        "GET",
        _C,
        tracking_plans.connections,
        "listSourcesFromTrackingPlan",
    ),
    ("createSourceConnection", "POST", _C, tracking_plans.connect, "addSourceToTrackingPlan"),
    (
        "deleteSourceConnection",
        "DELETE",
        f"{_C}/{{source}}",
        tracking_plans.disconnect,
        "removeSourceFromTrackingPlan",
    ),
    ("listCatalogSources", "GET", "/catalog/sources", catalog.sources, "getSourcesCatalog"),
    ("getCatalogSource", "GET", "/catalog/sources/{slug}", catalog.source, "getSourceMetadata"),
    (
        "listCatalogDestinations",
        "GET",
        "/catalog/destinations",
        catalog.destinations,
        "getDestinationsCatalog",
    ),
    (
        "getCatalogDestination",
        "GET",
        "/catalog/destinations/{slug}",
        catalog.destination,
        "getDestinationMetadata",
    ),
    ("listFunctions", "GET", f"{_W}/functions", functions.every, "listFunctions"),
    ("getFunction", "GET", f"{_W}/functions/{{function}}", functions.get, "getFunction"),
    ("listUsers", "GET", f"{_W}/users", people.users, "listUsers"),
    ("listRoles", "GET", f"{_W}/roles", people.roles, "listRoles"),
    ("listPolicies", "GET", f"{_W}/roles/-/policies", people.policies, "listUsers"),
    ("listInvites", "GET", f"{_W}/invites", people.invites, "listInvites"),
    (
        "listRegulations",
        "GET",
        f"{_W}/regulations",
        regulations.every,
        "listWorkspaceRegulations",
    ),
    ("getRegulation", "GET", f"{_W}/regulations/{{regulation}}", regulations.get, "getRegulation"),
)


class Route(NamedTuple):
    """One operation: its id starts with `legacy.`; `public` is its counterpart."""

    operation: Operation
    handler: Handler
    public: Operation


@cache
def routes() -> tuple[Route, ...]:
    """Every operation."""
    return tuple(
        Route(_operation(name, method, path), handler, operations()[public])
        for name, method, path, handler, public in _TABLE
    )


def _operation(name: str, method: str, path: str) -> Operation:
    facts: dict[str, Any] = {
        "family": "legacy",
        "method": method,
        "path": PREFIX + path,
        "effect": "read" if method == "GET" else "write",
        "stability": "stable",
        "versions": [],
    }
    return Operation(f"legacy.{name}", facts)


def find(method: str, path: str) -> tuple[Route, dict[str, str]]:
    """The operation of a request and the parts of its resource name. Raises `Fault` 501."""
    segments = path.strip("/").split("/")
    for route in routes():
        own = route.operation
        if own.method == method and len(own.segments) == len(segments):
            found = own.match(segments)
            if found is not None:
                return route, found
    raise unimplemented(f"{method} {path} is not supported or not implemented.")
