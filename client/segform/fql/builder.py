"""Statements built in Python: `(field("type") == "track") & field("properties.total").exists()`.

What is built is a `Condition`: its `str()` is FQL, and every function of this package that takes a
text takes it too. Python's `and`, `or`, `not`, `in` and chained comparisons cannot be given a new
meaning; they ask a condition for its truth, which raises and says what to write instead.
"""

from __future__ import annotations

from collections.abc import Iterable
from decimal import Decimal
from typing import Any, NoReturn, TypeAlias

from .errors import FQLError
from .formatting import expression, path, quoted, written
from .functions import FUNCTIONS
from .lexer import segments
from .syntax import (
    And,
    Bool,
    Call,
    Compare,
    Expression,
    Item,
    List,
    Not,
    Null,
    Number,
    Operator,
    Or,
    Path,
    String,
    number,
)

Scalar: TypeAlias = "str | bool | int | float | Decimal | None"


class Condition:
    """Something that is true or false of an event. Join with `&`, `|`, turn around with `~`."""

    __slots__ = ("tree",)

    def __init__(self, tree: Expression) -> None:
        self.tree = tree

    def __and__(self, other: Condition) -> Condition:
        return all_of(self, other)

    def __or__(self, other: Condition) -> Condition:
        return any_of(self, other)

    def __invert__(self) -> Condition:
        return Condition(Not(self.tree))

    def __bool__(self) -> NoReturn:
        raise TypeError(
            f"`{self}` is true or false only for an event. Write & for `and`, | for `or`, ~ for "
            "`not` (each side in parentheses), all_of(...) or any_of(...); "
            "field(...).is_in([...]) for `in`; two comparisons joined with & for a < b < c; "
            "fql.matches(condition, event) to ask about an event"
        )

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Condition) and self.tree == other.tree

    def __hash__(self) -> int:
        return hash(self.tree)

    def __str__(self) -> str:
        return written(self.tree)

    def __repr__(self) -> str:
        return f"<Condition {self}>"


class Value:
    """A field of the event, or what a function makes of it. Comparing gives a `Condition`."""

    __slots__ = ("tree",)

    def __init__(self, tree: Expression) -> None:
        self.tree = tree

    def __eq__(self, other: Value | Scalar | list[Any]) -> Condition:  # type: ignore[override]  # a comparison makes a condition, no truth
        return self._compare("=", other)

    def __ne__(self, other: Value | Scalar | list[Any]) -> Condition:  # type: ignore[override]  # a comparison makes a condition, no truth
        return self._compare("!=", other)

    def __lt__(self, other: Value | float | Decimal) -> Condition:
        return self._compare("<", _ordered(other))

    def __le__(self, other: Value | float | Decimal) -> Condition:
        return self._compare("<=", _ordered(other))

    def __gt__(self, other: Value | float | Decimal) -> Condition:
        return self._compare(">", _ordered(other))

    def __ge__(self, other: Value | float | Decimal) -> Condition:
        return self._compare(">=", _ordered(other))

    def _compare(self, operator: Operator, other: Any) -> Condition:
        return Condition(Compare(operator, self.tree, _tree(other)))

    def __hash__(self) -> int:
        return hash(self.tree)

    def __bool__(self) -> NoReturn:
        raise TypeError(
            f"`{self}` has a value only for an event. Write .is_true(), .exists() or a comparison, "
            "and & | ~ in the place of `and` `or` `not`"
        )

    def __contains__(self, item: object) -> NoReturn:
        raise TypeError(f"write field(...).has({item!r}): Python's `in` cannot build a condition")

    def __iter__(self) -> NoReturn:
        raise TypeError("a field has no elements before there is an event; write .has(element)")

    def is_in(self, values: Iterable[Value | Scalar] | Value) -> Condition:
        """Whether the value is one of a list: of values, or the list that another field holds."""
        if isinstance(values, str):
            raise TypeError("is_in takes a list of values; write .contains(...) for part of a text")
        right = values.tree if isinstance(values, Value) else _list(values)
        return Condition(Compare("in", self.tree, right))

    def has(self, item: Value | Scalar) -> Condition:
        """Whether the list that this field holds has an element."""
        return Condition(Compare("in", _tree(item), self.tree))

    def exists(self) -> Condition:
        """Whether there is a value that is not null."""
        return Condition(Compare("!=", self.tree, Null()))

    def is_null(self) -> Condition:
        """Whether the value is null or missing."""
        return Condition(Compare("=", self.tree, Null()))

    def is_true(self) -> Condition:
        """Whether the value is `true`."""
        return Condition(Compare("=", self.tree, Bool(True)))

    def is_false(self) -> Condition:
        """Whether the value is `false`."""
        return Condition(Compare("=", self.tree, Bool(False)))

    def contains(self, part: str | Value) -> Condition:
        """Whether a text has another one in it."""
        return Condition(Call("contains", (self.tree, _tree(part))))

    def matches(self, pattern: str | Value) -> Condition:
        """Whether a whole text matches a glob pattern: `*`, `?`, `[a-z]`."""
        return Condition(Call("match", (self.tree, _tree(pattern))))

    def starts_with(self, text: str) -> Condition:
        """Whether a text begins with another one."""
        return self.matches(f"{literally(text)}*")

    def ends_with(self, text: str) -> Condition:
        """Whether a text ends with another one."""
        return self.matches(f"*{literally(text)}")

    def semver(self, operator: str, version: str | Value) -> Condition:
        """Whether a version stands in a relation to another one. Not documented by Segment."""
        return Condition(Call("semver", (self.tree, String(operator), _tree(version))))

    def length(self) -> Value:
        """Elements of a list, bytes of a text."""
        return call("length", self)

    def lowercase(self) -> Value:
        """The text in lower case."""
        return call("lowercase", self)

    def uppercase(self) -> Value:
        """The text in upper case."""
        return call("uppercase", self)

    def type(self) -> Value:
        """The type: "string", "number", "list", "bool" or "null"."""
        return call("typeof", self)

    def __str__(self) -> str:
        return expression(self.tree)

    def __repr__(self) -> str:
        return f"<Value {self}>"


