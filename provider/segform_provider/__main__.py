"""`python -m segform_provider`: the plugin process that Terraform starts."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from segform_provider.protocol.serve import serve


def _handlers() -> Mapping[str, Callable[[Any], Any]]:
    from segform_provider.rpc import handlers

    return handlers()


if __name__ == "__main__":
    serve(_handlers)
