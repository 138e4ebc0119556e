"""Statements to Python functions: closures with everything looked up that can be known before.

A condition's closure gives `True` or `False` and nothing else; a value's closure gives the value.
No input makes one raise: a value of the wrong type makes a comparison false, as a missing one does.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from decimal import Decimal
from functools import lru_cache
from operator import ge, gt, le, lt
from typing import Any, TypeAlias

from .errors import FQLError
from .functions import FUNCTIONS
from .glob import compiled
from .parser import parsed, statement
from .syntax import (
    And,
    Bool,
    Call,
    Compare,
    Everything,
    Expression,
    List,
    Not,
    Number,
    Or,
    Path,
    Statement,
    String,
)
from .values import CALLS, NUMBERS, aligned, equal, fits

Event: TypeAlias = Mapping[str, Any]
Test: TypeAlias = Callable[[Event], bool]
Value: TypeAlias = Callable[[Event], Any]


def matches(source: Any, event: Event) -> bool:
    """Whether an event (plain JSON values) satisfies a statement.

    Raises FQLSyntaxError for what does not parse, FQLError for an unknown function.
    """
    return compile_statement(source)(event)


def compile_statement(source: Any) -> Test:
    """The function that decides whether an event satisfies a statement.

    The same text gives the same function; compile once, call often. Raises as `matches`.
    """
    return _compiled(source) if isinstance(source, str) else test_of(statement(source))


@lru_cache(maxsize=1024)
def _compiled(text: str) -> Test:
    return test_of(parsed(text))


def test_of(tree: Statement) -> Test:
    """The function for a tree."""
    return _always if isinstance(tree, Everything) else condition(tree)


def _always(event: Event) -> bool:
    return True


def _never(event: Event) -> bool:
    return False


def condition(node: Expression) -> Test:
    """A node where true or false is asked for: everything that is not `true` is false."""
    if isinstance(node, Compare):
        return _comparison(node)
    if isinstance(node, And):
        return _all([condition(item) for item in _merged(node.items, "!=")])
    if isinstance(node, Or):
        return _any([condition(item) for item in _merged(node.items, "=")])
    if isinstance(node, Not):
        inner = condition(node.operand)
        return lambda event: not inner(event)
    if isinstance(node, Call):
        return _call_condition(node)
    if isinstance(node, Path):
        return _equals_constant(node, True)
    return _always if isinstance(node, Bool) and node.value else _never


def value(node: Expression) -> Value:
    """A node where its value is asked for."""
    if isinstance(node, Path):
        return getter(node.segments)
    if isinstance(node, (String, Bool, Number)):
        constant = node.value
        return lambda event: constant
    if isinstance(node, List):
        return _list(node)
    if isinstance(node, Call):
        return _call(node)
    if isinstance(node, (And, Or, Not, Compare)):
        return condition(node)
    return lambda event: None


# Fields


def getter(segments: tuple[str, ...]) -> Value:
    """The value at the end of some keys; None (null) where there is none."""
    if len(segments) == 1:
        (only,) = segments
        return lambda event: event.get(only)
    if len(segments) == 2:
        first, second = segments

        def two(event: Event) -> Any:
            found = event.get(first)
            return found.get(second) if isinstance(found, dict) else None

        return two

    def many(event: Event) -> Any:
        found: Any = event
        for key in segments:
            if not isinstance(found, dict):
                return None
            found = found.get(key)
        return found

    return many


# and, or


def _all(tests: list[Test]) -> Test:
    if len(tests) == 1:
        return tests[0]
    if len(tests) == 2:
        first, second = tests
        return lambda event: first(event) and second(event)
    if len(tests) == 3:
        one, two, three = tests
        return lambda event: one(event) and two(event) and three(event)
    several = tuple(tests)

    def every(event: Event) -> bool:
        for test in several:  # noqa: SIM110 - a generator costs twice as much
            if not test(event):
                return False
        return True

    return every


def _any(tests: list[Test]) -> Test:
    if len(tests) == 1:
        return tests[0]
    if len(tests) == 2:
        first, second = tests
        return lambda event: first(event) or second(event)
    if len(tests) == 3:
        one, two, three = tests
        return lambda event: one(event) or two(event) or three(event)
    several = tuple(tests)

    def some(event: Event) -> bool:
        for test in several:  # noqa: SIM110 - a generator costs twice as much
            if test(event):
                return True
        return False

    return some


def _merged(items: tuple[Expression, ...], operator: str) -> list[Expression]:
    """Many comparisons of one field with texts become one look-up in a set.

    For `or` of `=`, and for `and` of `!=`. Nothing has effects, so that their order is free.
    """
    texts: dict[Path, list[String]] = {}
    for item in items:
        if (plain := _plain(item, operator)) is not None:
            texts.setdefault(plain[0], []).append(plain[1])
    found: list[Expression] = []
    done: set[Path] = set()
    for item in items:
        plain = _plain(item, operator)
        if plain is None:
            found.append(item)
        elif (path := plain[0]) not in done:
            done.add(path)
            values = texts[path]
            among = Compare("in", path, List(tuple(values)))
            merged = among if operator == "=" else Not(among)
            found.append(item if len(values) == 1 else merged)
    return found


def _plain(item: Expression, operator: str) -> tuple[Path, String] | None:
    """Field and text of a comparison by this operator; None for anything else."""
    if not isinstance(item, Compare) or item.operator != operator:
        return None
    left, right = item.left, item.right
    return (left, right) if isinstance(left, Path) and isinstance(right, String) else None


# Comparisons


def _comparison(node: Compare) -> Test:
    if node.operator == "in":
        return _among(node)
    if node.operator in ("=", "!="):
        same = _equality(node)
        return same if node.operator == "=" else _not(same)
    if isinstance(node.right, Number):
        return _ordered_constant(node.operator, value(node.left), node.right.value)
    return _ordered(node.operator, value(node.left), value(node.right))


def _not(test: Test) -> Test:
    return lambda event: not test(event)


def _equality(node: Compare) -> Test:
    left, right = node.left, node.right
    if not _is_constant(right):
        left, right = right, left
    if _is_constant(right):
        return _equals_constant(left, getattr(right, "value", None))
    first, second = value(left), value(right)
    return lambda event: equal(first(event), second(event))


def _is_constant(node: Expression) -> bool:
    return not isinstance(node, (Path, Call, List, Compare, And, Or, Not))


def _equals_constant(node: Expression, constant: Any) -> Test:
    """A value against a literal: text, number, true, false or null."""
    if isinstance(constant, str) and isinstance(node, Path):
        return _equals_text(node.segments, constant)
    found = value(node)
    if constant is None or isinstance(constant, bool):
        return lambda event: found(event) is constant
    if isinstance(constant, str):
        return lambda event: found(event) == constant
    if isinstance(constant, int):

        def same(event: Event) -> bool:
            got = found(event)
            return got == constant and not isinstance(got, bool)

        return same
    # The same fraction, whether the event was read with floats or with exact decimals.
    binary = float(constant)
    return lambda event: (got := found(event)) == binary or got == constant


def _equals_text(segments: tuple[str, ...], text: str) -> Test:
    if len(segments) == 1:
        (only,) = segments
        return lambda event: event.get(only) == text
    if len(segments) == 2:
        first, second = segments

        def two(event: Event) -> bool:
            found = event.get(first)
            return isinstance(found, dict) and found.get(second) == text

        return two
    found = getter(segments)
    return lambda event: found(event) == text


def _ordered_constant(operator: str, found: Value, constant: int | Decimal) -> Test:
    binary: Any = constant if isinstance(constant, int) else float(constant)
    if operator == "<":
        return lambda event: (
            type(got := found(event)) in NUMBERS and got < _as(got, constant, binary)
        )
    if operator == "<=":
        return lambda event: (
            type(got := found(event)) in NUMBERS and got <= _as(got, constant, binary)
        )
    if operator == ">":
        return lambda event: (
            type(got := found(event)) in NUMBERS and got > _as(got, constant, binary)
        )
    return lambda event: type(got := found(event)) in NUMBERS and got >= _as(got, constant, binary)


def _as(got: Any, exact: int | Decimal, binary: Any) -> Any:
    return binary if type(got) is float else exact


_RELATIONS: dict[str, Callable[[Any, Any], Any]] = {"<": lt, "<=": le, ">": gt, ">=": ge}


def _ordered(operator: str, left: Value, right: Value) -> Test:
    holds = _RELATIONS[operator]

    def test(event: Event) -> bool:
        first, second = left(event), right(event)
        return fits(first, second) and bool(holds(*aligned(first, second)))

    return test


def _among(node: Compare) -> Test:
    found = value(node.left)
    if isinstance(node.right, List):
        texts = [item.value for item in node.right.items if isinstance(item, String)]
        if len(texts) == len(node.right.items):
            known = frozenset(texts)
            return lambda event: isinstance(got := found(event), str) and got in known
    elements = value(node.right)

    def test(event: Event) -> bool:
        items = elements(event)
        if not isinstance(items, (list, tuple)):
            return False
        got = found(event)
        if isinstance(got, (list, tuple, dict)):
            return False
        return any(equal(got, item) for item in items)

    return test


def _list(node: List) -> Value:
    if all(_is_constant(item) for item in node.items):
        constant = [getattr(item, "value", None) for item in node.items]
        return lambda event: constant
    parts = tuple(value(item) for item in node.items)
    return lambda event: [part(event) for part in parts]


# Functions


def _call(node: Call) -> Value:
    function = FUNCTIONS.get(node.name)
    if function is None:
        raise FQLError(f"there is no function {node.name}", f"There are: {', '.join(FUNCTIONS)}")
    if len(node.arguments) != len(function.takes):
        raise FQLError(
            f"{node.name} takes {len(function.takes)} arguments, not {len(node.arguments)}"
        )
    run = CALLS[node.name]
    given = [value(argument) for argument in node.arguments]
    if len(given) == 1:
        (one,) = given
        return lambda event: run(one(event))
    if len(given) == 2:
        first, second = given
        return lambda event: run(first(event), second(event))
    return lambda event: run(*[argument(event) for argument in given])


def _call_condition(node: Call) -> Test:
    fast = _text_test(node)
    if fast is not None:
        return fast
    found = _call(node)
    return lambda event: found(event) is True


def _text_test(node: Call) -> Test | None:
    """`contains` and `match` with a literal: nearly all that there are."""
    if node.name not in ("contains", "match") or len(node.arguments) != 2:
        return None
    text, sought = node.arguments
    if not isinstance(sought, String):
        return None
    found = value(text)
    if node.name == "match":
        fits_pattern = compiled(sought.value)
        return lambda event: isinstance(got := found(event), str) and fits_pattern(got)
    part = sought.value
    return lambda event: isinstance(got := found(event), str) and part in got