def field(name: str, *keys: str) -> Value:
    """A field of the event.

    One argument is a dotted path as FQL has it, `field("properties.total")`, where characters that
    FQL would have escaped may stand as they are. With more arguments each is one key, taken
    literally: `field("properties", "product 1.price")`.
    """
    found = (name, *keys) if keys else segments(name)
    if not keys and (len(name) - len(name.rstrip("\\"))) % 2:
        raise FQLError(f"the backslash behind {name!r} escapes nothing", "Remove it")
    tree = Path(found)
    path(found)  # refuses empty keys
    if not keys and "." in name and (name[0] == "." or name[-1] == "." or ".." in name):
        raise FQLError(f"a key of the field {name!r} is empty", "Remove the dot")
    return Value(tree)


def call(name: str, *arguments: Value | Condition | Scalar) -> Value:
    """A function's result: `call("titlecase", field("traits.name"))`. Raises FQLError."""
    function = FUNCTIONS.get(name)
    if function is None:
        raise FQLError(f"there is no function {name}", f"There are: {', '.join(FUNCTIONS)}")
    if len(arguments) != len(function.takes):
        raise FQLError(
            f"{name} takes {len(function.takes)} arguments, not {len(arguments)} were given"
        )
    return Value(Call(name, tuple(_tree(argument) for argument in arguments)))


def all_of(*conditions: Condition) -> Condition:
    """True when all of them are. Conditions joined so before are taken into the one list."""
    return _joined(And, conditions)


def any_of(*conditions: Condition) -> Condition:
    """True when at least one of them is."""
    return _joined(Or, conditions)


def _joined(group: type[And] | type[Or], conditions: tuple[Condition, ...]) -> Condition:
    items: list[Expression] = []
    for one in conditions:
        if not isinstance(one, Condition):
            raise TypeError(
                f"conditions are joined, not {type(one).__name__}. Put each comparison in "
                "parentheses: (a == 1) & (b == 2); compare a field: field(...).is_true()"
            )
        items += one.tree.items if isinstance(one.tree, group) else (one.tree,)
    if not items:
        raise FQLError("there is no condition to join", "Give at least one")
    return Condition(items[0] if len(items) == 1 else group(tuple(items)))


def literally(text: str) -> str:
    """A text as a glob pattern that matches it and nothing else."""
    return "".join(f"\\{char}" if char in "*?[\\" else char for char in text)


def _ordered(other: object) -> object:
    if isinstance(other, bool) or not isinstance(other, (Value, int, float, Decimal)):
        raise TypeError(
            f"only numbers are ordered, not {other!r}: FQL takes `<` and `>` of anything else for "
            "false, dates included"
        )
    return other


def _tree(value: object) -> Expression:
    if isinstance(value, (Value, Condition)):
        return value.tree
    if isinstance(value, (list, tuple)):
        return _list(value)
    return _item(value)


def _list(values: Iterable[object]) -> List:
    items = [_item(value) for value in values]
    return List(tuple(items))


def _item(value: object) -> Item:
    if value is None:
        return Null()
    if isinstance(value, bool):
        return Bool(value)
    if isinstance(value, (int, float, Decimal)):
        return Number(number(value))
    if isinstance(value, str):
        quoted(value)  # refuses what FQL cannot write
        return String(value)
    if isinstance(value, Value) and isinstance(value.tree, Path):
        return value.tree
    raise TypeError(f"FQL has no value for {value!r}: it knows texts, numbers, booleans and null")
