"""Statements built in Python: what they read as, and what Python's own words say instead."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal
from typing import Any

import pytest

from segform import fql
from segform.fql import Condition, all_of, any_of, call, field

BUILT: list[tuple[Condition, str]] = [
    (field("type") == "track", 'type = "track"'),
    (field("type") != "track", 'type != "track"'),
    (field("properties.total") > 100, "properties.total > 100"),
    (field("properties.total") >= Decimal("0.10"), "properties.total >= 0.1"),
    (field("properties.total") < 1.5, "properties.total < 1.5"),
    (
        field("properties.total") <= field("properties.limit"),
        "properties.total <= properties.limit",
    ),
    (field("a") == None, "a = null"),  # noqa: E711 - the builder's own `==`
    (field("a") == True, "a = true"),  # noqa: E712 - the builder's own `==`
    (field("a").is_true(), "a = true"),
    (field("a").is_false(), "a = false"),
    (field("a").exists(), "a != null"),
    (field("a").is_null(), "a = null"),
    (field("a") == ["x", 1, None], 'a = ["x", 1, null]'),
    (field("a").is_in(["x", field("b")]), 'a in ["x", b]'),
    (field("a").is_in({1: "of any iterable"}), "a in [1]"),
    (field("a").is_in(field("list")), "a in list"),
    (field("a").has("x"), '"x" in a'),
    (field("a").contains("x"), 'contains(a, "x")'),
    (field("a").contains(field("b")), "contains(a, b)"),
    (field("a").matches("x*"), 'match(a, "x*")'),
    (field("a").starts_with("1*[x]"), r'match(a, "1\*\[x]*")'),
    (field("a").ends_with(".js"), 'match(a, "*.js")'),
    (field("a").semver(">=", "1.2"), 'semver(a, ">=", "1.2")'),
    (field("a").length() > 0, "length(a) > 0"),
    (field("a").lowercase() == "x", 'lowercase(a) = "x"'),
    (field("a").uppercase().contains("X"), 'contains(uppercase(a), "X")'),
    (field("a").type() == "list", 'typeof(a) = "list"'),
    (call("titlecase", field("a")) == "A B", 'titlecase(a) = "A B"'),
    (field("a") == 'say "hi"', "a = 'say \"hi\"'"),
    (~(field("a") == 1), "!(a = 1)"),
    (~field("a").contains("x"), '!contains(a, "x")'),
    ((field("a") == 1) & (field("b") == 2), "a = 1 and b = 2"),
    ((field("a") == 1) & (field("b") == 2) & (field("c") == 3), "a = 1 and b = 2 and c = 3"),
    ((field("a") == 1) | (field("b") == 2) & (field("c") == 3), "a = 1 or (b = 2 and c = 3)"),
    (all_of(field("a") == 1), "a = 1"),
    (
        all_of(field("a") == 1, any_of(field("b") == 2, field("c") == 3)),
        "a = 1 and (b = 2 or c = 3)",
    ),
    (any_of(*[field("event") == name for name in "AB"]), 'event = "A" or event = "B"'),
    (field("properties", "a.b", "product 1").exists(), r"properties.a\.b.product\ 1 != null"),
    (field("properties.product 1.price").exists(), r"properties.product\ 1.price != null"),
    (field(r"a\.b.c").exists(), r"a\.b.c != null"),
    (field("and").exists(), r"\and != null"),
    (field("1st.2nd").exists(), r"\1st.\2nd != null"),
]


@pytest.mark.parametrize(("condition", "text"), BUILT, ids=[text for _, text in BUILT])
def test_what_is_built_reads_so(condition: Condition, text: str) -> None:
    assert str(condition) == text
    assert fql.parse(text) == condition.tree
    assert fql.format(condition) == text
    assert repr(condition) == f"<Condition {text}>"


def test_conditions_are_taken_in_the_place_of_texts() -> None:
    big = (field("type") == "track") & (field("properties.total") > 100)
    event = {"type": "track", "properties": {"total": 101}}
    assert fql.matches(big, event)
    assert fql.compile(big)(event)
    assert fql.describe(big) == fql.describe(str(big))
    assert fql.to_ir(big) == fql.to_ir(str(big))
    assert fql.apply_filter({"if": big, "actions": [{"type": "DROP"}]}, event) is None
    assert big == (field("type") == "track") & (field("properties.total") > 100)
    assert len({big, big}) == 1


def test_long_chains_do_not_nest() -> None:
    chain = field("a") == 0
    for number in range(1, 300):
        chain |= field("a") == number
    assert fql.matches(chain, {"a": 299})
    assert not fql.matches(chain, {"a": 300})


def _if(condition: Any) -> Any:
    return 1 if condition else 2


A, B = field("a"), field("b")
NAN = float("nan")


@pytest.mark.parametrize(
    ("wrong", "words"),
    [
        (lambda: (A == 1) and (B == 2), "Write & for `and`"),
        (lambda: (A == 1) or (B == 2), "| for `or`"),
        (lambda: not A.exists(), "~ for `not`"),
        (lambda: _if(A == 1), "fql.matches(condition, event)"),
        (lambda: 1 < A < 5, "joined with & for a < b < c"),
        (lambda: A and B, ".is_true(), .exists() or a"),  # type: ignore[unreachable]  # wrong on purpose
        (lambda: "x" in A, "write field(...).has('x')"),
        (lambda: list(A), ".has(element)"),
        (lambda: A in [B], "field(...).is_in([...]) for `in`"),
        (lambda: A < "5", "only numbers are ordered"),  # type: ignore[operator]  # wrong on purpose
        (lambda: A > True, "only numbers are ordered"),
        (lambda: A.is_in("abc"), ".contains(...)"),
        (lambda: A == {"x": 1}, "FQL has no value"),
        (lambda: A == [[1]], "FQL has no value"),
        (lambda: all_of(A), "field(...).is_true()"),  # type: ignore[arg-type]  # wrong on purpose
        (lambda: (A == 1) & A, "conditions are joined, not Value"),  # type: ignore[operator]  # wrong on purpose
        (lambda: all_of(True), "conditions are joined"),  # type: ignore[arg-type]  # wrong on purpose
    ],
)
def test_pythons_own_words_say_what_to_write(wrong: Callable[[], Any], words: str) -> None:
    with pytest.raises(TypeError) as caught:
        wrong()
    assert words in str(caught.value)


@pytest.mark.parametrize(
    ("wrong", "words"),
    [
        (lambda: A == "'\"", "both kinds of quotes"),
        (lambda: A == NAN, "no such number"),
        (lambda: A == -(10.0**308) * 10, "no such number"),
        (lambda: A == 10**500, "no such number"),
        (lambda: field(""), "empty"),
        (lambda: field("a."), "empty"),
        (lambda: field("a..b"), "empty"),
        (lambda: field("a", ""), "empty"),
        (lambda: field("a\\"), "backslash"),
        (all_of, "no condition to join"),
        (lambda: call("nope", A), "no function nope"),
        (lambda: call("contains", A), "takes 2 arguments"),
    ],
)
def test_what_fql_cannot_say_is_refused(wrong: Callable[[], Any], words: str) -> None:
    with pytest.raises(fql.FQLError, match=words):
        wrong()
