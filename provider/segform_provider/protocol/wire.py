"""The protocol's messages, as classes built at run time from the descriptor in `facts`."""

from __future__ import annotations

import base64
from functools import cache
from typing import Any

from google.protobuf import descriptor_pool, message_factory

from .facts import DESCRIPTOR, PACKAGE

# A pool of our own: other users of protobuf in the process may know the same package.
_POOL = descriptor_pool.DescriptorPool()
_POOL.AddSerializedFile(base64.b85decode(DESCRIPTOR))


@cache
def message(name: str) -> Any:
    """The class of a message: `DynamicValue`, `ReadResource.Response`. KeyError if unknown."""
    found = _POOL.FindMessageTypeByName(f"{PACKAGE}.{name}")
    return message_factory.GetMessageClass(found)
