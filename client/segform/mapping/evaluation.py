"""What a mapping makes of an event: the directives, run as the service runs them."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from typing import Any, NoReturn

from .checks import refused
from .directives import METADATA, NAMES, ROOT, kind
from .errors import MAX_DEPTH, MAX_LIQUID, MAX_REPLACE, MappingError, pointer
from .values import (
    UNDEFINED,
    blank,
    get,
    item,
    ordered,
    text,
    to_json,
    truthy,
    units,
)

_Where = tuple[str, ...]
_PLACEHOLDERS = (re.compile(r"\{\{\{([^}]+)\}\}\}"), re.compile(r"\{\{([^}]+)\}\}"))


def evaluate(mapping: Mapping[str, Any], event: Mapping[str, Any]) -> Any:
    """What the action is given for an event (plain JSON values), None for nothing at all.

    What has no value is left out, null is kept. Neither argument is changed; what is taken from the
    event as a whole is shared with it. Raises MappingError, with the place, for a mapping that the
    service refuses and for one that fails with this event: the service sends nothing then.
    """
    if not isinstance(event, Mapping):
        raise MappingError(f"an event is an object, not {kind(event)}")
    found = transform(mapping, event, ())
    return None if found is UNDEFINED else found


def transform(mapping: Any, event: Any, where: _Where) -> Any:
    """A whole mapping, which is looked at before it is resolved."""
    if not isinstance(mapping, Mapping):
        raise MappingError(f"a mapping is an object, not {kind(mapping)}")
    if event is UNDEFINED:  # `apply` in an `apply` that gave nothing
        event = {}
    if not isinstance(event, Mapping):
        fail(where, f"the event is {kind(event)}, and no object")
    problems = refused(mapping)
    if problems:
        raise MappingError("; ".join([str(one) for one in problems[:5]]), problems)
    whole: Any = mapping
    if ROOT in mapping:
        [(name, options)] = mapping[ROOT].items()
        if isinstance(options, Mapping):
            rest = {key: value for key, value in mapping.items() if key != ROOT}
            options = {**options, "mapping": rest}
        whole = {name: options}
    try:
        return cleaned(resolve(whole, event, where))
    except RecursionError:
        raise MappingError("the event is nested too deep to be written as JSON") from None


def resolve(mapping: Any, event: Any, where: _Where) -> Any:
    """A value of a mapping with its directives carried out."""
    if isinstance(mapping, Mapping):
        if len(where) > MAX_DEPTH * 2:
            fail(where, "it is nested too deep")
        name = _directive(mapping)
        if name is None:
            return {
                key: resolve(value, event, (*where, str(key))) for key, value in mapping.items()
            }
        run = _RUN.get(name)
        if run is None:
            fail(where, f"there is no directive {name}. There are: {', '.join(NAMES)}")
        return run(mapping[name], event, (*where, name))
    if isinstance(mapping, (list, tuple)):
        return [resolve(one, event, (*where, str(place))) for place, one in enumerate(mapping)]
    return mapping


def _directive(mapping: Mapping[str, Any]) -> str | None:
    found = None
    for key in mapping:
        if isinstance(key, str) and key.startswith("@"):
            found = found or key
        elif key != METADATA:
            return None
    return found


def fail(where: _Where, words: str) -> NoReturn:
    """Raise the error for a directive that cannot be carried out."""
    raise MappingError(f"at {pointer(where)}: {words}")


def cleaned(value: Any) -> Any:
    """A result without what is not there: left out of objects, null in arrays.

    Copies what it goes through, without recursion: events may be nested as deep as they like.
    """
    top: list[Any] = [value]
    pending: list[tuple[Any, Any]] = [(top, 0)]
    while pending:
        holder, key = pending.pop()
        one = holder[key]
        if isinstance(one, Mapping):
            copy: Any = {name: held for name, held in one.items() if held is not UNDEFINED}
            pending += [(copy, name) for name in copy]
        elif isinstance(one, (list, tuple)):
            copy = [None if held is UNDEFINED else held for held in one]
            pending += [(copy, place) for place in range(len(copy))]
        else:
            continue
        holder[key] = copy
    return top[0]


def _options(given: Any, where: _Where) -> Mapping[str, Any]:
    if isinstance(given, Mapping):
        return given
    fail(where, f"it takes an object, not {kind(given)}")


def _needed(options: Mapping[str, Any], key: str, where: _Where) -> Any:
    """A key that must have a value that JavaScript takes for true."""
    value = options.get(key, UNDEFINED)
    if not truthy(value):
        fail(where, f"it needs `{key}`")
    return value


def _texts(given: Any, event: Any, where: _Where) -> str:
    """A directive's text, which another directive may give."""
    found = resolve(given, event, where)
    if isinstance(found, str):
        return found
    fail(where, f"it takes a string, not {'nothing' if found is UNDEFINED else kind(found)}")


