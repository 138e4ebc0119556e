"""What is different between two events, in words."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

_MOST = 12
_LONG = 60


def differences(before: Mapping[str, Any], after: Mapping[str, Any]) -> list[str]:
    """What came, went and changed, by path; a few, and how many more there are."""
    found = list(_walk(before, after))
    if len(found) <= _MOST:
        return found
    return [*found[: _MOST - 1], f"and {len(found) - _MOST + 1} more"]


def _walk(before: Mapping[str, Any], after: Mapping[str, Any]) -> Iterator[str]:
    pending: list[tuple[str, Any, Any]] = [("", before, after)]
    while pending:
        path, old, new = pending.pop()
        if old is new:
            continue
        if isinstance(old, Mapping) and isinstance(new, Mapping):
            keys = [*old, *[key for key in new if key not in old]]
            for key in reversed(keys):
                inner = f"{path}.{key}" if path else str(key)
                pending.append((inner, old.get(key, _NOTHING), new.get(key, _NOTHING)))
        elif isinstance(old, list) and isinstance(new, list) and len(old) == len(new):
            places = reversed(range(len(old)))
            pending += [(f"{path}.{place}", old[place], new[place]) for place in places]
        elif new is _NOTHING:
            yield f"{path} is taken out"
        elif old is _NOTHING:
            yield f"{path} is {shown(new)}, which was not there"
        elif not _same(old, new):
            yield f"{path} is {shown(new)}, was {shown(old)}"


_NOTHING = object()


def _same(old: Any, new: Any) -> bool:
    try:
        return type(old) is type(new) and bool(old == new)
    except RecursionError:
        return False


def shown(value: Any) -> str:
    """A value, short."""
    if isinstance(value, str):
        return f"“{value[:_LONG]}…”" if len(value) > _LONG else f"“{value}”"
    if isinstance(value, Mapping):
        return f"an object of {len(value)}"
    if isinstance(value, (list, tuple)):
        return f"a list of {len(value)}"
    if value is None or isinstance(value, bool):
        return {None: "null", True: "true", False: "false"}[value]
    return str(value)[:_LONG]
