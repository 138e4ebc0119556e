"""Two workspaces side by side: by addresses, for ids differ from one to the other."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any, NamedTuple

from segform.lifecycle import settings as managed_settings
from segform.resources import kinds_of, registry
from segform.resources.definition import SETTINGS
from segform.resources.exact import dumps, loads

from .bindings import Bindings
from .desired import Desired, Ref
from .plan import Difference, differences, hashed, named, opened, plain_value, short
from .policy import Policy
from .snapshot import addresses, to_desired

FORMAT, VERSION = "segform.comparison", 1


class Compared(NamedTuple):
    """One address: `only in A`, `only in B`, or `differs` with what does."""

    address: str
    kind: str
    how: str
    differences: tuple[Difference, ...] = ()


class Comparison:
    """What differs between A and B; false where nothing does."""

    def __init__(self, found: list[Compared]) -> None:
        self.found = found

    def __bool__(self) -> bool:
        return bool(self.found)

    def __iter__(self) -> Iterator[Compared]:
        return iter(self.found)

    def to_dict(self) -> dict[str, Any]:
        """For machines; secrets as hashes."""
        return {
            "format": FORMAT,
            "version": VERSION,
            "differences": [
                {
                    "address": one.address,
                    "kind": one.kind,
                    "how": one.how,
                    "attributes": [_attribute(each) for each in one.differences],
                }
                for one in self.found
            ],
        }

    def __str__(self) -> str:
        if not self.found:
            return "No difference."
        lines = []
        for one in self.found:
            lines.append(f"{one.how}: {one.address}")
            for each in one.differences:
                path = ".".join(map(str, each.path))
                sides = _keys(each) if each.secret else _sides(each)
                lines.append(f"    {path}: {sides}")
        return "\n".join(lines)


def compare(
    one: Mapping[str, Any] | Desired,
    other: Mapping[str, Any] | Desired,
    *,
    bindings: tuple[Bindings, Bindings] | None = None,
    without: Iterable[str] = (),
    policy: Policy | None = None,
) -> Comparison:
    """What differs between two snapshots of one workspace each, or what is declared.

    Objects are the same where their addresses are: those of the bindings, else made of their
    names. Of one workspace at two times they are the same where their ids are.
    `without`: kinds that are left out. A masked secret is equal to anything.
    `policy`: kinds and values that may differ; they are not told.
    """
    ours, theirs = bindings or (Bindings(), Bindings())
    declared = (isinstance(one, Desired), isinstance(other, Desired))
    if bindings is None and not isinstance(one, Desired) and _same_workspace(one, other):
        theirs = addresses(one)
    left = one if isinstance(one, Desired) else to_desired(one, ours)
    right = other if isinstance(other, Desired) else to_desired(other, theirs)
    skipped = kinds_of(without) | (policy.leave if policy else frozenset())
    allowed = policy or Policy(leave=())
    # A declaration leaves to the service what it does not name; a snapshot names all there is.
    silent = declared if declared[0] != declared[1] else (False, False)
    found = []
    for address in dict.fromkeys((*_addresses(left), *_addresses(right))):
        kind = address.partition(".")[0]
        if kind in skipped:
            continue
        if address not in right:
            found.append(Compared(address, kind, "only in A"))
        elif address not in left:
            found.append(Compared(address, kind, "only in B"))
        else:
            news = _differing(
                kind,
                {n: _told(allowed, address, n, v) for n, v in left.get(address).values.items()},
                {n: _told(allowed, address, n, v) for n, v in right.get(address).values.items()},
                silent,
            )
            if news:
                found.append(Compared(address, kind, "differs", news))
    return Comparison(found)


def _sides(one: Difference) -> str:
    if len(one.path) > 1 and (one.before is None or one.after is None):
        return "only in A" if one.after is None else "only in B"
    return f"{short(one.before)} | {short(one.after)}"


def _same_workspace(one: Mapping[str, Any] | Desired, other: Mapping[str, Any] | Desired) -> bool:
    if isinstance(one, Desired) or isinstance(other, Desired):
        return False
    ids = [[held.get("id") for held in each.get("workspaces") or ()] for each in (one, other)]
    return ids[0] == ids[1] and len(ids[0]) == 1 and bool(ids[0][0])


def _addresses(wanted: Desired) -> list[str]:
    return [one.address for one in wanted]


def _differing(
    kind: str, ours: Mapping[str, Any], theirs: Mapping[str, Any], silent: tuple[bool, bool]
) -> tuple[Difference, ...]:
    before, after = _plain(ours), _plain(theirs)
    found = []
    for each in differences(kind, before, after):
        told = None if _left_out(each, silent) else _of_settings(kind, each, silent)
        if told is not None:
            found.append(told)
    return tuple(found)


def _told(policy: Policy, address: str, name: str, value: Any) -> Any:
    """A value without what may differ."""
    if not policy.differ:
        return value
    kind = registry()[address.partition(".")[0]]
    if kind.attributes[name].type == SETTINGS and isinstance(value, str):
        return dumps(_kept_out(policy, f"{address}.{name}", loads(value)))
    return _kept_out(policy, f"{address}.{name}", value)


def _kept_out(policy: Policy, at: str, value: Any) -> Any:
    if policy.keeps(at):
        return None
    if isinstance(value, dict):
        return {
            key: _kept_out(policy, f"{at}.{key}", one)
            for key, one in value.items()
            if not policy.keeps(f"{at}.{key}")
        }
    return value


def _left_out(one: Difference, silent: tuple[bool, bool]) -> bool:
    return (silent[0] and one.before is None) or (silent[1] and one.after is None)


def _plain(value: Any) -> Any:
    """References as what they name."""
    if isinstance(value, Ref):
        return f"${{{value.address}.{value.attribute}}}"
    if isinstance(value, Mapping):
        return {key: _plain(one) for key, one in value.items()}
    return [_plain(one) for one in value] if isinstance(value, list) else value


def _of_settings(kind: str, one: Difference, silent: tuple[bool, bool]) -> Difference | None:
    """Settings by those that differ; None where they differ by nothing but what cannot be told.

    That is a mask in place of a secret, and what a declaration leaves to the service.
    """
    left, right = opened(one.before), opened(one.after)
    if not one.secret or left is None or right is None:
        return one
    (left, gone), (right, away) = map(managed_settings.without_masks, (left, right))
    hidden = {*gone, *away}
    left, right = _without(left, hidden), _without(right, hidden)
    left, right = (
        _named(left, right) if silent[1] else left,
        _named(right, left) if silent[0] else right,
    )
    before, after = _beyond(left, right), _beyond(right, left)
    if not before and not after:
        return None
    return one._replace(before=dumps(before), after=dumps(after))


def _beyond(ours: Mapping[str, Any], theirs: Mapping[str, Any]) -> dict[str, Any]:
    """Of our settings those that theirs do not have as well; `true` is not 1, to JSON."""
    return {
        key: one
        for key, one in ours.items()
        if key not in theirs or dumps(theirs[key]) != dumps(one)
    }


def _named(value: Any, other: Any) -> Any:
    """Of a value what the other one names, at every depth."""
    if isinstance(value, dict) and isinstance(other, dict):
        return {key: _named(one, other[key]) for key, one in value.items() if key in other}
    return value


def _keys(one: Difference) -> str:
    """Those that `_of_settings` left, by their names."""
    left, right = opened(one.before), opened(one.after)
    return "(secret)" if left is None or right is None else named({**left, **right})


def _without(value: Any, pointers: Iterable[str], at: str = "") -> Any:
    hidden = set(pointers)
    if isinstance(value, dict):
        return {
            key: _without(one, hidden, f"{at}/{key}")
            for key, one in value.items()
            if f"{at}/{key}" not in hidden
        }
    return value


def _attribute(one: Difference) -> dict[str, Any]:
    made: dict[str, Any] = {"path": list(one.path)}
    if one.secret:
        return {**made, "a": hashed(one.before), "b": hashed(one.after), "secret": True}
    return {**made, "a": plain_value(one.before), "b": plain_value(one.after)}
