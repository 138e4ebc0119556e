"""A plan: what an apply would do, told beforehand, bound to what was seen when it was made."""

from __future__ import annotations

import datetime as dt
import hashlib
from collections.abc import Iterable, Iterator, Mapping
from typing import Any, Literal, NamedTuple

from segform.errors import SegformError
from segform.resources import registry
from segform.resources.exact import dumps, loads
from segform.resources.values import UNKNOWN

from .around import beside

FORMAT, VERSION = "segform.plan", 1
Action = Literal["create", "update", "replace", "delete"]

# Attributes that change with every write and say nothing of what people want.
VOLATILE = ("updated_at", "created_at")
# Above this share of what is there, and from this many on, changes and deletions want a word.
SHARE, MANY = 0.3, 10


class Refused(SegformError):
    """The plan is not carried out, and nothing was written; the message says what would let it."""


class StalePlan(Refused):
    """The workspace is not what the plan was made from."""


class Overtaken(SegformError):
    """Somebody else changed an object while the plan was carried out; it was left as it is."""


class Difference(NamedTuple):
    """One attribute, or a part of one, that changes."""

    path: tuple[str | int, ...]
    before: Any
    after: Any
    secret: bool = False

    def __repr__(self) -> str:
        shown = "(secret)" if self.secret else f"{self.before!r} -> {self.after!r}"
        return f"Difference({self.path!r}: {shown})"


class Change(NamedTuple):
    """What happens to one object; `before` is how it is now, without what is secret."""

    address: str
    kind: str
    id: str | None
    action: Action
    differences: tuple[Difference, ...] = ()
    consequence: str = ""
    after: tuple[str, ...] = ()
    before: Mapping[str, Any] | None = None

    def __str__(self) -> str:
        return f"{self.action} {self.address}"


class Plan:
    """The changes in the order in which they are made; empty where nothing has to be done.

    * `changes`, `base` (a hash of what was seen), `warnings`, `problems`: what speaks against it;
    * `adopted`: addresses that were bound by their key, not by the bindings file.
    """

    def __init__(self, workspace: Mapping[str, str], base: str) -> None:
        self.workspace = dict(workspace)
        self.base = base
        self.made = dt.datetime.now(dt.UTC)
        self.changes: list[Change] = []
        self.warnings: list[str] = []
        self.problems: list[str] = []
        self.adopted: dict[str, str] = {}
        # Addresses of which nothing is planned, because the token does not see what they are.
        self.unseen: set[str] = set()
        # Of the problems, those that say that something else owns an object.
        self.owned: list[str] = []
        # And those of the deletion guard.
        self.guarded: list[str] = []
        # What the changed objects are to be, by address.
        self.planned: dict[str, Mapping[str, Any]] = {}
        # What new objects refer to: an address by attribute, by their own address.
        self.refers: dict[str, dict[str, str]] = {}
        self.there = 0
        # What it was made from, for the apply in the same process.
        self.matching: Any = None
        self.live: Any = None
        self.targets: tuple[str, ...] = ()
        # What is made switched off, and what is switched off before it is deleted (`flow`).
        self.late: Mapping[str, list[str]] = {}
        self.early: Mapping[str, list[str]] = {}

    def __bool__(self) -> bool:
        return bool(self.changes)

    def __iter__(self) -> Iterator[Change]:
        return iter(self.changes)

    def __len__(self) -> int:
        return len(self.changes)

    def counts(self) -> dict[str, int]:
        """How many changes there are of each action."""
        found = dict.fromkeys(("create", "update", "replace", "delete"), 0)
        for change in self.changes:
            found[change.action] += 1
        return found

    def too_much(self, share: float = SHARE, many: int = MANY) -> list[str]:
        """Why this is more than is done without being asked twice; empty where it is not."""
        found = []
        for words, actions in (("changed", ("update", "replace")), ("deleted", ("delete",))):
            hit = [change for change in self.changes if change.action in actions]
            if len(hit) >= many and len(hit) > share * self.there:
                names = ", ".join(change.address for change in hit[:5])
                more = f" and {len(hit) - 5} more" if len(hit) > 5 else ""
                found.append(f"{len(hit)} of {self.there} objects would be {words}: {names}{more}")
        return found

    def to_dict(self) -> dict[str, Any]:
        """The plan in the form of `contract/schemas/plan.schema.json`; secrets as hashes."""
        return {
            "format": FORMAT,
            "version": VERSION,
            "workspace": self.workspace,
            "made": self.made.isoformat(timespec="seconds"),
            "base": self.base,
            "changes": self.written(),
            **self._beside(),
        }

    def written(self) -> list[dict[str, Any]]:
        """The changes alone, as `to_dict` has them: what a reviewed plan is compared by."""
        return [_written(change) for change in self.changes]

    def _beside(self) -> dict[str, Any]:
        if self.live is None:
            return {}
        found = list(beside(self.changes, self.live, self.matching.bindings))
        return {"beside": found} if found else {}

    def __str__(self) -> str:
        if not self.changes:
            return "Nothing is planned." if self.unseen else "Nothing to do."
        counts = ", ".join(f"{count} to {what}" for what, count in self.counts().items() if count)
        lines = []
        for change in self.changes:
            lines.append(f"{_SIGNS[change.action]} {change.address}")
            lines += [f"    {words}" for words in self._said_of(change)]
            if change.address in self.late:
                waits = ", ".join(self.late[change.address])
                lines.append(f"    made switched off, and switched on after {waits}")
            elif change.address in self.early:
                lines.append("    switched off before what restrains it is deleted")
            if change.consequence:
                lines.append(f"    ! {change.consequence}")
        return "\n".join([*lines, "", f"{counts}."])

    def _said_of(self, change: Change) -> Iterator[str]:
        """The attributes of a change, a line each; what it refers to by address, not by id."""
        refers = self.refers.get(change.address, {}) if change.action == "create" else {}
        told = {one.path[0]: one for one in change.differences}
        for name in registry()[change.kind].attributes:
            if name in refers:
                yield f"{name}: {refers[name]}"
            elif name in told:
                yield from (_line(one) for one in change.differences if one.path[0] == name)


