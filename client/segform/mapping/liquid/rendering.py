"""A template's text for an event."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from typing import Any

from segform.mapping.values import UNDEFINED, item, number, text

from .errors import LiquidError
from .expressions import Constant, Empty, Filtered, Nil, Operation, Path, Range
from .filters import AS_THEY_ARE, FILTERS, UNSURE
from .reading import Tag, Template
from .values import falsy, plain, stringified, to_number

# Ours: numbers of a range, so that none fills the memory.
_LONGEST = 10_000


class _Stop(Exception):
    """`break` or `continue`, which end everything where there is no loop."""


def rendered(template: Template, event: Any) -> str:
    """The text of a template. Raises LiquidError."""
    if not isinstance(event, Mapping):
        raise LiquidError("the template is given no object")
    found: list[str] = []
    try:
        _Rendering(event).parts(template, found)
    except _Stop:
        pass
    except RecursionError:
        raise LiquidError("a value is nested too deep to be written") from None
    return "".join(found)


class _Rendering:
    """One event, and the variables that a template makes."""

    def __init__(self, event: Mapping[str, Any]) -> None:
        self.event = event
        self.variables: dict[str, Any] = {}
        self.counters: dict[str, Any] = {}
        self.cycles: dict[Any, int] = {}

    def parts(self, parts: Sequence[Any], into: list[str]) -> None:
        for part in parts:
            if isinstance(part, str):
                into.append(part)
            elif isinstance(part, Filtered):
                into.append(stringified(self.filtered(part)))
            else:
                self.tag(part, into)

    def tag(self, tag: Tag, into: list[str]) -> None:
        if tag.name == "assign":
            name, value = tag.value
            self.variables[name] = self.filtered(value)
        elif tag.name == "capture":
            inside: list[str] = []
            self.parts(tag.branches[0][1], inside)
            self.variables[tag.value] = "".join(inside)
        elif tag.name in ("if", "unless"):
            self._choose(tag, into)
        elif tag.name in ("increment", "decrement"):
            into.append(self._count(tag))
        elif tag.name == "cycle":
            into.append(self._cycle(*tag.value))
        else:
            raise _Stop

    def _choose(self, tag: Tag, into: list[str]) -> None:
        for place, (condition, inside) in enumerate(tag.branches):
            holds = condition is None or not falsy(self.filtered(condition))
            if condition is not None and tag.name == "unless" and place == 0:
                holds = not holds
            if holds:
                self.parts(inside, into)
                return

    def _count(self, tag: Tag) -> str:
        known = self.counters.get(tag.value, self.event.get(tag.value))
        value = known if isinstance(known, (int, float)) and not isinstance(known, bool) else 0
        if tag.name == "increment":
            self.counters[tag.value] = value + 1
            return number(value)
        self.counters[tag.value] = value - 1
        return number(value - 1)

    def _cycle(self, group: Any, values: tuple[Any, ...]) -> str:
        key = (stringified(self.value(group)) if group is not None else "", values)
        place = self.cycles.get(key, 0)
        self.cycles[key] = (place + 1) % len(values)
        return stringified(self.value(values[place]))

    def filtered(self, found: Filtered) -> Any:
        value = self.value(found.value)
        for name, values, named in found.filters:
            run = FILTERS.get(name)
            if run is None:
                if name in UNSURE:
                    raise LiquidError(f"what the filter {name} gives cannot be known here")
                continue  # the service passes what it does not know
            given = [self.value(one) for one in values]
            if name not in AS_THEY_ARE:
                given = [plain(one) for one in given]
            value = plain(value) if name not in ("json", "jsonify") else value
            try:
                value = run(
                    value, *given, **{key: plain(self.value(one)) for key, one in named.items()}
                )
            except LiquidError:
                raise
            except (TypeError, ValueError, ArithmeticError) as problem:
                raise LiquidError(f"the filter {name} fails: {problem}") from None
        return value

    def value(self, node: Any) -> Any:
        if isinstance(node, Constant):
            return node.value
        if isinstance(node, Path):
            return self._path(node)
        if isinstance(node, Operation):
            return self._operation(node)
        if isinstance(node, Range):
            low, high = to_number(self.value(node.low)), to_number(self.value(node.high))
            if high - low > _LONGEST:
                raise LiquidError("the range is too long")
            return [low + step for step in range(math.floor(high - low) + 1)]
        return UNDEFINED

    def _path(self, node: Path) -> Any:
        name = self.value(node.name)
        for scope in (self.variables, self.counters, self.event):
            if name in scope:
                found: Any = scope[name]
                break
        else:
            return UNDEFINED
        for key in node.keys:
            if found is None or found is UNDEFINED:
                return found
            found = property_of(found, self.value(key))
        return found

    def _operation(self, node: Operation) -> Any:
        left = self.value(node.sides[0])
        if node.operator == "not":
            return falsy(left)
        right = self.value(node.sides[1])
        if node.operator == "and":
            return not falsy(left) and not falsy(right)
        if node.operator == "or":
            return not falsy(left) or not falsy(right)
        if node.operator in ("==", "!="):
            return equal(left, right) is (node.operator == "==")
        if node.operator == "contains":
            return _contains(left, right)
        return _ordered(node.operator, left, right)


def property_of(found: Any, key: Any) -> Any:
    """The value below a key; `size`, `first` and `last` are there by themselves."""
    if isinstance(found, list) and isinstance(key, int) and not isinstance(key, bool):
        place = key + len(found) if key < 0 else key
        return found[place] if 0 <= place < len(found) else UNDEFINED
    name = stringified(key)
    value = item(found, name)
    if value is not UNDEFINED and not (isinstance(found, list) and name in ("first", "last")):
        return value
    if name == "size" and isinstance(found, (Mapping, list, str)):
        return item(found, "length") if not isinstance(found, Mapping) else len(found)
    if name in ("first", "last") and isinstance(found, list):
        return found[0 if name == "first" else -1] if found else UNDEFINED
    return UNDEFINED


def equal(left: Any, right: Any) -> bool:
    """Whether two values are the same; `empty` and `blank` are what has nothing in it."""
    for one, other in ((left, right), (right, left)):
        if isinstance(one, Empty):
            return _is_empty(other, one.blank)
        if isinstance(one, Nil):
            return other is None or other is UNDEFINED or isinstance(other, Nil)
    if isinstance(left, list):
        if not isinstance(right, list) or len(left) != len(right):
            return False
        return all(equal(one, other) for one, other in zip(left, right, strict=True))
    if isinstance(left, Mapping):
        return left is right
    if isinstance(left, bool) or isinstance(right, bool):
        return left is right
    return type(left) is type(right) and left == right if isinstance(left, str) else left == right


def _is_empty(value: Any, blank: bool) -> bool:
    if isinstance(value, Empty):
        return False
    if isinstance(value, str):
        return not (value.strip() if blank else value)
    if isinstance(value, (list, Mapping)):
        return not value
    return blank and falsy(value)


def _contains(left: Any, right: Any) -> bool:
    if isinstance(left, list):
        return any(equal(one, right) for one in left)
    left = plain(left)
    return isinstance(left, str) and text(plain(right)) in left


def _ordered(operator: str, left: Any, right: Any) -> bool:
    if isinstance(left, (Empty, Nil)) or isinstance(right, (Empty, Nil)):
        return False
    one, other = (
        text(side) if isinstance(side, (list, Mapping)) else side for side in (left, right)
    )
    if not (isinstance(one, str) and isinstance(other, str)):
        one, other = to_number(one, nan=True), to_number(other, nan=True)
    holds = {"<": one < other, "<=": one <= other, ">": one > other, ">=": one >= other}
    return bool(holds[operator])
