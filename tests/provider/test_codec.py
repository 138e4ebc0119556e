"""Values on the wire: what goes in comes out, and equal values are equal bytes."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import msgpack  # type: ignore[import-untyped]  # msgpack ships no types
import pytest
from hypothesis import given
from hypothesis import strategies as st

from segform.resources.values import UNKNOWN
from segform_provider.protocol import codec
from segform_provider.protocol.wire import message

TEXTS = st.text(st.characters(exclude_categories=["Cs"]), max_size=8)
NUMBERS = st.one_of(
    st.integers(-(10**30), 10**30),
    st.decimals(
        allow_nan=False, allow_infinity=False, places=4, min_value=-(10**9), max_value=10**9
    ),
).map(lambda number: codec.whole(Decimal(number)))
SCALARS = {"string": TEXTS, "bool": st.booleans(), "number": NUMBERS}


@st.composite
def typed(draw: st.DrawFn, depth: int = 3) -> tuple[Any, st.SearchStrategy[Any]]:
    """A type, and what its values are drawn from."""
    modes = ["string", "bool", "number"] + (["list", "set", "map", "object"] if depth else [])
    mode = draw(st.sampled_from(modes))
    if mode in SCALARS:
        made: Any = SCALARS[mode]
        kind: Any = mode
    elif mode == "object":
        members = draw(st.dictionaries(TEXTS, typed(depth - 1), max_size=4))
        kind = ["object", {name: inner for name, (inner, _) in members.items()}]
        made = st.fixed_dictionaries({name: values for name, (_, values) in members.items()})
    else:
        inner, values = draw(typed(depth - 1))
        kind = [mode, inner]
        made = st.dictionaries(TEXTS, values, max_size=4)
        if mode != "map":
            made = st.lists(values, max_size=4)
    return kind, st.one_of(st.none(), st.just(UNKNOWN), made)


@given(st.data())
def test_what_goes_in_comes_out(data: st.DataObject) -> None:
    kind, values = data.draw(typed())
    value = data.draw(values)
    found = codec.decode(codec.encode(value, kind), kind)
    assert codec.packed(found, kind) == codec.packed(value, kind)
    if "set" not in str(kind):  # a set has no order
        assert found == value


@given(st.lists(TEXTS, unique=True, max_size=6), st.randoms())
def test_a_set_is_the_same_bytes_in_any_order(values: list[str], random: Any) -> None:
    other = list(values)
    random.shuffle(other)
    assert codec.packed(values, ["set", "string"]) == codec.packed(other, ["set", "string"])


@pytest.mark.parametrize(
    ("number", "sent"),
    [
        (5, 5),
        (Decimal("5.00"), 5),
        (2**64 - 1, 2**64 - 1),
        (2**64, str(2**64)),
        (-(2**63), -(2**63)),
        (-(2**63) - 1, str(-(2**63) - 1)),
        (Decimal("0.5"), 0.5),
        (Decimal("0.1"), "0.1"),  # no float is a tenth
        (0.25, 0.25),
    ],
)
def test_numbers_are_exact(number: Any, sent: Any) -> None:
    assert msgpack.unpackb(codec.packed(number, "number")) == sent
    assert codec.decode(codec.encode(number, "number"), "number") == codec.exact(number)


@pytest.mark.parametrize("code", [0, 12])
def test_any_extension_is_unknown(code: int) -> None:
    """With refinements, which Terraform may add, it is unknown all the same."""
    sent = message("DynamicValue")(msgpack=msgpack.packb(msgpack.ExtType(code, b"\x80")))
    assert codec.decode(sent, "string") is UNKNOWN


def test_the_form_in_json_is_read_as_well() -> None:
    sent = message("DynamicValue")(json=b'{"a": 0.1, "b": ["x", null]}')
    kind = ["object", {"a": "number", "b": ["list", "string"], "c": "bool"}]
    assert codec.decode(sent, kind) == {"a": Decimal("0.1"), "b": ["x", None], "c": None}


def test_nothing_is_none() -> None:
    assert codec.decode(message("DynamicValue")(), "string") is None


def test_a_text_is_found_without_decoding_the_rest() -> None:
    kind = ["object", {"a": ["list", "string"], "id": "string", "n": "number", "z": "string"}]
    value = {"a": ["x"], "id": "abc", "n": 5, "z": None}
    sent = codec.encode(value, kind)
    assert codec.text_at(sent, "id") == "abc"
    for name in ("n", "z", "a", "none"):  # no text, or not there
        assert codec.text_at(sent, name) == ""
    assert codec.text_at(codec.encode(None, kind), "id") == ""
