"""What is special about a kind, named from its definition and run by the lifecycle."""

from __future__ import annotations

from collections.abc import Mapping
from importlib import import_module
from typing import Any

from segform.resources.definition import Kind


def hook(name: str) -> Any:
    """The function or class that a definition names as `module:function`."""
    module, _, attribute = name.partition(":")
    return getattr(import_module(module), attribute)


def shaped(about: Kind, found: Mapping[str, Any]) -> dict[str, Any]:
    """The API's object in the form that the definition knows."""
    return dict(hook(about.shape)(found)) if about.shape else dict(found)
