"""What is wrong with a mapping: the rules of its directives, and the fields of its action.

Errors are what the service refuses when the mapping is saved, and values that no field of the
action takes. Warnings are what it saves and then cannot carry out, or hardly what was meant.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from .directives import METADATA, NAMES, OPTIONS, ROOT, SINGLE, UNCHECKED, Option, kind, marks
from .errors import MAX_DEPTH, Diagnostic, pointer

_Found = Iterator[Diagnostic]
_Where = tuple[str, ...]


def check(
    mapping: object,
    action: Mapping[str, Any] | Sequence[Mapping[str, Any]] | None = None,
) -> list[Diagnostic]:
    """What is wrong with a mapping (`settings` of a destination subscription); [] for a sound one.

    `action`: the action as the catalogue has it (`fields`), or its fields; with it also unknown
    fields, missing required ones and values of the wrong type are found. An action without any
    fields is one whose fields are not known. Never raises for any JSON value.
    """
    if not isinstance(mapping, Mapping):
        mend = 'Write {"field": {"@path": "$.properties.field"}}'
        return [_bad("type", f"a mapping is an object, not {_a(mapping)}", mend, ())]
    found = list(_mapping(mapping))
    if not any(one.code == "deep" for one in found):
        from .likely import doubts

        found += doubts(mapping)
        fields = action.get("fields") if isinstance(action, Mapping) else action
        if fields:
            from .fields import against

            found += against(mapping, fields)
    return list({(one.code, one.path, one.message): one for one in found}.values())


def refused(mapping: Mapping[str, Any]) -> list[Diagnostic]:
    """What the service refuses."""
    return [one for one in _mapping(mapping) if one.severity == "error"]


def _mapping(mapping: Mapping[str, Any]) -> _Found:
    if ROOT not in mapping:
        yield from value(mapping, ())
        return
    root = mapping[ROOT]
    if not isinstance(root, Mapping):
        yield _bad("root", f"{ROOT} is a directive, not {_a(root)}", "Give one directive", (ROOT,))
    elif len(root) != 1:
        yield _bad(
            "root", f"{ROOT} holds one directive, not {len(root)} keys", "Leave one", (ROOT,)
        )
    else:
        [(name, options)] = root.items()
        if isinstance(options, (list, tuple)):
            yield from value(root, ())
            mend = "Use a directive that takes an object"
            yield _odd("root", f"what stands beside {ROOT} is lost", mend, (ROOT,))
            return
        if not isinstance(options, Mapping):
            mend = f'Write {{"{name}": {{…}}}}: the other keys become its `mapping`'
            yield _bad("root", f"{name} takes an object here, not {_a(options)}", mend, (ROOT,))
            return
        rest = {key: item for key, item in mapping.items() if key != ROOT}
        yield from value({name: {**options, "mapping": rest}}, ())


def value(item: object, where: _Where) -> _Found:
    """A value that may be a directive, an object of values, or plain."""
    if len(where) > MAX_DEPTH:
        yield _bad("deep", f"it is nested deeper than {MAX_DEPTH} levels", "Make it flatter", where)
    elif isinstance(item, Mapping):
        yield from _directive(item, where) if marks(item) else _object(item, where)
    elif isinstance(item, (list, tuple)):
        yield from _array(item, where)


def _object(item: Mapping[str, Any], where: _Where) -> _Found:
    for key, inner in item.items():
        yield from value(inner, (*where, str(key)))


def _array(items: Sequence[object], where: _Where) -> _Found:
    """What stands in an array is not looked at when it is saved, and fails with every event."""
    for place, item in enumerate(items):
        for one in value(item, (*where, str(place))):
            if one.code == "deep":
                yield one
                return
            yield _odd_of(one)


def _odd_of(one: Diagnostic) -> Diagnostic:
    return Diagnostic("warning", one.code, one.message, one.mend, one.path)


def _directive(item: Mapping[str, Any], where: _Where) -> _Found:
    names = marks(item)
    others = [key for key in item if key not in names and key != METADATA]
    if len(names) > 1 or others:
        beside = [key for key in item if key not in (names[0], METADATA)]
        yield _bad(
            "keys",
            f"{names[0]} stands alone in its object, and here is {_listed(beside)} beside it",
            f"Give each value an object of its own; only {METADATA} may stand beside a directive",
            where,
        )
        return
    name = names[0]
    if name not in NAMES:
        meant = near(name, NAMES)
        mend = f"Did you mean {meant}?" if meant else f"There are: {', '.join(NAMES)}"
        yield _bad("directive", f"there is no directive {name}", mend, where)
        return
    given, inside = item[name], (*where, name)
    if name == "@arrayPath":
        yield from _array_path(given, inside)
    elif name in SINGLE:
        yield from _taken(given, Option(SINGLE[name]), inside)
    else:
        yield from _options(name, given, inside)


def _array_path(given: object, where: _Where) -> _Found:
    if not isinstance(given, (list, tuple)):
        mend = 'Write ["$.properties.products", {…}]: a path, and what each item becomes'
        yield _bad("type", f"@arrayPath takes an array, not {_a(given)}", mend, where)
    elif not given:
        mend = 'Write ["$.properties.products"]'
        yield _bad("missing", "@arrayPath takes a path first", mend, (*where, "0"))
    else:
        yield from _taken(given[0], Option("text"), (*where, "0"))
        if len(given) > 1:
            yield from value(given[1], (*where, "1"))


def _options(name: str, given: object, where: _Where) -> _Found:
    options = OPTIONS[name]
    if not isinstance(given, Mapping) or marks(given):
        what = "a directive" if isinstance(given, Mapping) else _a(given)
        mend = f"Its keys are: {', '.join(_keys(name))}"
        yield _bad("type", f"{name} takes an object, not {what}", mend, where)
        return
    for key, inner in given.items():
        option = options.get(key)
        if option is not None:
            yield from _taken(inner, option, (*where, key))
        else:
            yield from value(inner, (*where, str(key)))
            if key not in _keys(name):
                meant = near(str(key), _keys(name))
                mend = f"Did you mean {meant}?" if meant else f"It knows: {', '.join(_keys(name))}"
                yield _odd("option", f"{name} does not know {key}", mend, (*where, str(key)))
    for key, option in options.items():
        if option.required and key not in given:
            yield _bad("missing", f"{name} needs `{key}`", "Give it", where)


def _keys(name: str) -> tuple[str, ...]:
    return (*OPTIONS[name], *UNCHECKED.get(name, ()))


def _taken(given: object, option: Option, where: _Where) -> _Found:
    found = kind(given)
    directive = isinstance(given, Mapping) and bool(marks(given))
    takes = option.takes
    if takes in ("any", "text", "object") and directive:
        yield from value(given, where)
    elif takes == "any":
        if found == "unknown":
            yield _bad("type", f"{type(given).__name__} is no JSON value", "Give one", where)
        for one in value(given, where):
            # What @literal holds is looked at when it is resolved, and not before.
            raw = where[-1] in SINGLE and one.code != "deep"
            yield _odd_of(one) if raw else one
    elif takes == "array":
        yield from _objects(given, where)
    elif takes == "object" and found == "object":
        yield from value(given, where)
    elif found != {"text": "string"}.get(takes, takes) or directive:
        words = _TAKES[takes]
        what = "a directive" if directive else _a(given)
        yield _bad("type", f"it takes {words}, not {what}", _mend(takes), where)
    elif isinstance(given, str):
        yield from _text(given, option, where)


_TAKES = {
    "text": "a string or a directive",
    "string": "a string",
    "boolean": "true or false",
    "array": "an array",
    "object": "an object or a directive",
}


def _mend(takes: str) -> str:
    return {
        "text": 'Write a path like "$.properties.name", a text, or a directive',
        "string": "Write a text; a directive cannot stand here",
        "boolean": "Write true or false, without quotes",
        "array": "Write [...]",
        "object": "Write {...}",
    }[takes]


def _text(given: str, option: Option, where: _Where) -> _Found:
    size = len(given.encode("utf-16-le", "surrogatepass")) // 2
    if option.words and given.lower() not in option.words:
        meant = near(given, option.words)
        mend = f"Did you mean {meant}?" if meant else f"Write one of {', '.join(option.words)}"
        yield _bad("word", f"it is one of {', '.join(option.words)}, not {given!r}", mend, where)
    if size < option.shortest:
        yield _bad("length", "it is empty", f"Give at least {option.shortest} character", where)
    if option.longest is not None and size > option.longest:
        yield _bad(
            "length", f"it has {size} characters", f"At most {option.longest} are taken", where
        )


def _objects(given: object, where: _Where) -> _Found:
    """The elements of @merge."""
    if not isinstance(given, (list, tuple)):
        yield _bad("type", f"it takes an array, not {_a(given)}", _mend("array"), where)
        return
    for place, item in enumerate(given):
        yield from _taken(item, Option("object"), (*where, str(place)))


def _bad(code: str, message: str, mend: str, where: _Where) -> Diagnostic:
    return Diagnostic("error", code, message, mend, pointer(where))


def _odd(code: str, message: str, mend: str, where: _Where) -> Diagnostic:
    return Diagnostic("warning", code, message, mend, pointer(where))


def _a(given: object) -> str:
    found = kind(given)
    return {"null": "null", "unknown": type(given).__name__}.get(
        found, f"{'an' if found[0] in 'ao' else 'a'} {found}"
    )


def _listed(keys: Sequence[object]) -> str:
    shown = ", ".join([str(key) for key in keys[:4]])
    return shown if len(keys) <= 4 else f"{shown} and {len(keys) - 4} more"


def near(word: str, known: Sequence[str]) -> str | None:
    """The known word that was probably meant, None for none."""
    import difflib

    by_case = {name.lower(): name for name in known}
    found = difflib.get_close_matches(word.lower(), by_case, n=1, cutoff=0.7)
    return by_case[found[0]] if found else None
