"""Bodies and queries of the Config API, read with care: whatever is sent, 400 is the worst."""

from __future__ import annotations

import base64
import re
from typing import Any
from urllib.parse import parse_qsl

from segform_emulator.exact import dumps, loads
from segform_emulator.query import LARGEST_PAGE
from segform_emulator.workspace import Object

from .errors import invalid

# Of 10 or 100, as the documents have it.
DEFAULT_PAGE = 100
# Deeper than any schema; beyond it lies the end of Python's stack.
_DEEPEST = 100
_NUMBER = re.compile(r"[0-9]{1,9}\Z")
_FLAGS = {"true": True, "false": False}


def body(content: bytes) -> Object:
    """The object of a request; no content is an empty one. Raises `Fault` 400."""
    if not content.strip():
        return {}
    try:
        given = loads(content)
        _measure(given)
        # Half of a surrogate pair could not be answered.
        dumps(given).encode()
    except (ValueError, ArithmeticError, RecursionError):
        raise invalid("The request contains invalid JSON.") from None
    if not isinstance(given, dict):
        raise invalid("The request has to be a JSON object.")
    return given


def _measure(value: Any) -> None:
    level = [value]
    for _ in range(_DEEPEST):
        inner: list[Any] = []
        for one in level:
            if isinstance(one, dict):
                inner += one.values()
            elif isinstance(one, list):
                inner += one
        if not inner:
            return
        level = inner
    raise ValueError("too deep")


def pagination(text: str) -> Object:
    """`page_size` and `page_token` of a query, as the `pagination` of the Public API."""
    given = dict(parse_qsl(text, keep_blank_values=True))
    size = given.get("page_size") or "0"
    if not _NUMBER.match(size) or int(size) > LARGEST_PAGE:
        raise invalid(f"page_size has to be a number up to {LARGEST_PAGE}")
    token = given.get("page_token", "")
    if token and not _is_token(token):
        raise invalid("page_token is none that a list gave")
    return {"count": int(size) or DEFAULT_PAGE, "cursor": token}


def _is_token(token: str) -> bool:
    """Tokens are the cursors of the Public API: where the page starts, in base64."""
    try:
        start = base64.b64decode(token, validate=True).decode("ascii")
    except ValueError:
        return False
    return _NUMBER.match(start) is not None


def text(given: Object, name: str, what: str) -> str:
    """A text field; empty where it is missing."""
    found = given.get(name)
    if found is None:
        return ""
    if not isinstance(found, str):
        raise invalid(f"{what}.{name} has to be a string")
    return found


def flag(value: Any, what: str) -> bool:
    """A boolean, or the text of one, which the tutorial sends; False where it is missing."""
    if value is None:
        return False
    if isinstance(value, str):
        value = _FLAGS.get(value)
    if not isinstance(value, bool):
        raise invalid(f"{what} has to be a boolean")
    return value


def wrapped(given: Object, name: str) -> Object:
    """The object that a request wraps in its name; empty where it is missing."""
    found = given.get(name)
    if found is None:
        return {}
    if not isinstance(found, dict):
        raise invalid(f"{name} has to be an object")
    return found


def changes(given: Object, name: str, fields: tuple[str, ...]) -> Object:
    """What an update asks for, by field: values of the paths in its mask, None to empty one.

    A path is `{name}.{field}`; a field may be `rules.events`. Without a mask nothing changes.
    """
    values = wrapped(given, name)
    made: Object = {}
    for path in _paths(given):
        field = path.removeprefix(f"{name}.")
        if field == path or field not in fields:
            known = ", ".join(f"{name}.{one}" for one in fields)
            raise invalid(f"update_mask has {path!r}; the paths are {known}")
        made[field] = _at(values, name, field)
    return made


def _paths(given: Object) -> list[str]:
    paths = wrapped(given, "update_mask").get("paths")
    if paths is None:
        return []
    if not isinstance(paths, list) or not all(isinstance(path, str) for path in paths):
        raise invalid("update_mask.paths has to be a list of strings")
    return paths


def _at(values: Object, name: str, field: str) -> Any:
    *parents, last = field.split(".")
    for parent in parents:
        values = wrapped(values, parent)
        name = f"{name}.{parent}"
    return values.get(last)
