"""What a stack needs so that plain `cdktf deploy` finds the provider, written at synth.

Into the stack's output folder go a link to the installed provider and a lock file with its entry.
The lock file committed beside the app (beside `cdktf.json`) is carried in as well: without the
entries of all of a stack's providers the CDK's command line would run `terraform providers lock`,
which knows no local folders and would look for our provider in a registry.

The constructs never import the provider: `segform_provider.install`, which needs nothing but the
standard library, is loaded by name when it is called.
"""

from __future__ import annotations

from functools import cache
from importlib import import_module
from pathlib import Path
from typing import Any

import jsii
from constructs import IValidation

from .framework import Annotations, App, TerraformProvider, TerraformStack

_REGISTRY = "registry.terraform.io"


@cache
def _install() -> Any:
    return import_module("segform_provider.install")


def source_address() -> str:
    """Source address of our provider."""
    return str(_install().SOURCE)


def version() -> str:
    """Version of our provider."""
    return str(_install().version())


def prepare(directory: Path, *, app_directory: Path) -> None:
    """Link the provider into a stack's output folder and bring the lock file there up to date.

    Raises `segform_provider.install.InstallError` with the mend in its message.
    """
    directory.mkdir(parents=True, exist_ok=True)
    installation = _install()
    installation.link(directory)
    installation.write_lock(directory, beside=app_directory, constraint=version())
    hindrance = installation.obstacle()
    if hindrance is not None:
        raise installation.InstallError(hindrance)


def unlocked(sources: list[str], directory: Path) -> list[str]:
    """Which of these source addresses the lock file in `directory` has no entry for."""
    locked = _install().locked_providers(directory)
    return sorted({full for full in map(full_address, sources) if full not in locked})


def full_address(source: str) -> str:
    """A source address with host and namespace: `random` is `registry.terraform.io/hashicorp/…`."""
    parts = source.split("/")
    if len(parts) == 1:
        parts = ["hashicorp", *parts]
    if len(parts) == 2:
        parts = [_REGISTRY, *parts]
    return "/".join(parts)


@jsii.implements(IValidation)
class Plugin:
    """Does the above when the framework validates the stack, which it does before writing it."""

    def __init__(self, provider: TerraformProvider) -> None:
        self._provider = provider

    def validate(self) -> list[str]:
        """Errors, which the framework shows with the provider's path."""
        stack = TerraformStack.of(self._provider)
        root = stack.node.root
        if not isinstance(root, App):
            return []  # a stack in a unit test is not written anywhere
        # The working directory of an app is the folder of its cdktf.json.
        here = Path.cwd()
        directory = Path(root.outdir) / "stacks" / stack.node.id
        try:
            prepare(directory, app_directory=here)
            others = [
                child.terraform_provider_source
                for child in stack.node.children
                if isinstance(child, TerraformProvider) and child.terraform_provider_source
            ]
            lacking = unlocked(others, directory)
        except (_install().InstallError, OSError) as error:
            return [str(error)]
        if lacking:
            Annotations.of(self._provider).add_warning(
                f"{', '.join(lacking)}: no entry in .terraform.lock.hcl, so the first deploy of a "
                f"fresh output folder fails. Run once: terraform -chdir='{directory}' init, and "
                f"commit its .terraform.lock.hcl as {here / '.terraform.lock.hcl'}"
            )
        return []
