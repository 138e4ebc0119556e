"""Conditions that cannot hold together, cannot fail together, or say a thing twice.

Looks at comparisons of one field with constants. A group of `or` that only lists values of one
field counts as a list of values.
"""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal

from .formatting import expression, shown
from .known import Found
from .syntax import (
    And,
    Bool,
    Call,
    Compare,
    Expression,
    List,
    Not,
    Null,
    Number,
    Or,
    Path,
    String,
)

# What one condition says of a value: that it is one of these, or none of these.
_Values = frozenset[Expression]


class _Facts:
    """What the conditions of one `and` say of one value."""

    def __init__(self) -> None:
        self.one_of: _Values | None = None
        self.none_of: set[Expression] = set()
        self.low: tuple[int | Decimal, bool] | None = None
        self.high: tuple[int | Decimal, bool] | None = None

    def take(self, operator: str, values: _Values) -> None:
        """One more condition."""
        if operator == "=":
            self.one_of = values if self.one_of is None else self.one_of & values
        elif operator == "!=":
            self.none_of |= values
        else:
            for value in values:
                if isinstance(value, Number):
                    self._bound(operator, value.value)

    def _bound(self, operator: str, value: int | Decimal) -> None:
        bound = (value, operator in ("<", ">"))
        if operator in (">", ">="):
            self.low = bound if self.low is None else max(self.low, bound)
        elif self.high is None or bound[0] < self.high[0]:
            self.high = bound
        elif bound[0] == self.high[0]:
            self.high = (bound[0], bound[1] or self.high[1])

    def impossible(self) -> bool:
        """Whether no value does."""
        if self.one_of is not None:
            return not any(self._allows(value) for value in self.one_of)
        if self.low is None or self.high is None:
            return False
        if self.low[0] == self.high[0]:
            return self.low[1] or self.high[1]
        return self.low[0] > self.high[0]

    def _allows(self, value: Expression) -> bool:
        if value in self.none_of:
            return False
        if self.low is None and self.high is None:
            return True
        if not isinstance(value, Number):
            return False
        number = value.value
        low, high = self.low, self.high
        above = low is None or number > low[0] or (number == low[0] and not low[1])
        under = high is None or number < high[0] or (number == high[0] and not high[1])
        return above and under


def conflicts(node: And | Or) -> Iterator[Found]:
    """What the conditions of a group say against each other."""
    yield from _twice(node)
    if isinstance(node, And):
        yield from _never(node)
    else:
        yield from _always(node)


def _twice(node: And | Or) -> Iterator[Found]:
    seen: set[Expression] = set()
    for item in node.items:
        if item in seen:
            yield (
                "warning",
                "twice",
                f"`{shown(item)}` is written twice",
                "Remove one of them",
                item.at,
            )
        seen.add(item)


def _never(node: And) -> Iterator[Found]:
    facts: dict[Expression, _Facts] = {}
    for item in _flat(node):
        said = _said(item)
        if said is None:
            continue
        subject, operator, values = said
        known = facts.setdefault(subject, _Facts())
        before = known.impossible()
        known.take(operator, values)
        if known.impossible() and not before:
            name = expression(subject)
            yield (
                "warning",
                "never",
                f"the conditions on {name} never hold together",
                _mend(known, name),
                item.at,
            )
    yield from _event_of(facts, node)


def _mend(known: _Facts, name: str) -> str:
    if known.one_of is not None and known.low is None and known.high is None:
        return f"A field has one value: join with `or`, or write {name} in [...]"
    return "Widen one of them, or join with `or`"


def _event_of(facts: dict[Expression, _Facts], node: And) -> Iterator[Found]:
    """An event's name, asked for in calls that have none."""
    kind = facts.get(Path(("type",)))
    name = facts.get(Path(("event",)))
    if kind is None or name is None or kind.one_of is None or name.one_of is None:
        return
    kinds = {value.value for value in kind.one_of if isinstance(value, String)}
    if kinds and "track" not in kinds and Null() not in name.one_of:
        yield (
            "warning",
            "never",
            f"only track calls have an event name, not {', '.join(sorted(kinds))}",
            'Write type = "track", or compare `name` for pages and screens',
            node.at,
        )


def _always(node: Or) -> Iterator[Found]:
    excluded: dict[Expression, _Values] = {}
    included: dict[Expression, _Values] = {}
    for item in node.items:
        said = _said(item)
        if said is None:
            continue
        subject, operator, values = said
        name = expression(subject)
        if operator == "=":
            included[subject] = included.get(subject, frozenset()) | values
        elif operator == "!=":
            before = excluded.get(subject)
            excluded[subject] = values if before is None else before & values
        else:
            continue
        if subject in excluded and excluded[subject] <= included.get(subject, frozenset()):
            yield (
                "warning",
                "always",
                f"one of the conditions on {name} always holds",
                f"Join with `and`, or write !({name} in [...])",
                item.at,
            )
            return


def _flat(node: And) -> list[Expression]:
    found: list[Expression] = []
    pending = list(reversed(node.items))
    while pending:
        item = pending.pop()
        if isinstance(item, And):
            pending += reversed(item.items)
        else:
            found.append(item)
    return found


def _said(item: Expression) -> tuple[Expression, str, _Values] | None:
    """(value, operator, constants) of a condition on a single value, None for others."""
    if isinstance(item, Compare):
        return _compared(item)
    if isinstance(item, Path):
        return item, "=", frozenset((Bool(True),))
    if isinstance(item, Or):
        return _listed(item)
    if isinstance(item, Not):
        inner = _said(item.operand)
        turned = {"=": "!=", "!=": "="}.get(inner[1]) if inner else None
        # What is not unequal to several values at once equals none of them: only one is turned.
        if inner and turned and (turned == "!=" or len(inner[2]) == 1):
            return inner[0], turned, inner[2]
    return None


def _compared(item: Compare) -> tuple[Expression, str, _Values] | None:
    left, right = item.left, item.right
    if item.operator in ("=", "!=") and _constant(left):
        left, right = right, left
    if not isinstance(left, (Path, Call)):
        return None
    if item.operator == "in":
        if isinstance(right, List) and right.items and all(_constant(one) for one in right.items):
            return left, "=", frozenset(right.items)
        return None
    if item.operator in ("=", "!="):
        return (left, item.operator, frozenset((right,))) if _constant(right) else None
    return (left, item.operator, frozenset((right,))) if isinstance(right, Number) else None


def _constant(node: Expression) -> bool:
    return isinstance(node, (String, Number, Bool, Null))


def _listed(node: Or) -> tuple[Expression, str, _Values] | None:
    values: set[Expression] = set()
    subject: Expression | None = None
    for item in node.items:
        said = None if isinstance(item, (Or, And)) else _said(item)
        if said is None or said[1] != "=" or (subject is not None and said[0] != subject):
            return None
        subject = said[0]
        values |= said[2]
    return None if subject is None else (subject, "=", frozenset(values))
