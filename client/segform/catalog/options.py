"""Settings of sources, destinations and warehouses, held against the options of their entry.

The catalogue lists options with a type and whether they are required, and neither choices nor
which ones are secret. An entry without options says nothing about settings, and nothing is said
about them here. What the service does with a wrong value is not documented: a value of another
kind is an error, what could still be meant (an unknown key, a number written as text) a warning.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Mapping
from decimal import Decimal
from typing import Any, Literal

from segform.resources.parts import Problem

from .entries import Entry

# Names that options with secrets have. The public form of the catalogue marks none (only some
# have the type `password`), so this is inferred from what they are called.
SECRET_NAME = re.compile(r"secret|password|passphrase|private_?key|api_?key|token\Z", re.IGNORECASE)
# What is called so and is a list or an object holds several of them.
_SECRETS = re.compile(
    r"(?:secret|password|passphrase|private_?key|api_?key|token)(s?)\Z", re.IGNORECASE
)
# Types that are no secret, whatever the option is called: there is nothing to hide in a choice.
_OPEN = frozenset({"boolean", "number", "select", "color"})
# Types whose keys are the user's own names, of events or traits: "Reset Password" hides nothing.
_TABLES = frozenset({"map", "text-map"})
# One type for each thing that a type may say of secrets: that it is one, that it is none, that its
# keys say nothing, and nothing.
SECRECY = ("password", "select", "map", "string")
# Keys in the answers that are nobody's option: a warehouse's name, and what the service encrypts.
_OURS = frozenset({"name", "ciphertext", "encrypted"})
_MASK = "•"
# A value that somebody fills in later: ${VAR}, @@name@@, {{ name }}, <name>.
_PLACEHOLDER = re.compile(r"\$\{.*\}|\$\w+|@@.+@@|\{\{.*\}\}|<.*>|env:.+|file:.+", re.DOTALL)

Path = tuple[str | int, ...]
_NUMBERS = (int, float, Decimal)
_WORDS = {
    bool: "true or false",
    str: "text",
    int: "a number",
    float: "a number",
    Decimal: "a number",
    list: "a list",
    dict: "an object",
}
# Option type -> the Python types that its value may have, and what it is in words. What is not
# here (`mixed`, and types that are yet to come) takes everything.
_TYPES: dict[str, tuple[tuple[type, ...], str]] = {
    "string": ((str,), "text"),
    "password": ((str,), "text"),
    "color": ((str,), "text"),
    "select": ((str, bool, *_NUMBERS), "one of its choices"),
    "boolean": ((bool,), "true or false"),
    "number": (_NUMBERS, "a number"),
    "array": ((list,), "a list"),
    # Maps are stored as objects, or as lists of pairs.
    "map": ((dict, list), "an object"),
    "text-map": ((dict, list), "an object"),
}


def check_settings(
    settings: Mapping[str, Any],
    entry: Entry,
    *,
    complete: bool = True,
    only: Collection[str] | None = None,
) -> list[Problem]:
    """What the options of a catalogue entry have against settings; paths start at the key.

    `complete`: the settings are all that the object will have, so that a required option that is
    not there is missing. `only`: look at these keys alone, those that a change touches. Null, ""
    and the service's mask pass for any option: they say that nothing is set, or hide what is.
    """
    options = {str(one.get("name")): one for one in entry.get("options") or ()}
    if not options:
        return []
    problems = [
        problem
        for key, value in settings.items()
        if only is None or key in only
        for problem in _setting(key, value, options, entry)
    ]
    if complete:
        problems += _missing(settings, options, entry)
    return problems


def _setting(key: str, value: Any, options: Mapping[str, Entry], entry: Entry) -> Iterator[Problem]:
    option = options.get(key)
    if option is None:
        if key not in _OURS:
            yield _unknown(key, options, entry)
    elif not (value is None or value == "" or _is_mask(value)):
        yield from _typed(key, value, str(option.get("type", "")).lower(), entry)


def _unknown(key: str, options: Mapping[str, Entry], entry: Entry) -> Problem:
    import difflib

    lowered = {name.lower(): name for name in options}
    near = difflib.get_close_matches(key.lower(), lowered, n=1, cutoff=0.6)
    known = ", ".join(sorted(options)[:12]) + (" …" if len(options) > 12 else "")
    meant = f"Did you mean {lowered[near[0]]!r}? " if near else ""
    return Problem(
        (key,),
        f"{_name(entry)} has no option {key!r} in the catalogue",
        f"{meant}Its options: {known}.",
        "warning",
    )


def _typed(key: str, value: Any, kind: str, entry: Entry) -> Iterator[Problem]:
    if kind not in _TYPES:
        return
    types, words = _TYPES[kind]
    good = isinstance(value, types) and (bool in types or not isinstance(value, bool))
    if good:
        return
    severity: Literal["error", "warning"] = "warning" if _reads_as(value, kind) else "error"
    given = _WORDS.get(type(value), type(value).__name__)
    yield Problem(
        (key,),
        f"the option {key!r} of {_name(entry)} takes {words}, and {given} is given",
        f"Give {words}: the catalogue's type is {kind!r}.",
        severity,
    )


def _reads_as(value: Any, kind: str) -> bool:
    """Whether a value is the right one in another spelling: "30" for 30, 30 for "30"."""
    if kind == "boolean":
        return isinstance(value, str) and value.lower() in ("true", "false")
    if kind == "number":
        return isinstance(value, str) and re.fullmatch(r"-?\d+(\.\d+)?", value) is not None
    return kind in ("string", "color") and isinstance(value, (bool, *_NUMBERS))


def _missing(
    settings: Mapping[str, Any], options: Mapping[str, Entry], entry: Entry
) -> Iterator[Problem]:
    for name, option in options.items():
        if not option.get("required") or settings.get(name) not in (None, ""):
            continue
        default = option.get("defaultValue")
        if default not in (None, "", [], {}):
            continue
        label = option.get("label")
        called = f" ({label})" if label and label != name else ""
        yield Problem(
            (name,),
            f"{_name(entry)} needs the option {name!r}{called}, and it is not given",
            f"Give {name!r}.",
            "warning",
        )


def secrets_in_clear(
    settings: Mapping[str, Any],
    entry: Entry | None = None,
    *,
    besides: Mapping[str, Any] | None = None,
) -> list[Problem]:
    """Settings that look like secrets and stand in the text as they are; paths start at the key.

    A secret is an option of the type `password`, with all that is in it, or what is called like
    one, at any depth. Masks, empty texts and placeholders (`${VAR}`, `@@name@@`) are none, nor are
    options of types that hide nothing. What stands at one place of several elements of a list is
    told once, at the first of them. The problems never hold the value.
    `besides`: settings of which all was told; what is in them at the same place is passed over.
    """
    types = {
        str(one.get("name")): as_to_secrets(str(one.get("type", "")))
        for one in (entry or {}).get("options") or ()
    }
    told = {(_names(path), text) for path, text in texts_in(besides or {})}
    found: dict[tuple[str, ...], list[Path]] = {}
    for key, value in settings.items():
        kind = types.get(key, "string")
        if kind == "select":
            continue
        sure = kind == "password"
        for path, text in _secrets(value, (key,), sure or _is_secret(key, value), kind):
            if (_names(path), text) not in told:
                found.setdefault(_names(path), []).append(path)
    return [
        _in_clear(names, paths, sure=types.get(names[0]) == "password")
        for names, paths in found.items()
    ]


def as_to_secrets(kind: str) -> str:
    """The type that stands for all that say the same of secrets: one of `SECRECY`."""
    lowered = kind.lower()
    if lowered in _OPEN:
        return "select"
    return "map" if lowered in _TABLES else "password" if lowered == "password" else "string"


def texts_in(value: Any, path: Path = ()) -> Iterator[tuple[Path, str]]:
    """All texts in settings that are not empty, each with where it stands."""
    if isinstance(value, str):
        if value:
            yield path, value
    elif isinstance(value, Mapping):
        for key, item in value.items():
            yield from texts_in(item, (*path, key))
    elif isinstance(value, list):
        for index, item in enumerate(value):
            yield from texts_in(item, (*path, index))


def _secrets(value: Any, path: Path, secret: bool, kind: str) -> Iterator[tuple[Path, str]]:
    """The texts that are secrets: all where the option is a password, else as they are called.

    `secret`: whether the name of the value says that it is one, or several; `kind`: of `SECRECY`.
    """
    sure = kind == "password"
    if isinstance(value, str):
        hidden = _is_mask(value) or _PLACEHOLDER.fullmatch(value.strip())
        if value and secret and not hidden:
            yield path, value
    elif isinstance(value, Mapping):
        # An object at the name of one secret describes it; at that of several it is a table.
        found = _SECRETS.search(str(path[-1])) if secret and not sure else None
        several = found is not None and found[1] != ""
        for key, item in value.items():
            # What the service encrypted is in nobody's clear.
            if key != "ciphertext":
                named = kind != "map" and _is_secret(key, item)
                inner = sure or named or (several and isinstance(item, str))
                yield from _secrets(item, (*path, key), inner, kind)
    elif isinstance(value, list):
        for index, item in enumerate(value):
            inner = sure or (secret and isinstance(item, str))
            yield from _secrets(item, (*path, index), inner, kind)


def _names(path: Path) -> tuple[str, ...]:
    """A place without the indexes of lists, so that it is one for all their elements."""
    return tuple(one for one in path if isinstance(one, str))


def _is_secret(key: str, value: Any) -> bool:
    """Whether what stands at a key is called like a secret, or like several."""
    return (SECRET_NAME if isinstance(value, str) else _SECRETS).search(key) is not None


def _in_clear(names: tuple[str, ...], paths: list[Path], *, sure: bool) -> Problem:
    what, why = f"the option {names[0]!r}", "is a password in the catalogue"
    if not sure:
        why = "is called like a secret"
        what = what if len(names) == 1 else f"{names[-1]!r} in {what}"
    more = f" ({len(paths)} times)" if len(paths) > 1 else ""
    return Problem(
        paths[0],
        f"{what} {why}, and its value stands here in the clear{more}",
        "Take it from a variable, the environment or a file, and rotate it where it was committed.",
        "warning",
    )


def _is_mask(value: Any) -> bool:
    return isinstance(value, str) and _MASK in value


def _name(entry: Entry) -> str:
    return str(entry.get("name") or entry.get("slug") or entry.get("id"))
