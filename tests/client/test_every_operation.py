"""Every method against the emulator: the other side takes each call for what it was meant to be."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from segform import APIStatusError, Segment, ServerError
from segform.contract import operation, operations
from segform_emulator import Emulator

from .stub import Waits
from .test_families import arguments_of, method_of


@pytest.fixture(scope="module")
def emulator() -> Emulator:
    made = Emulator()
    made.seed(sources=2, destinations=2, filters=2, plans=1, rules=3)
    return made


@pytest.fixture(scope="module")
def client(emulator: Emulator) -> Iterator[Segment]:
    with Segment(emulator.token, transport=emulator.transport()) as made:
        made._sleep = Waits()
        yield made.with_options(attempts=1)


def refused(call: Any) -> APIStatusError | None:
    try:
        found = call()
        if isinstance(found, Iterator):
            list(found)
    except APIStatusError as error:
        return error
    return None


@pytest.mark.parametrize("op_id", operations())
def test_the_other_side_sees_the_operation_that_was_meant(
    emulator: Emulator, client: Segment, op_id: str
) -> None:
    """With values of no sense: refused for what they are, if at all, and never misunderstood."""
    method = method_of(client, operation(op_id))
    positional, named = arguments_of(method)
    emulator.recorder.clear()
    error = refused(lambda: method(*positional, **named))
    first = emulator.recorder.entries[0]
    assert first["operation"] == op_id
    assert first["method"] == operation(op_id).method
    assert not isinstance(error, ServerError)
    if error is not None:
        assert error.status_code in (400, 403, 404, 409, 422)
        assert error.errors[0].message
    assert emulator.checks.violations == []
