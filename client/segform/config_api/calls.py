"""What a method sends, as a value: the core that the synchronous and asynchronous families share.

No I/O: a family's method makes a `Call`, a client sends it.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, NamedTuple

from segform.errors import ResponseDecodeError
from segform.transport.given import given

from .answer import Nothing
from .names import Name
from .operations import PREFIX, operation

# Kind of a name -> the parameters of the paths below it, in the order of its parts.
_PARAMETERS = {
    "workspace": ("workspace",),
    "source": ("workspace", "source"),
    "destination": ("workspace", "source", "destination"),
    "destination filter": ("workspace", "source", "destination", "filter"),
    "tracking plan": ("workspace", "plan"),
    "function": ("workspace", "function"),
    "regulation": ("workspace", "regulation"),
    "catalog source": ("slug",),
    "catalog destination": ("slug",),
}


class Call(NamedTuple):
    """One request: an operation with its path, query and body.

    * `needs`: a field that the answer must have to be what was asked for; empty for any.
    """

    op_id: str
    path: Mapping[str, str]
    query: Mapping[str, Any] | None = None
    body: Mapping[str, Any] | None = None
    needs: str = ""


def call(
    name: str,
    at: Name | None = None,
    *,
    more: Mapping[str, str] | None = None,
    query: Mapping[str, Any] | None = None,
    body: Mapping[str, Any] | None = None,
    needs: str = "name",
) -> Call:
    """The call of an operation (its id without `legacy.`) on what a resource name stands for."""
    path = dict(zip(_PARAMETERS[at.kind], at.parts, strict=True)) if at else {}
    return Call(PREFIX + name, {**path, **(more or {})}, given(query) or None, body, needs)


def answer(asked: Call, data: dict[str, Any]) -> Any:
    """The object of an answer; raises ResponseDecodeError for one that is something else."""
    facts = operation(asked.op_id)
    if asked.needs and asked.needs not in data:
        raise ResponseDecodeError(
            f"{asked.op_id} was answered without `{asked.needs}`: a proxy may have answered in the "
            "place of the legacy Config API. `client.request` gives the answer as it came.",
            operation=asked.op_id,
            method=facts.method,
            path=facts.path,
            ambiguous=not facts.reads,
        )
    return dict(data) if isinstance(data, Nothing) else data
