"""A change set, whichever program planned it: objects with what they were and what they will be."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any, Final, Literal

from segform.resources import registry
from segform.resources.definition import Kind

Action = Literal["create", "update", "replace", "delete", "import", "forget", "none"]


class PlanError(ValueError):
    """A document that is no plan, with the mend."""


class Unknown:
    """A value that will only be known after apply."""

    def __repr__(self) -> str:
        return "(known after apply)"


LATER: Final = Unknown()


class Hidden:
    """A value that nobody is to see. Two are equal where the values are."""

    __slots__ = ("_digest",)

    def __init__(self, value: Any) -> None:
        self._digest = hashlib.sha256(repr(value).encode("utf-8", "replace")).digest()

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Hidden) and self._digest == other._digest

    def __hash__(self) -> int:
        return hash(self._digest)

    def __repr__(self) -> str:
        return "(hidden)"


@dataclass(frozen=True, slots=True)
class Subject:
    """One object. `before` and `after` are its values by attribute name; None where it is not.

    `refers`: attribute -> address of the object that it refers to, where the plan tells.
    `consequence` and `reasons` are what the planner said in words; `drift`: it was changed by
    somebody else since.
    """

    address: str
    kind: str
    id: str | None
    action: Action
    before: dict[str, Any] | None
    after: dict[str, Any] | None
    refers: Mapping[str, str] = field(default_factory=dict)
    replaced_for: tuple[str, ...] = ()
    reasons: tuple[str, ...] = ()
    consequence: str = ""

    def value(self, name: str, *, old: bool = False) -> Any:
        """A value that is or will be (`old`: that was); None where it is not known."""
        found = (self.before if old else self.after) or {}
        value = found.get(name)
        return None if value is LATER else value

    def changed(self, name: str) -> bool:
        """Whether an attribute gets another value."""
        before, after = (self.before or {}).get(name), (self.after or {}).get(name)
        return after is not LATER and before != after

    @property
    def about(self) -> Kind | None:
        """The definition of its kind, where this release has one."""
        kind = registry().get(self.kind)
        return None if kind is None else kind.about

    @property
    def words(self) -> str:
        """Its kind in words."""
        return self.kind.replace("_", " ")

    @property
    def name(self) -> str:
        """What people call it."""
        for values in (self.after, self.before):
            for key in ("name", "title", "slug", "display_name", "email"):
                value = (values or {}).get(key)
                if isinstance(value, str) and value.strip():
                    return value
        values = self.after or self.before or {}
        joined = [values.get(key) for key in ("key", "value")]
        if all(isinstance(one, str) for one in joined):
            return ":".join(map(str, joined))
        return self.address.partition(".")[2] or self.address


@dataclass(frozen=True, slots=True)
class ChangeSet:
    """All objects that a plan speaks of, those that stay as they are among them.

    `others`: changes of kinds that are not Segment's, counted; `warnings`: what is wrong with the
    plan as a whole; `drift`: addresses that somebody else changed.
    """

    subjects: tuple[Subject, ...]
    source: Literal["segform", "terraform"]
    workspace: str | None = None
    others: int = 0
    warnings: tuple[str, ...] = ()
    drift: tuple[str, ...] = ()

    @property
    def changes(self) -> list[Subject]:
        """What an apply would do something to."""
        return [one for one in self.subjects if one.action != "none"]

    def of(self, kind: str) -> list[Subject]:
        """The objects of a kind."""
        return [one for one in self.subjects if one.kind == kind]


class Lookup:
    """Who refers to whom, by address where the plan tells and by id elsewhere."""

    def __init__(self, subjects: Iterable[Subject]) -> None:
        self._subjects = list(subjects)
        self._by_address = {one.address: one for one in self._subjects}
        self._by_id: dict[tuple[str, str], Subject] = {}
        for one in self._subjects:
            # An import id, and the object's own, which others refer to.
            for found in (
                one.id,
                *((values or {}).get("id") for values in (one.before, one.after)),
            ):
                if isinstance(found, str):
                    self._by_id.setdefault((one.kind, found), one)

    def target(
        self, subject: Subject, name: str, kind: str, *, old: bool = False
    ) -> Subject | None:
        """The object that an attribute refers to, now or (`old`) before."""
        value = subject.value(name, old=old)
        if isinstance(value, str):
            found = self._by_id.get((kind, value)) or self._by_address.get(value)
            if found is not None:
                return found
        address = None if old else subject.refers.get(name)
        found = self._by_address.get(address) if address else None
        return found if found is not None and found.kind == kind else None
