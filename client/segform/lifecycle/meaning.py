"""When two values of an attribute mean the same, and how to keep the spelling people wrote.

The service answers in its own spelling: JSON with other blanks and key order, `""` for what was
left out, sets in another order, schemas with notes of its own. None of that is drift. `equal`
compares by an attribute's type; `respell` gives a live value in the prior spelling wherever both
mean the same, at every depth.

Values are Terraform's: None, bool, str, numbers, lists (list and set), dicts (map and object) and
`UNKNOWN`, which equals nothing. JSON-like types are text.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from segform.resources.definition import JSON, RULE_SCHEMA, SETTINGS, STRING, Items, Nested, Type
from segform.resources.exact import parsed
from segform.resources.values import UNKNOWN
from segform.tracking import rules

_JSON_LIKE = (JSON, SETTINGS, RULE_SCHEMA)


def same_json(a: Any, b: Any) -> bool:
    """Whether two JSON values are equal: numbers by value, `true` is not 1."""
    if isinstance(a, dict):
        return (
            isinstance(b, dict)
            and a.keys() == b.keys()
            and all(same_json(item, b[key]) for key, item in a.items())
        )
    if isinstance(a, list):
        return (
            isinstance(b, list)
            and len(a) == len(b)
            and all(same_json(x, y) for x, y in zip(a, b, strict=True))
        )
    if isinstance(a, bool) or isinstance(b, bool):
        return a is b
    return bool(a == b)


def equal(kind: Type, a: Any, b: Any) -> bool:
    """Whether `a` and `b` mean the same as values of type `kind`; unknowns equal nothing."""
    if a is UNKNOWN or b is UNKNOWN:
        return False
    if a is None or b is None:
        return _empty(kind, a) and _empty(kind, b)
    if isinstance(kind, Items):
        return _equal_items(kind, a, b)
    if isinstance(kind, Nested):
        return _equal_nested(kind, a, b)
    if kind in _JSON_LIKE and a != b:
        return _equal_text(kind, a, b)
    return bool(a == b)


def suffixed(wanted: Any, live: Any) -> bool:
    """Whether `live` is `wanted` with words after it that the service appends on its own."""
    if not isinstance(wanted, str) or not isinstance(live, str) or not wanted:
        return False
    rest = live.removeprefix(wanted)
    return live.startswith(wanted) and not rest[:1].isalnum()


def _empty(kind: Type, value: Any) -> bool:
    """Null, and what the service and Terraform's users write for it."""
    if value is None:
        return True
    if kind == STRING:
        return bool(value == "")
    if isinstance(kind, Items) or (isinstance(kind, Nested) and kind.mode != "object"):
        return len(value) == 0
    return False


def _equal_text(kind: Type, a: str, b: str) -> bool:
    if kind == RULE_SCHEMA:
        return rules.equal(a, b)
    try:
        return same_json(parsed(a), parsed(b))
    except ValueError:
        return False


def _equal_items(kind: Items, a: Any, b: Any) -> bool:
    if kind.mode != "set":
        return bool(a == b)
    return len(a) == len(b) and all(item in b for item in a) and all(item in a for item in b)


def _equal_nested(kind: Nested, a: Any, b: Any) -> bool:
    if kind.mode == "object":
        return all(equal(x.type, a.get(x.name), b.get(x.name)) for x in kind.attributes)
    element = Nested("object", *kind.attributes)
    if kind.mode == "map":
        return a.keys() == b.keys() and all(equal(element, item, b[key]) for key, item in a.items())
    if len(a) != len(b):
        return False
    if kind.mode == "list":
        return all(equal(element, x, y) for x, y in zip(a, b, strict=True))
    return all(pair is not None and equal(element, x, pair) for x, pair in matched(kind, a, b))


def respell(kind: Type, prior: Any, live: Any) -> Any:
    """`live`, with the spelling of `prior` wherever both mean the same."""
    if prior is None or prior is UNKNOWN or live is None or live is UNKNOWN:
        return prior if equal(kind, prior, live) else live
    if prior is live or equal(kind, prior, live):
        return prior
    if isinstance(kind, Nested):
        return _respell_nested(kind, prior, live)
    return live


def _respell_nested(kind: Nested, prior: Any, live: Any) -> Any:
    if kind.mode == "object":
        return {
            x.name: respell(x.type, prior.get(x.name), live.get(x.name)) for x in kind.attributes
        }
    element = Nested("object", *kind.attributes)
    if kind.mode == "map":
        return {key: respell(element, prior.get(key), item) for key, item in live.items()}
    if kind.mode == "list":
        padded = [*prior, *([None] * max(0, len(live) - len(prior)))]
        return [respell(element, padded[i], item) for i, item in enumerate(live)]
    return [respell(element, pair, item) for item, pair in matched(kind, live, prior)]


def matched(kind: Nested, items: Iterable[Any], others: Iterable[Any]) -> list[tuple[Any, Any]]:
    """Each element of a set with the one of `others` that is the same thing, or None.

    Elements are the same by the set's identity attributes; where it has none, by meaning.
    """
    if kind.identity:
        index = {identity(kind, other): other for other in others if other is not UNKNOWN}
        return [(x, None if x is UNKNOWN else index.get(identity(kind, x))) for x in items]
    element = Nested("object", *kind.attributes)
    left = list(others)
    pairs: list[tuple[Any, Any]] = []
    for item in items:
        found = next((i for i, other in enumerate(left) if equal(element, item, other)), None)
        pairs.append((item, None if found is None else left.pop(found)))
    return pairs


def identity(kind: Nested, element: dict[str, Any]) -> tuple[Any, ...]:
    """What makes an element of a set the same one although its other attributes changed."""
    found = []
    for name in kind.identity:
        value = element.get(name)
        # A rule of IDENTIFY has the key null or "", depending on who is asked; numbers arrive as
        # int or Decimal, which hash alike.
        empty = kind[name].type == STRING and value == ""
        found.append(None if empty else value)
    return tuple(found)