def _path(given: Any, event: Any, where: _Where) -> Any:
    return get(event, bare(_texts(given, event, where)))


def bare(path: str) -> str:
    """A path without the `$.` that stands for the event."""
    return path.replace("$.", "", 1)


def _template(given: Any, event: Any, where: _Where) -> str:
    template = _texts(given, event, where)
    for placeholder in _PLACEHOLDERS:
        template = placeholder.sub(lambda found: _filled(found[1], event), template)
    return template


def _filled(path: str, event: Any) -> str:
    value = get(event, path.strip())
    return "" if value is None or value is UNDEFINED else text(value)


def _if(given: Any, event: Any, where: _Where) -> Any:
    options = _options(given, where)
    if not truthy(options.get("exists")) and not truthy(options.get("blank")):
        fail(where, "it needs `exists` or `blank`")
    if "exists" in options:
        value = resolve(options["exists"], event, (*where, "exists"))
        holds = value is not None and value is not UNDEFINED
    else:
        # The name says the opposite: `then` is for a value that is not blank.
        holds = not blank(resolve(options["blank"], event, (*where, "blank")))
    branch = "then" if holds else "else"
    if branch in options and (holds or truthy(options["else"])):
        return resolve(options[branch], event, (*where, branch))
    return UNDEFINED


def _case(given: Any, event: Any, where: _Where) -> Any:
    options = _options(given, where)
    operator = _needed(options, "operator", where)
    if not truthy(options.get("value")):
        return UNDEFINED
    value = resolve(options["value"], event, (*where, "value"))
    if not isinstance(value, str):
        return value
    if operator not in ("lower", "upper"):
        fail(where, f'`operator` is "lower" or "upper", not {operator!r}')
    return value.lower() if operator == "lower" else value.upper()


def _replace(given: Any, event: Any, where: _Where) -> Any:
    options = _options(given, where)
    pattern = _needed(options, "pattern", where)
    if not truthy(options.get("value")):
        return UNDEFINED
    value = resolve(options["value"], event, (*where, "value"))
    if isinstance(value, (bool, int, float)) or kind(value) == "number":
        value = text(value)
    replacement = _or(options, "replacement", "")
    flags = _or(options, "ignorecase", False), _or(options, "global", True)
    if not isinstance(value, str) or not isinstance(pattern, str):
        return ""
    if not isinstance(replacement, str) or not all(isinstance(flag, bool) for flag in flags):
        return ""
    value = replaced(value, pattern, replacement, flags, where)
    second = options.get("pattern2")
    if second and isinstance(second, str):
        into = _or(options, "replacement2", "")
        if isinstance(into, str):
            value = replaced(value, second, into, flags, where)
    return value


def _or(options: Mapping[str, Any], key: str, otherwise: Any) -> Any:
    value = options.get(key)
    return otherwise if value is None else value


def replaced(
    value: str, pattern: str, replacement: str, flags: tuple[bool, bool], where: _Where
) -> str:
    """A text with another text in it replaced: `flags` are ignore case, and every place."""
    for name, one in (("pattern", pattern), ("replacement", replacement)):
        if len(units(one)) > MAX_REPLACE:
            fail(where, f"`{name}` has more than {MAX_REPLACE} characters")
    ignore, every = flags
    folded, sought = (_folded(value), _folded(pattern)) if ignore else (value, pattern)
    found, start = [], 0
    while True:
        at = folded.find(sought, start)
        if at < 0:
            break
        found += [value[start:at], _inserted(replacement, value, at, at + len(pattern))]
        start = at + len(pattern)
        if not every:
            break
    return "".join([*found, value[start:]])


def _folded(value: str) -> str:
    """A text in which letters are alike that differ in case only; as long as it was."""
    return "".join([_fold(char) for char in value])


def _fold(char: str) -> str:
    upper = char.upper()
    if len(upper) != 1 or char > "\uffff" or (char > "\x7f" and upper <= "\x7f"):
        return char
    return upper


_INSERTED = re.compile(r"\$([$&`'])")


def _inserted(replacement: str, value: str, start: int, end: int) -> str:
    if "$" not in replacement:
        return replacement
    parts = {"$": "$", "&": value[start:end], "`": value[:start], "'": value[end:]}
    return _INSERTED.sub(lambda found: parts[found[1]], replacement)


def _array_path(given: Any, event: Any, where: _Where) -> Any:
    if not isinstance(given, (list, tuple)):
        fail(where, f"it takes an array, not {kind(given)}")
    path = given[0] if given else UNDEFINED
    shape = given[1] if len(given) > 1 else None
    root = get(event, bare(path)) if isinstance(path, str) else resolve(path, event, (*where, "0"))
    if not isinstance(root, (Mapping, list, tuple)):
        return root
    if not isinstance(shape, Mapping) or not shape:
        return root
    items = [root] if isinstance(root, Mapping) else root
    return [resolve(shape, one, (*where, "1")) for one in items]


