"""What the service takes and then cannot carry out, or what was hardly meant."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any

from .checks import near
from .directives import marks
from .errors import MAX_LIQUID, MAX_REPLACE, Diagnostic, pointer
from .reading import FIELDS, paths
from .values import truthy, units

_Found = Iterator[Diagnostic]
_Where = tuple[str, ...]


def doubts(mapping: Mapping[str, Any]) -> _Found:
    """All of them, in the order of the mapping. Its depth has been looked at."""
    pending: list[tuple[Any, _Where]] = [(mapping, ())]
    while pending:
        item, where = pending.pop()
        if isinstance(item, Mapping):
            names = marks(item)
            if len(names) == 1 and names[0] in _LOOKS:
                yield from _LOOKS[names[0]](item[names[0]], (*where, names[0]))
            pending += [(inner, (*where, str(key))) for key, inner in reversed(list(item.items()))]
        elif isinstance(item, (list, tuple)):
            pending += [(inner, (*where, str(at))) for at, inner in enumerate(item)]
    yield from _fields(mapping)


def _odd(code: str, message: str, mend: str, where: _Where) -> Diagnostic:
    return Diagnostic("warning", code, message, mend, pointer(where))


def _fields(mapping: Mapping[str, Any]) -> _Found:
    for where, path in paths(mapping, ()):
        if path == "$":
            yield _odd("path", "`$` alone is no path and finds nothing", "Write `$.`", where)
            continue
        first = re.split(r"[.\[]", path, maxsplit=1)[0]
        if not first or first in FIELDS or len(first) < 4:
            continue
        meant = near(first, FIELDS)
        if meant:
            mend = f"Did you mean {meant}{path[len(first) :]}?"
            yield _odd("path", f"events have no field {first} of their own", mend, where)


def _template(given: Any, where: _Where) -> _Found:
    if not isinstance(given, str):
        return
    for found in re.findall(r"\{\{([^{}]+)\}\}", given):
        if found.strip().startswith("$."):
            yield _odd(
                "template",
                f"{{{{{found}}}}} finds nothing: templates take paths without `$.`",
                f"Write {{{{{found.strip()[2:]}}}}}",
                where,
            )
    if len(re.findall(r"\{\{\{?", given)) != len(re.findall(r"\}\}\}?", given)):
        yield _odd("template", "a {{ has no }}, or the other way round", "Close it", where)


def _if(given: Any, where: _Where) -> _Found:
    if not isinstance(given, Mapping):
        return
    if not truthy(given.get("exists")) and not truthy(given.get("blank")):
        mend = 'Write "exists": {"@path": "$.properties.name"}'
        yield _odd("fails", "@if needs `exists` or `blank` and fails without", mend, where)
    elif "exists" in given and "blank" in given:
        mend = "Remove one of them"
        yield _odd("option", "`exists` is looked at, and `blank` is not", mend, where)
    if "then" not in given and not truthy(given.get("else")):
        yield _odd(
            "nothing", "it has no `then` and no `else`: nothing comes of it", "Give `then`", where
        )
    elif "else" in given and not truthy(given["else"]):
        mend = 'Write {"@literal": …} around it'
        yield _odd("nothing", "an `else` that is false, 0, empty or null is left out", mend, where)


def _case(given: Any, where: _Where) -> _Found:
    if not isinstance(given, Mapping):
        return
    if given.get("operator") not in ("lower", "upper"):
        mend = 'Write "operator": "lower" or "upper", in lower case'
        yield _odd("fails", "@case needs its `operator` and fails without", mend, where)
    if not truthy(given.get("value")):
        yield _odd("nothing", "it has no `value`: nothing comes of it", "Give one", where)


def _replace(given: Any, where: _Where) -> _Found:
    if not isinstance(given, Mapping):
        return
    for key in ("pattern2", "replacement2"):
        value = given.get(key)
        if isinstance(value, str) and len(units(value)) > MAX_REPLACE:
            mend = f"At most {MAX_REPLACE} characters are taken"
            yield _odd("fails", f"`{key}` is too long, and it fails", mend, (*where, key))
    if not truthy(given.get("value", "x")):
        yield _odd("nothing", "its `value` is empty: nothing comes of it", "Give one", where)
    if re.search(r"\\[dswDSW.*+?]|\.\*", str(given.get("pattern", ""))):
        mend = "Patterns are plain texts; use a function for more"
        yield _odd("pattern", "the pattern looks like a regular expression", mend, where)


def _json(given: Any, where: _Where) -> _Found:
    if not isinstance(given, Mapping):
        return
    mode = given.get("mode")
    if isinstance(mode, str) and mode != mode.lower() and mode.lower() in ("encode", "decode"):
        mend = f'Write "{mode.lower()}"'
        yield _odd("nothing", f'nothing comes of the mode "{mode}"', mend, where)
    if "value" in given and not truthy(given["value"]):
        yield _odd("fails", "@json fails with this `value`", "Give a directive", where)


def _flatten(given: Any, where: _Where) -> _Found:
    if isinstance(given, Mapping) and not truthy(given.get("separator")):
        mend = 'Write "separator": "."'
        yield _odd("fails", "@flatten needs a `separator` and fails without", mend, where)


def _merge(given: Any, where: _Where) -> _Found:
    if not isinstance(given, Mapping):
        return
    direction = given.get("direction")
    if not truthy(direction):
        mend = 'Write "direction": "right": later objects win'
        yield _odd("fails", "@merge needs a `direction` and fails without", mend, where)
    elif isinstance(direction, str) and direction.lower() == "left" != direction:
        yield _odd("word", f'"{direction}" is taken for "right"', 'Write "left"', where)


def _liquid(given: Any, where: _Where) -> _Found:
    if not isinstance(given, str):
        return
    if len(units(given)) > MAX_LIQUID:
        mend = f"At most {MAX_LIQUID} characters are taken"
        yield _odd("fails", "the template is too long, and it fails", mend, where)
        return
    from .liquid import LiquidError, parse, unknown_filters

    try:
        template = parse(given)
    except LiquidError as problem:
        yield _odd("fails", f"the template fails: {problem}", problem.mend, where)
        return
    for name, known in unknown_filters(template):
        meant = near(name, known)
        mend = f"Did you mean {meant}?" if meant else "Remove it"
        yield _odd("option", f"there is no filter {name}: it does nothing", mend, where)


_LOOKS = {
    "@template": _template,
    "@if": _if,
    "@case": _case,
    "@replace": _replace,
    "@json": _json,
    "@flatten": _flatten,
    "@merge": _merge,
    "@liquid": _liquid,
}
