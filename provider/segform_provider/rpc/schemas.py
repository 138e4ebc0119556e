"""GetMetadata, GetProviderSchema: what Terraform is told of all kinds. No token needed."""

from __future__ import annotations

from functools import cache
from typing import Any

from segform.resources import DATA_SOURCES, KINDS
from segform_provider.config import ProviderConfig
from segform_provider.protocol.wire import message
from segform_provider.schema import block, data_source_schemas, resource_schemas, type_name

from .common import answer
from .functions import FUNCTIONS, signatures

_CAPABILITIES = {
    # Without the first, deletions could not be guarded at plan time.
    "plan_destroy": True,
    "get_provider_schema_optional": True,
    "move_resource_state": True,
}


def get_metadata(_request: Any) -> Any:
    """Names only, for Terraform's first look."""
    return answer(
        "GetMetadata",
        server_capabilities=_CAPABILITIES,
        resources=[{"type_name": type_name(name)} for name in KINDS],
        data_sources=[{"type_name": type_name(name)} for name in DATA_SOURCES],
        functions=[{"name": name} for name in FUNCTIONS],
    )


@cache
def _schema() -> Any:
    return answer(
        "GetProviderSchema",
        provider=block(ProviderConfig),
        resource_schemas=_messages(resource_schemas()),
        data_source_schemas=_messages(data_source_schemas()),
        functions=signatures(),
        server_capabilities=_CAPABILITIES,
    )


def _messages(schemas: dict[str, dict[str, Any]]) -> dict[str, Any]:
    # Values of a map have to be messages; only newer protobufs take plain objects for them.
    return {name: message("Schema")(**facts) for name, facts in schemas.items()}


def get_provider_schema(_request: Any) -> Any:
    """All schemas."""
    return _schema()
