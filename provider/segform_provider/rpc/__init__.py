"""The provider's RPCs, one file per group; a group is imported when one of its RPCs is called.

Validation, schemas and upgrades run without a token in processes that live for milliseconds; only
`provider.configure` brings in the client and what stands above it.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from importlib import import_module
from typing import Any

Handler = Callable[[Any], Any]

_WHERE = {
    "GetMetadata": "schemas:get_metadata",
    "GetProviderSchema": "schemas:get_provider_schema",
    "GetResourceIdentitySchemas": "identities:get_resource_identity_schemas",
    "UpgradeResourceIdentity": "identities:upgrade_resource_identity",
    "ValidateProviderConfig": "validation:validate_provider_config",
    "ValidateResourceConfig": "validation:validate_resource_config",
    "ValidateDataResourceConfig": "validation:validate_data_resource_config",
    "UpgradeResourceState": "upgrades:upgrade_resource_state",
    "MoveResourceState": "upgrades:move_resource_state",
    "ConfigureProvider": "provider:configure_provider",
    "StopProvider": "provider:stop_provider",
    "ReadResource": "reads:read_resource",
    "ImportResourceState": "reads:import_resource_state",
    "ReadDataSource": "reads:read_data_source",
    "PlanResourceChange": "plans:plan_resource_change",
    "ApplyResourceChange": "applies:apply_resource_change",
    "GetFunctions": "functions:get_functions",
    "CallFunction": "functions:call_function",
}


def handlers() -> Mapping[str, Handler]:
    """Every RPC that the provider answers, by name."""
    return {name: _lazy(where) for name, where in _WHERE.items()}


def _lazy(where: str) -> Handler:
    module, _, name = where.partition(":")

    def handler(request: Any) -> Any:
        return getattr(import_module(f"{__name__}.{module}"), name)(request)

    return handler
