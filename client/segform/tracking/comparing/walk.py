"""Two schemas, place by place: where they differ, and whether the new one refuses something."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from itertools import islice
from typing import Any, NamedTuple, TypeAlias

from .instances import LAX, SURE, limit
from .proofs import of_name, wider
from .samples import instance, values
from .words import changes, kind_of, types, value

Schema = Any
Path: TypeAlias = tuple[str, ...]
# From a value at some place to the whole value with it; None where there is no such.
Lift: TypeAlias = Callable[[Any], Any]
# Whether a whole value is a witness: good before, not any more.
Proves: TypeAlias = Callable[[Any], bool]
# Whether the old schema already plans a name at a place; nobody is asked where nothing is planned.
Planned: TypeAlias = Callable[[Path], bool]

_TRIES = 400
_DEPTH = 50
_TOGETHER = ("allOf", "anyOf", "oneOf", "not", "if", "then", "else")
# Said about children, which are compared one by one.
_CHILDREN = ("properties", "required", "items")
NOTES = frozenset(
    {
        "description",
        "title",
        "default",
        "examples",
        "$comment",
        "readOnly",
        "writeOnly",
        "definitions",
    }
)
MISSING = object()


class Difference(NamedTuple):
    """One place in which two schemas differ. `value` is the witness as a whole, in a tuple.

    `certain` is False where neither a witness nor a proof was found; such a difference counts as
    breaking.
    """

    path: Path
    kind: str
    breaking: bool
    reason: str
    value: tuple[Any] | None = None
    certain: bool = True
    before: Any = None
    after: Any = None


class Comparison:
    """What two schemas are compared for: `proves` judges whole values, `planned` asks for names."""

    def __init__(
        self, proves: Proves, planned: Planned | None = None, *, notes: bool = False
    ) -> None:
        self._proves = proves
        self._planned = planned
        self._notes = notes

    def differences(self, old: Schema, new: Schema) -> list[Difference]:
        """The differences of two canonical schemas."""
        return list(self._walk(old, new, (), lambda value: value, 0))

    def _walk(
        self, old: Schema, new: Schema, path: Path, lift: Lift, depth: int
    ) -> Iterator[Difference]:
        if old == new:
            return
        before, after = _as_object(old), _as_object(new)
        if before is None or after is None or depth > _DEPTH or "$ref" in before or "$ref" in after:
            yield self._graded(old, new, path, lift, old, new)
            return
        if self._notes:
            yield from _description(before, after, path)
        if any(before.get(key) != after.get(key) for key in _TOGETHER):
            # What holds for one place depends on the others: they are looked at together.
            yield self._graded(
                old, new, path, lift, _without(before, after), _without(after, before)
            )
            return
        yield from self._here(before, after, path, lift)
        yield from self._required(before, after, path, lift)
        yield from self._properties(before, after, path, lift, depth)
        yield from self._elements(before, after, path, lift, depth)

    # one place

    def _here(
        self, old: Mapping[str, Any], new: Mapping[str, Any], path: Path, lift: Lift
    ) -> Iterator[Difference]:
        mine, theirs = _alone(old), _alone(new)
        if isinstance(new.get("items"), list) or isinstance(old.get("items"), list):
            # Elements by their places are looked at together.
            for one, source in ((mine, old), (theirs, new)):
                if "items" in source:
                    one["items"] = source["items"]
        if mine == theirs:
            return
        # The children as they were: what changed in them is told by itself.
        kept = {key: old[key] for key in _CHILDREN if key in old}
        named = {**dict.fromkeys(new.get("properties", {}), True), **old.get("properties", {})}
        changed = {**kept, **theirs, **({"properties": named} if named else {})}
        if "items" in mine and "items" not in theirs:
            changed.pop("items", None)
        yield self._graded({**kept, **mine}, changed, path, lift, mine, theirs)

    def _graded(
        self, old: Schema, new: Schema, path: Path, lift: Lift, shown: Schema, now: Schema
    ) -> Difference:
        one, other = _as_object(shown), _as_object(now)
        if one is None or other is None:
            kind, reason = (
                "condition",
                "is allowed now" if other is not None else "is not allowed any more",
            )
        else:
            kind, reason = kind_of(one, other), changes(one, other)
        limit()
        if wider(old, new):
            return Difference(path, kind, False, reason, None, True, shown, now)
        witness = self._witness(old, new, lift)
        return Difference(path, kind, True, reason, witness, witness is not None, shown, now)

    def _witness(self, old: Schema, new: Schema, lift: Lift) -> tuple[Any] | None:
        for one in islice(values(old, (new,)), _TRIES):
            if SURE.takes(old, one) and not LAX.takes(new, one):
                found = self._proven(lift(one))
                if found is not None:
                    return found
        return None

    def _proven(self, whole: Any) -> tuple[Any] | None:
        return (whole,) if whole is not MISSING and self._proves(whole) else None

    # what has to be there

    def _required(
        self, old: Mapping[str, Any], new: Mapping[str, Any], path: Path, lift: Lift
    ) -> Iterator[Difference]:
        before, after = set(old.get("required", ())), set(new.get("required", ()))
        listed = (old.get("properties", {}), new.get("properties", {}))
        come = {name for name in after - before if name in listed[0] or name not in listed[1]}
        # A container that has to be there because something in it has to: told once, inside.
        inner = {name for name in come if self._is_entailed(old, new, name)}
        for name in sorted(come - inner):
            yield self._needed(old, (*path, name), name, lift, "has to be there now")
        gone = {name for name in before - after if name in listed[1] or name not in listed[0]}
        inner = {name for name in gone if self._is_entailed(new, old, name)}
        for name in sorted(gone - inner):
            yield Difference((*path, name), "required-removed", False, "need not be there any more")

    @staticmethod
    def _is_entailed(old: Mapping[str, Any], new: Mapping[str, Any], name: str) -> bool:
        one = _as_object(old.get("properties", {}).get(name, True)) or {}
        other = _as_object(new.get("properties", {}).get(name, True)) or {}
        return bool(set(other.get("required", ())) - set(one.get("required", ())))

    def _needed(
        self, old: Mapping[str, Any], path: Path, name: str, lift: Lift, words: str
    ) -> Difference:
        limit()
        witness = None
        for one in islice(values({**old, "type": "object"}, ()), _TRIES):
            if isinstance(one, Mapping):
                less = {key: inner for key, inner in one.items() if key != name}
                if SURE.takes(old, less) and (witness := self._proven(lift(less))):
                    break
        return Difference(path, "required-added", True, words, witness, witness is not None)

    # properties

    def _properties(
        self, old: Mapping[str, Any], new: Mapping[str, Any], path: Path, lift: Lift, depth: int
    ) -> Iterator[Difference]:
        before, after = old.get("properties", {}), new.get("properties", {})
        for name, inner in before.items():
            here = (*path, name)
            into = _into(old, name, lift)
            if name in after:
                yield from self._walk(inner, after[name], here, into, depth + 1)
            else:
                yield self._removed(inner, of_name(new, name), here, into, after)
        required = set(new.get("required", ())) - set(old.get("required", ()))
        for name, inner in after.items():
            if name not in before:
                needed = name in required
                yield self._added(old, inner, (*path, name), name, lift, needed=needed)

    def _removed(
        self, old: Schema, new: Schema, path: Path, lift: Lift, others: Mapping[str, Any]
    ) -> Difference:
        reason = "is not in the plan any more" if self._planned else "is not described any more"
        twins = [name for name, one in others.items() if one == old and old]
        if len(twins) == 1 and self._planned and not self._planned((*path[:-1], twins[0])):
            reason += f" (was it renamed to “{twins[0]}”?)"
        limit()
        found = None
        for one in islice(values(old, (new,)), _TRIES):
            if SURE.takes(old, one):
                found = self._proven(lift(one))
                if found is not None:
                    break
        if found is not None:
            return Difference(path, "property-removed", True, reason, found, True, old, None)
        if self._planned is None and new is not None and wider(old, new):
            return Difference(path, "property-removed", False, reason, None, True, old, None)
        planned = self._planned is not None and new is True and not wider(old, False)
        breaking = planned or new is None or not wider(old, new)
        return Difference(path, "property-removed", breaking, reason, None, not breaking, old, None)

    def _added(
        self,
        old: Mapping[str, Any],
        inner: Schema,
        path: Path,
        name: str,
        lift: Lift,
        *,
        needed: bool,
    ) -> Difference:
        words = f"is new: {described(inner)}"
        if needed:
            one = self._needed(old, path, name, lift, f"{words}, and has to be there")
            return one._replace(kind="property-added", after=inner)
        own = of_name(old, name)
        unplanned = self._planned is not None and not self._planned(path)
        # What was unplanned before is planned now: nobody relied on it.
        if own is False or unplanned or (own is not None and wider(own, inner)):
            return Difference(path, "property-added", False, words, after=inner)
        witness = self._witness(own if own is not None else {}, inner, _into(old, name, lift))
        return Difference(
            path, "property-added", True, words, witness, witness is not None, None, inner
        )

    # lists

    def _elements(
        self, old: Mapping[str, Any], new: Mapping[str, Any], path: Path, lift: Lift, depth: int
    ) -> Iterator[Difference]:
        before, after = old.get("items", True), new.get("items", True)
        if isinstance(before, list) or isinstance(after, list):
            return

        def into(one: Any) -> Any:
            least = max(int(old.get("minItems", 0)), 1)
            if least == 1 and "contains" not in old:
                return lift([one])
            rest = instance({**old, "type": "array"})
            return MISSING if rest is None else lift([one, *rest[0][1:]])

        yield from self._walk(before, after, (*path, "$"), into, depth + 1)


def _description(
    old: Mapping[str, Any], new: Mapping[str, Any], path: Path
) -> Iterator[Difference]:
    before, after = old.get("description"), new.get("description")
    if before != after:
        words = "has another description" if before and after else "has a description now"
        reason = words if after else "has no description any more"
        yield Difference(path, "description", False, reason, None, True, before, after)


def _as_object(schema: Schema) -> Mapping[str, Any] | None:
    if schema is True:
        return {}
    return schema if isinstance(schema, Mapping) else None


def _without(one: Mapping[str, Any], other: Mapping[str, Any]) -> dict[str, Any]:
    """What one schema says and the other does not."""
    return {key: said for key, said in one.items() if other.get(key, MISSING) != said}


def _alone(schema: Mapping[str, Any]) -> dict[str, Any]:
    """What a schema says about its own place."""
    return {k: v for k, v in schema.items() if k not in _CHILDREN and k not in NOTES}


def _into(old: Mapping[str, Any], name: str, lift: Lift) -> Lift:
    """A value as the property of an otherwise small object."""

    def into(one: Any) -> Any:
        rest = {key: inner for key, inner in old.items() if key != "properties"}
        props = {key: inner for key, inner in old.get("properties", {}).items() if key != name}
        needs = [key for key in old.get("required", ()) if key != name]
        found = instance(
            {**rest, "type": "object", "properties": {**props, name: True}, "required": needs}
        )
        if found is None or not isinstance(found[0], Mapping):
            return MISSING
        return lift({**found[0], name: one})

    return into


def described(schema: Schema) -> str:
    """What a property is, in a few words."""
    if not isinstance(schema, Mapping):
        return "nothing" if schema is False else "anything"
    if "const" in schema:
        return value(schema["const"])
    if isinstance(schema.get("enum"), list):
        return "one of a few values"
    return types(schema.get("type"))
