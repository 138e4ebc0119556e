"""Whole events as witnesses: which rule they are held against, and whether they were good."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from itertools import islice
from typing import Any, TypeAlias

from segform.tracking.names import knows, named, unnamed
from segform.tracking.rules import NAMELESS, Rule
from segform.tracking.schemas import schema_errors
from segform.tracking.selection import Selector, container, schema_of, version

from .instances import LAX, SURE
from .normal import whole
from .samples import values
from .walk import Difference, Path

# An event to build on, the schema of its own rule, and the names that this one knows.
_Base: TypeAlias = tuple[dict[str, Any], Any, Mapping[str, Any]]

_CARRIERS = 12
_TRIES = 60
# A name that no plan has, for rules that count where no name is known.
_ANY_NAME = "Some Other Name"


def probe(rule: Rule, at: int | None) -> dict[str, Any]:
    """The least event that is held against a rule; `at` is the version that it names."""
    kind, name = str(rule["type"]), rule.get("key") or None
    found: dict[str, Any] = {"type": kind.lower(), "userId": "user-1"}
    if kind == "TRACK":
        found["event"] = name
    elif kind not in NAMELESS:
        found["name"] = name or _ANY_NAME
    if at is not None:
        found["context"] = {"protocols": {"event_version": at}}
    return found


def served(plan: Selector, rule: Rule) -> list[int | None]:
    """The versions that events held against a rule name; None for those that name none."""
    number = version(rule)
    found: list[int | None] = []
    if plan.rule(probe(rule, None)) is rule:
        found.append(None)
    if number == number.to_integral_value() and abs(number) < 10**15:
        at = int(number)
        if plan.rule(probe(rule, at)) is rule:
            found.append(at)
    return found


class Judge:
    """Judges events for one rule of an old plan and what came of it."""

    def __init__(
        self,
        rule: Rule,
        old: Any,
        new: Any,
        common: Rule | None,
        event: dict[str, Any] | None,
    ) -> None:
        self._old, self._new = old, new
        self._bases: list[_Base] = [] if event is None else [(event, True, {})]
        self._common = True if common is None else whole(schema_of(common))
        self._where: str | None = container(str(rule["type"])) if rule else None
        where = self._where or ""
        self._names = [named(one).get(where, {}) for one in (old, new)]
        if self._common is not True:
            found = (v for v in islice(values(self._common, ()), _TRIES))
            kept = next((v for v in found if SURE.takes(self._common, v)), None)
            more = kept if isinstance(kept, Mapping) else {}
            self._bases = [(_joined(more, base), one, names) for base, one, names in self._bases]

    @classmethod
    def of_common(cls, old: Any, new: Any, rules: list[Rule]) -> Judge:
        """Judges events for the rule of all events; they should be good for their own rule too."""
        made = cls({}, old, new, None, None)
        plan = Selector(rules)
        bases: list[_Base] = []
        for rule in rules:
            reached = [] if rule["type"] == "COMMON" else served(plan, rule)
            if not reached:
                continue
            if list(schema_errors(schema_of(rule))):
                continue
            own = whole(schema_of(rule))
            where = container(str(rule["type"]))
            names = {where: named(own).get(where, {})}
            for one in islice(values(own, ()), 6):
                if SURE.takes(own, one) and isinstance(one, Mapping):
                    bases.append((_joined(probe(rule, reached[0]), one), own, names))
                    break
            if len(bases) >= _CARRIERS:
                break
        bare: dict[str, Any] = {"type": "track", "event": "Something Done", "userId": "user-1"}
        bases.append((bare, True, {}))
        # Who it is about may be the very thing that is asked for.
        made._bases = [
            (other, own, names)
            for base, own, names in bases
            for other in (base, _of_nobody_known(base))
        ]
        return made

    # a class of its own would only hand these through

    def proves(self, value: Any) -> bool:
        """Whether a message that a schema takes is a witness. It is completed in place."""
        if not isinstance(value, dict):
            return False
        for base, own, names in self._bases:
            message = _joined(base, value)
            if self._was_good(message, own, names) and self._is_bad(message):
                value.clear()
                value.update(message)
                return True
        return False

    def _was_good(self, message: dict[str, Any], own: Any, names: Mapping[str, Any]) -> bool:
        if not (SURE.takes(self._old, message) and SURE.takes(self._common, message)):
            return False
        if own is not True:
            return SURE.takes(own, message) and not any(
                True
                for where, known in names.items()
                for _ in unnamed(message.get(where), known, (where,))
            )
        # What was unplanned and is planned now is nobody's promise.
        return not any(knows(self._names[1], path[1:]) for path in self._unplanned(message, 0))

    def _is_bad(self, message: dict[str, Any]) -> bool:
        if not LAX.takes(self._new, message):
            return True
        before = set(self._unplanned(message, 0))
        return any(path not in before for path in self._unplanned(message, 1))

    def _unplanned(self, message: dict[str, Any], which: int) -> Iterator[tuple[str | int, ...]]:
        if self._where is not None:
            yield from unnamed(message.get(self._where), self._names[which], (self._where,))

    def planned(self, path: Path) -> bool:
        """Whether the old rule names a property; all that is outside of the properties is."""
        if not path or path[0] != self._where:
            return True
        names: Mapping[str, Any] = self._names[0]
        for step in path[1:]:
            if "*" in names:
                return True
            if step not in names:
                return False
            names = names[step]
        return True

    def example(self) -> tuple[Any] | None:
        """A good event of the old rule, in a tuple."""
        base, _, __ = self._bases[0]
        for one in islice(values(self._old, ()), _TRIES):
            if isinstance(one, Mapping):
                message = _joined(base, one)
                taken = SURE.takes(self._old, message) and SURE.takes(self._common, message)
                if taken and not any(True for _ in self._unplanned(message, 0)):
                    return (message,)
        return None

    def forgotten(self, told: set[Path]) -> list[Difference]:
        """Names that are only in branches of the old schema and nowhere in the new one."""
        if self._where is None:
            return []
        return [
            self._gone((self._where, *path))
            for path in _lost(self._names[0], self._names[1], ())
            if not any((self._where, *path)[: len(one)] == one for one in told)
        ]

    def _with(self, path: Path) -> Iterator[Any]:
        if path[1:] == ("*",) and isinstance(self._old, Mapping):
            # Names that are not spelled out: look right where they are.
            inner = self._old.get("properties", {}).get(path[0], True)
            yield from ({path[0]: one} for one in values(inner, ()))
        yield from values(self._old, (self._new,))

    def _gone(self, path: Path) -> Difference:
        witness = None
        for one in islice(self._with(path), _TRIES * 4):
            if isinstance(one, dict) and _has(one, path) and self.proves(one):
                witness = (one,)
                break
        reason = "is not in the plan any more"
        return Difference(path, "property-removed", True, reason, witness, witness is not None)


def _of_nobody_known(base: Mapping[str, Any]) -> dict[str, Any]:
    less = {key: one for key, one in base.items() if key != "userId"}
    return {**less, "anonymousId": "visitor-1"}


def _lost(old: Mapping[str, Any], new: Mapping[str, Any], at: Path) -> Iterator[Path]:
    for name, inner in old.items():
        if name in new:
            yield from _lost(inner, new[name], (*at, name))
        elif "*" not in new and (name != "$" or inner):
            yield (*at, name)


def _has(value: Any, path: Path) -> bool:
    for index, step in enumerate(path):
        if step == "*":
            return isinstance(value, Mapping) and bool(value)
        if step == "$":
            return isinstance(value, list) and any(_has(one, path[index + 1 :]) for one in value)
        if not isinstance(value, Mapping) or step not in value:
            return False
        value = value[step]
    return True


def _joined(base: Mapping[str, Any], value: Mapping[str, Any]) -> dict[str, Any]:
    """Both objects; where both have a value, the second one's."""
    made = dict(base)
    for key, one in value.items():
        mine = made.get(key)
        made[key] = (
            _joined(mine, one) if isinstance(mine, Mapping) and isinstance(one, Mapping) else one
        )
    return made