def irreversible(plan: Plan) -> list[str]:
    """What does not come back when a plan makes anew what was there before, in words.

    Labels and links have no id: they are again what they were.
    """
    made = [one for one in plan if one.action == "create"]
    return [
        f"{change.address} is made anew, with another id"
        + (f". What was lost with the old one: {kind.about.guard}" if kind.about.guard else "")
        for change in made
        if "id" in (kind := registry()[change.kind]).attributes
    ]


def bound(plan: Plan, reviewed: Any, name: str) -> None:
    """Raise `StalePlan` where a plan is not the reviewed one; `name` says which that was.

    `reviewed` is what `Plan.to_dict` made. Raises ValueError where it is no plan.
    """
    if not isinstance(reviewed, Mapping) or reviewed.get("format") != FORMAT:
        raise ValueError(f"{name} is no plan: its `format` has to be {FORMAT!r}")
    if reviewed.get("version") != VERSION:
        raise ValueError(f"{name}: version {reviewed.get('version')!r} is not known here")
    theirs = loads(dumps(reviewed))
    if (theirs.get("workspace") or {}).get("id") != plan.workspace["id"]:
        raise StalePlan(f"{name} was made for another workspace")
    if theirs.get("base") != plan.base:
        raise StalePlan(f"the workspace has changed since {name} was made: plan again")
    if theirs.get("changes") != loads(dumps(plan.written())):
        raise StalePlan(f"what is wanted has changed since {name} was made: plan again")


_SIGNS = {"create": "+", "update": "~", "replace": "±", "delete": "-"}


def _line(one: Difference) -> str:
    path = ".".join(map(str, one.path))
    if one.secret:
        return f"{path}: {names(one.before, one.after)}"
    if one.before is None:
        return f"{path}: {_listed(one.after)}"
    if one.after is None:
        return f"{path}: removed" if len(one.path) > 1 else f"{path}: {short(one.before)} -> none"
    return f"{path}: {short(one.before)} -> {short(one.after)}"


def names(before: Any, after: Any) -> str:
    """Settings by the names of what is given or changes; their values are nobody's business."""
    old, new = opened(before), opened(after)
    if new is None or (old is None) is not (before is None):
        return "(secret)"
    # What only the service has is, nearly always, what nobody here manages.
    keys = [key for key, one in new.items() if (old or {}).get(key) != one]
    if not keys:
        return "(secret)" if new else "{}"
    return named(keys)


