"""Secrets: never in the code, always a variable."""

from __future__ import annotations

from constructs import Construct

from .framework import TerraformStack, TerraformVariable


def secret(scope: Construct, name: str, *, description: str | None = None) -> str:
    """A sensitive Terraform variable, as a token to be used in settings.

    Its value comes from the environment (`TF_VAR_<name>`), a `.tfvars` file or the deploy command
    (`--var`), and Terraform hides it in its output. The variable belongs to the stack, whatever
    construct in it is given, and asking twice for a name gives the same variable.
    """
    stack = TerraformStack.of(scope)
    found = stack.node.try_find_child(name)
    if found is None:
        found = TerraformVariable(
            stack, name, type="string", sensitive=True, nullable=False, description=description
        )
    if not isinstance(found, TerraformVariable):
        raise ValueError(f"{name!r} is the name of another construct of the stack.")
    value: str = found.string_value
    return value
