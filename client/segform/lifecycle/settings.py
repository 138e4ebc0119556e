"""Settings: JSON objects of which only what the configuration names is managed.

The service fills settings with defaults, shows secrets as a mask, and other people set keys that
are none of our business. So it is remembered which paths a configuration managed, as JSON pointers
with a salted hash of their value each (no secret leaves the state for private data), and:

* drift is a managed path that differs (`merge_state`);
* a path is removed at the service only when it was managed and left the configuration (`patch`);
* a mask (`•`) on either side equals anything and is never sent. Where one hides what a state or
  the service holds, the remembered hash tells whether the configuration has changed since.

Where the service answers secrets encrypted (`ciphertext` and `encrypted` beside what is in the
clear, another text each time), it made those itself: they are neither compared nor sent.

Leaves are scalars, lists and empty objects; objects are walked at every depth. An empty object
manages nothing inside it: it equals any object. Texts are JSON of an object.
"""

from __future__ import annotations

import hashlib
import secrets
from collections.abc import Iterator, Mapping
from typing import Any

from segform.resources.exact import dumps, parsed

from .meaning import same_json

MASK = "•"
# What the service makes of secrets that it encrypts.
_MADE = ("ciphertext", "encrypted")
_GONE = object()
Pointers = Mapping[str, str]


class MaskedSecretError(ValueError):
    """A mask stands where a value would have to be sent; `pointer` says where."""

    def __init__(self, pointer: str) -> None:
        self.pointer = pointer
        super().__init__(
            f"settings{pointer} is the mask that the service shows in place of a secret, and the "
            "object around it has to be written. Give the secret itself, or leave the key out."
        )


def new_salt() -> str:
    """A salt of its own for each object."""
    return secrets.token_hex(8)


def managed(settings: str | Mapping[str, Any], salt: str) -> dict[str, str]:
    """The paths that a configuration manages: JSON pointer -> `<salt>.<hash of the value>`."""
    value = parsed(settings) if isinstance(settings, str) else settings
    return {pointer: f"{salt}.{_hash(leaf, salt)}" for pointer, leaf in leaves(value)}


def _hash(value: Any, salt: str) -> str:
    return hashlib.sha256(f"{salt}:{dumps(value)}".encode()).hexdigest()[:32]


def _was_another(known: Pointers | None, pointer: str, leaf: Any) -> bool:
    """Whether a path was last applied with another value; False where nobody remembers."""
    salt, dot, digest = (known or {}).get(pointer, "").rpartition(".")
    return bool(dot) and digest != _hash(leaf, salt)


def leaves(value: Any, at: str = "") -> Iterator[tuple[str, Any]]:
    """Every leaf of an object with its JSON pointer; what is no object has none."""
    made = _MADE if _is_blob(value) else ()
    for key, item in value.items() if isinstance(value, Mapping) else ():
        pointer = _at(at, key)
        if key in made:
            continue
        if isinstance(item, Mapping) and item and not _is_whole(item):
            yield from leaves(item, pointer)
        else:
            yield pointer, item


def _is_blob(value: Any) -> bool:
    """Encrypted text that the service changes on its own."""
    return isinstance(value, Mapping) and "ciphertext" in value


def _is_whole(value: Any) -> bool:
    """What is never taken apart: encrypted text, and a directive of a mapping (`@path`, …)."""
    return _is_blob(value) or (
        isinstance(value, Mapping) and any(str(key).startswith("@") for key in value)
    )


def equal_masked(a: Any, b: Any) -> bool:
    """Whether two values are equal as far as masks and encrypted blobs let see."""
    if _is_mask(a) or _is_mask(b) or (_is_blob(a) and _is_blob(b)):
        return True
    if isinstance(a, Mapping) and isinstance(b, Mapping):
        return a.keys() == b.keys() and all(equal_masked(a[key], b[key]) for key in a)
    if isinstance(a, list) and isinstance(b, list):
        return len(a) == len(b) and all(equal_masked(x, y) for x, y in zip(a, b, strict=True))
    return same_json(a, b)


def _is_mask(value: Any) -> bool:
    return isinstance(value, str) and MASK in value


def without_masks(value: Any, at: str = "") -> tuple[Any, list[str]]:
    """A value without what is only a mask, and the pointers of what was left out."""
    if not isinstance(value, Mapping):
        return value, []
    found, left_out = {}, []
    for key, item in value.items():
        pointer = _at(at, key)
        if _is_mask(item) or (not isinstance(item, Mapping) and _has_mask(item)):
            left_out.append(pointer)
            continue
        if (key in _MADE and _is_blob(value)) or _is_blob(item):
            left_out += [pointer] if key != "encrypted" else []
            continue
        found[key], more = without_masks(item, pointer)
        left_out += more
    return found, left_out