def _flatten(given: Any, event: Any, where: _Where) -> Any:
    options = _options(given, where)
    separator = resolve(_needed(options, "separator", where), event, (*where, "separator"))
    if not isinstance(separator, str):
        fail(where, f"`separator` is a string, not {kind(separator)}")
    value = resolve(options.get("value", UNDEFINED), event, (*where, "value"))
    return flattened(value, separator, truthy(options.get("omitArrays")))


def flattened(value: Any, separator: str, omit_arrays: bool) -> dict[str, Any]:
    """An object with one level of keys, joined; with `omit_arrays` arrays stay as they are."""
    found: dict[str, Any] = {}
    pending: list[tuple[str, Any]] = [("", value)]
    while pending:
        prefix, one = pending.pop()
        if isinstance(one, Mapping):
            pairs = [(str(key), one[key]) for key in ordered(one)]
        elif isinstance(one, (list, tuple)) and not omit_arrays:
            pairs = [(str(place), held) for place, held in enumerate(one)]
        else:
            found[prefix] = one
            continue
        joined = f"{prefix}{separator}" if prefix else ""
        pending += [(f"{joined}{key}", held) for key, held in reversed(pairs)]
    return found


def _json(given: Any, event: Any, where: _Where) -> Any:
    options = _options(given, where)
    mode = _needed(options, "mode", where)
    value = resolve(_needed(options, "value", where), event, (*where, "value"))
    if mode == "encode":
        return to_json(value)
    if mode != "decode":
        return UNDEFINED
    return decoded(value) if isinstance(value, str) else value


def decoded(value: str) -> Any:
    """What a text is as JSON; the text itself where it is none."""
    import json

    try:
        return json.loads(value, parse_constant=_refuse)
    except (ValueError, RecursionError):
        return value


def _refuse(word: str) -> NoReturn:
    raise ValueError(word)


def _merge(given: Any, event: Any, where: _Where) -> Any:
    options = _options(given, where)
    direction = resolve(_needed(options, "direction", where), event, (*where, "direction"))
    objects = _needed(options, "objects", where)
    if not isinstance(objects, (list, tuple)):
        fail(where, f"`objects` is an array, not {kind(objects)}")
    found = [
        resolve(one, event, (*where, "objects", str(place))) for place, one in enumerate(objects)
    ]
    merged: dict[str, Any] = {}
    for one in reversed(found) if direction == "left" else found:
        if isinstance(one, Mapping):
            merged |= one
        elif isinstance(one, (list, tuple, str)):
            merged |= {str(place): item(one, str(place)) for place in range(item(one, "length"))}
    return merged


def _transform(given: Any, event: Any, where: _Where) -> Any:
    options = _options(given, where)
    mapping = _needed(options, "mapping", where)
    apply = _needed(options, "apply", where)
    if not isinstance(apply, Mapping):
        fail(where, f"`apply` is an object, not {kind(apply)}")
    changed = transform(apply, event, (*where, "apply"))
    return resolve(mapping, changed, (*where, "mapping"))


def _exclude_when_null(given: Any, event: Any, where: _Where) -> Any:
    found = resolve(given, event, where)
    return UNDEFINED if found is None else without_nulls(found)


def without_nulls(value: Any) -> Any:
    """An object without its nulls, nor those of objects in it; arrays are left as they are."""
    top: list[Any] = [value]
    pending: list[tuple[Any, Any]] = [(top, 0)]
    while pending:
        holder, key = pending.pop()
        if isinstance(holder[key], Mapping):
            copy = {name: UNDEFINED if held is None else held for name, held in holder[key].items()}
            holder[key] = copy
            pending += [(copy, name) for name in copy]
    return top[0]


def _liquid(given: Any, event: Any, where: _Where) -> str:
    if not isinstance(given, str):
        fail(where, f"it takes a string, not {kind(given)}")
    if not given:
        return ""
    if len(units(given)) > MAX_LIQUID:
        fail(where, f"it has more than {MAX_LIQUID} characters")
    from .liquid import LiquidError, render

    try:
        return render(given, event)
    except LiquidError as problem:
        fail(where, str(problem))


_RUN: dict[str, Callable[[Any, Any, _Where], Any]] = {
    "@path": _path,
    "@template": _template,
    "@literal": resolve,
    "@if": _if,
    "@case": _case,
    "@replace": _replace,
    "@arrayPath": _array_path,
    "@json": _json,
    "@flatten": _flatten,
    "@merge": _merge,
    "@transform": _transform,
    "@excludeWhenNull": _exclude_when_null,
    "@liquid": _liquid,
}
