"""Every operation with an answer made from the contract: it arrives whole, and as it is typed."""

from __future__ import annotations

import inspect
import types as builtin_types
import typing
from typing import Any, NotRequired, Union, get_args, get_origin, is_typeddict

import httpx
import pytest

from segform.api import types as shapes
from segform.contract import Operation, operation, operations
from segform_emulator import contract as service
from segform_emulator import example

from .stub import client
from .test_families import arguments_of, method_of

HINTS: dict[str, Any] = {
    **vars(shapes),
    "t": shapes,
    "Any": Any,
    "builtins": __import__("builtins"),
}


def made_for(facts: Operation) -> httpx.Response:
    data = example.answer(service.operations()[facts.id])
    return httpx.Response(facts.status, json={"data": data})


def returned(method: Any) -> Any:
    """The type that a method says it returns; of a list, that of its entries."""
    text = inspect.signature(method).return_annotation
    text = text.removeprefix("Iterator[").removesuffix("]") if "Iterator" in text else text
    return eval(text, HINTS)


def misfits(value: Any, kind: Any, path: str = "$") -> list[str]:
    """Where a value is not of a type; a key that a TypedDict does not name is a misfit here."""
    if kind is Any:
        return []
    origin, arguments = get_origin(kind), get_args(kind)
    if origin is NotRequired:
        return misfits(value, arguments[0], path)
    if origin in (Union, builtin_types.UnionType):
        tries = [misfits(value, one, path) for one in arguments]
        return min(tries, key=len)
    if is_typeddict(kind):
        return _object_misfits(value, kind, path)
    if origin is list and isinstance(value, list):
        return [
            x for n, item in enumerate(value) for x in misfits(item, arguments[0], f"{path}[{n}]")
        ]
    if origin is dict and isinstance(value, dict):
        return [x for k, item in value.items() for x in misfits(item, arguments[1], f"{path}.{k}")]
    wanted = origin or kind
    exact = isinstance(value, wanted) and (wanted is bool or not isinstance(value, bool))
    return [] if exact else [f"{path}: {value!r} is no {kind}"]


def _object_misfits(value: Any, kind: Any, path: str) -> list[str]:
    if not isinstance(value, dict):
        return [f"{path}: {value!r} is no {kind.__name__}"]
    hints = typing.get_type_hints(kind, HINTS, include_extras=True)
    required = {name for name, hint in hints.items() if get_origin(hint) is not NotRequired}
    found = [f"{path}: lacks {name}" for name in required - set(value)]
    found += [f"{path}: {name} is not of {kind.__name__}" for name in set(value) - set(hints)]
    for name, item in value.items():
        found += misfits(item, hints.get(name, Any), f"{path}.{name}")
    return found


def test_the_check_finds_what_does_not_fit() -> None:
    good = {"id": "x", "slug": "s", "name": "n"}
    assert misfits(good, shapes.Workspace) == []
    assert misfits({**good, "id": 1}, shapes.Workspace)
    assert misfits({**good, "more": 1}, shapes.Workspace)
    assert misfits({"id": "x"}, shapes.Workspace)


@pytest.mark.parametrize("op_id", operations())
def test_what_the_contract_promises_is_what_the_types_say(op_id: str) -> None:
    facts = operation(op_id)
    made, script = client(made_for(facts), repeat_last=True)
    method = method_of(made, facts)
    positional, named = arguments_of(method)
    # A name of one's own would be set by a second request.
    named.pop("name", None) if op_id == "createSource" else None
    got = method(*positional, **named)
    kind = returned(method)
    if facts.pages:
        got = list(got)
        assert len(got) == 1
        got = got[0]
    if kind in (None, builtin_types.NoneType):
        assert got is None
    else:
        assert misfits(got, kind) == []
    assert len(script.requests) == 1


@pytest.mark.parametrize("op_id", operations())
def test_made_answers_keep_to_the_contract(op_id: str) -> None:
    facts = service.operations()[op_id]
    service.check_answer(facts, example.answer(facts))
