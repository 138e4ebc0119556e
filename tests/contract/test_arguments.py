"""Docstrings of the operations: what each argument means, and nothing about what is not there."""

from __future__ import annotations

import importlib
import inspect

import pytest
from contract import arguments
from contract.facts import Contract, Facts
from contract.families import Method, class_of
from contract.typed import Types

CONTRACT = Contract()
TYPES = Types(CONTRACT)
METHODS = [Method(op, TYPES) for op in CONTRACT.operations]


def documented(op: Facts) -> str:
    """The docstring as `help` shows it."""
    module = importlib.import_module(f"segform.api.{op.family}")
    found = getattr(getattr(module, class_of(op.family, op.part)), op.verb)
    return inspect.getdoc(found) or ""


@pytest.mark.parametrize("method", METHODS, ids=lambda one: one.op.id)
def test_a_docstring_tells_all_there_is(method: Method) -> None:
    """The operation behind it, every argument that does not explain itself, what it raises."""
    op, text = method.op, documented(method.op)
    flat = " ".join(text.split())
    assert f"`{op.id}`, `{op.method} {op.path}`: {op.stability}; limit: " in flat
    for argument in method.arguments:
        told = f"\n* `{argument.name}`: " in text
        plain = argument.wire in arguments.PLAIN or argument.place == "path"
        assert told or plain, argument.name
    assert ("`limit`: entries in all" in text) == bool(op.pages)
    if op.pages:
        assert f"`count`: entries a page, {op.max_count} at most" in flat
    assert ("`ReadOnlyError`" in text) == (op.effect != "read")
    assert flat.endswith("kind of `APIError`.")


@pytest.mark.parametrize("method", METHODS, ids=lambda one: one.op.id)
def test_what_is_awaited_says_what_it_is_for_and_where_more_is_told(method: Method) -> None:
    op = method.op
    module = importlib.import_module(f"segform.api.{op.family}")
    name = class_of(op.family, op.part)
    text = inspect.getdoc(getattr(getattr(module, f"Async{name}"), op.verb)) or ""
    assert text.partition("\n")[0] == documented(op).partition("\n")[0]
    assert f"As `{name}.{op.verb}`, which tells more; " in text
    assert ("async for" in text) == bool(op.pages)


def test_no_words_are_left_over() -> None:
    """What the contract no longer has is not explained."""
    pairs = {(method.op.id, one.wire) for method in METHODS for one in method.arguments}
    names = {wire for _, wire in pairs}
    assert set(arguments.EXACT) <= pairs
    assert set(arguments.WORDS) | arguments.PLAIN <= names
    for wire in arguments.WORDS:
        assert any((op_id, wire) not in arguments.EXACT for op_id, name in pairs if name == wire), (
            f"{wire}: each operation that has it has words of its own"
        )


def test_bounds_come_from_the_contract() -> None:
    by_id = {method.op.id: documented(method.op) for method in METHODS}
    assert "* `enabled`: True where it is not given;" in by_id["createSource"]
    # Of a change it would be no default: what is not given stays.
    assert "* `enabled`" not in by_id["updateProfilesWarehouseForSpaceWarehouse"]
    assert "`propertyValue`; 10 at most;" in " ".join(by_id["createTransformation"].split())
    assert "5 at most" in by_id["addDestinationToAudience"]
