"""The functions of FQL: what they take and what they give. What they do: `evaluation`."""

from __future__ import annotations

from typing import NamedTuple

STRING, NUMBER, BOOL, LIST, NULL = "string", "number", "bool", "list", "null"
Types = frozenset[str]
ANY: Types = frozenset((STRING, NUMBER, BOOL, LIST, NULL))
_TEXT: Types = frozenset((STRING, NULL))


class Function(NamedTuple):
    """The types of each argument (null, a missing field, is taken everywhere) and of the result.

    `documented`: False for what only the evaluator in browsers knows; `device`: whether that one
    knows it; `exact`: False where the documentation does not say what exactly comes out.
    """

    takes: tuple[Types, ...]
    gives: Types
    documented: bool = True
    device: bool = False
    exact: bool = True


FUNCTIONS: dict[str, Function] = {
    "contains": Function((_TEXT, _TEXT), frozenset((BOOL,)), device=True),
    "match": Function((_TEXT, _TEXT), frozenset((BOOL,)), device=True),
    "length": Function((frozenset((STRING, LIST, NULL)),), frozenset((NUMBER,)), device=True),
    "lowercase": Function((_TEXT,), _TEXT, device=True),
    "uppercase": Function((_TEXT,), _TEXT),
    "snakecase": Function((_TEXT,), _TEXT),
    "kebabcase": Function((_TEXT,), _TEXT),
    "titlecase": Function((_TEXT,), _TEXT),
    "typeof": Function((ANY,), frozenset((STRING,)), device=True),
    "bool": Function((ANY,), frozenset((BOOL,)), exact=False),
    "string": Function((ANY,), frozenset((STRING,)), exact=False),
    "number": Function(
        (frozenset((STRING, NUMBER, NULL)),), frozenset((NUMBER, NULL)), exact=False
    ),
    "semver": Function(
        (_TEXT, frozenset((STRING,)), _TEXT), frozenset((BOOL,)), documented=False, device=True
    ),
}
# What `typeof` answers.
TYPE_NAMES = (STRING, NUMBER, LIST, BOOL, NULL)
SEMVER_OPERATORS = ("=", "!=", ">", ">=", "<", "<=")
