"""Promotion: what one workspace has, wanted in another, but for what may differ.

Ids are not carried: references are addresses, and the bindings of each workspace say which object
an address is there. Write keys are never in a snapshot, and a masked secret is never written.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from segform.resources import registry
from segform.resources.definition import SETTINGS
from segform.resources.exact import dumps, loads

from .bindings import Bindings
from .desired import Desired
from .live import Live
from .matching import match
from .policy import Policy
from .snapshot import to_desired

if TYPE_CHECKING:
    from .engine import Workspace


def promoted(
    snapshot: Mapping[str, Any] | Desired,
    bindings: Bindings,
    engine: Workspace,
    live: Live,
    policy: Policy,
) -> Desired:
    """What another workspace's snapshot or declaration wants of this one. Raises ValueError.

    `bindings` are those of the other workspace: they say which address its ids are.
    """
    theirs = snapshot if isinstance(snapshot, Desired) else to_desired(snapshot, bindings)
    wanted = Desired()
    for one in theirs:
        if one.kind not in policy.leave:
            wanted.declare(one.address, _declarable(one.kind, one.values))
    there = match(wanted, live, engine.bindings, {"id": engine.id, "slug": engine.slug}).found
    made = Desired()
    made.leave = policy.leave
    for one in wanted:
        values = one.values
        if one.address in there:
            held = there[one.address].values
            values = {
                name: _kept(policy, f"{one.address}.{name}", one.kind, name, value, held.get(name))
                for name, value in values.items()
            }
        made.declare(one.address, values)
    return made


def _declarable(kind: str, values: Mapping[str, Any]) -> dict[str, Any]:
    return {name: one for name, one in values.items() if name in registry()[kind].attributes}


def _kept(policy: Policy, path: str, kind: str, name: str, value: Any, held: Any) -> Any:
    """A value as it is to be: the other workspace's own where the policy lets it keep that."""
    item = registry()[kind].attributes[name]
    if policy.keeps(path):
        return held
    if item.type == SETTINGS and isinstance(value, str):
        theirs, ours = loads(value), loads(held) if isinstance(held, str) else None
        if isinstance(theirs, dict):
            return dumps(_settings(policy, path, theirs, ours if isinstance(ours, dict) else {}))
    return value


def _settings(
    policy: Policy, at: str, theirs: dict[str, Any], ours: dict[str, Any]
) -> dict[str, Any]:
    """Settings in which what may differ is as it is; left out, it would count as removed."""
    made: dict[str, Any] = {}
    for key in dict.fromkeys((*theirs, *ours)):
        path, mine = f"{at}.{key}", ours.get(key)
        if policy.keeps(path):
            if key in ours:
                made[key] = mine
        elif key in theirs:
            one = theirs[key]
            inner = mine if isinstance(mine, dict) else {}
            made[key] = _settings(policy, path, one, inner) if isinstance(one, dict) else one
    return made