def _has_mask(value: Any) -> bool:
    if isinstance(value, Mapping):
        return any(map(_has_mask, value.values()))
    return any(map(_has_mask, value)) if isinstance(value, list) else _is_mask(value)


def subset_equal(config: str | Mapping[str, Any], live: str | Mapping[str, Any]) -> bool:
    """Whether everything that the configuration names is so in `live`."""
    wanted = parsed(config) if isinstance(config, str) else config
    there = parsed(live) if isinstance(live, str) else live
    return all(_holds(there, pointer, leaf) for pointer, leaf in leaves(wanted))


def _holds(live: Any, pointer: str, leaf: Any) -> bool:
    found = look_up(live, pointer)
    if found is _GONE:
        # The service leaves out what is empty.
        return leaf in (None, "", [], {})
    if leaf == {}:
        return isinstance(found, Mapping)
    return equal_masked(leaf, found)


def look_up(value: Any, pointer: str) -> Any:
    """The value at a JSON pointer, or a marker that equals nothing."""
    for part in pointer.split("/")[1:]:
        key = part.replace("~1", "/").replace("~0", "~")
        if not isinstance(value, Mapping) or key not in value:
            return _GONE
        value = value[key]
    return value


def plan_text(config: str, prior: str | None, known: Pointers | None) -> str:
    """The planned text: the prior one where the configuration asks for nothing new.

    That is: all it names is so in the prior text, no managed path has left it, and no value
    behind a mask was last applied as another one.
    """
    if prior is None:
        return config
    try:
        wanted, before = parsed(config), parsed(prior)
    except ValueError:
        return config
    if not isinstance(wanted, Mapping) or not isinstance(before, Mapping):
        return prior if same_json(wanted, before) else config
    left = set(known or ()) - {pointer for pointer, _ in leaves(wanted)}
    # A path whose parent or child is still named has only changed its shape.
    if any(look_up(before, pointer) is not _GONE for pointer in left):
        return config
    if not subset_equal(wanted, before) or _hidden_change(wanted, before, known):
        return config
    return prior


def _hidden_change(
    wanted: Mapping[str, Any], before: Any, known: Pointers | None, *, at: str = ""
) -> bool:
    """Whether a value changed in the configuration where `before` shows a mask or encrypted text.

    Nothing is known of what was never applied, such as a secret that was only imported.
    """
    for pointer, leaf in leaves(wanted, at):
        found = look_up(before, pointer)
        if found is _GONE or leaf == {} or _has_mask(leaf) or same_json(leaf, found):
            continue
        if equal_masked(leaf, found) and _was_another(known, pointer, leaf):
            return True
    return False


def merge_state(prior: str, live: Mapping[str, Any], known: Pointers | None) -> str:
    """The state's text after a read: the prior one, unless a managed path differs.

    Without `known` (a state of the official provider) all that the prior text names is managed.
    """
    before = parsed(prior)
    if not isinstance(before, Mapping):
        return dumps(live)
    pointers = [pointer for pointer, _ in leaves(before)] if known is None else list(known)
    differing = [p for p in pointers if not _same_at(before, live, p)]
    if not differing:
        return prior
    merged = _copy(before)
    for pointer in differing:
        _set(merged, pointer, look_up(live, pointer))
    return dumps(merged)


def _same_at(before: Any, live: Any, pointer: str) -> bool:
    mine, theirs = look_up(before, pointer), look_up(live, pointer)
    if mine is _GONE and theirs is _GONE:
        return True
    if mine is _GONE:
        return False
    return _holds(live, pointer, mine)


def _copy(value: Any) -> Any:
    if isinstance(value, Mapping):
        return {key: _copy(item) for key, item in value.items()}
    return value


def _set(target: dict[str, Any], pointer: str, value: Any) -> None:
    *parents, last = [p.replace("~1", "/").replace("~0", "~") for p in pointer.split("/")[1:]]
    for key in parents:
        inner = target.get(key)
        if not isinstance(inner, dict):
            if value is _GONE:
                return
            inner = target[key] = {}
        target = inner
    if value is _GONE:
        target.pop(last, None)
    else:
        target[last] = _copy(value)


