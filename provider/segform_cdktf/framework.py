"""The CDK that the app uses: `cdktf` (archived December 2025) or `cdktn`, its living fork.

Both have the same classes, but they are distinct objects, so one process must use one. The app
chooses, by importing it before `segform_cdktf`; where it has not, the environment variable
`SEGFORM_CDK` decides, then the only one that is installed.
"""

from __future__ import annotations

import os
import sys
from importlib import import_module, util
from typing import TYPE_CHECKING, Final

_NAMES: Final = ("cdktf", "cdktn")
_INSTALL: Final = "pip install 'segform[cdktn]' (or 'segform[cdktf]')"


class FrameworkError(ImportError):
    """Neither CDK is there, or it is not clear which one the app means."""


def choose() -> str:
    """Name of the CDK to use: `cdktf` or `cdktn`. Raises `FrameworkError`."""
    wanted = os.environ.get("SEGFORM_CDK")
    if wanted:
        if wanted not in _NAMES:
            raise FrameworkError(f"SEGFORM_CDK is {wanted!r}; it can be cdktf or cdktn.")
        return wanted
    imported = [name for name in _NAMES if name in sys.modules]
    found = imported or [name for name in _NAMES if util.find_spec(name) is not None]
    if len(found) == 1:
        return found[0]
    if not found:
        raise FrameworkError(f"segform_cdktf needs cdktn or cdktf. Run: {_INSTALL}")
    raise FrameworkError(
        "cdktf and cdktn are both here. Import the one that your app uses before segform_cdktf, "
        "or set SEGFORM_CDK to its name."
    )


if TYPE_CHECKING:
    from cdktf import (
        Annotations,
        App,
        Fn,
        IResolvable,
        ITerraformDependable,
        ITerraformIterator,
        TerraformCount,
        TerraformDataSource,
        TerraformElement,
        TerraformProvider,
        TerraformProviderGeneratorMetadata,
        TerraformResource,
        TerraformResourceLifecycle,
        TerraformStack,
        TerraformVariable,
        Testing,
    )

    NAME: str
else:
    NAME = choose()
    try:
        _module = import_module(NAME)
    except ModuleNotFoundError as error:
        if error.name != NAME:
            raise
        raise FrameworkError(f"{NAME} is not installed. Run: {_INSTALL}") from error
    Annotations = _module.Annotations
    App = _module.App
    Fn = _module.Fn
    IResolvable = _module.IResolvable
    ITerraformDependable = _module.ITerraformDependable
    ITerraformIterator = _module.ITerraformIterator
    TerraformCount = _module.TerraformCount
    TerraformDataSource = _module.TerraformDataSource
    TerraformElement = _module.TerraformElement
    TerraformProvider = _module.TerraformProvider
    TerraformProviderGeneratorMetadata = _module.TerraformProviderGeneratorMetadata
    TerraformResource = _module.TerraformResource
    TerraformResourceLifecycle = _module.TerraformResourceLifecycle
    TerraformStack = _module.TerraformStack
    TerraformVariable = _module.TerraformVariable
    Testing = _module.Testing

__all__ = [
    "NAME",
    "Annotations",
    "App",
    "Fn",
    "FrameworkError",
    "IResolvable",
    "ITerraformDependable",
    "ITerraformIterator",
    "TerraformCount",
    "TerraformDataSource",
    "TerraformElement",
    "TerraformProvider",
    "TerraformProviderGeneratorMetadata",
    "TerraformResource",
    "TerraformResourceLifecycle",
    "TerraformStack",
    "TerraformVariable",
    "Testing",
    "choose",
]