def named(keys: Iterable[str]) -> str:
    """Settings by their names alone."""
    return f"{short(', '.join(keys))} (values are not shown)"


def opened(value: Any) -> dict[str, Any] | None:
    """The JSON object that a text holds."""
    if not isinstance(value, str):
        return None
    try:
        found = loads(value)
    except ValueError:
        return None
    return found if isinstance(found, dict) else None


def _listed(value: Any) -> str:
    """A map of objects by its keys: what is in each would be cut off in a line."""
    if isinstance(value, Mapping) and value and all(isinstance(x, Mapping) for x in value.values()):
        more = f" and {len(value) - 5} more" if len(value) > 5 else ""
        return short(", ".join([*value][:5])) + more
    return short(value)


def short(value: Any) -> str:
    """A value in at most 120 printable characters, without the nulls inside it."""
    if value is UNKNOWN:
        return "(known after apply)"
    text = value if isinstance(value, str) else dumps(_said(value))
    text = "".join(char if char.isprintable() else f"\\x{ord(char):02x}" for char in text)
    return text if len(text) <= 120 else f"{text[:117]}…"


def plain_value(value: Any) -> Any:
    """A value with None for what is not known yet."""
    if value is UNKNOWN:
        return None
    if isinstance(value, Mapping):
        return {key: plain_value(one) for key, one in value.items()}
    return [plain_value(one) for one in value] if isinstance(value, list) else value


def _said(value: Any) -> Any:
    """A value without what is null in it, or not known yet: nobody said that."""
    if isinstance(value, Mapping):
        found = {key: _said(one) for key, one in value.items()}
        return {key: one for key, one in found.items() if one is not None}
    return [_said(one) for one in value] if isinstance(value, list) else plain_value(value)


def _written(change: Change) -> dict[str, Any]:
    made: dict[str, Any] = {
        "address": change.address,
        "kind": change.kind,
        "id": change.id,
        "action": change.action,
        "attributes": [_attribute(one) for one in change.differences],
    }
    if change.before:
        made["before"] = plain_value(change.before)
    if change.consequence:
        made["consequence"] = change.consequence
    if change.after:
        made["after"] = list(change.after)
    return made


def _attribute(one: Difference) -> dict[str, Any]:
    made: dict[str, Any] = {"path": list(one.path)}
    if one.secret:
        return {**made, "before": hashed(one.before), "after": hashed(one.after), "secret": True}
    return {**made, "before": plain_value(one.before), "after": plain_value(one.after)}


def hashed(value: Any) -> str | None:
    """A secret as it may be told: the same value is the same hash, and nothing else is known."""
    if value is None or value is UNKNOWN:
        return None
    return f"sha256:{hashlib.sha256(dumps(plain_value(value)).encode()).hexdigest()[:16]}"


def differences(kind: str, before: Mapping[str, Any] | None, after: Any) -> Iterator[Difference]:
    """What differs between two states of an object, maps and objects taken apart."""
    for name, item in registry()[kind].attributes.items():
        old, new = (before or {}).get(name), (after or {}).get(name)
        if old == new or not item.settable or (before is None and new is UNKNOWN):
            continue
        if item.hides:
            yield Difference((name,), old, new, secret=True)
        else:
            yield from _inside((name,), old, new)


def _inside(path: tuple[str | int, ...], old: Any, new: Any) -> Iterator[Difference]:
    if isinstance(old, Mapping) and isinstance(new, Mapping):
        for key in dict.fromkeys((*old, *new)):
            if old.get(key) != new.get(key):
                yield from _inside((*path, str(key)), old.get(key), new.get(key))
    elif path[-1] in ("json_schema", "settings") and isinstance(old, str) and isinstance(new, str):
        yield from _parts(path, old, new)
    else:
        yield Difference(path, old, new)


def _parts(path: tuple[str | int, ...], old: str, new: str) -> Iterator[Difference]:
    try:
        before, after = loads(old), loads(new)
    except ValueError:
        before = after = None
    if isinstance(before, dict) and isinstance(after, dict):
        yield from _inside(path, before, after)
    else:
        yield Difference(path, old, new)
