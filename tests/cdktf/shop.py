"""The workspace of all kinds of `tests/protocol`, as constructs."""

from __future__ import annotations

from typing import Any

from cdktf import TerraformStack

import segform_cdktf
from segform.resources import registry
from tests.protocol.core import Config, Ref


def given(value: Any) -> Any:
    """A value with its references as Terraform writes them."""
    if isinstance(value, Ref):
        return f"${{{value.address}.{value.attribute}}}"
    if isinstance(value, dict):
        return {key: given(one) for key, one in value.items()}
    return [given(one) for one in value] if isinstance(value, list) else value


def construct(stack: TerraformStack, address: str, values: dict[str, Any]) -> Any:
    """One object as its construct, under the name that it has in the configuration."""
    kind, _, name = address.removeprefix("segment_").partition(".")
    definition = registry()[kind]
    python = definition.python_names()
    arguments = {}
    for key, value in values.items():
        item = definition.attributes[key]
        if item.flat:
            arguments[item.flat] = given(value)["id"]
        else:
            arguments[python[key]] = given(value)
    # Terraform's name of a resource is the id of its construct, which another kind may have too.
    made = getattr(segform_cdktf, definition.__name__)(stack, f"{kind}_{name}", **arguments)
    made.override_logical_id(name)
    return made


def build(stack: TerraformStack, config: Config) -> None:
    """All of it."""
    for address, values in config.items():
        construct(stack, address, values)