def unmasked(live: Any, prior: Any) -> Any:
    """Live settings with what a state knows in place of masks and encrypted text.

    What `patch` wants as `prior` where nested objects are written.
    """
    if isinstance(live, Mapping) and isinstance(prior, Mapping):
        return {key: _unmasked(item, prior.get(key, item)) for key, item in live.items()}
    return _unmasked(live, prior)


def _unmasked(live: Any, prior: Any) -> Any:
    if isinstance(live, Mapping) and isinstance(prior, Mapping) and not _is_blob(live):
        return {key: _unmasked(item, prior.get(key, item)) for key, item in live.items()}
    hidden = _has_mask(live) or _is_blob(live)
    return prior if hidden and equal_masked(live, prior) else live


def patch(
    config: Mapping[str, Any],
    prior: Mapping[str, Any],
    known: Pointers | None,
    *,
    unseen: bool = False,
) -> dict[str, Any]:
    """The settings that a PATCH sends: changed top-level keys, and null for removed ones.

    The service merges top-level keys and replaces what is below them. So a nested object goes
    whole, with what others set in `prior` kept and managed paths that left the configuration
    dropped; that takes the live settings as `prior` (see `unmasked`), a state does not know what
    others set. `unseen`: also send what a mask or encrypted text in `prior` hides, although it
    may be the same.
    Raises `MaskedSecretError` where a mask would have to be sent.
    """
    body: dict[str, Any] = {}
    kept = dict(leaves(config))
    # Below a value that took an object's place nothing is left to remove.
    values = {pointer for pointer, leaf in kept.items() if leaf != {}}
    removed = {p for p in known or () if p not in kept and not _below_any(p, values)}
    made = _MADE if _is_blob(config) else ()
    for key, wanted in config.items():
        if key in made:
            continue
        at, before = _at("", key), prior.get(key, _GONE)
        value = _merged(wanted, before, at, removed)
        if wanted is None and before is _GONE:
            continue
        if before is not _GONE and equal_masked(value, before):
            doubt = {key: wanted}
            if not (unseen and _hides(doubt, prior)) and not _hidden_change(doubt, prior, known):
                continue
        _refuse_masks(value, at)
        body[key] = value
    for key in {_first(pointer) for pointer in removed} - config.keys():
        if key in prior:
            value = _pruned(prior[key], _at("", key), removed)
            if value is _GONE:
                body[key] = None
            elif not same_json(value, prior[key]):
                _refuse_masks(value, _at("", key))
                body[key] = value
    return body


def _hides(wanted: Mapping[str, Any], before: Any) -> bool:
    """Whether `before` does not show all of what the configuration gives."""
    return any(
        leaf != {} and not _has_mask(leaf) and not same_json(leaf, look_up(before, pointer))
        for pointer, leaf in leaves(wanted)
    )


def _first(pointer: str) -> str:
    return pointer.split("/")[1].replace("~1", "/").replace("~0", "~")


def _below_any(pointer: str, kept: set[str]) -> bool:
    """Whether a kept leaf replaced the object that the pointer was in."""
    return any(pointer.startswith(f"{leaf}/") for leaf in kept)


def _merged(wanted: Any, before: Any, at: str, removed: set[str]) -> Any:
    """A nested object as it has to be sent: the service replaces it whole."""
    if not isinstance(wanted, Mapping) or not isinstance(before, Mapping):
        return wanted
    if _is_whole(wanted) or _is_whole(before):
        return wanted
    found = {}
    for key, item in before.items():
        left = _GONE if key in wanted else _pruned(item, _at(at, key), removed)
        if left is not _GONE:
            found[key] = left
    for key, item in wanted.items():
        found[key] = _merged(item, before.get(key, _GONE), _at(at, key), removed)
    return found


def _pruned(item: Any, at: str, removed: set[str]) -> Any:
    """What is left of a value without the removed paths; what others set in it stays."""
    if not isinstance(item, Mapping) or not item or _is_whole(item):
        return _GONE if at in removed else item
    inner = {key: _pruned(one, _at(at, key), removed) for key, one in item.items()}
    left = {key: one for key, one in inner.items() if one is not _GONE}
    return left or _GONE


def _at(at: str, key: str) -> str:
    return f"{at}/{key.replace('~', '~0').replace('/', '~1')}"


def _refuse_masks(value: Any, pointer: str) -> None:
    if _is_mask(value):
        raise MaskedSecretError(pointer)
    if isinstance(value, Mapping):
        for key, item in value.items():
            _refuse_masks(item, _at(pointer, key))
    elif isinstance(value, list):
        for index, item in enumerate(value):
            _refuse_masks(item, f"{pointer}/{index}")
