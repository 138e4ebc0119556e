"""From the arguments of a construct to the values of Terraform's JSON configuration.

It walks a kind's definition beside the value: JSON attributes become text, nulls are left out,
numbers stay exact, tokens pass through untouched.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping, Sequence
from decimal import Decimal
from typing import Any, cast

from segform.resources import Attribute, Items, Nested
from segform.resources.definition import JSON, NUMBER, RULE_SCHEMA, SETTINGS, Type

from .framework import Fn

_TOKEN_NUMBER = -1e300  # the framework writes number tokens as numbers below this
_SECRET = re.compile(r"secret|password|passphrase|private_?key|api_?key|token|credential", re.I)


def render(type_: Type | str, value: Any, path: str) -> Any:
    """The value as Terraform's configuration has it. `path` names the attribute in errors.

    Raises `TypeError` for an attribute that the definition does not have, and for one that only
    the service gives.
    """
    if value is None:
        return None
    if isinstance(type_, Nested):
        return _nested(type_, value, path)
    if isinstance(type_, Items):
        element = type_.element
        if _is_sequence(value):
            return [render(element, item, f"{path}[{at}]") for at, item in enumerate(value)]
        if isinstance(value, Mapping):
            entries = cast("Mapping[str, Any]", value)
            return {key: render(element, item, f"{path}.{key}") for key, item in entries.items()}
        return value
    if type_ in (JSON, SETTINGS, RULE_SCHEMA):
        return _json_text(value, path, templates=type_ != RULE_SCHEMA)
    return _number(value) if type_ == NUMBER else value


def _nested(type_: Nested, value: Any, path: str) -> Any:
    if type_.mode == "map" and isinstance(value, Mapping):
        entries = cast("Mapping[str, Any]", value)
        return {key: _object(type_, item, f"{path}[{key!r}]") for key, item in entries.items()}
    if type_.mode in ("list", "set") and _is_sequence(value):
        return [_object(type_, item, f"{path}[{at}]") for at, item in enumerate(value)]
    return _object(type_, value, path)


def _object(type_: Nested, value: Any, path: str) -> Any:
    if not isinstance(value, Mapping):
        return value  # a token for the whole object
    known = {item.name: item for item in type_.attributes}
    found: dict[str, Any] = {}
    for name, item in cast("Mapping[str, Any]", value).items():
        attribute = known.get(name)
        if attribute is None or not attribute.settable:
            choice = ", ".join(n for n, a in known.items() if a.settable)
            raise TypeError(f"{path} has no attribute {name!r} that can be given; it has: {choice}")
        if item is not None:
            found[name] = render(attribute.type, item, f"{path}.{name}")
    return found


def _number(value: Any) -> Any:
    # Text is what Terraform converts without passing through a binary fraction.
    if isinstance(value, Decimal) or (isinstance(value, int) and abs(value) > 2**53):
        return value if isinstance(value, bool) else str(value)
    return value


def _json_text(value: Any, path: str, *, templates: bool) -> Any:
    """JSON text of a Python value.

    Where tokens are in it (`templates`) Terraform itself writes the text. All other text is data: a
    `${` in it stays what it is.
    """
    if isinstance(value, str) or not (isinstance(value, Mapping) or _is_sequence(value)):
        return value
    if templates and _holds_token(value):
        return Fn.jsonencode(value)
    try:
        text = json.dumps(value, ensure_ascii=False)
    except TypeError as error:
        raise TypeError(f"{path} cannot be written as JSON: {error}") from error
    return text.replace("${", "$${").replace("%{", "%%{")


def _holds_token(value: Any) -> bool:
    return any(any(map(is_token, (*path, leaf))) for path, leaf in leaves(value))


def is_token(value: Any) -> bool:
    """Whether a leaf of a value is a token, or text with one in it."""
    if isinstance(value, str):
        return "{TfToken[" in value
    if isinstance(value, float):
        return value < _TOKEN_NUMBER
    return hasattr(value, "__jsii_type__")  # an object of the framework


def leaves(value: Any, path: tuple[str, ...] = ()) -> Iterator[tuple[tuple[str, ...], Any]]:
    """Every value that is neither a mapping nor a sequence, with the keys that lead to it."""
    if isinstance(value, Mapping):
        for key, item in cast("Mapping[str, Any]", value).items():
            yield from leaves(item, (*path, str(key)))
    elif _is_sequence(value):
        for at, item in enumerate(cast("Sequence[Any]", value)):
            yield from leaves(item, (*path, str(at)))
    else:
        yield path, value


def literal_secrets(attribute: Attribute, value: Any) -> list[str]:
    """Paths in a settings value that are named like a secret and hold a literal."""
    if attribute.type != SETTINGS:
        return []
    if isinstance(value, str):
        try:
            value = json.loads(value)
        except ValueError:
            return []
    return [
        ".".join((attribute.name, *path))
        for path, leaf in leaves(value)
        if path
        and _SECRET.search(path[-1])
        and isinstance(leaf, str)
        and leaf
        and not is_token(leaf)
    ]


def _is_sequence(value: Any) -> bool:
    return isinstance(value, (list, tuple, set, frozenset))
