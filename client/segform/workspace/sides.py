"""Code, Terraform state and workspace side by side: which of them changed."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import TYPE_CHECKING, Any, Literal, NamedTuple

from segform.resources import registry
from segform.resources.definition import Items, Nested, Type

from .intending import intended
from .live import Found
from .plan import Difference, differences, hashed, names, plain_value, short

if TYPE_CHECKING:
    from .engine import Workspace
    from .owned import Owned

# What changed since the sides were equal; empty where no state can tell.
Cause = Literal["", "workspace", "code", "code and workspace", "state"]
_MISSING = object()


class Side(NamedTuple):
    """One attribute, or a part of one, of which the sides differ.

    `state` is None without a Terraform state (`cause` is empty then). `cause`: the `workspace` was
    changed, the `code` (it is not applied yet), both; or code and workspace agree, and the `state`
    does not know it yet.
    """

    path: tuple[str | int, ...]
    declared: Any
    state: Any
    live: Any
    secret: bool
    cause: Cause

    def __str__(self) -> str:
        path = ".".join(map(str, self.path))
        why = f" ({self.cause})" if self.cause else ""
        before = self.state if self.cause == "state" else self.declared
        if self.secret:
            return f"{path}: {names(self.live, before)}{why}"
        return f"{path}: {short(before)} -> {short(self.live)}{why}"

    def to_dict(self) -> dict[str, Any]:
        """For machines; secrets as hashes."""
        write = hashed if self.secret else plain_value
        made: dict[str, Any] = {"path": list(self.path), "declared": write(self.declared)}
        if self.cause:
            made["state"] = write(self.state)
        made["live"] = write(self.live)
        if self.secret:
            made["secret"] = True
        return {**made, "cause": self.cause} if self.cause else made


def of_code(found: Iterable[Difference]) -> tuple[Side, ...]:
    """The sides of a plan's differences, where there is no state: what is live is before."""
    return tuple(
        Side(one.path, one.after, None, one.before, one.secret, "") for one in _parts(found)
    )


def of_three(
    code: Iterable[Difference], state: Iterable[Difference], *, declared: bool
) -> tuple[Side, ...]:
    """The sides of what differs from live, in the code and in the state.

    `declared`: whether the code has the object at all; else the state speaks for it.
    """
    ours = {one.path: one for one in _parts(code)}
    theirs = {one.path: one for one in _parts(state)}
    made = []
    for path in dict.fromkeys((*ours, *theirs)):
        mine, its = ours.get(path), theirs.get(path)
        known = mine or theirs[path]
        live = known.before
        wanted = mine.after if mine else live
        held = its.after if its else live
        cause: Cause
        if its is None:
            cause = "code"
        elif mine is None:
            cause = "state" if declared else "workspace"
            wanted = live if declared else held
        else:
            cause = "workspace" if wanted == held else "code and workspace"
        made.append(Side(path, wanted, held, live, known.secret, cause))
    return tuple(made)


def _parts(found: Iterable[Difference]) -> Iterator[Difference]:
    """Differences of objects taken apart to what is equal on no side, so that paths compare."""
    for one in found:
        both = isinstance(one.before, Mapping), isinstance(one.after, Mapping)
        if one.secret or not all(both):
            yield one
            continue
        for key in dict.fromkeys((*one.before, *one.after)):
            before, after = one.before.get(key, _MISSING), one.after.get(key, _MISSING)
            if before != after:
                yield from _parts([Difference((*one.path, str(key)), before, after)])


def since(engine: Workspace, owned: Owned) -> tuple[Found | None, list[Difference]]:
    """The object as Terraform would refresh it (None: it is gone), and what differs from the state.

    Reads as a refresh of the provider does; the lists that were read before are not asked again.
    """
    kind = registry()[owned.kind]
    prior = {**dict.fromkeys(kind.attributes), **owned.values}
    # States of another workspace were refused before.
    read = engine.life.read(owned.kind, prior, engine.memory.seen(), known=True)
    if read is None:
        return None, []
    found = Found(owned.kind, owned.id, read.values, read.private)
    config: dict[str, Any] = dict.fromkeys(kind.attributes)
    # A state cannot say whether an empty collection was written so or left to the service, and
    # what was left to the service is not Terraform's.
    left = {
        name
        for name, item in kind.attributes.items()
        if item.empty is not None and owned.values.get(name) == item.empty
    }
    for name, item in kind.attributes.items():
        value = owned.values.get(name)
        if value is None or name in left or not item.settable or item.write_only:
            continue
        config[name] = {"id": value.get("id")} if item.flat else _given(item.type, value)
    run = intended(engine, owned.kind, config, found)
    differing = differences(owned.kind, found.values, run.planned)
    return found, [one for one in differing if one.path[0] not in left]


def _given(kind: Type, value: Any) -> Any:
    """A value as a configuration could have it: without what only the service gives."""
    if value is None or isinstance(kind, Items) or not isinstance(kind, Nested):
        return value
    if kind.mode == "object":
        return {
            item.name: _given(item.type, value.get(item.name)) if item.settable else None
            for item in kind.attributes
        }
    element = Nested("object", *kind.attributes)
    if kind.mode == "map":
        return {key: _given(element, one) for key, one in value.items()}
    return [_given(element, one) for one in value]
