"""The Validate RPCs: pure checks, in processes that know no token."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from segform.resources import KINDS, data_sources, registry
from segform.resources.checks import attributes, required, run_pure
from segform.resources.parts import Problem, short
from segform_provider.config import ProviderConfig
from segform_provider.schema import kind_name

from .common import Definition, answer, decoded, diagnostics


def validate_provider_config(request: Any) -> Any:
    """The provider's own arguments, and the kinds that `protect` names."""
    config = decoded(request.config, ProviderConfig) or {}
    problems = attributes(ProviderConfig.attributes, config)
    # An empty pin would be none, an empty address Segment's own.
    problems += [
        Problem((name,), "it is empty", "Give a value, or leave it out (null).")
        for name in ("url", "workspace")
        if config.get(name) == ""
    ]
    protect = config.get("protect")
    for name in protect if isinstance(protect, list) else ():
        if isinstance(name, str) and name not in KINDS:
            problems.append(
                Problem(
                    ("protect",),
                    f"{short(name)} is not a kind that this provider manages",
                    f"Known kinds: {', '.join(KINDS)}.",
                )
            )
    return answer("ValidateProviderConfig", diagnostics=diagnostics(problems, ProviderConfig))


def validate_resource_config(request: Any) -> Any:
    """A resource's configuration, by its definition's pure checks."""
    kind = registry()[kind_name(request.type_name)]
    problems = list(_problems(request.config, kind))
    if not request.client_capabilities.write_only_attributes_allowed:
        values = decoded(request.config, kind) or {}
        problems += diagnostics(_too_old(values, kind), kind, config=values)
    return answer("ValidateResourceConfig", diagnostics=problems)


def _too_old(values: Mapping[str, Any], kind: Definition) -> Iterable[Problem]:
    """A Terraform that would write a write-only value into its state must not be given one."""
    for name, item in kind.attributes.items():
        if item.write_only and values.get(name) is not None:
            yield Problem(
                (name,),
                "this Terraform would keep it in its state",
                "Use Terraform 1.11 or newer, or give the secret in `settings`.",
            )


def validate_data_resource_config(request: Any) -> Any:
    """A data source's configuration, by its definition's pure checks."""
    source = data_sources()[kind_name(request.type_name)]
    return answer("ValidateDataResourceConfig", diagnostics=_problems(request.config, source))


def _problems(config: Any, definition: Definition) -> Iterable[Any]:
    values = decoded(config, definition) or {}
    found = required(definition.attributes, values)
    found = found or run_pure(definition.about.checks, definition.attributes, values)
    return diagnostics(found, definition, config=values)
