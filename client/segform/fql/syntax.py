"""The syntax tree of FQL: one class for each kind of expression.

Nodes are compared by what they say, not by where they stood (`at`, the offset in the text, -1 for
those that no text was read for). They are not to be changed. No tree is deeper than `MAX_DEPTH`:
the nodes that hold others refuse it, so that whoever walks a tree may do so by recursion.
"""

from __future__ import annotations

from decimal import Decimal
from typing import Literal, TypeAlias

from .errors import MAX_DEPTH, FQLError

Operator: TypeAlias = Literal["=", "!=", "<", "<=", ">", ">=", "in"]
# No JSON number that a service reads has more digits; Python refuses to read far more.
MAX_DIGITS = 400


class Expression:
    """Base of everything that has a value. `depth`: levels of expressions below this one."""

    __slots__ = ("at",)
    at: int
    depth: int = 0

    def key(self) -> object:
        """What the node says, for comparison."""
        raise NotImplementedError

    def __eq__(self, other: object) -> bool:
        return (
            type(self) is type(other)
            and isinstance(other, Expression)
            and self.key() == other.key()
        )

    def __hash__(self) -> int:
        return hash((type(self).__name__, self.key()))

    def __repr__(self) -> str:
        return f"{type(self).__name__}({self.key()!r})"


class String(Expression):
    """A text in quotes."""

    __slots__ = ("value",)

    def __init__(self, value: str, at: int = -1) -> None:
        self.value = value
        self.at = at

    def key(self) -> str:
        return self.value


class Number(Expression):
    """A number: an `int` where it is whole, else a `Decimal`, exactly as written."""

    __slots__ = ("value",)

    def __init__(self, value: int | Decimal, at: int = -1) -> None:
        self.value = value
        self.at = at

    def key(self) -> int | Decimal:
        return self.value


class Bool(Expression):
    """`true` or `false`."""

    __slots__ = ("value",)

    def __init__(self, value: bool, at: int = -1) -> None:
        self.value = value
        self.at = at

    def key(self) -> bool:
        return self.value


class Null(Expression):
    """`null`, which is also the value of every field that an event does not have."""

    __slots__ = ()

    def __init__(self, at: int = -1) -> None:
        self.at = at

    def key(self) -> None:
        return None


class Path(Expression):
    """A field of the event: the keys that lead to it, without escapes."""

    __slots__ = ("segments",)

    def __init__(self, segments: tuple[str, ...], at: int = -1) -> None:
        self.segments = segments
        self.at = at

    def key(self) -> tuple[str, ...]:
        return self.segments


class List(Expression):
    """A list in brackets."""

    __slots__ = ("items",)

    def __init__(self, items: tuple[Item, ...], at: int = -1) -> None:
        self.items = items
        self.at = at

    def key(self) -> tuple[Item, ...]:
        return self.items


class Compare(Expression):
    """Two values and an operator between them."""

    __slots__ = ("depth", "left", "operator", "right")

    def __init__(
        self, operator: Operator, left: Expression, right: Expression, at: int = -1
    ) -> None:
        self.operator = operator
        self.left = left
        self.right = right
        self.at = at
        below = left.depth if left.depth > right.depth else right.depth
        self.depth = below + 1 if below < MAX_DEPTH else too_deep()

    def key(self) -> tuple[str, Expression, Expression]:
        return self.operator, self.left, self.right


class Not(Expression):
    """`!` and what it turns around."""

    __slots__ = ("depth", "operand")

    def __init__(self, operand: Expression, at: int = -1) -> None:
        self.operand = operand
        self.at = at
        self.depth = operand.depth + 1 if operand.depth < MAX_DEPTH else too_deep()

    def key(self) -> Expression:
        return self.operand


class _Group(Expression):
    """Two or more conditions, joined."""

    __slots__ = ("depth", "items")

    def __init__(self, items: tuple[Expression, ...], at: int = -1) -> None:
        self.items = items
        self.at = at
        below = 0
        for item in items:
            below = max(below, item.depth)
        self.depth = below + 1 if below < MAX_DEPTH else too_deep()
        if len(items) < 2:
            raise FQLError(f"{type(self).__name__} joins at least two conditions")

    def key(self) -> tuple[Expression, ...]:
        return self.items


class And(_Group):
    """All of the conditions."""

    __slots__ = ()


class Or(_Group):
    """At least one of the conditions."""

    __slots__ = ()


class Call(Expression):
    """A function and its arguments."""

    __slots__ = ("arguments", "depth", "name")

    def __init__(self, name: str, arguments: tuple[Expression, ...], at: int = -1) -> None:
        self.name = name
        self.arguments = arguments
        self.at = at
        below = 0
        for item in arguments:
            below = max(below, item.depth)
        self.depth = below + 1 if below < MAX_DEPTH else too_deep()

    def key(self) -> tuple[str, tuple[Expression, ...]]:
        return self.name, self.arguments


class Everything:
    """The statement `all`, which filters know: every event. It stands alone, in no expression."""

    __slots__ = ()
    at = 0

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Everything)

    def __hash__(self) -> int:
        return hash(Everything)

    def __repr__(self) -> str:
        return "Everything()"


Item: TypeAlias = String | Number | Bool | Null | Path
Statement: TypeAlias = Expression | Everything


def too_deep() -> int:
    """Refuse a tree that is nested deeper than this package walks."""
    raise FQLError(
        f"it is nested deeper than {MAX_DEPTH} levels",
        "Join the conditions of one level with one `and` or one `or`",
    )


def number(value: int | float | Decimal | str) -> int | Decimal:
    """A number as `Number` holds it. Raises FQLError for one that FQL cannot write."""
    exact = Decimal(repr(value) if isinstance(value, float) else value)
    if not exact.is_finite() or abs(exact.adjusted()) >= MAX_DIGITS:
        raise FQLError("FQL has no such number", f"Numbers have at most {MAX_DIGITS} digits")
    whole = exact.to_integral_value()
    return int(exact) if whole == exact else exact
