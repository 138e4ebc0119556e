"""`python -m tests.bench.echo_provider`: served like ours, by the same protocol layer."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from segform_provider.protocol.serve import serve


def _handlers() -> Mapping[str, Callable[[Any], Any]]:
    from segform_provider.protocol.wire import message
    from segform_provider.rpc.schemas import get_metadata, get_provider_schema

    value = message("DynamicValue")

    def plain(name: str) -> Callable[[Any], Any]:
        answer = message(f"{name}.Response")
        return lambda _request: answer()

    upgraded = message("UpgradeResourceState.Response")
    read = message("ReadResource.Response")
    planned = message("PlanResourceChange.Response")
    return {
        "GetMetadata": get_metadata,
        "GetProviderSchema": get_provider_schema,
        **{
            name: plain(name)
            for name in (
                "ValidateProviderConfig",
                "ValidateResourceConfig",
                "ConfigureProvider",
                "StopProvider",
            )
        },
        "UpgradeResourceState": lambda request: upgraded(
            upgraded_state=value(json=request.raw_state.json)
        ),
        "ReadResource": lambda request: read(
            new_state=request.current_state, private=request.private
        ),
        "PlanResourceChange": lambda request: planned(
            planned_state=request.prior_state, planned_private=request.prior_private
        ),
    }


if __name__ == "__main__":
    serve(_handlers)
